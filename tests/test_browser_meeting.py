"""The meeting in a real browser: the path by key, the view for the shared screen, and finding a customer from anywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from sop import meeting
from sop.page import presenting
from tests.test_browser import NOT_WIDER, figures, headline, in_url, settle, visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


NOT_HIGHER = """() => [...document.querySelectorAll('[data-testid="stMain"]')]
    .every(part => part.scrollHeight <= part.clientHeight + 1)"""


def visit_screen(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("heading", level=4).first.wait_for()
    settle(page)


def stands_at(page: Page, place: int) -> None:
    page.get_by_text(f"Stop {place + 1} of {len(meeting.PATH)}", exact=True).wait_for()
    settle(page)


def test_the_path_leads_through_every_stop_by_key_and_back_again(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/overview")
    page.keyboard.press("m")
    stands_at(page, 0)
    for place, stop in enumerate(meeting.PATH):
        stands_at(page, place)
        opened = urlsplit(page.url).path.strip("/")
        assert meeting.place_of(opened) == place
        in_url(page, meeting="on")
        chosen = page.get_by_role("radio", checked=True).filter(has_text=stop.topic)
        assert chosen.count() == 1
        if place + 1 < len(meeting.PATH):
            page.keyboard.press("n")
    page.keyboard.press("b")
    stands_at(page, len(meeting.PATH) - 2)
    page.get_by_role("button", name="Leave the path").click()
    in_url(page, meeting=None)
    settle(page)
    assert page.get_by_text("Stop ").count() == 0


def test_a_link_opens_a_stop_and_a_topic_is_chosen_by_click(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/capacity?meeting=on")
    stands_at(page, meeting.first_of("What is coming"))
    page.get_by_role("radio").filter(has_text="How did we do").click()
    stands_at(page, meeting.first_of("How did we do"))
    assert meeting.place_of(urlsplit(page.url).path.strip("/")) == meeting.first_of("How did we do")


def test_a_bare_link_to_the_shared_screen_has_no_side_bar(page: Page, app_url: str) -> None:
    from playwright.sync_api import expect

    page.goto(f"{app_url}/present")
    in_url(page, screen="start")
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(0)


def test_a_presenter_walks_the_screens_by_key_without_a_side_bar_and_leaves(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/overview")
    shown = figures(page).first.inner_text()
    page.keyboard.press("p")
    message = page.get_by_role("heading", level=4)
    message.wait_for()
    in_url(page, screen="How did we do")
    settle(page)
    assert shown in message.inner_text()
    assert page.locator('[data-testid="stSidebar"][aria-expanded="true"]').count() == 0
    assert message.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 48
    said = message.inner_text()
    page.keyboard.press("PageDown")
    page.get_by_text(re.compile(r"5 of \d+")).wait_for()
    settle(page)
    assert message.inner_text() != said
    page.keyboard.press("PageUp")
    page.get_by_text(re.compile(r"4 of \d+")).wait_for()
    settle(page)
    assert message.inner_text() == said
    page.keyboard.press("Escape")
    headline(page).wait_for()
    settle(page)
    assert meeting.place_of(urlsplit(page.url).path.strip("/")) == meeting.first_of("How did we do")


@pytest.mark.parametrize("width, height", [(1920, 1080), (1366, 768), (820, 1180)])
def test_every_screen_has_its_message_and_fits(page: Page, app_url: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    for screen in presenting.SCREENS:
        visit_screen(page, f"{app_url}/present?screen={screen.name}")
        assert len(page.get_by_role("heading", level=4).first.inner_text()) > 10
        assert page.evaluate(NOT_WIDER, width), screen.name
        assert page.evaluate(NOT_HIGHER), screen.name


def test_pictures_on_the_shared_screen_are_made_taller_by_key_and_the_link_keeps_it(page: Page, app_url: str) -> None:
    picture = page.locator(".js-plotly-plot")
    visit_screen(page, f"{app_url}/present?screen=rate")
    low = picture.evaluate("one => one.clientHeight")
    page.keyboard.press("t")
    in_url(page, tall="on", screen="rate")
    settle(page)
    assert picture.evaluate("one => one.clientHeight") > 1.5 * low
    assert page.evaluate(NOT_HIGHER)
    page.keyboard.press("PageDown")
    in_url(page, tall="on", screen="ladder")
    settle(page)
    assert picture.evaluate("one => one.clientHeight") > 1.5 * low


def test_the_choices_of_every_page_stand_above_it_without_scrolling(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    for path in ("/overview", "/capacity?meeting=on", "/settings"):
        visit(page, app_url + path)
        month = page.get_by_role("combobox", name="Month", exact=True).bounding_box()
        heading = headline(page).bounding_box()
        assert month and heading and month["y"] < heading["y"] < 400


def test_a_customer_is_found_from_anywhere_by_a_part_of_the_name_with_a_slip(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/capacity")
    page.keyboard.press("f")
    box = page.get_by_role("textbox", name="Name or number")
    box.fill("nordwike")
    box.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Nordwyke Energy Partners")).click()
    headline(page).wait_for()
    in_url(page, customer="C-0018")
