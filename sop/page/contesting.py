"""The question on the page about the scarce hours: which month is contested, which one is decided on, and what is at stake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from sop import arbitrated, arbitrating, findings_arbitrate, words
from sop.allocation import Whole
from sop.arbitrating import Claims, Option
from sop.errors import SopError
from sop.page.asking import currency, query
from sop.page.choosing import linked, open_customer
from sop.page.deciding import open_decision
from sop.page.showing import measure, section, table

CARDS = 3
"""Contested months shown as cards, of those not decided yet and of the decided ones; the others are in the table below."""
ABOUT = "about"
"""The name in the URL of the work centre and month that is decided on."""


@dataclass(frozen=True)
class Cell:
    """The work centre and month that is decided on; `month` as 2026-11. `decided` is the newest decision in force about it."""

    work_centre: str
    month: str
    work_centre_name: str
    decided: Mapping[str, Any] | None = None

    @property
    def key(self) -> str:
        """As the URL names it: 'WC-10 / 2027-01'."""
        return f"{self.work_centre} / {self.month}"

    @property
    def name(self) -> str:
        """'Welding 2 in January 2027'."""
        return f"{self.work_centre_name} in {words.month_name(self.month)}"


def undecided_first(contested: pd.DataFrame) -> pd.DataFrame:
    """The contested months with those decided on behind the others; as they come where the log cannot be read."""
    try:
        decided = query("arbitrate/decided")
    except SopError:
        decided = pd.DataFrame()
    return arbitrated.undecided_first(contested, decided)


def contested_cards(contested: pd.DataFrame) -> None:
    """The first contested months as cards, all of them in a table behind; where there are none, the tightest.

    Decided ones stand behind the others. A card's button takes its month to be decided on.
    """
    if contested.empty:
        st.info(words.plain(findings_arbitrate.of_the_tightest(query("capacity/utilisation", weight="none"))))
        return
    decided, about, broken = _of_the_log("arbitrate/decided"), _known(contested), _of_the_log("arbitrate/still_broken")
    chosen = st.session_state.get(f"{ABOUT}-choice") or st.query_params.get(ABOUT) or next(iter(about))
    with st.grid(CARDS, min_column_width=260):
        open_ones, decided_ones = (
            [key for key in about if (key in decided) is is_decided] for is_decided in (False, True)
        )
        for key in open_ones[:CARDS] + decided_ones[:CARDS]:
            with st.container(border=True, height="stretch"):
                _card(key, {**about[key], **broken.get(key, {})}, decided.get(key), is_chosen=key == chosen)
    shown = st.expander(
        f"All {words.counted(len(contested), 'contested month')}",
        on_change="rerun",
        key="contested",
        bind="query-params",
    )
    if shown.open:
        with shown:
            table(contested, key="contested-months", hide=["work_centre_id"], on_row=_take_row)


def _card(key: str, cell: Mapping[str, Any], decided: Mapping[str, Any] | None, *, is_chosen: bool) -> None:
    st.markdown(f"**{words.plain(cell['work_centre_name'])} · {words.month_name(cell['month'])}**")
    stake = words.unformatted(words.money(cell["at_stake_value"], currency()))
    st.metric("At stake", stake, label_visibility="collapsed")
    st.markdown("  \n".join(words.plain(line) for line in findings_arbitrate.of_a_card(cell)))
    if decided:
        st.markdown(f":material/gavel: {words.plain(findings_arbitrate.of_who_decided(decided))}")
    with st.container(horizontal=True):
        st.button(
            "Being decided below" if is_chosen else "Decide on this", key=f"about-{key}", on_click=_take, args=(key,),
            icon=":material/check:" if is_chosen else None,
        )  # fmt: skip
        if decided:
            st.button(f"Open decision {decided['decision_id']}", key=f"decided-{key}", on_click=open_decision,
                      args=(decided,))  # fmt: skip


def _known(contested: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The contested months by their name in the URL, in the order that they come in."""
    return {_key(cell): {str(name): value for name, value in cell.items()} for cell in contested.to_dict("records")}


def _key(cell: Mapping[Any, Any]) -> str:
    return f"{cell['work_centre_id']} / {cell['month']:%Y-%m}"


def _take(key: str) -> None:
    """Decide on this month from now on. For `on_click`."""
    st.session_state[f"{ABOUT}-choice"] = key


def _take_row(chosen: Mapping[str, Any]) -> None:
    _take(_key(chosen))


def _of_the_log(name: str) -> dict[str, dict[str, Any]]:
    """What the decision log says by work centre-month; nothing where it cannot be read, which `base_of` says."""
    try:
        return _known(query(name))
    except SopError:
        return {}


def choose_contested(contested: pd.DataFrame) -> Cell:
    """Offer the contested months; the first of them where none is chosen."""
    known, decided = _known(contested), _of_the_log("arbitrate/decided")
    key = linked(ABOUT, known, "contested month", next(iter(known)))
    chosen = str(
        st.selectbox(
            "Deciding on", list(known), key=key, format_func=lambda one: _named(known[one], is_decided=one in decided)
        )
    )
    cell = known[chosen]
    return Cell(cell["work_centre_id"], f"{cell['month']:%Y-%m}", str(cell["work_centre_name"]), decided.get(chosen))


def _named(cell: Mapping[str, Any], *, is_decided: bool) -> str:
    stake = "decided" if is_decided else words.money(cell["at_stake_value"], currency())
    return f"{cell['work_centre_name']} · {words.month_name(cell['month'])} · {stake}"


def at_a_glance(option: Option, base: Option, best: Option, known: Claims, about: Cell) -> None:
    """What the option costs and saves against what is in force, and what an hour is worth in the month decided on."""
    after, now = option.totals, base.totals
    with st.grid(5, min_column_width=160):
        _against("Promises broken", after["broken_count"], now["broken_count"], "promise_broken")
        _against("Late", after["late_value"], now["late_value"], "late_value", currency())
        _against("Days imposed", after["imposed_days"], now["imposed_days"], "days_imposed")
        measure("Cost of levers", words.money(after["cost_value"], currency()), "lever_cost")
        measure("An hour saves", _hour(best, known, about), "value_of_an_hour")
    st.caption(
        words.plain(
            f"“{option.title}”, all work centres and months together; the arrows are against “{base.title}”. What an hour"
            f" saves is for {about.name}, under best overall."
        )
    )


def _against(label: str, after: float, now: float, definition: str, money: str = "") -> None:
    change = after - now
    said = words.money(after, money) if money else f"{words.whole(after)}"
    difference = words.signed_money(change, money) if money else f"{words.number(change, '+,.0f')}"
    measure(label, said, definition, difference if round(change) else None, less_is_better=True)


def _hour(best: Option, known: Claims, about: Cell) -> str:
    if best.best is None or not best.best.is_proven:
        return "not proven"
    found = arbitrated.hour_value_at(known, best.best, about.work_centre, about.month)
    return f"{currency()} {words.whole(found['saved_value'])}" if found else "not known"


def claims_there(option: Option, known: Claims, about: Cell) -> Whole:
    """Who has a claim on the month decided on, and what the option does to each. Returns the numbers of the lines there."""
    numbers = arbitrating.claims_on(known, _cells(about))
    asked = query("arbitrate/claims", work_centre=about.work_centre, month=about.month)
    section(findings_arbitrate.of_the_claims(asked, about.name), "arbitrate/claims", "arbitrate/customers")
    shown = arbitrated.by_claim(asked, option.lines.iloc[numbers], option.customers)
    table(
        shown,
        key="claims",
        hide=["customer_id"],
        on_row=open_customer,
        empty="No open order line asks for hours there.",
    )
    return numbers


def _cells(about: Cell) -> pd.DataFrame:
    month = pd.Timestamp(f"{about.month}-01").as_unit("us")
    return pd.DataFrame({"work_centre_id": [about.work_centre], "month": [month]})
