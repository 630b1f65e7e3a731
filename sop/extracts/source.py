"""One source file as bytes: what it is called, what it hashes to, how many records it holds and where they stand.

The count is independent of DuckDB's reader on purpose: rows kept plus rows rejected must equal it, since a
reader that loses rows says nothing.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sop.errors import SourceError

CHUNK = 1 << 20
DELIMITERS = ",;\t|"
MOST_COLUMNS = 1_000
LONGEST_CELL = 2_000_000
csv.field_size_limit(LONGEST_CELL)


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

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record below the header with the line it starts on; blank lines are no records."""
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
        size, sha256, line_count = _look_over(path, name, encoding)
        file = _lay_out(path, encoding, workplace / f"source-{sha256[:16]}.csv")
    except OSError as trouble:
        raise SourceError(f"{name} cannot be read: {trouble.strerror or trouble}. Nothing was published.") from None
    delimiter = delimiter or _delimiter(file)
    header = _header(file, name, delimiter)
    return Source(file, name, size, sha256, delimiter, header, line_count)


def _look_over(path: Path, name: str, encoding: str) -> tuple[int, str, int]:
    """Size, SHA-256 and lines below the header, in one pass that also proves that every byte is text."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder(encoding)()
    size = line_feeds = carriage_returns = pairs = blanks = 0
    before = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            text = _decoded(decoder, chunk, name, encoding, line_feeds)
            if "\0" in text:
                line = line_feeds + text[: text.index("\0")].count("\n") + 1
                raise SourceError(f"{name}, line {line}: this is no text file (it holds a NUL character).")
            chunk = chunk if encoding == "utf-8" else text.encode()
            size += len(chunk)
            line_feeds += chunk.count(b"\n")
            carriage_returns += chunk.count(b"\r")
            pairs += (before[-1:] + chunk).count(b"\r\n")
            blanks += b"\n\n" in before + chunk or b"\n\r\n" in before + chunk
            before = chunk[-2:]
    lines = line_feeds if line_feeds else carriage_returns
    lines += not before.endswith((b"\n", b"\r")) and size > 0
    if blanks or (line_feeds and carriage_returns != pairs):
        lines = 0  # blank lines or mixed line ends: only the exact count can tell
    return path.stat().st_size, digest.hexdigest(), max(lines - 1, 0)


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, name: str, encoding: str, line_feeds: int) -> str:
    try:
        return decoder.decode(chunk)
    except UnicodeDecodeError as trouble:
        line = line_feeds + chunk[: trouble.start].count(b"\n") + 1
        raise SourceError(
            f"{name}, line {line}: this is not {encoding} text. Save the file as UTF-8, or say"
            ' encoding = "windows-1252" (or what it is) in its mapping.'
        ) from None


def _lay_out(path: Path, encoding: str, target: Path) -> Path:
    """Make the file readable as `target`: a link where it is UTF-8 already, a re-encoded copy where it is not."""
    target.unlink(missing_ok=True)
    if codecs.lookup(encoding).name != "utf-8":
        with path.open(encoding=encoding, newline="") as old, target.open("w", encoding="utf-8", newline="") as new:
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
        header = tuple(cell.strip() for cell in next(_records(file, delimiter), (1, []))[1])
    except csv.Error as trouble:
        raise SourceError(f"{name}, line 1: the header cannot be read ({trouble}).") from None
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


def _records(file: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        line = 1
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
