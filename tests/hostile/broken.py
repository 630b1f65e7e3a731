"""Files that are no table, or are broken as bytes or as lines. One function a file; its docstring says what is wrong."""

from __future__ import annotations

import gzip
import json
import struct
import zipfile
import zlib
from pathlib import Path

from tests.hostile.good import HEADER, as_text, lines, write

MILLION = 1_000_000


# --- no table ------------------------------------------------------------------------------------------------------


def empty(folder: Path) -> Path:
    """There is not one byte in it."""
    return write(folder, b"")


def blank_lines_only(folder: Path) -> Path:
    """Line ends and nothing else."""
    return write(folder, b"\r\n" * 50)


def header_only(folder: Path) -> Path:
    """A header and not one row."""
    return write(folder, as_text([]))


def one_column(folder: Path) -> Path:
    """One column of order numbers."""
    return write(folder, as_text([[row[0]] for row in lines()], HEADER[:1]))


def ten_thousand_columns(folder: Path) -> Path:
    """The order lines, and behind them 9,992 columns that nobody needs."""
    more = 10_000 - len(HEADER)
    header = [*HEADER, *(f"field_{number}" for number in range(more))]
    return write(folder, as_text([[*row, *["x"] * more] for row in lines()], header))


def a_line_of_200_megabytes(folder: Path) -> Path:
    """One line that never ends, behind a good header and a good row."""
    file = write(folder, as_text(lines(1)) + "SO-2,10,")
    with file.open("ab") as stream:
        for _ in range(200):
            stream.write(b"x" * MILLION)
    return file


def a_header_of_200_megabytes(folder: Path) -> Path:
    """One line that never ends, from the first byte on."""
    file = write(folder, b"")
    with file.open("ab") as stream:
        for _ in range(200):
            stream.write(b"order_id," * (MILLION // 9))
    return file


def one_cell_of_200_megabytes(folder: Path) -> Path:
    """A quoted cell of 200 MB in a good row, with line ends in it."""
    file = write(folder, as_text(lines(1)) + 'SO-2,10,"')
    with file.open("ab") as stream:
        for _ in range(200):
            stream.write(b"customer\n" * (MILLION // 9))
        stream.write(b'",P1,1,2026-03-01,1.50,2026-02-01\n')
    return file


def an_image(folder: Path) -> Path:
    """A PNG of one pixel that was renamed."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    body = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0\0"))
    return write(folder, b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b""))


def json_lines(folder: Path) -> Path:
    """One JSON object a line."""
    return write(folder, "".join(json.dumps(dict(zip(HEADER, row, strict=True))) + "\n" for row in lines()))


def one_json_line(folder: Path) -> Path:
    """One line of JSON, on which DuckDB finds no row and no reject."""
    return write(folder, json.dumps({"rows": [dict(zip(HEADER, row, strict=True)) for row in lines()]}))


def a_web_page(folder: Path) -> Path:
    """What a browser saves when the session has ended: the page that asks to sign in."""
    return write(folder, "<!DOCTYPE html>\n<html><body><form>Sign in</form></body></html>\n")


# --- compressed ----------------------------------------------------------------------------------------------------


def no_gzip(folder: Path) -> Path:
    """Plain text, whatever its name says."""
    return write(folder, as_text(lines()), "order_lines.csv.gz")


def a_damaged_gzip(folder: Path) -> Path:
    """A compressed file of which the second half is missing."""
    packed = gzip.compress(as_text(lines(1000)).encode())
    return write(folder, packed[: len(packed) // 2], "order_lines.csv.gz")


def a_gzip_bomb(folder: Path) -> Path:
    """300 KB that grow to 300 MB of order lines."""
    row = ",".join(lines(1)[0]).encode() + b"\n"
    file = folder / "order_lines.csv.gz"
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(file, "wb", compresslevel=9) as stream:
        stream.write(",".join(HEADER).encode() + b"\n")
        for _ in range(300):
            stream.write(row * (MILLION // len(row)))
    return file


def a_workbook_bomb(folder: Path) -> Path:
    """A workbook whose only sheet grows to 300 MB."""
    file = folder / "order_lines.xlsx"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(300):
                sheet.write(b"<row><c><v>1</v></c></row>" * (MILLION // 26))
    return file


# --- bytes ---------------------------------------------------------------------------------------------------------


def nul_bytes(folder: Path) -> Path:
    """Two NULs in the customer of line 6, which DuckDB would take for text."""
    return write(folder, as_text(lines()).replace("SO-00004,10,C4", "SO-00004,10,C\0\0").encode())


def nul_bytes_far_down(folder: Path) -> Path:
    """A block of NULs on line 20,002, as a full disk leaves it."""
    return write(folder, as_text(lines(20_000)).encode() + b"\0" * 4096 + b"\n" + as_text(lines(3)).encode())


def broken_utf_8(folder: Path) -> Path:
    """UTF-8 throughout, but for a customer on line 12 whose ü lost its second byte."""
    rows = lines()
    for row in rows:
        row[2] = f"Müller {row[2]}"
    text = as_text(rows).encode().split(b"\n")
    text[11] = text[11].replace("ü".encode(), b"\xc3", 1)
    return write(folder, b"\n".join(text))


def two_encodings(folder: Path) -> Path:
    """The first half is UTF-8, the second Windows-1252: two exports were put one below the other."""
    rows = lines()
    for row in rows:
        row[2] = f"Müller {row[2]}"
    text = as_text(rows).split("\n")
    return write(folder, "\n".join(text[:21]).encode() + b"\n" + "\n".join(text[21:]).encode("cp1252"))


# --- lines ---------------------------------------------------------------------------------------------------------


def mixed_line_ends(folder: Path) -> Path:
    """Some lines end as on Windows, some as on Unix, some as on an old Macintosh."""
    ends = ("\r\n", "\n", "\r")
    text = as_text(lines()).splitlines()
    return write(folder, "".join(line + ends[number % 3] for number, line in enumerate(text)))


def a_quotation_mark_too_many(folder: Path) -> Path:
    """A quotation mark is opened on line 11 and never closed."""
    return write(folder, as_text(lines()).replace("SO-00009,10,C2", 'SO-00009,10,"C2'))


def two_quotation_marks_too_many(folder: Path) -> Path:
    """A quotation mark is opened on line 11 and one on line 31, so that twenty rows look like one cell."""
    text = as_text(lines()).replace("SO-00009,10,C2", 'SO-00009,10,"C2').replace("SO-00029,10,C1", 'SO-00029,10,"C1')
    return write(folder, text)


def inches(folder: Path) -> Path:
    """A quotation mark inside a product, which is an inch and no mistake."""
    return write(folder, as_text(lines()).replace(",P3,", ',5" pipe,'))


def a_line_end_in_a_cell(folder: Path) -> Path:
    """A customer written on two lines, as it should be: in quotation marks."""
    return write(folder, as_text(lines()).replace("SO-00009,10,C2", 'SO-00009,10,"C2\nLtd"'))


def one_broken_line(folder: Path) -> Path:
    """A line of three cells among good ones, for which DuckDB's sniffer would read the whole file as one column."""
    rows = lines()
    rows[20] = rows[20][:3]
    return write(folder, as_text(rows))


def shifted_cells(folder: Path) -> Path:
    """A separator too many on lines 5 and 15: the cells behind it stand one column to the right."""
    rows = lines()
    rows[3].insert(2, "")
    rows[13].insert(4, "0")
    return write(folder, as_text(rows))


def shifted_cells_of_full_width(folder: Path) -> Path:
    """The same on lines 5 and 15, with the last cell cut off, so that the number of cells is right."""
    rows = lines()
    for place in (3, 13):
        rows[place] = [*rows[place][:3], "", *rows[place][3:-1]]
    return write(folder, as_text(rows))


def shifted_cells_before_an_empty_one(folder: Path) -> Path:
    """The same on lines 5 and 15, before a last cell that is empty, so that DuckDB takes the line for one of the right width."""
    rows = [[*row, ""] for row in lines()]
    for place in (3, 13):
        rows[place].insert(7, "")
    return write(folder, as_text(rows, [*HEADER, "opportunity_id"]))


def cut_off(folder: Path) -> Path:
    """The last line ends in the middle, as of a download that broke off."""
    return write(folder, as_text(lines())[:-30])


def header_in_the_middle(folder: Path) -> Path:
    """The header again on line 22: two exports were put one below the other."""
    rows = lines()
    rows.insert(20, list(HEADER))
    return write(folder, as_text(rows))


def empty_rows(folder: Path) -> Path:
    """60,000 rows of empty cells below the real ones."""
    return write(folder, as_text(lines()) + "," * (len(HEADER) - 1) + ("\n" + "," * (len(HEADER) - 1)) * 59_999 + "\n")


def blank_rows_between(folder: Path) -> Path:
    """A blank line behind every row, and a row of empty cells behind every fifth."""
    text = as_text(lines()).splitlines()
    out = [f"{line}\n\n" + (",,,,,,,\n" if number and number % 5 == 0 else "") for number, line in enumerate(text)]
    return write(folder, "".join(out))


def total_line(folder: Path) -> Path:
    """A total below the table, and a subtotal inside of it."""
    rows = lines()
    rows.insert(20, ["Subtotal", "", "", "", "90", "", "", ""])
    return write(folder, as_text([*rows, ["Grand total", "", "", "", "190", "", "2,024,994".replace(",", ""), ""]]))


# --- headers -------------------------------------------------------------------------------------------------------


def doubled_header(folder: Path) -> Path:
    """Two columns are called quantity, and nobody can know which is meant."""
    header = [*HEADER, "quantity"]
    return write(folder, as_text([[*row, "7"] for row in lines()], header))


def doubled_and_empty_headers_beside(folder: Path) -> Path:
    """Columns without a name and two of the same name, of which none is needed."""
    header = ["", *HEADER, "note", "note", ""]
    return write(folder, as_text([["", *row, "a", "b", ""] for row in lines()], header))


def tables_side_by_side(folder: Path) -> Path:
    """A second table stands right of the first, behind an empty column, and is shorter."""
    header = [*HEADER, "", "region", "sales"]
    beside = [["North", "12"], ["South", "7"], ["East", "3"]]
    rows = [[*row, "", *(beside[number] if number < 3 else ["", ""])] for number, row in enumerate(lines())]
    return write(folder, as_text(rows, header))


# --- many of a kind ------------------------------------------------------------------------------------------------


def a_separator_too_many_throughout(folder: Path) -> Path:
    """600,000 lines, each with a cell more than the header has."""
    return write(folder, as_text([]) + "".join(f"{','.join(row)},x\n" for row in lines(1_000) * 600))


def a_separator_at_each_end(folder: Path) -> Path:
    """Each line but the header ends in a separator: a habit of the program that wrote it, which shifts nothing."""
    return write(folder, as_text([]) + "".join(f"{','.join(row)},\n" for row in lines()))


def a_cell_for_each_line(folder: Path) -> Path:
    """300,000 lines of one cell below a good header and forty good rows."""
    return write(folder, as_text(lines()) + "an empty shelf\n" * 300_000)
