"""Choosing the levers of an arbitration, and what an option takes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from sop import arbitrating, words
from sop.allocation import Hours
from sop.arbitrating import Claims, Option
from sop.levers import Elsewhere, Levers, Move
from sop.page.asking import currency
from sop.page.showing import section, table

OPPORTUNITIES = {"none": "left out", "told": "with a date given to the customer", "all": "all by their chance"}


def choose_opportunities() -> str | None:
    """Offer whether opportunities claim hours too; None where they are left out, as queries have it."""
    chosen = st.segmented_control(
        "Opportunities", list(OPPORTUNITIES), default="none", required=True, key="claiming", bind="query-params",
        format_func=OPPORTUNITIES.__getitem__,
    )  # fmt: skip
    return None if chosen in (None, "none") else str(chosen)


def choose_levers(known: Claims) -> Levers | None:
    """Offer every lever with its limit and cost; None where none is opened. Figures are in the URL, lists in this session."""
    with st.popover("Levers"):
        st.caption(
            "Overtime and hours bought outside are open to every option, as far as somebody would wait without them. The"
            " other levers are used by best overall alone."
        )
        has_overtime = st.toggle("Overtime, as in the extract", key="overtime", bind="query-params")
        outside = _bought(known)
        earlier = _earlier(known)
        elsewhere = _elsewhere(known) if st.toggle("Another work centre", key="elsewhere", bind="query-params") else ()
        moves = _moves(known) if st.toggle("Move promises", key="moving", bind="query-params") else ()
        can_decline = st.toggle("Decline opportunities", key="declining", bind="query-params")
    if not (has_overtime or outside or earlier or elsewhere or moves or can_decline):
        return None
    overtime = arbitrating.overtime(known) if has_overtime else Levers()
    return Levers(
        overtime.limit,
        overtime.cost,
        *(outside or (None, None)),
        *(earlier or (None, None)),
        elsewhere,
        moves,
        can_decline,
    )


def _number(label: str, key: str, step: float) -> float:
    return float(st.number_input(label, 0.0, 1_000_000.0, 0.0, step, key=key, bind="query-params") or 0.0)


def _bought(known: Claims) -> tuple[Hours, Hours] | None:
    """Hours bought outside by work centre, the same in every month; None where there are none."""
    if not st.toggle("Buy hours outside", key="outside", bind="query-params"):
        return None
    names = _names(known)
    rows = _edited("outside-hours", {"work_centre": list(names)}, {"hours_a_month": 0.0, "cost_per_hour": 0.0})
    limit, cost = np.zeros((2, *known.available.shape))
    for row in rows:
        limit[names[row["work_centre"]]], cost[names[row["work_centre"]]] = row["hours_a_month"], row["cost_per_hour"]
    return (limit, cost) if limit.any() else None


def _earlier(known: Claims) -> tuple[Hours, Hours] | None:
    """As many hours as there are may be kept for later months, at one cost; None where that is not opened."""
    if not st.toggle("Make it in earlier months with hours to spare", key="earlier", bind="query-params"):
        return None
    cost = _number(f"Cost of an hour for each month early, {currency()}", "earlier_cost", 1.0)
    return np.cumsum(known.available, axis=1), np.full(known.available.shape, cost)


def _elsewhere(known: Claims) -> tuple[Elsewhere, ...]:
    names = _names(known)
    rows = _edited(
        "elsewhere-list", {"work_centre": list(names), "done_by": list(names)},
        {"hours_a_month": 0.0, "cost_per_hour": 0.0, "hours_there_for_one": 1.0},
    )  # fmt: skip
    return tuple(
        Elsewhere(names[row["work_centre"]], names[row["done_by"]], row["hours_a_month"], row["cost_per_hour"],
                  row["hours_there_for_one"])
        for row in rows if row["work_centre"] != row["done_by"]
    )  # fmt: skip


def _moves(known: Claims) -> tuple[Move, ...]:
    orders = known.lines[~known.is_opportunity]
    names = {f"{order} / {line}": number for number, order, line in
             zip(orders.index, orders["order_id"], orders["line_number"], strict=True)}  # fmt: skip
    rows = _edited("moves-list", {"order_line": None}, {"months_later": 1.0, "cost_value": 0.0})
    unknown = [row["order_line"] for row in rows if row["order_line"] not in names]
    if unknown:
        st.warning(words.plain(f"There is no open order line {words.joined(unknown[:5])}. Write order / line."))
    found = {names[row["order_line"]]: row for row in rows if row["order_line"] in names}
    return tuple(Move(int(line), int(row["months_later"]), row["cost_value"]) for line, row in found.items())


def _names(known: Claims) -> dict[str, int]:
    """The number of each work centre by its name, with its id where two are called the same."""
    centres = known.hours.drop_duplicates("work_centre_number")
    twice = centres["work_centre_name"].duplicated(keep=False)
    return {
        f"{name} ({key})" if is_twice else str(name): int(number)
        for name, key, number, is_twice in zip(
            centres["work_centre_name"], centres["work_centre_id"], centres["work_centre_number"], twice, strict=True
        )
    }


def _edited(key: str, chosen: dict[str, list[str] | None], figures: dict[str, float]) -> list[dict[str, Any]]:
    """The rows typed into a table of choices and figures; those that are not complete are left out, and said to be."""
    empty = pd.DataFrame({**{name: pd.Series(dtype="str") for name in chosen},
                          **{name: pd.Series(dtype="float") for name in figures}})  # fmt: skip
    edited = st.data_editor(
        empty, key=key, hide_index=True, num_rows="dynamic",
        column_config={
            **{name: st.column_config.TextColumn(name.replace("_", " ")) if options is None
               else st.column_config.SelectboxColumn(name.replace("_", " "), options=options)
               for name, options in chosen.items()},
            **{name: st.column_config.NumberColumn(name.replace("_", " "), min_value=0.0, default=default)
               for name, default in figures.items()},
        },
    )  # fmt: skip
    whole = edited.dropna()
    if len(whole) < len(edited):
        st.caption("A row counts once it is complete.")
    return [{str(name): value for name, value in row.items()} for row in whole.to_dict("records")]


def levers_used(option: Option, known: Claims) -> None:
    """What an option takes of each lever, where and when, and what that costs."""
    if not option.taken:
        return
    names = {number: name for name, number in _names(known).items()}
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
