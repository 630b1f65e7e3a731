"""From a point of a picture to what it stands for. Each is for `on_point` of a picture, and called as a callback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from sop.page.choosing import (
    AHEAD,
    AT_RISK_MOVES,
    BROKEN_BY,
    CAUSE,
    CUSTOMER,
    LINE,
    LIST,
    MONTH,
    NEED,
    goto,
)

Point = Mapping[str, Any]


def drill_to_customer(point: Point) -> None:
    """Open the page of the customer that a bar stands for."""
    goto("review/customer.py", **{CUSTOMER: str(point["customdata"][0])})


def drill_to_month(point: Point) -> None:
    """Put the month of a point under review."""
    st.session_state[f"{MONTH}-choice"] = str(point["customdata"][0])


def drill_to_month_ahead(point: Point) -> None:
    """Open the month of a bar: who fills it."""
    st.session_state[f"{AHEAD}-choice"] = str(point["customdata"][0])


def drill_to_line(point: Point) -> None:
    """Open the order line that a dot stands for, down to its moves and deliveries."""
    order, line = point["customdata"][:2]
    st.session_state[f"{LINE}-choice"] = f"{order} / {line}"


def drill_to_wait(point: Point) -> None:
    """List the order lines whose days a bar of the wait adds up. For the page of a customer."""
    st.session_state["view"] = "Order lines"
    st.session_state["lines-choice"] = str(point["customdata"][0])


def drill_to_step(point: Point) -> None:
    """List the order lines in a step of the bridge; for a total, all that were at risk then or now."""
    st.session_state[f"{LIST}-choice"] = "value at risk"
    st.session_state[f"{AT_RISK_MOVES}-choice"] = str(point["customdata"][0])


def drill_to_rung(point: Point) -> None:
    """Open the order lines that were not kept under the reading of a rung. For the ladder of *Overview*."""
    _list_broken_by(str(point["y"]))


def drill_to_cause(point: Point) -> None:
    """Open the order lines that a bar of a cause counts. For *Overview*."""
    _list_broken_by(str(point["customdata"][0]))


def _list_broken_by(reading: str) -> None:
    st.session_state["behind"] = True
    st.session_state["figure-choice"] = "broken"
    st.session_state[f"{BROKEN_BY}-choice"] = reading


def drill_to_own_cause(point: Point) -> None:
    """Narrow the broken promises below the picture to those that a bar of a cause counts. For the page of a customer."""
    st.session_state[f"{CAUSE}-choice"] = str(point["customdata"][0])


def drill_to_opportunities(point: Point) -> None:
    """List the opportunities that a part of a bar stands for: those of its month that cannot be there in time, or all of it."""
    figure, month = point["customdata"][:2]
    st.session_state["opportunities-choice"] = str(figure)
    st.session_state[f"{NEED}-choice"] = str(month)
