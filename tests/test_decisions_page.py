"""The page Decisions, and what Overview and Customer say of decisions, through Streamlit's AppTest."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop import audit, correcting, deciding, words
from sop.decisions import FILE_NAME
from tests.company import day
from tests.decided import Company, company
from tests.test_pages import HOSTILE, open_page, shown


@pytest.fixture
def firm(tmp_path: Path) -> Company:
    return company(tmp_path)


def said(app: AppTest) -> str:
    """Every text on the page without the marks that keep it from acting as markup."""
    return f"{shown(app)}{''.join(str(message.value) for message in app.success)}".replace("\\", "")


def with_column(app: AppTest, column: str) -> list[str]:
    """A column of the first table on the page that has it."""
    return next([str(value) for value in table.value[column]] for table in app.dataframe if column in table.value)


def test_before_anything_is_decided_the_page_says_what_a_decision_is(
    firm: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("decisions", firm.home, monkeypatch)
    assert app.title[0].value == "Nothing was decided yet"
    assert "A decision says who gets the scarce hours" in said(app)
    assert "decision" not in said(open_page("overview", firm.home, monkeypatch)).lower()
    assert [entry.act for entry in audit.entries(firm.log)] == ["began the audit trail", "published"], (
        "reading writes nothing"
    )


def test_the_page_says_whether_it_worked(firm: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.decide()
    app = open_page("decisions", firm.home, monkeypatch)
    assert "no promise that was decided on has fallen due yet" in app.title[0].value
    firm.october()
    app = open_page("decisions", firm.home, monkeypatch)
    assert words.plain("1 decision in force: 1 of 2 promises kept as decided") == app.title[0].value
    assert [tile.value for tile in app.metric] == ["1 of 2", "1", "0 of 3", "1 of 2", "not said"]
    assert "2 actions open, 1 of them overdue" in said(app)


def test_one_decision_opens_in_full_from_a_link(firm: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    number = firm.decide()
    firm.october()
    app = open_page("decisions", firm.home, monkeypatch, decision=str(number))
    assert f"Decision {number}, Welding, October 2026: Customer tier" in said(app)
    assert "Acme's line stands still without the pumps" in said(app)
    assert with_column(app, "is_chosen") == ["False", "True"]
    assert "To Acme Works: 2 promises to you are kept as given." in with_column(app, "told")
    assert with_column(app, "expected") == ["100.0 %", "0 lines", "EUR 100", "50.0 %"]
    assert with_column(app, "seen") == ["50.0 %", "1 line", "EUR 500", "50.0 %"]
    app = open_page("decisions", firm.home, monkeypatch, decision="77")
    assert "There is no decision “77” in the log" in said(app)


def test_filters_narrow_the_log(firm: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.decide()
    firm.decide(load_month=day("11-01"), decided_by="Ben Ode")
    app = open_page("decisions", firm.home, monkeypatch, decided_by="Ben Ode")
    assert with_column(app, "decided_by") == ["Ben Ode"]
    app = open_page("decisions", firm.home, monkeypatch, decided_by="Ben Ode", state="in force")
    assert with_column(app, "decided_by") == ["Ben Ode"]


def test_an_action_is_called_done_and_not_done_after_all(firm: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.decide()
    app = open_page("decisions", firm.home, monkeypatch)
    press(app, "It is done")
    assert "Say who you are" in said(app)
    app.text_input(key="action-by").set_value("Ben")
    press(app, "It is done")
    assert "Written down." in said(app)
    assert with_column(app, "what") == ["Ask for overtime"]
    app.toggle(key="all-actions").set_value(True).run()
    assert with_column(app, "done_by")[0] == "Ben"
    app.selectbox(key="action").set_value(1)
    press(app, "It is not done after all")
    app.toggle(key="all-actions").set_value(False).run()
    assert with_column(app, "what") == ["Call Brio", "Ask for overtime"]


def test_what_was_spent_is_written_down_and_held_against_the_cost_decided(
    firm: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = firm.decide()
    app = open_page("decisions", firm.home, monkeypatch, decision=str(number))
    assert "Cost of levers, spent: no lever was opened." in said(app)
    app.number_input(key=f"spent-value-{number}").set_value(1500.0)
    press(app, "Write it down")
    assert "Say who you are" in said(app)
    for value in (1500.0, 2000.0):
        app.number_input(key=f"spent-value-{number}").set_value(value)
        app.text_input(key=f"spent-by-{number}").set_value("Ben")
        press(app, "Write it down")
    assert "Cost of levers, spent: EUR 2 k of EUR 0." in said(app), "the newest entry counts"
    assert with_column(app, "spent_value") == ["2000.0"]


def press(app: AppTest, label: str) -> None:
    """Press a button by what stands on it; the page must not fail."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception[0].value


def test_a_decision_is_corrected_by_a_new_entry(firm: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    first = firm.decide()
    app = open_page("decisions", firm.home, monkeypatch, decision=str(first))
    app.session_state[f"correct-{first}"] = True
    app.run()
    press(app, "Write the correction to the log")
    assert "Say who decides. Nothing was written." in said(app)
    app.text_input(key=f"who-correct-{first}").set_value("Ben Ode")
    app.text_area(key=f"reason-correct-{first}").set_value("Brio asked for the fifteenth")
    app.session_state[f"dates-{first}"] = {  # the second row is B2: the most days, then the most value first
        "edited_rows": {1: {"decided_promise_date": "2026-11-02"}}, "added_rows": [], "deleted_rows": [],
    }  # fmt: skip
    press(app, "Write the correction to the log")
    assert "Decision 2 is in the log." in said(app)
    taken, options, _ = correcting.as_taken(firm.log, 2)
    assert (taken.replaces, taken.decided_by, taken.reason) == (first, "Ben Ode", "Brio asked for the fifteenth")
    dates = dict(zip(options[1].lines["order_id"], options[1].lines["new_promised_date"], strict=True))
    assert dates == {
        "A1": day("10-10"), "A2": day("10-12"), "B1": day("11-15"), "B2": day("11-02"), "C1": None,
    }  # fmt: skip


def test_who_corrects_second_is_told_and_can_open_the_first(firm: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    first = firm.decide()
    app = open_page("decisions", firm.home, monkeypatch, decision=str(first))
    app.session_state[f"correct-{first}"] = True
    app.run()
    app.text_input(key=f"who-correct-{first}").set_value("Ben Ode")
    second = firm.decide(replaces=first, decided_by="Cleo Ray")
    press(app, "Write the correction to the log")
    assert f"Cleo Ray corrected decision {first}" in said(app)
    press(app, f"Open decision {second}")
    assert f"It corrects decision {first}." in said(app)


def test_the_overview_opens_with_last_months_decisions(firm: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.decide()
    firm.october()
    app = open_page("overview", firm.home, monkeypatch, month="2026-10")
    assert "1 decision since last month's review: 1 of 2 promises kept as decided" in said(app)
    assert app.subheader[0].value.startswith("1 decision")


def test_a_customer_shows_every_decision_that_touched_it(firm: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.decide()
    firm.october()
    app = open_page("customer", firm.home, monkeypatch, customer="BRIO", view="Decisions")
    assert "1 decision touched them and imposed 62 days in all" in said(app)
    assert "is moved from 15 October 2026 to 15 November 2026" in with_column(app, "told")[0]


def test_a_new_entry_is_seen_at_once_although_answers_are_remembered(
    firm: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm.decide()
    app = open_page("decisions", firm.home, monkeypatch)
    assert with_column(app, "decision_id") == ["1"]
    firm.decide(load_month=day("11-01"))
    app.run()
    assert with_column(app, "decision_id") == ["2", "1"]


def test_a_log_that_cannot_be_read_is_said_and_the_other_pages_go_on(
    firm: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    (firm.home.folder / FILE_NAME).write_bytes(b"this is no database" * 100)
    for name, params in (
        ("decisions", {}),
        ("overview", {}),
        ("extracts", {}),
        ("customer", {"customer": "BRIO", "view": "Decisions"}),
    ):
        app = open_page(name, firm.home, monkeypatch, **params)
        assert "cannot be read" in said(app), name
        assert app.title


def test_what_people_write_is_shown_as_it_stands(firm: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    number = firm.decide(
        decided_by=HOSTILE, reason=HOSTILE, assumed=HOSTILE, wrong_if=HOSTILE, told={"ACME": HOSTILE},
        actions=[deciding.Action(HOSTILE, HOSTILE, day("10-05"))],
    )  # fmt: skip
    app = open_page("decisions", firm.home, monkeypatch, decision=str(number))
    for element in [*app.title, *app.subheader, *app.markdown, *app.caption, *app.warning]:
        assert "](javascript" not in str(element.value) and "<img src=x" not in str(element.value).replace("\\<", "")


ARBITRATING = """
from sop import page
from tests.company import day
from tests.decided import OPTIONS

page.begin("arbitrate")
page.decide(OPTIONS, "tier", work_centre="WC1", load_month=day("10-01"))
"""


def test_a_decision_is_written_down_where_the_options_are_shown(firm: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_HOME", str(firm.home.folder))
    app = AppTest.from_string(ARBITRATING, default_timeout=60).run()
    key = "WC1-2026-10-01"
    for widget, text in (
        ("who", "Ann Lee"),
        ("reason", "Acme stands still"),
        ("assumed", "No overtime"),
        ("wrong", "Rain"),
    ):
        [found] = [one for one in [*app.text_input, *app.text_area] if one.key == f"{widget}-{key}"]
        found.set_value(text)
    added: dict[str, object] = {"edited_rows": {}, "deleted_rows": []}
    app.session_state[f"actions-{key}"] = {**added, "added_rows": [{"what": "Call Brio", "who": "Ben"}]}
    press(app, "Write the decision to the log")
    assert "The action “Call Brio” has no date: say by when. Nothing was written." in said(app)
    app.session_state[f"actions-{key}"] = {
        **added, "added_rows": [{"what": "Call Brio", "who": "Ben", "due_date": "2026-10-05"}, {}],
    }  # fmt: skip
    [told, expectations] = [
        next(one for one in app.session_state._state.filtered_state if one.startswith(f"{editor}-{key}"))
        for editor in ("told", "expectations")
    ]
    app.session_state[expectations] = {
        **added,
        "added_rows": [
            {"measure": "gap", "customer": "Brio Foods · BRIO", "expected": 100, "due_date": "2026-10-31"},
            {"customer": "all of them"},
        ],
    }
    app.session_state[told] = {
        "edited_rows": {0: {"told": "All as promised."}}, "added_rows": [], "deleted_rows": []
    }  # fmt: skip
    next(button for button in app.button if button.label == "Write the decision to the log").click().run()
    taken, _, chosen = correcting.as_taken(firm.log, 1)
    assert (taken.decided_by, taken.snapshot_id, taken.work_centre_id, chosen) == (
        "Ann Lee",
        firm.september,
        "WC1",
        "tier",
    )
    assert taken.review_date == day("10-31")
    assert taken.actions == [deciding.Action("Call Brio", "Ben", day("10-05"))]
    assert taken.expectations == [deciding.Expectation("gap", "BRIO", 100.0, day("10-31"))]
    assert taken.told["ACME"] == "All as promised."
    assert taken.told["BRIO"].startswith("To Brio Foods: Order B1, line 10 is moved")
