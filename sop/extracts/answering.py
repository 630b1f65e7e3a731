"""What a person may choose for each logical column of a recognised file, and what the file is read as once they have chosen."""

from __future__ import annotations

import datetime
import glob
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

import duckdb

from sop.extracts.contract import extracts
from sop.extracts.expressions import Reading
from sop.extracts.mapping import (
    CLOCK,
    EXCEL_SERIAL,
    ISO_WEEK,
    JDE,
    ColumnSource,
    FileMapping,
    is_number,
    missing_columns,
)
from sop.extracts.proposing import NOTHING, Proposed
from sop.extracts.proposing.header import fit
from sop.extracts.recognising import Recognised
from sop.extracts.sniffing import SniffedColumn

Target = tuple[str, str]
"""Extract and logical column."""

Answers = Mapping[Target, ColumnSource | None]
"""What a person chose, None for 'not in this file'."""


def targets(recognised: Recognised, fed: Iterable[str]) -> dict[Target, Proposed]:
    """Every logical column of the extracts that a file is to feed, with what is proposed for it."""
    proposed = {(one.extract, one.column): one for one in recognised.columns}
    return {
        (name, column): proposed.get((name, column))
        or Proposed(name, column, None, 0.0, "nothing in the header speaks for it")
        for name in extracts()
        if name in set(fed)
        for column in extracts()[name].column_names
    }


def choices(recognised: Recognised, proposed: Proposed) -> tuple[ColumnSource, ...]:
    """The readings that a logical column can be given: what is proposed, its other readings, then the file's columns.

    Columns whose values are of the kind that is wanted come before the others.
    """
    first = [proposed.source] if proposed.source else []
    readings = [source for source in proposed.options if source != NOTHING]
    named = {source.column for source in (*first, *readings)}
    columns = [column for column in recognised.sniffed.columns if column.name and column.name not in named]
    columns.sort(key=lambda column: not fit(proposed.target, column))
    return tuple(dict.fromkeys((*first, *readings, *(_as_sniffed(column, proposed) for column in columns))))


def other_meanings(recognised: Recognised, proposed: Proposed) -> tuple[tuple[Target, ColumnSource], ...]:
    """What else the column that a question is about may feed: (logical column, source)."""
    name = proposed.source_name or next((source.column for source in proposed.options if source.column), None)
    column = next((one for one in recognised.sniffed.columns if one.name == name), None)
    if column is None:
        return ()
    return tuple(
        (target, _as_sniffed(column, replace(proposed, extract=target[0], column=target[1])))
        for target in proposed.could_feed
    )


def _as_sniffed(column: SniffedColumn, proposed: Proposed) -> ColumnSource:
    """A column of the file read as its own values are written."""
    type_ = next(one.type for one in extracts()[proposed.extract].columns if one.name == proposed.column)
    if type_ == "DATE":
        return ColumnSource(column.name, date_format=column.date_format if column.kind == "date" else None)
    if type_ == "VARCHAR" or column.kind != "number" or (column.decimal, column.thousands) == (".", ""):
        return ColumnSource(column.name)
    return ColumnSource(column.name, decimal=column.decimal, thousands=column.thousands)


def described(source: ColumnSource | None) -> str:
    """A reading in plain words: the column, and how it is read where that can be doubted."""
    if source is None:
        return "not in this file"
    if source.constant is not None:
        return f"always {source.constant!r}"
    name = source.column or " and ".join(source.columns)
    said = [_date_order(source.date_format) if source.date_format else ""]
    counted = "hours and minutes" if source.unit == CLOCK else f"in {source.unit}"
    said += [counted if source.unit else "", _per(source.per) if source.per else ""]
    said += [f"days after {source.days_after.rpartition('.')[2].replace('_', ' ')}" if source.days_after else ""]
    said += [_signs(source)]
    said += [f"its {source.part}" if source.part else ""]
    more = ", ".join(words for words in said if words)
    return f"{name} ({more})" if more else name


def _signs(source: ColumnSource) -> str:
    """How its numbers are written, where that is said and not as usual."""
    if source.decimal is None or (source.decimal, source.thousands or "") == (".", ""):
        return ""
    called = {".": "point", ",": "comma", "'": "apostrophe", " ": "blank"}
    thousands = f", thousands {called.get(source.thousands, source.thousands)}" if source.thousands else ""
    return f"decimal {called.get(source.decimal, source.decimal)}{thousands}"


def _per(units: str) -> str:
    return f"for {units} units" if is_number(units) else f"divided by {units}"


def _date_order(date_format: str) -> str:
    if date_format in (EXCEL_SERIAL, JDE, ISO_WEEK):
        return {EXCEL_SERIAL: "days as spreadsheets count them", JDE: "JDE days", ISO_WEEK: "Monday of the week"}[
            date_format
        ]
    places = sorted(
        (date_format.find(sign), name)
        for sign, name in (("%d", "day"), ("%m", "month"), ("%b", "month"), ("%Y", "year"), ("%y", "year"))
    )
    order = [name for place, name in places if place >= 0]
    return f"{order[0]} first" if order else date_format


def answered(recognised: Recognised, fed: Iterable[str], answers: Answers) -> Recognised:
    """A recognised file with what a person chose: an answered question is none, and the mapping follows the choices."""
    base = recognised.mapping or FileMapping(
        delimiter=recognised.sniffed.delimiter, encoding=recognised.sniffed.encoding, join=recognised.join
    )
    columns: list[Proposed] = []
    tables: dict[str, dict[str, ColumnSource]] = {}
    for target, proposed in targets(recognised, fed).items():
        source = proposed.source and _written_out(proposed.source, base)
        if target in answers:
            chosen = answers[target]
            if chosen != proposed.source:
                source, proposed = chosen, replace(proposed, source=chosen, confidence=1.0, why="chosen by you")
            proposed = replace(proposed, question=None)
        columns.append(proposed)
        if source is not None:
            tables.setdefault(target[0], {})[target[1]] = source
    missing = tuple(
        f"{name}.{column}" for name in fed for column in missing_columns(extracts()[name], tables.get(name, {}))
    )
    join = base.join and replace(base.join, file=glob.escape(recognised.headers.name if recognised.headers else ""))
    mapping = replace(
        base,
        name=glob.escape(recognised.table.name),
        decimal=".",
        thousands="",
        date_format=None,
        extracts=tables,
        join=join,
    )
    is_whole = bool(tables) and not missing
    return replace(recognised, columns=tuple(columns), missing=missing, mapping=mapping if is_whole else None)


def _written_out(source: ColumnSource, base: FileMapping) -> ColumnSource:
    """A reading that says itself what else the file would say for all columns."""
    thousands = base.thousands if source.thousands is None else source.thousands
    return replace(
        source,
        date_format=source.date_format or base.date_format,
        decimal=source.decimal or (base.decimal if base.decimal != "." else None),
        thousands=thousands or None,
    )


def read_as(recognised: Recognised, target: Target, source: ColumnSource | None, most: int = 3) -> str:
    """Some values of a reading as they stand in the file and, where that differs, as they are read."""
    if source is None:
        return ""
    if source.column is None or source.days_after or not (source.per is None or source.per.isdigit()):
        return ""
    column = next((one for one in recognised.sniffed.columns if one.name == source.column), None)
    if column is None or not column.samples:
        return ""
    samples = column.samples[: most if max(map(len, column.samples)) <= 12 else 2]
    return " · ".join(
        _pair(sample, value)
        for sample, value in zip(samples, _values(recognised, target, source, samples), strict=True)
    )


def _pair(sample: str, value: str | None) -> str:
    short = sample if len(sample) <= 24 else f"{sample[:23]}…"
    if value is None:
        return f"{short} → ?"
    return short if _is_same(sample.strip(), value) else f"{short} → {value}"


def _is_same(sample: str, value: str) -> bool:
    """True where a value needs no telling: the same text, or the same number without its zeros."""
    try:
        return sample == value or float(sample) == float(value.replace(",", ""))
    except ValueError:
        return False


def _values(recognised: Recognised, target: Target, source: ColumnSource, samples: tuple[str, ...]) -> list[str | None]:
    """Samples as the staging would read them; None for one that it would reject."""
    extract = extracts()[target[0]]
    mapping = replace(recognised.mapping or FileMapping(), extracts={extract.name: {target[1]: source}})
    reading = Reading(extract, mapping, (str(source.column),))
    expression = next(one for one in reading.expressions if one.column.name == target[1])
    sql = (
        f"select case when not coalesce({expression.is_wrong}, false) then {expression.value} end"
        " from (select unnest($samples) as column_0)"
    )
    with duckdb.connect() as connection:
        rows = connection.execute(sql, {"samples": list(samples), **reading.used(sql)}).fetchall()
    return [None if value is None else _shown(value) for (value,) in rows]


def _shown(value: object) -> str:
    if isinstance(value, datetime.date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(value, Decimal | float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return str(value)
