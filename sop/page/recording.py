"""The form in which a decision is written down, and the one that corrects it."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from sop import correcting, deciding, findings_arbitrate, in_force, words
from sop.access import Act
from sop.allocation import Whole
from sop.arbitrating import Option
from sop.deciding import Action, Chosen, Decision, Expectation
from sop.decisions import Log
from sop.errors import SopError
from sop.page.asking import as_of, query
from sop.page.choosing import goto
from sop.page.contesting import Cell
from sop.page.deciding import DECISION, PAGE, SAID, open_decision
from sop.page.showing import section
from sop.page.signing import ask_name, may_or_say
from sop.snapshots import Home

EVERYBODY = "all of them"
MOST_TEXT = 2_000


def decide_on(
    about: Cell, option: Option, base: Option, options: Mapping[str, Option], there: Sequence[int] | Whole
) -> None:
    """Offer to decide for an option on the month chosen above, and say which lines would be written down.

    Where it is decided on this snapshot already, that decision is shown instead; a form that somebody is filling in stays.
    """
    section(f"Decide on {about.name}: “{option.title}”")
    begun = f"deciding-{about.work_centre}-{about.month}"
    decided = about.decided
    if decided and decided["snapshot_id"] == st.session_state["snapshot"] and not st.session_state.get(begun):
        st.info(
            words.plain(f"{findings_arbitrate.of_who_decided(decided)}. It is corrected where it stands in the log.")
        )
        st.button(
            f"Open decision {decided['decision_id']}", key="open-decided", on_click=open_decision, args=(decided,)
        )
        return
    narrowed = in_force.what_is_decided(option, base, np.asarray(there))
    st.caption(
        words.plain(findings_arbitrate.of_what_is_written(narrowed.there_count, narrowed.elsewhere_count, about.name))
    )
    if not may_or_say(Act.DECIDE, "Deciding") or not st.toggle("Write this decision down", key=begun):
        return
    others = [one for one in [base, *options.values()] if one.name not in (option.name, base.name)]
    shown = [*([] if option.name == base.name else [base]), *others]
    decide([*shown, narrowed], narrowed.name, work_centre=about.work_centre,
           load_month=datetime.date.fromisoformat(f"{about.month}-01"))  # fmt: skip


def decide(options: Sequence[Chosen], chosen: str, *, work_centre: str, load_month: datetime.date) -> None:
    """A form that writes the decision for an option about one work centre and month to the log, and opens it there.

    What was typed stays while another option is chosen; what customers are told is offered anew for each.
    """
    day = as_of()
    option = next(option for option in options if option.name == chosen)
    blank = Decision(
        decided_by="",
        snapshot_id=st.session_state["snapshot"],
        as_of_date=day,
        work_centre_id=work_centre,
        load_month=load_month,
        reason="",
        assumed="",
        wrong_if="",
        review_date=day + datetime.timedelta(days=31),
        told=deciding.texts_for_customers(option),
    )
    key = f"{work_centre}-{load_month}"
    with st.form(f"decide-{key}"):
        decision = _filled_in(blank, option, key)
        is_sent = st.form_submit_button("Write the decision to the log")
    if is_sent:
        _write(decision, options, chosen)


def correct(number: int) -> None:
    """A form that corrects a decision by a new entry, which names the old one; the old one stays in the log."""
    if not may_or_say(Act.CORRECT, "Correcting a decision"):
        return
    shown = st.expander("Correct this decision", key=f"correct-{number}", on_change="rerun")
    if not shown.open:
        return
    with shown:
        try:
            taken, options, chosen = correcting.as_taken(Log(Home().folder), number)
        except SopError as trouble:
            st.error(words.plain(str(trouble)))
            return
        st.caption(
            "The old entry stays in the log as it is, with the actions that are done; a new one is added that names it and"
            " counts from now on."
        )
        option = next(option for option in options if option.name == chosen)
        with st.form(f"correct-form-{number}"):
            start = replace(taken, decided_by="", actions=_still_open(taken, number))
            decision = _filled_in(start, option, f"correct-{number}")
            corrected = _with_other_dates(option, number)
            is_sent = st.form_submit_button("Write the correction to the log")
        if is_sent:
            new = [corrected if one.name == chosen else one for one in options]
            _write(replace(decision, replaces=number), new, chosen)


def _still_open(taken: Decision, number: int) -> list[Action]:
    """What is still to be done: what is done already would come up again as open under the new entry."""
    left = query("decisions/actions", decision=number, is_open=True)
    open_ones = {(row["what"], row["who"], _date(row["due_date"])) for row in left.to_dict("records")}
    return [action for action in taken.actions if (action.what, action.who, action.due_date) in open_ones]


def _filled_in(start: Decision, option: Chosen, key: str) -> Decision:
    """The decision as the form has it now."""
    left, right = st.columns(2)
    with left:
        who = ask_name("Who decides", f"who-{key}")
    review = right.date_input("Look at it again on", start.review_date, key=f"review-{key}")
    reason = st.text_area("Why", start.reason, max_chars=MOST_TEXT, key=f"reason-{key}")
    left, right = st.columns(2)
    assumed = left.text_area("What is assumed", start.assumed, max_chars=MOST_TEXT, key=f"assumed-{key}")
    wrong = right.text_area("What would prove it wrong", start.wrong_if, max_chars=MOST_TEXT, key=f"wrong-{key}")
    st.markdown("**What each customer is told**")
    told = _edited_texts(start, option, key)
    st.markdown("**Who does what by when**")
    actions = _edited_actions(start, key)
    st.markdown("**What will be seen by when**")
    st.caption(words.plain(". ".join(f"{name.capitalize()}: {meaning}" for name, meaning in deciding.MEASURES.items())))
    expectations = _edited_expectations(start, option, key)
    return replace(
        start, decided_by=who, review_date=review, reason=reason or "", assumed=assumed or "", wrong_if=wrong or "",
        told=told, actions=actions, expectations=expectations,
    )  # fmt: skip


def _edited_texts(start: Decision, option: Chosen, key: str) -> dict[str, str]:
    """The texts as edited. The editor keeps edits by the place of the row, so other customers get an editor of their own."""
    customers = option.customers
    frame = pd.DataFrame(
        {
            "customer_id": customers["customer_id"].astype(str),
            "customer_name": customers["customer_name"].astype(str),
            "told": [start.told.get(str(customer), "") for customer in customers["customer_id"]],
        }
    )
    edited = st.data_editor(
        frame, key=f"told-{key}-{_mark_of(frame)}", hide_index=True, disabled=["customer_name"], num_rows="fixed",
        column_config={
            "customer_id": None, "customer_name": "customer",
            "told": st.column_config.TextColumn("what they are told", width="large", max_chars=MOST_TEXT),
        },
    )  # fmt: skip
    return {row["customer_id"]: _text(row["told"]) for row in edited.to_dict("records")}


def _mark_of(frame: pd.DataFrame) -> str:
    """A short mark that differs where the frame does."""
    return f"{zlib.crc32(frame.to_json().encode()):x}"


def _edited_actions(start: Decision, key: str) -> list[Action]:
    frame = pd.DataFrame(
        {
            "what": pd.Series([action.what for action in start.actions], dtype="str"),
            "who": pd.Series([action.who for action in start.actions], dtype="str"),
            "due_date": _dates(action.due_date for action in start.actions),
        }
    )
    edited = st.data_editor(
        frame, key=f"actions-{key}", hide_index=True, num_rows="dynamic",
        column_config={
            "what": st.column_config.TextColumn("what", width="large", max_chars=300),
            "who": st.column_config.TextColumn("who", max_chars=100), "due_date": st.column_config.DateColumn("by"),
        },
    )  # fmt: skip
    return [
        Action(_text(row["what"]), _text(row["who"]), _date(row["due_date"]))
        for row in _filled(edited.to_dict("records"))
    ]


def _edited_expectations(start: Decision, option: Chosen, key: str) -> list[Expectation]:
    customers = option.customers
    names = {f"{name} · {number}": str(number) for number, name in
             zip(customers["customer_id"], customers["customer_name"], strict=True)}  # fmt: skip
    numbers = {number: name for name, number in names.items()}
    expected = list(start.expectations)
    frame = pd.DataFrame(
        {
            "measure": pd.Series([one.measure for one in expected], dtype="str"),
            "customer": pd.Series([numbers.get(one.customer_id or "", EVERYBODY) for one in expected], dtype="str"),
            "expected": pd.Series([one.expected for one in expected], dtype="float"),
            "due_date": _dates(one.due_date for one in expected),
        }
    )
    edited = st.data_editor(
        frame, key=f"expectations-{key}-{_mark_of(customers)}", hide_index=True, num_rows="dynamic",
        column_config={
            "measure": st.column_config.SelectboxColumn("what", options=list(deciding.MEASURES)),
            "customer": st.column_config.SelectboxColumn("of whom", options=[EVERYBODY, *names], default=EVERYBODY),
            "expected": st.column_config.NumberColumn("expected (a share from 0 to 1, lines or value)", min_value=0),
            "due_date": st.column_config.DateColumn("by"),
        },
    )  # fmt: skip
    return [
        Expectation(
            _text(row["measure"]), names.get(_text(row["customer"])), _number(row["expected"]), _date(row["due_date"])
        )
        for row in _filled(edited.to_dict("records"), but="customer")
    ]


def _with_other_dates(option: correcting.Stood, number: int) -> correcting.Stood:
    """The option with the new dates that are typed in."""
    lines = query("decisions/dates", decision=number)
    st.markdown("**New promised dates**")
    shown = ["customer_name", "order_id", "line_number", "promised_before_date"]
    edited = st.data_editor(
        lines, key=f"dates-{number}", hide_index=True, num_rows="fixed", disabled=shown,
        column_config={
            **{name: words.label(name) for name in shown}, "open_value": None,
            "promised_before_date": st.column_config.DateColumn(words.label("promised_before_date"), format="D MMM YYYY"),
            "decided_promise_date": st.column_config.DateColumn(words.label("decided_promise_date"), format="D MMM YYYY"),
        },
    )  # fmt: skip
    dates, values = {}, {}
    for before, after in zip(lines.to_dict("records"), edited.to_dict("records"), strict=True):
        day, key = _date(after["decided_promise_date"]), (str(after["order_id"]), str(after["line_number"]))
        if day is not None and day != _date(before["decided_promise_date"]):
            dates[key], values[key] = day, _number(after["open_value"])
    return correcting.with_dates(option, dates, values) if dates else option


def _write(decision: Decision, options: Sequence[Chosen], chosen: str) -> None:
    """Write it to the log and open it; say what is missing, or who was first, where that cannot be done."""
    try:
        number = deciding.decide(Log(Home().folder), decision, options, chosen)
    except deciding.AlreadyDecided as first:
        st.error(words.plain(str(first)))
        st.button(
            f"Open decision {first.decision}",
            key=f"open-first-{first.decision}",
            on_click=open_decision,
            args=({"decision_id": first.decision},),
        )
        return
    except SopError as trouble:
        st.error(words.plain(str(trouble)))
        return
    st.session_state[SAID] = (True, f"Decision {number} is in the log.")
    if st.session_state["url_path"] == "decisions":
        st.query_params[DECISION] = str(number)
        st.rerun()
    goto(PAGE, **{DECISION: str(number)})


def _filled(rows: Iterable[Mapping[Any, Any]], but: str = "") -> list[dict[str, Any]]:
    """The rows in which somebody wrote something, a default in `but` aside."""
    return [
        {str(name): value for name, value in row.items()}
        for row in rows
        if any(not pd.isna(value) and str(value).strip() for name, value in row.items() if name != but)
    ]


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value).strip()


def _number(value: Any) -> float:
    """A missing number is below 0, which no expectation may be."""
    return -1.0 if pd.isna(value) else float(value)


def _dates(days: Iterable[datetime.date | None]) -> pd.Series:
    """Days as the editor adds rows to them."""
    return pd.to_datetime(pd.Series(list(days), dtype="object")).astype("datetime64[us]")


def _date(value: Any) -> datetime.date | None:
    if pd.isna(value):
        return None
    day: datetime.date = pd.Timestamp(value).date()
    return day
