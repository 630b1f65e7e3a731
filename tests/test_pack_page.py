"""A pack from the page and from the command line: made when asked for, once, with the findings that the pages state."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sop import cli, pack, words
from sop import company as settings
from sop.decisions import FILE_NAME, Log
from sop.pack.parts import Pack, Sentences
from sop.pack.to_file import to_file
from sop.page import packing
from sop.snapshots import Home
from tests.decided import company
from tests.test_pack import of
from tests.test_pages import open_page


@pytest.fixture(autouse=True)
def an_empty_shelf() -> None:
    packing._shelf().made.clear()


@pytest.fixture
def home(sample_home: Path) -> Home:
    return Home(sample_home)


def files(app: AppTest) -> dict[str, str]:
    return {button.proto.id.rpartition("download-")[2]: button.proto.label for button in app.get("download_button")}


@pytest.mark.parametrize("name", ["overview", "capacity", "pipeline", "arbitrate"])
def test_a_page_of_the_pack_has_the_headline_of_the_page_on_the_screen(
    name: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    headlines = [words.plain(page.headline) for page in of(home).pages]
    assert open_page(name, home, monkeypatch).title[0].value in headlines


@pytest.mark.xdist_group("two months")
def test_what_moved_and_what_was_decided_have_the_headlines_of_their_pages(
    pair_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = Home(pair_home)
    assert open_page("moves", moved, monkeypatch).title[0].value in [
        words.plain(page.headline) for page in of(moved).pages
    ]
    firm = company(tmp_path)
    firm.decide()
    firm.october()
    shown = open_page("decisions", firm.home, monkeypatch).title[0].value
    assert shown in [words.plain(page.headline) for page in of(firm.home).pages]


def test_a_customers_page_of_the_pack_has_the_headline_of_the_page_on_the_screen(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = open_page("customer", home, monkeypatch, customer="C-0033").title[0].value
    assert shown in [words.plain(page.headline) for page in of(home, ("C-0033",)).pages]


def test_the_pack_is_named_and_counted_as_the_settings_stand_and_made_anew_when_they_change(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Home(Path(shutil.copytree(home.folder, tmp_path / "home")))
    app = open_page("pack", own, monkeypatch)
    app.button(key="make-pack").click().run()
    values = {"company_name": "Nordwerk", "currency": "SEK"}
    settings.change(Log(own.folder), values, by="Ann Lee", seen=None)
    app.run()
    app.button(key="make-pack").click().run()
    made = [one for one in packing._shelf().made.values() if isinstance(one, Pack)][-1]
    assert (made.facts.company, made.facts.currency) == ("Nordwerk", "SEK")
    to_file(own, tmp_path / "review.html")
    text = (tmp_path / "review.html").read_text(encoding="utf-8")
    assert "Nordwerk" in text and "SEK" in text and "EUR" not in text


def test_a_pack_is_made_when_it_is_asked_for_and_offered_file_by_file(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("pack", home, monkeypatch)
    assert files(app) == {}
    app.pills(key=packing.FORMS).set_value(["PowerPoint", "Excel", "PDF", "Web page"]).run()
    app.button(key="make-pack").click().run()
    assert not app.exception
    assert set(files(app)) == set(pack.FORMATS)
    assert "82.0 % of promises kept" in app.main.markdown[-1].value.replace("\\", "")


def test_what_was_made_is_there_at_once_for_the_next_who_asks(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("pack", home, monkeypatch)
    app.button(key="make-pack").click().run()
    made: list[Any] = []
    monkeypatch.setattr(packing, "review", lambda *given: made.append(given))
    monkeypatch.setattr(pack, "written", lambda *given: made.append(given))
    another = open_page("pack", home, monkeypatch)
    assert set(files(another)) == {"pptx"}
    assert made == []


def test_another_month_is_not_taken_for_the_one_that_was_made(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    open_page("pack", home, monkeypatch).button(key="make-pack").click().run()
    assert files(open_page("pack", home, monkeypatch, month="2026-09")) == {}


def test_a_decision_makes_another_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = company(tmp_path)
    open_page("pack", firm.home, monkeypatch).button(key="make-pack").click().run()
    assert files(open_page("pack", firm.home, monkeypatch)) != {}
    firm.decide()
    assert files(open_page("pack", firm.home, monkeypatch)) == {}


def test_customers_with_a_page_of_their_own_are_the_largest_gaps_or_chosen_ones(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("pack", home, monkeypatch)
    app.segmented_control(key=packing.WHOSE).set_value("3 largest gaps").run()
    app.button(key="make-pack").click().run()
    assert "Kestrelmoor Rail Works: We kept" in app.main.markdown[-1].value.replace("\\", "")
    app.segmented_control(key=packing.WHOSE).set_value(packing.CHOSEN).run()
    app.multiselect(key=packing.THESE).set_value(["C-0033"]).run()
    app.button(key="make-pack").click().run()
    assert "They see" in app.main.markdown[-1].value and "Kestrelmoor Rail Works: We" not in app.main.markdown[
        -1
    ].value.replace("\\", "")


def test_without_a_file_chosen_the_page_asks_for_one(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("pack", home, monkeypatch)
    app.pills(key=packing.FORMS).set_value([]).run()
    assert app.info[0].value == "Choose at least one file."


def test_a_log_that_cannot_be_read_is_said_in_the_pack_and_the_rest_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = company(tmp_path)
    (firm.home.folder / FILE_NAME).write_bytes(b"this is no database" * 100)
    made = of(firm.home)
    said = [line for page in made.pages for part in page.parts if isinstance(part, Sentences) for line in part.lines]
    assert any("The decision log cannot be read" in line for line in said)
    assert made.pages[0].headline.startswith("September 2026")
    app = open_page("pack", firm.home, monkeypatch)
    app.button(key="make-pack").click().run()
    assert set(files(app)) == {"pptx"}


def test_the_shelf_lets_go_of_what_was_not_asked_for_longest() -> None:
    shelf = packing.Shelf()
    for number in range(packing.KEPT):
        shelf.put((number,), number)
    assert shelf.get((0,)) == 0
    shelf.put(("new",), "new")
    assert (shelf.get((0,)), shelf.get((1,)), shelf.get(("new",))) == (0, None, "new")


# --- the command line --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", pack.FORMATS)
def test_the_command_line_writes_every_form(
    form: str, sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(sample_home))
    out = tmp_path / f"review.{form}"
    assert cli.main(["pack", "--out", str(out), "--month", "2026-09", "--customers", "2"]) == 0
    assert out.read_bytes()[:4] in {b"PK\x03\x04", b"%PDF", b"<!do"}
    assert "S&OP review, September 2026" in capsys.readouterr().out
    assert [file.name for file in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--out", "review.doc"], "review.doc: a pack is a file that ends in one of .pptx, .pdf, .html, .xlsx."),
        (["--out", "no/such/folder/review.pdf"], "review.pdf cannot be written: No such file or directory."),
        (["--out", "review.pdf", "--month", "2031-01"], "There is no month '2031-01' in this snapshot."),
        (["--out", "review.pdf", "--customers", "NOBODY"], "There is no customer 'NOBODY' in this snapshot."),
        (
            ["--out", "review.pdf", "--snapshot", "20200101-000000-ffffff"],
            "There is no snapshot '20200101-000000-ffffff'.",
        ),
    ],
)
def test_trouble_is_said_in_plain_words_and_nothing_is_written(
    given: list[str], said: str, sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("SOP_HOME", str(sample_home))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["pack", *given]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nothing_published_is_said_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(tmp_path))
    assert cli.main(["pack", "--out", str(tmp_path / "review.pptx")]) == 2
    assert "Nothing is published yet" in capsys.readouterr().err


def test_an_earlier_snapshot_makes_a_pack_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = company(tmp_path)
    firm.october()
    monkeypatch.setenv("SOP_HOME", str(firm.home.folder))
    out = tmp_path / "then.html"
    assert cli.main(["pack", "--out", str(out), "--snapshot", firm.september]) == 0
    assert f"Snapshot {firm.september}, as of {datetime.date(2026, 9, 30):%-d %B %Y}" in out.read_text(encoding="utf-8")
