"""Before a date is given: the earliest month that could honestly be promised, and whom a promise would move."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sop import allocation
from sop.allocation import Hours, Queue


@dataclass(frozen=True)
class Answer:
    """What is capable to promise: the month (None beyond the months known) and the work centre that limits it.

    `unknown` names the work centres on the routing whose hours are unknown; they limit nothing.
    """

    month: pd.Timestamp | None
    limited_by: str | None
    steps: pd.DataFrame
    unknown: tuple[str, ...]


def capable_to_promise(routing: pd.DataFrame, hours: pd.DataFrame, quantity: float) -> Answer:
    """The earliest month in which so many units of a product could be there, begun at once and behind everything firm.

    `routing`: a row per work centre (pipeline/routing). `hours`: work centre × month (pipeline/hours). The answer's `steps` has a
    row per work centre with hours: work_centre_name, step_hours, ready_month (work done and offset waited for).
    """
    known = routing.dropna(subset=["work_centre_number"])
    unknown = tuple(routing[routing["work_centre_number"].isna()]["work_centre_name"])
    if known.empty:
        return Answer(None, None, known.assign(step_hours=0.0, ready_month=None), unknown)
    wanted = known["hours_per_unit"].to_numpy(float) * quantity
    asked = Queue(known["work_centre_number"].to_numpy(np.int64), np.zeros(len(known), np.int64), wanted)
    done = allocation.completed_alone(asked, array_of(hours, "left_hours"))
    first = hours["month"].min()
    ready = [
        None if month < 0 else first + pd.DateOffset(months=int(month + offset))
        for month, offset in zip(done, known["offset_months"], strict=True)
    ]
    steps = known.assign(step_hours=wanted, ready_month=pd.Series(ready, index=known.index, dtype="datetime64[us]"))
    never = steps[steps["ready_month"].isna()]
    last = never.iloc[0] if len(never) else steps.sort_values("ready_month", kind="stable").iloc[-1]
    return Answer(
        None if len(never) else pd.Timestamp(last["ready_month"]), str(last["work_centre_name"]), steps, unknown
    )


@dataclass(frozen=True)
class Collision:
    """What happens if an opportunity is won and promised for its date.

    `moved`: a row per order line that comes later: order_id, line_number, customer_id, customer_name, work_centre_name,
    promised_date, projected_date (as things stand), would_come_date (empty beyond the months known), moved_days, open_value.
    `own_month`: when it would itself be there, `harmless_month`: the earliest month in which it would be there as promised
    and move nobody; both None beyond the months known.
    """

    moved: pd.DataFrame
    own_month: pd.Timestamp | None
    harmless_month: pd.Timestamp | None


def collide(steps: pd.DataFrame, queue: pd.DataFrame, hours: pd.DataFrame, told: datetime.date) -> Collision:
    """Lay an opportunity at full quantity on the work centres it needs, promised for `told`, and see who moves.

    `steps`: its hours by work centre (pipeline/collision_steps); `queue`: who is served there (pipeline/collision_queue), in
    any order; `hours`: pipeline/hours. Whoever was promised first is served before it, whoever was promised later behind.
    """
    available, first = array_of(hours, "available_hours"), hours["month"].min()
    standing = _Standing(queue, available)
    need = _months_between(first, pd.Timestamp(told))
    later, own = standing.with_one_more(steps, need, pd.Timestamp(told))
    harmless = None
    for month in range(max(need, 0), available.shape[1]):
        end = first + pd.DateOffset(months=month + 1) - pd.DateOffset(days=1)
        date = pd.Timestamp(told) if month == need else end
        moved, done = standing.with_one_more(steps, month, date)
        if done == 0 and not moved.any():
            harmless = first + pd.DateOffset(months=month)
            break
    own_month = None if own is None else first + pd.DateOffset(months=max(need, 0) + own)
    return Collision(_moved(queue, later, first, available.shape[1]), own_month, harmless)


class _Standing:
    """The queue as it stands, and what becomes of it when one more joins."""

    def __init__(self, queue: pd.DataFrame, available: Hours) -> None:
        self.queue, self.available = queue, available
        self.asked = Queue(
            queue["work_centre_number"].to_numpy(np.int64), queue["month_number"].to_numpy(np.int64),
            queue["step_hours"].to_numpy(float),
        )  # fmt: skip
        self.order = np.lexsort(
            (
                queue["line_number"].to_numpy(str),
                queue["order_id"].to_numpy(str),
                queue["first_promised_date"].to_numpy(),
            )
        )
        self.before = self._completed(self.order, self.asked)

    def _completed(self, order: allocation.Whole, asked: Queue) -> allocation.Whole:
        """Months by place in `asked`; the number of months known where a step is never completed."""
        served = Queue(asked.work_centre[order], asked.month[order], asked.hours[order])
        done = np.empty(len(asked), np.int64)
        done[order] = allocation.in_order(served, self.available).completed(served)
        return np.where(done < 0, self.available.shape[1], done)

    def with_one_more(self, steps: pd.DataFrame, need: int, told: pd.Timestamp) -> tuple[pd.Series, int | None]:
        """For each step in the queue how it is completed once the newcomer is in (empty where nothing changes), and how many
        months late the newcomer is itself; None where it never fits.
        """
        load = np.maximum(need - steps["offset_months"].to_numpy(np.int64), 0)
        within = load < self.available.shape[1]
        count = len(self.asked)
        whole = Queue(
            np.concatenate([self.asked.work_centre, steps["work_centre_number"].to_numpy(np.int64)[within]]),
            np.concatenate([self.asked.month, load[within]]),
            np.concatenate([self.asked.hours, steps["step_hours"].to_numpy(float)[within]]),
        )
        dates = self.queue["first_promised_date"].to_numpy()[self.order]
        place = int(np.searchsorted(dates, told.to_datetime64(), side="right"))
        order = np.concatenate([self.order[:place], np.arange(count, len(whole)), self.order[place:]])
        after = self._completed(order.astype(np.int64), whole)
        changed = pd.Series(after[:count], index=self.queue.index)[after[:count] > self.before]
        own = after[count:]
        late = int((own - load[within]).max()) if len(own) else 0
        return changed, None if (own >= self.available.shape[1]).any() else late


def _moved(queue: pd.DataFrame, later: pd.Series, first: pd.Timestamp, month_count: int) -> pd.DataFrame:
    """One row per line that comes later, by the slowest of its steps."""
    steps = queue.loc[later.index].assign(slip=later - queue.loc[later.index, "month_number"], done=later)
    steps = steps.sort_values("slip", ascending=False, kind="stable").drop_duplicates(["order_id", "line_number"])
    months = [
        pd.NaT if done >= month_count else due + pd.DateOffset(months=int(slip))
        for done, due, slip in zip(steps["done"], steps["due_month"], steps["slip"], strict=True)
    ]
    steps["month"] = pd.Series(months, index=steps.index, dtype="datetime64[us]")
    comes_later = steps["projected_month"].notna() & ~(steps["month"] <= steps["projected_month"])
    steps = steps[comes_later].copy()
    steps["would_come_date"] = steps["month"] + pd.offsets.MonthEnd(0)
    steps["moved_days"] = (steps["would_come_date"] - steps["projected_date"]).dt.days.astype("Int64")
    columns = [
        "customer_name", "order_id", "line_number", "work_centre_name", "promised_date", "projected_date", "would_come_date",
        "moved_days", "open_value", "customer_id",
    ]  # fmt: skip
    return steps.sort_values(["moved_days", "open_value"], ascending=False)[columns].reset_index(drop=True)


def customers_moved(moved: pd.DataFrame) -> pd.DataFrame:
    """One row per customer of `Collision.moved`: customer_name, line_count, moved_days (all its lines together), open_value."""
    return (
        moved.groupby(["customer_id", "customer_name"], sort=False)
        .agg(line_count=("order_id", "size"), moved_days=("moved_days", "sum"), open_value=("open_value", "sum"))
        .reset_index()
        .sort_values("open_value", ascending=False)
    )


def array_of(hours: pd.DataFrame, column: str) -> Hours:
    """A column of work centre × month, sorted by both numbers, as an array [work centre, month]."""
    months = int(hours["month_number"].max()) + 1 if len(hours) else 0
    return hours[column].to_numpy(float).reshape(-1, months) if months else np.zeros((0, 0))


def _months_between(first: pd.Timestamp, last: pd.Timestamp) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
