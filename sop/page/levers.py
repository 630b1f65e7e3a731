"""Choosing the levers of an arbitration, and what an option takes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sop import opening, words
from sop.arbitrating import Claims, Option
from sop.page.asking import currency
from sop.page.showing import section, table

OPPORTUNITIES = {"none": "left out", "told": "with a date given to the customer", "all": "all by their chance"}
LISTS = {"outside": "outside", "elsewhere": "elsewhere", "moves": "moving"}
"""The levers that take a list, and the toggle that opens each."""
START = "{}-start"
"""Session key of the rows with which a lever's list begins."""


def choose_opportunities() -> str | None:
    """Offer whether opportunities claim hours too; None where they are left out, as queries have it."""
    chosen = st.segmented_control(
        "Opportunities", list(OPPORTUNITIES), default="none", required=True, key="claiming", bind="query-params",
        format_func=OPPORTUNITIES.__getitem__,
    )  # fmt: skip
    return None if chosen in (None, "none") else str(chosen)


def choose_levers(known: Claims, claiming: str | None) -> dict[str, Any]:
    """Offer every lever with its limit and cost; what is opened, as sop/opening.py has it. Figures are in the URL, lists in
    this session.
    """
    chosen: dict[str, Any] = {"claiming": claiming} if claiming else {}
    centres = list(opening.work_centres(known))
    with st.popover("Levers"):
        st.caption(
            "Overtime and hours bought outside are open to every option, as far as somebody would wait without them. The"
            " other levers are used by best overall alone."
        )
        if st.toggle("Overtime, as in the extract", key="overtime", bind="query-params"):
            chosen["overtime"] = True
        if st.toggle("Buy hours outside", key="outside", bind="query-params"):
            chosen["outside"] = _edited(
                "outside", {"work_centre": centres}, {"hours_a_month": 0.0, "cost_per_hour": 0.0}
            )
        if st.toggle("Make it in earlier months with hours to spare", key="earlier", bind="query-params"):
            label = words.unformatted(f"Cost of an hour for each month early, {currency()}")
            cost = st.number_input(label, 0.0, 1_000_000.0, 0.0, 1.0, key="earlier_cost", bind="query-params")
            chosen["earlier_cost"] = float(cost or 0.0)
        if st.toggle("Another work centre", key="elsewhere", bind="query-params"):
            figures = {"hours_a_month": 0.0, "cost_per_hour": 0.0, "hours_there_for_one": 1.0}
            chosen["elsewhere"] = _edited("elsewhere", {"work_centre": centres, "done_by": centres}, figures)
        if st.toggle("Move promises", key="moving", bind="query-params"):
            chosen["moves"] = _edited("moves", {"order_line": None}, {"months_later": 1.0, "cost_value": 0.0})
        if st.toggle("Decline opportunities", key="declining", bind="query-params"):
            chosen["declining"] = True
        unknown = opening.unknown(known, chosen)
        if unknown:
            st.warning(words.plain(f"Not there: {words.joined(unknown[:5])}. An order line is written order / line."))
    return chosen


def open_again(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What was once opened, by the key of each widget; the lists begin with their rows. To be called from a callback."""
    for name in LISTS:
        st.session_state[START.format(name)] = list(chosen.get(name, ()))
        st.session_state.pop(f"{name}-list", None)
    return {
        "claiming": chosen.get("claiming") or "none",
        **{name: bool(chosen.get(name)) for name in ("overtime", "declining")},
        "earlier": chosen.get("earlier_cost") is not None,
        "earlier_cost": float(chosen.get("earlier_cost") or 0.0),
        **{toggle: bool(chosen.get(name)) for name, toggle in LISTS.items()},
    }


def _edited(
    name: str, chosen: Mapping[str, Sequence[str] | None], figures: Mapping[str, float]
) -> list[dict[str, Any]]:
    """The rows typed into a table of choices and figures; those that are not complete are left out, and said to be."""
    rows = st.session_state.get(START.format(name), [])
    start = pd.DataFrame({
        **{part: pd.Series([row[part] for row in rows], dtype="str") for part in chosen},
        **{part: pd.Series([row[part] for row in rows], dtype="float") for part in figures},
    })  # fmt: skip
    edited = st.data_editor(
        start, key=f"{name}-list", hide_index=True, num_rows="dynamic",
        column_config={
            **{part: st.column_config.TextColumn(part.replace("_", " ")) if options is None
               else st.column_config.SelectboxColumn(part.replace("_", " "), options=options)
               for part, options in chosen.items()},
            **{part: st.column_config.NumberColumn(part.replace("_", " "), min_value=0.0, default=default)
               for part, default in figures.items()},
        },
    )  # fmt: skip
    whole = edited.dropna()
    if len(whole) < len(edited):
        st.caption("A row counts once it is complete.")
    return [{str(part): value for part, value in row.items()} for row in whole.to_dict("records")]


def levers_used(option: Option, known: Claims) -> None:
    """What an option takes of each lever, where and when, and what that costs."""
    if not option.taken:
        return
    names = {number: name for name, number in opening.work_centres(known).items()}
    months = known.hours.drop_duplicates("month_number").set_index("month_number")["month"]
    rows = pd.DataFrame(
        [
            {
                "lever": one.kind, "work_centre_name": names[one.work_centre], "done_by": names[one.source],
                "month": months[one.month], "taken_hours": one.hours, "cost_value": one.cost,
            }
            for one in option.taken
        ]
    )  # fmt: skip
    section(f"Levers taken: {words.money(sum(one.cost for one in option.taken), currency())}")
    table(rows, key="levers-taken")
