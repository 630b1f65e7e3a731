"""Changes by hand on the page about the scarce hours: lines that are kept or left waiting, and all that follows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sop import arbitrated, arbitrating, findings_arbitrate, in_force, opening, words
from sop.allocation import Whole
from sop.arbitrating import Claims, Option, Weights
from sop.page.asking import currency
from sop.page.contesting import Cell
from sop.page.forward import open_order_line
from sop.page.showing import section, table

KEEP, WAIT, DOES = "keep", "wait", "a-selected-row"
ROW = {KEEP: "is kept", WAIT: "is left waiting"}


def change_by_hand(
    known: Claims, weights: Weights, opened: opening.Chosen, start: Option, contested: pd.DataFrame, there: Whole,
    about: Cell,
) -> Option:  # fmt: skip
    """Pin lines that are to be kept and let others wait, starting from an option to which levers were open; every consequence is
    shown at once.

    Returns what the changes make of the option, the option itself where there are none.
    """
    section(f"By hand, starting from “{start.title}”: select a row to change what it gets")
    _lines_there(known, start, there, about)
    named = _named(known, arbitrating.claims_on(known, contested))
    keep, wait = _choose_lines(list(named))
    if not keep and not wait:
        st.caption(
            "Only order lines that ask for hours in a contested month can be changed: the others wait for nobody."
        )
        return start
    st.button("Clear the changes by hand", on_click=_clear)
    first = [named[line] for line in keep]
    last = [named[line] for line in wait if line not in keep]
    hand = arbitrating.by_hand(known, weights, start, first, last, opening.levers_of(known, opened))
    for said in arbitrating.conflicts(known, first, hand):
        st.warning(words.plain(said))
    st.markdown(f"**{words.plain(findings_arbitrate.of_the_hand(hand, start, currency()))}**")
    table(arbitrated.side_by_side([start, hand]), key="hand-totals", download=False)
    _what_moves(hand, start, known)
    return hand


def _named(known: Claims, numbers: Whole) -> dict[str, int]:
    lines = known.lines.iloc[numbers]
    return {
        f"{order} / {line}": number
        for order, line, number in zip(lines["order_id"], lines["line_number"], numbers.tolist(), strict=True)
    }


def _lines_there(known: Claims, start: Option, there: Whole, about: Cell) -> None:
    """The lines that ask for hours in the month decided on, the latest and dearest first; a selected row is kept or waits."""
    worth = (known.lines["open_quantity"] * known.lines["unit_price"]).iloc[there]
    lines = _with_names(start.lines.iloc[there].assign(open_value=worth), known)
    shown = lines.sort_values(["late_value", "open_value"], ascending=False, kind="stable").head(1000)
    columns = ["customer_name", *arbitrating.LINE, "promised_date", "new_promised_date", "imposed_days", "open_value",
               "late_value"]  # fmt: skip
    st.segmented_control(
        "A selected row", list(ROW), key=DOES, format_func=ROW.__getitem__, default=KEEP, required=True
    )
    table(shown[columns], key=f"lines-there-{about.key}", on_row=_change, download=False,
          empty="No order line asks for hours there.")  # fmt: skip


def _change(chosen: Mapping[str, Any]) -> None:
    """Keep the line of a row, or leave it waiting, as is chosen above the table. For `on_row`."""
    line, does = f"{chosen['order_id']} / {chosen['line_number']}", st.session_state.get(DOES) or KEEP
    for key in ROW:
        others = [one for one in st.session_state.get(key) or () if one != line]
        st.session_state[key] = [*others, line] if key == does else others


def _clear() -> None:
    st.session_state[KEEP], st.session_state[WAIT] = [], []


def _choose_lines(known: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines that are kept and those that wait, by order and line; both in the URL."""
    for key in ROW:  # a scenario may name lines that ask for nothing on this snapshot
        if key in st.session_state:
            st.session_state[key] = [line for line in st.session_state[key] if line in known]
    with st.container(horizontal=True):
        keep = st.multiselect("Keep these order lines", known, key=KEEP, bind="query-params",
                              placeholder="Order / line")  # fmt: skip
        wait = st.multiselect("Let these wait", known, key=WAIT, bind="query-params", placeholder="Order / line")
    both = [line for line in keep if line in wait]
    if both:
        st.warning(words.plain(f"{words.joined(both)} cannot be both kept and left waiting; it is kept."))
    return keep, wait


def _what_moves(hand: Option, start: Option, known: Claims) -> None:
    """The lines whose date a hand change moves, with both dates."""
    moves = in_force.date_moves(hand.lines, start.lines)
    moved = hand.lines.assign(before_date=start.lines["new_promised_date"].to_numpy())[moves]
    columns = ["customer_name", *arbitrating.LINE, "promised_date", "before_date", "new_promised_date", "late_value", "why",
               "customer_id"]  # fmt: skip
    table(_with_names(moved, known)[columns].head(1000), key="hand-lines", hide=["customer_id"], on_row=open_order_line,
          empty="No line's date moves.")  # fmt: skip


def _with_names(lines: pd.DataFrame, known: Claims) -> pd.DataFrame:
    return lines.merge(known.customers[["customer_id", "customer_name"]], on="customer_id", how="left")
