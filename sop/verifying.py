"""Whether the audit trail is whole: its numbers, its chain of hashes, and the content of every row of the log.

It is found: an entry or a row that was changed, taken out, put in or put in another place. It is not found from within: a log
that somebody who may write its file has written anew from some entry on, with all hashes after it, or whose end was cut off.
A seal that was kept elsewhere finds that; the record of what was published keeps some, and `anchors` brings others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql

from sop import audit, record
from sop.decisions import Log
from sop.log_tables import AUDIT, TABLES

Ranges = dict[str, list[tuple[int, int, str, int]]]
"""For each table what its entries cover: first key, last key, hash of the rows, number of the entry."""


@dataclass(frozen=True)
class Verified:
    """What was found: how many entries, the newest one's seal, and what is wrong with them, each in a sentence."""

    count: int
    seal: str | None
    broken: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """True where nothing was found to be wrong."""
        return not self.broken

    def in_words(self) -> str:
        """One sentence: whether the trail is whole, or the first thing that is wrong with it."""
        if self.is_whole:
            return f"The audit trail is whole: {self.count:,} entries, the newest {self.seal or 'none'}."
        more = f" ({len(self.broken)} things in all)" if len(self.broken) > 1 else ""
        return f"The audit trail is broken{more}: {self.broken[0]}"


def verify(log: Log, anchors: Sequence[str] = (), *, rows: bool = True) -> Verified:
    """Hold the trail against itself, against the seals of the record and those given and, with `rows`, against every row.

    Raises LogError where the log cannot be read.
    """
    with log.reading() as connection:
        if connection is None or not sql.inspect(connection).has_table(AUDIT.name):
            lacking = [_of_anchor(anchor, {}) for anchor in [*_kept_by_the_record(log), *anchors]]
            return Verified(0, None, tuple(said for said in lacking if said))
        broken, hashes, covered = _chain(connection)
        if rows:
            for table in audit.covered_tables():
                broken += _content(connection, table, covered.get(table.name, []))
            broken += _unknown_tables(covered)
    broken += [said for anchor in [*_kept_by_the_record(log), *anchors] if (said := _of_anchor(anchor, hashes))]
    newest = max(hashes, default=0)
    return Verified(len(hashes), f"{newest}:{hashes[newest]}" if newest else None, tuple(broken))


def _chain(connection: sql.Connection) -> tuple[list[str], dict[int, str], Ranges]:
    """What is wrong with numbers and hashes; the hash of each entry; and what they cover."""
    broken: list[str] = []
    hashes: dict[int, str] = {}
    covered: Ranges = {}
    before, expected = audit.BEFORE_THE_FIRST, 1
    for row in _rows(connection, AUDIT):
        if isinstance(row, str):
            broken.append(f"an entry after number {expected - 1} cannot be read ({row}).")
            continue
        number = row["id"]
        if number != expected:
            broken.append(f"entry {expected} is missing; number {number} comes after {expected - 1}.")
        if row["previous"] != before:
            broken.append(f"entry {number} does not follow on the entry before it.")
        if audit.hash_of(row) != row["hash"]:
            broken.append(f"entry {number} was changed: its hash is not that of its content.")
        before, expected = row["hash"], number + 1
        hashes[number] = row["hash"]
        try:
            for table, (first, last, digest) in json.loads(row["covers"]).items():
                covered.setdefault(table, []).append((int(first), int(last), str(digest), number))
        except (ValueError, TypeError, AttributeError):
            broken.append(f"entry {number} does not say what it covers.")
    return broken, hashes, covered


def _content(connection: sql.Connection, table: sql.Table, ranges: list[tuple[int, int, str, int]]) -> Iterator[str]:
    """What is wrong with the rows of a table: changed, taken out, or put in where no entry covers them."""
    if not sql.inspect(connection).has_table(table.name):
        if ranges:
            yield f"the table {table.name} is missing."
        return
    expected = 1
    for first, last, digest, number in ranges:
        if first != expected or last < first:
            yield f"entry {number} does not cover {table.name} from {expected} on."
        expected = last + 1
        try:
            found, _ = audit.hash_of_rows(audit.rows_between(connection, table, first, last))
        except (ValueError, TypeError) as trouble:
            found = str(trouble)
        if found != digest:
            which = f"{first}" if first == last else f"{first} to {last}"
            yield f"what entry {number} covers was changed: {table.name} {which}."
    key = audit.key_of(table)
    outside = connection.scalars(sql.select(key).where(sql.or_(key < 1, key >= expected)).order_by(key).limit(1)).all()
    for row in outside:
        yield f"no entry covers {table.name} {row}."


def _unknown_tables(covered: Ranges) -> list[str]:
    return [f"the entries cover a table {name}, which is unknown." for name in covered if name not in TABLES.tables]


def _rows(connection: sql.Connection, table: sql.Table) -> Iterator[dict[str, Any] | str]:
    """Each row, or why it cannot be read."""
    numbers = connection.scalars(sql.select(table.c.id).order_by(table.c.id)).all()
    try:
        for row in connection.execute(sql.select(table).order_by(table.c.id)).mappings().all():
            yield dict(row)
    except (ValueError, TypeError) as trouble:
        yield f"one of {len(numbers)}: {trouble}"


def _kept_by_the_record(log: Log) -> list[str]:
    return [line.audit for _, line in record.numbered(log.folder) if line.audit]


def _of_anchor(anchor: str, hashes: dict[int, str]) -> str | None:
    """What is wrong where an entry is not the one whose seal was kept."""
    number, _, digest = anchor.partition(":")
    if not number.strip().isdigit() or not digest.strip():
        return f"{anchor[:80]!r} is no seal of an entry; write it as it was printed, number:hash."
    found = hashes.get(int(number))
    if found is None:
        return f"entry {int(number)}, whose seal was kept elsewhere, is missing."
    return (
        None
        if found.startswith(digest.strip()) and len(digest.strip()) >= 16
        else (f"entry {int(number)} is not the one whose seal was kept elsewhere.")
    )
