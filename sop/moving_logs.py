"""The decision log from one database to another, row by row, with its numbers and hashes: into a backup and out of it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import sqlalchemy as sql

from sop import migrating
from sop.decisions import FILE_NAME, ONE_WRITER, Log
from sop.errors import BackupError
from sop.log_tables import TABLES

MANY = 1_000
"""Rows at a time."""


def copy_to_file(log: Log, file: Path) -> bool:
    """Copy a log as it stands at one moment to a new SQLite file, while others write; False where there is none.

    A file is copied by SQLite itself, whatever its version; another database by its rows.
    """
    if log.is_file:
        source = log.folder / FILE_NAME
        if not source.exists():
            return False
        with (
            contextlib.closing(sqlite3.connect(f"file:{_quoted(source)}?mode=ro", uri=True, timeout=10)) as original,
            contextlib.closing(sqlite3.connect(file)) as copy,
        ):
            original.backup(copy)
            copy.execute("pragma journal_mode = delete")
        return True
    with log.reading() as connection:
        if connection is None:
            return False
        if migrating.version_of(connection) != migrating.VERSION:
            raise BackupError(
                "The decision log is of an earlier version. Write one entry with this version first, or use pg_dump;"
                " no backup was made."
            )
        connection.execute(sql.select(sql.func.pg_advisory_xact_lock(ONE_WRITER)))  # nobody writes between two tables
        target = sql.create_engine(f"sqlite:///{file}")
        with target.connect() as copy_connection:
            migrating.migrate(copy_connection)
            _copy_rows(connection, copy_connection)
            copy_connection.commit()
        target.dispose()
    return True


def copy_from_file(file: Path, log: Log) -> None:
    """Copy the log of a backup into a database that has none. Raises BackupError where it has one, or it is older."""
    source = sql.create_engine(f"sqlite:///{file}")
    target = sql.create_engine(log.url)
    try:
        with source.connect() as original, target.begin() as connection:
            if migrating.version_of(connection):
                raise BackupError(
                    "The database of the decision log has a log already. Name an empty one (decision_log_url), or restore it by"
                    " its own tools; nothing was restored."
                )
            if connection.dialect.name == "postgresql":
                connection.execute(sql.select(sql.func.pg_advisory_xact_lock(ONE_WRITER)))
            if migrating.version_of(original) != migrating.VERSION:
                migrating.migrate(original)
                original.commit()
            migrating.migrate(connection)
            _copy_rows(original, connection)
            _count_on(connection)
    except sql.exc.SQLAlchemyError as trouble:
        cause = str(getattr(trouble, "orig", None) or trouble).splitlines()[0]
        raise BackupError(f"The decision log cannot be restored ({cause}). Nothing was restored.") from trouble
    finally:
        source.dispose()
        target.dispose()


def _copy_rows(original: sql.Connection, copy: sql.Connection) -> None:
    for table in TABLES.sorted_tables:
        asked = sql.select(table).order_by(*table.primary_key.columns)
        for rows in original.execute(asked, execution_options={"yield_per": MANY}).mappings().partitions(MANY):
            copy.execute(sql.insert(table), [dict(row) for row in rows])


def _count_on(connection: sql.Connection) -> None:
    """Let PostgreSQL number the next row of each table after the last one copied."""
    if connection.dialect.name != "postgresql":
        return
    for table in TABLES.sorted_tables:
        if "id" in table.c and table.name != "audit":
            newest = connection.execute(sql.select(sql.func.max(table.c.id))).scalar_one()
            if newest is not None:
                connection.execute(sql.select(sql.func.setval(f"{table.name}_id_seq", newest)))


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
