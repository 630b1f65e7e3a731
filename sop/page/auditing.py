"""The audit trail as a page: whether it is whole, and its entries by person and by act."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from sop import access, audit, verifying, words
from sop.access import Act
from sop.audit import Entry
from sop.decisions import Log
from sop.errors import SopError
from sop.page.choosing import choose
from sop.page.showing import table
from sop.snapshots import Home
from sop.verifying import Verified

STAYS = 60
"""Seconds for which what was verified is shown again without looking anew."""


def audit_trail() -> tuple[Entry, ...] | None:
    """Every entry, the newest first, for whoever may read them; None where that cannot be, which is said."""
    try:
        log = Log(Home().folder)
        log.require(Act.READ_AUDIT)
        return tuple(reversed(audit.entries(log)))
    except SopError as trouble:
        st.error(words.plain(str(trouble)))
        return None


def say_whether_it_is_whole() -> None:
    """Whether nothing of the log was changed, and the newest entry's seal to be kept elsewhere."""
    try:
        found = _verified(str(Home().folder))
    except SopError as trouble:
        st.error(words.plain(str(trouble)))
        return
    if not found.is_whole:
        st.error(
            words.plain("\n".join(said.capitalize() for said in found.broken[:10])), title="The audit trail is broken"
        )
    elif found.seal:
        st.success(
            f"The audit trail is whole: {words.counted(found.count, 'entry', 'entries')}, and every row of the log."
        )
        st.caption(
            "The newest entry's seal. Write it down elsewhere: it finds out a log that was written anew as a whole."
        )
        st.code(found.seal, language=None)


def say_if_it_is_broken() -> None:
    """On every page, for whoever may read the audit trail: that it is broken. Its chain is verified once in a while."""
    try:
        if access.acting().role < Act.READ_AUDIT.needs:
            return
        found = _chain(str(Home().folder))
    except SopError:
        return  # a log that cannot be read is said where it is asked
    if not found.is_whole:
        st.error(words.plain(f"{found.in_words()} The app works on; see the page Audit trail."))


@st.cache_data(ttl=600, max_entries=4, show_spinner=False)
def _chain(folder: str) -> Verified:
    return verifying.verify(Log(Path(folder)), rows=False)


@st.cache_data(ttl=STAYS, max_entries=4, show_spinner="Verifying the audit trail")
def _verified(folder: str) -> Verified:
    return verifying.verify(Log(Path(folder)))


def audit_entries(entries: Sequence[Entry]) -> None:
    """The entries, by person and by act; both choices are in the URL."""
    with st.container(horizontal=True):
        person = choose("Person", sorted({entry.email or entry.name for entry in entries}), "person")
        act = choose("What", sorted({entry.act for entry in entries}), "act")
    shown = [entry for entry in entries if person in (None, entry.email or entry.name) and act in (None, entry.act)]
    frame = pd.DataFrame(
        {
            "number": [entry.id for entry in shown],
            "when": [f"{entry.entered_at:%Y-%m-%d %H:%M:%S}" for entry in shown],
            "who": [entry.name for entry in shown],
            "email": [entry.email or "" for entry in shown],
            "role": [entry.role for entry in shown],
            "what": [entry.act for entry in shown],
            "about": [entry.about for entry in shown],
        }
    )
    table(frame, key="audit", empty="Nobody did anything yet.", file_name="audit-trail")
    st.caption("Times are UTC.")
