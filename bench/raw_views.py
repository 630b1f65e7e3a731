"""The pages' slowest questions without marts: the same SQL on views, which work everything out from the extracts each time."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping
from pathlib import Path

import duckdb

from bench.asking import Asked, Question
from bench.figures import Row, figure, say, timed
from sop import kept_lines, loading, projecting, queries
from sop.connecting import literal
from sop.snapshots import Home

PATIENCE = 60
"""Seconds after which a question is stopped."""
KEPT_IN_THE_LEDGER = "extracts.order_lines"
"""What a snapshot has as a view on a mart, so that it is copied: these views are to stand on the extracts alone."""


def measure(home: Home, pages: Asked, taken: Mapping[str, float]) -> list[Row]:
    """The slowest question of each page against itself on views, and of all of them; `taken` is seconds on marts, by name."""
    slowest = {
        page: max((one for one in questions if not one.is_about_the_log), key=lambda one: taken[one.name])
        for page, questions in pages.items()
    }
    rows, shares = [], {}
    with (
        tempfile.TemporaryDirectory(prefix="sop-bench-") as folder,
        contextlib.closing(on_views(home, Path(folder))) as views,
    ):
        for page, question in slowest.items():
            say(f"{question.name} on views of the extracts")
            seconds, note = _asked(views, question)
            share = taken[question.name] / seconds if seconds else None
            shares[question.name] = (share, note)
            rows.append(
                figure(f"{page}: its slowest query / the same on views", share, "×", note=f"{question.name}{note}")
            )
    name = max(shares, key=lambda one: taken[one])
    share, note = shares[name]
    hold = 1 / 30
    rows.append(
        figure("slowest query of all / the same on views", share, "×", hold, at_scale=True, note=f"{name}{note}")
    )
    return rows


def _asked(views: duckdb.DuckDBPyConnection, question: Question) -> tuple[float | None, str]:
    try:
        return timed(lambda: queries.frame(views, question.name, **question.given)), ""
    except duckdb.InterruptException:
        return float(PATIENCE), f", stopped after {PATIENCE} s"
    except duckdb.Error as trouble:
        return None, f", {str(trouble).splitlines()[0]}"


def on_views(home: Home, folder: Path) -> duckdb.DuckDBPyConnection:
    """A database in which every mart is a view on the snapshot's extracts; those that Python makes are made of these."""
    connection = duckdb.connect(config={"memory_limit": "8GB", "temp_directory": str(folder)})
    connection.execute(f"attach {literal(str(home.file(home.live() or '')))} as kept (read_only)")
    for schema in ("extracts", "marts", "previous"):
        connection.execute(f"create schema {schema}")
    known = connection.execute(
        "select distinct schema_name, table_name from duckdb_columns()"
        " where database_name = 'kept' and schema_name in ('main', 'extracts')"
    )
    for schema, table in known.fetchall():
        kind = "table" if f"{schema}.{table}" == KEPT_IN_THE_LEDGER else "view"
        connection.execute(f"create {kind} {schema}.{table} as select * from kept.{schema}.{table}")
    loading.attach_previous(connection, None)
    for mart in queries.in_build_order():
        if projecting.is_made_here(mart):
            projecting.make(connection, mart, connection.cursor().sql(mart.sql).to_arrow_table())
        else:
            number = ", 0 as rowid" if mart.table == kept_lines.LEDGER else ""  # a view has none of its own
            connection.execute(f"create view {mart.table} as select *{number} from ({mart.sql})")
    connection.execute(f"set global max_execution_time = {PATIENCE * 1000}")
    return connection
