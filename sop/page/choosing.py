"""Choices that live in the URL, and the way from one page to another."""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from sop import words
from sop.company import start_of_fiscal_year
from sop.page.asking import held_settings, query
from sop.page.signing import has_page

PAGES = Path(__file__).parent.parent.parent / "pages"
MONTH, SPAN, CUSTOMER, LINE = "month", "span", "customer", "line"
MEETING = "meeting"
BROKEN_BY, CAUSE, NEED = "broken_by", "cause", "need"
"""By which reading or cause the lines behind are not kept; the cause of a customer's; the month of need of opportunities."""
BEFORE, AFTER = "before", "after"
LIST, AT_RISK_MOVES = "list", "at-risk-moves"
"""Which list of moves stands open, and the step of the bridge whose lines it shows."""
WORK_CENTRE, AHEAD = "work_centre", "ahead"
ALWAYS_IN_URL = (MONTH, WORK_CENTRE, AHEAD, BEFORE, AFTER)
"""Choices whose default differs from one snapshot to the next: a link must name them."""
FISCAL = "fiscal"
SPANS = {"1": "the month", "3": "3 months", "12": "12 months", FISCAL: "fiscal year", "all": "all"}
"""How far a page looks back from the month under review; over the fiscal year from its start."""


def linked(
    key: str, known: Container[str], what: str, first: str | None = None, where: str = "in this snapshot"
) -> str:
    """Make a choice and the URL agree before its widget is drawn; return the widget's key.

    A link and the Back button win over what was chosen, what was chosen wins over nothing; where Back leads to a page
    without the choice, it is undone and not written again, so that Back can go on. An address that lacks the choice since the
    browser has not heard of it yet is no way back: it comes with another choice that was just made (`is_chosen`). Streamlit's
    own binding is not used: it writes what is shown, not what is meant (a name instead of a customer's number), and leaves
    a default out, so that a link without its month would open another month later.
    """
    widget, mirror, shown = f"{key}-choice", f"{key}-linked", f"{key}-in-url"
    in_url, before = st.query_params.get(key), st.session_state.get(mirror)
    chosen = st.session_state.get(widget, before)
    went_back = (
        in_url is None and st.session_state.get(shown) and chosen == before and st.session_state["is_same_page"]
        and not st.session_state["is_chosen"]
    )  # fmt: skip
    if went_back:
        chosen = None
    elif in_url is not None and in_url != before:
        if in_url in known:
            chosen = in_url
        else:
            st.warning(f"There is no {what} “{words.plain(in_url[:60])}” {where}. Choose one from the list.")
            chosen = None
    if chosen is None or chosen not in known:
        chosen = first
    st.session_state[widget] = chosen
    st.session_state[mirror] = chosen
    if chosen is None:
        st.query_params.pop(key, None)
    elif in_url != chosen and not went_back and (in_url or chosen != first or key in ALWAYS_IN_URL):
        st.query_params[key] = chosen
    st.session_state[shown] = key in st.query_params
    return widget


class AnyText:
    """Every text is known: what is typed freely is looked up later."""

    def __contains__(self, text: object) -> bool:
        return bool(text)


def choose_month() -> None:
    """Offer the months above the page, the newest first."""
    known = [f"{month:%Y-%m}" for month in query("overview/months")["month"]][::-1]
    if known:
        st.selectbox(
            "Month", known, key=hold_month(known), format_func=words.month_name, label_visibility="collapsed", width=180
        )


def hold_month(known: list[str] | None = None) -> str:
    """Make the month under review and the URL agree; return the key of the widget that offers it."""
    if known is None:
        known = [f"{month:%Y-%m}" for month in query("overview/months")["month"]][::-1]
    return linked(MONTH, known, "month", known[0] if known else None)


def choose_span() -> None:
    """Offer how many months up to the chosen one a page looks back over."""
    key = linked(SPAN, SPANS, "span of months", "12")
    first = datetime.date(2000, held_settings().showing.fiscal_year_month, 1)
    st.segmented_control(
        "Looking at", list(SPANS), key=key, format_func=SPANS.__getitem__, required=True,
        help=f"Up to the chosen month; the fiscal year from {first:%B} on.",
    )  # fmt: skip


def choose(label: str, options: Iterable[str], key: str) -> str | None:
    """Offer one filter; None stands for all, as queries have it."""
    known = list(options)
    return st.selectbox(label, known, index=None, key=linked(key, known, label.lower()), placeholder="All")


def choose_customer() -> str | None:
    """Offer the customers by name; None until one is chosen, or where the URL names one that is unknown."""
    choices = query("customer/choices")
    named = dict(zip(choices["customer_id"], choices["customer_name"], strict=True))
    chosen: str | None = st.selectbox(
        "Customer", list(named), index=None, key=linked(CUSTOMER, named, "customer"),
        placeholder="Choose a customer, or type a part of the name",
        format_func=lambda customer: f"{named[customer]}  ·  {customer}",
        on_change=_forget_line,
    )  # fmt: skip
    return chosen


def _forget_line() -> None:
    """The line that stands open belongs to the customer before."""
    st.session_state[f"{LINE}-choice"] = st.session_state[f"{LINE}-linked"] = None
    st.query_params.pop(LINE, None)


def goto(page: str, **chosen: str | list[str]) -> None:
    """Open another page with these choices, and keep the others; without effect where whoever is here is not given it.

    To be called from a callback.
    """
    if not has_page(page):
        return
    kept = {
        key: st.session_state[f"{key}-linked"]
        for key in (MONTH, SPAN, MEETING)
        if st.session_state.get(f"{key}-linked")
    }
    for key, value in chosen.items():
        st.session_state[f"{key}-choice"] = st.session_state[f"{key}-linked"] = value
    st.switch_page(str(PAGES / page), query_params={**kept, **chosen})


def month() -> datetime.date:
    """The month under review, its first day."""
    return datetime.date.fromisoformat(f"{st.session_state[f'{MONTH}-linked']}-01")


def months() -> dict[str, datetime.date | None]:
    """`first_month` and `last_month` of the chosen span, as queries take them."""
    span = st.session_state[f"{SPAN}-linked"]
    if span == "all":
        return {"first_month": None, "last_month": None}
    first = month()
    if span == FISCAL:
        start = start_of_fiscal_year(first, held_settings().showing.fiscal_year_month)
        return {"first_month": start, "last_month": first}
    for _ in range(int(span) - 1):
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    return {"first_month": first, "last_month": month()}


def months_named() -> str:
    """The chosen span in words: 'October 2026', 'November 2025 to October 2026' or 'all months'."""
    chosen = months()
    first, last = chosen["first_month"], chosen["last_month"]
    if first is None or last is None:
        return "all months"
    return f"{last:%B %Y}" if first == last else f"{first:%B %Y} to {last:%B %Y}"


def open_customer(chosen: Mapping[str, Any]) -> None:
    """Open the page of the customer in a row. For `on_row`."""
    goto("review/customer.py", **{CUSTOMER: chosen["customer_id"]})


def open_line(chosen: Mapping[str, Any]) -> None:
    """Show the order line of a row in full. For `on_row`."""
    st.session_state[f"{LINE}-choice"] = f"{chosen['order_id']} / {chosen['line_number']}"


def link(page: str, label: str) -> None:
    """A link to another page, where whoever is here is given that."""
    if has_page(page):
        st.page_link(str(PAGES / page), label=label)
