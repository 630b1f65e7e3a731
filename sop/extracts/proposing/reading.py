"""How a column's name is read: as a known one, one put together of known words, or one that is similar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from sop.extracts.mapping import ColumnSource
from sop.extracts.proposing.names import joined_words, key, reordered, words, written_out
from sop.extracts.proposing.vocabulary import SHORTEST, vocabulary

if TYPE_CHECKING:
    from sop.extracts.sniffing import SniffedColumn

EXACT, DECORATED, PLAIN_MASTER, ENDING, PLAIN, FUZZY, VALUES, DOUBTFUL = (
    0.95, 0.9, 0.85, 0.8, 0.72, 0.6, 0.55, 0.45,
)  # fmt: skip
"""How sure each way of recognising a column is."""

PER = re.compile(r"(?i)(?:\bper\b|\bje\b|\bpro\b|/)\s*(1[., ]?000|100|10)\b")
"""A price in a header such as 'Price per 100'."""

PATH = r"[/:>]|\s-\s|\.(?=\w)"
OF_ITS_OWNER = ("name", "id", "ref", "code", "number", "displayname")
"""Ends of a path that name what stands before them, as in `order_id/name`."""

LEAST_LIKENESS = 88


@dataclass(frozen=True)
class Reading:
    """A column of the file and the known name its header was recognised as; `name` is '' where it was not."""

    column: SniffedColumn
    name: str
    score: float
    why: str
    is_similar: bool = False


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
        (_before_in(name), DECORATED),
    ):
        if found:
            return Reading(column, found, score, says)
    found = (
        _unqualified(name)
        or _owner(name)
        or vocabulary().reordered.get(reordered(name, vocabulary().long))
        or next((one.reads_as for one in vocabulary().composed if one.matches(parts)), None)
    )
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
    """The known name before brackets such as `(Primary)`, unless what they say makes it another thing."""
    while name.rstrip().endswith(")") and "(" in name:
        name, _, qualifier = name.rstrip(") ").rpartition("(")
        if vocabulary().blockers.intersection(words(qualifier)):
            return ""
        known = vocabulary().written_out.get(written_out(name, vocabulary().long), "")
        if known:
            return known
    return ""


def _before_in(name: str) -> str:
    """The known name before `in` and a unit, as in `Order Quantity in Sales Units`."""
    before, found, behind = re.sub(r"\s+", " ", name).partition(" in ")
    is_unit = bool(found) and set(words(behind)) <= vocabulary().behind_in
    return vocabulary().written_out.get(written_out(before, vocabulary().long), "") if is_unit else ""


def _without_decorations(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The words without a unit or table name behind them."""
    kept = list(parts)
    while len(kept) > 1 and kept[-1] in vocabulary().decorations:
        kept.pop()
    return tuple(kept)


def _leaf(name: str) -> str:
    """The known name at the end of a path such as `Order Lines/Quantity` or `Deal - Stage`."""
    path = re.split(PATH, name)
    leaf = key(path[-1])
    is_blocked = any(vocabulary().blockers.intersection(words(part)) for part in path[:-1])
    if len(path) == 1 or len(leaf) < SHORTEST or is_blocked:
        return ""
    return (
        leaf if vocabulary().knows(leaf) else vocabulary().written_out.get(written_out(path[-1], vocabulary().long), "")
    )


def _owner(name: str) -> str:
    """The known name of what a path such as `order_id/name` names or numbers."""
    before, _, leaf = re.sub(PATH, "/", name).rpartition("/")
    return _leaf(f"/{before}") if key(leaf) in OF_ITS_OWNER else ""


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
                return Reading(
                    column, name, score, f"{column.name!r} is similar to {known.spelt[name]!r}", is_similar=True
                )
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
