"""What a pack says: the queries of the pages, the month and customers asked for, what is missing, moved and decided."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pytest
from pptx import Presentation

from sop import pack
from sop.company import DEFAULTS, Company
from sop.errors import SopError
from sop.pack import customers
from sop.pack.asking import Asker, Snapshots, month_to_review, year_to
from sop.pack.parts import Chart, Sentences, Table
from sop.pack.review import choose_customers, review
from sop.snapshots import Home
from tests.company import load
from tests.decided import company
from tests.test_pack import CHOSEN, OCTOBER, TOP, charts_of, of, values_of


@pytest.fixture(scope="module")
def home(sample_home: Path) -> Home:
    return Home(sample_home)


def test_the_pack_asks_the_queries_of_the_pages_and_no_others(home: Home) -> None:
    texts = "".join(
        file.read_text(encoding="utf-8")
        for file in [*(TOP / "pages").rglob("*.py"), *(TOP / "sop" / "page").glob("*.py")]
    )
    assert [answer.name for answer in of(home, CHOSEN).answers if f'"{answer.name}"' not in texts] == []


def test_the_twelve_months_of_a_customer_end_with_the_month_under_review() -> None:
    assert year_to(OCTOBER) == {"first_month": datetime.date(2025, 11, 1), "last_month": OCTOBER}
    leap = year_to(datetime.date(2024, 2, 1))
    assert leap["first_month"] == datetime.date(2023, 3, 1)


def test_customers_are_the_largest_gaps_or_those_named(home: Home) -> None:
    asker = Asker(Snapshots(home), has_two=False, standing=Company(DEFAULTS, None))
    largest = asker.query("overview/let_down", month=OCTOBER)["customer_id"].head(4).tolist()
    assert choose_customers(asker, OCTOBER, "4") == tuple(largest)
    assert choose_customers(asker, OCTOBER, " C-0033, C-0007,C-0033") == ("C-0033", "C-0007")
    assert choose_customers(asker, OCTOBER, "") == ()
    with pytest.raises(SopError, match="no customer 'X-1' in this snapshot"):
        choose_customers(asker, OCTOBER, "C-0007,X-1")
    with pytest.raises(SopError, match=f"{customers.MOST} customers at the most"):
        choose_customers(asker, OCTOBER, ",".join(asker.query("customer/choices")["customer_id"].head(51)))


def test_another_month_is_another_pack(home: Home) -> None:
    earlier = of(home, month=datetime.date(2026, 8, 1))
    assert earlier.title == "S&OP review, August 2026"
    assert earlier.first.headline.startswith("August 2026: ")
    with pytest.raises(SopError, match="no month '2031-01' in this snapshot"):
        month_to_review(Asker(Snapshots(home), has_two=False, standing=Company(DEFAULTS, None)), "2031-01")


def test_two_extracts_are_enough_and_what_is_missing_is_said(tmp_path: Path) -> None:
    load(
        tmp_path, as_of="2026-10-31",
        order_lines="""
        order_id,customer_id,product_id,quantity,promised_date,unit_price,order_date
        A,ACME,P,5,2026-10-10,10,2026-10-01
        B,ACME,P,2,2026-10-11,10,2026-10-01
        """,
        deliveries="order_id,product_id,delivered_date,quantity\nB,P,2026-10-11,2",
    )  # fmt: skip
    made = of(Home(tmp_path / "home"), ("ACME",))
    assert "October 2026: 50.0 % of promises kept, 45.0 points below target" in [page.headline for page in made.pages]
    missing = made.pages[-2]
    assert missing.headline == "Not to be answered yet: 5 questions"
    [said] = [part.lines for part in missing.parts if isinstance(part, Sentences)]
    for why in ("without capacity and routings", "without opportunities, routings and capacity", "Nothing was decided yet",
                "What moved is not known yet"):  # fmt: skip
        assert any(why in line for line in said)
    deck = Presentation(io.BytesIO(pack.written(made, "pptx")))
    [gap] = charts_of(deck, "Gap by customer, largest first")
    assert values_of(gap) == {"gap": [50.0]}
    for form in ("pdf", "html", "xlsx"):
        assert pack.written(made, form)


@pytest.mark.xdist_group("two months")
def test_the_bridge_of_two_months_adds_up_and_the_findings_are_those_of_the_page(pair_home: Path) -> None:
    home = Home(pair_home)
    made = of(home)
    [page] = [page for page in made.pages if page.question == "What moved since last month?"]
    assert "we moved" in page.headline
    [chart] = [part for part in page.parts if isinstance(part, Chart)]
    steps = next(answer.frame for answer in made.answers if answer.name == "moves/at_risk")
    sizes = [abs(above or 0) for above in chart.series[1].values]
    assert sizes == pytest.approx(steps["change_value"].abs().astype(float).tolist())
    ends = [
        (ground or 0) + (step or 0) for ground, step in zip(chart.series[0].values, chart.series[1].values, strict=True)
    ]
    assert ends[-1] == pytest.approx(float(steps["change_value"].iloc[-1]))
    listed = [part for part in page.parts if isinstance(part, Table)]
    assert listed and listed[0].rows[0][0] == str(
        next(answer.frame for answer in made.answers if answer.name == "moves/customers")["customer_name"].iloc[0]
    )


def test_what_was_decided_and_what_became_of_it_are_in_the_pack(tmp_path: Path) -> None:
    firm = company(tmp_path)
    number = firm.decide()
    firm.october()
    made = of(firm.home)
    by_question = {page.question: page for page in made.pages}
    last = by_question["What became of last month's decisions?"]
    assert last.headline.startswith("1 decision since last month's review")
    log = by_question["What did we decide, who does it, and did it work?"]
    [table] = [part for part in log.parts if isinstance(part, Table)]
    assert table.rows[0][0] == str(number) and "Ann Lee" in table.rows[0] and "Customer tier" in table.rows[0]
    closing = made.pages[-1]
    assert closing.headline == "To close: 2 actions open, 1 of them overdue"
    [actions] = [part for part in closing.parts if isinstance(part, Table)]
    assert [row[1] for row in actions.rows] == ["Call Brio", "Ask for overtime"]


def test_steps_that_pass_nothing_stand_on_both_sides_of_it() -> None:
    from sop.pack import pictures

    wait = {"line_count": 2, "offered_days": 6, "moved_by_us_days": -10, "moved_by_customer_days": 2, "missed_days": 0,
            "wait_days": -2}  # fmt: skip
    ground, above, below = pictures.gap_waterfall(wait, "customer/gap_identity").series
    assert above.values == (3.0, 3.0, 0.0, 0.0, 0.0)
    assert below.values == (0.0, -2.0, -1.0, 0.0, -1.0)
    assert ground.values == (0.0, 0.0, -1.0, -1.0, 0.0)


def test_a_made_pack_is_told_how_far_it_is(home: Home) -> None:
    said: list[tuple[str, float]] = []
    asker = Asker(Snapshots(home), has_two=False, standing=Company(DEFAULTS, None))
    review(asker, OCTOBER, ("C-0007",), lambda what, share: said.append((what, share)))
    shares = [share for _, share in said]
    assert shares == sorted(shares) and shares[0] == 0.0 and shares[-1] < 1.0
    assert ("Customer C-0007") in [what for what, _ in said]
