"""One source file as bytes: what it is called, what it hashes to, how many records it holds and where they stand.

The count is independent of DuckDB's reader on purpose: rows kept plus rows rejected must equal it, since a
reader that loses rows says nothing.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sop.errors import SourceError

CHUNK = 1 << 20
DELIMITERS = ",;\t|"
MOST_COLUMNS = 1_000
LONGEST_CELL = 2_000_000
csv.field_size_limit(LONGEST_CELL)


class Record(NamedTuple):
    """A record, the line it starts on, and its place as DuckDB's reader counts: blank lines count, line ends in cells do not."""

    line: int
    place: int
    cells: list[str]


@dataclass(frozen=True)
class Source:
    """A source file that can be read: `file` is UTF-8 text on disk under our name, `name` is what its owner called it.

    `line_count` is the number of lines below the header, which is the number of records unless a cell
    holds a line end; `record_count()` is exact and slower.
    """

    file: Path
    name: str
    size: int
    sha256: str
    delimiter: str
    header: tuple[str, ...]
    line_count: int

    def records(self) -> Iterator[Record]:
        """Each record below the header; blank lines are no records."""
        rows = _records(self.file, self.delimiter)
        next(rows, None)
        return rows

    def record_count(self) -> int:
        """How many records Python's own CSV reader finds. Raises SourceError where it cannot read on."""
        try:
            return sum(1 for _ in self.records())
        except csv.Error as trouble:
            raise SourceError(f"{self.name} cannot be read to its end: {trouble}. Nothing was published.") from None


def open_source(
    path: Path, *, workplace: Path, name: str | None = None, delimiter: str | None = None, encoding: str = "utf-8"
) -> Source:
    """Look a file over once and lay it into `workplace` under a name of our own, as UTF-8.

    A file's own name is never given to DuckDB: `*.csv` would read other files, `x.gz` would be unpacked.
    Raises SourceError for a file that is missing, empty, not text, not in the encoding, or has no header.
    """
    name = name or path.name
    try:
        size, sha256, line_count, is_mixed = _look_over(path, name, encoding)
        file = _lay_out(path, encoding, is_mixed, workplace / f"source-{secrets.token_hex(8)}.csv")
    except OSError as trouble:
        raise SourceError(f"{name} cannot be read: {trouble.strerror or trouble}. Nothing was published.") from None
    delimiter = delimiter or _delimiter(file)
    header = _header(file, name, delimiter)
    return Source(file, name, size, sha256, delimiter, header, line_count)


def _look_over(path: Path, name: str, encoding: str) -> tuple[int, str, int, bool]:
    """Size, SHA-256, lines below the header (0 where only the exact count can tell), and whether line ends are mixed.

    One pass, which also proves that every byte is text.
    """
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder(encoding)()
    size = line_feeds = carriage_returns = pairs = blanks = 0
    is_utf8 = codecs.lookup(encoding).name == "utf-8"
    before = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            if not (chunk.isascii() and decoder.getstate()[0] == b"" and is_utf8):
                text = _decoded(decoder, chunk, name, encoding, line_feeds)
                chunk = chunk if is_utf8 else text.encode()
            if b"\0" in chunk:
                line = line_feeds + chunk[: chunk.index(b"\0")].count(b"\n") + 1
                raise SourceError(f"{name}, line {line}: this is no text file (it holds a NUL character).")
            size += len(chunk)
            line_feeds += chunk.count(b"\n")
            joined = before + chunk
            if b"\r" in joined:
                carriage_returns += chunk.count(b"\r")
                pairs += joined.count(b"\r\n") - before.count(b"\r\n")
            blanks += b"\n\n" in joined or b"\n\r\n" in joined
            before = chunk[-2:]
    lines = line_feeds if line_feeds else carriage_returns
    lines += not before.endswith((b"\n", b"\r")) and size > 0
    is_mixed = bool(line_feeds) and (carriage_returns != pairs or 0 < pairs < line_feeds)
    if blanks or is_mixed:
        lines = 0
    return path.stat().st_size, digest.hexdigest(), max(lines - 1, 0), is_mixed


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, name: str, encoding: str, line_feeds: int) -> str:
    try:
        return decoder.decode(chunk)
    except UnicodeError as trouble:
        line = line_feeds + chunk[: getattr(trouble, "start", 0)].count(b"\n") + 1
        raise SourceError(
            f"{name}, line {line}: this is not {encoding} text. Save the file as UTF-8, or say"
            ' encoding = "windows-1252" (or what it is) in its mapping.'
        ) from None


def _lay_out(path: Path, encoding: str, is_mixed: bool, target: Path) -> Path:
    """Make the file readable as `target`: a link where it is so already, else a copy in UTF-8 with one kind of line end."""
    if is_mixed or codecs.lookup(encoding).name != "utf-8":
        with (
            path.open(encoding=encoding, newline=None if is_mixed else "") as old,
            target.open("w", encoding="utf-8", newline="") as new,
        ):
            shutil.copyfileobj(old, new, CHUNK)
        return target
    try:
        target.symlink_to(path.resolve())
    except OSError:  # a Windows account that may not make links
        shutil.copyfile(path, target)
    return target


def _delimiter(file: Path) -> str:
    """The one of comma, semicolon, tab and bar that the header line holds most often outside quotation marks."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        outside = "".join(stream.readline(LONGEST_CELL).split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _header(file: Path, name: str, delimiter: str) -> tuple[str, ...]:
    try:
        first = next(_records(file, delimiter), Record(1, 1, []))
    except csv.Error as trouble:
        raise SourceError(f"{name}, line 1: the header cannot be read ({trouble}).") from None
    header = tuple(cell.strip() for cell in first.cells)
    if any(header) and first.line > 1:
        raise SourceError(f"{name}, line 1: the line is empty; the header must stand on the first line.")
    if not any(header):
        raise SourceError(f"{name}, line 1: there is no header; the file is empty. Nothing was published.")
    if len(header) < 2:
        raise SourceError(
            f"{name}, line 1: only one column is found, {header[0][:60]!r}. Say in a mapping which delimiter"
            " separates the columns."
        )
    if len(header) > MOST_COLUMNS:
        raise SourceError(f"{name}, line 1: {len(header)} columns are more than an extract can have ({MOST_COLUMNS}).")
    return header


def _records(file: Path, delimiter: str) -> Iterator[Record]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        line = 1
        for place, cells in enumerate(reader, start=1):
            if cells:
                yield Record(line, place, cells)
            line = reader.line_num + 1
