"""What holds of any two snapshots, whatever they are: the steps of the bridge and the changes add up exactly."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import assume, given
from hypothesis import strategies as st

from sop import comparing
from tests.company import answer, put_ahead, rows
from tests.test_properties import CENT, Company, Line, build, checked, date, days, quantities, some_lines

cents = st.integers(1, 10**7).map(lambda number: Decimal(number) / 100)
opportunities = st.lists(
    st.fixed_dictionaries(
        {
            "opportunity_id": st.integers(0, 9).map("O{}".format),
            "customer_id": st.sampled_from(["ACME", "BRIO"]),
            "product_id": st.sampled_from(["PUMP", "SEAL"]),
            "stage": st.sampled_from(["Proposal", "Proposal", "Closed Won", "Lost", "In writing"]),
            "quantity": quantities,
            "unit_price": st.sampled_from([None, Decimal("0.3333"), Decimal("1000.1")]),
            "probability": st.sampled_from([None, Decimal(0), Decimal("0.5"), Decimal(1)]),
            "expected_close_date": days.map(date) | st.none(),
            "requested_date": days.map(date) | st.none(),
        }
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda opportunity: str(opportunity["opportunity_id"]),
)

at_risk = st.dictionaries(st.integers(0, 24).map(str), cents)
"""The value at risk by the number of the line, which no other line of the company has."""
Rows = list[dict[str, Any]]
Risk = dict[str, Decimal]


@st.composite
def two_companies(draw: st.DrawFn) -> tuple[Company, Company]:
    """A company then and now: lines stay, change in any of their columns, go, and come."""
    then = [replace(draw(some_lines()), number=str(place)) for place in range(draw(st.integers(1, 14)))]
    now: list[Line] = []
    for line in then:
        fate = draw(st.sampled_from(["stays", "changes", "changes", "gone"]))
        if fate != "gone":
            other = draw(some_lines())
            changed = replace(other, order=line.order, number=line.number, customer=line.customer)
            now.append(line if fate == "stays" else changed)
    now += [replace(draw(some_lines()), number=str(place)) for place in range(20, 20 + draw(st.integers(0, 5)))]
    assume(now)
    return Company(lines=tuple(then), as_of=6), Company(lines=tuple(now), as_of=12)


def compared(
    folder: str, companies: tuple[Company, Company], pipelines: tuple[Rows, Rows], risks: tuple[Risk, Risk]
) -> duckdb.DuckDBPyConnection:
    """Both companies as snapshots, the later one built after the earlier, with their pipelines and what is at risk."""
    files = [Path(folder) / "then.duckdb", Path(folder) / "now.duckdb"]
    for company, file, before, pipeline, risk in zip(companies, files, (None, files[0]), pipelines, risks, strict=True):
        connection = build(company, file=file, before=before)
        connection.register("given_rows", pa.Table.from_pylist(pipeline))
        connection.execute("insert into extracts.opportunities by name select * from given_rows")
        connection.unregister("given_rows")
        put_ahead(connection, {line.name: risk[line.number] for line in company.lines if line.number in risk})
        connection.execute("drop schema previous cascade")
        connection.close()
    return comparing.between(*files)


@given(
    companies=two_companies(),
    pipelines=st.tuples(opportunities, opportunities),
    risks=st.tuples(at_risk, at_risk),
)
@checked(30)
def test_whatever_moved_adds_up_exactly(
    companies: tuple[Company, Company], pipelines: tuple[Rows, Rows], risks: tuple[Risk, Risk]
) -> None:
    with tempfile.TemporaryDirectory() as folder, compared(folder, companies, pipelines, risks) as connection:
        the_bridge_adds_up(connection)
        orders_add_up(connection)
        pipeline_adds_up(connection, *map(open_value, pipelines))
        moves_of_promises_add_up(connection)


def the_bridge_adds_up(connection: duckdb.DuckDBPyConnection) -> None:
    """Each end is the mart's own sum, the steps lead from one to the other, and each step is the sum of its lines."""
    then, now = (
        rows(connection, f"select sum(at_risk_value) as risk from {side}.marts.promises_ahead where is_at_risk")[0][
            "risk"
        ]
        for side in comparing.SIDES
    )
    first, *steps, last = answer(connection, "moves/at_risk")
    assert (first["change_value"], last["change_value"]) == (then or 0, now or 0)
    assert first["change_value"] + sum(step["change_value"] for step in steps) == last["change_value"]
    lines = answer(connection, "moves/at_risk_lines")
    assert {line["step"] for line in lines} <= {"as before", *(step["step"] for step in steps)}
    for step in steps:
        mine = [line["change_value"] for line in lines if line["step"] == step["step"]]
        assert (sum(mine), len(mine)) == (step["change_value"], step["line_count"])
    keys = [(line["order_id"], line["line_number"]) for line in lines]
    assert len(keys) == len(set(keys))


def orders_add_up(connection: duckdb.DuckDBPyConnection) -> None:
    """The changes by kind lead from the value of all orders then to now."""
    standing = "select coalesce(sum(ordered_value), 0) as orders from {}.marts.promises where not is_cancelled"
    then, now = (rows(connection, standing.format(side))[0]["orders"] for side in comparing.SIDES)
    totals = answer(connection, "moves/totals")
    assert then + sum(row["change_value"] or 0 for row in totals if row["moved"] == "order line") == now


def open_value(pipeline: Rows) -> Decimal:
    """The value of the open opportunities, worked out again in plain Python; none of them is named by an order line."""
    return sum(
        (
            (opportunity["quantity"] * (opportunity["unit_price"] or 0)).quantize(CENT, ROUND_HALF_UP)
            for opportunity in pipeline
            if opportunity["stage"] in ("Proposal", "In writing") and opportunity["probability"] not in (0, 1)
        ),
        Decimal(0),
    )


def pipeline_adds_up(connection: duckdb.DuckDBPyConnection, then: Decimal, now: Decimal) -> None:
    """The changes by kind lead from the open pipeline then to now, and each is the sum of its opportunities."""
    by_kind = {row["kind"]: row for row in answer(connection, "moves/totals") if row["moved"] == "opportunity"}
    assert then + sum(row["change_value"] or 0 for row in by_kind.values()) == now
    listed = answer(connection, "moves/opportunities")
    assert {row["kind"] for row in listed} <= by_kind.keys()
    for kind, row in by_kind.items():
        mine = [opportunity["change_value"] for opportunity in listed if opportunity["kind"] == kind]
        assert (sum(mine), len(mine)) == (row["change_value"] or 0, row["moves_count"])


def moves_of_promises_add_up(connection: duckdb.DuckDBPyConnection) -> None:
    """The days moved by us and by the customer are the days from the promise then to the promise now."""
    days_of: dict[tuple[str, str], int] = {}
    for row in answer(connection, "moves/promises"):
        line = (row["order_id"], row["line_number"])
        days_of[line] = days_of.get(line, 0) + row["moved_days"]
        assert row["moved_days"] != 0
    moved = rows(
        connection,
        "select old.order_id, old.line_number, date_diff('day', old.promised_date, new.promised_date) as moved_days"
        " from before.marts.promises as old inner join after.marts.promises as new"
        " on old.order_id = new.order_id and old.line_number = new.line_number"
        " where not new.is_cancelled and old.promised_date <> new.promised_date",
    )
    assert days_of == {(row["order_id"], row["line_number"]): row["moved_days"] for row in moved}
