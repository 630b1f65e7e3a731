"""From a figure to its rows: order lines, one line in full, a customer, a definition."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sop import findings, queries, words
from sop.charts_ahead import CAUSES_TO_CHOOSE
from sop.page.asking import query, row
from sop.page.causing import line_ahead_and_causes
from sop.page.choosing import BROKEN_BY, LINE, AnyText, linked, open_customer, open_line
from sop.page.noting import pinned_to_line
from sop.page.showing import beside, section, table

KINDS_OF_LINES = (
    "all", "broken", "kept", "due", "waiting now", "re-promised", "cancelled",
    "offered", "moved by us", "moved by customer", "missed", "wait",
)  # fmt: skip
"""Which of a customer's order lines can be asked for: by what became of them, and by what their wait is made of."""
BROKEN, FIRST_PROMISE = "broken", "to first promise"
MOST_ROWS = 1_000
"""Rows that the queries behind tables return at the most."""


def rows_behind(name: str, figures: Sequence[str], *, key: str, **given: Any) -> None:
    """The order lines behind the figures above, one kind at a time; the kind is kept in the URL under `key`.

    A row opens its customer where the query tells it (`customer_id`), else the line itself.
    """
    chosen = _which_lines(figures, key)
    _lines(query(name, figure=chosen, **given), f"{key}-{chosen}")


def broken_and_other_lines(figures: Sequence[str], rungs: Sequence[str], *, key: str, month: datetime.date) -> None:
    """The order lines behind the figures of a month; of those not kept, by which reading of the ladder or which cause.

    Both are kept in the URL: the kind under `key`, what they are broken by under `broken_by`.
    """
    chosen = _which_lines(figures, key)
    if chosen != BROKEN:
        _lines(query("overview/lines", figure=chosen, month=month), f"{key}-{chosen}")
        return
    readings = [*rungs, *CAUSES_TO_CHOOSE]
    by = st.selectbox(
        "Not kept, by this reading or cause", readings, width=380,
        key=linked(BROKEN_BY, readings, "reading or cause", FIRST_PROMISE),
        help="The six readings of the ladder, and the causes of what was not kept to the first promise.",
    )  # fmt: skip
    _lines(query("overview/broken_lines", broken_by=by, month=month), f"{key}-{by}")


def _which_lines(figures: Sequence[str], key: str) -> str:
    widget = linked(key, figures, "kind of line", figures[0])
    return str(st.segmented_control("Which lines", figures, key=widget, required=True))


def _lines(found: pd.DataFrame, key: str) -> None:
    has_customer = "customer_id" in found.columns
    table(
        found,
        key=key,
        hide=["customer_id"] if has_customer else [],
        on_row=open_customer if has_customer else open_line,
        empty="There is no such order line here.",
        file_name="order-lines",
    )
    if len(found) == MOST_ROWS:
        st.caption("These are the first thousand lines. Choose fewer months, or one customer, to see the others.")


def who(customer: Mapping[str, Any]) -> None:
    """Who the customer is and who looks after them, in one line."""
    known = {
        "tier": customer["tier"], "segment": customer["segment"], "region": customer["region"],
        "account manager": customer["account_manager"], "number": customer["customer_id"],
    }  # fmt: skip
    st.markdown("  ·  ".join(f"{what} **{words.plain(str(value))}**" for what, value in known.items() if value))


def how_open_lines_count(wait: Mapping[str, Any]) -> None:
    """Say what stands for the delivery of lines that have none yet, and for the wish where none is known."""
    said = []
    if wait["waiting_count"]:
        said.append(f"{words.counted(wait['waiting_count'], 'line')} overdue: counted to the day of the extracts")
    if wait["promised_count"]:
        said.append(f"{words.counted(wait['promised_count'], 'line')} not due yet: counted to the promise")
    if wait["unasked_count"]:
        said.append(f"{words.counted(wait['unasked_count'], 'line')} without a requested date: asked when promised")
    if said:
        st.caption(f"{words.counted(wait['line_count'], 'line')} in all; {words.joined(said)}.")


def line_in_full(customer: str) -> None:
    """One order line down to its dates, its moves and its deliveries; which one is kept in the URL."""
    section(
        "One order line, down to its moves and deliveries",
        "customer/line",
        "customer/line_moves",
        "customer/line_deliveries",
    )
    chosen = st.text_input(
        "Order and line",
        key=linked(LINE, AnyText(), "order line"),
        placeholder="Select a row above, or type: order / line",
    )
    if not chosen:
        return
    order, _, number = chosen.rpartition(" / ")
    asked = {"order_id": order.strip(), "line_number": number.strip()}
    found = query("customer/line", customer=customer, **asked)
    if found.empty:
        st.warning(f"This customer has no order line “{words.plain(chosen[:60])}”. Select one in a table above.")
        return
    line = row("customer/line", customer=customer, **asked)
    st.markdown(words.plain(findings.of_the_line(line)))
    line_ahead_and_causes(customer, **asked)
    left, right = beside()
    with left:
        st.markdown("**Moves of the promise**")
        table(
            query("customer/line_moves", **asked),
            key="moves",
            download=False,
            hide=["event_number"],
            empty="The promise never moved.",
        )
    with right:
        st.markdown("**Deliveries**")
        table(
            query("customer/line_deliveries", **asked),
            key="line-deliveries",
            download=False,
            empty="Nothing was delivered yet.",
        )
    table(found, key="line-dates", download=False, hide=["asked_date"])
    pinned_to_line(customer, **asked)


def definitions() -> None:
    """Every measure of queries/definitions: its words, its formula, its figure now, its SQL."""
    for definition in queries.in_folder("definitions"):
        name, _, meaning = definition.about.partition(": ")
        meaning, _, formula = meaning.partition(" Formula: ")
        with st.container(border=True):
            st.subheader(words.plain(name), anchor=False)
            st.markdown(words.plain(meaning[:1].upper() + meaning[1:]))
            st.markdown(f"**Formula**  {words.plain(formula)}")
            shown = st.expander("Its figure now, and its SQL", key=definition.name, on_change="rerun")
            if shown.open:
                with shown:
                    table(
                        query(definition.name),
                        key=f"{definition.name}-figure",
                        download=False,
                        file_name=definition.name.rpartition("/")[2],
                    )
                    st.code(definition.sql, language="sql", wrap_lines=True)


def every_query() -> None:
    """Choose any file of queries/ and read it."""
    shown = [name for name in queries.names() if not name.startswith("sample/")]
    chosen = st.selectbox(
        "File", shown, index=None, key=linked("query", shown, "query"), placeholder="Choose a file of queries/"
    )
    if chosen:
        found = queries.find(chosen)
        st.markdown(words.plain(found.about))
        st.code(found.sql, language="sql", wrap_lines=True)
