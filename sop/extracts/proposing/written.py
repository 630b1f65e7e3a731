"""How a source column is written and counted, so that its cells become what the logical column wants."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sop.extracts.mapping import CLOCK, EXCEL_SERIAL, ISO_WEEK, JDE, UNITS, ColumnSource
from sop.extracts.proposing.arithmetic import numbers
from sop.extracts.proposing.header import STATUS, Header, is_clock, kind_of, says_status, shown
from sop.extracts.proposing.names import words
from sop.extracts.proposing.reading import PER
from sop.extracts.proposing.vocabulary import Target, vocabulary

if TYPE_CHECKING:
    from sop.extracts.sniffing import SniffedColumn

SHARES = ("probability", "promise_target", "quantity_tolerance")
ORDERED_ON = ("order_lines", "order_date")


@dataclass(frozen=True)
class Feed:
    """A source as it feeds one logical column; a question with the readings to choose among where that is open."""

    source: ColumnSource
    question: str | None = None
    options: tuple[ColumnSource, ...] = ()
    remark: str = ""
    """What is understood beside the name, for the reason given."""
    is_settled: bool = False
    """The header says what a doubtful name leaves open, so that it need not be asked."""

    @property
    def readings(self) -> tuple[ColumnSource, ...]:
        """The source in every way in which it may be read, best guess first."""
        return self.options or (self.source,)


def feed(header: Header, target: Target, name: str) -> Feed:
    """How the column of that name feeds a logical column: its dates, its number signs, its unit."""
    column = header.columns[name]
    source = header.source(name)
    if kind_of(target) == "date":
        return _month(source, column) if target[1] == "month" else _date(header, target, source, column)
    if kind_of(target) == "number":
        return _asked_signs(_counted(header, target, _number(source, column), column), column)
    if target == STATUS:
        return Feed(source, is_settled=bool(column.samples) and says_status(column, 0.5))
    if target[1] == "currency" and column.kind == "number":
        return Feed(replace(source, part="currency"), remark=", the sign that stands with its amounts")
    return Feed(source)


# Dates


def _date(header: Header, target: Target, source: ColumnSource, column: SniffedColumn) -> Feed:
    if source.columns:
        return Feed(source, remark=", its parts put together")
    if header.is_count_of_days(column.name) and target[0] == "order_lines":
        counted = replace(source, days_after=".".join(ORDERED_ON))
        return Feed(counted, remark=", counted from the order date")
    if column.kind == "number":
        question = f"The values of {column.name!r} are numbers. How are they dates?" + shown(column)
        written = tuple(replace(source, date_format=each) for each in (EXCEL_SERIAL, JDE, "%Y%m%d"))
        return Feed(written[0], question, written)
    first = replace(source, date_format=column.date_format)
    if not column.other_date_format:
        return Feed(first)
    formats = f"{column.date_format or '%Y-%m-%d'} or {column.other_date_format}"
    question = f"The dates of {column.name!r} can be read with the day or the month first ({formats}).{shown(column)}"
    return Feed(first, question, (first, replace(source, date_format=column.other_date_format)))


def _month(source: ColumnSource, column: SniffedColumn) -> Feed:
    """A month, or days and weeks that are added up to months."""
    if source.columns or column.kind != "date":
        return Feed(source)
    source = replace(source, date_format=column.date_format)
    unit = "weeks" if column.date_format == ISO_WEEK else _step(column)
    if unit is None:
        return Feed(source)
    return Feed(replace(source, unit=unit), remark=f", whose rows are {unit}: they are added up to months")


def _step(column: SniffedColumn) -> str | None:
    """`days` or `weeks` where the sampled dates lie so far apart, None where they are months."""
    days = sorted(filter(None, (_day(sample, column.date_format) for sample in column.samples)))
    steps = {(after - before).days for before, after in itertools.pairwise(days)}
    if len(days) < 3 or all(day.day == 1 for day in days):
        return None
    if all(step % 7 == 0 for step in steps):
        return "weeks"
    return "days" if min(steps) < 7 else None


def _day(sample: str, date_format: str | None) -> datetime.date | None:
    try:
        if date_format is None:
            return datetime.date.fromisoformat(sample.strip()[:10])
        return datetime.datetime.strptime(sample.strip(), date_format).date()
    except ValueError:
        return None


# Numbers


def _number(source: ColumnSource, column: SniffedColumn) -> ColumnSource:
    if column.kind == "number" and shows_signs(column):
        source = replace(source, decimal=column.decimal, thousands=column.thousands)
    return source


def _asked_signs(fed: Feed, column: SniffedColumn) -> Feed:
    """The same with a question where `1.234` may be one and a bit or more than a thousand, and nothing decides it."""
    if column.other_signs is None or column.kind != "number":
        return fed
    decimal, thousands = column.other_signs
    question = (
        f"The numbers of {column.name!r} can be read in two ways.{shown(column)} Which sign sets off the decimals?"
    )
    signed = replace(fed.source, decimal=column.decimal, thousands=column.thousands)
    other = replace(fed.source, decimal=decimal, thousands=thousands)
    return replace(fed, source=signed, question=question, options=(signed, other))


def shows_signs(column: SniffedColumn) -> bool:
    """True where the sampled numbers tell how the column writes its decimals or thousands."""
    signs = (column.decimal, column.thousands)
    return signs != (".", "") or any(re.search(r"\d[.,]\d", sample) for sample in column.samples)


def _counted(header: Header, target: Target, source: ColumnSource, column: SniffedColumn) -> Feed:
    """The number in the contract's unit: what the header says, what the values show, or a question."""
    name = target[1]
    if name in SHARES:
        return _share(source, column)
    if name == "unit_price":
        return _price(header, target, source, column)
    if name == "unit_cost":
        return _per_price_unit(header, source, column)
    known = UNITS.get(name, ())
    if CLOCK in known and is_clock(column):
        clock = replace(source, unit=CLOCK)
        return Feed(clock, remark=", hours and minutes as a clock writes them", is_settled=True)
    known = tuple(unit for unit in known if unit != CLOCK)
    said = _unit_said(column.name, known)
    if said is None and name == "hours_per_unit":
        said = _unit_beside(header)
    units = tuple(replace(source, unit=unit) for unit in known)
    if said is not None:
        based = replace(
            source, unit=said or None, per=_base_quantity(header, column) if name == "hours_per_unit" else None
        )
        return Feed(based, remark=f", in {said}" if said else "", options=(based, source, *units), is_settled=True)
    if name == "hours_per_unit":
        source = replace(source, per=_base_quantity(header, column))
        units = tuple(replace(each, per=source.per) for each in units)
    return Feed(source, options=(source, *units))


def _share(source: ColumnSource, column: SniffedColumn) -> Feed:
    """A share from 0 to 1; counted to a hundred where a value or the header says so. A cell with % says it itself."""
    says_percent = "%" in column.name or {"percent", "pct", "prozent"} & set(words(column.name))
    if any(value > 1 for value in numbers(column)) or (says_percent and not any("%" in one for one in column.samples)):
        return Feed(
            replace(source, unit="percent"), remark=", 0 to 100", options=(replace(source, unit="percent"), source)
        )
    return Feed(source, options=(source, replace(source, unit="percent")))


def _price(header: Header, target: Target, source: ColumnSource, column: SniffedColumn) -> Feed:
    """A price of one unit, of so many units, or the amount of the row over its quantity."""
    reading = header.reading(column.name)
    aside = vocabulary().asides.get(reading.name)
    if aside and aside.kind in ("amount", "weighted"):
        quantity = header.firm((target[0], "quantity"))
        if quantity and quantity[0].source != column.name:
            source = replace(source, per=quantity[0].source)
            return Feed(source, remark=f", divided by {quantity[0].source!r}")
        return Feed(source, remark=", the amount of the whole row")
    return _per_price_unit(header, source, column)


def _per_price_unit(header: Header, source: ColumnSource, column: SniffedColumn) -> Feed:
    """A price or cost of one unit, or of as many as another column or the header itself says."""
    units = header.column_of_kind("price unit") or _powers_of_ten(header)
    if units and units != column.name:
        return Feed(replace(source, per=units), remark=f", for as many units as {units!r} says")
    found = PER.search(column.name)
    if found:
        count = re.sub(r"\D", "", found[1])
        return Feed(replace(source, per=count), remark=f", for {count} units")
    return Feed(source)


def _powers_of_ten(header: Header) -> str | None:
    """The column `Price unit` where it says 1, 10, 100: elsewhere the same name is the price of one unit."""
    for reading in header.readings:
        values = numbers(reading.column) if reading.name == "priceunit" and reading.column.kind == "number" else []
        if values and max(values) >= 10 and all(value in (1, 10, 100, 1000, 10_000) for value in values):
            return reading.column.name
    return None


def says_unit(name: str) -> bool:
    """True where a header names a unit of time, as `Hours` or `Kapazität (h)`."""
    said = frozenset().union(*(vocabulary().units[unit] for unit in ("hours", "minutes", "seconds")))
    return bool(said & set(words(name)))


def _unit_said(name: str, known: Sequence[str]) -> str | None:
    """The unit that a header names among the known ones, '' for the contract's own; None where it names none."""
    parts = set(words(name))
    for unit, said in vocabulary().units.items():
        if parts & said and (unit == "hours" or unit in known):
            return "" if unit == "hours" else unit
    return None


def _unit_beside(header: Header) -> str | None:
    """The unit that a column of its own says, where it is the same in every row that was seen."""
    for reading, aside in header.asides():
        said = {sample.strip().lower() for sample in reading.column.samples} if aside.kind == "time unit" else set()
        for unit, names in vocabulary().time_units.items():
            if said and said <= names:
                return "" if unit == "hours" else unit
    return None


def _base_quantity(header: Header, column: SniffedColumn) -> str | None:
    """The column that says for how many units a time is, as SAP's base quantity."""
    found = header.column_of_kind("base quantity")
    return found if found != column.name else None
