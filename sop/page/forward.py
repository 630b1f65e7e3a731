"""What the pages about the months ahead share: which extracts they need, and how opportunities are weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sop import words
from sop.page.asking import is_missing, query, row
from sop.page.choosing import AHEAD, CUSTOMER, LINE, NEED, WORK_CENTRE, goto, linked
from sop.page.showing import table, title

WEIGHT, OPPORTUNITY = "weight", "opportunity"
WEIGHTS = {
    "recorded": "by their chance", "none": "not at all", "30": "in full from 30 %", "50": "from 50 %", "70": "from 70 %",
    "90": "from 90 %", "all": "all in full",
}  # fmt: skip
WHY = {
    "capacity": "the hours of each work centre and month",
    "routings": "the hours a unit of each product takes, and where",
    "opportunities": "what sales is about to sell, to whom, how likely and for when",
}
"""What a page about the months ahead needs an extract for."""


def stop_without(question: str | None, *extracts: str) -> None:
    """Say which of these extracts are missing and what they are for, and end the page there; nothing where all are in."""
    given = row("capacity/given")
    missing = [name for name in extracts if not given[f"has_{name}"]]
    if not missing and ("capacity" not in extracts or given["last_month"] is not None):
        return
    if missing:
        title(question, f"Not to be answered without {words.joined(missing)}")
        said = [f"**{name}** ({WHY[name]})" for name in missing]
        st.info(f"Missing: {words.joined(said)}. Bring them on the page *Extracts*.")
    else:
        title(question, "No hours are known for the months ahead")
        st.info(f"The extract **capacity** has no hours from {given['first_month']:%B %Y} on. Bring a newer one.")
    st.stop()


def choose_weight() -> dict[str, Any]:
    """Offer how much opportunities weigh; `weight` and `from_rate` as queries take them."""
    key = linked(WEIGHT, WEIGHTS, "weight", "recorded")
    chosen = str(
        st.segmented_control(
            "Opportunities count", list(WEIGHTS), key=key, format_func=WEIGHTS.__getitem__, required=True
        )
    )
    if chosen.isdigit():
        return {"weight": "likely", "from_rate": int(chosen) / 100}
    return {"weight": chosen, "from_rate": None}


def choose_work_centre(names: Mapping[str, str]) -> str:
    """Offer the work centres, {number: name} with the fullest first, which stands where none is chosen."""
    first = next(iter(names), None)
    key = linked(WORK_CENTRE, names, "work centre", first)
    chosen: str = st.selectbox("Work centre", list(names), key=key, format_func=lambda one: _named(names, one))
    return chosen


def _named(names: Mapping[str, str], work_centre: str) -> str:
    name = names[work_centre]
    return name if name == work_centre else f"{name}  ·  {work_centre}"


def choose_load_month(months: pd.DataFrame) -> str:
    """Offer the months of one work centre (month, is_full), its first full one where none is chosen; as 2026-11."""
    known = [f"{month:%Y-%m}" for month in months["month"]]
    full = [f"{month:%Y-%m}" for month in months.loc[months["is_full"], "month"]]
    key = linked(AHEAD, known, "month ahead", [*full, *known][0])
    chosen: str = st.selectbox("Month ahead", known, key=key, format_func=words.month_name)
    return chosen


def choose_need(months: pd.DataFrame) -> dict[str, Any]:
    """Offer the months in which an open opportunity is needed; `need_month` as queries take it, None for all."""
    known = [f"{month:%Y-%m}" for month in months["need_month"]]
    chosen = st.selectbox("Needed in", known, index=None, key=linked(NEED, known, "month of need"), placeholder="All months",
                          format_func=words.month_name, width=220)  # fmt: skip
    return {"need_month": chosen and f"{chosen}-01"}


def open_cell(point: Mapping[str, Any]) -> None:
    """Open a work centre and month of the heatmap, in one step for the Back button. For `on_point`."""
    work_centre, month = point["customdata"][:2]
    chosen = {WORK_CENTRE: str(work_centre), AHEAD: str(month)[:7]}
    for key, value in chosen.items():
        st.session_state[f"{key}-choice"] = st.session_state[f"{key}-linked"] = value
    st.query_params.update(chosen)


def open_block(chosen: Mapping[str, Any]) -> None:
    """Open the work centre and month that stop the promise in a row. For `on_row`."""
    if not is_missing(chosen["blocking_work_centre_id"]):
        month = f"{chosen['blocking_month']:%Y-%m}"
        goto("review/capacity.py", **{WORK_CENTRE: chosen["blocking_work_centre_id"], AHEAD: month})


def open_order_line(chosen: Mapping[str, Any]) -> None:
    """Open the order line of a row on the page of its customer. For `on_row`."""
    line = f"{chosen['order_id']} / {chosen['line_number']}"
    goto("review/customer.py", **{CUSTOMER: chosen["customer_id"], LINE: line})


def open_opportunity(chosen: Mapping[str, Any]) -> None:
    """Open the opportunity of a row on the page *Pipeline*. For `on_row`."""
    goto("review/pipeline.py", **{OPPORTUNITY: chosen["opportunity_id"]})


def horizon_named() -> str:
    """The months looked at, in words: 'November 2026 to July 2027'."""
    given = row("capacity/given")
    return f"{given['first_month']:%B %Y} to {given['last_month']:%B %Y}, each with all its hours."


def how_many_shown(there_are: int, most: int) -> None:
    """Say where a picture shows only the fullest work centres."""
    if there_are > most:
        st.caption(f"The {most} fullest of {words.number(there_are)} work centres; choose any other below.")


def left_out() -> None:
    """What the forward view could not reckon with and the value it concerns; nothing where there is nothing."""
    found = query("capacity/left_out")
    if found.empty:
        st.caption("Every open order line and every opportunity is reckoned with.")
        return
    table(found, key="left-out")


def choose_figure(label: str, figures: Sequence[str], *, key: str) -> str:
    """Offer which rows a table shows, the first where none is chosen; kept in the URL under `key`."""
    widget = linked(key, figures, label.lower(), figures[0])
    return str(st.segmented_control(label, figures, key=widget, required=True))
