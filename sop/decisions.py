"""The decision log: what people write, kept for ever. A correction is a new entry; nothing is changed or deleted.

By default an SQLite file in the home folder, in WAL mode with full synchronisation: an entry that was acknowledged
survives the process being killed and the power being cut. Nothing is created by reading.
"""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from sop import access, audit, migrating, settings
from sop.access import Act, Person
from sop.errors import AccessError, LogError
from sop.log_tables import AUDIT, CLOSINGS, DECISIONS, MAPPINGS, SCENARIOS

FILE_NAME = "decisions.sqlite"

PATIENCE = 10
"""Seconds to wait for another writer."""

ONE_WRITER = 20_261_031
"""PostgreSQL's name for the lock of whoever writes: entries are numbered in the order in which they are acknowledged."""


@dataclass(frozen=True)
class SavedMapping:
    """How a kind of file is read, as somebody confirmed it; `replaces` is the entry that it corrects."""

    id: int
    saved_at: datetime.datetime
    saved_by: str
    fingerprint: str
    file_name: str
    mapping: Mapping[str, Any]
    replaces: int | None


class Log:
    """The log of a home folder, or the one at a database URL. Connections are short; threads and processes may share it."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.folder = folder
        url = url or settings.decision_log_url(folder)
        self.url = url or f"sqlite:///{folder / FILE_NAME}"
        self.is_file = url is None

    def save_mapping(self, *, fingerprint: str, file_name: str, mapping: Mapping[str, Any], by: str) -> SavedMapping:
        """Add a confirmed mapping; where the newest for that header is the same, nothing is added.

        Raises LogError where it cannot be written.
        """
        text, by = json.dumps(mapping, ensure_ascii=False, sort_keys=True), access.named(by)
        with self.writing(Act.SAVE_MAPPING) as connection:
            newest = _newest(connection, fingerprint)
            if newest is not None and newest.mapping == json.loads(text):
                return newest
            connection.execute(
                sql.insert(MAPPINGS).values(
                    saved_at=datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0),
                    saved_by=by,
                    fingerprint=fingerprint,
                    file_name=file_name,
                    mapping=text,
                    replaces=newest.id if newest else None,
                )
            )
            saved = _newest(connection, fingerprint)
            if saved is None:
                raise LogError("The decision log did not keep the mapping. Nothing else was changed.")
            audit.about(connection, f"mapping {saved.id} of {file_name}", by=by)
        return saved

    def mapping_for(self, fingerprint: str) -> SavedMapping | None:
        """The newest mapping confirmed for a header. Raises LogError where the log cannot be read."""
        with self.reading() as connection:
            return _newest(connection, fingerprint) if connection is not None else None

    def mappings(self) -> tuple[SavedMapping, ...]:
        """Every mapping ever confirmed, oldest first."""
        with self.reading() as connection:
            if connection is None:
                return ()
            return tuple(_saved(row) for row in connection.execute(sql.select(MAPPINGS).order_by(MAPPINGS.c.id)))

    def snapshots_named(self) -> set[str]:
        """The snapshots on which a decision, a scenario or a closing stands. Raises LogError where the log cannot be read."""
        with self.reading() as connection:
            if connection is None:
                return set()
            there = [
                table for table in (DECISIONS, SCENARIOS, CLOSINGS) if sql.inspect(connection).has_table(table.name)
            ]
            return {name for table in there for name in connection.scalars(sql.select(table.c.snapshot_id))}

    @contextmanager
    def reading(self) -> Iterator[sql.Connection | None]:
        """A connection for reading; None where nothing was ever written."""
        if self.is_file and not (self.folder / FILE_NAME).exists():
            yield None
            return
        with self._plainly("read"), _engine_of(self.url, self.is_file).connect() as connection:
            if not sql.inspect(connection).has_table(MAPPINGS.name):
                yield None
                return
            self._check_version(connection)
            yield connection

    @contextmanager
    def writing(self, act: Act) -> Iterator[sql.Connection]:
        """One transaction, which has the log to itself from its beginning; at its end it is on the disk and was read back.

        The entry of the audit trail is written in it; `audit.about` says what it is about.
        Raises AccessError, and writes nothing else, where whoever acts may not do this.
        """
        person = self.require(act)
        with self._transaction(person) as connection:
            before = audit.standing(connection)
            yield connection
            audit.enter(connection, person, act, before)

    def require(self, act: Act) -> Person:
        """Whoever acts, where they may do this. Raises AccessError where they may not, which the audit trail keeps."""
        try:
            return access.require(act)
        except AccessError:
            self._note_refusal(act)
            raise

    def _note_refusal(self, act: Act) -> None:
        """Write down that somebody was refused, where there is a log and it can be written."""
        if self.is_file and not (self.folder / FILE_NAME).exists():
            return
        try:
            person = access.acting()
        except AccessError:
            person = access.NOBODY
        with suppress(LogError), self._transaction(person) as connection:
            audit.enter_refusal(connection, person, act)

    @contextmanager
    def _transaction(self, person: Person) -> Iterator[sql.Connection]:
        """One transaction of a log of this version, acknowledged when another connection has seen what it wrote."""
        with self._plainly("written"):
            self.folder.mkdir(parents=True, exist_ok=True)
            engine = _engine_of(self.url, self.is_file)
            with engine.connect() as connection:
                if self.is_file:
                    connection.exec_driver_sql("begin immediate")
                elif connection.dialect.name == "postgresql":
                    connection.execute(sql.select(sql.func.pg_advisory_xact_lock(ONE_WRITER)))
                self._check_version(connection)
                migrating.migrate(connection)
                audit.begin(connection, person)
                yield connection
                last = audit.newest(connection)
                with self._or_unknown():
                    connection.commit()
                    with engine.connect() as another:
                        seen = another.scalar(sql.select(AUDIT.c.hash).where(AUDIT.c.id == (last.id if last else 0)))
                    if last is None or seen != last.hash:
                        raise ValueError("another connection does not see it")

    @contextmanager
    def _or_unknown(self) -> Iterator[None]:
        """From here on trouble does not mean that nothing was written."""
        try:
            yield
        except (sql.exc.SQLAlchemyError, OSError, ValueError) as trouble:
            cause = str(getattr(trouble, "orig", None) or trouble).splitlines()[0]
            raise LogError(
                f"It is not known whether this was written ({cause}). Look whether it is there before you do it again."
            ) from trouble

    def _check_version(self, connection: sql.Connection) -> None:
        if migrating.version_of(connection) > migrating.VERSION:
            name = FILE_NAME if self.is_file else "The decision log"
            raise LogError(
                f"{name} was written by a later version of the app. Update the app; the log is left as it is."
            )

    @contextmanager
    def _plainly(self, what: str) -> Iterator[None]:
        """Every trouble of the database as one plain sentence."""
        try:
            yield
        except (sql.exc.SQLAlchemyError, ImportError, OSError, ValueError) as trouble:
            cause = str(getattr(trouble, "orig", None) or trouble).splitlines()[0]
            place = self.folder / FILE_NAME if self.is_file else "the decision log"
            raise LogError(
                f"{place} cannot be {what} ({cause}). What was published stays; mend the file or restore it from a backup."
            ) from trouble


@functools.lru_cache(maxsize=64)
def _engine_of(url: str, is_file: bool) -> sql.Engine:
    """One engine for each log, which holds no connection open: a new one would make each statement out of its question anew."""
    if not is_file:
        return sql.create_engine(url, poolclass=sql.NullPool)
    connecting = {"timeout": PATIENCE, "isolation_level": None}
    engine = sql.create_engine(url, poolclass=sql.NullPool, connect_args=connecting)
    sql.event.listen(engine, "connect", _made_safe)
    return engine


def _made_safe(connection: Any, record: object) -> None:
    """An acknowledged entry is on the disk: write-ahead log, synchronised at each commit."""
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode = wal")
    cursor.execute("pragma synchronous = full")
    cursor.execute("pragma foreign_keys = on")
    cursor.close()


def _newest(connection: sql.Connection, fingerprint: str) -> SavedMapping | None:
    asked = sql.select(MAPPINGS).where(MAPPINGS.c.fingerprint == fingerprint).order_by(MAPPINGS.c.id.desc()).limit(1)
    row = connection.execute(asked).first()
    return None if row is None else _saved(row)


def _saved(row: Any) -> SavedMapping:
    return SavedMapping(
        row.id, row.saved_at, row.saved_by, row.fingerprint, row.file_name, json.loads(row.mapping), row.replaces
    )
