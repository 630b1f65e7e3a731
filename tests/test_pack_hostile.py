"""Names that are formulas, markup or typesetting appear in every file of a pack as they are, and nothing of them runs."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typst
from pptx import Presentation
from python_calamine import CalamineWorkbook

from sop import pack
from sop.pack import pdf
from sop.pack.parts import Pack
from sop.snapshots import Home
from tests.company import load
from tests.test_pack import Read, of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog

NAMES = {
    "FORMULA": "=cmd|'/c calc'!A0",
    "PLUS": "+1+1",
    "AT": "@SUM(A1)",
    "IMAGE": "<img src=x onerror=alert(1)>",
    "SCRIPT": "</title><script>alert(1)</script>",
    "LINK": "[x](javascript:alert(1)) ![](http://example.invalid/a.png)",
    "TYPST": '#import "@preview/tablex:0.0.8": * #panic("ran") $x^2$ *bold* \\ ] } "',
    "ENTITY": "&lt;b&gt; &amp; A&B ]]>",
    "LONG": "Very " * 80 + "long",
}
TURNED = "\u202egpj.exe\u202c Ltd"
"""A name that would turn what follows it round; its letters are shown in the order in which they are written."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A company that let down every one of these customers in October, 100 and more each."""
    folder = tmp_path_factory.mktemp("hostile")
    names = {**NAMES, "TURNED": TURNED}
    lines = ["order_id,customer_id,product_id,quantity,promised_date,unit_price,order_date"]
    lines += [f"A{n},{key},P,{20 - n},2026-10-10,10,2026-10-01" for n, key in enumerate(names)]
    out = io.StringIO()
    csv.writer(out).writerows([("customer_id", "customer_name"), *names.items()])
    load(folder, as_of="2026-10-31", settings="company_name = '=1+1<script>#panic()'\n", order_lines="\n".join(lines),
         customers=out.getvalue())  # fmt: skip
    return Home(folder / "home")


@pytest.fixture(scope="module")
def made(home: Home) -> Pack:
    return of(home, (*NAMES, "TURNED"))


def spoken(name: str) -> str:
    return " ".join(name.replace("\u202e", "").replace("\u202c", "").split())


def all_texts(made: Pack) -> list[str]:
    deck = Presentation(io.BytesIO(pack.written(made, "pptx")))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    texts = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    return texts + [cell.text for shape in shapes if shape.has_table for row in shape.table.rows for cell in row.cells]


def test_slides_show_names_as_they_are(made: Pack) -> None:
    texts = all_texts(made)
    for name in (*NAMES.values(), TURNED):
        assert f"{spoken(name)}: We kept 0.0 % of our promises" in texts
    assert "=1+1<script>#panic()  ·  S&OP review, October 2026".replace("  ", " ") in texts


def test_nothing_in_the_slides_leads_out_of_the_file(made: Pack) -> None:
    deck = pack.written(made, "pptx")
    with zipfile.ZipFile(io.BytesIO(deck)) as parts:
        related = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels")]
        slides = [parts.read(name).decode() for name in parts.namelist() if name.startswith("ppt/slides/slide")]
        books = [parts.read(name) for name in parts.namelist() if name.endswith(".xlsx")]
    assert related and not any('TargetMode="External"' in text for text in related)
    assert slides and not any("hlinkClick" in text for text in slides)
    assert books
    for book in books:
        assert formulas_in(book) == []


def formulas_in(book: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        links = [name for name in parts.namelist() if "externalLink" in name]
    assert sheets
    return [found for sheet in sheets for found in re.findall(r"<f[ >].*?</f>", sheet)] + links


def test_a_chart_of_nothing_is_a_sentence_in_every_form(made: Pack) -> None:
    from dataclasses import replace

    from sop.pack.parts import Chart, Page

    empty = replace(made, pages=(Page("Nothing", "What?", (Chart("columns", "Load", (), (), "x/y"),), (1.0,)),))
    said = "Load: there is nothing to show."
    assert said in all_texts(empty)
    assert said in Read(pack.written(empty, "html")).texts
    assert pack.written(empty, "pdf").startswith(b"%PDF")


def test_no_cell_of_the_workbook_is_a_formula_and_names_keep_the_apostrophe_of_the_downloads(made: Pack) -> None:
    text = pack.written(made, "xlsx")
    assert formulas_in(text) == []
    book = CalamineWorkbook.from_filelike(io.BytesIO(text))
    names = {str(row[1]) for row in book.get_sheet_by_name("overview let down").to_python()[1:]}
    assert {"'=cmd|'/c calc'!A0", "'+1+1", "'@SUM(A1)", NAMES["IMAGE"], NAMES["TYPST"], NAMES["LONG"]} <= names
    assert book.get_sheet_by_name("Contents").to_python()[0][0] == "'=1+1<script>#panic(): S&OP review, October 2026"


def test_the_offline_page_shows_names_as_text(made: Pack) -> None:
    page = Read(pack.written(made, "html"))
    assert page.tags.isdisjoint({"script", "img", "b", "link", "iframe"})
    assert not page.handlers
    assert all(address.startswith("#page-") for address in page.addresses)
    for name in (*NAMES.values(), TURNED):
        assert f"{spoken(name)}: We kept 0.0 % of our promises" in page.texts


@pytest.mark.parametrize("form", ["html", "pptx"])
def test_no_sign_that_turns_a_text_round_gets_into_a_file(form: str, made: Pack) -> None:
    text = pack.written(made, form)
    if form == "pptx":
        with zipfile.ZipFile(io.BytesIO(text)) as parts:
            text = b"".join(parts.read(name) for name in parts.namelist() if name.endswith(".xml"))
    assert b"gpj.exe" in text
    assert not any(sign.encode() in text for sign in "\u202e\u202c")


def test_nothing_in_a_name_is_typesetting_on_paper(made: Pack) -> None:
    data = json.dumps(pdf._data(made))
    found: Any = json.loads(typst.query(pdf.TEMPLATE, "heading", root=pdf.TEMPLATE.parent, sys_inputs={"pack": data}))
    said = json.dumps(found, ensure_ascii=False)
    for name in (NAMES["TYPST"], NAMES["LINK"], NAMES["IMAGE"], NAMES["FORMULA"]):
        shown = json.dumps(f"{spoken(name)}: We kept ", ensure_ascii=False)[1:-1]
        assert shown in said
    assert pack.written(made, "pdf").startswith(b"%PDF")


def test_a_script_in_a_drawing_is_text(made: Pack) -> None:
    from sop.pack.drawing import draw
    from sop.pack.parts import Chart, Series

    chart = Chart(
        "bars", NAMES["SCRIPT"], tuple(NAMES.values()), (Series("<b>", (1.0,) * len(NAMES), "#cf7d12"),), "x/y"
    )
    svg = draw(chart, 900, 400)
    assert "<script" not in svg and "<img" not in svg and "<b>" not in svg
    assert "&lt;img src=x onerror=alert(1)&gt;" in svg


@pytest.mark.browser
def test_the_offline_page_runs_nothing_and_asks_for_nothing(made: Pack, tmp_path: Path, browser: Browser) -> None:
    file = tmp_path / "pack.html"
    file.write_bytes(pack.written(made, "html"))
    opened = browser.new_page()
    asked: list[str] = []
    ran: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))

    def heard(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    opened.on("dialog", heard)
    opened.goto(file.as_uri())
    assert opened.locator("h2").count() == len(made.pages)
    assert asked == [file.as_uri()]
    assert ran == []
    assert opened.evaluate("document.scripts.length") == 0
    opened.close()
