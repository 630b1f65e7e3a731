"""What the marts take by themselves: DuckDB alone reads the files and builds them, each timed, and copies the order lines."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from bench.ahead import MARTS
from bench.figures import Row, figure, timed
from bench.floor import reader
from sop import loading, queries, settings
from sop.extracts import checking

LEDGER = "ledger"
"""The mart with a row per order line, as a load names it."""


def build(folder: str, target: str) -> dict[str, Any]:
    """Seconds to read the files, to build each mart by its name, to write it all, and to copy the order lines."""
    started = time.perf_counter()
    connection = read(sorted(Path(folder).glob("*.csv")), Path(target))
    read_in = time.perf_counter() - started
    marts = seconds_by_mart(connection)
    written = timed(lambda: connection.execute("checkpoint"))
    copied = timed(lambda: connection.execute("create table copied as select * from extracts.order_lines"))
    connection.close()
    Path(target).unlink()
    return {"read": read_in, "marts": marts, "written": written, "copied": copied}


def read(files: list[Path], target: Path) -> duckdb.DuckDBPyConnection:
    """A new database with every file in the tables of a snapshot, read by DuckDB alone with its types given."""
    connection = duckdb.connect(str(target))
    loading.prepare(connection, settings.Settings(), snapshot="floor", who="bench")
    loading.attach_previous(connection, None)
    for file in files:
        connection.execute(f"insert into extracts.{file.stem} by name select * from {reader(file)}")
    connection.execute(queries.find("fill/as_of").sql, {"day": checking.newest_day(connection)})
    return connection


def seconds_by_mart(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Build every mart and say how long each took, by the name that a load gives it."""
    started: list[tuple[str, float]] = []
    loading.build_marts(connection, lambda step: started.append((step.removeprefix("Building "), time.perf_counter())))
    ends = [moment for _, moment in started[1:]] + [time.perf_counter()]
    return {mart: end - begin for (mart, begin), end in zip(started, ends, strict=True)}


def measure(built: Sequence[dict[str, Any]]) -> list[Row]:
    """The figures of the marts from several builds."""
    for mart, one in sorted(built[-1]["marts"].items(), key=lambda found: -found[1])[:6]:
        print(f"{one * 1000:18.0f} ms {mart}", file=sys.stderr)
    ledgers = [one["marts"][LEDGER] for one in built]
    aheads = [sum(taken for mart, taken in one["marts"].items() if mart in MARTS) for one in built]
    copies = [one["copied"] for one in built]
    return [
        figure("ledger alone", statistics.median(ledgers), "s"),
        figure(
            "ledger / copy of the order lines", statistics.median(map(_ratio, ledgers, copies)), "×", 7, at_scale=True
        ),
        figure("all marts", statistics.median(sum(one["marts"].values()) for one in built), "s"),
        figure("marts of the months ahead and causes", statistics.median(aheads), "s"),
        figure(
            "marts of the months ahead and causes / ledger alone",
            statistics.median(map(_ratio, aheads, ledgers)),
            "×",
            1.5,
        ),
    ]


def _ratio(one: float, other: float) -> float:
    return one / other
