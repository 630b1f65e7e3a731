"""The app in a real browser, as a leader meets it: what a click, a link, Back and a reload promise.

Figures are compared with what the queries answer for the sample company; no figure is written down here. What Streamlit
1.67 itself does not do well for people who use a screen reader is listed in BUILT_IN and nowhere else.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import duckdb
import pandas as pd
import pytest

from sop import findings, queries, words
from sop.snapshots import Home

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

Ask = Callable[..., list[dict[str, Any]]]
LET_DOWN, RE_PROMISED = "C-0007", "C-0012"
"""Whom the sample company let down from August on, and who looks well served only by the current promise."""
YEAR = {"first_month": datetime.date(2025, 11, 1), "last_month": datetime.date(2026, 10, 1)}
QUARTER = {"first_month": datetime.date(2026, 8, 1), "last_month": datetime.date(2026, 10, 1)}
ANY = {"tier": None, "region": None, "account_manager": None, "product_family": None}
VIEWS = {
    "overview": "/",
    "overview, lines behind": "/?behind=true",
    "overview, by its name": "/overview",
    "customers": "/customers",
    "customer": f"/customer?customer={LET_DOWN}&span=3",
    "customer, months": f"/customer?customer={RE_PROMISED}&view=Months",
    "customer, order line": f"/customer?customer={LET_DOWN}&view=Order+lines&line=SO-106864+%2F+10",
    "customer, none chosen": "/customer",
    "what moved, one snapshot": "/moves",
    "pipeline": "/pipeline?opportunity=OP-00057",
    "capacity": "/capacity",
    "customer, causes": f"/customer?customer={LET_DOWN}&view=Causes",
    "overview, in the meeting": "/overview?meeting=on",
    "close": "/close",
    "definitions": "/definitions",
    "audit trail": "/audit",
    "extracts": "/extracts",
    "settings": "/settings",
}
ROW_HEIGHT, CHECKBOX = 35, 15
"""Of a table, in pixels: the height of its rows and where in a row its checkbox is."""
NOT_WIDER = """width => innerWidth === width
    && [document.documentElement, ...document.querySelectorAll('[data-testid="stMain"], [data-testid="stSidebarContent"]')]
        .every(part => part.scrollWidth <= part.clientWidth)"""
BUILT_IN = {
    "svg-img-alt": '[data-testid="stMetricChart"] *',  # the little history in a headline figure has no words
    "list": '[data-testid="stSidebarNavItems"]',  # the menu puts its sections between the list and its items
    "listitem": '[data-testid="stSidebarNavItems"] li',
    "color-contrast": "kbd",  # the key of a button is written in a paler shade of its own letters
}
"""Rule of axe -> the part of Streamlit 1.67 that breaks it and that no page can mend."""


@pytest.fixture(scope="module")
def ask(sample_home: Path) -> Iterator[Ask]:
    """Ask a query of the snapshot that the app shows."""
    connection: duckdb.DuckDBPyConnection = Home(sample_home).open()
    yield lambda name, **given: queries.ask(connection, name, **given).to_arrow_table().to_pylist()
    connection.close()


# --- driving Streamlit -------------------------------------------------------------------------------------------


def settle(page: Page) -> None:
    """Wait until the server has answered and everything that it sent is painted; none of it is an error of the app."""
    from playwright.sync_api import expect

    done = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
    expect(page.locator(done)).to_have_count(1)
    expect(page.locator('[data-stale="true"], [data-testid="stSkeleton"]')).to_have_count(0)
    expect(page.locator('[data-testid="stPlotlyChart"]:not(:has(.main-svg))')).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def visit(page: Page, address: str) -> None:
    page.goto(address)
    headline(page).wait_for()
    settle(page)


def headline(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def figures(page: Page) -> Locator:
    return page.get_by_test_id("stMetricValue")


def shows(locator: Locator, texts: str | re.Pattern[str] | Sequence[str | re.Pattern[str]]) -> None:
    """Wait until an element (or each of several) has this text."""
    from playwright.sync_api import expect

    expect(locator).to_have_text(texts)


def in_url(page: Page, **wanted: str | None) -> None:
    """Wait until the URL says each of these choices; None: that it does not speak of one."""
    page.wait_for_function(
        """wanted => {
            const url = new URLSearchParams(location.search)
            return Object.entries(wanted).every(([name, value]) => url.get(name) === value)
        }""",
        arg=wanted,
    )


def pick(page: Page, label: str, option: str) -> None:
    """Choose in a list; what is typed narrows it, since only the options in sight exist."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.press_sequentially(option)
    page.get_by_role("option", name=option).first.click()


def press(page: Page, label: str) -> None:
    """Press one of several buttons that stand together."""
    page.get_by_test_id("stButtonGroup").get_by_text(label, exact=True).click()


def heading_of(whole: Page | Locator, heading: str) -> Locator:
    """A column's heading. A table is a picture; what it says to a screen reader is in it."""
    return whole.locator("canvas [role=columnheader]").filter(has_text=re.compile(f"^{re.escape(heading)}$"))


def table(page: Page, heading: str) -> Locator:
    """The first table that has a column of this name."""
    found = page.get_by_test_id("stDataFrame").filter(has=heading_of(page, heading)).first
    found.locator("canvas [role=gridcell]").first.wait_for(state="attached")
    return found


def column(grid: Locator, heading: str) -> Locator:
    """The cells in sight of one column."""
    number = heading_of(grid, heading).first.get_attribute("aria-colindex")
    return grid.locator(f'canvas [role=gridcell][aria-colindex="{number}"]')


def select_row(grid: Locator, number: int) -> None:
    """Tick a row's checkbox, counted from 0; the click waits until the table stands still."""
    grid.click(position={"x": CHECKBOX, "y": ROW_HEIGHT * number + ROW_HEIGHT * 1.5})


def view(page: Page) -> tuple[str, list[str], list[str]]:
    """What a page tells: its headline, its figures and its findings."""
    settle(page)
    return (
        headline(page).inner_text(),
        figures(page).all_inner_texts(),
        page.get_by_role("heading", level=3).all_inner_texts(),
    )


def of_month(ask: Ask, month: str) -> dict[str, Any]:
    return ask("overview/month", month=month)[0]


def of_customer(ask: Ask, customer: str, months: dict[str, datetime.date]) -> list[str]:
    """The headline figures of a customer, as the page words them."""
    known = ask("customer/headline", customer=customer, **months)[0]
    rates = [words.percent(known[f"{rate}_rate"]) for rate in ("promise", "request", "current")]
    return [*rates, words.money(known["gap_value"], "EUR"), words.money(known["waiting_value"], "EUR")]


# --- the overview ------------------------------------------------------------------------------------------------


def overview_shows(page: Page, now: dict[str, Any]) -> None:
    shows(headline(page), findings.of_the_month(now))
    shows(
        figures(page),
        [
            words.percent(now["promise_rate"]),
            words.money(now["gap_value"], "EUR"),
            str(now["let_down_count"]),
            words.points(now["repromise_effect_rate"]),
            words.money(now["waiting_value"], "EUR"),
        ],
    )


def test_the_app_opens_on_the_newest_month_with_the_figures_of_its_query(page: Page, app_url: str, ask: Ask) -> None:
    visit(page, app_url)
    overview_shows(page, of_month(ask, "2026-10-01"))
    in_url(page, month="2026-10")


def test_another_month_changes_the_figures_and_the_url_and_back_undoes_both(page: Page, app_url: str, ask: Ask) -> None:
    visit(page, app_url)
    pick(page, "Month", "August 2026")
    overview_shows(page, of_month(ask, "2026-08-01"))
    in_url(page, month="2026-08")
    page.go_back()
    overview_shows(page, of_month(ask, "2026-10-01"))


def test_the_lines_behind_the_figures_are_there_and_a_link_keeps_them(page: Page, app_url: str, ask: Ask) -> None:
    visit(page, app_url)
    page.get_by_text("The order lines behind these figures").click()
    press(page, "re-promised")
    in_url(page, behind="true", figure="re-promised")
    expected = [line["order_id"] for line in ask("overview/lines", month="2026-10-01", figure="re-promised")]
    orders = table(page, "order")
    shows(column(orders, "order").nth(0), expected[0])
    page.reload()
    settle(page)
    shows(column(table(page, "order"), "order").nth(0), expected[0])
    assert table(page, "order").locator("canvas [role=grid]").get_attribute("aria-rowcount") == str(len(expected) + 1)


# --- customers ---------------------------------------------------------------------------------------------------


def scoreboard_shows(page: Page, customers: list[dict[str, Any]]) -> None:
    grid = table(page, "customer")
    for name in ("customer_name", "due_count", "broken_count", "customer_id"):
        shows(column(grid, words.label(name)), [str(customer[name]) for customer in customers])
    board = pd.DataFrame(customers)
    shows(headline(page), re.compile(re.escape(findings.of_the_customers(board, "")).rstrip(",\\ ")))


def test_filters_narrow_the_customers_and_a_link_carries_them(page: Page, app_url: str, ask: Ask) -> None:
    visit(page, f"{app_url}/customers")
    pick(page, "Tier", "A")
    in_url(page, tier="A")
    scoreboard_shows(page, ask("customers/scoreboard", **{**YEAR, **ANY, "tier": "A"}))
    pick(page, "Region", "Export")
    in_url(page, tier="A", region="Export")
    press(page, "3 months")
    in_url(page, tier="A", region="Export", span="3")
    chosen = ask("customers/scoreboard", **{**QUARTER, **ANY, "tier": "A", "region": "Export"})
    assert 0 < len(chosen) < len(ask("customers/scoreboard", **{**QUARTER, **ANY, "tier": "A"}))
    scoreboard_shows(page, chosen)
    page.reload()
    scoreboard_shows(page, chosen)


def test_a_row_opens_its_customer_and_back_returns_to_the_list(page: Page, app_url: str, ask: Ask) -> None:
    customers = ask("customers/scoreboard", **{**QUARTER, **ANY, "tier": "B"})
    visit(page, f"{app_url}/customers?span=3&tier=B")
    select_row(table(page, "customer"), 2)
    third = customers[2]
    in_url(page, customer=third["customer_id"], span="3", month="2026-10")
    shows(figures(page), of_customer(ask, third["customer_id"], QUARTER))
    page.go_back()
    shows(column(table(page, "customer"), "customer").nth(2), third["customer_name"])
    in_url(page, tier="B", span="3")
    select_row(table(page, "customer"), 2)  # the same row opens again
    shows(figures(page), of_customer(ask, third["customer_id"], QUARTER))


def test_back_undoes_the_first_filter(page: Page, app_url: str, ask: Ask) -> None:
    visit(page, f"{app_url}/customers?month=2026-10&span=12")
    before = headline(page).inner_text()
    pick(page, "Tier", "A")
    in_url(page, tier="A")
    settle(page)
    page.go_back()
    from playwright.sync_api import expect

    expect(headline(page)).to_have_text(before)


# --- a customer --------------------------------------------------------------------------------------------------


def test_a_reload_and_a_link_sent_to_another_show_the_same_customer(
    page: Page, app_url: str, ask: Ask, new_page: Callable[[], Page]
) -> None:
    visit(page, app_url)
    pick(page, "Month", "September 2026")
    in_url(page, month="2026-09")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Customer", exact=True).click()
    pick(page, "Customer", RE_PROMISED)
    press(page, "3 months")
    in_url(page, customer=RE_PROMISED, month="2026-09", span="3")
    months = {"first_month": datetime.date(2026, 7, 1), "last_month": datetime.date(2026, 9, 1)}
    shows(figures(page), of_customer(ask, RE_PROMISED, months))
    told = view(page)
    page.reload()
    shows(figures(page), told[1])
    assert view(page) == told
    elsewhere = new_page()
    visit(elsewhere, page.url)
    assert view(elsewhere) == told
    assert elsewhere.get_by_role("combobox", name="Month", exact=True).input_value() == "September 2026"


def test_each_tab_opens_its_tables_and_the_link_opens_that_tab(page: Page, app_url: str, ask: Ask) -> None:
    asked = {"customer": LET_DOWN, **QUARTER}
    visit(page, f"{app_url}/customer?customer={LET_DOWN}&span=3")
    page.get_by_role("tab", name="Months").click()
    in_url(page, view="Months")
    rows = ask("customer/months", **asked)
    shows(column(table(page, "re-promised"), words.label("due_count")), [str(row["due_count"]) for row in rows])
    page.get_by_role("tab", name="Product families").click()
    in_url(page, view="Product families")
    families = [row["product_family"] for row in ask("customer/families", **asked)]
    shows(column(table(page, "product family"), "product family"), families)
    page.get_by_role("tab", name="Order lines").click()
    press(page, "cancelled")
    in_url(page, view="Order lines", lines="cancelled")
    cancelled = [row["order_id"] for row in ask("customer/lines", figure="cancelled", **asked)]
    shows(column(table(page, "order"), "order"), cancelled)
    page.reload()
    shows(column(table(page, "order"), "order"), cancelled)


def line_shows(page: Page, ask: Ask, customer: str, order: str, number: str) -> None:
    """The line's sentence, its moves and its deliveries."""
    known = {"order_id": order, "line_number": number}
    line = ask("customer/line", customer=customer, **known)[0]
    page.get_by_text(findings.of_the_line(line)).wait_for()
    moves, deliveries = ask("customer/line_moves", **known), ask("customer/line_deliveries", **known)
    assert moves and deliveries, "choose a line that has both"
    shows(column(table(page, "moved by"), "days"), [str(move["moved_days"]) for move in moves])
    shows(column(table(page, "delivery"), "delivery"), [delivery["delivery_id"] for delivery in deliveries])


def moved_and_delivered(ask: Ask) -> int:
    """The first of the customer's lines that was moved and delivered, as a row number of its table."""
    lines = ask("customer/lines", customer=LET_DOWN, figure="all", **QUARTER)
    return next(
        number for number, line in enumerate(lines) if line["move_count"] and line["delivered_quantity"] and number < 12
    )


def test_a_row_opens_an_order_line_down_to_its_moves_and_deliveries(page: Page, app_url: str, ask: Ask) -> None:
    number = moved_and_delivered(ask)
    line = ask("customer/lines", customer=LET_DOWN, figure="all", **QUARTER)[number]
    visit(page, f"{app_url}/customer?customer={LET_DOWN}&span=3&view=Order+lines&lines=all")
    select_row(table(page, "order"), number)
    in_url(page, line=f"{line['order_id']} / {line['line_number']}")
    line_shows(page, ask, LET_DOWN, line["order_id"], line["line_number"])


def test_a_link_opens_an_order_line_down_to_its_moves_and_deliveries(page: Page, app_url: str, ask: Ask) -> None:
    line = ask("customer/lines", customer=LET_DOWN, figure="all", **QUARTER)[moved_and_delivered(ask)]
    link = f"{line['order_id']}+%2F+{line['line_number']}"
    visit(page, f"{app_url}/customer?customer={LET_DOWN}&span=1&line={link}")
    line_shows(page, ask, LET_DOWN, line["order_id"], line["line_number"])


# --- what is not there -------------------------------------------------------------------------------------------


def test_an_unknown_customer_in_a_link_is_named_and_the_list_offered(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/customer?customer=C-9999")
    page.get_by_text("There is no customer “C-9999” in this snapshot. Choose one from the list.").wait_for()
    in_url(page, customer=None)
    page.get_by_role("link", name="All customers, the largest gap first").click()
    table(page, "customer")
    assert urlsplit(page.url).path == "/customers"


def test_an_unknown_month_in_a_link_is_named_and_the_newest_shown(page: Page, app_url: str, ask: Ask) -> None:
    visit(page, f"{app_url}/?month=1999-01")
    page.get_by_text("There is no month “1999-01” in this snapshot. Choose one from the list.").wait_for()
    overview_shows(page, of_month(ask, "2026-10-01"))
    in_url(page, month="2026-10")


def test_where_nothing_is_published_even_a_link_says_how_to_bring_it(page: Page, empty_app_url: str) -> None:
    visit(page, f"{empty_app_url}/customer?customer={LET_DOWN}")  # the first page that this server is asked for
    shows(headline(page), "Nothing is published yet")
    page.get_by_text("order lines and deliveries").wait_for()
    shows(
        page.get_by_test_id("stCode"),
        [re.compile("sop load order_lines.csv deliveries.csv"), re.compile("sop load data/sample/")],
    )


# --- definitions -------------------------------------------------------------------------------------------------


def test_a_definition_opens_with_its_figure_and_its_sql(page: Page, app_url: str, ask: Ask) -> None:
    visit(page, f"{app_url}/definitions")
    name = "definitions/promise_rate"
    measure = page.get_by_test_id("stVerticalBlock").filter(
        has=page.get_by_role("heading", name=queries.find(name).about.partition(":")[0], exact=True)
    ).last  # fmt: skip
    measure.get_by_text("Its figure now, and its SQL").click()
    [answer] = ask(name)
    shown = measure.locator("canvas [role=columnheader]")
    shows(shown, [words.label(column, "EUR") for column in answer])
    cell = measure.locator("canvas [role=gridcell]").first
    cell.wait_for(state="attached")
    assert float(cell.inner_text()) == pytest.approx(100 * answer["promise_rate"])
    shows(measure.get_by_test_id("stCode"), re.compile(r"select\b.*\bfrom\b", re.DOTALL))


# --- every page --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", VIEWS.values(), ids=VIEWS)
def test_every_page_fits_the_screen_and_shuts_out_nobody(page: Page, app_url: str, path: str) -> None:
    fits_and_shuts_out_nobody(page, app_url + path)


def fits_and_shuts_out_nobody(page: Page, address: str) -> None:
    """Open a page and look it over."""
    visit(page, address)
    looked_over(page)


def looked_over(page: Page) -> None:
    """See what is open large and light, then small and dark: it is never wider than the screen, and axe finds nothing.

    The second time axe looks for what depends on colours and on room, since the rest is the same page.
    """
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect

    for (width, height), scheme, background, rules in (
        ((1920, 1080), "light", "rgb(255, 255, 255)", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]),
        ((1366, 768), "dark", "rgb(16, 21, 29)", ["color-contrast", "scrollable-region-focusable"]),
    ):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", background)
        page.wait_for_function(NOT_WIDER, arg=width)
        settle(page)
        found = Axe().run(page, options={"runOnly": rules}).response
        assert violations(page, found["violations"]) == [], f"in {scheme}"


def violations(page: Page, found: list[dict[str, Any]]) -> list[str]:
    """What axe found, but for what is built into Streamlit."""
    return [
        f"{violation['id']}: {node['target']} {node['html'][:200]} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
        if not (
            violation["id"] in BUILT_IN
            and page.locator(node["target"][0]).and_(page.locator(BUILT_IN[violation["id"]])).count()
        )
    ]
