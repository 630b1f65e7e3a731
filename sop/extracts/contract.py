"""The contract with CRM and ERP, read from queries/extracts/*.sql by DuckDB itself."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import duckdb

from sop import queries


@dataclass(frozen=True)
class Column:
    """A logical column: its DuckDB type, whether a row is worth nothing without it, and what it means."""

    name: str
    type: str
    is_required: bool
    meaning: str


@dataclass(frozen=True)
class Extract:
    """A logical extract: what one row is, its columns in order, and the key that names a row."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns that a file must bring."""
        return tuple(column.name for column in self.columns if column.is_required)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of all columns, in the contract's order."""
        return tuple(column.name for column in self.columns)


ORDER = (
    "customers", "products", "work_centres", "capacity", "routings", "opportunities", "order_lines", "deliveries",
)  # fmt: skip
"""Extracts in the order in which they can be checked: what is referred to comes first."""

FALLBACKS = {"order_lines": {"line_number": "product_id"}}
"""Which column stands in for one that is empty."""

PRESENCE = {
    "customers": ("customer_id",),
    "products": ("product_id",),
    "work_centres": ("work_centre_id",),
    "capacity": ("available_hours",),
    "routings": ("hours_per_unit",),
    "opportunities": ("opportunity_id",),
    "order_lines": ("order_id", "quantity", "promised_date"),
    "deliveries": ("delivered_date", "shipped_date"),
}
"""In a file that feeds several extracts, a row speaks for one of them only where one of these columns is filled."""

CLOSED_LISTS = ("status", "promise_moved_by", "measured_on", "measured_by")
"""Columns with a closed list of words, which are compared without regard to capitals."""

COLLAPSING = ("customers", "products", "work_centres")
"""Extracts that a file feeding several repeats on many rows; one row per key is kept."""


@functools.cache
def extracts() -> dict[str, Extract]:
    """Every extract of the contract by name, in the order of ORDER."""
    connection = duckdb.connect()
    connection.execute("create schema extracts")
    for query in queries.in_folder("extracts"):
        connection.execute(query.sql)
    return {name: _extract(connection, name) for name in ORDER}


def _extract(connection: duckdb.DuckDBPyConnection, name: str) -> Extract:
    columns = connection.execute(
        "select column_name, data_type, not is_nullable, comment from duckdb_columns()"
        " where schema_name = 'extracts' and table_name = $name order by column_index",
        {"name": name},
    ).fetchall()
    keys = connection.execute(
        "select constraint_column_names from duckdb_constraints()"
        " where schema_name = 'extracts' and table_name = $name and constraint_type in ('PRIMARY KEY', 'UNIQUE')",
        {"name": name},
    ).fetchall()
    return Extract(
        name=name,
        about=queries.find(f"extracts/{name}").about,
        columns=tuple(Column(*column) for column in columns),
        key=tuple(keys[0][0]) if keys else (),
    )
