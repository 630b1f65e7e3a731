"""Closing the meeting: what it decided, the minutes, and the months that were closed before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from sop import access, closing, findings, parting, words
from sop.access import Act
from sop.closing import Closing
from sop.decisions import Log
from sop.errors import SopError
from sop.page.asking import SNAPSHOT, as_of, currency, newest_entries, row
from sop.page.choosing import month
from sop.page.deciding import open_decision
from sop.page.showing import section, table
from sop.page.signing import ask_name, may_or_say, sees_everyone
from sop.snapshots import Home

MOST_MINUTES = 10_000
SAID = "said-of-closing"


def closed() -> tuple[Closing, ...]:
    """The closed months, newest first; none, with the reason said, where the log cannot be read."""
    try:
        home = Home()
        access.require_everyone()
        number = newest_entries().closing
        return (
            _up_to(str(home.folder), number, frozenset(parting.others(home, st.session_state["snapshot"])))
            if number
            else ()
        )
    except SopError as trouble:
        st.warning(words.plain(str(trouble)))
        return ()


@st.cache_resource(max_entries=8, show_spinner=False)
def _up_to(folder: str, number: int, others: frozenset[str]) -> tuple[Closing, ...]:
    """The closings of a log whose newest has this number."""
    return closing.closings(Log(Path(folder)), others)


def say_how_it_was_closed() -> None:
    """On the overview of a month that is closed: what it was closed at, beside what the figures say now."""
    found = how_it_was_closed()
    if found is None:
        return
    then = "  ·  ".join(f"{name} {text}" for name, text in list(found.figures.items())[:3])
    is_same = found.snapshot_id == st.session_state["snapshot"]
    since = "" if is_same else " The figures below are of a later snapshot."
    st.caption(words.plain(f"Closed on {_day(found.closed_at)} by {found.closed_by}: {then}.{since}"))


def how_it_was_closed() -> Closing | None:
    """How the month under review was closed; None where it is not yet, or is not for whoever is here."""
    if not sees_everyone():
        return None
    return next((each for each in closed() if each.month == month()), None)


def of_the_meeting(taken: pd.DataFrame, found: Closing | None) -> str:
    """Whether the month is closed, and how much was decided, as a heading."""
    named = words.month_name(month())
    if found:
        return f"{named} is closed"
    decided = f"{words.counted(len(taken), 'decision')} taken, " if len(taken) else ""
    return f"{named}: {decided}not closed yet"


def close_the_meeting(taken: pd.DataFrame, found: Closing | None) -> None:
    """What was decided on this snapshot, and either the form that closes the month or how it was closed."""
    is_done, said = st.session_state.pop(SAID, (True, ""))
    if said:
        (st.success if is_done else st.error)(words.plain(said))
    section("What was decided on these figures", "decisions/taken")
    table(taken, key="taken", on_row=open_decision, file_name="decisions-taken",
          empty="Nothing was decided on this snapshot. Decisions are taken on the page Arbitrate.")  # fmt: skip
    if found:
        _as_closed(found)
    _form(taken, found)
    _earlier()


def _figures() -> dict[str, str]:
    """The headline figures of the month as the overview shows them."""
    now, risk = row("overview/month", month=month()), row("overview/ahead")
    return {
        "Promise rate": words.percent(now["promise_rate"]),
        "Gap": words.money(now["gap_value"], currency()),
        "Let down": words.counted(int(now["let_down_count"]), "customer"),
        "Hidden by moving": words.points(now["repromise_effect_rate"]),
        "Waiting now": words.money(now["waiting_value"], currency()),
        "In words": f"{findings.of_the_month(now)}. {findings.by_other_counts(now)}",
        "At risk": words.money(risk["at_risk_value"], currency()),
    }


def _form(taken: pd.DataFrame, found: Closing | None) -> None:
    if not may_or_say(Act.CLOSE, "Closing the month"):
        return
    key = f"close-{month()}-{found.id if found else 0}"
    place: Any = (
        st.expander("Correct how it was closed", key=f"{key}-open", on_change="rerun") if found else st.container()
    )
    if found and not place.open:
        return
    with place, st.form(key):
        who = ask_name("Who closes the meeting", f"{key}-who")
        minutes = st.text_area("Minutes", found.minutes if found else "", height=180, max_chars=MOST_MINUTES,
                               key=f"{key}-minutes",
                               placeholder="What was said that the decisions do not say")  # fmt: skip
        st.caption("Figures, decisions and minutes are kept as they stand now; later extracts do not change them.")
        sent = st.form_submit_button("Write the correction" if found else "Close the meeting")
    if sent:
        _close(who, minutes, taken, found)


def _close(who: str, minutes: str, taken: pd.DataFrame, found: Closing | None) -> None:
    try:
        written = closing.close(
            Log(Home().folder), by=who or "", month=month(), snapshot_id=st.session_state["snapshot"], as_of_date=as_of(),
            figures=_figures(), decisions=[_sentence(each) for each in taken.to_dict("records")], minutes=minutes or "",
            replaces=found.id if found else None, others=parting.others(Home(), st.session_state["snapshot"]),
        )  # fmt: skip
    except SopError as trouble:
        st.session_state[SAID] = (False, str(trouble))
    else:
        st.session_state[SAID] = (True, f"{words.month_name(written.month)} is closed, entry {written.id} of the log.")
    st.rerun()


def _sentence(taken: Mapping[Any, Any]) -> str:
    actions = f" Actions: {taken['actions']}." if isinstance(taken["actions"], str) else ""
    where = f"{taken['work_centre_name']}, {words.month_name(taken['load_month'])}"
    return (
        f"Decision {taken['decision_id']}, {where}: {taken['title']},"
        f" by {taken['decided_by']}: {taken['reason']}.{actions}"
    )


def _as_closed(found: Closing) -> None:
    section(
        f"As it was closed by {found.closed_by} on {_day(found.closed_at)}, on the figures as of {_day(found.as_of_date)}"
    )
    with st.container(border=True):
        for name, text in found.figures.items():
            st.markdown(f"**{words.plain(name)}**  {words.plain(text)}")
        for sentence in found.decisions:
            st.markdown(f"- {words.plain(sentence)}")
        st.text(found.minutes or "No minutes were written.")
    if found.snapshot_id != st.session_state["snapshot"]:
        st.link_button("Open the snapshot on which it was closed", f"?{SNAPSHOT}={found.snapshot_id}")


def _earlier() -> None:
    others = [each for each in closed() if each.month != month()]
    if not others:
        return
    section("Months closed before")
    frame = pd.DataFrame(
        {
            "month": pd.to_datetime([each.month for each in others]),
            "closed_date": pd.to_datetime([each.closed_at.date() for each in others]),
            "closed_by": [each.closed_by for each in others],
            "promises kept": [each.figures.get("Promise rate", "") for each in others],
            "minutes": [each.minutes for each in others],
        }
    )
    table(frame, key="closed", file_name="closed-months")


def _day(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"
