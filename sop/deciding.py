"""A decision as it is written to the log: what is asked before it is taken, and what each customer is told."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import pandas as pd
import sqlalchemy as sql

from sop import access, audit, words
from sop.access import Act
from sop.decisions import Log
from sop.errors import LogError
from sop.log_tables import ACTION_ENTRIES, ACTIONS, COSTS, CUSTOMERS, DECISIONS, EXPECTATIONS, LINES

MEASURES = {
    "promises kept": "of the promises that fall due, the share that is kept; at least",
    "decided promises kept": "of the lines decided on that fall due, the share that is kept to the date decided; at least",
    "lines waiting": "order lines overdue on that day; at most",
    "gap": "value of the promises that fall due and are not kept; at most",
}
"""What can be expected. Each is answered for the day it was expected by, from any later snapshot the same."""
SHARES = ("promises kept", "decided promises kept")

MOST_VALUE = 1e15
NOTHING_WRITTEN = "Nothing was written."


class Chosen(Protocol):
    """One option as it stood: its name, its title, a frame of lines, a frame of customers, and its totals."""

    @property
    def name(self) -> str:
        """By which it is chosen."""

    @property
    def title(self) -> str:
        """As it is said."""

    @property
    def lines(self) -> pd.DataFrame:
        """A row per order line, with the columns of the log's decision_lines."""

    @property
    def customers(self) -> pd.DataFrame:
        """A row per customer, with the columns of the log's decision_customers but for what they are told."""

    @property
    def totals(self) -> Mapping[str, Any]:
        """kept_count, broken_count, imposed_days, late_value, margin_value, cost_value."""


@dataclass(frozen=True)
class Action:
    """What somebody does, and by when."""

    what: str
    who: str
    due_date: datetime.date | None


@dataclass(frozen=True)
class Expectation:
    """What will be seen by when: one of MEASURES, of one customer or of everybody in the decision (None).

    `expected` is a share from 0 to 1, a number of lines or a value, as the measure has it.
    """

    measure: str
    customer_id: str | None
    expected: float
    due_date: datetime.date | None


@dataclass(frozen=True)
class Decision:
    """What is decided about one work centre and month, on one snapshot. `told` is by customer_id.

    `replaces` is the number of the decision that this one corrects.
    """

    decided_by: str
    snapshot_id: str
    as_of_date: datetime.date
    work_centre_id: str
    load_month: datetime.date
    reason: str
    assumed: str
    wrong_if: str
    review_date: datetime.date | None
    told: Mapping[str, str] = field(default_factory=dict)
    actions: Sequence[Action] = ()
    expectations: Sequence[Expectation] = ()
    replaces: int | None = None


class AlreadyDecided(LogError):
    """Somebody else decided the same; `decision` is the number of theirs."""

    def __init__(self, message: str, decision: int) -> None:
        super().__init__(message)
        self.decision = decision


def decide(log: Log, decision: Decision, options: Sequence[Chosen], chosen: str) -> int:
    """Write a decision for the option of that name and return its number; when it returns, the decision is on the disk.

    Raises LogError where something is missing, in one sentence, and AlreadyDecided where the same work centre and month
    was decided on the same snapshot, or the same decision corrected, by somebody else meanwhile.
    """
    decision = replace(decision, decided_by=access.named(decision.decided_by))
    option = next((option for option in options if option.name == chosen), None)
    missing = what_is_missing(decision, option)
    if missing or option is None:
        raise LogError(f"{missing} {NOTHING_WRITTEN}")
    with log.writing(Act.CORRECT if decision.replaces else Act.DECIDE) as connection:
        _refuse_a_second(connection, decision)
        number = _write_head(connection, decision, options, option)
        for table, rows in _rows(number, decision, option).items():
            if rows:
                connection.execute(sql.insert(table), rows)
        corrects = f", which corrects decision {decision.replaces}" if decision.replaces else ""
        what = f"decision {number} on snapshot {decision.snapshot_id}{corrects}"
        audit.about(connection, what, by=decision.decided_by)
    return number


def what_is_missing(decision: Decision, option: Chosen | None) -> str | None:
    """The first thing that a decision lacks, as a sentence; None where it can be written."""
    asked = {
        "Say who decides.": decision.decided_by, "Say why: the reason is what is asked first next month.": decision.reason,
        "Say what was assumed.": decision.assumed, "Say what would prove the decision wrong.": decision.wrong_if,
        "Choose the date on which to look at it again.": decision.review_date,
        "Choose one of the options.": option,
    }  # fmt: skip
    for sentence, given in asked.items():
        if given is None or (isinstance(given, str) and not given.strip()):
            return sentence
    if decision.review_date and decision.review_date <= decision.as_of_date:
        return f"The date to look at it again is to be after {_day(decision.as_of_date)}, the day of the extracts."
    return _missing_in_actions(decision.actions) or _missing_in_expectations(decision, option)


def _missing_in_actions(actions: Sequence[Action]) -> str | None:
    for action in actions:
        if not action.what.strip():
            return "An action says nothing of what is to be done."
        if not action.who.strip():
            return f"The action “{action.what.strip()}” has no owner: say who does it."
        if action.due_date is None:
            return f"The action “{action.what.strip()}” has no date: say by when."
    return None


def _missing_in_expectations(decision: Decision, option: Chosen | None) -> str | None:
    known = set() if option is None else set(option.customers["customer_id"])
    for expectation in decision.expectations:
        if expectation.measure not in MEASURES:
            return f"“{expectation.measure}” cannot be answered from the data; there are: {', '.join(MEASURES)}."
        if expectation.due_date is None or expectation.due_date <= decision.as_of_date:
            return f"What is expected of {expectation.measure} needs a date after {_day(decision.as_of_date)}."
        if expectation.customer_id is not None and expectation.customer_id not in known:
            return f"The decision does not touch customer {expectation.customer_id}, of whom something is expected."
        is_share = expectation.measure in SHARES
        if not 0 <= expectation.expected <= (1 if is_share else MOST_VALUE):
            return f"What is expected of {expectation.measure} is {'a share from 0 to 1' if is_share else 'never below 0'}."
    return None


def _refuse_a_second(connection: sql.Connection, decision: Decision) -> None:
    """Raise AlreadyDecided where there is one: whoever writes has the log alone, so nobody comes between."""
    if decision.replaces is None:
        of_the_same = [
            DECISIONS.c.snapshot_id == decision.snapshot_id,
            DECISIONS.c.work_centre_id == decision.work_centre_id,
            DECISIONS.c.load_month == decision.load_month,
        ]
        already = sql.select(DECISIONS).where(*of_the_same).order_by(DECISIONS.c.id.desc()).limit(1)
        did = "decided the same work centre and month on this snapshot"
    else:
        if connection.execute(sql.select(DECISIONS.c.id).where(DECISIONS.c.id == decision.replaces)).first() is None:
            raise LogError(f"There is no decision {decision.replaces} to correct. {NOTHING_WRITTEN}")
        already = sql.select(DECISIONS).where(DECISIONS.c.replaces == decision.replaces)
        did = f"corrected decision {decision.replaces}"
    first = connection.execute(already).first()
    if first is not None:
        raise AlreadyDecided(
            f"{first.decided_by} {did} on {_day(first.decided_at)}, {first.decided_at:%H:%M} UTC: decision {first.id},"
            f" “{first.title}”, because: {first.reason} {NOTHING_WRITTEN} Look at that one, and correct it where it is wrong.",
            first.id,
        )


def _write_head(connection: sql.Connection, decision: Decision, options: Sequence[Chosen], option: Chosen) -> int:
    written = connection.execute(
        sql.insert(DECISIONS).values(
            decided_at=now(),
            options=json.dumps([as_it_stood(one) for one in options], ensure_ascii=False),
            chosen=option.name,
            title=option.title,
            **{
                name: value.strip() if isinstance(value, str) else value
                for name, value in vars(decision).items()
                if name in DECISIONS.c
            },
        )
    )
    [number] = written.inserted_primary_key or [0]
    return int(number)


def _rows(number: int, decision: Decision, option: Chosen) -> dict[sql.Table, list[dict[str, Any]]]:
    """What belongs to the decision, by table."""
    customers = [
        {**row, "decision_id": number, "told": decision.told.get(row["customer_id"], "").strip()}
        for row in _plain_rows(option.customers, CUSTOMERS)
    ]
    return {
        LINES: [{**row, "decision_id": number} for row in _plain_rows(option.lines, LINES)],
        CUSTOMERS: customers,
        ACTIONS: [
            {"decision_id": number, "what": action.what.strip(), "who": action.who.strip(), "due_date": action.due_date}
            for action in decision.actions
        ],
        EXPECTATIONS: [{"decision_id": number, **vars(expectation)} for expectation in decision.expectations],
    }


def mark(log: Log, action: int, *, is_done: bool, by: str) -> None:
    """Write down that an action is done, or not done after all. Raises LogError where nobody says so or there is no such."""
    by = access.named(by)
    if not by.strip():
        raise LogError(f"Say who you are. {NOTHING_WRITTEN}")
    with log.writing(Act.MARK) as connection:
        if connection.execute(sql.select(ACTIONS.c.id).where(ACTIONS.c.id == action)).first() is None:
            raise LogError(f"There is no action {action}. {NOTHING_WRITTEN}")
        connection.execute(
            sql.insert(ACTION_ENTRIES).values(
                action_id=action, entered_at=now(), entered_by=by.strip(), is_done=is_done
            )
        )
        audit.about(connection, f"action {action}: {'done' if is_done else 'not done'}", by=by)


def say_spent(log: Log, decision: int, value: float, *, by: str) -> None:
    """Write down what was spent so far, in all, on the hours that a decision takes beyond those there are.

    Raises LogError where nobody says so, the value is below 0, or there is no such decision.
    """
    by = access.named(by)
    if not by.strip():
        raise LogError(f"Say who you are. {NOTHING_WRITTEN}")
    if not 0 <= value <= MOST_VALUE:
        raise LogError(f"What was spent is never below 0. {NOTHING_WRITTEN}")
    with log.writing(Act.SAY_SPENT) as connection:
        if connection.execute(sql.select(DECISIONS.c.id).where(DECISIONS.c.id == decision)).first() is None:
            raise LogError(f"There is no decision {decision}. {NOTHING_WRITTEN}")
        connection.execute(
            sql.insert(COSTS).values(decision_id=decision, entered_at=now(), entered_by=by.strip(), spent_value=value)
        )
        audit.about(connection, f"decision {decision}", by=by)


def texts_for_customers(option: Chosen) -> dict[str, str]:
    """What each customer of an option can be told, in plain words, by customer_id; to be edited by hand."""
    dated = option.lines.assign(
        promised_date=pd.to_datetime(option.lines["promised_date"]),
        new_promised_date=pd.to_datetime(option.lines["new_promised_date"]),
    )
    names = dict(zip(option.customers["customer_id"], option.customers["customer_name"], strict=True))
    return {
        str(customer): _text(str(names[customer]), own)
        for customer, own in dated.groupby("customer_id")
        if customer in names
    }


def _text(name: str, lines: pd.DataFrame, most: int = 5) -> str:
    """One short text: how many promises are kept, and which are moved from when to when."""
    kept, moved = lines[lines["is_kept"].astype(bool)], lines[~lines["is_kept"].astype(bool)]
    said = []
    if len(kept):
        said.append(f"{words.counted(len(kept), 'promise')} to you {'is' if len(kept) == 1 else 'are'} kept as given.")
    for _, line in moved.sort_values(["promised_date", "order_id", "line_number"]).head(most).iterrows():
        said.append(_moved(line))
    if len(moved) > most:
        said.append(
            f"{words.counted(len(moved) - most, 'more line')} {'is' if len(moved) == most + 1 else 'are'} moved."
        )
    regret = " We are sorry for the delay." if len(moved) else ""
    return f"To {name}: {' '.join(said)}{regret}"


def _moved(line: pd.Series) -> str:
    which = f"Order {line['order_id']}, line {line['line_number']}"
    if pd.isna(line["new_promised_date"]):
        return f"{which}: the promise of {_day(line['promised_date'])} cannot be kept; we will come back with a date."
    agreed = ", as agreed" if line.get("is_moved", False) else ""
    return f"{which} is moved from {_day(line['promised_date'])} to {_day(line['new_promised_date'])}{agreed}."


def as_it_stood(option: Chosen) -> dict[str, Any]:
    """An option with its totals and its figures by customer, for the log."""
    return {
        "name": option.name,
        "title": option.title,
        "totals": {name: _plain(value) for name, value in option.totals.items()},
        "customers": [
            {key: _plain(value) for key, value in row.items()} for row in option.customers.to_dict("records")
        ],
    }


def _plain_rows(frame: pd.DataFrame, table: sql.Table) -> list[dict[str, Any]]:
    """The rows of a frame with the columns that the table has, as the log writes them."""
    columns = [column.name for column in table.columns if column.name in frame.columns]
    dates = {column.name for column in table.columns if isinstance(column.type, sql.Date)}
    return [
        {str(name): _plain(value, is_date=name in dates) for name, value in row.items()}
        for row in frame[columns].to_dict("records")
    ]


def _plain(value: Any, *, is_date: bool = False) -> Any:
    """A value without pandas or numpy in it; None for a missing one."""
    if value is None or (not pd.api.types.is_list_like(value) and pd.isna(value)):
        return None
    if is_date:
        return pd.Timestamp(value).date()
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, bool | int | float | str) else float(value)


def now() -> datetime.datetime:
    """What time it is, in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
