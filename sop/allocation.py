"""Who gets the hours: one function per policy, frame in, hours out; and the month in which hours left are enough.

Work centres and months are numbered from 0, and hours available stand in an array [work centre, month]. A queue is arrays of
one entry a step: its work centre, the month in which its work falls, and its hours.

Each work centre serves its own queue. A step whose line is late elsewhere keeps its hours in its own month: what a line
takes at one work centre never depends on the hours of another, so more hours anywhere never make any line later.
(Were a late step's hours handed on, hours added upstream would bring the first line back in front of the second.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Hours = npt.NDArray[np.float64]
Number = TypeVar("Number", np.int64, np.float64)

TINY = 1e-6
"""Hours that are no work: less than a hundredth of a second, the rounding of sums."""


@dataclass(frozen=True)
class Queue:
    """What asks for hours, in the order in which it is served: three arrays of the same length."""

    work_centre: Whole
    month: Whole
    hours: Hours

    def __len__(self) -> int:
        return len(self.hours)


@dataclass(frozen=True)
class Given:
    """Hours given: the place of the step in its queue, the month, the hours; no row where nothing is given."""

    step: Whole
    month: Whole
    hours: Hours

    def completed(self, queue: Queue) -> Whole:
        """For every step of the queue the month in which its last hour is given; -1 where its hours are not all there."""
        given = np.bincount(self.step, self.hours, minlength=len(queue))
        last = np.full(len(queue), -1)
        at_once = self.month == queue.month[self.step]  # nearly all; the rest one by one
        last[self.step[at_once]] = self.month[at_once]
        np.maximum.at(last, self.step[~at_once], self.month[~at_once])
        last = np.where(queue.hours <= TINY, queue.month, last)
        return np.where(given >= queue.hours - TINY, last, -1)


@dataclass(frozen=True)
class Kept:
    """A deal as it is kept beside others: most steps get all their hours in their own month, which need not be written down.

    `is_apart` says of which steps that is not so; `given` is what these are given.
    """

    is_apart: npt.NDArray[np.bool_]
    given: Given

    def whole(self, queue: Queue) -> Given:
        """The deal itself, those first who get all in their own month."""
        plain = np.flatnonzero(~self.is_apart)
        return Given(
            np.concatenate([plain, self.given.step]),
            np.concatenate([queue.month[plain], self.given.month]),
            np.concatenate([queue.hours[plain], self.given.hours]),
        )


def kept(queue: Queue, given: Given) -> Kept:
    """A deal with what follows from its queue left out."""
    at_once = (given.month == queue.month[given.step]) & (given.hours == queue.hours[given.step])
    is_apart = np.ones(len(queue), bool)
    is_apart[given.step[at_once]] = False
    some = is_apart[given.step]
    return Kept(is_apart, Given(given.step[some], given.month[some], given.hours[some]))


def in_order(queue: Queue, available: Hours) -> Given:
    """Give each step of the queue, first to last, the earliest hours left on its work centre from its month on.

    A step takes what is left of a month and the rest in the months after. What does not fit before the last month is
    not given. The policy in force, earliest first promise, is a queue sorted by first promise.
    """
    order = np.argsort(_short(queue.work_centre, len(available)), kind="stable")
    centre, month, left = queue.work_centre[order], queue.month[order], queue.hours[order].copy()
    given: list[tuple[Whole, int, Hours]] = []
    for now in range(available.shape[1] if len(queue) else 0):
        waiting = np.flatnonzero((month <= now) & (left > TINY))
        here, wanted = centre[waiting], left[waiting]
        room = available[here, now] - before_in_group(here, wanted)
        hours = np.where(room >= wanted - TINY, wanted, np.clip(room, 0, wanted))
        served = hours > 0
        left[waiting] -= hours
        given.append((waiting[served], now, hours[served]))
    return _gathered(order, given)


def _gathered(order: Whole, given: list[tuple[Whole, int, Hours]]) -> Given:
    """What was given month by month to steps taken in another order, named by their place in the queue."""
    if not given:
        return Given(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    return Given(
        order[np.concatenate([step for step, _, _ in given])],
        np.concatenate([np.full(len(step), now) for step, now, _ in given]),
        np.concatenate([hours for _, _, hours in given]),
    )


def _short(numbers: Whole, count: int) -> npt.NDArray[np.integer]:
    """The same numbers in 16 bits where they fit, which are sorted many times faster."""
    return numbers.astype(np.int16) if count < np.iinfo(np.int16).max else numbers


def most_by(group: Whole, values: npt.NDArray[Number], count: int) -> npt.NDArray[Number]:
    """The greatest of the values of each group, numbered from 0; 0 where a group has none, or none above it."""
    most = np.zeros(count, values.dtype)
    np.maximum.at(most, group, values)
    return most


def before_in_group(group: Whole, wanted: Hours) -> Hours:
    """The sum of what stands before each entry within its group; groups stand together."""
    if not len(group):
        return wanted
    before = np.cumsum(wanted) - wanted
    is_first = np.concatenate([[True], group[1:] != group[:-1]])
    return np.asarray(np.maximum(before - before[is_first][np.cumsum(is_first) - 1], 0))


def completed_alone(queue: Queue, left: Hours) -> Whole:
    """For each step by itself the month by which the hours left from its month on are enough; -1 where they never are.

    Steps do not compete: each sees the hours left as if it alone were added. `left` is [work centre, month], not negative.
    """
    if not len(queue):
        return np.empty(0, np.int64)
    until = np.cumsum(left, axis=1)
    before = np.where(queue.month > 0, until[queue.work_centre, np.maximum(queue.month - 1, 0)], 0)
    enough = until[queue.work_centre] - before[:, None] >= queue.hours[:, None] - TINY
    enough &= np.arange(left.shape[1]) >= queue.month[:, None]
    return np.where(enough.any(axis=1), enough.argmax(axis=1), -1)


def fair_share(queue: Queue, available: Hours, group: Whole) -> Given:
    """Give each group, month by month, the same share of the hours that it waits for; within a group first to last.

    `group` numbers from 0 whom each step belongs to. Where there is room for all that waits, all of it is given. So the
    hours of a month are shared by need, and nobody's place in the queue takes them from somebody else.
    """
    order = np.lexsort((group, queue.work_centre))
    centre, month, left = queue.work_centre[order], queue.month[order], queue.hours[order].copy()
    claimant = centre * (int(group.max()) + 1 if len(group) else 1) + group[order]
    given: list[tuple[Whole, int, Hours]] = []
    for now in range(available.shape[1] if len(queue) else 0):
        waiting = np.flatnonzero((month <= now) & (left > TINY))
        here, wanted = centre[waiting], left[waiting]
        asked = np.bincount(here, wanted, minlength=len(available))
        room = available[:, now]
        share = np.where(asked > room + TINY, room / np.maximum(asked, TINY), 1.0)
        _, which = np.unique(claimant[waiting], return_inverse=True)
        granted = (np.bincount(which, wanted)[which] * share[here]) if len(waiting) else wanted
        mine = granted - before_in_group(claimant[waiting], wanted)
        hours = np.where(mine >= wanted - TINY, wanted, np.clip(mine, 0, wanted))
        hours = np.where(share[here] >= 1, wanted, hours)
        served = hours > 0
        left[waiting] -= hours
        given.append((waiting[served], now, hours[served]))
    return _gathered(order, given)
