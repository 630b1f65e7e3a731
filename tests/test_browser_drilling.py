"""A click in a picture opens what the point stands for, in a real browser, and Back leads back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.test_browser import LET_DOWN, Ask, ask, headline, in_url, settle, table, visit

__all__ = ["ask"]

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

OCTOBER = {"first_month": "2026-10-01", "last_month": "2026-10-01"}

POINT = """(drawn, [trace, number]) => {
    const {xaxis, yaxis} = drawn._fullLayout, data = drawn.calcdata[trace][number]
    const box = drawn.getBoundingClientRect()
    // A bar lies from its base to its end: the middle of it is what a finger hits.
    const flat = drawn._fullData[trace].orientation === 'h'
    const x = flat ? (xaxis.c2p(data.b || 0) + xaxis.c2p(data.s)) / 2 : xaxis.c2p(data.x ?? data.p)
    const upright = drawn._fullData[trace].type === 'bar' && !flat
    const middle = () => (yaxis.c2p(data.b || 0) + yaxis.c2p((data.b || 0) + data.s)) / 2
    const y = flat ? yaxis.c2p(data.p) : upright ? middle() : yaxis.c2p(data.y)
    return [xaxis._offset + x, yaxis._offset + y]
}"""
"""Where in a picture a point is, in pixels from its corner."""


def click_point(page: Page, alt: str, trace: int, number: int) -> None:
    picture = page.get_by_test_id("stPlotlyChart").filter(has=page.get_by_label(alt)).locator(".js-plotly-plot").first
    if not picture.count():
        picture = page.get_by_label(alt).locator(".js-plotly-plot").first
    picture.scroll_into_view_if_needed()
    x, y = picture.evaluate(POINT, [trace, number])
    picture.hover(position={"x": x, "y": y})
    picture.click(position={"x": x, "y": y})


def is_chosen(page: Page, kind: str) -> None:
    """Wait until this kind of rows is the one that is chosen: the URL says so a moment before the button does."""
    from playwright.sync_api import expect

    expect(page.get_by_role("radio", name=kind, checked=True)).to_have_count(1)


def test_a_bar_opens_its_customer_and_back_returns(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/overview")
    before = headline(page).inner_text()
    click_point(page, "Gap by customer, largest first", 0, 9)
    in_url(page, customer=LET_DOWN)
    settle(page)
    page.go_back()
    headline(page).filter(has_text=before).wait_for()


def test_a_month_of_the_trend_is_put_under_review(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/overview")
    click_point(page, "The three promise rates by month against target", 1, 21)
    in_url(page, month="2026-08")
    headline(page).filter(has_text="August 2026").wait_for()


def lists(page: Page, heading: str, rows: int) -> None:
    """Wait until the table with this column has so many rows: the URL names them a moment before it does."""
    from playwright.sync_api import expect

    expect(table(page, heading).locator("canvas [role=grid]")).to_have_attribute("aria-rowcount", str(rows + 1))


def test_a_rung_opens_the_lines_that_it_has_as_not_kept(page: Page, app_url: str, ask: Ask) -> None:
    visit(page, f"{app_url}/overview")
    click_point(page, "The same month under six readings of kept", 0, 2)
    in_url(page, behind="true", broken_by="to request, no tolerance")
    settle(page)
    is_chosen(page, "broken")
    [rung] = [rung for rung in ask("overview/ladder", **OCTOBER) if rung["rung"] == "to request, no tolerance"]
    lists(page, "order", rung["due_count"] - rung["kept_count"])


def test_a_bar_of_a_cause_opens_the_lines_that_it_counts(page: Page, app_url: str, ask: Ask) -> None:
    visit(page, f"{app_url}/overview")
    causes = {cause["cause"]: cause for cause in ask("overview/causes", **OCTOBER)}
    click_point(page, "Broken promises by the cause that leads, and by all evidence", 1, 2)
    in_url(page, behind="true", broken_by="no room in the plan")
    settle(page)
    lists(page, "order", causes["no room in the plan"]["broken_count"])


def test_a_bar_of_the_pipeline_opens_the_opportunities_of_its_month(page: Page, app_url: str, ask: Ask) -> None:
    visit(page, f"{app_url}/pipeline")
    click_point(page, "Open opportunities by month of need", 1, 2)
    month = ask("pipeline/months")[2]
    in_url(page, need=f"{month['need_month']:%Y-%m}")
    settle(page)
    lists(page, "opportunity", month["too_late_count"])


def test_a_part_of_the_wait_opens_the_lines_whose_days_it_adds_up(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/customer?customer={LET_DOWN}&span=3")
    click_point(page, "The wait as offered, moved by us, moved by the customer and missed", 0, 3)
    in_url(page, lines="missed", view="Order lines")
    settle(page)
    is_chosen(page, "missed")


@pytest.mark.xdist_group("two months")
def test_a_step_of_the_bridge_opens_its_lines_wherever_above_it_one_clicks(page: Page, pair_app_url: str) -> None:
    bridge = "Value at risk then, each step, value at risk now"
    visit(page, f"{pair_app_url}/moves")
    click_point(page, bridge, 0, 1)
    in_url(page, list="value at risk", **{"at-risk-moves": "new orders"})
    settle(page)
    click_point(page, bridge, 1, 10)  # the unseen bar over the whole height
    in_url(page, list="value at risk", **{"at-risk-moves": "at risk now"})
    settle(page)
    is_chosen(page, "at risk now")


def test_a_dot_opens_its_order_line(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/customer?customer={LET_DOWN}&span=3")
    said: Any = (
        page.get_by_label("Days after the promise by promise date")
        .locator(".js-plotly-plot")
        .evaluate("drawn => drawn._fullData[1].customdata[0]")
    )
    click_point(page, "Days after the promise by promise date", 1, 0)
    page.wait_for_function("() => new URLSearchParams(location.search).get('line')")
    settle(page)
    assert said[0] in page.url.replace("+", " ")
    page.get_by_text("Moves of the promise").wait_for()
