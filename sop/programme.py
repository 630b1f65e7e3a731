"""The linear programme, solved by HiGHS with only those kinds and patterns in it that could matter; exact none the less.

Each kind is done in its usual pattern, the best at the first prices, but for what other patterns change of that. Columns are
those others, by the share of the kind that is done so, and the hours taken of levers; rows are the hours of each cell and, for
each kind with more than one other, that their shares come to one at the most. A kind whose usual pattern is beyond doubt has no
column until prices change enough. At the end every pattern of every kind has been priced: where none would pay, what is found is
the least possible, and the sum of what each would cost at these prices proves it.
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
NOTHING = 1e-6
"""What a pattern would save must be more than this: the solver takes a ten-millionth for nothing, and would never use it."""
FREE = 6_000
"""Kinds that may have other patterns in the programme from the beginning: those whose best pattern is most in doubt."""
ROUNDS = 35
"""How often first prices are made nearer where there are many kinds: each is worth less than the solving that it saves."""
ENOUGH, WIDER, WIDEST = 0.0005, 2.0, 0.2
"""Bought hours are made dearer once the cost is proven to this share, so many times, and go when they cost so much more."""
DOUBTFUL = 0.05
"""Patterns that are in it from the beginning cost at the most so much more than the best of their kind."""
SAME = 1e-12
"""Hours of a unit closer than this share are the same."""
RANGED = 8_000
"""Kinds up to which it is worked out for which hours prices hold; with more that takes as long as all else."""
MORE = 1e-5
"""Hours that each cell is given beyond its own until the end: at a kink a price is then what an hour more saves, not what an hour
less costs; and no two deals are as good as each other.
"""
PRIMAL, DUAL = 4, 1
BASIC, UPPER = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kUpper


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

    @property
    def of(self) -> Whole:
        """The place of the pattern of each step."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))


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
            is_close = is_real and gap <= CLOSE * max(abs(self.cost), 1.0)
            some = not is_close and self._bring_in()
            if is_real and not some:
                if self._settle():
                    return self._answer(is_proven=True)
                self._buy_again()
            elif self.is_boxed and self.width < WIDEST and (gap <= ENOUGH * abs(self.cost) or not some):
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
        count = len(self.kinds)
        self.fixed = self.whole.argmin(axis=0)
        self.usual = _columns(self.shape, self.kinds, np.arange(count), self.fixed, self.base)
        self.usual_cost = self.kinds.late_cost[self.fixed, np.arange(count)]
        self.cap = self.hours.ravel() - used(self.shape, self.kinds, self.fixed, self.base, self.size)
        self.row, self.only = np.full((2, count), -1)
        self.columns: list[Columns] = []
        self._add_hours()
        doubt = self._doubt()
        most = min(np.partition(doubt, FREE)[FREE], DOUBTFUL) if count > FREE else DOUBTFUL
        near = self.whole <= self.least * (1 + most) + 1e-12
        near[self.fixed, np.arange(count)] = False
        late, kind = np.nonzero(near)
        self._add_patterns(_columns(self.shape, self.kinds, kind, late, self.found))

    def _add_hours(self) -> None:
        """Rows for the hours of each cell, columns for hours bought and sold there and for those of levers."""
        flows, lends, cells = self.flows, np.flatnonzero(self.flows.source >= 0), np.arange(self.size)
        flow = np.arange(len(flows))
        box = (np.concatenate([cells, cells]), np.concatenate([-np.ones(self.size), np.ones(self.size)]))
        column = np.concatenate([np.arange(2 * self.size), 2 * self.size + flow, 2 * self.size + lends])
        index = np.concatenate([box[0], flows.target, flows.source[lends]])
        value = np.concatenate([box[1], -np.ones(len(flows)), flows.rate[lends]])
        self.solver = _solver()
        self._add_rows(self.cap, np.zeros(self.size, np.int32), np.zeros(0, np.int32))
        self.dear, cheap = self._near_prices()
        self._add(
            np.concatenate([self.dear, -cheap, flows.cost]),
            np.concatenate([np.full(2 * self.size, INFINITE), flows.limit]), column, index, value,
        )  # fmt: skip
        self.first = 2 * self.size + len(flows)

    def _add_rows(self, most: Hours, start: Whole, index: Whole) -> None:
        """Rows of at most so much, with ones in these columns."""
        self.solver.addRows(
            len(most), np.full(len(most), -INFINITE), most, len(index), start.astype(np.int32), index.astype(np.int32),
            np.ones(len(index)),
        )  # fmt: skip

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
        """Take away again the little that there was more, and see that the same prices hold and nothing is bought instead."""
        prices = self.prices
        self.more = np.zeros(self.size)
        self._set_hours(self.more)
        self.solver.setOptionValue("simplex_strategy", DUAL)
        is_solved = self._run()
        self.prices = prices
        return is_solved and not self._is_buying()

    def _buy_again(self) -> None:
        """Let hours be bought where the little that there was more turns out to be missed, until patterns do without."""
        cells = np.arange(self.size, dtype=np.int32)
        self.dear = np.full(self.size, self.prices.max() + self.kinds.late_cost.max() + 1)
        self.solver.changeColsCost(self.size, cells, self.dear)
        self.solver.changeColsBounds(self.size, cells, np.zeros(self.size), np.full(self.size, INFINITE))

    def _run(self) -> bool:
        """Solve what is in the programme; say whether it was solved in the time."""
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + max(self.until - time.monotonic(), 0.0))
        self.solver.run()
        self.solver.setOptionValue("simplex_strategy", PRIMAL)
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return False
        solution = self.solver.getSolution()
        duals = np.array(solution.row_dual)
        self.values, self.reduced = np.array(solution.col_value), np.array(solution.col_dual)
        self.prices = np.maximum(-duals[: self.size], 0)
        self.duals = duals
        self.cost = float(
            self.solver.getInfo().objective_function_value + self.usual_cost.sum() + self.prices @ self.more
        )
        return True

    def _bring_in(self) -> bool:
        """Add every pattern that would pay at these prices; of a kind that has none yet, the best. Say whether any did."""
        small = np.maximum(CLOSE * (1 + self.kinds.late_cost[-1]), NOTHING)
        most = self._worth_now() - small
        some = np.flatnonzero(self.least < most)
        pays = self.whole[:, some] < most[some]
        is_new = (self.row[some] < 0) & (self.only[some] < 0)
        pays[:, is_new] &= np.arange(len(pays))[:, None] == self.whole[:, some[is_new]].argmin(axis=0)
        late, which = np.nonzero(pays)
        if len(some):
            self._add_patterns(_columns(self.shape, self.kinds, some[which], late, self.found))
        return bool(len(some))

    def _worth_now(self) -> Hours:
        """What each kind costs at these prices in the cheapest of the patterns that it has."""
        kind, step, late = self.usual.of, self.usual.step, self.usual.step_late
        hours = self.shape.hours[step] * self.prices[self.shape.cells[late, step]]
        cost = self.usual_cost + np.bincount(kind, hours, minlength=len(self.kinds)) * self.kinds.size
        one, several = np.flatnonzero(self.only >= 0), np.flatnonzero(self.row >= 0)
        cost[one] += np.minimum(self.reduced[self.only[one]], 0)
        cost[several] += np.minimum(self.duals[self.row[several]], 0)
        return np.asarray(cost)

    def _add_patterns(self, added: Columns) -> None:
        """Add patterns, each as what changes where a kind is done so and not as usual.

        The share of a kind's first pattern is at most one; once it has more, a row holds the sum of them to that.
        """
        count = np.bincount(added.kind, minlength=len(self.kinds))
        several = np.flatnonzero((self.row < 0) & (count + (self.only >= 0) > 1))
        if len(several):
            self._add_row_for(several)
        alone = np.flatnonzero(self.row[added.kind] < 0)
        in_row = np.flatnonzero(self.row[added.kind] >= 0)
        self.only[added.kind[alone]] = self.solver.getNumCol() + alone
        upper = np.where(self.row[added.kind] < 0, 1.0, INFINITE)
        column, cell, hours = self._changes(added)
        self._add(
            self.kinds.late_cost[added.late, added.kind] - self.usual_cost[added.kind], upper,
            np.concatenate([in_row, column]), np.concatenate([self.row[added.kind[in_row]], cell]),
            np.concatenate([np.ones(len(in_row)), hours]),
        )  # fmt: skip
        self.columns.append(added)

    def _changes(self, added: Columns) -> tuple[Whole, Whole, Hours]:
        """The column, the cell and the hours more (or less) than usual of each pattern."""
        begins, ends = self.usual.start[added.kind], self.usual.start[added.kind + 1]
        place = np.repeat(np.arange(len(added)), ends - begins)
        usual = np.arange(len(place)) + np.repeat(begins - np.cumsum(ends - begins) + (ends - begins), ends - begins)
        step = np.concatenate([added.step, self.usual.step[usual]])
        late = np.concatenate([added.step_late, self.usual.step_late[usual]])
        column = np.concatenate([added.of, place])
        sign = np.repeat([1.0, -1.0], [len(added.step), len(usual)])
        key, which = np.unique(column * self.size + self.shape.cells[late, step], return_inverse=True)
        share = np.bincount(which, sign * self.shape.hours[step], minlength=len(key))
        some = np.abs(share) > SAME * self.shape.hours[step].max(initial=0.0)
        column, cell = np.divmod(key[some], self.size)
        return column, cell, share[some] * self.kinds.size[added.kind[column]]

    def _add_row_for(self, which: Whole) -> None:
        """Hold the sum of these kinds' patterns to one in a row; the solver goes on from where it stands."""
        first, only = self.solver.getNumRow(), self.only[which]
        had = only >= 0
        basis = self.solver.getBasis() if had.any() else None
        self._add_rows(np.ones(len(which)), np.cumsum(had) - had, only[had])
        self.row[which], self.only[which] = first + np.arange(len(which)), -1
        if basis is None:
            return
        columns = only[had].astype(np.int32)
        self.solver.changeColsBounds(len(columns), columns, np.zeros(len(columns)), np.full(len(columns), INFINITE))
        column_status, row_status = list(basis.col_status), list(basis.row_status) + [BASIC] * len(which)
        for row, column in zip((first + np.flatnonzero(had)).tolist(), columns.tolist(), strict=True):
            if column_status[column] == UPPER:
                column_status[column], row_status[row] = BASIC, UPPER
        basis.col_status, basis.row_status = column_status, row_status
        self.solver.setBasis(basis)

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
        columns = _joined([*self.columns, self.usual])
        share = np.zeros(len(columns) - len(self.usual))  # what was brought in when the time ran out is not used yet
        solved = self.values[self.first :]
        share[: len(solved)] = solved
        usual = 1 - np.bincount(columns.kind[: len(share)], share, minlength=len(self.kinds))
        unknown = np.full(self.size, np.nan)
        low, high = self._ranges() if is_proven and len(self.kinds) <= RANGED else (unknown, unknown)
        return Solved(
            columns, np.concatenate([share, usual]), self.values[2 * self.size : self.first], self.prices, low, high,
            self.cost, self.cost if is_proven else self.best_bound, is_proven,
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
