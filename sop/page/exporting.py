"""What is taken away from a page is written down: what, by whom, with which choices."""

from __future__ import annotations

import logging
from collections.abc import Callable

import streamlit as st

from sop import access, audit
from sop.access import Act
from sop.decisions import Log
from sop.errors import AccessError, SopError
from sop.snapshots import Home

MOST_CHOICES = 400
"""Signs of the choices in the address that an entry names."""


def written_down(what: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What a download button makes when it is pressed: what `make` makes, with an entry in the audit trail before it.

    It runs outside the page's run, so who presses it is asked now. Where the log cannot be written, it is had all the same,
    which the server's own log says: nobody is kept from the figures by a full disk.
    """
    person, folder = access.acting(), Home().folder
    choices = ", ".join(f"{name}={value}" for name, value in st.query_params.items())[:MOST_CHOICES]
    shown = st.session_state.get("snapshot")
    where = f" of snapshot {shown}" if shown else ""
    about = f"{what}{where}: {choices or 'nothing left out'}"

    def made() -> bytes:
        with access.acting_as(person):
            try:
                audit.record(Log(folder), Act.EXPORT, about)
            except AccessError:
                raise
            except SopError:
                logging.getLogger(__name__).warning("The audit trail lacks an export: the log cannot be written.")
        return make()

    return made
