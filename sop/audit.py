"""The audit trail: who did what, and when; one entry per act in the decision log, each with the hash of the one before.

An entry is written in the transaction of its act. It covers the rows that the act wrote: for each table the first and the
last key, and a hash of their content. So a row changed below the database's own refusals is found (verifying.py), and so is
an entry. What is not found from within: whoever may write the file can write the whole of it anew. Hence the newest entry's
number and hash, its seal, are also kept outside the log: in the record of what was published, in backups, and on paper.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from sop import access
from sop.access import Act, Person
from sop.log_tables import AUDIT, TABLES

if TYPE_CHECKING:
    from sop.decisions import Log

BEFORE_THE_FIRST = "0" * 64
"""What stands for the hash of the entry before the first one."""

MOST_ABOUT = 1_000
"""Signs of what an entry is about."""

SAME_REFUSAL = datetime.timedelta(minutes=1)
"""How long the same refusal of the same person is not written again: nobody fills the log by knocking."""

_ABOUT, _IN_THE_NAME_OF = "audit about", "audit in the name of"
"""Keys of a connection's notes."""

Standing = Mapping[str, int]
"""The newest key of each table of the log."""


@dataclass(frozen=True)
class Entry:
    """One entry of the audit trail. `covers`: {table: (first key, last key, hash of the rows between them)}."""

    id: int
    entered_at: datetime.datetime
    name: str
    email: str | None
    role: str
    act: str
    about: str
    covers: Mapping[str, tuple[int, int, str]]
    previous: str
    hash: str

    @property
    def seal(self) -> str:
        """Its number and hash: what to keep elsewhere, to be held against the log later."""
        return f"{self.id}:{self.hash}"


def about(connection: sql.Connection, what: str, *, by: str | None = None) -> None:
    """Say what the act of this transaction is about, and in whose name it is done where that was typed.

    Identifiers and names of files and settings, never what stands in them.
    """
    connection.info[_ABOUT] = what
    connection.info[_IN_THE_NAME_OF] = by


def record(log: Log, act: Act, what: str) -> None:
    """Write down an act that writes nothing else to the log. Raises AccessError or LogError where it cannot be."""
    with log.writing(act) as connection:
        about(connection, what)


def standing(connection: sql.Connection) -> Standing:
    """The newest key of each table, before an act; 0 for one that is empty."""
    asked = [sql.select(sql.func.coalesce(sql.func.max(key_of(table)), 0)) for table in covered_tables()]
    newest = connection.scalars(sql.union_all(*(sql.select(one.scalar_subquery()) for one in asked))).all()
    return dict(zip((table.name for table in covered_tables()), newest, strict=True))


def covered_tables() -> list[sql.Table]:
    """Every table of the log but the audit trail itself."""
    return [table for table in TABLES.sorted_tables if table is not AUDIT]


def key_of(table: sql.Table) -> sql.Column[int]:
    """The number by which a table's rows are counted: its own, or that of the decision to which they belong."""
    found: sql.Column[int] = table.c["id" if "id" in table.c else "decision_id"]
    return found


def begin(connection: sql.Connection, person: Person) -> None:
    """Write the first entry, which covers everything that an earlier version of the app wrote. Nothing where there is one."""
    if newest(connection) is not None:
        return
    covers = _written_since(connection, dict.fromkeys((table.name for table in covered_tables()), 0))
    rows = ", ".join(f"{name} to {last}" for name, (_, last, _) in covers.items())
    _append(connection, person, Act.BEGIN_AUDIT.words, f"what was there before: {rows}" if rows else "", covers)


def enter(connection: sql.Connection, person: Person, act: Act, before: Standing) -> Entry | None:
    """Write the entry of an act, at its end; None where it wrote nothing and is about nothing."""
    covers = _written_since(connection, before)
    what: str | None = connection.info.pop(_ABOUT, None)
    by: str | None = connection.info.pop(_IN_THE_NAME_OF, None)
    if what is None and not covers:
        return None
    if what is None:
        what = ", ".join(f"{name} {last}" for name, (_, last, _) in covers.items())
    if by and by.strip() != person.name:
        what += f", in the name of {by.strip()}"
    return _append(connection, person, act.words, what, covers)


def enter_refusal(connection: sql.Connection, person: Person, act: Act) -> Entry | None:
    """Write that somebody was refused; None where the same was written a moment ago."""
    what = f"who would have {act.words}"
    asked = sql.select(sql.func.max(AUDIT.c.entered_at)).where(
        AUDIT.c.name == person.name, AUDIT.c.act == Act.BE_REFUSED.words, AUDIT.c.about == what
    )
    last = connection.execute(asked).scalar_one()
    if last is not None and _now() - last < SAME_REFUSAL:
        return None
    return _append(connection, person, Act.BE_REFUSED.words, what, {})


def enter_later(connection: sql.Connection, name: str, act: Act, what: str) -> Entry:
    """Write an act that was done while the log could not be written, by whom its record names."""
    return _append(
        connection, Person(name, access.Role.VIEWER), act.words, f"{what}, entered later", {}, role="not known"
    )


def newest(connection: sql.Connection) -> Entry | None:
    """The newest entry; None before the first."""
    row = connection.execute(sql.select(AUDIT).order_by(AUDIT.c.id.desc()).limit(1)).first()
    return None if row is None else read_entry(row)


def entries(log: Log) -> tuple[Entry, ...]:
    """Every entry, the oldest first. Raises LogError where the log cannot be read."""
    with log.reading() as connection:
        if connection is None or not sql.inspect(connection).has_table(AUDIT.name):
            return ()
        return tuple(read_entry(row) for row in connection.execute(sql.select(AUDIT).order_by(AUDIT.c.id)))


def seal(log: Log) -> str | None:
    """The newest entry's number and hash; None before the first. Raises LogError where the log cannot be read."""
    with log.reading() as connection:
        if connection is None or not sql.inspect(connection).has_table(AUDIT.name):
            return None
        found = newest(connection)
    return found.seal if found else None


def read_entry(row: Any) -> Entry:
    """An entry as its row has it. Raises ValueError for one that nobody wrote so."""
    covers = {
        str(table): (int(first), int(last), str(hash)) for table, (first, last, hash) in json.loads(row.covers).items()
    }
    return Entry(
        row.id, row.entered_at, row.name, row.email, row.role, row.act, row.about, covers, row.previous, row.hash
    )


def hash_of(row: Mapping[str, Any]) -> str:
    """The SHA-256 of an entry: over the canonical text of all its columns but the hash itself, `previous` among them."""
    return hashlib.sha256(canonical({name: value for name, value in row.items() if name != "hash"})).hexdigest()


def hash_of_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[str, int]:
    """The SHA-256 over the canonical texts of rows in their order, and how many they are."""
    digest, count = hashlib.sha256(), 0
    for row in rows:
        digest.update(canonical(row) + b"\n")
        count += 1
    return digest.hexdigest(), count


def canonical(row: Mapping[str, Any]) -> bytes:
    """A row as one text that is the same in every database: JSON, keys in order, days and times in ISO form.

    Missing values are left out, so that a column that a later version adds changes nothing about the rows before it.
    """
    there = {name: value for name, value in row.items() if value is not None}
    return json.dumps(there, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_iso).encode()


def rows_between(connection: sql.Connection, table: sql.Table, first: int, last: int) -> Iterable[Mapping[str, Any]]:
    """The rows of a table from one key to another, in the order of their keys."""
    key = key_of(table)
    asked = sql.select(table).where(key >= first, key <= last).order_by(*table.primary_key.columns)
    return map(dict, connection.execute(asked, execution_options={"yield_per": 1_000}).mappings())


def _written_since(connection: sql.Connection, before: Standing) -> dict[str, tuple[int, int, str]]:
    after = standing(connection)
    covers = {}
    for table in covered_tables():
        first, last = before[table.name] + 1, after[table.name]
        if last >= first:
            covers[table.name] = (first, last, hash_of_rows(rows_between(connection, table, first, last))[0])
    return covers


def _append(
    connection: sql.Connection, person: Person, act: str, what: str, covers: Mapping[str, tuple[int, int, str]],
    role: str | None = None,
) -> Entry:  # fmt: skip
    before = newest(connection)
    row = {
        "id": before.id + 1 if before else 1,
        "entered_at": _now(),
        "name": person.name,
        "email": person.email,
        "role": role or person.role.name.lower(),
        "act": act,
        "about": what[:MOST_ABOUT],
        "covers": json.dumps(covers, sort_keys=True),
        "previous": before.hash if before else BEFORE_THE_FIRST,
    }
    connection.execute(sql.insert(AUDIT).values(**row, hash=hash_of(row)))
    found = newest(connection)
    assert found is not None, "what was just written is there"
    return found


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)


def _iso(value: Any) -> str:
    return str(value.isoformat())
