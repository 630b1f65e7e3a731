"""The best deal over all work centres and months at once: a linear programme, solved by HiGHS.

What it minimises is months late × worth, summed over all lines, and what opened levers cost. A line is late by units: a
unit is there once every step has its hours for it, so part of a line may be in time and the rest not. Every policy's deal is
a solution of the programme, so none can be better; and what is found is optimal unless it says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from sop.allocation import TINY, Given, Hours, Queue, Whole

INFINITE = highspy.kHighsInf


@dataclass(frozen=True)
class Claimed:
    """Who claims what: `queue` has the steps; `line` numbers the line of each; `worth` is what a month late costs, by line.

    Lines of one `kind` need the same work centres in the same months, in the same proportions, and are worth the same by the
    hour: the programme sees them as one. Numbered from 0, both.
    """

    queue: Queue
    line: Whole
    worth: Hours
    kind: Whole


@dataclass(frozen=True)
class Levers:
    """Hours that may be had beyond those available, [work centre, month], and what one costs."""

    limit: Hours
    cost: Hours


@dataclass(frozen=True)
class Best:
    """The deal, the lever hours taken, the value of one more hour, both [work centre, month], and how good it is proven to be.

    `cost` is what was minimised; `bound` is proven to be the least possible: the same, unless time ran out. `given` is None
    where time ran out before any deal was found. An hour keeps its value from `from_hours` to `to_hours` available.
    """

    given: Given | None
    extra: Hours
    hour_value: Hours
    from_hours: Hours
    to_hours: Hours
    cost: float
    bound: float


def months_late(claimed: Claimed, given: Given, months: int) -> Hours:
    """For each line the months that its units are late, on average: a unit that is never there is late from its first
    step's month to the end of the months known.
    """
    queue, count = claimed.queue, len(claimed.worth)
    by_month = np.zeros((len(queue), months + 1))
    np.add.at(by_month, (given.step, given.month - queue.month[given.step]), given.hours)
    left = queue.hours[:, None] - np.cumsum(by_month, axis=1)
    share = np.clip(left, 0, None) / np.maximum(queue.hours, TINY)[:, None]
    share[left <= TINY] = 0
    late = np.zeros((count, months + 1))
    np.maximum.at(late, claimed.line, share)
    known = np.zeros(count, np.int64)
    np.maximum.at(known, claimed.line, months - queue.month)
    late[np.arange(months + 1) >= known[:, None]] = 0
    return np.asarray(late.sum(axis=1))


def best_overall(claimed: Claimed, available: Hours, levers: Levers | None = None, seconds: float = 20.0) -> Best:
    """The deal with the least worth late and lever cost. The same input gives the same answer, unless time runs out."""
    none = np.zeros_like(available)
    steps = _Steps(claimed, available)
    if not steps.is_open.any():
        return Best(steps.dealt(np.zeros(0)), none, none, available, none + np.inf, 0.0, 0.0)
    programme = _Programme(steps, available, levers or Levers(none, none))
    return programme.solved(seconds)


class _Steps:
    """The steps of each kind of line, those that can be late apart from those that are in time whoever is served first.

    However hours are dealt out, so long as none lies idle while somebody waits, the same hours wait at the end of each month.
    So a step is done by the first month at whose end nobody waits, and one whose own month ends so is never late.
    """

    def __init__(self, claimed: Claimed, available: Hours) -> None:
        self.claimed, self.months = claimed, available.shape[1]
        queue = claimed.queue
        kind = claimed.kind[claimed.line]
        cell = queue.work_centre * self.months + queue.month
        _, self.first, self.of = np.unique(kind * (available.size or 1) + cell, return_index=True, return_inverse=True)
        self.kind, self.work_centre, self.month = (
            kind[self.first],
            queue.work_centre[self.first],
            queue.month[self.first],
        )
        self.hours = np.bincount(self.of, queue.hours, minlength=len(self.first))
        self.worth = np.bincount(claimed.kind, claimed.worth)
        self.known = np.zeros(len(self.worth), np.int64)
        np.maximum.at(self.known, self.kind, self.months - self.month)
        self.end = self._ends(available)[self.work_centre, self.month]
        self.is_open = (self.end > self.month) & (self.hours > TINY)

    def _ends(self, available: Hours) -> Whole:
        """For each work centre and month the first from it on at whose end nobody waits; the number of months where none is."""
        load = np.zeros_like(available)
        np.add.at(load, (self.work_centre, self.month), self.hours)
        waiting, ends = np.zeros_like(available), np.full(available.shape, self.months)
        before = np.zeros(len(available))
        for month in range(self.months):
            before = np.maximum(before + load[:, month] - available[:, month], 0)
            waiting[:, month] = before
        after = np.full(len(available), self.months)
        for month in reversed(range(self.months)):
            after = np.where(waiting[:, month] <= TINY, month, after)
            ends[:, month] = after
        return ends

    def dealt(self, waiting: Hours) -> Given:
        """What each step of each line is given, from the hours of each open step of a kind that wait at the end of each month.

        Within a kind the line that stands first is served first.
        """
        queue = self.claimed.queue
        settled = np.flatnonzero(~self.is_open[self.of] & (queue.hours > 0))
        steps, months, taken = [settled], [queue.month[settled]], [queue.hours[settled]]
        if self.is_open.any():
            step, month, part = self._shared(waiting)
            steps.append(step)
            months.append(month)
            taken.append(part)
        return Given(np.concatenate(steps), np.concatenate(months), np.concatenate(taken))

    def _shared(self, waiting: Hours) -> tuple[Whole, Whole, Hours]:
        """Lay the lines of each kind beside the months it is given, on one axis of hours, and cut where either ends."""
        queue = self.claimed.queue
        mine = np.flatnonzero(self.is_open[self.of])
        mine = mine[np.argsort(self.of[mine], kind="stable")]
        at, month, hours = _Variables(self).worked(self, waiting)
        start = np.zeros(len(self.first))
        opened = np.flatnonzero(self.is_open)
        start[opened] = np.cumsum(self.hours[opened]) - self.hours[opened]
        line_ends = np.cumsum(queue.hours[mine])
        within = np.cumsum(hours)
        before = np.concatenate([[0.0], within])[np.searchsorted(at, at)]
        ends = np.minimum(start[at] + within - before, start[at] + self.hours[at])
        cuts = np.sort(np.concatenate([line_ends, ends, start[opened]]))
        low, high = cuts[:-1], cuts[1:]
        real = high - low > TINY / 2
        middle, length = (low[real] + high[real]) / 2, (high - low)[real]
        who = np.minimum(np.searchsorted(line_ends, middle), len(mine) - 1)
        which = np.searchsorted(ends, middle)
        fits = which < len(ends)
        fits[fits] &= self.of[mine[who[fits]]] == at[which[fits]]
        return mine[who[fits]], month[which[fits]], length[fits]


class _Variables:
    """One variable for each open step and month that may end with hours of it waiting: step, months after its own."""

    def __init__(self, steps: _Steps) -> None:
        opened = np.flatnonzero(steps.is_open)
        counts = steps.end[opened] - steps.month[opened]
        self.step = np.repeat(opened, counts)
        self.late = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        self.is_first = self.late == 0
        self.is_last = self.late == steps.end[self.step] - steps.month[self.step] - 1
        self.is_beyond = self.is_last & (steps.end[self.step] == steps.months)
        self.month = steps.month[self.step] + self.late

    def worked(self, steps: _Steps, waiting: Hours) -> tuple[Whole, Whole, Hours]:
        """The hours worked, from those that wait at the end of each month: step, month, hours; sorted by step and month."""
        before = np.where(self.is_first, steps.hours[self.step], np.concatenate([[0.0], waiting[:-1]]))
        rest = self.is_last & ~self.is_beyond
        step, month = np.concatenate([self.step, self.step[rest]]), np.concatenate([self.month, self.month[rest] + 1])
        order = np.lexsort((month, step))
        return step[order], month[order], np.maximum(np.concatenate([before - waiting, waiting[rest]]), 0)[order]


class _Programme:
    """Columns: hours of each open step waiting at the end of each month, of each kind with several such steps the most that
    any of them lacks, lever hours. Rows: see each part.
    """

    def __init__(self, steps: _Steps, available: Hours, levers: Levers) -> None:
        self.steps, self.available, self.levers = steps, available, levers
        self.variables = _Variables(steps)
        self.rows: list[tuple[Whole, Whole, Hours]] = []
        self.low: list[Hours] = []
        self.high: list[Hours] = []
        self.row_count = 0
        self.cost = np.zeros(len(self.variables.step))
        self.upper = steps.hours[self.variables.step]
        self._add_capacity()
        self._add_order()
        self._add_lateness()

    def _add(self, row: Whole, column: Whole, value: Hours, low: Hours, high: Hours) -> None:
        self.rows.append((row + self.row_count, column, value))
        self.low.append(low)
        self.high.append(high)
        self.row_count += len(low)

    def _add_columns(self, cost: Hours, upper: Hours) -> Whole:
        first = len(self.cost)
        self.cost, self.upper = np.concatenate([self.cost, cost]), np.concatenate([self.upper, upper])
        return np.arange(first, len(self.cost))

    def _add_capacity(self) -> None:
        """In each work centre and month no more hours than there are: what waited before, less what waits after."""
        steps, known, size = self.steps, self.variables, self.available.size
        cell = steps.work_centre[known.step] * steps.months + known.month
        column = np.arange(len(cell))
        passes_on = ~known.is_beyond
        row, column = np.concatenate([cell, cell[passes_on] + 1]), np.concatenate([column, column[passes_on]])
        value = np.concatenate([-np.ones(len(cell)), np.ones(int(passes_on.sum()))])
        self.cells = np.unique(row)
        # A step's hours begin to wait in its own month, and those of a settled one are worked there.
        load = np.bincount(steps.work_centre * steps.months + steps.month, steps.hours, minlength=size)
        self.load = load[self.cells]
        self.levered = np.flatnonzero(self.levers.limit.ravel()[self.cells] > 0)
        chosen = self.cells[self.levered]
        self.lever_columns = self._add_columns(self.levers.cost.ravel()[chosen], self.levers.limit.ravel()[chosen])
        self._add(
            np.concatenate([np.searchsorted(self.cells, row), self.levered]),
            np.concatenate([column, self.lever_columns]),
            np.concatenate([value, -np.ones(len(self.levered))]),
            np.full(len(self.cells), -INFINITE), self.available.ravel()[self.cells] - self.load,
        )  # fmt: skip

    def _add_order(self) -> None:
        """What waits never grows again."""
        later = np.flatnonzero(~self.variables.is_first)
        row, one = np.arange(len(later)), np.ones(len(later))
        self._add(
            np.concatenate([row, row]), np.concatenate([later - 1, later]), np.concatenate([one, -one]),
            np.zeros(len(row)), np.full(len(row), INFINITE),
        )  # fmt: skip

    def _add_lateness(self) -> None:
        """A kind's units are late by more than k months in the share that any of its steps lacks by then."""
        steps, known = self.steps, self.variables
        opened = np.flatnonzero(steps.is_open)
        kind, span = steps.kind[opened], steps.end[opened] - steps.month[opened]
        reach, goes_beyond = np.zeros(len(steps.worth), np.int64), np.zeros(len(steps.worth), bool)
        # The last month stands for all beyond, so a step that ends may not reach into it.
        np.maximum.at(reach, kind, span + (steps.end[opened] < steps.months))
        goes_beyond[kind[steps.end[opened] == steps.months]] = True
        is_alone = np.bincount(kind, minlength=len(reach)) == 1
        of = steps.kind[known.step]
        per_hour = steps.worth[of] / steps.hours[known.step]
        months = np.where(known.is_beyond, steps.known[of] - known.late, 1).astype(float)
        self.cost[: len(of)] = np.where(is_alone[of], per_hour * months, 0.0)

        kinds = np.repeat(np.arange(len(reach)), np.where(is_alone, 0, reach))
        first = np.searchsorted(kinds, np.arange(len(reach)))
        late = np.arange(len(kinds)) - first[kinds]
        months = np.where((late == reach[kinds] - 1) & goes_beyond[kinds], steps.known[kinds] - late, 1).astype(float)
        columns = self._add_columns(steps.worth[kinds] * months, np.ones(len(kinds)))
        # What waits beyond the months known still waits where another step of the kind reaches further.
        rows = np.where(is_alone[kind], 0, np.where(steps.end[opened] == steps.months, reach[kind], span))
        step = np.repeat(opened, rows)
        after = np.arange(len(step)) - np.repeat(np.cumsum(rows) - rows, rows)
        begin = np.searchsorted(known.step, step)
        waiting = np.minimum(begin + after, np.searchsorted(known.step, step, side="right") - 1)
        row = np.arange(len(step))
        self._add(
            np.concatenate([row, row]), np.concatenate([columns[first[steps.kind[step]] + after], waiting]),
            np.concatenate([steps.hours[step], -np.ones(len(step))]), np.zeros(len(row)), np.full(len(row), INFINITE),
        )  # fmt: skip

    def _model(self) -> Any:
        row, column, value = (np.concatenate(part) for part in zip(*self.rows, strict=True))
        order = np.lexsort((row, column))
        lp: Any = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), self.row_count
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self.cost, np.zeros(len(self.cost)), self.upper
        lp.row_lower_, lp.row_upper_ = np.concatenate(self.low), np.concatenate(self.high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.searchsorted(column[order], np.arange(len(self.cost) + 1))
        lp.a_matrix_.index_, lp.a_matrix_.value_ = row[order], value[order]
        return lp

    def solved(self, seconds: float) -> Best:
        """Solve within the time, in one thread and from the same seed."""
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, setting in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("time_limit", seconds)):
            solver.setOptionValue(option, setting)
        solver.passModel(self._model())
        solver.run()
        is_optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        information, solution = solver.getInfo(), solver.getSolution()
        none = np.zeros_like(self.available)
        if not is_optimal:
            return Best(None, none, none, none, none, np.inf, self._bound(np.array(solution.row_dual)))
        found, duals = np.array(solution.col_value), np.array(solution.row_dual)
        extra, value = none.copy(), none.copy()
        extra.ravel()[self.cells[self.levered]] = found[self.lever_columns]
        value.ravel()[self.cells] = np.maximum(-duals[: len(self.cells)], 0)
        low, high = self._ranges(solver)
        cost = float(information.objective_function_value)
        given = self.steps.dealt(np.maximum(found[: len(self.variables.step)], 0))
        return Best(given, extra, value, low, high, cost, cost)

    def _bound(self, prices: Hours) -> float:
        """What no deal can cost less than: by weak duality any prices of the rows prove it, since every column is bounded."""
        if len(prices) != self.row_count:
            return 0.0
        low, high = np.concatenate(self.low), np.concatenate(self.high)
        prices = np.clip(prices, np.where(np.isfinite(high), -np.inf, 0), np.where(np.isfinite(low), np.inf, 0))
        row, column, value = (np.concatenate(part) for part in zip(*self.rows, strict=True))
        reduced = self.cost - np.bincount(column, value * prices[row], minlength=len(self.cost))
        sides = np.where(prices > 0, low, high)
        by_rows = prices[prices != 0] @ sides[prices != 0]
        return max(float(by_rows + np.minimum(reduced, 0) @ self.upper), 0.0)

    def _ranges(self, solver: Any) -> tuple[Hours, Hours]:
        """Available hours from and to which each hour's value holds."""
        low, high = self.available.copy(), np.full_like(self.available, np.inf)
        _, ranging = solver.getRanging()
        count = len(self.cells)
        low.ravel()[self.cells] = np.array(ranging.row_bound_dn.value_)[:count] + self.load
        high.ravel()[self.cells] = np.array(ranging.row_bound_up.value_)[:count] + self.load
        return low, high
