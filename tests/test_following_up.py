"""What became of a decision: answered from the log and the snapshot, worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sop import audit, deciding, following_up
from sop.log_tables import DECISIONS
from tests.company import day
from tests.decided import Company, company


@pytest.fixture
def firm(tmp_path: Path) -> Company:
    return company(tmp_path)


def answer(firm: Company, name: str, **given: Any) -> list[dict[str, Any]]:
    """Every row of a question to the live snapshot and the log as they stand."""
    asked = following_up.answer(firm.home.open(), firm.home.folder, name, **given)
    found: list[dict[str, Any]] = asked.to_arrow_table().to_pylist()
    return found


def states(firm: Company, number: int) -> dict[str, str]:
    """What became of each line of a decision."""
    return {row["order_id"]: row["state"] for row in answer(firm, "decisions/lines", decision=number)}


def test_on_the_day_of_the_decision_nothing_has_fallen_due(firm: Company) -> None:
    number = firm.decide()
    assert states(firm, number) == {
        "A1": "not due yet", "A2": "not due yet", "B1": "not due yet", "B2": "not due yet", "C1": "no date decided",
    }  # fmt: skip
    assert {row["state"] for row in answer(firm, "decisions/expectations", decision=number)} == {"not yet due"}
    [known] = answer(firm, "decisions/decision", decision=number)
    assert (known["state"], known["actions_open_count"], known["actions_overdue_count"]) == ("in force", 2, 0)


def test_the_next_snapshot_says_which_promises_were_kept_as_decided(firm: Company) -> None:
    number = firm.decide()
    firm.october()
    assert states(firm, number) == {
        "A1": "kept", "A2": "not kept", "B1": "not due yet", "B2": "not due yet", "C1": "no date decided",
    }  # fmt: skip
    firm.november()
    assert states(firm, number) == {
        "A1": "kept", "A2": "not kept", "B1": "kept", "B2": "not kept", "C1": "no date decided",
    }  # fmt: skip


def test_a_promise_is_moved_again_where_the_order_system_says_a_third_date(firm: Company) -> None:
    number = firm.decide()
    firm.october()
    lines = {row["order_id"]: row for row in answer(firm, "decisions/lines", decision=number)}
    assert {order for order, row in lines.items() if row["is_moved_again"]} == {"C1"}
    assert lines["C1"]["moved_again_days"] == 46  # from 20 October, since no date was decided, to 5 December


def test_each_expectation_is_answered_from_the_data(firm: Company) -> None:
    number = firm.decide()
    firm.october()
    found = answer(firm, "decisions/expectations", decision=number)
    assert {row["measure"]: (row["seen"], row["state"]) for row in found} == {
        "promises kept": (0.5, "partly kept"),  # A1 of A1 and A2
        "lines waiting": (1.0, "not kept"),  # C1, as C2 waited on 30 September
        "gap": (500.0, "not kept"),  # B1 4 × 50 and B2 6 × 50
        "decided promises kept": (0.5, "not yet due"),  # A1 of A1 and A2
    }
    firm.november()
    later = {
        row["measure"]: (row["seen"], row["state"]) for row in answer(firm, "decisions/expectations", decision=number)
    }
    assert later["decided promises kept"] == (0.5, "kept")  # A1 and B1 of A1, A2, B1 and B2
    assert later["promises kept"] == (0.5, "partly kept"), "a later snapshot says the same of the same day"
    assert later["lines waiting"] == (1.0, "not kept")
    assert later["gap"] == (500.0, "not kept")


def test_actions_are_open_then_overdue_then_done_and_can_be_called_not_done_after_all(firm: Company) -> None:
    firm.decide()
    firm.october()
    call, overtime = answer(firm, "decisions/actions")
    assert (call["what"], call["state"], overtime["state"]) == ("Call Brio", "overdue", "open")
    deciding.mark(firm.log, call["action_id"], is_done=True, by="Ben")
    [done, _] = answer(firm, "decisions/actions")
    assert (done["state"], done["done_by"]) == ("done", "Ben")
    assert [row["what"] for row in answer(firm, "decisions/actions", is_open=True)] == ["Ask for overtime"]
    deciding.mark(firm.log, call["action_id"], is_done=False, by="Ann")
    assert [row["state"] for row in answer(firm, "decisions/actions")] == ["overdue", "open"]


def test_a_corrected_decision_is_kept_but_not_followed_any_more(firm: Company) -> None:
    first = firm.decide()
    second = firm.decide(replaces=first, reason="Brio asked for the fifteenth")
    log = {row["decision_id"]: row for row in answer(firm, "decisions/log")}
    assert {number: row["state"] for number, row in log.items()} == {first: "corrected", second: "in force"}
    assert states(firm, first) == {}
    assert len(states(firm, second)) == 5
    [known] = answer(firm, "decisions/headline")
    assert (known["decision_count"], known["in_force_count"], known["actions_open_count"]) == (2, 1, 2)


def test_a_decision_is_to_be_looked_at_again_from_its_date_on(firm: Company) -> None:
    firm.decide()
    assert [row["state"] for row in answer(firm, "decisions/log")] == ["in force"]
    firm.october()
    assert [row["state"] for row in answer(firm, "decisions/log")] == ["look again"]


def test_what_is_to_enter_leaves_out_what_is_entered_moved_otherwise_or_without_a_date(firm: Company) -> None:
    firm.decide()
    assert answer(firm, "decisions/to_enter") == [
        {"order_id": "B1", "line_number": "10", "new_promised_date": day("11-15")},
        {"order_id": "B2", "line_number": "10", "new_promised_date": day("11-20")},
    ]
    firm.october()
    assert [row["order_id"] for row in answer(firm, "decisions/to_enter")] == ["B2"]
    firm.november()
    assert answer(firm, "decisions/to_enter") == [], "what is delivered needs no date"


def test_the_record_by_customer_adds_up_days_and_times_let_down(firm: Company) -> None:
    firm.decide()
    firm.decide(load_month=day("11-01"))
    record = {row["customer_id"]: row for row in answer(firm, "decisions/customers")}
    assert list(record) == ["BRIO", "CITO", "ACME"]
    assert (record["BRIO"]["decision_count"], record["BRIO"]["let_down_count"], record["BRIO"]["imposed_days"]) == (
        2,
        2,
        124,
    )
    assert (record["ACME"]["let_down_count"], record["ACME"]["imposed_days"]) == (0, 0)


def test_the_overview_shows_decisions_of_the_month_and_the_one_before(firm: Company) -> None:
    number = firm.decide()
    shown = {month: [row["decision_id"] for row in answer(firm, "overview/decided", month=month)]
             for month in ("2026-08", "2026-09", "2026-10", "2026-11")}  # fmt: skip
    assert shown == {"2026-08": [], "2026-09": [number], "2026-10": [number], "2026-11": []}


def test_the_options_are_shown_as_they_stood(firm: Company) -> None:
    number = firm.decide()
    options = answer(firm, "decisions/options", decision=number)
    assert [(row["title"], row["is_chosen"], row["broken_count"], row["late_value"]) for row in options] == [
        ("Fair share", False, 3, 530.0), ("Customer tier", True, 3, 530.0),
    ]  # fmt: skip
    assert options[0]["margin_value"] is None


def test_what_was_read_up_to_an_entry_stays_the_same_when_others_are_written(firm: Company) -> None:
    firm.decide()
    before = following_up.newest(firm.log)
    tables = following_up.read(firm.log, before)
    number = firm.decide(load_month=day("11-01"))
    action = answer(firm, "decisions/actions", decision=number)[0]["action_id"]
    deciding.mark(firm.log, action, is_done=True, by="Ben")
    assert following_up.newest(firm.log) != before
    assert following_up.read(firm.log, before) == tables
    assert tables["logged_decisions"].num_rows == 1
    assert tables["logged_decisions"].column_names == [column.name for column in DECISIONS.columns]


def test_nothing_decided_answers_every_question_with_nothing(firm: Company) -> None:
    before = audit.entries(firm.log)
    assert answer(firm, "decisions/log") == []
    assert answer(firm, "decisions/headline")[0]["decision_count"] == 0
    assert audit.entries(firm.log) == before, "reading writes nothing"
