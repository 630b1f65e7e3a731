"""What moved between two snapshots: a pair with every kind of move, worked out by hand.

The pair is that of tests/two_months.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sop import cli, comparing, queries
from sop.errors import SnapshotError
from sop.snapshots import Home, Manifest
from tests.company import answer, day, load, rows
from tests.two_months import Pair, load_orders_first, load_pair, load_projected_pair


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return load_projected_pair(tmp_path_factory.mktemp("pair"))


@pytest.fixture(scope="module")
def pair(loaded: Pair) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = comparing.connect(loaded.home, loaded.first, loaded.last)
    yield connection
    connection.close()


def totals(connection: duckdb.DuckDBPyConnection, moved: str, *columns: str) -> dict[str, tuple[Any, ...]]:
    """These columns of every kind that has a move."""
    return {
        row["kind"]: tuple(row[column] for column in columns)
        for row in answer(connection, "moves/totals")
        if row["moved"] == moved and row["moves_count"]
    }


def moves(connection: duckdb.DuckDBPyConnection, name: str, kind: str, key: str, *columns: str) -> dict[str, Any]:
    """These columns of every row of a list, by its key."""
    return {
        row[key]: tuple(row[column] for column in columns) for row in answer(connection, f"moves/{name}", kind=kind)
    }


def money(text: str) -> Decimal:
    return Decimal(text)


# --- promises ----------------------------------------------------------------------------------------------------


def test_a_promise_that_moved_is_listed_with_who_moved_it_and_by_how_much(pair: duckdb.DuckDBPyConnection) -> None:
    columns = ("customer_name", "before_date", "after_date", "moved_days", "concerned_value")
    assert moves(pair, "promises", "by us", "order_id", *columns) == {
        "A1": ("Acme Works", day("11-10"), day("11-24"), 14, money("1000.00")),
        "C3": (
            "CITO",
            day("11-01"),
            day("11-08"),
            10,
            money("40.00"),
        ),  # 10 by us, 3 of them taken back by the customer
    }
    assert moves(pair, "promises", "by the customer", "order_id", *columns) == {
        "A1": ("Acme Works", day("11-10"), day("11-30"), 20, money("200.00")),
        "E2": ("EVER", day("12-10"), day("11-20"), -20, money("30.00")),
        "C3": ("CITO", day("11-01"), day("11-08"), -3, money("40.00")),
    }


def test_promises_moved_are_counted_with_their_customers_days_and_value(pair: duckdb.DuckDBPyConnection) -> None:
    columns = ("moves_count", "customer_count", "moved_days", "concerned_value", "change_value")
    assert totals(pair, "promise", *columns) == {
        "by us": (2, 2, 24, money("1040.00"), None),
        "by the customer": (3, 3, -3, money("270.00"), None),
    }


@pytest.mark.parametrize(
    ("promises", "why"),
    [
        (["2026-03-24, 2026-03-10, us", "2026-03-24, 2026-03-10, customer"], "who moved it is corrected"),
        (["2026-03-24, , ", "2026-03-24, 2026-03-10, customer"], "a first promise is stated afterwards"),
    ],
)
def test_what_is_learnt_of_a_promise_known_before_is_not_a_move_since(
    tmp_path: Path, promises: list[str], why: str
) -> None:
    header = "order_id,line_number,customer_id,product_id,quantity,promised_date,first_promised_date,promise_moved_by"
    before, _, after = (
        str(load(tmp_path, order_lines=f"{header}\nA, 1, ACME, PUMP, 1, {told}").snapshot)
        for told in [*promises, "2026-03-31, 2026-03-10, us"]
    )
    with comparing.connect(Home(tmp_path / "home"), before, after) as connection:
        assert totals(connection, "promise", "moves_count", "moved_days") == {"by us": (1, 7)}, why


# --- order lines -------------------------------------------------------------------------------------------------


def test_order_lines_that_came_went_or_changed_are_counted_with_their_value(pair: duckdb.DuckDBPyConnection) -> None:
    assert totals(pair, "order line", "moves_count", "concerned_value", "change_value") == {
        "new": (2, money("330.00"), money("210.00")),  # one of them is cancelled already
        "cancelled": (1, money("50.00"), money("-50.00")),
        "gone": (1, money("100.00"), money("-100.00")),
        "back": (1, money("99.90"), money("99.90")),
        "quantity changed": (2, money("240.00"), money("20.00")),  # 6 to 9 pumps of 20, 10 to 6 of 10
        "price changed": (1, money("1100.00"), money("100.00")),
    }


def test_the_changes_of_order_lines_add_up_to_the_change_of_all_orders(
    pair: duckdb.DuckDBPyConnection,
) -> None:
    standing = "select sum(ordered_value) as ordered_value from {}.marts.promises where not is_cancelled"
    then, now = (rows(pair, standing.format(side))[0]["ordered_value"] for side in comparing.SIDES)
    change = sum(value for (value,) in totals(pair, "order line", "change_value").values())
    assert change == now - then == money("279.90")


def test_an_order_line_that_changed_is_listed_with_what_it_was(pair: duckdb.DuckDBPyConnection) -> None:
    assert moves(pair, "order_lines", "quantity changed", "order_id", "before_quantity", "after_quantity") == {
        "A4": (6, 9),
        "E3": (10, 6),
    }
    assert moves(pair, "order_lines", "gone", "order_id", "customer_name", "after_quantity", "change_value") == {
        "A3": ("Acme Works", None, money("-100.00"))
    }


# --- opportunities -----------------------------------------------------------------------------------------------


def test_opportunities_are_counted_by_what_became_of_them(pair: duckdb.DuckDBPyConnection) -> None:
    assert totals(pair, "opportunity", "moves_count", "concerned_value", "change_value") == {
        "new": (1, money("60.00"), money("60.00")),
        "won": (4, money("1265.00"), money("-1215.00")),  # one of them was never in the pipeline
        "lost": (1, money("200.00"), money("-200.00")),
        "gone": (1, money("20.00"), money("-20.00")),
        "open again": (1, money("30.00"), money("30.00")),
        "slipped": (3, money("510.00"), 0),
        "brought forward": (1, money("50.00"), 0),
        "quantity changed": (2, money("360.00"), money("160.00")),
        "price changed": (1, money("20.00"), money("5.00")),
    }


def test_an_opportunity_is_won_by_its_stage_by_an_order_or_by_being_certain(pair: duckdb.DuckDBPyConnection) -> None:
    won = moves(pair, "opportunities", "won", "opportunity_id", "change_value")
    assert won == {"O1": (-1000,), "O8": (-210,), "O14": (0,), "O15": (-5,)}


def test_a_slip_shows_the_date_that_moved_further(pair: duckdb.DuckDBPyConnection) -> None:
    assert moves(pair, "opportunities", "slipped", "opportunity_id", "before_date", "after_date", "moved_days") == {
        "O3": (day("10-15"), day("11-20"), 36),  # its close; its need date slipped by 14 days
        "O11": (day("11-15"), day("12-15"), 30),  # the date promised; neither close nor request moved
        "O13": (day("11-19"), day("11-26"), 7),  # close and the lead time of 30 days
    }
    assert moves(pair, "opportunities", "brought forward", "opportunity_id", "moved_days") == {"O10": (-10,)}


def test_an_opportunity_that_was_won_and_is_no_longer_extracted_has_not_moved(pair: duckdb.DuckDBPyConnection) -> None:
    assert "O9" not in {row["opportunity_id"] for row in answer(pair, "moves/opportunities")}


# --- hours -------------------------------------------------------------------------------------------------------


def test_hours_that_changed_are_listed_by_work_centre_and_month_but_not_of_months_past(
    pair: duckdb.DuckDBPyConnection,
) -> None:
    listed = {
        (row["work_centre_name"], f"{row['month']:%Y-%m}"): (row["kind"], row["change_hours"])
        for row in answer(pair, "moves/hours")
    }
    assert listed == {
        ("Welding", "2026-10"): ("more", 20),
        ("Welding", "2026-11"): ("fewer", -20),
        ("Welding", "2026-12"): ("no longer stated", -100),
        ("Welding", "2027-01"): ("stated now", 95),
    }


# --- customers ---------------------------------------------------------------------------------------------------


def test_a_customer_has_all_its_moves_in_one_row(pair: duckdb.DuckDBPyConnection) -> None:
    found = {row["customer_id"]: row for row in answer(pair, "moves/customers")}
    assert list(found)[:2] == ["ACME", "CITO"]  # 14 days and 10
    acme = found["ACME"]
    assert (acme["moved_by_us_count"], acme["moved_by_us_days"], acme["moved_by_customer_count"]) == (1, 14, 1)
    assert (acme["won_value"], acme["cancelled_value"], acme["change_value"]) == (1000, 50, -90)  # -50 -100 +60
    assert sum(row["change_value"] for row in found.values()) == money("279.90")


# --- value at risk -----------------------------------------------------------------------------------------------


def test_the_bridge_leads_from_the_value_at_risk_then_to_now(pair: duckdb.DuckDBPyConnection) -> None:
    bridge = {row["step"]: (row["change_value"], row["line_count"]) for row in answer(pair, "moves/at_risk")}
    assert list(bridge.items()) == [
        ("at risk then", (2110, 9)),
        ("new orders", (210, 1)),
        ("larger or dearer", (1160, 2)),  # three pumps more of 20, two dearer by 550 that were not at risk
        ("promise moved earlier", (30, 1)),
        ("hours or other", (70, 1)),
        ("delivered", (-280, 2)),  # one of them in part
        ("cancelled or gone", (-150, 2)),
        ("smaller or cheaper", (-40, 1)),
        ("promise moved later", (-1000, 1)),
        ("no longer late", (-300, 1)),
        ("at risk now", (1810, 8)),
    ]


def test_the_lines_of_each_step_can_be_listed(pair: duckdb.DuckDBPyConnection) -> None:
    listed = moves(pair, "at_risk_lines", "delivered", "order_id", "at_risk_before_value", "at_risk_after_value")
    assert listed == {"D1": (200, 0), "D2": (200, 120)}
    assert moves(pair, "at_risk_lines", "as before", "order_id", "change_value") == {"C3": (0,)}


def test_the_lines_listed_for_a_bar_of_the_bridge_add_up_to_it(pair: duckdb.DuckDBPyConnection) -> None:
    columns = {"at risk then": "at_risk_before_value", "at risk now": "at_risk_after_value"}
    for bar in answer(pair, "moves/at_risk"):
        column = columns.get(bar["step"], "change_value")
        listed = queries.ask(pair, "moves/at_risk_lines", kind=bar["step"], most=100).to_arrow_table().to_pylist()
        assert (sum(line[column] for line in listed), len(listed)) == (bar["change_value"], bar["line_count"])


# --- what is missing ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def orders_first(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return load_orders_first(tmp_path_factory.mktemp("orders-first"))


def test_what_a_snapshot_never_had_is_not_compared_and_not_counted_as_new(orders_first: Pair) -> None:
    with comparing.connect(orders_first.home, orders_first.first, orders_first.last) as connection:
        compared = {row["part"]: row["is_compared"] for row in answer(connection, "moves/parts")}
        assert compared == {"hours": False, "opportunities": False, "order lines": True, "value at risk": False}
        assert {row["moved"] for row in answer(connection, "moves/totals")} == {"promise", "order line"}
        assert answer(connection, "moves/opportunities") == answer(connection, "moves/hours") == []


def test_a_snapshot_that_lacks_what_is_compared_is_refused_in_a_sentence(tmp_path: Path) -> None:
    pair = load_pair(tmp_path)
    with duckdb.connect(str(pair.home.file(pair.first))) as connection:
        connection.execute("drop table extracts.opportunities")
    with pytest.raises(SnapshotError, match="cannot be compared: one of them was made by another version of the app"):
        comparing.connect(pair.home, pair.first, pair.last)


def test_a_damaged_snapshot_is_refused_in_a_sentence(tmp_path: Path) -> None:
    pair = load_pair(tmp_path)
    pair.home.file(pair.first).write_bytes(b"nothing that DuckDB knows" * 400)
    with pytest.raises(SnapshotError, match="cannot be opened together"):
        comparing.connect(pair.home, pair.first, pair.last)


# --- which two ---------------------------------------------------------------------------------------------------


def kept(folder: Path, **as_of: str) -> Home:
    """A home with a snapshot of each name that speaks for that day; nothing is in them."""
    home = Home(folder)
    home.snapshots.mkdir(parents=True)
    for snapshot, date in as_of.items():
        built = folder / "built"
        built.touch()
        home.keep(built, Manifest(snapshot, date, "2026-01-01T00:00:00+00:00", "a test", "", "", "", 0, ()))
    return home


def test_a_snapshot_is_compared_with_the_newest_of_an_earlier_month(tmp_path: Path) -> None:
    home = kept(tmp_path, a="2026-08-31", b="2026-09-10", c="2026-09-30", d="2026-10-10", e="2026-10-31")
    assert {snapshot: comparing.earlier(home, snapshot) for snapshot in "abcde"} == {
        "a": None, "b": "a", "c": "a", "d": "c", "e": "c",
    }  # fmt: skip


def test_an_older_month_loaded_again_is_not_newer_than_the_month_before(tmp_path: Path) -> None:
    home = kept(tmp_path, a="2026-09-30", b="2026-08-31", c="2026-10-31")
    assert comparing.earlier(home, "c") == "a"


def test_with_one_month_only_the_snapshot_made_before_is_compared(tmp_path: Path) -> None:
    home = kept(tmp_path, a="2026-09-10", b="2026-09-20", c="2026-09-15")
    assert [comparing.earlier(home, snapshot) for snapshot in "abc"] == [None, "a", "b"]


# --- the command line --------------------------------------------------------------------------------------------


def test_compare_prints_what_moved_between_two_snapshots(
    loaded: Pair, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(loaded.home.folder))
    assert cli.main(["compare", loaded.first, loaded.last, "--show", "order_lines", "--format", "csv"]) == 0
    printed = capsys.readouterr()
    assert "gone,Acme Works,A3,10,SEAL,2026-11-10,8.000,,100.00,-100.00,ACME" in printed.out.splitlines()
    assert printed.err == ""


def test_compare_says_what_cannot_be_compared(
    orders_first: Pair, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(orders_first.home.folder))
    assert cli.main(["compare", orders_first.first, orders_first.last]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "Hours cannot be compared: the earlier snapshot has none.",
        "Opportunities cannot be compared: the earlier snapshot has none.",
        "Value at risk cannot be compared: the earlier and later snapshots have no projected promises.",
    ]


@pytest.mark.parametrize("command", [["--show", "at_risk"], ["--show", "at_risk_lines", "--format", "json"]])
def test_compare_ends_with_a_sentence_where_what_is_asked_for_is_missing(
    command: list[str], orders_first: Pair, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(orders_first.home.folder))
    assert cli.main(["compare", orders_first.first, orders_first.last, *command]) == 2
    printed = capsys.readouterr()
    assert "One of the two snapshots does not hold what moves/at_risk" in printed.err.splitlines()[-1]
    assert printed.out == ""


def test_a_question_about_two_snapshots_is_asked_of_the_live_one_and_the_month_before(
    loaded: Pair, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(loaded.home.folder))
    assert cli.main(["ask", "moves/promises", "kind=by us", "--format", "csv"]) == 0
    assert [line.split(",")[2] for line in capsys.readouterr().out.splitlines()[1:]] == ["A1", "C3"]
