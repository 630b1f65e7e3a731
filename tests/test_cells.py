"""A cell that is taken away: no spreadsheet takes it for a formula, and nothing of it is lost."""

from __future__ import annotations

import csv
import io
import zipfile

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from sop import page
from sop.cells import bare, harmless

PREFIXES = [
    "=", "+", "-", "@", "\t", "\r", "\n=", " =", "  +", "\t=", "\r\n=", "\u00a0=", "\u3000@", "\u200b=", "\ufeff=", "\u200e+",
    "\u2060-", "＝", "＋", "－", "＠", "\u2212", "|", "%", "=cmd|' /C calc'!A0", "@SUM(", "=HYPERLINK(\"http://leak.example\")",
    "-2+3+cmd|", "x;=", "x;\t+", "x\n@", "'=", "''=", "+49 30 ",
]  # fmt: skip


@pytest.mark.parametrize("prefix", PREFIXES, ids=repr)
def test_no_cell_of_a_csv_is_a_formula_and_all_of_it_comes_back(prefix: str) -> None:
    text = f"{prefix}1+1"
    [row] = list(
        csv.reader(io.StringIO(page.safe_csv(pd.DataFrame({"name": [text]})).decode("utf-8-sig"), newline=""))
    )[1:]
    for separator in (",", ";", "\t", "\n"):
        for cell in row[0].split(separator):
            assert not cell.lstrip(" \r\n\t\u00a0\u3000\u200b\u200e\u2060\ufeff").startswith(
                tuple("=+-@|%＝＋－＠\u2212")
            ), cell
    assert bare(row[0]) == text


@pytest.mark.parametrize("prefix", PREFIXES, ids=repr)
def test_no_cell_of_a_workbook_is_a_formula_and_all_of_it_comes_back(prefix: str) -> None:
    text, out = f"{prefix}1+1", io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.add_worksheet("s").write_string(0, 0, str(harmless(text)))
    [[cell]] = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).get_sheet_by_name("s").to_python()
    assert "<f>" not in zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml").decode()
    assert not str(cell).startswith(tuple("=+-@"))
    assert bare(str(cell)).replace("\r\n", "\n") == text.replace("\r\n", "\n")


@given(st.text(alphabet=st.sampled_from("=+-@'; \t\r\n|%ab1\u200b＝"), max_size=12))
def test_whatever_stood_in_a_cell_comes_back(text: str) -> None:
    assert bare(harmless(text)) == text


def test_numbers_stay_numbers() -> None:
    assert harmless(-5.0) == -5.0
    assert harmless("Acme - Works = good") == "Acme - Works = good"
