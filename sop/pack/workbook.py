"""The figures behind a pack as an Excel workbook: one sheet an answer, whole, and a first sheet that says what is where.

No cell is a formula or a link out: texts are written as texts, and what begins like a formula gets the same apostrophe in
front as in the downloads of the pages, so that it stays harmless when the sheet is saved as CSV and opened again.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import xlsxwriter

from sop import queries, words
from sop.cells import harmless, is_missing
from sop.pack.parts import Answer, Pack, visible

CONTENTS = "Contents"
LONGEST_TEXT = 32_767
"""Signs that a cell of Excel holds."""
MOST_ROWS = 100_000
FORMATS = {
    "_rate": "0.0 %", "_value": "#,##0.00", "_count": "#,##0", "_days": "#,##0", "_quantity": "#,##0.###", "_hours": "#,##0.0",
    "_date": "d mmm yyyy", "_month": "mmm yyyy",
}  # fmt: skip
"""How a column's numbers are shown, by the end of its name; their values are whole."""


def write(pack: Pack) -> bytes:
    """The file's bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties(
        {"title": visible(f"{pack.facts.company}: {pack.title}"), "author": visible(pack.facts.company)}
    )
    styles = _Styles(book)
    first = book.add_worksheet(CONTENTS)
    sheets: list[tuple[str, str, str, int]] = []
    for (name, given), frame in together(pack.answers).items():
        title = _sheet_name(name, {sheet for sheet, *_ in sheets})
        _sheet(book.add_worksheet(title), frame, pack.facts.currency, styles)
        sheets.append((title, name, given, len(frame)))
    _contents(first, pack, sheets, styles)
    book.close()
    return out.getvalue()


def together(answers: Iterable[Answer]) -> dict[tuple[str, str], pd.DataFrame]:
    """Answers by query and parameters in words; those that differ by the customer alone under each other, the customer first."""
    found: dict[tuple[str, str], list[pd.DataFrame]] = {}
    for answer in answers:
        customer = answer.given.get("customer")
        frame = answer.frame
        if customer is not None and "customer_id" not in frame.columns:
            frame = frame.copy()
            frame.insert(0, "customer_id", customer)
        found.setdefault((answer.name, _in_words(answer.given)), []).append(frame)
    return {
        key: frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True) for key, frames in found.items()
    }


def _in_words(given: Mapping[str, Any]) -> str:
    """'month 2026-10-01, weight recorded'; what stands for all is left out, and the customer is a column."""
    return ", ".join(
        f"{name.replace('_', ' ')} {value}" for name, value in given.items() if value is not None and name != "customer"
    )


class _Styles:
    """The formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head = book.add_format({"bold": True, "bg_color": "#f3f5f8", "font_color": "#4e5b6e", "text_wrap": True,
                                     "valign": "bottom", "bottom": 1, "bottom_color": "#d5dbe4"})  # fmt: skip
        self.moment = book.add_format({"num_format": "d mmm yyyy hh:mm"})
        self.big = book.add_format({"bold": True, "font_size": 16})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.top = book.add_format({"valign": "top"})
        self._by_ending = {ending: book.add_format({"num_format": form}) for ending, form in FORMATS.items()}

    def of(self, column: str) -> Any:
        """The format of a column by the end of its name, None where it has none."""
        ending = "_month" if column == "month" else f"_{column.rpartition('_')[2]}"
        return self._by_ending.get(ending)


def _sheet_name(name: str, taken: set[str]) -> str:
    """A query's name as a sheet may be called: 31 signs, none of them special, not the same as another."""
    short = name.replace("/", " ").replace("_", " ")[:31]
    number = 2
    title = short
    while title.lower() in {other.lower() for other in taken}:
        title = f"{short[:28]} {number}"
        number += 1
    return title


def _contents(sheet: Any, pack: Pack, sheets: list[tuple[str, str, str, int]], styles: _Styles) -> None:
    facts = pack.facts
    sheet.write_string(0, 0, _text(f"{facts.company}: {pack.title}"), styles.big)
    lines = [
        f"Snapshot {facts.snapshot}, published {facts.published}, as of {facts.as_of}",
        f"Month under review: {facts.month}. Shown: {facts.filters}",
        f"A promise counts as {facts.rung}, unless a sheet says otherwise",
    ]
    for number, line in enumerate(lines, start=1):
        sheet.write_string(number, 0, _text(line))
    row = len(lines) + 2
    for place, name in enumerate(("sheet", "what one row is", "asked with", "rows", "query")):
        sheet.write_string(row, place, name, styles.head)
    for number, (title, name, given, count) in enumerate(sheets, start=row + 1):
        sheet.write_url(number, 0, f"internal:'{title}'!A1", string=title, cell_format=None)
        sheet.write_string(number, 1, _text(queries.find(name).about), styles.wrapped)
        sheet.write_string(number, 2, _text(given), styles.top)
        sheet.write_number(number, 3, min(count, MOST_ROWS), styles.top)
        sheet.write_string(number, 4, f"queries/{name}.sql", styles.top)
    pages = row + len(sheets) + 3
    sheet.write_string(pages, 0, "page", styles.head)
    sheet.write_string(pages, 1, "its finding", styles.head)
    for number, page in enumerate((pack.first, *pack.pages), start=1):
        sheet.write_number(pages + number, 0, number)
        sheet.write_string(pages + number, 1, _text(page.headline), styles.wrapped)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    sheet.set_column(2, 2, 44)
    sheet.set_column(3, 3, 8)
    sheet.set_column(4, 4, 36)
    _for_print(sheet, pack.facts.line(pack.first))


def _sheet(sheet: Any, frame: pd.DataFrame, currency: str, styles: _Styles) -> None:
    """One answer: a frozen header with a filter, a row a row, numbers as numbers and dates as dates."""
    for place, column in enumerate(frame.columns):
        sheet.write_string(0, place, _text(words.label(str(column), currency)), styles.head)
        shown = styles.of(str(column))
        longest = 0
        for number, value in enumerate(frame[column].head(MOST_ROWS), start=1):
            longest = max(longest, _write(sheet, number, place, value, shown, styles.moment))
        sheet.set_column(place, place, min(max(longest + 2, 11), 60))
    sheet.freeze_panes(1, 0)
    if len(frame) and len(frame.columns):
        sheet.autofilter(0, 0, min(len(frame), MOST_ROWS), len(frame.columns) - 1)
    _for_print(sheet, "")


def _for_print(sheet: Any, footer: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{footer.replace('&', '&&')[:200]}&R&P")


def _write(sheet: Any, row: int, place: int, value: Any, shown: Any, moment: Any) -> int:
    """Write one value as what it is, a time as `moment` unless shown otherwise; return about how many signs it takes."""
    if is_missing(value):
        return 0
    if isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, place, value.to_pydatetime(), shown or moment)
        return 12
    if isinstance(value, bool) or type(value).__name__ == "bool":
        sheet.write_boolean(row, place, bool(value))
        return 5
    if isinstance(value, str) or pd.api.types.is_list_like(value):
        text = _text(value)
        sheet.write_string(row, place, text)
        return len(text)
    sheet.write_number(row, place, float(value), shown)
    return len(f"{float(value):,.2f}")


def _text(value: Any) -> str:
    """A text for a cell, harmless and no longer than one holds."""
    return str(harmless(value))[:LONGEST_TEXT]
