"""Propose which extracts a file feeds, and which of its columns feeds what.

What is known about names stands in synonyms.toml; here stands only how a header is held against it. A name that is
known beats one that ends in a known one, that beats a similar one, and that beats the values; the kind of the values
must fit in any case. What a person must decide carries a question.
"""

from __future__ import annotations

import functools
import glob
import hashlib
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process

from sop.extracts.contract import Extract, extracts
from sop.extracts.mapping import ColumnSource, FileMapping, missing_columns

if TYPE_CHECKING:
    from sop.extracts.sniffing import Sniffed, SniffedColumn

SYNONYMS = Path(__file__).with_name("synonyms.toml")

EXACT, DECORATED, PLAIN_MASTER, ENDING, PLAIN, FUZZY, VALUES, DOUBTFUL = (
    0.95, 0.9, 0.85, 0.8, 0.72, 0.6, 0.55, 0.45,
)  # fmt: skip
"""How sure each way of recognising a column is."""

LEAST_OPTIONAL = 0.65
"""A column that nobody needs is not proposed on less."""

MASTERS = ("customers", "products", "work_centres")
SHORTEST = 5
"""Letters a name must have to be looked for inside another, or to be compared by likeness."""
LEAST_LIKENESS = 88
LEAST_KNOWN = 0.8
"""Share of the samples that must be ids known from the live snapshot."""

INHERITED = ("order_id", "line_number", "customer_id", "product_id", "work_centre_id")
"""Columns that mean the same in every extract the file feeds."""
NAME_OF = {"customer_name": "customer_id", "product_name": "product_id", "work_centre_name": "work_centre_id"}
"""Names that may come from the same source column as the id."""

Target = tuple[str, str]
"""Extract and logical column."""


@dataclass(frozen=True)
class Proposed:
    """Where one logical column of one extract is proposed to come from; `source` is None where nothing is proposed."""

    extract: str
    column: str
    source: str | None
    confidence: float
    why: str
    alternatives: tuple[str, ...] = ()
    question: str | None = None


@dataclass(frozen=True)
class Proposal:
    """What a file is proposed to feed.

    `mapping` is what would be used if the person says yes; None where a required column is missing. `columns` has
    every logical column of every extract proposed; `missing` names required ones such as `order_lines.promised_date`.
    """

    mapping: FileMapping | None
    columns: tuple[Proposed, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def propose(sniffed: Sniffed, known: Mapping[str, frozenset[str]] = {}) -> Proposal:
    """Propose a mapping for a file.

    `known` are ids of the live snapshot by logical id column (`customer_id`, `product_id`, `order_id`), by which a
    column may be recognised whose header says nothing.
    """
    header = _Header(sniffed, known)
    subject = _subject(header)
    if subject is None:
        return Proposal(None, (), (), (f"{sniffed.file_name}: no column says what the rows are.", *header.notes()))
    chosen = {subject: _Choice(header, subject).made()}
    for extract in vocabulary().feeds_also.get(subject, ()):
        further = _further(header, extract, chosen[subject])
        if further is not None:
            chosen[extract] = further
    columns = tuple(proposed for extract in extracts() for proposed in _in_order(chosen.get(extract, {}), extract))
    columns += tuple(_unasked(header, columns))
    missing = tuple(_missing(chosen))
    mapping = None if missing else _mapping(sniffed, columns)
    return Proposal(mapping, columns, missing, (*_notes(header, chosen), *_kind_notes(header, missing)))


def fingerprint(header: Sniffed | Sequence[str]) -> str:
    """The header's shape, by which a saved mapping is recognised next month, whatever the order or case of the names."""
    names = [column.name for column in header.columns] if hasattr(header, "columns") else header
    keys = sorted(key(name) or name.strip().lower() for name in names)
    return hashlib.sha256("\x1f".join(keys).encode()).hexdigest()


# Names


def words(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents and punctuation; `orderLineNumber` has three, `Amount__c` one."""
    text = re.sub(r"__[A-Za-z]$", "", name.strip().replace("ß", "ss"))
    text = unicodedata.normalize("NFKD", text)
    text = "".join(sign for sign in text if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf")
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return tuple(word.lower() for word in re.split(r"[\W_]+", text) if word)


def key(name: str) -> str:
    """What is left of a name when it is compared; ä, ae and a are the same."""
    return _joined(words(name))


def _long_words(name: str, long: Mapping[str, str]) -> list[str]:
    return [long.get(word, word).replace(" ", "") for word in words(name.replace("#", " number "))]


def _written_out(name: str, long: Mapping[str, str]) -> str:
    """The key with words such as `Qty` and `#` written out."""
    return _joined(_long_words(name, long))


def _reordered(name: str, long: Mapping[str, str]) -> str:
    """The written-out words in the order of the alphabet: `Quantity Ordered` is `Ordered Quantity`."""
    return " ".join(sorted(_long_words(name, long)))


def _joined(parts: Iterable[str]) -> str:
    return re.sub(r"([aou])e", r"\1", "".join(parts))


# What is known about names


@dataclass(frozen=True)
class _Meaning:
    """A logical column a name stands for, and how early the name stands in that column's list."""

    target: Target
    rank: int


@dataclass(frozen=True)
class _Doubt:
    """A name whose meaning a person must decide."""

    meanings: tuple[Target, ...]
    question: str
    guess: tuple[Target, ...] = ()
    unless: frozenset[str] = frozenset()
    rank: int = 0


@dataclass(frozen=True)
class _Aside:
    """A name that is easily mistaken: it feeds nothing until a person says so."""

    could_be: tuple[Target, ...]
    because: str
    question: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class _StandIn:
    """Where a required column may come from when nothing in the file is named for it."""

    sources: tuple[tuple[Target, float], ...]
    """Where from, with how sure that is."""
    question: str


@dataclass
class _Vocabulary:
    named: dict[str, list[_Meaning]] = field(default_factory=dict)
    plain: dict[str, dict[str, list[_Meaning]]] = field(default_factory=dict)
    doubts: dict[str, _Doubt] = field(default_factory=dict)
    asides: dict[str, _Aside] = field(default_factory=dict)
    stand_ins: dict[str, _StandIn] = field(default_factory=dict)
    telling: dict[str, dict[str, int]] = field(default_factory=dict)
    never_with: dict[str, tuple[Target, ...]] = field(default_factory=dict)
    file_words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    feeds_also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    written_out: dict[str, str] = field(default_factory=dict)
    reordered: dict[str, str] = field(default_factory=dict)
    long: dict[str, str] = field(default_factory=dict)
    decorations: frozenset[str] = frozenset()
    blockers: frozenset[str] = frozenset()
    not_endings: frozenset[str] = frozenset()
    spelt: dict[str, str] = field(default_factory=dict)

    @functools.cached_property
    def searchable(self) -> tuple[str, ...]:
        """Keys that are looked for inside other names and compared by likeness."""
        return tuple(name for name in (*self.named, *self.doubts, *self.asides) if len(name) >= SHORTEST)

    def knows(self, name: str) -> bool:
        """True where the name stands in some list, the plain ones left out."""
        return name in self.named or name in self.doubts or name in self.asides

    def stand_in(self, target: Target) -> _StandIn | None:
        """What may stand in for a logical column, in that extract or in any."""
        return self.stand_ins.get(".".join(target)) or self.stand_ins.get(target[1])


@functools.cache
def vocabulary() -> _Vocabulary:
    """What synonyms.toml says, with names in the form in which they are compared."""
    data = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))
    read = _Vocabulary(
        telling=data["telling"],
        never_with={extract: _targets(names) for extract, names in data["never_with"].items()},
        file_words={extract: tuple(names) for extract, names in data["file_words"].items()},
        feeds_also={extract: tuple(names) for extract, names in data["feeds_also"].items()},
        long=data["words"]["long"],
        decorations=frozenset(data["words"]["decorations"]),
        blockers=frozenset(data["words"]["blockers"]),
        not_endings=frozenset(map(key, data["words"]["not_endings"])),
        stand_ins={
            name: _StandIn(tuple(zip(_targets(table["from"]), table["from"].values(), strict=True)), table["question"])
            for name, table in data["stand_ins"].items()
        },
    )
    for extract in extracts():
        _read_names(read, extract, data)
    _read_doubts(read, data)
    for name, spelt in read.spelt.items():
        read.written_out.setdefault(_written_out(spelt, read.long), name)
        if len(words(spelt)) > 1:
            read.reordered.setdefault(_reordered(spelt, read.long), name)
    return read


def _read_names(read: _Vocabulary, extract: str, data: dict[str, Any]) -> None:
    own, shared = data[extract], data["shared"]
    for column in dict.fromkeys((*own, *shared)):
        if column in shared and column not in extracts()[extract].column_names:
            continue
        for rank, name in enumerate((*own.get(column, ()), *shared.get(column, ()))):
            read.spelt.setdefault(key(name), name)
            _add(read.named, name, _Meaning((extract, column), rank))
    plain = read.plain.setdefault(extract, {})
    for column, names in data["plain"].get(extract, {}).items():
        for rank, name in enumerate(names):
            _add(plain, name, _Meaning((extract, column), rank))


def _add(names: dict[str, list[_Meaning]], name: str, meaning: _Meaning) -> None:
    meanings = names.setdefault(key(name), [])
    if all(other.target != meaning.target for other in meanings):
        meanings.append(meaning)


def _read_doubts(read: _Vocabulary, data: dict[str, Any]) -> None:
    for table in data["ambiguous"]:
        doubt = _Doubt(
            _targets(table["meanings"]),
            table["question"],
            _targets(table.get("guess", ())),
            frozenset(map(key, table.get("unless", ()))),
        )
        read.doubts.update({key(name): replace(doubt, rank=rank) for rank, name in enumerate(table["names"])})
        read.spelt.update({key(name): name for name in table["names"]})
    for table in data["set_aside"]:
        aside = _Aside(_targets(table["could_be"]), table["because"], table.get("question"), table.get("kind", ""))
        read.asides.update({key(name): aside for name in table["names"]})
        read.spelt.update({key(name): name for name in table["names"]})


def _targets(names: Iterable[str]) -> tuple[Target, ...]:
    return tuple((name.partition(".")[0], name.partition(".")[2]) for name in names)


# What a header says


@dataclass(frozen=True)
class _Reading:
    """A column of the file and the known name its header was recognised as; `name` is '' where it was not."""

    column: SniffedColumn
    name: str
    score: float
    why: str


@dataclass(frozen=True)
class _Hit:
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


def _read_name(column: SniffedColumn) -> _Reading:
    """Recognise a header: as a known name, one with a unit behind it or words before it, or a similar one."""
    name = column.name
    says, parts = f"the header says {name!r}", words(name)
    bare = _without_decorations(parts)
    for found, score in (
        (_known(_joined(parts)), EXACT),
        (_known(_joined(bare)), DECORATED),
        (vocabulary().written_out.get(_written_out(name, vocabulary().long)), DECORATED),
        (_leaf(name), DECORATED),
    ):
        if found:
            return _Reading(column, found, score, says)
    found = _unqualified(name) or vocabulary().reordered.get(_reordered(name, vocabulary().long))
    if found:
        return _Reading(column, found, ENDING, f"the header {name!r} says {vocabulary().spelt.get(found, found)!r}")
    ending = _known_ending(bare)
    if ending:
        return _Reading(column, ending, ENDING, f"the header {name!r} ends in {vocabulary().spelt[ending]!r}")
    return _similar(column, parts)


def _known(name: str) -> str:
    """The name where some list has it, else ''."""
    is_plain = any(name in plain for plain in vocabulary().plain.values())
    return name if name and (is_plain or vocabulary().knows(name)) else ""


def _unqualified(name: str) -> str:
    """The known name before a last bracket such as `(Primary)`, unless the bracket makes it another thing."""
    before, _, qualifier = name.rstrip(") ").rpartition("(")
    is_blocked = bool(vocabulary().blockers.intersection(words(qualifier)))
    known = vocabulary().written_out.get(_written_out(before, vocabulary().long), "")
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
        ending = _joined(parts[start:])
        is_telling = len(ending) >= SHORTEST and ending not in vocabulary().not_endings
        if is_telling and vocabulary().knows(ending):
            return ending
    return ""


def _similar(column: SniffedColumn, parts: tuple[str, ...]) -> _Reading:
    whole, known = _joined(parts), vocabulary()
    if len(whole) >= SHORTEST:
        found = process.extractOne(whole, known.searchable, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS)
        if found is not None:
            name, likeness, _ = found
            strange = known.blockers.intersection(parts) - set(words(known.spelt[name]))
            if not strange:
                score = FUZZY + 0.1 * (likeness - LEAST_LIKENESS) / (100 - LEAST_LIKENESS)
                return _Reading(column, name, score, f"{column.name!r} is similar to {known.spelt[name]!r}")
    return _Reading(column, "", 0.0, "")


class _Header:
    """A file's header held against what is known about names, and its values against the ids of the live snapshot."""

    def __init__(self, sniffed: Sniffed, known: Mapping[str, frozenset[str]]) -> None:
        self.file_name = sniffed.file_name
        self.known = known
        counts = Counter(column.name for column in sniffed.columns)
        self.repeated = tuple(name for name, count in counts.items() if name and count > 1)
        usable = [column for column in sniffed.columns if column.name and counts[column.name] == 1]
        self.readings = tuple(_read_name(column) for column in usable)
        self.columns = {column.name: column for column in usable}
        self.names = frozenset(reading.name for reading in self.readings if reading.score >= DECORATED)
        self._by_target: dict[Target, list[_Hit]] = {}
        for hit in self._all_hits():
            self._by_target.setdefault(hit.target, []).append(hit)

    def hits(self, target: Target) -> list[_Hit]:
        """The columns whose name or values speak for a logical column, plain names left out, best first."""
        return sorted(self._by_target.get(target, ()), key=lambda hit: (-hit.score, hit.rank))

    def firm(self, target: Target) -> list[_Hit]:
        """The hits that leave no doubt."""
        return [hit for hit in self.hits(target) if not hit.is_doubtful]

    def spoken(self, target: Target) -> list[_Hit]:
        """The hits that tell what a row is: firm ones by name, and doubtful ones that would be used all the same."""
        return [hit for hit in self.hits(target) if hit.is_guess or (not hit.is_doubtful and hit.score > DOUBTFUL)]

    def plain_hits(self, extract: str) -> Iterator[_Hit]:
        """Columns with names such as `No.`, read as being about the row itself."""
        for reading in self.readings:
            for meaning in self.plain_meanings(reading, extract):
                fit = _fit(meaning.target, reading.column)
                if fit:
                    score = PLAIN_MASTER if extract in MASTERS else PLAIN
                    if self._share_known(meaning.target[1], reading.column) >= LEAST_KNOWN:
                        score = DECORATED
                    why = reading.why
                    yield _Hit(reading.column.name, meaning.target, score * fit, meaning.rank, why, is_plain=True)

    def plain_meanings(self, reading: _Reading, extract: str) -> Sequence[_Meaning]:
        """What a plain name can mean in an extract."""
        return vocabulary().plain[extract].get(reading.name, ()) if reading.score >= DECORATED else ()

    def reading(self, source: str) -> _Reading:
        """How a column's header was read."""
        return next(reading for reading in self.readings if reading.column.name == source)

    def asides(self, target: Target | None = None) -> Iterator[tuple[_Reading, _Aside]]:
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
            if meaning.target == target and not _fit(target, reading.column)
        ]

    def notes(self) -> tuple[str, ...]:
        """What must be said about the header itself."""
        return tuple(f"{name!r} stands in the header more than once and is not used." for name in self.repeated)

    def _all_hits(self) -> Iterator[_Hit]:
        for reading in self.readings:
            yield from self._named_hits(reading)
            yield from self._doubtful_hits(reading)
            if not vocabulary().knows(reading.name):
                yield from self._hits_by_values(reading.column)

    def _named_hits(self, reading: _Reading) -> Iterator[_Hit]:
        for meaning in vocabulary().named.get(reading.name, ()):
            fit = _fit(meaning.target, reading.column)
            if fit:
                question = _kind_question(meaning.target, reading.column)
                score = reading.score * fit
                yield _Hit(reading.column.name, meaning.target, score, meaning.rank, reading.why, question)

    def _doubtful_hits(self, reading: _Reading) -> Iterator[_Hit]:
        doubt = vocabulary().doubts.get(reading.name)
        if doubt is None:
            return
        for target in doubt.meanings:
            fit = _fit(target, reading.column)
            if fit:
                source = reading.column.name
                question = doubt.question.format(source=repr(source)) + _shown(reading.column)
                is_guess = target in doubt.guess and not doubt.unless & self.names
                yield _Hit(source, target, DOUBTFUL * fit, doubt.rank, reading.why, question, True, is_guess)

    def _hits_by_values(self, column: SniffedColumn) -> Iterator[_Hit]:
        for logical in self.known:
            if self._share_known(logical, column) >= LEAST_KNOWN and len(column.samples) > 1:
                for extract in extracts().values():
                    if logical in extract.column_names:
                        why = f"its values are known {logical.replace('_', ' ')}s"
                        yield _Hit(column.name, (extract.name, logical), VALUES, 0, why)

    def _share_known(self, logical: str, column: SniffedColumn) -> float:
        ids = self.known.get(logical, frozenset())
        if not ids or not column.samples:
            return 0.0
        return sum(sample.strip() in ids for sample in column.samples) / len(column.samples)


def _fit(target: Target, column: SniffedColumn) -> float:
    """How well the kind of the values fits the logical column: 1 fits, 0 never."""
    if column.kind == "empty":
        return 0.8
    kind = _kind(target)
    if kind == "date":
        return {"date": 1.0, "number": 0.6}.get(column.kind, 0.0)
    if kind == "number":
        return 1.0 if column.kind == "number" else 0.0
    if target[1].endswith("_name"):
        return {"date": 0.0, "number": 0.5}.get(column.kind, 1.0)
    return 0.7 if column.kind == "date" else 1.0


def _kind(target: Target) -> str:
    extract, name = target
    types = {column.name: column.type for column in extracts()[extract].columns}
    if types.get(name, "VARCHAR") == "VARCHAR":
        return "text"
    return "date" if types[name] in ("DATE", "TIMESTAMP") else "number"


def _kind_question(target: Target, column: SniffedColumn) -> str | None:
    if _kind(target) == "date" and column.kind == "number":
        return f"The values of {column.name!r} are numbers. How are they dates?" + _shown(column)
    return None


def _meaning(target: Target) -> str:
    extract, name = target
    found = next((column.meaning for column in extracts()[extract].columns if column.name == name), "")
    return found.split(";")[0] or name.replace("_", " ")


def _shown(column: SniffedColumn) -> str:
    """Some values, to stand behind a question."""
    return f" Its values: {', '.join(column.samples[:3])}." if column.samples else ""


# What the rows are


def _subject(header: _Header) -> str | None:
    """The extract that one row of the file is about: the one of which the columns tell most."""
    scores = {extract: _telling(header, extract) for extract in vocabulary().telling}
    best = max(scores, key=lambda extract: scores[extract])
    return best if scores[best] >= 2 else None


def _telling(header: _Header, extract: str) -> float:
    """How much the columns, and a little the file's name, speak for an extract as what a row is."""
    banned = vocabulary().never_with.get(extract, ())
    if any(hit.score >= DECORATED or hit.is_guess for target in banned for hit in header.spoken(target)):
        return 0.0
    weights = vocabulary().telling[extract]
    named = {name for name in weights if header.spoken((extract, name))}
    plain = {hit.target[1] for hit in header.plain_hits(extract)} & set(weights) - named
    doubtful = {name for name in weights if header.hits((extract, name))} - named - plain
    score = sum(weights[name] for name in named) + sum(weights[name] / 2 for name in plain)
    score += sum(weights[name] / 3 for name in doubtful)
    file_name = key(Path(header.file_name).stem)
    is_meant = any(word in file_name for word in vocabulary().file_words.get(extract, ()))
    return score + (1.5 if score and is_meant else 0.0)


# Which column feeds what


class _Choice:
    """Chooses a source column for each logical column of one extract."""

    def __init__(self, header: _Header, extract: str, inherited: Mapping[str, Proposed] | None = None) -> None:
        self.header = header
        self.extract: Extract = extracts()[extract]
        self.is_subject = inherited is None
        self.elsewhere = frozenset(_doubted(inherited or {}))
        self.made_up: dict[str, Proposed] = {}
        self.from_plain: set[str] = set()
        for name, proposed in (inherited or {}).items():
            if name in INHERITED and name in self.extract.column_names and proposed.source:
                self.made_up[name] = replace(proposed, extract=extract, question=None)

    def made(self) -> dict[str, Proposed]:
        """The proposal per logical column, with what else could be meant and what must be asked."""
        self._take(self._firm_hits())
        for name in self._must_have():
            if name in self._wanted():
                self._guess(name)
        self._take(self._listed_guesses())
        return {name: self._finished(name) for name in self.extract.column_names}

    def _firm_hits(self) -> list[_Hit]:
        hits = [hit for name in self.extract.column_names for hit in self.header.firm((self.extract.name, name))]
        if self.is_subject:
            hits += self.header.plain_hits(self.extract.name)
        return _by_arithmetic(self.header, [hit for hit in hits if self._is_sure_enough(hit)])

    def _is_sure_enough(self, hit: _Hit) -> bool:
        return hit.target[1] in self._must_have() or hit.score >= LEAST_OPTIONAL or hit.score == VALUES

    def _must_have(self) -> tuple[str, ...]:
        dates = ("delivered_date", "shipped_date") if self.extract.name == "deliveries" else ()
        return (*self.extract.required, *dates)

    def _wanted(self) -> list[str]:
        """Required columns without a source; one date is enough for a delivery."""
        has_date = self.made_up.keys() & {"delivered_date", "shipped_date"}
        return [
            name
            for name in self._must_have()
            if name not in self.made_up and not (has_date and name in ("delivered_date", "shipped_date"))
        ]

    def _doubtful_hits(self, name: str) -> list[_Hit]:
        hits = self.header.hits((self.extract.name, name))
        return [hit for hit in hits if hit.is_doubtful and hit.source not in self.elsewhere]

    def _listed_guesses(self) -> list[_Hit]:
        """Doubtful hits that are proposed beside their question although nothing needs them."""
        hits = [hit for name in self.extract.column_names for hit in self._doubtful_hits(name)]
        return [hit for hit in hits if hit.is_guess]

    def _doubt(self, source: str) -> _Doubt:
        return vocabulary().doubts[self.header.reading(source).name]

    def _take(self, hits: list[_Hit]) -> None:
        """Give each logical column the best hit left; a source is given once, but for an id that is also the name."""
        order, required = self.extract.column_names, self.extract.required
        own = [hit for hit in hits if hit.target[1] in order]
        own.sort(key=lambda hit: (-hit.score, hit.target[1] not in required, order.index(hit.target[1]), hit.rank))
        for hit in own:
            name = hit.target[1]
            if name not in self.made_up and self._is_free(hit.source, name):
                self.made_up[name] = self._proposed(name, hit)
                if hit.is_plain and hit.score < DECORATED:
                    self.from_plain.add(name)

    def _is_free(self, source: str, name: str) -> bool:
        return all(proposed.source != source or NAME_OF.get(name) == other for other, proposed in self.made_up.items())

    def _guess(self, name: str) -> None:
        """Fill a required column from a doubtful name, or from what may stand in for it; both are asked."""
        doubtful = [hit for hit in self._doubtful_hits(name) if self.is_subject or hit.is_guess]
        for hit in sorted((*doubtful, *self._stand_ins(name)), key=lambda hit: -hit.score):
            holder = next((other for other, held in self.made_up.items() if held.source == hit.source), None)
            gives_up = holder is not None and hit.target == (self.extract.name, holder) and holder != name
            if gives_up or self._is_free(hit.source, name):
                if holder is not None and gives_up:
                    del self.made_up[holder]
                self.made_up[name] = self._proposed(name, hit)
                return

    def _is_kept_back(self, source: str) -> bool:
        return bool(self._doubt(source).unless & self.header.names)

    def _stand_ins(self, name: str) -> Iterator[_Hit]:
        """Columns that may stand in for a logical column; their target stays what they are named for."""
        stand_in = vocabulary().stand_in((self.extract.name, name))
        if stand_in is None:
            return
        plain = list(self.header.plain_hits(self.extract.name)) if self.is_subject else []
        is_certain = self.extract.name == "deliveries" and self.is_subject
        for target, sure in stand_in.sources:
            for hit in (*self.header.firm(target), *(hit for hit in plain if hit.target == target)):
                question = stand_in.question.format(source=repr(hit.source)) + _shown(self.header.columns[hit.source])
                why = f"{hit.why}; nothing else in the file is {_meaning((self.extract.name, name))}"
                yield replace(
                    hit, score=DECORATED if is_certain else sure, why=why, question=None if is_certain else question
                )

    def _proposed(self, name: str, hit: _Hit) -> Proposed:
        return Proposed(self.extract.name, name, hit.source, round(hit.score, 2), hit.why, question=hit.question)

    def _finished(self, name: str) -> Proposed:
        target = (self.extract.name, name)
        proposed = self.made_up.get(name) or Proposed(*target, None, 0.0, "nothing in the header speaks for it")
        alternatives = self._alternatives(target, proposed.source)
        questions = [proposed.question] if proposed.question else []
        if proposed.source is None:
            questions += self._open_questions(target)
        else:
            questions += self._plain_question(name, proposed.source)
            questions += _date_question(target, self.header.columns[proposed.source])
        return replace(proposed, alternatives=alternatives, question=" ".join(questions) or None)

    def _plain_question(self, name: str, source: str) -> list[str]:
        """Asked where a plain name could as well mean another column that nothing else feeds."""
        if name not in self.from_plain or self.extract.name in MASTERS:
            return []
        meanings = self.header.plain_meanings(self.header.reading(source), self.extract.name)
        others = {meaning.target[1] for meaning in meanings} - {name} - self.made_up.keys()
        if not others & set(self.extract.column_names):
            return []
        return [f"The header only says {source!r}. Is it {_meaning((self.extract.name, name))}?"]

    def _alternatives(self, target: Target, source: str | None) -> tuple[str, ...]:
        others = [hit.source for hit in self.header.hits(target)]
        if self.is_subject:
            others += [hit.source for hit in self.header.plain_hits(self.extract.name) if hit.target == target]
        others += [reading.column.name for reading, _ in self.header.asides(target) if _fit(target, reading.column)]
        return tuple(dict.fromkeys(other for other in others if other != source))

    def _open_questions(self, target: Target) -> list[str]:
        """What is asked about a column without a source: doubtful names that nothing else has taken."""
        taken = {proposed.source for proposed in self.made_up.values()} | self.elsewhere
        asked = [
            hit.question
            for hit in self._doubtful_hits(target[1])
            if hit.source not in taken and (not self._doubt(hit.source).guess or self._is_kept_back(hit.source))
        ]
        weighted = [
            aside.question.format(source=repr(reading.column.name)) + _shown(reading.column)
            for reading, aside in self.header.asides(target)
            if aside.question
        ]
        return [question for question in (*asked, *weighted) if question]


def _doubted(chosen: Mapping[str, Proposed]) -> Iterator[str]:
    """Sources with a doubtful name that already feed something."""
    for proposed in chosen.values():
        if proposed.source and proposed.confidence <= DOUBTFUL:
            yield proposed.source


def _date_question(target: Target, column: SniffedColumn) -> list[str]:
    if _kind(target) != "date" or not column.other_date_format:
        return []
    formats = f"{column.date_format or '%Y-%m-%d'} or {column.other_date_format}"
    return [f"The dates of {column.name!r} can be read with the day or the month first ({formats}).{_shown(column)}"]


def _further(header: _Header, extract: str, main: Mapping[str, Proposed]) -> dict[str, Proposed] | None:
    """What the file tells about another extract beside its rows' own; None where that is no more than a number."""
    choice = _Choice(header, extract, main)
    if extract in MASTERS:
        return _master(header, choice, extract)
    made = choice.made()
    if not (made["delivered_date"].source or made["shipped_date"].source):
        return None
    if made["line_number"].source:
        made["product_id"] = Proposed(extract, "product_id", None, 0.0, "the line number names the line")
    return made


def _master(header: _Header, choice: _Choice, extract: str) -> dict[str, Proposed] | None:
    id_column = extracts()[extract].key[0]
    name_column = next(name for name, of in NAME_OF.items() if of == id_column)
    made = choice.made()
    id_source = made[id_column].source
    if id_source is None:
        return None
    if made[name_column].source is None and _are_names(header.columns[id_source]):
        made[name_column] = replace(made[id_column], column=name_column, question=None, alternatives=())
    return made if made[name_column].source else None


def _are_names(column: SniffedColumn) -> bool:
    """True where most of the values are words that people say, not codes."""
    named = [sample for sample in column.samples if re.search(r"[^\W\d_]{2,}", sample) and not sample.isupper()]
    return len(named) * 2 > len(column.samples)


# Prices that can be proved


def _by_arithmetic(header: _Header, hits: list[_Hit]) -> list[_Hit]:
    """Put the price first that, times a quantity, gives an amount of the file: of two prices one is per another unit."""
    prices = [hit for hit in hits if hit.target[1] == "unit_price"]
    amounts = [reading.column for reading, aside in header.asides() if aside.kind == "amount"]
    if len(prices) < 2 or not amounts:
        return hits
    quantities = [header.columns[hit.source] for hit in hits if hit.target[1] == "quantity"]
    proofs = {
        hit.source: max((_proofs(header.columns[hit.source], quantity, amount)
                         for quantity in quantities for amount in amounts), default=0)
        for hit in prices
    }  # fmt: skip
    best = max(proofs, key=lambda source: proofs[source])
    if proofs[best] < 2 or list(proofs.values()).count(proofs[best]) > 1:
        return hits
    proved = next(hit for hit in prices if hit.source == best)
    hits[hits.index(proved)] = replace(
        proved, score=1.0, why=f"{proved.why}, and times the quantity it gives {_listed(amounts)}"
    )
    return hits


def _listed(columns: Sequence[SniffedColumn]) -> str:
    return " or ".join(repr(column.name) for column in columns)


def _proofs(price: SniffedColumn, quantity: SniffedColumn, amount: SniffedColumn) -> int:
    """How many sampled amounts are a sampled price times a sampled quantity."""
    products = [each * units for each in _numbers(price) for units in _numbers(quantity)]
    return sum(
        any(abs(product - value) <= 0.001 * abs(value) for product in products) for value in _numbers(amount) if value
    )


def _numbers(column: SniffedColumn) -> list[float]:
    read = []
    for sample in column.samples:
        digits = sample.replace(column.thousands, "") if column.thousands else sample
        digits = re.sub(r"[^\d.\-]", "", digits.replace(column.decimal, "."))
        try:
            read.append(float(digits))
        except ValueError:
            continue
    return read


# The result


def _in_order(chosen: Mapping[str, Proposed], extract: str) -> list[Proposed]:
    return [chosen[name] for name in extracts()[extract].column_names if name in chosen]


def _unasked(header: _Header, columns: Sequence[Proposed]) -> Iterator[Proposed]:
    """Doubtful columns that nothing uses and no question speaks of: each is asked for its last meaning."""
    spoken_of = {proposed.source for proposed in columns if proposed.source}
    spoken_of |= {other for proposed in columns if proposed.question for other in proposed.alternatives}
    filled = {(proposed.extract, proposed.column) for proposed in columns if proposed.source}
    fed = {proposed.extract for proposed in columns}
    for reading in header.readings:
        doubt = vocabulary().doubts.get(reading.name)
        if doubt is None or reading.column.name in spoken_of:
            continue
        for target in doubt.meanings:
            is_near = target[0] in fed or any(target[0] in vocabulary().feeds_also.get(name, ()) for name in fed)
            if is_near and target not in filled and _fit(target, reading.column):
                question = doubt.question.format(source=repr(reading.column.name)) + _shown(reading.column)
                yield Proposed(*target, None, 0.0, reading.why, (reading.column.name,), question)
                break


def _missing(chosen: Mapping[str, Mapping[str, Proposed]]) -> Iterator[str]:
    for name, columns in chosen.items():
        fed = [column for column, proposed in columns.items() if proposed.source]
        yield from (f"{name}.{column}" for column in missing_columns(extracts()[name], fed))


def _mapping(sniffed: Sniffed, columns: Sequence[Proposed]) -> FileMapping:
    used = {column.name: column for column in sniffed.columns}
    fed = [proposed for proposed in columns if proposed.source]
    dates = [used[str(proposed.source)] for proposed in fed if _kind((proposed.extract, proposed.column)) == "date"]
    numbers = [used[str(proposed.source)] for proposed in fed if _kind((proposed.extract, proposed.column)) == "number"]
    date_format = _usual_format(dates)
    decimal, thousands = _number_signs(numbers)
    tables: dict[str, dict[str, ColumnSource]] = {}
    for proposed in fed:
        source = _column_source(used[str(proposed.source)], (proposed.extract, proposed.column), date_format)
        tables.setdefault(proposed.extract, {})[proposed.column] = source
    return FileMapping(
        name=glob.escape(sniffed.file_name),
        delimiter=sniffed.delimiter,
        encoding=sniffed.encoding,
        decimal=decimal,
        thousands=thousands,
        date_format=date_format,
        empty=tuple(dict.fromkeys(word for proposed in fed for word in used[str(proposed.source)].odd_words)),
        extracts=tables,
    )


def _column_source(column: SniffedColumn, target: Target, usual: str | None) -> ColumnSource:
    differs = _kind(target) == "date" and column.date_format != usual
    return ColumnSource(column=column.name, date_format=column.date_format if differs else None)


def _usual_format(dates: Sequence[SniffedColumn]) -> str | None:
    """The file's date format: none where a column is ISO, since a column cannot take the file's format back."""
    formats = Counter(column.date_format for column in dates if column.kind == "date")
    return None if None in formats or not formats else formats.most_common(1)[0][0]


def _number_signs(numbers: Sequence[SniffedColumn]) -> tuple[str, str]:
    """Decimal and thousands sign: those of the columns that show a thousands sign or a decimal comma, else plain."""
    signs = Counter((column.decimal, column.thousands) for column in numbers if column.kind == "number")
    telling = Counter({sign: count for sign, count in signs.items() if sign != (".", "")})
    return (telling or Counter({(".", ""): 1})).most_common(1)[0][0]


def _notes(header: _Header, chosen: Mapping[str, Mapping[str, Proposed]]) -> Iterator[str]:
    """What a person should know about columns that are not used, or are used as they stand."""
    yield from header.notes()
    used = {proposed.source for columns in chosen.values() for proposed in columns.values()}
    for reading, aside in header.asides():
        if reading.column.name not in used:
            yield f"{reading.column.name!r} {aside.because}. It is not used."
    probability = chosen.get("opportunities", {}).get("probability")
    if probability and probability.source:
        column = header.columns[probability.source]
        if column.is_percent or any(number > 1 for number in _numbers(column)):
            yield f"{probability.source!r} is written in percent; the probability is a share, 0 to 1."


def _kind_notes(header: _Header, missing: Iterable[str]) -> Iterator[str]:
    for name in missing:
        extract, _, column = name.partition(".")
        for source in header.misfits((extract, column)):
            found = header.columns[source].kind
            yield f"{source!r} is named for {name}, but its values are {found}, not {_kind((extract, column))}."
