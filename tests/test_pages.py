"""Each page through Streamlit's AppTest: it opens, starts with its question, and shows what its queries answer."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop import loading, page, queries, words
from sop.snapshots import Home

TOP = Path(__file__).parent.parent
PAGES = {file.stem: file for file in sorted((TOP / "pages").rglob("*.py")) if file.stem != "present"}
"""Each page by its name. The view for the shared screen has messages instead of a title: see test_presenting.py."""
HOSTILE = (
    "[x](javascript:alert(1)) ![](http://example.invalid/a.png) <img src=x onerror=alert(1)> $\\href{a}{b}$ =cmd|'x'!A0"
)


def load(folder: Path, **texts: str) -> Home:
    files = []
    for name, text in texts.items():
        files.append(folder / f"{name}.csv")
        files[-1].write_text(text, encoding="utf-8")
    home = Home(folder / "home")
    loading.load(files, home=home)
    return home


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("pages") / "home")
    loading.load(sorted((TOP / "data" / "sample").glob("*.csv")), home=home)
    return home


def open_page(name: str, home: Home, monkeypatch: pytest.MonkeyPatch, **params: str) -> AppTest:
    monkeypatch.setenv("SOP_HOME", str(home.folder))
    monkeypatch.chdir(TOP)
    app = AppTest.from_file(str(TOP / "app.py"), default_timeout=60)
    for key, value in params.items():
        app.query_params[key] = value
    app.switch_page(str(PAGES.get(name, TOP / "pages" / "meeting" / f"{name}.py"))).run()
    assert not app.exception, app.exception[0].value
    return app


def shown(app: AppTest) -> str:
    """Every text on the page."""
    kinds = (app.title, app.subheader, app.caption, app.markdown, app.info, app.warning, app.error, app.metric)
    return "\n".join(str(element.value) for kind in kinds for element in kind) + "\n".join(
        tile.label for tile in app.metric
    )


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_and_shows_its_question(name: str, sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(name, sample, monkeypatch)
    question = PAGES[name].read_text(encoding="utf-8").split('"""')[1]
    assert question in shown(app) or words.plain(question) in shown(app)
    assert len(app.title) == 1


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_what_to_do_when_nothing_is_published(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(name, Home(tmp_path), monkeypatch)
    assert app.title[0].value.startswith("Nothing is published yet")
    if name == "extracts":
        assert app.file_uploader
    else:
        assert "python -m sop load" in app.code[0].value


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_on_a_company_that_has_promised_nothing_yet(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_lines = (
        "order_id,customer_id,product_id,quantity,promised_date,order_date\nA,ACME,P,1,2027-03-01,2026-10-01\n"
    )
    home = load(tmp_path, order_lines=order_lines)
    for params in ({}, {"customer": "ACME"}):
        app = open_page(name, home, monkeypatch, **params)
        assert len(app.title) == 1
        assert "nan" not in shown(app).lower().replace("finance", "")


def test_the_overview_states_the_months_figures(sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("overview", sample, monkeypatch, month="2026-09")
    [headline] = (
        queries.ask(sample.open(), "overview/headline", first_month="2026-09", last_month="2026-09")
        .df()
        .to_dict("records")
    )
    assert app.metric[0].value == words.percent(headline["promise_rate"])
    assert app.metric[1].value == words.money(headline["gap_value"], "EUR")
    assert f"{headline['kept_count']:,} of {headline['due_count']:,} order lines kept" in shown(app)


def test_the_months_change_is_that_against_the_month_before(sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    rates = [
        queries.ask(sample.open(), "overview/headline", first_month=month, last_month=month).df()["promise_rate"][0]
        for month in ("2026-08", "2026-09")
    ]
    app = open_page("overview", sample, monkeypatch, month="2026-09")
    sign = "+" if rates[1] >= rates[0] else "-"
    assert app.metric[0].delta == f"{sign}{abs(rates[1] - rates[0]) * 100:.1f} points on Aug"


def test_filters_narrow_the_customers(sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    everyone = open_page("customers", sample, monkeypatch).dataframe[0].value
    few = open_page("customers", sample, monkeypatch, tier="A", region="North").dataframe[0].value
    assert 0 < len(few) < len(everyone)
    assert set(few["tier"]) == {"A"}
    assert set(few["region"]) == {"North"}
    by_hand = everyone[(everyone["tier"] == "A") & (everyone["region"] == "North")]
    assert few["gap_value"].tolist() == by_hand["gap_value"].tolist()


def test_a_product_family_shows_that_familys_figures(sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    family = queries.ask(sample.open(), "customers/choices").df().query("filter == 'product_family'")["value"].iloc[0]
    table = open_page("customers", sample, monkeypatch, product_family=family, span="all").dataframe[0].value
    [(gap,)] = sample.open().execute(
        "select sum(gap_value)::double from marts.promises where product_family = $family", {"family": family}
    ).fetchall()  # fmt: skip
    assert table["gap_value"].astype(float).sum() == pytest.approx(gap, abs=len(table) / 2)  # shown in whole units


def test_a_filter_that_fits_nobody_says_so(sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("customers", sample, monkeypatch, tier="A", account_manager="Freya Holtby", region="Export")
    if app.dataframe:
        assert len(app.dataframe[0].value) > 0
    else:
        assert "No customer fits these filters" in app.info[0].value


def test_the_customer_page_shows_both_measures_and_the_wait(sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("customer", sample, monkeypatch, customer="C-0033", span="all")
    own, ours = sample.open().execute(
        "select (select sum(own_kept_count)::double / sum(own_due_count) from marts.own_months where customer_id = 'C-0033'),"
        " (select sum(kept_count)::double / sum(due_count) from marts.customer_months where customer_id = 'C-0033')"
    ).fetchall()[0]  # fmt: skip
    assert words.plain(f"They see {words.percent(own)}, we report {words.percent(ours)}") in app.title[0].value
    assert "against what they asked" in words.plain(shown(app)).replace("\\", "")


def test_an_order_line_is_followed_down_to_its_moves_and_deliveries(
    sample: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(customer, order, line, deliveries)] = sample.open().execute(
        "select promises.customer_id, order_id, line_number, count(*) from marts.promises"
        " join extracts.deliveries using (order_id, line_number) where move_count = 1"
        " group by all order by count(*) desc, order_id, line_number limit 1"
    ).fetchall()  # fmt: skip
    app = open_page("customer", sample, monkeypatch, customer=customer, line=f"{order} / {line}")
    tables = {len(table.value.columns): table.value for table in app.dataframe}
    moves = next(table for table in tables.values() if "moved_to_date" in table)
    delivered = next(table for table in tables.values() if "is_shipment" in table)
    assert len(moves) == 1
    assert len(delivered) == deliveries


@pytest.mark.parametrize(
    ("name", "params", "said"),
    [
        ("overview", {"month": "1999-01"}, "There is no month “1999\\-01” in this snapshot"),
        ("customer", {"customer": "NOBODY"}, "There is no customer “NOBODY” in this snapshot"),
        ("customers", {"tier": "Z"}, "There is no tier “Z” in this snapshot"),
        ("customer", {"customer": "C-0007", "line": "no / line"}, "This customer has no order line “no \\/ line”"),
    ],
)
def test_a_link_to_something_unknown_says_so_and_offers_the_list(
    name: str, params: dict[str, str], said: str, sample: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(name, sample, monkeypatch, **params)
    assert any(said in warning.value for warning in app.warning), [warning.value for warning in app.warning]


def test_names_that_are_markup_are_shown_as_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order_lines = (
        "order_id,customer_id,product_id,quantity,promised_date,unit_price,order_date\n"
        "A,EVIL,P,5,2026-03-10,10,2026-03-01\nB,EVIL,P,5,2026-03-11,10,2026-04-20\n"
    )
    name = HOSTILE.replace('"', '""')
    home = load(tmp_path, order_lines=order_lines, customers=f'customer_id,customer_name\nEVIL,"{name}"\n')
    for page_name, params in (("overview", {"month": "2026-03"}), ("customer", {"customer": "EVIL"})):
        app = open_page(page_name, home, monkeypatch, **params)
        for element in [*app.title, *app.subheader, *app.markdown, *app.caption, *app.warning]:
            text = str(element.value)
            assert not re.search(r"(?<!\\)(\]\(|<img|\$|!\[)", text), text
            assert "http" not in text
        for chart in app.get("plotly_chart"):
            assert "<img" not in chart.proto.spec


def test_downloads_cannot_run_as_formulas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {"name": ["=1+1", "@SUM(A1)", "+49 30", "-2", "\t=x", "plain"], "gap_value": [-5.0, 1, 2, 3, 4, None]}
    )
    lines = page.safe_csv(frame).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["'=1+1,-5.0", "'@SUM(A1),1.0", "'+49 30,2.0", "'-2,3.0", "\t'=x,4.0", "plain,"]


def test_a_run_holds_on_to_one_snapshot_while_another_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_lines = (
        "order_id,customer_id,product_id,quantity,promised_date,order_date\nA,ACME,P,1,2026-03-01,2026-10-01\n"
    )
    home = load(tmp_path, order_lines=order_lines)
    app = open_page("overview", home, monkeypatch)
    first = app.session_state["snapshot"]
    load(tmp_path, order_lines=order_lines.replace("2026-03-01", "2026-04-01"))
    assert app.session_state["snapshot"] == first
    app.run()
    assert app.session_state["snapshot"] == home.live() != first


def test_the_span_looks_back_from_the_chosen_month(sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("customers", sample, monkeypatch, month="2026-09", span="3")
    asked = dict(app.session_state["asked"])["customers/scoreboard"]
    assert asked["first_month"] == datetime.date(2026, 7, 1)
    assert asked["last_month"] == datetime.date(2026, 9, 1)


@pytest.mark.parametrize("month", ["2026-08-01", "2026-10-01"])
def test_what_the_ladder_and_the_causes_count_can_be_listed(month: str, sample: Home) -> None:
    connection, span = sample.open(), {"first_month": month, "last_month": month}

    def listed(broken_by: str) -> list[dict[str, object]]:
        answer = queries.ask(connection, "overview/broken_lines", month=month, broken_by=broken_by)
        return list(answer.df().to_dict("records"))

    for rung in queries.ask(connection, "overview/ladder", **span).df().to_dict("records"):
        lines = listed(rung["rung"])
        is_by_order = rung["rung"].startswith("whole orders")
        counted = {line["order_id"] for line in lines} if is_by_order else lines
        assert len(counted) == rung["due_count"] - rung["kept_count"] > 0
    for cause in queries.ask(connection, "overview/causes", **span).df().to_dict("records"):
        assert len(listed(cause["cause"])) == cause["broken_count"] > 0
        if cause["cause"] != "not explained":
            assert len(listed(f"evidence: {cause['cause']}")) == cause["evidence_count"] > 0


@pytest.mark.parametrize("customer", ["C-0007", "C-0012"])
def test_what_the_causes_of_a_customer_count_can_be_listed(customer: str, sample: Home) -> None:
    connection = sample.open()
    found = queries.ask(connection, "overview/causes", customer=customer).df()
    assert found["broken_count"].sum() > 0
    for cause in found.to_dict("records"):
        for asked, count in ((cause["cause"], "broken_count"), (f"evidence: {cause['cause']}", "evidence_count")):
            if asked != "evidence: not explained":
                answer = queries.ask(connection, "customer/both_views", customer=customer, cause=asked)
                assert len(answer.df()) == cause[count]


def test_a_month_of_need_lists_its_opportunities(sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    month = queries.ask(sample.open(), "pipeline/months").df().iloc[2]
    app = open_page("pipeline", sample, monkeypatch, opportunities="all", need=f"{month['need_month']:%Y-%m}")
    assert len(app.dataframe[0].value) == month["opportunity_count"]
