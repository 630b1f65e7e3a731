"""The decision log on the pages: what was decided, what became of it, and who does what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from sop import deciding, findings_decided, words
from sop.access import Act
from sop.decisions import Log
from sop.errors import SopError
from sop.page.asking import currency, query, row
from sop.page.choosing import goto, link, linked, month, open_customer
from sop.page.following import MOST_ROWS
from sop.page.showing import measure, section, table, title
from sop.page.signing import ask_name, has_page, may_or_say
from sop.snapshots import Home

DECISION = "decision"
SAID = "said-of-decisions"
PAGE = "decide/decisions.py"
MOST_TEXTS = 50


def something_decided(question: str | None = None) -> bool:
    """True where the log holds a decision. Under a page's question it is said what to do where there is none."""
    try:
        has_any = bool(row("decisions/headline")["decision_count"])
    except SopError as trouble:
        if question:
            title(question)
        st.warning(words.plain(str(trouble)))
        return False
    if not has_any and question:
        title(question, "Nothing was decided yet")
        st.info(
            "A decision says who gets the scarce hours of a work centre in a month, why, what each customer is told and what"
            " will be seen by when. It is taken where the hours are short; each later snapshot then says here whether it worked."
        )
        link("review/capacity.py", "Where are we full?")
    return has_any


def log_in_figures() -> None:
    """What came of the last click, and the headline figures of the decisions in force."""
    _say_what_came_of_it()
    known = row("decisions/headline")
    due = known["kept_so_far_count"] + known["not_kept_count"]
    answered = sum(known[f"expectations_{name}_count"] for name in ("kept", "partly_kept", "not_kept"))
    with st.grid(5, min_column_width=160):
        measure("Kept as decided", findings_decided.of_all(known["kept_so_far_count"], due), "kept_as_decided")
        measure("Moved again", f"{words.number(known['moved_again_count'])}", "moved_again")
        measure(
            "Expectations kept", findings_decided.of_all(known["expectations_kept_count"], answered), "expectation_kept"
        )
        measure(
            "Actions overdue",
            f"{words.number(known['actions_overdue_count'])} of {words.number(known['actions_open_count'])}",
            "action_overdue",
        )
        spent = known["spent_value"]
        measure(f"Spent of {words.money(known['cost_value'], currency())}",
                "not said" if spent is None else words.money(spent, currency()), "cost_spent")  # fmt: skip


def choose_decision() -> int | None:
    """The decision that stands open, kept in the URL; None until one is chosen."""
    known = [str(number) for number in query("decisions/log")["decision_id"]]
    widget = linked(DECISION, known, "decision", where="in the log")
    chosen = st.selectbox("Decision", known, index=None, key=widget, placeholder="Select a row above, or choose one")
    return int(chosen) if chosen else None


def open_decision(chosen: Mapping[str, Any]) -> None:
    """Open the decision of a row on its page. For `on_row`."""
    number = str(chosen["decision_id"])
    if st.session_state["url_path"] == "decisions":
        st.session_state[f"{DECISION}-choice"] = number
    else:
        goto(PAGE, **{DECISION: number})


def _opening() -> Callable[[Mapping[str, Any]], None] | None:
    """What a row of decisions opens; nothing for whoever is not given that page."""
    return open_decision if has_page(PAGE) else None


def open_actions() -> None:
    """The actions that are not done, and a form to say that one is, or was not after all."""
    is_all = st.toggle("Show those done too", key="all-actions", bind="query-params")
    actions = query("decisions/actions", is_open=not is_all)
    table(actions, key=f"actions-{is_all}", on_row=open_decision, empty="No action is open.", file_name="actions")
    if actions.empty or not may_or_say(Act.MARK, "Saying that an action is done"):
        return
    worded = {
        int(action["action_id"]): f"{action['what']} · {action['who']} · {action['state']}"
        for action in actions.to_dict("records")
    }
    with st.form("mark-action", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Action", list(worded), key="action", format_func=lambda action: worded.get(action, ""))
        ask_name("Your name", "action-by", max_chars=80)
        st.form_submit_button("It is done", on_click=_mark, args=(True,))
        if is_all:
            st.form_submit_button("It is not done after all", on_click=_mark, args=(False,))


def _mark(is_done: bool) -> None:
    """Write down what was said of the chosen action. For `on_click`."""
    try:
        deciding.mark(
            Log(Home().folder), st.session_state["action"], is_done=is_done, by=st.session_state.get("action-by") or ""
        )
    except SopError as trouble:
        st.session_state[SAID] = (False, str(trouble))
    else:
        del st.session_state["action"]  # it leaves the list of what is open
        st.session_state[SAID] = (True, "Written down.")


def _say_what_came_of_it() -> None:
    is_done, said = st.session_state.pop(SAID, (True, ""))
    if said:
        (st.success if is_done else st.error)(words.plain(said))


def decision_in_full(number: int) -> None:
    """One decision: who, why, the options as they stood, what each customer is told, and what became of it."""
    known = row("decisions/decision", decision=number)
    section(findings_decided.of_the_decision(known), "decisions/decision")
    st.markdown(words.plain(findings_decided.of_its_state(known)))
    for what, said in (("Why", "reason"), ("Assumed", "assumed"), ("Wrong if", "wrong_if")):
        st.markdown(f"**{what}**  {words.plain(known[said])}")
    section("The options as they stood", "decisions/options")
    table(query("decisions/options", decision=number), key=f"options-{number}")
    section("What each customer is told", "decisions/told")
    table(query("decisions/told", decision=number), key=f"told-{number}", hide=["customer_id"], on_row=open_customer,
          empty="No customer is touched.", file_name=f"told-{number}")  # fmt: skip
    _texts_to_copy(number)
    if known["state"] != "corrected":
        _what_became(number, known)


def _texts_to_copy(number: int) -> None:
    shown = st.expander("The texts, to be copied", key=f"texts-{number}", on_change="rerun")
    if shown.open:
        with shown:
            for customer in query("decisions/told", decision=number).head(MOST_TEXTS).to_dict("records"):
                st.code(
                    customer["told"] or f"{customer['customer_name']} is told nothing.", language=None, wrap_lines=True
                )


def _what_became(number: int, known: Mapping[str, Any]) -> None:
    section(f"So far: {findings_decided.of_what_became(known)}", "decisions/expectations", "decisions/lines")
    expectations = findings_decided.amounts(query("decisions/expectations", decision=number), currency())
    table(expectations, key=f"expectations-{number}", empty="Nothing in particular was expected.")
    actions = query("decisions/actions", decision=number).drop(columns=["decision_id"])
    table(actions, key=f"actions-of-{number}", empty="Nobody was asked to do anything.")
    _what_it_cost(number, known)
    lines = query("decisions/lines", decision=number)
    table(lines, key=f"lines-{number}", hide=["customer_id"], on_row=open_customer, file_name=f"decision-{number}-lines",
          empty="The decision is about no order line.")  # fmt: skip
    if len(lines) == MOST_ROWS:
        st.caption("These are the first thousand lines, the most days imposed first.")


def _what_it_cost(number: int, known: Mapping[str, Any]) -> None:
    """What the decision cost as it was taken and what was spent so far, with a form to say so."""
    st.markdown(words.plain(f"Cost of levers, spent: {findings_decided.of_the_cost(known, currency())}."))
    if not may_or_say(Act.SAY_SPENT, "Saying what was spent"):
        return
    with st.form(f"spent-{number}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            words.unformatted(f"Spent so far, {currency()}"),
            0.0,
            value=known["spent_value"],
            key=f"spent-value-{number}",
        )
        ask_name("Who says so", f"spent-by-{number}", max_chars=80)
        st.form_submit_button("Write it down", on_click=_say_spent, args=(number,))


def _say_spent(number: int) -> None:
    """Write down what was typed as spent on a decision. For `on_click`."""
    value, who = st.session_state[f"spent-value-{number}"], st.session_state.get(f"spent-by-{number}") or ""
    try:
        deciding.say_spent(Log(Home().folder), number, -1.0 if value is None else value, by=who)
    except SopError as trouble:
        st.session_state[SAID] = (False, str(trouble))
    else:
        st.session_state[SAID] = (True, "Written down.")


def to_enter() -> None:
    """The dates that were decided and that the order system does not have yet, as a file for it."""
    dates = query("decisions/to_enter")
    table(dates, key="to-enter", file_name="new-promised-dates",
          empty="Every date that was decided is in the order system.")  # fmt: skip


def last_decisions() -> None:
    """On the overview: the decisions of the last review and what became of them; nothing where none was ever taken."""
    if not something_decided():
        return
    decided = query("overview/decided", month=month())
    if decided.empty:
        st.caption("Nothing was decided on the figures of this month or the one before.")
        return
    section(findings_decided.of_the_last_decisions(decided), "overview/decided")
    table(decided, key="decided", on_row=_opening(), file_name="decisions")


def decisions_of(customer: str) -> None:
    """Every decision that touched a customer, what they were told, and what became of it."""
    if not something_decided():
        return
    decisions: pd.DataFrame = query("customer/decisions", customer=customer)
    section(
        findings_decided.of_the_customers_decisions(decisions) if len(decisions) else "No decision touched them",
        "customer/decisions",
    )
    table(decisions, key="touched-by", on_row=_opening(), empty="No decision touched this customer.",
          file_name="decisions")  # fmt: skip


def snapshots_named() -> set[str]:
    """The snapshots on which something was decided: they are never pruned. All of them where the log cannot be read."""
    home = Home()
    try:
        return Log(home.folder).snapshots_named()
    except SopError as trouble:
        st.warning(words.plain(str(trouble)))
        return {manifest.id for manifest in home.history()}
