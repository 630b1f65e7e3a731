"""Levers: the optimum and the value of an hour with each, worked out by hand, and what holds for any of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop import allocation, arbitrated, arbitrating, findings_arbitrate, programme, queries
from sop.allocation import Given, Hours, Queue
from sop.arbitrating import Claims, Option
from sop.best_overall import Best, Claimed, agreed, best_overall, months_late
from sop.levers import Elsewhere, Levers, Move, as_needed
from tests.test_allocation import CENTRES, MONTHS, hours, plants, queue
from tests.test_arbitrating import claimed, claims_in, lots
from tests.test_forward_pages import PLANT
from tests.test_pages import load, open_page, sample

__all__ = ["sample"]

TWO: tuple[tuple[list[tuple[int, int, float]], float], ...] = (([(0, 0, 10)], 50), ([(0, 0, 10)], 20))
"""Ten hours each at one work centre in month 0; a month late costs 5 an hour for the first and 2 for the second."""


def used(asked: Claimed, given: Given, shape: tuple[int, ...]) -> Hours:
    found = np.zeros(shape)
    np.add.at(found, (asked.queue.work_centre[given.step], given.month), given.hours)
    return found


def deal(best: Best) -> Given:
    assert best.given is not None and best.is_proven
    return best.given


def test_of_overtime_and_hours_outside_the_cheaper_is_taken_first() -> None:
    # Ten hours are missing. Four of overtime at 1.5 save 2 each, then three outside at 1.9; the other three wait: 6.
    levers = Levers(np.array([[4.0, 0]]), np.array([[1.5, 0]]), np.array([[3.0, 0]]), np.array([[1.9, 0]]))
    best = best_overall(claimed(*TWO), np.array([[10.0, 30]]), levers)
    assert best.cost == pytest.approx(4 * 1.5 + 3 * 1.9 + 3 * 2)
    found: list[object] = [(one.kind, one.month, one.hours, one.cost) for one in best.taken]
    assert found == [
        ("overtime", 0, pytest.approx(4), pytest.approx(6)), ("bought outside", 0, pytest.approx(3), pytest.approx(5.7)),
    ]  # fmt: skip
    assert best.hour_value[0, 0] == pytest.approx(2)


def test_where_bought_hours_are_left_an_hour_is_worth_what_one_costs() -> None:
    levers = Levers(np.array([[40.0, 0]]), np.array([[1.5, 0]]))
    best = best_overall(claimed(*TWO), np.array([[10.0, 30]]), levers)
    assert best.hour_value[0, 0] == pytest.approx(1.5)
    assert best.cost == pytest.approx(15)


def test_work_is_made_earlier_in_hours_that_nobody_wants_and_only_while_that_pays() -> None:
    # Month 0 has 6 hours to spare; month 2 lacks 10. Kept for two months an hour costs 2 × 0.5, and saves 2.
    asked = claimed(([(0, 2, 10)], 50), ([(0, 2, 10)], 20))
    available = np.array([[6.0, 0, 10, 30]])
    levers = Levers(earlier_limit=np.full((1, 4), 100.0), earlier_cost=np.full((1, 4), 0.5))
    best = best_overall(asked, available, levers)
    assert best.cost == pytest.approx(6 * 1.0 + 4 * 2)
    assert best.extra.tolist() == [[pytest.approx(-6), pytest.approx(0), pytest.approx(6), pytest.approx(0)]]
    assert best.hour_value[0].tolist() == pytest.approx([1, 1.5, 2, 0])
    dear = replace(levers, earlier_cost=np.full((1, 4), 1.5))
    assert best_overall(asked, available, dear).cost == pytest.approx(20)


def test_another_work_centre_does_the_work_in_its_own_hours_and_gives_up_what_is_worth_less() -> None:
    # Centre 1 needs 1.5 of its hours for one of centre 0. It has 12, of which its own line takes 9, at 1 an hour late.
    # Its 3 spare hours do 2 of the 10 missing, at 0.1 each. Taking 1.5 more from its own line for an hour would save 2 for
    # 1.5 + 0.1: so 8 more hours at the limit of 10, taking 12 of which only 9 are there: 6 hours more.
    asked = claimed(*TWO, ([(1, 0, 9)], 9))
    levers = Levers(elsewhere=(Elsewhere(0, 1, 10, 0.1, 1.5),))
    best = best_overall(asked, np.array([[10.0, 30], [12, 30]]), levers)
    assert best.cost == pytest.approx(8 * 0.1 + 2 * 2 + 9)
    assert best.extra[:, 0].tolist() == pytest.approx([8, -12])
    found: list[object] = [(one.kind, one.work_centre, one.source, one.hours) for one in best.taken]
    assert found == [("done elsewhere", 0, 1, pytest.approx(8))]


def test_a_promise_is_moved_where_that_costs_less_than_being_late() -> None:
    # The first line is worth more by the hour, but its customer agrees to one month later for 10: then it can wait.
    asked = claimed(*TWO)
    levers = Levers(moves=(Move(line=0, months=1, cost=10),))
    best = best_overall(asked, np.array([[10.0, 30]]), levers)
    assert best.cost == pytest.approx(10)
    found = agreed(asked, deal(best), 2, levers)
    assert (found.moved.tolist(), found.late.tolist(), found.cost.tolist()) == ([1, 0], [0, 0], [10, 0])
    assert months_late(asked, deal(best), 2).tolist() == [1, 0]
    assert best.hour_value[0, 0] == pytest.approx(1)


def test_an_opportunity_is_declined_where_its_margin_is_less_than_what_it_holds_up() -> None:
    asked = replace(claimed(*TWO), declined=np.array([np.inf, 15.0]))
    available = np.array([[10.0, 0]])
    kept = best_overall(asked, available, Levers())
    assert kept.cost == pytest.approx(40)
    best = best_overall(asked, available, Levers(can_decline=True))
    assert best.cost == pytest.approx(15)
    found = agreed(asked, deal(best), 2, Levers(can_decline=True))
    assert (found.declined.tolist(), found.late.tolist()) == ([0, 1], [0, 0])


def test_what_is_never_there_is_declined_or_moved_whichever_costs_less_and_never_both() -> None:
    # Six of ten hours are never there, for two months: 5 a month for the whole, so 6 for 0.6 of it. Moving by one month costs
    # 2 and leaves a month late, 7 for the whole; declining costs 1 or 8.
    asked, available = claimed(([(0, 0, 10)], 5)), np.array([[4.0, 0]])
    levers = Levers(moves=(Move(line=0, months=1, cost=2),), can_decline=True)
    for price, declined, moved, late, cost in ((1.0, 0.6, 0, 0, 0.6), (8.0, 0, 0.6, 0.6, 1.2)):
        opportunity = replace(asked, declined=np.array([price]))
        best = best_overall(opportunity, available, levers)
        found = agreed(opportunity, deal(best), 2, levers)
        assert [*found.declined, *found.moved, *found.late, *found.cost] == pytest.approx([declined, moved, late, cost])
        assert best.cost == pytest.approx(late * 5 + cost)


def test_policies_buy_hours_only_as_far_as_somebody_waits() -> None:
    # Month 0 lacks 5: 2 can be bought outside and 2 more by overtime; month 1 has room for the last.
    levers = Levers(np.array([[2.0, 9]]), np.array([[3.0, 3]]), np.array([[2.0, 9]]), np.array([[1.0, 1]]))
    extra, taken = as_needed(queue((0, 0, 15)), np.array([[10.0, 8]]), levers)
    assert extra.tolist() == [[4, 0]]
    assert {one.kind: one.hours for one in taken} == {"bought outside": 2, "overtime": 2}
    few = as_needed(queue((0, 0, 11)), np.array([[10.0, 8]]), levers)
    assert {one.kind: one.hours for one in few[1]} == {"bought outside": 1}
    assert as_needed(queue((0, 0, 5)), np.array([[10.0, 8]]), levers)[1] == []


def test_a_work_centre_without_hours_is_late_to_the_end_and_an_hour_there_has_its_value() -> None:
    best = best_overall(claimed(([(0, 0, 10)], 50)), np.zeros((1, 3)))
    assert best.cost == pytest.approx(150)
    assert best.hour_value.tolist() == [[pytest.approx(15), pytest.approx(10), pytest.approx(5)]]


def test_where_nothing_is_contested_nothing_is_taken() -> None:
    levers = Levers(np.full((1, 2), 5.0), np.zeros((1, 2)), can_decline=True)
    best = best_overall(claimed(*TWO), np.array([[20.0, 0]]), levers)
    assert (best.cost, best.taken, best.hour_value.sum()) == (0, (), 0)


def test_gathering_lines_of_one_kind_changes_nothing() -> None:
    lines = [([(0, 0, 4.0), (1, 1, 2.0)], 8.0)] * 5 + [([(0, 1, 3.0)], 9.0)] * 4
    alone = claimed(*lines)
    kind = np.array([0] * 5 + [1] * 4)
    gathered = replace(alone, kind=kind, shape=kind, size=np.ones(9))
    available = np.array([[7.0, 9, 2, 5], [1, 3, 3, 3]])
    one, other = best_overall(alone, available), best_overall(gathered, available)
    assert one.cost == pytest.approx(other.cost, rel=1e-9)
    assert months_late(gathered, deal(other), 4) @ gathered.worth == pytest.approx(one.cost, rel=1e-9)


@settings(max_examples=60)
@given(lots, plants)
def test_with_only_what_is_most_in_doubt_to_begin_with_the_cost_and_the_hours_are_the_same(lines, available) -> None:
    asked = claimed(*lines)
    whole = best_overall(asked, available)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programme, "FREE", 1)
        patch.setattr(programme, "DOUBTFUL", 0.0)
        few = best_overall(asked, available)
    assert few.cost == pytest.approx(whole.cost, rel=1e-7, abs=1e-6)
    assert (used(asked, deal(few), available.shape) <= available + 1e-5).all()
    assert months_late(asked, deal(few), MONTHS) @ asked.worth == pytest.approx(few.cost, rel=1e-4, abs=1e-3)


cells = st.lists(st.lists(hours, min_size=MONTHS, max_size=MONTHS), min_size=CENTRES, max_size=CENTRES).map(np.array)
others = st.lists(
    st.builds(Elsewhere, st.integers(0, CENTRES - 1), st.integers(0, CENTRES - 1), st.floats(0, 20), st.floats(0, 5),
              st.sampled_from([0.5, 1.0, 1.5])), max_size=2,
).map(lambda found: tuple(one for one in found if one.work_centre != one.other))  # fmt: skip
opened = st.builds(
    Levers, limit=st.none() | cells, cost=cells, outside_limit=st.none() | cells, outside_cost=cells,
    earlier_limit=st.none() | cells, earlier_cost=cells, elsewhere=others,
)  # fmt: skip


@settings(max_examples=60)
@given(lots, plants, opened, st.integers(0, 3), st.floats(0, 60), st.floats(0, 200), st.randoms(use_true_random=False))
def test_no_hours_are_used_beyond_those_there_are_and_no_policy_does_better_whatever_is_opened(
    lines, available, levers, later, move_cost, declined, random
) -> None:
    asked = replace(claimed(*lines), declined=np.array([declined, *[np.inf] * (len(lines) - 1)]))
    levers = replace(levers, moves=(Move(len(lines) - 1, later, move_cost),), can_decline=True)
    best = best_overall(asked, available, levers)
    taken_cost = sum(one.cost for one in best.taken)
    assert (used(asked, deal(best), available.shape) <= available + best.extra + 1e-5).all()
    assert (available + best.extra >= -1e-5).all()
    found = agreed(asked, deal(best), MONTHS, levers)
    cost = found.late @ asked.worth + found.cost.sum() + taken_cost
    assert cost == pytest.approx(best.cost, rel=1e-4, abs=1e-2)
    extra, bought = as_needed(asked.queue, available, levers)
    rank = np.array(random.sample(range(len(lines)), len(lines)))
    order = np.argsort(rank[asked.line], kind="stable")
    served = Queue(asked.queue.work_centre[order], asked.queue.month[order], asked.queue.hours[order])
    policy = allocation.in_order(served, available + extra)
    dealt = Given(order[policy.step], policy.month, policy.hours)
    assert (used(asked, dealt, available.shape) <= available + extra + 1e-5).all()
    policy_cost = months_late(asked, dealt, MONTHS) @ asked.worth + sum(one.cost for one in bought)
    assert best.cost <= policy_cost + 1e-2
    again = best_overall(asked, available, levers)
    assert deal(again).hours.tolist() == deal(best).hours.tolist()


@settings(max_examples=40)
@given(lots, plants, st.integers(0, CENTRES - 1), st.integers(0, MONTHS - 1))
def test_the_value_of_an_hour_is_between_what_one_more_saves_and_what_one_less_costs(
    lines, available, centre, month
) -> None:
    asked, step = claimed(*lines), 1e-3
    best = best_overall(asked, available)
    more, less = available.copy(), available.copy()
    more[centre, month] += step
    less[centre, month] = max(less[centre, month] - step, 0)
    saved = (best.cost - best_overall(asked, more).cost) / step
    value = best.hour_value[centre, month]
    assert value >= saved - 1e-3 * (1 + saved)
    lost = available[centre, month] - less[centre, month]
    if lost:
        assert value <= (best_overall(asked, less).cost - best.cost) / lost + 1e-3 * (1 + value)


def test_by_hand_from_the_best_overall_leaves_untouched_lines_where_they_were(sample) -> None:
    claims, weights = claims_in(sample), arbitrating.Weights()
    found, _ = arbitrating.options(claims, weights)
    best = found["best"]
    same = arbitrating.by_hand(claims, weights, best, [], [])
    assert same.totals["weighed_value"] <= best.totals["weighed_value"] + 1e-6
    assert (same.lines["new_promised_date"].fillna(0) == best.lines["new_promised_date"].fillna(0)).mean() == 1
    late = int(np.flatnonzero(~best.lines["is_kept"] & ~claims.lines["is_overdue"])[0])
    hand = arbitrating.by_hand(claims, weights, best, [late], [])
    differs = hand.lines["new_promised_date"].fillna(0) != best.lines["new_promised_date"].fillna(0)
    assert hand.lines["is_kept"].iloc[late]
    assert 1 <= differs.sum() <= 12
    asked = claims.claimed(weights)
    assert (used(asked, given_by(claims, hand), claims.available.shape) <= claims.available + 1e-4).all()


def claims_of_lots(lines: list[tuple[list[tuple[int, int, float]], float]], available: Hours) -> Claims:
    """Claims of one customer each, of a unit worth a month late what is given."""
    months = pd.date_range("2026-07-01", periods=MONTHS, freq="MS").as_unit("us")
    numbers = [str(number) for number in range(len(lines))]
    centre, month = np.divmod(np.arange(available.size), MONTHS)
    due = months[[max(when for _, when, _ in steps) for steps, _ in lines]]
    frame = pd.DataFrame(
        {
            "claim_number": range(len(lines)), "order_id": numbers, "line_number": "1",
            "customer_number": range(len(lines)), "product_id": numbers, "promised_date": due, "due_month": due,
            "is_overdue": False, "is_opportunity": False, "open_quantity": 1.0, "unit_price": [worth for _, worth in lines],
            "unit_margin": np.nan,
        }
    )  # fmt: skip
    customers = pd.DataFrame(
        {"customer_number": range(len(lines)), "customer_id": numbers, "customer_name": numbers, "tier": "C",
         "let_down_count": 0, "let_down_rate": 0.0, "imposed_days_so_far": 0}
    )  # fmt: skip
    hours = pd.DataFrame(
        {"work_centre_id": centre.astype(str), "work_centre_name": centre.astype(str), "month": months[month],
         "work_centre_number": centre, "month_number": month, "available_hours": available.ravel()}
    )  # fmt: skip
    steps = [(number, *step) for number, (asked, _) in enumerate(lines) for step in asked]
    columns = ["claim_number", "work_centre_number", "month_number", "step_hours"]
    return arbitrating.claims_of(frame, pd.DataFrame(steps, columns=columns), customers, hours)


def given_by(claims: Claims, option: Option) -> Given:
    """The deal of an option."""
    return option.kept.whole(claims.queue)


def test_opportunities_claim_hours_where_no_order_line_is_open(sample) -> None:
    lines, steps, customers = (
        queries.ask(sample.open(), f"arbitrate/{name}", opportunities="all").df()
        for name in ("lines", "steps", "customers")
    )
    count = int((~lines["is_opportunity"]).sum())
    lines, steps = lines[lines["is_opportunity"]].sort_values("claim_number"), steps[steps["claim_number"] >= count]
    lines, steps = (found.assign(claim_number=found["claim_number"] - count) for found in (lines, steps))
    hours = queries.ask(sample.open(), "arbitrate/hours").df()
    claims = arbitrating.claims_of(lines.reset_index(drop=True), steps, customers, hours)
    assert len(claims.lines) > 2 and claims.is_opportunity.all()
    assert claims.by_promise.tolist() == list(range(len(claims.lines)))


def had_by(claims: Claims, dealt: Given) -> Hours:
    """The hours that each step has been given by the end of each month: [step, month]."""
    found = np.zeros((len(claims.queue), MONTHS))
    np.add.at(found, (dealt.step, dealt.month), dealt.hours)
    return np.cumsum(found, axis=1)


@settings(max_examples=60)
@given(lots, plants, st.sampled_from(["best", "fair"]), st.data())
def test_a_change_by_hand_uses_no_hour_twice_and_only_a_pinned_line_makes_another_later(
    lines, available, name, data
) -> None:
    claims, weights = claims_of_lots(lines, available), arbitrating.Weights()
    start = arbitrating.options(claims, weights)[0][name]
    touched = data.draw(st.lists(st.integers(0, len(lines) - 1), unique=True))
    cut = data.draw(st.integers(0, len(touched)))
    pinned, last = touched[:cut], touched[cut:]
    hand = arbitrating.by_hand(claims, weights, start, pinned, last)
    asked = claims.claimed(weights)
    assert (used(asked, given_by(claims, hand), available.shape) <= available + 1e-4).all()
    dealt, dealt_before = given_by(claims, hand), given_by(claims, start)
    of_pinned = np.isin(claims.claim[dealt.step], pinned)
    taken = np.zeros(available.shape, bool)
    taken[claims.queue.work_centre[dealt.step[of_pinned]], dealt.month[of_pinned]] = True
    loses = np.zeros(len(claims.queue), bool)
    np.logical_or.at(loses, dealt_before.step, taken[claims.queue.work_centre[dealt_before.step], dealt_before.month])
    untouched = ~np.isin(claims.claim, touched) & ~loses
    before, after = had_by(claims, dealt_before), had_by(claims, dealt)
    assert (after[untouched] >= before[untouched] - 1e-4).all()


def test_a_promise_that_is_moved_stays_moved_by_a_change_by_hand_where_the_lever_was_open() -> None:
    # The first line's customer lets its promise go for less than the second's lateness costs; pinning the second changes nothing.
    claims = claims_of_lots([([(0, 0, 10)], 50), ([(0, 0, 10)], 20)], np.array([[10.0, 30, 0, 0]]))
    weights, levers = arbitrating.Weights(late_rate=1.0), Levers(moves=(Move(line=0, months=1, cost=10),))
    start = arbitrating.options(claims, weights, levers)[0]["best"]
    assert start.lines["is_moved"].tolist() == [True, False]
    hand = arbitrating.by_hand(claims, weights, start, [1], [], levers)
    assert hand.lines["is_moved"].tolist() == [True, False]
    assert (hand.totals["weighed_value"], hand.totals["cost_value"]) == (pytest.approx(10), pytest.approx(10))
    shut = arbitrating.by_hand(claims, weights, start, [1], [])
    assert (shut.totals["broken_count"], shut.totals["weighed_value"]) == (1, pytest.approx(50))


def test_where_it_is_not_worked_out_how_far_the_value_of_an_hour_holds_it_is_said_in_words() -> None:
    claims = claims_of_lots([([(0, 0, 10)], 50), ([(0, 0, 10)], 20)], np.array([[10.0, 30, 0, 0]]))
    best = arbitrating.options(claims, arbitrating.Weights(late_rate=1.0))[0]["best"].best
    assert best is not None
    known = arbitrated.hour_values(claims, best)
    assert known[["from_hours", "to_hours"]].to_numpy().tolist() == [[pytest.approx(10), pytest.approx(20)]]
    assert "stay between the two figures" in findings_arbitrate.of_the_range(known)
    assert arbitrated.hour_value_at(claims, best, "0", "2026-07")["to_hours"] == pytest.approx(20)
    unknown = replace(best, from_hours=best.from_hours * np.nan, to_hours=best.to_hours * np.nan)
    values = arbitrated.hour_values(claims, unknown)
    assert not values.isna().any(axis=None) and "from_hours" not in values
    assert "is not worked out" in findings_arbitrate.of_the_range(values)
    assert list(arbitrated.hour_value_at(claims, unknown, "0", "2026-07")) == ["saved_value"]


def test_opened_levers_are_in_every_option_with_their_cost_and_conflicts_count_their_hours(tmp_path) -> None:
    claims = claims_in(load(tmp_path, **PLANT))
    shape = claims.available.shape
    levers = Levers(outside_limit=np.full(shape, 1000.0), outside_cost=np.full(shape, 0.01))
    found, _ = arbitrating.options(claims, arbitrating.Weights(), levers)
    for option in found.values():
        assert option.totals["broken_count"] == int(claims.lines["is_overdue"].sum())
        assert option.totals["cost_value"] == pytest.approx(sum(one.cost for one in option.taken))
        assert option.extra is not None and option.extra.sum() > 0
    number = {order: place for place, order in enumerate(claims.lines["order_id"])}
    both = [number["A1"], number["A2"]]
    assert (
        arbitrating.conflicts(
            claims, both, arbitrating.by_hand(claims, arbitrating.Weights(), found["promise"], both, [])
        )
        == []
    )


def test_when_time_runs_out_the_best_policy_stands_in_and_what_is_proven_is_said(sample) -> None:
    claims = claims_in(sample)
    found, _ = arbitrating.options(claims, arbitrating.Weights(), seconds=0.0)
    least = min(option.totals["weighed_value"] for name, option in found.items() if name != "best")
    assert found["best"].best is not None and not found["best"].best.is_proven
    assert found["best"].totals["weighed_value"] == pytest.approx(least)
    proven = best_overall(claims.claimed(arbitrating.Weights()), claims.available).cost
    assert 0 < found["best"].best.bound <= proven + 1e-6


def test_levers_opened_on_the_page_are_in_the_options_with_what_is_taken(
    sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(
        "arbitrate", sample, monkeypatch, overtime="true", earlier="true", earlier_cost="1.0", option="best"
    )
    assert not app.exception
    taken = next(table.value for table in app.dataframe if "taken_hours" in table.value)
    assert {"overtime", "made earlier"} & set(taken["lever"])
    assert (taken["taken_hours"] > 0).all()


@pytest.mark.parametrize("which", ["told", "all"])
def test_opportunities_claim_hours_only_where_asked_for(which: str, sample, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("lines", "steps", "customers")
    lines, steps, customers = (
        queries.ask(sample.open(), f"arbitrate/{name}", opportunities=which).df() for name in names
    )
    claims = arbitrating.claims_of(lines, steps, customers, queries.ask(sample.open(), "arbitrate/hours").df())
    assert claims.is_opportunity.any()
    shuffled = lines.sample(frac=1, random_state=1)
    again = arbitrating.claims_of(shuffled, steps.sample(frac=1, random_state=2), customers, claims.hours)
    pd.testing.assert_frame_equal(again.lines, claims.lines)
    for name in ("work_centre", "month", "hours"):
        assert (getattr(again.queue, name) == getattr(claims.queue, name)).all()
    assert (again.claim == claims.claim).all(), "in whatever order they come"
    assert claims.lines["claim_number"].iloc[claims.by_promise].tolist() == list(range(len(claims.lines)))
    known = sample.open().sql(
        "select order_id, line_number, customer_id as known_id from marts.promises"
        " union all select opportunity_id, 'opportunity', customer_id from extracts.opportunities"
    ).df()  # fmt: skip
    both = claims.lines[arbitrating.LINE].assign(customer_id=claims.customer_id).merge(known, on=arbitrating.LINE)
    assert len(both) == len(claims.lines) and (both["customer_id"] == both["known_id"]).all()
    assert not claims_in(sample).is_opportunity.any()
    closed, _ = arbitrating.options(claims, arbitrating.Weights())
    found, _ = arbitrating.options(claims, arbitrating.Weights(), Levers(can_decline=True))
    assert found["best"].totals["weighed_value"] <= closed["best"].totals["weighed_value"] + 1e-6
    assert not found["best"].lines["is_declined"][~claims.is_opportunity].any()
    assert not open_page("arbitrate", sample, monkeypatch, claiming=which, declining="true").exception
