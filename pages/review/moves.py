"""What moved since last month?"""

import streamlit as st

from sop import charts, findings, page

PROMISES = ["by us", "by the customer"]
OPPORTUNITIES = [
    "new",
    "won",
    "lost",
    "slipped",
    "brought forward",
    "quantity changed",
    "price changed",
    "gone",
    "open again",
]
ORDER_LINES = ["new", "cancelled", "gone", "quantity changed", "price changed", "back"]
HOURS = ["fewer", "more", "stated now", "no longer stated"]
STEPS = ["new orders", "larger or dearer", "promise moved earlier", "hours or other", "delivered", "cancelled or gone",
         "smaller or cheaper", "promise moved later", "no longer late", "as before"]  # fmt: skip

if not page.choose_two(__doc__):
    st.stop()

totals = page.query("moves/totals")
currency = page.currency()
page.title(__doc__, findings.of_the_moves(totals, page.row("moves/snapshots")), findings.of_the_other_moves(totals))

if page.is_compared("value at risk"):
    steps = page.query("moves/at_risk")
    page.section(findings.of_the_bridge(steps, currency), "moves/at_risk", "compared/at_risk")
    page.picture(
        charts.value_at_risk_bridge(steps, currency), "Value at risk then, each step, value at risk now", "bridge"
    )

page.section("What moved, by kind", "moves/totals")
page.table(totals, key="totals")

customers, promises, opportunities, order_lines, hours, at_risk = st.tabs(
    ["Customers", "Promises", "Opportunities", "Order lines", "Hours", "At risk"],
    on_change="rerun",
    key="moved",
    bind="query-params",
)
if customers.open:
    with customers:
        page.section("Whose promises we moved furthest: select a row to open the customer", "moves/customers")
        page.table(page.query("moves/customers", most=1_000), key="customers", hide=["customer_id"],
                   on_row=page.open_customer, empty="Nothing of any customer moved.")  # fmt: skip
if promises.open:
    with promises:
        page.section("Promises that moved, the furthest first", "moves/promises", "compared/promise_moves")
        page.moves_of("moves/promises", PROMISES, key="promise-moves")
if opportunities.open:
    with opportunities:
        page.section("Opportunities, the largest first", "moves/opportunities", "compared/opportunity_moves")
        if page.is_compared("opportunities"):
            page.moves_of("moves/opportunities", OPPORTUNITIES, key="opportunity-moves")
if order_lines.open:
    with order_lines:
        page.section("Order lines, the largest first", "moves/order_lines", "compared/order_line_moves")
        page.moves_of("moves/order_lines", ORDER_LINES, key="order-line-moves")
if hours.open:
    with hours:
        page.section("Hours of work centres, the earliest month first", "moves/hours", "compared/hour_moves")
        if page.is_compared("hours"):
            page.moves_of("moves/hours", HOURS, key="hour-moves")
if at_risk.open:
    with at_risk:
        page.section("The order lines in each step of the bridge", "moves/at_risk_lines", "compared/at_risk")
        if page.is_compared("value at risk"):
            page.moves_of("moves/at_risk_lines", STEPS, key="at-risk-moves")
