"""Before a date is given: whom a promise would move, by hand on a small plant, and for any plant what must always hold."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop import promising, queries
from tests.company import build

CAPACITY = """
work_centre_id, month,      available_hours
WELD,           2026-07-01, 40
WELD,           2026-08-01, 40
WELD,           2026-09-01, 100
"""
ROUTINGS = "product_id,work_centre_id,hours_per_unit,offset_months\nGATE,WELD,1,0\n"
ORDER_LINES = """
order_id, line_number, customer_id, product_id, quantity, unit_price, order_date, promised_date
A1,       10,          ACME,        GATE,       30,       20.00,      2026-06-01, 2026-07-10
B1,       10,          BRIO,        GATE,       10,       20.00,      2026-06-01, 2026-07-20
C1,       10,          CITO,        GATE,       25,       20.00,      2026-06-01, 2026-08-20
"""
OPPORTUNITIES = """
opportunity_id, customer_id, product_id, stage,  quantity, created_date, promised_date
NOW,            DORA,        GATE,       Verbal, 20,       2026-05-01,   2026-07-15
SMALL,          DORA,        GATE,       Verbal, 15,       2026-05-01,   2026-08-25
SAMEDAY,        DORA,        GATE,       Verbal, 20,       2026-05-01,   2026-07-20
HUGE,           DORA,        GATE,       Verbal, 500,      2026-05-01,   2026-07-15
"""


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = build(
        tmp_path_factory.mktemp("plant"), as_of="2026-06-30", capacity=CAPACITY, routings=ROUTINGS, order_lines=ORDER_LINES,
        opportunities=OPPORTUNITIES,
    )  # fmt: skip
    yield connection
    connection.close()


def collide(plant: duckdb.DuckDBPyConnection, opportunity: str) -> promising.Collision:
    steps = queries.ask(plant, "pipeline/collision_steps", opportunity=opportunity).df()
    queue = queries.ask(plant, "pipeline/collision_queue", opportunity=opportunity).df()
    hours = queries.ask(plant, "pipeline/hours").df()
    told = queries.ask(plant, "pipeline/opportunity", opportunity=opportunity).df()["need_date"][0]
    return promising.collide(steps, queue, hours, told.date())


def moves(found: promising.Collision) -> dict[str, Any]:
    columns = found.moved[["order_id", "would_come_date", "moved_days"]].itertuples(index=False)
    return {order: None if pd.isna(date) else (date.date().isoformat(), int(days)) for order, date, days in columns}


def test_who_was_promised_earlier_stands_and_who_was_promised_later_moves(plant: duckdb.DuckDBPyConnection) -> None:
    found = collide(plant, "NOW")
    # July has 40: A1 30 first, then NOW 10 of 20. August has 40: NOW 10, B1 10, C1 20 of 25. September: C1 5.
    assert moves(found) == {"B1": ("2026-08-31", 42), "C1": ("2026-09-30", 41)}
    assert found.own_month == pd.Timestamp("2026-08-01")
    # In August it would stand before C1 or, at the month's end, behind it: 40 − 25 leave 15. In September there is room.
    assert found.harmless_month == pd.Timestamp("2026-09-01")


def test_of_two_promised_for_the_same_day_the_order_stands(plant: duckdb.DuckDBPyConnection) -> None:
    # July: A1 30, B1 10. August: SAMEDAY 20, C1 20 of 25.
    assert moves(collide(plant, "SAMEDAY")) == {"C1": ("2026-09-30", 41)}


def test_what_fits_beside_the_others_hurts_nobody_at_its_own_date(plant: duckdb.DuckDBPyConnection) -> None:
    found = collide(plant, "SMALL")
    assert moves(found) == {}
    assert found.own_month == found.harmless_month == pd.Timestamp("2026-08-01")


def test_what_never_fits_pushes_others_beyond_the_months_known_and_has_no_harmless_date(
    plant: duckdb.DuckDBPyConnection,
) -> None:
    found = collide(plant, "HUGE")
    assert moves(found) == {"B1": None, "C1": None}
    assert found.own_month is None
    assert found.harmless_month is None


def test_customers_moved_add_up_their_lines(plant: duckdb.DuckDBPyConnection) -> None:
    found = collide(plant, "NOW")
    customers = promising.customers_moved(found.moved)
    assert customers["line_count"].sum() == len(found.moved)
    assert customers["moved_days"].sum() == found.moved["moved_days"].sum()


lines = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 3), st.integers(1, 30), st.integers(0, 120)), min_size=1, max_size=12
)


@given(lines, st.lists(st.integers(0, 40), min_size=8, max_size=8), st.integers(0, 119), st.integers(1, 40))
def test_who_is_promised_earlier_never_moves_and_nobody_comes_earlier(
    asked: list[tuple[int, int, int, int]], hours: list[int], told_day: int, wanted: int
) -> None:
    first = pd.Timestamp("2026-07-01")
    plant = pd.DataFrame(
        [
            {"work_centre_number": centre, "month_number": month, "month": first + pd.DateOffset(months=month),
             "available_hours": float(hours[4 * centre + month])}
            for centre in range(2) for month in range(4)
        ]
    )  # fmt: skip
    queue = pd.DataFrame(
        [
            {"order_id": f"O{number:02}", "line_number": "1", "work_centre_number": centre, "month_number": month,
             "step_hours": float(load), "first_promised_date": first + pd.Timedelta(days=day)}
            for number, (centre, month, load, day) in enumerate(asked)
        ]
    )  # fmt: skip
    steps = pd.DataFrame(
        {"work_centre_id": ["0"], "work_centre_number": [0], "offset_months": [0], "step_hours": [float(wanted)]}
    )
    standing = promising._Standing(queue, promising.array_of(plant, "available_hours"))
    told = first + pd.Timedelta(days=told_day)
    changed, _ = standing.with_one_more(steps, (told.year - 2026) * 12 + told.month - 7, told)
    assert (queue.loc[changed.index, "first_promised_date"] > told).all()
    assert (queue.loc[changed.index, "work_centre_number"] == 0).all()
    assert (changed > pd.Series(standing.before)[changed.index]).all()


def test_a_product_whose_work_centres_are_all_unknown_can_be_said_nothing_about(tmp_path: Path) -> None:
    routings = "product_id,work_centre_id,hours_per_unit\nGATE,PAINT,1\nPLATE,WELD,1\n"
    connection = build(tmp_path, as_of="2026-06-30", capacity=CAPACITY, routings=routings, order_lines=ORDER_LINES)
    answer = promising.capable_to_promise(
        queries.ask(connection, "pipeline/routing", product="GATE").df(),
        queries.ask(connection, "pipeline/hours").df(),
        5,
    )
    assert answer.month is None
    assert answer.unknown == ("PAINT",)
    assert datetime.date(2026, 7, 1) == queries.ask(connection, "pipeline/hours").df()["month"].min().date()
