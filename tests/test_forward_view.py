"""The months ahead of a plant of three work centres, small enough to work out by hand: loads, projections, opportunities, causes.

The extracts speak for 30 June 2026, so that July is the first month ahead. Hours are known to October; painting has none ahead.
Nothing here was copied from a query: every figure has its sum beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.company import build, day, load, rows

PRODUCTS = """
product_id, product_family, lead_time_days
FRAME,      Frames,         30
GATE,       Gates,          30
PLATE,      Plates,         10
BOLT,       Bolts,          5
"""

ROUTINGS = """
product_id, work_centre_id, hours_per_unit, offset_months
FRAME,      SAW,            1,              1
FRAME,      WELD,           2,              0
GATE,       WELD,           1,              0
GATE,       PAINT,          0.5,
PLATE,      SAW,            1,              0
"""

WORK_CENTRES = """
work_centre_id, work_centre_name
SAW,            Sawing
WELD,           Welding
PAINT,          Painting
"""

CAPACITY = """
work_centre_id, month,      available_hours
SAW,            2026-05-01, 40
SAW,            2026-06-01, 40
SAW,            2026-07-01, 40
SAW,            2026-08-01, 40
SAW,            2026-09-01, 40
SAW,            2026-10-01, 40
WELD,           2026-05-01, 50
WELD,           2026-06-01, 60
WELD,           2026-07-01, 60
WELD,           2026-08-01, 50
WELD,           2026-09-01, 60
WELD,           2026-10-01, 120
PAINT,          2026-06-01, 10
"""

ORDER_LINES = """
order_id, line_number, customer_id, product_id, quantity, unit_price, order_date, promised_date, status, opportunity_id
B2,       10,          BRIO,        GATE,       10,       20.00,      2026-06-01, 2026-06-20,    open,
C2,       10,          CITO,        BOLT,       100,      1.00,       2026-06-01, 2026-07-10,    open,
B1,       10,          BRIO,        FRAME,      10,       50.00,      2026-06-01, 2026-07-20,    open,
C1,       10,          CITO,        GATE,       50,       20.00,      2026-06-01, 2026-07-31,    open,   O-ORDERED
A1,       10,          ACME,        FRAME,      20,       50.00,      2026-06-01, 2026-08-15,    open,
A2,       10,          ACME,        FRAME,      30,       50.00,      2026-06-01, 2026-08-31,    open,
A3,       10,          ACME,        GATE,       100,      20.00,      2026-06-01, 2026-09-15,    open,
C4,       10,          CITO,        GATE,       30,       20.00,      2026-06-01, 2026-10-20,    open,
C3,       10,          CITO,        FRAME,      5,        50.00,      2026-06-01, 2026-12-10,    open,
C5,       10,          CITO,        FRAME,      500,      50.00,      2026-06-01, 2026-08-10,    cancelled,
D1,       10,          DORA,        FRAME,      10,       50.00,      2026-04-01, 2026-06-15,    closed,
E1,       10,          ACME,        FRAME,      20,       50.00,      2026-04-10, 2026-06-25,    closed,
F1,       10,          ACME,        PLATE,      5,        8.00,       2026-04-05, 2026-05-20,    closed,
G1,       10,          ACME,        PLATE,      5,        8.00,       2026-04-05, 2026-05-21,    closed,
"""

DELIVERIES = """
order_id, line_number, delivered_date, quantity, reason
B2,       10,          2026-06-20,     4,
D1,       10,          2026-06-25,     10,       Fehlteil
E1,       10,          2026-06-29,     20,       Maschine steht
F1,       10,          2026-05-25,     5,        Zoll
G1,       10,          2026-05-26,     5,
"""

OPPORTUNITIES = """
opportunity_id, customer_id, product_id, stage,       quantity, unit_price, probability, created_date, expected_close_date, requested_date, promised_date
O-LATE,         BRIO,        PLATE,      Negotiation, 30,       8.00,       50,          2026-03-15,   2026-07-15,          2026-08-20,
O-TOLD,         CITO,        PLATE,      Verbal,      15,       8.00,       80,          2026-03-15,   2026-07-15,          2026-08-01,     2026-08-31
O-CLOSE,        CITO,        FRAME,      Proposal,    5,        50.00,      20,          2026-05-15,   2026-08-10,          ,
O-DATELESS,     CITO,        PLATE,      Proposal,    10,       8.00,       ,            2026-05-15,   ,                    ,
O-BOLT,         CITO,        BOLT,       Proposal,    10,       1.00,       40,          2026-05-15,   2026-07-10,          2026-07-31,
O-ORDERED,      CITO,        GATE,       Verbal,      50,       20.00,      90,          2026-05-15,   2026-05-30,          2026-07-31,
O-WON,          ACME,        FRAME,      Closed Won,  20,       50.00,      100,         2026-03-01,   2026-04-10,          2026-06-25,
O-LOST,         ACME,        PLATE,      Verloren,    900,      8.00,       0,           2026-03-01,   2026-04-20,          2026-08-25,
"""  # noqa: E501

EXTRACTS: dict[str, Any] = {
    "products": PRODUCTS, "routings": ROUTINGS, "work_centres": WORK_CENTRES, "capacity": CAPACITY,
    "order_lines": ORDER_LINES, "deliveries": DELIVERIES, "opportunities": OPPORTUNITIES,
}  # fmt: skip

Table = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = build(tmp_path_factory.mktemp("plant"), as_of="2026-06-30", **EXTRACTS)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def promises(plant: duckdb.DuckDBPyConnection) -> Table:
    return {row["order_id"]: row for row in rows(plant, "select * from marts.promises_ahead")}


@pytest.fixture(scope="module")
def opportunities(plant: duckdb.DuckDBPyConnection) -> Table:
    return {row["opportunity_id"]: row for row in rows(plant, "select * from marts.opportunities_ahead")}


@pytest.fixture(scope="module")
def causes(plant: duckdb.DuckDBPyConnection) -> Table:
    return {row["order_id"]: row for row in rows(plant, "select * from marts.causes")}


def by_month(plant: duckdb.DuckDBPyConnection, work_centre: str, column: str) -> list[Any]:
    """A column of marts.load_months of a work centre, July first."""
    found = rows(
        plant, f"select {column} as found from marts.load_months where work_centre_id = '{work_centre}' order by month"
    )
    return [row["found"] for row in found]


# --- the months ahead --------------------------------------------------------------------------------------------


def test_the_view_reaches_from_the_first_month_with_a_week_ahead_to_the_last_with_hours(
    plant: duckdb.DuckDBPyConnection,
) -> None:
    [horizon] = rows(plant, "select first_month, last_month from marts.horizon")
    assert horizon == {"first_month": day("07-01"), "last_month": day("10-01")}


@pytest.mark.parametrize(
    ("as_of", "first_month"), [("2026-06-23", "06-01"), ("2026-06-24", "07-01"), ("2026-07-15", "07-01")]
)
def test_a_month_with_less_than_a_week_left_is_over(as_of: str, first_month: str, tmp_path: Path) -> None:
    lines = "order_id,customer_id,product_id,quantity,promised_date\nA,ACME,P,1,2026-09-01\n"
    connection = build(tmp_path, as_of=as_of, order_lines=lines)
    assert rows(connection, "select first_month, last_month from marts.horizon") == [
        {"first_month": day(first_month), "last_month": None}
    ]


def test_firm_load_is_open_quantity_times_hours_in_the_promised_month_less_the_offset(
    plant: duckdb.DuckDBPyConnection,
) -> None:
    # Sawing, July: B1 10 (its June has passed), A1 20, A2 30. November: C3 5, when no hours are known.
    assert by_month(plant, "SAW", "firm_hours") == [60, 0, 0, 0, 5]
    # Welding, July: B2 6 (of 10), B1 20, C1 50. August: A1 40, A2 60. September: A3 100. October: C4 30. December: C3 10.
    assert by_month(plant, "WELD", "firm_hours") == [76, 100, 100, 30, 10]
    assert by_month(plant, "WELD", "available_hours") == [60, 50, 60, 120, None]


def test_backlog_is_the_load_whose_month_has_passed(plant: duckdb.DuckDBPyConnection) -> None:
    assert by_month(plant, "SAW", "backlog_hours") == [10, 0, 0, 0, 0]  # B1, promised for July, was to be sawn in June
    assert by_month(plant, "WELD", "backlog_hours") == [6, 0, 0, 0, 0]  # B2, promised for June


def test_opportunities_load_their_need_month_weighted_by_their_chance_and_apart_by_kind(
    plant: duckdb.DuckDBPyConnection,
) -> None:
    # Sawing, August: O-LATE 30 × 50 %, O-CLOSE 5 × 20 % (needed on 9 September, sawn a month before); O-TOLD 15 × 80 %.
    assert by_month(plant, "SAW", "pipeline_hours") == [0, 35, 0, 0, 0]
    assert by_month(plant, "SAW", "weighted_pipeline_hours") == pytest.approx([0, 15 + 1, 0, 0, 0])
    assert by_month(plant, "SAW", "spoken_for_hours") == [0, 15, 0, 0, 0]
    assert by_month(plant, "SAW", "weighted_spoken_for_hours") == pytest.approx([0, 12, 0, 0, 0])
    assert by_month(plant, "WELD", "weighted_pipeline_hours") == pytest.approx([0, 0, 2, 0, 0])  # O-CLOSE 10 × 20 %


def test_utilisation_is_weighted_load_over_hours_and_overload_what_is_above(plant: duckdb.DuckDBPyConnection) -> None:
    assert by_month(plant, "WELD", "overload_hours") == [16, 50, 42, 0, None]
    assert by_month(plant, "WELD", "utilisation_rate") == pytest.approx([76 / 60, 2, 102 / 60, 30 / 120, None])
    assert by_month(plant, "SAW", "utilisation_rate") == pytest.approx([60 / 40, 28 / 40, 0, 0, None])


def test_a_work_centre_without_hours_ahead_has_load_and_no_utilisation(plant: duckdb.DuckDBPyConnection) -> None:
    # Painting: half of B2 6 and C1 50 in July, of A3 100 in September, of C4 30 in October.
    assert by_month(plant, "PAINT", "firm_hours") == [28, 50, 15]
    assert by_month(plant, "PAINT", "utilisation_rate") == [None] * 3
    assert by_month(plant, "PAINT", "has_hours") == [False] * 3


# --- each promise ------------------------------------------------------------------------------------------------


def test_hours_go_to_the_earliest_first_promise_month_by_month(plant: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        plant,
        "select work_centre_id, strftime(load_month, '%m') as month, order_id, step_hours, late_hours,"
        " strftime(completed_month, '%m') as completed from marts.late_steps order by work_centre_id, month, claim_number",
    )
    # SAW in July: B1 takes 10, A1 20, and A2 the 10 that are left. WELD in July: B2 6, B1 20, C1 34; in August: C1 16, A1 34; in
    # September: A1 6, A2 54; in October: A2 6, A3 100, C4 14, and no hours are known beyond.
    assert [tuple(row.values()) for row in found] == [
        ("SAW", "07", "A2", 30, 20, "08"),
        ("WELD", "07", "C1", 50, 16, "08"),
        ("WELD", "08", "A1", 40, 6, "09"),
        ("WELD", "08", "A2", 60, 60, "10"),
        ("WELD", "09", "A3", 100, 100, "10"),
        ("WELD", "10", "C4", 30, 16, None),
    ]


def test_a_promise_is_projected_by_its_slowest_step(promises: Table) -> None:
    months = {order: promises[order]["projected_month"] for order in promises}
    assert months == {
        "B2": day("07-01"),  # overdue; welded in the first month
        "C2": day("07-01"),  # no routing
        "B1": day("07-01"),
        "C1": day("08-01"),  # welding ends a month late
        "A1": day("09-01"),
        "A2": day("10-01"),  # sawing one month late, welding two
        "A3": day("10-01"),
        "C4": None,
        "C3": day("12-01"),  # nothing known stands against it
    }


def test_a_promise_that_can_be_kept_keeps_its_date_and_one_that_cannot_gets_the_end_of_its_month(
    promises: Table,
) -> None:
    assert {order: row["projected_date"] for order, row in promises.items()} == {
        "B2": day("07-31"), "C2": day("07-10"), "B1": day("07-20"), "C1": day("08-31"), "A1": day("09-30"),
        "A2": day("10-31"), "A3": day("10-31"), "C4": None, "C3": day("12-10"),
    }  # fmt: skip


def test_at_risk_is_what_comes_after_its_month_is_overdue_or_never_fits(promises: Table) -> None:
    assert {order for order, row in promises.items() if row["is_at_risk"]} == {"B2", "C1", "A1", "A2", "A3", "C4"}
    assert {order for order, row in promises.items() if row["is_overdue"]} == {"B2"}
    assert {order for order, row in promises.items() if row["is_beyond_horizon"]} == {"C4"}


def test_value_at_risk_is_the_share_whose_hours_come_late_at_the_unit_price(promises: Table) -> None:
    late = {order: (row["late_quantity"], row["at_risk_value"]) for order, row in promises.items() if row["is_at_risk"]}
    assert late == {
        "B2": (6, Decimal("120.00")),  # all that is open: the date has passed
        "C1": (16, Decimal("320.00")),  # 16 of 50 hours come in August
        "A1": (3, Decimal("150.00")),  # 6 of 40 hours
        "A2": (30, Decimal("1500.00")),  # all 60 hours of welding
        "A3": (100, Decimal("2000.00")),
        "C4": (16, Decimal("320.00")),  # 16 of 30 hours
    }
    assert all(row["late_quantity"] == 0 for row in promises.values() if not row["is_at_risk"])


def test_each_late_line_names_the_work_centre_and_month_that_stop_it(promises: Table) -> None:
    blocked = {
        order: (row["blocking_work_centre_id"], row["blocking_month"])
        for order, row in promises.items()
        if row["blocking_month"]
    }
    assert blocked == {
        "C1": ("WELD", day("07-01")),
        "A1": ("WELD", day("08-01")),
        "A2": ("WELD", day("08-01")),  # sawing is late too, by less
        "A3": ("WELD", day("09-01")),
        "C4": ("WELD", day("10-01")),
    }


def test_lines_about_which_something_is_unknown_say_so(promises: Table) -> None:
    assert {order for order, row in promises.items() if row["is_without_routing"]} == {"C2"}
    # Gates are painted, and painting has no hours; December lies beyond the last month with hours.
    assert {order for order, row in promises.items() if row["is_without_hours"]} == {"B2", "C1", "A3", "C4", "C3"}


def test_customers_add_up_to_the_whole(plant: duckdb.DuckDBPyConnection, promises: Table) -> None:
    sums = {row["customer_id"]: row for row in rows(plant, "select * from marts.customers_ahead")}
    assert {customer: row["at_risk_value"] for customer, row in sums.items()} == {
        "ACME": Decimal(3650), "BRIO": Decimal(120), "CITO": Decimal(640)
    }  # fmt: skip
    assert sums["BRIO"]["still_to_break_value"] == 0
    assert sum(row["open_value"] for row in sums.values()) == sum(row["open_value"] for row in promises.values())


# --- each opportunity --------------------------------------------------------------------------------------------


def test_won_lost_and_ordered_opportunities_are_not_counted(opportunities: Table) -> None:
    assert set(opportunities) == {"O-LATE", "O-TOLD", "O-CLOSE", "O-DATELESS", "O-BOLT"}


def test_chances_written_in_per_cent_are_read_as_such_and_a_stage_stands_in_where_there_is_none(
    opportunities: Table,
) -> None:
    rates = {name: row["probability_rate"] for name, row in opportunities.items()}
    # O-DATELESS has none: the mean of its stage, Proposal, is that of 20 and 40 %.
    assert rates == pytest.approx({"O-LATE": 0.5, "O-TOLD": 0.8, "O-CLOSE": 0.2, "O-DATELESS": 0.3, "O-BOLT": 0.4})
    assert opportunities["O-LATE"]["weighted_value"] == Decimal("120.00")


def test_the_need_date_is_the_promised_the_requested_or_the_close_and_the_lead_time(opportunities: Table) -> None:
    assert {name: row["need_date"] for name, row in opportunities.items()} == {
        "O-LATE": day("08-20"), "O-TOLD": day("08-31"), "O-CLOSE": day("09-09"), "O-DATELESS": None, "O-BOLT": day("07-31")
    }  # fmt: skip
    assert [name for name, row in opportunities.items() if row["is_without_date"]] == ["O-DATELESS"]
    assert {name for name, row in opportunities.items() if row["kind"] == "spoken for"} == {"O-TOLD"}


def test_the_earliest_month_is_when_the_hours_left_by_firm_orders_are_enough(opportunities: Table) -> None:
    # Sawing has 0, 20, 40 and 40 hours left. O-LATE needs 30: September. O-TOLD needs 15: August.
    # O-CLOSE needs welding, which has nothing left to October.
    assert {name: row["earliest_month"] for name, row in opportunities.items()} == {
        "O-LATE": day("09-01"), "O-TOLD": day("08-01"), "O-CLOSE": None, "O-DATELESS": None, "O-BOLT": None
    }  # fmt: skip
    assert {name for name, row in opportunities.items() if row["is_too_late"]} == {"O-LATE", "O-CLOSE"}
    assert opportunities["O-LATE"]["slip_days"] == 41  # 20 August to 30 September
    assert opportunities["O-CLOSE"]["limiting_work_centre_id"] == "WELD"
    assert opportunities["O-CLOSE"]["is_beyond_horizon"]
    assert opportunities["O-BOLT"]["is_without_routing"]


def test_an_opportunity_is_there_once_its_slowest_step_is_and_not_begun_before_its_close(tmp_path: Path) -> None:
    connection = build(
        tmp_path,
        as_of="2026-06-30",
        capacity=CAPACITY,
        routings="product_id,work_centre_id,hours_per_unit,offset_months\nRAIL,SAW,1,2\nRAIL,WELD,1,0\n",
        order_lines="order_id,customer_id,product_id,quantity,promised_date\nA,ACME,BOLT,1,2026-07-31\n",
        opportunities="""
        opportunity_id, customer_id, product_id, stage,  quantity, expected_close_date, requested_date
        NOW,            ACME,        RAIL,       Verbal, 10,       2026-05-01,          2026-08-31
        LATER,          ACME,        RAIL,       Verbal, 10,       2026-08-05,          2026-10-31
        """,
    )
    found = rows(
        connection, "select opportunity_id, earliest_month, is_too_late, slip_days from marts.opportunities_ahead"
    )
    # Sawn in July and two months more: September. Closed in August, sawn then: October. Welding is there at once.
    assert {row["opportunity_id"]: row["earliest_month"] for row in found} == {
        "NOW": day("09-01"),
        "LATER": day("10-01"),
    }
    assert {row["opportunity_id"]: row["slip_days"] for row in found} == {"NOW": 30, "LATER": 0}
    connection.close()


# --- where the gap opened ----------------------------------------------------------------------------------------


def test_loads_of_the_past_count_every_promise_in_its_month(plant: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        plant,
        "select work_centre_id, strftime(month, '%m') as month, load_hours, is_full from marts.promised_loads"
        " where month < date '2026-07-01' order by work_centre_id, month",
    )
    loads = {(row["work_centre_id"], row["month"]): (row["load_hours"], row["is_full"]) for row in found}
    assert loads == {
        ("PAINT", "06"): (5, False),  # B2 10 × 0.5, of 10
        ("SAW", "05"): (40, False),  # D1 10, E1 20, F1 5, G1 5: exactly the 40 there are
        ("SAW", "06"): (10, False),  # B1
        ("WELD", "06"): (70, True),  # B2 10, D1 20, E1 40, of 60
    }


def test_cancelled_promises_do_not_load_a_month(plant: duckdb.DuckDBPyConnection) -> None:
    [august] = rows(
        plant, "select load_hours from marts.promised_loads where work_centre_id = 'WELD' and month = date '2026-08-01'"
    )
    assert august["load_hours"] == 100  # A1 40 and A2 60; C5, cancelled, would be 1,000


def test_the_first_evidence_in_the_order_of_the_handover_leads_and_all_is_kept(causes: Table) -> None:
    flags = ("is_inside_lead_time", "is_not_seen_coming", "is_without_room", "is_reason_given")
    assert {order: (row["cause"], [row[flag] for flag in flags]) for order, row in causes.items()} == {
        # 19 days from order to promise, 30 of lead time; welding was full; no opportunity of Brio for gates.
        "B2": ("promised inside lead time", [True, True, True, False]),
        # Dora has no opportunity; the extract's first is of 1 March, and it should have been seen by 2 March.
        "D1": ("not seen coming", [False, True, True, True]),
        # O-WON was there from 1 March to 10 April, and the order should have been seen by 11 March.
        "E1": ("no room in the plan", [False, False, True, True]),
        # O-LOST was there on 26 March; sawing had room for all of May's promises.
        "F1": ("reason given", [False, False, False, True]),
        "G1": ("not explained", [False, False, False, False]),
    }


def test_reasons_in_german_and_english_are_mapped_to_what_the_customer_waited_on(causes: Table) -> None:
    assert {order: row["waiting_on"] for order, row in causes.items()} == {
        "B2": "unknown", "D1": "material", "E1": "capacity", "F1": "transport", "G1": "unknown"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "waiting_on"),
    [
        ("Credit block", "release"), ("Kunde nicht bereit", "customer"), ("Drawing missing", "information"),
        ("NACHARBEIT", "quality"), ("Lieferzeit zu kurz", "lead time"), ("Fracht", "transport"), ("Keine Kapazität", "capacity"),
        ("Zuteilung", "allocation"), ("Waiting for material", "material"), ("Mondphase", "unknown"),
    ],
)  # fmt: skip
def test_a_reason_is_read_by_its_words(reason: str, waiting_on: str, tmp_path: Path) -> None:
    connection = build(
        tmp_path,
        order_lines="order_id,customer_id,product_id,quantity,promised_date\nA,ACME,P,1,2026-03-01\n",
        deliveries=f"order_id,delivered_date,quantity,reason\nA,2026-03-09,1,{reason}\n",
    )
    assert rows(connection, "select waiting_on from marts.reasons") == [{"waiting_on": waiting_on}]


def test_a_promise_is_hot_when_orders_before_it_had_filled_the_month(plant: duckdb.DuckDBPyConnection) -> None:
    # Welding's June had 60: D1 took 20 on 1 April, E1 40 on 10 April. B2 came on 1 June.
    june = rows(plant, "select * from marts.full_months where month = date '2026-06-01'")
    assert [(row["work_centre_id"], row["full_from_date"]) for row in june] == [("WELD", day("04-10"))]
    hot = rows(plant, "select order_id from marts.hot_promises where promise_month = date '2026-06-01'")
    assert hot == [{"order_id": "B2"}]


# --- bad input ---------------------------------------------------------------------------------------------------


def warned(report: Any) -> set[str]:
    return {row["rule_name"] for row in report.warnings}


def test_a_month_left_out_in_the_middle_has_no_hours_and_is_named(tmp_path: Path) -> None:
    gap = "\n".join(line for line in CAPACITY.splitlines() if not line.startswith("WELD,           2026-08"))
    report = load(tmp_path, as_of="2026-06-30", **EXTRACTS | {"capacity": gap})
    [row] = [row for row in report.warnings if row["rule_name"] == "capacity_month_missing"]
    assert row["value"] == "WELD 2026-07"
    with build_again(tmp_path) as connection:
        assert by_month(connection, "WELD", "available_hours") == [60, 0, 60, 120, None]
        assert by_month(connection, "WELD", "is_missing") == [False, True, False, False, False]


def test_a_work_centre_whose_hours_end_before_the_others_is_named(tmp_path: Path) -> None:
    short = "\n".join(line for line in CAPACITY.splitlines() if not line.startswith("SAW,            2026-10"))
    report = load(tmp_path, as_of="2026-06-30", **{**EXTRACTS, "capacity": short})
    assert [row["value"] for row in report.warnings if row["rule_name"] == "capacity_month_missing"] == ["SAW 2026-09"]


def test_hours_below_zero_or_beyond_reason_are_refused_and_the_rest_stands(tmp_path: Path) -> None:
    bad = CAPACITY.replace("2026-09-01, 40", "2026-09-01, -40").replace("2026-10-01, 120", "2026-10-01, inf")
    routings = ROUTINGS + "BOLT,       SAW,            nan,            0\n"
    load(tmp_path, as_of="2026-06-30", accept_rejects=True, **{**EXTRACTS, "capacity": bad, "routings": routings})
    with build_again(tmp_path) as connection:
        refused = rows(connection, "select extract_name, column_name from rejected_rows order by all")
        assert refused == [
            {"extract_name": "capacity", "column_name": "available_hours"},
            {"extract_name": "capacity", "column_name": "available_hours"},
            {"extract_name": "routings", "column_name": "hours_per_unit"},
        ]
        assert by_month(connection, "SAW", "available_hours") == [40, 40, 0, 40, None]


def test_a_step_without_hours_an_offset_below_zero_and_an_opportunity_without_a_date_are_named(tmp_path: Path) -> None:
    routings = (
        ROUTINGS + "BOLT,       SAW,            0,              0\nBOLT,       WELD,           1,              -1\n"
    )
    report = load(tmp_path, as_of="2026-06-30", **{**EXTRACTS, "routings": routings})
    assert {
        "routing_without_hours",
        "routing_offset_negative",
        "opportunity_without_date",
        "opportunity_probability_not_a_share",
        "work_centre_without_hours",
    } <= warned(report)


def test_without_hours_ahead_nothing_stands_against_any_promise(tmp_path: Path) -> None:
    connection = build(
        tmp_path, as_of="2026-06-30", **{name: text for name, text in EXTRACTS.items() if name != "capacity"}
    )
    found = rows(connection, "select order_id, is_at_risk, is_without_hours from marts.promises_ahead where is_at_risk")
    assert found == [{"order_id": "B2", "is_at_risk": True, "is_without_hours": True}]  # overdue
    assert rows(connection, "select * from marts.late_steps") == []


def build_again(folder: Path) -> duckdb.DuckDBPyConnection:
    from sop.snapshots import Home

    return Home(folder / "home").open()
