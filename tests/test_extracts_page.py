"""The planner's page: bring files, see what will change, publish, go back."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop import loading, queries
from sop.cli import main
from sop.page.published import CHOSEN, NAME
from sop.snapshots import AGAIN, PUBLISHED, Home
from tests.test_pages import TOP, open_page, shown

ORDERS = """order_id,line_number,customer_id,product_id,quantity,promised_date,unit_price,order_date
A1,10,ACME,PUMP,5,2026-03-10,100,2026-02-01
A1,20,ACME,SEAL,8,2026-03-12,2.50,2026-02-01
A2,10,BRIO,PUMP,1,2026-04-01,100,2026-02-20
A3,10,BRIO,PUMP,1,2026-04-02,100,2026-02-21
"""
DELIVERIES = "order_id,line_number,delivered_date,quantity\nA1,10,2026-03-09,5\nA1,20,2026-03-15,8\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    files = []
    for name, text in {"order_lines": ORDERS, "deliveries": DELIVERIES}.items():
        files.append(tmp_path / f"{name}.csv")
        files[-1].write_text(text)
    found = Home(tmp_path / "home")
    loading.load(files, home=found)
    return found


def checked(home: Home, monkeypatch: pytest.MonkeyPatch, **files: str) -> AppTest:
    app = open_page("extracts", home, monkeypatch)
    for name, text in files.items():
        app.file_uploader[0].upload(name.replace("__", "."), text.encode())
    app.run()
    app.button(key="check").click().run()
    assert not app.exception
    return app


def publish(app: AppTest, who: str = "A planner") -> AppTest:
    app.text_input(key="publisher").set_value(who).run()
    app.button(key="publish").click().run()
    assert not app.exception
    return app


def test_the_first_files_are_published_from_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    app = checked(home, monkeypatch, order_lines__csv=ORDERS, deliveries__csv=DELIVERIES)
    assert home.live() is None
    publish(app)
    [manifest] = home.history()
    assert home.live() == manifest.id
    assert manifest.created_by == "A planner"


def test_nothing_is_published_without_a_name(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = checked(home, monkeypatch, order_lines__csv=ORDERS.replace("2026-03-10", "2026-03-20"))
    assert app.button(key="publish").disabled


def test_what_will_change_is_said_before_publishing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = ORDERS.replace("A3,10", "A4,10").replace("PUMP,5", "PUMP,6")
    live = home.live()
    app = checked(home, monkeypatch, order_lines__csv=orders)
    changes = next(table.value for table in app.dataframe if "added_count" in table.value)
    [found] = list(changes.T.to_dict().values())
    assert found == {
        "extract_name": "order lines", "before_count": 4, "after_count": 4, "added_count": 1, "changed_count": 1,
        "gone_count": 1,
    }  # fmt: skip
    headline = next(table.value for table in app.dataframe if "after publishing" in table.value).set_index("headline")
    assert list(headline.loc["kept of due"]) == ["1 of 2", "0 of 2"]
    assert home.live() == live


def test_a_truncated_file_and_one_loaded_already_raise_an_alarm(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = checked(home, monkeypatch, order_lines__csv="\n".join(ORDERS.splitlines()[:2]), deliveries__csv=DELIVERIES)
    said = shown(app)
    assert "3 of 4 rows are gone" in said
    assert "deliveries\\.csv is in the live snapshot already" in said


def test_an_older_export_raises_an_alarm(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    older = DELIVERIES.replace("2026-03-15", "2026-02-25").replace("2026-03-09", "2026-02-24")
    app = checked(home, monkeypatch, deliveries__csv=older)
    assert "They look like an older export" in shown(app)


def test_the_same_files_again_have_nothing_to_publish(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = checked(home, monkeypatch, order_lines__csv=ORDERS, deliveries__csv=DELIVERIES)
    assert "There is nothing to publish" in app.success[0].value
    assert "publish" not in [button.key for button in app.button]


def test_a_file_that_cannot_be_used_says_why_in_plain_words(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    live = home.live()
    app = open_page("extracts", home, monkeypatch)
    app.file_uploader[0].upload("picture.csv", b"\x89PNG\r\n").run()
    assert not app.exception
    assert "picture\\.csv" in app.error[0].value
    assert home.live() == live


def test_many_rejected_rows_need_an_explicit_yes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = checked(home, monkeypatch, order_lines__csv=ORDERS.replace(",8,", ",eight,"))
    app.text_input(key="publisher").set_value("A planner").run()
    assert app.button(key="publish").disabled
    assert "1 of 4 rows were rejected" in app.checkbox(key="accept-rejects").label
    app.checkbox(key="accept-rejects").check().run()
    before = home.live()
    app.button(key="publish").click().run()
    assert home.live() != before


def test_a_mapping_is_uploaded_beside_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    text = "no;who;what;much;due\n1;ACME;PUMP;2,5;31.12.2025\n"
    mapping = """[[files]]
delimiter = ";"
decimal = ","
date_format = "%d.%m.%Y"
[files.order_lines]
order_id = "no"
customer_id = "who"
product_id = "what"
quantity = "much"
promised_date = "due"
"""
    publish(checked(home, monkeypatch, report__csv=text, report__toml=mapping))
    [row] = home.open().sql("select quantity::varchar, promised_date::varchar from extracts.order_lines").fetchall()
    assert row == ("2.500", "2025-12-31")


def test_an_uploads_name_is_never_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    app = open_page("extracts", home, monkeypatch)
    app.file_uploader[0].upload("../../../escaped*.csv", ORDERS.encode()).run()
    app.button(key="check").click().run()
    publish(app)
    assert home.history()[0].sources[0]["file_name"] == "escaped*.csv"
    assert not list(tmp_path.rglob("escaped*"))
    assert not list(TOP.parent.glob("escaped*"))


def test_an_earlier_snapshot_is_made_live_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first = home.live()
    publish(checked(home, monkeypatch, order_lines__csv=ORDERS.replace("2026-03-10", "2026-03-20")))
    assert home.live() != first
    second = home.live()
    app = open_page("extracts", home, monkeypatch)
    app.session_state[CHOSEN] = first
    app.run()
    assert app.button(key="make-live-again").disabled
    app.text_input(key=NAME).set_value("A chair").run()
    app.button(key="make-live-again").click().run()
    assert not app.exception
    assert home.live() == first
    assert [(line.snapshot, line.by, line.what) for line in home.record()][-2:] == [
        (second, "A planner", PUBLISHED), (first, "A chair", AGAIN),
    ]  # fmt: skip


def test_an_earlier_snapshot_is_opened_read_only_and_left_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first = home.live()
    publish(checked(home, monkeypatch, order_lines__csv=ORDERS.replace("2026-03-10", "2026-03-20")))
    app = open_page("extracts", home, monkeypatch)
    app.session_state[CHOSEN] = first
    app.run()
    app.button(key="open-read-only").click().run()
    assert app.query_params["snapshot"] == first
    assert "It is not the live one" in app.warning[0].value
    assert home.live() != first
    app.button(key="back-to-live").click().run()
    assert "snapshot" not in app.query_params
    assert not any("It is not the live one" in warning.value for warning in app.warning)


def test_a_snapshot_of_another_version_says_so_and_is_built_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first = home.live() or ""
    file = home.snapshots / f"{first}.json"
    file.write_text(file.read_text().replace(queries.making(), "another version"))
    app = open_page("overview", home, monkeypatch)
    assert "python \\-m sop rebuild" in app.error[0].value
    assert not app.title
    assert main(["rebuild"]) == 0
    assert home.live() != first
    assert not open_page("overview", home, monkeypatch).error
    [(lines, events)] = home.open().sql(
        "select (select count(*) from marts.promises), (select count(*) from marts.promise_events)"
    ).fetchall()  # fmt: skip
    assert (lines, events) == (4, 0)
