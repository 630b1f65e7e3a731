"""The decision log: what it asks for, what it keeps, who is second, and what survives."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from sop import correcting, deciding, following_up, scenarios, settings
from sop.deciding import Action, AlreadyDecided, Expectation
from sop.decisions import FILE_NAME, Log
from sop.errors import LogError
from sop.log_tables import TABLES
from sop.migrating import VERSION
from sop.scenarios import Holds, Scenario
from tests.company import day, load
from tests.decided import OPTIONS, company, decision, option

TOP = Path(__file__).parent.parent
VERSION_BEFORE = """
create table mappings (
    id INTEGER NOT NULL, saved_at DATETIME NOT NULL, saved_by TEXT NOT NULL, fingerprint TEXT NOT NULL,
    file_name TEXT NOT NULL, mapping TEXT NOT NULL, replaces INTEGER,
    PRIMARY KEY (id), FOREIGN KEY(replaces) REFERENCES mappings (id)
);
create index ix_mappings_fingerprint on mappings (fingerprint);
create trigger mappings_no_update before update on mappings
begin select raise(abort, 'the decision log is append-only'); end;
create trigger mappings_no_delete before delete on mappings
begin select raise(abort, 'the decision log is append-only'); end;
insert into mappings values (1, '2026-10-01 08:00:00.000000', 'A planner', 'x', 'a.csv', '{"name": "*"}', null);
pragma user_version = 1;
"""


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


def decide(log: Log, **changed: Any) -> int:
    return deciding.decide(log, decision("a-snapshot", **changed), OPTIONS, "tier")


def count(log: Log, table: str) -> int:
    return int(following_up.read(log, following_up.newest(log))[table].num_rows)


# --- what a decision is ------------------------------------------------------------------------------------------


def test_a_decision_is_read_back_as_it_was_taken(log: Log) -> None:
    number = decide(log)
    taken, options, chosen = correcting.as_taken(log, number)
    assert taken == decision("a-snapshot")
    assert chosen == "tier"
    assert [(one.title, one.totals["broken_count"]) for one in options] == [("Fair share", 3), ("Customer tier", 3)]
    [stood] = [one for one in options if one.name == chosen]
    assert stood.lines[["order_id", "new_promised_date"]].to_numpy().tolist() == [
        ["A1", day("10-10")], ["A2", day("10-12")], ["B1", day("11-15")], ["B2", day("11-20")], ["C1", None],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"decided_by": " "}, "Say who decides"),
        ({"reason": ""}, "Say why"),
        ({"assumed": ""}, "Say what was assumed"),
        ({"wrong_if": ""}, "Say what would prove the decision wrong"),
        ({"review_date": None}, "Choose the date on which to look at it again"),
        ({"review_date": day("09-30")}, "is to be after 30 September 2026"),
        ({"actions": [Action("Call Brio", " ", day("10-05"))]}, "The action “Call Brio” has no owner: say who does it"),
        ({"actions": [Action("Call Brio", "Ben", None)]}, "The action “Call Brio” has no date: say by when"),
        ({"actions": [Action("", "Ben", day("10-05"))]}, "An action says nothing of what is to be done"),
        ({"expectations": [Expectation("mood", None, 1, day("10-31"))]}, "“mood” cannot be answered from the data"),
        ({"expectations": [Expectation("gap", None, 1, None)]}, "needs a date after 30 September 2026"),
        ({"expectations": [Expectation("gap", "DORA", 1, day("10-31"))]}, "does not touch customer DORA"),
        ({"expectations": [Expectation("promises kept", None, 95, day("10-31"))]}, "a share from 0 to 1"),
        ({"expectations": [Expectation("gap", None, float("nan"), day("10-31"))]}, "never below 0"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence_and_nothing_is_written(
    log: Log, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(LogError, match=said) as trouble:
        decide(log, **changed)
    assert str(trouble.value).endswith("Nothing was written.")
    assert not (log.folder / FILE_NAME).exists()


def test_an_option_that_was_not_shown_cannot_be_chosen(log: Log) -> None:
    with pytest.raises(LogError, match="Choose one of the options"):
        deciding.decide(log, decision("a-snapshot"), OPTIONS, "by dice")


@pytest.mark.parametrize(
    ("number", "value", "by", "said"),
    [(1, 5.0, " ", "Say who you are"), (1, -1.0, "Ben", "never below 0"), (1, float("nan"), "Ben", "never below 0"),
     (9, 5.0, "Ben", "There is no decision 9")],
)  # fmt: skip
def test_what_was_spent_needs_a_person_a_value_and_a_decision(
    log: Log, number: int, value: float, by: str, said: str
) -> None:
    decide(log)
    with pytest.raises(LogError, match=f"{said}.* Nothing was written."):
        deciding.say_spent(log, number, value, by=by)
    assert count(log, "logged_cost_entries") == 0


def test_each_customer_is_told_what_is_kept_and_what_is_moved() -> None:
    assert deciding.texts_for_customers(option()) == {
        "ACME": "To Acme Works: 2 promises to you are kept as given.",
        "BRIO": "To Brio Foods: Order B1, line 10 is moved from 15 October 2026 to 15 November 2026."
        " Order B2, line 10 is moved from 20 October 2026 to 20 November 2026. We are sorry for the delay.",
        "CITO": "To Cito Rail: Order C1, line 10: the promise of 20 October 2026 cannot be kept; we will come back with a date."
        " We are sorry for the delay.",
    }


def test_a_customer_who_agreed_to_a_later_date_is_told_so() -> None:
    chosen = option()
    chosen.lines["is_moved"] = chosen.lines["order_id"] == "B1"
    told = deciding.texts_for_customers(chosen)["BRIO"]
    assert "Order B1, line 10 is moved from 15 October 2026 to 15 November 2026, as agreed." in told
    assert "Order B2, line 10 is moved from 20 October 2026 to 20 November 2026." in told


# --- two at once, and corrections --------------------------------------------------------------------------------


def test_who_is_second_is_told_and_sees_the_first(log: Log) -> None:
    first = decide(log)
    with pytest.raises(
        AlreadyDecided, match="Ann Lee decided the same work centre and month on this snapshot"
    ) as second:
        decide(log, decided_by="Ben Ode")
    assert second.value.decision == first
    assert "Acme's line stands still without the pumps" in str(second.value)
    assert count(log, "logged_decisions") == 1
    assert decide(log, load_month=day("11-01")) and deciding.decide(log, decision("another"), OPTIONS, "tier")


def decide_at_once(log: Log, many: int) -> tuple[list[int], list[int]]:
    """Let many people decide the same at once: the decisions that were written, and those that the others were shown."""
    start = threading.Barrier(many)
    written: list[int] = []
    seen: list[int] = []

    def one(name: str) -> None:
        start.wait()
        try:
            written.append(decide(log, decided_by=name))
        except AlreadyDecided as first:
            seen.append(first.decision)

    threads = [threading.Thread(target=one, args=(f"Person {number}",)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return written, seen


def test_of_many_at_once_one_decides_and_every_other_sees_that_one(log: Log) -> None:
    written, seen = decide_at_once(log, 8)
    assert len(written) == 1
    assert seen == written * 7
    assert count(log, "logged_decisions") == 1


def test_the_tables_themselves_refuse_a_second_decision(log: Log) -> None:
    decide(log)
    with sqlite3.connect(log.folder / FILE_NAME) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(
            "insert into decisions select 99, decided_at, decided_by, snapshot_id, as_of_date, work_centre_id, load_month,"
            " options, chosen, title, reason, assumed, wrong_if, review_date, null from decisions"
        )


def test_a_correction_names_the_old_decision_which_stays(log: Log) -> None:
    first = decide(log)
    second = decide(log, replaces=first, reason="Brio asked for the fifteenth")
    assert correcting.as_taken(log, first)[0].reason == "Acme's line stands still without the pumps"
    assert correcting.as_taken(log, second)[0].replaces == first
    with pytest.raises(AlreadyDecided, match=f"corrected decision {first}") as third:
        decide(log, replaces=first)
    assert third.value.decision == second
    with pytest.raises(LogError, match="There is no decision 77 to correct"):
        decide(log, replaces=77)


def test_other_dates_change_the_figures_of_line_customer_and_option(log: Log) -> None:
    _, options, _ = correcting.as_taken(log, decide(log))
    changed = correcting.with_dates(
        options[1], {("B1", "10"): day("10-15"), ("A1", "10"): day("10-20")}, {("A1", "10"): 1000.0}
    )
    lines = {row["order_id"]: row for row in changed.lines.to_dict("records")}
    assert (lines["B1"]["is_kept"], lines["B1"]["imposed_days"], lines["B1"]["late_value"]) == (True, 0, 0.0)
    assert (lines["A1"]["is_kept"], lines["A1"]["imposed_days"], lines["A1"]["late_value"]) == (False, 10, 1000.0)
    customers = {row["customer_id"]: row for row in changed.customers.to_dict("records")}
    assert [customers["BRIO"][name] for name in ("kept_count", "broken_count", "imposed_days")] == [1, 1, 31]
    assert [customers["ACME"][name] for name in ("kept_count", "broken_count", "imposed_days")] == [1, 1, 10]
    assert changed.totals == {
        "kept_count": 2, "broken_count": 3, "imposed_days": 83, "late_value": 1330.0, "margin_value": None, "cost_value": 0,
    }  # fmt: skip
    assert options[1].lines["imposed_days"].tolist() == [0, 0, 31, 31, 42], "what was taken is not touched"


# --- kept for ever -----------------------------------------------------------------------------------------------


def put_a_row(log: Log, table: sql.Table) -> None:
    """A row of anything in a table that has none: what guards a table asks row by row."""
    with sqlite3.connect(log.folder / FILE_NAME) as connection:
        if connection.execute(f"select count(*) from {table.name}").fetchone() != (0,):
            return
        values = ["1" if isinstance(column.type, sql.Integer) else "'2026-10-01'" for column in table.columns]
        connection.execute(f"insert into {table.name} values ({', '.join(values)})")


def test_no_table_of_the_log_can_be_changed_or_emptied(log: Log) -> None:
    decide(log)
    action = following_up.read(log, following_up.newest(log))["logged_actions"].to_pylist()[0]["id"]
    deciding.mark(log, action, is_done=True, by="Ben")
    log.save_mapping(fingerprint="x", file_name="a.csv", mapping={}, by="A planner")
    deciding.say_spent(log, 1, 500.0, by="Ben")
    scenarios.keep(log, Scenario("Rail first", "a-snapshot", day("09-30"), Holds("tier")), option(), by="Ben")
    for table in TABLES.sorted_tables:
        column = next(iter(table.columns)).name
        put_a_row(log, table)
        for statement in (f"update {table.name} set {column} = {column}", f"delete from {table.name}"):
            with (
                sqlite3.connect(log.folder / FILE_NAME) as connection,
                pytest.raises(sqlite3.Error, match="append-only"),
            ):
                connection.execute(statement)


def test_a_killed_process_loses_no_decision_that_was_acknowledged(tmp_path: Path) -> None:
    making, writing = 14, 48
    subprocess.run(
        [sys.executable, "-m", "tests.killed_writer", str(tmp_path), str(making), str(writing)], cwd=TOP, check=True
    )
    log = Log(tmp_path)
    acknowledged = {int(line) for line in (tmp_path / "acknowledged").read_text().split()}
    tables = following_up.read(log, following_up.newest(log))
    kept = set(tables["logged_decisions"]["id"].to_pylist())
    assert acknowledged <= kept
    assert 20 < len(acknowledged) < 2 * writing, "some were written, and some were cut off"
    for name, rows in {"logged_lines": 5, "logged_customers": 3, "logged_actions": 2, "logged_expectations": 4}.items():
        written = tables[name]["decision_id"].to_pylist()
        assert {number: written.count(number) for number in kept} == dict.fromkeys(kept, rows), "no half of a decision"
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]


# --- versions ----------------------------------------------------------------------------------------------------


def test_a_log_of_the_version_before_is_read_as_it_is_and_migrated_by_the_first_entry(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.executescript(VERSION_BEFORE)
    log = Log(tmp_path)
    [before] = log.mappings()
    assert log.snapshots_named() == set()
    assert following_up.newest(log) == following_up.Newest()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        assert connection.execute("pragma user_version").fetchone() == (1,), "reading changes nothing"
    number = decide(log)
    assert log.mappings() == (before,)
    assert log.snapshots_named() == {"a-snapshot"}
    assert correcting.as_taken(log, number)[0].decided_by == "Ann Lee"
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        assert connection.execute("pragma user_version").fetchone() == (VERSION,)


@pytest.mark.parametrize("start", ["", VERSION_BEFORE])
def test_migrations_lead_to_the_tables_that_the_app_knows(tmp_path: Path, start: str) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.executescript(start)
    decide(Log(tmp_path))
    with sql.create_engine(f"sqlite:///{tmp_path / FILE_NAME}").connect() as opened:
        assert compare_metadata(MigrationContext.configure(opened), TABLES) == []


@pytest.mark.parametrize("statement", ["pragma user_version = 99", "update alembic_version set version_num = 'v99'"])
def test_a_log_of_a_later_version_is_neither_read_nor_written(log: Log, statement: str) -> None:
    decide(log)
    with sqlite3.connect(log.folder / FILE_NAME) as connection:
        connection.execute(statement)
    for act in (lambda: decide(log, load_month=day("11-01")), log.mappings, log.snapshots_named):
        with pytest.raises(LogError, match="written by a later version of the app"):
            act()
    with sqlite3.connect(log.folder / FILE_NAME) as connection:
        assert connection.execute("select count(*) from decisions").fetchone() == (1,)


# --- where it stands, and what stays for it ----------------------------------------------------------------------


def test_the_log_stands_where_the_setting_or_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.toml").write_text('decision_log_url = "postgresql://plan@db/sop"\n', encoding="utf-8")
    assert Log(tmp_path).url == "postgresql://plan@db/sop"
    monkeypatch.setenv("SOP_DECISIONS_URL", "postgresql://plan@other/sop")
    assert Log(tmp_path).url == "postgresql://plan@other/sop"
    assert "decision_log_url" not in settings.names_of(settings.Settings), "no snapshot carries it"


def test_a_snapshot_that_a_decision_names_is_never_pruned(tmp_path: Path) -> None:
    firm = company(tmp_path)
    firm.decide()
    for number in range(3):
        load(tmp_path, settings="keep_daily_snapshots = 0", as_of=f"2026-10-0{number + 1}")
    assert firm.september in {manifest.id for manifest in firm.home.history()}
    known = firm.home.history()
    assert len(known) == 3, "the one decided on, the live one and the one before it"


def test_nothing_is_pruned_while_the_log_cannot_be_read(tmp_path: Path) -> None:
    firm = company(tmp_path)
    (firm.home.folder / FILE_NAME).write_bytes(b"this is no database" * 100)
    for number in range(3):
        load(tmp_path, settings="keep_daily_snapshots = 0", as_of=f"2026-10-0{number + 1}")
    assert len(firm.home.history()) == 4


# --- PostgreSQL --------------------------------------------------------------------------------------------------


def test_a_log_in_postgresql_does_the_same(log_in_postgres: Log) -> None:
    log = log_in_postgres
    assert log.mappings() == ()
    assert following_up.newest(log) == following_up.Newest()
    [first], seen = decide_at_once(log, 4)
    assert seen == [first] * 3
    second = decide(log, replaces=first)
    assert correcting.as_taken(log, second)[0] == decision("a-snapshot", replaces=first)
    assert log.save_mapping(fingerprint="x", file_name="a.csv", mapping={}, by="A planner").id == 1
    tables = following_up.read(log, following_up.newest(log))
    assert tables["logged_lines"].num_rows == 10
    deciding.mark(log, tables["logged_actions"]["id"].to_pylist()[0], is_done=True, by="Ben")
    engine = sql.create_engine(log.url)
    for table in TABLES.sorted_tables:
        for statement in (f"delete from {table.name}", f"truncate {table.name} cascade"):
            with engine.connect() as connection, pytest.raises(sql.exc.DBAPIError, match="append-only"):
                connection.execute(sql.text(statement))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), TABLES) == []
    engine.dispose()
