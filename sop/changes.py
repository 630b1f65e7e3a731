"""What a snapshot in the making changes against the live one: rows, headline, the largest movements, and what looks wrong."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from sop import queries
from sop.extracts.contract import Extract, extracts


@dataclass(frozen=True)
class Changes:
    """Against the live snapshot."""

    rows: tuple[dict[str, Any], ...]
    """One per extract that the files brought: extract_name, before_count, after_count, added_count, changed_count, gone_count."""
    headline_before: dict[str, Any]
    headline_after: dict[str, Any]
    """The row of overview/headline, over all months."""
    movements: tuple[dict[str, Any], ...]
    """The rows of changes/movements."""
    alarms: tuple[str, ...]
    """What a person must read before publishing, in whole sentences."""


def compare(
    connection: duckdb.DuckDBPyConnection,
    live: duckdb.DuckDBPyConnection,
    brought: Sequence[str],
    before: Sequence[dict[str, Any]],
    files: dict[str, str],
) -> Changes:
    """Compare the snapshot being built in `connection` with the live one, which is attached to it as `live`.

    `live` is a connection of the live snapshot's own; `brought`: the extracts that came with the files; `before`: the
    live snapshot's sources; `files`: {sha256: file name}.
    """
    rows = tuple(_rows_of(connection, extracts()[name]) for name in brought)
    known, after = _headline(live), _headline(connection)
    movements = tuple(connection.sql(queries.find("changes/movements").sql).to_arrow_table().to_pylist())
    alarms = (*_truncated(rows), *_older(known, after), *_loaded_already(before, files))
    return Changes(rows, known, after, movements, alarms)


def _headline(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    [row] = queries.ask(connection, "overview/headline").to_arrow_table().to_pylist()
    return dict(row)


def _rows_of(connection: duckdb.DuckDBPyConnection, extract: Extract) -> dict[str, Any]:
    """Rows of one extract added, changed and gone. A row without a key of its own is added or gone, never changed."""
    key = extract.key or extract.column_names
    keys = ", ".join(key)
    whole = f"hash({', '.join(extract.column_names)})"
    side = "select hash({keys}) as key_hash, sum({whole}) as row_hash, count(*) as row_count from {table} group by key_hash"
    before = side.format(keys=keys, whole=whole, table=f"live.extracts.{extract.name}")
    after = side.format(keys=keys, whole=whole, table=f"extracts.{extract.name}")
    row = connection.execute(
        "select cast(coalesce(sum(before.row_count), 0) as bigint), cast(coalesce(sum(after.row_count), 0) as bigint),"
        " cast(coalesce(sum(greatest(coalesce(after.row_count, 0) - coalesce(before.row_count, 0), 0)), 0) as bigint),"
        " count(*) filter (where before.row_count = after.row_count and before.row_hash <> after.row_hash),"
        " cast(coalesce(sum(greatest(coalesce(before.row_count, 0) - coalesce(after.row_count, 0), 0)), 0) as bigint)"
        f" from ({before}) as before full join ({after}) as after on before.key_hash = after.key_hash"
    ).fetchall()[0]
    names = ("before_count", "after_count", "added_count", "changed_count", "gone_count")
    return {"extract_name": extract.name, **dict(zip(names, row, strict=True))}


def _truncated(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"{row['extract_name']}: {row['gone_count']:,} of {row['before_count']:,} rows are gone. The file looks truncated."
        for row in rows
        if row["gone_count"] * 2 > row["before_count"]
    ]


def _older(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    was, becomes = before["as_of_date"], after["as_of_date"]
    if isinstance(was, datetime.date) and isinstance(becomes, datetime.date) and becomes < was:
        return [f"These extracts speak for {becomes}; the live ones speak for {was}. They look like an older export."]
    return []


def _loaded_already(before: Sequence[dict[str, Any]], files: dict[str, str]) -> list[str]:
    known = {source["sha256"] for source in before}
    return [f"{name} is in the live snapshot already." for sha256, name in files.items() if sha256 in known]
