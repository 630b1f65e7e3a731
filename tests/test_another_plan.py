"""A company that shares nothing with the sample: a planning model with demands and calendars, no prices, no tiers."""

from __future__ import annotations

import datetime

import pytest

from sop import loading, queries
from sop.snapshots import Home
from tests.test_pages import PAGES, open_page, shown

DEMANDS = """name,item,customer,location,quantity,due,status,priority
order 1,chair,near customer,factory 1,20,2027-02-15 00:00:00,open,1
order 2,chair,far customer,factory 1,40,2027-03-15 00:00:00,open,2
order 3,round table,Zürich & Co. *special*,factory 1,10,2027-03-20 00:00:00,open,1
order 4,stool,far customer,factory 1,4,2027-03-21 00:00:00,open,1
"""
OPERATIONS = """item,resource,duration per unit
chair,saw,00:30:00
chair,assembly,01:15:00
round table,assembly,2:00:00
ghost,saw,01:00:00
stool,lathe,0
"""
CALENDARS = """resource,month,available hours
saw,2027-02-01,60
saw,2027-04-01,60
assembly,2027-02-01,20
assembly,2027-03-01,60
assembly,2027-04-01,100
lathe,2027-02-01,0
"""
CHANCES = """opportunity id,customer,item,stage,quantity,probability,expected close date
O1,near customer,chair,Proposal,10,80,2027-03-20
O2,far customer,round table,Proposal,5,50,
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("plan")
    for name, text in (
        ("demand", DEMANDS),
        ("operationresource", OPERATIONS),
        ("calendar", CALENDARS),
        ("opps", CHANCES),
    ):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    home = Home(folder / "home")
    loading.load(sorted(folder.glob("*.csv")), home=home, as_of=datetime.date(2027, 2, 3), accept_proposals=True)
    return home


def test_it_loads_by_its_proposals_and_its_load_is_that_worked_out_by_hand(plan: Home) -> None:
    found = queries.ask(plan.open(), "capacity/utilisation", weight="recorded").fetchall()
    names = [column[0] for column in queries.ask(plan.open(), "capacity/utilisation", weight="recorded").description]
    cells = {
        (row[names.index("work_centre_id")], f"{row[names.index('month')]:%Y-%m}"): (
            row[names.index("firm_hours")], row[names.index("pipeline_hours")], row[names.index("available_hours")]
        )
        for row in found
    }  # fmt: skip
    # Chairs take half an hour of the saw and 1.25 of assembly: 20 in February, 40 in March; the round tables 2 hours each.
    # The chance of 80 % of ten chairs falls in March: 8 × 0.5 and 8 × 1.25 hours. March of the saw is missing among its months.
    assert cells["saw", "2027-02"] == (10, 0, 60)
    assert cells["saw", "2027-03"] == (20, 4, 0)
    assert cells["assembly", "2027-02"] == (25, 0, 20)
    assert cells["assembly", "2027-03"] == (70, 10, 60)


def test_projections_hold_without_prices_and_a_month_missing_in_the_middle_counts_as_no_hours(plan: Home) -> None:
    rows = plan.open().sql("select order_id, projected_date, is_at_risk from marts.promises_ahead order by order_id")
    found = {order: (f"{date:%Y-%m}", is_late) for order, date, is_late in rows.fetchall()}
    # Assembly: 20 of order 1's 25 hours in February, then 5 of March; order 2 has 50 of the 55 left, order 3 5 of its 20.
    # The saw has no March, so order 2's twenty hours of it come in April: so late is order 2 in all.
    assert found["order 1"] == ("2027-03", True)
    assert found["order 2"] == ("2027-04", True)
    assert found["order 3"] == ("2027-04", True)
    assert found["order 4"][1] is False


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_on_it(name: str, plan: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(name, plan, monkeypatch)
    assert len(app.title) == 1
    assert "Zürich & Co. *special*" not in shown(app)
    if name not in ("extracts", "definitions"):
        assert "No order line has a unit price" in shown(app)
