"""The pack in a real browser: chosen, made, downloaded, opened again, and compared with what the page says."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pptx import Presentation
from python_calamine import CalamineWorkbook

from tests.test_browser import figures, fits_and_shuts_out_nobody, headline, in_url, press, settle, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

TOP = Path(__file__).parent.parent


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("button", name=f"{name},").click()
    return Path(started.value.path()).read_bytes()


def texts_of(deck: Any) -> list[str]:
    shapes = [shape for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    return [paragraph.text for shape in shapes for paragraph in shape.text_frame.paragraphs]


def test_a_downloaded_pack_says_what_the_overview_says(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/overview")
    said, tiles = headline(page).inner_text(), figures(page).all_inner_texts()
    visit(page, f"{app_url}/pack")
    press(page, "Excel")
    page.get_by_role("button", name="Make the pack").click()
    deck = Presentation(io.BytesIO(download(page, "PowerPoint")))
    texts = texts_of(deck)
    assert deck.slides[1].shapes.title.text == said
    assert len(tiles) == 5
    assert [tile for tile in tiles if tile not in texts] == []
    book = CalamineWorkbook.from_filelike(io.BytesIO(download(page, "Excel")))
    head, month = book.get_sheet_by_name("overview month").to_python()
    assert f"{float(str(month[head.index('kept, %')])) * 100:.1f} %" == tiles[0]


def test_a_link_opens_the_same_choice_and_what_was_made_is_there(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/pack?month=2026-09")
    press(page, "Web page")
    press(page, "3 largest gaps")
    in_url(page, **{"pack-customers": "3 largest gaps"})
    page.get_by_role("button", name="Make the pack").click()
    page.get_by_role("button", name="Web page,").wait_for()
    settle(page)
    page.reload()
    headline(page).wait_for()
    page.get_by_role("button", name="PowerPoint,").wait_for()
    text = download(page, "Web page").decode()
    assert "S&amp;OP review, September 2026" in text
    assert text.count(": We kept ") >= 3


@pytest.mark.parametrize("choice", ["", "?pack-customers=chosen+ones"])
def test_the_page_fits_the_screen_and_shuts_out_nobody(page: Page, app_url: str, choice: str) -> None:
    fits_and_shuts_out_nobody(page, f"{app_url}/pack{choice}")


def test_chosen_customers_are_in_the_link(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/pack?pack-customers=chosen+ones")
    page.get_by_role("combobox", name="Customers").click()
    page.get_by_role("combobox", name="Customers").fill("C-0033")
    page.get_by_role("option").first.click()
    page.wait_for_function("location.search.includes('C-0033')")
    settle(page)
    page.reload()
    headline(page).wait_for()
    page.get_by_role("button", name="Make the pack").click()
    page.get_by_text("They see").wait_for()


def test_the_web_page_prints_a_sheet_for_each_of_its_pages(browser: Browser, sample_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "review.html"
    done = subprocess.run(
        [sys.executable, "-m", "sop", "pack", "--out", str(file)], cwd=TOP, env={**os.environ, "SOP_HOME": str(sample_home)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    context = browser.new_context(offline=True, viewport={"width": 1366, "height": 768})
    printed = context.new_page()
    printed.set_content(file.read_text(encoding="utf-8"))
    sections = printed.locator("section").count()
    sheets = re.findall(rb"/Type\s*/Page\b", printed.pdf(prefer_css_page_size=True))
    context.close()
    assert sections > 8
    assert len(sheets) == sections
