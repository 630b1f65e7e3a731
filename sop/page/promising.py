"""What is asked before a date is given: when could we, and whom would it move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from sop import findings_ahead, words
from sop.page.asking import currency, query, row
from sop.page.choosing import AnyText, linked, open_customer
from sop.page.forward import OPPORTUNITY, open_order_line
from sop.page.showing import beside, section, table
from sop.promising import Collision, capable_to_promise, collide, customers_moved


def choose_opportunity() -> str | None:
    """Offer an opportunity by its number; None until one is chosen, or where there is no such open one."""
    chosen: str | None = st.text_input(
        "Opportunity",
        key=linked(OPPORTUNITY, AnyText(), "opportunity"),
        placeholder="Select a row above, or type its number",
    )
    chosen = chosen.strip() if chosen else None
    if chosen and query("pipeline/opportunity", opportunity=chosen).empty:
        st.warning(f"There is no open opportunity “{words.plain(chosen[:60])}” in this snapshot. Select one above.")
        return None
    return chosen


def choose_row_opportunity(chosen: Mapping[str, Any]) -> None:
    """Choose the opportunity of a row on the page that is open. For `on_row`."""
    st.session_state[f"{OPPORTUNITY}-choice"] = chosen["opportunity_id"]


def collision(opportunity: str) -> None:
    """Whom an opportunity would move if it were won at the date its customer was told, and when it would move nobody."""
    known = row("pipeline/opportunity", opportunity=opportunity)
    steps = query("pipeline/collision_steps", opportunity=opportunity)
    if known["need_date"] is None or steps.empty:
        missing = "no date" if known["need_date"] is None else "no routing through a work centre whose hours are known"
        section(
            f"{known['opportunity_id']} has {missing}, so nobody is known to be moved by it", "pipeline/opportunity"
        )
        return
    queue = query("pipeline/collision_queue", opportunity=opportunity)
    found = collide(steps, queue, query("pipeline/hours"), known["need_date"].date())
    section(
        findings_ahead.of_the_collision(known, found),
        "pipeline/collision_queue",
        "pipeline/collision_steps",
        "pipeline/hours",
    )
    st.markdown(words.plain(findings_ahead.of_the_way_out(known, found, currency())))
    if not found.moved.empty:
        _show_moved(found)


def _show_moved(found: Collision) -> None:
    left, right = beside()
    with left:
        st.markdown("**Customers it would move**")
        table(
            customers_moved(found.moved),
            key="customers-moved",
            hide=["customer_id"],
            on_row=open_customer,
            download=False,
        )
    with right:
        st.markdown("**Their order lines**")
        table(found.moved, key="lines-moved", hide=["customer_id"], on_row=open_order_line)


def capable_to_promise_form() -> None:
    """Ask for a product and a quantity, and say the earliest month that could honestly be promised."""
    products = query("pipeline/products")
    named = dict(zip(products["product_id"], products["product_name"], strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        product = st.selectbox(
            "Product", list(named), index=None, key=linked("product", named, "product"),
            format_func=lambda one: f"{named[one]}  ·  {one}", placeholder="Choose a product",
        )  # fmt: skip
        quantity = st.text_input("Quantity", key=linked("quantity", AnyText(), "quantity"), placeholder="Units")
    if not product or not quantity:
        return
    try:
        units = float(quantity.replace(",", ""))
    except ValueError:
        units = float("nan")
    if not 0 < units <= 1e12:
        st.warning(f"“{words.plain(quantity[:40])}” is not a number of units above 0.")
        return
    answer = capable_to_promise(query("pipeline/routing", product=product), query("pipeline/hours"), units)
    st.markdown(f"**{words.plain(findings_ahead.of_the_answer(answer, named[product], units))}**")
    shown = pd.DataFrame(answer.steps)[["work_centre_name", "step_hours", "ready_month"]]
    table(shown, key="answer-steps", download=False, empty="The hours of none of its work centres are known.")
