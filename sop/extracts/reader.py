"""DuckDB's CSV reader, with everything said and nothing guessed, and which records it passed over.

The reader is told to pass over what is no row of the header's shape and not to keep it: DuckDB 2.0.0 keeps 1 KB of
memory for each cell that is missing, outside of its memory limit, which is 2.7 GB for a million lines of one cell where
four are expected. What it passed over is found by an independent count, and looked for with Python's own reader.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import duckdb

from sop.connecting import literal
from sop.errors import SourceError
from sop.extracts import endless
from sop.extracts.source import Record, Source

MOST_REFUSED = 500_000
"""Records of another shape than the header's, above which a file is refused as a whole."""

MOST_REFUSED_CELLS = 300_000
"""Cells that may be missing in the records of which DuckDB is asked what is wrong with them."""

MOST_KEPT = 100_000
"""Refused records whose cells are kept; beyond that they are counted."""

LARGE = 64_000_000
"""Bytes that the reader takes at once of a file that has as many. By default it takes half, which ends up as groups of rows so
small that DuckDB writes most of the table a second time and leaves the first as a hole in the file."""


class Refusal(NamedTuple):
    """Why a record is no row, on which line it starts, and its cells as far as they can be told apart."""

    line: int
    reason: str
    cells: list[str]


@dataclass
class Shapes:
    """The records of a file that are not of the header's shape."""

    refused: dict[int, Refusal | None] = field(default_factory=dict)
    """Those of which the reader made no row, by their place as it counts; None beyond those that are kept."""
    overlong: array[int] = field(default_factory=lambda: array("q"))
    """Rows, counted from 0, that end in more empty cells than the header has columns: DuckDB cuts them off unsaid."""
    records: int = 0
    """How many records there are, counted by Python's own reader."""


def read_csv(source: Source, *, faults: str = "ignore_errors = true") -> str:
    """The reader's call. Columns are called by position, since headers repeat, and every cell is read as text."""
    columns = ", ".join(f"'column_{place}': 'varchar'" for place in range(len(source.header)))
    at_once = f", buffer_size = {LARGE}" if source.size > LARGE else ""
    return (
        f"read_csv({literal(str(source.file))}, columns = {{{columns}}}, header = true, delim = {literal(source.delimiter)},"
        f" quote = '\"', escape = '\"', auto_detect = false, {faults}, compression = 'none', hive_partitioning = false{at_once})"
    )


def number(connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, object] | None = None) -> int:
    """The one number that a question answers."""
    [(found,)] = connection.execute(sql, parameters or {}).fetchall()
    return int(found)


def misshapen(connection: duckdb.DuckDBPyConnection, source: Source, rows: int) -> Shapes:
    """The records that are not of the header's shape in a file of which the reader made `rows` rows.

    Raises SourceError where rows and refusals do not add up to an independent count of the records, and for a record
    that spans several lines: a quotation mark has swallowed rows that nobody would miss.
    """
    if rows == source.line_count and source.is_even:
        return Shapes()
    shapes = _counted(source)
    if rows + len(shapes.refused) == shapes.records:
        return shapes
    told = _told_by_reader(connection, source, shapes.records - rows)
    if rows + len(told) != shapes.records:
        raise SourceError(
            f"{source.name}: {shapes.records:,} records were counted but {rows + len(told):,} could be told apart; a"
            " quotation mark is probably missing or too many. Nothing was published."
        )
    return Shapes(told)


def _counted(source: Source) -> Shapes:
    """What Python's own reader sees. Where most lines end in a separator too many, that is how the file is written."""
    width, line = len(source.header), 1
    shapes = Shapes()
    try:
        for record in source.records():
            cells, line = record.cells, record.last_line + 1
            if len(cells) > width and not any(cells[width:]):
                shapes.overlong.append(shapes.records - len(shapes.refused))
            elif len(cells) != width:
                _refuse(shapes, record, source)
            shapes.records += 1
    except csv.Error:
        raise endless.endless(source.name, line) from None
    if 2 * len(shapes.overlong) > shapes.records:
        shapes.overlong = array("q")
    return shapes


def _refuse(shapes: Shapes, record: Record, source: Source) -> None:
    if record.last_line > record.line:
        raise _swallowed(source, record.line)
    kept = len(shapes.refused) < MOST_KEPT
    reason = other_width(record.cells, source)
    shapes.refused[record.place] = Refusal(record.line, reason, record.cells) if kept else None
    if len(shapes.refused) > MOST_REFUSED:
        raise _too_many(source, shapes)


def other_width(cells: Sequence[str], source: Source) -> str:
    """What is said of a line that has more or fewer cells than the header."""
    return f"the line has {len(cells)} cells where the header has {len(source.header)}"


def _too_many(source: Source, shapes: Shapes) -> SourceError:
    first = next(refusal for refusal in shapes.refused.values() if refusal is not None)
    return SourceError(
        f"{source.name}: more than {MOST_REFUSED:,} lines have another number of cells than the header, the first of them"
        f" line {first.line}: {first.reason}. Nothing was published."
    )


def _swallowed(source: Source, line: int) -> SourceError:
    return SourceError(
        f"{source.name}, line {line}: a quotation mark is missing or too many, and what follows cannot be told apart."
        " Nothing was published."
    )


def _told_by_reader(connection: duckdb.DuckDBPyConnection, source: Source, missing: int) -> dict[int, Refusal | None]:
    """What DuckDB says of the records that it passes over, read a second time; nothing where they are too many to ask."""
    if not 0 <= missing * len(source.header) <= MOST_REFUSED_CELLS:
        return {}
    reader = read_csv(source, faults="store_rejects = true, rejects_limit = 0")
    connection.execute(f"create or replace temp table read_again as select * from {reader}")
    connection.execute("drop table read_again")
    rows = connection.execute(
        "select reject_errors.line, min(reject_errors.error_type::varchar), min(reject_errors.error_message),"
        " min(reject_errors.csv_line) from reject_errors join reject_scans using (scan_id, file_id)"
        " where reject_scans.file_path = $file group by reject_errors.line order by reject_errors.line",
        {"file": str(source.file)},
    ).fetchall()
    lines = {record.place: record.line for record in source.records()}
    refused: dict[int, Refusal | None] = {}
    for place, kind, message, text in rows:
        text = (text or "").strip("\r\n")
        if "\n" in text or "\r" in text:
            raise _swallowed(source, lines.get(place, place))
        refused[place] = Refusal(lines.get(place, place), _reason(kind, message, source), _cells(text, source))
    return refused


def _reason(kind: str, message: str, source: Source) -> str:
    if kind in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
        found = message.rsplit(":", 1)[-1].strip()
        return f"the line has {found} cells where the header has {len(source.header)}"
    if kind == "UNQUOTED VALUE":
        return "a quotation mark is opened and not closed, so this line and what follows it cannot be told apart"
    return f"the line cannot be read ({kind.lower()})"


def _cells(text: str, source: Source) -> list[str]:
    """A refused line as its cells, as far as they can be told apart."""
    try:
        return next(csv.reader([text], delimiter=source.delimiter), [text])
    except csv.Error:
        return [text]
