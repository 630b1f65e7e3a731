"""One source file as bytes: what it is called, what it hashes to, how many records it holds and where they stand.

The count is independent of DuckDB's reader on purpose: rows kept plus rows rejected must equal it, since a
reader that loses rows says nothing.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sop.errors import SourceError
from sop.extracts import endless

CHUNK = 1 << 20
DELIMITERS = ",;\t|"
MOST_COLUMNS = 1_000
MOST_LEFT_OUT = 100_000
"""Lines below a table that are kept with their cells; beyond that they are counted."""
csv.field_size_limit(endless.LONGEST)


class Record(NamedTuple):
    """A record, the line it starts on, and its place as DuckDB's reader counts: blank lines count, line ends in cells do not."""

    line: int
    place: int
    cells: list[str]
    last_line: int


@dataclass(frozen=True)
class Source:
    """A source file that can be read: `file` is its table as UTF-8 text on disk under our name, `name` is its owner's.

    `line_count` is the number of lines below the header, which is the number of records unless a cell
    holds a line end; counting `records()` is exact and slower.
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
    """The first lines below the table that are no rows of it: totals, remarks, rows of empty cells."""
    left_out_count: int = 0
    """How many such lines there are; blank ones are none."""
    is_damaged: bool = False
    """Some characters could not be decoded and stand as U+FFFD."""
    is_veiled: bool = False
    """Signs that nobody sees, or that look like a blank and are none, stand in some cells."""
    delimiters: int | None = None
    """How many separators of columns there are; None where some may be part of a cell."""

    @property
    def is_even(self) -> bool:
        """False where the separators are too many or too few for every line to be as wide as the header."""
        return self.delimiters in (None, (self.line_count + 1) * (len(self.header) - 1))

    def records(self) -> Iterator[Record]:
        """Each record below the header; blank lines are no records."""
        rows = _records(self.file, self.delimiter)
        next(rows, None)
        above = self.header_line - 1
        if not above:
            return rows
        return (row._replace(line=row.line + above, last_line=row.last_line + above) for row in rows)


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
    if looked.watch.is_doubtful:
        endless.check_records(file, name, delimiter, above)
    left_out, left_out_count = _left_out(below, layout.encoding, delimiter, above + looked.line_ends)
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
        left_out_count,
        looked.is_damaged,
        looked.is_veiled,
        looked.watch.delimiters,
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


def _left_out(below: bytes, encoding: str, delimiter: str, line_ends_above: int) -> tuple[tuple[Record, ...], int]:
    """The lines below the table, numbered as in the file, and how many they are; blank ones are left out silently."""
    text = below.decode(encoding, errors="replace").replace("\0", "")
    found, count = [], 0
    for line, said in enumerate(io.StringIO(text, newline=None), start=line_ends_above + 1):
        if said.strip():
            count += 1
            if count <= MOST_LEFT_OUT:
                said = said.rstrip("\r\n")
                found.append(Record(line, 0, next(csv.reader([said], delimiter=delimiter), [said]), line))
    return tuple(found), count


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass
class _Looked:
    """What one pass over a table's bytes tells."""

    sha256: str
    line_ends: int
    """Line ends; what stands below the table begins on the line behind the last of them."""
    line_count: int
    """Lines below the header; 0 where only the exact count can tell how many records there are."""
    is_mixed: bool
    is_damaged: bool
    is_veiled: bool
    watch: endless.Watch


VEILS = tuple(
    re.compile(signs)
    for signs in (
        rb"\xc2[\xa0\xad]", rb"\xe1\x9a\x80", rb"\xe2\x80[\x80-\x8f\xa8-\xaf]", rb"\xe2\x81[\x9f-\xa9]", rb"\xe3\x80\x80",
        rb"\xef\xbb\xbf",
    )
)  # fmt: skip
"""In UTF-8, the signs of expressions.INVISIBLE and ODD_BLANKS but for the tab; one pattern for each first byte, which is fast."""


def _look_over(path: Path, name: str, layout: Layout, above: int) -> _Looked:
    """Hash and count a table's bytes in one pass, which also proves that every byte is text."""
    encoding = layout.encoding
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder(encoding)()
    size = line_feeds = carriage_returns = pairs = blanks = 0
    is_utf8 = codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
    is_damaged = is_veiled = False
    before, watch = b"", endless.Watch(layout.delimiter)
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
                seen = before + chunk if size else chunk.removeprefix(codecs.BOM_UTF8)
                is_veiled = is_veiled or any(veil.search(seen) for veil in VEILS)
            if b"\0" in chunk:
                line = above + line_feeds + chunk[: chunk.index(b"\0")].count(b"\n") + 1
                raise SourceError(f"{name}, line {line}: this is no text file (it holds a NUL character).")
            if watch.finds_endless_line(chunk):
                raise endless.endless(name, above + line_feeds + 1)
            is_veiled = is_veiled or (layout.delimiter != "\t" and b"\t" in chunk)
            size += len(chunk)
            line_feeds += chunk.count(b"\n")
            joined = before + chunk
            if b"\r" in joined:
                carriage_returns += chunk.count(b"\r")
                pairs += joined.count(b"\r\n") - before.count(b"\r\n")
            blanks += b"\n\n" in joined or b"\n\r\n" in joined
            before = chunk[-2:]
    line_ends = line_feeds if line_feeds else carriage_returns
    lines = line_ends + (not before.endswith((b"\n", b"\r")) and size > 0)
    is_mixed = bool(line_feeds) and (carriage_returns != pairs or 0 < pairs < line_feeds)
    line_count = 0 if blanks or is_mixed else max(lines - 1, 0)
    return _Looked(digest.hexdigest(), line_ends, line_count, is_mixed, is_damaged, is_veiled, watch)


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
        outside = "".join(stream.readline(endless.LONGEST).split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _header(file: Path, name: str, delimiter: str, above: int) -> tuple[str, ...]:
    where = f"{name}, line {above + 1}"
    try:
        first = next(_records(file, delimiter), Record(1, 1, [], 1))
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
                yield Record(line, place, cells, reader.line_num)
            line = reader.line_num + 1
