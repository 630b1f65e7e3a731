"""Who may do what: asked where the work is done."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from sop import access, closing, company, deciding, loading, noting, switching
from sop.access import Act, Person, Role
from sop.decisions import Log
from sop.errors import AccessError
from sop.noting import Place
from sop.snapshots import Home
from tests.decided import Company

VIEWER, PLANNER = Person("Ann", Role.VIEWER), Person("Bo", Role.PLANNER)


@pytest.mark.parametrize("act", list(Act), ids=lambda act: act.name.lower())
def test_each_role_may_do_what_it_is_for_and_nothing_beyond(act: Act) -> None:
    for role in Role:
        with access.acting_as(Person("Cy", role)):
            if role >= act.needs:
                assert access.require(act).role == role
            else:
                with pytest.raises(AccessError, match=f"takes a {act.needs.name.lower()}"):
                    access.require(act)


def test_a_viewer_writes_nothing_by_a_direct_call(tmp_path: Path) -> None:
    log = Log(tmp_path)
    with access.acting_as(VIEWER):
        with pytest.raises(AccessError):
            noting.note(log, Place(customer_id="C-1"), "late", by="Ann", snapshot_id="s")
        with pytest.raises(AccessError):
            loading.load([], home=Home(tmp_path))
        with pytest.raises(AccessError):
            Home(tmp_path).publish("any")
    assert list(tmp_path.iterdir()) == []


def test_a_planner_may_note_and_not_change_the_settings(tmp_path: Path) -> None:
    log = Log(tmp_path)
    with access.acting_as(PLANNER):
        assert noting.note(log, Place(customer_id="C-1"), "late", by="Bo", snapshot_id="s") == 1
        with pytest.raises(AccessError):
            company.change(log, {"days_late_allowed": 3}, by="Bo", seen=None)
    assert company.history(log) == ()


def test_everything_is_written_under_the_name_of_whoever_is_signed_in(decided: Company) -> None:
    log, home = decided.log, decided.home
    snapshot = str(home.live())
    typed = "Somebody Else"
    with access.acting_as(Person("Cy", Role.CHAIR, "cy@example.com", is_signed_in=True)):
        noting.note(log, Place(customer_id="ACME"), "late", by=typed, snapshot_id=snapshot)
        noting.dispute(log, "A1", "10", sales_says="yes", operations_says="no", by=typed, snapshot_id=snapshot)
        company.change(log, {"days_late_allowed": 3}, by=typed, seen=None)
        log.save_mapping(fingerprint="x", file_name="x.csv", mapping={"a": 1}, by=typed)
        deciding.mark(log, 1, is_done=True, by=typed)
        deciding.say_spent(log, 1, 5.0, by=typed)
        decided.decide(decided_by=typed, work_centre_id="WC2")
        closing.close(
            log, by=typed, month=datetime.date(2026, 9, 1), snapshot_id=snapshot, as_of_date=datetime.date(2026, 9, 30),
            figures={}, decisions=[], minutes="",
        )  # fmt: skip
        made = switching.work_out_anew(home, by=typed)
        home.publish(snapshot, by=typed)
    with log.reading() as connection:
        assert connection is not None
        for table, column in (
            ("notes", "noted_by"), ("disputes", "entered_by"), ("settings", "set_by"), ("mappings", "saved_by"),
            ("action_entries", "entered_by"), ("cost_entries", "entered_by"), ("decisions", "decided_by"),
            ("closings", "closed_by"),
        ):  # fmt: skip
            names = [name for (name,) in connection.exec_driver_sql(f"select {column} from {table} order by id")]
            assert names[-1] == "Cy", table
            assert typed not in names, table
    assert home.manifest(made).created_by == "Cy"
    assert [line.by for line in home.record()][-2:] == ["Cy", "Cy"]
