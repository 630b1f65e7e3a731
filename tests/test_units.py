"""Numbers and dates that are not in the review's units: what is proposed for them, and the typed rows that come of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sop import loading
from sop.extracts.answering import answered
from sop.extracts.looking import look
from sop.snapshots import Home
from tests.company import rows

ORDERS = "order_id,customer_id,product_id,quantity,promised_date\nA1,ACME,PUMP,5,2026-03-10\n"


def rows_of(folder: Path, extract: str, text: str, name: str = "export.csv") -> list[dict[str, Any]]:
    """Load a file by its best proposal, with an order line of its own names beside it, and return an extract's rows."""
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "order_lines.csv").write_text(ORDERS, encoding="utf-8")
    files = [folder / name] if extract in ("order_lines", "deliveries") else [folder / name, folder / "order_lines.csv"]
    home = Home(folder / "home")
    loading.load(files, home=home, accept_proposals=True)
    return rows(home.open(), f"select * from extracts.{extract} order by all")


def test_minutes_and_seconds_per_unit_become_hours(tmp_path: Path) -> None:
    text = "Item No.,Work Centre,Run Time (min)\nPUMP,WELD,90\nSEAL,WELD,6\n"
    assert [row["hours_per_unit"] for row in rows_of(tmp_path, "routings", text)] == [1.5, 0.1]
    (tmp_path / "second").mkdir()
    text = "Item No.;Work Centre;Bearbeitungszeit (Sek)\nPUMP;WELD;5.400,0\nSEAL;WELD;36,0\n"
    assert [row["hours_per_unit"] for row in rows_of(tmp_path / "second", "routings", text)] == [1.5, 0.01]


def test_times_as_a_clock_writes_them_become_hours(tmp_path: Path) -> None:
    text = "item,resource,duration per unit\nPUMP,WELD,01:30:00\nSEAL,WELD,0:06\nROD,WELD,1 06:00:36\nCAP,WELD,0\n"
    found = {row["product_id"]: row["hours_per_unit"] for row in rows_of(tmp_path, "routings", text)}
    assert found == pytest.approx({"PUMP": 1.5, "SEAL": 0.1, "ROD": 30.01, "CAP": 0})


def test_a_column_beside_says_what_the_run_time_is_counted_in(tmp_path: Path) -> None:
    text = (
        "Routing No.,Work Center No.,Run Time,Run Time Unit of Meas. Code\nPUMP,WELD,90,MINUTES\nSEAL,WELD,30,MINUTES\n"
    )
    assert [row["hours_per_unit"] for row in rows_of(tmp_path, "routings", text)] == [1.5, 0.5]


def test_a_time_for_a_base_quantity_becomes_hours_of_one_unit(tmp_path: Path) -> None:
    text = "MATNR,ARBPL,VGW01 (min),BMSCH\nPUMP,WELD,600,100\nSEAL,WELD,30,10\n"
    assert [row["hours_per_unit"] for row in rows_of(tmp_path, "routings", text)] == pytest.approx([0.1, 0.05])


def test_a_price_for_so_many_units_becomes_the_price_of_one(tmp_path: Path) -> None:
    text = (
        "VBELN,POSNR,KUNNR,MATNR,KWMENG,EDATU,NETPR,KPEIN,WAERK\n"
        "0001,000010,K1,PUMP,5,20260310,250.00,100,EUR\n0001,000020,K1,SEAL,2,20260311,7.50,1,EUR\n"
    )
    found = rows_of(tmp_path, "order_lines", text)
    assert [(row["line_number"], row["unit_price"], row["currency"]) for row in found] == [
        ("000010", Decimal("2.5000"), "EUR"), ("000020", Decimal("7.5000"), "EUR"),
    ]  # fmt: skip


def test_a_cost_for_so_many_units_becomes_the_cost_of_one(tmp_path: Path) -> None:
    text = "MATNR,MAKTX,MATKL,STPRS,PEINH\nPUMP,Pump,P1,120.00,1\nSEAL,Seal,P2,7.50,100\n"
    found = rows_of(tmp_path, "products", text, "materials.csv")
    assert {row["product_id"]: row["unit_cost"] for row in found} == {
        "PUMP": Decimal("120.0000"), "SEAL": Decimal("0.0750"),
    }  # fmt: skip


def test_a_header_may_say_that_its_price_is_per_hundred(tmp_path: Path) -> None:
    text = "Order No,Customer No,Item No,Quantity,Promised Date,Unit Price per 100\nA1,K1,PUMP,5,2026-03-10,1250\n"
    [row] = rows_of(tmp_path, "order_lines", text)
    assert row["unit_price"] == Decimal("12.5000")


def test_an_amount_of_the_line_over_its_quantity_is_the_price_and_of_nothing_there_is_none(tmp_path: Path) -> None:
    text = (
        "Order No;Customer No;Item No;Quantity;Promised Date;Line Amount\n"
        "A1;K1;PUMP;1.250,5;2026-03-10;2.501,00\nA2;K1;SEAL;0,0;2026-03-11;5,00\n"
    )
    assert [row["unit_price"] for row in rows_of(tmp_path, "order_lines", text)] == [Decimal("2.0000"), None]


@pytest.mark.parametrize(
    ("cells", "shares"),
    [(("10", "90"), (0.1, 0.9)), (("10 %", "90%"), (0.1, 0.9)), (("0.1", "0.9"), (0.1, 0.9)), (("0.5", "1"), (0.5, 1.0))],
)  # fmt: skip
def test_a_probability_is_a_share_however_it_is_written(
    tmp_path: Path, cells: tuple[str, str], shares: tuple[float, float]
) -> None:
    first, second = cells
    text = (
        "Opportunity ID,Account ID,Product Code,Stage,Quantity,Probability,Close Date\n"
        f"O1,K1,PUMP,Proposal,5,{first},2026-04-01\nO2,K1,PUMP,Proposal,6,{second},2026-04-02\n"
    )
    assert [float(row["probability"]) for row in rows_of(tmp_path, "opportunities", text)] == list(shares)


def test_daily_hours_are_added_up_to_months(tmp_path: Path) -> None:
    days = "".join(f"WELD,2026-01-{day:02},8\n" for day in range(1, 32)) + "WELD,2026-02-01,5\nWELD,2026-02-02,5\n"
    found = rows_of(tmp_path, "capacity", f"Work Centre,Date,Available Hours\n{days}", "capacity.csv")
    assert [(str(row["month"]), row["available_hours"]) for row in found] == [
        ("2026-01-01", 248.0),
        ("2026-02-01", 10.0),
    ]


def test_weekly_hours_go_to_the_months_of_their_working_days(tmp_path: Path) -> None:
    # The week of Monday 30 March 2026 has two working days in March and three in April.
    weeks = "WELD,2026-03-16,100\nWELD,2026-03-23,100\nWELD,2026-03-30,100\n"
    found = rows_of(tmp_path, "capacity", f"Work Centre,Week,Available Hours\n{weeks}", "capacity.csv")
    assert [(str(row["month"]), row["available_hours"]) for row in found] == [
        ("2026-03-01", 240.0),
        ("2026-04-01", 60.0),
    ]


def test_hours_of_one_day_are_multiplied_by_the_months_working_days(tmp_path: Path) -> None:
    # March 2026 has 22 days from Monday to Friday, February 20.
    text = "Work Centre,Month,Daily Capacity (h)\nWELD,2026-02,8\nWELD,2026-03,8\n"
    found = rows_of(tmp_path, "capacity", text.replace("Daily Capacity (h)", "Daily capacity"), "capacity.csv")
    assert [row["available_hours"] for row in found] == [160.0, 176.0]


def test_a_promise_given_as_days_after_the_order_becomes_a_date(tmp_path: Path) -> None:
    text = (
        "Order Id,Order Customer Id,Product Card Id,Order Item Quantity,order date (DateOrders),Days for shipment (scheduled)\n"
        "A1,K1,PUMP,5,1/31/2018 22:56,4\nA2,K1,PUMP,2,12/30/2017 01:02,2\n"
    )
    found = rows_of(tmp_path, "order_lines", text)
    assert [(str(row["order_date"]), str(row["promised_date"])) for row in found] == [
        ("2018-01-31", "2018-02-04"), ("2017-12-30", "2018-01-01"),
    ]  # fmt: skip


def test_three_columns_become_one_date(tmp_path: Path) -> None:
    text = (
        "Order No,Customer No,Item No,Quantity,Promised Year,Promised Month,Promised Day\n"
        "A1,K1,PUMP,5,2026,3,9\nA2,K1,PUMP,5,2026,12,31\n"
    )
    assert [str(row["promised_date"]) for row in rows_of(tmp_path, "order_lines", text)] == ["2026-03-09", "2026-12-31"]


@pytest.mark.parametrize(
    ("cells", "dates"),
    [
        (("46000", "46366"), ("2025-12-09", "2026-12-10")),
        (("126069", "126365"), ("2026-03-10", "2026-12-31")),
        (("10. März 2026", "31. Dez. 2026"), ("2026-03-10", "2026-12-31")),
        (("10/03/2026", "31/12/2026"), ("2026-03-10", "2026-12-31")),
        (("03/10/2026", "12/31/2026"), ("2026-03-10", "2026-12-31")),
        (("20260310", "20261231"), ("2026-03-10", "2026-12-31")),
        (("10-Mar-26", "31-Dec-26"), ("2026-03-10", "2026-12-31")),
    ],
)
def test_dates_are_read_as_the_column_writes_them(
    tmp_path: Path, cells: tuple[str, str], dates: tuple[str, str]
) -> None:
    text = f"Order No;Customer No;Item No;Quantity;Promised Date\nA1;K1;PUMP;5;{cells[0]}\nA2;K1;PUMP;6;{cells[1]}\n"
    assert tuple(str(row["promised_date"]) for row in rows_of(tmp_path, "order_lines", text)) == dates


@pytest.mark.parametrize(
    ("cell", "price"),
    [
        ("€ 1.234,50", "1234.5"), ("1.234,50 €", "1234.5"), ("1 234,50", "1234.5"), ("-7,00", None), ("1234,5", "1234.5"),
        ("EUR 12,00", "12"),
    ],
)  # fmt: skip
def test_a_price_is_read_with_its_currency_and_its_blanks(tmp_path: Path, cell: str, price: str | None) -> None:
    header = "Order No;Customer No;Item No;Quantity;Promised Date;Unit Price"
    text = f"{header}\nA0;K1;PUMP;5;2026-03-10;3,50\nA1;K1;PUMP;5;2026-03-10;{cell}\n"
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    home = Home(tmp_path / "home")
    report = loading.load([tmp_path / "export.csv"], home=home, accept_proposals=True, accept_rejects=True)
    found = home.open().execute("select unit_price from extracts.order_lines where order_id = 'A1'").fetchall()
    if price is None:
        assert not found and "The unit price is negative" in report.rejected[0]["reason"]
    else:
        assert found == [(Decimal(price),)]


def test_what_order_systems_call_open_closed_and_cancelled_is_understood(tmp_path: Path) -> None:
    words = ["Shipped", "storniert", "On Hold", "Cancelled", "in_process", "Erledigt", "Sonderfall"]
    lines = "".join(f"A{number},K1,PUMP,5,2026-03-10,{word}\n" for number, word in enumerate(words))
    found = rows_of(
        tmp_path, "order_lines", f"Order No,Customer No,Item No,Quantity,Promised Date,Order Status\n{lines}"
    )
    assert [row["status"] for row in found] == [
        "closed", "cancelled", "open", "cancelled", "open", "closed", "sonderfall",
    ]  # fmt: skip


def test_a_file_without_a_quantity_is_one_unit_a_row_once_somebody_says_so(tmp_path: Path) -> None:
    text = (
        "order_id,order_item_id,customer_id,product_id,price,order_estimated_delivery_date,order_delivered_customer_date\n"
        "A1,1,K1,PUMP,99.90,2026-03-10 00:00:00,2026-03-09 14:05:11\nA1,2,K1,PUMP,99.90,2026-03-10 00:00:00,\n"
    )
    (tmp_path / "items.csv").write_text(text)
    with pytest.raises(Exception, match="Is each row one unit"):
        loading.load([tmp_path / "items.csv"], home=Home(tmp_path / "home"))
    found = rows_of(tmp_path, "deliveries", text, "items.csv")
    assert [(row["line_number"], row["quantity"], str(row["delivered_date"])) for row in found] == [
        ("1", Decimal(1), "2026-03-09")
    ]


def test_prices_in_other_currencies_are_kept_and_said(tmp_path: Path) -> None:
    text = (
        "Order No,Customer No,Item No,Quantity,Promised Date,Unit Price,Currency\n"
        "A1,K1,PUMP,5,2026-03-10,10,EUR\nA2,K1,PUMP,5,2026-03-10,10,USD\nA3,K1,PUMP,5,2026-03-10,10,€\n"
    )
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    report = loading.load([tmp_path / "export.csv"], home=Home(tmp_path / "home"))
    said = [row for row in report.warnings if row["rule_name"] == "order_line_in_another_currency"]
    assert [(row["row_count"], row["line_number"], row["value"]) for row in said] == [(1, 3, "USD")]


def test_numbers_that_can_be_read_in_two_ways_are_asked_with_both_readings(tmp_path: Path) -> None:
    text = "Order No;Customer No;Item No;Quantity;Promised Date\nA1;K1;PUMP;1.500;2026-03-10\nA2;K1;PUMP;2.250;2026-03-11\n"
    (tmp_path / "orders.csv").write_text(text, encoding="utf-8")
    (tmp_path / "work").mkdir()
    [recognised] = look([tmp_path / "orders.csv"], tmp_path / "work", home=Home(tmp_path / "home"))
    [asked] = recognised.questions
    assert asked.target == ("order_lines", "quantity")
    assert [(source.decimal, source.thousands) for source in asked.options] == [(",", "."), (".", "")]
    for source, total in zip(asked.options, ("3750.000", "3.750"), strict=True):
        done = answered(recognised, ["order_lines"], {asked.target: source})
        home = Home(tmp_path / total)
        assert done.mapping is not None
        loading.load([tmp_path / "orders.csv"], mappings=[done.mapping], home=home)
        assert rows(home.open(), "select sum(quantity)::varchar as total from extracts.order_lines") == [
            {"total": total}
        ]


def test_a_stage_that_no_sales_system_uses_is_named(tmp_path: Path) -> None:
    text = (
        "opportunity_id,customer_id,product_id,stage,quantity,probability\n"
        "O1,K1,PUMP,Negotiation,1,0.5\nO2,K1,PUMP,Closed Won,1,1\nO3,K1,PUMP,Verloren,1,0\nO4,K1,PUMP,Zyx 3,1,0.2\n"
    )
    (tmp_path / "opportunities.csv").write_text(text, encoding="utf-8")
    (tmp_path / "order_lines.csv").write_text(ORDERS, encoding="utf-8")
    report = loading.load([tmp_path / "opportunities.csv", tmp_path / "order_lines.csv"], home=Home(tmp_path / "home"))
    said = [row for row in report.warnings if row["rule_name"] == "opportunity_stage_unknown"]
    assert [(row["row_count"], row["line_number"], row["value"]) for row in said] == [(1, 5, "Zyx 3")]


def test_one_customer_under_two_numbers_and_a_product_without_a_routing_are_named(tmp_path: Path) -> None:
    files = {
        "customers": 'customer_id,customer_name\nK1,Müller GmbH & Co. KG\nK2,"MUELLER, Gmbh"\nK3,muller co\n',
        "products": "product_id,product_name\nPUMP,Pump\nSEAL,Seal\n",
        "routings": "product_id,work_centre_id,hours_per_unit\nPUMP,WELD,1\n",
        "order_lines": ORDERS.replace("ACME", "K1"),
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    report = loading.load([tmp_path / f"{name}.csv" for name in files], home=Home(tmp_path / "home"))
    said = {row["rule_name"]: (row["row_count"], row["value"]) for row in reversed(report.warnings)}
    assert said["customer_under_two_numbers"] == (2, "Müller GmbH & Co. KG")
    assert said["product_without_routing"] == (1, "SEAL")


def test_one_number_under_two_names_is_named(tmp_path: Path) -> None:
    text = (
        "Order No,Customer No,Customer Name,Item No,Quantity,Promised Date\n"
        "A1,K1,Acme,PUMP,1,2026-03-10\nA2,K1,Acme Ltd,PUMP,1,2026-03-10\nA3,K2,Brio,PUMP,1,2026-03-10\n"
    )
    (tmp_path / "orders.csv").write_text(text, encoding="utf-8")
    report = loading.load([tmp_path / "orders.csv"], home=Home(tmp_path / "home"))
    said = [row for row in report.warnings if row["rule_name"] == "customer_under_two_names"]
    assert [(row["row_count"], row["line_number"], row["value"]) for row in said] == [(1, 2, "Acme Ltd")]
