"""What a header says: each column's name held against the known ones, its values against the kind and the known ids."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sop.extracts.contract import extracts
from sop.extracts.mapping import CLOCK, UNITS, ColumnSource
from sop.extracts.proposing.names import words
from sop.extracts.proposing.reading import (
    DECORATED,
    DOUBTFUL,
    EXACT,
    PLAIN,
    PLAIN_MASTER,
    VALUES,
    Reading,
    dates_in_parts,
    read_name,
)  # fmt: skip
from sop.extracts.proposing.vocabulary import Aside, Meaning, Target, vocabulary

if TYPE_CHECKING:
    from sop.extracts.sniffing import Sniffed, SniffedColumn

LEAST_OPTIONAL = 0.65
"""A column that nobody needs is not proposed on less."""

LESS_THAN_EXACT = 500
"""How much later a doubtful name ranks that is not quite as listed; each list of them spans a thousand."""

STATUS = ("order_lines", "status")
NUMBERED = ("order_id", "line_number", "delivery_id")
"""Ids that are numbers of some kind everywhere: a column of words alone is hardly one."""

MASTERS = ("customers", "products", "work_centres")
JOINED = 0.04
"""How much surer a column is whose values are known ids."""

LEAST_KNOWN = 0.8
"""Share of the samples that must be ids known from the live snapshot."""


@dataclass(frozen=True)
class Hit:
    """A column of the file that could feed a logical column."""

    source: str
    target: Target
    score: float
    rank: int
    why: str
    question: str | None = None
    is_doubtful: bool = False
    is_guess: bool = False
    """Doubtful, and proposed beside its question even where nothing needs it."""
    is_plain: bool = False


class Header:
    """A file's header held against what is known about names, and its values against the ids of the live snapshot."""

    def __init__(self, sniffed: Sniffed, known: Mapping[str, frozenset[str]]) -> None:
        self.file_name = sniffed.file_name
        self.known = known
        counts = Counter(column.name for column in sniffed.columns)
        self.repeated = tuple(name for name, count in counts.items() if name and count > 1)
        usable = [column for column in sniffed.columns if column.name and counts[column.name] == 1]
        parted = list(dates_in_parts(usable))
        in_parts = {name for _, source in parted for name in source.columns}
        whole = [column for column in usable if column.name not in in_parts]
        self.readings = (*(read_name(column) for column in whole), *(reading for reading, _ in parted))
        self.columns = {column.name: column for column in usable}
        self.columns |= {reading.column.name: reading.column for reading, _ in parted}
        self._by_name = {reading.column.name: reading for reading in self.readings}
        self._sources = {reading.column.name: source for reading, source in parted}
        self.names = frozenset(reading.name for reading in self.readings if reading.score >= DECORATED)
        self._by_target: dict[Target, list[Hit]] = {}
        for hit in self._all_hits():
            self._by_target.setdefault(hit.target, []).append(hit)

    def hits(self, target: Target) -> list[Hit]:
        """The columns whose name or values speak for a logical column, plain names left out, best first."""
        return sorted(self._by_target.get(target, ()), key=lambda hit: (-hit.score, hit.rank))

    def firm(self, target: Target) -> list[Hit]:
        """The hits that leave no doubt."""
        return [hit for hit in self.hits(target) if not hit.is_doubtful]

    def spoken(self, target: Target) -> list[Hit]:
        """The hits that tell what a row is: firm ones by name, and doubtful ones that would be used all the same."""
        return [hit for hit in self.hits(target) if hit.is_guess or (not hit.is_doubtful and hit.score > DOUBTFUL)]

    def plain_hits(self, extract: str) -> Iterator[Hit]:
        """Columns with names such as `No.`, read as being about the row itself."""
        for reading in self.readings:
            for meaning in self.plain_meanings(reading, extract):
                share = fit(meaning.target, reading.column)
                if share:
                    score = PLAIN_MASTER if extract in MASTERS else PLAIN
                    if self._is_known(meaning.target[1], reading.column):
                        score = DECORATED
                    if meaning.target[1] == "order_id" and _are_made_by_machine(reading.column):
                        score -= JOINED
                    why = reading.why
                    yield Hit(reading.column.name, meaning.target, score * share, meaning.rank, why, is_plain=True)

    def plain_meanings(self, reading: Reading, extract: str) -> Sequence[Meaning]:
        """What a plain name can mean in an extract."""
        return vocabulary().plain[extract].get(reading.name, ()) if reading.score >= DECORATED else ()

    def reading(self, source: str) -> Reading:
        """How a column's header was read."""
        return self._by_name[source]

    def source(self, name: str) -> ColumnSource:
        """The column of that name as a source, before its dates and numbers are understood."""
        return self._sources.get(name) or ColumnSource(column=name)

    def has_unknown(self, said: frozenset[str], target: Target) -> bool:
        """True where a column that nobody knows has one of the words and could feed the logical column."""
        unknown = [reading.column for reading in self.readings if not reading.name and fit(target, reading.column) == 1]
        parts = [set(words(column.name)) for column in unknown]
        return any(said & each and not vocabulary().blockers & each for each in parts)

    def is_count_of_days(self, name: str) -> bool:
        """True for a column that counts days after the order instead of naming a day."""
        aside = vocabulary().asides.get(self._by_name[name].name) if name in self._by_name else None
        return aside is not None and aside.kind == "days"

    def column_of_kind(self, kind: str) -> str | None:
        """The one column that is set aside as being of a kind, such as `price unit`; None where there is none."""
        found = [
            reading.column.name
            for reading, aside in self.asides()
            if aside.kind == kind and reading.column.kind == "number"
        ]
        return found[0] if len(found) == 1 else None

    def fits(self, target: Target, reading: Reading) -> bool:
        """True where the values of a column can feed a logical column."""
        return bool(fit(target, reading.column))

    def asides(self, target: Target | None = None) -> Iterator[tuple[Reading, Aside]]:
        """Columns that are easily mistaken; those for one logical column where one is given."""
        for reading in self.readings:
            aside = vocabulary().asides.get(reading.name)
            if aside and (target is None or target in aside.could_be):
                yield reading, aside

    def misfits(self, target: Target) -> list[str]:
        """Columns named for a logical column whose values are of another kind."""
        return [
            reading.column.name
            for reading in self.readings
            for meaning in vocabulary().named.get(reading.name, ())
            if meaning.target == target and not fit(target, reading.column)
        ]

    def notes(self) -> tuple[str, ...]:
        """What must be said about the header itself."""
        return tuple(f"{name!r} stands in the header more than once and is not used." for name in self.repeated)

    def _all_hits(self) -> Iterator[Hit]:
        for reading in self.readings:
            yield from self._named_hits(reading)
            yield from self._doubtful_hits(reading)
            if not vocabulary().knows(reading.name):
                yield from self._hits_by_values(reading.column)

    def _named_hits(self, reading: Reading) -> Iterator[Hit]:
        for meaning in vocabulary().named.get(reading.name, ()):
            share = fit(meaning.target, reading.column)
            if share:
                joined = JOINED if self._is_known(meaning.target[1], reading.column) else 0.0
                score = min(1.0, reading.score * share + joined)
                yield Hit(reading.column.name, meaning.target, score, meaning.rank, reading.why)

    def _doubtful_hits(self, reading: Reading) -> Iterator[Hit]:
        doubt = vocabulary().doubts.get(reading.name)
        if doubt is None:
            return
        for target in doubt.meanings:
            share = fit(target, reading.column)
            if target == STATUS and not says_status(reading.column):
                continue
            if share:
                source = reading.column.name
                question = doubt.question.format(source=repr(source)) + shown(reading.column)
                is_guess = target in doubt.guess and not doubt.unless & self.names
                rank = doubt.rank + (0 if reading.score == EXACT else LESS_THAN_EXACT)
                yield Hit(source, target, DOUBTFUL * share, rank, reading.why, question, True, is_guess)

    def _hits_by_values(self, column: SniffedColumn) -> Iterator[Hit]:
        for logical in self.known:
            if self._is_known(logical, column) and len(column.samples) > 1:
                for extract in extracts().values():
                    if logical in extract.column_names:
                        why = f"its values are known {logical.replace('_', ' ')}s"
                        yield Hit(column.name, (extract.name, logical), VALUES, 0, why)

    def _is_known(self, logical: str, column: SniffedColumn) -> bool:
        """True where most of the values are ids of the live snapshot."""
        ids = self.known.get(logical, frozenset())
        found = sum(sample.strip() in ids for sample in column.samples)
        return bool(found) and found >= LEAST_KNOWN * len(column.samples)


def says_status(column: SniffedColumn, least: float = 0.0) -> bool:
    """True where more than that share of the sampled values are words for the state of an order line."""
    known = {word for names in vocabulary().statuses.values() for word in names}
    said = [sample.strip().lower().replace("_", " ") in known for sample in column.samples]
    return not said or sum(said) > least * len(said)


def _are_made_by_machine(column: SniffedColumn) -> bool:
    """True for ids that nobody reads, as Odoo's `__export__.sale_order_7` or a GUID: other files name the row otherwise."""
    made = re.compile(r"__\w+__\.\S+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
    return bool(column.samples) and all(made.fullmatch(sample.strip()) for sample in column.samples)


def fit(target: Target, column: SniffedColumn) -> float:
    """How well the kind of the values fits the logical column: 1 fits, 0 never."""
    if column.kind == "empty":
        return 0.8
    kind = kind_of(target)
    if kind == "date":
        return {"date": 1.0, "number": 0.6}.get(column.kind, 0.0)
    if kind == "number":
        return 1.0 if column.kind == "number" or (CLOCK in UNITS.get(target[1], ()) and is_clock(column)) else 0.0
    if target[1].endswith("_name"):
        return {"date": 0.0, "number": 0.5}.get(column.kind, 1.0)
    if target[1] == "currency" and column.kind == "number":
        return 1.0 if column.currency else 0.0
    if (
        target[1] == "delivery_id"
        and column.kind == "number"
        and all(len(sample.strip()) < 4 for sample in column.samples)
    ):
        return 0.6  # the count of a line's shipments, as Oracle's SHIPMENT_NUMBER
    if target[1] in NUMBERED and column.samples and not any(re.search(r"\d", sample) for sample in column.samples):
        return 0.6
    return 0.7 if column.kind == "date" else 1.0


def is_clock(column: SniffedColumn) -> bool:
    """True where the values are times as a clock writes them, such as 0:45 or 01:30:00."""
    values = [sample.strip() for sample in column.samples if sample.strip() not in ("", "0")]
    return bool(values) and all(re.fullmatch(r"(\d+ )?\d+:[0-5]\d(:[0-5]\d)?", value) for value in values)


@functools.cache
def kind_of(target: Target) -> str:
    """What the logical column holds: text, number or date."""
    extract, name = target
    types = {column.name: column.type for column in extracts()[extract].columns}
    if types.get(name, "VARCHAR") == "VARCHAR":
        return "text"
    return "date" if types[name] in ("DATE", "TIMESTAMP") else "number"


def meaning_of(target: Target) -> str:
    """What the contract says of a logical column, its main clause."""
    extract, name = target
    found = next((column.meaning for column in extracts()[extract].columns if column.name == name), "")
    return found.split(";")[0] or name.replace("_", " ")


def shown(column: SniffedColumn) -> str:
    """Some values, to stand behind a question."""
    return f" Its values: {', '.join(column.samples[:3])}." if column.samples else ""
