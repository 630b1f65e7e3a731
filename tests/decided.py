"""A company that decides at the end of September who gets the hours of welding in October, and what the months after show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sop import deciding
from sop.deciding import Action, Decision, Expectation
from sop.decisions import Log
from sop.snapshots import Home
from tests.company import day, load

CUSTOMERS = """
customer_id, customer_name
ACME,        Acme Works
BRIO,        Brio Foods
CITO,        Cito Rail
"""
WORK_CENTRES = """
work_centre_id, work_centre_name
WC1,            Welding
"""
HEADER = (
    "order_id, line_number, customer_id, product_id, quantity, unit_price, promised_date, first_promised_date, status"
)
SEPTEMBER = f"""{HEADER}
A1,       10,          ACME,        PUMP,       10,       100,        2026-10-10,    2026-10-10,          open
A2,       10,          ACME,        PUMP,       5,        100,        2026-10-12,    2026-10-12,          open
B1,       10,          BRIO,        PUMP,       4,        50,         2026-10-15,    2026-10-15,          open
B2,       10,          BRIO,        PUMP,       6,        50,         2026-10-20,    2026-10-20,          open
C1,       10,          CITO,        PUMP,       3,        10,         2026-10-20,    2026-10-20,          open
C2,       10,          CITO,        PUMP,       3,        10,         2026-09-20,    2026-09-20,          open
"""
OCTOBER = f"""{HEADER}
A1,       10,          ACME,        PUMP,       10,       100,        2026-10-10,    2026-10-10,          open
A2,       10,          ACME,        PUMP,       5,        100,        2026-10-12,    2026-10-12,          open
B1,       10,          BRIO,        PUMP,       4,        50,         2026-11-15,    2026-10-15,          open
B2,       10,          BRIO,        PUMP,       6,        50,         2026-10-20,    2026-10-20,          open
C1,       10,          CITO,        PUMP,       3,        10,         2026-12-05,    2026-10-20,          open
C2,       10,          CITO,        PUMP,       3,        10,         2026-09-20,    2026-09-20,          open
"""
DELIVERED_BY_OCTOBER = """
order_id, line_number, delivered_date, quantity
A1,       10,          2026-10-09,     10
A2,       10,          2026-10-14,     5
C2,       10,          2026-10-02,     3
"""
DELIVERED_BY_NOVEMBER = f"""{DELIVERED_BY_OCTOBER.strip()}
B1,       10,          2026-11-15,     4
B2,       10,          2026-11-30,     6
"""


@dataclass(frozen=True)
class Option:
    """One option as Arbitrate hands it over."""

    name: str = "tier"
    title: str = "Customer tier"
    lines: pd.DataFrame = field(default_factory=pd.DataFrame)
    customers: pd.DataFrame = field(default_factory=pd.DataFrame)
    totals: Mapping[str, Any] = field(default_factory=dict)


def option(name: str = "tier", title: str = "Customer tier") -> Option:
    """Acme's two lines and Cito's late one are kept; Brio's two move to November, and Cito's second has no date yet."""
    columns = [
        "order_id",
        "line_number",
        "customer_id",
        "promised_date",
        "new_promised_date",
        "imposed_days",
        "late_value",
    ]
    lines = pd.DataFrame(
        [
            ("A1", "10", "ACME", "10-10", "10-10", 0, 0.0),
            ("A2", "10", "ACME", "10-12", "10-12", 0, 0.0),
            ("B1", "10", "BRIO", "10-15", "11-15", 31, 200.0),
            ("B2", "10", "BRIO", "10-20", "11-20", 31, 300.0),
            ("C1", "10", "CITO", "10-20", None, 42, 30.0),
        ],
        columns=columns,
    )
    for column in ("promised_date", "new_promised_date"):
        lines[column] = pd.to_datetime("2026-" + lines[column])
    lines = lines.assign(
        product_id="PUMP", is_kept=lines["imposed_days"] == 0, late_quantity=0.0, why="Welding is full in October"
    )
    customers = pd.DataFrame(
        [
            ("ACME", "Acme Works", "A", 2, 0, 0, 0.0, 0, 0),
            ("BRIO", "Brio Foods", "B", 0, 2, 62, 500.0, 1, 20),
            ("CITO", "Cito Rail", "C", 0, 1, 42, 30.0, 0, 0),
        ],
        columns=["customer_id", "customer_name", "tier", "kept_count", "broken_count", "imposed_days", "late_value",
                 "let_down_count", "imposed_days_so_far"],
    )  # fmt: skip
    totals = {
        "kept_count": 2,
        "broken_count": 3,
        "imposed_days": 104,
        "late_value": 530.0,
        "margin_value": None,
        "cost_value": 0,
    }
    return Option(name, title, lines, customers, totals)


OPTIONS = [option("fair", "Fair share"), option()]


def decision(snapshot: str, **changed: Any) -> Decision:
    """The decision of the end of September, complete, with what differs."""
    asked = Decision(
        decided_by="Ann Lee",
        snapshot_id=snapshot,
        as_of_date=day("09-30"),
        work_centre_id="WC1",
        load_month=day("10-01"),
        reason="Acme's line stands still without the pumps",
        assumed="Welding gets no overtime",
        wrong_if="Brio cancels",
        review_date=day("10-31"),
        told=deciding.texts_for_customers(option()),
        actions=[Action("Call Brio", "Ben", day("10-05")), Action("Ask for overtime", "Cleo", day("11-10"))],
        expectations=[
            Expectation("promises kept", "ACME", 1.0, day("10-31")),
            Expectation("decided promises kept", None, 0.5, day("11-30")),
            Expectation("lines waiting", "CITO", 0, day("10-31")),
            Expectation("gap", "BRIO", 100, day("10-31")),
        ],
    )
    return replace(asked, **changed)


@dataclass(frozen=True)
class Company:
    """A home, its log, and the snapshot of each month loaded so far."""

    home: Home
    log: Log
    september: str

    def decide(self, **changed: Any) -> int:
        """Take the decision of the end of September."""
        return deciding.decide(self.log, decision(self.september, **changed), OPTIONS, "tier")

    def october(self) -> None:
        """Load the end of October: one of Acme's kept, one late; the order system has Brio's first date, and a third for Cito."""
        load(self.home.folder.parent, as_of="2026-10-31", order_lines=OCTOBER, deliveries=DELIVERED_BY_OCTOBER)

    def november(self) -> None:
        """Load the end of November: Brio's first came on the day decided, the second ten days after it."""
        load(self.home.folder.parent, as_of="2026-11-30", deliveries=DELIVERED_BY_NOVEMBER)


def company(folder: Path) -> Company:
    """The company at the end of September, before anything is decided."""
    report = load(folder, as_of="2026-09-30", customers=CUSTOMERS, work_centres=WORK_CENTRES, order_lines=SEPTEMBER)
    home = Home(folder / "home")
    return Company(home, Log(home.folder), str(report.snapshot))
