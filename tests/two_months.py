"""A company in September and October 2026 with every kind of move between the two, and a load in the middle.

It loads twice a month, as a company may; what is at risk in either month is projected by hand.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from sop.snapshots import Home
from tests.company import load, put_ahead

PRODUCTS = """
product_id, product_family, lead_time_days
PUMP,       Pumps,          30
SEAL,       Seals,          10
"""
CUSTOMERS = """
customer_id, customer_name
ACME,        Acme Works
BRIO,        Brio Foods
"""
WORK_CENTRES = """
work_centre_id, work_centre_name
WC1,            Welding
"""
HEADER = """
order_id, line_number, customer_id, product_id, quantity, unit_price, promised_date, promise_moved_by, status, opportunity_id
"""
SEPTEMBER_LINES = f"""{HEADER}
A1,       10,          ACME,        PUMP,       10,       100,        2026-11-10,    ,                 open,   O9
A1,       20,          ACME,        SEAL,       4,        50,         2026-11-10,    ,                 open,
A2,       10,          ACME,        PUMP,       5,        10,         2026-11-10,    ,                 open,
A3,       10,          ACME,        SEAL,       8,        12.50,      2026-11-10,    ,                 open,
A4,       10,          ACME,        PUMP,       6,        20,         2026-11-10,    ,                 open,
B1,       10,          BRIO,        PUMP,       2,        500,        2026-11-10,    ,                 open,
B2,       10,          BRIO,        SEAL,       10,       9.99,       2026-11-10,    ,                 cancelled,
C1,       10,          CITO,        PUMP,       3,        100,        2026-11-10,    ,                 open,
C2,       10,          CITO,        PUMP,       3,        100,        2026-11-10,    ,                 cancelled,
C3,       10,          CITO,        PUMP,       4,        10,         2026-11-01,    ,                 open,
D1,       10,          DORA,        PUMP,       20,       10,         2026-11-10,    ,                 open,
D2,       10,          DORA,        PUMP,       20,       10,         2026-11-10,    ,                 open,
E1,       10,          EVER,        PUMP,       7,        10,         2026-11-10,    ,                 open,
E2,       10,          EVER,        PUMP,       3,        10,         2026-12-10,    ,                 open,
E3,       10,          EVER,        PUMP,       10,       10,         2026-11-10,    ,                 open,
"""
MIDDLE_LINES = SEPTEMBER_LINES.replace("2026-11-01,    ,  ", "2026-11-11,    us,")
OCTOBER_LINES = f"""{HEADER}
A1,       10,          ACME,        PUMP,       10,       100,        2026-11-24,    us,               open,   O9
A1,       20,          ACME,        SEAL,       4,        50,         2026-11-30,    customer,         open,
A2,       10,          ACME,        PUMP,       5,        10,         2026-11-10,    ,                 cancelled,
A4,       10,          ACME,        PUMP,       9,        20,         2026-11-10,    ,                 open,
B1,       10,          BRIO,        PUMP,       2,        550,        2026-11-10,    ,                 open,
B2,       10,          BRIO,        SEAL,       10,       9.99,       2026-11-10,    ,                 open,
B3,       10,          BRIO,        SEAL,       7,        30,         2026-11-20,    ,                 open,   O8
B4,       10,          BRIO,        SEAL,       3,        40,         2026-11-20,    ,                 cancelled,
C1,       10,          CITO,        PUMP,       3,        100,        2026-11-10,    ,                 open,
C2,       10,          CITO,        PUMP,       3,        100,        2026-12-31,    us,               cancelled,
C3,       10,          CITO,        PUMP,       4,        10,         2026-11-08,    customer,         open,
D1,       10,          DORA,        PUMP,       20,       10,         2026-11-10,    ,                 closed,
D2,       10,          DORA,        PUMP,       20,       10,         2026-11-10,    ,                 open,
E1,       10,          EVER,        PUMP,       7,        10,         2026-11-10,    ,                 open,
E2,       10,          EVER,        PUMP,       3,        10,         2026-11-20,    customer,         open,
E3,       10,          EVER,        PUMP,       6,        10,         2026-11-10,    ,                 open,
"""
DELIVERIES = """
order_id, line_number, delivered_date, quantity
D1,       10,          2026-10-20,     20
D2,       10,          2026-10-20,     8
"""
OPPORTUNITY = """
opportunity_id,customer_id,product_id,stage,quantity,unit_price,probability,expected_close_date,requested_date,promised_date
"""
SEPTEMBER_OPPORTUNITIES = f"""{OPPORTUNITY}
O1,  ACME, PUMP, Proposal,    10, 100,  0.4, 2026-10-15, 2026-12-01,
O2,  BRIO, SEAL, Proposal,    4,  50,   0.4, 2026-10-15, 2026-12-01,
O3,  BRIO, PUMP, Proposal,    3,  100,  0.4, 2026-10-15, 2026-12-01,
O4,  CITO, PUMP, Proposal,    5,  20,   0.4, 2026-10-15, 2026-12-01,
O5,  CITO, PUMP, Proposal,    10, 1.50, 0.4, 2026-10-15, 2026-12-01,
O6,  CITO, PUMP, Proposal,    2,  10,   0.4, 2026-10-15, 2026-12-01,
O8,  BRIO, SEAL, Proposal,    7,  30,   0.4, 2026-10-15, 2026-12-01,
O9,  ACME, PUMP, Won,         10, 100,  1,   2026-08-15, 2026-11-10,
O10, DORA, SEAL, Proposal,    2,  25,   0.4, 2026-10-15, 2026-12-20,
O11, DORA, PUMP, Proposal,    1,  100,  0.4, 2026-10-15, 2026-11-01, 2026-11-15
O12, DORA, SEAL, Lost,        3,  10,   0,   2026-10-15, 2026-12-01,
O13, ACME, PUMP, Proposal,    1,  10,   0.4, 2026-10-20, ,
O15, BRIO, SEAL, In writing,  1,  5,    0.5, 2026-10-15, 2026-12-01,
"""
OCTOBER_OPPORTUNITIES = f"""{OPPORTUNITY}
O1,  ACME, PUMP, Closed Won,  10, 100,  1,   2026-10-12, 2026-12-01,
O2,  BRIO, SEAL, Closed Lost, 4,  50,   0,   2026-10-15, 2026-12-01,
O3,  BRIO, PUMP, Proposal,    3,  100,  0.4, 2026-11-20, 2026-12-15,
O4,  CITO, PUMP, Proposal,    8,  20,   0.4, 2026-10-15, 2026-12-01,
O5,  CITO, PUMP, Proposal,    10, 2,    0.4, 2026-10-15, 2026-12-01,
O7,  ACME, SEAL, Proposal,    6,  10,   0.4, 2026-12-15, 2027-01-10,
O10, DORA, SEAL, Negotiation, 2,  25,   0.6, 2026-10-15, 2026-12-10,
O11, DORA, PUMP, Proposal,    2,  100,  0.4, 2026-10-15, 2026-11-01, 2026-12-15
O12, DORA, SEAL, Proposal,    3,  10,   0.4, 2026-10-15, 2026-12-01,
O13, ACME, PUMP, Proposal,    1,  10,   0.4, 2026-10-27, ,
O14, EVER, PUMP, Won,         5,  10,   1,   2026-10-20, 2026-12-01,
O15, BRIO, SEAL, In writing,  1,  5,    1,   2026-10-15, 2026-12-01,
"""
SEPTEMBER_HOURS = """
work_centre_id, month,      available_hours
WC1,            2026-08-01, 100
WC1,            2026-10-01, 100
WC1,            2026-11-01, 100
WC1,            2026-12-01, 100
"""
OCTOBER_HOURS = """
work_centre_id, month,      available_hours
WC1,            2026-08-01, 90
WC1,            2026-10-01, 120
WC1,            2026-11-01, 80
WC1,            2027-01-01, 95
"""
RISK_IN_SEPTEMBER = {
    "A1 10": 1000, "A2 10": 50, "A3 10": 100, "A4 10": 120, "C1 10": 300, "C3 10": 40, "D1 10": 200, "D2 10": 200,
    "E3 10": 100,
}  # fmt: skip
RISK_IN_OCTOBER = {
    "A4 10": 180, "B1 10": 1100, "B3 10": 210, "C3 10": 40, "D2 10": 120, "E1 10": 70, "E2 10": 30, "E3 10": 60,
}  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """A home, and the ids of the two snapshots in it that are compared."""

    home: Home
    first: str
    last: str


def load_pair(folder: Path) -> Pair:
    """The company in September, in the middle of October and at its end."""
    first = load(
        folder, as_of="2026-09-30", products=PRODUCTS, customers=CUSTOMERS, work_centres=WORK_CENTRES,
        order_lines=SEPTEMBER_LINES, opportunities=SEPTEMBER_OPPORTUNITIES, capacity=SEPTEMBER_HOURS,
    )  # fmt: skip
    load(folder, as_of="2026-10-15", order_lines=MIDDLE_LINES)
    last = load(
        folder, as_of="2026-10-31", order_lines=OCTOBER_LINES, deliveries=DELIVERIES,
        opportunities=OCTOBER_OPPORTUNITIES, capacity=OCTOBER_HOURS,
    )  # fmt: skip
    return Pair(Home(folder / "home"), str(first.snapshot), str(last.snapshot))


def project(home: Home, snapshot: str, at_risk: dict[str, Any]) -> None:
    """Write a projection worked out by hand into a snapshot."""
    with duckdb.connect(str(home.file(snapshot))) as connection:
        put_ahead(connection, at_risk)
    seal(home, snapshot)


def seal(home: Home, snapshot: str) -> None:
    """Let a snapshot that was written to pass for the one that was published."""
    file = home.file(snapshot)
    beside = file.with_suffix(".json")
    known = json.loads(beside.read_text(encoding="utf-8"))
    known |= {"size": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    beside.write_text(json.dumps(known), encoding="utf-8")


def load_projected_pair(folder: Path) -> Pair:
    """The same with what is at risk in September and at the end of October."""
    pair = load_pair(folder)
    project(pair.home, pair.first, RISK_IN_SEPTEMBER)
    project(pair.home, pair.last, RISK_IN_OCTOBER)
    return pair


def load_orders_first(folder: Path) -> Pair:
    """In September order lines only; opportunities and hours come a month later. Neither has a projection."""
    first = load(folder, as_of="2026-09-30", order_lines=SEPTEMBER_LINES)
    last = load(folder, as_of="2026-10-31", opportunities=OCTOBER_OPPORTUNITIES, capacity=OCTOBER_HOURS)
    pair = Pair(Home(folder / "home"), str(first.snapshot), str(last.snapshot))
    for snapshot in (pair.first, pair.last):
        with duckdb.connect(str(pair.home.file(snapshot))) as connection:
            connection.execute("drop table if exists marts.promises_ahead")
        seal(pair.home, snapshot)
    return pair
