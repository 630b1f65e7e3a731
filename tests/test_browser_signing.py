"""Signing in at a real provider, in a real browser: what each role is given, and that every other way is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import new_context, served
from tests.provider import Provider, provider
from tests.signed import write_people, write_secrets

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


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

        with served(home, prepare) as address:
            yield Place(address, home, one)


@pytest.fixture
def somebody(browser: Browser) -> Iterator[Page]:
    context = new_context(browser)
    yield context.new_page()
    context.close()


def sign_in(page: Page, place: Place, email: str, **claims: object) -> None:
    from playwright.sync_api import expect

    place.provider.says(email, **claims)
    page.goto(place.address)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_whoever_is_not_signed_in_sees_one_page_and_nothing_else(place: Place, somebody: Page) -> None:
    from playwright.sync_api import expect

    for path in ("/", "/customers", "/extracts", "/nothing"):
        somebody.goto(f"{place.address}{path}")
        expect(somebody.get_by_role("heading", name="Sign in")).to_be_visible()
        expect(somebody.get_by_role("button", name="Sign in")).to_be_visible()
        assert [link.inner_text() for link in somebody.get_by_role("link").all()] == ["Skip to main content"]


def test_a_viewer_signs_in_and_is_given_the_pages_to_read(place: Place, somebody: Page) -> None:
    from playwright.sync_api import expect

    sign_in(somebody, place, "vera@example.com")
    expect(somebody.get_by_text("Vera, viewer")).to_be_visible()
    expect(somebody.get_by_role("link", name="Overview")).to_be_visible()
    assert somebody.get_by_role("link", name="Extracts").count() == 0
