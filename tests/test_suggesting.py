"""A proposed mapping file: read by a person, corrected, brought beside the extract."""

from __future__ import annotations

import gzip
import tomllib
from pathlib import Path

import pytest

from sop import loading, queries
from sop.cli import main
from sop.errors import MappingError
from sop.extracts import mapping_file
from sop.extracts.suggesting import suggest
from sop.snapshots import Home
from tests.test_bad_input import DELIVERIES, ORDERS, kept

SHARED = Path(__file__).parents[2] / "shared" / "data"
GERMAN = (
    "Auftrag;Position;Kundennummer;Artikelnummer;Menge;Preis;Liefertermin bestätigt;Wunschtermin\n"
    "4711;10;K-01;P-7;1.250,5;2,50;24.12.2025;13.12.2025\n4712;10;K-02;P-7;3,0;2,50;31.12.2025;30.12.2025\n"
)


def suggested(folder: Path, name: str, content: bytes) -> str:
    file = folder / name
    file.write_bytes(content)
    return suggest(file, name, folder)


def test_a_german_export_is_proposed_and_loads_as_proposed(tmp_path: Path) -> None:
    text = suggested(tmp_path, "auftraege.csv", GERMAN.encode("cp1252"))
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    home = Home(tmp_path / "home")
    loading.load([tmp_path / "auftraege.csv"], mappings=mapping_file.read(tmp_path / "mapping.toml"), home=home)
    found = home.open().sql(
        "select order_id, line_number, quantity::varchar, promised_date::varchar, requested_date::varchar"
        " from extracts.order_lines order by order_id"
    ).fetchall()  # fmt: skip
    assert found == [
        ("4711", "10", "1250.500", "2025-12-24", "2025-12-13"),
        ("4712", "10", "3.000", "2025-12-31", "2025-12-30"),
    ]


def test_what_cannot_be_decided_stands_there_as_a_question(tmp_path: Path) -> None:
    text = suggested(
        tmp_path,
        "orders.csv",
        b"Order,Customer,Item,Quantity,Delivery Date\nA1,C1,P1,5,2026-01-10\nA2,C2,P1,4,2026-02-10\n",
    )
    assert "# QUESTION:" in text
    assert "Delivery Date" in text


def test_a_required_column_that_is_missing_is_named(tmp_path: Path) -> None:
    text = suggested(tmp_path, "orders.csv", b"Order No,Customer No,Item No,Quantity\nA1,C1,P1,5\n")
    assert "# MISSING: order_lines.promised_date" in text


@pytest.mark.parametrize("header", ['Order\n[files.evil]\nx = "', 'Or"der = 1 #', "Order\\", "Order\u2028x\u0085y\rz"])
def test_a_header_cannot_write_into_the_mapping(tmp_path: Path, header: str) -> None:
    cell = '"' + header.replace('"', '""') + '"'
    content = f"{cell},Order No,Customer No,Item No,Quantity,Promised Date\nx,A1,C1,P1,5,2026-01-10\ny,A2,C1,P1,6,2026-01-11\n"
    read = tomllib.loads(suggested(tmp_path, 'a"b\n[c].csv'.replace("\n", " "), content.encode()))
    assert list(read) == ["files"]
    assert "evil" not in read["files"][0]


def test_an_unknown_file_says_how_to_get_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Order,Customer,Item,Quantity,Delivery Date\nA1,C1,P1,5,2026-01-10\n")
    with pytest.raises(MappingError, match="python -m sop propose FILE"):
        loading.load([tmp_path / "x.csv"], home=Home(tmp_path / "home"))


def test_packed_files_and_workbooks_load_like_plain_ones(tmp_path: Path) -> None:
    packed = tmp_path / "order_lines.csv.gz"
    packed.write_bytes(gzip.compress(ORDERS.encode()))
    plain = tmp_path / "deliveries.csv"
    plain.write_text(DELIVERIES)
    report = loading.load([packed, plain], home=Home(tmp_path / "home"))
    assert kept(report) == {"order_lines": 3, "deliveries": 2}
    assert {source["file_name"] for source in report.sources} == {"order_lines.csv", "deliveries.csv"}


def test_a_real_order_book_loads_by_its_proposal_to_the_last_digit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = SHARED / "scms" / "SCMS_Delivery_History_Dataset.csv"
    if not file.exists():
        pytest.skip(f"The real order books are not there; they are expected in {SHARED}.")
    monkeypatch.setenv("SOP_HOME", str(tmp_path / "home"))
    assert main(["propose", str(file)]) == 0
    (tmp_path / "scms.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["load", str(file), "--mapping", str(tmp_path / "scms.toml")]) == 0
    [row] = queries.ask(Home().open(), "overview/headline").fetchall()
    assert (row[1], row[2], str(row[4]), str(row[5])) == (10_319, 9_133, "259034278.49", "1625985416.34")
