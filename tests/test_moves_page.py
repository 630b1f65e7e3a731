"""The page What moved through Streamlit's AppTest: which two snapshots it compares, what it says, and what it cannot compare."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from sop import words
from sop.snapshots import Home
from tests.company import load
from tests.test_pages import open_page, shown
from tests.two_months import SEPTEMBER_LINES, Pair, load_orders_first, load_pair, load_projected_pair


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return load_projected_pair(tmp_path_factory.mktemp("pair"))


def middle_of(pair: Pair) -> str:
    """The snapshot between the two."""
    [middle] = {manifest.id for manifest in pair.home.history()} - {pair.first, pair.last}
    return middle


def said(app: AppTest) -> str:
    """Every text on the page without the marks that keep it from acting as markup."""
    return shown(app).replace("\\", "")


def lines_in(app: AppTest, column: str) -> list[str]:
    """A column of the last table on the page."""
    return [str(value) for value in app.dataframe[-1].value[column]]


def test_the_page_compares_the_live_snapshot_with_last_months(loaded: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("moves", loaded.home, monkeypatch)
    assert app.session_state["pair"] == (loaded.first, loaded.last)
    assert app.title[0].value == "Since 30 September 2026 we moved 2 promises, customers moved 3"
    assert "Opportunities: 1 new, 4 won, 1 lost, 3 slipped. Order lines: 2 new, 1 cancelled, 1 gone." in said(app)
    assert "At risk: EUR 2 k then, EUR 2 k now; the largest step is “larger or dearer”, +EUR 1 k" in said(app)
    assert app.get("plotly_chart")


def test_a_link_opens_the_two_snapshots_that_it_names(loaded: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    middle = middle_of(loaded)
    app = open_page("moves", loaded.home, monkeypatch, before=loaded.first, after=middle)
    assert app.session_state["pair"] == (loaded.first, middle)
    assert app.title[0].value == "Since 30 September 2026 we moved 1 promise, customers moved 0"


def test_a_link_to_a_snapshot_that_is_gone_says_so_and_compares_the_usual_two(
    loaded: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("moves", loaded.home, monkeypatch, before="20200101-000000-abcdef")
    assert "There is no snapshot “20200101-000000-abcdef” to compare. Choose one from the list." in said(app)
    assert app.session_state["pair"] == (loaded.first, loaded.last)


@pytest.mark.parametrize(
    ("chosen", "params", "column", "listed"),
    [
        ("customers", {}, "customer_name", ["Acme Works", "CITO", "DORA", "EVER", "Brio Foods"]),
        ("promises", {"promise-moves": "by the customer"}, "order_id", ["A1", "C3", "E2"]),
        ("opportunities", {"opportunity-moves": "slipped"}, "opportunity_id", ["O3", "O11", "O13"]),
        ("order lines", {"order-line-moves": "gone"}, "order_id", ["A3"]),
        ("hours", {"hour-moves": "fewer"}, "work_centre_name", ["Welding"]),
        ("value at risk", {"at-risk-moves": "delivered"}, "order_id", ["D1", "D2"]),
    ],
)
def test_each_list_shows_the_moves_of_the_kind_in_the_link(
    chosen: str, params: dict[str, str], column: str, listed: list[str], loaded: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("moves", loaded.home, monkeypatch, list=chosen, **params)
    assert sorted(lines_in(app, column)) == sorted(listed)


def test_a_kind_without_a_move_says_so(loaded: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {"after": middle_of(loaded), "before": loaded.first, "list": "order lines", "order-line-moves": "gone"}
    assert "Nothing of this kind moved." in said(open_page("moves", loaded.home, monkeypatch, **chosen))


def test_with_one_snapshot_the_page_says_what_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(tmp_path, order_lines=SEPTEMBER_LINES)
    app = open_page("moves", Home(tmp_path / "home"), monkeypatch)
    assert app.title[0].value == words.plain("What moved since last month?")
    assert "There is one snapshot only" in app.info[0].value


def test_what_cannot_be_compared_is_said_and_the_rest_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = load_orders_first(tmp_path)
    app = open_page("moves", pair.home, monkeypatch, list="opportunities")
    assert app.session_state["pair"] == (pair.first, pair.last)
    assert app.title[0].value == "Since 30 September 2026 nothing moved"
    assert "Value at risk cannot be compared: the earlier and later snapshots have no projected promises." in said(app)
    assert "Opportunities cannot be compared: the earlier snapshot has none." in said(app)
    assert {*app.dataframe[0].value["moved"]} == {"promise", "order line"}


def test_an_earlier_snapshot_that_cannot_be_compared_ends_in_a_sentence_and_another_can_be_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = load_pair(tmp_path)
    with duckdb.connect(str(pair.home.file(pair.first))) as connection:
        connection.execute("alter table marts.ledger rename column is_cancelled to was_cancelled")
    app = open_page("moves", pair.home, monkeypatch)
    assert "cannot be compared: one of them was made by another version of the app" in said(app)
    assert app.title[0].value == words.plain("What moved since last month?")
    app.selectbox("before-choice").select(middle_of(pair)).run()
    assert app.session_state["pair"] == (middle_of(pair), pair.last)
    assert app.title[0].value.startswith("Since 15 October 2026")
