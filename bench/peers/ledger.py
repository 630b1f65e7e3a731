"""What the ledger of a peer has to come to: the totals of marts.promises, and the measure that it is made with."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from sop.snapshots import Home

TOTALS = """
select
    count(*) as line_count,
    count(*) filter (where is_due) as due_count,
    count(*) filter (where is_kept) as kept_count,
    count(completed_date) as completed_count,
    cast(sum(date_diff('day', date '2000-01-01', first_promised_date)) as bigint) as first_promised_days,
    cast(sum(date_diff('day', date '2000-01-01', completed_date)) as bigint) as completed_days,
    cast(sum(delivered_quantity) as double) as delivered_quantity,
    cast(sum(delivered_by_promise_quantity) as double) as delivered_by_promise_quantity,
    cast(sum(gap_quantity) as double) as gap_quantity,
    cast(sum(gap_value) as double) as gap_value,
    cast(sum(late_days) as bigint) as late_days
from marts.promises
"""
APART = 1e-9
"""How far sums of floating-point numbers may be from sums of decimals, as a share; whole numbers may not."""


Frame = TypeVar("Frame")
"""A table of a peer."""


class OtherAnswer(Exception):
    """A peer comes to something else than we do."""


@dataclass(frozen=True)
class Measure:
    """The tolerances of a snapshot and the day that it speaks for."""

    as_of: datetime.date
    early_days: int
    late_days: int
    tolerance: float

    def text(self) -> str:
        """For a process of its own."""
        return json.dumps({**asdict(self), "as_of": self.as_of.isoformat()})

    @classmethod
    def read(cls, text: str) -> Measure:
        """What `text` wrote."""
        known = json.loads(text)
        return cls(**{**known, "as_of": datetime.date.fromisoformat(known["as_of"])})


def of_snapshot(home: Home) -> tuple[Measure, dict[str, Any]]:
    """The measure of the live snapshot, and the totals of its ledger."""
    with home.open() as connection:
        return measure_of(connection), totals_of(connection)


def measure_of(connection: duckdb.DuckDBPyConnection) -> Measure:
    """The measure that a snapshot was made with. No days early allowed means any, as in marts/promises.sql."""
    [(as_of, early, late, tolerance)] = connection.execute(
        "select as_of_date, coalesce(days_early_allowed, 36500), days_late_allowed, quantity_tolerance from snapshot"
    ).fetchall()
    return Measure(as_of, early, late, tolerance)


def totals_of(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The totals of marts.promises."""
    [totals] = connection.sql(TOTALS).to_arrow_table().to_pylist()
    return dict(totals)


def compare(peer: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    """Raise OtherAnswer with every total in which a peer is apart from us."""
    other = [
        f"{name} {theirs.get(name)} and not {value}"
        for name, value in ours.items()
        if _is_apart(value, theirs.get(name))
    ]
    if other or ours.keys() != theirs.keys():
        raise OtherAnswer(f"The ledger of {peer} has {', '.join(other) or 'other totals'}.")


def _is_apart(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and theirs is not None:
        return bool(abs(ours - theirs) > APART * max(abs(ours), 1.0))
    return bool(ours != theirs)


def files(folder: str) -> list[Path]:
    """The extracts of a company."""
    return sorted(Path(folder).glob("*.csv"))


def taken(
    folder: str, measured: str, read: Callable[[Path], Frame], ledger: Callable[[Frame, Frame, Measure], Frame],
    totals: Callable[[Frame], dict[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """Seconds that a peer takes to read the files of a folder and to make the ledger of them, and its totals."""
    started = time.perf_counter()
    frames = {file.stem: read(file) for file in files(folder)}
    read_in = time.perf_counter() - started
    made = ledger(frames["order_lines"], frames["deliveries"], Measure.read(measured))
    in_all = time.perf_counter() - started
    return {"read": read_in, "all": in_all, "totals": totals(made)}
