"""What becomes of a promise from load to load: every change of it is one event, and the events add up.

Each load is a real one, into the same home, with the order lines as they then stand.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sop.snapshots import Home
from tests.company import build, day, ledger, load, rows

HEADER = (
    "order_id, line_number, customer_id, product_id, quantity,"
    " order_date, first_promised_date, promised_date, promise_moved_by"
)


def order_line(line: str, promised: str, *, first: str = "", moved_by: str = "") -> str:
    """An order line of ten pumps, ordered on 2 January 2026."""
    first = first and f"2026-{first}"
    return f"A, {line}, ACME, PUMP, 10, 2026-01-02, {first}, 2026-{promised}, {moved_by}"


def loaded(folder: Path, *lines: str) -> tuple[list[tuple[str, date, date, int, str]], dict[str, dict[str, Any]]]:
    """Load these order lines: the events (line, from, to, days, by) in the order they were seen, and the ledger."""
    connection = build(folder, order_lines="\n".join([HEADER, *lines]))
    try:
        return events(connection), ledger(connection)
    finally:
        connection.close()


def events(connection: Any) -> list[tuple[str, date, date, int, str]]:
    found = rows(connection, "select * from marts.promise_events order by line_number, event_number")
    return [
        (row["line_number"], row["moved_from_date"], row["moved_to_date"], row["moved_days"], row["moved_by"])
        for row in found
    ]


def test_a_promise_that_never_moved_has_no_event(tmp_path: Path) -> None:
    moves, lines = loaded(tmp_path, order_line("10", "03-10"), order_line("20", "03-10", first="03-10"))
    assert moves == []
    assert {line: lines[line]["move_count"] for line in lines} == {"A 10": 0, "A 20": 0}


def test_a_first_promise_that_differs_at_the_first_load_is_one_event(tmp_path: Path) -> None:
    moves, lines = loaded(tmp_path, order_line("10", "03-10"), order_line("20", "03-24", first="03-10"))
    assert moves == [("20", day("03-10"), day("03-24"), 14, "us")]
    assert lines["A 20"]["first_promised_date"] == day("03-10")
    assert lines["A 20"]["moved_by_us_days"] == 14


def test_an_event_says_on_which_day_it_was_seen(tmp_path: Path) -> None:
    lines = "\n".join([HEADER, order_line("10", "03-24", first="03-10")])
    connection = build(tmp_path, as_of="2026-02-15", order_lines=lines)
    assert rows(connection, "select seen_date from marts.promise_events") == [{"seen_date": day("02-15")}]
    connection.close()
    lines = "\n".join([HEADER, order_line("10", "03-31", first="03-10")])
    connection = build(tmp_path, as_of="2026-03-15", order_lines=lines)
    seen = rows(connection, "select seen_date from marts.promise_events order by event_number")
    assert [row["seen_date"] for row in seen] == [day("02-15"), day("03-15")]


def test_a_second_upload_adds_one_event_for_the_one_promise_that_moved(tmp_path: Path) -> None:
    before, _ = loaded(tmp_path, order_line("10", "03-24", first="03-10"), order_line("20", "03-10"))
    after, lines = loaded(tmp_path, order_line("10", "03-24", first="03-10"), order_line("20", "03-17"))
    assert before == [("10", day("03-10"), day("03-24"), 14, "us")]
    assert after == [*before, ("20", day("03-10"), day("03-17"), 7, "us")]
    assert lines["A 20"]["first_promised_date"] == day("03-10")
    assert lines["A 20"]["is_repromised"]


def test_the_same_upload_twice_changes_nothing(tmp_path: Path) -> None:
    text = "\n".join([HEADER, order_line("10", "03-24", first="03-10")])
    first = load(tmp_path, order_lines=text)
    again = load(tmp_path, order_lines=text)
    assert again.is_unchanged
    assert again.snapshot == first.snapshot
    assert [manifest.id for manifest in Home(tmp_path / "home").history()] == [first.snapshot]


def test_the_same_order_lines_for_a_later_day_add_no_event(tmp_path: Path) -> None:
    text = "\n".join([HEADER, order_line("10", "03-24", first="03-10"), order_line("20", "03-10")])
    before = events(build(tmp_path, as_of="2026-02-01", order_lines=text))
    after = events(build(tmp_path, as_of="2026-03-01", order_lines=text))
    assert before == after == [("10", day("03-10"), day("03-24"), 14, "us")]


def test_moves_over_three_loads_add_up_from_the_first_promise_to_todays(tmp_path: Path) -> None:
    loaded(tmp_path, order_line("10", "03-10"))
    loaded(tmp_path, order_line("10", "03-20"))
    moves, lines = loaded(tmp_path, order_line("10", "03-16"))
    assert moves == [("10", day("03-10"), day("03-20"), 10, "us"), ("10", day("03-20"), day("03-16"), -4, "us")]
    line = lines["A 10"]
    assert (line["original_promised_date"], line["promised_date"]) == (day("03-10"), day("03-16"))
    assert (line["move_count"], line["moved_by_us_days"]) == (2, 6)


def test_who_moved_a_promise_is_kept_apart_over_the_loads(tmp_path: Path) -> None:
    loaded(tmp_path, order_line("10", "03-10"))
    loaded(tmp_path, order_line("10", "03-20", moved_by="us"))
    loaded(tmp_path, order_line("10", "04-03", moved_by="customer"))
    _, lines = loaded(tmp_path, order_line("10", "04-10", moved_by="us"))
    assert (lines["A 10"]["moved_by_us_days"], lines["A 10"]["moved_by_customer_days"]) == (17, 14)  # 10 + 7, 14
    assert lines["A 10"]["original_promised_date"] == day("03-10")


def test_the_last_date_the_customer_moved_to_is_the_commitment_whatever_we_move_after(tmp_path: Path) -> None:
    loaded(tmp_path, order_line("10", "03-10"))
    _, moved_by_us = loaded(tmp_path, order_line("10", "03-20", moved_by="us"))
    _, moved_by_customer = loaded(tmp_path, order_line("10", "04-03", moved_by="customer"))
    _, moved_again = loaded(tmp_path, order_line("10", "04-10", moved_by="us"))
    _, moved_by_customer_again = loaded(tmp_path, order_line("10", "04-08", moved_by="customer"))
    assert moved_by_us["A 10"]["first_promised_date"] == day("03-10")
    assert moved_by_customer["A 10"]["first_promised_date"] == day("04-03")
    assert moved_again["A 10"]["first_promised_date"] == day("04-03")
    assert moved_by_customer_again["A 10"]["first_promised_date"] == day("04-08")
    assert not moved_by_customer["A 10"]["is_repromised"]
    assert moved_again["A 10"]["is_repromised"]


def test_a_customers_move_already_made_at_the_first_load_is_the_commitment(tmp_path: Path) -> None:
    moves, lines = loaded(tmp_path, order_line("10", "04-03", first="03-10", moved_by="customer"))
    assert moves == [("10", day("03-10"), day("04-03"), 24, "customer")]
    assert lines["A 10"]["first_promised_date"] == day("04-03")


def test_the_first_date_seen_stands_where_the_extract_does_not_say(tmp_path: Path) -> None:
    loaded(tmp_path, order_line("10", "03-10"))
    _, lines = loaded(tmp_path, order_line("10", "05-10"))
    assert lines["A 10"]["first_promised_date"] == day("03-10")


def test_the_first_date_seen_stands_where_the_extract_says_a_later_one(tmp_path: Path) -> None:
    loaded(tmp_path, order_line("10", "03-10"))
    moves, lines = loaded(tmp_path, order_line("10", "05-10", first="04-10"))
    assert lines["A 10"]["first_promised_date"] == day("03-10")
    assert moves == [("10", day("03-10"), day("05-10"), 61, "us")]


def test_a_first_date_stated_later_on_stands_where_it_is_before_any_seen(tmp_path: Path) -> None:
    loaded(tmp_path, order_line("10", "03-10"))
    moves, lines = loaded(tmp_path, order_line("10", "03-10", first="02-20"))
    assert lines["A 10"]["first_promised_date"] == day("02-20")
    assert moves == [("10", day("02-20"), day("03-10"), 18, "us")]
    again, _ = loaded(tmp_path, order_line("10", "03-10", first="02-20"), order_line("20", "03-10"))
    assert again == moves


def test_a_first_date_stated_with_a_move_of_the_customer_is_two_events_in_their_order(tmp_path: Path) -> None:
    loaded(tmp_path, order_line("10", "03-10"))
    moves, lines = loaded(tmp_path, order_line("10", "03-20", first="02-20", moved_by="customer"))
    assert moves == [("10", day("02-20"), day("03-10"), 18, "us"), ("10", day("03-10"), day("03-20"), 10, "customer")]
    assert lines["A 10"]["first_promised_date"] == day("03-20")


def test_a_new_line_beside_known_ones_adds_nothing_to_their_story(tmp_path: Path) -> None:
    before, _ = loaded(tmp_path, order_line("10", "03-24", first="03-10"))
    after, _ = loaded(tmp_path, order_line("10", "03-24", first="03-10"), order_line("20", "05-10", first="05-01"))
    assert after == [*before, ("20", day("05-01"), day("05-10"), 9, "us")]


def test_a_line_that_is_gone_keeps_its_events_and_leaves_the_ledger(tmp_path: Path) -> None:
    before, _ = loaded(tmp_path, order_line("10", "03-24", first="03-10"), order_line("20", "03-10"))
    after, lines = loaded(tmp_path, order_line("20", "03-10"))
    assert after == before
    assert lines.keys() == {"A 20"}


@pytest.mark.parametrize("moved_by", ["us", "customer"])
def test_a_line_gone_and_back_has_the_story_that_it_had(tmp_path: Path, moved_by: str) -> None:
    moved = order_line("10", "03-24", first="03-10", moved_by=moved_by)
    moves_before, before = loaded(tmp_path, moved, order_line("20", "03-10"))
    loaded(tmp_path, order_line("20", "03-10"))
    moves_after, after = loaded(tmp_path, moved, order_line("20", "03-10"))
    assert moves_after == moves_before
    assert after["A 10"] == before["A 10"]


def test_a_line_gone_and_back_with_another_date_moved_once_more(tmp_path: Path) -> None:
    loaded(tmp_path, order_line("10", "03-24", first="03-10"), order_line("20", "03-10"))
    loaded(tmp_path, order_line("20", "03-10"))
    moves, lines = loaded(tmp_path, order_line("10", "03-31", first="03-10"), order_line("20", "03-10"))
    assert moves == [("10", day("03-10"), day("03-24"), 14, "us"), ("10", day("03-24"), day("03-31"), 7, "us")]
    assert lines["A 10"]["first_promised_date"] == day("03-10")


def test_events_are_carried_when_only_deliveries_are_uploaded(tmp_path: Path) -> None:
    loaded(tmp_path, order_line("10", "03-10"))
    before, _ = loaded(tmp_path, order_line("10", "03-24"))
    connection = build(tmp_path, deliveries="order_id, delivered_date, quantity\nA, 2026-03-20, 10")
    assert events(connection) == before == [("10", day("03-10"), day("03-24"), 14, "us")]
    line = ledger(connection)["A 10"]
    assert (line["completed_date"], line["late_days"], line["missed_days"]) == (day("03-20"), 10, -4)


def test_a_rollback_takes_the_events_back_too(tmp_path: Path) -> None:
    first = load(tmp_path, order_lines="\n".join([HEADER, order_line("10", "03-10")]))
    loaded(tmp_path, order_line("10", "03-24"))
    assert first.snapshot is not None
    Home(tmp_path / "home").publish(first.snapshot)
    moves, _ = loaded(tmp_path, order_line("10", "03-17"))
    assert moves == [("10", day("03-10"), day("03-17"), 7, "us")]
