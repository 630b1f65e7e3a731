"""A company of hostile names walked through every page in a real browser: nothing runs, nothing is fetched."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.conftest import PATIENCE, Ears, _served
from tests.hostile.company import FOREIGN, Hostile, hostile, publish
from tests.test_browser import settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("hostile")]  # that company is published and served once

VIEWS = {
    "overview": "/?notes=on",
    "customers": "/customers",
    "customer": "/customer?customer={customer}",
    "a line": "/customer?customer={customer}&line={order}%7C{line}",
    "pipeline": "/pipeline?opportunity={opportunity}",
    "capacity": "/capacity?work_centre={work_centre}",
    "what moved": "/moves",
    "arbitrate": "/arbitrate",
    "scenarios": "/scenarios",
    "decisions": "/decisions?decision=1",
    "close": "/close",
    "present": "/present",
    "extracts": "/extracts",
    "settings": "/settings",
    "pack": "/pack",
    "definitions": "/definitions",
    "audit trail": "/audit",
    "printed": "/?print=on",
    "a printed customer": "/customer?customer={customer}&print=on",
    "hostile choices": "/customer?customer={hostile}&month={hostile}&snapshot={hostile}&line={hostile}&view={hostile}",
    "hostile filters": "/customers?tier={hostile}&segment={hostile}&search={hostile}&month={hostile}&meeting={hostile}",
}

UNDER_THE_POLICY = ("customer", "arbitrate", "hostile choices")
"""Views walked through under the Content-Security-Policy too, as every other test of the browser is; without it, all are."""

WALKS = [(policy, view) for policy, views in (("with", UNDER_THE_POLICY), ("without", VIEWS)) for view in views]

MADE_BY_NAMES = f"""() => {{
    const bad = [...document.querySelectorAll('*')].filter(element => {{
        const points = ['src', 'href', 'xlink:href', 'action', 'data', 'srcset', 'poster', 'background']
            .map(name => element.getAttribute(name) || '').filter(to => !to.startsWith('#'))
        const handlers = element.getAttributeNames().filter(name => name.startsWith('on'))
        return points.some(to => /{FOREIGN}|javascript:/i.test(to)) || handlers.length > 0
            || /{FOREIGN}/.test(element.getAttribute('style') || '')
    }})
    const typeset = [...document.querySelectorAll('.katex, mjx-container, [data-testid="stMarkdownColoredBackground"]')]
    const where = element => element.closest('[data-testid]')?.dataset.testid + ': '
        + element.parentElement?.innerText.slice(0, 200)
    return [...bad, ...typeset].map(element => where(element) + ' ' + element.outerHTML.slice(0, 200))
}}"""
"""What of the page points to a foreign host or a script, handles an event in line, or was typeset."""


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    return publish(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def address(firm: Hostile) -> Iterator[str]:
    with _served(firm.home.folder) as served:
        yield served


@pytest.fixture(params=["with", "without"], ids=lambda policy: f"{policy} the policy", scope="module")
def opened(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Any]:
    """A profile that heeds the Content-Security-Policy, and one that does not, as a browser too old for it."""
    context = browser.new_context(
        viewport={"width": 1920, "height": 1080},
        reduced_motion="reduce",
        bypass_csp=request.param == "without",
    )
    context.set_default_timeout(PATIENCE * 1000)
    yield context
    context.close()


@pytest.mark.parametrize(("opened", "view"), WALKS, indirect=["opened"])
def test_nothing_of_a_hostile_name_runs_or_is_fetched(opened: Any, address: str, firm: Hostile, view: str) -> None:
    page = opened.new_page()
    ears = Ears(page)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))  # nobody closes it, so it would be in the way
    keys = {name: quote(value, safe="") for name, value in vars(firm).items() if isinstance(value, str)}
    page.goto(address + VIEWS[view].format(**keys, hostile=quote(hostile("word"), safe="")))
    settle(page)
    for state in look_everywhere(page):
        assert page.evaluate(MADE_BY_NAMES) == [], state
    assert page.evaluate("window.ran") is None
    assert dialogs == []
    assert [url for url in ears.requests if not url.startswith((f"{address}/", "data:", "blob:"))] == []
    assert ears.errors == []
    page.close()


def look_everywhere(page: Page) -> Iterator[str]:
    """Open what is folded, point at what answers to pointing, and say each time what was done."""
    yield "as it opens"
    for tab in page.get_by_role("tab").all()[:8]:
        tab.click()
        settle(page)
        yield f"tab {tab.inner_text()}"
    for folded in page.locator('[data-testid="stExpander"] summary').all()[:6]:
        folded.click()
    settle(page)
    yield "unfolded"
    for chart in page.locator(".js-plotly-plot").all()[:6]:
        box = chart.bounding_box()
        if box is None:
            continue
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box() or box
        for across in (0.2, 0.4, 0.6, 0.8):
            for down in (0.3, 0.6):
                page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        yield "pointing into a picture"
    for hint in page.get_by_test_id("stTooltipIcon").all()[:12]:
        if hint.is_visible():
            hint.hover()
            yield "pointing at a hint"
    for grid in page.get_by_test_id("stDataFrame").all()[:3]:
        grid.scroll_into_view_if_needed()
        grid.hover(position={"x": 150, "y": 18})
        page.wait_for_timeout(300)
        grid.hover(position={"x": 150, "y": 52})
        yield "pointing into a table"
    for box_ in page.get_by_role("combobox").all()[:6]:
        if box_.is_visible() and box_.is_enabled():
            box_.click()
            yield "a list that is open"
            page.keyboard.press("Escape")


def test_names_are_shown_as_they_are(opened: Any, address: str, firm: Hostile) -> None:
    page = opened.new_page()
    page.goto(f"{address}/customer?customer={quote(firm.customer, safe='')}")
    settle(page)
    text = page.get_by_test_id("stMain").inner_text().replace("\u2060", "")
    assert firm.customer in text
    for payload in ("<script>window.ran=1</script>", "[x](javascript:window.ran=1)", f"![](http://{FOREIGN}/image.png)",
                    "**bold** `code`", "=cmd|' /C calc'!A0"):  # fmt: skip
        assert payload in text, "the note holds it, and shows it"
    page.close()


def test_a_hostile_upload_is_named_as_it_is(opened: Any, address: str, tmp_path: Path) -> None:
    page = opened.new_page()
    ears = Ears(page)
    page.goto(f"{address}/extracts")
    settle(page)
    name = f"![](http://{FOREIGN}/up.png) <img src=x onerror=window.ran=1> [x](javascript:window.ran=1).csv"
    out = io.StringIO()
    csv.writer(out).writerows([hostile(f"O{n}"), hostile("P"), n, "2026-10-10", hostile("C")] for n in range(9))
    file = {
        "name": name,
        "mimeType": "text/csv",
        "buffer": f"![](http://{FOREIGN}/h),b,c,d,e\n{out.getvalue()}".encode(),
    }
    page.locator('[data-testid="stFileUploaderDropzoneInput"]').first.set_input_files([file])
    page.get_by_text("Looked at").or_(page.get_by_text("cannot be used")).first.wait_for()
    settle(page)
    for state in look_everywhere(page):
        assert page.evaluate(MADE_BY_NAMES) == [], state
    assert page.evaluate("window.ran") is None
    assert [url for url in ears.requests if not url.startswith((f"{address}/", "data:", "blob:"))] == []
    page.close()
