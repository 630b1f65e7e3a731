"""Who gets the scarce hours, and what does each customer lose or gain?"""

import streamlit as st

from sop import findings_arbitrate, page

page.stop_without(__doc__, "capacity", "routings")
contested = page.undecided_first(page.query("arbitrate/contested"))
page.title(__doc__, findings_arbitrate.of_the_contested(contested, page.currency()), page.horizon_named())

page.section("Contested: what is not decided yet, most at stake first", "arbitrate/contested", "arbitrate/decided")
page.contested_cards(contested)
if contested.empty:
    st.stop()

with st.container(horizontal=True, vertical_alignment="bottom"):
    about = page.choose_contested(contested)
    weights = page.choose_weights()
    opportunities = page.choose_opportunities()
    claims = page.claims(opportunities)
    levers = page.choose_levers(claims, opportunities)
options = page.options(claims, weights, levers)
base = page.base_of(claims, options)

option = page.choose_option(options)
page.at_a_glance(option, base, options["best"], claims, about)
page.compare(options, base)
there = page.claims_there(option, claims, about)
page.one_option(option, claims)
page.levers_used(option, claims)
page.value_of_hours(options["best"], claims)
hand = page.change_by_hand(claims, weights, levers, option, contested, there, about)
page.keep_scenario(about, weights, levers, option, hand)
page.decide_on(about, hand, base, options, there)
