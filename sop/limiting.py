"""What somebody sees who sees only the customers they look after: a snapshot, and a log, in which there are no others.

Every question asks tables that are not there in full: each table of the snapshot is a view of the rows of those customers. One
that names no customer, order line or opportunity is given whole where it holds nothing of theirs (products, routings, hours of
work centres), is made anew from the limited ones where it is a sum over customers, and is empty where neither is said here.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from sop import connecting, queries

KEYS = (
    (("customer_id",), "limits.own_customers"),
    (("order_id", "line_number"), "limits.own_lines"),
    (("opportunity_id",), "limits.own_opportunities"),
)
"""Which rows are theirs, by the first of these columns that a table has all of."""

WHOLE = frozenset({
    "extracts.products", "extracts.work_centres", "extracts.capacity", "extracts.routings",
    "main.snapshot", "main.currency_signs",
    "marts.months", "marts.horizon", "marts.routing_steps", "marts.stage_words", "marts.waiting_words",
    "marts.work_centres", "marts.work_centre_months", "marts.hours_left", "marts.load_months", "marts.load_classes",
    "marts.promised_loads", "marts.full_months", "marts.full_for_products",
})  # fmt: skip
"""Tables without a customer: what is made of what, calendars, and the hours of work centres, in sums over everybody.

Whoever promises a date has to know whether there is room for it. Of the others they learn that these hours are spoken for, and
not by whom, for what or by how many.
"""

ANEW = ("company_months", "contested_months", "families", "queue_months", "reasons", "stages", "totals")
"""Marts that are sums over customers, or lists of what occurs with them: over their own customers for those who see no others."""

NUMBERED = frozenset({"marts.claimants", "marts.promises_ahead"})
"""The marts whose rows are numbered through; theirs are numbered anew: a number among all tells how many others there are."""

OWN_NUMBERS = {"claim_number": "own_number", "customer_number": "own_customer_number"}
"""The columns of such numbers, and what stands in their place."""

SIDE_OF_WHOLE = "whole"


def connect(snapshot: Path, customers: Collection[str]) -> duckdb.DuckDBPyConnection:
    """A snapshot in which there are only these customers. Raises what DuckDB raises."""
    connection = connecting.beside_each_other({SIDE_OF_WHOLE: snapshot})
    try:
        limit(connection, SIDE_OF_WHOLE, "memory", customers)
        connecting.shut_in(connection, files=connecting.lines_of([snapshot]))
    except duckdb.Error:
        connection.close()
        raise
    return connection


def limit(connection: duckdb.DuckDBPyConnection, whole: str, limited: str, customers: Collection[str]) -> None:
    """Fill an empty attached database with views of an attached snapshot in which there are only these customers."""
    connection.execute(f"use {limited}")
    connection.execute("create schema limits")
    connection.execute(
        "create table limits.own_customers as select unnest($1::varchar[]) as customer_id", [list(customers)]
    )
    _own(connection, "own_lines", ("order_id", "line_number"), f"{whole}.marts.promises")
    opportunities = _tables(connection, whole).get("extracts.opportunities")
    _own(
        connection,
        "own_opportunities",
        ("opportunity_id",),
        f"{whole}.extracts.opportunities" if opportunities else None,
    )
    for schema in ("extracts", "marts"):
        connection.execute(f"create schema {schema}")
    tables = _tables(connection, whole)
    if tables.keys() >= NUMBERED:
        _number_own(connection, whole)
    for table, columns in tables.items():
        if table.removeprefix("marts.") not in ANEW:
            connection.execute(f"create view {table} as {_rows(f'{whole}.{table}', table, columns)}")
    for mart in queries.in_build_order():
        table = mart.table
        if mart.name.removeprefix("marts/") in ANEW and table in tables:
            connection.execute(f"create table {table} as {mart.sql}")
    connection.execute("use memory")


def _number_own(connection: duckdb.DuckDBPyConnection, whole: str) -> None:
    """Number their customers who claim hours, and their claims, as if there were no others."""
    connection.execute(
        "create table limits.own_claimants as"
        " select customer_id, row_number() over (order by customer_number) - 1 as own_customer_number"
        f" from {whole}.marts.claimants semi join limits.own_customers using (customer_id)"
    )
    connection.execute(
        "create table limits.own_claims as"
        " select claim_number, row_number() over (order by claim_number) - 1 as own_number, own_customer_number"
        f" from {whole}.marts.promises_ahead inner join limits.own_claimants using (customer_id)"
    )


def _own(connection: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...], table: str | None) -> None:
    """Keep the keys of their rows, by which rows of other tables are told."""
    listed = ", ".join(columns)
    rows = (
        f"select distinct {listed} from {table} semi join limits.own_customers using (customer_id)"
        if table
        else f"select {', '.join(f'cast(null as varchar) as {column}' for column in columns)} where false"
    )
    connection.execute(f"create table limits.{name} as {rows}")


def _tables(connection: duckdb.DuckDBPyConnection, whole: str) -> dict[str, frozenset[str]]:
    """The columns of each table of an attached snapshot, by the name that questions use."""
    found = connection.execute(
        "select schema_name || '.' || table_name, list(column_name) from duckdb_columns()"
        " where database_name = $1 and not internal group by all order by all", [whole],
    ).fetchall()  # fmt: skip
    return {table: frozenset(columns) for table, columns in found}


def _rows(source: str, table: str, columns: frozenset[str]) -> str:
    """The rows of a table that they may see."""
    if numbers := OWN_NUMBERS.keys() & columns:
        anew = ", ".join(f"own.{OWN_NUMBERS[number]} as {number}" for number in sorted(numbers))
        by, own = ("claim_number", "own_claims") if "claim_number" in numbers else ("customer_id", "own_claimants")
        return (
            f"select kept.* replace ({anew}) from {source} as kept"
            f" inner join limits.{own} as own on kept.{by} = own.{by}"
        )
    for needed, own in KEYS:
        if columns.issuperset(needed):
            return f"select kept.* from {source} as kept semi join {own} using ({', '.join(needed)})"
    return f"from {source}" if table in WHOLE else f"from {source} where false"


def logged(connection: duckdb.DuckDBPyConnection, whole: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """The log's tables with what is about the customers of a limited connection; a table that queries/limits lacks is empty."""
    cursor = connection.cursor()
    for name, table in whole.items():
        cursor.register(name, table)
    return {
        name: cursor.sql(queries.find(f"limits/{name}").sql).to_arrow_table().cast(table.schema)
        if name in _limited()
        else table.slice(0, 0)
        for name, table in whole.items()
    }


@functools.cache
def _limited() -> frozenset[str]:
    """The tables of the log of which something is theirs."""
    return frozenset(query.name.removeprefix("limits/") for query in queries.in_folder("limits"))
