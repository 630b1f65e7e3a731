"""Which source column feeds which logical column, and how the file writes its dates and numbers.

A mapping file is TOML with one `[[files]]` table per kind of source file. It is one way of making a
`FileMapping`; a file that carries the logical names needs none (`by_header`), and whatever proposes
mappings later only has to return the same thing.
"""

from __future__ import annotations

import datetime
import fnmatch
import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sop.errors import MappingError
from sop.extracts.contract import FALLBACKS, Extract, extracts

READING = ("name", "delimiter", "encoding", "decimal", "thousands", "date_format", "empty")
"""What a [[files]] table may say beside the extracts it feeds."""


@dataclass(frozen=True)
class ColumnSource:
    """Where a logical column comes from: a source column, with the way it writes dates, or a constant."""

    column: str | None = None
    date_format: str | None = None
    constant: str | None = None


@dataclass(frozen=True)
class FileMapping:
    """How one kind of file is read and which extracts it feeds, each as {logical column: source}."""

    name: str = "*"
    delimiter: str | None = None
    encoding: str = "utf-8"
    decimal: str = "."
    thousands: str = ""
    date_format: str | None = None
    empty: tuple[str, ...] = ()
    extracts: dict[str, dict[str, ColumnSource]] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """A hash of what the mapping does, whatever files it is named for."""
        return hashlib.sha256(repr(replace(self, name="")).encode()).hexdigest()

    def fits(self, file_name: str) -> bool:
        """True where the mapping is meant for a file of that name (`*` and `?` stand for anything)."""
        return fnmatch.fnmatch(file_name.lower(), self.name.lower())


def read(path: Path) -> tuple[FileMapping, ...]:
    """Read a mapping file. Raises MappingError with the place and what may stand there."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise MappingError(f"{path.name}: the mapping cannot be read: {trouble}.") from None
    files = given.get("files")
    if not isinstance(files, list) or not files or set(given) - {"files"}:
        raise MappingError(f"{path.name}: a mapping is one or more [[files]] tables and nothing else.")
    return tuple(_file_mapping(f"{path.name}, files {number}", table) for number, table in enumerate(files, start=1))


def _file_mapping(place: str, table: dict[str, Any]) -> FileMapping:
    contract = extracts()
    if not isinstance(table, dict):
        raise MappingError(f"{place}: a mapping is one or more [[files]] tables and nothing else.")
    unknown = sorted(set(table) - set(READING) - set(contract))
    if unknown:
        known = ", ".join((*READING, *contract))
        raise MappingError(f"{place}: {unknown[0]!r} is neither a way of reading nor an extract; there are {known}.")
    fed = {name: _columns(place, contract[name], table[name]) for name in contract if name in table}
    if not fed:
        raise MappingError(f"{place}: the file feeds no extract; add a table such as [files.order_lines].")
    reading = {name: table[name] for name in READING if name in table}
    for name, value in reading.items():
        _check_reading(place, name, value)
    return FileMapping(**{**reading, "empty": tuple(reading.get("empty", ()))}, extracts=fed)


def _check_reading(place: str, name: str, value: Any) -> None:
    if name == "empty":
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise MappingError(f'{place}: empty must be a list of words, such as ["NULL", "n/a"].')
        return
    if not isinstance(value, str):
        raise MappingError(f"{place}: {name} must be a text, not {value!r}.")
    if name in ("delimiter", "decimal") and len(value) != 1:
        raise MappingError(f"{place}: {name} must be one character, not {value!r}.")
    if name == "date_format":
        _check_date_format(place, value)
    if name == "encoding":
        try:
            is_text = "a".encode(value).decode(value) == "a"
        except (LookupError, ValueError):
            is_text = False
        if not is_text:
            raise MappingError(f"{place}: there is no encoding {value!r}; try utf-8 or windows-1252.") from None


def _check_date_format(place: str, written: str) -> None:
    """A format must bring a written date back as the same date."""
    day = datetime.date(2026, 10, 31)
    try:
        is_right = datetime.datetime.strptime(day.strftime(written), written).date() == day
    except ValueError:
        is_right = False
    if not is_right:
        raise MappingError(
            f'{place}: date_format {written!r} does not write a whole date; try "%d.%m.%Y" or "%m/%d/%Y".'
        )


def _columns(place: str, extract: Extract, table: Any) -> dict[str, ColumnSource]:
    if not isinstance(table, dict):
        raise MappingError(f"{place}: {extract.name} must be a table of logical column = source column.")
    unknown = sorted(set(table) - set(extract.column_names))
    if unknown:
        known = ", ".join(extract.column_names)
        raise MappingError(f"{place}: {extract.name} has no column {unknown[0]!r}; it has {known}.")
    columns = {name: _source(f"{place}, {extract.name}.{name}", value) for name, value in table.items()}
    missing = missing_columns(extract, columns)
    if missing:
        raise MappingError(f"{place}: {extract.name} needs {', '.join(missing)}.")
    return columns


def _source(place: str, value: Any) -> ColumnSource:
    if isinstance(value, str):
        return ColumnSource(column=value)
    if isinstance(value, dict) and set(value) == {"constant"} and isinstance(value["constant"], str | int | float):
        return ColumnSource(constant=str(value["constant"]))
    is_column = isinstance(value, dict) and {"column"} <= set(value) <= {"column", "date_format"}
    if is_column and all(isinstance(text, str) for text in value.values()):
        if "date_format" in value:
            _check_date_format(place, value["date_format"])
        return ColumnSource(**value)
    raise MappingError(
        f'{place}: write "Source column", {{ column = "Source column", date_format = "%d.%m.%Y" }}'
        ' or { constant = "value" }.'
    )


def missing_columns(extract: Extract, columns: Iterable[str]) -> list[str]:
    """The required columns that are not fed; a delivery needs a delivered or a shipped date."""
    given = set(columns)
    missing = [name for name in extract.required if name not in given]
    if extract.name == "deliveries" and not given & {"delivered_date", "shipped_date"}:
        missing.append("delivered_date or shipped_date")
    return missing


def by_header(file_name: str, header: Sequence[str]) -> FileMapping | None:
    """The mapping of a file that carries the logical names: by its own name first, else by the only extract that fits.

    None where no extract, or more than one, can be meant.
    """
    columns = {name.strip().lower(): name for name in header}
    lowered = [name.strip().lower() for name in header]
    twice = next((name for name in columns if name and lowered.count(name) > 1), None)
    if twice and any(twice in extract.column_names for extract in extracts().values()):
        raise MappingError(
            f"{file_name}, line 1: the column {twice!r} is there twice; rename one, or say which in a mapping."
        )
    fitting = [extract for extract in extracts().values() if not missing_columns(extract, columns)]
    stem = Path(file_name).stem.lower()
    named = [extract for extract in fitting if extract.name == stem]
    if len(named or fitting) != 1:
        # A file of deliveries also has what little an order line shares with it: the most columns matched decides.
        fitting.sort(key=lambda extract: len(columns.keys() & set(extract.column_names)), reverse=True)
        scores = [len(columns.keys() & set(extract.column_names)) for extract in fitting]
        if not fitting or scores[0] == scores[1]:
            return None
    extract = (named or fitting)[0]
    fed = {name: ColumnSource(column=columns[name]) for name in extract.column_names if name in columns}
    return FileMapping(name=file_name, extracts={extract.name: fed})


def choose(file_name: str, header: Sequence[str], given: Iterable[FileMapping]) -> FileMapping:
    """The mapping for a file: the first given one that is meant for it, else the one its header speaks of.

    Raises MappingError where there is none, or where it names a column that the file lacks.
    """
    mapping = next((mapping for mapping in given if mapping.fits(file_name)), None) or by_header(file_name, header)
    if mapping is None:
        raise MappingError(
            f"{file_name}: no extract is recognised in its columns ({_listed(header)}). Name the columns as the"
            " README lists them, or bring a mapping file (--mapping); `python -m sop propose FILE` writes one to start from."
        )
    for extract, columns in mapping.extracts.items():
        for logical, source in columns.items():
            if source.column is not None and list(header).count(source.column) != 1:
                trouble = "twice" if source.column in header else "not in the file"
                raise MappingError(
                    f"{file_name}, line 1: {extract}.{logical} is to come from column {source.column!r}, which is"
                    f" {trouble}. The file has: {_listed(header)}."
                )
    return mapping


def _listed(header: Sequence[str], most: int = 40) -> str:
    shown = ", ".join(name if len(name) <= 40 else f"{name[:39]}…" for name in header[:most])
    return shown + (f" and {len(header) - most} more" if len(header) > most else "")


def with_fallbacks(extract: str, columns: dict[str, ColumnSource]) -> dict[str, list[ColumnSource]]:
    """Each fed column with its sources in the order in which they are tried."""
    tried = {name: [source] for name, source in columns.items()}
    for name, stand_in in FALLBACKS.get(extract, {}).items():
        if stand_in in columns:
            tried.setdefault(name, []).append(columns[stand_in])
    return tried
