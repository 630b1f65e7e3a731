"""Whom did we let down, and who is waiting?"""

import streamlit as st

from sop import findings, page, words

choices = page.query("customers/choices")
page.choose_span()
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = {
        name: page.choose(words.label(name).capitalize(), choices.loc[choices["filter"] == name, "value"], key=name)
        for name in ("tier", "region", "account_manager", "product_family")
    }

customers = page.query("customers/scoreboard", **page.months(), **chosen)
page.title(__doc__, findings.of_the_customers(customers, page.months_named()))

page.section("Select a row to open the customer", "customers/scoreboard")
page.table(
    customers,
    key="scoreboard",
    on_row=page.open_customer,
    empty="No customer fits these filters. Clear one of them.",
    file_name="customers",
)
