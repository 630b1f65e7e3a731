"""What somebody waits for in the browser: the first page, every later one, and a filter."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent
MENU = (
    "Customers",
    "Customer",
    "Pipeline",
    "Capacity",
    "What moved",
    "Arbitrate",
    "Scenarios",
    "Decisions",
    "Overview",
)
PAINTED = """() => {
    const app = document.querySelector('[data-testid="stApp"]')
    return app && app.dataset.testScriptState === 'notRunning' && document.querySelector('h1')
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')
        && ![...document.querySelectorAll('[data-testid="stPlotlyChart"]')].some(chart => !chart.querySelector('.main-svg'))
}"""
"""True once the server has answered and everything that it sent is drawn."""


def measure(home: Path, rounds: int, factor: float = 1.0) -> list[dict[str, Any]]:
    """Seconds until the first page (in a fresh profile), every page of the menu and another month are on the screen.

    `factor` loosens what to hold.
    """
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        print("No chromium here, so nothing is measured in the browser", file=sys.stderr)
        return []
    from playwright.sync_api import sync_playwright

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "sop.serve", str(port)], cwd=TOP, env={**os.environ, "SOP_HOME": str(home)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            _until_served(f"http://127.0.0.1:{port}")
            times = _walk(page, f"http://127.0.0.1:{port}/", rounds)
            browser.close()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
    holds = {
        "the first page, its heading and headline figures": 2.5, "the first page, every picture and table": 2.5,
        "another month on Overview": 0.5,
    }  # fmt: skip
    return [
        {
            "measure": f"in the browser: {name}",
            "value": statistics.median(taken),
            "unit": "s",
            "hold": holds.get(name, 1.0) * factor,
        }
        for name, taken in times.items()
    ]


def _walk(page: Any, address: str, rounds: int) -> dict[str, list[float]]:
    """Go through the menu as often as there are rounds, and change the month each time."""
    times: dict[str, list[float]] = {}

    def timed(name: str, act: Any, until: Any) -> None:
        started = time.perf_counter()
        act()
        until()
        page.wait_for_function(PAINTED)
        times.setdefault(name, []).append(time.perf_counter() - started)

    started = time.perf_counter()
    page.goto(address)
    page.get_by_test_id("stMetricValue").first.wait_for()
    times["the first page, its heading and headline figures"] = [time.perf_counter() - started]
    page.wait_for_function(PAINTED)
    times["the first page, every picture and table"] = [time.perf_counter() - started]
    for _ in range(rounds):
        for name in MENU:
            item = page.get_by_test_id("stSidebarNav").get_by_text(name, exact=True)
            chosen = page.locator('[data-testid="stSidebarNavLink"][aria-current="page"]').filter(has_text=name)
            timed(name, item.click, chosen.first.wait_for)
        for _ in range(2):
            _other_month(page, timed)
    return times


def _other_month(page: Any, timed: Any) -> None:
    """Choose the newest month, or the one before where that stands."""
    before = page.locator("h1").inner_text()
    page.get_by_role("combobox", name="Month", exact=True).click()
    first = page.get_by_role("option").first
    other = page.get_by_role("option").nth(1) if first.get_attribute("aria-selected") == "true" else first
    changed = "before => document.querySelector('h1').innerText !== before"
    timed("another month on Overview", other.click, lambda: page.wait_for_function(changed, arg=before))


def _until_served(address: str) -> None:
    """Wait for the server to answer; it takes a second or two to start."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The app did not start.")
