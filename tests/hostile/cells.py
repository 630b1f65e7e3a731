"""Tables that can be read and whose cells or names are hostile. One function a file; its docstring says what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from pathlib import Path

from tests.hostile.good import HEADER, LINES, Spoil, as_text, lines, spoilt, write

QUANTITY, PROMISED, PRICE = HEADER.index("quantity"), HEADER.index("promised_date"), HEADER.index("unit_price")
NO_NUMBERS = ("1e999", "NaN", "Infinity", "-inf", "0x1F", "1_000", "1e3", "ten", "--5", "5-5", "٣", "1,2,3")
NO_DATES = ("infinity", "epoch", "00/01/1900", "1900-01-00", "0001-01-01", "2026-02-30", "2026-13-01", "Sept", "today")
FORMULAS = ("=1+1", "+A1", "-A1", "@SUM(A1)", '=HYPERLINK("http://evil.example")', "\t=1+1", "=cmd|' /C calc'!A0")
MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://evil.example/x.png)",
    "[x](javascript:alert(1))",
    "$\\href{http://evil.example}{x}$",
    ":material/warning: :red[x]",
    "https://evil.example/x",
    "'; drop table snapshot; --",
)


def put(column: int, texts: Iterable[str]) -> Spoil:
    """Lay the texts into a column, one a row from the first on."""

    def spoil(rows: list[list[str]]) -> None:
        for row, text in zip(rows, texts, strict=False):
            row[column] = text

    return spoil


# --- numbers and dates ---------------------------------------------------------------------------------------------


def no_numbers(folder: Path) -> Path:
    """A quantity from line 2 on that is no number, though some programs take it for one."""
    return spoilt(folder, put(QUANTITY, (f'"{text}"' for text in NO_NUMBERS)))


def no_dates(folder: Path) -> Path:
    """A promised date from line 2 on that is no day, though some programs take it for one."""
    return spoilt(folder, put(PROMISED, NO_DATES))


def day_zero_throughout(folder: Path) -> Path:
    """Every promised date is 00/01/1900, as a spreadsheet that lost its dates saves them."""
    return spoilt(folder, put(PROMISED, repeat("00/01/1900")))


def swapped_days_and_months(folder: Path) -> Path:
    """Day and month changed places inside the ISO dates, wherever a spreadsheet could do so: on no day after the 12th."""

    def swap(rows: list[list[str]]) -> None:
        for row in rows:
            year, month, day = row[PROMISED].split("-")
            if int(day) <= 12:
                row[PROMISED] = f"{year}-{day}-{month}"

    return spoilt(folder, swap)


def all_days_and_months_swapped(folder: Path) -> Path:
    """Every promised date is written year, day, month."""

    def swap(rows: list[list[str]]) -> None:
        for row in rows:
            year, month, day = row[PROMISED].split("-")
            row[PROMISED] = f"{year}-{day}-{month}"

    return spoilt(folder, swap)


def ambiguous_days(folder: Path) -> Path:
    """Promised on 03/04/2026 and the like: no date can tell the day from the month."""

    def write_both_ways(rows: list[list[str]]) -> None:
        for number, row in enumerate(rows):
            row[PROMISED] = f"{1 + number % 12:02}/{1 + number % 11:02}/2026"

    return spoilt(folder, write_both_ways)


def sept(folder: Path) -> Path:
    """Dates with month names, and Sept for September."""

    def name(rows: list[list[str]]) -> None:
        names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")
        for number, row in enumerate(rows):
            row[PROMISED] = f"{1 + number % 28} {names[number % 12]} 2026"

    return spoilt(folder, name)


def thousands_for_decimals(folder: Path) -> Path:
    """A price of 2,024,994 among prices of 12.50: meant was 2024.994, and nobody can know."""
    return spoilt(folder, lambda rows: rows[4].__setitem__(PRICE, '"2,024,994"'))


# --- signs that nobody sees ----------------------------------------------------------------------------------------


def no_break_spaces(folder: Path) -> Path:
    """Spaces that do not break stand in numbers and in and around ids, and a tab before an id."""

    def space(rows: list[list[str]]) -> None:
        rows[0][QUANTITY], rows[1][QUANTITY], rows[2][QUANTITY] = "1\u00a0200", "2\u202f400", "\u00a03"
        rows[3][0], rows[4][2] = f"\u00a0{rows[3][0]}", f"{rows[4][2]}\u00a0"
        rows[5][0], rows[6][2], rows[7][2] = f"\t{rows[5][0]}", "C\u00a06", "C 6"

    return spoilt(folder, space)


def zero_width_signs(folder: Path) -> Path:
    """Ids with a zero-width space, a joiner or a byte order mark inside, so that equal ids look equal and are not."""

    def hide(rows: list[list[str]]) -> None:
        rows[0][0] = "SO-\u200b00000"
        rows[1][2] = f"{rows[1][2]}\u200d"
        rows[2][3] = f"\ufeff{rows[2][3]}"

    return spoilt(folder, hide)


def right_to_left(folder: Path) -> Path:
    """Signs that turn the direction of writing, so that what is shown is not what is there; and a customer in Arabic."""

    def turn(rows: list[list[str]]) -> None:
        rows[0][2] = "\u202egnp.exe\u202c"
        rows[1][2] = "شركة الخليج"
        rows[2][3] = "P2\u200f"

    return spoilt(folder, turn)


# --- cells and names that want to be more than text ----------------------------------------------------------------


def formulas(folder: Path) -> Path:
    """Customers whose names a spreadsheet would run."""

    def place(rows: list[list[str]]) -> None:
        for row, text in zip(rows, FORMULAS, strict=False):
            row[2] = '"' + text.replace('"', '""') + '"'
            row[QUANTITY] = "many"

    return spoilt(folder, place)


def markup(folder: Path) -> Path:
    """Customers and products whose names are HTML, Markdown, LaTeX, links and SQL."""

    def place(rows: list[list[str]]) -> None:
        for row, text in zip(rows, MARKUP, strict=False):
            row[2] = row[3] = f'"{text}"'

    return spoilt(folder, place)


def markup_in_the_header(folder: Path) -> Path:
    """Columns that nobody needs are called as markup."""
    header = [*HEADER, *(f'"{text}"' for text in MARKUP)]
    return write(folder, as_text([[*row, *MARKUP] for row in lines()], header))


def a_pattern_for_a_name(folder: Path) -> Path:
    """It is called *.csv, and other order lines stand beside it."""
    write(folder, as_text([[f"OTHER-{row[0]}", *row[1:]] for row in lines(LINES - 1)]), "order_lines_of_others.csv")
    return write(folder, as_text(lines(LINES - 1)), "*.csv")


def brackets_for_a_name(folder: Path) -> Path:
    """It is called [ab].csv, and a.csv and b.csv stand beside it."""
    for name in ("a.csv", "b.csv"):
        write(folder, as_text([[f"OTHER-{row[0]}", *row[1:]] for row in lines(LINES - 1)]), name)
    return write(folder, as_text(lines(LINES - 1)), "[ab].csv")


def a_partition_in_the_path(folder: Path) -> Path:
    """It lies in a folder called quantity=9, which DuckDB would make a column of."""
    return write(folder, as_text(lines(LINES - 1)), "quantity=9/order_lines.csv")


def a_quotation_mark_in_the_name(folder: Path) -> Path:
    """Its name and its folder's hold quotation marks and SQL."""
    return write(folder, as_text(lines(LINES - 1)), "o'clock/'); drop table snapshot; --.csv")


def markup_for_a_name(folder: Path) -> Path:
    """Its name is markup."""
    return write(folder, as_text(lines(LINES - 1)), "<img src=x onerror=alert(1)> [x](javascript:alert(1)).csv")
