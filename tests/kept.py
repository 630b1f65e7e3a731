"""A snapshot as an engine leaves it, made of an ordinary one without any: its order lines taken out into files beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from sop import kept_lines, queries
from sop.snapshots import Home


def take_out_lines(
    home: Home, snapshot: str, workplace: Path, lines_in_a_file: int = 4_000, table: str = kept_lines.LEDGER
) -> list[Path]:
    """Let a snapshot keep its order lines beside its file, each customer in one of the files; answers the files."""
    file = home.file(snapshot)
    workplace.mkdir()
    with duckdb.connect(str(file)) as connection:
        parts = connection.execute(
            "select min(customer_id), max(customer_id) from"
            " (select customer_id, sum(count(*)) over (order by customer_id) - count(*) as before_count"
            " from marts.promises group by customer_id) group by cast(floor(before_count / $1) as bigint) order by all",
            [lines_in_a_file],
        ).fetchall()
        for number, (first, last) in enumerate(parts):
            connection.execute(
                f"copy (select * from {table} where customer_id between"
                f" '{first}' and '{last}' order by customer_id, first_promised_date) to '{workplace}/{number:05}.parquet'"
                " (format parquet, row_group_size 100_000)"
            )
        connection.execute(f"drop table {table}")
        connection.execute("checkpoint")
    lines = kept_lines.take_in(sorted(workplace.glob("*.parquet")), file)
    beside = file.with_suffix(".json")
    known = json.loads(beside.read_text(encoding="utf-8"))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    beside.write_text(json.dumps({**known, "size": file.stat().st_size, "sha256": digest, "lines": lines}))
    return kept_lines.files(file)


def scan_of(connection: duckdb.DuckDBPyConnection, customer: str) -> dict[str, Any]:
    """What DuckDB tells of having read the order lines of a customer."""
    query = queries.find("customer/lines")
    profile = connection.cursor().execute(
        f"explain (analyze, format json) {query.sql}", queries.bind(query, {"customer": customer})
    ).fetchall()[0][1]  # fmt: skip
    [scan] = [
        node for node in nodes(json.loads(profile)) if "PARQUET" in str(node.get("extra_info", {}).get("Function"))
    ]
    return dict(scan)


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(child)
