"""What stands in a stranger's file, and what it is called, is shown as text and does nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sop import loading, words
from sop.cells import harmless
from sop.page.bringing import mendable
from sop.page.naming import LONGEST_NAME, last_part
from sop.snapshots import Home
from tests.hostile import cells
from tests.hostile.good import HEADER, as_text, deliveries, lines
from tests.test_pages import open_page

NAMES = (
    "*.csv",
    "../../x.csv",
    "[x](javascript:alert(1)).csv",
    "<img src=x onerror=alert(1)>.csv",
    "![x](http:⁄⁄evil.example⁄x.png).csv",
    "$\\href{a}{b}$ :material/warning: :red[x].csv",
)
PLAIN_TEXT = {
    "options",
    "placeholder",
    "file_name",
    "id",
    "form_id",
    "user_key",
    "element_id",
    "url",
    "raw_values",
    "data",
}
"""Fields of Streamlit's messages that its pages show as they are, or that nobody sees."""


def hostile_book() -> str:
    """Order lines whose header, customers and products are markup, some of which cannot be read."""
    header = [*HEADER, *(f'"{text}"' for text in cells.MARKUP)]
    rows = [[*row, *(f'"{text}"' for text in cells.MARKUP)] for row in lines()]
    for row, text in zip(rows, cells.MARKUP, strict=False):
        row[2] = row[3] = f'"{text}"'
    for row, text in zip(rows[len(cells.MARKUP) :], cells.MARKUP, strict=False):
        row[cells.QUANTITY] = f'"{text}"'
    return as_text(rows, header)


def texts(message: Any) -> Iterator[str]:
    """Every text in a message to the browser that may be read as Markdown."""
    for field, value in message.ListFields():
        if field.name in PLAIN_TEXT:
            continue
        several = not isinstance(value, str | bytes) and hasattr(value, "__iter__")
        for one in value if several else [value]:
            if isinstance(one, str):
                yield one
            elif hasattr(one, "ListFields"):
                yield from texts(one)


def all_texts(app: AppTest) -> list[str]:
    """Every text on the page that may be read as Markdown."""
    found: list[str] = []
    blocks: list[Any] = [app._tree]
    while blocks:
        block = blocks.pop()
        if hasattr(getattr(block, "proto", None), "ListFields"):
            found += texts(block.proto)
        blocks += getattr(block, "children", {}).values()
    return found


def raw_markup(found: list[str]) -> list[str]:
    """Texts in which hostile markup stands unescaped."""
    signs = ("<img", "<script", "](", "$", ":material/warning", ":red[", "http://evil", "https://evil")
    return [text for text in found if any(sign in re.sub(r"\\.", "", text) for sign in signs)]


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_and_cells_are_text_wherever_the_page_shows_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    home = Home(tmp_path / "home")
    app = open_page("extracts", home, monkeypatch)
    app.file_uploader[0].upload(name, hostile_book().encode()).run()
    assert not app.exception
    looked_at = all_texts(app)
    assert raw_markup(looked_at) == []
    assert any(words.plain(last_part(name)) in text for text in looked_at), "the file is named on the page"
    app.button(key="check").click().run()
    assert not app.exception
    checked = all_texts(app)
    assert raw_markup(checked) == []
    assert any("Set aside" in text for text in checked), "some rows are set aside"
    app.text_input(key="publisher").set_value("<script>alert(1)</script>").run()
    app.checkbox(key="accept-rejects").check().run()
    app.button(key="publish").click().run()
    assert not app.exception
    assert raw_markup(all_texts(app)) == []
    assert home.history()[0].sources[0]["file_name"] == last_part(name)
    assert not [file for file in tmp_path.parent.rglob("x.csv") if tmp_path not in file.parents]


def test_the_check_for_raw_markup_would_notice_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = AppTest.from_string('import streamlit as st\nst.caption("a [x](y)")\nst.button("<img src=x>")').run()
    assert len(raw_markup(all_texts(app))) == 2


def test_a_name_is_the_last_part_of_whatever_was_sent() -> None:
    assert last_part("../../x.csv") == last_part("C:\\orders\\x.csv") == "x.csv"
    assert last_part("..") == last_part("../..") == last_part("") == last_part("\0") == "file"
    assert last_part("a\0b\nc.csv") == "a b c.csv"
    assert last_part("orders\u202evsc.exe.csv") == "orders vsc.exe.csv"
    assert last_part(f"{'ü' * 400}.csv") == f"{'ü' * (LONGEST_NAME // 2)}.csv"


def test_the_page_says_how_large_a_file_may_be_and_where_a_larger_one_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("extracts", Home(tmp_path), monkeypatch)
    said = next(caption.value for caption in app.caption if "python -m sop load" in caption.value)
    assert said.startswith("Up to 200 MB a file.")


def test_formulas_in_the_rejected_rows_are_text_and_numbers_stay_numbers(tmp_path: Path) -> None:
    header = [f'"{text}"' if text.startswith("=HYP") else text for text in (*HEADER, "=2+2")]
    rows = lines()
    for row, text in zip(rows, cells.FORMULAS, strict=False):
        row[2] = '"' + text.replace('"', '""') + '"'
        row[cells.QUANTITY], row[cells.PRICE] = "many", "-5.25"
    file = tmp_path / "order_lines.csv"
    file.write_text(as_text([[*row, "@x"] for row in rows], header), encoding="utf-8")
    report = loading.load([file], home=Home(tmp_path / "home"), dry_run=True, accept_rejects=True)
    read = list(csv.reader(io.StringIO(mendable(report, "order_lines.csv").decode("utf-8-sig"), newline="")))
    assert len(read) == 1 + len(cells.FORMULAS)
    assert [row[2] for row in read[1:]] == [str(harmless(text)) for text in cells.FORMULAS]
    assert [text for text in (row[2] for row in read[1:]) if re.match(r"\s*[=+@-]", text)] == []
    assert {row[cells.PRICE] for row in read[1:]} == {"-5.25"}
    assert read[0][len(HEADER)] == "'=2+2"
    assert {row[len(HEADER)] for row in read[1:]} == {"'@x"}


def test_a_text_that_turns_the_direction_of_writing_turns_nothing_around_it() -> None:
    assert words.plain("abc\u202efed\u2066") == "abcfed"
    assert words.unmarked("abc\u202efed\u2066") == "abcfed"


def test_deliveries_beside_it_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("extracts", Home(tmp_path / "home"), monkeypatch)
    app.file_uploader[0].upload("order_lines.csv", hostile_book().encode())
    app.file_uploader[0].upload("deliveries.csv", deliveries().encode()).run()
    app.button(key="check").click().run()
    assert not app.exception
    assert raw_markup(all_texts(app)) == []
