"""A planner with a bad file: each trouble has a plain message with file and line, and the rest of the rows load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sop import loading
from sop.cli import main
from sop.errors import MappingError, SettingsError, SnapshotError, SourceError, TooManyRejects
from sop.extracts import mapping_file
from sop.snapshots import Home

ORDERS = """order_id,line_number,customer_id,product_id,quantity,promised_date,unit_price,order_date
A1,10,ACME,PUMP,5,2026-03-10,100,2026-02-01
A1,20,ACME,SEAL,8,2026-03-12,2.50,2026-02-01
A2,10,BRIO,PUMP,1,2026-04-01,100,2026-02-20
"""
DELIVERIES = """order_id,line_number,delivered_date,quantity
A1,10,2026-03-09,5
A1,20,2026-03-15,8
"""


def write(folder: Path, **texts: str | bytes) -> list[Path]:
    files = []
    for name, text in texts.items():
        file = folder / f"{name}.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        files.append(file)
    return files


def load(folder: Path, **texts: str | bytes) -> loading.Report:
    return loading.load(write(folder, **texts), home=Home(folder / "home"), accept_rejects=True)


def reasons(report: loading.Report) -> list[str]:
    return [loading.rejection(row) for row in report.rejected]


def kept(report: loading.Report) -> dict[str, int]:
    return {source["extract_name"]: source["kept_count"] for source in report.sources}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A3,10,ACME,PUMP,5,next week,100,2026-02-01", 'promised_date: "next week" is not a date written like 2026-10-31.'),
        ("A3,10,ACME,PUMP,5,2026-02-30,100,2026-02-01", 'promised_date: "2026-02-30" is not a date written like 2026-10-31.'),
        ("A3,10,ACME,PUMP,5,epoch,100,2026-02-01", 'promised_date: "epoch" is not a date written like 2026-10-31.'),
        ("A3,10,ACME,PUMP,5,infinity,100,2026-02-01", 'promised_date: "infinity" is not a date written like 2026-10-31.'),
        ("A3,10,ACME,PUMP,5,1900-01-00,100,2026-02-01", 'promised_date: "1900-01-00" is not a date written like 2026-10-31.'),
        ("A3,10,ACME,PUMP,ten,2026-03-10,100,2026-02-01", 'quantity: "ten" is not a number.'),
        ("A3,10,ACME,PUMP,1e3,2026-03-10,100,2026-02-01", 'quantity: "1e3" is not a number.'),
        ("A3,10,ACME,PUMP,1_000,2026-03-10,100,2026-02-01", 'quantity: "1_000" is not a number.'),
        ("A3,10,ACME,PUMP,NaN,2026-03-10,100,2026-02-01", 'quantity: "NaN" is not a number.'),
        ("A3,10,ACME,PUMP,1e999,2026-03-10,100,2026-02-01", 'quantity: "1e999" is not a number.'),
        ("A3,10,ACME,PUMP,,2026-03-10,100,2026-02-01", "quantity is missing."),
        ("A3,10,,PUMP,5,2026-03-10,100,2026-02-01", "customer_id is missing."),
        ("A3,10,ACME,PUMP,-5,2026-03-10,100,2026-02-01",
         'quantity: "-5.000". The ordered quantity is negative.'),
        ("A1,10,ACME,PUMP,6,2026-03-11,100,2026-02-01",
         'line_number: "A1 10". The order line is in the file before.'),
        ("A3,10,ACME", "the line has 3 cells where the header has 8."),
        ("A3,10,ACME,PUMP,5,2026-03-10,100,2026-02-01,extra", "the line has 9 cells where the header has 8."),
    ],
)  # fmt: skip
def test_a_bad_order_line_is_named_by_file_line_and_cell_and_the_rest_load(
    tmp_path: Path, line: str, reason: str
) -> None:
    orders = ORDERS.replace("A2,10", f"{line}\nA2,10")
    report = load(tmp_path, order_lines=orders, deliveries=DELIVERIES)
    [said] = reasons(report)
    assert said.startswith("order_lines.csv, line 4")
    assert said.endswith(reason)
    assert kept(report) == {"order_lines": 3, "deliveries": 2}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A9,10,2026-03-09,5", 'order_id: "A9 10". The delivery belongs to no order line that is known.'),
        ("A2,10,2026-13-09,1", 'delivered_date: "2026-13-09" is not a date written like 2026-10-31.'),
        ("A2,10,2026-03-09,-1", 'quantity: "-1.000". The delivered quantity is negative.'),
        ("A2,10,,1", "delivered_date: The delivery has no date, neither delivered nor shipped."),
    ],
)
def test_a_bad_delivery_is_named_by_file_line_and_cell_and_the_rest_load(
    tmp_path: Path, line: str, reason: str
) -> None:
    report = load(tmp_path, order_lines=ORDERS, deliveries=f"{DELIVERIES}{line}\n")
    [said] = reasons(report)
    assert said.startswith("deliveries.csv, line 4")
    assert said.endswith(reason)
    assert kept(report) == {"order_lines": 3, "deliveries": 2}


def test_a_delivery_after_the_day_the_extracts_speak_for_is_refused(tmp_path: Path) -> None:
    import datetime

    files = write(tmp_path, order_lines=ORDERS, deliveries=DELIVERIES)
    report = loading.load(files, as_of=datetime.date(2026, 3, 10), home=Home(tmp_path / "home"), accept_rejects=True)
    [said] = reasons(report)
    assert said.startswith('deliveries.csv, line 3, delivered_date: "2026-03-15"')


def test_a_delivery_of_a_refused_order_line_is_refused_too(tmp_path: Path) -> None:
    report = load(
        tmp_path, order_lines=ORDERS.replace("A1,20,ACME,SEAL,8", "A1,20,ACME,SEAL,eight"), deliveries=DELIVERIES
    )
    assert [said.split(",")[0] for said in reasons(report)] == ["order_lines.csv", "deliveries.csv"]
    assert kept(report) == {"order_lines": 2, "deliveries": 1}


def test_the_line_is_right_behind_blank_lines_and_cells_with_line_ends(tmp_path: Path) -> None:
    orders = ORDERS.replace("A1,10,ACME", '"A0",10,"AC\nME",PUMP,1,2026-03-01,1,2026-02-01\n\nA1,10,ACME')
    report = load(
        tmp_path, order_lines=orders.replace("A2,10,BRIO,PUMP,1", "A2,10,BRIO,PUMP,one"), deliveries=DELIVERIES
    )
    [said] = reasons(report)
    assert said == 'order_lines.csv, line 7, quantity: "one" is not a number.'


def test_rejected_rows_are_kept_with_their_cells_in_the_snapshot(tmp_path: Path) -> None:
    load(tmp_path, order_lines=ORDERS.replace(",5,", ",five,"), deliveries=DELIVERIES.replace("A1,10", "A2,10"))
    connection = Home(tmp_path / "home").open()
    [row] = connection.sql(
        "select file_name, line_number, column_name, value, reason, cells from rejected_rows"
    ).fetchall()
    assert row[:4] == ("order_lines.csv", 2, "quantity", "five")
    assert row[5] == ["A1", "10", "ACME", "PUMP", "five", "2026-03-10", "100", "2026-02-01"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "order_lines.csv, line 1: there is no header; the file is empty. Nothing was published."),
        (b"\n\n\n", "order_lines.csv, line 1: there is no header; the file is empty. Nothing was published."),
        (b"order_id\nA1\n", "order_lines.csv, line 1: only one column is found, 'order_id'."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "order_lines.csv is an image, whatever its name says."),
        (ORDERS.replace("ACME", "A\0ME").encode(), "order_lines.csv, line 2: this is no text file (it holds a NUL character)."),
        (b"a,b,c\n1,2,3\n", "order_lines.csv: no extract is recognised in its columns (a, b, c)."),
        (",".join(f"c{number}" for number in range(2000)).encode(), "order_lines.csv, line 1: 2000 columns are more than"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_why_and_publishes_nothing(tmp_path: Path, text: bytes, said: str) -> None:
    with pytest.raises((SourceError, MappingError)) as trouble:
        load(tmp_path, order_lines=text)
    assert str(trouble.value).startswith(said)
    assert Home(tmp_path / "home").live() is None
    assert not list((tmp_path / "home" / "snapshots").iterdir())


def test_a_file_of_the_windows_code_page_is_read_without_being_told(tmp_path: Path) -> None:
    load(tmp_path, order_lines=ORDERS.replace("ACME", "M\u00fcller").encode("cp1252"), deliveries=DELIVERIES)
    found = Home(tmp_path / "home").open().sql("select distinct customer_id from extracts.order_lines order by 1")
    assert ("M\u00fcller",) in found.fetchall()


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"nowhere\.csv cannot be read: No such file or directory\. Nothing was published\."
    ):
        loading.load([tmp_path / "nowhere.csv"], home=Home(tmp_path / "home"))


def test_a_folder_instead_of_a_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read: Is a directory"):
        loading.load([tmp_path], home=Home(tmp_path / "home"))


def test_an_unbalanced_quotation_mark_loses_no_row_unsaid(tmp_path: Path) -> None:
    orders = ORDERS.replace("A1,20,ACME", 'A1,20,"ACME')
    try:
        report = load(tmp_path, order_lines=orders, deliveries=DELIVERIES)
    except SourceError as trouble:
        assert "quotation mark" in str(trouble)
    else:
        assert any("quotation mark" in said for said in reasons(report))


def test_a_quotation_mark_inside_a_cell_is_an_inch(tmp_path: Path) -> None:
    report = load(tmp_path, order_lines=ORDERS.replace("SEAL", '5" pipe'), deliveries=DELIVERIES)
    assert kept(report) == {"order_lines": 3, "deliveries": 2}


def test_a_file_named_like_a_pattern_reads_itself_only(tmp_path: Path) -> None:
    write(tmp_path, order_lines_of_somebody_else=ORDERS.replace("A1", "Z1"))
    file = tmp_path / "*.csv"
    file.write_text(ORDERS)
    report = loading.load([file], home=Home(tmp_path / "home"))
    assert report.sources[0]["file_name"] == "*.csv"
    assert kept(report) == {"order_lines": 3}


def test_too_many_rejects_publish_nothing_unless_accepted(tmp_path: Path) -> None:
    files = write(tmp_path, order_lines=ORDERS.replace(",5,", ",five,"))
    with pytest.raises(TooManyRejects, match=r"order_lines\.csv: 1 of 3 rows were rejected"):
        loading.load(files, home=Home(tmp_path / "home"))
    assert Home(tmp_path / "home").live() is None
    assert (
        loading.load(files, home=Home(tmp_path / "home"), accept_rejects=True).snapshot
        == Home(tmp_path / "home").live()
    )


def test_a_failed_load_leaves_the_live_snapshot_as_it_was(tmp_path: Path) -> None:
    first = load(tmp_path, order_lines=ORDERS, deliveries=DELIVERIES)
    with pytest.raises((SourceError, MappingError)):
        load(tmp_path, order_lines=b"\xff\xfe\xff")
    home = Home(tmp_path / "home")
    assert home.live() == first.snapshot
    assert [manifest.id for manifest in home.history()] == [first.snapshot]


def test_doubtful_rows_are_kept_and_counted(tmp_path: Path) -> None:
    customers = "customer_id,customer_name,tier\nACME,Acme,A\n"
    orders = ORDERS.replace("2.50", "").replace("2026-04-01", "2026-01-01")
    report = load(tmp_path, order_lines=orders, deliveries=DELIVERIES, customers=customers)
    noted = {row["rule_name"]: (row["row_count"], row["line_number"]) for row in report.warnings}
    assert noted["order_line_of_unknown_customer"] == (1, 4)
    assert noted["order_line_without_price"] == (1, 3)
    assert noted["promise_before_order"] == (1, 4)
    assert kept(report)["order_lines"] == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("files = 3", "a mapping is one or more [[files]] tables"),
        ("[[files]]\nname = 'x'", "the file feeds no extract"),
        ("[[files]]\ncolour = 'red'", "'colour' is neither a way of reading nor an extract"),
        ("[[files]]\n[files.order_lines]\norder = 'x'", "order_lines has no column 'order'"),
        (
            "[[files]]\n[files.order_lines]\norder_id = 'x'",
            "order_lines needs customer_id, product_id, quantity, promised_date",
        ),
        ("[[files]]\nencoding = 'klingon'\n[files.customers]\ncustomer_id = 'x'", "there is no encoding 'klingon'"),
        ("[[files]]\n[files.customers]\ncustomer_id = 7", "customers.customer_id: write"),
        ("[[files]", "the mapping cannot be read"),
    ],
)
def test_a_mapping_that_makes_no_sense_says_where(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(text)
    with pytest.raises(MappingError) as trouble:
        mapping_file.read(file)
    assert said in str(trouble.value)
    assert str(trouble.value).startswith("mapping.toml")


def test_a_mapping_that_names_a_column_the_file_lacks_says_which_and_what_there_is(tmp_path: Path) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text("[[files]]\n[files.customers]\ncustomer_id = 'Kunde'\n")
    with pytest.raises(MappingError) as trouble:
        loading.load(
            write(tmp_path, k="Nummer,Name\n1,x\n"), mappings=mapping_file.read(file), home=Home(tmp_path / "home")
        )
    assert str(trouble.value) == (
        "k.csv: customers.customer_id is to come from column 'Kunde', which is not in the file."
        " The file has: Nummer, Name."
    )


def test_a_mapping_reads_semicolons_decimal_commas_and_local_dates(tmp_path: Path) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(
        """[[files]]
name = "auftr*"
delimiter = ";"
encoding = "windows-1252"
decimal = ","
thousands = "."
date_format = "%d.%m.%Y"
empty = ["-"]
[files.order_lines]
order_id = "Auftrag"
customer_id = "Kunde"
product_id = "Artikel"
quantity = "Menge"
unit_price = "Preis"
promised_date = "Liefertermin"
requested_date = "Wunschtermin"
status = { constant = "open" }
"""
    )
    text = "Auftrag;Kunde;Artikel;Menge;Preis;Liefertermin;Wunschtermin\n007;M\u00fcller;P1;1.234,5;2,50;31.12.2025;-\n"
    source = tmp_path / "Auftraege.csv"
    source.write_bytes(text.encode("cp1252"))
    loading.load([source], mappings=mapping_file.read(file), home=Home(tmp_path / "home"))
    [row] = Home(tmp_path / "home").open().sql(
        "select order_id, line_number, customer_id, quantity::varchar, unit_price::varchar, promised_date::varchar,"
        " requested_date, status from extracts.order_lines"
    ).fetchall()  # fmt: skip
    assert row == ("007", "P1", "M\u00fcller", "1234.500", "2.5000", "2025-12-31", None, "open")


def test_a_file_that_feeds_several_extracts_counts_a_row_without_a_delivery_as_none(tmp_path: Path) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(
        """[[files]]
[files.customers]
customer_id = "who"
[files.order_lines]
order_id = "no"
customer_id = "who"
product_id = "what"
quantity = "ordered"
promised_date = "due"
[files.deliveries]
order_id = "no"
line_number = "what"
quantity = "came"
delivered_date = "on"
"""
    )
    text = (
        "no,who,what,ordered,due,came,on\n1,ACME,P,5,2026-01-10,5,2026-01-09\n"
        "2,ACME,P,5,2026-02-10,,\n3,BRIO,P,5,2026-02-10,x,2026-02-09\n"
    )
    files = write(tmp_path, report=text)
    report = loading.load(files, mappings=mapping_file.read(file), home=Home(tmp_path / "home"), accept_rejects=True)
    assert kept(report) == {"customers": 2, "order_lines": 3, "deliveries": 1}
    assert reasons(report) == ['report.csv, line 4, quantity: "x" is not a number.']


def test_a_settings_file_with_nonsense_says_which_line(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    for text, said in [
        ("currenzy = 'EUR'", "there is no setting 'currenzy'"),
        ("promise_target = 95", "is not a share"),
    ]:
        (home.folder / "settings.toml").write_text(text)
        with pytest.raises(SettingsError, match=said):
            loading.load(write(tmp_path, order_lines=ORDERS), home=home)


def test_two_loads_at_once_do_not_mix(tmp_path: Path) -> None:
    import filelock

    home = Home(tmp_path / "home")
    home.snapshots.mkdir(parents=True)
    with (
        filelock.FileLock(home.folder / "building.lock"),
        pytest.raises(SnapshotError, match="Somebody else is loading"),
    ):
        loading.load(write(tmp_path, order_lines=ORDERS), home=home)


def test_the_command_line_answers_with_the_codes_that_schedulers_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(tmp_path / "home"))
    [good] = write(tmp_path, order_lines=ORDERS)
    [bad] = write(tmp_path, other=ORDERS.replace(",5,", ",five,"))
    assert main(["ask", "overview/headline"]) == 2
    assert main(["load", str(tmp_path / "nowhere.csv")]) == 2
    assert main(["load", str(bad)]) == 1
    assert main(["load", str(bad), "--dry-run"]) == 0
    assert Home(tmp_path / "home").live() is None
    assert main(["load", str(good)]) == 0
    assert main(["ask", "overview/nothing"]) == 2
    assert main(["ask", "overview/headline", "colour=red"]) == 2
    assert main(["ask", "overview/headline", "first_month=soon"]) == 2
    assert main(["rollback", "../../etc"]) == 2
    capsys.readouterr()
    assert main(["ask", "overview/headline", "first_month=2026-03", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == (
        "as_of_date,due_count,kept_count,promise_rate,gap_value,due_value,overdue_count"
    )


def test_rolling_back_publishes_the_snapshot_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_HOME", str(tmp_path / "home"))
    first = load(tmp_path, order_lines=ORDERS).snapshot
    second = load(tmp_path, order_lines=ORDERS.replace("2026-03-10", "2026-03-20")).snapshot
    home = Home(tmp_path / "home")
    assert first and second and home.live() == second != first
    assert main(["rollback", first]) == 0
    assert home.live() == first
    assert {manifest.id for manifest in home.history()} == {first, second}


def test_what_a_killed_load_left_behind_is_swept_by_the_next(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    (home.snapshots / ".building-dead").mkdir(parents=True)
    (home.snapshots / ".building-dead" / "half.duckdb").write_bytes(b"half")
    (home.snapshots / "20260101-000000-dead00.duckdb").write_bytes(b"never listed")
    report = load(tmp_path, order_lines=ORDERS)
    assert sorted(file.name for file in home.snapshots.iterdir()) == [
        f"{report.snapshot}.duckdb",
        f"{report.snapshot}.json",
    ]


@pytest.mark.parametrize(
    "after", ["Looking at", "Looking the files", "Reading", "Checking", "Building promises", "Publishing"]
)
def test_a_load_killed_at_any_step_leaves_the_live_snapshot(tmp_path: Path, after: str) -> None:
    first = load(tmp_path, order_lines=ORDERS, deliveries=DELIVERIES).snapshot
    home = Home(tmp_path / "home")
    [file] = write(tmp_path, order_lines=ORDERS.replace("2026-03-10", "2026-03-20"))
    script = (
        "import os, sys; from pathlib import Path; from sop import loading; from sop.snapshots import Home\n"
        "step = lambda said: os._exit(9) if said.startswith(sys.argv[3]) else None\n"
        "loading.load([Path(sys.argv[1])], home=Home(Path(sys.argv[2])), on_step=step)\n"
    )
    top = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", script, str(file), str(home.folder), after], cwd=top, check=False)
    assert done.returncode == 9
    assert home.live() == first
    assert home.open().sql("select count(*) from marts.promises").fetchall() == [(3,)]
    assert [manifest.id for manifest in home.history()] == [first]
    second = load(tmp_path, order_lines=ORDERS.replace("2026-03-10", "2026-03-20")).snapshot
    assert home.live() == second != first


def test_a_quotation_mark_that_swallows_thousands_of_rows_is_no_single_reject(tmp_path: Path) -> None:
    lines = [f"B{number},10,ACME,PUMP,1,2026-03-10,1,2026-02-01" for number in range(10_000)]
    lines[30] = lines[30].replace("PUMP", '"PUMP')
    with pytest.raises(SourceError, match=r"order_lines\.csv, line 32: a quotation mark is missing or too many"):
        load(tmp_path, order_lines="\n".join([ORDERS.splitlines()[0], *lines]))


def test_an_upload_without_any_order_line_does_not_replace_those_that_are_live(tmp_path: Path) -> None:
    first = load(tmp_path, order_lines=ORDERS, deliveries=DELIVERIES).snapshot
    with pytest.raises(SourceError, match=r"order_lines\.csv: no order line is left of 0 rows"):
        load(tmp_path, order_lines=ORDERS.splitlines()[0] + "\n")
    assert Home(tmp_path / "home").live() == first


def test_the_same_delivery_twice_counts_once(tmp_path: Path) -> None:
    deliveries = (
        "delivery_id,order_id,line_number,delivered_date,quantity\n"
        "D1,A1,10,2026-03-09,3\nD1,A1,20,2026-03-09,3\nD1,A1,10,2026-03-09,3\n"
    )
    report = load(tmp_path, order_lines=ORDERS, deliveries=deliveries)
    assert reasons(report) == [
        'deliveries.csv, line 4, delivery_id: "D1". The delivery is in the file before: the same number, order line, day and'
        " quantity."
    ]


def test_a_delivery_without_a_number_that_is_like_another_is_doubtful(tmp_path: Path) -> None:
    report = load(tmp_path, order_lines=ORDERS, deliveries=f"{DELIVERIES}A1,10,2026-03-09,5\n")
    assert [(row["rule_name"], row["line_number"]) for row in report.warnings] == [("delivery_like_another", 4)]


def test_two_months_of_an_order_report_repeat_their_customers_without_harm(tmp_path: Path) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(
        """[[files]]
[files.customers]
customer_id = "who"
[files.order_lines]
order_id = "no"
customer_id = "who"
product_id = "what"
quantity = "much"
promised_date = "due"
order_date = "due"
"""
    )
    texts = {f"report{month}": f"no,who,what,much,due\n{month},ACME,P,1,2026-0{month}-01\n" for month in (1, 2)}
    report = loading.load(write(tmp_path, **texts), mappings=mapping_file.read(file), home=Home(tmp_path / "home"))
    assert [(source["extract_name"], source["kept_count"]) for source in report.sources] == [
        ("customers", 1), ("order_lines", 1), ("customers", 0), ("order_lines", 1),
    ]  # fmt: skip


def test_mixed_line_ends_are_read(tmp_path: Path) -> None:
    head, one, two, three = ORDERS.splitlines()
    report = load(tmp_path, order_lines=f"{head}\r\n{one}\n{two}\r{three}\r\n")
    assert kept(report) == {"order_lines": 3}


def test_lines_are_right_behind_a_cell_with_a_line_end_and_a_short_line(tmp_path: Path) -> None:
    head = ORDERS.splitlines()[0]
    report = load(
        tmp_path,
        order_lines=f'{head}\nA,1,C,"P\n1",10,2026-01-10,5,2026-01-01\nA,2,C\nA,3,C,P,bad,2026-01-10,5,2026-01-01\n',
    )
    assert reasons(report) == [
        "order_lines.csv, line 4: the line has 3 cells where the header has 8.",
        'order_lines.csv, line 5, quantity: "bad" is not a number.',
    ]


def test_a_column_that_is_there_twice_but_for_capitals_is_not_chosen_silently(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="the column 'quantity' is there twice"):
        load(tmp_path, order_lines=ORDERS.replace("unit_price", "Quantity"))


def test_capitals_do_not_change_a_status(tmp_path: Path) -> None:
    orders = ORDERS.replace("order_date", "status").replace("2026-02-01", "Cancelled").replace("2026-02-20", "OPEN")
    load(tmp_path, order_lines=orders)
    found = (
        Home(tmp_path / "home")
        .open()
        .sql("select status from marts.promises order by order_id, line_number")
        .fetchall()
    )
    assert found == [("cancelled",), ("cancelled",), ("open",)]


def test_a_slip_in_the_year_is_doubtful_and_makes_no_hundred_silent_years(tmp_path: Path) -> None:
    report = load(tmp_path, order_lines=ORDERS.replace("2026-04-01", "2126-04-01"), deliveries=DELIVERIES)
    assert "promise_far_away" in {row["rule_name"] for row in report.warnings}
    [(months, lines)] = Home(tmp_path / "home").open().sql(
        "select count(*), sum(line_count) from marts.company_months"
    ).fetchall()  # fmt: skip
    assert months <= 62
    assert lines == 3


def test_a_newest_date_far_from_all_others_is_doubtful(tmp_path: Path) -> None:
    report = load(tmp_path, order_lines=ORDERS, deliveries=DELIVERIES.replace("2026-03-15", "2062-03-15"))
    assert "newest_delivery_stands_alone" in {row["rule_name"] for row in report.warnings}


def test_quantities_that_no_order_has_are_refused_one_by_one(tmp_path: Path) -> None:
    orders = ORDERS.replace("A1,20,ACME,SEAL,8", "A1,20,ACME,SEAL,9000000000000")
    deliveries = DELIVERIES.replace("A1,10,2026-03-09,5", "A1,10,2026-03-09,900000000000000")
    report = load(tmp_path, order_lines=orders, deliveries=deliveries)
    assert [(row["extract_name"], row["line_number"]) for row in report.rejected] == [
        ("order_lines", 3), ("deliveries", 3), ("deliveries", 2),
    ]  # fmt: skip


def test_a_damaged_live_snapshot_is_not_called_unchanged(tmp_path: Path) -> None:
    first = load(tmp_path, order_lines=ORDERS).snapshot
    home = Home(tmp_path / "home")
    with home.file(first or "").open("r+b") as file:
        file.truncate(50_000)
    with pytest.raises(SnapshotError, match="is damaged"):
        load(tmp_path, order_lines=ORDERS)
    with pytest.raises(SnapshotError, match="cannot be opened"):
        home.open()


@pytest.mark.parametrize("words", [["run", "--port", "99999999"], ["sample", "--order-lines", "-5", "--out", "x"]])
def test_words_that_make_no_sense_are_refused_before_anything_starts(words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2


def test_a_live_pointer_that_is_no_text_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_HOME", str(tmp_path))
    (tmp_path / "live").write_bytes(b"\xff\xfe")
    assert main(["ask", "overview/headline"]) == 2
    assert main(["snapshots"]) == 2
