"""Notes and disputes: pinned, seen where they belong, taken away, and no figure changed by them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sop import charts, following_up, noting, words
from sop.decisions import Log
from sop.errors import LogError
from sop.noting import Place
from sop.snapshots import Home
from tests.decided import Company, company
from tests.test_pages import HOSTILE, open_page, shown

OCTOBER = datetime.date(2026, 10, 1)


@pytest.fixture
def firm(tmp_path: Path) -> Company:
    made = company(tmp_path)
    made.october()
    return made


def ask(home: Home, name: str, **given: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (
        following_up.answer(home.open(), home.folder, name, **given).to_arrow_table().to_pylist()
    )
    return rows


def dispute(log: Log, order: str, **changed: Any) -> int:
    asked = {"sales_says": "It came too late", "operations_says": "It was ready", "by": "Ann", "snapshot_id": "S"}
    return noting.dispute(log, order, "10", **{**asked, **changed})


def test_a_note_stands_where_it_is_pinned_and_is_there_next_month(firm: Company) -> None:
    noting.note(firm.log, Place(customer_id="ACME"), "Their line stood still", by="Ann", snapshot_id="S")
    noting.note(firm.log, Place(month=OCTOBER), "The saw was down", by="Ben", snapshot_id="S")
    firm.november()
    home = Home(firm.home.folder)
    assert [note["text"] for note in ask(home, "noted/notes")] == ["The saw was down", "Their line stood still"]
    assert [note["text"] for note in ask(home, "noted/notes", customer="ACME")] == ["Their line stood still"]
    assert [note["text"] for note in ask(home, "noted/notes", month=OCTOBER, is_of_company=True)] == [
        "The saw was down"
    ]


def test_a_note_that_is_taken_away_is_gone_and_stays_in_the_log(firm: Company) -> None:
    place = Place(month=OCTOBER)
    first = noting.note(firm.log, place, "The saw was down", by="Ben", snapshot_id="S")
    noting.note(firm.log, place, "", by="Ann", snapshot_id="S", replaces=first)
    assert ask(firm.home, "noted/notes") == []
    assert following_up.read(firm.log, following_up.newest(firm.log))["logged_notes"].num_rows == 2
    with pytest.raises(LogError, match="Somebody else changed this note"):
        noting.note(firm.log, place, "No, the lathe", by="Cleo", snapshot_id="S", replaces=first)


@pytest.mark.parametrize(
    "place, text, by, said",
    [
        (Place(), "x", "Ann", "pinned to a customer"),
        (Place(month=OCTOBER), " ", "Ann", "The note is empty"),
        (Place(month=OCTOBER), "x", "", "Say who"),
    ],
)
def test_a_note_that_lacks_something_is_not_written(firm: Company, place: Place, text: str, by: str, said: str) -> None:
    with pytest.raises(LogError, match=said):
        noting.note(firm.log, place, text, by=by, snapshot_id="S")
    assert ask(firm.home, "noted/notes") == []


def test_disputed_lines_give_the_rate_a_range_and_leave_the_rate_as_it_is(firm: Company) -> None:
    # Due in October: A1 kept; A2, B2, C1 not, and B1, first promised for October and moved; so 1 of 5 is kept.
    months = {"first_month": OCTOBER, "last_month": OCTOBER}
    [before] = ask(firm.home, "overview/month", month=OCTOBER)
    assert (before["kept_count"], before["due_count"]) == (1, 5)
    dispute(firm.log, "A1")
    dispute(firm.log, "B2")
    dispute(firm.log, "C2")  # of September: not in October's range
    [found] = ask(firm.home, "noted/range", **months)
    assert (found["disputed_count"], found["least_rate"], found["most_rate"]) == (2, 0, 2 / 5)
    [acme] = ask(firm.home, "noted/range", **months, customer="ACME")
    assert (acme["disputed_count"], acme["least_rate"], acme["most_rate"]) == (1, 0, 1 / 2)
    assert ask(firm.home, "overview/month", month=OCTOBER) == [before]


def test_a_settled_dispute_gives_no_range_and_two_at_once_are_told(firm: Company) -> None:
    first = dispute(firm.log, "A1")
    with pytest.raises(LogError, match="Somebody else wrote about this line"):
        dispute(firm.log, "A1")
    dispute(firm.log, "A1", is_open=False, replaces=first)
    with pytest.raises(LogError, match="Somebody else wrote about this line"):
        dispute(firm.log, "A1", replaces=first)
    [found] = ask(firm.home, "noted/range", first_month=OCTOBER, last_month=OCTOBER)
    assert found["disputed_count"] == 0
    [line] = ask(firm.home, "noted/disputes")
    assert (line["is_disputed"], line["fact"]) == (False, "kept")


def test_notes_mark_their_month_in_the_picture() -> None:
    months = pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-09-01", "2026-10-01"]), "promise_rate": [0.9, 0.8], "request_rate": [0.8, 0.7],
            "current_rate": [0.95, 0.9], "target_rate": 0.95, "kept_count": 9, "due_count": 10,
        }
    )  # fmt: skip
    notes = pd.DataFrame({"month": pd.to_datetime(["2026-10-01"]), "text": ["<b>saw</b>"], "noted_by": ["Ben"]})
    picture = charts.with_notes(charts.promises_kept_by_month(months), notes)
    [mark] = [one for one in picture.layout.annotations if one.text == "✎"]
    assert str(mark.x).startswith("2026-10-01")
    assert mark.hovertext == "&lt;b&gt;saw&lt;/b&gt; (Ben)"


def test_a_note_is_pinned_on_the_overview_and_shown_as_it_was_typed(
    firm: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("overview", firm.home, monkeypatch, month="2026-10")
    key = f"{OCTOBER}"
    app.text_area(key=f"note-text-{key}").set_value(HOSTILE)
    app.text_input(key=f"note-by-{key}").set_value("Ben")
    next(button for button in app.button if button.label == "Pin it").click().run()
    assert not app.exception
    assert words.plain(HOSTILE) in shown(app)


def test_a_line_is_disputed_on_its_customers_page_and_the_headline_says_the_range(
    firm: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(
        "customer", firm.home, monkeypatch, customer="ACME", line="A2 / 10", view="Order lines", month="2026-10"
    )
    key = "dispute-A2-10"
    app.text_area(key=f"{key}-sales").set_value("They have it in writing")
    app.text_area(key=f"{key}-operations").set_value("The carrier lost it")
    app.text_input(key=f"{key}-by").set_value("Ann")
    next(button for button in app.button if button.label == "Write it down").click().run()
    assert not app.exception
    assert "They have it in writing" in shown(app) and "The carrier lost it" in shown(app)
    overview = open_page("overview", Home(firm.home.folder), monkeypatch, month="2026-10")
    assert words.plain("20.0 % to 40.0 % of promises kept, if every one of 1 disputed line") in shown(overview)
