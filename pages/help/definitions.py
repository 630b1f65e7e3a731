"""How is each number made?"""

import streamlit as st

from sop import page

page.title(__doc__)
st.write("Each measure is one file: its words, its formula, its SQL, and its figure on the extracts that are live now.")
page.definitions()
page.section("Every table and every question")
page.every_query()
