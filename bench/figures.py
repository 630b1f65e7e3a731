"""What every part of the bench shares: one line of the table, a clock, and a word on how far it is."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent
Row = dict[str, Any]
"""One figure: measure, value (None where there is none), unit, hold (or None), and where they apply size, at_least and note."""

LONG_ENOUGH = 20
"""Seconds after which a comparison is not repeated any more."""
AT_SCALE = 10_000_000
"""Order lines from which on every hold is asked for."""


def figure(
    measure: str, value: float | None, unit: str, hold: float | None = None, *, at_least: bool = False,
    at_scale: bool = False, note: str = "",
) -> Row:  # fmt: skip
    """One line of the table. `hold` is the most that it may be, with `at_least` the least; with `at_scale` only at scale.

    `note` says which query it is of, what it leaves out, or why there is no value.
    """
    row: Row = {"measure": measure, "value": value, "unit": unit, "hold": hold}
    marks = {"at_least": at_least, "at_scale": at_scale, "note": note}
    return row | {name: mark for name, mark in marks.items() if mark}


def is_held(row: Row) -> bool | None:
    """True where the figure is what it should be, None where nothing is asked of it. What could not be measured is not held."""
    if row["hold"] is None:
        return None
    if row["value"] is None:
        return False
    return bool(row["value"] >= row["hold"] if row.get("at_least") else row["value"] <= row["hold"])


def of_size(rows: Iterable[Row], size: int) -> list[Row]:
    """The same lines, each with the number of order lines of the company that it was measured on.

    What is to hold only at scale is asked of no smaller company: there, what every query and every load costs outweighs the rest.
    """
    return [
        {**row, "size": size, "hold": None if row.get("at_scale") and size < AT_SCALE else row["hold"]} for row in rows
    ]


def say(text: str) -> None:
    """Progress, on standard error."""
    print(f"{time.strftime('%H:%M:%S')} {text} …", file=sys.stderr, flush=True)


def timed(work: Callable[[], object]) -> float:
    """Seconds on the clock."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median(times: int, work: Callable[[], object]) -> float:
    """Seconds that the work takes in the middle of so many times."""
    return statistics.median(timed(work) for _ in range(times))


def in_turns(theirs: Callable[[], object], ours: Callable[[], object], times: int) -> dict[str, float]:
    """Median seconds of both, so many times in turns; what is slow three times at the least and no longer than LONG_ENOUGH."""
    taken: dict[str, list[float]] = {"theirs": [], "ours": []}
    end = time.perf_counter() + LONG_ENOUGH
    while len(taken["ours"]) < times and (len(taken["ours"]) < 3 or time.perf_counter() < end):
        taken["theirs"].append(timed(theirs))
        taken["ours"].append(timed(ours))
    return {whose: statistics.median(seconds) for whose, seconds in taken.items()}


def percentile(values: list[float], hundredth: int) -> float:
    """The value below which so many hundredths of them are."""
    return sorted(values)[min(len(values) - 1, len(values) * hundredth // 100)]
