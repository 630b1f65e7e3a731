"""Changes by hand on the page about the scarce hours: lines that are kept or left waiting, and all that follows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from sop import arbitrated, arbitrating, findings_arbitrate, in_force, opening, words
from sop.allocation import Whole
from sop.arbitrating import Claims, Option, Weights
from sop.page.asking import currency
from sop.page.contesting import Cell
from sop.page.forward import open_order_line
from sop.page.showing import section, table

MOST_SHOWN = 1000
"""Order lines in a table, and in a list to choose from."""
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
    here = _worst_first(known, start, there).head(MOST_SHOWN)
    _lines_there(_with_names(here, known), about)
    keep, wait = _choose_lines(known, arbitrating.claims_on(known, contested), here.index.to_numpy(np.int64))
    if not keep and not wait:
        st.caption(
            "Only order lines that ask for hours in a contested month can be changed: the others wait for nobody."
        )
        return start
    st.button("Clear the changes by hand", on_click=_clear)
    first = list(keep.values())
    last = [number for line, number in wait.items() if line not in keep]
    hand = arbitrating.by_hand(known, weights, start, first, last, opening.levers_of(known, opened))
    for said in arbitrating.conflicts(known, first, hand):
        st.warning(words.plain(said))
    st.markdown(f"**{words.plain(findings_arbitrate.of_the_hand(hand, start, currency()))}**")
    table(arbitrated.side_by_side([start, hand]), key="hand-totals", download=False)
    _what_moves(hand, start, known)
    return hand


def _lines_there(shown: pd.DataFrame, about: Cell) -> None:
    """The lines that ask for hours in the month decided on; a selected row is kept or waits."""
    columns = ["customer_name", *arbitrating.LINE, "promised_date", "new_promised_date", "imposed_days", "open_value",
               "late_value"]  # fmt: skip
    st.segmented_control(
        "A selected row", list(ROW), key=DOES, format_func=ROW.__getitem__, default=KEEP, required=True
    )
    table(shown[columns], key=f"lines-there-{about.key}", on_row=_change, download=False,
          empty="No order line asks for hours there.")  # fmt: skip


def _worst_first(known: Claims, start: Option, there: Whole) -> pd.DataFrame:
    """The lines of these numbers with their open value, the latest and dearest first; their index is their number."""
    worth = (known.lines["open_quantity"] * known.lines["unit_price"]).iloc[there]
    lines = start.lines.iloc[there].assign(open_value=worth)
    return lines.sort_values(["late_value", "open_value"], ascending=False, kind="stable")


def _change(chosen: Mapping[str, Any]) -> None:
    """Keep the line of a row, or leave it waiting, as is chosen above the table. For `on_row`."""
    line, does = f"{chosen['order_id']} / {chosen['line_number']}", st.session_state.get(DOES) or KEEP
    for key in ROW:
        others = [one for one in st.session_state.get(key) or () if one != line]
        st.session_state[key] = [*others, line] if key == does else others


def _clear() -> None:
    st.session_state[KEEP], st.session_state[WAIT] = [], []


def _choose_lines(known: Claims, there: Whole, here: Whole) -> tuple[dict[str, int], dict[str, int]]:
    """The lines that are kept and those that wait, by order and line with their numbers; both in the URL.

    `there` are all that may be changed. Where these are too many to be listed, those `here` are, of the month decided on, and
    others can be typed.
    """
    is_too_long = len(there) > MOST_SHOWN
    offered = known.names_of(here if is_too_long else there)
    lost: list[str] = []
    for key in ROW:  # a scenario may name lines that ask for nothing on this snapshot, and anything can be typed
        if key in st.session_state:
            found = list(_changeable(known, st.session_state[key], there))
            lost += [line for line in st.session_state[key] if line not in found]
            st.session_state[key] = found
    chosen = []
    with st.container(horizontal=True):
        for key, label in ((KEEP, "Keep these order lines"), (WAIT, "Let these wait")):
            names = st.multiselect(label, offered, key=key, bind="query-params", placeholder="Order / line",
                                   accept_new_options=is_too_long)  # fmt: skip
            chosen.append(_changeable(known, names, there))
            lost += [line for line in names if line not in chosen[-1]]
    keep, wait = chosen
    if lost:
        st.warning(words.plain(f"No hours of a contested month are asked for by {words.joined(lost[:5])}."))
    if is_too_long:
        st.caption(
            f"The first {words.number(len(offered))} of the month decided on are listed; any other of the"
            f" {words.number(len(there))} order lines in contested months can be typed, as order / line."
        )
    both = [line for line in keep if line in wait]
    if both:
        st.warning(words.plain(f"{words.joined(both)} cannot be both kept and left waiting; it is kept."))
    return keep, wait


def _changeable(known: Claims, names: Sequence[str], there: Whole) -> dict[str, int]:
    """Of these order lines those that may be changed with their numbers, as they were chosen."""
    found = known.numbers_of(names)
    return {name: found[name] for name in names if name in found and (there == found[name]).any()}


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
