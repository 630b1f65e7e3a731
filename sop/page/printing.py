"""The view for paper: the page without side bar and controls, as wide as a sheet, its tables written out in full width.

Streamlit prints a picture as wide as it was on the screen and cuts a table off where its columns end, so a page is laid out
for the sheet before it is printed.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sop import cells, words
from sop.page.asking import currency, say_whose
from sop.page.choosing import MONTH

PRINT, ON = "print", "on"
"""The name in the URL of the view for paper, and what stands there."""
WIDTH = 660
"""Of a sheet, in the browser's pixels: A4 upright with the usual margins, and a little less."""
MOST_ROWS = 20
"""Rows of a table on paper; the others are in its download."""
SIGN, BETWEEN = 8, 18
"""The room that a sign takes in a table at the most, and that between two columns."""


def is_printed() -> bool:
    """True where the address asks for the page as it is printed."""
    return st.query_params.get(PRINT) == ON


def offer_to_print() -> None:
    """Above the page: the way to its view for paper."""
    st.button("Print", on_click=_lay_out, help="Lays the page out for paper; then print it from the browser.")


def _lay_out() -> None:
    st.query_params[PRINT] = ON


def say_how_to_print() -> None:
    """Above the page on paper: whose figures these are, of which month, and the way back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        say_whose()
        month = st.session_state.get(f"{MONTH}-linked")
        if month:
            st.caption(words.month_name(month), width="content")
        st.button("Back to the page", on_click=_leave, help="Print with Ctrl+P, or from the browser's menu.")


def _leave() -> None:
    st.query_params.pop(PRINT, None)


def written_out(frame: pd.DataFrame, alt: str) -> None:
    """A table for paper: the first rows, the columns that have room on a sheet, and what is left out."""
    written = pd.DataFrame(
        {
            words.label(str(name), currency()): [_said(str(name), value) for value in frame[name].head(MOST_ROWS)]
            for name in frame.columns
            if name != "trend"
        }
    )
    shown = written[_fitting(written)]
    escaped = shown.map(words.plain)
    st.table(escaped.rename(columns=words.plain), hide_index=True, border="horizontal", alt=alt)
    left_out = [str(name) for name in written.columns if name not in shown.columns]
    said = [f"{words.number(len(shown))} of {words.counted(len(frame), 'row')}"] if len(shown) < len(frame) else []
    if left_out:
        said.append(f"without {words.joined(left_out)}")
    if said:
        st.caption(words.plain(f"On paper: {', '.join(said)}. The download on the page has them all."))


def _fitting(written: pd.DataFrame) -> list[str]:
    """The columns, from the left, that fit a sheet beside each other when each is as narrow as its longest word."""
    names: list[str] = []
    room = WIDTH
    for name in written.columns:
        longest = max(len(word) for cell in (str(name), *written[name]) for word in (str(cell).split() or [""]))
        room -= longest * SIGN + BETWEEN
        if room < 0 and names:
            break
        names.append(str(name))
    return names


def _said(name: str, value: Any) -> str:
    """A cell as a table on the screen shows it; numbers of orders and shares are never broken over two lines."""
    said = cells.in_words(name, value)
    if name.endswith("_rate"):
        return said.replace(" ", "")
    return said.replace("-", "\u2011") if name.endswith("_id") else said
