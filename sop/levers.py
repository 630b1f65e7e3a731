"""Levers: hours that may be had beyond those there are, promises that may be moved, opportunities that may be declined."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sop.allocation import TINY, Hours, Queue, Whole

OVERTIME, OUTSIDE, EARLIER, ELSEWHERE = "overtime", "bought outside", "made earlier", "done elsewhere"
MOVED, DECLINED = "promise moved", "opportunity declined"


@dataclass(frozen=True)
class Elsewhere:
    """Another work centre that can do the work of one: at most `limit` hours a month (of the first), what each costs, and how
    many hours it takes there for one here.
    """

    work_centre: int
    other: int
    limit: float
    cost: float
    hours_there: float = 1.0


@dataclass(frozen=True)
class Move:
    """A promise that the customer would let go to so many months later, and what that costs for the whole line."""

    line: int
    months: int
    cost: float


@dataclass(frozen=True)
class Levers:
    """What is opened. Arrays are [work centre, month]; None where a lever stays shut.

    `limit` and `cost` are overtime's hours and cost per hour, `outside_…` those of hours bought outside. `earlier_limit` is how
    many hours of a month may be kept for work of later months, `earlier_cost` what each costs per month that it is early. To
    decline an opportunity costs its margin, or, where that is unknown, the share `declined_rate` of its value.
    """

    limit: Hours | None = None
    cost: Hours | None = None
    outside_limit: Hours | None = None
    outside_cost: Hours | None = None
    earlier_limit: Hours | None = None
    earlier_cost: Hours | None = None
    elsewhere: tuple[Elsewhere, ...] = ()
    moves: tuple[Move, ...] = ()
    can_decline: bool = False
    declined_rate: float = 0.3


@dataclass(frozen=True)
class Taken:
    """Hours taken of a lever: what kind, where, when (numbers), how many, what they cost; `source` is the work centre that does
    the work of another, or the one itself.
    """

    kind: str
    work_centre: int
    month: int
    hours: float
    cost: float
    source: int


@dataclass(frozen=True)
class Flows:
    """Every way to have an hour, one entry each: `target` gains it and `source` loses `rate` of its own (-1: nobody does).

    Both are cells, work centre × months + month. At most `limit` hours, each at `cost`; `kind` says of which lever.
    """

    kind: npt.NDArray[np.str_]
    target: Whole
    source: Whole
    rate: Hours
    limit: Hours
    cost: Hours

    def __len__(self) -> int:
        return len(self.target)

    def saving(self, prices: Hours) -> Hours:
        """What an hour of each saves at these prices of an hour, by cell; below 0 where it costs more."""
        lost = np.where(self.source >= 0, self.rate * prices[self.source], 0.0)
        return np.asarray(prices[self.target] - lost - self.cost)

    def net(self, hours: Hours, cells: int) -> Hours:
        """What each cell has more, or less, by so many hours of each."""
        gained = np.bincount(self.target, hours, minlength=cells).astype(float)
        lends = self.source >= 0
        lost = np.bincount(self.source[lends], (hours * self.rate)[lends], minlength=cells)
        return np.asarray(gained - lost)


def flows(levers: Levers, available: Hours) -> Flows:
    """The levers that move or buy hours, one entry for each work centre and month where there is something to have."""
    months, parts = available.shape[1], []
    cells = np.arange(available.size)
    for kind, limit, cost in (
        (OVERTIME, levers.limit, levers.cost), (OUTSIDE, levers.outside_limit, levers.outside_cost),
    ):  # fmt: skip
        if limit is not None and cost is not None:
            parts.append((kind, cells, np.full(len(cells), -1), np.ones(len(cells)), limit.ravel(), cost.ravel()))
    if levers.earlier_limit is not None and levers.earlier_cost is not None:
        first = cells[cells % months < months - 1] if months else cells
        limit, cost = levers.earlier_limit.ravel()[first], levers.earlier_cost.ravel()[first]
        parts.append((EARLIER, first + 1, first, np.ones(len(first)), limit, cost))
    for other in levers.elsewhere:
        here, there = (cells.reshape(available.shape)[centre] for centre in (other.work_centre, other.other))
        same = np.ones(months)
        parts.append((ELSEWHERE, here, there, same * other.hours_there, same * other.limit, same * other.cost))
    return _joined(parts)


def _joined(parts: list[tuple[str, Whole, Whole, Hours, Hours, Hours]]) -> Flows:
    if not parts:
        none = np.zeros(0)
        return Flows(np.empty(0, "U1"), none.astype(np.int64), none.astype(np.int64), none, none, none)
    kind = np.concatenate([np.full(len(part[1]), part[0]) for part in parts])
    target, source, rate, limit, cost = (np.concatenate([part[place] for part in parts]) for place in range(1, 6))
    some = limit > TINY
    return Flows(kind[some], target[some], source[some], rate[some], limit[some], cost[some])


def most_lent(found: Flows, available: Hours) -> Hours:
    """The hours that each work centre and month could at most lose to others."""
    lends = found.source >= 0
    lost = np.bincount(found.source[lends], (found.rate * found.limit)[lends], minlength=available.size)
    return np.asarray(np.minimum(lost.reshape(available.shape), available))


def as_needed(queue: Queue, available: Hours, levers: Levers | None) -> tuple[Hours, list[Taken]]:
    """The overtime and outside hours that are taken only as far as somebody would wait without them, the cheapest first.

    How many wait at the end of a month is the same whoever is served first, so every policy takes the same.
    """
    extra = np.zeros_like(available)
    found = flows(levers, available) if levers else _joined([])
    buys = np.flatnonzero(found.source < 0)
    if not len(buys):
        return extra, []
    limit = np.bincount(found.target[buys], found.limit[buys], minlength=available.size).reshape(available.shape)
    load, waiting = np.zeros_like(available), np.zeros(len(available))
    np.add.at(load, (queue.work_centre, queue.month), queue.hours)
    for month in range(available.shape[1]):
        wanted = np.maximum(waiting + load[:, month] - available[:, month], 0)
        extra[:, month] = np.where(wanted > TINY, np.minimum(wanted, limit[:, month]), 0)
        waiting = wanted - extra[:, month]
    hours, left = np.zeros(len(found)), extra.ravel().copy()
    for one in buys[np.argsort(found.cost[buys], kind="stable")].tolist():
        hours[one] = min(left[found.target[one]], found.limit[one])
        left[found.target[one]] -= hours[one]
    return extra, taken(found, hours, available.shape[1])


def taken(found: Flows, hours: Hours, months: int) -> list[Taken]:
    """What so many hours of each flow are, in words and figures; nothing where none are taken."""
    rows = []
    for one in np.flatnonzero(hours > TINY).tolist():
        centre, month = divmod(int(found.target[one]), months)
        source = int(found.source[one]) // months if found.source[one] >= 0 else centre
        rows.append(
            Taken(str(found.kind[one]), centre, month, float(hours[one]), float(hours[one] * found.cost[one]), source)
        )
    return rows
