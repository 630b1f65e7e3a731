"""The page of the audit trail: what it shows, to whom, and what is taken away from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop import access, audit
from sop.access import Act, Person, Role
from sop.page.exporting import written_down
from tests.decided import Company
from tests.test_pages import open_page, shown


def listed(app: AppTest) -> list[tuple[str, str]]:
    [frame] = [table.value for table in app.dataframe if "about" in table.value]
    return list(zip(frame["who"], frame["what"], strict=True))


def test_the_page_lists_every_entry_the_newest_first(decided: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("audit", decided.home, monkeypatch)
    assert [what for _, what in listed(app)] == ["decided", "published", "began the audit trail"]
    assert "The audit trail is whole: 3 entries" in app.success[0].value
    assert app.code[0].value == audit.seal(decided.log)


def test_person_and_act_are_in_the_address(decided: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    with access.acting_as(Person("Bo", Role.CHAIR, "bo@example.com")):
        audit.record(decided.log, Act.EXPORT, "review.pdf")
    app = open_page("audit", decided.home, monkeypatch, person="bo@example.com")
    assert listed(app) == [("Bo", "exported")]
    assert listed(open_page("audit", decided.home, monkeypatch, act="decided")) == [(access.whoever(), "decided")]


def test_a_broken_trail_is_said_and_the_page_goes_on(
    decided: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tests.test_audit import by_hand

    by_hand(decided.log, "update decisions set reason = 'another'")
    app = open_page("audit", decided.home, monkeypatch)
    assert "covers was changed" in app.error[0].value
    assert len(listed(app)) == 3


def test_only_the_chair_may_read_it(decided: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    with access.acting_as(Person("Ann", Role.PLANNER)):
        monkeypatch.setattr(access, "_asked", lambda: Person("Ann", Role.PLANNER))
        app = open_page("audit", decided.home, monkeypatch)
    assert not any("about" in table.value for table in app.dataframe)
    assert "The audit trail is" not in shown(app)


def test_a_download_is_entered_for_whoever_saw_the_button(decided: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_HOME", str(decided.home.folder))
    with access.acting_as(Person("Bo", Role.VIEWER, "bo@example.com")):
        make = written_down("order-lines.csv", lambda: b"a,b")
    assert len(audit.entries(decided.log)) == 3, "nothing is entered before somebody presses it"
    assert make() == b"a,b"
    newest = audit.entries(decided.log)[-1]
    assert (newest.email, newest.act, newest.about) == (
        "bo@example.com",
        "exported",
        "order-lines.csv: nothing left out",
    )
    (decided.log.folder / "decisions.sqlite").write_bytes(b"this is no database" * 100)
    assert make() == b"a,b", "nobody is kept from the figures by a log that is broken"
