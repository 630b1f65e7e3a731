"""The linear programme, solved by HiGHS with only those kinds and patterns in it that could matter; exact none the less.

Columns are the patterns of kinds, by the share that is done so, and the hours taken of levers; rows are the hours of each cell
and, for each kind in it, that its shares sum to one. A kind whose best pattern is beyond doubt is left out with the hours that
it takes, and comes in when prices change enough. At the end every pattern of every kind has been priced: where none would pay,
what is found is the least possible, and the sum of what each would cost at these prices proves it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from sop.allocation import TINY, Hours, Whole
from sop.levers import Flows
from sop.patterns import Kinds, Priced, Shape, climbed, costs, first_prices, priced, steps_of, used

INFINITE = highspy.kHighsInf
CLOSE = 1e-9
"""A proof closer than this share of the cost is proof."""
FREE = 8_000
"""Kinds that are in the programme from the beginning: those whose best pattern is most in doubt."""
ROUNDS = 25
"""How often first prices are made nearer where there are many kinds: each is worth less than the solving that it saves."""
ENOUGH, WIDER, WIDEST = 0.0005, 2.0, 0.2
"""Bought hours are made dearer once the cost is proven to this share, so many times, and go when they cost so much more."""
RANGED = 8_000
"""Kinds in the programme up to which it is worked out for which hours prices hold; with more that takes as long as all else."""
MORE = 1e-5
"""Hours that each cell is given beyond its own until the end: at a kink a price is then what an hour more saves, not what an hour
less costs; and no two deals are as good as each other.
"""
PRIMAL, DUAL = 4, 1
BASIC, LOWER = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kLower


@dataclass(frozen=True)
class Columns:
    """Patterns: the kind of each, how many months late, and, from `start` on, the step that it works and how late each."""

    kind: Whole
    late: Whole
    start: Whole
    step: Whole
    step_late: Whole

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True)
class Solved:
    """Patterns with the share of their kind that is done so, hours taken of each flow, and prices of an hour by cell.

    `bound` is proven to be the least possible; `cost` is what this costs, infinite where no deal was found in the time. Prices
    hold from `low` to `high` hours more or less.
    """

    columns: Columns
    share: Hours
    taken: Hours
    prices: Hours
    low: Hours
    high: Hours
    cost: float
    bound: float
    is_proven: bool


def solve(shape: Shape, kinds: Kinds, hours: Hours, flows: Flows, seconds: float) -> Solved:
    """Deal out the hours [work centre, month] to kinds at the least cost, within the time."""
    return _Master(shape, kinds, hours, flows, time.monotonic() + seconds).solved()


class _Master:
    def __init__(self, shape: Shape, kinds: Kinds, hours: Hours, flows: Flows, until: float) -> None:
        self.shape, self.kinds, self.hours, self.flows, self.until = shape, kinds, hours, flows, until
        self.size = hours.size
        self.best_bound, self.cost = 0.0, np.inf
        self.prices = first_prices(shape, kinds, hours)
        if len(kinds) > 2 * FREE:
            self.prices = climbed(shape, kinds, self.prices, hours, ROUNDS)
        self.base = self._priced(self.prices)
        self.center, self.width = self.prices, 0.2 if len(kinds) <= 2 * FREE else 0.03
        self.is_boxed = True
        self.dear: Hours = np.zeros(hours.size)
        self.more: Hours = np.zeros(hours.size)

    def _priced(self, prices: Hours) -> Priced:
        """Price everything; what is proven by it is kept."""
        self.found = priced(self.shape, prices)
        self.whole = costs(self.kinds, self.found)
        self.least = self.whole.min(axis=0)
        saved = float(np.maximum(self.flows.saving(prices), 0) @ self.flows.limit)
        self.bound = float(self.least.sum() - prices @ self.hours.ravel()) - saved
        if self.bound > self.best_bound:
            self.best_bound, self.center = self.bound, prices
        return self.found

    def solved(self) -> Solved:
        """Solve, price, and bring in what would pay, until nothing would."""
        self._start()
        while time.monotonic() < self.until and self._run():
            self._priced(self.prices)
            gap = self.cost - self.bound
            is_real = not self.is_boxed and not self._is_buying()
            if is_real and gap <= CLOSE * max(abs(self.cost), 1.0):
                return self._answer(is_proven=self._settle())
            some = self._bring_in()
            if is_real and not some:
                return self._answer(is_proven=self._settle())
            if self.is_boxed and self.width < WIDEST and (gap <= ENOUGH * abs(self.cost) or not some):
                self.width *= WIDER
                self._box()
            elif not is_real and (gap <= ENOUGH * abs(self.cost) or not some):
                self._unbox()
            elif self.is_boxed and self.center is self.prices:
                self._box()
        return self._answer(is_proven=False)

    def _start(self) -> None:
        """The first programme: what is most in doubt, with hours to be bought and sold near the first prices.

        Such hours keep prices from swinging to and fro while patterns are still missing; they go before the end.
        """
        kinds, cells = self.kinds, np.arange(self.size)
        self.fixed = self.whole.argmin(axis=0)
        doubt = self._doubt()
        most = np.partition(doubt, FREE)[FREE] if len(kinds) > FREE else np.inf
        self.is_free = doubt < most if len(kinds) > FREE else np.ones(len(kinds), bool)
        free = np.flatnonzero(self.is_free)
        self.row = np.full(len(kinds), -1)
        self.row[free] = self.size + np.arange(len(free))
        near = self.whole[:, free] <= self.least[free] * (1 + (most if np.isfinite(most) else 0.0)) + 1e-12
        near[-1] = True
        late, which = np.nonzero(near)
        self.columns = [_columns(self.shape, kinds, free[which], late, self.found)]
        self.cap = self.hours.ravel() - used(
            self.shape, kinds, self.fixed, self.base, self.size, np.flatnonzero(~self.is_free)
        )
        flows, lends = self.flows, np.flatnonzero(self.flows.source >= 0)
        flow = np.arange(len(flows))
        box = (np.concatenate([cells, cells]), np.concatenate([-np.ones(self.size), np.ones(self.size)]))
        column = np.concatenate([np.arange(2 * self.size), 2 * self.size + flow, 2 * self.size + lends])
        index = np.concatenate([box[0], flows.target, flows.source[lends]])
        value = np.concatenate([box[1], -np.ones(len(flows)), flows.rate[lends]])
        self.solver = _solver()
        rows = np.concatenate([np.full(self.size, -INFINITE), np.ones(len(free))])
        count = self.size + len(free)
        self.solver.addRows(
            count, rows, np.concatenate([self.cap, np.ones(len(free))]), 0, np.zeros(count, np.int32),
            np.zeros(0, np.int32), np.zeros(0),
        )  # fmt: skip
        self.dear, cheap = self._near_prices()
        self._add(
            np.concatenate([self.dear, -cheap, flows.cost]),
            np.concatenate([np.full(2 * self.size, INFINITE), flows.limit]), column, index, value,
        )  # fmt: skip
        self._add_patterns(self.columns[0])

    def _doubt(self) -> Hours:
        """For each kind by how much its next best pattern costs more, as a share of what its best one costs."""
        second = np.partition(self.whole, 1, axis=0)[1] if len(self.whole) > 1 else self.least + 1
        return np.asarray((second - self.least) / (self.least + 1e-9))

    def _is_buying(self) -> bool:
        return bool((self.values[: self.size] > TINY / 1000).any())

    def _near_prices(self) -> tuple[Hours, Hours]:
        some = self.center[self.center > 0]
        more = self.width * 0.3 * float(np.median(some)) if len(some) else 0.0
        return self.center * (1 + self.width) + more, self.center * (1 - self.width)

    def _box(self) -> None:
        self.dear, cheap = self._near_prices()
        self.solver.changeColsCost(
            2 * self.size, np.arange(2 * self.size, dtype=np.int32), np.concatenate([self.dear, -cheap])
        )

    def _unbox(self) -> None:
        """Hours can no longer be bought, and sold only for nothing; those bought become dearer until they are given up."""
        cells = np.arange(2 * self.size, dtype=np.int32)
        bought = self.values[: self.size] > TINY / 1000
        dear: Any = np.where(bought, self.dear * 10 + self.prices.max() + self.kinds.late_cost.max() + 1, 0.0)
        self.dear = dear
        upper = np.concatenate([np.where(bought, INFINITE, 0.0), np.full(self.size, INFINITE)])
        self.solver.changeColsCost(2 * self.size, cells, np.concatenate([dear, np.zeros(self.size)]))
        self.solver.changeColsBounds(2 * self.size, cells, np.zeros(2 * self.size), upper)
        if self.is_boxed:
            self.is_boxed = False
            self.more = np.asarray(MORE * (1 + (np.arange(self.size) * 0.6180339887) % 1), np.float64)
            self._set_hours(self.more)

    def _set_hours(self, more: Hours) -> None:
        cells = np.arange(self.size, dtype=np.int32)
        self.solver.changeRowsBounds(self.size, cells, np.full(self.size, -INFINITE), self.cap + more)

    def _settle(self) -> bool:
        """Take away again the little that there was more, and see that the same prices hold."""
        prices = self.prices
        self.more = np.zeros(self.size)
        self._set_hours(self.more)
        self.solver.setOptionValue("simplex_strategy", DUAL)
        is_solved = self._run()
        self.prices = prices
        return is_solved

    def _run(self) -> bool:
        """Solve what is in the programme; say whether it was solved in the time."""
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + max(self.until - time.monotonic(), 0.0))
        self.solver.run()
        self.solver.setOptionValue("simplex_strategy", PRIMAL)
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return False
        solution = self.solver.getSolution()
        duals = np.array(solution.row_dual)
        self.values = np.array(solution.col_value)
        self.prices = np.maximum(-duals[: self.size], 0)
        self.duals = duals
        rest = np.flatnonzero(~self.is_free)
        self.cost = float(
            self.solver.getInfo().objective_function_value
            + self.kinds.late_cost[self.fixed[rest], rest].sum()
            + self.prices @ self.more
        )
        return True

    def _bring_in(self) -> bool:
        """Add every pattern that would pay at these prices, and every kind left out that would change; say whether any did."""
        free, rest = np.flatnonzero(self.is_free), np.flatnonzero(~self.is_free)
        small = CLOSE * (1 + self.kinds.late_cost[-1])
        pays = self.whole[:, free] < (self.duals[self.row[free]] - small[free])
        late, which = np.nonzero(pays)
        added = _columns(self.shape, self.kinds, free[which], late, self.found)
        now = self._cost_of_fixed(rest)
        moves = rest[now > self.least[rest] + small[rest]]
        if len(moves):
            self._free(moves)
            before = np.full(len(self.kinds), np.inf)
            before[rest] = now
            late, which = np.nonzero(self.whole[:, moves] < before[moves] - small[moves])
            self._add_patterns(_columns(self.shape, self.kinds, moves[which], late, self.found), keep=True)
        if len(added):
            self._add_patterns(added, keep=True)
        return bool(len(added) or len(moves))

    def _cost_of_fixed(self, which: Whole) -> Hours:
        """What kinds that are left out cost at these prices in the pattern that they were left in."""
        late = self.fixed[which]
        cost = self.kinds.late_cost[late, which]
        kind, step = steps_of(self.shape, self.kinds, which)
        months = self.fixed[kind]
        is_done = months < len(self.base.late)
        kind, step, months = kind[is_done], step[is_done], months[is_done]
        cell = self.shape.cells[self.base.late[months, step], step]
        hours = np.bincount(kind, self.shape.hours[step] * self.prices[cell], minlength=len(self.kinds))
        return np.asarray(cost + hours[which] * self.kinds.size[which])

    def _free(self, which: Whole) -> None:
        """Bring kinds in as they stand: the pattern each was left in is its first, and the solver goes on from there."""
        mine = _columns(self.shape, self.kinds, which, self.fixed[which], self.base)
        self.cap = self.cap + used(self.shape, self.kinds, self.fixed, self.base, self.size, which)
        count = self.solver.getNumRow()
        self.row[which] = count + np.arange(len(which))
        self.is_free[which] = True
        basis = self.solver.getBasis()
        columns, rows = list(basis.col_status), list(basis.row_status)
        ones, none = np.ones(len(which)), np.zeros(0)
        self.solver.addRows(len(which), ones, ones, 0, np.zeros(len(which), np.int32), none.astype(np.int32), none)
        self._set_hours(self.more)
        self._add_patterns(mine, keep=True)
        basis.col_status, basis.row_status = columns + [BASIC] * len(mine), rows + [LOWER] * len(which)
        self.solver.setBasis(basis)

    def _add_patterns(self, columns: Columns, keep: bool = False) -> None:
        if keep:
            self.columns.append(columns)
        of = np.repeat(np.arange(len(columns)), np.diff(columns.start))
        self._add(
            self.kinds.late_cost[columns.late, columns.kind], np.full(len(columns), INFINITE),
            np.concatenate([np.arange(len(columns)), of]),
            np.concatenate([self.row[columns.kind], self.shape.cells[columns.step_late, columns.step]]),
            np.concatenate([np.ones(len(columns)), self.shape.hours[columns.step] * self.kinds.size[columns.kind[of]]]),
        )  # fmt: skip

    def _add(self, cost: Hours, upper: Hours, column: Whole, index: Whole, value: Hours) -> None:
        order = np.argsort(column, kind="stable")
        start = np.searchsorted(column[order], np.arange(len(cost)))
        self.solver.addCols(
            len(cost), cost, np.zeros(len(cost)), upper, len(order), start.astype(np.int32),
            index[order].astype(np.int32), value[order],
        )  # fmt: skip

    def _answer(self, *, is_proven: bool) -> Solved:
        """What stands: the patterns in the programme with their shares, and those of the kinds left out, whole."""
        none = np.zeros(self.size)
        if self.is_boxed or not np.isfinite(self.cost) or self._is_buying():
            empty = _columns(self.shape, self.kinds, np.zeros(0, np.int64), np.zeros(0, np.int64), self.base)
            return Solved(
                empty, np.zeros(0), np.zeros(len(self.flows)), none, none, none, np.inf, self.best_bound, False
            )
        rest = np.flatnonzero(~self.is_free)
        self.columns.append(_columns(self.shape, self.kinds, rest, self.fixed[rest], self.base))
        first = 2 * self.size + len(self.flows)
        unknown = np.full(self.size, np.nan)
        low, high = self._ranges() if is_proven and self.is_free.sum() <= RANGED else (unknown, unknown)
        return Solved(
            _joined(self.columns), np.concatenate([self.values[first:], np.ones(len(rest))]), self.values[2 * self.size : first],
            self.prices, low, high, self.cost, self.cost if is_proven else self.best_bound, is_proven,
        )  # fmt: skip

    def _ranges(self) -> tuple[Hours, Hours]:
        """How many hours less or more the price of each cell holds for; where an hour is worth nothing, for any more."""
        _, ranging = self.solver.getRanging()
        low = np.minimum(np.array(ranging.row_bound_dn.value_)[: self.size] - self.cap, 0)
        high = np.maximum(np.array(ranging.row_bound_up.value_)[: self.size] - self.cap, 0)
        return low, high


def _solver() -> Any:
    """HiGHS in one thread and from the same seed, so that the same input gives the same answer."""
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, setting in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("simplex_strategy", DUAL)):
        solver.setOptionValue(option, setting)
    return solver


def _columns(shape: Shape, kinds: Kinds, kind: Whole, late: Whole, found: Priced) -> Columns:
    """The cheapest pattern of each of these kinds that is so many months late, at the prices of `found`."""
    place, step = steps_of_places(shape, kinds, kind)
    is_done = late[place] < len(found.late)
    place, step = place[is_done], step[is_done]
    start = np.searchsorted(place, np.arange(len(kind) + 1))
    return Columns(kind, late, start, step, found.late[late[place], step])


def steps_of_places(shape: Shape, kinds: Kinds, kind: Whole) -> tuple[Whole, Whole]:
    """As steps_of, for kinds that may be named more than once: the place of each in `kind`, and its step."""
    several = Kinds(kinds.shape[kind], kinds.size[kind], np.zeros((0, len(kind))))
    return steps_of(shape, several, np.arange(len(kind)))


def _joined(parts: list[Columns]) -> Columns:
    starts = np.concatenate([[0], np.cumsum([len(part.step) for part in parts])])
    return Columns(
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.late for part in parts]),
        np.append(np.concatenate([part.start[:-1] + begin for part, begin in zip(parts, starts[:-1], strict=True)]), starts[-1]),
        np.concatenate([part.step for part in parts]),
        np.concatenate([part.step_late for part in parts]),
    )  # fmt: skip
