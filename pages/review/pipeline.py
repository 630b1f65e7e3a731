"""What are we about to promise, and can we?"""

import streamlit as st

from sop import charts_ahead, findings_ahead, page, words

page.stop_without(__doc__, "opportunities", "routings", "capacity")
known = page.row("pipeline/headline")
months = page.query("pipeline/months")
currency = page.currency()
page.title(__doc__, findings_ahead.of_the_pipeline(known, currency), page.horizon_named())

with st.grid(4, min_column_width=220):
    page.measure("Open", words.money(known["open_value"], currency), "weighted_pipeline")
    page.measure("By its chance", words.money(known["weighted_value"], currency), "weighted_pipeline")
    page.measure("Spoken for", words.money(known["spoken_for_value"], currency), "spoken_for")
    page.measure("Cannot be there in time", words.money(known["too_late_value"], currency), "capable_to_promise")

left, right = page.beside()
with left:
    page.section("What is needed when", "pipeline/months")
    page.picture(charts_ahead.needed_by_month(months, currency), "Open opportunities by month of need", "needed",
                 on_point=page.drill_to_opportunities)  # fmt: skip
with right:
    page.section("What could we promise?", "pipeline/routing", "pipeline/hours")
    st.caption("Begun at once, behind every order already promised.")
    page.capable_to_promise_form()

page.section(findings_ahead.of_the_already_told(known, currency), "pipeline/opportunities")
with st.container(horizontal=True, vertical_alignment="bottom"):
    figure = page.choose_figure("Which opportunities", ["too late", "spoken for", "all"], key="opportunities")
    need = page.choose_need(months)
page.table(page.query("pipeline/opportunities", figure=figure, **need), key=f"opportunities-{figure}", file_name="opportunities",
           on_row=page.choose_row_opportunity, empty="There is no such opportunity.")  # fmt: skip

opportunity = page.choose_opportunity()
if opportunity:
    page.collision(opportunity)
