"""How numbers are written is one setting: in sentences, figures and pictures, on paper and in the pack."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop import cells, charts, company, queries, words
from sop.decisions import Log
from sop.errors import LogError
from sop.pack.to_file import to_file
from sop.snapshots import Home
from tests.test_pages import open_page, shown


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    words.write_numbers(words.NUMBER_STYLES[0])


@pytest.fixture
def german(sample_home: Path, tmp_path: Path) -> Home:
    """The sample company with numbers written as in Germany."""
    home = Home(Path(shutil.copytree(sample_home, tmp_path / "home")))
    company.change(Log(home.folder), {"number_style": "1.234,5"}, by="Ann Lee", seen=None)
    return home


@pytest.mark.parametrize(
    "style, number, rate, money",
    [
        ("1,234.5", "1,234,567.8", "87.2 %", "EUR 1.23 m"),
        ("1.234,5", "1.234.567,8", "87,2 %", "EUR 1,23 m"),
        ("1 234,5", "1\u00a0234\u00a0567,8", "87,2 %", "EUR 1,23 m"),
    ],
)
def test_a_style_holds_for_every_number(style: str, number: str, rate: str, money: str) -> None:
    words.write_numbers(style)
    assert words.number(1234567.8, ",.1f") == number
    assert words.whole(-1234.4) == f"-{number[:5]}"
    assert (words.percent(0.872), words.money(1_234_567, "EUR")) == (rate, money)
    assert cells.in_words("load_hours", 1234567.8) == number
    assert words.counted(1234, "line").startswith(number[:5])


def test_an_unknown_style_is_refused_by_the_log_and_else_the_usual_one(german: Home) -> None:
    with pytest.raises(LogError, match="is not one of 1,234"):
        company.change(Log(german.folder), {"number_style": "1'234.5"}, by="Ann Lee", seen=1)
    words.write_numbers("1'234.5")
    assert words.number(1234) == "1,234"


def test_pages_write_numbers_as_the_setting_has_it(german: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    now = queries.ask(german.open(), "overview/month", month="2026-10-01").to_arrow_table().to_pylist()[0]
    app = open_page("overview", german, monkeypatch, month="2026-10")
    assert app.metric[0].value == f"{now['promise_rate'] * 100:.1f} %".replace(".", ",")
    app = open_page("capacity", german, monkeypatch)
    hours = next(tile.value for tile in app.metric if tile.label == "Hours missing there")
    assert "," not in hours and "." in hours
    assert "20.000 order lines" in shown(app).replace("\\", "")


def test_pictures_write_numbers_as_the_setting_has_it(sample_home: Path) -> None:
    connection = Home(sample_home).open()
    rungs = queries.ask(connection, "overview/ladder", first_month=None, last_month=None).df()
    words.write_numbers("1.234,5")
    figure = charts.ladder(rungs)
    assert figure.layout.separators == ",."
    assert all("," in text.partition(" %")[0] for text in figure.data[0].text)


def test_the_pack_writes_numbers_as_the_setting_has_it(german: Home, tmp_path: Path) -> None:
    made = to_file(german, tmp_path / "review.html")
    assert made.first.headline.startswith("October 2026: 82,0 % of promises kept")
    assert "20.000 order lines" in (tmp_path / "review.html").read_text(encoding="utf-8")
