"""Find a customer from anywhere, by a part of the name or number."""

from __future__ import annotations

import streamlit as st

from sop import words
from sop.page.asking import query
from sop.page.choosing import CUSTOMER, goto

MOST_TEXT = 100


def offer_to_find() -> None:
    """Above the page: a button, with a key of its own, that asks whom to find."""
    if st.button("Find a customer", icon=":material/search:", shortcut="F"):
        _ask_whom()


@st.dialog("Find a customer")
def _ask_whom() -> None:
    text = st.text_input(
        "Name or number", key="find", max_chars=MOST_TEXT, placeholder="A part of it will do; then Enter"
    )
    if not (text or "").strip():
        st.caption("Names that are written alike are found too.")
        return
    found = query("find/customers", text=text)
    if found.empty:
        st.info(words.plain(f"No customer is called anything like “{text.strip()}”."))
        return
    for customer in found.to_dict("records"):
        tier = f"  ·  tier {customer['tier']}" if isinstance(customer["tier"], str) else ""
        if st.button(
            words.plain(f"{customer['customer_name']}  ·  {customer['customer_id']}{tier}"),
            key=f"found-{customer['customer_id']}", width="stretch", type="tertiary",
        ):  # fmt: skip
            goto("review/customer.py", **{CUSTOMER: str(customer["customer_id"])})
