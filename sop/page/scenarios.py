"""Scenarios on the pages: kept from what is tried on Arbitrate, laid side by side, opened from a link, worked out anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAPIException

from sop import arbitrated, arbitrating, findings_scenarios, in_force, opening, scenarios, words
from sop.access import Act
from sop.arbitrating import Claims, Option, Weights
from sop.correcting import Stood
from sop.deciding import Chosen
from sop.decisions import Log
from sop.errors import LogError, SopError
from sop.page.arbitrating import SECONDS, claims, winners_and_losers
from sop.page.asking import as_of, open_read_only, query, row
from sop.page.choosing import goto, link, linked, open_customer
from sop.page.contesting import ABOUT, Cell
from sop.page.levers import open_again
from sop.page.showing import section, table, title
from sop.page.signing import ask_name, may, may_or_say
from sop.scenarios import Holds, Scenario
from sop.snapshots import Home

SCENARIO = "scenario"
PAGE = "decide/scenarios.py"
SAID = "said-of-scenarios"


def keep_scenario(about: Cell, weights: Weights, levers: Mapping[str, Any], option: Option, hand: Option) -> None:
    """Offer to keep what is tried on the page by a name, before anything is decided."""
    holds = Holds(
        option.name, vars(weights), levers, list(st.session_state.get("keep") or ()),
        list(st.session_state.get("wait") or ()), about.key,
    )  # fmt: skip
    if not may_or_say(Act.KEEP_SCENARIO, "Keeping this as a scenario"):
        return
    with st.popover("Keep as a scenario"):
        st.markdown(
            "The option, the weights, the levers and the changes by hand are kept by a name. Nothing is decided."
        )
        with st.form("keep-scenario", border=False):
            name = st.text_input("Name", max_chars=80, key="scenario-name")
            who = ask_name("Your name", "scenario-by")
            is_sent = st.form_submit_button("Keep it")
    if is_sent:
        _keep(Scenario(name or "", st.session_state["snapshot"], as_of(), holds), hand, who or "")


def _keep(scenario: Scenario, option: Option, by: str, more: str = "") -> None:
    """Write a scenario to the log and open it; say what is missing where that cannot be done."""
    try:
        number = scenarios.keep(Log(Home().folder), scenario, option, by=by)
    except SopError as trouble:
        st.error(words.plain(str(trouble)))
        return
    st.session_state[SAID] = f"Scenario {number}, “{scenario.name.strip()}”, is kept.{more}"
    if st.session_state["url_path"] == "scenarios":
        st.session_state[f"{SCENARIO}-linked"] = None
        st.query_params[SCENARIO] = str(number)
        st.rerun()
    goto(PAGE, **{SCENARIO: str(number)})


def kept_scenarios(question: str | None) -> pd.DataFrame:
    """The newest scenario of each name; where the log has none, or cannot be read, the page ends with its question."""
    try:
        known = query("scenarios/list")
    except LogError as trouble:
        title(question)
        st.warning(words.plain(str(trouble)))
        st.stop()
    if known.empty:
        title(question, "No scenario is kept yet")
        st.info("A scenario is what is tried on the page *Arbitrate*, kept by a name there before anything is decided.")
        link("decide/arbitrate.py", "Who gets the scarce hours?")
        st.stop()
    return known


def compare_scenarios(known: pd.DataFrame) -> None:
    """The scenarios in a table, and those of this snapshot beside the plan in force, after what came of the last click."""
    said = st.session_state.pop(SAID, "")
    if said:
        st.success(words.plain(said))
    section("The scenarios, as they were kept: select a row to open one", "scenarios/list")
    table(known, key="scenarios", hide=["is_replaced"], on_row=open_scenario, file_name="scenarios")
    here = known.loc[~known["is_of_another_snapshot"], "scenario_id"].head(8)
    if here.empty:
        return
    base = plan_in_force()
    shown: list[Chosen] = [base, *(_stood(row("scenarios/scenario", scenario=int(number))) for number in here)]
    section(f"Those of this snapshot beside “{base.title}”", "arbitrate/in_force", "scenarios/list")
    table(arbitrated.side_by_side(shown), key="scenario-totals", file_name="scenarios")
    st.caption("Weighed lateness is at the weights of each scenario; the other figures do not depend on weights.")
    winners_and_losers(shown, base, "scenario-winners")


def plan_in_force() -> Option:
    """What scenarios are held against: the projection, with what was decided."""
    known = claims()
    order = arbitrating.earliest_promise(known)
    projection = arbitrating.judged("promise", arbitrating.TITLES["promise"], known, known.given(order), Weights())
    return in_force.as_base(known, projection, query("arbitrate/in_force"))


def _stood(scenario: Mapping[str, Any]) -> Stood:
    name = f"{scenario['name']} ({scenario['scenario_id']})"
    return scenarios.as_kept(str(scenario["scenario_id"]), name, scenario["totals"], scenario["customers"])


def choose_scenario() -> int | None:
    """The scenario that stands open, kept in the URL by its number; a link may name it by its name too."""
    known = query("scenarios/list", is_all=True)
    by_number = {str(one["scenario_id"]): one for one in known.to_dict("records")}
    in_url = st.query_params.get(SCENARIO)
    if in_url and in_url not in by_number:
        named = known.loc[known["name"] == in_url, "scenario_id"]
        if len(named):
            st.query_params[SCENARIO] = str(named.iloc[0])
    chosen = st.selectbox(
        "Scenario", list(by_number), index=None, key=linked(SCENARIO, by_number, "scenario", where="in the log"),
        placeholder="Select a row above, or choose one", format_func=lambda number: _named(by_number[number]),
    )  # fmt: skip
    return int(chosen) if chosen else None


def _named(scenario: Mapping[Any, Any]) -> str:
    return f"{scenario['scenario_id']} · {scenario['name']}{' · replaced' if scenario['is_replaced'] else ''}"


def open_scenario(chosen: Mapping[str, Any]) -> None:
    """Open the scenario of a row. For `on_row`."""
    st.session_state[f"{SCENARIO}-choice"] = str(chosen["scenario_id"])


def scenario_in_full(number: int) -> None:
    """One scenario: what it holds, what came of it for whom, and the ways on from it."""
    known = row("scenarios/scenario", scenario=number)
    holds, stood = Holds.read(known["holds"]), _stood(known)
    section(f"Scenario {number}, “{known['name']}”: {known['title']}", "scenarios/scenario")
    st.markdown(words.plain(findings_scenarios.of_one(known)))
    st.markdown("  \n".join(words.plain(said) for said in scenarios.in_words(holds)))
    if known["is_of_another_snapshot"]:
        st.warning(words.plain(findings_scenarios.of_an_older_one(known, as_of())))
        _bring_up_to_date(number, known, holds)
    else:
        st.button("Open it on Arbitrate, to change it or to decide", key=f"try-{number}", on_click=_try,
                  args=(holds,))  # fmt: skip
    worst = stood.customers.sort_values("late_value", ascending=False, kind="stable")
    table(worst.rename(columns=arbitrated.LATELY), key=f"scenario-{number}", hide=["customer_id"], on_row=open_customer,
          file_name=f"scenario-{number}")  # fmt: skip


def _bring_up_to_date(number: int, known: Mapping[str, Any], holds: Holds) -> None:
    """The two ways on with a scenario that was kept on another snapshot."""
    if not may(Act.KEEP_SCENARIO):
        return
    with st.form(f"anew-{number}"), st.container(horizontal=True, vertical_alignment="bottom"):
        who = ask_name("Your name", f"anew-by-{number}")
        is_sent = st.form_submit_button("Work it out anew on this snapshot")
    st.button("Look at it as it was", key=f"as-it-was-{number}", on_click=_try, args=(holds, known["snapshot_id"]))
    if not is_sent:
        return
    with st.spinner("Working it out anew"):
        option, gone = _anew(claims(holds.levers.get("claiming")), holds)
    left = replace(holds, keep=[line for line in holds.keep if line not in gone],
                   wait=[line for line in holds.wait if line not in gone])  # fmt: skip
    scenario = Scenario(str(known["name"]), st.session_state["snapshot"], as_of(), left)
    _keep(scenario, option, who or "", findings_scenarios.of_what_is_gone(gone))


def _anew(known: Claims, holds: Holds) -> tuple[Option, list[str]]:
    levers = opening.levers_of(known, holds.levers)
    found, _ = arbitrating.options(known, holds.as_weights(), levers, SECONDS)
    return scenarios.worked_out(known, holds, found)


def _try(holds: Holds, snapshot: str | None = None) -> None:
    """Open the page Arbitrate with what a scenario holds, on its own snapshot where one is named. For `on_click`."""
    if snapshot:
        open_read_only(snapshot)
    held = {**vars(holds.as_weights()), **open_again(holds.levers), "keep": list(holds.keep), "wait": list(holds.wait)}
    linked_ones = {"option": holds.option, **({ABOUT: holds.about} if holds.about else {})}
    st.session_state.update(held)
    in_url = {
        name: value if isinstance(value, list) else str(value).lower()
        for name, value in held.items()
        if value is not False and value != []
    }
    try:
        # Where these choices were never drawn in the session, only the URL sets them; where they were, only the session does.
        goto("decide/arbitrate.py", **linked_ones, **in_url)
    except StreamlitAPIException:
        goto("decide/arbitrate.py", **linked_ones)
