"""Two snapshots side by side: which one another is compared with unless said, and a connection that answers of both."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from sop import access, connecting, limiting, queries, sample_company
from sop.errors import SnapshotError
from sop.snapshots import Home, Manifest

SIDES = ("before", "after")
"""The names by which the two snapshots are attached, as the files of queries/compared write them."""
NEWER = ("compared/at_risk",)
"""What is left out where a snapshot of an earlier version of the app has no table for it."""

PROJECTED = "marts.promises_ahead"


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


def connect(home: Home, before: str, after: str, customers: Collection[str] | None = None) -> duckdb.DuckDBPyConnection:
    """A connection that holds what differs between two snapshots: queries/compared, built in memory from both.

    With `customers` there are only these in either; without, whoever acts must be one who may see all. The table compared.parts
    tells what is left out because a snapshot has nothing of it. Raises SnapshotError where one cannot be opened, or was made
    by a version of the app that it cannot be compared over.
    """
    if customers is None:
        access.require_everyone()
    try:
        return between(home.file(before), home.file(after), customers=customers)
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


def between(before: Path, after: Path, *, customers: Collection[str] | None = None) -> duckdb.DuckDBPyConnection:
    """The same for the files of two snapshots. Raises what DuckDB raises."""
    files = dict(zip(SIDES, (before, after), strict=True))
    if customers is not None:
        files = {f"{limiting.SIDE_OF_WHOLE}_{side}": file for side, file in files.items()}
    connection = connecting.beside_each_other(files)
    try:
        for side in SIDES if customers is not None else ():
            connection.execute(f"attach ':memory:' as {side}")
            limiting.limit(connection, f"{limiting.SIDE_OF_WHOLE}_{side}", side, customers or ())
        _build(connection)
        connecting.shut_in(connection, files=connecting.lines_of([before, after]))
    except duckdb.Error:
        connection.close()
        raise
    return connection


def _build(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema compared")
    known = connection.execute(
        "select database_name, schema_name, table_name from duckdb_tables()"
        " union all select database_name, schema_name, view_name from duckdb_views()"
    ).fetchall()
    held = {".".join(names) for names in known}
    _count_projected(connection, held)
    for step in queries.in_build_order("compared"):
        needed = {table for table in step.reads if table.startswith(SIDES)}
        if step.name not in NEWER or needed <= held:
            connection.execute(f"create table {step.name.replace('/', '.')} as {step.sql}")


def _count_projected(connection: duckdb.DuckDBPyConnection, held: Collection[str]) -> None:
    """Make held.projections: how many promises each side projects, without a row for one that has no table or view of them."""
    connection.execute("create schema held")
    connection.execute("create table held.projections (side varchar, row_count bigint)")
    for side in SIDES:
        if f"{side}.{PROJECTED}" in held:
            connection.execute(f"insert into held.projections select '{side}', count(*) from {side}.{PROJECTED}")


def connect_for(home: Home, query: queries.Query, snapshot: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open whatever a query asks: one snapshot (the live one unless said), or that one beside the one before it."""
    if not query.is_about_two:
        return home.open(snapshot)
    after = snapshot or home.live()
    before = earlier(home, after) if after else None
    if not after or not before:
        raise SnapshotError(f"{query.name} compares two snapshots, and there is no earlier one yet.")
    return connect(home, before, after)
