"""A stranger's file ends in a clear message and nothing published, or in good rows and numbered rejects."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sop import loading
from sop.errors import SopError
from sop.snapshots import Home
from tests.hostile import broken, cells
from tests.hostile.good import LINES, as_text, deliveries, lines, write

Make = Callable[[Path], Path]

NORTHWIND = Path(__file__).parents[2].parent / "shared" / "data" / "northwind"
INTERNALS = (
    "Traceback",
    "duckdb",
    "DuckDB",
    "Exception",
    "read_csv",
    "column_0",
    "rowid",
    "/tmp",
    "source-",
    "unpacked-",
)
"""What no planner should have to read."""

NO_ROW = "the line is no row of the table: it is empty, a total, a remark or the header again."
IMAGE = "is an image, whatever its name says. Export the table as CSV and upload that. Nothing was published."
JSON = "is JSON, whatever its name says. Export the table as CSV and upload that. Nothing was published."
ENDLESS = "what begins there is longer than 2 MB; this is no row of a table, or a quotation mark is opened there and not closed."
QUOTATION = "a quotation mark is missing or too many, and what follows cannot be told apart. Nothing was published."

REFUSED: dict[Make, str] = {
    broken.empty: "order_lines.csv, line 1: there is no header; the file is empty. Nothing was published.",
    broken.blank_lines_only: "order_lines.csv, line 1: there is no header; the file is empty. Nothing was published.",
    broken.header_only: "order_lines.csv: no order line is left of 0 rows. There is nothing to review. Nothing was published.",
    broken.one_column: "order_lines.csv, line 1: only one column is found, 'order_id'.",
    broken.ten_thousand_columns: "order_lines.csv, line 1: 10000 columns are more than an extract can have (1000).",
    broken.a_line_of_200_megabytes: f"order_lines.csv, line 3: {ENDLESS}",
    broken.one_cell_of_200_megabytes: f"order_lines.csv, line 3: {ENDLESS}",
    broken.a_header_of_200_megabytes: "order_lines.csv, line 1: 116509 columns are more than an extract can have (1000).",
    broken.an_image: f"order_lines.csv {IMAGE}",
    broken.json_lines: f"order_lines.csv {JSON}",
    broken.one_json_line: f"order_lines.csv {JSON}",
    broken.a_web_page: "order_lines.csv is a web page or XML, whatever its name says.",
    broken.a_damaged_gzip: "order_lines.csv.gz is damaged or cut off: it cannot be decompressed. Send it again.",
    broken.a_gzip_bomb: "order_lines.csv.gz grows to more than ",
    broken.a_workbook_bomb: "order_lines.xlsx grows to more than ",
    broken.nul_bytes: "order_lines.csv, line 6: this is no text file (it holds a NUL character).",
    broken.nul_bytes_far_down: "order_lines.csv, line 20002: this is no text file (it holds a NUL character).",
    broken.a_quotation_mark_too_many: f"order_lines.csv, line 11: {QUOTATION}",
    broken.two_quotation_marks_too_many: f"order_lines.csv, line 11: {QUOTATION}",
    broken.doubled_header: "order_lines.csv, line 1: the column 'quantity' is there twice; rename one, or say which",
    broken.a_separator_too_many_throughout: (
        "order_lines.csv: more than 500,000 lines have another number of cells than the header, the first of them line 2:"
        " the line has 9 cells where the header has 8. Nothing was published."
    ),
    cells.day_zero_throughout: (
        "order_lines.csv: no order line is left of 40 rows. The first: order_lines.csv, line 2, promised_date:"
        ' "00/01/1900" is not a date'
    ),
    cells.ambiguous_days: "order_lines.csv: this must be decided before it can be used.",
}
"""Files that cannot be used, and how the message about each begins."""

LOADED: dict[Make, dict[int, str]] = {
    broken.no_gzip: {},
    broken.broken_utf_8: {12: 'customer_id: "M\ufffdller C3" holds a damaged character.'},
    broken.two_encodings: {},
    broken.mixed_line_ends: {},
    broken.inches: {},
    broken.a_line_end_in_a_cell: {},
    broken.one_broken_line: {22: "the line has 3 cells where the header has 8."},
    broken.shifted_cells: dict.fromkeys((5, 15), "the line has 9 cells where the header has 8."),
    broken.shifted_cells_of_full_width: dict.fromkeys((5, 15), "product_id is missing."),
    broken.shifted_cells_before_an_empty_one: dict.fromkeys((5, 15), "the line has 10 cells where the header has 9."),
    broken.a_separator_at_each_end: {},
    broken.cut_off: {41: "the line has 5 cells where the header has 8."},
    broken.header_in_the_middle: {22: NO_ROW},
    broken.empty_rows: dict.fromkeys(range(42, 60042), NO_ROW),
    broken.blank_rows_between: dict.fromkeys((13, 24, 35, 46, 57, 68, 79, 90), NO_ROW),
    broken.total_line: {22: NO_ROW, 43: NO_ROW},
    broken.doubled_and_empty_headers_beside: {},
    broken.tables_side_by_side: {},
    cells.no_numbers: {
        2 + place: f'quantity: "{text}" is not a number.' if text != "--5" else 'quantity: "-5.000". The ordered'
        for place, text in enumerate(cells.NO_NUMBERS)
    },
    cells.no_dates: {
        2 + place: f'promised_date: "{text}" is not a date written like 2026-10-31.'
        for place, text in enumerate(cells.NO_DATES)
    },
    cells.swapped_days_and_months: {},
    cells.all_days_and_months_swapped: {},
    cells.sept: {},
    cells.thousands_for_decimals: {},
    cells.blanks_around: {},
    cells.a_blank_at_the_very_end: {},
    cells.no_break_spaces: {},
    cells.zero_width_signs: {},
    cells.right_to_left: {},
    cells.formulas: {2 + place: 'quantity: "many" is not a number.' for place in range(len(cells.FORMULAS))},
    cells.markup: {},
    cells.markup_in_the_header: {},
    cells.a_pattern_for_a_name: {},
    cells.brackets_for_a_name: {},
    cells.a_partition_in_the_path: {},
    cells.a_quotation_mark_in_the_name: {},
    cells.markup_for_a_name: {},
}
"""Files of which the good rows load, and what is said of the lines that are set aside."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a home in which the good order book is live."""
    folder = tmp_path_factory.mktemp("published")
    files = [write(folder, as_text(lines())), write(folder, deliveries(), "deliveries.csv")]
    loading.load(files, home=Home(folder / "home"), created_by="a test")
    return folder / "home"


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Home:
    """A home of its own in which the good order book is live."""
    return Home(Path(shutil.copytree(published, tmp_path / "home")))


def load(file: Path, home: Home, **more: Any) -> loading.Report:
    """Load a file beside the good deliveries."""
    beside = write(file.parent / "beside", deliveries(), "deliveries.csv")
    return loading.load([file, beside], home=home, accept_rejects=True, created_by="a test", **more)


def everything_in(home: Home) -> dict[str, bytes]:
    """Every file of a home by its name, but for the empty one that keeps two loads apart."""
    files = (file for file in home.folder.rglob("*") if file.is_file() and file.name != "building.lock")
    return {str(file.relative_to(home.folder)): file.read_bytes() for file in files}


def counted(file: Path) -> int:
    """The records below the header on line 1, as Python's own reader counts them; blank lines are none."""
    raw = file.read_bytes()
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    return sum(1 for cells in csv.reader(io.StringIO(text, newline=None)) if cells) - 1


def of(file: Path, report: loading.Report) -> dict[str, Any]:
    """What the report counts for a file."""
    [source] = [source for source in report.sources if source["file_name"] == file.name.removesuffix(".gz")]
    return source


@pytest.mark.parametrize(("make", "said"), REFUSED.items(), ids=[make.__name__ for make in REFUSED])
def test_a_file_that_cannot_be_used_ends_in_a_plain_message_and_changes_nothing(
    home: Home, tmp_path: Path, make: Make, said: str
) -> None:
    file = make(tmp_path / "in")
    before = everything_in(home)
    with pytest.raises(SopError) as trouble:
        load(file, home)
    message = str(trouble.value)
    assert message.startswith(said)
    assert len(message) < 600
    assert [word for word in INTERNALS if word in message] == []
    assert everything_in(home) == before


@pytest.mark.parametrize(("make", "rejects"), LOADED.items(), ids=[make.__name__ for make in LOADED])
def test_the_good_rows_load_and_every_other_line_is_numbered_with_its_reason(
    home: Home, tmp_path: Path, make: Make, rejects: dict[int, str]
) -> None:
    file = make(tmp_path / "in")
    report = load(file, home)
    source, connection = of(file, report), home.open()
    assert home.live() == report.snapshot
    assert source["read_count"] == source["kept_count"] + source["rejected_count"] == counted(file)
    assert source["rejected_count"] == len(rejects)
    assert connection.sql("select count(*) from extracts.order_lines").fetchall() == [(source["kept_count"],)]
    found = connection.execute(
        "select line_number, column_name, value, reason from rejected_rows where file_name = $name",
        {"name": source["file_name"]},
    )
    said: dict[int, list[str]] = {}
    for line, column, value, reason in found.fetchall():
        row = {"file_name": "", "line_number": None, "column_name": column, "value": value, "reason": reason}
        said.setdefault(line, []).append(loading.rejection(row).lstrip(",: "))
    assert said.keys() == rejects.keys()
    for line, reason in rejects.items():
        assert any(text.startswith(reason) for text in said[line]), (line, said[line])
    assert not [file for file in home.snapshots.iterdir() if file.name.startswith(".")]


def ids_of(home: Home, column: str) -> list[str]:
    """The ids of the first order lines as they are kept; their orders are numbered as they stand in the file."""
    first = home.open().sql(f"select {column} from extracts.order_lines order by order_id, line_number limit 8")
    return [value for (value,) in first.fetchall()]


def test_ids_that_look_the_same_are_the_same(home: Home, tmp_path: Path) -> None:
    for make in (cells.zero_width_signs, cells.no_break_spaces):
        report = load(make(tmp_path / make.__name__), home)
        assert [row for row in report.rejected if row["file_name"] == "deliveries.csv"] == []
        assert ids_of(home, "order_id") == [row[0] for row in lines(8)]
        assert set(ids_of(home, "product_id")) == {row[3] for row in lines()}
    assert ids_of(home, "customer_id")[6:] == ["C 6", "C 6"]


def test_blanks_at_the_edge_of_a_cell_are_no_part_of_it(home: Home, tmp_path: Path) -> None:
    for make in (cells.blanks_around, cells.a_blank_at_the_very_end):
        load(make(tmp_path / make.__name__), home)
        kept = home.open().sql(
            "select order_id, line_number, customer_id, product_id, cast(quantity as integer)::varchar, promised_date::varchar,"
            " cast(unit_price as decimal(9, 2))::varchar, order_date::varchar from extracts.order_lines"
            " order by order_id, line_number"
        )
        assert [list(row) for row in kept.fetchall()] == lines()


def test_a_sign_that_turns_the_direction_of_writing_is_no_part_of_an_id(home: Home, tmp_path: Path) -> None:
    load(cells.right_to_left(tmp_path), home)
    assert ids_of(home, "customer_id")[:2] == ["gnp.exe", "شركة الخليج"]
    assert ids_of(home, "product_id")[2] == "P2"


def test_markup_formulas_and_sql_in_cells_are_kept_as_the_text_that_they_are(home: Home, tmp_path: Path) -> None:
    load(cells.markup(tmp_path), home)
    assert ids_of(home, "customer_id") == list(cells.MARKUP)
    assert home.open().sql("select count(*) from snapshot").fetchall() == [(1,)]


def test_spaces_that_do_not_break_do_not_break_numbers(home: Home, tmp_path: Path) -> None:
    load(cells.no_break_spaces(tmp_path), home)
    assert [int(quantity) for quantity in ids_of(home, "quantity")[:3]] == [1200, 2400, 3]


def test_days_and_months_that_were_all_swapped_are_swapped_back(home: Home, tmp_path: Path) -> None:
    report = load(cells.all_days_and_months_swapped(tmp_path), home)
    assert [str(day) for day in ids_of(home, "promised_date")] == [row[cells.PROMISED] for row in lines(8)]
    assert any("day and month look swapped" in note for one in report.recognised for note in one.sniffed.notes)


def test_promises_that_a_swap_moved_before_their_order_are_doubtful(home: Home, tmp_path: Path) -> None:
    report = load(cells.swapped_days_and_months(tmp_path), home)
    assert ("promise_before_order", "order_lines.csv") in {
        (row["rule_name"], row["file_name"]) for row in report.warnings
    }


def test_sept_is_september(home: Home, tmp_path: Path) -> None:
    load(cells.sept(tmp_path), home)
    [(days,)] = home.open().sql("select count(*) from extracts.order_lines where month(promised_date) = 9").fetchall()
    assert days == sum(1 for number in range(LINES) if number % 12 == 8)


def test_tables_side_by_side_and_two_encodings_are_said(home: Home, tmp_path: Path) -> None:
    for make, said in (
        (broken.tables_side_by_side, "Column 9 is an empty gap: two tables may stand side by side."),
        (broken.two_encodings, "The text is UTF-8 in part and no UTF-8 in part"),
    ):
        report = load(make(tmp_path / make.__name__), home)
        notes = [note for one in report.recognised for note in one.sniffed.notes]
        assert any(note.startswith(said) for note in notes), notes


@pytest.mark.parametrize("make", [cells.a_pattern_for_a_name, cells.brackets_for_a_name, cells.a_partition_in_the_path])
def test_a_name_that_is_a_pattern_reads_no_other_file_and_a_folder_is_no_column(
    home: Home, tmp_path: Path, make: Make
) -> None:
    load(make(tmp_path), home)
    assert ids_of(home, "order_id") == [row[0] for row in lines(8)]
    assert [int(quantity) for quantity in ids_of(home, "quantity")] == [int(row[cells.QUANTITY]) for row in lines(8)]


def test_a_name_full_of_quotation_marks_and_sql_is_only_a_name(home: Home, tmp_path: Path) -> None:
    file = cells.a_quotation_mark_in_the_name(tmp_path)
    report = load(file, home)
    assert home.manifest(report.snapshot or "").sources[0]["file_name"] == file.name


def test_three_hundred_thousand_lines_of_another_width_are_counted_and_the_good_rows_load(
    home: Home, tmp_path: Path
) -> None:
    file = broken.a_cell_for_each_line(tmp_path)
    source = of(file, load(file, home))
    assert (source["read_count"], source["kept_count"], source["rejected_count"]) == (counted(file), LINES, 300_000)


@pytest.mark.skipif(not NORTHWIND.exists(), reason=f"the real order books are expected in {NORTHWIND.parent}")
def test_northwinds_176_lines_with_unquoted_commas_are_numbered_and_all_others_kept(home: Home, tmp_path: Path) -> None:
    orders, details = NORTHWIND / "orders-unquoted-commas.csv", NORTHWIND / "order_details.csv"
    with orders.open(encoding="utf-8", newline="") as stream:
        bad = {number: len(row) for number, row in enumerate(csv.reader(stream), start=1) if len(row) != 14}
    report = loading.load([orders, details], home=Home(tmp_path), accept_rejects=True, accept_proposals=True)
    source = of(orders, report)
    assert (source["read_count"], source["kept_count"], source["rejected_count"]) == (830, 654, 176)
    numbered = {row["line_number"]: row["reason"] for row in report.rejected if row["file_name"] == orders.name}
    assert numbered == {line: f"the line has {cells} cells where the header has 14" for line, cells in bad.items()}
    for extract in ("order_lines", "deliveries"):
        [items] = [
            source
            for source in report.sources
            if (source["file_name"], source["extract_name"]) == (details.name, extract)
        ]
        assert items["read_count"] == items["kept_count"] + items["rejected_count"]
        assert extract == "deliveries" or items["read_count"] == counted(details)
