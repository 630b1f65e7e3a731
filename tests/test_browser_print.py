"""A page laid out for paper in a real browser: no side bar, nothing cut off, pictures whole, figures as on the screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sop.page import printing
from tests.test_browser import LET_DOWN, figures, headline, in_url, settle, visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SHEET = 718
"""The width of A4 upright between the margins that a browser gives it, in pixels."""
BEYOND = """sheet => [...document.querySelectorAll(
        '[data-testid="stMain"] .main-svg, [data-testid="stMain"] table, [data-testid="stMain"] h1, [data-testid="stMetric"]')]
    .filter(part => part.getBoundingClientRect().right > sheet + 1 || part.getBoundingClientRect().left < 0)
    .map(part => part.outerHTML.slice(0, 200))"""
CUT = """() => [...document.querySelectorAll('[data-testid="stTable"] table')]
    .filter(table => table.parentElement.scrollWidth > table.parentElement.clientWidth + 1).length"""
SPLIT = """() => [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].filter(picture => {
    for (let part = picture; part; part = part.parentElement)
        if (getComputedStyle(part).breakInside === 'avoid') return false
    return true
}).length"""


@pytest.mark.parametrize(
    "path", ["/overview", f"/customer?customer={LET_DOWN}&view=Order+lines", "/capacity", "/arbitrate", "/definitions"]
)
def test_a_page_on_paper_has_no_side_bar_and_nothing_is_cut_off(page: Page, app_url: str, path: str) -> None:
    visit(page, f"{app_url}{path}{'&' if '?' in path else '?'}print=on")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": SHEET, "height": 1040})
    settle(page)
    assert page.locator('[data-testid="stSidebar"]:visible').count() == 0
    assert page.locator('[data-testid="stDataFrame"], [data-testid="stDownloadButton"]').count() == 0
    assert page.evaluate(BEYOND, SHEET) == []
    assert page.evaluate(CUT) == 0
    assert page.evaluate(SPLIT) == 0
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
    assert len(sheets) >= 2


def test_the_button_lays_the_page_out_with_the_same_figures_and_leads_back(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/overview?month=2026-08")
    said, shown = headline(page).inner_text(), figures(page).all_inner_texts()
    page.get_by_role("button", name="Print", exact=True).click()
    in_url(page, print="on", month="2026-08")
    page.get_by_text("August 2026", exact=True).wait_for()
    settle(page)
    assert (headline(page).inner_text(), figures(page).all_inner_texts()) == (said, shown)
    rows = page.get_by_test_id("stTable").first.locator("tbody tr")
    assert 0 < rows.count() <= printing.MOST_ROWS
    page.get_by_role("button", name="Back to the page").click()
    in_url(page, print=None, month="2026-08")
    settle(page)
    assert headline(page).inner_text() == said
    assert page.get_by_test_id("stDataFrame").count() > 0
