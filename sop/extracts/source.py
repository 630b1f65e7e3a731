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
    """A source file that can be read: `file` is its table as UTF-8 text on disk under our name, `name` is its owner's.

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
    header_line: int = 1
    left_out: tuple[Record, ...] = ()
    """Lines below the table that are no rows of it: totals, remarks, rows of empty cells."""
    is_damaged: bool = False
    """Some characters could not be decoded and stand as U+FFFD."""
    is_veiled: bool = False
    """Signs that nobody sees stand in some cells."""

    def records(self) -> Iterator[Record]:
        """Each record below the header; blank lines are no records."""
        rows = _records(self.file, self.delimiter)
        next(rows, None)
        above = self.header_line - 1
        return (row._replace(line=row.line + above) for row in rows) if above else rows

    def record_count(self) -> int:
        """How many records Python's own CSV reader finds. Raises SourceError where it cannot read on."""
        try:
            return sum(1 for _ in self.records())
        except csv.Error as trouble:
            raise SourceError(f"{self.name} cannot be read to its end: {trouble}. Nothing was published.") from None


@dataclass(frozen=True)
class Layout:
    """How a file is written: what was said of it, or found out."""

    encoding: str = "utf-8"
    delimiter: str | None = None
    start: int = 0
    """The byte at which the header begins."""
    end: int | None = None
    """The byte at which the table ends."""
    is_lenient: bool = False
    """Damaged characters are kept as U+FFFD, so that only their rows are lost; else the file is refused."""


def open_source(path: Path, *, workplace: Path, name: str | None = None, layout: Layout | None = None) -> Source:
    """Look a file over once and lay its table into `workplace` under a name of our own, as UTF-8.

    A file's own name is never given to DuckDB: `*.csv` would read other files, `x.gz` would be unpacked.
    Raises SourceError for a file that is missing, empty, not text, not in the encoding, or has no header.
    """
    name, layout = name or path.name, layout or Layout()
    try:
        size = path.stat().st_size
        is_whole = layout.start == 0 and layout.end in (None, size)
        table, above, below = (path, 0, b"") if is_whole else _cut(path, layout, workplace)
        looked = _look_over(table, name, layout, above)
        sha256 = looked.sha256 if is_whole else _sha256(path)
        is_copied = looked.is_mixed or looked.is_damaged
        file = _lay_out(table, layout, is_copied, workplace / f"source-{secrets.token_hex(8)}.csv")
    except OSError as trouble:
        raise SourceError(f"{name} cannot be read: {trouble.strerror or trouble}. Nothing was published.") from None
    delimiter = layout.delimiter or _delimiter(file)
    header = _header(file, name, delimiter, above)
    left_out = _left_out(below, layout.encoding, delimiter, above + looked.lines)
    return Source(
        file,
        name,
        size,
        sha256,
        delimiter,
        header,
        looked.line_count,
        above + 1,
        left_out,
        looked.is_damaged,
        looked.is_veiled,
    )


def _cut(path: Path, layout: Layout, workplace: Path) -> tuple[Path, int, bytes]:
    """The table alone in a file of its own, how many lines stand above it, and what stands below it."""
    target = workplace / f"cut-{secrets.token_hex(8)}"
    is_wide = codecs.lookup(layout.encoding).name.startswith("utf-16")
    with path.open("rb") as old, target.open("wb") as new:
        above = old.read(layout.start)
        if is_wide and layout.start:
            new.write(above[:2])
        left = (layout.end if layout.end is not None else path.stat().st_size) - layout.start
        while left > 0 and (chunk := old.read(min(CHUNK, left))):
            new.write(chunk)
            left -= len(chunk)
        below = (above[:2] if is_wide else b"") + old.read()
    text = above.decode(layout.encoding, errors="replace")
    return target, len(text.splitlines()) if text else 0, below


def _left_out(below: bytes, encoding: str, delimiter: str, lines_above: int) -> tuple[Record, ...]:
    """The lines below the table, numbered as in the file; blank ones are left out silently."""
    text = below.decode(encoding, errors="replace").replace("\0", "")
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            cells = next(csv.reader([line], delimiter=delimiter), [line])
            found.append(Record(lines_above + number, 0, cells))
    return tuple(found)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass
class _Looked:
    """What one pass over a table's bytes tells."""

    sha256: str
    lines: int
    """Lines, the header and a last one without a line end included."""
    line_count: int
    """Lines below the header; 0 where only the exact count can tell how many records there are."""
    is_mixed: bool
    is_damaged: bool
    is_veiled: bool


VEILS = tuple(
    sign.encode()
    for sign in "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def _look_over(path: Path, name: str, layout: Layout, above: int) -> _Looked:
    """Hash and count a table's bytes in one pass, which also proves that every byte is text."""
    encoding = layout.encoding
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder(encoding)()
    size = line_feeds = carriage_returns = pairs = blanks = 0
    is_utf8 = codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
    is_damaged = is_veiled = False
    before = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            if not (chunk.isascii() and decoder.getstate()[0] == b"" and is_utf8):
                try:
                    text = decoder.decode(chunk)
                except UnicodeError as trouble:
                    if not layout.is_lenient:
                        line = above + line_feeds + chunk[: getattr(trouble, "start", 0)].count(b"\n") + 1
                        raise _no_text(name, line, encoding) from None
                    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
                    text, is_damaged = decoder.decode(chunk), True
                chunk = chunk if is_utf8 else text.encode()
                is_veiled = is_veiled or any(veil in (chunk if size else chunk[3:]) for veil in VEILS)
            if b"\0" in chunk:
                line = above + line_feeds + chunk[: chunk.index(b"\0")].count(b"\n") + 1
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
    line_count = 0 if blanks or is_mixed else max(lines - 1, 0)
    return _Looked(digest.hexdigest(), lines, line_count, is_mixed, is_damaged, is_veiled)


def _no_text(name: str, line: int, encoding: str) -> SourceError:
    return SourceError(
        f"{name}, line {line}: this is not {encoding} text. Save the file as UTF-8, or say"
        ' encoding = "windows-1252" (or what it is) in its mapping.'
    )


def _lay_out(path: Path, layout: Layout, is_copied: bool, target: Path) -> Path:
    """Make the file readable as `target`: a link where it is so already, else a copy in UTF-8 with one kind of line end."""
    if is_copied or codecs.lookup(layout.encoding).name not in ("utf-8", "utf-8-sig"):
        errors = "replace" if layout.is_lenient else "strict"
        with (
            path.open(encoding=layout.encoding, errors=errors, newline=None if is_copied else "") as old,
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


def _header(file: Path, name: str, delimiter: str, above: int) -> tuple[str, ...]:
    where = f"{name}, line {above + 1}"
    try:
        first = next(_records(file, delimiter), Record(1, 1, []))
    except csv.Error as trouble:
        raise SourceError(f"{where}: the header cannot be read ({trouble}).") from None
    header = tuple(cell.strip() for cell in first.cells)
    if any(header) and first.line > 1:
        raise SourceError(f"{where}: the line is empty; the header must stand on the first line.")
    if not any(header):
        raise SourceError(f"{where}: there is no header; the file is empty. Nothing was published.")
    if len(header) < 2:
        raise SourceError(
            f"{where}: only one column is found, {header[0][:60]!r}. Say in a mapping which delimiter"
            " separates the columns."
        )
    if len(header) > MOST_COLUMNS:
        raise SourceError(f"{where}: {len(header)} columns are more than an extract can have ({MOST_COLUMNS}).")
    return header


def _records(file: Path, delimiter: str) -> Iterator[Record]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        line = 1
        for place, cells in enumerate(reader, start=1):
            if cells:
                yield Record(line, place, cells)
            line = reader.line_num + 1
