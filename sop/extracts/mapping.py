"""Which source column feeds which logical column, and how the file writes its dates and numbers.

A `FileMapping` is made by a person (mapping_file.py), saved from an earlier month, or proposed (proposing); a file
that carries the logical names needs none (`by_header`).
"""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from sop.errors import MappingError
from sop.extracts.contract import FALLBACKS, Extract, extracts

EXCEL_SERIAL, JDE, ISO_WEEK = "excel serial", "jde", "iso week"
"""Words that stand for a date format where strptime has none: days since 1899-12-30, CYYDDD, and a week's Monday."""

TIMES = ("minutes", "seconds")
CLOCK = "clock"
"""Hours and minutes as a clock writes them, with seconds and days where there are any: 1:30, 00:45:00, 2 06:00:00."""
UNITS: dict[str, tuple[str, ...]] = {
    "hours_per_unit": (*TIMES, CLOCK),
    "available_hours": (*TIMES, CLOCK, "hours a day", "hours a week"),
    "overtime_hours_limit": (*TIMES, CLOCK),
    "month": ("days", "weeks"),
    "probability": ("percent",),
    "promise_target": ("percent",),
    "quantity_tolerance": ("percent",),
    "lead_time_days": ("weeks",),
    "offset_months": ("days", "weeks"),
}
"""What a logical column's number may be given in, beside what the contract says."""


@dataclass(frozen=True)
class ColumnSource:
    """Where a logical column comes from, and how it is written there."""

    column: str | None = None
    constant: str | None = None
    columns: tuple[str, ...] = ()
    """Two or three source columns that make one date: year, month and day."""
    date_format: str | None = None
    """A strptime format, or one of EXCEL_SERIAL, JDE and ISO_WEEK; the file's where it is None."""
    decimal: str | None = None
    thousands: str | None = None
    """How this column writes its numbers, where it differs from the file."""
    unit: str | None = None
    """One of UNITS; the contract's own where it is None."""
    per: str | None = None
    """The number is for so many units: a number, or the source column that holds it."""
    days_after: str | None = None
    """The number is days after this logical column, such as `order_lines.order_date`."""
    part: str | None = None
    """`currency`: the sign or code that stands with the amount, not the amount."""

    @property
    def named(self) -> tuple[str, ...]:
        """The source columns that are read."""
        per = () if self.per is None or is_number(self.per) else (self.per,)
        return (*((self.column,) if self.column is not None else ()), *self.columns, *per)


def is_number(text: str) -> bool:
    """True for plain digits with at most one decimal point."""
    return text.replace(".", "", 1).isdigit()


@dataclass(frozen=True)
class Join:
    """The file in which each row of a detail file finds its header row, as order items find their order."""

    file: str
    """The header file's name; `*` and `?` stand for anything."""
    column: str
    """The key in the detail file."""
    to: str
    """The key in the header file."""


def joined_names(detail: Sequence[str], header: Sequence[str], to: str, header_name: str) -> list[tuple[int, str]]:
    """The header file's columns by place, with the names that they have beside the detail file's; its key is left out."""
    stem = PurePath(header_name).stem
    return [(place, f"{name} ({stem})" if name in detail else name) for place, name in enumerate(header) if name != to]


@dataclass(frozen=True)
class FileMapping:
    """How one kind of file is read and which extracts it feeds, each as {logical column: source}."""

    name: str = "*"
    delimiter: str | None = None
    encoding: str | None = None
    """Found from the bytes where it is None, as the delimiter is found from the header."""
    decimal: str = "."
    thousands: str = ""
    date_format: str | None = None
    empty: tuple[str, ...] = ()
    extracts: dict[str, dict[str, ColumnSource]] = field(default_factory=dict)
    join: Join | None = None

    @property
    def fingerprint(self) -> str:
        """A hash of what the mapping does, whatever files it is named for."""
        return hashlib.sha256(repr(replace(self, name="")).encode()).hexdigest()

    def fits(self, file_name: str) -> bool:
        """True where the mapping is meant for a file of that name (`*` and `?` stand for anything)."""
        return fnmatch.fnmatch(file_name.lower(), self.name.lower())


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


def check_columns(file_name: str, header: Sequence[str], mapping: FileMapping) -> None:
    """Raise MappingError where a mapping names a column that the file lacks or has twice."""
    for extract, columns in mapping.extracts.items():
        for logical, source in columns.items():
            for name in source.named:
                if list(header).count(name) != 1:
                    trouble = "twice" if name in header else "not in the file"
                    raise MappingError(
                        f"{file_name}: {extract}.{logical} is to come from column {name!r}, which is {trouble}."
                        f" The file has: {listed(header)}."
                    )


def listed(header: Sequence[str], most: int = 40) -> str:
    """The names of a header for a sentence, shortened where they are long or many."""
    shown = ", ".join(name if len(name) <= 40 else f"{name[:39]}…" for name in header[:most])
    return shown + (f" and {len(header) - most} more" if len(header) > most else "")


def with_fallbacks(extract: str, columns: dict[str, ColumnSource]) -> dict[str, list[ColumnSource]]:
    """Each fed column with its sources in the order in which they are tried."""
    tried = {name: [source] for name, source in columns.items()}
    for name, stand_in in FALLBACKS.get(extract, {}).items():
        if stand_in in columns:
            tried.setdefault(name, []).append(columns[stand_in])
    return tried
