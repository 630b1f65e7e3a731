"""A planner in a real browser brings files whose names and cells are markup: on every page it is text, and nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.hostile.good import deliveries
from tests.hostile.test_hostile_page import hostile_book
from tests.test_browser import headline, settle, visit

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, FilePayload, Page

pytestmark = pytest.mark.browser

IMAGE = "![x](http://evil.example/x.png)"
"""A customer's number that Markdown would fetch."""

NAMES = ("*.csv", "[x](javascript:alert(1)).csv", "<img src=x onerror=alert(1)>.csv")
DONE = """() => [...document.querySelectorAll('img, a, script, iframe')]
    .filter(one => /alert|evil|onerror/.test(one.outerHTML))
    .map(one => one.outerHTML)"""
"""Elements that a browser made of what stands in the files; our own are none of them."""


def test_hostile_names_and_cells_are_text_in_the_browser_from_the_upload_to_the_customer(
    page: Page, empty_app_url: str
) -> None:
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    for name in NAMES:
        visit(page, f"{empty_app_url}/extracts")
        files: list[FilePayload] = [
            {"name": name, "mimeType": "text/csv", "buffer": hostile_book().encode()},
            {"name": "deliveries.csv", "mimeType": "text/csv", "buffer": deliveries().encode()},
        ]
        page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(files)
        page.get_by_role("button", name="Check these files").click()
        page.get_by_role("button", name="Publish", exact=True).wait_for()
        settle(page)
        page.get_by_role("button", name=f"Download the rejected rows of {name}").wait_for()
        assert page.evaluate(DONE) == []
    page.get_by_label("Your name").first.fill("<script>alert(1)</script>")
    page.keyboard.press("Tab")
    page.get_by_text("Publish the rest anyway").click()
    settle(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("Published as snapshot").wait_for()
    for path in ("extracts", "", "customers", f"customer?customer={quote(IMAGE)}"):
        visit(page, f"{empty_app_url}/{path}")
        headline(page).wait_for()
        settle(page)
        assert page.evaluate(DONE) == []
    page.get_by_role("combobox", name="Customer", exact=True).wait_for()
    assert page.get_by_role("combobox", name="Customer", exact=True).input_value().startswith(IMAGE)
    assert dialogs == []
