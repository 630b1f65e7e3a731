"""How fast a pack is made: the whole review with a page for ten customers, asked anew, in each form."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from sop import pack
from sop.pack.to_file import to_file
from sop.snapshots import Home


def measure(home: Home, rounds: int) -> list[dict[str, Any]]:
    """The figures of bench: the slowest form on its own, and all four one after the other, on a home that is loaded."""
    taken: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
        for _ in range(rounds):
            taken.append({form: _seconds(home, Path(folder) / f"review.{form}") for form in pack.FORMATS})
    by_form = {form: statistics.median(one[form] for one in taken) for form in pack.FORMATS}
    slowest = max(by_form, key=lambda form: by_form[form])
    what = "review pack with ten customers"
    return [
        {"measure": f"{what}, slowest form ({slowest})", "value": by_form[slowest], "unit": "s", "hold": 20.0},
        {"measure": f"{what}, all four forms", "value": sum(by_form.values()), "unit": "s", "hold": 20.0},
    ]  # fmt: skip


def _seconds(home: Home, out: Path) -> float:
    started = time.perf_counter()
    to_file(home, out, customers="10")
    return time.perf_counter() - started
