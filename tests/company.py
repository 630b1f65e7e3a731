"""A tiny company as a test writes it down: extracts as CSV text, loaded as a planner would, into a home of its own.

Cells may be padded with blanks, so that a table reads as one. A home may be loaded into again and again: what a load
does not bring comes over from the load before, as in life.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import duckdb

from sop import loading, queries
from sop.snapshots import Home

ANY = object()
"""Stands for 'no value is left out' in `of_lines`."""


def day(text: str) -> datetime.date:
    """A date of 2026, from its month and day: "03-10" is 10 March 2026."""
    return datetime.date.fromisoformat(f"2026-{text}")


def load(
    folder: Path, *, as_of: str | None = None, settings: str = "", accept_rejects: bool = False, **extracts: str
) -> loading.Report:
    """Write each extract (order_lines="…", deliveries="…") to a file of its name and load it into the folder's home."""
    home = Home(folder / "home")
    home.folder.mkdir(parents=True, exist_ok=True)
    if settings:
        (home.folder / "settings.toml").write_text(dedent(settings), encoding="utf-8")
    files = list(_written(folder, extracts))
    spoken = datetime.date.fromisoformat(as_of) if as_of else None
    return loading.load(files, as_of=spoken, accept_rejects=accept_rejects, home=home, created_by="a test")


def _written(folder: Path, extracts: dict[str, str]) -> Iterator[Path]:
    for name, text in extracts.items():
        file = folder / f"{name}.csv"
        file.write_text(dedent(text).strip() + "\n", encoding="utf-8")
        yield file


def build(folder: Path, *, as_of: str | None = None, settings: str = "", **extracts: str) -> duckdb.DuckDBPyConnection:
    """Load the extracts and open the snapshot that is live then."""
    load(folder, as_of=as_of, settings=settings, accept_rejects=False, **extracts)
    return Home(folder / "home").open()


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Every row as {column: value}."""
    found: list[dict[str, Any]] = connection.sql(sql).to_arrow_table().to_pylist()
    return found


def answer(connection: duckdb.DuckDBPyConnection, query: str, **given: Any) -> list[dict[str, Any]]:
    """Every row that a query of queries/ answers, as {column: value}."""
    found: list[dict[str, Any]] = queries.ask(connection, query, **given).to_arrow_table().to_pylist()
    return found


def ledger(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """The promise ledger by order line, {"A1 10": {column: value}}; a line met twice is an error."""
    promises = rows(connection, "select * from marts.promises")
    lines = {f"{promise['order_id']} {promise['line_number']}": promise for promise in promises}
    assert len(lines) == len(promises), "an order line has more than one row in marts.promises"
    return lines


def of_lines(lines: dict[str, dict[str, Any]], column: str, *, but: Any = ANY) -> dict[str, Any]:
    """One measure of every line, {"A1 10": value}, without the lines where it is `but`."""
    return {line: promise[column] for line, promise in lines.items() if promise[column] != but}


def lines_where(lines: dict[str, dict[str, Any]], column: str) -> set[str]:
    """The lines of which something is true; it is true or false of every line, never unknown."""
    assert all(isinstance(promise[column], bool) for promise in lines.values())
    return {line for line, promise in lines.items() if promise[column]}


def put_ahead(connection: duckdb.DuckDBPyConnection, at_risk: Mapping[str, Any]) -> None:
    """Project by hand: every open order line keeps its promise, but for those at risk, {"A1 10": value at risk}."""
    connection.execute(
        "create or replace table marts.promises_ahead as select order_id, line_number, customer_id, product_id,"
        " promised_date, cast(date_trunc('month', promised_date) as date) as projected_month,"
        " promised_date as projected_date, open_quantity, unit_price, cast(0 as decimal(18, 3)) as late_quantity,"
        " cast(0 as decimal(18, 2)) as at_risk_value, false as is_at_risk from marts.promises where open_quantity > 0"
    )
    for line, value in at_risk.items():
        connection.execute(
            "update marts.promises_ahead set at_risk_value = $value, is_at_risk = true, late_quantity = open_quantity,"
            " projected_date = promised_date + 31, projected_month = date_trunc('month', promised_date + 31)"
            " where order_id || ' ' || line_number = $line",
            {"line": line, "value": value},
        )
