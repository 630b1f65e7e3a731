"""Notes pinned to a customer, a month or a promise, and disputes about an order line: the two sides beside each other.

Both are entries of the decision log. Neither changes a figure: the fact stays, and what is disputed is said beside it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sql

from sop import access, audit
from sop.access import Act
from sop.deciding import NOTHING_WRITTEN, now
from sop.decisions import Log
from sop.errors import LogError
from sop.log_tables import DISPUTES, NOTES

MOST_TEXT = 1_000


@dataclass(frozen=True)
class Place:
    """What a note is pinned to: a customer, a month, an order line, or a customer's month. At least one is given."""

    customer_id: str | None = None
    month: datetime.date | None = None
    order_id: str | None = None
    line_number: str | None = None


def note(log: Log, place: Place, text: str, *, by: str, snapshot_id: str, replaces: int | None = None) -> int:
    """Pin a note, written in sight of a snapshot, and return its number; an empty text takes away the note that it replaces.

    Raises LogError where nobody says who writes, where it is pinned to nothing or says nothing, and where somebody else
    changed the note that it replaces meanwhile.
    """
    by = access.named(by)
    if not by.strip():
        raise LogError(f"Say who writes the note. {NOTHING_WRITTEN}")
    if place == Place():
        raise LogError(f"A note is pinned to a customer, a month or an order line. {NOTHING_WRITTEN}")
    if not text.strip() and replaces is None:
        raise LogError(f"The note is empty. {NOTHING_WRITTEN}")
    with log.writing(Act.NOTE) as connection:
        if replaces is not None:
            _refuse_a_second(connection, NOTES, replaces, "note")
        written = connection.execute(
            sql.insert(NOTES).values(
                noted_at=now(),
                noted_by=by.strip(),
                snapshot_id=snapshot_id,
                text=text.strip()[:MOST_TEXT],
                replaces=replaces,
                **vars(place),
            )
        )
        [number] = written.inserted_primary_key or [0]
        instead = f", in the place of note {replaces}" if replaces else ""
        audit.about(connection, f"note {number}{instead}", by=by)
    return int(number)


def dispute(
    log: Log, order_id: str, line_number: str, *, sales_says: str, operations_says: str, by: str, snapshot_id: str,
    is_open: bool = True, replaces: int | None = None, others: Collection[str] = (),
) -> int:  # fmt: skip
    """Write what each side says of an order line, and whether it is still disputed; return the entry's number.

    Raises LogError where nobody says who writes, where neither side says anything, where the line is disputed already
    (unless `replaces` names that entry), and where somebody else changed that entry meanwhile. What was written in sight of
    the `others` is about another company.
    """
    by = access.named(by)
    if not by.strip():
        raise LogError(f"Say who writes. {NOTHING_WRITTEN}")
    if not (sales_says.strip() or operations_says.strip()):
        raise LogError(f"Say what sales or operations says of the line. {NOTHING_WRITTEN}")
    with log.writing(Act.DISPUTE) as connection:
        asked = sql.select(sql.func.max(DISPUTES.c.id)).where(
            DISPUTES.c.order_id == order_id,
            DISPUTES.c.line_number == line_number,
            DISPUTES.c.snapshot_id.not_in(others),
        )
        newest = connection.execute(asked).scalar_one()
        if newest != replaces:
            raise LogError(f"Somebody else wrote about this line meanwhile: look at that first. {NOTHING_WRITTEN}")
        written = connection.execute(
            sql.insert(DISPUTES).values(
                entered_at=now(), entered_by=by.strip(), snapshot_id=snapshot_id, order_id=order_id, line_number=line_number,
                sales_says=sales_says.strip()[:MOST_TEXT], operations_says=operations_says.strip()[:MOST_TEXT],
                is_open=is_open, replaces=replaces,
            )
        )  # fmt: skip
        [number] = written.inserted_primary_key or [0]
        audit.about(connection, f"dispute {number} about order {order_id}, line {line_number}", by=by)
    return int(number)


def _refuse_a_second(connection: sql.Connection, table: sql.Table, replaces: int, what: str) -> None:
    if connection.execute(sql.select(table.c.id).where(table.c.id == replaces)).first() is None:
        raise LogError(f"There is no {what} {replaces}. {NOTHING_WRITTEN}")
    if connection.execute(sql.select(table.c.id).where(table.c.replaces == replaces)).first() is not None:
        raise LogError(f"Somebody else changed this {what} meanwhile: look at it first. {NOTHING_WRITTEN}")
