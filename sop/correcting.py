"""A decision as it was taken, read back from the log, so that a new entry can correct it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
import sqlalchemy as sql

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
    """A decision, its options as they stood, and the name of the one that was chosen. Raises LogError where there is none."""
    with log.reading() as connection:
        head = None if connection is None else connection.execute(_of(DECISIONS, number)).mappings().first()
        if head is None or connection is None:
            raise LogError(f"There is no decision {number} in the log.")
        of = {table: _frame(connection, table, number) for table in (LINES, CUSTOMERS, ACTIONS, EXPECTATIONS)}
    told = dict(zip(of[CUSTOMERS]["customer_id"], of[CUSTOMERS]["told"], strict=True))
    taken = Decision(
        **{name: head[name] for name in Decision.__dataclass_fields__ if name in DECISIONS.c},
        told=told,
        actions=[Action(row.what, row.who, row.due_date) for row in of[ACTIONS].itertuples()],
        expectations=[
            Expectation(row.measure, row.customer_id, row.expected, row.due_date)
            for row in of[EXPECTATIONS].itertuples()
        ],
    )
    options = [
        Stood(stood["name"], stood["title"], stood["totals"], customers=pd.DataFrame(stood["customers"]))
        for stood in json.loads(head["options"])
    ]
    chosen = str(head["chosen"])
    lines = of[LINES].drop(columns="decision_id")
    return taken, [replace(one, lines=lines) if one.name == chosen else one for one in options], chosen


def with_dates(
    option: Stood, dates: Mapping[tuple[str, str], datetime.date], values: Mapping[tuple[str, str], float]
) -> Stood:
    """The option with other dates for some order lines, by order and line, and its figures by customer and in all added up anew.

    `values` is what is open of a line: what is late when it is moved. A line is kept where its date is not after the promise.
    """
    lines = option.lines.copy()
    keys = list(zip(lines["order_id"], lines["line_number"], strict=True))
    for place, key in zip(lines.index, keys, strict=True):
        if key in dates:
            promised = lines.at[place, "promised_date"]
            days = max((dates[key] - promised).days, 0)
            lines.at[place, "new_promised_date"] = dates[key]
            lines.at[place, "is_kept"] = days == 0
            lines.at[place, "imposed_days"] = days
            lines.at[place, "late_value"] = values.get(key, lines.at[place, "late_value"]) if days else 0.0
    figures = _by_customer(lines)
    customers = option.customers.set_index("customer_id")
    customers.update(figures)
    added = {name: figures[name].sum().item() for name in figures.columns}
    return replace(option, lines=lines, customers=customers.reset_index(), totals={**option.totals, **added})


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
