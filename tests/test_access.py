"""Who may do what: asked where the work is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop import access, company, loading, noting
from sop.access import Act, Person, Role
from sop.decisions import Log
from sop.errors import AccessError
from sop.noting import Place
from sop.snapshots import Home

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
