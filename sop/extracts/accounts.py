"""What each file gave to each extract, row for row: read, kept, rejected, left out, and where in the file each row stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from sop.extracts.reader import Shapes
from sop.extracts.source import Source

MOST_DETAILS = 100_000
"""Rejected rows of a file that are kept with their cells; beyond that they are counted."""

NO_ROW = "the line is no row of the table: it is empty, a total, a remark or the header again"

REJECTED = pa.schema(
    [
        ("file_name", pa.string()),
        ("line_number", pa.int64()),
        ("extract_name", pa.string()),
        ("column_name", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("cells", pa.list_(pa.string())),
    ]
)
"""One row per rejected row and reason, as the snapshot keeps them."""

Reject = Callable[[pa.Table], None]
"""What rejected rows (schema REJECTED) are handed to."""

RejectedRow = tuple[int | None, str, str | None, str | None, str, list[str]]
"""Line, extract, column, value, reason, cells."""


@dataclass
class Fed:
    """What one file gave to one extract; its rows stand together in the extract's table, from `first_row_id` on."""

    source: Source
    extract: str
    first_row_id: int
    rows_staged: int
    mapping_sha256: str = ""
    ordinals: np.ndarray | None = None
    """Which record of the file each row is, where records were left out; None where row n is record n."""
    reader_rejects: frozenset[int] = frozenset()
    """Records that DuckDB's reader refused, by their place: they have no row."""
    rejected_row_ids: set[int] = field(default_factory=set)
    unfed_count: int = 0
    """Records that were rejected before they became a row of any extract."""
    left_out_count: int = 0
    """Lines that are no rows of the table; they count as read and rejected, not towards the share of rejects."""
    headers: Fed | None = None
    """What the header file gave that this file is joined to."""
    units: dict[str, str] = field(default_factory=dict)
    """What the mapping says the numbers are in, by logical column."""
    is_gathered: bool = False
    """The rows were added up to months, so that none of them is a record of the file."""

    @property
    def rows_read(self) -> int:
        """Rows of the file that speak for this extract, readable or not."""
        return self.rows_staged + len(self.reader_rejects) + self.unfed_count + self.source.left_out_count

    @property
    def rows_rejected(self) -> int:
        """Rows of the file that this extract does not have, whether unreadable, against a rule, or no rows at all."""
        return len(self.rejected_row_ids) + len(self.reader_rejects) + self.unfed_count + self.source.left_out_count

    @property
    def rows_kept(self) -> int:
        """Rows of the file that this extract has."""
        return self.rows_read - self.rows_rejected


def located(feed: Fed, row_ids: Iterable[int]) -> dict[int, tuple[int, list[str]]]:
    """The line and the cells in the file of some of an extract's rows: {row id: (line, cells)}."""
    wanted = {}
    for row_id in row_ids:
        place = int(row_id) - feed.first_row_id
        wanted[place if feed.ordinals is None else int(feed.ordinals[place])] = int(row_id)
    return {wanted[place]: found for place, found in records_at(feed, wanted).items()}


def records_at(feed: Fed, places: Iterable[int]) -> dict[int, tuple[int, list[str]]]:
    """The line and the cells of records of the file, by their place among those that the reader did not refuse."""
    wanted = set(places)
    found: dict[int, tuple[int, list[str]]] = {}
    if not wanted:
        return found
    place = 0
    for record in feed.source.records():
        if record.place in feed.reader_rejects:
            continue
        if place in wanted:
            found[place] = (record.line, record.cells)
            if len(found) == len(wanted):
                break
        place += 1
    return found


def rejected_table(file_name: str, rows: Iterable[RejectedRow]) -> pa.Table:
    """Rejected rows in the schema REJECTED."""
    named = [dict(zip(REJECTED.names, (file_name, *row), strict=True)) for row in rows]
    return pa.Table.from_pylist(named, schema=REJECTED)


def reject_records(source: Source, extract: str, shapes: Shapes, reject: Reject) -> None:
    """Set aside the lines that the reader refused and those below the table."""
    rows: list[RejectedRow] = [
        (refusal.line, extract, None, None, refusal.reason, refusal.cells)
        for refusal in shapes.refused.values()
        if refusal is not None
    ]
    rows += [(record.line, extract, None, None, NO_ROW, record.cells) for record in source.left_out]
    if rows:
        reject(rejected_table(source.name, rows))
