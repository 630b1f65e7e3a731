"""How a stranger's file is written: its encoding, delimiter, header, and each column's numbers and dates.

Only the head of the file, some blocks further down and its tail are looked at, so that an answer takes the same
short time whatever the file's size. Every guess is also put into words, since a guess must never be silent.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sop.errors import SourceError
from sop.extracts.expressions import MONTHS
from sop.extracts.mapping import EXCEL_SERIAL, ISO_WEEK, JDE, Join
from sop.extracts.source import DELIMITERS, MOST_COLUMNS

HEAD = 1 << 20
BLOCK, BLOCKS = 1 << 16, 8
TAIL = 1 << 18
MOST_ROWS = 20_000
DECODED_WHOLE = 1 << 26
"""Bytes up to which the whole file is decoded to find out its encoding; beyond it, the sample must do."""

FARTHEST_BACK = 1 << 25
"""Bytes that are searched backwards for the last row that holds anything."""

MOST_SAMPLES, LONGEST_SAMPLE, LONGEST_NAME, MOST_NOTES = 8, 200, 1_000, 100


_MACHINE_NOTHING = r"\(?null\)?|\\n|#n/a|#nv|#(value|wert|ref|bezug|div/0)!|#name\?"
_NOTHING = re.compile(
    rf"(?i){_MACHINE_NOTHING}|nil|none|nan|n[./]? ?a\.?|k\. ?a\.|[-–—]+|[?.]|t\.?b\.?[ad]\.?|unknown|unbekannt|offen|"
    r"\((blank|leer|empty)\)"
)
_MACHINE_NOTHING_ONLY = re.compile(f"(?i){_MACHINE_NOTHING}")
"""Words that stand for nothing in a column of text too, where `NA` may be Namibia and `-` a product."""


@dataclass(frozen=True)
class SniffedColumn:
    """One column of a file: what it is called, what stands in it, and how that is written."""

    name: str
    place: int
    samples: tuple[str, ...]
    filled_share: float
    distinct_share: float
    kind: str
    """'text', 'number', 'date' or 'empty'."""
    date_format: str | None
    """A strptime format; None for ISO and for what is no date; EXCEL_SERIAL for days as spreadsheets count them."""
    other_date_format: str | None
    """The other reading, where the values cannot decide between day-first and month-first or contradict each other."""
    decimal: str
    thousands: str
    is_percent: bool
    currency: str
    odd_words: tuple[str, ...]
    other_signs: tuple[str, str] | None = None
    """The other decimal sign and thousands separator that fit, where neither the column nor the file decides."""


@dataclass(frozen=True)
class Sniffed:
    """How a file is written, as guessed from samples; the notes say every guess in plain words."""

    file_name: str
    encoding: str
    delimiter: str
    header_line: int
    trailing_lines: int
    """Lines below the table that are no rows of it: totals, closing remarks, rows of empty cells. Blank lines don't count."""
    columns: tuple[SniffedColumn, ...]
    notes: tuple[str, ...]
    header_start: int = 0
    """The byte at which the header's line begins; 0 where nothing stands above it."""
    table_end: int | None = None
    """The byte at which the table ends and what is left out begins; None where nothing is left out."""
    join: Join | None = None
    """How the columns of a header file came to stand behind the file's own."""


def sniff(path: Path, name: str) -> Sniffed:
    """Guess how a text file is written. Raises SourceError where there is no header, or one with too many columns."""
    try:
        sample = _sample(path)
    except OSError as trouble:
        raise SourceError(f"{name} cannot be read: {trouble.strerror or trouble}. Nothing was published.") from None
    notes = list(sample.notes)
    delimiter = _delimiter(sample.head)
    rows = _rows(sample.head, delimiter, MOST_ROWS)
    if not any(_filled(row.cells) for row in rows):
        raise SourceError(f"{name}, line 1: there is no header; the file is empty. Nothing was published.")
    place = _header_place(rows)
    header = rows[place]
    _check_header(name, header)
    notes += _header_notes(header) + _runaway_notes(rows[place + 1 :])
    body = rows[place + 1 :]
    below = body if sample.is_whole else _rows(sample.tail, delimiter, MOST_ROWS)
    trailing = _trailing(below, _mass(rows))
    kept = below[: len(below) - trailing]
    notes += _trailing_notes(below[len(kept) :], sample.empty_rows)
    if sample.is_whole:
        body = kept
    else:
        middle = (row for text in sample.middle for row in _rows(text, delimiter, MOST_ROWS))
        body = [*body, *middle, *kept]
    columns, more = _columns(header.cells, body, delimiter)
    notes += more
    return Sniffed(
        file_name=name,
        encoding=sample.encoding,
        delimiter=delimiter,
        header_line=header.line,
        trailing_lines=trailing + sample.empty_rows,
        columns=columns,
        notes=_shortened(notes),
        header_start=_line_start(path, sample.encoding, 0, header.line),
        table_end=_table_end(path, sample, below[len(kept) :]),
    )


def is_no_row(cells: Sequence[str]) -> bool:
    """True for a line inside a table that is no row of it: empty, or a label such as "Total" beside numbers only."""
    return not _filled(cells) or _is_total(list(cells))


def is_header_again(cells: Sequence[str], header: Sequence[str]) -> bool:
    """True for a line that repeats the header, as reports do on every page."""
    said = [cell.strip() for cell in cells]
    return said == list(header) and any(said)


def _table_end(path: Path, sample: _Sample, left_out: list[_Row]) -> int | None:
    """Where the first line begins that is left out below the table."""
    if left_out:
        return _line_start(path, sample.encoding, sample.tail_start, left_out[0].line)
    return sample.end if sample.empty_rows else None


def _line_start(path: Path, encoding: str, start: int, line: int) -> int:
    """The byte at which a line begins, counted from the one that begins at `start`; the end of what was read without one."""
    if line <= 1:
        return start
    with path.open("rb") as stream:
        stream.seek(start)
        raw = stream.read(HEAD + TAIL + BLOCK)
        if encoding != "utf-16":
            end = next(islice(re.finditer(rb"\r\n|\n|\r", raw), line - 2, None), None)
            return start + (end.end() if end else len(raw))
        stream.seek(0)
        wide = "utf-16-le" if stream.read(2) == codecs.BOM_UTF16_LE else "utf-16-be"
    text = raw.decode(wide, errors="replace")
    place = next(islice(re.finditer(r"\r\n|\n|\r", text), line - 2, None), None)
    return start + len(text[: place.end() if place else len(text)].encode(wide, errors="replace"))


def _check_header(name: str, header: _Row) -> None:
    where = f"{name}, line {header.line}"
    if len(header.cells) > MOST_COLUMNS:
        raise SourceError(f"{where}: {len(header.cells)} columns are more than an extract can have ({MOST_COLUMNS}).")
    longest = max(map(len, header.cells))
    if longest > LONGEST_NAME:
        raise SourceError(
            f"{where}: a cell of the header is {longest:,} characters long; this is no table, or a quotation mark is"
            " opened there and not closed. Nothing was published."
        )


def _runaway_notes(rows: list[_Row]) -> list[str]:
    long = [row for row in rows if row.last_line - row.line > 100]
    return [f"Line {row.line}: a quotation mark seems to be opened there and not closed." for row in long[:3]]


def _shortened(notes: list[str]) -> tuple[str, ...]:
    if len(notes) > MOST_NOTES:
        notes = [*notes[:MOST_NOTES], f"There are {len(notes) - MOST_NOTES} more remarks like these."]
    return tuple(notes)


# The bytes


@dataclass(frozen=True)
class _Sample:
    encoding: str
    head: str
    middle: tuple[str, ...]
    tail: str
    is_whole: bool
    """True where `head` is the whole file, less the empty rows at its end."""
    empty_rows: int
    notes: tuple[str, ...]
    end: int = 0
    """The byte at which the last line ends that holds anything."""
    tail_start: int = 0
    """The byte at which the text begins in which the table's end is seen: the tail, or the whole file."""


def _sample(path: Path) -> _Sample:
    with path.open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        encoding, notes = _encoding(stream, size)
        end, empty_rows = _end_of_content(stream, size, 2 if encoding == "utf-16" else 1)
        if end <= HEAD + TAIL:
            head = _text(stream, 0, end, encoding)
            return _Sample(encoding, head, (), "", True, empty_rows, notes, end)
        head = _whole_lines(_text(stream, 0, HEAD, encoding))
        step = (end - HEAD - TAIL) // BLOCKS
        middle = tuple(
            _whole_lines(_below_first_line(_text(stream, HEAD + step * number, min(BLOCK, step), encoding)))
            for number in range(BLOCKS)
        )
        tail_start = end - TAIL - ((end - TAIL) % 2 if encoding == "utf-16" else 0)
        tail = _below_first_line(_text(stream, tail_start, TAIL, encoding))
    tail_start = _line_start(path, encoding, tail_start, 2)
    notes = (*notes, "The file is long: what is said of its columns was seen in samples of its rows.")
    return _Sample(encoding, head, middle, tail, False, empty_rows, notes, end, tail_start)


def _text(stream: BinaryIO, start: int, size: int, encoding: str) -> str:
    """Part of a file as text; a character cut at the edge does no harm."""
    stream.seek(0)
    is_little = stream.read(2) == codecs.BOM_UTF16_LE
    if encoding == "utf-16":
        start -= start % 2
    stream.seek(start)
    raw = stream.read(size)
    if encoding == "utf-16":
        encoding = "utf-16-le" if is_little else "utf-16-be"
    return raw.decode(encoding, errors="replace").removeprefix("\ufeff")


def _whole_lines(text: str) -> str:
    cut = max(text.rfind("\n"), text.rfind("\r"))
    return text[: cut + 1] if cut > 0 else text


def _below_first_line(text: str) -> str:
    line_end = re.search(r"\r\n|\n|\r", text)
    return text[line_end.end() :] if line_end else ""


def _encoding(stream: BinaryIO, size: int) -> tuple[str, tuple[str, ...]]:
    """By byte order mark, else UTF-8 where the bytes are, else Windows-1252."""
    stream.seek(0)
    start = stream.read(4)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", ()
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", ()
    good = 0
    for chunk in _chunks(stream, size):
        if chunk.isascii():
            continue
        good_here, bad = _characters(chunk)
        good += good_here
        if bad and good >= 4 * bad:
            return "utf-8", ("The text is UTF-8 with a few damaged characters; lines that hold one cannot be read.",)
        if bad and good > 1:
            return "cp1252", (
                "The text is UTF-8 in part and no UTF-8 in part: two exports may stand one below the other. It is read as"
                " Windows-1252, so that the characters beyond ASCII of the one part are wrong.",
            )
        if bad:
            return "cp1252", ("The text is no UTF-8; it is read as Windows-1252, as older Windows programs write it.",)
    return "utf-8", ()


def _chunks(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """The file in pieces that end and begin with whole characters: all of it, or samples where it is long."""
    is_whole = size <= DECODED_WHOLE
    cut = b""
    for place in range(0, size, HEAD if is_whole else max(HEAD, size // 64)):
        stream.seek(place)
        chunk = stream.read(HEAD)
        chunk = cut + chunk if is_whole else chunk.lstrip(bytes(range(0x80, 0xC0)))
        whole = len(chunk) - _cut_off(chunk[-3:]) if place + HEAD < size else len(chunk)
        cut = chunk[whole:]
        yield chunk[:whole]


def _cut_off(end: bytes) -> int:
    """How many bytes at the end belong to a character that goes on beyond it."""
    for back in range(1, len(end) + 1):
        if end[-back] >= 0xC0:
            return back if back < (2 if end[-back] < 0xE0 else 3 if end[-back] < 0xF0 else 4) else 0
        if end[-back] < 0x80:
            break
    return 0


def _characters(chunk: bytes) -> tuple[int, int]:
    """How many characters beyond ASCII are good UTF-8 here, and how many bytes are not."""
    try:
        return len(chunk.decode().encode("ascii", "ignore")) < len(chunk), 0
    except UnicodeDecodeError:
        text = chunk.decode(errors="surrogateescape")
        bad = len(re.findall("[\udc80-\udcff]", text))
        return len(re.findall("[^\0-\x7f\udc80-\udcff]", text)), bad


def _end_of_content(stream: BinaryIO, size: int, unit: int) -> tuple[int, int]:
    """Where the last line ends that holds anything, and how many rows of empty cells follow it."""
    place = size
    while place > 0 and size - place < FARTHEST_BACK:
        start = max(place - HEAD, 0)
        stream.seek(start)
        left = len(stream.read(place - start).rstrip(b' \t\r\n,;|"\0'))
        if left:
            end = _line_end(stream, start + left, size, unit)
            stream.seek(end)
            below = stream.read().replace(b"\0", b"")
            return end, sum(1 for _ in re.finditer(rb"[^\r\n]+", below))
        place = start
    return size, 0


def _line_end(stream: BinaryIO, place: int, size: int, unit: int) -> int:
    """The first line end from `place` on: the last cells of a row may be empty."""
    while place < size:
        stream.seek(place)
        block = stream.read(BLOCK)
        found = re.search(rb"[\r\n]", block)
        if found:
            end = place + found.start()
            return end - end % unit
        place += len(block)
    return size


# The rows


class _Row(NamedTuple):
    line: int
    last_line: int
    cells: list[str]


def _rows(text: str, delimiter: str, most: int) -> list[_Row]:
    """The first records of a text with the lines they stand on; blank lines are none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found: list[_Row] = []
    line = 1
    try:
        for cells in reader:
            if cells:
                found.append(_Row(line, reader.line_num, cells))
            line = reader.line_num + 1
            if len(found) >= most:
                break
    except csv.Error:
        return found  # a cell of enormous size: what stands above it is enough for a guess
    return found


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell and not cell.isspace())


def _delimiter(head: str) -> str:
    """The delimiter that makes the widest even table with a header of clean words."""
    said = re.match(r'"?sep=(.)"?[\r\n]', head)
    if said:
        return said[1]
    scores = {delimiter: _evenness(_rows(head[:BLOCK], delimiter, 300), delimiter) for delimiter in DELIMITERS}
    return max(scores, key=lambda delimiter: scores[delimiter])


def _evenness(rows: list[_Row], delimiter: str) -> float:
    """How much a delimiter makes of rows: the columns, by the share of rows that have them, by the header's cleanness."""
    mass = _mass(rows)
    if mass < 2:
        return 0.0
    place = _header_place(rows)
    header = [cell for cell in rows[place].cells if cell.strip()]
    others = set(DELIMITERS) - {delimiter}
    clean = sum(1 for cell in header if not others & set(cell)) / len(header) if header else 0.0
    above = "".join(cell for row in rows[:place] for cell in row.cells)
    passed_over = max((above.count(other) for other in others - {","}), default=0)
    even = sum(1 for row in rows if len(row.cells) == mass) / len(rows)
    return even * (mass - 1) * (0.2 + 0.8 * clean) / (1 + passed_over)


def _mass(rows: list[_Row]) -> int:
    """The cell count that most of the rows have, wide rows weighing more than the lines around a table."""
    widths = Counter(len(row.cells) for row in rows[:1000])
    return max(widths, key=lambda width: widths[width] * (width - 1) + (width == 1), default=0)


def _header_place(rows: list[_Row]) -> int:
    """Which row is the header: the first as wide and as filled as the mass of rows, and mostly of words."""
    mass = _mass(rows)
    usual = sorted(_filled(row.cells) for row in rows[:200] if len(row.cells) == mass)
    least = 0.6 * usual[len(usual) // 2] if usual else 1
    slack = 1 if mass >= 4 else 0
    for place, row in enumerate(rows[:100]):
        if abs(len(row.cells) - mass) <= slack and _filled(row.cells) >= max(least, 1) and _is_wordy(row.cells):
            return place
    return next((place for place, row in enumerate(rows) if len(row.cells) == mass), 0)


def _is_wordy(cells: Sequence[str]) -> bool:
    """True where more cells hold a letter than only digits and signs."""
    filled = [cell for cell in cells if cell.strip()]
    return 2 * sum(1 for cell in filled if any(map(str.isalpha, cell))) > len(filled)


def _header_notes(header: _Row) -> list[str]:
    notes = []
    names = [cell.strip() for cell in header.cells]
    if header.line > 1:
        notes.append(f"The header is line {header.line}; what stands above it is left out.")
    if not _is_wordy(names):
        notes.append(f"Line {header.line} is taken for the header, but looks like data: does the file have a header?")
    doubled = [name for name, count in Counter(names).items() if name and count > 1]
    if doubled:
        notes.append(f"More than one column is called {_listed(doubled)}; they are told apart by their place.")
    if "" in names:
        places = [str(place + 1) for place, name in enumerate(names) if not name]
        notes.append(f"Columns without a name: {_listed(places, quoted=False)}.")
    if len(names) == 1:
        notes.append("Only one column is found: no comma, semicolon, tab or bar separates the cells.")
    return notes


def _listed(words: Sequence[str], most: int = 5, *, quoted: bool = True) -> str:
    shown = ", ".join(f'"{word[:60]}"' if quoted else word[:60] for word in words[:most])
    return shown + (f" and {len(words) - most} more" if len(words) > most else "")


# Below the table

_TOTAL = re.compile(
    r"(?i)[*=#\s]*((grand|overall|sub|report|net|gross|page|general)[ -]?totals?|totals?|sum|total general|"
    r"(gesamt|zwischen|end)?-?summen?|gesamt|insgesamt|(gesamt|overall )?(ergebnis|result)|gesamtsumme|"
    r"average|mean|mittelwert|durchschnitt|count|anzahl|record count|[σ∑])[*=\s]*([:(].*)?"
)
_TOTAL_OF = re.compile(r"(?i)((grand |overall |sub)?totals?|(gesamt)?summe|gesamt)\b.{0,40}")


def _trailing(rows: list[_Row], mass: int) -> int:
    """How many rows at the end are no rows of the table."""
    end = _remarks_start(rows, len(rows), mass)
    while end and _is_no_row(rows[end - 1].cells):
        end -= 1
    return len(rows) - end


def _is_no_row(cells: list[str]) -> bool:
    return not _filled(cells) or _is_total(cells)


def _is_total(cells: list[str]) -> bool:
    """A label such as "Total", and beside it nothing but numbers and empty cells."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or any(_reading(_shape(cell)) is None for cell in filled[1:]):
        return False
    return bool(_TOTAL.fullmatch(filled[0]) or (len(filled) < len(cells) and _TOTAL_OF.fullmatch(filled[0])))


def _remarks_start(rows: list[_Row], end: int, mass: int) -> int:
    """Where closing remarks begin: lines of one cell, below a blank line or of more than one word ("Generated by: X")."""
    start = end
    while mass > 2 and start and _filled(rows[start - 1].cells) <= 1 and not _is_total(rows[start - 1].cells):
        start -= 1
    block = [row for row in rows[start:end] if _filled(row.cells)]
    below_a_blank = 0 < start < end and rows[start].line > rows[start - 1].last_line + 1
    wordy = all(re.search(r"[^\W\d_]{2}.*\s\S*[^\W\d_]", " ".join(row.cells)[:LONGEST_SAMPLE]) for row in block)
    return start if below_a_blank or wordy else end


def _trailing_notes(rows: list[_Row], empty_rows: int) -> list[str]:
    notes = []
    empty = empty_rows + sum(1 for row in rows if not _filled(row.cells))
    words = [next(cell.strip() for cell in row.cells if cell.strip()) for row in rows if _filled(row.cells)]
    if words:
        notes.append(f"Lines at the end that are no rows of the table are left out: {_listed(words)}.")
    if empty:
        notes.append(f"Rows of empty cells at the end: {empty}; they are left out.")
    return notes


# What a cell can be

_DIGITS = str.maketrans("123456789", "000000000")
_LEADING_ZERO = "\x01"
"""What a leading zero is in the shape of a cell; no text file holds this character."""
_CURRENCIES = (
    r"€|\$|£|¥|₹|₽|zł|US\$|[Kk]r\.?|Fr\.?|Rs\.?|EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|ZAR|BRL|MXN|"
    "CAD|AUD|NZD|SGD|HKD|KRW|AED|SAR|ILS|THB|RUB"
)
_SPACES = " \u00a0\u202f"
_NUMBER = re.compile(
    rf"(?P<open>\()?[-+−]?\s*(?P<before>{_CURRENCIES})?\s*[-+−]?\s*"
    rf"(?P<core>[0\x01][0.,'’{_SPACES}]*|[.,]0+)(?<![{_SPACES}])\s*(?P<after>{_CURRENCIES})?\s*(?P<percent>%)?-?(?(open)\))"
)
_TIME = r"(?P<mark>T|,? )(?P<hour>00?):00(?P<second>:00)?(?P<fraction>[.,]0+)?(?P<half> ?[AaPp]\.?[Mm]\.?)?"
_ZONE = r"(?P<zone> ?Z| ?[-+]00:?00| UTC)?"
_WORD = r"(?P<word>[^\W\d_]{3,9}\.?)"
_DATES = tuple(
    re.compile(rf"(?:{pattern})(?:{_TIME}{_ZONE})?")
    for pattern in (
        r"(?P<iso>0000-00-00)",
        r"(?P<year_first>0000)(?P<a>[-/.])00?(?P=a)00?",
        r"(?P<numbers>00?)(?P<a>[-/.])00?(?P=a)(?P<year>0000|00)",
        rf"(?P<named>00?)(?P<a>[-/. ]|\. ?){_WORD}(?P<b>[-/ ]|, )(?P<year>0000|00)",
        rf"{_WORD}(?P<a> )(?P<american>00?)(?P<b>,? )(?P<year>0000)",
    )
)
_MONTHS_ALONE = (
    re.compile(r"(?P<iso_month>0000-00)"),
    re.compile(r"(?P<month_first>00?)/(?P<year>0000)"),
    re.compile(rf"{_WORD}(?P<a>[-/ ])(?P<year>0000|00)"),
)


@dataclass(frozen=True)
class _Reading:
    """What the shape of a cell allows it to be: a date in one format, or a number in some conventions."""

    date_format: str | None = None
    """The format; "" for ISO."""
    other: str | None = None
    word: str = ""
    conventions: frozenset[tuple[str, str]] = frozenset()
    """Pairs of decimal sign and thousands separator; all of them where neither occurs."""
    is_whole: bool = False
    currency: str = ""
    is_percent: bool = False


def _shape(cell: str) -> str:
    """The cell with every digit as 0, but a mark where the first digit is a zero: no thousands follow it."""
    if _LEADING_ZERO in cell:
        return ""
    shape = cell.translate(_DIGITS)
    first = shape.find("0")
    return f"{shape[:first]}{_LEADING_ZERO}{shape[first + 1 :]}" if first >= 0 and cell[first] == "0" else shape


@lru_cache(maxsize=100_000)
def _reading(shape: str) -> _Reading | None:
    if len(shape) > 40 or not ("0" in shape or _LEADING_ZERO in shape):
        return None
    return _date_reading(shape.replace(_LEADING_ZERO, "0")) or _number_reading(shape)


_WEEK = re.compile(r"(?i)(0000[- ]?W ?00?|(KW|W|CW|week|Woche) ?00?[/ -]0000|0000[/ -](KW|CW) ?00?)")


def _date_reading(shape: str) -> _Reading | None:
    if _WEEK.fullmatch(shape):
        return _Reading(date_format=ISO_WEEK)
    for pattern in (*_DATES, *_MONTHS_ALONE):
        found = pattern.fullmatch(shape)
        if found:
            parts = found.groupdict()
            word = parts.get("word") or ""
            if word and not _is_month(word):
                return None
            date_format, other = _date_formats(parts)
            return _Reading(date_format=date_format, other=other, word=word.rstrip("."))
    return None


def _date_formats(parts: dict[str, str | None]) -> tuple[str, str | None]:
    """The strptime format of a date's parts, and the month-first one where its numbers allow it."""
    if parts.get("iso") or parts.get("iso_month"):
        return ("", None) if not parts.get("half") else ("%Y-%m-%d" + _time_format(parts), None)
    time = _time_format(parts) if parts.get("hour") else ""
    year = "%Y" if parts.get("year") == "0000" else "%y"
    a, b, month = parts.get("a") or "", parts.get("b") or "", "%b"
    if parts.get("year_first"):
        return f"%Y{a}%m{a}%d{time}", None
    if parts.get("numbers"):
        return f"%d{a}%m{a}{year}{time}", f"%m{a}%d{a}{year}{time}"
    if parts.get("named"):
        return f"%d{a}{month}{b}{year}{time}", None
    if parts.get("american"):
        return f"{month}{a}%d{b}{year}{time}", None
    return (f"%m/{year}" if parts.get("month_first") else f"{month}{a}{year}"), None


def _is_month(word: str) -> bool:
    return word.rstrip(".").lower() in MONTHS


def _time_format(parts: dict[str, str | None]) -> str:
    half = parts.get("half") or ""
    hours = "%I:%M" if half else "%H:%M"
    fraction = f"{(parts.get('fraction') or '')[:1]}%f" if parts.get("fraction") else ""
    zone = re.sub(r"[-+]\S+", "%z", parts.get("zone") or "")
    half = (" " if half.startswith(" ") else "") + "%p" if half else ""
    return f"{parts['mark']}{hours}{':%S' if parts.get('second') else ''}{fraction}{half}{zone}"


def _number_reading(shape: str) -> _Reading | None:
    found = _NUMBER.fullmatch(shape)
    if not found:
        return None
    conventions = _conventions(found["core"])
    if conventions is None:
        return None
    return _Reading(
        conventions=conventions,
        is_whole=not re.search(r"[.,]", found["core"]),
        currency=found["before"] or found["after"] or "",
        is_percent=bool(found["percent"]),
    )


def _conventions(core: str) -> frozenset[tuple[str, str]] | None:
    """Which (decimal sign, thousands separator) a number's digits allow; none at all: None; no sign in it: the empty set."""
    signs = re.findall(r"[^0\x01]", core)
    if not signs:
        return frozenset()
    last, kinds = signs[-1], list(dict.fromkeys(signs))
    if len(kinds) == 1:
        allowed = set()
        if last in ".," and len(signs) == 1:
            allowed.add((last, ""))
        if _is_grouped(core, last):
            allowed |= {(decimal, last) for decimal in ".," if decimal != last}
        return frozenset(allowed) or None
    whole, _, _ = core.rpartition(last)
    if len(kinds) == 2 and last in ".," and signs.count(last) == 1 and _is_grouped(whole, kinds[0]):
        return frozenset({(last, kinds[0])})
    return None


def _is_grouped(whole: str, separator: str) -> bool:
    """True for groups of three digits, or of two before the last three, as in India; a number does not begin with 0 then."""
    first, *groups, last = whole.split(separator)
    if not 1 <= len(first) <= 3 or _LEADING_ZERO in first or len(last) != 3:
        return False
    return all(len(group) == 3 for group in groups) or (separator == "," and all(len(group) == 2 for group in groups))


# The columns


@dataclass
class _Values:
    """The distinct values of a column, sorted by what they can be."""

    name: str
    place: int
    counts: Counter[str]
    rows: int
    dates: dict[str, _Reading] = field(default_factory=dict)
    numbers: dict[str, _Reading] = field(default_factory=dict)
    nothing: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


class _DateWriting(NamedTuple):
    date_format: str | None
    other: str | None
    notes: list[str]


def _columns(header: list[str], body: list[_Row], delimiter: str) -> tuple[tuple[SniffedColumn, ...], list[str]]:
    """Each column of the header with what the rows of its width hold."""
    width = len(header)
    widths = Counter(len(row.cells) for row in body)
    mass = max(widths, key=lambda cells: widths[cells], default=width)
    slack = {width, mass} if abs(mass - width) <= 1 else {width}
    fitting = [row.cells[:width] for row in body if len(row.cells) in slack and _filled(row.cells)]
    notes = []
    uneven = sum(count for cells, count in widths.items() if cells != width)
    if uneven:
        notes.append(f"{uneven} of {len(body)} rows looked at have another number of cells than the header ({width}).")
    cells_by_column: Iterable[Sequence[str]] = zip(*fitting, strict=False) if fitting else ([] for _ in header)
    values = [
        _values(name.strip(), place, cells) for place, (name, cells) in enumerate(_padded(header, cells_by_column))
    ]
    prior, is_evident = _usual_decimal(values, delimiter)
    columns = []
    for column in values:
        sniffed, more = _column(column, prior, is_evident)
        columns.append(sniffed)
        notes += more
    return tuple(columns), notes + _custom_notes(columns, values) + _side_by_side(columns)


def _custom_notes(columns: list[SniffedColumn], values: list[_Values]) -> list[str]:
    """One remark for all columns that write their numbers in the same way, other than 1234.5."""
    alike: dict[tuple[str, str], list[str]] = {}
    examples: dict[tuple[str, str], str] = {}
    for column, found in zip(columns, values, strict=True):
        custom = (column.decimal, column.thousands)
        signed = [value for value, reading in found.numbers.items() if reading.conventions]
        if column.kind == "number" and signed and custom != (".", ""):
            alike.setdefault(custom, []).append(column.name)
            examples.setdefault(custom, next((value for value in signed if column.decimal in value), signed[0]))
    return [
        f"{_listed(names, quoted=False)}: a decimal {_called(decimal)}"
        + (f" and thousands set apart by {_called(thousands)}" if thousands else "")
        + f', as in "{examples[decimal, thousands]}".'
        for (decimal, thousands), names in alike.items()
    ]


def _padded(header: list[str], columns: Iterable[Sequence[str]]) -> Iterator[tuple[str, Sequence[str]]]:
    found = list(columns)
    for place, name in enumerate(header):
        yield name, found[place] if place < len(found) else []


def _side_by_side(columns: list[SniffedColumn]) -> list[str]:
    gaps = [column.place for column in columns[1:-1] if not column.name and column.kind == "empty"]
    gaps = [place for place in gaps if columns[place - 1].name and columns[place + 1].name]
    return [f"Column {place + 1} is an empty gap: two tables may stand side by side." for place in gaps]


def _values(name: str, place: int, cells: Sequence[str]) -> _Values:
    """Sort a column's values; a column whose first values are words is text and is not looked at further."""
    counts = Counter(map(str.strip, cells))
    counts.pop("", None)
    column = _Values(name, place, counts, len(cells))
    _sort(column, islice(counts, 300))
    if 4 * (len(column.dates) + len(column.numbers)) >= len(column.others):
        _sort(column, islice(counts, 300, None))
    return column


def _sort(column: _Values, values: Iterable[str]) -> None:
    for value in values:
        if len(value) <= 12 and _NOTHING.fullmatch(value):
            column.nothing.append(value)
            continue
        reading = _reading(_shape(value)) if len(value) <= 40 else None
        if reading is None:
            column.others.append(value)
        elif reading.date_format is not None:
            column.dates[value] = reading
        else:
            column.numbers[value] = reading


def _column(column: _Values, prior: str, is_evident: bool) -> tuple[SniffedColumn, list[str]]:
    kind, odd = _kind(column)
    notes: list[str] = []
    dates, decimal, thousands, other = _DateWriting(None, None, []), prior, "", None
    if kind == "date":
        dates = _date_writing(column)
        notes += dates.notes
    elif kind == "number":
        decimal, thousands, other, more = _number_writing(column, prior)
        notes += more
    currencies = Counter(reading.currency for reading in column.numbers.values() if reading.currency)
    if kind == "number" and len(currencies) > 1:
        notes.append(
            f"{column.name}: the amounts are in several currencies ({_listed(list(currencies), quoted=False)})."
        )
    notes += _word_notes(column, kind, odd)
    filled = column.counts.total() - sum(column.counts[word] for word in odd)
    return SniffedColumn(
        name=column.name,
        place=column.place,
        samples=tuple(_sample_text(value) for value in islice(column.counts, MOST_SAMPLES)),
        filled_share=filled / column.rows if column.rows else 0.0,
        distinct_share=(len(column.counts) - len(odd)) / filled if filled else 0.0,
        kind=kind,
        date_format=dates.date_format,
        other_date_format=dates.other,
        decimal=decimal,
        thousands=thousands,
        is_percent=kind == "number" and _is_percent(column),
        currency=next(iter(currencies.most_common(1)))[0] if kind == "number" and currencies else "",
        odd_words=tuple(odd),
        other_signs=None if is_evident else other,
    ), notes


def _sample_text(value: str) -> str:
    return value if len(value) <= LONGEST_SAMPLE else value[: LONGEST_SAMPLE - 1] + "…"


def _is_percent(column: _Values) -> bool:
    return 2 * sum(reading.is_percent for reading in column.numbers.values()) > len(column.numbers)


def _kind(column: _Values) -> tuple[str, list[str]]:
    """What the column is, and the words in it that stand for nothing.

    Distinct values decide, not rows: where half of the rows say "Not captured", the others still are dates.
    """
    dates, numbers = len(column.dates), len(column.numbers)
    words = _repeated_words(column)
    others = len(column.others) - len(words)
    odd = [*column.nothing, *words]
    if not column.counts or (column.nothing and not dates + numbers + len(column.others)):
        return "empty", column.nothing
    if dates >= 3 * (numbers + others) and dates:
        return "date", odd
    if numbers and numbers >= 3 * (dates + others) and not _are_keys(column.numbers):
        if _are_compact_dates(column) or _are_serials(column) or _are_jde(column):
            return "date", odd
        return "number", odd
    return "text", [word for word in column.nothing if _MACHINE_NOTHING_ONLY.fullmatch(word)]


def _repeated_words(column: _Values) -> list[str]:
    """The few words without a digit that come again and again where a number or a date should be.

    A word that stands there once is a slip of the pen; many words are values of their own, as S, M and L beside 40.
    """
    words = [value for value in column.others if column.counts[value] > 1 and not any(map(str.isdigit, value))]
    return words if 3 * len(words) <= len(column.dates) + len(column.numbers) else []


def _are_keys(values: Iterable[str]) -> bool:
    """True where a number has leading zeros or more digits than a number can keep: then it is a name, not a number."""
    return any(re.fullmatch(r"0\d+|\d{16,}", value) for value in values)


def _are_compact_dates(column: _Values) -> bool:
    values = [value for value in column.numbers if len(value) == 8 and value.isdigit()]
    return len(values) == len(column.numbers) and 20 * sum(map(_is_compact_date, values)) >= 19 * len(values)


def _is_compact_date(value: str) -> bool:
    return 1950 <= int(value[:4]) <= 2149 and _is_day(int(value[6:]), int(value[4:6]))


def _is_day(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12


_SAYS_DATE = re.compile(r"(?i)date|datum|termin|\bdue\b|fällig|\bday\b|\btag\b|(dat|_at|_on)$")


def _are_serials(column: _Values) -> bool:
    """Days since 1899-12-30, between 1954 and 2173, under a header that speaks of a date."""
    if not _SAYS_DATE.search(column.name):
        return False
    return all(re.fullmatch(r"[2-9]\d{4}([.,]\d+)?", value) for value in column.numbers)


def _are_jde(column: _Values) -> bool:
    """Century, year and day of the year in six digits, under a header that speaks of a date or is JDE's."""
    if not (_SAYS_DATE.search(column.name) or re.fullmatch(r"[A-Z]{4}J|[A-Z]{5,6}J", column.name)):
        return False
    return all(re.fullmatch(r"1[0-4]\d{4}", value) and 1 <= int(value[3:]) <= 366 for value in column.numbers)


def _date_writing(column: _Values) -> _DateWriting:
    """The format of most of a column's dates, and what speaks against it."""
    if not column.dates:
        return _bare_number_dates(column)
    formats = _formats(column)
    [((date_format, other), _)] = Counter(formats.values()).most_common(1)
    chosen = [value for value, found in formats.items() if found == (date_format, other)]
    notes = _stray_notes(column.name, [value for value, found in formats.items() if found != (date_format, other)])
    if other is not None:
        decided = _day_or_month_first(column.name, chosen, date_format, other)
    elif date_format == "":
        decided = _year_first(column.name, chosen)
    else:
        decided = _DateWriting(date_format, None, [f'{column.name}: dates are read as they stand in "{chosen[0]}".'])
    return decided._replace(notes=[*notes, *decided.notes])


def _formats(column: _Values) -> dict[str, tuple[str, str | None]]:
    """Each value's format and its month-first one."""
    return {value: (reading.date_format or "", reading.other) for value, reading in column.dates.items()}


def _stray_notes(name: str, strays: list[str]) -> list[str]:
    if not strays:
        return []
    return [f"{name}: some dates are written otherwise than the rest ({len(strays)}), such as {_listed(strays, 2)}."]


def _bare_number_dates(column: _Values) -> _DateWriting:
    example = next(iter(column.numbers))
    if _are_compact_dates(column):
        return _DateWriting("%Y%m%d", None, [f'{column.name}: "{example}" is read as year, month and day.'])
    if _are_jde(column):
        year, number = 1900 + int(example[:3]), int(example[3:])
        meant = date.fromordinal(date(year, 1, 1).toordinal() + number - 1).isoformat()
        note = f'{column.name}: "{example}" is read as century, year and day of the year, as JDE keeps dates: {meant}.'
        return _DateWriting(JDE, None, [note])
    day = date.fromordinal(date(1899, 12, 30).toordinal() + int(example[:5]))
    note = f'{column.name}: "{example}" is read as a count of days, as spreadsheets keep dates: {day.isoformat()}.'
    return _DateWriting(EXCEL_SERIAL, None, [note])


def _day_or_month_first(name: str, values: list[str], day_first: str, month_first: str) -> _DateWriting:
    """Decided by the values above 12; dots mean day-first where no value speaks against it."""
    pairs = {value: _two_numbers(value) for value in values}
    first = [value for value, (a, b) in pairs.items() if a > 12 and _is_day(a, b)]
    second = [value for value, (a, b) in pairs.items() if b > 12 and _is_day(b, a)]
    notes = _impossible_notes(
        name, [value for value, (a, b) in pairs.items() if not _is_day(a, b) and not _is_day(b, a)]
    )
    if not any(_is_day(a, b) or _is_day(b, a) for a, b in pairs.values()):
        return _DateWriting(day_first, None, notes)
    if first and second:
        notes.append(f'{name}: "{first[0]}" can only be day first and "{second[0]}" only month first. Which are right?')
        formats = (day_first, month_first) if len(first) >= len(second) else (month_first, day_first)
        return _DateWriting(*formats, notes)
    if first or second:
        order, example = ("day", first[0]) if first else ("month", second[0])
        notes.append(f'{name}: the {order} comes first, since "{example}" cannot be read otherwise.')
        return _DateWriting(day_first if first else month_first, None, notes)
    notes += _twelfth_notes(name, [(a, b) for a, b in pairs.values()])
    if "." in values[0].split(":")[0]:
        notes.append(f'{name}: the day comes first in "{values[0]}", as is usual with dots.')
        return _DateWriting(day_first, None, notes)
    notes.append(f'{name}: "{values[0]}" may be day first or month first; no value decides it. Which is it?')
    return _DateWriting(day_first, month_first, notes)


def _two_numbers(value: str) -> tuple[int, int]:
    first, second = re.findall(r"\d+", value)[:2]
    return int(first), int(second)


def _year_first(name: str, values: list[str]) -> _DateWriting:
    """ISO, unless the months say that a spreadsheet swapped them with the days."""
    pairs = {value: _month_and_day(value) for value in values if len(value) > 7}
    swapped = [value for value, (month, day) in pairs.items() if month > 12 and _is_day(month, day)]
    proper = [value for value, (month, day) in pairs.items() if day > 12 and _is_day(day, month)]
    notes = _impossible_notes(
        name, [value for value, (month, day) in pairs.items() if not _is_day(day, month) and not _is_day(month, day)]
    )
    if proper and (len(swapped) <= 2 or 20 * len(swapped) <= len(pairs)):
        notes += _impossible_notes(name, swapped)
        return _DateWriting(None, None, notes)
    if swapped:
        notes.append(f'{name}: "{swapped[0]}" has no such month: day and month look swapped ({len(swapped)} dates).')
        other = "%Y-%d-%m" if all(len(value) == 10 for value in pairs) else None
        return _DateWriting(None, other, notes) if proper or not other else _DateWriting(other, None, notes)
    if not proper:
        notes += _twelfth_notes(name, [(day, month) for month, day in pairs.values()])
    return _DateWriting(None, None, notes)


def _month_and_day(value: str) -> tuple[int, int]:
    return int(value[5:7]), int(value[8:10])


def _impossible_notes(name: str, values: list[str]) -> list[str]:
    if not values:
        return []
    return [f"{name}: there is no such day as {_listed(values, 3)} ({len(values)} values); those cannot be read."]


def _twelfth_notes(name: str, pairs: list[tuple[int, int]]) -> list[str]:
    """Thirty days without one after the twelfth of a month do not happen; a column of first days does."""
    days, months = {a for a, _ in pairs}, {b for _, b in pairs}
    if len(set(pairs)) < 30 or len(days) < 5 or len(months) < 5:
        return []
    return [f"{name}: no date lies after the 12th of a month; day and month may have been swapped by a spreadsheet."]


def _number_writing(column: _Values, prior: str) -> tuple[str, str, tuple[str, str] | None, list[str]]:
    """The decimal sign and thousands separator that fit most of a column's numbers; the file's custom where both do.

    Behind them the pair that fits as well and would make other numbers of them.
    """
    best, votes = _conventions_of(column)
    if not best:
        return prior, "", None, []
    decimal, thousands = min(best, key=lambda convention: (convention[0] != prior, convention[1]))
    example = next(value for value, reading in column.numbers.items() if reading.conventions)
    notes = []
    meant = _value_key(example, (decimal, thousands))
    other = next((convention for convention in best if _value_key(example, convention) != meant), None)
    if other is not None:
        notes.append(f'{column.name}: "{example}" may be read in two ways; it is read as {meant}. Is it so?')
    if votes < len(column.numbers):
        notes.append(f"{column.name}: {len(column.numbers) - votes} numbers are written otherwise than the rest.")
    return decimal, thousands, other, notes


def _conventions_of(column: _Values) -> tuple[list[tuple[str, str]], int]:
    """The conventions that fit the most numbers of a column, and how many; none where no number holds a sign."""
    shapes = Counter(reading.conventions for reading in column.numbers.values())
    possible = {convention for conventions in shapes for convention in conventions}
    votes = {
        convention: sum(count for allowed, count in shapes.items() if _allows(allowed, convention))
        for convention in possible
    }
    most = max(votes.values(), default=0)
    return [convention for convention, count in votes.items() if count == most], most


def _allows(allowed: frozenset[tuple[str, str]], convention: tuple[str, str]) -> bool:
    return not allowed or convention in allowed or (convention[0], "") in allowed


def _value_key(value: str, convention: tuple[str, str]) -> str:
    """A number's digits with a point as its decimal sign."""
    decimal, thousands = convention
    plain = value.replace(thousands, "") if thousands else value
    return re.sub(r"[^0-9.]", "", plain.replace(decimal, ".")).strip(".")


def _called(sign: str) -> str:
    return {",": "comma", ".": "point", "'": "apostrophe", "’": "apostrophe"}.get(sign, "blank")


def _usual_decimal(columns: list[_Values], delimiter: str) -> tuple[str, bool]:
    """The decimal sign of the columns that leave no doubt, and True; else what goes with the delimiter, and False."""
    seen: Counter[str] = Counter()
    for column in columns:
        decimals = {decimal for decimal, _ in _conventions_of(column)[0]}
        if len(decimals) == 1 and len(column.numbers) >= len(column.others):
            seen.update(decimals)
    if seen:
        return seen.most_common(1)[0][0], True
    return "," if delimiter == ";" else ".", False


def _word_notes(column: _Values, kind: str, odd: list[str]) -> list[str]:
    """What stands in a column of dates or numbers and is neither."""
    notes = []
    if kind in ("number", "date"):
        if odd:
            notes.append(f"{column.name}: {_listed(odd)} is read as an empty cell.")
        known = set(odd)
        unread = [value for value in column.others if value not in known]
        unread += list(column.numbers if kind == "date" and column.dates else [])
        unread += list(column.dates if kind == "number" else [])
        if unread:
            notes.append(f"{column.name}: values that are no {kind}: {_listed(unread, 3)}.")
    if kind == "text":
        notes += _lost_notes(column)
    return notes


def _lost_notes(column: _Values) -> list[str]:
    """What a spreadsheet or a report made of dates and amounts, so that they are gone."""
    first = list(islice(column.others, 300))
    short = [
        value for value in first if re.fullmatch(r"[^\w\s]?\s?\d+([.,]\d+)? ?([KMB]|Mio\.?|Mrd\.?|bn|Tsd\.?)", value)
    ]
    if len(short) * 2 > len(first) and short:
        return [f'{column.name}: amounts such as "{short[0]}" are rounded for show; export the full numbers.']
    clock = [value for value in first if re.fullmatch(r"\d\d:\d\d\.\d", value)]
    if len(clock) * 2 > len(first) and clock:
        return [f'{column.name}: "{clock[0]}" is what a spreadsheet left of a date and time; the date is lost.']
    return []
