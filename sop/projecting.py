"""The marts that SQL alone cannot make: their file of queries/marts lists what asks for hours, and a function here answers.

So the folder stays the list of the marts, and the order in which they are built is read from the files as for every other.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sop import allocation, queries
from sop.allocation import Hours, Queue, Whole

Make = Callable[[duckdb.DuckDBPyConnection, pa.Table], pa.Table]

MOST_AT_ONCE = 250_000
"""Opportunity steps looked at in one go: each needs a row of all months."""


def is_made_here(mart: queries.Query) -> bool:
    """True for a mart whose rows a function of this module makes from what its file asks."""
    return mart.name in MADE


def make(connection: duckdb.DuckDBPyConnection, mart: queries.Query, asking: pa.Table) -> None:
    """Make the table of a mart that is made here, from what its file asks, wherever that was answered."""
    connection.register("made", MADE[mart.name](connection, asking))
    connection.execute(f"create table {mart.table} as select * from made")
    connection.unregister("made")


def hours_given(connection: duckdb.DuckDBPyConnection, asking: pa.Table) -> pa.Table:
    """What the policy in force gives the steps that do not get all of their hours in the month in which their work falls:
    claim_number, work_centre_id, load_month, step_hours, month, given_hours. A row for the step's own month, though it give
    nothing, and for each later month that gives something.
    """
    months, available = hours_of(connection, "marts.work_centre_months", "available_hours")
    queue = queue_of(asking)
    given = allocation.in_order(queue, available)
    is_in_time = given.month == queue.month[given.step]
    had = np.bincount(given.step[is_in_time], given.hours[is_in_time], minlength=len(queue))
    late = np.flatnonzero(queue.hours - had > allocation.TINY)
    step = np.concatenate([late, given.step[~is_in_time]])
    taken = asking.take(pa.array(step))
    return pa.table(
        {
            **{name: taken[name] for name in ("claim_number", "work_centre_id")},
            "load_month": months.take(pa.array(queue.month[step])),
            "step_hours": taken["step_hours"],
            "month": months.take(pa.array(np.concatenate([queue.month[late], given.month[~is_in_time]]))),
            "given_hours": np.concatenate([had[late], given.hours[~is_in_time]]),
        }
    )


def opportunity_completions(connection: duckdb.DuckDBPyConnection, asking: pa.Table) -> pa.Table:
    """When each opportunity could be worked on each work centre by itself: opportunity_id, work_centre_id, offset_months,
    completed_month, empty where the hours left are never enough.
    """
    months, left = hours_of(connection, "marts.hours_left", "left_hours")
    queue = queue_of(asking)
    parts = [
        allocation.completed_alone(Queue(queue.work_centre[part], queue.month[part], queue.hours[part]), left)
        for part in (slice(start, start + MOST_AT_ONCE) for start in range(0, len(queue), MOST_AT_ONCE))
    ]
    found = np.concatenate([np.empty(0, np.int64), *parts])
    completed = pa.array(found, pa.int64(), mask=found < 0)
    return asking.select(["opportunity_id", "work_centre_id", "offset_months"]).append_column(
        "completed_month", months.take(completed)
    )


def queue_of(asking: pa.Table) -> Queue:
    """The queue in a table with work_centre_number, month_number and step_hours, in its order."""
    return Queue(_whole(asking["work_centre_number"]), _whole(asking["month_number"]), asking["step_hours"].to_numpy())


def hours_of(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> tuple[pa.Array, Hours]:
    """The months in order, and the hours of a mart of work centre × month as an array [work centre, month]."""
    rows = connection.cursor().sql(
        f"select month, month_number, {column} as hours from {table} order by work_centre_number, month_number"
    ).to_arrow_table()  # fmt: skip
    count = (pc.max(rows["month_number"]).as_py() or 0) + 1 if rows.num_rows else 0
    months = rows["month"].combine_chunks().slice(0, count)
    return months, rows["hours"].to_numpy().reshape(-1, count) if count else np.zeros((0, 0))


def _whole(column: pa.ChunkedArray) -> Whole:
    return np.asarray(column.to_numpy(), np.int64)


MADE: dict[str, Make] = {
    "marts/hours_given": hours_given,
    "marts/opportunity_completions": opportunity_completions,
}
"""The marts made here, by the name of their file."""
