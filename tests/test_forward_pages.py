"""The pages about the months ahead through Streamlit's AppTest: they say what the queries answer, and what is missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sop import allocation, projecting, queries, words
from sop.snapshots import Home
from tests.test_forward_view import EXTRACTS, ROUTINGS
from tests.test_pages import load, open_page, sample, shown

__all__ = ["sample"]

PLANT = {name: "\n".join(",".join(cell.strip() for cell in line.split(",")) for line in text.strip().splitlines()) + "\n"
         for name, text in EXTRACTS.items()}  # fmt: skip


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return load(tmp_path_factory.mktemp("plant"), **PLANT)


def test_capacity_names_the_fullest_work_centre_and_who_fills_it(
    sample: Home,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = open_page("capacity", sample, monkeypatch)
    assert app.title[0].value.startswith("Welding 2 is asked for more than its hours in 4 months")
    [known] = queries.ask(sample.open(), "capacity/headline").df().to_dict("records")
    assert app.metric[0].value == f"{known['full_count']:,} of {known['month_count']:,}"
    assert app.metric[3].value == words.money(known["at_risk_value"], "EUR")


def test_a_cell_of_capacity_can_be_linked_to(sample: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("capacity", sample, monkeypatch, work_centre="WC-10", ahead="2027-02")
    customers = app.dataframe[0].value
    by_hand = sample.open().execute(
        "select customer_name, sum(step_hours) as hours from marts.queues inner join marts.customers using (customer_id)"
        " where work_centre_id = 'WC-10' and load_month = date '2027-02-01' group by all order by hours desc limit 2"
    ).fetchall()  # fmt: skip
    shown_hours = dict(zip(customers["customer_name"], customers["firm_hours"], strict=True))
    for name, hours in by_hand:
        assert shown_hours[name] == pytest.approx(hours, abs=0.05)
    # Nordwyke, who has no order for that month, was told a date for more hours than anybody has ordered.
    assert words.plain("Nordwyke Energy Partners was told a date for") in shown(app)


@pytest.mark.parametrize(("weight", "hours"), [("recorded", 12 + 16), ("none", 0), ("all", 50), ("50", 45), ("90", 0)])
def test_opportunities_weigh_as_chosen(weight: str, hours: float, plant: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    # Sawing, August: no order. O-TOLD 15 at 80 %, O-LATE 30 at 50 %, O-CLOSE 5 at 20 %.
    app = open_page("capacity", plant, monkeypatch, weight=weight)
    asked = dict(app.session_state["asked"])["capacity/utilisation"]
    rows = queries.ask(plant.open(), "capacity/utilisation", **asked).df()
    august = rows[(rows["work_centre_id"] == "SAW") & (rows["month"] == "2026-08-01")]
    assert august["load_hours"].tolist() == pytest.approx([hours])


def test_what_is_left_out_is_counted_with_its_value(plant: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("capacity", plant, monkeypatch, queue="What is left out")
    found = app.dataframe[1].value
    counted = dict(zip(found["what"].str.split(":").str[0], found["row_count"], strict=True))
    assert counted == {
        "open order lines whose product has no routing": 1,
        "open order lines with a step whose hours are unknown": 5,
        "work centres on a routing without hours in any month ahead": 1,
        "open opportunities without any date": 1,
        "open opportunities whose product has no routing": 1,
    }
    values = dict(zip(found["what"].str.split(":").str[0], found["concerned_value"].fillna(0), strict=True))
    assert values["open order lines whose product has no routing"] == 100
    # B2 6 × 20, C1 50 × 20, A3 100 × 20, C4 30 × 20, C3 5 × 50
    assert values["open order lines with a step whose hours are unknown"] == 120 + 1000 + 2000 + 600 + 250


def test_the_collision_of_the_sample_moves_the_two_customers_who_fill_february(
    sample: Home,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = open_page("pipeline", sample, monkeypatch).dataframe[0].value
    assert first["opportunity_id"].iloc[0] == "OP-00057"  # the largest of those that cannot be kept
    app = open_page("pipeline", sample, monkeypatch, opportunity="OP-00057")
    tables = [table.value for table in app.dataframe]
    customers = next(table for table in tables if "line_count" in table)
    assert set(customers["customer_name"].head(2)) == {"Gullhythe Water Systems", "Kestrelmoor Rail Works"}
    assert words.plain("If OP-00057 is won for 12 February 2027") in shown(app)
    assert words.plain("Promised for April 2027, it would hurt nobody.") in shown(app)


@pytest.mark.parametrize(
    ("product", "quantity", "said"),
    [
        ("PLATE", "30", "September 2026 at the earliest, limited by Sawing"),  # 0, 20 and 40 hours are left
        ("PLATE", "10", "August 2026 at the earliest, limited by Sawing"),
        ("PLATE", "101", "not within the months known, for want of hours at Sawing"),
        (
            "GATE",
            "1",
            "not within the months known, for want of hours at Welding. The hours of Painting are not known.",
        ),
    ],
)
def test_what_could_be_promised_is_told_with_what_limits_it(
    product: str, quantity: str, said: str, plant: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("pipeline", plant, monkeypatch, product=product, quantity=quantity)
    assert words.plain(said) in shown(app)


@pytest.mark.parametrize("quantity", ["many", "-3", "0", "nan", "inf"])
def test_a_quantity_that_is_none_is_refused_in_words(
    quantity: str, plant: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("pipeline", plant, monkeypatch, product="PLATE", quantity=quantity)
    assert "is not a number of units above 0" in app.warning[0].value


def test_an_unknown_opportunity_is_said_to_be_unknown(plant: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("pipeline", plant, monkeypatch, opportunity="O-WON")
    assert "There is no open opportunity" in app.warning[0].value


def test_an_opportunity_without_a_date_moves_nobody_known(plant: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("pipeline", plant, monkeypatch, opportunity="O-DATELESS")
    assert words.plain("O-DATELESS has no date") in shown(app)


@pytest.mark.parametrize(
    ("page", "missing"),
    [
        ("capacity", ("capacity",)), ("capacity", ("routings",)), ("capacity", ("capacity", "routings")),
        ("pipeline", ("opportunities",)), ("pipeline", ("opportunities", "routings", "capacity")),
    ],
)  # fmt: skip
def test_a_page_whose_extracts_are_missing_says_which_and_what_for(
    page: str, missing: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = load(tmp_path, **{name: text for name, text in PLANT.items() if name not in missing})
    app = open_page(page, home, monkeypatch)
    assert app.title[0].value == words.plain(f"Not to be answered without {words.joined(list(missing))}")
    assert all(f"**{name}** (" in app.info[0].value for name in missing)
    assert not app.dataframe
    overview = open_page("overview", home, monkeypatch)
    said = any("only what is overdue is known to be at risk" in caption.value for caption in overview.caption)
    assert said == bool({"capacity", "routings"} & set(missing))


def test_hours_of_the_past_alone_are_said_to_be_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = "work_centre_id,month,available_hours\nSAW,2026-01-01,10\n"
    app = open_page("capacity", load(tmp_path, **{**PLANT, "capacity": old}), monkeypatch)
    assert app.title[0].value == "No hours are known for the months ahead"


def test_the_customer_page_says_what_will_break_and_what_stops_it(plant: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("customer", plant, monkeypatch, customer="ACME", span="all")
    assert words.plain("3 of 3 lines will not be there when promised, EUR 4 k") in shown(app)
    stops = next(table.value for table in app.dataframe if "queue_hours" in table.value)
    found = stops[["blocking_work_centre_name", "at_risk_count", "customer_count", "queue_hours", "available_hours"]]
    # In September A3 asks for 100 hours, in August A1 for 40 and A2 for 60; nobody else is in the queue.
    assert found.to_numpy().tolist() == [["Welding", 1, 1, 100, 60], ["Welding", 2, 1, 100, 50]]


def test_the_customer_page_shows_a_broken_promise_through_both_pairs_of_eyes(
    plant: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("customer", plant, monkeypatch, customer="DORA", span="all", view="Causes")
    [row] = next(table.value for table in app.dataframe if "waiting_on" in table.value).to_dict("records")
    assert row["cause"] == "not seen coming"
    assert (row["lead_time_days"], row["given_days"]) == (30, 75)  # ordered on 1 April for 15 June
    assert (row["full_work_centre_name"], row["load_hours"], row["available_hours"]) == ("Welding", 70, 60)
    assert (row["reason"], row["waiting_on"]) == ("Fehlteil", "material")


def test_the_overview_says_where_the_gap_opened(plant: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("overview", plant, monkeypatch, month="2026-06", **{"causes-by": "true", "hot": "true"})
    groups = next(table.value for table in app.dataframe if "without_room_count" in table.value)
    assert dict(zip(groups["group_name"], groups["without_room_count"], strict=True)) == {
        "BRIO": 1,
        "DORA": 1,
        "ACME": 1,
    }
    assert "1 of 3 promises" in words.plain(shown(app)).replace("\\", "")  # B2 came onto a full June


def test_a_work_centre_with_a_strange_name_is_shown_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = PLANT | {
        "work_centres": "work_centre_id,work_centre_name\nWELD,[x](javascript:alert(1)) <img src=x>\n",
        "routings": "\n".join(line.replace(" ", "") for line in ROUTINGS.strip().splitlines()) + "\n",
    }
    app = open_page("capacity", load(tmp_path, **strange), monkeypatch)
    assert "](" not in app.title[0].value.replace("\\]\\(", "")
    for chart in app.get("plotly_chart"):
        assert "<img" not in chart.proto.spec


@pytest.mark.parametrize(
    ("customer", "line", "said"),
    [
        ("ACME", "A1 / 10", "Projected by 30 September 2026 at the earliest: 3 units, EUR 150, will not be there when promised."
                            " Welding is short of hours in August 2026."),
        ("CITO", "C4 / 10", "Projected not within the months known: 16 units"),
        ("BRIO", "B1 / 10", "The hours for it are there in time for the promise of today."),
        ("CITO", "C2 / 10", "Its product has no routing"),
        ("DORA", "D1 / 10", "75 days given, 30 of lead time; Welding promised 70 of 60 hours; reason “Fehlteil”"),
        ("DORA", "D1 / 10", "not seen coming; also no room in the plan and reason given"),
    ],
)  # fmt: skip
def test_one_line_tells_what_stops_it_and_what_both_sides_saw(
    customer: str, line: str, said: str, plant: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("customer", plant, monkeypatch, customer=customer, line=line)
    assert words.plain(said) in shown(app)


def test_the_load_of_every_month_is_the_sum_over_its_customers_and_over_its_lines(sample: Home) -> None:
    connection = sample.open()
    months = queries.ask(connection, "capacity/utilisation", weight="none").df()
    months = months[months["load_hours"] > 0].groupby("work_centre_id").head(2)
    assert len(months) > 12
    for _, month in months.iterrows():
        cell = {"work_centre": month["work_centre_id"], "load_month": f"{month['month']:%Y-%m}"}
        customers = queries.ask(connection, "capacity/customers", **cell).df()
        lines = queries.ask(connection, "capacity/lines", **cell).df()
        assert customers["firm_hours"].sum() == pytest.approx(month["load_hours"])
        assert lines["step_hours"].sum() == pytest.approx(month["load_hours"])
        assert customers["at_risk_count"].sum() == lines["is_at_risk"].sum()
    connection.close()


@pytest.mark.parametrize("name", sorted(queries.MANY))
def test_what_comes_as_arrow_is_the_frame_that_duckdb_makes(name: str, sample: Home) -> None:
    with sample.open() as connection:
        found = queries.frame(connection, name, opportunities="all")
        assert len(found) > 20
        pd.testing.assert_frame_equal(found, queries.ask(connection, name, opportunities="all").df())


def test_no_hour_of_the_sample_is_given_twice_and_every_late_line_names_what_stops_it(sample: Home) -> None:
    connection = sample.open()
    [(unexplained,)] = connection.sql(
        "select count(*) from marts.promises_ahead where is_at_risk and not is_overdue and blocking_month is null"
    ).fetchall()
    assert unexplained == 0
    queue = connection.sql(
        "select claim_number, work_centre_number, month_number, step_hours, late_hours"
        " from marts.queues left join marts.late_steps using (claim_number, work_centre_id, load_month, step_hours)"
        " where work_centre_number is not null order by claim_number"
    ).df()  # fmt: skip
    _, available = projecting.hours_of(connection, "marts.work_centre_months", "available_hours")
    _, left = projecting.hours_of(connection, "marts.hours_left", "left_hours")
    connection.close()
    asked = projecting.queue_of(pa.Table.from_pandas(queue))
    given = allocation.in_order(asked, available)
    used = np.zeros_like(available)
    np.add.at(used, (asked.work_centre[given.step], given.month), given.hours)
    assert (used <= available + 0.001).all()
    assert used + left == pytest.approx(available)
    in_time = given.month == asked.month[given.step]
    late = asked.hours - np.bincount(given.step[in_time], given.hours[in_time], minlength=len(asked))
    assert queue["late_hours"].fillna(0).to_numpy() == pytest.approx(late, abs=1e-6)
    assert (late > 1e-6).any()
