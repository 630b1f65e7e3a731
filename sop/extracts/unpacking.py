"""From an uploaded file to plain text files: compressed files and workbooks are laid out as CSV, all else is refused.

What a file is, its bytes say; its name and its cells are shown to people and never used as a path. Workbooks are
read in a process of their own with a limit on its memory: two cells, one in A1 and one in the last corner of a
sheet, make the reader ask for 512 GB, and where it does not get them it ends its process.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from sop.errors import SourceError

CHUNK = 1 << 20
LARGEST = 4 << 30
"""Bytes that a compressed file may grow to."""

HARMLESS = 64 << 20
"""Bytes up to which nobody asks how well a file was compressed."""

HIGHEST_RATIO = 200
"""Order books compress ten to fifty times; a zip bomb a thousand times."""

READER_MEMORY = 1 << 30
READER_SECONDS = 600
ROOT = Path(__file__).resolve().parents[2]

KINDS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"II*\0": "an image",
    b"MM\0*": "an image",
    b"RIFF": "an image or a film",
    b"7z\xbc\xaf": "an archive",
    b"Rar!": "an archive",
    b"BZh": "an archive",
    b"\xfd7zXZ": "an archive",
    b"\x28\xb5\x2f\xfd": "an archive",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a database",
    b"MZ\x90": "a program",
    b"\x7fELF": "a program",
}
ZIP, GZIP, OLE = b"PK", b"\x1f\x8b", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKUP = re.compile(rb"\s*<(!doctype|html|head|body|table|meta|\?xml)", re.IGNORECASE)
JSON = re.compile(rb'\s*(\{\s*"|\[\s*[\[{])')
NO_TEXT = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))


def unpack(path: Path, name: str, workplace: Path) -> list[tuple[Path, str]]:
    """The plain text files that a file holds, each with the name to show: itself, or a CSV per sheet with cells.

    New files lie in `workplace` under names of our own. Raises SourceError for what is neither text nor a workbook.
    """
    try:
        if _head(path).startswith(GZIP):
            path, name = _inflate(path, name, workplace), re.sub(r"(?i)\.gz$", "", name)
            if _head(path).startswith(GZIP):
                raise _refusal(name, "compressed twice", "Unpack it first")
        head = _head(path)
        if head.startswith((ZIP, OLE)):
            _check_is_workbook(path, name, head)
            return _read_workbook(path, name, workplace)
    except OSError as trouble:
        raise SourceError(f"{name} cannot be read: {trouble.strerror or trouble}. Nothing was published.") from None
    _check_is_text(head, name)
    return [(path, name)]


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(8192)


def _refusal(name: str, what: str, now: str) -> SourceError:
    return SourceError(f"{name} is {what}, whatever its name says. {now} and upload that. Nothing was published.")


def _check_is_text(head: bytes, name: str) -> None:
    """Raise SourceError for what is known not to be a table in text. A NUL far down is found when the file is read."""
    export = "Export the table as CSV"
    for magic, what in KINDS.items():
        if head.startswith(magic):
            raise _refusal(name, what, export)
    if MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise _refusal(name, "a web page or XML", "Open it in Excel, save it as .xlsx")
    if JSON.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise _refusal(name, "JSON", export)
    is_utf_16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_utf_16 and len(head) - len(head.translate(None, NO_TEXT)) > len(head) / 20:
        raise _refusal(name, "no text file", export)


def _new_file(workplace: Path) -> Path:
    with tempfile.NamedTemporaryFile(prefix="unpacked-", suffix=".csv", dir=workplace, delete=False) as file:
        return Path(file.name)


def _inflate(path: Path, name: str, workplace: Path) -> Path:
    """Decompress a .gz into `workplace`, never further than the limit."""
    target, limit, size = _new_file(workplace), _limit(path.stat().st_size), 0
    try:
        with gzip.open(path) as packed, target.open("wb") as plain:
            while chunk := packed.read(CHUNK):
                size += len(chunk)
                _check_size(size, limit, name)
                plain.write(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        target.unlink()
        raise SourceError(f"{name} is damaged or cut off: it cannot be decompressed. Send it again.") from None
    except BaseException:
        target.unlink()
        raise
    return target


def _limit(packed_size: int) -> int:
    return min(LARGEST, max(HARMLESS, packed_size * HIGHEST_RATIO))


def _check_size(size: int, limit: int, name: str) -> None:
    if size > limit:
        raise SourceError(
            f"{name} grows to more than {limit >> 20} MB when it is decompressed; that is a trap or no order book."
            " Nothing was published."
        )


def _check_is_workbook(path: Path, name: str, head: bytes) -> None:
    """Raise SourceError for an archive that is no workbook, or that decompresses to more than the limit."""
    if head.startswith(OLE):
        return  # an old .xls or something else of Office: only the reader can tell
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
            names = set(archive.namelist())
            if not any(part.startswith("xl/") for part in names) and "content.xml" not in names:
                raise _refusal(name, "a zip archive and no workbook", "Unpack it")
            limit, size = _limit(path.stat().st_size), 0
            for entry in archive.infolist():
                size += _true_size(stream, entry, limit - size)
                _check_size(size, limit, name)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError):
        raise _damaged(name) from None


def _damaged(name: str) -> SourceError:
    return SourceError(f"{name} is damaged or no workbook. Open it in Excel, save it again as .xlsx and upload that.")


def _true_size(stream: io.BufferedReader, entry: zipfile.ZipInfo, limit: int) -> int:
    """What a part of an archive decompresses to, up to just above the limit; the size that it states may be a lie."""
    stream.seek(entry.header_offset)
    local = stream.read(30)
    stream.seek(int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little"), io.SEEK_CUR)
    if entry.compress_type == zipfile.ZIP_STORED:
        return entry.compress_size
    decompressor, size, left, pending = zlib.decompressobj(-zlib.MAX_WBITS), 0, entry.compress_size, b""
    while not decompressor.eof and size <= limit:
        if not pending:
            pending = stream.read(min(CHUNK, left))
            left -= len(pending)
            if not pending:
                break
        size += len(decompressor.decompress(pending, CHUNK))
        pending = decompressor.unconsumed_tail
    return size


def _read_workbook(path: Path, name: str, workplace: Path) -> list[tuple[Path, str]]:
    """Have each sheet with cells laid out as CSV by a process whose end is not ours."""
    command = [sys.executable, "-m", "sop.extracts.unpacking", str(path.resolve()), str(workplace.resolve())]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=READER_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise SourceError(f"{name} takes longer than {READER_SECONDS} s to read. Export its sheets as CSV.") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise SourceError(
            f"{name} is larger than can be read, or a cell stands far outside its table. Delete what is outside,"
            " or export its sheets as CSV. Nothing was published."
        ) from None
    if answer["trouble"] == "password":
        raise SourceError(f"{name} is protected by a password. Save it without one and upload that.")
    if answer["trouble"]:
        raise _damaged(name)
    if not answer["sheets"]:
        raise SourceError(f"{name} is an empty workbook: no sheet has a cell. Nothing was published.")
    return [(Path(file), f"{name} [{sheet}]") for file, sheet in answer["sheets"]]


def _main(path: Path, workplace: Path) -> None:
    """What the reader's process does: print which sheets it laid out where, or what was wrong."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    _limit_memory(path.stat().st_size)
    sheets: list[tuple[str, str]] = []
    trouble = ""
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for place, sheet in enumerate(book.sheets_metadata):
                if sheet.typ != SheetTypeEnum.WorkSheet:
                    continue
                file = _new_file(workplace)
                if _lay_out(book.get_sheet_by_index(place).iter_rows(), file):
                    sheets.append((str(file), sheet.name))
                else:
                    file.unlink()
    except PasswordError:
        trouble = "password"
    except (CalamineError, OSError, ValueError):
        trouble = "damaged"
    sys.stdout.write(json.dumps({"sheets": sheets, "trouble": trouble}))


def _limit_memory(size: int) -> None:
    if sys.platform == "win32":
        return  # there, only the decompressed size is limited
    import resource

    for kind, most in ((resource.RLIMIT_AS, READER_MEMORY + size), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _lay_out(rows: Iterable[Sequence[object]], file: Path) -> bool:
    """Write a sheet so that its row n is line n; empty rows at the end are left out. False where no cell holds anything."""
    blank = written = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for row in rows:
            cells = [_text(cell) for cell in row]
            if not any(cells):
                blank += 1
                continue
            stream.write("\n" * blank)
            writer.writerow(cells)
            blank, written = 0, written + 1
    return written > 0


def _text(cell: object) -> str:
    """A cell as text: dates in ISO, numbers as Excel shows them in full, line ends as blanks."""
    if isinstance(cell, str):
        return " ".join(cell.splitlines()) if "\n" in cell or "\r" in cell else cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return "" if cell is None else str(cell)


def _number(value: int | float) -> str:
    """Fifteen digits, as Excel keeps them: 19.990000000000002 was typed as 19.99."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:.15g}"
    return f"{Decimal(text):f}" if "e" in text else text


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]))
