"""Which columns of which tables a query reads, so that a scan of just these says what the machine needs at the least."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from sop.engine.translating import view_of
from sop.queries import Query

Tables = Mapping[str, Mapping[str, str]]
"""The columns of tables with their types, by the name of the table: `marts.promises`."""


def tables_of(connection: duckdb.DuckDBPyConnection) -> Tables:
    """Every table of a snapshot, those of no schema by their bare name."""
    found: dict[str, dict[str, str]] = {}
    known = connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal"
    )
    for schema, table, column, type_ in known.fetchall():
        found.setdefault(table if schema == "main" else f"{schema}.{table}", {})[column] = type_
    return found


def flat(query: Query) -> exp.Expr:
    """The query with tables named `marts_promises` for `marts.promises`, by which they go where there are no schemas."""
    tree: exp.Expr = sqlglot.parse_one(query.sql, read="duckdb")
    for table in tree.find_all(exp.Table):
        if table.db:
            view = exp.to_table(view_of(f"{table.db}.{table.name}"))
            table.replace(exp.alias_(view, table.alias or table.name, table=True))
    return tree


def read_by(query: Query, tables: Tables) -> dict[str, frozenset[str]]:
    """The columns that it reads of every table, whose rows alone are counted a table without any."""
    by_view = {view_of(table): table for table in tables}
    schema = {view_of(table): dict(columns) for table, columns in tables.items()}
    tree = qualify(
        flat(query), schema=schema, dialect="duckdb", validate_qualify_columns=False, quote_identifiers=False
    )
    found: dict[str, set[str]] = {}
    for scope in traverse_scope(tree):
        for name, source in scope.sources.items():
            if isinstance(source, exp.Table) and source.name in by_view:
                table = by_view[source.name]
                read = {column.name for column in scope.columns if column.table == name}
                found.setdefault(table, set()).update(read & tables[table].keys())
    return {table: frozenset(columns) for table, columns in found.items()}


def read_by_all(queries: Iterable[Query], tables: Tables) -> dict[str, list[str]]:
    """The columns that any of the queries reads, by table, in the order in which the table has them."""
    together: dict[str, set[str]] = {}
    for query in queries:
        for table, columns in read_by(query, tables).items():
            together.setdefault(table, set()).update(columns)
    return {table: [name for name in tables[table] if name in columns] for table, columns in together.items()}


def scan(table: str, columns: Iterable[str], types: Mapping[str, str]) -> str:
    """A query that takes every value of the columns into its hand and makes one row of them."""
    taken = [_summed(column, types[column]) for column in sorted(columns)]
    return f"select {', '.join(taken) or 'count(*)'} from {table}"


def _summed(column: str, type_: str) -> str:
    if type_ == "VARCHAR":
        return f"max(strlen({column}))"
    if type_ == "BOOLEAN":
        return f"bool_or({column})"
    return f"max({column})" if type_ in ("DATE", "TIMESTAMP") or "[" in type_ else f"sum({column})"
