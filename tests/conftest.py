"""What the browser tests share: the sample company published, the real server in front of it, and a browser that listens.

Only tests marked `browser` ask for these fixtures. Under pytest-xdist each worker has a home and a server of its own.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import sqlalchemy as sql

from sop import loading
from sop.decisions import Log
from sop.snapshots import Home
from tests import postgres
from tests.decided import Company, company
from tests.two_months import load_projected_pair

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

hypothesis.settings.register_profile("without a clock", deadline=None)
hypothesis.settings.load_profile("without a clock")  # else as it is where CI is set: the same examples each time

TOP = Path(__file__).parent.parent
PATIENCE = 20
"""Seconds that a server has to start in, and the most that a browser test waits for what it expects."""
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
]
DEEP_LINK = re.compile(r"^http://127\.0\.0\.1:\d+/\w+/_stcore/(health|host-config)$")
"""Streamlit 1.67 looks for its server below the page of a deep link first; the browser prints a 404 for each."""


# --- the app -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish the sample company in a home of its own and return its folder."""
    folder = tmp_path_factory.mktemp("sample") / "home"
    loading.load(sorted((TOP / "data" / "sample").glob("*.csv")), home=Home(folder), created_by="a test")
    return folder


@pytest.fixture(scope="session")
def app_url(sample_home: Path) -> Iterator[str]:
    """Serve the sample company and return the app's address."""
    with _served(sample_home) as address:
        yield address


@pytest.fixture
def empty_app_url(tmp_path: Path) -> Iterator[str]:
    """Serve a home in which nothing was ever published."""
    with _served(tmp_path / "home") as address:
        yield address


@pytest.fixture(scope="session")
def pair_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish a company in two months, in a home of its own, and return its folder."""
    return load_projected_pair(tmp_path_factory.mktemp("two-months")).home.folder


@pytest.fixture(scope="session")
def pair_app_url(pair_home: Path) -> Iterator[str]:
    """Serve the company of two months and return the app's address."""
    with _served(pair_home) as address:
        yield address


@pytest.fixture
def decided(tmp_path: Path) -> Company:
    """A company that decided at the end of September, before October shows what became of it."""
    firm = company(tmp_path)
    firm.decide()
    return firm


@pytest.fixture
def decided_app_url(decided: Company) -> Iterator[str]:
    """Serve that company and return the app's address."""
    with _served(decided.home.folder) as address:
        yield address


@pytest.fixture(scope="session")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish a company like the sample's, whose files are not the sample's own, and return its folder."""
    folder = tmp_path_factory.mktemp("own")
    for file in (TOP / "data" / "sample").glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    loading.load(sorted(folder.glob("*.csv")), home=Home(folder / "home"), created_by="a test")
    return folder / "home"


@pytest.fixture
def story_home(own_home: Path, tmp_path: Path) -> Path:
    """Copy that home, to decide in it, and return its folder."""
    return Path(shutil.copytree(own_home, tmp_path / "home"))


@pytest.fixture
def story_app_url(story_home: Path) -> Iterator[str]:
    """Serve that copy and return the app's address."""
    with _served(story_home) as address:
        yield address


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a PostgreSQL of the tests' own, or take the one that SOP_TEST_POSTGRES_URL names; skip where there is none."""
    named = os.environ.get("SOP_TEST_POSTGRES_URL")
    if named:
        yield named
        return
    reason = postgres.why_not()
    if reason:
        pytest.skip(reason)
    with postgres.served(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture
def log_in_postgres(postgres_url: str, tmp_path: Path) -> Iterator[Log]:
    """Open a log in a schema of its own."""
    engine, schema = sql.create_engine(postgres_url), f"log_{secrets.token_hex(4)}"
    with engine.begin() as connection:
        connection.execute(sql.text(f"create schema {schema}"))
    yield Log(tmp_path, f"{postgres_url}?options=-csearch_path%3D{schema}")
    with engine.begin() as connection:
        connection.execute(sql.text(f"drop schema {schema} cascade"))
    engine.dispose()


@contextlib.contextmanager
def _served(home: Path, prepare: Callable[[str], None] = lambda address: None) -> Iterator[str]:
    """Serve a home and return the app's address; `prepare` is told it before the server starts."""
    home.mkdir(parents=True, exist_ok=True)
    log = home.parent / "server.log"
    for _ in range(3):  # another process may take the free port first
        port = _free_port()
        prepare(f"http://127.0.0.1:{port}")
        with log.open("wb") as out:
            server = subprocess.Popen(
                [sys.executable, "-m", "sop.serve", str(port)],
                cwd=TOP,
                env={**os.environ, "SOP_HOME": str(home)},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        address = f"http://127.0.0.1:{port}"
        try:
            if _answers(server, address):
                yield address
                return
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    raise RuntimeError(f"The server does not start:\n{log.read_text(encoding='utf-8', errors='replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(server: subprocess.Popen[bytes], address: str) -> bool:
    """Wait until the server says that it is well; False where it ended instead or stayed silent."""
    end = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
        time.sleep(0.05)
    return False


# --- the browser -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the Chromium of the system, once; CHROMIUM names another one. Nothing is downloaded.

    Where there is one without windows, which does the same in less time, it is that one.
    """
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not chromium:
        missing = "These tests drive a browser and there is no chromium: apt-get install chromium, or set CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for the run: the app's scripts are fetched once. Each page is a Streamlit session of its own."""
    opened = new_context(browser)
    yield opened
    opened.close()


def new_context(browser: Browser) -> BrowserContext:
    """Open a profile of its own, as on the computer of somebody else. For who follows a link."""
    opened = browser.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    opened.set_default_timeout(PATIENCE * 1000)
    return opened


class Ears:
    """All that a page says and asks for while a test drives it."""

    def __init__(self, page: Page) -> None:
        self.console: list[ConsoleMessage] = []
        self.errors: list[str] = []
        self.failed: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.console.append(message))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("requestfailed", lambda request: self.failed.append(f"{request.url} ({request.failure})"))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda opened: self.requests.append(opened.url.replace("ws", "http", 1)))

    def assert_quiet(self, origin: str) -> None:
        """Assert that nothing went wrong in the page, and that nothing but the app was asked for anything."""
        at_home = (f"{origin}/", "data:", "blob:")
        assert [url for url in self.requests if not url.startswith(at_home)] == [], "a request left the app"
        assert self.errors == [], "a script of the page failed"
        said = [
            f"{message.text} at {message.location['url']}"
            for message in self.console
            if message.type == "error" and not ("404" in message.text and DEEP_LINK.match(message.location["url"]))
        ]
        assert said == [], f"the console has errors; requests that failed: {self.failed}"


def _new_page(context: BrowserContext, heard: list[Ears]) -> Page:
    opened = context.new_page()
    heard.append(Ears(opened))
    return opened


@pytest.fixture
def new_page(browser: Browser, app_url: str) -> Iterator[Callable[[], Page]]:
    """Open pages in fresh profiles, as other people would; afterwards assert that none of them complained."""
    heard: list[Ears] = []
    contexts: list[BrowserContext] = []

    def new() -> Page:
        contexts.append(new_context(browser))
        return _new_page(contexts[-1], heard)

    yield new
    for opened in contexts:
        opened.close()
    for ears in heard:
        ears.assert_quiet(app_url)


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open an empty page; afterwards assert that it said no error and asked nobody but the app that the test is about."""
    others = [
        name
        for name in ("empty_app_url", "pair_app_url", "decided_app_url", "story_app_url")
        if name in request.fixturenames
    ]
    origin = request.getfixturevalue(others[0] if others else "app_url")
    heard: list[Ears] = []
    opened = _new_page(context, heard)
    yield opened
    opened.close()
    heard[0].assert_quiet(origin)
