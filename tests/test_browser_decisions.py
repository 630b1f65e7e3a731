"""The decision log in a real browser: decided in September, did it work in October, an action done, a correction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from sop import correcting
from tests.decided import Company
from tests.test_browser import settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_decision_is_held_against_the_next_snapshot_and_corrected(
    page: Page, decided_app_url: str, decided: Company
) -> None:
    page.goto(f"{decided_app_url}/decisions?decision=1")
    expect(page.get_by_text("no promise that was decided on has fallen due yet")).to_be_visible()
    decided.october()
    page.goto(f"{decided_app_url}/")
    expect(page.get_by_text("1 decision since last month's review: 1 of 2 promises kept as decided")).to_be_visible()
    page.goto(f"{decided_app_url}/decisions?decision=1")
    expect(page.get_by_role("heading", name="1 decision in force: 1 of 2 promises kept as decided")).to_be_visible()
    settle(page)
    page.get_by_label("Your name").fill("Ben")
    page.get_by_role("button", name="It is done").click()
    expect(page.get_by_text("Written down.")).to_be_visible()
    expect(page.get_by_role("heading", name="1 action open", exact=True)).to_be_visible()
    settle(page)
    page.get_by_text("Correct this decision").click()
    page.get_by_label("Who decides").fill("Cleo Ray")
    page.get_by_label("Why").fill("Brio asked for the fifteenth")
    settle(page)
    page.get_by_role("button", name="Write the correction to the log").click()
    expect(page.get_by_text("Decision 2 is in the log.")).to_be_visible()
    expect(page.get_by_text("It corrects decision 1.")).to_be_visible()
    expect(page.get_by_role("heading", name="1 action open", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/decisions\?.*decision=2"))
    taken, _, _ = correcting.as_taken(decided.log, 2)
    assert (taken.decided_by, taken.reason, taken.replaces) == ("Cleo Ray", "Brio asked for the fifteenth", 1)
