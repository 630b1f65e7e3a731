"""What did we decide, who does it, and did it work?"""

import streamlit as st

from sop import findings_decided, page, words

if not page.something_decided(__doc__):
    st.stop()

page.title(__doc__, findings_decided.of_the_log(page.row("decisions/headline")))
page.log_in_figures()

choices = page.query("decisions/choices")
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = {
        name: page.choose(words.label(name).capitalize(), choices.loc[choices["filter"] == name, "value"], key=name)
        for name in ("by_work_centre", "decided_by", "state")
    }
page.section("The log: select a row for the decision in full", "decisions/log")
page.table(page.query("decisions/log", **chosen), key="log", on_row=page.open_decision, file_name="decisions",
           empty="No decision fits these filters. Clear one of them.")  # fmt: skip

decision = page.choose_decision()
if decision:
    page.decision_in_full(decision)
    page.correct(decision)

actions, customers, dates = st.tabs(
    ["Open actions", "Record by customer", "Dates to enter"], on_change="rerun", key="decided", bind="query-params"
)
if actions.open:
    with actions:
        page.section(
            findings_decided.of_the_actions(page.query("decisions/actions", is_open=True)), "decisions/actions"
        )
        page.open_actions()
if customers.open:
    with customers:
        record = page.query("decisions/customers")
        page.section(findings_decided.of_the_record(record), "decisions/customers")
        page.table(record, key="record", hide=["customer_id"], on_row=page.open_customer)
if dates.open:
    with dates:
        page.section("What the order system is still to be told", "decisions/to_enter")
        page.to_enter()
