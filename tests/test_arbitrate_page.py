"""Deciding on the page Arbitrate, and what it says of what is decided already, through Streamlit's AppTest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sop import arbitrating, audit, correcting, deciding, words
from sop.access import Act
from sop.decisions import FILE_NAME, Log
from sop.page import by_hand
from sop.snapshots import Home
from tests.company import day
from tests.decided import OPTIONS, decision
from tests.test_decisions_page import press, said, with_column
from tests.test_forward_pages import PLANT
from tests.test_pages import load, open_page, shown

AUGUST = {"about": "WELD / 2026-08", "option": "promise", "keep": "A1 / 10"}
"""Welding in August: 50 hours, A1 asks for 40 and A2 for 60. A1 is kept by hand."""
FORM = "WELD-2026-08-01"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return load(tmp_path, **PLANT)


def keys(app: AppTest, beginning: str) -> list[str]:
    """The session keys that begin like this."""
    return [key for key in app.session_state._state.filtered_state if key.startswith(beginning)]


def fill_in(app: AppTest, form: str = FORM, **texts: str) -> None:
    """Open the form and write in it; what is not given has a text of its own."""
    app.toggle(key=f"deciding-{form.removesuffix('-01')}").set_value(True).run()
    asked = {"who": "Ann Lee", "reason": "Acme stands still", "assumed": "No overtime", "wrong": "Rain"} | texts
    for widget, text in asked.items():
        [found] = [one for one in [*app.text_input, *app.text_area] if one.key == f"{widget}-{form}"]
        found.set_value(text)


def send(app: AppTest) -> None:
    press(app, "Write the decision to the log")


def test_a_card_takes_its_month_to_be_decided_on(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("arbitrate", home, monkeypatch)
    assert "Decide on Welding in September 2026: “Best overall”" in said(app)
    app.button(key="about-WELD / 2026-08").click().run()
    assert "Decide on Welding in August 2026: “Best overall”" in said(app)
    assert [button.label for button in app.button if button.key == "about-WELD / 2026-08"] == ["Being decided below"]
    app = open_page("arbitrate", home, monkeypatch, about="WELD / 2031-08")
    assert "There is no contested month “WELD / 2031-08” in this snapshot" in said(app)


def test_the_options_are_weighed_once_for_all_who_ask_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    weighed, weigh = [], arbitrating.options

    def weighing(*given: Any) -> Any:
        weighed.append(given)
        return weigh(*given)

    monkeypatch.setattr(arbitrating, "options", weighing)
    first, second = (open_page("arbitrate", home, monkeypatch) for _ in range(2))
    assert len(weighed) == 1
    assert shown(first) == shown(second)
    open_page("arbitrate", home, monkeypatch, tier_a="5")
    open_page("arbitrate", home, monkeypatch, declining="true")
    assert len(weighed) == 3


def test_where_lines_are_too_many_to_list_others_can_be_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = open_page("arbitrate", home, monkeypatch, **AUGUST)
    assert len(whole.multiselect(key="keep").options) == 7
    monkeypatch.setattr(by_hand, "MOST_SHOWN", 1)
    app = open_page("arbitrate", home, monkeypatch, **AUGUST)
    assert len(app.multiselect(key="keep").options) == 1
    assert "any other of the 7 order lines in contested months can be typed" in shown(app)
    assert app.multiselect(key="keep").value == ["A1 / 10"]
    assert [text.value for text in app.markdown] == [text.value for text in whole.markdown]
    assert "asked for by" not in shown(app)
    app = open_page("arbitrate", home, monkeypatch, **AUGUST | {"keep": "X9 / 10"})
    assert words.plain("No hours of a contested month are asked for by X9 / 10.") in shown(app)


def test_every_customer_with_a_claim_is_shown_with_its_hours(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("arbitrate", home, monkeypatch, about="WELD / 2026-07", option="promise")
    assert "2 customers claim hours of Welding in July 2026: CITO 66 % of them" in said(app)
    # C1 50 hours, B1 20 and the late B2 6; 60 are there, served B2, B1, then 34 of C1.
    assert with_column(app, "step_hours") == ["50.0", "26.0"]


def test_a_decision_is_taken_on_the_page_with_the_lines_that_it_names(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("arbitrate", home, monkeypatch, **AUGUST)
    assert "Written down with" in said(app)
    fill_in(app)
    [told] = keys(app, f"told-{FORM}")
    app.session_state[told] = {"edited_rows": {0: {"told": "All as said."}}, "added_rows": [], "deleted_rows": []}
    send(app)
    log = Log(home.folder)
    taken, options, chosen = correcting.as_taken(log, 1)
    assert (taken.work_centre_id, f"{taken.load_month:%Y-%m}", chosen) == ("WELD", "2026-08", "hand")
    assert [one.name for one in options][:2] == ["promise", "tier"], "what was in force comes first"
    [hand] = [one for one in options if one.name == "hand"]
    lines = {row["order_id"]: row for row in hand.lines.to_dict("records")}
    assert {"A1", "A2"} <= lines.keys(), "both ask for hours of welding in August"
    assert "C3" not in lines, "it asks for none and does not move"
    assert lines["A1"]["is_kept"] and not lines["A2"]["is_kept"]
    assert "All as said." in taken.told.values()
    assert set(taken.told) == set(hand.lines["customer_id"])


def test_an_action_without_an_owner_or_a_date_is_said_and_nothing_is_written(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("arbitrate", home, monkeypatch, **AUGUST)
    fill_in(app)
    for row, missing in (
        ({"what": "Call Brio", "due_date": "2026-07-05"}, "has no owner: say who does it. Nothing was written."),
        ({"what": "Call Brio", "who": "Ben"}, "has no date: say by when. Nothing was written."),
    ):
        app.session_state[f"actions-{FORM}"] = {"edited_rows": {}, "deleted_rows": [], "added_rows": [row]}
        send(app)
        assert f"The action “Call Brio” {missing}" in said(app)
    assert Act.DECIDE.words not in [entry.act for entry in audit.entries(Log(home.folder))]


def decide_elsewhere(home: Home, **changed: Any) -> int:
    """Somebody else decides on welding in August meanwhile."""
    asked = decision(
        str(home.live()),
        work_centre_id="WELD",
        load_month=day("08-01"),
        decided_by="Ben Ode",
        expectations=[],
        **changed,
    )
    return deciding.decide(Log(home.folder), asked, OPTIONS, "tier")


def test_who_decides_second_is_told_sees_the_first_and_loses_no_word(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("arbitrate", home, monkeypatch, **AUGUST)
    fill_in(app)
    first = decide_elsewhere(home)
    send(app)
    assert "Ben Ode decided the same work centre and month on this snapshot" in said(app)
    assert app.text_area(key=f"reason-{FORM}").value == "Acme stands still"
    assert app.button(key=f"open-first-{first}").label == f"Open decision {first}"


def test_a_month_that_is_decided_says_so_and_is_not_decided_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first = decide_elsewhere(home)
    app = open_page("arbitrate", home, monkeypatch, **AUGUST)
    assert "Decided: Ben Ode" in said(app)
    assert not [toggle for toggle in app.toggle if toggle.label == "Write this decision down"]
    assert app.button(key="open-decided").label == f"Open decision {first}"


def test_what_was_decided_is_what_options_are_held_against(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("arbitrate", home, monkeypatch, **AUGUST)
    before = with_column(app, "option_name")
    fill_in(app)
    send(app)
    [_, options, _] = correcting.as_taken(Log(home.folder), 1)
    [hand] = [one for one in options if one.name == "hand"]
    app = open_page("arbitrate", home, monkeypatch, option="promise", about="WELD / 2026-09")
    assert before[0] == "Earliest promise"
    assert with_column(app, "option_name")[:2] == ["Plan in force", "Earliest promise"]
    table = next(table.value for table in app.dataframe if "option_name" in table.value)
    for name in ("kept_count", "broken_count", "imposed_days", "late_value"):
        assert table[name].iloc[0] == pytest.approx(hand.totals[name]), name


def test_a_card_says_how_many_of_its_promises_still_break_in_the_plan_in_force(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    # If nobody decides, A1 and A2 break in welding in August, 50 hours for 100. A1 is kept by hand, A2 still comes late.
    app = open_page("arbitrate", home, monkeypatch, **AUGUST)
    assert "still break" not in said(app)
    fill_in(app)
    send(app)
    app = open_page("arbitrate", home, monkeypatch)
    cards = [text.value.replace("\\", "") for text in app.markdown if "If nobody decides" in text.value]
    [august] = [card for card in cards if "2 promises of 1 customer break" in card]
    assert "In the plan in force 1 of these promises still break" in august


def test_a_decided_month_says_so_and_stands_behind_those_that_nobody_decided_on(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cards(app: AppTest) -> list[str]:
        return [str(button.key) for button in app.button if str(button.key).startswith("about-")]

    app = open_page("arbitrate", home, monkeypatch)
    first = cards(app)[0]
    about = first.removeprefix("about-")
    app = open_page("arbitrate", home, monkeypatch, about=about, option="promise")
    form = f"{about.replace(' / ', '-')}-01"
    fill_in(app, form)
    send(app)
    app = open_page("arbitrate", home, monkeypatch)
    assert cards(app)[-1] == first != cards(app)[0]
    assert app.selectbox(key="about-choice").value != about
    assert "Decided: Ann Lee" in said(app)


def test_a_log_that_cannot_be_read_leaves_the_page_as_it_was(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.folder / FILE_NAME).write_bytes(b"this is no database" * 100)
    app = open_page("arbitrate", home, monkeypatch)
    assert "cannot be read" in said(app)
    assert with_column(app, "option_name")[0] == "Earliest promise"


def test_a_missing_extract_ends_the_page_with_what_it_is_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = load(tmp_path, **{name: text for name, text in PLANT.items() if name != "routings"})
    for page in ("arbitrate", "scenarios"):
        app = open_page(page, home, monkeypatch)
        assert app.title[0].value == words.plain("Not to be answered without routings")
