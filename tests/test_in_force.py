"""The plan in force, and what a decision writes down, with figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sop import arbitrating, in_force
from sop.arbitrating import Claims, Option, Weights
from tests.company import day
from tests.test_arbitrating import claims_in
from tests.test_forward_pages import PLANT
from tests.test_pages import load

NOTHING = pd.DataFrame(
    columns=[
        "order_id",
        "line_number",
        "decision_id",
        "decided_promise_date",
        "imposed_days",
        "late_quantity",
        "cost_value",
    ]
)


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Claims:
    return claims_in(load(tmp_path_factory.mktemp("plant"), **PLANT))


@pytest.fixture(scope="module")
def projection(claims: Claims) -> Option:
    """The earliest promise first. A1 (15 Aug.) is late to 30 September, A2 (20 Aug.) to 31 October, C4 has no date."""
    order = arbitrating.earliest_promise(claims)
    return arbitrating.judged("promise", "Earliest promise", claims, claims.given(order), Weights())


def decided(*lines: tuple[str, str | None, int, float]) -> pd.DataFrame:
    """Lines of decision 7 as (order, date decided, days imposed, late quantity)."""
    dates = [None if date is None else day(date) for _, date, _, _ in lines]
    return pd.DataFrame(
        {
            "order_id": [order for order, *_ in lines], "line_number": "10", "decision_id": 7,
            "decided_promise_date": pd.to_datetime(pd.Series(dates, dtype="object")),
            "cost_value": 500.0,
            "imposed_days": [days for *_, days, _ in lines], "late_quantity": [late for *_, late in lines],
        }
    )  # fmt: skip


def line_of(claims: Claims, order: str) -> dict[Any, Any]:
    found: dict[Any, Any] = claims.lines.set_index("order_id").loc[order].to_dict()
    return found


def line(option: Option, order: str) -> dict[Any, Any]:
    found: dict[Any, Any] = option.lines.set_index("order_id").loc[order].to_dict()
    return found


def test_where_nothing_is_decided_the_projection_is_in_force(claims: Claims, projection: Option) -> None:
    assert in_force.as_base(claims, projection, NOTHING) is projection


def test_a_date_decided_takes_the_place_of_the_projected_one(claims: Claims, projection: Option) -> None:
    promised = line(projection, "A2")["promised_date"]
    plan = in_force.as_base(claims, projection, decided(("A2", "09-30", 41, 30.0), ("A1", "12-31", 0, 0.0)))
    found = line(plan, "A2")
    assert found["new_promised_date"] == pd.Timestamp("2026-09-30")
    assert found["imposed_days"] == (pd.Timestamp("2026-09-30") - promised).days
    assert found["late_value"] == 30 * line_of(claims, "A2")["unit_price"]
    assert found["why"] == "Decision 7 moves it."
    assert line(plan, "C1") == line(projection, "C1"), "what was not decided stays as projected"
    assert plan.totals["cost_value"] == 500.0
    assert plan.totals["broken_count"] == (~plan.lines["is_kept"]).sum()
    assert plan.totals["late_value"] == pytest.approx(plan.customers["late_value"].sum())


def test_a_line_decided_for_its_promised_date_is_kept(claims: Claims, projection: Option) -> None:
    promised = f"{line(projection, 'A2')['promised_date']:%m-%d}"
    assert not line(projection, "A2")["is_kept"]
    plan = in_force.as_base(claims, projection, decided(("A2", promised, 0, 0.0)))
    assert line(plan, "A2")["is_kept"]
    assert (line(plan, "A2")["imposed_days"], line(plan, "A2")["late_value"]) == (0, 0.0)
    assert plan.totals["broken_count"] == projection.totals["broken_count"] - 1


def test_a_line_decided_without_a_date_bears_the_days_decided(claims: Claims, projection: Option) -> None:
    plan = in_force.as_base(claims, projection, decided(("A2", None, 99, 4.0)))
    assert pd.isna(line(plan, "A2")["new_promised_date"])
    assert (line(plan, "A2")["is_kept"], line(plan, "A2")["imposed_days"]) == (False, 99)


def test_no_more_is_late_than_is_still_open(claims: Claims, projection: Option) -> None:
    plan = in_force.as_base(claims, projection, decided(("A2", "09-30", 41, 1000.0)))
    assert line(plan, "A2")["late_quantity"] == 30, "the open quantity"


def test_a_decision_writes_down_the_lines_that_ask_there_and_those_that_move(
    claims: Claims, projection: Option
) -> None:
    names = claims.lines["order_id"].tolist()
    hand = arbitrating.by_hand(claims, Weights(), projection, [names.index("C4")], [])
    columns = ["new_promised_date", "late_quantity"]
    before, after = (one.lines[columns].astype(str).to_numpy().tolist() for one in (projection, hand))
    moves = {name for name, then, now in zip(names, before, after, strict=True) if then != now}
    there = np.array([names.index("A1"), names.index("A2")])
    written = in_force.what_is_decided(hand, projection, there)
    assert set(written.lines["order_id"]) == moves | {"A1", "A2"}
    assert (written.there_count, written.elsewhere_count) == (2, len(moves - {"A1", "A2"}))
    assert written.totals == hand.totals, "the option as it stood is the whole option"
    by_customer = {row["customer_id"]: row for row in written.customers.to_dict("records")}
    assert set(by_customer) == set(written.lines["customer_id"])
    for customer, own in written.lines.groupby("customer_id"):
        assert by_customer[customer]["kept_count"] == own["is_kept"].sum()
        assert by_customer[customer]["imposed_days"] == own["imposed_days"].sum()
    assert written.customers["imposed_days"].is_monotonic_decreasing


def test_an_opportunity_that_claims_hours_is_not_written_down(claims: Claims, projection: Option) -> None:
    lines = projection.lines.assign(is_opportunity=[place == 1 for place in range(len(projection.lines))])
    written = in_force.what_is_decided(replace(projection, lines=lines), projection, np.array([0, 1]))
    assert written.lines["order_id"].tolist() == claims.lines["order_id"].tolist()[:1]
    assert (written.there_count, written.elsewhere_count) == (1, 0)


def test_an_option_that_moves_nothing_writes_down_what_asks_there_alone(claims: Claims, projection: Option) -> None:
    written = in_force.what_is_decided(projection, projection, np.array([0]))
    assert (written.there_count, written.elsewhere_count, len(written.lines)) == (1, 0, 1)


def test_the_plan_in_force_of_a_decision_on_the_same_snapshot_is_the_option_decided(
    claims: Claims, projection: Option, tmp_path: Path
) -> None:
    hand = arbitrating.by_hand(claims, Weights(), projection, [len(claims.lines) - 2], [0])
    written = in_force.what_is_decided(hand, projection, np.array([], int))
    as_decided = written.lines.assign(
        decision_id=1, cost_value=500.0, decided_promise_date=written.lines["new_promised_date"]
    )
    plan = in_force.as_base(claims, projection, as_decided[NOTHING.columns])
    for column in ("new_promised_date", "is_kept", "imposed_days"):
        assert plan.lines[column].equals(hand.lines[column]), column
    assert plan.lines["late_value"].to_numpy() == pytest.approx(hand.lines["late_value"].to_numpy())
