"""Two snapshots side by side: which one another is compared with unless said, and a connection that answers of both."""

from __future__ import annotations

from pathlib import Path

import duckdb

from sop import connecting, queries, sample_company
from sop.errors import SnapshotError
from sop.snapshots import Home, Manifest

SIDES = ("before", "after")
"""The names by which the two snapshots are attached, as the files of queries/compared write them."""
NEWER = ("compared/at_risk",)
"""What is left out where a snapshot of an earlier version of the app has no table for it."""


def earlier(home: Home, snapshot: str) -> str | None:
    """The snapshot that one is compared with unless said: the newest of an earlier month, else the one made before it.

    None where it is the first.
    """
    month = home.manifest(snapshot).as_of[:7]
    others = [manifest for manifest in of_the_same_company(home, snapshot) if manifest.id != snapshot]
    of_earlier_months = [manifest for manifest in others if manifest.as_of[:7] < month]
    if of_earlier_months:
        return max(of_earlier_months, key=lambda manifest: (manifest.as_of, manifest.id)).id
    return max((manifest.id for manifest in others if manifest.id < snapshot), default=None)


def of_the_same_company(home: Home, snapshot: str) -> list[Manifest]:
    """The snapshots that one can be compared with, and itself: those of the sample company, or those of one's own."""
    kind = sample_company.is_sample(home.manifest(snapshot))
    return [manifest for manifest in home.history() if sample_company.is_sample(manifest) == kind]


def connect(home: Home, before: str, after: str) -> duckdb.DuckDBPyConnection:
    """A connection that holds what differs between two snapshots: queries/compared, built in memory from both.

    The table compared.parts tells what is left out because a snapshot has nothing of it. Raises SnapshotError where a
    snapshot cannot be opened, or was made by a version of the app that it cannot be compared over.
    """
    try:
        return between(home.file(before), home.file(after))
    except duckdb.IOException as trouble:
        first = str(trouble).splitlines()[0]
        raise SnapshotError(
            f"Snapshots {before} and {after} cannot be opened together ({first}). Choose another one."
        ) from None
    except duckdb.Error as trouble:
        first = str(trouble).splitlines()[0]
        raise SnapshotError(
            f"Snapshots {before} and {after} cannot be compared: one of them was made by another version of the app"
            f" ({first}). Choose another one."
        ) from None


def between(before: Path, after: Path) -> duckdb.DuckDBPyConnection:
    """The same for the files of two snapshots. Raises what DuckDB raises."""
    connection = connecting.beside_each_other(dict(zip(SIDES, (before, after), strict=True)))
    try:
        _build(connection)
        connecting.shut_in(connection)
    except duckdb.Error:
        connection.close()
        raise
    return connection


def _build(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema compared")
    known = connection.execute("select database_name, schema_name, table_name from duckdb_tables()").fetchall()
    held = {".".join(names) for names in known}
    for step in queries.in_build_order("compared"):
        needed = {table for table in step.reads if table.startswith(SIDES)}
        if step.name not in NEWER or needed <= held:
            connection.execute(f"create table {step.name.replace('/', '.')} as {step.sql}")


def connect_for(home: Home, query: queries.Query, snapshot: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open whatever a query asks: one snapshot (the live one unless said), or that one beside the one before it."""
    if not query.is_about_two:
        return home.open(snapshot)
    after = snapshot or home.live()
    before = earlier(home, after) if after else None
    if not after or not before:
        raise SnapshotError(f"{query.name} compares two snapshots, and there is no earlier one yet.")
    return connect(home, before, after)
