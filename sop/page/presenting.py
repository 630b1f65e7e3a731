"""The view for the shared screen: one message at a time, in large type, in the order of the meeting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from sop import (
    charts,
    charts_ahead,
    findings,
    findings_ahead,
    findings_arbitrate,
    findings_decided,
    meeting,
    sample_company,
    words,
)
from sop.comparing import earlier
from sop.errors import SopError
from sop.page.asking import as_of, currency, held_settings, hold_on_to_two, query, row
from sop.page.choosing import goto, linked, month
from sop.page.contesting import undecided_first
from sop.page.deciding import something_decided
from sop.page.meeting import SCREEN
from sop.page.showing import picture
from sop.snapshots import Home

HEIGHTS = {False: 370, True: 680}
"""Of a picture that has the screen for itself: on a laptop's, and where the screen is tall."""
MOST_WORK_CENTRES = {False: 6, True: 12}
"""Rows of hours that can be read in these heights."""
TALL = "tall"
"""The name in the URL of the choice between them, which Streamlit itself cannot make."""
MOST_LINES = 5
"""Lines of text on a screen; more cannot be read from the end of the table."""


@dataclass(frozen=True)
class Screen:
    """One message: its name in the URL, the topic of the agenda, and what draws it."""

    name: str
    topic: str
    draw: Callable[[], None]


def present() -> None:
    """Draw the screen that the URL names, and the way to the one before and the one after."""
    named = {screen.name: screen for screen in SCREENS}
    for topic in meeting.TOPICS:  # a link may name a topic instead of one of its screens
        named.setdefault(topic, next(screen for screen in SCREENS if screen.topic == topic))
    if SCREEN not in st.query_params and f"{SCREEN}-linked" not in st.session_state:
        st.query_params[SCREEN] = SCREENS[0].name  # a bare link, too, is shown without the side bar
        st.rerun()
    linked(SCREEN, named, "screen", SCREENS[0].name)
    linked(TALL, ("on",), "height")
    screen = named[st.session_state[f"{SCREEN}-linked"]]
    screen.draw()
    _say_the_way(SCREENS.index(screen))


def _say_the_way(place: int) -> None:
    """At the foot: where we are on the agenda, and buttons that a presenter's clicker presses, too."""
    screen, day = SCREENS[place], as_of()
    last = len(SCREENS) - 1
    with st.bottom, st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button("Back", shortcut="PageUp", disabled=place == 0, on_click=_show, args=(place - 1,))
        st.button("Next", shortcut="PageDown", disabled=place == last, on_click=_show, args=(place + 1,))
        agenda = [f"**{topic}**" if topic == screen.topic else topic for topic in meeting.TOPICS]
        st.caption(" › ".join(agenda), width="content")
        whose = "sample company," if _is_sample() else "as of"
        st.caption(f"{whose} {day.day} {day:%b %Y}  ·  {place + 1} of {last + 1}", width="content")
        tall = _is_tall()
        st.button("Lower" if tall else "Taller", shortcut="T", on_click=_stretch, args=(not tall,),
                  help="How high the pictures are: lower for a laptop's screen, taller for a large one.")  # fmt: skip
        st.button(
            "Leave", shortcut="Esc", on_click=_leave, args=(screen.topic,), help="Back to the page of this topic."
        )


def _is_sample() -> bool:
    return sample_company.is_sample(Home().manifest(st.session_state["snapshot"]))


def _is_tall() -> bool:
    return st.session_state.get(f"{TALL}-linked") == "on"


def _stretch(is_tall: bool) -> None:
    """Make the pictures taller or lower. For `on_click`."""
    st.session_state[f"{TALL}-choice"] = "on" if is_tall else None


def _show(place: int) -> None:
    """Show another screen. For `on_click`."""
    st.session_state[f"{SCREEN}-choice"] = SCREENS[place].name


def _leave(topic: str) -> None:
    """Go to the page of the topic. For `on_click`."""
    place = meeting.first_of(topic) if topic in meeting.TOPICS else meeting.first_of("How did we do")
    goto(meeting.PATH[place].page)


# What a screen is made of


def _say(finding: str, more: str = "") -> None:
    """The message, in type that is read from the end of the table, and a line below it."""
    st.markdown(f"#### {words.plain(finding)}")
    if more:
        st.markdown(f"###### {words.plain(more)}")


def _lines(lines: Sequence[str]) -> None:
    """A few lines of large text."""
    for line in lines[:MOST_LINES]:
        st.markdown(f"##### {words.plain(line)}")
    if len(lines) > MOST_LINES:
        st.markdown(f"###### and {words.number(len(lines) - MOST_LINES)} more")


def _draw(figure: object, alt: str, key: str) -> None:
    picture(charts.enlarged(figure, HEIGHTS[_is_tall()]), alt, f"present-{key}")


# The screens


def _agenda() -> None:
    day = as_of()
    whose = "The sample company: nothing of it is real" if _is_sample() else held_settings().measure.company_name
    _say(f"Review of {words.month_name(month())}", f"{whose}, as of {day.day} {day:%B %Y}")
    for number, topic in enumerate(meeting.TOPICS, start=1):
        st.markdown(f"##### {number}  {topic}")


def _last_decisions() -> None:
    if not something_decided():
        _say("Nothing was decided before this meeting", "Decisions of this meeting are looked at here next month.")
        return
    decided = query("decisions/log", by_work_centre=None, decided_by=None, state=None)
    decided = decided[decided["state"] != "corrected"]
    _say(findings_decided.of_the_log(row("decisions/headline")))
    _lines([_decision(each) for each in decided.to_dict("records")])


def _decision(decided: Mapping[Any, Any]) -> str:
    kept, not_kept = int(decided["kept_so_far_count"]), int(decided["not_kept_count"])
    so_far = f"{kept} of {kept + not_kept} kept as decided" if kept + not_kept else "nothing due yet"
    return f"{decided['work_centre_name']}, {words.month_name(decided['load_month'])}: {decided['title']} · {so_far}"


def _moved() -> None:
    before = earlier(Home(), st.session_state["snapshot"])
    if before is None:
        _say("There is no snapshot of an earlier month to compare with")
        return
    try:
        hold_on_to_two(before, st.session_state["snapshot"])
        totals = query("moves/totals")
        steps = query("moves/at_risk")
        _say(findings.of_the_moves(totals, row("moves/snapshots")), findings.of_the_bridge(steps, currency()))
    except SopError as trouble:
        _say("What moved cannot be said", str(trouble))
        return
    steps = steps[steps["is_total"] | (steps["change_value"] != 0)]  # a step that is none takes the room of the others
    _draw(charts.value_at_risk_bridge(steps, currency()), "Value at risk then, each step, value at risk now", "bridge")


def _rate() -> None:
    trend = query("overview/trend", month=month())
    _say(findings.of_the_month(row("overview/month", month=month())))
    _draw(charts.promises_kept_by_month(trend), "The three promise rates by month against target", "trend")


def _ladder() -> None:
    rungs = query("overview/ladder", first_month=month(), last_month=month())
    _say(findings.of_the_ladder(rungs))
    _draw(charts.ladder(rungs), "The same month under six readings of kept", "ladder")


def _let_down() -> None:
    found = query("overview/let_down", month=month())
    _say(findings.of_the_let_down(found, month()))
    if len(found):
        _draw(charts.let_down_by_gap(found, currency(), most=7), "Gap by customer, largest first", "let-down")


def _causes() -> None:
    found = query("overview/causes", first_month=month(), last_month=month(), customer=None)
    _say(findings_ahead.of_the_causes(found))
    if found["broken_count"].sum():
        _draw(charts_ahead.causes(found), "Broken promises by the cause that leads, and by all evidence", "causes")


def _at_risk() -> None:
    _say(findings_ahead.of_the_risk(row("overview/ahead"), currency()))
    _lines([
        f"{each['customer_name']}: {words.money(each['at_risk_value'], currency())} in"
        f" {words.counted(int(each['at_risk_count']), 'line')}"
        for each in query("overview/at_risk").head(MOST_LINES).to_dict("records")
    ])  # fmt: skip


def _full() -> None:
    if not _has("capacity", "routings"):
        return
    months = query("capacity/utilisation", weight="recorded", from_rate=None)
    first = months["work_centre_id"].unique()[: MOST_WORK_CENTRES[_is_tall()]]
    _say(findings_ahead.of_the_capacity(months))
    shown = months[months["work_centre_id"].isin(first)]
    _draw(charts_ahead.utilisation(shown, ("", "")), "Utilisation by work centre and month", "utilisation")


def _coming() -> None:
    if not _has("opportunities", "routings", "capacity"):
        return
    _say(findings_ahead.of_the_pipeline(row("pipeline/headline"), currency()))
    _draw(
        charts_ahead.needed_by_month(query("pipeline/months"), currency()),
        "Open opportunities by month of need",
        "needed",
    )


def _contested() -> None:
    if not _has("capacity", "routings"):
        return
    contested = undecided_first(query("arbitrate/contested"))
    _say(findings_arbitrate.of_the_contested(contested, currency()))
    _lines([
        f"{each['work_centre_name']}, {words.month_name(each['month'])}: {words.money(each['at_stake_value'], currency())},"
        f" {words.counted(int(each['broken_count']), 'promise')} of {words.counted(int(each['customer_count']), 'customer')}"
        f"{', decided' if each['is_decided'] else ''}"
        for each in contested.to_dict("records")
    ])  # fmt: skip


def _taken() -> None:
    taken = query("decisions/taken")
    if taken.empty:
        _say("Nothing was decided in this meeting", "Decisions are written down on the page Arbitrate.")
        return
    _say(
        f"{words.counted(len(taken), 'decision')} taken, {words.counted(int(taken['let_down_count'].sum()), 'customer')} to tell"
    )
    _lines([
        f"{each['work_centre_name']}, {words.month_name(each['load_month'])}: {each['title']} ({each['decided_by']})"
        for each in taken.to_dict("records")
    ])  # fmt: skip


def _has(*extracts: str) -> bool:
    """True where these extracts are in; else it is said which are missing."""
    given = row("capacity/given")
    missing = [name for name in extracts if not given[f"has_{name}"]]
    if missing or given["last_month"] is None:
        _say(f"The months ahead are not known without {words.joined(missing or ['hours for them'])}")
    return not missing and given["last_month"] is not None


SCREENS = (
    Screen("start", "start", _agenda),
    Screen("last-decisions", "Since last meeting", _last_decisions),
    Screen("moved", "Since last meeting", _moved),
    Screen("rate", "How did we do", _rate),
    Screen("ladder", "How did we do", _ladder),
    Screen("let-down", "Who and why", _let_down),
    Screen("causes", "Who and why", _causes),
    Screen("full", "What is coming", _full),
    Screen("at-risk", "What is coming", _at_risk),
    Screen("pipeline", "What is coming", _coming),
    Screen("contested", "Decide", _contested),
    Screen("taken", "Close", _taken),
)
"""What is presented, first to last."""
