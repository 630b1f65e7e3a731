"""What a header says: each column's name held against the known ones, its values against the kind and the known ids."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from sop.extracts.contract import extracts
from sop.extracts.mapping import ColumnSource
from sop.extracts.proposing.names import joined_words, key, reordered, words, written_out
from sop.extracts.proposing.vocabulary import SHORTEST, Aside, Meaning, Target, vocabulary

if TYPE_CHECKING:
    from sop.extracts.sniffing import Sniffed, SniffedColumn

EXACT, DECORATED, PLAIN_MASTER, ENDING, PLAIN, FUZZY, VALUES, DOUBTFUL = (
    0.95, 0.9, 0.85, 0.8, 0.72, 0.6, 0.55, 0.45,
)  # fmt: skip
"""How sure each way of recognising a column is."""

LEAST_OPTIONAL = 0.65
"""A column that nobody needs is not proposed on less."""

PER = re.compile(r"(?i)(?:\bper\b|\bje\b|\bpro\b|/)\s*(1[., ]?000|100|10)\b")
"""A price in a header such as 'Price per 100'."""

STATUS = ("order_lines", "status")
NUMBERED = ("order_id", "line_number", "delivery_id")
"""Ids that are numbers of some kind everywhere: a column of words alone is hardly one."""
MASTERS = ("customers", "products", "work_centres")
LEAST_LIKENESS = 88
JOINED = 0.04
"""How much surer a column is whose values are known ids."""

LEAST_KNOWN = 0.8
"""Share of the samples that must be ids known from the live snapshot."""


@dataclass(frozen=True)
class Reading:
    """A column of the file and the known name its header was recognised as; `name` is '' where it was not."""

    column: SniffedColumn
    name: str
    score: float
    why: str


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


def read_name(column: SniffedColumn) -> Reading:
    """Recognise a header: as a known name, one with a unit behind it or words before it, or a similar one."""
    name = _without_unit(column.name)
    says, parts = f"the header says {column.name!r}", words(name)
    bare = _without_decorations(parts)
    for found, score in (
        (_known(joined_words(parts)), EXACT),
        (_known(joined_words(bare)), DECORATED),
        (vocabulary().written_out.get(written_out(name, vocabulary().long)), DECORATED),
        (_leaf(name), DECORATED),
    ):
        if found:
            return Reading(column, found, score, says)
    found = _unqualified(name) or vocabulary().reordered.get(reordered(name, vocabulary().long))
    if found:
        return Reading(column, found, ENDING, f"the header {name!r} says {vocabulary().spelt.get(found, found)!r}")
    ending = _known_ending(bare)
    if ending:
        return Reading(column, ending, ENDING, f"the header {name!r} ends in {vocabulary().spelt[ending]!r}")
    return _similar(column, parts)


def _without_unit(name: str) -> str:
    """The name without what it is counted in: `Capacity (min)` or `Price per 100`."""
    name = PER.sub("", name).strip() or name
    before, _, unit = name.rstrip().rstrip(")]").rpartition("(" if "(" in name else "[")
    is_unit = any(set(words(unit)) <= said for said in vocabulary().units.values()) and words(unit)
    return before.rstrip() if before and is_unit else name


def _known(name: str) -> str:
    """The name where some list has it, else ''."""
    is_plain = any(name in plain for plain in vocabulary().plain.values())
    return name if name and (is_plain or vocabulary().knows(name)) else ""


def _unqualified(name: str) -> str:
    """The known name before a last bracket such as `(Primary)`, unless the bracket makes it another thing."""
    before, _, qualifier = name.rstrip(") ").rpartition("(")
    is_blocked = bool(vocabulary().blockers.intersection(words(qualifier)))
    known = vocabulary().written_out.get(written_out(before, vocabulary().long), "")
    return "" if is_blocked or not name.rstrip().endswith(")") else known


def _without_decorations(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The words without a unit or table name behind them."""
    kept = list(parts)
    while len(kept) > 1 and kept[-1] in vocabulary().decorations:
        kept.pop()
    return tuple(kept)


def _leaf(name: str) -> str:
    """The known name at the end of a path such as `Order Lines/Quantity` or `Deal - Stage`."""
    path = re.split(r"[/:>]|\s-\s|\.(?=\w)", name)
    leaf = key(path[-1])
    is_blocked = any(vocabulary().blockers.intersection(words(part)) for part in path[:-1])
    return leaf if len(path) > 1 and len(leaf) >= SHORTEST and vocabulary().knows(leaf) and not is_blocked else ""


def _known_ending(parts: tuple[str, ...]) -> str:
    """The longest known name in which the words end, unless a word before it makes it another thing."""
    for start in range(1, len(parts)):
        if vocabulary().blockers.intersection(parts[:start]):
            return ""
        ending = joined_words(parts[start:])
        is_telling = len(ending) >= SHORTEST and ending not in vocabulary().not_endings
        if is_telling and vocabulary().knows(ending):
            return ending
    return ""


def _similar(column: SniffedColumn, parts: tuple[str, ...]) -> Reading:
    whole, known = joined_words(parts), vocabulary()
    if len(whole) >= SHORTEST:
        found = process.extractOne(whole, known.searchable, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS)
        if found is not None:
            name, likeness, _ = found
            strange = known.blockers.intersection(parts) - set(words(known.spelt[name]))
            if not strange:
                score = FUZZY + 0.1 * (likeness - LEAST_LIKENESS) / (100 - LEAST_LIKENESS)
                return Reading(column, name, score, f"{column.name!r} is similar to {known.spelt[name]!r}")
    return Reading(column, "", 0.0, "")


PARTS = {
    "year": ("year", "jahr", "yyyy"), "month": ("month", "monat", "mm"), "day": ("day", "tag", "dd"),
}  # fmt: skip


def dates_in_parts(columns: Sequence[SniffedColumn]) -> Iterator[tuple[Reading, ColumnSource]]:
    """Dates that stand in two or three columns, `Shipment Year`, `Shipment Month` and `Shipment Day`, as one column each."""
    parts: dict[tuple[str, ...], dict[str, SniffedColumn]] = {}
    for column in columns:
        said = words(column.name)
        part = next((part for part, names in PARTS.items() if said and said[-1] in names), None)
        if part is not None:
            parts.setdefault(said[:-1], {}).setdefault(part, column)
    for before, found in parts.items():
        if not {"year", "month"} <= found.keys() or found["year"].kind != "number":
            continue
        taken = [found[part] for part in PARTS if part in found]
        names = tuple(column.name for column in taken)
        month = "%m" if found["month"].kind == "number" else "%b"
        date_format = f"%Y-{month}" + ("-%d" if "day" in found else "")
        subject = "date" if "day" in found else "month"
        whole = replace(
            taken[0], name=", ".join(names), kind="date", samples=(), odd_words=(), date_format=date_format,
            distinct_share=0.0,
        )  # fmt: skip
        read = read_name(replace(whole, name=" ".join([*before, subject])))
        source = ColumnSource(columns=names, date_format=None if month == "%m" else date_format)
        yield replace(read, column=whole, why=f"the header says {whole.name!r}"), source


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
                score = DOUBTFUL * share * (1.0 if reading.score == EXACT else 0.99)
                yield Hit(source, target, score, doubt.rank, reading.why, question, True, is_guess)

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
        return 1.0 if column.kind == "number" else 0.0
    if target[1].endswith("_name"):
        return {"date": 0.0, "number": 0.5}.get(column.kind, 1.0)
    if target[1] in NUMBERED and column.samples and not any(re.search(r"\d", sample) for sample in column.samples):
        return 0.6
    return 0.7 if column.kind == "date" else 1.0


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
