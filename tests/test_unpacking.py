"""What an uploaded file holds: text as it is, compressed files and workbooks as CSV, and nothing else."""

from __future__ import annotations

import gzip
import struct
import zipfile
from pathlib import Path

import pytest

from sop.errors import SourceError
from sop.extracts.unpacking import unpack

TEXT = b"id,name\n1,Acme\n"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


@pytest.fixture
def workplace(tmp_path):
    folder = tmp_path / "workplace"
    folder.mkdir()
    return folder


@pytest.fixture
def uploaded(tmp_path, workplace):
    """Unpack bytes uploaded under a name; give each text with its name."""

    def unpack_bytes(content: bytes, name: str) -> list[tuple[str, str]]:
        file = tmp_path / "stored"
        file.write_bytes(content)
        return [(found.read_text(encoding="utf-8"), shown) for found, shown in unpack(file, name, workplace)]

    return unpack_bytes


def workbook(folder: Path, *sheets: tuple[str, str]) -> Path:
    """A small .xlsx, sheet by sheet as (name, rows in XML); style 1 is a date, style 2 a date with its time."""
    numbers = range(1, len(sheets) + 1)
    named = "".join(f'<sheet name="{sheets[n - 1][0]}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    styles = f'<Relationship Id="rId99" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    path = folder / "book.bin"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}">{related}{styles}</Relationships>'
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}"><sheets>{named}</sheets></workbook>',
        )
        book.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{SPREADSHEET}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/>'
            '<xf numFmtId="22"/></cellXfs></styleSheet>',
        )
        for n in numbers:
            rows = sheets[n - 1][1]
            book.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{rows}</sheetData></worksheet>',
            )
    return path


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def word(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def value(place: str, number: str, style: int = 0) -> str:
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


ONE_ROW = row(1, word("A1", "order"), word("B1", "qty")) + row(2, word("A2", "SO1"), value("B2", "5"))


# Text


@pytest.mark.parametrize(
    "content",
    [
        TEXT,
        b"\xef\xbb\xbf" + TEXT,
        TEXT.decode().encode("utf-16"),
        "Kunde;Straße\n".encode("cp1252"),
        b"a\tb\r1\t2\r",
        b"",
    ],
)
def test_a_text_file_passes_through_as_it_is(tmp_path, workplace, content):
    file = tmp_path / "stored"
    file.write_bytes(content)
    assert unpack(file, "orders.csv", workplace) == [(file, "orders.csv")]
    assert file.read_bytes() == content
    assert list(workplace.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "an image"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "an image"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"PAR1" + bytes(50), "a Parquet file"),
        (b"SQLite format 3\0" + bytes(50), "a database"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "an archive"),
        (b"<!DOCTYPE html><html><table>", "a web page or XML"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "a web page or XML"),
        (b'[{"id": 1, "name": "Acme"}]', "JSON"),
        (bytes(range(256)) * 20, "no text file"),
    ],
)
def test_what_is_no_table_in_text_is_refused_whatever_its_name(uploaded, content, what):
    with pytest.raises(SourceError, match=rf"orders\.csv is {what}, whatever its name says"):
        uploaded(content, "orders.csv")


def test_a_zip_renamed_to_csv_is_refused(tmp_path, workplace):
    file = tmp_path / "stored"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("orders.csv", TEXT)
    with pytest.raises(SourceError, match=r"orders\.csv is a zip archive and no workbook"):
        unpack(file, "orders.csv", workplace)


def test_a_missing_file_is_said(tmp_path, workplace):
    with pytest.raises(SourceError, match=r"orders\.csv cannot be read: No such file"):
        unpack(tmp_path / "nowhere", "orders.csv", workplace)


# Compressed


def test_a_compressed_file_is_unpacked_under_the_name_it_had(uploaded):
    assert uploaded(gzip.compress(TEXT), "orders.csv.gz") == [(TEXT.decode(), "orders.csv")]


def test_a_compressed_file_is_known_by_its_bytes(uploaded):
    assert uploaded(gzip.compress(TEXT), "orders.csv") == [(TEXT.decode(), "orders.csv")]


def test_a_compressed_file_of_twenty_times_its_size_is_welcome(tmp_path, workplace):
    file = tmp_path / "stored"
    file.write_bytes(gzip.compress(b"".join(b"SO%d,10,ACME,PUMP,5,2026-03-10\n" % number for number in range(20_000))))
    [(found, _)] = unpack(file, "orders.csv.gz", workplace)
    assert found.read_bytes().count(b"\n") == 20_000


def test_a_zip_bomb_is_stopped_and_leaves_nothing_behind(uploaded, workplace):
    with pytest.raises(SourceError, match="grows to more than 64 MB"):
        uploaded(gzip.compress(bytes(70 << 20)), "orders.csv.gz")
    assert list(workplace.iterdir()) == []


def test_a_compressed_file_that_is_cut_off_is_refused_and_leaves_nothing_behind(uploaded, workplace):
    with pytest.raises(SourceError, match="damaged or cut off"):
        uploaded(gzip.compress(TEXT * 100)[:-12], "orders.csv.gz")
    assert list(workplace.iterdir()) == []


def test_a_file_compressed_twice_is_refused(uploaded):
    with pytest.raises(SourceError, match="compressed twice"):
        uploaded(gzip.compress(gzip.compress(TEXT)), "orders.csv.gz.gz")


def test_an_image_inside_a_compressed_file_is_refused(uploaded):
    with pytest.raises(SourceError, match="an image"):
        uploaded(gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(200)), "orders.csv.gz")


# Workbooks


def test_each_sheet_with_cells_becomes_a_csv(tmp_path, workplace):
    book = workbook(tmp_path, ("Orders", ONE_ROW), ("Notes", ""), ("Deliveries", row(1, word("A1", "x"))))
    found = unpack(book, "book.xlsx", workplace)
    assert [name for _, name in found] == ["book.xlsx [Orders]", "book.xlsx [Deliveries]"]
    assert found[0][0].read_text(encoding="utf-8") == "order,qty\nSO1,5\n"


def test_a_workbook_is_known_by_its_bytes(tmp_path, workplace):
    [(file, name)] = unpack(workbook(tmp_path, ("Orders", ONE_ROW)), "orders.csv", workplace)
    assert (name, file.read_text(encoding="utf-8")) == ("orders.csv [Orders]", "order,qty\nSO1,5\n")


def test_cells_are_written_as_a_person_sees_them(tmp_path, workplace):
    cells = [
        value("A1", "46053", 1),
        value("B1", "46053.5", 2),
        value("C1", "19.990000000000002"),
        value("D1", "1000000"),
        value("E1", "0.1"),
        value("F1", "1E+20"),
        '<c r="G1" t="b"><v>1</v></c>',
        word("H1", "0000104711"),
        word("I1", "a, &quot;b&quot;"),
        word("J1", "two\nlines"),
        word("K1", "=1+1"),
        value("L1", "-3"),
    ]
    [(file, _)] = unpack(workbook(tmp_path, ("S", row(1, *cells))), "b.xlsx", workplace)
    assert file.read_text(encoding="utf-8") == (
        "2026-01-31,2026-01-31 12:00:00,19.99,1000000,0.1,100000000000000000000,TRUE,0000104711,"
        '"a, ""b""",two lines,=1+1,-3\n'
    )


def test_row_n_of_a_sheet_is_line_n_and_empty_rows_below_are_left_out(tmp_path, workplace):
    rows = row(3, word("A3", "id"), word("B3", "name")) + row(5, value("A5", "1"), word("B5", "x"))
    empties = "".join(row(number, word(f"A{number}", "")) for number in range(6, 3_000))
    [(file, _)] = unpack(workbook(tmp_path, ("S", rows + empties)), "b.xlsx", workplace)
    assert file.read_text(encoding="utf-8") == "\n\nid,name\n\n1,x\n"


def test_names_of_files_and_sheets_are_never_paths(tmp_path, workplace):
    book = workbook(tmp_path, ("..|..|evil &lt;b&gt; *.csv".replace("|", "/"), ONE_ROW))
    [(file, name)] = unpack(book, "../../etc/passwd.xlsx", workplace)
    assert name == "../../etc/passwd.xlsx [../../evil <b> *.csv]"
    assert file.parent == workplace
    assert file.name.startswith("unpacked-")


def test_a_sheet_with_two_cells_in_far_corners_ends_in_a_message(tmp_path, workplace):
    corners = row(1, value("A1", "1")) + row(1_048_576, value("XFD1048576", "1"))
    with pytest.raises(SourceError, match="far outside its table"):
        unpack(workbook(tmp_path, ("S", corners)), "b.xlsx", workplace)


def test_a_workbook_that_grows_without_measure_is_refused(tmp_path, workplace):
    with pytest.raises(SourceError, match="grows to more than 64 MB"):
        unpack(workbook(tmp_path, ("S", " " * (70 << 20))), "b.xlsx", workplace)


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path, workplace):
    book = workbook(tmp_path, ("S", " " * (70 << 20)))
    content = bytearray(book.read_bytes())
    place = content.rfind(b"xl/worksheets/sheet1.xml")
    content[place - 46 + 24 : place - 46 + 28] = struct.pack("<I", 100)
    book.write_bytes(content)
    with pytest.raises(SourceError, match="grows to more than 64 MB"):
        unpack(book, "b.xlsx", workplace)


def test_a_cut_off_workbook_is_refused(tmp_path, workplace):
    book = workbook(tmp_path, ("S", ONE_ROW))
    book.write_bytes(book.read_bytes()[:-100])
    with pytest.raises(SourceError, match="damaged or no workbook"):
        unpack(book, "b.xlsx", workplace)


def test_an_old_office_file_that_is_no_workbook_is_refused(uploaded):
    with pytest.raises(SourceError, match="damaged or no workbook"):
        uploaded(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), "b.xls")


def test_an_empty_workbook_is_said(tmp_path, workplace):
    with pytest.raises(SourceError, match="no sheet has a cell"):
        unpack(workbook(tmp_path, ("S", "")), "b.xlsx", workplace)
    assert list(workplace.iterdir()) == []


def test_an_open_document_sheet_is_read(tmp_path, workplace):
    book = tmp_path / "book.bin"
    cells = (
        '<table:table-cell office:value-type="string"><text:p>Müller</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="12.5"><text:p>12,50</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2026-01-31"><text:p>31.1.26</text:p></table:table-cell>'
    )
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0"/>')
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0"'
            f' xmlns:text="{OFFICE}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Aufträge">'
            f"<table:table-row>{cells}</table:table-row></table:table></office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    [(file, name)] = unpack(book, "book.ods", workplace)
    assert (name, file.read_text(encoding="utf-8")) == ("book.ods [Aufträge]", "Müller,12.5,2026-01-31\n")
