"""The best deal over all work centres and months at once: a linear programme, solved by HiGHS.

What it minimises is months late × worth, summed over all lines, and what opened levers cost. A line is late by units: a
unit is there once every step has its hours for it, so part of a line may be in time and the rest not. Every policy's deal is
a solution of the programme, so none can be better; and what is found is optimal unless it says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop import allocation, dealing, programme
from sop.allocation import TINY, Given, Hours, Queue, Whole
from sop.levers import Levers, Taken, flows, most_lent, taken
from sop.patterns import Kinds, Shape, shapes


@dataclass(frozen=True)
class Claimed:
    """Who claims what: `queue` has the steps; `line` numbers the line of each; `worth` is what a month late costs, by line.

    Lines of one `kind` need the same work centres in the same months, in the same proportions, and are worth the same by the
    hour: the programme sees them as one. Lines of one `shape` need the same hours a unit; `size` are a line's units. Where they
    are not given, each kind is a shape of its own. `declined` is what it costs to decline a line, infinite where it cannot be.
    """

    queue: Queue
    line: Whole
    worth: Hours
    kind: Whole
    shape: Whole | None = None
    size: Hours | None = None
    declined: Hours | None = None


@dataclass(frozen=True)
class Best:
    """The deal, the hours had more (or less) by levers, the value of one more hour, all [work centre, month], and the proof.

    `cost` is what was minimised; `bound` is proven to be the least possible: the same, unless time ran out, as `is_proven` says.
    `given` is None where no deal was found in time, and in what is kept beside the option that has it. An hour keeps its value
    from `from_hours` to `to_hours` available, which are nan where that was not worked out. `taken` are the hours taken of levers.
    """

    given: Given | None
    extra: Hours
    hour_value: Hours
    from_hours: Hours
    to_hours: Hours
    cost: float
    bound: float
    is_proven: bool
    taken: tuple[Taken, ...] = ()

    @property
    def is_ranged(self) -> bool:
        """Whether it was worked out between which hours the values of an hour hold."""
        return not np.isnan(self.from_hours).any()


def late_shares(claimed: Claimed, given: Given, months: int) -> Hours:
    """For each line the share of its units that is late by more than so many months: [line, months].

    A unit that is never there is late from its first step's month to the end of the months known.
    """
    queue, count = claimed.queue, len(claimed.worth)
    in_time = given.month == queue.month[given.step]
    had = np.bincount(given.step[in_time], given.hours[in_time], minlength=len(queue))
    waits = queue.hours - had > TINY  # of the others no unit is late
    steps = np.flatnonzero(waits)
    rows = np.flatnonzero(waits[given.step])
    place = np.searchsorted(steps, given.step[rows])
    by_month = np.zeros((len(steps), months + 1))
    np.add.at(by_month, (place, given.month[rows] - queue.month[steps][place]), given.hours[rows])
    left = queue.hours[steps, None] - np.cumsum(by_month, axis=1)
    share = np.clip(left, 0, None) / np.maximum(queue.hours[steps], TINY)[:, None]
    share[left <= TINY] = 0
    late = np.zeros((count, months + 1))
    np.maximum.at(late, claimed.line[steps], share)
    late[np.arange(months + 1) >= _known(claimed, months)[:, None]] = 0
    return late


def months_late(claimed: Claimed, given: Given, months: int) -> Hours:
    """For each line the months that its units are late, on average."""
    return np.asarray(late_shares(claimed, given, months).sum(axis=1))


def _known(claimed: Claimed, months: int) -> Whole:
    """For each line the months from its first step to the end of the months known."""
    return allocation.most_by(claimed.line, months - claimed.queue.month, len(claimed.worth))


@dataclass(frozen=True)
class Agreed:
    """What the levers that are about single lines do: the share of each line moved and declined, and what both cost, by line;
    `late` is what is late after that, in months on average.
    """

    moved: Hours
    declined: Hours
    cost: Hours
    late: Hours


def agreed(claimed: Claimed, given: Given, months: int, levers: Levers | None) -> Agreed:
    """Which units of a deal are better moved or declined than left late; a unit never there is whichever costs least."""
    shares = late_shares(claimed, given, months)
    moved, declined, cost = np.zeros((3, len(claimed.worth)))
    late = shares.sum(axis=1)
    known = _known(claimed, months)
    never = shares[np.arange(len(shares)), np.maximum(known - 1, 0)]
    least = claimed.worth * known
    for move in levers.moves if levers else ():
        least[move.line] = min(
            least[move.line], move.cost + claimed.worth[move.line] * max(known[move.line] - move.months, 0)
        )
    if levers and levers.can_decline and claimed.declined is not None:
        is_declined = (never > 0) & (claimed.declined < least)
        declined[is_declined] = never[is_declined]
        cost[is_declined] += claimed.declined[is_declined] * never[is_declined]
        late[is_declined] -= (known * never)[is_declined]
    for move in levers.moves if levers else ():
        exactly = np.append(1.0, shares[move.line]) - np.append(shares[move.line], 0.0)
        by = np.arange(len(exactly))
        exactly[known[move.line]] -= declined[move.line]
        left = np.maximum(by - move.months, 0)
        is_moved = (claimed.worth[move.line] * (by - left) > move.cost) & (exactly > 0)
        moved[move.line] = exactly[is_moved].sum()
        cost[move.line] += move.cost * moved[move.line]
        late[move.line] = np.where(is_moved, left, by) @ exactly
    return Agreed(moved, declined, cost, late)


def best_overall(claimed: Claimed, available: Hours, levers: Levers | None = None, seconds: float = 20.0) -> Best:
    """The deal with the least worth late and lever cost. The same input gives the same answer, unless time runs out."""
    found = flows(levers or Levers(), available)
    none = np.zeros_like(available)
    lots = _Lots(claimed, available, available - most_lent(found, available), levers or Levers())
    if not lots.is_open.any():
        settled = dealing.dealt(claimed.queue, lots.is_open, lots.kind_step, *dealing.NOTHING)
        return Best(settled, none, none, available, none + np.inf, 0.0, 0.0, True)
    solved = programme.solve(lots.shape, lots.kinds, lots.left, found, seconds)
    extra = found.net(solved.taken, available.size).reshape(available.shape)
    given: Given | None = None
    if np.isfinite(solved.cost):
        given = dealing.filled(claimed.queue, lots.dealt(solved), available + extra, lots.may_be_left[claimed.line])
    net = available.ravel() + np.stack([solved.low, solved.high])
    low, high = (side.reshape(available.shape) for side in net)
    high = np.where(solved.prices.reshape(available.shape) > 0, high, np.inf)
    return Best(
        given, extra, solved.prices.reshape(available.shape), low, high, solved.cost, solved.bound, solved.is_proven,
        tuple(taken(found, solved.taken, available.shape[1])),
    )  # fmt: skip


class _Lots:
    """Kinds and shapes of what can be late, apart from the steps that are in time whoever is served first.

    However hours are dealt out, so long as none lies idle while somebody waits, the same hours wait at the end of each month.
    So a step is done by the first month at whose end nobody waits, and one whose own month ends so is never late.
    """

    def __init__(self, claimed: Claimed, available: Hours, least: Hours, levers: Levers) -> None:
        """`least` are the hours that are left of those available where others lent as many as they may."""
        self.claimed, self.months, self.levers = claimed, available.shape[1], levers
        queue = claimed.queue
        self.cell = queue.work_centre * self.months + queue.month
        self.end = _ends(queue, least)[queue.work_centre, queue.month] if len(queue) else queue.month
        self.is_open = (self.end > queue.month) & (queue.hours > TINY)
        settled = np.bincount(self.cell[~self.is_open], queue.hours[~self.is_open], minlength=available.size)
        self.left = available - settled.reshape(available.shape)
        self.kind_step = np.full(len(queue), -1)
        self.is_special = np.zeros(len(claimed.worth), bool)
        self.is_special[[move.line for move in levers.moves]] = True
        if levers.can_decline and claimed.declined is not None:
            self.may_be_left = np.isfinite(claimed.declined)
            self.is_special |= self.may_be_left
        else:
            self.may_be_left = np.zeros(len(claimed.worth), bool)
        if self.is_open.any():
            self._gather(np.flatnonzero(self.is_open))

    def _gather(self, opened: Whole) -> None:
        """Gather lines into kinds and shapes; a line that can be moved or declined is a kind of its own."""
        claimed, queue = self.claimed, self.claimed.queue
        line_kind = claimed.kind.copy()
        special = np.flatnonzero(self.is_special)
        line_kind[special] = line_kind.max() + 1 + np.arange(len(special))
        line_shape = line_kind if claimed.shape is None else claimed.shape
        if claimed.size is not None and claimed.shape is not None:
            size: Hours = claimed.size
        else:
            size = np.asarray(
                np.bincount(claimed.line[opened], queue.hours[opened], minlength=len(claimed.worth)), np.float64
            )
        lines = np.unique(claimed.line[opened])
        _, kind = np.unique(line_kind[lines], return_inverse=True)
        _, shape = np.unique(line_shape[lines], return_inverse=True)
        of_line = np.full(len(claimed.worth), -1)
        of_line[lines] = np.arange(len(lines))
        shapes_of, units = shape[of_line[claimed.line[opened]]], np.bincount(shape, size[lines])
        key = shapes_of * self.left.size + self.cell[opened]
        _, first, step = np.unique(key, return_index=True, return_inverse=True)
        hours = np.bincount(step, queue.hours[opened]) / units[shapes_of[first]]
        last = np.minimum(self.end, self.months - 1)[opened][first] - queue.month[opened][first]
        self.shape: Shape = shapes(shapes_of[first], self.cell[opened][first], hours, last, self.months)
        self.kind_step[opened] = kind[of_line[claimed.line[opened]]] * len(first) + step
        of_kind = np.zeros(int(kind.max()) + 1, np.int64)
        of_kind[kind] = shape
        self.kinds = Kinds(of_kind, np.bincount(kind, size[lines]).astype(float), self._late_costs(lines, kind))

    def _late_costs(self, lines: Whole, kind: Whole) -> Hours:
        """What each kind costs so many months late, the last row for never: its worth, or less where a lever makes it so."""
        count = int(kind.max()) + 1
        worth, known = np.bincount(kind, self.claimed.worth[lines]), np.zeros(count)
        np.maximum.at(known, kind, _known(self.claimed, self.months)[lines])
        late = np.broadcast_to(np.arange(self.months + 1.0)[:, None], (self.months + 1, count)).copy()
        late[-1] = known
        costs = late * worth
        place = dict(zip(lines.tolist(), kind.tolist(), strict=True))
        for move in self.levers.moves:
            if move.line in place:
                one = place[move.line]
                moved = move.cost + worth[one] * np.maximum(late[:, one] - move.months, 0)
                costs[:, one] = np.minimum(costs[:, one], moved)
        if self.may_be_left.any() and self.claimed.declined is not None:
            can = np.flatnonzero(self.may_be_left[lines])
            costs[-1, kind[can]] = np.minimum(costs[-1, kind[can]], self.claimed.declined[lines[can]])
        return np.asarray(costs, float)

    def dealt(self, solved: programme.Solved) -> Given:
        """What each step of each line is given, where kinds are done by these patterns."""
        columns = solved.columns
        of = np.repeat(np.arange(len(columns)), np.diff(columns.start))
        share = np.maximum(solved.share, 0)[of]
        kind = columns.kind[of]
        hours = share * self.shape.hours[columns.step] * self.kinds.size[kind]
        some = hours > TINY / 100
        month = self.shape.cell[columns.step] % self.months + columns.step_late
        return dealing.dealt(
            self.claimed.queue, self.is_open, self.kind_step,
            (kind * len(self.shape.cell) + columns.step)[some], month[some], hours[some],
        )  # fmt: skip


def _ends(queue: Queue, available: Hours) -> Whole:
    """For each work centre and month the first from it on at whose end nobody waits; the number of months where none is."""
    load, months = np.zeros_like(available), available.shape[1]
    np.add.at(load, (queue.work_centre, queue.month), queue.hours)
    waiting, ends = np.zeros_like(available), np.full(available.shape, months)
    before, after = np.zeros(len(available)), np.full(len(available), months)
    for month in range(months):
        before = np.maximum(before + load[:, month] - available[:, month], 0)
        waiting[:, month] = before
    for month in reversed(range(months)):
        after = np.where(waiting[:, month] <= TINY, month, after)
        ends[:, month] = after
    return ends
