"""Capacity that a file gives by the day or the week, or for a working day of the month, becomes hours of the month."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from sop import queries
from sop.extracts.accounts import Fed

WORKING_DAYS = {"hours a day": 1, "hours a week": 5}
GATHERED = {"days": "fill/capacity_days_gathered", "weeks": "fill/capacity_weeks_gathered"}


def gather(connection: duckdb.DuckDBPyConnection, fed: Sequence[Fed]) -> None:
    """Bring the capacity of every file to months. To be called when its rows have been checked one by one."""
    for feed in fed:
        if feed.extract != "capacity":
            continue
        rows = {"first_row_id": feed.first_row_id, "last_row_id": feed.first_row_id + feed.rows_staged - 1}
        days = WORKING_DAYS.get(feed.units.get("available_hours", ""))
        if days:
            connection.execute(queries.find("fill/capacity_working_days").sql, {**rows, "days": days})
        name = GATHERED.get(feed.units.get("month", ""))
        if name:
            connection.execute(f"create or replace temp table gathered as {queries.find(name).sql}", rows)
            connection.execute("delete from extracts.capacity where rowid between $first_row_id and $last_row_id", rows)
            connection.execute("insert into extracts.capacity by name select * from gathered")
            connection.execute("drop table gathered")
            feed.is_gathered = True
