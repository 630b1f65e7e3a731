"""The audit trail: every act has its entry, and whatever is changed below the database's refusals is found."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sql

from sop import access, audit, company, deciding, loading, noting, record, verifying
from sop.access import Act, Person, Role
from sop.cli import main
from sop.decisions import FILE_NAME, Log
from sop.errors import AccessError, LogError
from sop.log_tables import AUDIT, TABLES
from sop.noting import Place
from sop.snapshots import Home
from tests.decided import Company
from tests.decided import company as decided_company
from tests.older.make import write_everything

ANN, BO = Person("Ann", Role.VIEWER, "ann@example.com"), Person("Bo", Role.CHAIR, "bo@example.com")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Company:
    firm = decided_company(tmp_path_factory.mktemp("made"))
    write_everything(firm)
    return firm


@pytest.fixture
def firm(made: Company, tmp_path: Path) -> Company:
    """A copy of a company that wrote an entry of every kind."""
    home = Home(Path(shutil.copytree(made.home.folder, tmp_path / "home")))
    return Company(home, Log(home.folder), made.september)


@pytest.fixture
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    """A log with an entry of every kind, and nothing else beside it."""
    yield Log(tmp_path_factory.mktemp("log"))


def entries(log: Log) -> list[tuple[str, str]]:
    return [(entry.act, entry.about) for entry in audit.entries(log)]


def by_hand(log: Log, *statements: str) -> None:
    """Write to the file as somebody would who can: without its refusals."""
    with sqlite3.connect(log.folder / FILE_NAME) as connection:
        triggers = connection.execute("select name from sqlite_master where type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"drop trigger {name}")
        for statement in statements:
            connection.execute(statement)


# --- what is entered ---------------------------------------------------------------------------------------------


def test_every_act_that_writes_has_an_entry_about_what_it_wrote(firm: Company) -> None:
    september = firm.september
    assert [(act, about.replace(september, "S")) for act, about in entries(firm.log)] == [
        ("began the audit trail", ""),
        ("published", "snapshot S, line 1 of the record, in the name of a test"),
        ("decided", "decision 1 on snapshot S, in the name of Ann Lee"),
        ("corrected a decision", "decision 2 on snapshot S, which corrects decision 1, in the name of Ann Lee"),
        ("marked an action", "action 1: done, in the name of Ben Ode"),
        ("said what was spent", "decision 1, in the name of Ben Ode"),
        ("confirmed a mapping", "mapping 1 of orders.csv, in the name of Ben Ode"),
        ("kept a scenario", "scenario 1 on snapshot S, in the name of Ben Ode"),
        ("noted", "note 1, in the name of Ann Lee"),
        ("disputed", "dispute 1 about order A1, line 10, in the name of Ann Lee"),
        ("closed a month", "closing 1: September 2026 on snapshot S, in the name of Ann Lee"),
        ("changed the settings", "settings 1: days_late_allowed, in the name of Ann Lee"),
    ]
    assert verifying.verify(firm.log).is_whole


def test_the_entries_are_numbered_without_gaps_though_some_acts_fail(firm: Company) -> None:
    for _ in range(3):
        with pytest.raises(LogError):
            noting.note(firm.log, Place(customer_id="ACME"), "twice", by="Ann", snapshot_id="s", replaces=99)
        noting.note(firm.log, Place(customer_id="ACME"), "once", by="Ann", snapshot_id="s")
    assert [entry.id for entry in audit.entries(firm.log)] == list(range(1, 16))
    assert verifying.verify(firm.log).is_whole


def test_an_entry_names_who_is_signed_in(written: Log) -> None:
    with access.acting_as(BO):
        noting.note(written, Place(customer_id="ACME"), "late", by="Bo", snapshot_id="s")
    newest = audit.entries(written)[-1]
    assert (newest.name, newest.email, newest.role, newest.about) == ("Bo", "bo@example.com", "chair", "note 1")


def test_no_entry_holds_what_was_written(firm: Company) -> None:
    with sqlite3.connect(firm.log.folder / FILE_NAME) as connection:
        text = json.dumps(connection.execute("select * from audit").fetchall())
    for said in ("Acme's line", "wait for the pumps", "Never confirmed", "Acme Works", "Brio is told", "50 %"):
        assert said not in text


def test_who_is_refused_is_entered_once_where_there_is_a_log(written: Log) -> None:
    def knock() -> None:
        with access.acting_as(ANN), pytest.raises(AccessError):
            company.change(written, {"days_late_allowed": 3}, by="Ann", seen=None)

    knock()
    assert not (written.folder / FILE_NAME).exists(), "a refusal makes no log"
    audit.record(written, Act.SIGN_IN, "")
    for _ in range(5):
        knock()
    assert [entry for entry in entries(written) if entry[0] == "was refused"] == [
        ("was refused", "who would have changed the settings")
    ]
    with access.acting_as(ANN), pytest.raises(AccessError):
        Home(written.folder).publish("any")
    with access.acting_as(ANN), pytest.raises(AccessError):
        loading.load([], home=Home(written.folder))
    assert [about for act, about in entries(written) if act == "was refused"][1:] == [
        "who would have made live again", "who would have published",
    ]  # fmt: skip


def test_what_the_command_line_gives_away_is_entered(firm: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_HOME", str(firm.home.folder))
    before = len(audit.entries(firm.log))
    assert main(["ask", "customers/by_gap", "--format", "csv"]) == 0
    assert main(["ask", "customers/by_gap"]) == 0
    assert main(["ask", "overview/headline", "first_month=2026-09-01", "--format", "json"]) == 0
    assert main(["pack", "--out", str(firm.home.folder.parent / "p.html"), "--customers", "ACME"]) == 0
    assert entries(firm.log)[before:] == [
        ("exported", "customers/by_gap as csv: nothing left out"),
        ("exported", "overview/headline as json: first_month=2026-09-01"),
        ("exported", f"pack p.html of snapshot {firm.september}, pages for customers ACME"),
    ]


# --- publishing while the log cannot be written ------------------------------------------------------------------


def test_a_publish_that_the_log_missed_is_made_up_for_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = decided_company(tmp_path)
    good = (firm.log.folder / FILE_NAME).read_bytes()
    (firm.log.folder / FILE_NAME).write_bytes(b"this is no database" * 100)
    said = firm.home.publish(firm.september, by="Cleo")
    assert said and "made up for later" in said
    assert firm.home.live() == firm.september
    (firm.log.folder / FILE_NAME).write_bytes(good)
    record.enter_what_is_owed(firm.home.folder)
    record.enter_what_is_owed(firm.home.folder)
    late = audit.entries(firm.log)[2:]
    assert [(entry.name, entry.role, entry.act) for entry in late] == [("Cleo", "not known", "made live again")]
    assert re.fullmatch(r"snapshot \S+, line 2 of the record, on 2\d{3}-\S+ \S+, entered later", late[0].about)
    assert verifying.verify(firm.log).is_whole


def test_what_was_published_before_there_was_a_log_is_entered_with_the_next_publish(tmp_path: Path) -> None:
    firm = decided_company(tmp_path)
    (firm.log.folder / FILE_NAME).unlink()
    (firm.home.folder / record.FILE_NAME).write_bytes(
        re.sub(rb'"audit": "[^"]*"', b'"audit": null', (firm.home.folder / record.FILE_NAME).read_bytes())
    )
    firm.october()
    assert [act for act, _ in entries(firm.log)] == ["began the audit trail", "published", "published"]
    assert "line 1 of the record" in entries(firm.log)[1][1] and entries(firm.log)[1][1].endswith("entered later")


# --- what is found -----------------------------------------------------------------------------------------------

CHANGES = {
    "a decision's reason": ("update decisions set reason = 'another' where id = 1", "covers was changed: decisions 1"),
    "a line of a decision": (
        "update decision_lines set is_kept = 1 - is_kept where decision_id = 1 and order_id = 'B1'",
        "covers was changed: decision_lines 1",
    ),
    "a customer's text": ("update decision_customers set told = 'All is well'", "covers was changed: decision_customers 1"),
    "a decision taken out": ("delete from notes where id = 1", "covers was changed: notes 1"),
    "a line put in": (
        "insert into decision_lines select decision_id, 'Z9', line_number, customer_id, product_id, promised_date,"
        " new_promised_date, is_kept, imposed_days, late_quantity, late_value from decision_lines limit 1",
        "covers was changed: decision_lines 1",
    ),
    "a note put in": (
        "insert into notes select 77, noted_at, noted_by, snapshot_id, customer_id, month, order_id, line_number, text, null"
        " from notes",
        "no entry covers notes 77",
    ),
    "a note before the first": (
        "insert into notes select -3, noted_at, noted_by, snapshot_id, customer_id, month, order_id, line_number, text, null"
        " from notes",
        "no entry covers notes -3",
    ),
    "the minutes of a closing": ("update closings set minutes = ''", "covers was changed: closings 1"),
    "settings": ("update settings set settings = replace(settings, '2', '9')", "covers was changed: settings 1"),
    "a date that is none": ("update decisions set review_date = 'soon'", "covers was changed: decisions 1"),
    "who did it": ("update audit set name = 'Somebody else' where id = 4", "entry 4 was changed"),
    "when it was done": ("update audit set entered_at = '2020-01-01 00:00:00.000000' where id = 4", "entry 4 was changed"),
    "what it covers": ("update audit set covers = '{}' where id = 4", "entry 4 was changed"),
    "no words in what it covers": ("update audit set covers = 'x' where id = 4", "entry 4 was changed"),
    "a hash": ("update audit set hash = 'ab' where id = 4", "entry 5 does not follow"),
    "an entry taken out": ("delete from audit where id = 4", "entry 4 is missing"),
    "the first taken out": ("delete from audit where id = 1", "entry 1 is missing"),
    "an entry put in": (
        "insert into audit select 99, entered_at, name, email, role, act, about, covers, previous, hash from audit where id = 4",
        "entry 13 is missing",
    ),
    "two changed places": ("update audit set id = case id when 4 then 105 else id end", "entry 4 is missing"),
    "the newest entries taken out": ("delete from audit where id > 10", "no entry covers closings 1"),
    "a table taken out": ("drop table cost_entries", "the table cost_entries is missing"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_by_hand_is_found(firm: Company, change: str) -> None:
    statement, said = CHANGES[change]
    by_hand(firm.log, statement)
    found = verifying.verify(firm.log)
    assert not found.is_whole
    assert any(said in one for one in found.broken), found.broken


def test_every_table_of_the_log_is_covered(firm: Company) -> None:
    covered = {name for entry in audit.entries(firm.log) for name in entry.covers}
    assert covered == {table.name for table in TABLES.sorted_tables} - {"audit"}


def forged(log: Log) -> None:
    """What the best of forgers does: change an entry, and write every hash after it anew."""
    with sqlite3.connect(log.folder / FILE_NAME) as connection:
        for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f"drop trigger {name}")
    with sql.create_engine(f"sqlite:///{log.folder / FILE_NAME}").begin() as connection:
        before = audit.BEFORE_THE_FIRST
        for row in connection.execute(sql.select(AUDIT).order_by(AUDIT.c.id)).mappings().all():
            changed = {**row, "previous": before, "name": "Nobody" if row["id"] == 2 else row["name"]}
            before = changed["hash"] = audit.hash_of(changed)
            connection.execute(sql.update(AUDIT).where(AUDIT.c.id == row["id"]).values(**changed))


def test_a_log_written_anew_as_a_whole_is_found_by_a_seal_kept_elsewhere(firm: Company) -> None:
    seal = audit.seal(firm.log)
    assert seal and verifying.verify(firm.log, [seal]).is_whole
    forged(firm.log)
    assert verifying.verify(firm.log).is_whole, "within the log nothing tells; the first publish kept no seal yet"
    assert "not the one whose seal was kept" in verifying.verify(firm.log, [seal]).broken[0]


def test_the_record_of_what_was_published_keeps_seals(firm: Company) -> None:
    firm.october()
    assert firm.home.record()[-1].audit
    forged(firm.log)
    assert "not the one whose seal was kept" in verifying.verify(firm.log).broken[0]


def test_a_log_cut_off_or_gone_is_found_by_a_seal(firm: Company) -> None:
    firm.october()
    (firm.log.folder / FILE_NAME).unlink()
    assert "whose seal was kept elsewhere, is missing" in verifying.verify(firm.log).broken[0]
    for nonsense in ("x", "12", "12:", ":ab", "1:" + "ab"):
        assert not verifying.verify(firm.log, [nonsense]).is_whole


def test_verifying_from_a_command_line(
    firm: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(firm.home.folder))
    assert main(["audit", "--verify"]) == 0
    said = capsys.readouterr().out
    seal = re.search(r"the newest (12:[0-9a-f]{64})\.", said)
    assert seal
    assert main(["audit", "--verify", "--seal", seal[1]]) == 0
    assert main(["audit"]) == 0
    assert "decision 1 on snapshot" in capsys.readouterr().out
    assert main(["audit", "--verify", "--seal", "12:" + "0" * 64]) == 1
    by_hand(firm.log, "update decisions set reason = 'another' where id = 1")
    capsys.readouterr()
    assert main(["audit", "--verify"]) == 1
    assert "Broken: what entry 3 covers was changed: decisions 1." in capsys.readouterr().err


# --- the acknowledgement -----------------------------------------------------------------------------------------


def test_nothing_is_acknowledged_that_another_connection_does_not_see(
    written: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    deciding.now()
    noting.note(written, Place(customer_id="ACME"), "one", by="Ann", snapshot_id="s")
    monkeypatch.setattr(sql.Connection, "commit", lambda connection: None)  # says yes and does nothing
    with pytest.raises(LogError, match="It is not known whether this was written"):
        noting.note(written, Place(customer_id="ACME"), "two", by="Ann", snapshot_id="s")
    monkeypatch.undo()
    assert [about for _, about in entries(written)] == ["", "note 1, in the name of Ann"]


def test_trouble_at_the_commit_is_not_told_as_nothing_written(written: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sql.Connection.commit

    def lost(connection: sql.Connection) -> None:
        real(connection)
        raise sql.exc.OperationalError("commit", {}, Exception("the connection was lost"))

    monkeypatch.setattr(sql.Connection, "commit", lost)
    with pytest.raises(LogError, match=r"not known whether this was written \(the connection was lost\)"):
        noting.note(written, Place(customer_id="ACME"), "one", by="Ann", snapshot_id="s")
    monkeypatch.undo()
    assert len(entries(written)) == 2, "it was"


# --- PostgreSQL --------------------------------------------------------------------------------------------------


def test_a_log_in_postgresql_has_the_same_audit_trail(log_in_postgres: Log) -> None:
    log = log_in_postgres
    write_everything(Company(Home(log.folder), log, "a-snapshot"))
    for _ in range(2):
        with pytest.raises(LogError):
            noting.note(log, Place(customer_id="ACME"), "twice", by="Ann", snapshot_id="s", replaces=99)
    noting.note(log, Place(customer_id="ACME"), "once", by="Ann", snapshot_id="s")
    assert [entry.id for entry in audit.entries(log)] == list(range(1, 13))
    assert verifying.verify(log).is_whole
    engine = sql.create_engine(log.url)
    for table, statement, said in (
        ("decisions", "update decisions set reason = 'another' where id = 1", "covers was changed: decisions 1"),
        ("audit", "update audit set name = 'Nobody' where id = 4", "entry 4 was changed"),
    ):
        with engine.begin() as connection:
            connection.execute(sql.text(f"alter table {table} disable trigger all"))
            connection.execute(sql.text(statement))
        assert any(said in one for one in verifying.verify(log).broken)
    engine.dispose()
