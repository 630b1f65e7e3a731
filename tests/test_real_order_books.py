"""Order books that nobody made for this project give the figures that were worked out for it without this project.

The figures are those of the README beside the data; they are exact, so they are compared to the last digit.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sop import loading
from sop.extracts import mapping_file
from sop.extracts.looking import look
from sop.snapshots import Home
from tests.company import answer, day, rows

ROOT = Path(__file__).parents[1]
FOLDER = ROOT.parent / "shared" / "data"
SCMS = FOLDER / "scms" / "SCMS_Delivery_History_Dataset.csv"
SCMS_MAPPING = Path(__file__).parent / "mappings" / "scms.toml"

pytestmark = pytest.mark.skipif(not SCMS.exists(), reason=f"the real order books are expected in {FOLDER}")


@pytest.fixture(scope="module")
def scms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    home = Home(tmp_path_factory.mktemp("scms"))
    loading.load([SCMS], mappings=mapping_file.read(SCMS_MAPPING), home=home, created_by="a test")
    connection = home.open()
    yield connection
    connection.close()


def only(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    [row] = rows(connection, sql)
    return row


def headline(connection: duckdb.DuckDBPyConnection, **months: str) -> dict[str, Any]:
    [row] = answer(connection, "overview/headline", **months)
    return row


def test_every_row_of_the_file_is_kept_in_each_of_the_four_extracts_it_feeds(scms: duckdb.DuckDBPyConnection) -> None:
    kept = rows(scms, "select extract_name, kept_count, rejected_count from source_files")
    assert {row["extract_name"]: row["kept_count"] for row in kept} == {
        "customers": 43,
        "products": 184,
        "order_lines": 10_324,
        "deliveries": 10_324,
    }
    assert {row["rejected_count"] for row in kept} == {0}
    assert only(scms, "select count(*) as lines from marts.promises") == {"lines": 10_324}


def test_the_accents_of_the_file_are_read(scms: duckdb.DuckDBPyConnection) -> None:
    ivory_coast = only(scms, "select count(*) as lines from marts.promises where customer_id = 'Côte d''Ivoire'")
    assert ivory_coast == {"lines": 1083}


def test_the_file_speaks_for_its_last_delivery(scms: duckdb.DuckDBPyConnection) -> None:
    assert str(headline(scms)["as_of_date"]) == "2015-09-14"


def test_the_promises_due_and_kept_are_those_worked_out_before(scms: duckdb.DuckDBPyConnection) -> None:
    found = headline(scms)
    assert (found["due_count"], found["kept_count"]) == (10_319, 9_133)
    assert f"{found['promise_rate']:.4%}" == "88.5066%"


def test_the_gap_and_what_was_due_are_right_to_the_cent(scms: duckdb.DuckDBPyConnection) -> None:
    found = headline(scms)
    assert found["gap_value"] == Decimal("259034278.49")
    assert found["due_value"] == Decimal("1625985416.34")


def test_everything_that_was_due_has_arrived(scms: duckdb.DuckDBPyConnection) -> None:
    assert headline(scms)["overdue_count"] == 0


def test_the_lines_not_kept_came_twenty_one_days_late_on_average(scms: duckdb.DuckDBPyConnection) -> None:
    late = only(scms, "select avg(late_days) as mean_days from marts.promises where is_due and not is_kept")
    assert f"{late['mean_days']:.4f}" == "21.3693"


def test_the_five_largest_gaps_are_in_their_order(scms: duckdb.DuckDBPyConnection) -> None:
    gaps = answer(scms, "customers/by_gap")[:5]
    assert [(row["customer_name"], row["due_count"], row["kept_count"], str(row["gap_value"])) for row in gaps] == [
        ("Mozambique", 630, 514, "53259611.47"),
        ("Nigeria", 1192, 1050, "49758109.31"),
        ("Zambia", 683, 575, "33453393.04"),
        ("South Africa", 1406, 1291, "24787639.95"),
        ("Tanzania", 519, 453, "19606062.44"),
    ]


@pytest.mark.parametrize(
    ("year", "due", "kept"),
    [
        (2006, 65, 65), (2007, 672, 658), (2008, 1029, 1016), (2009, 1253, 1208), (2010, 1204, 1013),
        (2011, 1011, 773), (2012, 1273, 1172), (2013, 1272, 1044), (2014, 1528, 1292), (2015, 1012, 892),
    ],
)  # fmt: skip
def test_each_promised_year_has_its_due_and_kept(
    scms: duckdb.DuckDBPyConnection, year: int, due: int, kept: int
) -> None:
    found = headline(scms, first_month=f"{year}-01", last_month=f"{year}-12")
    assert (found["due_count"], found["kept_count"]) == (due, kept)


def test_the_wait_of_each_line_and_of_all_is_its_four_parts(scms: duckdb.DuckDBPyConnection) -> None:
    parts = "offered_days + moved_by_us_days + moved_by_customer_days + missed_days"
    assert only(scms, f"select count(*) as lines from marts.promises where wait_days is distinct from {parts}") == {
        "lines": 0
    }
    total = only(scms, f"select sum(wait_days) as wait, sum({parts}) as parts from marts.customer_months")
    assert total["wait"] == total["parts"] != 0


def test_a_file_of_an_earlier_day_knows_what_was_due_on_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    loading.load(
        [SCMS], mappings=mapping_file.read(SCMS_MAPPING), as_of=day("01-01").replace(year=2012), accept_rejects=True,
        home=home, created_by="a test",
    )  # fmt: skip
    # Every promise of 2006 to 2011 that had come due; what was delivered from 2012 on is refused as of that day.
    assert headline(home.open(), last_month="2011-12")["due_count"] == 65 + 672 + 1029 + 1253 + 1204 + 1011


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SOP_HOME": str(home), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "sop", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8")


def test_the_command_line_loads_the_file_and_answers_the_same(tmp_path: Path) -> None:
    load = run(tmp_path, "load", str(SCMS), "--mapping", str(SCMS_MAPPING))
    assert (load.returncode, load.stderr) == (0, "")
    assert "order_lines, 10,324 rows kept, 0 rejected" in load.stdout
    assert "As of 2015-09-14. Published snapshot" in load.stdout

    asked = run(tmp_path, "ask", "overview/headline", "--format", "json")
    assert asked.returncode == 0
    assert json.loads(asked.stdout, parse_float=Decimal) == [
        {
            "as_of_date": "2015-09-14",
            "due_count": 10_319,
            "kept_count": 9_133,
            "promise_rate": Decimal(str(9_133 / 10_319)),
            "gap_value": Decimal("259034278.49"),
            "due_value": Decimal("1625985416.34"),
            "overdue_count": 0,
        }
    ]

    year = run(tmp_path, "ask", "overview/headline", "first_month=2014-01", "last_month=2014-12", "--format", "json")
    [found] = json.loads(year.stdout)
    assert (found["due_count"], found["kept_count"]) == (1528, 1292)

    gaps = json.loads(run(tmp_path, "ask", "customers/by_gap", "--format", "json").stdout, parse_float=Decimal)
    assert len(gaps) == 43
    assert gaps[0]["customer_id"] == "Mozambique"
    assert gaps[0]["gap_value"] == Decimal("53259611.47")
    assert "Côte d'Ivoire" in {row["customer_id"] for row in gaps}


# Without a mapping file: read as proposed, with one question answered each


NORTHWIND = FOLDER / "northwind"


def by_proposal(folder: Path, *files: Path, corrections: int) -> tuple[loading.Report, duckdb.DuckDBPyConnection]:
    """Load files as proposed, each question answered by its first choice, which may not be needed more often than that."""
    home = Home(folder / "home")
    (folder / "work").mkdir()
    asked = [question for one in look(files, folder / "work", home=home) for question in one.questions]
    assert len(asked) == corrections, [question.question for question in asked]
    report = loading.load(files, home=home, accept_proposals=True, accept_rejects=True, created_by="a test")
    return report, home.open()


def test_the_health_programmes_file_needs_one_answer_and_no_mapping(tmp_path: Path) -> None:
    report, connection = by_proposal(tmp_path, SCMS, corrections=1)
    found = headline(connection)
    assert (found["due_count"], found["kept_count"]) == (10_319, 9_133)
    assert (found["gap_value"], found["due_value"]) == (Decimal("259034278.49"), Decimal("1625985416.34"))
    assert {source["extract_name"] for source in report.sources} == {
        "customers", "products", "order_lines", "deliveries",
    }  # fmt: skip


def test_the_food_wholesalers_four_files_need_one_answer_and_no_mapping(tmp_path: Path) -> None:
    names = ("orders.csv", "order_details.csv", "customers.csv", "products.csv")
    report, connection = by_proposal(tmp_path, *(NORTHWIND / name for name in names), corrections=1)
    found = headline(connection)
    assert str(found["as_of_date"]) == "1998-05-06"
    assert (found["due_count"], found["kept_count"]) == (1_970, 1_875)
    assert f"{found['promise_rate']:.4%}" == "95.1777%"
    assert (found["gap_value"], found["due_value"]) == (Decimal("77197.20"), Decimal("1234865.68"))
    assert {source["rejected_count"] for source in report.sources} == {0}
    books = only(connection, "select count(*) as lines, count(distinct customer_id) as customers from marts.promises")
    assert books == {"lines": 2_155, "customers": 89}


def test_the_food_wholesalers_largest_gaps_and_open_lines_are_right_to_the_cent(tmp_path: Path) -> None:
    names = ("orders.csv", "order_details.csv")
    _, connection = by_proposal(tmp_path, *(NORTHWIND / name for name in names), corrections=1)
    gaps = answer(connection, "customers/by_gap")[:5]
    assert [(row["customer_id"], row["due_count"], row["kept_count"], str(row["gap_value"])) for row in gaps] == [
        ("QUICK", 81, 72, "14865.90"),
        ("HUNGO", 52, 40, "9383.70"),
        ("GREAL", 20, 18, "8891.00"),
        ("SAVEA", 102, 96, "6164.90"),
        ("ERNSH", 91, 88, "4903.50"),
    ]
    unfinished = "promises.completed_date is null and not promises.is_cancelled"
    assert only(
        connection,
        "select count(*) as lines, sum(open_quantity * unit_price)::decimal(18, 2)::varchar as value,"
        f" count(*) filter (where is_due) as due from marts.promises where {unfinished}",
    ) == {"lines": 73, "value": "27443.76", "due": 3}


def test_the_same_orders_with_unquoted_commas_are_read_and_the_torn_lines_are_numbered(tmp_path: Path) -> None:
    files = (NORTHWIND / "orders-unquoted-commas.csv", NORTHWIND / "order_details.csv")
    report, _ = by_proposal(tmp_path, *files, corrections=1)
    lines = files[0].read_text(encoding="utf-8").splitlines()
    torn = [number for number, line in enumerate(lines, start=1) if line.count(",") != lines[0].count(",")]
    rejected = [row["line_number"] for row in report.rejected if row["file_name"] == files[0].name]
    assert rejected == torn
    assert len(torn) == 176
    counts = {source["file_name"]: source for source in report.sources}[files[0].name]
    assert (counts["read_count"], counts["kept_count"], counts["rejected_count"]) == (830, 654, 176)
