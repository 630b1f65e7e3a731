"""What is known about names: synonyms.toml, with names in the form in which they are compared."""

from __future__ import annotations

import fnmatch
import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sop.extracts.contract import extracts
from sop.extracts.proposing.names import key, reordered, words, written_out

SYNONYMS = Path(__file__).parents[1] / "synonyms.toml"


SHORTEST = 5

RANKS = 1000
"""How many ranks each list of doubtful names has for itself."""

Target = tuple[str, str]
"""Extract and logical column."""


# What is known about names


@dataclass(frozen=True)
class Meaning:
    """A logical column a name stands for, and how early the name stands in that column's list."""

    target: Target
    rank: int


@dataclass(frozen=True)
class Doubt:
    """A name whose meaning a person must decide."""

    meanings: tuple[Target, ...]
    question: str
    guess: tuple[Target, ...] = ()
    unless: frozenset[str] = frozenset()
    rank: int = 0
    is_settled_by_unit: bool = True
    """Nothing is left to ask where the header says what a time or a capacity is counted in."""


@dataclass(frozen=True)
class Aside:
    """A name that is easily mistaken: it feeds nothing until a person says so."""

    could_be: tuple[Target, ...]
    because: str
    question: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class StandIn:
    """Where a required column may come from when nothing in the file is named for it."""

    sources: tuple[tuple[Target, float], ...]
    """Where from, with how sure that is."""
    question: str
    constant: str | None = None
    """What may stand in every row where no column does."""
    constant_question: str = ""
    asked_beside: frozenset[str] = frozenset()
    """Words of columns that could be the real one though nobody knows their names."""


@dataclass(frozen=True)
class Stranger:
    """Another list that is easily taken for an extract, and by what it is known."""

    extracts: tuple[str, ...]
    signs: tuple[tuple[frozenset[str], ...], ...]
    """Groups of signs, each the words of a column's name; a header that says one out of every group is such a list."""
    file_words: tuple[str, ...]
    unless_words: frozenset[str]
    unless: tuple[Target, ...]
    question: str


@dataclass(frozen=True)
class Composed:
    """A name put together of known words: every word matches a group or is a filler, and every group is matched."""

    reads_as: str
    groups: tuple[re.Pattern[str], ...]
    fillers: frozenset[str]

    def matches(self, parts: Sequence[str]) -> bool:
        """True where the words of a name are of this kind."""
        matched: set[int] = set()
        for part in parts:
            places = [place for place, group in enumerate(self.groups) if group.fullmatch(part)]
            if not places and part not in self.fillers:
                return False
            matched.update(places)
        return len(matched) == len(self.groups)


@dataclass
class Vocabulary:
    """All lists of synonyms.toml."""

    named: dict[str, list[Meaning]] = field(default_factory=dict)
    plain: dict[str, dict[str, list[Meaning]]] = field(default_factory=dict)
    doubts: dict[str, Doubt] = field(default_factory=dict)
    asides: dict[str, Aside] = field(default_factory=dict)
    stand_ins: dict[str, StandIn] = field(default_factory=dict)
    telling: dict[str, dict[str, int]] = field(default_factory=dict)
    never_with: dict[str, tuple[Target, ...]] = field(default_factory=dict)
    needs: dict[str, tuple[Target, ...]] = field(default_factory=dict)
    file_words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    feeds_also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    written_out: dict[str, str] = field(default_factory=dict)
    reordered: dict[str, str] = field(default_factory=dict)
    long: dict[str, str] = field(default_factory=dict)
    decorations: frozenset[str] = frozenset()
    blockers: frozenset[str] = frozenset()
    not_endings: frozenset[str] = frozenset()
    spelt: dict[str, str] = field(default_factory=dict)
    spellings: list[str] = field(default_factory=list)
    units: dict[str, frozenset[str]] = field(default_factory=dict)
    """Words in a header that say what its numbers are in."""
    statuses: dict[str, frozenset[str]] = field(default_factory=dict)
    """Words of order systems, in small letters, for each of the three states of an order line."""
    strangers: tuple[Stranger, ...] = ()
    speaks_for: dict[str, tuple[frozenset[str], ...]] = field(default_factory=dict)
    behind_in: frozenset[str] = frozenset()
    composed: tuple[Composed, ...] = ()
    time_units: dict[str, frozenset[str]] = field(default_factory=dict)
    """Values that say what the times of a row are in."""

    @functools.cached_property
    def searchable(self) -> tuple[str, ...]:
        """Keys that are looked for inside other names and compared by likeness."""
        return tuple(name for name in (*self.named, *self.doubts, *self.asides) if len(name) >= SHORTEST)

    def knows(self, name: str) -> bool:
        """True where the name stands in some list, the plain ones left out."""
        return name in self.named or name in self.doubts or name in self.asides

    def stand_in(self, target: Target) -> StandIn | None:
        """What may stand in for a logical column, in that extract or in any."""
        return self.stand_ins.get(".".join(target)) or self.stand_ins.get(target[1])


@functools.cache
def vocabulary() -> Vocabulary:
    """What synonyms.toml says, with names in the form in which they are compared."""
    data = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))
    read = Vocabulary(
        telling=data["telling"],
        never_with={extract: targets_of(names) for extract, names in data["never_with"].items()},
        needs={extract: targets_of(names) for extract, names in data["needs"].items()},
        file_words={extract: tuple(names) for extract, names in data["file_words"].items()},
        feeds_also={extract: tuple(names) for extract, names in data["feeds_also"].items()},
        long=data["words"]["long"],
        decorations=frozenset(data["words"]["decorations"]),
        blockers=frozenset(data["words"]["blockers"]),
        not_endings=frozenset(map(key, data["words"]["not_endings"])),
        units={unit: frozenset(names) for unit, names in data["units"].items()},
        statuses={status: frozenset(names) for status, names in data["statuses"].items()},
        time_units={unit: frozenset(names) for unit, names in data["time_units"].items()},
        stand_ins={name: _stand_in(table) for name, table in data["stand_ins"].items()},
        strangers=tuple(map(_stranger, data["something_else"])),
        speaks_for={
            extract: tuple(frozenset(words(one)) for one in said) for extract, said in data["speaks_for"].items()
        },
        behind_in=frozenset(data["words"]["behind_in"]),
        composed=tuple(_composed(data["composed"])),
    )
    for extract in extracts():
        _read_names(read, extract, data)
    _read_doubts(read, data)
    for spelt in read.spellings:
        read.written_out.setdefault(written_out(spelt, read.long), key(spelt))
        if len(words(spelt)) > 1:
            read.reordered.setdefault(reordered(spelt, read.long), key(spelt))
    return read


def _stand_in(table: dict[str, Any]) -> StandIn:
    given = table.get("from", {})
    sources = tuple(zip(targets_of(given), given.values(), strict=True))
    return StandIn(
        sources,
        table.get("question", ""),
        table.get("constant"),
        table.get("constant_question", ""),
        frozenset(table.get("asked_beside", ())),
    )


def _composed(table: dict[str, Any]) -> Iterator[Composed]:
    fillers = frozenset(table["fillers"])
    for name in table["names"]:
        groups = ("|".join(fnmatch.translate(word) for word in group) for group in name["groups"])
        yield Composed(key(name["reads_as"]), tuple(map(re.compile, groups)), fillers)


def _stranger(table: dict[str, Any]) -> Stranger:
    return Stranger(
        tuple(table["extracts"]),
        tuple(tuple(frozenset(words(sign)) for sign in group) for group in table["signs"]),
        tuple(table.get("file_words", ())),
        frozenset(table.get("unless_words", ())),
        targets_of(table.get("unless", ())),
        table["question"],
    )


def _read_names(read: Vocabulary, extract: str, data: dict[str, Any]) -> None:
    own, shared = data[extract], data["shared"]
    for column in dict.fromkeys((*own, *shared)):
        if column in shared and column not in extracts()[extract].column_names:
            continue
        for rank, name in enumerate((*own.get(column, ()), *shared.get(column, ()))):
            _spell(read, name)
            _add(read.named, name, Meaning((extract, column), rank))
    plain = read.plain.setdefault(extract, {})
    for column, names in data["plain"].get(extract, {}).items():
        for rank, name in enumerate(names):
            _add(plain, name, Meaning((extract, column), rank))


def _spell(read: Vocabulary, name: str) -> None:
    read.spelt.setdefault(key(name), name)
    read.spellings.append(name)


def _add(names: dict[str, list[Meaning]], name: str, meaning: Meaning) -> None:
    meanings = names.setdefault(key(name), [])
    if all(other.target != meaning.target for other in meanings):
        meanings.append(meaning)


def _read_doubts(read: Vocabulary, data: dict[str, Any]) -> None:
    for number, table in enumerate(data["ambiguous"]):
        doubt = Doubt(
            targets_of(table["meanings"]),
            table["question"],
            targets_of(table.get("guess", ())),
            frozenset(map(key, table.get("unless", ()))),
            is_settled_by_unit=table.get("is_settled_by_unit", True),
        )
        ranked = enumerate(table["names"], number * RANKS)
        read.doubts.update({key(name): replace(doubt, rank=rank) for rank, name in ranked})
        for name in table["names"]:
            _spell(read, name)
    for table in data["set_aside"]:
        aside = Aside(targets_of(table["could_be"]), table["because"], table.get("question"), table.get("kind", ""))
        read.asides.update({key(name): aside for name in table["names"]})
        for name in table["names"]:
            _spell(read, name)


def targets_of(names: Iterable[str]) -> tuple[Target, ...]:
    """Names such as `order_lines.quantity` as extract and logical column."""
    return tuple((name.partition(".")[0], name.partition(".")[2]) for name in names)
