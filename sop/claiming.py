"""Who claims the scarce hours, what a month late weighs, and what an option does: the words of arbitration."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sop import allocation
from sop.allocation import Given, Hours, Kept, Queue, Whole
from sop.best_overall import Best, Claimed
from sop.levers import Levers, Taken
from sop.promising import array_of

LINE = ["order_id", "line_number"]


@dataclass(frozen=True)
class Weights:
    """What a month late costs: a share of the value that is late, times how much the customer weighs.

    A customer weighs as much as its tier, and more by `let_down` times the share of its promises broken lately.
    """

    tier_a: float = 3.0
    tier_b: float = 2.0
    tier_c: float = 1.0
    let_down: float = 1.0
    late_rate: float = 0.1

    def of(self, customers: pd.DataFrame) -> pd.Series:
        """How much each customer weighs. Columns: tier, let_down_rate. A tier that is not known weighs as C."""
        by_tier = customers["tier"].map({"A": self.tier_a, "B": self.tier_b, "C": self.tier_c}).fillna(self.tier_c)
        weight: pd.Series = by_tier.astype(float) * (1 + self.let_down * customers["let_down_rate"].astype(float))
        return weight


@dataclass(frozen=True)
class Option:
    """What one way to deal out the hours does.

    `lines`: a row per claim: order_id, line_number, customer_id, product_id, promised_date, new_promised_date (empty beyond the
    months known), is_kept, is_moved, is_declined, is_opportunity, imposed_days, late_quantity, late_value, why. `customers`: a
    row per customer with one: customer_id, customer_name, tier, kept_count, broken_count, imposed_days, late_value,
    let_down_count, imposed_days_so_far. `totals`: kept_count, broken_count, moved_count, declined_count, imposed_days,
    late_value, margin_value (of what is in time; None without unit costs), cost_value (of levers), weighed_value (what best
    overall makes least). Counts and days are of order lines (declined_count of opportunities); values have opportunities in
    them by their chance. A moved line is neither kept nor broken. A line that is not there within the months known is counted
    as coming at the end of the month after them. `extra` are the hours that levers add [work centre, month], `taken` what is
    taken of each. `kept` is the deal itself.
    """

    name: str
    title: str
    lines: pd.DataFrame
    customers: pd.DataFrame
    totals: dict[str, Any]
    kept: Kept
    best: Best | None = None
    extra: Hours | None = None
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True)
class Claims:
    """Every open order line with the hours it asks for.

    Frames as arbitrate/lines, arbitrate/customers and arbitrate/hours answer. A line's number is its place in `lines`, whatever
    their order; `claim` has that of each step's line.
    """

    lines: pd.DataFrame
    customers: pd.DataFrame
    hours: pd.DataFrame
    queue: Queue
    claim: Whole
    available: Hours

    @cached_property
    def is_opportunity(self) -> npt.NDArray[np.bool_]:
        """Which claims are opportunities instead of order lines."""
        return self.lines["is_opportunity"].to_numpy(bool)

    @cached_property
    def by_promise(self) -> Whole:
        """The numbers of the lines in the order of first promise, and those of opportunities behind them."""
        return np.argsort(self.lines["claim_number"].to_numpy(), kind="stable")

    def sorted_by(self, key: npt.NDArray[Any]) -> Whole:
        """The numbers of the lines in the order of a key, those with the same by first promise."""
        return np.asarray(self.by_promise[np.argsort(key[self.by_promise], kind="stable")])

    @cached_property
    def customer(self) -> Whole:
        """The place in `customers` of each line's customer."""
        number = self.customers["customer_number"].to_numpy()
        place = np.zeros(int(number.max(initial=-1)) + 1, np.int64)
        place[number] = np.arange(len(number))
        return np.asarray(place[self.lines["customer_number"].to_numpy()])

    @cached_property
    def customer_id(self) -> pd.Series:
        """The customer of each line."""
        return self.customers["customer_id"].take(self.customer).reset_index(drop=True)

    @cached_property
    def _names(self) -> pd.Series:
        return self.lines["order_id"] + " / " + self.lines["line_number"]

    def names_of(self, numbers: Whole) -> list[str]:
        """What lines of these numbers are called: 'order / line'."""
        names: list[str] = self._names.iloc[numbers].tolist()
        return names

    def numbers_of(self, names: Collection[str]) -> dict[str, int]:
        """The number of each claim that is called so, by its name; those that are not there are left out."""
        if not names:
            return {}
        numbers = np.flatnonzero(self._names.isin(list(names)))
        return dict(zip(self.names_of(numbers), numbers.tolist(), strict=True))

    @cached_property
    def cell_names(self) -> list[tuple[str, str]]:
        """The name of the work centre and of the month, by work centre and month in the order of their numbers."""
        ordered = self.hours.sort_values(["work_centre_number", "month_number"])
        months = {month: f"{month:%B %Y}" for month in ordered["month"].unique()}
        return list(zip(ordered["work_centre_name"].astype(str), ordered["month"].map(months), strict=True))

    @cached_property
    def _steps(self) -> tuple[Whole, Whole, Whole]:
        """The steps in the order of their lines, and for each line the place of its first one and how many it has."""
        count = np.bincount(self.claim, minlength=len(self.lines))
        return np.argsort(self.claim, kind="stable"), np.cumsum(count) - count, count

    def given(self, order: Whole, available: Hours | None = None) -> Given:
        """Deal out the hours to lines in this order (their numbers, first served first)."""
        by_claim, start, count = self._steps
        counts = count[order]
        ends = np.cumsum(counts)
        by_rank = by_claim[np.repeat(start[order] - ends + counts, counts) + np.arange(len(by_claim))]
        served = Queue(self.queue.work_centre[by_rank], self.queue.month[by_rank], self.queue.hours[by_rank])
        found = allocation.in_order(served, self.available if available is None else available)
        return Given(by_rank[found.step], found.month, found.hours)

    def claimed(self, weights: Weights, levers: Levers | None = None) -> Claimed:
        """What the linear programme asks: what a month late costs by line, which lines are of one kind, what declining costs.

        Lines of one product and month have the same steps, by the unit. Those that also weigh the same by the unit are of one
        kind: they are gathered without changing the least cost. To decline an opportunity costs the margin lost, by its chance;
        where that is unknown, a share of its value.
        """
        unit = weights.of(self.customers).to_numpy()[self.customer] * weights.late_rate * self.lines["unit_price"]
        kinds = self.lines.groupby(["product_id", "due_month", unit.round(6)], sort=False).ngroup()
        shapes = self.lines.groupby(["product_id", "due_month"], sort=False).ngroup()
        size = self.lines["open_quantity"].to_numpy(float)
        worth = (unit * self.lines["open_quantity"]).to_numpy(float)
        declined = None
        if levers and levers.can_decline:
            margin = self.lines["unit_margin"].fillna(self.lines["unit_price"] * levers.declined_rate).to_numpy(float)
            declined = np.where(self.is_opportunity, np.maximum(margin, 0) * size, np.inf)
        return Claimed(
            self.queue, self.claim, worth, np.asarray(kinds, np.int64), np.asarray(shapes, np.int64), size, declined
        )


def claims_of(lines: pd.DataFrame, steps: pd.DataFrame, customers: pd.DataFrame, hours: pd.DataFrame) -> Claims:
    """Claims from the answers of arbitrate/lines, steps, customers and hours.

    Lines are put in the order of marts/promises_ahead and steps in that of marts/queues, in which they nearly always come.
    """
    if not _are_in_order(lines):
        customer, day, number = (
            lines[name].to_numpy() for name in ("customer_number", "promised_date", "claim_number")
        )
        is_line = ~lines["is_opportunity"].to_numpy(bool)
        order = np.lexsort((number, np.where(is_line, day, day[:1]), np.where(is_line, customer, 0), ~is_line))
        lines = lines.iloc[order].reset_index(drop=True)
    number = lines["claim_number"].to_numpy()
    by_number = np.empty(len(number), np.int64)
    by_number[number] = np.arange(len(number))
    centre, month, claimed = (
        steps[name].to_numpy(np.int64) for name in ("work_centre_number", "month_number", "claim_number")
    )
    step_hours = steps["step_hours"].to_numpy(float)
    queued = (centre * (int(month.max(initial=0)) + 1) + month) * len(number) + claimed
    if (queued[1:] < queued[:-1]).any():
        order = np.argsort(queued, kind="stable")
        centre, month, claimed, step_hours = centre[order], month[order], claimed[order], step_hours[order]
    queue = Queue(centre, month, step_hours)
    return Claims(lines, customers, hours, queue, by_number[claimed], array_of(hours, "available_hours"))


def _are_in_order(lines: pd.DataFrame) -> bool:
    """Whether order lines stand by customer, promise and number, and opportunities behind them by their number."""
    count = int((~lines["is_opportunity"]).sum())
    customer, day, number = (lines[name].to_numpy() for name in ("customer_number", "promised_date", "claim_number"))
    if (number[count:] != np.arange(count, len(lines))).any():
        return False
    is_before = np.ones(max(count - 1, 0), bool)
    for key in (number[:count], day[:count], customer[:count]):  # the last one that differs decides
        is_before = (key[:-1] < key[1:]) | ((key[:-1] == key[1:]) & is_before)
    return bool(is_before.all())


def late_hours(claims: Claims, given: Given) -> Hours:
    """The hours of each step that are not given in its own month."""
    in_time = given.month == claims.queue.month[given.step]
    had = np.bincount(given.step[in_time], given.hours[in_time], minlength=len(claims.queue))
    return np.maximum(claims.queue.hours - had, 0)
