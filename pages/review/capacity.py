"""Where are we full, and whose promises fill it?"""

import streamlit as st

from sop import charts_ahead, findings_ahead, page, words

page.stop_without(__doc__, "capacity", "routings")
weight = page.choose_weight()
months = page.query("capacity/utilisation", **weight)
known = page.row("capacity/headline", **weight)
currency = page.currency()
page.title(__doc__, findings_ahead.of_the_capacity(months), page.horizon_named())

with st.grid(4, min_column_width=170):
    page.measure(
        "Full months",
        f"{words.whole(known['full_count'])} of {words.whole(known['month_count'])}",
        "utilisation",
    )
    page.measure("Hours missing there", f"{words.whole(known['overload_hours'])}", "overload")
    page.measure("Backlog, hours", f"{words.whole(known['backlog_hours'])}", "backlog")
    page.measure("At risk", words.money(known["at_risk_value"], currency), "at_risk")

names = dict(zip(months["work_centre_id"], months["work_centre_name"], strict=True))
page.section("Load over hours: select a cell to see who fills it", "capacity/utilisation")
heatmap = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    work_centre = page.choose_work_centre(names)
    own = months[months["work_centre_id"] == work_centre]
    month = page.choose_load_month(own)
with heatmap:
    page.picture(
        charts_ahead.utilisation(months, (work_centre, month)),
        "Utilisation by work centre and month", "utilisation", on_point=page.open_cell,
    )  # fmt: skip
    page.how_many_shown(len(names), charts_ahead.MOST_WORK_CENTRES)

cell = {"work_centre": work_centre, "load_month": month}
customers = page.query("capacity/customers", **cell)
left, right = page.beside()
with left:
    page.section(findings_ahead.of_the_work_centre(own), "capacity/utilisation")
    page.picture(charts_ahead.load_against_hours(own), "Load by kind against the hours there are", "load",
                 on_point=page.drill_to_month_ahead)  # fmt: skip
with right:
    page.section(findings_ahead.of_the_cell(names[work_centre], month, customers), "capacity/customers")
    page.table(customers, key="filling", hide=["customer_id"], on_row=page.open_customer,
               empty="Nobody asks for hours in this month.")  # fmt: skip

lines, opportunities, left_out = st.tabs(
    ["Order lines in the queue", "Opportunities", "What is left out"],
    on_change="rerun",
    key="queue",
    bind="query-params",
)
if lines.open:
    with lines:
        page.section("Served from top to bottom: the earliest first promise first", "capacity/lines")
        page.table(page.query("capacity/lines", **cell), key="queue-lines", hide=["customer_id"], on_row=page.open_order_line,
                   empty="No open order line asks for hours in this month.")  # fmt: skip
if opportunities.open:
    with opportunities:
        page.section("Select one to see whom it would move", "capacity/opportunities")
        page.table(page.query("capacity/opportunities", **cell), key="queue-opportunities", on_row=page.open_opportunity,
                   empty="No open opportunity would ask for hours in this month.")  # fmt: skip
if left_out.open:
    with left_out:
        page.section("What these figures could not reckon with", "capacity/left_out")
        page.left_out()
