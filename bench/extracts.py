"""One gigabyte of order lines as a planner brings them, against DuckDB's own typed read of the same file."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from bench import apart
from bench.loads import seconds_of
from sop.extracts.looking import look
from sop.snapshots import Home

LINE_BYTES = 87
"""How long a line of the made-up order book is."""

COLUMNS = {
    "Order No": "VARCHAR",
    "Line No": "VARCHAR",
    "Customer No": "VARCHAR",
    "Item No": "VARCHAR",
    "Order Qty": "DECIMAL(18, 3)",
    "Unit Price": "DECIMAL(18, 4)",
    "Currency Code": "VARCHAR",
    "Order Date": "DATE",
    "Requested Delivery Date": "DATE",
    "Promised Delivery Date": "DATE",
}
"""The header of an export with names of its own, and the types that DuckDB is given for its own read."""


def make_order_book(file: Path, megabytes: float) -> int:
    """Write order lines of about that size: ten lines an order, 5,000 customers, 2,000 products. Answers how many."""
    lines = int(megabytes * 1_000_000 / LINE_BYTES)
    names = list(COLUMNS)
    values = (
        "'SO-' || lpad(cast(number // 10 as varchar), 8, '0')", "cast(10 * (number % 10 + 1) as varchar)",
        "'C-' || lpad(cast(hash(number // 10) % 5000 as varchar), 6, '0')",
        "'P-' || lpad(cast(hash(number) % 2000 as varchar), 6, '0')", "1 + hash(number + 1) % 500",
        "cast((100 + hash(number + 2) % 100000) / 100 as decimal(12, 2))", "'EUR'", "ordered",
        "ordered + 20 + cast(hash(number + 3) % 30 as integer)", "ordered + 25 + cast(hash(number + 4) % 40 as integer)",
    )  # fmt: skip
    selected = ", ".join(f'{value} as "{name}"' for value, name in zip(values, names, strict=True))
    duckdb.connect().execute(
        f"copy (select {selected} from (select range as number, date '2021-01-01' + cast(range * 1800 // {lines} as integer)"
        f" as ordered from range({lines}))) to '{file}' (header, delimiter ',', quote '\"')"
    )
    return lines


def measure(folder: Path, megabytes: float, rounds: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Every figure as a dict: measure, value, unit, hold. DuckDB's read and ours take turns on the same machine."""
    file = folder / "orders.csv"
    say(f"Making an order book of {megabytes:,.0f} MB")
    lines = make_order_book(file, megabytes)
    floors, loads, looks = [], [], []
    for turn in range(rounds):
        say(f"Loading it, round {turn + 1} of {rounds}")
        floors.append(typed_read(file, folder / f"floor-{turn}.duckdb"))
        done = apart.run("bench.loads:load", file, folder / f"home-{turn}", "accept")
        loads.append({**done.answer, "peak": done.peak})
        looks.append(proposal(file, folder / f"home-{turn}"))
        if (loads[-1]["read"], loads[-1]["kept"]) != (lines, lines):
            raise RuntimeError(f"{lines} lines were written, but the load says {loads[-1]}")
        say("  ".join(f"{name} {at:.1f} s" for name, at in loads[-1]["steps"]))
    took = [one["took"] for one in loads]
    marts = statistics.median(seconds_of(one["steps"], "Building") for one in loads)
    size = file.stat().st_size / 1_000_000
    ratio = statistics.median(took) / statistics.median(floors)
    without_marts = ratio - marts / statistics.median(floors)
    floor = statistics.median(floors)
    return [
        {"measure": f"typed read of {size:,.0f} MB of order lines, by DuckDB alone", "value": floor, "unit": "s", "hold": None},
        {"measure": "from that file to published, by its proposal", "value": statistics.median(took), "unit": "s", "hold": None},
        {"measure": "from that file to published / typed read", "value": ratio, "unit": "×", "hold": None},
        {"measure": "of that, building the marts", "value": marts, "unit": "s", "hold": None},
        {"measure": "reading, mapping, checking, publishing / typed read", "value": without_marts, "unit": "×", "hold": 2.5},
        {"measure": "peak memory of it", "value": max(one["peak"] for one in loads), "unit": "MB", "hold": 4000},
        {"measure": "proposal for that file", "value": statistics.median(looks), "unit": "s", "hold": 2},
    ]  # fmt: skip


def typed_read(file: Path, target: Path) -> float:
    """Seconds that DuckDB takes to read the file into a table of a new database, every type given."""
    types = ", ".join(f"'{name}': '{type_}'" for name, type_ in COLUMNS.items())
    started = time.perf_counter()
    connection = duckdb.connect(str(target))
    connection.execute(f"create table lines as select * from read_csv('{file}', columns = {{{types}}}, header = true)")
    connection.close()
    took = time.perf_counter() - started
    target.unlink()
    return took


def proposal(file: Path, home: Path) -> float:
    """Seconds until the file is understood, with a live snapshot whose ids it is held against."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as workplace:
        [found] = look([file], Path(workplace), home=Home(home))
    if found.mapping is None:
        raise RuntimeError(f"The order book is not understood: {found.missing}")
    return time.perf_counter() - started
