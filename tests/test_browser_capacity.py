"""The months ahead in a real browser: from a full month to who fills it, to the opportunity that would move them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from sop import queries
from sop.snapshots import Home
from tests.test_browser import column, figures, headline, in_url, press, select_row, settle, shows, table, visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PLACE = """(drawn, [month, row]) => {
    const {xaxis, yaxis} = drawn._fullLayout
    return [xaxis._offset + xaxis.d2p(month), yaxis._offset + yaxis.d2p(row)]
}"""
"""Where in the heatmap a cell is, in pixels."""


@pytest.fixture(scope="module")
def live(sample_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = Home(sample_home).open()
    yield connection
    connection.close()


def click_cell(page: Page, row: str, month: str) -> None:
    heatmap = page.locator(".js-plotly-plot").first
    x, y = heatmap.evaluate(PLACE, [month.replace(" ", "<br>"), row])
    heatmap.click(position={"x": x, "y": y})


def finding(page: Page, text: str) -> None:
    page.get_by_role("heading", level=3, name=re.compile(text)).wait_for()


def test_a_cell_opens_who_fills_it_and_a_link_and_back_keep_it(
    page: Page, app_url: str, live: duckdb.DuckDBPyConnection
) -> None:
    visit(page, f"{app_url}/capacity")
    finding(page, "November 2026 at Welding 2")
    click_cell(page, "Welding 2 · WC-10", "Feb 2027")
    finding(page, "February 2027 at Welding 2")
    in_url(page, work_centre="WC-10", ahead="2027-02")
    [(first, *_), *_] = queries.ask(live, "capacity/customers", work_centre="WC-10", load_month="2027-02").fetchall()
    shows(column(table(page, "customer"), "customer").nth(0), first)
    click_cell(page, "Cutting 2 · WC-07", "Nov 2026")
    finding(page, "November 2026 at Cutting 2")
    page.reload()
    finding(page, "November 2026 at Cutting 2")
    page.go_back()
    finding(page, "February 2027 at Welding 2")


def test_from_a_full_month_to_the_opportunity_that_would_move_whom_to_the_customer(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/capacity?work_centre=WC-10&ahead=2027-02&queue=Opportunities")
    opportunities = table(page, "opportunity")
    shows(column(opportunities, "opportunity").nth(0), "OP-00057")
    select_row(opportunities, 0)
    in_url(page, opportunity="OP-00057")
    finding(page, "If OP-00057 is won for 12 February 2027")
    page.get_by_text("it would hurt nobody").wait_for()
    customers = table(page, "lines")
    name = column(customers, "customer").nth(0).inner_text()
    select_row(customers, 0)
    page.get_by_role("heading", level=1, name=re.compile(f"^{re.escape(name)}: ")).wait_for()
    in_url(page, customer="C-0027")


def test_the_weight_of_opportunities_changes_the_figures_and_the_url(
    page: Page, app_url: str, live: duckdb.DuckDBPyConnection
) -> None:
    visit(page, f"{app_url}/capacity")
    for label, weight in (("all in full", "all"), ("not at all", "none")):
        press(page, label)
        in_url(page, weight=weight)
        [known] = queries.ask(live, "capacity/headline", weight=weight).df().to_dict("records")
        shows(figures(page).nth(0), f"{known['full_count']:,} of {known['month_count']:,}")
    settle(page)


def test_what_stops_a_customer_opens_the_queue_there(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/customer?customer=C-0007")
    stops = table(page, "stopped by")
    finding(page, "What stops them")
    grid = (
        page.get_by_test_id("stDataFrame")
        .filter(has=page.locator("canvas [role=columnheader]", has_text="queue, hours"))
        .first
    )
    select_row(grid, 0)
    headline(page).filter(has_text="asked for more than its hours").wait_for()
    in_url(page, work_centre="WC-10", ahead="2027-01")
    assert stops is not None
