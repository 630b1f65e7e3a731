"""How fast the months ahead are reckoned: their marts against the ledger alone, and hours given to 100,000 lines."""

from __future__ import annotations

import statistics
import sys
import time
from typing import Any

import duckdb
import numpy as np

from sop import allocation, loading
from sop.allocation import Queue

MARTS = {
    "horizon", "work centres", "work centre months", "routing steps", "open lines", "open steps", "hours given",
    "steps ahead", "promises ahead", "queues", "queue months", "customers ahead", "stage words", "stages",
    "open opportunities", "opportunity steps", "hours left", "opportunity completions", "opportunities ahead",
    "load classes", "load months", "waiting words", "reasons", "promised loads", "full months", "full for products",
    "hot promises", "causes", "cause months",
}  # fmt: skip
"""The marts of the months ahead and of the causes, as a load names them."""


def measure(connection: duckdb.DuckDBPyConnection, rounds: int) -> list[dict[str, Any]]:
    """The figures of bench, on a database that has the extracts and no marts yet; it is closed afterwards."""
    ratios, seconds = [], []
    for _ in range(rounds):
        taken = _seconds_by_mart(connection)
        ahead = sum(taken[mart] for mart in MARTS)
        for mart, one in sorted(taken.items(), key=lambda found: -found[1])[:8]:
            print(f"{one * 1000:8.0f} ms {mart}", file=sys.stderr)
        ratios.append(ahead / taken["promises"])
        seconds.append(ahead)
        connection.execute("drop schema marts cascade")
        connection.execute("create schema marts")
    connection.close()
    return [
        {"measure": "marts of the months ahead and causes", "value": statistics.median(seconds), "unit": "s", "hold": None},
        {"measure": "marts of the months ahead and causes / ledger alone", "value": statistics.median(ratios), "unit": "×",
         "hold": 1.5},
        {"measure": "hours given to 100,000 open lines, 200 work centres, 18 months", "value": _give(), "unit": "s", "hold": 5.0},
    ]  # fmt: skip


def _seconds_by_mart(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    started: list[tuple[str, float]] = []
    loading.build_marts(connection, lambda step: started.append((step.removeprefix("Building "), time.perf_counter())))
    ends = [moment for _, moment in started[1:]] + [time.perf_counter()]
    return {mart: end - begin for (mart, begin), end in zip(started, ends, strict=True)}


def _give(lines: int = 100_000, work_centres: int = 200, months: int = 18) -> float:
    """Seconds for three steps a line, with an eighth less hours than are asked for."""
    random = np.random.default_rng(1)
    queue = Queue(
        random.integers(0, work_centres, 3 * lines),
        random.integers(0, months, 3 * lines),
        random.exponential(4, 3 * lines),
    )
    available = np.full((work_centres, months), queue.hours.sum() / work_centres / months * 0.875)
    started = time.perf_counter()
    allocation.in_order(queue, available).completed(queue)
    return time.perf_counter() - started
