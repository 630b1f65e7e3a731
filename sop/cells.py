"""One cell of an answer: missing or not, harmless in a spreadsheet, and in words by the end of its column's name."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from sop import words

_BEFORE = r"(^|[;\t\r\n])([\s\u200b-\u200f\u2060\ufeff]*)"
"""Where a spreadsheet may begin a cell: also behind a semicolon, a tab or a line's end, where its settings are others than the
file's; and the blanks and signs without width that it passes over."""

_SIGNS = r"[=+\-@|%\uff1d\uff0b\uff0d\uff20\u2212]"
"""What may make a formula or a command of what follows; East Asian settings take the wide ones for the narrow."""

_BEGINS = re.compile(f"{_BEFORE}('*{_SIGNS})")
_MADE_HARMLESS = re.compile(f"{_BEFORE}'('*{_SIGNS})")


def is_missing(value: Any) -> bool:
    """True for None and for what pandas puts in its place; a list is never missing."""
    return not pd.api.types.is_list_like(value) and bool(pd.isna(value))


def harmless(value: Any) -> Any:
    """A cell for a spreadsheet: what begins like a formula gets an apostrophe in front, a missing value is empty.

    `bare` takes the apostrophe away again.
    """
    if pd.api.types.is_list_like(value):
        return "; ".join(map(str, value))
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, str):
        return _BEGINS.sub(lambda found: f"{found[1]}{found[2]}'{found[3]}", value)
    return "" if is_missing(value) else value


def bare(cell: str) -> str:
    """The text that `harmless` made a cell of: exactly what it was before."""
    return _MADE_HARMLESS.sub(lambda found: f"{found[1]}{found[2]}{found[3]}", cell)


def is_number(column: str) -> bool:
    """True for a column whose cells stand on the right."""
    return column.endswith(("_rate", "_value", "_count", "_days", "_quantity", "_hours"))


def in_words(column: str, value: Any) -> str:
    """A cell as the tables on the pages show it: '82.0 %', '1,045,173', '3 Nov 2026', 'yes'; empty where it is missing."""
    if is_missing(value):
        return ""
    if column == "month" or column.endswith("_month"):
        return f"{value:%b %Y}"
    if column.endswith("_date"):
        return f"{value.day} {value:%b %Y}"
    if column.endswith("_rate"):
        return f"{words.number(value * 100, '.1f')} %"
    if column.endswith(("_value", "_count")):
        return words.number(round(float(value)))
    if column.endswith("_hours"):
        return words.number(float(value), ",.1f")
    if column.endswith(("_days", "_quantity")):
        return words.number(float(value), ",.10g")
    if column.startswith("is_"):
        return "yes" if value else ""
    return str(value)
