"""How fast the months ahead are reckoned: their marts against the ledger alone, and hours given to 100,000 lines."""

from __future__ import annotations

import time

import numpy as np

from bench.figures import Row, figure
from sop import allocation
from sop.allocation import Queue

MARTS = {
    "horizon", "work centres", "work centre months", "routing steps", "open lines", "open steps", "hours given",
    "steps ahead", "promises ahead", "queues", "queue months", "customers ahead", "stage words", "stages",
    "open opportunities", "opportunity steps", "hours left", "opportunity completions", "opportunities ahead",
    "load classes", "load months", "waiting words", "reasons", "promised loads", "full months", "full for products",
    "hot promises", "causes", "cause months",
}  # fmt: skip
"""The marts of the months ahead and of the causes, as a load names them."""


def measure() -> list[Row]:
    """How long the hours are dealt out, on made-up queues."""
    return [
        figure("hours given to 100,000 open lines, 200 work centres, 18 months", _give(), "s", 5.0),
    ]


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
