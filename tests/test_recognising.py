"""A file is understood once, confirmed by a person, and recognised the next month; order items find their orders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sop import loading
from sop.cli import main
from sop.decisions import Log
from sop.errors import MappingError, SourceError
from sop.extracts import mapping_file
from sop.extracts.answering import answered, choices, targets
from sop.extracts.looking import look
from sop.extracts.mapping import ColumnSource
from sop.extracts.recognising import Recognised
from sop.snapshots import Home
from tests.company import rows

ORDERS = (
    "Auftrag;Kundennummer;Artikelnummer;Menge;Liefertermin\n"
    "4711;K-01;P-7;1.250,5;24.12.2025\n4712;K-02;P-7;3,0;31.12.2025\n"
)
HEADERS = "Order No,Customer No,Order Date,Promised Date\nA1,K1,2026-02-01,2026-03-10\nA2,K2,2026-02-03,2026-04-01\n"
ITEMS = "Order No,Line No,Item No,Quantity,Unit Price\nA1,10,PUMP,5,100\nA1,20,SEAL,8,2.50\nA2,10,PUMP,1,100\n"


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def looked_at(folder: Path, *files: Path) -> tuple[Recognised, ...]:
    workplace = folder / "work"
    workplace.mkdir(exist_ok=True)
    return look(files, workplace, home=Home(folder / "home"))


def confirmed(folder: Path, file: Path, chosen: ColumnSource) -> Recognised:
    """The file with its one question answered and kept in the log, as the page does it."""
    [recognised] = looked_at(folder, file)
    [question] = recognised.questions
    done = answered(recognised, ["order_lines"], {question.target: chosen})
    assert done.mapping is not None
    Log(folder / "home").save_mapping(
        fingerprint=done.fingerprint, file_name=done.name, mapping=mapping_file.as_table(done.mapping), by="A planner"
    )
    return done


def test_what_is_ambiguous_is_asked_and_nothing_loads_before_it_is_answered(tmp_path: Path) -> None:
    file = write(tmp_path, "orders.csv", ORDERS)
    [recognised] = looked_at(tmp_path, file)
    [question] = recognised.questions
    assert question.target == ("order_lines", "promised_date")
    assert "24.12.2025" in str(question.question)
    with pytest.raises(MappingError, match="Liefertermin"):
        loading.load([file], home=Home(tmp_path / "home"))
    assert Home(tmp_path / "home").live() is None


def test_a_confirmed_mapping_is_used_for_the_same_header_next_month(tmp_path: Path) -> None:
    first = write(tmp_path, "orders-november.csv", ORDERS)
    done = confirmed(tmp_path, first, ColumnSource("Liefertermin", date_format="%d.%m.%Y"))
    second = write(tmp_path, "orders-december.csv", ORDERS.replace("4712", "4713"))
    home = Home(tmp_path / "home")
    report = loading.load([second], home=home)
    assert report.recognised[0].origin == "saved"
    assert report.recognised[0].columns[0].why.startswith("confirmed by A planner on ")
    found = rows(
        home.open(),
        "select order_id, quantity::varchar as quantity, promised_date::varchar as day from extracts.order_lines order by 1",
    )
    assert found == [
        {"order_id": "4711", "quantity": "1250.500", "day": "2025-12-24"},
        {"order_id": "4713", "quantity": "3.000", "day": "2025-12-31"},
    ]
    assert done.fingerprint == report.recognised[0].fingerprint


def test_a_saved_mapping_reads_the_columns_as_this_months_file_writes_them(tmp_path: Path) -> None:
    first = write(tmp_path, "orders.csv", ORDERS)
    confirmed(tmp_path, first, ColumnSource("Liefertermin", date_format="%d.%m.%Y"))
    changed = "Menge,Auftrag,Kundennummer,Artikelnummer,Liefertermin\n"
    changed += "1250.5,4711,K-01,P-7,24.12.2025\n3.25,4712,K-02,P-7,31.12.2025\n"
    home = Home(tmp_path / "home")
    loading.load([write(tmp_path, "orders.csv", changed)], home=home)
    assert rows(home.open(), "select sum(quantity)::varchar as total from extracts.order_lines") == [
        {"total": "1253.750"}
    ]


def test_dates_written_otherwise_than_when_confirmed_are_asked_again(tmp_path: Path) -> None:
    first = write(tmp_path, "orders.csv", ORDERS)
    confirmed(tmp_path, first, ColumnSource("Liefertermin", date_format="%d.%m.%Y"))
    changed = ORDERS.replace("24.12.2025", "12/24/2025").replace("31.12.2025", "12/31/2025")
    with pytest.raises(MappingError, match="written otherwise than when this mapping was confirmed"):
        loading.load([write(tmp_path, "orders.csv", changed)], home=Home(tmp_path / "home"))


def test_another_header_is_not_recognised(tmp_path: Path) -> None:
    confirmed(tmp_path, write(tmp_path, "a.csv", ORDERS), ColumnSource("Liefertermin", date_format="%d.%m.%Y"))
    [other] = looked_at(tmp_path, write(tmp_path, "b.csv", ORDERS.replace("Artikelnummer", "Artikelnr")))
    assert other.origin == "proposed"


def test_a_correction_is_a_new_entry_that_names_the_old_one(tmp_path: Path) -> None:
    file = write(tmp_path, "a.csv", ORDERS)
    confirmed(tmp_path, file, ColumnSource("Liefertermin", date_format="%d.%m.%Y"))
    log = Log(tmp_path / "home")
    [first] = log.mappings()
    again = log.save_mapping(fingerprint=first.fingerprint, file_name="a.csv", mapping=first.mapping, by="Another")
    assert again == first
    changed = {**first.mapping, "decimal": "."}
    second = log.save_mapping(fingerprint=first.fingerprint, file_name="a.csv", mapping=changed, by="Another")
    assert second.replaces == first.id
    assert [entry.id for entry in log.mappings()] == [first.id, second.id]


def test_every_column_of_the_file_can_be_chosen_and_none(tmp_path: Path) -> None:
    [recognised] = looked_at(tmp_path, write(tmp_path, "a.csv", ORDERS))
    proposed = targets(recognised, ["order_lines"])["order_lines", "customer_id"]
    offered = [source.column for source in choices(recognised, proposed)]
    assert offered[0] == "Kundennummer"
    assert set(offered) == {"Auftrag", "Kundennummer", "Artikelnummer", "Menge", "Liefertermin"}
    without = answered(recognised, ["order_lines"], {("order_lines", "customer_id"): None})
    assert without.mapping is None
    assert without.missing == ("order_lines.customer_id",)


# Order items and their orders


def test_order_items_find_their_orders(tmp_path: Path) -> None:
    files = [write(tmp_path, "orders.csv", HEADERS), write(tmp_path, "order_items.csv", ITEMS)]
    home = Home(tmp_path / "home")
    report = loading.load(files, home=home)
    found = rows(
        home.open(),
        "select order_id, line_number, customer_id, promised_date::varchar as day from extracts.order_lines order by 1, 2",
    )
    assert found == [
        {"order_id": "A1", "line_number": "10", "customer_id": "K1", "day": "2026-03-10"},
        {"order_id": "A1", "line_number": "20", "customer_id": "K1", "day": "2026-03-10"},
        {"order_id": "A2", "line_number": "10", "customer_id": "K2", "day": "2026-04-01"},
    ]
    counts = {source["file_name"]: (source["read_count"], source["kept_count"]) for source in report.sources}
    assert counts == {"orders.csv": (2, 2), "order_items.csv": (3, 3)}


def test_a_detail_row_without_a_header_row_and_a_header_without_details_are_rejected_by_line(tmp_path: Path) -> None:
    more = range(200)
    headers = HEADERS + "".join(f"B{number},K1,2026-02-01,2026-03-10\n" for number in more)
    items = ITEMS + "".join(f"B{number},10,PUMP,5,1\n" for number in more)
    headers += "A9,K1,2026-02-01,2026-03-10\nA1,K3,2026-02-01,2026-03-10\n"
    files = [write(tmp_path, "orders.csv", headers), write(tmp_path, "items.csv", items + "A7,10,PUMP,5,1\n")]
    report = loading.load(files, home=Home(tmp_path / "home"), accept_rejects=True)
    said = {(row["file_name"], row["line_number"]): row["reason"] for row in report.rejected}
    assert said == {
        ("items.csv", 205): "has no row in orders.csv",
        ("orders.csv", 204): "has no row in items.csv",
        ("orders.csv", 205): "is in the file before",
    }
    for source in report.sources:
        assert source["read_count"] == source["kept_count"] + source["rejected_count"]


def test_a_mapping_file_may_join_two_files(tmp_path: Path) -> None:
    mapping = write(tmp_path, "m.toml", """
[[files]]
name = "positionen*.csv"
join = { file = "koepfe*.csv", column = "Auftrag", to = "Nummer" }
[files.order_lines]
order_id = "Auftrag"
customer_id = "Kunde"
product_id = "Teil"
quantity = "Stk"
promised_date = "Termin"
""")  # fmt: skip
    files = [
        write(tmp_path, "koepfe-10.csv", "Nummer,Kunde,Termin\n1,K1,2026-03-10\n"),
        write(tmp_path, "positionen-10.csv", "Auftrag,Teil,Stk\n1,PUMP,4\n1,SEAL,5\n"),
    ]
    home = Home(tmp_path / "home")
    loading.load(files, mappings=mapping_file.read(mapping), home=home)
    assert rows(
        home.open(), "select distinct customer_id, promised_date::varchar as day from extracts.order_lines"
    ) == [{"customer_id": "K1", "day": "2026-03-10"}]
    with pytest.raises(MappingError, match=r"finds its headers in koepfe\*\.csv, which is not there"):
        loading.load(files[1:], mappings=mapping_file.read(mapping), home=home)


# The table's edges


def test_title_lines_above_and_totals_below_are_left_out_and_counted(tmp_path: Path) -> None:
    text = "Open orders\nas of 31 March 2026\n\nOrder No,Customer No,Item No,Quantity,Promised Date\n"
    text += "A1,K1,PUMP,5,2026-03-10\nA2,K1,PUMP,7,2026-03-11\nTotal,,,12,\n"
    report = loading.load([write(tmp_path, "report.csv", text)], home=Home(tmp_path / "home"))
    [source] = report.sources
    assert (source["read_count"], source["kept_count"], source["rejected_count"], source["left_out_count"]) == (
        3,
        2,
        1,
        1,
    )
    [row] = report.rejected
    assert (row["line_number"], row["cells"][0]) == (7, "Total")
    assert row["reason"].startswith("the line is no row of the table")


def test_the_lines_of_a_file_with_a_title_are_numbered_as_in_the_file(tmp_path: Path) -> None:
    text = "Open orders\n\nOrder No,Customer No,Item No,Quantity,Promised Date\n"
    text += (
        "".join(f"A{number},K1,PUMP,{number},2026-03-10\n" for number in range(1, 9)) + "A9,K1,PUMP,many,2026-03-11\n"
    )
    report = loading.load([write(tmp_path, "report.csv", text)], home=Home(tmp_path / "home"), accept_rejects=True)
    assert [(row["line_number"], row["value"]) for row in report.rejected] == [(12, "many")]


def test_utf_16_is_read_with_its_title_and_total(tmp_path: Path) -> None:
    text = "Aufträge\nOrder No\tCustomer No\tItem No\tQuantity\tPromised Date\nA1\tMüller\tPUMP\t5\t2026-03-10\nTotal\t\t\t5\t\n"
    file = tmp_path / "report.txt"
    file.write_bytes(text.encode("utf-16"))
    home = Home(tmp_path / "home")
    loading.load([file], home=home)
    assert rows(home.open(), "select customer_id from extracts.order_lines") == [{"customer_id": "Müller"}]


# The command line


def objects(out: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in json.loads(out):
        found.setdefault(one["kind"], []).append(one)
    return found


def test_the_command_line_tells_a_scheduler_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(tmp_path / "home"))
    file = write(tmp_path, "orders.csv", ORDERS.replace("Liefertermin", "Zugesagtes Lieferdatum"))
    assert main(["load", str(file), "--dry-run", "--format", "json"]) == 0
    found = objects(capsys.readouterr().out)
    assert found["snapshot"][0]["snapshot"] is None
    assert {one["column_name"]: one["source"] for one in found["column"]}[
        "quantity"
    ] == "Menge (decimal comma, thousands point)"
    assert found["source"][0]["kept_count"] == 2
    assert Home(tmp_path / "home").live() is None

    assert main(["load", str(file), "--format", "json"]) == 0
    capsys.readouterr()
    file.write_text(file.read_text(encoding="utf-8").replace("3,0", "4,0").replace("4711;", "4711a;"), encoding="utf-8")
    assert main(["load", str(file), "--dry-run", "--format", "json"]) == 0
    found = objects(capsys.readouterr().out)
    [change] = found["change"]
    assert (change["added_count"], change["changed_count"], change["gone_count"]) == (1, 1, 1)
    assert {one["when"] for one in found["headline"]} == {"before", "after"}


def test_a_file_that_is_not_clear_ends_the_command_with_2_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(tmp_path / "home"))
    file = write(tmp_path, "orders.csv", ORDERS)
    assert main(["load", str(file)]) == 2
    said = capsys.readouterr().err
    assert "order_lines.promised_date: 'Liefertermin' can mean" in said
    assert "--accept-proposals" in said
    assert main(["load", str(file), "--accept-proposals"]) == 0
    assert "order_lines.promised_date = Liefertermin (day first)  (45 %" in capsys.readouterr().out


def test_a_log_of_a_later_version_is_left_alone_and_said(tmp_path: Path) -> None:
    import sqlite3

    home = Home(tmp_path / "home")
    log = Log(home.folder)
    log.save_mapping(fingerprint="x", file_name="a.csv", mapping={"name": "*"}, by="A planner")
    with sqlite3.connect(home.folder / "decisions.sqlite") as connection:
        connection.execute("pragma user_version = 99")
    with pytest.raises(Exception, match="written by a later version of the app"):
        log.mappings()
    report = loading.load(
        [
            write(
                tmp_path,
                "order_lines.csv",
                "order_id,customer_id,product_id,quantity,promised_date\nA1,K1,P,1,2026-03-10\n",
            )
        ],
        home=home,
    )
    assert report.snapshot  # loading goes on without what was confirmed


def test_nothing_in_the_log_is_changed_or_deleted(tmp_path: Path) -> None:
    import sqlite3

    log = Log(tmp_path)
    log.save_mapping(fingerprint="x", file_name="a.csv", mapping={"name": "*"}, by="A planner")
    for sql in ("update mappings set saved_by = 'Another'", "delete from mappings"):
        with (
            sqlite3.connect(tmp_path / "decisions.sqlite") as connection,
            pytest.raises(sqlite3.Error, match="append-only"),
        ):
            connection.execute(sql)
    assert [entry.saved_by for entry in log.mappings()] == ["A planner"]


def test_a_file_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        looked_at(tmp_path, write(tmp_path, "empty.csv", ""))
