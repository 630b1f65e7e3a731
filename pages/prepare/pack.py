"""What do we take into the meeting, and away from it?"""

import streamlit as st

from sop import findings, page

month = page.month()
page.title(__doc__, findings.of_the_month(page.row("overview/month", month=month)))
st.caption("The review of the month chosen above: the findings of the pages, with the same figures, a page each.")

choice = page.choose_pack(month)
page.make_pack(choice)
