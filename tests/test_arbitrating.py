"""Who gets the scarce hours: optimum and prices worked out by hand, what holds for any claims, and the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop import allocation, arbitrating, programme, queries, words
from sop.allocation import Queue
from sop.arbitrating import Claims, Weights
from sop.best_overall import Claimed, best_overall, months_late
from sop.levers import Levers, Move
from sop.snapshots import Home
from tests.test_allocation import CENTRES, MONTHS, plants, queue
from tests.test_forward_pages import PLANT
from tests.test_pages import load, open_page, sample, shown

__all__ = ["sample"]

lots = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, CENTRES - 1), st.integers(0, MONTHS - 1), st.integers(1, 20).map(float)),
                 min_size=1, max_size=CENTRES, unique_by=lambda step: step[0]),
        st.integers(0, 50).map(float),
    ),
    min_size=1, max_size=10,
)  # fmt: skip


def claimed(*lines: tuple[list[tuple[int, int, float]], float]) -> Claimed:
    """Lines as (steps, worth of a month late), each of a kind of its own."""
    steps = [step for asked, _ in lines for step in asked]
    line = [number for number, (asked, _) in enumerate(lines) for _ in asked]
    worth = np.array([worth for _, worth in lines])
    return Claimed(queue(*steps), np.array(line, np.int64), worth, np.arange(len(lines)))


def test_the_line_worth_more_by_the_hour_is_served_and_an_hour_is_worth_what_the_other_loses() -> None:
    # Ten hours for two lines of ten. A month late costs 50 for the first, 5 an hour, and 20 for the second, 2 an hour.
    best = best_overall(claimed(([(0, 0, 10)], 50), ([(0, 0, 10)], 20)), np.array([[10.0, 30]]))
    assert best.cost == pytest.approx(20)
    assert best.hour_value.tolist() == [[pytest.approx(2), 0]]
    # It holds down to where the first line gets nothing less than its ten, and up to where both have all: 20.
    assert (best.from_hours[0, 0], best.to_hours[0, 0]) == (pytest.approx(10), pytest.approx(20))


def test_what_is_late_at_one_work_centre_leaves_the_hours_of_another_to_who_can_use_them() -> None:
    # The first line lacks all hours of centre 0 in month 0, so it needs none of centre 1 there: the second is in time.
    found = claimed(([(0, 0, 10), (1, 0, 10)], 100), ([(1, 0, 10)], 10))
    best = best_overall(found, np.array([[0.0, 10], [10, 10]]))
    assert best.cost == pytest.approx(100)
    assert months_late(found, best.given, 2).tolist() == [1, 0]  # type: ignore[arg-type]


def test_overtime_is_taken_where_it_costs_less_than_being_late_and_no_further() -> None:
    asked = claimed(([(0, 0, 10)], 50), ([(0, 0, 10)], 20))
    hours, limit = np.array([[10.0, 30]]), np.array([[4.0, 0]])
    best = best_overall(asked, hours, Levers(limit, np.array([[1.5, 0]])))
    assert best.extra.tolist() == [[4, 0]]
    assert best.cost == pytest.approx(6 * 2 + 4 * 1.5)
    dear = best_overall(asked, hours, Levers(limit, np.array([[2.5, 0]])))
    assert dear.extra.sum() == 0
    assert dear.cost == pytest.approx(20)


def test_what_never_fits_is_late_to_the_end_of_the_months_known() -> None:
    best = best_overall(claimed(([(0, 0, 10)], 50)), np.array([[4.0, 0, 0]]))
    assert best.cost == pytest.approx(50 * 6 / 10 * 3)


@pytest.mark.parametrize("short", [1e-6, 1e-5, 2e-5, 1e-4])
def test_hours_that_nearly_are_enough_are_not_taken_for_enough_and_the_best_is_proven_all_the_same(
    short: float,
) -> None:
    # An hour at each centre; what centre 1 is short of in the last month it has in the month before.
    hours = np.array([[0, 0, 0, 1.0], [0, 0, 0.5, 1 - short]])
    best = best_overall(claimed(([(0, 0, 1.0), (1, 0, 1.0)], 1.0)), hours)
    assert best.given is not None and best.is_proven and best.cost == best.bound == pytest.approx(3)
    used = np.zeros_like(hours)
    np.add.at(used, (best.given.step, best.given.month), best.given.hours)
    assert used.sum(axis=1).tolist() == pytest.approx([1, 1]) and (used <= hours + 1e-9).all()


def test_time_that_runs_out_says_so_and_proves_no_more_than_is_true() -> None:
    asked = claimed(*[([(0, 0, 10.0), (1, 0, 7.0)], float(worth)) for worth in range(1, 30)])
    hours = np.full((2, 4), 40.0)
    assert best_overall(asked, hours, seconds=0.0).given is None
    assert 0 <= best_overall(asked, hours, seconds=0.0).bound <= best_overall(asked, hours).cost + 1e-6


@given(lots, plants, st.integers(1, 8))
def test_whenever_the_time_runs_out_there_is_a_deal_or_none_and_no_hour_of_it_is_given_twice(
    lines, available, runs
) -> None:
    """The solver is asked for so many times, as if the next were too late."""
    asked, solve, left = claimed(*lines), programme._Master._run, iter(range(runs))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programme._Master, "_run", lambda self: next(left, None) is not None and solve(self))
        best = best_overall(asked, available)
    assert best.bound <= best_overall(asked, available).cost + 1e-6
    if best.given is not None:
        used = np.zeros_like(available)
        np.add.at(used, (asked.queue.work_centre[best.given.step], best.given.month), best.given.hours)
        assert (used <= available + 2 * programme.MORE + 1e-6).all()


def test_what_costs_less_than_the_solver_tells_apart_is_not_sought_for_ever() -> None:
    # One line is declined for nothing, the other moved for next to nothing: being late is worth less than the solver sees.
    asked = replace(claimed(([(0, 1, 10.0)], 6.0), ([(0, 1, 10.0)], 17.0)), declined=np.array([1e-38, np.inf]))
    levers = Levers(moves=(Move(line=1, months=3, cost=6e-8),), can_decline=True)
    best = best_overall(asked, np.array([[0.0, 0, 0, 26.9]]), levers, seconds=3)
    assert best.is_proven and best.cost == pytest.approx(0, abs=1e-6)


@given(lots, plants, st.randoms(use_true_random=False))
def test_the_best_overall_is_never_worse_than_any_order_and_no_hour_is_given_twice(lines, available, random) -> None:
    asked = claimed(*lines)
    best = best_overall(asked, available)
    assert best.given is not None and best.is_proven
    used = np.zeros_like(available)
    np.add.at(used, (asked.queue.work_centre[best.given.step], best.given.month), best.given.hours)
    assert (used <= available + 1e-5).all()
    assert (best.given.month >= asked.queue.month[best.given.step]).all()
    cost = months_late(asked, best.given, MONTHS) @ asked.worth
    assert cost == pytest.approx(best.cost, rel=1e-4, abs=1e-3)
    for _ in range(3):
        rank = np.array(random.sample(range(len(lines)), len(lines)))
        order = np.argsort(rank[asked.line], kind="stable")
        served = Queue(asked.queue.work_centre[order], asked.queue.month[order], asked.queue.hours[order])
        found = allocation.in_order(served, available)
        policy = allocation.Given(order[found.step], found.month, found.hours)
        assert cost <= months_late(asked, policy, MONTHS) @ asked.worth + 1e-3
    again = best_overall(asked, available)
    assert again.given is not None and again.given.hours.tolist() == best.given.hours.tolist()


def test_in_a_fair_share_each_customer_gets_the_same_part_of_what_it_asks_for() -> None:
    # 12 hours for 18 and 6 asked for: two thirds each, 12 × 18 / 24 = 9 and 3.
    found = allocation.fair_share(queue((0, 0, 6), (0, 0, 12), (0, 0, 6)), np.array([[12.0, 12]]), np.array([0, 0, 1]))
    now = dict(zip(found.step[found.month == 0].tolist(), found.hours[found.month == 0].tolist(), strict=True))
    assert now == pytest.approx({0: 6, 1: 3, 2: 3})
    assert found.hours.sum() == pytest.approx(24)


def claims_in(home: Home) -> Claims:
    answers = [queries.ask(home.open(), f"arbitrate/{name}").df() for name in ("lines", "steps", "customers", "hours")]
    return arbitrating.claims_of(*answers)


def test_the_earliest_promise_is_the_projection_in_force_line_by_line(sample: Home) -> None:
    claims = claims_in(sample)
    found, _ = arbitrating.options(claims, Weights())
    ahead = sample.open().sql(
        "select order_id, line_number, projected_date, is_at_risk, at_risk_value from marts.promises_ahead"
    )
    both = found["promise"].lines.merge(ahead.df(), on=arbitrating.LINE)
    assert len(both) == len(claims.lines)
    assert (both["is_kept"] == ~both["is_at_risk"]).all()
    assert (both["new_promised_date"] == both["projected_date"]).all()
    assert both["late_value"].to_numpy() == pytest.approx(both["at_risk_value"].astype(float).to_numpy(), abs=1)
    least = min(option.totals["weighed_value"] for option in found.values())
    assert found["best"].totals["weighed_value"] == pytest.approx(least)
    assert found["promise"].totals["broken_count"] > found["best"].totals["broken_count"]


def test_a_pinned_line_is_kept_and_pins_that_do_not_fit_are_answered_with_the_hours(
    tmp_path: Path,
) -> None:
    claims = claims_in(load(tmp_path, **PLANT))
    start = arbitrating.judged(
        "promise", "Earliest promise", claims, claims.given(np.arange(len(claims.lines))), Weights()
    )
    number = {order: place for place, order in enumerate(claims.lines["order_id"])}
    # Welding in August: 50 hours, A1 asks for 40 and A2 for 60; 20 of 60 are left over in July.
    hand = arbitrating.by_hand(claims, Weights(), start, [number["A1"]], [])
    assert hand.lines.set_index("order_id").loc["A1", "is_kept"]
    both = [number["A1"], number["A2"]]
    hand = arbitrating.by_hand(claims, Weights(), start, both, [])
    said = arbitrating.conflicts(claims, both, hand)
    assert "Welding has 50 hours in August 2026; the pinned lines ask for 100 in that month alone." in said


def test_without_unit_costs_the_margin_is_said_to_be_unknown_and_the_rest_is_offered(tmp_path: Path) -> None:
    found, why_not = arbitrating.options(claims_in(load(tmp_path, **PLANT)), Weights())
    assert "margin" not in found and "unit_cost" in why_not["margin"]
    assert set(found) == {"promise", "tier", "let-down", "fair", "best"}
    assert found["best"].totals["margin_value"] is None


def test_the_page_shows_what_is_at_stake_and_every_option(sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("arbitrate", sample, monkeypatch)
    [first, *_] = queries.ask(sample.open(), "arbitrate/contested").df().to_dict("records")
    assert words.plain(first["work_centre_name"]) in app.title[0].value
    assert app.metric[0].value == words.money(first["at_stake_value"], "EUR")
    table = next(table.value for table in app.dataframe if "option_name" in table.value)
    assert table["option_name"].tolist() == list(arbitrating.TITLES.values())
    assert "One more hour of" in shown(app)


def test_a_change_by_hand_in_the_link_is_shown_with_its_consequences(
    sample: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = claims_in(sample)
    found, _ = arbitrating.options(claims, Weights())
    numbers = arbitrating.claims_on(claims, queries.ask(sample.open(), "arbitrate/contested").df())
    late = next(number for number in numbers[::-1].tolist() if not found["promise"].lines["is_kept"].iloc[number])
    line = claims.lines.iloc[late]
    app = open_page(
        "arbitrate", sample, monkeypatch, option="promise", keep=f"{line['order_id']} / {line['line_number']}"
    )
    assert words.plain("Against Earliest promise:") in shown(app)


def test_where_nothing_is_contested_the_tightest_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = "work_centre_id,month,available_hours\n" + "".join(
        f"{centre},2026-{month:02}-01,5000\n" for centre in ("SAW", "WELD") for month in range(7, 13)
    )
    app = open_page("arbitrate", load(tmp_path, **{**PLANT, "capacity": hours}), monkeypatch)
    assert app.title[0].value == "No hours are contested"
    assert words.plain("Nobody has to wait for anybody. Tightest is Welding") in shown(app)
