"""The promise ledger of a company small enough to work out by hand from the definitions of every measure.

The extracts speak for 30 June 2026. Nothing here was copied from a query: every figure has its sum beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sop import queries
from tests.company import answer, build, day, ledger, lines_where, of_lines, rows

CUSTOMERS = """
customer_id, customer_name,  measured_on,     days_late_allowed, quantity_tolerance, measured_by
ACME,        Acme Pumps,     ,                ,                  ,
BRIO,        Brio Boilers,   request,         2,                 ,                   order
CITO,        Cito Couriers,  current promise, 5,                 0.4,                line
DORA,        Dora Dairy,     ,                ,                  ,
"""

PRODUCTS = """
product_id, product_family
PUMP,       Pumps
SEAL,       Seals
"""

ORDER_LINES = """
order_id, line_number, customer_id, product_id, quantity, unit_price, requested_date, first_promised_date, promised_date, promise_moved_by, status
A1,       10,          ACME,        PUMP,       10,       100.00,     2026-03-05,     ,                    2026-03-10,    ,                 closed
A1,       20,          ACME,        SEAL,       4,        50.00,      2026-03-10,     2026-03-10,          2026-03-24,    us,               closed
A2,       10,          ACME,        PUMP,       100,      2.50,       2026-04-15,     ,                    2026-04-15,    ,                 closed
A3,       10,          ACME,        SEAL,       8,        12.345,     ,               ,                    2026-05-20,    ,                 open
A4,       10,          ACME,        PUMP,       5,        10.00,      2026-05-01,     ,                    2026-05-10,    ,                 cancelled
A5,       10,          ACME,        PUMP,       6,        20.00,      2026-07-20,     ,                    2026-07-15,    ,                 closed
A6,       10,          ACME,        SEAL,       3,        30.00,      2026-07-01,     ,                    2026-09-01,    ,
B1,       10,          BRIO,        PUMP,       2,        500.00,     2026-02-20,     2026-03-01,          2026-04-01,    customer,         closed
B1,       20,          BRIO,        PUMP,       20,       5.00,       2026-02-20,     2026-03-01,          2026-04-01,    customer,         closed
B2,       10,          BRIO,        SEAL,       10,       9.99,       2026-02-10,     ,                    2026-02-10,    ,                 closed
B3,       10,          BRIO,        SEAL,       7,        ,           2026-02-10,     ,                    2026-02-10,    ,                 closed
C1,       10,          CITO,        PUMP,       1,        1000.00,    2026-05-15,     2026-05-30,          2026-05-20,    us,               closed
C2,       10,          CITO,        SEAL,       5,        4.00,       2026-06-30,     ,                    2026-06-30,    ,                 open
C2,       20,          CITO,        SEAL,       5,        4.00,       2026-07-01,     ,                    2026-07-01,    ,                 open
C3,       10,          CITO,        PUMP,       2,        300.00,     2026-06-01,     2026-06-01,          2026-09-01,    us,               open
C4,       10,          CITO,        ODD,        40,       1.25,       ,               ,                    2026-06-15,    ,                 open
"""  # noqa: E501

DELIVERIES = """
order_id, line_number, delivered_date, quantity
A1,       10,          2026-03-10,     10
A1,       20,          2026-03-24,     4
A2,       10,          2026-04-20,     10
A2,       10,          2026-04-10,     60
A2,       10,          2026-04-15,     30
A5,       10,          2026-06-20,     6
B1,       10,          2026-04-01,     2
B1,       20,          2026-04-01,     15
B1,       20,          2026-04-03,     5
B2,       10,          2026-02-09,     12
B3,       10,          2026-02-12,     7
C1,       10,          2026-05-25,     1
C4,       10,          2026-06-15,     25
"""

Lines = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = build(
        tmp_path_factory.mktemp("company"),
        as_of="2026-06-30",
        customers=CUSTOMERS,
        products=PRODUCTS,
        order_lines=ORDER_LINES,
        deliveries=DELIVERIES,
    )
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def lines(company: duckdb.DuckDBPyConnection) -> Lines:
    return ledger(company)


DUE = {"A1 10", "A1 20", "A2 10", "A3 10", "B1 10", "B1 20", "B2 10", "B3 10", "C1 10", "C2 10", "C3 10", "C4 10"}


def test_every_order_line_is_one_row_of_the_ledger(lines: Lines) -> None:
    assert len(lines) == 16


def test_the_first_promise_is_the_date_first_stated_and_else_the_promise_of_today(lines: Lines) -> None:
    stated = {"A1 20": day("03-10"), "C1 10": day("05-30"), "C3 10": day("06-01")}
    assert {line: lines[line]["first_promised_date"] for line in stated} == stated
    for line in lines.keys() - stated.keys():
        assert lines[line]["first_promised_date"] == lines[line]["promised_date"]


def test_a_date_moved_because_the_customer_asked_becomes_the_commitment(lines: Lines) -> None:
    assert lines["B1 10"]["original_promised_date"] == day("03-01")
    assert lines["B1 10"]["first_promised_date"] == day("04-01")
    assert lines["B1 10"]["is_kept"]  # delivered on 1 April, a month after what we had said at first
    assert not lines["B1 10"]["is_repromised"]


def test_a_date_moved_by_us_leaves_the_commitment_where_it_was(lines: Lines) -> None:
    assert lines["A1 20"]["first_promised_date"] == day("03-10")
    assert not lines["A1 20"]["is_kept"]  # delivered on 24 March, as re-promised


def test_a_line_is_due_on_the_day_of_its_first_promise_and_not_a_day_before(lines: Lines) -> None:
    # Not due: A5, A6 and C2 20 are promised for later than 30 June; A4 is cancelled. C2 10 is for that very day.
    assert lines_where(lines, "is_due") == DUE


def test_a_line_delivered_early_to_a_future_promise_is_not_due_yet(lines: Lines) -> None:
    assert lines["A5 10"]["completed_date"] == day("06-20")
    assert not lines["A5 10"]["is_due"]
    assert not lines["A5 10"]["is_kept"]


def test_a_cancelled_line_is_left_out_and_counted_beside(company: duckdb.DuckDBPyConnection, lines: Lines) -> None:
    cancelled = lines["A4 10"]
    assert cancelled["is_cancelled"]
    for reading in ("is_due", "is_due_to_request", "is_due_to_current", "is_due_to_own", "is_overdue", "is_kept"):
        assert cancelled[reading] is False
    assert (cancelled["gap_quantity"], cancelled["open_quantity"], cancelled["late_days"]) == (0, 0, 0)
    [sums] = rows(
        company, "select sum(cancelled_count) as cancelled, sum(line_count) as lines from marts.customer_months"
    )
    assert (sums["cancelled"], sums["lines"]) == (1, 16)


def test_delivered_by_promise_is_what_came_by_the_first_promise_and_at_most_what_was_ordered(lines: Lines) -> None:
    assert of_lines(lines, "delivered_by_promise_quantity", but=0) == {
        "A1 10": 10,
        "A2 10": 90,  # 60 on the 10th and 30 on the 15th; the last 10 came on the 20th
        "A5 10": 6,  # the promise is for July
        "B1 10": 2,
        "B1 20": 15,  # 5 more came two days late
        "B2 10": 10,  # 12 came, 10 were ordered
        "C1 10": 1,
        "C4 10": 25,
    }


def test_kept_is_on_time_and_in_full(lines: Lines) -> None:
    # A1 10 to the day; B1 10 to the customer's date; B2 a day early; C1 on 25 May, promised at first for the 30th.
    assert lines_where(lines, "is_kept") == {"A1 10", "B1 10", "B2 10", "C1 10"}


def test_kept_to_request_measures_the_same_lines_to_the_date_asked_for(lines: Lines) -> None:
    # A3 and C4 have no requested date. Only B2 (asked for 10 February, there on the 9th) had it by then.
    assert lines_where(lines, "is_due_to_request") == DUE - {"A3 10", "C4 10"}
    assert lines_where(lines, "is_kept_to_request") == {"B2 10"}


def test_kept_to_the_current_promise_forgives_what_was_re_promised(lines: Lines) -> None:
    # C3 is promised for September now. A1 20 came on the re-promised day; C1 came 5 days after the pulled-in date.
    assert lines_where(lines, "is_due_to_current") == DUE - {"C3 10"}
    assert lines_where(lines, "is_kept_to_current") == {"A1 10", "A1 20", "B1 10", "B2 10"}


def test_a_line_is_completed_on_the_first_day_that_covers_the_order(lines: Lines) -> None:
    assert of_lines(lines, "completed_date", but=None) == {
        "A1 10": day("03-10"),
        "A1 20": day("03-24"),
        "A2 10": day("04-20"),  # 60, 90, 100 of 100
        "A5 10": day("06-20"),
        "B1 10": day("04-01"),
        "B1 20": day("04-03"),  # 15, 20 of 20
        "B2 10": day("02-09"),
        "B3 10": day("02-12"),
        "C1 10": day("05-25"),
    }


def test_days_late_run_to_completion_and_else_to_as_of_and_are_never_negative(lines: Lines) -> None:
    assert of_lines(lines, "late_days", but=0) == {
        "A1 20": 14,  # 10 to 24 March
        "A2 10": 5,  # 15 to 20 April
        "A3 10": 41,  # 20 May to 30 June: 11 days of May and 30 of June
        "B1 20": 2,
        "B3 10": 2,
        "C3 10": 29,  # 1 to 30 June
        "C4 10": 15,  # 15 to 30 June
    }


def test_gap_quantity_is_what_was_promised_by_the_day_and_not_there(lines: Lines) -> None:
    assert of_lines(lines, "gap_quantity", but=0) == {
        "A1 20": 4,
        "A2 10": 10,  # 100 - 90
        "A3 10": 8,
        "B1 20": 5,  # 20 - 15
        "B3 10": 7,
        "C2 10": 5,
        "C3 10": 2,
        "C4 10": 15,  # 40 - 25
    }


def test_gap_value_is_the_gap_at_the_price_of_the_line(lines: Lines) -> None:
    assert of_lines(lines, "gap_value", but=0) == {
        "A1 20": 200,  # 4 x 50
        "A2 10": 25,  # 10 x 2.50
        "A3 10": Decimal("98.76"),  # 8 x 12.345
        "B1 20": 25,  # 5 x 5
        "C2 10": 20,  # 5 x 4
        "C3 10": 600,  # 2 x 300
        "C4 10": Decimal("18.75"),  # 15 x 1.25
    }


def test_a_line_without_a_price_counts_its_units_but_no_money(lines: Lines) -> None:
    assert lines["B3 10"]["unit_price"] is None
    assert (lines["B3 10"]["gap_quantity"], lines["B3 10"]["gap_value"], lines["B3 10"]["ordered_value"]) == (7, 0, 0)


def test_re_promised_is_a_promise_later_than_the_first(lines: Lines) -> None:
    # B1 was moved by the customer, C1 was moved to an earlier day.
    assert lines_where(lines, "is_repromised") == {"A1 20", "C3 10"}


def test_asked_gap_is_what_we_could_not_even_promise(lines: Lines) -> None:
    gaps = of_lines(lines, "asked_gap_days", but=0)
    gaps.pop("A4 10", None)  # cancelled
    assert (
        gaps
        == {
            "A1 10": 5,  # asked 5, promised 10 March
            "A6 10": 62,  # asked 1 July, promised 1 September: 31 and 31 days
            "B1 10": 9,  # asked 20 February, first promised 1 March: 8 days of February and one; the other 31 are the customer's
            "B1 20": 9,
            "C1 10": 15,  # asked 15, promised at first 30 May
        }
    )


def test_a_line_that_did_not_ask_for_a_date_has_no_asked_gap(lines: Lines) -> None:
    assert lines["A3 10"]["requested_date"] is None
    assert (lines["A3 10"]["asked_gap_days"], lines["A3 10"]["offered_days"]) == (0, 0)


def test_overdue_is_due_and_not_complete(lines: Lines) -> None:
    assert lines_where(lines, "is_overdue") == {"A3 10", "C2 10", "C3 10", "C4 10"}


def test_open_quantity_is_what_is_still_to_come(lines: Lines) -> None:
    still_to_come = {"A3 10": 8, "A6 10": 3, "C2 10": 5, "C2 20": 5, "C3 10": 2, "C4 10": 15}
    assert of_lines(lines, "open_quantity", but=0) == still_to_come


IDENTITY = {
    # line: offered, moved by us, moved by the customer, missed, the whole wait
    "A1 10": (5, 0, 0, 0, 5),
    "A1 20": (0, 14, 0, 0, 14),
    "A2 10": (0, 0, 0, 5, 5),
    "A3 10": (0, 0, 0, 41, 41),  # nothing asked: the first promise stands for it; as_of stands for delivered
    "A4 10": (None, None, None, None, None),  # cancelled
    "A5 10": (-5, 0, 0, -25, -30),  # asked 20, promised 15 July, there on 20 June
    "A6 10": (62, 0, 0, 0, 62),  # not due: its promise stands for delivered
    "B1 10": (9, 0, 31, 0, 40),  # asked 20 February, promised 1 March, moved to 1 April
    "B1 20": (9, 0, 31, 2, 42),
    "B2 10": (0, 0, 0, -1, -1),
    "B3 10": (0, 0, 0, 2, 2),
    "C1 10": (15, -10, 0, 5, 10),  # asked 15, promised 30, moved to 20, there on 25 May
    "C2 10": (0, 0, 0, 0, 0),
    "C2 20": (0, 0, 0, 0, 0),
    "C3 10": (0, 92, 0, -63, 29),  # moved from 1 June to 1 September; waiting at 30 June
    "C4 10": (0, 0, 0, 15, 15),
}
PARTS = ("offered_days", "moved_by_us_days", "moved_by_customer_days", "missed_days", "wait_days")


def test_the_gap_identity_tells_each_wait_in_four_parts(lines: Lines) -> None:
    assert {line: tuple(promise[part] for part in PARTS) for line, promise in lines.items()} == IDENTITY


def test_the_gap_identity_adds_up_in_the_total(company: duckdb.DuckDBPyConnection) -> None:
    [total] = rows(
        company, f"select {', '.join(f'sum({part}) as {part}' for part in PARTS)} from marts.customer_months"
    )
    assert total == {
        "offered_days": 95,  # 5 - 5 + 62 + 9 + 9 + 15
        "moved_by_us_days": 96,  # 14 - 10 + 92
        "moved_by_customer_days": 62,  # 31 + 31
        "missed_days": -19,  # 5 + 41 - 25 + 2 - 1 + 2 + 5 - 63 + 15
        "wait_days": 234,  # 95 + 96 + 62 - 19
    }


@pytest.mark.parametrize(
    "figure, part",
    [("offered", "offered_days"), ("moved by us", "moved_by_us_days"), ("moved by customer", "moved_by_customer_days"),
     ("missed", "missed_days"), ("wait", "wait_days")],
)  # fmt: skip
def test_the_lines_listed_for_a_part_of_the_wait_add_up_to_it(
    company: duckdb.DuckDBPyConnection, figure: str, part: str
) -> None:
    asked = {"first_month": None, "last_month": None}
    for [customer] in company.sql("select distinct customer_id from marts.promises").fetchall():
        [whole] = queries.ask(company, "customer/gap_identity", customer=customer, **asked).to_arrow_table().to_pylist()
        listed = queries.ask(company, "customer/lines", customer=customer, figure=figure, **asked).to_arrow_table()
        assert sum(line[part] for line in listed.to_pylist()) == whole[part]
        assert all(line[part] for line in listed.to_pylist())


def test_what_a_wait_ended_with_is_said(lines: Lines) -> None:
    not_delivered = of_lines(lines, "ended_by", but="delivered")
    assert not_delivered == {
        "A3 10": "waiting",
        "A4 10": "cancelled",
        "A6 10": "promised",
        "C2 10": "waiting",
        "C2 20": "promised",
        "C3 10": "waiting",
        "C4 10": "waiting",
    }


def test_the_headline_is_kept_over_due(company: duckdb.DuckDBPyConnection) -> None:
    [headline] = answer(company, "overview/headline")
    assert headline == {
        "as_of_date": day("06-30"),
        "due_count": 12,
        "kept_count": 4,
        "promise_rate": 4 / 12,
        "gap_value": Decimal("987.51"),  # 200 + 25 + 98.76 + 25 + 20 + 600 + 18.75
        "due_value": Decimal("4418.66"),  # A 1000 200 250 98.76, B 1000 100 99.90 0, C 1000 20 600 50
        "overdue_count": 4,
    }


def test_a_rate_over_months_is_the_sum_of_kept_over_the_sum_of_due(company: duckdb.DuckDBPyConnection) -> None:
    # March: A1 10 kept, A1 20 not. April: A2 not, B1 10 kept, B1 20 not. The mean of 1/2 and 1/3 would be 5/12.
    [headline] = answer(company, "overview/headline", first_month="2026-03", last_month="2026-04")
    assert (headline["due_count"], headline["kept_count"], headline["promise_rate"]) == (5, 2, 2 / 5)


def test_the_rate_is_empty_where_nothing_was_due(company: duckdb.DuckDBPyConnection) -> None:
    [headline] = answer(company, "overview/headline", first_month="2026-07")
    assert (headline["due_count"], headline["promise_rate"]) == (0, None)
    by_customer = answer(company, "customers/by_gap", first_month="2026-02", last_month="2026-02")
    rates = {row["customer_id"]: row["promise_rate"] for row in by_customer}
    assert rates == {"ACME": None, "BRIO": 1 / 2, "CITO": None}


def test_customers_stand_by_the_size_of_their_gap(company: duckdb.DuckDBPyConnection) -> None:
    assert [tuple(row.values()) for row in answer(company, "customers/by_gap")] == [
        ("CITO", "Cito Couriers", 4, 1, 1 / 4, Decimal("638.75")),  # 20 + 600 + 18.75
        ("ACME", "Acme Pumps", 4, 1, 1 / 4, Decimal("323.76")),  # 200 + 25 + 98.76
        ("BRIO", "Brio Boilers", 4, 2, 2 / 4, Decimal("25.00")),
    ]


def test_the_rate_by_value_weighs_lines_by_what_was_ordered(company: duckdb.DuckDBPyConnection) -> None:
    [sums] = rows(company, "select sum(kept_value) as kept, sum(due_value) as due from marts.customer_months")
    assert sums["kept"] == Decimal("3099.90")  # A1 10 1000, B1 10 1000, B2 99.90, C1 1000
    assert sums["due"] == Decimal("4418.66")


def test_an_order_is_kept_when_every_due_line_of_it_is_kept(company: duckdb.DuckDBPyConnection) -> None:
    due = {row["order_id"]: row["is_kept"] for row in rows(company, "select * from marts.orders where is_due")}
    # A1 and B1 each kept one line of two; A4, A5 and A6 have no line that is due.
    assert due.keys() == {"A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3", "C4"}
    assert {order for order, is_kept in due.items() if is_kept} == {"B2", "C1"}
    [sums] = rows(
        company, "select sum(order_due_count) as due, sum(order_kept_count) as kept from marts.customer_months"
    )
    assert (sums["due"], sums["kept"]) == (10, 2)


def test_a_promise_belongs_to_the_month_of_its_first_promise(company: duckdb.DuckDBPyConnection) -> None:
    months = rows(company, "select * from marts.customer_months")
    due = {(row["customer_id"], row["month"].month): (row["due_count"], row["kept_count"]) for row in months}
    assert {place: counts for place, counts in due.items() if counts != (0, 0)} == {
        ("ACME", 3): (2, 1),
        ("ACME", 4): (1, 0),
        ("ACME", 5): (1, 0),
        ("BRIO", 2): (2, 1),
        ("BRIO", 4): (2, 1),
        ("CITO", 5): (1, 1),
        ("CITO", 6): (3, 0),
    }


def test_silent_months_are_rows(company: duckdb.DuckDBPyConnection) -> None:
    # The first promise is for February and the last (A6) for September; nobody has a promise in August.
    months = rows(company, "select month from marts.months order by month")
    assert [row["month"] for row in months] == [day(f"{month:02}-01") for month in range(2, 10)]
    counted = rows(company, "select customer_id, count(*) as months from marts.customer_months group by customer_id")
    ordering = {row["customer_id"]: row["months"] for row in counted if row["customer_id"] != "DORA"}
    assert ordering == {"ACME": 8, "BRIO": 8, "CITO": 8}
    [august] = rows(
        company,
        "select sum(line_count) as lines, count(*) as rows from marts.customer_months where month = '2026-08-01'",
    )
    assert august["lines"] == 0
    assert august["rows"] >= 3


def test_a_product_that_is_not_known_has_no_family(company: duckdb.DuckDBPyConnection) -> None:
    gaps = rows(
        company,
        "select product_family, sum(gap_value) as gap from marts.scoreboard_months where product_family is not null"
        " group by product_family",
    )
    assert {row["product_family"]: row["gap"] for row in gaps} == {
        "Pumps": 650,  # A2 25, B1 20 25, C3 600
        "Seals": Decimal("318.76"),  # A1 20 200, A3 98.76, C2 20
        "no family": Decimal("18.75"),
    }


def test_a_customer_sees_its_own_measure_beside_ours(company: duckdb.DuckDBPyConnection) -> None:
    own = rows(company, "select * from marts.own_months where own_due_count > 0")
    assert {(row["customer_id"], row["month"].month): (row["own_due_count"], row["own_kept_count"]) for row in own} == {
        # No contract: the company's measure.
        ("ACME", 3): (2, 1),
        ("ACME", 4): (1, 0),
        ("ACME", 5): (1, 0),
        # To request, two days late allowed, whole orders: B2 and B3 (asked for the 10th, there on the 12th) are kept;
        # both lines of B1 came forty days after they were asked for.
        ("BRIO", 2): (3, 2),
        # To the current promise, 5 days late and 40 % short allowed: C1 came on 25 May for the 20th; C4 had 25 of the
        # 24 that are enough of 40; C2 is allowed until 5 July, C3 until September.
        ("CITO", 5): (1, 1),
        ("CITO", 6): (1, 1),
    }
    contracts = rows(company, "select customer_id from marts.customers where has_own_measure order by customer_id")
    assert [row["customer_id"] for row in contracts] == ["BRIO", "CITO"]


TOLERANT = """
days_early_allowed = 3
days_late_allowed = 2
quantity_tolerance = 0.1
"""


@pytest.fixture(scope="module")
def tolerant(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    """Every line is 100 pieces at 1.00, promised for 10 March unless said; as of 31 March."""
    lines = [
        ("in", "2026-03-10"), ("early", "2026-03-10"), ("late", "2026-03-10"), ("later", "2026-03-10"),
        ("short", "2026-03-10"), ("shorter", "2026-03-10"), ("trickle", "2026-03-10"),
        ("edge", "2026-03-29"), ("beyond", "2026-03-30"),
    ]  # fmt: skip
    return ledger(
        build(
            tmp_path_factory.mktemp("tolerant"),
            as_of="2026-03-31",
            settings=TOLERANT,
            order_lines="order_id, line_number, customer_id, product_id, quantity,"
            " unit_price, requested_date, promised_date"
            + "".join(f"\nT, {name}, ACME, PUMP, 100, 1.00, {promised}, {promised}" for name, promised in lines),
            deliveries="""
            order_id, line_number, delivered_date, quantity
            T,        in,          2026-03-07,     100
            T,        early,       2026-03-06,     100
            T,        late,        2026-03-12,     100
            T,        later,       2026-03-13,     100
            T,        short,       2026-03-10,     90
            T,        shorter,     2026-03-10,     89.999
            T,        trickle,     2026-03-10,     90
            T,        trickle,     2026-03-20,     10
            """,
        )
    )


def test_tolerances_widen_on_time_and_in_full_to_the_last_day_and_piece(tolerant: Lines) -> None:
    assert lines_where(tolerant, "is_kept") == {"T in", "T late", "T short", "T trickle"}
    for reading in ("is_kept_to_request", "is_kept_to_current", "is_kept_to_own"):
        assert lines_where(tolerant, reading) == lines_where(tolerant, "is_kept")


def test_a_line_is_due_only_once_its_late_tolerance_has_passed(tolerant: Lines) -> None:
    # 29 March and two days is 31 March; 30 March and two days is not yet.
    assert lines_where(tolerant, "is_due") == tolerant.keys() - {"T beyond"}
    assert lines_where(tolerant, "is_overdue") == {"T edge", "T shorter"}


def test_a_delivery_within_the_late_tolerance_is_kept_and_its_days_late_are_still_told(tolerant: Lines) -> None:
    late = of_lines(tolerant, "late_days", but=0)
    assert late == {"T late": 2, "T later": 3, "T edge": 2, "T shorter": 21}


def test_a_line_is_completed_once_what_came_is_enough(tolerant: Lines) -> None:
    assert tolerant["T trickle"]["completed_date"] == day("03-10")
    assert tolerant["T short"]["completed_date"] == day("03-10")
    assert tolerant["T shorter"]["completed_date"] is None
    assert tolerant["T short"]["open_quantity"] == 0


def test_a_line_kept_within_tolerance_has_no_gap_and_a_missed_one_has_all_of_it(tolerant: Lines) -> None:
    assert of_lines(tolerant, "gap_value", but=0) == {
        "T later": 100,  # all of it came a day beyond the tolerance
        "T shorter": Decimal("10.00"),  # 10.001 pieces at 1.00
        "T edge": 100,
    }


def test_what_came_too_early_is_not_kept_but_the_customer_has_it(tolerant: Lines) -> None:
    assert tolerant["T early"]["delivered_by_promise_quantity"] == 100
    assert (tolerant["T early"]["is_kept"], tolerant["T early"]["gap_quantity"]) == (False, 0)


def test_without_tolerance_only_the_whole_quantity_by_the_day_counts(tolerant: Lines) -> None:
    assert "T in" in lines_where(tolerant, "is_kept_strictly")
    assert not {"T late", "T short", "T trickle"} & lines_where(tolerant, "is_kept_strictly")


def test_no_line_is_kept_on_a_stricter_rung_and_missed_on_a_looser_one(tolerant: Lines) -> None:
    assert lines_where(tolerant, "is_kept_strictly") <= lines_where(tolerant, "is_kept")
    assert lines_where(tolerant, "is_kept_to_request_strictly") <= lines_where(tolerant, "is_kept_to_request")


def test_a_customers_own_early_days_hold_for_that_customer_alone(tmp_path: Path) -> None:
    lines = ledger(
        build(
            tmp_path,
            as_of="2026-03-31",
            customers="customer_id, days_early_allowed\nBRIO, 0",
            order_lines="""
            order_id, customer_id, product_id, quantity, promised_date
            A,        ACME,        PUMP,       1,        2026-03-10
            B,        BRIO,        PUMP,       1,        2026-03-10
            """,
            deliveries="order_id, delivered_date, quantity\nA, 2026-03-09, 1\nB, 2026-03-09, 1",
        )
    )
    assert lines_where(lines, "is_kept") == {"A PUMP", "B PUMP"}
    assert lines_where(lines, "is_kept_to_own") == {"A PUMP"}


def test_a_split_delivery_on_the_same_day_changes_nothing(tmp_path: Path, lines: Lines) -> None:
    split = DELIVERIES.replace("2026-04-15,     30", "2026-04-15,     17.5\nA2, 10, 2026-04-15, 12.5")
    assert split != DELIVERIES
    connection = build(
        tmp_path, as_of="2026-06-30", customers=CUSTOMERS, products=PRODUCTS, order_lines=ORDER_LINES, deliveries=split
    )
    assert ledger(connection) == lines


def test_a_line_of_nothing_is_kept_and_nobody_waits_for_it(tmp_path: Path) -> None:
    connection = build(
        tmp_path,
        as_of="2026-03-31",
        order_lines="order_id, customer_id, product_id, quantity, promised_date\nA, ACME, PUMP, 0, 2026-03-10",
    )
    [line] = ledger(connection).values()
    assert line["is_kept"]
    assert (line["is_overdue"], line["late_days"]) == (False, 0)


@pytest.mark.parametrize(
    ("quantity", "price", "value"), [(1_000_000, 101_000, 101_000_000_000), (1_100_000_000, 1, 1_100_000_000)]
)
def test_a_line_of_a_hundred_billion_or_of_a_billion_pieces_is_measured_like_any_other(
    tmp_path: Path, quantity: int, price: int, value: int
) -> None:
    # Rupiah and screws: an ordinary line in both.
    connection = build(
        tmp_path,
        as_of="2026-03-31",
        order_lines="order_id, customer_id, product_id, quantity, unit_price, promised_date\n"
        f"A, ACME, PUMP, {quantity}, {price}, 2026-03-10",
    )
    assert ledger(connection)["A PUMP"]["gap_value"] == value


def test_a_shipment_stands_for_an_arrival_that_is_not_known(tmp_path: Path) -> None:
    connection = build(
        tmp_path,
        as_of="2026-03-31",
        order_lines="""
        order_id, customer_id, product_id, quantity, promised_date
        A,        ACME,        PUMP,       5,        2026-03-10
        B,        ACME,        PUMP,       5,        2026-03-10
        """,
        deliveries="""
        order_id, shipped_date, delivered_date, quantity
        A,        2026-03-10,   2026-03-11,     5
        B,        2026-03-10,   ,               5
        """,
    )
    assert lines_where(ledger(connection), "is_kept") == {"B PUMP"}
    [warning] = rows(connection, "select row_count from warnings where rule_name = 'delivered_date_is_shipment'")
    assert warning["row_count"] == 1


def test_a_delivery_that_names_order_and_product_finds_its_line(tmp_path: Path) -> None:
    connection = build(
        tmp_path,
        as_of="2026-03-31",
        order_lines="""
        order_id, line_number, customer_id, product_id, quantity, promised_date
        A,        10,          ACME,        PUMP,       5,        2026-03-10
        A,        20,          ACME,        SEAL,       5,        2026-03-10
        """,
        deliveries="order_id, product_id, delivered_date, quantity\nA, SEAL, 2026-03-10, 5",
    )
    assert lines_where(ledger(connection), "is_kept") == {"A 20"}


def test_an_extract_without_a_day_speaks_for_its_newest_order_or_delivery(tmp_path: Path) -> None:
    order_lines = """
    order_id, customer_id, product_id, quantity, promised_date, order_date
    A,        ACME,        PUMP,       5,        2026-03-10,    2026-02-01
    """
    connection = build(tmp_path, order_lines=order_lines)
    assert rows(connection, "select as_of_date from snapshot") == [{"as_of_date": day("02-01")}]
    connection = build(tmp_path, deliveries="order_id, delivered_date, quantity\nA, 2026-03-12, 5")
    assert rows(connection, "select as_of_date from snapshot") == [{"as_of_date": day("03-12")}]
    assert ledger(connection)["A PUMP"]["late_days"] == 2
