"""What moved since last month?"""

import streamlit as st

from sop import charts, findings, page

KINDS = {
    "promises": ["by us", "by the customer"],
    "opportunities": ["new", "won", "lost", "slipped", "brought forward", "quantity changed", "price changed", "gone",
                      "open again"],
    "order lines": ["new", "cancelled", "gone", "quantity changed", "price changed", "back"],
    "hours": ["fewer", "more", "stated now", "no longer stated"],
    "value at risk": ["at risk then", "at risk now", "new orders",
                      "larger or dearer", "promise moved earlier", "hours or other", "delivered",
                      "cancelled or gone", "smaller or cheaper", "promise moved later", "no longer late", "as before"],
}  # fmt: skip

if not page.choose_two(__doc__):
    st.stop()

totals = page.query("moves/totals")
currency = page.currency()
page.title(__doc__, findings.of_the_moves(totals, page.row("moves/snapshots")), findings.of_the_other_moves(totals))

if page.is_compared("value at risk"):
    steps = page.query("moves/at_risk")
    page.section(findings.of_the_bridge(steps, currency), "moves/at_risk", "compared/at_risk")
    page.picture(
        charts.value_at_risk_bridge(steps, currency), "Value at risk then, each step, value at risk now", "bridge",
        on_point=page.drill_to_step,
    )  # fmt: skip

page.section("What moved, by kind", "moves/totals")
page.table(totals, key="totals")

listed = page.choose_list(["customers", *KINDS])
if listed == "customers":
    page.section("Whose promises we moved furthest: select a row to open the customer", "moves/customers")
    page.table(page.query("moves/customers", most=1_000), key="customers", hide=["customer_id"],
               on_row=page.open_customer, empty="Nothing of any customer moved.")  # fmt: skip
elif listed == "promises":
    page.section("Promises that moved, the furthest first", "moves/promises", "compared/promise_moves")
    page.moves_of("moves/promises", KINDS[listed], key="promise-moves")
elif listed == "order lines":
    page.section("Order lines, the largest first", "moves/order_lines", "compared/order_line_moves")
    page.moves_of("moves/order_lines", KINDS[listed], key="order-line-moves")
elif listed == "opportunities" and page.is_compared(listed):
    page.section("Opportunities, the largest first", "moves/opportunities", "compared/opportunity_moves")
    page.moves_of("moves/opportunities", KINDS[listed], key="opportunity-moves")
elif listed == "hours" and page.is_compared(listed):
    page.section("Hours of work centres, the earliest month first", "moves/hours", "compared/hour_moves")
    page.moves_of("moves/hours", KINDS[listed], key="hour-moves")
elif listed == "value at risk" and page.is_compared(listed):
    page.section("The order lines in each step of the bridge", "moves/at_risk_lines", "compared/at_risk")
    page.moves_of("moves/at_risk_lines", KINDS[listed], key="at-risk-moves")
