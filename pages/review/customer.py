"""What did this customer ask, what did we promise, what did we deliver?"""

import streamlit as st

from sop import charts, findings, page, words

with st.container(horizontal=True, vertical_alignment="bottom"):
    customer = page.choose_customer()
    page.choose_span()
if customer is None:
    page.title(__doc__)
    st.info("Choose a customer above, or open one from the list.")
    page.link("review/customers.py", "All customers, the largest gap first")
    st.stop()

asked = {"customer": customer, **page.months()}
known = page.row("customer/headline", **asked)
as_of, currency = page.as_of(), page.currency()
page.title(__doc__, f"{known['customer_name']}: {findings.of_the_measures(known)}")
page.who(known)
page.say_the_range(customer, **page.months())
page.pinned_to_customer(customer)

with st.grid(5, min_column_width=160):
    page.measure("To first promise", words.percent(known["promise_rate"]), "promise_rate")
    page.measure("To request", words.percent(known["request_rate"]), "rate_to_request")
    page.measure("To current promise", words.percent(known["current_rate"]), "rate_to_current_promise")
    page.measure("Gap", words.money(known["gap_value"], currency), "gap_value")
    page.measure("Waiting now",
                 words.money(known["waiting_value"], currency), "overdue")  # fmt: skip
st.caption(words.plain(findings.own_measure(known)))

left, right = page.beside()
with left:
    dates = page.query("customer/dates", **asked)
    page.section(findings.of_the_dates(dates), "customer/dates")
    page.picture(
        charts.asked_promised_delivered(dates, as_of, currency), "Asked, promised and delivered by month", "dates",
        on_point=page.drill_to_month,
    )  # fmt: skip
with right:
    wait = page.row("customer/gap_identity", **asked)
    page.section(findings.of_the_wait(wait), "customer/gap_identity")
    page.picture(
        charts.gap_waterfall(wait), "The wait as offered, moved by us, moved by the customer and missed", "wait",
        on_point=page.drill_to_wait,
    )  # fmt: skip
    page.how_open_lines_count(wait)

lateness = page.query("customer/lateness", **asked)
page.section(findings.of_the_lateness(lateness), "customer/lateness")
page.picture(charts.lateness(lateness, as_of, currency), "Days after the promise by promise date", "lateness",
             on_point=page.drill_to_line)  # fmt: skip

waiting, causes, by_month, by_family, lines, decided = st.tabs(
    ["Open and overdue", "Causes", "Months", "Product families", "Order lines", "Decisions"],
    on_change="rerun",
    key="view",
    bind="query-params",
)
if waiting.open:
    with waiting:
        page.section(page.of_the_open(customer), "customer/open_promises")
        page.table(page.query("customer/open_promises", customer=customer), key="open", on_row=page.open_line,
                   empty="Nothing is open for this customer.")  # fmt: skip
        page.what_stops_them(customer)
if causes.open:
    with causes:
        page.where_the_gap_opened(**page.months(), customer=customer)
        page.both_views(customer, **page.months())
if by_month.open:
    with by_month:
        months = page.query("customer/months", **asked)
        page.section(findings.of_the_trend(months), "customer/months")
        picture = charts.with_notes(charts.promises_kept_by_month(months), page.notes_on_months(customer))
        page.picture(picture, "The three rates by month", "rates", on_point=page.drill_to_month)
        page.table(months, key="months")
if by_family.open:
    with by_family:
        page.section("By product family", "customer/families")
        page.table(page.query("customer/families", **asked), key="families")
if lines.open:
    with lines:
        page.section("Select a line for its moves and deliveries", "customer/lines")
        page.rows_behind("customer/lines", page.KINDS_OF_LINES, key="lines", **asked)
if decided.open:
    with decided:
        page.decisions_of(customer)
page.line_in_full(customer)
