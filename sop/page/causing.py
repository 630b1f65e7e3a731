"""Where the gap opened and what will break: shown for the company and, the same, for one customer."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import streamlit as st

from sop import charts_ahead, findings_ahead, queries, words
from sop.page.asking import currency, query, row
from sop.page.choosing import CAUSE, choose, open_customer, open_line
from sop.page.drilling import drill_to_cause, drill_to_own_cause
from sop.page.forward import choose_figure, open_block, open_order_line
from sop.page.showing import beside, picture, section, table

RULES = ("promised_inside_lead_time", "not_seen_coming", "no_room_in_the_plan", "reason_given", "not_explained")
"""The definition of each cause, in the order of the handover."""


def what_will_break() -> None:
    """The customers whose open promises cannot be kept for want of hours, and a word where hours are not known."""
    known = row("overview/ahead")
    section(findings_ahead.of_the_risk(known, currency()), "overview/ahead", "overview/at_risk")
    _say_unknown()
    table(query("overview/at_risk"), key="at-risk", hide=["customer_id"], on_row=open_customer,
          empty="No open promise is known to break.")  # fmt: skip


def what_stops_them(customer: str) -> None:
    """The work centres and months that stop a customer's promises; a row opens who else is in the queue there."""
    stops = query("customer/stopped_by", customer=customer)
    if stops.empty:
        return
    section("What stops them: select one to see who else is in the queue", "customer/stopped_by")
    table(stops, key="stops", hide=["blocking_work_centre_id"], on_row=open_block)


def of_the_open(customer: str) -> str:
    """What of a customer's open promises will not be there when promised, as a heading."""
    found = query("customer/ahead", customer=customer)
    return findings_ahead.of_the_open(None if found.empty else row("customer/ahead", customer=customer), currency())


def _say_unknown() -> None:
    given = row("capacity/given")
    missing = [name for name in ("capacity", "routings") if not given[f"has_{name}"]]
    if missing:
        st.caption(f"Without the extract {words.joined(missing)} only what is overdue is known to be at risk.")


def where_the_gap_opened(
    first_month: datetime.date | None, last_month: datetime.date | None, customer: str | None = None
) -> None:
    """The causes of the broken promises of some months, the rule behind each, and the promises made onto full months."""
    asked = {"first_month": first_month, "last_month": last_month, "customer": customer}
    found = query("overview/causes", **asked)
    section(findings_ahead.of_the_causes(found), "overview/causes", "marts/causes")
    left, right = beside()
    with left:
        if found["broken_count"].sum():
            picture(
                charts_ahead.causes(found), "Broken promises by the cause that leads, and by all evidence", "causes",
                on_point=drill_to_own_cause if customer else drill_to_cause,
            )  # fmt: skip
    with right:
        st.markdown("**The rule behind each cause**")
        st.markdown("\n".join(f"- {_rule(name)}" for name in RULES))
    _hot(asked)
    if not customer:
        _groups(asked)


def _rule(name: str) -> str:
    """A cause and its formula, from its definition."""
    about = queries.find(f"definitions/{name}").about
    return f"**{words.plain(about.partition(':')[0])}**: {words.plain(about.partition(' Formula: ')[2])}"


def _groups(asked: Mapping[str, Any]) -> None:
    shown = st.expander("By customer, product family, month or what was waited on", on_change="rerun", key="causes-by",
                        bind="query-params")  # fmt: skip
    if shown.open:
        with shown:
            by = choose_figure("Causes by", ["customer", "product family", "month", "waiting on"], key="by")
            table(query("overview/cause_groups", by=by, **asked), key=f"causes-{by}", empty="No promise was broken.")


def _hot(asked: Mapping[str, Any]) -> None:
    shown = st.expander("Promises made onto a full month", on_change="rerun", key="hot", bind="query-params")
    if shown.open:
        with shown:
            st.markdown(words.plain(findings_ahead.of_the_hot(row("overview/hot", **asked), currency())))
            table(query("overview/hot_lines", **asked), key="hot-lines", hide=["customer_id"], file_name="hot-promises",
                  on_row=open_line if asked["customer"] else open_order_line, empty="There is none.")  # fmt: skip


def both_views(customer: str, **span: Any) -> None:
    """Every broken promise of a customer as sales saw it and as operations saw it; a row opens the line."""
    section("The same promise through both pairs of eyes", "customer/both_views")
    st.caption("Asked, promised, value, stage: what sales saw. Lead time, load, hours, reason: what operations saw.")
    cause = choose("Where the gap opened", charts_ahead.CAUSES_TO_CHOOSE, key=CAUSE)
    table(query("customer/both_views", customer=customer, cause=cause, **span), key=f"both-views-{cause}", on_row=open_line,
          empty="No such promise to this customer was broken in these months.", file_name="broken-promises")  # fmt: skip


def line_ahead_and_causes(customer: str, order_id: str, line_number: str) -> None:
    """When an open line can really be there, and both views of a line whose promise was broken; nothing else."""
    asked = {"customer": customer, "order_id": order_id, "line_number": line_number}
    if not query("customer/line_ahead", **asked).empty:
        st.markdown(words.plain(findings_ahead.of_the_line_ahead(row("customer/line_ahead", **asked), currency())))
    if query("customer/both_views", **asked).empty:
        return
    sales, operations, gap = findings_ahead.of_both_views(row("customer/both_views", **asked), currency())
    st.markdown(
        f"**What sales saw**  {words.plain(sales)}  \n**What operations saw**  {words.plain(operations)}  \n"
        f"**Where the gap opened**  {words.plain(gap)}"
    )
