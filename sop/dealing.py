"""From what each kind of line is given to what each line is given."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sop import allocation
from sop.allocation import TINY, Given, Hours, Queue, Whole

Mask = npt.NDArray[np.bool_]
NOTHING = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def dealt(queue: Queue, is_open: Mask, kind_step: Whole, of: Whole, month: Whole, hours: Hours) -> Given:
    """What each step of each line is given: those not open their own month, the others by what their kind's step is given.

    `kind_step` numbers for each step the step of its kind; `of`, `month` and `hours` are what such steps are given, in any order.
    Within a kind the line that stands first is served first.
    """
    settled = np.flatnonzero(~is_open & (queue.hours > 0))
    step, when, part = _shared(queue.hours, np.flatnonzero(is_open), kind_step, of, month, hours)
    return Given(
        np.concatenate([settled, step]), np.concatenate([queue.month[settled], when]),
        np.concatenate([queue.hours[settled], part]),
    )  # fmt: skip


def _shared(
    asked: Hours, mine: Whole, kind_step: Whole, of: Whole, month: Whole, hours: Hours
) -> tuple[Whole, Whole, Hours]:
    """Lay the lines of each kind beside the months it is given, on one axis of hours, and cut where either ends."""
    if not len(of):
        return NOTHING
    mine = mine[np.argsort(kind_step[mine], kind="stable")]
    order = np.lexsort((month, of))
    of, month, hours = of[order], month[order], hours[order]
    group, place = np.unique(kind_step[mine], return_inverse=True)
    line_ends = np.cumsum(asked[mine])
    size = np.bincount(place, asked[mine])
    start = np.cumsum(size) - size
    at = np.searchsorted(group, of)
    within = np.cumsum(hours)
    before = np.concatenate([[0.0], within])[np.searchsorted(at, at)]
    ends = np.minimum(start[at] + within - before, (start + size)[at])
    cuts = np.sort(np.concatenate([line_ends, ends, start]))
    low, high = cuts[:-1], cuts[1:]
    real = high - low > TINY / 2
    middle, length = (low[real] + high[real]) / 2, (high - low)[real]
    who = np.minimum(np.searchsorted(line_ends, middle), len(mine) - 1)
    which = np.searchsorted(ends, middle)
    fits = which < len(ends)
    fits[fits] &= place[who[fits]] == at[which[fits]]
    return mine[who[fits]], month[which[fits]], length[fits]


def filled(queue: Queue, given: Given, available: Hours, may_be_left: Mask) -> Given:
    """The deal with what it leaves undone given out of the hours that it leaves, first to last, but for steps that may be left.

    So no hours lie idle while somebody waits for them.
    """
    had = np.bincount(given.step, given.hours, minlength=len(queue))
    short = np.flatnonzero((queue.hours - had > TINY) & ~may_be_left)
    if not len(short):
        return given
    rest = Queue(queue.work_centre[short], queue.month[short], (queue.hours - had)[short])
    more = allocation.in_order(rest, left_of(queue, given, available))
    return joined(given, Given(short[more.step], more.month, more.hours))


def left_of(queue: Queue, given: Given, available: Hours) -> Hours:
    """The hours of each work centre and month that a deal leaves."""
    cell = queue.work_centre[given.step] * available.shape[1] + given.month
    used = np.bincount(cell, given.hours, minlength=available.size).reshape(available.shape)
    return np.asarray(np.maximum(available - used, 0))


def joined(*parts: Given) -> Given:
    """Several deals of the hours of one queue as one."""
    return Given(
        np.concatenate([part.step for part in parts]), np.concatenate([part.month for part in parts]),
        np.concatenate([part.hours for part in parts]),
    )  # fmt: skip
