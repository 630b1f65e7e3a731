"""Scenarios: kept by name for ever, worked out anew on another snapshot, and the page that lays them side by side."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from sop import arbitrating, audit, following_up, opening, scenarios, words
from sop.access import Act
from sop.arbitrating import Weights
from sop.decisions import FILE_NAME, Log
from sop.errors import LogError
from sop.migrating import VERSION
from sop.scenarios import Holds, Scenario
from sop.snapshots import Home
from tests.company import day
from tests.decided import company, option
from tests.test_arbitrating import claims_in
from tests.test_decisions_page import press, said, with_column
from tests.test_forward_pages import PLANT
from tests.test_pages import load, open_page


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "home")


def keep(log: Log, name: str = "Rail first", *, by: str = "Ann Lee", snapshot: str = "a-snapshot", **held: Any) -> int:
    holds = Holds(**{"option": "tier", **held})
    return scenarios.keep(log, Scenario(name, snapshot, day("09-30"), holds), option(), by=by)


def listed(home: Home, name: str = "scenarios/list", **given: Any) -> list[dict[str, Any]]:
    with home.open() as connection:
        found: list[dict[str, Any]] = (
            following_up.answer(connection, home.folder, name, **given).to_arrow_table().to_pylist()
        )
        return found


# --- kept --------------------------------------------------------------------------------------------------------


def test_a_scenario_is_kept_with_its_figures_as_they_were(tmp_path: Path) -> None:
    firm = company(tmp_path)
    number = keep(firm.log, snapshot=firm.september, weights={"tier_a": 5.0}, keep=["A1 / 10"])
    [row] = listed(firm.home)
    assert (row["scenario_id"], row["name"], row["kept_by"]) == (number, "Rail first", "Ann Lee")
    assert (row["kept_count"], row["broken_count"], row["imposed_days"], row["late_value"]) == (2, 3, 104, 530.0)
    assert row["is_of_another_snapshot"] is False
    [known] = listed(firm.home, "scenarios/scenario", scenario=number)
    assert Holds.read(known["holds"]) == Holds("tier", {"tier_a": 5.0}, {}, ["A1 / 10"], [], "")
    stood = scenarios.as_kept("1", "Rail first", known["totals"], known["customers"])
    assert stood.customers["imposed_days"].tolist() == [0, 62, 42]


def test_the_same_name_again_replaces_and_keeps_the_one_before(tmp_path: Path) -> None:
    firm = company(tmp_path)
    first, other = keep(firm.log), keep(firm.log, "Nobody first")
    second = keep(firm.log, "Rail first ", by="Ben Ode")
    assert [row["scenario_id"] for row in listed(firm.home)] == [second, other]
    every = {row["scenario_id"]: row["is_replaced"] for row in listed(firm.home, is_all=True)}
    assert every == {first: True, other: False, second: False}
    [known] = listed(firm.home, "scenarios/scenario", scenario=first)
    assert known["replaced_by_id"] == second


@pytest.mark.parametrize(
    ("name", "by", "said"), [(" ", "Ann", "Give the scenario a name"), ("A", " ", "Say who you are")]
)
def test_without_a_name_or_a_person_nothing_is_written(log: Log, name: str, by: str, said: str) -> None:
    with pytest.raises(LogError, match=f"{said}.* Nothing was written."):
        keep(log, name, by=by)
    assert not (log.folder / FILE_NAME).exists()


def test_of_many_who_keep_the_same_name_at_once_each_replaces_one_and_none_is_lost(tmp_path: Path) -> None:
    firm = company(tmp_path)
    start = threading.Barrier(6)

    def one(person: str) -> None:
        start.wait()
        keep(firm.log, by=person)

    threads = [threading.Thread(target=one, args=(f"Person {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(listed(firm.home)) == 1, "the newest of the name"
    every = listed(firm.home, is_all=True)
    assert {row["kept_by"] for row in every} == {f"Person {number}" for number in range(6)}
    assert sum(row["is_replaced"] for row in every) == 5


def test_the_snapshot_of_a_scenario_is_never_pruned(log: Log) -> None:
    keep(log, snapshot="of-a-scenario")
    assert log.snapshots_named() == {"of-a-scenario"}


def test_what_a_later_version_holds_more_is_left_out() -> None:
    assert Holds.read('{"option": "tier", "mood": "good"}') == Holds("tier")
    assert Holds("best", {"tier_a": 7.0, "tier_z": 1.0}).as_weights() == Weights(tier_a=7.0)


def test_a_log_of_the_version_before_has_no_scenarios_and_gets_them_with_the_first_entry(tmp_path: Path) -> None:
    firm = company(tmp_path)
    firm.decide()
    with sqlite3.connect(firm.home.folder / FILE_NAME) as connection:
        connection.executescript(
            "drop table scenarios; drop table cost_entries; drop table closings; drop table notes; drop table disputes;"
            " drop table settings; drop table audit; update alembic_version set version_num = 'v2'; pragma user_version = 2;"
        )
    assert listed(firm.home) == []
    assert listed(firm.home, "decisions/headline")[0]["decision_count"] == 1
    assert firm.log.snapshots_named() == {firm.september}
    assert keep(firm.log) == 1
    assert listed(firm.home, "decisions/headline")[0]["decision_count"] == 1
    with sqlite3.connect(firm.home.folder / FILE_NAME) as connection:
        assert connection.execute("pragma user_version").fetchone() == (VERSION,)
        with pytest.raises(sqlite3.Error, match="append-only"):
            connection.execute("delete from scenarios")


# --- worked out --------------------------------------------------------------------------------------------------


def test_a_scenario_worked_out_is_its_option_with_the_changes_by_hand_that_are_still_open(tmp_path: Path) -> None:
    claims = claims_in(load(tmp_path, **PLANT))
    found, _ = arbitrating.options(claims, Weights())
    plain, gone = scenarios.worked_out(claims, Holds("promise"), found)
    assert (plain.name, gone) == ("promise", [])
    hand, gone = scenarios.worked_out(claims, Holds("promise", keep=["A1 / 10", "X9 / 10"], wait=["A1 / 10"]), found)
    assert gone == ["X9 / 10"]
    number = claims.lines["order_id"].tolist().index("A1")
    expected = arbitrating.by_hand(claims, Weights(), found["promise"], [number], [])
    assert hand.lines["new_promised_date"].equals(expected.lines["new_promised_date"])
    assert hand.lines["is_kept"].iloc[number]
    only_gone, gone = scenarios.worked_out(claims, Holds("promise", wait=["X9 / 10"]), found)
    assert (only_gone.name, gone) == ("promise", ["X9 / 10"])
    with pytest.raises(LogError, match="cannot be had here"):
        scenarios.worked_out(claims, Holds("margin"), found)


def test_levers_that_were_open_are_open_again_with_what_there_is_now(tmp_path: Path) -> None:
    claims = claims_in(load(tmp_path, **PLANT))
    assert opening.levers_of(claims, {}) is None
    assert opening.levers_of(claims, {"overtime": False}) is None
    overtime = opening.levers_of(claims, {"overtime": True})
    assert overtime is not None and overtime.limit is not None
    assert overtime.limit.shape == claims.available.shape
    chosen = json.loads(json.dumps({
        "outside": [{"work_centre": "Welding", "hours_a_month": 8, "cost_per_hour": 40},
                    {"work_centre": "Painting", "hours_a_month": 8, "cost_per_hour": 40}],
        "elsewhere": [{"work_centre": "Welding", "done_by": "Sawing", "hours_a_month": 5, "cost_per_hour": 1,
                       "hours_there_for_one": 2}],
        "moves": [{"order_line": "A1 / 10", "months_later": 1, "cost_value": 100},
                  {"order_line": "X9 / 10", "months_later": 1, "cost_value": 100}],
        "earlier_cost": 3, "declining": True,
    }))  # fmt: skip
    levers = opening.levers_of(claims, chosen)
    assert levers is not None and levers.outside_limit is not None and levers.earlier_cost is not None
    names = opening.work_centres(claims)
    assert levers.outside_limit[names["Welding"]].tolist() == [8] * claims.available.shape[1]
    assert levers.outside_limit.sum() == 8 * claims.available.shape[1]
    assert (levers.earlier_cost == 3).all()
    [move] = levers.moves
    assert claims.lines["order_id"].iloc[move.line] == "A1"
    assert levers.can_decline
    assert set(opening.unknown(claims, chosen)) == {"Painting", "X9 / 10"}


# --- on the page -------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return load(tmp_path, **PLANT)


def test_before_any_is_kept_the_page_says_where_they_come_from(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("scenarios", home, monkeypatch)
    assert app.title[0].value == "No scenario is kept yet"
    assert "kept by a name there before anything is decided" in said(app)
    assert Act.KEEP_SCENARIO.words not in [entry.act for entry in audit.entries(Log(home.folder))]


def test_a_scenario_is_kept_from_what_is_tried_and_laid_beside_the_projection(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("arbitrate", home, monkeypatch, option="promise", keep="A1 / 10", tier_a="7.0")
    press(app, "Keep it")
    assert "Give the scenario a name. Nothing was written." in said(app)
    app.text_input(key="scenario-name").set_value("A1 first")
    app.text_input(key="scenario-by").set_value("Ann Lee")
    next(button for button in app.button if button.label == "Keep it").click().run()
    app = open_page("scenarios", home, monkeypatch, scenario="1")
    assert app.title[0].value.startswith(words.plain("1 scenario kept: “A1 first” breaks fewest promises"))
    assert with_column(app, "option_name") == ["Earliest promise", "A1 first (1)"]
    assert "Kept by hand: A1 / 10." in said(app)
    assert "tier A 7, B 2, C 1" in said(app)
    assert "Open it on Arbitrate, to change it or to decide" in [button.label for button in app.button]


def test_a_link_may_name_a_scenario_by_its_name(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(Log(home.folder), snapshot=str(home.live()))
    app = open_page("scenarios", home, monkeypatch, scenario="Rail first")
    assert "Scenario 1, “Rail first”: Customer tier" in said(app)
    app = open_page("scenarios", home, monkeypatch, scenario="Nobody's")
    assert "There is no scenario “Nobody's” in the log" in said(app)


def test_a_scenario_of_an_older_snapshot_is_said_to_be_and_can_be_worked_out_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log(home.folder)
    keep(log, snapshot="an-older-one", option="promise", keep=["A1 / 10", "X9 / 10"])
    app = open_page("scenarios", home, monkeypatch, scenario="1")
    assert app.title[0].value == words.plain("1 scenario kept, none of them on this snapshot")
    assert "It was kept on another snapshot, of 30 September 2026" in said(app)
    assert "Look at it as it was" in [button.label for button in app.button]
    press(app, "Work it out anew on this snapshot")
    assert "Say who you are. Nothing was written." in said(app)
    app.text_input(key="anew-by-1").set_value("Ben Ode")
    press(app, "Work it out anew on this snapshot")
    assert "Scenario 2, “Rail first”, is kept. Of the lines changed by hand X9 / 10 is not open any more." in said(app)
    [row] = listed(home)
    assert (row["scenario_id"], row["is_of_another_snapshot"], row["kept_by"]) == (2, False, "Ben Ode")
    [known] = listed(home, "scenarios/scenario", scenario=2)
    assert Holds.read(known["holds"]).keep == ["A1 / 10"]


def test_a_log_that_cannot_be_read_is_said_on_the_page(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.folder / FILE_NAME).write_bytes(b"this is no database" * 100)
    app = open_page("scenarios", home, monkeypatch)
    assert "cannot be read" in said(app)
    assert len(app.title) == 1
