"""What became of decisions: questions of queries/ that read the decision log beside a snapshot.

The log stands outside DuckDB. Its rows are handed to a cursor as Arrow tables, `logged_decisions` and so on; the files of
queries/followed say beside a snapshot what became of them, `followed_lines` and so on; a question reads both.
"""

from __future__ import annotations

import functools
import graphlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import sqlalchemy as sql

from sop import parting, queries
from sop.decisions import Log
from sop.log_tables import (
    ACTION_ENTRIES,
    ACTIONS,
    CLOSINGS,
    COSTS,
    CUSTOMERS,
    DECISIONS,
    DISPUTES,
    EXPECTATIONS,
    LINES,
    NOTES,
    SCENARIOS,
    SETTINGS,
)
from sop.snapshots import Home

TABLES = {
    "logged_decisions": DECISIONS,
    "logged_lines": LINES,
    "logged_customers": CUSTOMERS,
    "logged_actions": ACTIONS,
    "logged_action_entries": ACTION_ENTRIES,
    "logged_expectations": EXPECTATIONS,
    "logged_cost_entries": COSTS,
    "logged_scenarios": SCENARIOS,
    "logged_notes": NOTES,
    "logged_disputes": DISPUTES,
}
"""What a question calls the tables of the log."""

ENTERED = (DECISIONS, ACTION_ENTRIES, COSTS, SCENARIOS, NOTES, DISPUTES, CLOSINGS, SETTINGS)
"""The tables to which entries are added one by one, in the order of `Newest`; the others come with their decision."""

_KINDS: dict[type[sql.types.TypeEngine[Any]], pa.DataType] = {
    sql.Integer: pa.int64(), sql.Text: pa.string(), sql.Date: pa.date32(), sql.DateTime: pa.timestamp("us"),
    sql.Boolean: pa.bool_(), sql.Float: pa.float64(),
}  # fmt: skip


@dataclass(frozen=True)
class Newest:
    """The newest entries of a log. Nothing in a log changes, so what it holds up to them never does either."""

    decision: int = 0
    action_entry: int = 0
    cost_entry: int = 0
    scenario: int = 0
    note: int = 0
    dispute: int = 0
    closing: int = 0
    settings: int = 0

    def of(self, table: sql.Table) -> int:
        """The newest entry of a table that has entries of its own; of the others it is the newest decision."""
        own = {
            ACTION_ENTRIES: self.action_entry, COSTS: self.cost_entry, SCENARIOS: self.scenario, NOTES: self.note,
            DISPUTES: self.dispute,
        }  # fmt: skip
        return own.get(table, self.decision)


def newest(log: Log) -> Newest:
    """Where the log stands now. Raises LogError where it cannot be read."""
    with log.reading() as connection:
        if connection is None:
            return Newest()
        there = sql.inspect(connection).get_table_names()
        asked = [_newest(table) if table.name in there else sql.literal(0) for table in ENTERED]
        return Newest(*(int(number) for number in connection.execute(sql.select(*asked)).one()))


def _newest(table: sql.Table) -> sql.ColumnElement[int]:
    return sql.select(sql.func.coalesce(sql.func.max(table.c.id), 0)).scalar_subquery()


def read(log: Log, up_to: Newest) -> Mapping[str, pa.Table]:
    """Every table of the log up to those entries, by the name that questions use. Raises LogError where it cannot be read.

    A log of an earlier version, to which nothing was written since, lacks tables: these are empty.
    """
    with log.reading() as connection:
        if connection is None:
            return empty()
        there = sql.inspect(connection).get_table_names()
        return {
            name: _read(connection, table, up_to) if table.name in there else empty()[name]
            for name, table in TABLES.items()
        }


@functools.cache
def empty() -> Mapping[str, pa.Table]:
    """The tables of a log in which nothing was decided yet."""
    return {name: _schema(table).empty_table() for name, table in TABLES.items()}


def answer(connection: duckdb.DuckDBPyConnection, folder: Path, name: str, **given: Any) -> duckdb.DuckDBPyRelation:
    """Ask any question, one about the decision log with what the folder's log holds now.

    Raises QueryError as queries.ask does, LogError where the log cannot be read.
    """
    if not queries.find(name).reads_of_the_log:
        return queries.ask(connection, name, **given)
    log = Log(folder)
    [(snapshot,)] = connection.execute("select snapshot_id from snapshot").fetchall()
    logged = parting.of_the_same_company(Home(folder), snapshot, read(log, newest(log)))
    return ask(connection, followed(connection, logged), name, **given)


def ask(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table], name: str, **given: Any
) -> duckdb.DuckDBPyRelation:
    """Ask a question about the log on a cursor of its own, which alone sees those tables (see `followed`).

    Raises QueryError as queries.ask does.
    """
    query = queries.find(name)
    return _seeing(connection, tables, query).sql(query.sql, params=queries.bind(query, given))


def frame(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table], name: str, **given: Any
) -> pd.DataFrame:
    """The whole answer to what `ask` asks, planned once (see queries.frame)."""
    query = queries.find(name)
    return _seeing(connection, tables, query).execute(query.sql, queries.bind(query, given)).df()


def _seeing(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table], query: queries.Query
) -> duckdb.DuckDBPyConnection:
    cursor = connection.cursor()
    for table in query.reads_of_the_log:  # the others would cost a millisecond each
        cursor.register(table, tables[table])
    return cursor


def followed(connection: duckdb.DuckDBPyConnection, logged: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """The log's tables, and what queries/followed says of them beside the snapshot: all that a question may read."""
    cursor, tables = connection.cursor(), dict(logged)
    for table, rows in logged.items():
        cursor.register(table, rows)
    for name in _in_order():
        table = name.replace("/", "_")
        tables[table] = cursor.sql(queries.find(name).sql).to_arrow_table()
        cursor.register(table, tables[table])
    return tables


@functools.cache
def _in_order() -> tuple[str, ...]:
    """The files of queries/followed, each after those that it reads."""
    steps = {query.name.replace("/", "_"): query for query in queries.in_folder("followed")}
    order = graphlib.TopologicalSorter({table: query.reads_of_the_log & steps.keys() for table, query in steps.items()})
    return tuple(steps[table].name for table in order.static_order())


def _read(connection: sql.Connection, table: sql.Table, up_to: Newest) -> pa.Table:
    wanted = (table.c.id if table in ENTERED else table.c.decision_id) <= up_to.of(table)
    columns = zip(*connection.execute(sql.select(table).where(wanted)), strict=True)
    values = list(columns) or [() for _ in table.columns]
    schema = _schema(table)
    return pa.table([pa.array(column, kind) for column, kind in zip(values, schema.types, strict=True)], schema=schema)


def _schema(table: sql.Table) -> pa.Schema:
    return pa.schema([(column.name, _kind(column)) for column in table.columns])


def _kind(column: sql.Column[Any]) -> pa.DataType:
    """Columns that refer to another table's number have that number's kind."""
    kind = next((known for known in _KINDS if isinstance(column.type, known)), sql.Integer)
    return _KINDS[kind]
