"""Who gets the scarce hours, and what does each customer lose or gain?"""

import streamlit as st

from sop import findings_arbitrate, page

page.stop_without(__doc__, "capacity", "routings")
contested = page.query("arbitrate/contested")
page.title(__doc__, findings_arbitrate.of_the_contested(contested, page.currency()), page.horizon_named())

page.section("Contested, most at stake first: what happens if nobody decides", "arbitrate/contested")
page.contested_cards(contested)
if contested.empty:
    st.stop()

with st.container(horizontal=True, vertical_alignment="bottom"):
    weights = page.choose_weights()
    opportunities = page.choose_opportunities()
    claims = page.claims(opportunities)
    levers = page.choose_levers(claims)
options = page.options(claims, weights, levers)
page.compare(options)

option = page.choose_option(options)
page.one_option(option, claims)
page.levers_used(option, claims)
page.value_of_hours(options["best"], claims)
page.change_by_hand(claims, weights, option, contested)
