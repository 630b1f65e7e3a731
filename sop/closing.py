"""Closing a meeting: the month's figures, its decisions and the minutes, kept as they were shown."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql

from sop import access, audit
from sop.access import Act
from sop.deciding import NOTHING_WRITTEN, now
from sop.decisions import Log
from sop.errors import LogError
from sop.log_tables import CLOSINGS


@dataclass(frozen=True)
class Closing:
    """A month as it was closed. `figures` are name and text as on the screen, `decisions` one sentence each.

    `replaces` is the number of the closing that this one corrects.
    """

    id: int
    closed_at: datetime.datetime
    closed_by: str
    month: datetime.date
    snapshot_id: str
    as_of_date: datetime.date
    figures: Mapping[str, str]
    decisions: Sequence[str]
    minutes: str
    replaces: int | None


def close(
    log: Log, *, by: str, month: datetime.date, snapshot_id: str, as_of_date: datetime.date, figures: Mapping[str, str],
    decisions: Sequence[str], minutes: str, replaces: int | None = None, others: Collection[str] = (),
) -> Closing:  # fmt: skip
    """Write that a month is closed; when it returns, the entry is on the disk.

    Raises LogError where nobody says who closes, where the month is closed already (unless `replaces` names that closing),
    and where somebody else corrected the same closing meanwhile. Months closed on the snapshots `others` are those of another
    company, and do not count.
    """
    by = access.named(by)
    if not by.strip():
        raise LogError(f"Say who closes the meeting. {NOTHING_WRITTEN}")
    with log.writing(Act.CLOSE) as connection:
        newest = _newest(connection, month, others)
        if newest is not None and newest.id != replaces:
            raise LogError(
                f"{newest.closed_by} closed {month:%B %Y} on {newest.closed_at.day} {newest.closed_at:%B %Y, %H:%M} UTC."
                f" {NOTHING_WRITTEN} Look at that closing, and correct it where it is wrong."
            )
        connection.execute(
            sql.insert(CLOSINGS).values(
                closed_at=now(), closed_by=by.strip(), month=month, snapshot_id=snapshot_id, as_of_date=as_of_date,
                figures=json.dumps(dict(figures), ensure_ascii=False), minutes=minutes.strip(),
                decisions=json.dumps(list(decisions), ensure_ascii=False), replaces=replaces,
            )
        )  # fmt: skip
        written = _newest(connection, month, others)
        if written is None:
            raise LogError(f"The decision log did not keep the closing of {month:%B %Y}.")
        audit.about(connection, f"closing {written.id}: {month:%B %Y} on snapshot {snapshot_id}", by=by)
    return written


def closings(log: Log, others: Collection[str] = ()) -> tuple[Closing, ...]:
    """The months that are closed, the newest first, each as it stands: a closing that another corrects is left out,
    and one on the snapshots `others`, which are of another company.

    Raises LogError where the log cannot be read, AccessError for whoever may not see every customer.
    """
    access.require_everyone()
    with log.reading() as connection:
        if connection is None or not sql.inspect(connection).has_table(CLOSINGS.name):
            return ()
        rows = connection.execute(sql.select(CLOSINGS).order_by(CLOSINGS.c.month.desc(), CLOSINGS.c.id.desc())).all()
    corrected = {row.replaces for row in rows}
    return tuple(_read(row) for row in rows if row.id not in corrected and row.snapshot_id not in others)


def _newest(connection: sql.Connection, month: datetime.date, others: Collection[str]) -> Closing | None:
    own = sql.select(CLOSINGS).where(CLOSINGS.c.month == month, CLOSINGS.c.snapshot_id.not_in(others))
    asked = own.order_by(CLOSINGS.c.id.desc()).limit(1)
    row = connection.execute(asked).first()
    return None if row is None else _read(row)


def _read(row: Any) -> Closing:
    return Closing(
        row.id, row.closed_at, row.closed_by, row.month, row.snapshot_id, row.as_of_date, json.loads(row.figures),
        json.loads(row.decisions), row.minutes, row.replaces,
    )  # fmt: skip
