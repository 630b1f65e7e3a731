"""The view for the shared screen: each screen says one thing, with the figures of the pages, whatever company it is."""

from __future__ import annotations

import re
from pathlib import Path

import plotly.graph_objects as go
import pytest

from sop import charts, findings, meeting, queries, words
from sop.page.presenting import MOST_LINES, SCREENS
from sop.snapshots import Home
from tests.test_pages import HOSTILE, load, open_page, sample

__all__ = ["sample"]


def test_every_topic_of_the_agenda_has_a_screen_and_screens_follow_the_agenda() -> None:
    topics = [screen.topic for screen in SCREENS if screen.topic in meeting.TOPICS]
    assert list(dict.fromkeys(topics)) == list(meeting.TOPICS)
    assert len({screen.name for screen in SCREENS}) == len(SCREENS)


@pytest.mark.parametrize("name", [screen.name for screen in SCREENS])
def test_a_screen_has_one_message_and_few_lines(name: str, sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("present", sample, monkeypatch, screen=name)
    texts = [element.value for element in app.markdown]
    assert sum(text.startswith("#### ") for text in texts) == 1
    most = len(meeting.TOPICS) if name == "start" else MOST_LINES
    assert sum(text.startswith("##### ") for text in texts) <= most
    assert not app.title


@pytest.mark.parametrize("name", [screen.name for screen in SCREENS])
def test_a_screen_has_something_to_say_of_a_company_that_has_promised_nothing_yet(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "order_id,customer_id,product_id,quantity,promised_date,order_date\nA,ACME,P,1,2027-03-01,2026-10-01\n"
    app = open_page("present", load(tmp_path, order_lines=lines), monkeypatch, screen=name)
    assert any(element.value.startswith("#### ") for element in app.markdown)


def test_the_message_is_that_of_the_page(sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("present", sample, monkeypatch, screen="rate", month="2026-09")
    now = queries.ask(sample.open(), "overview/month", month="2026-09-01").to_arrow_table().to_pylist()[0]
    assert f"#### {words.plain(findings.of_the_month(now))}" in [element.value for element in app.markdown]


def test_a_topic_in_the_link_opens_its_first_screen_and_an_unknown_one_is_said(
    sample: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("present", sample, monkeypatch, screen="Decide")
    assert any("11 of 12" in element.value for element in app.caption)
    app = open_page("present", sample, monkeypatch, screen="nowhere")
    assert "nowhere" in app.warning[0].value
    assert any("1 of 12" in element.value for element in app.caption)


def test_a_name_on_the_screen_is_no_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "order_id,customer_id,product_id,quantity,promised_date,order_date,unit_price\n"
        "A,ACME,P,1,2026-09-01,2026-08-01,10\nB,ACME,P,1,2026-12-01,2026-10-01,10\n"
    )
    name = HOSTILE.replace('"', '""')
    home = load(tmp_path, order_lines=text, customers=f'customer_id,customer_name\nACME,"{name}"\n')
    for screen in ("let-down", "at-risk"):
        app = open_page("present", home, monkeypatch, screen=screen, month="2026-09")
        said = "".join(element.value for element in app.markdown)
        assert not re.search(r"(?<!\\)(<img|\]\()", said)
        assert words.plain(HOSTILE)[:12] in said


def test_a_picture_is_enlarged_in_its_letters_lines_and_margins_and_not_in_its_bars() -> None:
    small = go.Figure(
        [go.Bar(x=[1], y=["a"], width=0.7, textfont={"size": 10}), go.Scatter(x=[1], y=[1], line={"width": 2})],
        {"margin": {"l": 8, "r": 100}, "annotations": [{"text": "end", "xshift": 10, "font": {"size": 14}}]},
    )
    large = charts.enlarged(small, 600, factor=2)
    bar, line = large.data
    assert (bar.width, bar.textfont.size, line.line.width) == (0.7, 20, 4)
    assert (large.layout.margin.r, large.layout.annotations[0].xshift, large.layout.height) == (200, 20, 600)
    assert small.data[0].textfont.size == 10
