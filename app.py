"""The agenda: pages in the order of the meeting, and the choices that they share."""

from __future__ import annotations

import streamlit as st

from sop import page
from sop.access import Role
from sop.page import Needs

is_presented, is_printed = page.is_presented(), page.is_printed()
is_alone = is_presented or is_printed
st.set_page_config(
    page_title="S&OP review", page_icon="🧭", layout="centered" if is_printed else "wide",
    # Hiding the menu alone leaves the side bar of the page before standing empty until the run after.
    initial_sidebar_state="collapsed" if is_alone else 230,  # the menu needs no more, and pages get the rest
)  # fmt: skip

# Who is given a page; whoever is not does not find it at its address either.
OF_OWN_TOO = Needs(is_by_customer=True)
NEEDS = {
    **dict.fromkeys(("start", "overview", "customers", "customer", "pipeline", "capacity", "moves"), OF_OWN_TOO),
    "definitions": OF_OWN_TOO,
    **dict.fromkeys(("pack", "arbitrate", "scenarios", "decisions", "close", "present"), Needs()),
    **dict.fromkeys(("extracts", "settings"), Needs(Role.PLANNER)),
    "audit": Needs(Role.CHAIR),
}

person = page.let_in(NEEDS)
agenda = page.agenda_of(
    {
        "Prepare": [
            st.Page("pages/prepare/extracts.py", title="Extracts", url_path="extracts"),
            st.Page("pages/prepare/settings.py", title="Settings", url_path="settings"),
            st.Page("pages/prepare/pack.py", title="Pack", url_path="pack"),
        ],
        "Review": [
            st.Page("pages/review/overview.py", title="Overview", url_path="start", default=True),
            st.Page("pages/review/customers.py", title="Customers", url_path="customers"),
            st.Page("pages/review/customer.py", title="Customer", url_path="customer"),
            st.Page("pages/review/pipeline.py", title="Pipeline", url_path="pipeline"),
            st.Page("pages/review/capacity.py", title="Capacity", url_path="capacity"),
            st.Page("pages/review/moves.py", title="What moved", url_path="moves"),
            # The page that opens first answers to / alone; whoever types its name must find it too.
            st.Page("pages/review/overview.py", title="Overview", url_path="overview", visibility="hidden"),
        ],
        "Decide": [
            st.Page("pages/decide/arbitrate.py", title="Arbitrate", url_path="arbitrate"),
            st.Page("pages/decide/scenarios.py", title="Scenarios", url_path="scenarios"),
            st.Page("pages/decide/decisions.py", title="Decisions", url_path="decisions"),
            st.Page("pages/meeting/close.py", title="Close", url_path="close"),
        ],
        "Help": [
            st.Page("pages/help/definitions.py", title="Definitions", url_path="definitions"),
            st.Page("pages/help/audit.py", title="Audit trail", url_path="audit"),
        ],
        "Meeting": [st.Page("pages/meeting/present.py", title="Present", url_path="present", visibility="hidden")],
    },
    person,
    NEEDS,
    position="hidden" if is_alone else "sidebar",
    expanded=True,  # beyond twelve pages the last ones would stand behind a button
)

with page.in_turn():
    if page.begin(agenda.url_path):
        page.hold_the_meeting()
        if agenda.url_path == "present" or is_printed:
            page.hold_month()
        else:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                page.choose_month()
                page.offer_to_find()
                page.offer_the_meeting()
                page.offer_to_print()
                page.say_whose()
            with st.sidebar:
                page.say_snapshot()
                page.say_who_is_here(person)
            page.show_logo()
            page.say_where_we_are()
            page.say_the_sample()
        page.say_if_it_is_broken()
        if is_printed:
            with st.container(width=page.WIDTH):
                page.say_how_to_print()
                agenda.run()
        else:
            agenda.run()
    elif agenda.url_path == "extracts":
        with st.sidebar:
            page.say_who_is_here(person)
        agenda.run()
    else:
        with st.sidebar:
            page.say_who_is_here(person)
        page.say_nothing_published()
