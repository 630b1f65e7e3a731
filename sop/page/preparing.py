"""Which extracts the snapshot holds, what is missing, and what was set aside or is doubtful."""

from __future__ import annotations

import streamlit as st

from sop import words
from sop.extracts.contract import extracts
from sop.page.asking import query
from sop.page.showing import section, table


def extracts_in() -> None:
    """Which extracts this snapshot holds, what is missing and what it would show, and what was set aside."""
    held = query("prepare/extracts")
    missing = [name for name in extracts() if name not in set(held["extract_name"])]
    section("What is in", "prepare/extracts")
    table(held, key="extracts-in", download=False, empty="Nothing was loaded yet.")
    if missing:
        named = words.joined([name.replace("_", " ") for name in missing])
        st.info(
            f"Not in yet: {named}. The pages that need them say so; order lines and deliveries are enough to start."
        )
    rejected, doubtful = query("prepare/rejected"), query("prepare/doubtful")
    with st.expander(f"Set aside: {words.counted(len(rejected), 'row')}"):
        table(rejected, key="rejected-rows", empty="No row was rejected.")
    with st.expander(f"Kept, but doubtful: {words.counted(len(doubtful), 'kind')}"):
        table(doubtful, key="doubtful-rows", empty="Nothing is doubtful.")
