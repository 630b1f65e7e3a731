"""Signing in at a real provider, in a real browser: what each role is given, and that every other way is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sop import access, audit, closing
from sop.decisions import Log
from tests.conftest import _served, new_context
from tests.provider import Provider, provider
from tests.signed import PEOPLE, write_people, write_secrets

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("signed in")]  # served once for each way to sign in


@dataclass
class Place:
    """An app in which people sign in, and the provider that says who they are."""

    address: str
    home: Path
    provider: Provider


@pytest.fixture(scope="module")
def place(own_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = Path(shutil.copytree(own_home, tmp_path_factory.mktemp("signing") / "home"))
    with provider() as one:

        def prepare(address: str) -> None:
            write_secrets(home, address, one.address)
            write_people(home)

        with _served(home, prepare) as address:
            yield Place(address, home, one)


@pytest.fixture
def somebody(browser: Browser) -> Iterator[Page]:
    context = new_context(browser)
    yield context.new_page()
    context.close()


def sign_in(page: Page, place: Place, email: str, path: str = "/", **claims: object) -> None:
    from playwright.sync_api import expect

    place.provider.says(email, **claims)
    page.goto(f"{place.address}{path}")
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def agenda(page: Page) -> set[str]:
    """The pages that the side bar leads to."""
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    links.first.wait_for()
    return {link.inner_text() for link in links.all()}


def refused(page: Page, place: Place, path: str) -> None:
    """Open an address by hand; the server says that there is no such page, and shows the first one."""
    from playwright.sync_api import expect

    page.goto(f"{place.address}{path}")
    expect(page.get_by_text("Page not found")).to_be_visible()
    expect(page.get_by_text("Where do we stand, and whom did we let down?")).to_be_visible()


READ = {"Pack", "Overview", "Customers", "Customer", "Pipeline", "Capacity", "What moved", "Arbitrate", "Scenarios", "Decisions",
        "Close", "Definitions"}  # fmt: skip


def test_whoever_is_not_signed_in_sees_one_page_and_nothing_else(place: Place, somebody: Page) -> None:
    from playwright.sync_api import expect

    asked: list[str] = []
    somebody.on("request", lambda request: asked.append(request.url))
    somebody.on("websocket", lambda opened: asked.append(opened.url))
    paths = ("/", "/customers", "/extracts", "/present?screen=rate", "/nothing")
    for path in paths:
        somebody.goto(f"{place.address}{path}")
        expect(somebody.get_by_role("heading", name="Sign in")).to_be_visible()
        assert [link.inner_text() for link in somebody.get_by_role("link").all()] == ["Sign in"]
    assert asked == [f"{place.address}{path}" for path in paths], "nothing of the app is fetched, no session is opened"


def test_a_viewer_reads_and_finds_nothing_to_write_with(place: Place, somebody: Page) -> None:
    from playwright.sync_api import expect

    sign_in(somebody, place, "vera@example.com")
    expect(somebody.get_by_text("Vera, viewer")).to_be_visible()
    assert agenda(somebody) == READ
    refused(somebody, place, "/extracts")
    refused(somebody, place, "/settings")
    somebody.goto(f"{place.address}/close")
    expect(somebody.get_by_text("Closing the month takes a chair.")).to_be_visible()
    assert somebody.get_by_role("button", name="Close the meeting").count() == 0
    somebody.goto(f"{place.address}/customer?customer=C-0007")
    expect(somebody.get_by_text("To first promise", exact=True)).to_be_visible()
    assert somebody.get_by_role("button", name="Pin a note").count() == 0


def test_a_planner_publishes_and_does_not_decide(place: Place, somebody: Page) -> None:
    from playwright.sync_api import expect

    sign_in(somebody, place, "paul@example.com")
    assert agenda(somebody) == READ | {"Extracts", "Settings"}
    somebody.goto(f"{place.address}/extracts")
    expect(somebody.get_by_text("Are the extracts in, complete and fresh?")).to_be_visible()
    file = Path(__file__).parent.parent / "data" / "sample" / "products.csv"
    somebody.locator("input[type=file]").set_input_files(file)
    expect(somebody.get_by_text("products.csv").first).to_be_visible()
    somebody.goto(f"{place.address}/settings")
    expect(somebody.get_by_text("Changing them takes a chair.")).to_be_visible()
    somebody.goto(f"{place.address}/close")
    expect(somebody.get_by_text("Closing the month takes a chair.")).to_be_visible()


def test_the_chair_closes_the_month_under_their_own_name(place: Place, somebody: Page) -> None:
    from playwright.sync_api import expect

    sign_in(somebody, place, "cleo@example.com", groups=["staff", "chairs"])
    somebody.goto(f"{place.address}/close?month=2026-09")
    field = somebody.get_by_label("Who closes the meeting")
    expect(field).to_have_value("Cleo")
    expect(field).to_be_disabled()
    somebody.evaluate(
        "document.querySelector('input[aria-label=\"Who closes the meeting\"]').removeAttribute('disabled')"
    )
    field.fill("Somebody else")
    somebody.get_by_role("button", name="Close the meeting").click()
    expect(somebody.get_by_text("is closed, entry 1 of the log")).to_be_visible()
    with access.acting_as(access.on_this_machine()):
        [closed] = closing.closings(Log(place.home))
        trail = [(entry.name, entry.act) for entry in audit.entries(Log(place.home))]
    assert closed.closed_by == "Cleo"
    assert trail[-2:] == [("Cleo", "signed in"), ("Cleo", "closed a month")]


def test_signing_in_leads_to_the_page_that_the_link_was_for(place: Place, somebody: Page) -> None:
    from playwright.sync_api import expect

    sign_in(somebody, place, "vera@example.com", "/customer?customer=C-0007&month=2026-09")
    expect(somebody.get_by_text("To first promise", exact=True)).to_be_visible()
    assert "/customer?" in somebody.url and "customer=C-0007" in somebody.url


def test_whoever_has_no_role_is_told_whom_to_ask(place: Place, somebody: Page) -> None:
    from playwright.sync_api import expect

    sign_in(somebody, place, "stranger@example.com")
    expect(somebody.get_by_role("heading", name="You have no role here")).to_be_visible()
    expect(somebody.get_by_text("Ask the planning office for one.")).to_be_visible()
    somebody.get_by_role("button", name="Sign out").click()
    expect(somebody.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_address_that_the_provider_never_verified_is_nobodys(place: Place, somebody: Page) -> None:
    from playwright.sync_api import expect

    sign_in(somebody, place, "paul@example.com", email_verified=False)
    expect(somebody.get_by_role("heading", name="You have no role here")).to_be_visible()


def test_after_signing_out_neither_another_window_nor_a_copied_cookie_is_let_in(
    place: Place, somebody: Page, browser: Browser
) -> None:
    from playwright.sync_api import expect

    sign_in(somebody, place, "vera@example.com")
    kept = somebody.context.cookies()
    assert any(cookie["name"] == "_streamlit_user" and cookie["httpOnly"] for cookie in kept)
    other = somebody.context.new_page()
    other.goto(f"{place.address}/customers")
    expect(other.get_by_text("Whom did we let down, and who is waiting?")).to_be_visible()
    somebody.get_by_role("button", name="Sign out").click()
    expect(somebody.get_by_role("heading", name="Sign in")).to_be_visible()
    other.get_by_role("link", name="Capacity").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    thief = new_context(browser)
    thief.add_cookies([{"name": one["name"], "value": one["value"], "url": place.address} for one in kept])
    page = thief.new_page()
    page.goto(f"{place.address}/customers")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    thief.close()


def test_a_tampered_cookie_opens_nothing(place: Place, somebody: Page) -> None:
    from playwright.sync_api import expect

    sign_in(somebody, place, "vera@example.com")
    [kept] = [one for one in somebody.context.cookies() if one["name"] == "_streamlit_user"]
    value = kept["value"]
    somebody.context.add_cookies(
        [
            {
                "name": "_streamlit_user",
                "value": f"{value[:40]}{'A' if value[40] != 'A' else 'B'}{value[41:]}",
                "url": place.address,
            }
        ]
    )
    somebody.goto(f"{place.address}/customers")
    expect(somebody.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_sign_in_that_the_provider_let_expire_is_over_at_the_next_click(place: Place, somebody: Page) -> None:
    from playwright.sync_api import expect

    place.provider.seconds = 8
    try:
        sign_in(somebody, place, "vera@example.com")
        assert agenda(somebody) == READ
        somebody.wait_for_timeout(8_500)
        somebody.get_by_role("link", name="Customers").click()
        expect(somebody.get_by_text("Your sign-in has ended. Sign in again.")).to_be_visible()
    finally:
        place.provider.seconds = 3600


def test_a_role_that_changes_while_somebody_is_signed_in_holds_from_the_next_click(
    place: Place, somebody: Page
) -> None:
    from playwright.sync_api import expect

    sign_in(somebody, place, "paul@example.com", "/extracts")
    expect(somebody.get_by_text("Are the extracts in, complete and fresh?")).to_be_visible()
    try:
        write_people(place.home, PEOPLE.replace('"planner"', '"viewer"'))
        somebody.get_by_role("link", name="Customers").click()
        expect(somebody.get_by_text("Paul, viewer")).to_be_visible()
        assert agenda(somebody) == READ
        write_people(place.home, PEOPLE.replace("paul@", "nobody@"))
        somebody.get_by_role("link", name="Capacity").click()
        expect(somebody.get_by_role("heading", name="You have no role here")).to_be_visible()
    finally:
        write_people(place.home)


def test_an_account_manager_sees_their_customers_and_no_other(place: Place, somebody: Page) -> None:
    from playwright.sync_api import expect

    sign_in(somebody, place, "freya@example.com", "/customers?span=all")
    expect(somebody.get_by_text("Freya, viewer, the customers of Freya Holtby")).to_be_visible()
    assert agenda(somebody) == {
        "Overview",
        "Customers",
        "Customer",
        "Pipeline",
        "Capacity",
        "What moved",
        "Definitions",
    }
    refused(somebody, place, "/pack")
    refused(somebody, place, "/arbitrate")
    somebody.goto(f"{place.address}/customer?customer=C-0007")  # who is looked after by somebody else
    expect(somebody.get_by_text("There is no customer “C-0007” in this snapshot")).to_be_visible()
    somebody.goto(f"{place.address}/customer?customer=C-0022")
    expect(somebody.get_by_text("To first promise", exact=True)).to_be_visible()
