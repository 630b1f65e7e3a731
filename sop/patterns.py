"""When a kind of line can be done: its steps, the ways to lay them on months, and what each way costs at prices of an hour.

A pattern says in which month each step of a unit is worked. A unit is as late as the latest of its steps, so at given prices the
cheapest pattern for each number of months late is found step by step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.allocation import TINY, Hours, Whole, before_in_group


@dataclass(frozen=True)
class Shape:
    """The steps of every shape that can be late, by shape: lines of one shape need the same hours a unit in the same months.

    `shape` numbers from 0, `hours` are for one unit, `last` is the most months after its own in which a step may be worked,
    `starts` the first step of each shape. `cells` [months late, step]: the cell in which it is worked so late.
    """

    shape: Whole
    cell: Whole
    hours: Hours
    last: Whole
    starts: Whole
    cells: Whole

    @property
    def reach(self) -> Whole:
        """For each shape the most months late that its steps can be."""
        return np.asarray(np.maximum.reduceat(self.last, self.starts)) if len(self.last) else self.last


def shapes(shape: Whole, cell: Whole, hours: Hours, last: Whole, months: int) -> Shape:
    """Steps sorted by shape, ready for pricing."""
    starts = np.flatnonzero(np.concatenate([[True], shape[1:] != shape[:-1]])) if len(shape) else np.zeros(0, np.int64)
    late = np.minimum(np.arange(months)[:, None], last[None, :])
    return Shape(shape, cell, hours, last, starts, cell[None, :] + late)


@dataclass(frozen=True)
class Kinds:
    """What is dealt out: the shape of each kind, its size in units, and what it costs to be so many months late.

    `late_cost` [months late, kind]; the last row is for units never done in the months known, which take no hours.
    """

    shape: Whole
    size: Hours
    late_cost: Hours

    def __len__(self) -> int:
        return len(self.shape)


@dataclass(frozen=True)
class Priced:
    """At prices of an hour: what the hours of each shape cost a unit, [months late, shape] (infinite beyond its reach), and how
    many months late each step is then worked, [months late, step].
    """

    unit_cost: Hours
    late: Whole


def priced(shape: Shape, prices: Hours) -> Priced:
    """Price every shape: for each step the cheapest month so late at the most, the first of those that cost the same."""
    by_month = prices[shape.cells]
    cheapest = np.minimum.accumulate(by_month, axis=0)
    is_new = np.ones(by_month.shape, bool)
    is_new[1:] = by_month[1:] < cheapest[:-1]
    late = np.maximum.accumulate(np.where(is_new, np.arange(len(by_month))[:, None], 0), axis=0)
    cost = np.add.reduceat(cheapest * shape.hours, shape.starts, axis=1)
    cost[np.arange(len(by_month))[:, None] > shape.reach[None, :]] = np.inf
    return Priced(cost, late)


def costs(kinds: Kinds, found: Priced) -> Hours:
    """What each kind costs, [months late, kind], the last row for never: being late and the price of its hours."""
    whole = kinds.late_cost.copy()
    whole[:-1] += found.unit_cost[:, kinds.shape] * kinds.size
    return whole


def used(shape: Shape, kinds: Kinds, late: Whole, found: Priced, cells: int, which: Whole | None = None) -> Hours:
    """Hours of each cell that kinds (all, or those named) take where each is so many months late."""
    kind, step = steps_of(shape, kinds, np.arange(len(kinds)) if which is None else which)
    months = late[kind]
    is_done = months < len(found.late)
    kind, step, months = kind[is_done], step[is_done], months[is_done]
    cell = shape.cells[found.late[months, step], step]
    return np.asarray(np.bincount(cell, shape.hours[step] * kinds.size[kind], minlength=cells), float)


def steps_of(shape: Shape, kinds: Kinds, which: Whole) -> tuple[Whole, Whole]:
    """The steps of these kinds, one after the other: the kind of each and its step."""
    counts = np.diff(np.append(shape.starts, len(shape.cell)))[kinds.shape[which]]
    kind = np.repeat(which, counts)
    within = np.arange(len(kind)) - np.repeat(np.cumsum(counts) - counts, counts)
    return kind, shape.starts[kinds.shape[kind]] + within


def first_prices(shape: Shape, kinds: Kinds, hours: Hours, rounds: int = 12) -> Hours:
    """Prices of an hour to begin with, by cell: near enough that the programme has little left to find.

    What a kind loses by a month is shared out among its steps, each work centre serves whoever loses most by the hour, and those
    steps that came last get a greater share; a few rounds of it. `hours` is [work centre, month], what is left of them.
    """
    coarse = _coarse(kinds)
    kind, step = steps_of(shape, coarse, np.arange(len(coarse)))
    asked = shape.hours[step] * coarse.size[kind]
    months, never = hours.shape[1], coarse.late_cost[-1]
    worth = np.maximum(coarse.late_cost[1], 1e-12) if months > 1 else np.maximum(never, 1e-12)
    known = never / worth
    first = np.flatnonzero(np.concatenate([[True], kind[1:] != kind[:-1]]))
    share = 1 / np.bincount(kind)[kind]
    prices = np.zeros(hours.size)
    for turn in range(rounds):
        order = np.lexsort((-worth[kind] * share / asked, shape.cell[step] // months))
        centre, month = np.divmod(shape.cell[step[order]], months)
        done, prices = _served(
            centre, month, asked[order], (worth[kind] * share / asked)[order], known[kind[order]], hours
        )
        late = np.empty(len(kind))
        late[order] = np.where(done < months, done - month, known[kind[order]])
        most = np.maximum.reduceat(late, first)[kind]
        share = np.maximum(share * np.exp((late - most) / (1 + most) / (1 + turn / 10)), 0.02)
        share /= np.add.reduceat(share, first)[kind]
    return prices


def _coarse(kinds: Kinds, most: int = 60_000) -> Kinds:
    """Where there are very many kinds, those of one shape that lose about the same by the unit as one."""
    if len(kinds) <= most or len(kinds.late_cost) < 3:
        return kinds
    near = np.round(np.log(np.maximum(kinds.late_cost[1] / kinds.size, 1e-12)) * 3).astype(np.int64)
    _, of = np.unique(kinds.shape * 10_000 + near - near.min(), return_inverse=True)
    count = int(of.max()) + 1
    shape = np.zeros(count, np.int64)
    shape[of] = kinds.shape
    late_cost = np.stack([np.bincount(of, row, minlength=count) for row in kinds.late_cost])
    return Kinds(shape, np.bincount(of, kinds.size, minlength=count).astype(float), late_cost.astype(float))


def _served(centre: Whole, month: Whole, asked: Hours, loss: Hours, known: Hours, hours: Hours) -> tuple[Whole, Hours]:
    """Serve steps sorted by work centre, then by loss by the hour: the month in which each is done, and what an hour more saves.

    An hour more goes to the first who waits, and the hour that this one would have had later to the next.
    """
    months, left = hours.shape[1], asked.copy()
    done, foremost = np.full(len(asked), months), np.full(hours.shape, -1)
    for now in range(months):
        waiting = np.flatnonzero((month <= now) & (left > TINY))
        here, wanted = centre[waiting], left[waiting]
        room = hours[here, now] - before_in_group(here, wanted)
        left[waiting] -= np.where(room >= wanted - TINY, wanted, np.clip(room, 0, wanted))
        is_done = left[waiting] <= TINY
        done[waiting[is_done]] = now
        still = waiting[~is_done]
        foremost[centre[still][::-1], now] = still[::-1]
    worth = np.zeros((len(hours), months + 1))
    for now in reversed(range(months)):
        some = np.flatnonzero(foremost[:, now] >= 0)
        who = foremost[some, now]
        late = np.where(done[who] < months, done[who] - now, known[who] - (now - month[who]))
        worth[some, now] = loss[who] * np.maximum(late, 0) + worth[some, done[who]]
    return done, worth[:, :months].ravel()


def climbed(shape: Shape, kinds: Kinds, prices: Hours, hours: Hours, rounds: int) -> Hours:
    """Prices nearer to those of the programme: dearer where more hours are taken than there are, cheaper where fewer."""
    coarse, pull = _coarse(kinds), np.zeros(len(prices))
    room = np.maximum(hours.ravel(), TINY)
    mean = prices.copy()
    for turn in range(rounds):
        found = priced(shape, prices)
        late = costs(coarse, found).argmin(axis=0)
        over = used(shape, coarse, late, found, len(prices)) - hours.ravel()
        pull = 0.8 * pull + 0.2 * np.clip(over / room, -1, 1)
        prices = prices * np.exp(0.3 * pull / (1 + turn / 10))
        mean = 0.8 * mean + 0.2 * prices
    return mean
