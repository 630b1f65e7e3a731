"""A planner in a real browser: files as they are, one question answered, checked, published, looked back at and undone."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.test_browser import headline, select_row, settle, shows, table, visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ORDERS = (
    "Offene Aufträge\n\nAuftrag;Kundennummer;Artikelnummer;Menge;Preis;Liefertermin\n"
    "4711;K-01;P-7;1.250,5;2,50;24.12.2025\n4712;K-02;P-7;viel;2,50;31.12.2025\n"
    + "".join(f"{number};K-03;P-8;{number - 4700},0;1,00;15.12.2025\n" for number in range(4713, 4740))
)
DELIVERIES = "Auftrag;Artikelnummer;Geliefert am;Liefermenge\n4711;P-7;24.12.2025;1.250,5\n4713;P-8;20.12.2025;13,0\n"


def bring(page: Page, **files: str) -> None:
    """Drop files, in the code page of a Windows machine, where a file manager would drop them."""
    payload = [
        {"name": name.replace("__", "."), "mimeType": "text/csv", "buffer": text.encode("cp1252")}
        for name, text in files.items()
    ]
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(payload)  # type: ignore[arg-type]
    page.get_by_role("button", name="Check these files").wait_for()
    settle(page)


def answer(page: Page, question: str, choice: str) -> None:
    page.get_by_role("combobox", name=question).click()
    page.get_by_role("option", name=choice).first.click()
    settle(page)


def check_and_publish(page: Page, who: str) -> None:
    page.get_by_role("button", name="Check these files").click()
    page.get_by_role("button", name="Publish", exact=True).wait_for()
    settle(page)
    page.get_by_label("Your name").first.fill(who)
    page.keyboard.press("Tab")
    settle(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("Published as snapshot").wait_for()
    settle(page)


def test_files_as_they_are_become_a_review_and_the_next_month_needs_no_answer(page: Page, empty_app_url: str) -> None:
    visit(page, f"{empty_app_url}/extracts")
    shows(headline(page), "Nothing is published yet: bring order lines and deliveries")
    bring(page, auftraege__csv=ORDERS, lieferungen__csv=DELIVERIES)
    assert page.get_by_role("button", name="Check these files").is_disabled()
    answer(page, "Liefertermin", "promised date = Liefertermin")
    check_and_publish(page, "A planner")
    shows(headline(page), "2 extracts as of 24 December 2025, 1 row set aside")

    visit(page, f"{empty_app_url}/extracts")  # as the next month does, with nothing left of the first
    bring(page, auftraege__csv=ORDERS.replace("viel", "7,0"))
    page.get_by_text("as confirmed before").wait_for()
    check_and_publish(page, "Another planner")
    shows(headline(page), "2 extracts as of 24 December 2025, every row read")


def test_rejected_rows_come_back_as_a_file_that_loads_once_it_is_mended(
    page: Page, empty_app_url: str, tmp_path: Path
) -> None:
    visit(page, f"{empty_app_url}/extracts")
    bring(page, auftraege__csv=ORDERS)
    answer(page, "Liefertermin", "promised date = Liefertermin")
    page.get_by_role("button", name="Check these files").click()
    link = page.get_by_role("button", name="Download the rejected rows of auftraege.csv")
    link.wait_for()
    settle(page)
    with page.expect_download() as waiting:
        link.click()
    waiting.value.save_as(tmp_path / "rejected.csv")
    [header, *rejected] = csv.reader((tmp_path / "rejected.csv").read_text(encoding="utf-8-sig").splitlines())
    assert header[:6] == ["Auftrag", "Kundennummer", "Artikelnummer", "Menge", "Preis", "Liefertermin"]
    mended = [row for row in rejected if row[3] == "viel"]
    assert mended == [["4712", "K-02", "P-7", "viel", "2,50", "31.12.2025", "5", "quantity: is not a number"]]


def test_an_earlier_snapshot_is_looked_at_and_made_live_again(page: Page, empty_app_url: str) -> None:
    visit(page, f"{empty_app_url}/extracts")
    bring(page, auftraege__csv=ORDERS)
    answer(page, "Liefertermin", "promised date = Liefertermin")
    check_and_publish(page, "A planner")
    bring(page, auftraege__csv=ORDERS.replace("4713;", "4799;"))
    check_and_publish(page, "A planner")
    select_row(table(page, "made live again"), 1)
    settle(page)
    page.get_by_role("button", name="Open read-only").click()
    page.get_by_text("It is not the live one").wait_for()
    settle(page)
    page.get_by_role("button", name="Back to the live one").click()
    settle(page)
    page.get_by_text("It is not the live one").wait_for(state="detached")
    page.get_by_label("Your name").first.fill("A chair")
    page.keyboard.press("Tab")
    settle(page)
    page.get_by_role("button", name="Make it live again").click()
    page.get_by_text("is live again").wait_for()
