"""The page Settings, and what every page does with the settings and while the sample company is live."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import NumberInput

from sop import company, loading, sample_company
from sop.decisions import Log
from sop.snapshots import Home
from tests.test_pages import HOSTILE, PAGES, load, open_page, shown
from tests.test_settings import picture

LINES = (
    "order_id,customer_id,product_id,quantity,promised_date,order_date,unit_price\n"
    "A,ACME,P,1,2026-02-03,2026-01-05,10\nB,ACME,P,1,2026-09-03,2026-08-05,10\nC,ACME,P,1,2026-05-04,2026-03-05,10\n"
)
DELIVERIES = "order_id,delivered_date,quantity\nA,2026-02-05,1\nB,2026-09-03,1\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return load(tmp_path, order_lines=LINES, deliveries=DELIVERIES)


def number(app: AppTest, label: str) -> NumberInput:
    """The number input of that label."""
    return next(one for one in app.number_input if one.label == label)


def press(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception, app.exception[0].value
    return app


def save(app: AppTest, who: str = "Ann Lee") -> AppTest:
    app.text_input(key="settings-by").set_value(who)
    return press(app, "Save")


def test_the_page_says_where_the_settings_stand_and_shows_each(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.folder / "settings.toml").write_text("promise_target = 0.9\n", encoding="utf-8")
    app = open_page("settings", home, monkeypatch)
    assert "settings\\.toml counts" in shown(app)
    assert number(app, "Promise target, %").value == 90
    drawn = {one.label.removesuffix(", %") for one in [*app.number_input, *app.text_input, *app.selectbox]}
    assert set(company.LABELS.values()) - {"Logo"} <= drawn


def test_what_is_saved_stands_in_the_log_with_who_and_from_what_to_what(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("settings", home, monkeypatch)
    number(app, "Promise target of tier A, %").set_value(97.5)
    number(app, "Days late allowed").set_value(2)
    save(app)
    assert "Promise target of tier A from the company's to 97\\.5 \\%" in app.success[0].value.replace(
        "\\'", "'"
    ).replace("%", "\\%")
    assert app.title[0].value.startswith("Ann Lee last changed the settings")
    [entry] = company.history(Log(home.folder))
    assert (entry.set_by, entry.after["promise_target_a"], entry.after["days_late_allowed"]) == ("Ann Lee", 0.975, 2)
    history = app.dataframe[-1].value
    assert list(history["to"]) == ["2", "97.5 %"]
    assert number(app, "Promise target of tier A, %").value == 97.5


def test_without_a_name_or_out_of_range_nothing_is_written(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("settings", home, monkeypatch)
    number(app, "Days late allowed").set_value(2)
    save(app, who=" ")
    assert "Say who" in app.error[0].value
    next(one for one in app.text_input if one.label == "Currency").set_value(" ")
    save(app)
    assert "Currency" in app.error[0].value
    number(app, "Promise target, %").set_value(None)
    save(app)
    assert company.history(Log(home.folder)) == ()


def test_the_second_of_two_at_once_is_told_and_sees_the_first_ones_settings(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (open_page("settings", home, monkeypatch) for _ in range(2))
    number(first, "Promise target, %").set_value(97.0)
    save(first)
    number(second, "Promise target, %").set_value(80.0)
    save(second, who="Bo Day")
    told = second.error[0].value
    assert "Ann Lee changed the settings" in told and "entry 1" in told
    assert "What you had changed" in told and "80 " in told
    assert number(second, "Promise target, %").value == 97
    assert len(company.history(Log(home.folder))) == 1
    number(second, "Promise target, %").set_value(80.0)
    save(second, who="Bo Day")
    assert company.read(home.folder).measure.promise_target == 0.8


def test_figures_are_worked_out_anew_only_when_somebody_says_so(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = home.live()
    app = open_page("settings", home, monkeypatch)
    assert "worked out with these settings" in shown(app)
    number(app, "Days late allowed").set_value(2)
    save(app)
    assert home.live() == before
    assert "Days late allowed\\: 0, now 2" in shown(app)
    app.text_input(key="anew-by").set_value("Ann Lee")
    press(app, "Work the figures out anew")
    assert home.live() != before
    assert home.record()[-1].by == "Ann Lee"
    assert "worked out with these settings" in shown(app)


def test_name_currency_weights_and_fiscal_year_act_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"company_name": HOSTILE[:60], "currency": "SEK", "fiscal_year_month": 4, "weight_tier_a": 7.5}
    company.change(Log(home.folder), values, by="Ann", seen=None)
    app = open_page("overview", home, monkeypatch, month="2026-09")
    assert app.metric[1].value.startswith("SEK")
    assert "javascript:alert" not in shown(app)
    for month, said in (("2026-09", "April 2026 to September 2026"), ("2026-02", "April 2025 to February 2026")):
        assert said in shown(open_page("customers", home, monkeypatch, month=month, span="fiscal"))


@pytest.mark.parametrize(("first_month", "rate"), [(1, "33.3 %"), (4, "50.0 %"), (9, "100.0 %")])
def test_the_fiscal_year_looks_back_to_its_start(
    home: Home, monkeypatch: pytest.MonkeyPatch, first_month: int, rate: str
) -> None:
    # Due in February (two days late), in May (never came) and in September (kept).
    if first_month > 1:
        company.change(Log(home.folder), {"fiscal_year_month": first_month}, by="Ann", seen=None)
    app = open_page("customer", home, monkeypatch, customer="ACME", month="2026-09", span="fiscal")
    assert app.metric[0].value == rate


def test_arbitrate_begins_with_the_companys_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    loading.load(sample_company.files(), home=home)
    company.change(Log(home.folder), {"weight_tier_a": 7.5}, by="Ann", seen=None)
    app = open_page("arbitrate", home, monkeypatch)
    assert app.number_input(key="tier_a").value == 7.5
    assert app.number_input(key="tier_b").value == 2.0


def test_a_logo_stands_on_every_page_and_its_history_says_its_size(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    company.change(Log(home.folder), {"logo": base64.b64encode(picture()).decode()}, by="Ann", seen=None)
    app = open_page("settings", home, monkeypatch)
    assert list(app.dataframe[-1].value["to"]) == ["PNG, 120 × 40"]
    assert "iVBOR" not in shown(app)
    next(one for one in app.checkbox if one.label == "Take the logo away").check()
    save(app)
    assert company.read(home.folder).values["logo"] is None


def test_a_log_that_cannot_be_read_stops_this_page_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.folder / "decisions.sqlite").write_bytes(b"no database" * 500)
    assert "cannot be read" in open_page("settings", home, monkeypatch).error[0].value
    assert open_page("customers", home, monkeypatch).title


def test_a_settings_file_with_nonsense_stops_this_page_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.folder / "settings.toml").write_text("nonsense = 1\n", encoding="utf-8")
    assert "no setting" in open_page("settings", home, monkeypatch).error[0].value
    assert open_page("customers", home, monkeypatch).title


def test_the_sample_company_is_named_on_every_page_and_ones_own_on_none(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = Home(tmp_path / "sample")
    loading.load(sample_company.files(), home=sample)
    for name in PAGES:
        assert "This is the sample company" in shown(open_page(name, sample, monkeypatch)), name
    for name in ("overview", "settings", "extracts"):
        assert "This is the sample company" not in shown(open_page(name, home, monkeypatch)), name


def test_the_switch_shows_the_sample_company_and_leads_back(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    own = home.live()
    app = open_page("settings", home, monkeypatch)
    app.text_input(key="sample-by").set_value("Ann Lee")
    press(app, "Show the sample company")
    assert "The sample company is live" in app.success[0].value
    assert "This is the sample company" in shown(app)
    app.text_input(key="own-by").set_value("Ann Lee")
    press(app, "Go back to your own company")
    assert home.live() == own
    assert "This is the sample company" not in shown(app)
