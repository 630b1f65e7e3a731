"""The page Settings in a real browser: what one person saves, the next one sees; and to the sample company and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sop import company
from tests.decided import Company
from tests.test_browser import headline, settle, visit
from tests.test_settings import picture

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

pytestmark = pytest.mark.browser


def say_who(page: Page, button: str) -> None:
    """Write a name beside a button and press it."""
    form = page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name=button, exact=True))
    form.get_by_role("textbox", name="Your name").fill("Ann Lee")
    form.get_by_role("button", name=button, exact=True).click()


def test_a_name_a_logo_and_a_target_are_saved_and_the_figures_worked_out_anew(
    page: Page, decided: Company, decided_app_url: str
) -> None:
    visit(page, f"{decided_app_url}/settings")
    page.get_by_role("textbox", name="Name of the company").fill("Kestrel & Sons")
    page.get_by_role("spinbutton", name="Promise target, %").fill("98")
    logo: FilePayload = {"name": "logo.png", "mimeType": "image/png", "buffer": picture()}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files([logo])
    page.get_by_text("logo.png").wait_for()
    say_who(page, "Save")
    page.get_by_text("Saved as entry 1 of the decision log").wait_for()
    settle(page)
    image = page.get_by_test_id("stSidebar").get_by_role("img").first
    assert image.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [120, 40]
    page.get_by_test_id("stMain").get_by_text("Kestrel & Sons").first.wait_for()
    say_who(page, "Work the figures out anew")
    page.get_by_text("Published as snapshot").wait_for()
    settle(page)
    live = decided.home.live()
    assert live and decided.home.manifest(live).created_by == "Ann Lee"
    assert company.read(decided.home.folder).measure.promise_target == 0.98
    page.get_by_text("worked out with these settings").wait_for()


def test_the_sample_company_is_shown_says_so_on_every_page_and_goes_away_again(
    page: Page, decided: Company, decided_app_url: str
) -> None:
    own = decided.home.live()
    visit(page, f"{decided_app_url}/settings")
    say_who(page, "Show the sample company")
    page.get_by_text("The sample company is live, snapshot").wait_for()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Customers").click()
    headline(page).filter(has_text=re.compile("customers")).wait_for()
    settle(page)
    page.get_by_text("This is the sample company").wait_for()
    page.get_by_role("link", name="Bring your own extracts").click()
    page.get_by_text("Bring new extracts").wait_for()
    visit(page, f"{decided_app_url}/settings")
    say_who(page, "Go back to your own company")
    page.get_by_text("Your own company is live").wait_for()
    settle(page)
    assert decided.home.live() == own
    assert page.get_by_text("This is the sample company").count() == 0
