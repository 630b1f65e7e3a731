"""Watches the shape of a table in its bytes, and notices a line or a record that goes on and on before DuckDB's reader meets it.

The reader refuses a record of 3 MB, as it should; one of 30 MB makes it take memory until the system ends the process,
whatever its memory limit says.
"""

from __future__ import annotations

import csv
from pathlib import Path

from sop.errors import SourceError

LONGEST = 2_000_000
"""Bytes of a record, and characters of a cell, that both readers bear."""

TRIES = 8
"""Line ends of a chunk that are looked at for one outside of quotation marks."""


class Watch:
    """Told a table's bytes chunk by chunk. `is_doubtful` where quotation marks may hold a record together for too long.

    It counts quotation marks only; one inside a cell (`5" pipe`) misleads it, so a doubt is for `check_records` to settle.
    """

    def __init__(self, delimiter: str | None) -> None:
        self.is_doubtful = False
        self._delimiter, self._delimiters = (delimiter or "").encode(), 0
        self._has_quotes = False
        self._line_length = self._record_length = 0
        self._is_quoted = False

    @property
    def delimiters(self) -> int | None:
        """How many separators of columns there are; None where that is not known, or where some may be part of a cell."""
        return self._delimiters if self._delimiter and not self._has_quotes else None

    def finds_endless_line(self, chunk: bytes) -> bool:
        """True where the line that this chunk begins in is too long; the next chunk then need not be read."""
        line_end = b"\n" if b"\n" in chunk else b"\r"
        first, last = chunk.find(line_end), chunk.rfind(line_end)
        is_endless = self._line_length + (first if first >= 0 else len(chunk)) > LONGEST
        self._line_length = len(chunk) - last if last >= 0 else self._line_length + len(chunk)
        self._watch_records(chunk, line_end, last)
        return is_endless

    def _watch_records(self, chunk: bytes, line_end: bytes, last: int) -> None:
        quotes = chunk.count(b'"') if b'"' in chunk else 0
        self._has_quotes = self._has_quotes or quotes > 0
        if self._delimiter and not self._has_quotes:
            self._delimiters += chunk.count(self._delimiter)
        before, place = quotes, last
        for _ in range(TRIES):
            if place < 0:
                break
            before = chunk.count(b'"', 0, place) if quotes else 0
            if (before % 2 == 1) == self._is_quoted:
                self._record_length = len(chunk) - place
                break
            place = chunk.rfind(line_end, 0, place)
        else:
            place = -1
        if place < 0:
            self._record_length += len(chunk)
        self._is_quoted ^= quotes % 2 == 1
        self.is_doubtful = self.is_doubtful or self._record_length > LONGEST


def check_records(file: Path, name: str, delimiter: str, above: int) -> None:
    """Read a laid out table record by record with Python's own reader. Raises SourceError for one without an end.

    `above` is the number of lines that stand above the table in its owner's file.
    """
    line = 1
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        try:
            for cells in reader:
                if reader.line_num > line and sum(map(len, cells)) > LONGEST:
                    raise endless(name, above + line)
                line = reader.line_num + 1
        except csv.Error:
            raise endless(name, above + line) from None


def endless(name: str, line: int) -> SourceError:
    """What is said of a line or a record that is too long."""
    return SourceError(
        f"{name}, line {line}: what begins there is longer than {LONGEST // 1_000_000} MB; this is no row of a table, or a"
        " quotation mark is opened there and not closed. Nothing was published."
    )
