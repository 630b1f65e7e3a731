"""The whole story on the sample company in a real browser: contested, options, a change by hand, decided, did it work."""

from __future__ import annotations

import csv
import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from sop import correcting, loading
from sop.decisions import Log
from sop.snapshots import Home
from tests.test_browser import fits_and_shuts_out_nobody, select_row, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TOP = Path(__file__).parent.parent
CUTTING = "Cutting 2 in November 2026"
NOVEMBER_30 = datetime.date(2026, 11, 30)


def decided_lines(home: Path) -> list[dict[Any, Any]]:
    """The lines of decision 1 with the date that it gives them."""
    _, options, chosen = correcting.as_taken(Log(home), 1)
    [hand] = [one for one in options if one.name == chosen]
    lines: list[dict[Any, Any]] = hand.lines.to_dict("records")
    return [{**line, "date": line["promised_date"] if line["is_kept"] else line["new_promised_date"]} for line in lines]


def next_month(home: Path, folder: Path) -> tuple[int, int]:
    """Publish the end of November: of the lines decided for a day by then, every other one came on it, and no other came.

    Returns how many came and how many fell due.
    """
    due = [line for line in decided_lines(home) if line["date"] and line["date"] <= NOVEMBER_30]
    came = due[::2]
    with Home(home).open() as connection:
        opened = {
            (order, line): quantity
            for order, line, quantity in connection.sql(
                "select order_id, line_number, open_quantity from marts.promises where open_quantity > 0"
            ).fetchall()
        }
    with (TOP / "data" / "sample" / "deliveries.csv").open(encoding="utf-8", newline="") as before:
        rows = list(csv.reader(before))
    for number, line in enumerate(came):
        key = (line["order_id"], line["line_number"])
        rows.append([f"D-9{number:05}", *key, line["product_id"], line["date"], line["date"], opened[key], ""])
    file = folder / "deliveries.csv"
    with file.open("w", encoding="utf-8", newline="") as after:
        csv.writer(after).writerows(rows)
    loading.load([file], home=Home(home), as_of=NOVEMBER_30, created_by="a test")
    return len(came), len(due)


def choose(page: Page) -> None:
    """From the card to the option that is to be decided, changed by hand."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("breaks")
    card = page.get_by_test_id("stVerticalBlock").filter(has_text="Cutting 2 · November 2026").last
    card.get_by_role("button", name="Decide on this").click()
    expect(page.get_by_role("heading", name=f"Decide on {CUTTING}")).to_be_visible()
    page.get_by_test_id("stButtonGroup").get_by_text("Customer tier", exact=True).click()
    expect(page.get_by_text("“Customer tier”, all work centres and months together")).to_be_visible()
    settle(page)
    lines = page.get_by_test_id("stDataFrame").last
    lines.locator("canvas [role=gridcell]").first.wait_for(state="attached")
    select_row(lines, 0)
    expect(page.get_by_text(re.compile("Against Customer tier: .* promises broken instead of"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"about=WC-07.*keep=SO-|keep=SO-.*about=WC-07"))
    settle(page)


def write_down(page: Page) -> None:
    page.get_by_text("Write this decision down").click()
    page.get_by_label("Who decides").fill("Ann Lee")
    page.get_by_label("Why").fill("Tier A waits for nobody")
    page.get_by_label("What is assumed").fill("Cutting gets no overtime")
    page.get_by_label("What would prove it wrong").fill("An order of tier A is cancelled")
    settle(page)
    page.get_by_role("button", name="Write the decision to the log").click()
    expect(page.get_by_text("Decision 1 is in the log.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/decisions\?.*decision=1"))
    expect(page.get_by_text("Tier A waits for nobody")).to_be_visible()


def test_from_a_contested_month_to_what_became_of_the_decision(
    page: Page, story_app_url: str, story_home: Path, tmp_path: Path
) -> None:
    page.goto(f"{story_app_url}/arbitrate")
    choose(page)
    write_down(page)
    page.goto(f"{story_app_url}/arbitrate")
    expect(page.get_by_text(re.compile("Decided: Ann Lee, .*“By hand”")).first).to_be_visible()
    expect(page.get_by_text("the arrows are against “Plan in force”")).to_be_visible()
    fits_and_shuts_out_nobody(page, f"{story_app_url}/arbitrate")
    fits_and_shuts_out_nobody(page, f"{story_app_url}/decisions?decision=1")
    came, due = next_month(story_home, tmp_path)
    assert 0 < came < due
    page.goto(f"{story_app_url}/")
    kept = f"{came:,} of {due:,} promises kept as decided"
    expect(page.get_by_role("heading", name=f"1 decision since last month's review: {kept}")).to_be_visible()
    page.goto(f"{story_app_url}/decisions?decision=1")
    expect(page.get_by_role("heading", name=f"1 decision in force: {kept}")).to_be_visible()
    expect(
        page.get_by_role("heading", name=re.compile(f"Decision 1, {CUTTING.replace(' in ', ', ')}: By hand"))
    ).to_be_visible()


def test_a_scenario_is_kept_opened_from_a_link_and_worked_out_anew(
    page: Page, story_app_url: str, story_home: Path, own_home: Path
) -> None:
    page.goto(f"{story_app_url}/arbitrate?option=tier&tier_a=9")
    settle(page)
    page.get_by_role("button", name="Keep as a scenario").click()
    page.get_by_label("Name", exact=True).fill("Rail first")
    page.get_by_label("Your name").fill("Ann Lee")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Scenario 1, “Rail first”, is kept.")).to_be_visible()
    settle(page)
    fits_and_shuts_out_nobody(page, f"{story_app_url}/scenarios?scenario=1")
    page.get_by_role("button", name="Open it on Arbitrate").click()
    expect(page.get_by_text("“Customer tier”, all work centres and months together")).to_be_visible()
    expect(page).to_have_url(re.compile(r"tier_a=9"))
    loading.load([own_home.parent / "deliveries.csv"], home=Home(story_home), as_of=NOVEMBER_30, created_by="a test")
    page.goto(f"{story_app_url}/scenarios?scenario=Rail first")
    expect(page.get_by_text("It was kept on another snapshot, of 30 October 2026")).to_be_visible()
    page.get_by_label("Your name").fill("Ben Ode")
    page.get_by_role("button", name="Work it out anew on this snapshot").click()
    expect(page.get_by_text("Scenario 2, “Rail first”, is kept.")).to_be_visible()
    expect(page.get_by_text("Ben Ode kept it on")).to_be_visible()
    settle(page)
    page.goto(f"{story_app_url}/scenarios?scenario=1")
    expect(page.get_by_text("Scenario 2 of the same name replaces it.")).to_be_visible()
    page.get_by_role("button", name="Look at it as it was").click()
    expect(page.get_by_text("You are looking at an earlier state, as of 30 October 2026")).to_be_visible()
    expect(page.get_by_text("“Customer tier”, all work centres and months together")).to_be_visible()
