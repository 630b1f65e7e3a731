"""Mapping files: TOML with one `[[files]]` table per kind of source file, and the same tables as JSON in the decision log."""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from sop.errors import MappingError
from sop.extracts.contract import Extract, extracts
from sop.extracts.mapping import (
    EXCEL_SERIAL,
    ISO_WEEK,
    JDE,
    UNITS,
    ColumnSource,
    FileMapping,
    Join,
    is_number,
    missing_columns,
)  # fmt: skip

READING = ("name", "delimiter", "encoding", "decimal", "thousands", "date_format", "empty")
"""What a [[files]] table may say beside the extracts it feeds and the file it is joined to."""

TEXTS = ("column", "date_format", "decimal", "thousands", "unit", "days_after", "part")
"""What a column may say in words; `columns`, `per` and `constant` stand beside them."""


def read(path: Path) -> tuple[FileMapping, ...]:
    """Read a mapping file. Raises MappingError with the place and what may stand there."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise MappingError(f"{path.name}: the mapping cannot be read: {trouble}.") from None
    files = given.get("files")
    if not isinstance(files, list) or not files or set(given) - {"files"}:
        raise MappingError(f"{path.name}: a mapping is one or more [[files]] tables and nothing else.")
    return tuple(from_table(f"{path.name}, files {number}", table) for number, table in enumerate(files, start=1))


def from_table(place: str, table: Mapping[str, Any]) -> FileMapping:
    """The mapping that a table speaks of. Raises MappingError, which begins with `place`."""
    contract = extracts()
    if not isinstance(table, Mapping):
        raise MappingError(f"{place}: a mapping is one or more [[files]] tables and nothing else.")
    unknown = sorted(set(table) - set(READING) - set(contract) - {"join"})
    if unknown:
        known = ", ".join((*READING, "join", *contract))
        raise MappingError(f"{place}: {unknown[0]!r} is neither a way of reading nor an extract; there are {known}.")
    fed = {name: _columns(place, contract[name], table[name]) for name in contract if name in table}
    if not fed:
        raise MappingError(f"{place}: the file feeds no extract; add a table such as [files.order_lines].")
    reading = {name: table[name] for name in READING if name in table}
    for name, value in reading.items():
        _check_reading(place, name, value)
    join = _join(place, table["join"]) if "join" in table else None
    return FileMapping(**{**reading, "empty": tuple(reading.get("empty", ()))}, extracts=fed, join=join)


def as_table(mapping: FileMapping) -> dict[str, Any]:
    """A mapping as the table that `from_table` reads; what is as usual is left out."""
    table: dict[str, Any] = {"name": mapping.name}
    for name, usual in (
        ("delimiter", None),
        ("encoding", None),
        ("decimal", "."),
        ("thousands", ""),
        ("date_format", None),
    ):
        if getattr(mapping, name) != usual:
            table[name] = getattr(mapping, name)
    if mapping.empty:
        table["empty"] = list(mapping.empty)
    if mapping.join:
        table["join"] = {field.name: getattr(mapping.join, field.name) for field in fields(Join)}
    for extract, columns in mapping.extracts.items():
        table[extract] = {name: as_value(source) for name, source in columns.items()}
    return table


def as_toml(value: Any) -> str:
    """A text, a list of texts or a column's table in TOML; JSON's escapes are TOML's."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {as_toml(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def as_value(source: ColumnSource) -> Any:
    """A column's source as it stands in a table: its name, or a table of all that is said of it."""
    said = {field.name: getattr(source, field.name) for field in fields(ColumnSource)}
    said = {
        name: list(value) if name == "columns" else value for name, value in said.items() if value not in (None, ())
    }
    return source.column if set(said) == {"column"} else said


def _check_reading(place: str, name: str, value: Any) -> None:
    if name == "empty":
        if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
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
    """A format must bring a written date back as the same date, or at least its month."""
    if written in (EXCEL_SERIAL, JDE, ISO_WEEK):
        return
    day = datetime.date(2026, 10, 31)
    try:
        back = datetime.datetime.strptime(day.strftime(written), written).date()
    except ValueError:
        back = None
    if back not in (day, day.replace(day=1)):
        raise MappingError(
            f'{place}: date_format {written!r} does not write a whole date; try "%d.%m.%Y" or "%m/%d/%Y".'
        )


def _join(place: str, table: Any) -> Join:
    is_whole = isinstance(table, Mapping) and set(table) == {"file", "column", "to"}
    if is_whole and all(isinstance(text, str) and text for text in table.values()):
        return Join(**table)
    raise MappingError(
        f'{place}: write join = {{ file = "orders.csv", column = "key in this file", to = "key in that file" }}.'
    )


def _columns(place: str, extract: Extract, table: Any) -> dict[str, ColumnSource]:
    if not isinstance(table, Mapping):
        raise MappingError(f"{place}: {extract.name} must be a table of logical column = source column.")
    unknown = sorted(set(table) - set(extract.column_names))
    if unknown:
        known = ", ".join(extract.column_names)
        raise MappingError(f"{place}: {extract.name} has no column {unknown[0]!r}; it has {known}.")
    columns = {name: _source(f"{place}, {extract.name}.{name}", name, value) for name, value in table.items()}
    missing = missing_columns(extract, columns)
    if missing:
        raise MappingError(f"{place}: {extract.name} needs {', '.join(missing)}.")
    return columns


def _source(place: str, logical: str, value: Any) -> ColumnSource:
    if isinstance(value, str):
        return ColumnSource(column=value)
    if isinstance(value, Mapping) and set(value) == {"constant"} and isinstance(value["constant"], str | int | float):
        return ColumnSource(constant=str(value["constant"]))
    if isinstance(value, Mapping) and len({"column", "columns"} & set(value)) == 1:
        return _written_source(place, logical, dict(value))
    raise MappingError(
        f'{place}: write "Source column", {{ column = "Source column", date_format = "%d.%m.%Y" }}'
        ' or { constant = "value" }.'
    )


def _written_source(place: str, logical: str, said: dict[str, Any]) -> ColumnSource:
    """A column with how it is written: every word that is said must be one that means something there."""
    unknown = sorted(set(said) - {*TEXTS, "columns", "per"})
    if unknown:
        raise MappingError(
            f"{place}: {unknown[0]!r} means nothing here; there are {', '.join((*TEXTS, 'columns', 'per'))}."
        )
    wrong = next((name for name in TEXTS if name in said and not isinstance(said[name], str)), None)
    if wrong:
        raise MappingError(f"{place}: {wrong} must be a text, not {said[wrong]!r}.")
    if "date_format" in said:
        _check_date_format(place, said["date_format"])
    if "decimal" in said and len(said["decimal"]) != 1:
        raise MappingError(f"{place}: decimal must be one character, not {said['decimal']!r}.")
    if "unit" in said and said["unit"] not in UNITS.get(logical, ()):
        known = ", ".join(UNITS.get(logical, ())) or "none"
        raise MappingError(f"{place}: {said['unit']!r} is no unit for it; there is {known}.")
    if said.get("part", "currency") != "currency":
        raise MappingError(f'{place}: part can only be "currency".')
    if "columns" in said:
        said["columns"] = _date_columns(place, said["columns"])
    if "per" in said:
        said["per"] = _per(place, said["per"])
    return ColumnSource(**said)


def _date_columns(place: str, names: Any) -> tuple[str, ...]:
    if isinstance(names, list | tuple) and len(names) in (2, 3) and all(isinstance(name, str) for name in names):
        return tuple(names)
    raise MappingError(f'{place}: columns are the year, the month and the day, as in ["Year", "Month", "Day"].')


def _per(place: str, value: Any) -> str:
    """A number above zero, or the name of the column that holds it."""
    is_digit = isinstance(value, int | float) and not isinstance(value, bool)
    if (is_digit and value > 0) or (isinstance(value, str) and value and not (is_number(value) and float(value) == 0)):
        return str(value)
    raise MappingError(f"{place}: per is a number such as 100, or the column that holds it, not {value!r}.")
