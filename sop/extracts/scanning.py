"""One pass over the bytes of a table: its hash, its line ends, and what would make DuckDB's reader stumble.

Counting is NumPy's and hashing is done beside it by a thread, since both let go of Python's lock: a gigabyte takes a second.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sop.errors import SourceError
from sop.extracts import endless

CHUNK = 1 << 20
LINE_FEED, CARRIAGE_RETURN, BLANK = 10, 13, 32

VEILS = tuple(
    re.compile(signs)
    for signs in (
        rb"\xc2[\xa0\xad]", rb"\xe1\x9a\x80", rb"\xe2\x80[\x80-\x8f\xa8-\xaf]", rb"\xe2\x81[\x9f-\xa9]", rb"\xe3\x80\x80",
        rb"\xef\xbb\xbf",
    )
)  # fmt: skip
"""In UTF-8, the signs of expressions.INVISIBLE and ODD_BLANKS but for the tab; one pattern for each first byte, which is fast."""


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

    @property
    def is_utf8(self) -> bool:
        """True where the bytes are what DuckDB reads."""
        return codecs.lookup(self.encoding).name in ("utf-8", "utf-8-sig")


@dataclass(frozen=True)
class Scanned:
    """What one pass over a table's bytes tells."""

    sha256: str
    line_ends: int
    """Line ends; what stands below the table begins on the line behind the last of them."""
    line_count: int
    """Lines below the header; 0 where only the exact count can tell how many records there are."""
    is_mixed: bool
    """Lines end in more than one way."""
    is_damaged: bool
    is_veiled: bool
    is_padded: bool
    """Blanks may stand at the edge of a cell."""
    is_doubtful: bool
    """Quotation marks may hold a record together for longer than the readers bear."""
    delimiters: int | None
    """How many separators of columns there are; None where that is not known, or where some may be part of a cell."""


def scan(path: Path, name: str, layout: Layout, above: int) -> Scanned:
    """Hash and count a table's bytes, which also proves that every byte is text.

    `above` is the number of lines above the table in its owner's file. Raises SourceError for what is no text and for a
    line that never ends.
    """
    digest, scanned = hashlib.sha256(), _Scan(name, layout, above)
    with path.open("rb") as stream, ThreadPoolExecutor(max_workers=1) as beside:
        while chunk := stream.read(CHUNK):
            hashed = beside.submit(digest.update, chunk)
            scanned.take(chunk)
            hashed.result()
    return scanned.told(digest.hexdigest())


class _Scan:
    """What is known of the bytes so far."""

    def __init__(self, name: str, layout: Layout, above: int) -> None:
        self.name, self.layout, self.above = name, layout, above
        self.decoder = codecs.getincrementaldecoder(layout.encoding)()
        self.is_utf8 = layout.is_utf8
        self.watch = endless.Watch(layout.delimiter)
        self.size = self.line_feeds = self.carriage_returns = self.pairs = 0
        self.has_blanks = self.is_damaged = self.is_veiled = False
        self.is_padded = not (layout.delimiter or "").isascii() or not layout.delimiter
        self.before = b""

    def take(self, chunk: bytes) -> None:
        if not (chunk.isascii() and self.decoder.getstate()[0] == b"" and self.is_utf8):
            chunk = self._decoded(chunk)
        if b"\0" in chunk:
            line = self._line_of(chunk, chunk.index(b"\0"))
            raise SourceError(f"{self.name}, line {line}: this is no text file (it holds a NUL character).")
        self.is_veiled = self.is_veiled or (self.layout.delimiter != "\t" and b"\t" in chunk)
        joined = np.frombuffer(self.before + chunk, np.uint8)
        line_feeds = np.flatnonzero(joined == LINE_FEED)
        places = line_feeds if len(line_feeds) else np.flatnonzero(joined == CARRIAGE_RETURN)
        if self.watch.finds_endless_line(
            joined[len(self.before) :], places[places >= len(self.before)] - len(self.before)
        ):
            raise endless.endless(self.name, self._line_of(chunk, 0))
        self.is_padded = self.is_padded or (b" " in chunk and self._has_padding(joined))
        self._count(chunk, joined, line_feeds)
        self.size += len(chunk)
        self.before = chunk[-2:]

    def _line_of(self, chunk: bytes, place: int) -> int:
        return self.above + self.line_feeds + chunk[:place].count(b"\n") + 1

    def _decoded(self, chunk: bytes) -> bytes:
        """The chunk as UTF-8. Raises SourceError where it is not in the encoding, unless its reader is lenient."""
        try:
            text = self.decoder.decode(chunk)
        except UnicodeError as trouble:
            if not self.layout.is_lenient:
                line = self._line_of(chunk, getattr(trouble, "start", 0))
                raise _no_text(self.name, line, self.layout.encoding) from None
            self.decoder = codecs.getincrementaldecoder(self.layout.encoding)(errors="replace")
            text, self.is_damaged = self.decoder.decode(chunk), True
        chunk = chunk if self.is_utf8 else text.encode()
        seen = self.before + chunk if self.size else chunk.removeprefix(codecs.BOM_UTF8)
        self.is_veiled = self.is_veiled or any(veil.search(seen) for veil in VEILS)
        return chunk

    def _has_padding(self, joined: np.ndarray) -> bool:
        """True where a blank stands beside what can be the edge of a cell."""
        blanks, edges = joined == BLANK, joined < BLANK
        for sign in (ord(self.layout.delimiter or ","), endless.QUOTE):
            edges |= joined == sign
        return bool((blanks[1:] & edges[:-1]).any() or (blanks[:-1] & edges[1:]).any())

    def _count(self, chunk: bytes, joined: np.ndarray, line_feeds: np.ndarray) -> None:
        """Count line ends; `joined` is the chunk with the last two bytes before it, in which `line_feeds` are places."""
        self.line_feeds += len(line_feeds) - self.before.count(b"\n")
        apart = np.diff(line_feeds)
        self.has_blanks = self.has_blanks or bool((apart == 1).any())
        if b"\r" not in chunk and b"\r" not in self.before:
            return
        returns = joined == CARRIAGE_RETURN
        self.carriage_returns += int(np.count_nonzero(returns)) - self.before.count(b"\r")
        self.pairs += int(np.count_nonzero(returns[line_feeds[line_feeds > 0] - 1])) - self.before.count(b"\r\n")
        self.has_blanks = self.has_blanks or bool(returns[line_feeds[1:][apart == 2] - 1].any())

    def told(self, sha256: str) -> Scanned:
        line_ends = self.line_feeds or self.carriage_returns
        lines = line_ends + (self.size > 0 and not self.before.endswith((b"\n", b"\r")))
        is_mixed = bool(self.line_feeds) and (
            self.carriage_returns != self.pairs or 0 < self.pairs < self.line_feeds
        )  # fmt: skip
        is_padded = self.is_padded or self.is_veiled or self.before.endswith(b" ")
        return Scanned(
            sha256, line_ends, 0 if self.has_blanks or is_mixed else max(lines - 1, 0), is_mixed, self.is_damaged,
            self.is_veiled, is_padded, self.watch.is_doubtful, self.watch.delimiters,
        )  # fmt: skip


def _no_text(name: str, line: int, encoding: str) -> SourceError:
    return SourceError(
        f"{name}, line {line}: this is not {encoding} text. Save the file as UTF-8, or say"
        ' encoding = "windows-1252" (or what it is) in its mapping.'
    )
