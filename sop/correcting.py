"""A decision as it was taken, read back from the log, so that a new entry can correct it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
import sqlalchemy as sql

from sop import access
from sop.deciding import Action, Decision, Expectation
from sop.decisions import Log
from sop.errors import LogError
from sop.log_tables import ACTIONS, CUSTOMERS, DECISIONS, EXPECTATIONS, LINES

NO_LINES = pd.DataFrame(columns=[column.name for column in LINES.columns if column is not LINES.c.decision_id])
NO_CUSTOMERS = pd.DataFrame(
    columns=[column.name for column in CUSTOMERS.columns if column is not CUSTOMERS.c.decision_id]
)


@dataclass(frozen=True)
class Stood:
    """An option as it stood when something was decided. Only the one that was chosen has its lines."""

    name: str
    title: str
    totals: Mapping[str, Any]
    lines: pd.DataFrame = field(default_factory=NO_LINES.copy)
    customers: pd.DataFrame = field(default_factory=NO_CUSTOMERS.copy)


def as_taken(log: Log, number: int) -> tuple[Decision, list[Stood], str]:
    """A decision, its options as they stood, and the name of the one that was chosen. Raises LogError where there is none.

    AccessError for whoever may not see every customer.
    """
    access.require_everyone()
    with log.reading() as connection:
        head = None if connection is None else connection.execute(_of(DECISIONS, number)).mappings().first()
        if head is None or connection is None:
            raise LogError(f"There is no decision {number} in the log.")
        lines, customers = _frame(connection, LINES, number), _frame(connection, CUSTOMERS, number)
        actions, expectations = (connection.execute(_of(table, number)).all() for table in (ACTIONS, EXPECTATIONS))
    told = dict(zip(customers["customer_id"], customers["told"], strict=True))
    taken = Decision(
        **{name: head[name] for name in Decision.__dataclass_fields__ if name in DECISIONS.c},
        told=told,
        actions=[Action(row.what, row.who, row.due_date) for row in actions],
        expectations=[Expectation(row.measure, row.customer_id, row.expected, row.due_date) for row in expectations],
    )
    options = [
        Stood(stood["name"], stood["title"], stood["totals"], customers=pd.DataFrame(stood["customers"]))
        for stood in json.loads(head["options"])
    ]
    chosen = str(head["chosen"])
    lines = lines.drop(columns="decision_id")
    return taken, [replace(one, lines=lines) if one.name == chosen else one for one in options], chosen


def with_dates(
    option: Stood, dates: Mapping[tuple[str, str], datetime.date], values: Mapping[tuple[str, str], float]
) -> Stood:
    """The option with other dates for some order lines, by order and line, with its figures by customer and in all.

    `values` is what is open of a line: what is late when it is moved. A line is kept where its date is not after the promise.
    """
    rows = [_moved(row, dates, values) for row in option.lines.to_dict("records")]
    lines = pd.DataFrame(rows, columns=option.lines.columns, dtype=object)
    figures = _by_customer(lines)
    customers = option.customers.set_index("customer_id")
    customers.update(figures)
    changed = figures.sum() - _by_customer(option.lines).sum()
    totals = {str(name): option.totals[str(name)] + change for name, change in changed.to_dict().items()}
    totals |= {name: int(total) for name, total in totals.items() if name != "late_value"}
    return replace(option, lines=lines, customers=customers.reset_index(), totals={**option.totals, **totals})


def _moved(
    row: Mapping[Any, Any], dates: Mapping[tuple[str, str], datetime.date], values: Mapping[tuple[str, str], float]
) -> dict[Any, Any]:
    """One line with its other date, where it has one."""
    key = (str(row["order_id"]), str(row["line_number"]))
    if key not in dates:
        return dict(row)
    days = max((dates[key] - row["promised_date"]).days, 0)
    late = values.get(key, row["late_value"]) if days else 0.0
    return {
        **row, "new_promised_date": dates[key], "is_kept": days == 0, "imposed_days": days, "late_value": late,
        "late_quantity": row["late_quantity"] if days else 0.0,
    }  # fmt: skip


def _by_customer(lines: pd.DataFrame) -> pd.DataFrame:
    """A row per customer, who is its index: kept_count, broken_count, imposed_days, late_value."""
    is_kept = lines["is_kept"].astype(bool)
    counted = lines.assign(
        kept_count=is_kept.astype(int), broken_count=(~is_kept).astype(int),
        imposed_days=lines["imposed_days"].astype(int), late_value=lines["late_value"].astype(float),
    )  # fmt: skip
    return counted.groupby("customer_id")[["kept_count", "broken_count", "imposed_days", "late_value"]].sum()


def _of(table: sql.Table, number: int) -> sql.Select[Any]:
    column = table.c.id if table is DECISIONS else table.c.decision_id
    return sql.select(table).where(column == number)


def _frame(connection: sql.Connection, table: sql.Table, number: int) -> pd.DataFrame:
    columns = [column.name for column in table.columns]
    return pd.DataFrame([tuple(row) for row in connection.execute(_of(table, number))], columns=columns, dtype=object)
