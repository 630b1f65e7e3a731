"""Hours given to a queue: by hand where they can be followed, and for any queue what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop import allocation
from sop.allocation import Hours, Queue

CENTRES, MONTHS = 3, 4

Step = tuple[int, int, float]


def queue(*steps: Step) -> Queue:
    """A queue of (work centre, month, hours), first served first."""
    centre, month, hours = zip(*steps, strict=True) if steps else ((), (), ())
    return Queue(np.array(centre, np.int64), np.array(month, np.int64), np.array(hours, np.float64))


def rows(asked: Queue, available: Hours) -> list[tuple[int, int, float]]:
    """Hours given as (step, month, hours), by step and month."""
    found = allocation.in_order(asked, available)
    return sorted(zip(found.step.tolist(), found.month.tolist(), found.hours.tolist(), strict=True))


hours = st.one_of(st.just(0.0), st.floats(0.1, 50), st.integers(1, 40).map(float), st.sampled_from([0.1, 0.2, 0.3]))
steps = st.lists(st.tuples(st.integers(0, CENTRES - 1), st.integers(0, MONTHS - 1), hours), max_size=30)
plants = st.lists(
    st.lists(hours, min_size=MONTHS, max_size=MONTHS), min_size=CENTRES, max_size=CENTRES
).map(np.array)  # fmt: skip


def test_the_first_in_the_queue_is_served_first_and_the_next_takes_what_is_left_and_waits() -> None:
    asked = queue((0, 0, 6), (0, 0, 6), (0, 1, 6))
    # Month 0 has 10: 6 to the first, 4 to the second. Month 1 has 5: 2 to the second, 3 to the third. Month 2 has 5: 3.
    assert rows(asked, np.array([[10.0, 5, 5]])) == [(0, 0, 6), (1, 0, 4), (1, 1, 2), (2, 1, 3), (2, 2, 3)]
    assert allocation.in_order(asked, np.array([[10.0, 5, 5]])).completed(asked).tolist() == [0, 1, 2]


@given(steps, plants)
def test_a_deal_that_is_kept_is_the_same_deal_and_keeps_nothing_of_who_gets_all_in_their_month(
    asked, available
) -> None:
    waiting = queue(*asked)
    dealt = allocation.in_order(waiting, available)
    kept = allocation.kept(waiting, dealt)
    again = kept.whole(waiting)
    one, other = (
        sorted(zip(each.step.tolist(), each.month.tolist(), each.hours.tolist(), strict=True))
        for each in (dealt, again)
    )
    assert other == one
    had = np.bincount(dealt.step, dealt.hours * (dealt.month == waiting.month[dealt.step]), minlength=len(waiting))
    assert (kept.is_apart == ((had != waiting.hours) | (had == 0))).all()
    assert kept.is_apart[kept.given.step].all()


def test_nothing_is_worked_before_its_month() -> None:
    assert rows(queue((0, 1, 5)), np.array([[100.0, 3, 100]])) == [(0, 1, 3), (0, 2, 2)]


def test_what_does_not_fit_before_the_last_month_is_not_completed() -> None:
    asked = queue((0, 0, 6), (0, 0, 1))
    assert allocation.in_order(asked, np.array([[2.0, 3]])).completed(asked).tolist() == [-1, -1]


def test_each_work_centre_serves_its_own_queue() -> None:
    asked = queue((1, 0, 6), (0, 0, 6), (1, 0, 6))
    assert rows(asked, np.array([[6.0], [6.0]])) == [(0, 0, 6), (1, 0, 6)]


def test_a_step_without_hours_is_complete_in_its_month() -> None:
    asked = queue((0, 1, 0.0))
    assert allocation.in_order(asked, np.zeros((1, 2))).completed(asked).tolist() == [1]


def test_hours_that_fit_exactly_fit_whatever_the_rounding_of_their_sum() -> None:
    asked = queue(*[(0, 0, 0.1)] * 10)
    assert allocation.in_order(asked, np.array([[1.0, 5]])).completed(asked).tolist() == [0] * 10


def test_without_a_queue_or_without_months_nothing_is_given() -> None:
    assert rows(queue(), np.zeros((0, 0))) == []
    assert rows(queue(), np.ones((2, 3))) == []
    assert allocation.completed_alone(queue(), np.ones((2, 3))).tolist() == []


def test_alone_a_step_is_done_once_the_hours_left_from_its_month_on_are_enough() -> None:
    left = np.array([[0.0, 20, 40, 40], [5, 0, 0, 0]])
    asked = queue((0, 0, 15), (0, 0, 30), (0, 2, 30), (0, 0, 101), (1, 0, 5), (1, 1, 5), (1, 3, 0.0))
    assert allocation.completed_alone(asked, left).tolist() == [1, 2, 2, -1, 0, -1, 3]


@given(steps, plants)
def test_no_more_hours_are_given_than_there_are_and_none_that_were_not_asked_for(
    asked: list[Step], available: Hours
) -> None:
    found = allocation.in_order(queue(*asked), available)
    given_hours = np.zeros_like(available)
    np.add.at(given_hours, (queue(*asked).work_centre[found.step], found.month), found.hours)
    assert (given_hours <= available + len(asked) * allocation.TINY).all()
    assert (found.hours > 0).all()
    by_step = np.bincount(found.step, found.hours, minlength=len(asked))
    assert (by_step <= queue(*asked).hours + allocation.TINY).all()
    assert (found.month >= queue(*asked).month[found.step]).all()


@given(steps, plants)
def test_no_hour_is_left_in_a_month_while_somebody_who_may_have_it_waits(asked: list[Step], available: Hours) -> None:
    whole = queue(*asked)
    found = allocation.in_order(whole, available)
    for step, (centre, month, wanted) in enumerate(asked):
        for now in range(month, MONTHS):
            had = found.hours[(found.step == step) & (found.month <= now)].sum()
            used = found.hours[(whole.work_centre[found.step] == centre) & (found.month == now)].sum()
            is_waiting = had < wanted - 1e-5
            assert not is_waiting or used >= available[centre, now] - 1e-5


@given(steps, plants, st.integers(0, CENTRES - 1), st.integers(0, MONTHS - 1), st.floats(0, 60))
def test_more_hours_never_make_anything_later(
    asked: list[Step], available: Hours, centre: int, month: int, more: float
) -> None:
    whole = queue(*asked)
    before = allocation.in_order(whole, available).completed(whole)
    richer = available.copy()
    richer[centre, month] += more
    after = allocation.in_order(whole, richer).completed(whole)
    never = MONTHS
    assert (np.where(after < 0, never, after) <= np.where(before < 0, never, before)).all()


@given(steps, plants, st.tuples(st.integers(0, CENTRES - 1), st.integers(0, MONTHS - 1), hours))
def test_who_joins_the_end_of_the_queue_delays_nobody(asked: list[Step], available: Hours, last: Step) -> None:
    before = allocation.in_order(queue(*asked), available).completed(queue(*asked))
    longer = queue(*asked, last)
    after = allocation.in_order(longer, available).completed(longer)
    assert after[:-1].tolist() == before.tolist()


@given(steps, plants, st.tuples(st.integers(0, CENTRES - 1), st.integers(0, MONTHS - 1), hours))
def test_what_is_capable_to_promise_alone_is_what_the_queue_gives_to_whoever_joins_its_end(
    asked: list[Step], available: Hours, last: Step
) -> None:
    whole = queue(*asked)
    found = allocation.in_order(whole, available)
    left = available.copy()
    np.subtract.at(left, (whole.work_centre[found.step], found.month), found.hours)
    alone = allocation.completed_alone(queue(last), np.maximum(left, 0))
    longer = queue(*asked, last)
    assert alone[0] == pytest.approx(allocation.in_order(longer, available).completed(longer)[-1])
