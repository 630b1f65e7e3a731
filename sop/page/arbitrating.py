"""What the page about the scarce hours asks and shows: contested months, options side by side, and changes by hand."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from sop import arbitrated, arbitrating, charts_arbitrate, findings_arbitrate, words
from sop.arbitrating import Claims, Levers, Option, Weights
from sop.page.asking import currency, query
from sop.page.choosing import linked, open_customer
from sop.page.forward import open_order_line
from sop.page.showing import picture, section, table

CARDS = 3
"""Contested months shown as cards; the others are in the table below."""
SECONDS = 20.0
"""How long the best overall is looked for."""
STEPS = ("arbitrate/lines", "arbitrate/steps", "arbitrate/customers", "arbitrate/hours")
"""What the options are reckoned from."""


def contested_cards(contested: pd.DataFrame) -> None:
    """The contested months with most at stake as cards, all of them in a table behind; where there are none, the tightest."""
    if contested.empty:
        st.info(words.plain(findings_arbitrate.of_the_tightest(query("capacity/utilisation", weight="none"))))
        return
    with st.grid(CARDS, min_column_width=260):
        for cell in contested.head(CARDS).to_dict("records"):
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{words.plain(cell['work_centre_name'])} · {words.month_name(cell['month'])}**")
                st.metric("At stake", words.money(cell["at_stake_value"], currency()), label_visibility="collapsed")
                st.markdown(words.plain(findings_arbitrate.of_a_card({str(k): v for k, v in cell.items()}, currency())))
    shown = st.expander(
        f"All {words.counted(len(contested), 'contested month')}",
        on_change="rerun",
        key="contested",
        bind="query-params",
    )
    if shown.open:
        with shown:
            table(contested, key="contested-months", hide=["work_centre_id"])


def choose_weights() -> Weights:
    """Offer what a month late costs and how much each customer weighs; all of it in the URL."""
    usual = Weights()
    with st.popover("Weights"):
        st.markdown("A month late costs a share of the late value, times the weight of the customer.")
        figures = {
            name: st.number_input(label, 0.0, most, getattr(usual, name), step, key=name, bind="query-params")
            for name, label, most, step in (
                ("tier_a", "Weight of tier A", 100.0, 0.5), ("tier_b", "Weight of tier B", 100.0, 0.5),
                ("tier_c", "Weight of tier C and of the rest", 100.0, 0.5),
                ("let_down", "More for the share of promises broken in the last six months, times", 100.0, 0.5),
                ("late_rate", "A month late costs this share of the value", 10.0, 0.05),
            )
        }  # fmt: skip
    return Weights(**{name: getattr(usual, name) if value is None else float(value) for name, value in figures.items()})


def claims(opportunities: str | None = None) -> Claims:
    """Every open order line of this run's snapshot with the hours it asks for, and opportunities where asked for."""
    *asked, hours = STEPS
    return arbitrating.claims_of(*(query(name, opportunities=opportunities) for name in asked), query(hours))


def options(known: Claims, weights: Weights, levers: Levers | None = None) -> dict[str, Option]:
    """Every option by name; those that cannot be had are named with the reason. Kept for this session while nothing changes."""
    opportunities = int(known.is_opportunity.sum())
    key = (st.session_state["snapshot"], weights, opportunities, pickle.dumps(levers))
    if st.session_state.get("options-key") != key:
        with st.spinner("Weighing the options"):
            st.session_state["options-found"] = arbitrating.options(known, weights, levers, SECONDS)
        st.session_state["options-key"] = key
    found: dict[str, Option]
    found, why_not = st.session_state["options-found"]
    for reason in why_not.values():
        st.info(words.plain(reason))
    return found


def compare(found: Mapping[str, Option]) -> None:
    """Options side by side: their totals, and customer by customer against the policy in force."""
    section(findings_arbitrate.of_the_options(found, currency()), *STEPS)
    table(arbitrated.side_by_side(list(found.values())), key="options")
    st.caption(words.plain(findings_arbitrate.of_the_proof(found["best"], currency())))
    base = found["promise"]
    rows = arbitrated.against(list(found.values()), base)
    section(f"Who wins and who loses: {currency()} late, and the change on “{base.title}”")
    picture(
        charts_arbitrate.winners_and_losers(rows, base.title, currency()),
        "Late value by customer and option, with the change on the policy in force", "winners",
    )  # fmt: skip
    there_are = rows["customer_id"].nunique()
    if there_are > charts_arbitrate.MOST_CUSTOMERS:
        st.caption(
            f"The {charts_arbitrate.MOST_CUSTOMERS} customers most apart, of {there_are:,} with an open order line."
        )


def choose_option(found: Mapping[str, Option]) -> Option:
    """Offer one option to look at; the best overall where none is chosen."""
    names = {name: option.title for name, option in found.items()}
    key = linked("option", names, "option", "best")
    chosen = st.segmented_control("Option", list(names), key=key, format_func=names.__getitem__, required=True)
    return found[str(chosen)]


def one_option(option: Option, known: Claims) -> None:
    """What one option does to customers and to the lines that come late, each with its reason."""
    late = option.lines[~option.lines["is_kept"]].sort_values("late_value", ascending=False, kind="stable").head(1000)
    named = late.merge(known.customers[["customer_id", "customer_name"]], on="customer_id", how="left")
    columns = ["customer_name", "order_id", "line_number", "promised_date", "new_promised_date", "imposed_days",
               "late_quantity", "late_value", "why", "customer_id"]  # fmt: skip
    customers, lines = st.tabs(["By customer", "Lines that come late, and why"])
    with customers:
        table(option.customers.sort_values("late_value", ascending=False, kind="stable"), key="option-customers",
              hide=["customer_id"], on_row=open_customer)  # fmt: skip
    with lines:
        table(named[columns], key="option-lines", hide=["customer_id"], on_row=open_order_line,
              empty="No line comes late.")  # fmt: skip


def value_of_hours(best: Option, known: Claims) -> None:
    """What one more hour would save at each work centre and month, and within which hours that holds."""
    if best.best is None or best.best.given is None:
        return
    values = arbitrated.hour_values(known, best.best)
    section(findings_arbitrate.of_the_hours(values, currency()))
    st.caption(
        "Saved: what a month late costs at these weights. It holds while the hours there stay between the two figures."
    )
    table(values, key="hour-values", hide=["work_centre_id"], empty="There are hours enough everywhere.")


def change_by_hand(known: Claims, weights: Weights, start: Option, contested: pd.DataFrame) -> None:
    """Pin lines that are to be kept and let others wait, starting from an option; every consequence is shown at once."""
    section(f"By hand, starting from “{start.title}”")
    numbers = arbitrating.claims_on(known, contested)
    lines = known.lines.iloc[numbers]
    named = {f"{order} / {line}": number for order, line, number in
             zip(lines["order_id"], lines["line_number"], numbers.tolist(), strict=True)}  # fmt: skip
    with st.container(horizontal=True):
        keep = st.multiselect("Keep these order lines", list(named), key="keep", bind="query-params",
                              placeholder="Order / line")  # fmt: skip
        wait = st.multiselect(
            "Let these wait", list(named), key="wait", bind="query-params", placeholder="Order / line"
        )
    both = [line for line in keep if line in wait]
    if both:
        st.warning(words.plain(f"{words.joined(both)} cannot be both kept and left waiting; it is kept."))
    if not keep and not wait:
        st.caption("Only order lines that ask for hours in a contested month are offered: the others wait for nobody.")
        return
    first = [named[line] for line in keep]
    hand = arbitrating.by_hand(known, weights, start, first, [named[line] for line in wait if line not in keep])
    for said in arbitrating.conflicts(known, first, hand):
        st.warning(words.plain(said))
    st.markdown(f"**{words.plain(findings_arbitrate.of_the_hand(hand, start, currency()))}**")
    table(arbitrated.side_by_side([start, hand]), key="hand-totals", download=False)
    one_hand(hand, start)


def one_hand(hand: Option, start: Option) -> None:
    """The lines whose date a hand change moves, with both dates."""
    both = hand.lines.merge(
        start.lines[[*arbitrating.LINE, "new_promised_date"]].rename(columns={"new_promised_date": "before_date"}),
        on=arbitrating.LINE,
    )
    moved = both[
        both["new_promised_date"].ne(both["before_date"])
        & ~(both["new_promised_date"].isna() & both["before_date"].isna())
    ]
    columns: list[Any] = [
        "customer_id",
        *arbitrating.LINE,
        "promised_date",
        "before_date",
        "new_promised_date",
        "late_value",
        "why",
    ]
    table(moved[columns].head(1000), key="hand-lines", empty="No line's date moves.")
