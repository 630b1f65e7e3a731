"""A change by hand: lines pinned or left waiting, starting from any option, and why a wish cannot be had."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from sop import allocation, dealing, words
from sop.allocation import TINY, Given, Hours, Queue, Whole
from sop.claiming import Claims, Option, Weights, late_hours
from sop.judging import judged
from sop.levers import Levers
from sop.policies import ORDERS

Mask = npt.NDArray[np.bool_]


def by_hand(
    claims: Claims, weights: Weights, start: Option, first: Collection[int], last: Collection[int],
    levers: Levers | None = None,
) -> Option:  # fmt: skip
    """The option that serves `first` (numbers of lines) before all others and `last` behind them, and else follows `start`.

    From a policy that is an order of the queue, these are moved in it. From any other option, what the untouched lines are given
    stays as it is wherever it still fits. `levers` are those that were open to it.
    """
    available = hours_of(claims, start)
    if start.name in ORDERS:
        order = ORDERS[start.name][1](claims)
        place = np.zeros(len(order), np.int64)
        place[list(last)] = 1
        place[list(first)] = -1
        given = claims.given(order[np.argsort(place[order], kind="stable")], available)
    else:
        given = _as_little_moved(
            claims, start.kept.whole(claims.queue), available, _mask(claims, first), _mask(claims, last)
        )
    mine = levers if start.name == "best" else None
    return judged("hand", "By hand", claims, given, weights, levers=mine, extra=start.extra, taken=start.taken)


def hours_of(claims: Claims, option: Option) -> Hours:
    """The hours that there are under an option, those of its levers among them."""
    return claims.available if option.extra is None else claims.available + option.extra


def _mask(claims: Claims, lines: Collection[int]) -> Mask:
    """Which steps are of these lines."""
    chosen = np.zeros(len(claims.lines), bool)
    chosen[list(lines)] = True
    return np.asarray(chosen[claims.claim])


def _as_little_moved(claims: Claims, start: Given, available: Hours, first: Mask, last: Mask) -> Given:
    """Deal out the hours to pinned steps, then leave others what they have where it fits, those that stand first before others.

    What no longer fits takes hours that are left; hours still left then bring forward who was late, and at the end come the
    steps that are to wait.
    """
    queue = claims.queue
    pinned = _in_order(queue, np.flatnonzero(first), queue.hours, available)
    rest = np.flatnonzero(~first[start.step] & ~last[start.step])
    kept = _that_fits(queue, _part(start, rest), dealing.left_of(queue, pinned, available))
    untouched = np.flatnonzero(~first & ~last)
    had = np.bincount(start.step[rest], start.hours[rest], minlength=len(queue)).astype(float)
    lost: Hours = had - np.bincount(kept.step, kept.hours, minlength=len(queue))
    room = dealing.left_of(queue, dealing.joined(pinned, kept), available)
    moved = _in_order(queue, untouched, lost, room)
    is_late = kept.month > queue.month[kept.step]
    fixed = dealing.joined(pinned, moved, _part(kept, np.flatnonzero(~is_late)))
    forward = _brought_forward(queue, _part(kept, np.flatnonzero(is_late)), dealing.left_of(queue, fixed, available))
    so_far = dealing.joined(fixed, forward)
    left = queue.hours - np.bincount(so_far.step, so_far.hours, minlength=len(queue))
    short = np.concatenate([np.flatnonzero(first), np.flatnonzero(~first & ~last), np.flatnonzero(last)])
    more = _in_order(queue, short, left, dealing.left_of(queue, so_far, available))
    return dealing.joined(so_far, more)


def _part(given: Given, which: Whole) -> Given:
    return Given(given.step[which], given.month[which], given.hours[which])


def _in_order(queue: Queue, steps: Whole, hours: Hours, available: Hours) -> Given:
    """Give these steps, first to last, so many hours of those there are."""
    steps = steps[hours[steps] > TINY]
    asked = Queue(queue.work_centre[steps], queue.month[steps], hours[steps])
    found = allocation.in_order(asked, available)
    return Given(steps[found.step], found.month, found.hours)


def _that_fits(queue: Queue, given: Given, room: Hours) -> Given:
    """As much of a deal as there is room for in each work centre and month, first to last."""
    cell = queue.work_centre[given.step] * room.shape[1] + given.month
    order = np.lexsort((given.step, cell))
    cell, hours = cell[order], given.hours[order]
    left = room.ravel()[cell] - allocation.before_in_group(cell, hours)
    fits = np.where(left >= hours - TINY, hours, np.clip(left, 0, hours))
    some = fits > 0
    return Given(given.step[order][some], given.month[order][some], fits[some])


def _brought_forward(queue: Queue, given: Given, room: Hours) -> Given:
    """The same hours as early as there is room, whoever had the earlier month first: nobody comes later than before."""
    order = np.lexsort((given.step, given.month))
    step = given.step[order]
    found = allocation.in_order(Queue(queue.work_centre[step], queue.month[step], given.hours[order]), room)
    return Given(step[found.step], found.month, found.hours)


def conflicts(claims: Claims, first: Collection[int], option: Option) -> list[str]:
    """Why lines that were to be kept cannot all be: one sentence a work centre and month, and one for dates that have passed.

    The hours are those there are with what the option takes of levers.
    """
    available, names = hours_of(claims, option), claims.cell_names
    chosen = np.zeros(len(claims.lines), bool)
    chosen[list(first)] = True
    said = []
    passed = int((chosen & claims.lines["is_overdue"].to_numpy(bool)).sum())
    if passed:
        said.append(f"{words.counted(passed, 'pinned line')} cannot be kept: the promised date has passed already.")
    late = np.unique(
        np.flatnonzero((late_hours(claims, option.kept.whole(claims.queue)) > TINY) & chosen[claims.claim])
    )
    centre, month = claims.queue.work_centre, claims.queue.month
    for work_centre, when in sorted({(int(centre[step]), int(month[step])) for step in late}):
        here = (centre == work_centre) & (month <= when) & chosen[claims.claim]
        asked, there = claims.queue.hours[here].sum(), available[work_centre, : when + 1].sum()
        in_month = claims.queue.hours[here & (month == when)].sum()
        have = available[work_centre, when]
        name, of = names[work_centre * available.shape[1] + when]
        said.append(
            f"{name} has {have:,.0f} hours in {of}; the pinned lines ask for {in_month:,.0f} in that month alone."
            if in_month > have
            else f"{name} has {there:,.0f} hours up to {of}; the pinned lines ask for {asked:,.0f} in these months."
        )
    return said
