"""What moved in a real browser: from the headline to a kind of move, to its customer and back, and a link to another month."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from sop import comparing, queries
from sop.snapshots import Home
from tests.test_browser import (
    Ask,
    column,
    figures,
    headline,
    in_url,
    looked_over,
    press,
    select_row,
    settle,
    shows,
    table,
    view,
    visit,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("two months")]  # that company is published and served once

NOW = "Since 30 September 2026 we moved 2 promises, customers moved 3"
SINCE_THE_MIDDLE = "Since 15 October 2026 we moved 1 promise, customers moved 3"


@pytest.fixture(scope="module")
def ask(pair_home: Path) -> Iterator[Ask]:
    """Ask a question about the live snapshot and the one of the month before."""
    home = Home(pair_home)
    live = home.live() or ""
    connection: duckdb.DuckDBPyConnection = comparing.connect(home, comparing.earlier(home, live) or "", live)
    yield lambda name, **given: queries.ask(connection, name, **given).to_arrow_table().to_pylist()
    connection.close()


def test_from_what_moved_to_a_customer_and_back(page: Page, pair_app_url: str, ask: Ask) -> None:
    visit(page, f"{pair_app_url}/moves")
    shows(headline(page), NOW)
    page.get_by_role("heading", name="At risk: EUR 2 k then, EUR 2 k now").wait_for()
    press(page, "promises")
    press(page, "by the customer")
    in_url(page, list="promises", **{"promise-moves": "by the customer"})
    moves = ask("moves/promises", kind="by the customer")
    shows(column(table(page, "order"), "order"), [move["order_id"] for move in moves])
    page.reload()
    shows(column(table(page, "order"), "order"), [move["order_id"] for move in moves])
    settle(page)
    select_row(table(page, "order"), 0)
    in_url(page, customer=moves[0]["customer_id"])
    figures(page).first.wait_for()
    page.go_back()
    shows(headline(page), NOW)
    shows(column(table(page, "order"), "order"), [move["order_id"] for move in moves])
    in_url(page, list="promises", **{"promise-moves": "by the customer"})


def test_another_earlier_snapshot_is_kept_in_the_link(page: Page, pair_app_url: str, pair_home: Path) -> None:
    middle = next(manifest for manifest in Home(pair_home).history() if manifest.as_of == "2026-10-15")
    visit(page, f"{pair_app_url}/moves")
    shows(headline(page), NOW)
    page.get_by_role("combobox", name="From", exact=True).click()
    page.get_by_role("option", name="as of 15 Oct 2026").click()
    shows(headline(page), SINCE_THE_MIDDLE)
    in_url(page, before=middle.id)
    told = view(page)
    page.reload()
    shows(headline(page), SINCE_THE_MIDDLE)
    assert view(page) == told
    page.go_back()
    shows(headline(page), NOW)


def test_what_moved_fits_the_screen_and_shuts_out_nobody(page: Page, pair_app_url: str) -> None:
    visit(page, f"{pair_app_url}/moves?list=customers")
    looked_over(page)
    for listed in ("promises", "opportunities", "order lines", "hours", "value at risk"):
        press(page, listed)
        in_url(page, list=listed)
        settle(page)
        looked_over(page)
