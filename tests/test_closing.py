"""Closing a meeting: what is kept is what was shown, later data do not change it, and a month is closed once."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import sqlalchemy as sql

from sop import closing
from sop.access import Act
from sop.decisions import Log
from sop.errors import LogError
from sop.snapshots import Home
from tests.company import day
from tests.decided import Company, company
from tests.test_pages import open_page, shown

SEPTEMBER = datetime.date(2026, 9, 1)


@pytest.fixture
def firm(tmp_path: Path) -> Company:
    return company(tmp_path)


def close(log: Log, **changed: object) -> closing.Closing:
    asked = {
        "by": "Ann Lee", "month": SEPTEMBER, "snapshot_id": "S1", "as_of_date": day("09-30"),
        "figures": {"Promise rate": "82.0 %"}, "decisions": ["Welding gets overtime"], "minutes": "All were there",
    }  # fmt: skip
    return closing.close(log, **{**asked, **changed})  # type: ignore[arg-type]


def test_a_closed_month_is_read_back_as_it_was_written(firm: Company) -> None:
    assert closing.closings(firm.log) == ()
    written = close(firm.log)
    assert closing.closings(firm.log) == (written,)
    assert (written.figures, written.decisions) == ({"Promise rate": "82.0 %"}, ["Welding gets overtime"])
    assert "S1" in firm.log.snapshots_named()


def test_a_month_is_closed_once_and_the_second_is_told_by_whom(firm: Company) -> None:
    close(firm.log)
    with pytest.raises(LogError, match="Ann Lee closed September 2026"):
        close(firm.log, by="Ben")
    with pytest.raises(LogError, match="Say who closes"):
        close(firm.log, month=datetime.date(2026, 8, 1), by=" ")
    assert len(closing.closings(firm.log)) == 1


def test_a_correction_names_the_closing_before_and_only_one_can(firm: Company) -> None:
    first = close(firm.log)
    second = close(firm.log, minutes="Ben was ill", replaces=first.id)
    assert closing.closings(firm.log) == (second,)
    with pytest.raises(LogError, match="closed September 2026"):
        close(firm.log, minutes="Nobody was there", replaces=first.id)


def test_nothing_of_a_closing_can_be_changed_or_deleted(firm: Company) -> None:
    close(firm.log)
    with pytest.raises(LogError, match="append-only"), firm.log.writing(Act.CLOSE) as connection:
        connection.execute(sql.text("update closings set minutes = ''"))
    with pytest.raises(LogError, match="append-only"), firm.log.writing(Act.CLOSE) as connection:
        connection.execute(sql.text("delete from closings"))


def test_the_page_closes_the_month_and_the_overview_says_what_it_was_closed_at(
    firm: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm.decide()
    month = f"{SEPTEMBER:%Y-%m}"
    app = open_page("close", firm.home, monkeypatch, month=month)
    assert "1 decision taken, not closed yet" in app.title[0].value
    app.text_input[0].set_value("Ann Lee")
    app.text_area[0].set_value("Acme first")
    next(button for button in app.button if button.label == "Close the meeting").click().run()
    assert not app.exception
    assert app.title[0].value == "September 2026 is closed"
    [closed] = closing.closings(firm.log)
    assert closed.snapshot_id == firm.september
    assert "Acme's line stands still without the pumps" in closed.decisions[0]
    rate = closed.figures["Promise rate"]
    firm.october()
    overview = open_page("overview", Home(firm.home.folder), monkeypatch, month=month)
    assert f"Promise rate {rate}" in shown(overview).replace("\\", "")
    again = open_page("close", Home(firm.home.folder), monkeypatch, month=month)
    assert "Acme first" in [text.value for text in again.text]


def test_without_a_name_nothing_is_closed_and_it_is_said(firm: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("close", firm.home, monkeypatch)
    next(button for button in app.button if button.label == "Close the meeting").click().run()
    assert "Say who closes the meeting" in app.error[0].value
    assert closing.closings(firm.log) == ()
