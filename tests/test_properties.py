"""What holds of every company, whatever it ordered: random small ones, each line worked out again in plain Python.

Days are small numbers counted from 1 January 2026 and lie close together, so that every edge (on the day, a day late,
the last day allowed) is met often. Rows go straight into the extracts' tables: reading CSV is tested elsewhere.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sop import loading
from sop.settings import Settings
from tests.company import answer, ledger, rows

START = datetime.date(2026, 1, 1)
CENT = Decimal("0.01")


def checked(examples: int) -> Any:
    """Hypothesis with the same companies on every run and no clock."""
    too_slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(
        max_examples=examples, derandomize=True, deadline=None, database=None, suppress_health_check=too_slow
    )


@dataclass(frozen=True)
class Line:
    """An order line and its deliveries, (day, quantity) each; days count from START."""

    order: str
    number: str
    customer: str
    product: str
    quantity: Decimal
    price: Decimal | None
    requested: int | None
    first: int | None
    promised: int
    moved_by: str | None
    status: str | None
    deliveries: tuple[tuple[int, Decimal], ...]

    @property
    def name(self) -> str:
        return f"{self.order} {self.number}"


@dataclass(frozen=True)
class Contract:
    """How a customer measures us; None where it says nothing."""

    measured_on: str | None = None
    early: int | None = None
    late: int | None = None
    short: Decimal | None = None
    by: str | None = None


@dataclass(frozen=True)
class Company:
    lines: tuple[Line, ...]
    contracts: dict[str, Contract] = field(default_factory=dict)
    as_of: int = 12
    early: int | None = None
    late: int = 0
    short: Decimal = Decimal(0)


# --- random companies ---------------------------------------------------------------------------------------------

days = st.integers(0, 16)
quantities = st.sampled_from([Decimal(text) for text in ("0.5", "1", "2", "3", "10", "19", "20")])
parts = st.sampled_from([Decimal(text) for text in ("0", "0.5", "1", "2", "9", "10", "18", "19", "20")])
prices = st.sampled_from([None, Decimal("1.00"), Decimal("0.3333"), Decimal("2.505"), Decimal("1000.1")])
shares = st.sampled_from([Decimal(0), Decimal("0.05"), Decimal("0.1"), Decimal("0.5")])
few_days = st.integers(0, 3)

contracts = st.builds(
    Contract,
    measured_on=st.sampled_from([None, "request", "first promise", "current promise"]),
    early=st.none() | few_days,
    late=st.none() | few_days,
    short=st.none() | shares,
    by=st.sampled_from([None, "line", "order"]),
)


@st.composite
def some_lines(draw: st.DrawFn) -> Line:
    """A line of one of six orders; even orders are the first customer's, the others belong to two more."""
    order = draw(st.integers(0, 5))
    return Line(
        order=f"O{order}",
        number="",
        customer=("ACME", "BRIO", "ACME", "CITO", "ACME", "BRIO")[order],
        product=draw(st.sampled_from(["PUMP", "SEAL", "ODD"])),
        quantity=draw(quantities),
        price=draw(prices),
        requested=draw(st.none() | days),
        first=draw(st.none() | days),
        promised=draw(days),
        moved_by=draw(st.sampled_from([None, None, "us", "customer"])),
        status=draw(st.sampled_from([None, "open", "closed", "closed", "cancelled"])),
        deliveries=tuple(draw(st.lists(st.tuples(st.integers(0, 12), parts), max_size=3))),
    )


def numbered(lines: list[Line]) -> tuple[Line, ...]:
    return tuple(replace(line, number=str(place)) for place, line in enumerate(lines))


companies = st.builds(
    Company,
    lines=st.lists(some_lines(), min_size=16, max_size=32).map(numbered),
    contracts=st.fixed_dictionaries(
        {"ACME": st.just(Contract()), "BRIO": contracts.map(lambda own: replace(own, by="order")), "CITO": contracts}
    ),
    as_of=st.just(12),
    early=st.none() | few_days,
    late=few_days,
    short=shares,
)


# --- the company in DuckDB ----------------------------------------------------------------------------------------


def date(day: int | None) -> datetime.date | None:
    return None if day is None else START + datetime.timedelta(days=day)


def build(company: Company, *, file: Path | None = None, before: Path | None = None) -> duckdb.DuckDBPyConnection:
    """The company's marts, in memory or in `file`, after what is known from the snapshot in the file `before`."""
    connection = duckdb.connect(str(file or ":memory:"), config={"threads": 1})
    measure = Settings(
        days_early_allowed=company.early, days_late_allowed=company.late, quantity_tolerance=float(company.short)
    )
    loading.prepare(connection, measure, snapshot="test", who="a test", as_of=date(company.as_of))
    loading.attach_previous(connection, before)
    for extract, found in _extracts(company).items():
        if found:
            connection.register("given_rows", pa.Table.from_pylist(found))
            connection.execute(f"insert into extracts.{extract} by name select * from given_rows")
            connection.unregister("given_rows")
    loading.build_marts(connection)
    return connection


def _extracts(company: Company) -> dict[str, list[dict[str, Any]]]:
    return {
        "customers": [
            {
                "customer_id": customer, "measured_on": contract.measured_on, "days_early_allowed": contract.early,
                "days_late_allowed": contract.late, "quantity_tolerance": contract.short, "measured_by": contract.by,
            }
            for customer, contract in company.contracts.items()
        ],
        "products": [{"product_id": product, "product_family": f"{product} family"} for product in ("PUMP", "SEAL")],
        "order_lines": [
            {
                "order_id": line.order, "line_number": line.number, "customer_id": line.customer,
                "product_id": line.product, "quantity": line.quantity, "unit_price": line.price,
                "requested_date": date(line.requested), "first_promised_date": date(line.first),
                "promised_date": date(line.promised), "promise_moved_by": line.moved_by, "status": line.status,
            }
            for line in company.lines
        ],
        "deliveries": [
            {"order_id": line.order, "line_number": line.number, "delivered_date": date(day), "quantity": quantity}
            for line in company.lines
            for day, quantity in line.deliveries
        ],
    }  # fmt: skip


# --- the definitions once more, in plain Python -------------------------------------------------------------------


def came(line: Line, first_day: int | None, last_day: int) -> Decimal:
    """What was delivered from the first day (None: from ever) to the last."""
    return sum(
        (quantity for day, quantity in line.deliveries if (first_day is None or day >= first_day) and day <= last_day),
        Decimal(0),
    )


def is_met(line: Line, day: int, early: int | None, late: int, short: Decimal) -> bool:
    """On time and in full to a day, within tolerances."""
    return came(line, None if early is None else day - early, day + late) >= line.quantity * (1 - short)


def completed(line: Line, short: Decimal) -> int | None:
    """The first day on which everything delivered so far covers the quantity."""
    covered = [day for day, _ in line.deliveries if came(line, None, day) >= line.quantity * (1 - short)]
    return min(covered, default=None)


def expected(line: Line, company: Company) -> dict[str, Any]:
    """Every measure of a line, from the definitions."""
    as_of, early, late, short = company.as_of, company.early, company.late, company.short
    original = line.promised if line.first is None else line.first
    is_customers = line.moved_by == "customer"
    first = line.promised if is_customers else original
    is_open = line.status != "cancelled"
    is_due = is_open and first + late <= as_of
    is_kept = is_due and is_met(line, first, early, late, short)
    # The readings compare one set of promises, so a line is due to another date only where it is due at all.
    is_due_to_request = is_due and line.requested is not None and line.requested + late <= as_of
    is_due_to_current = is_due and line.promised + late <= as_of
    end = completed(line, short)
    by_promise = min(came(line, None, first + late), line.quantity)
    gap = line.quantity - by_promise if is_due and not is_kept else Decimal(0)
    price = line.price or Decimal(0)
    last_day = end if end is not None else as_of if is_due else first
    measures: dict[str, Any] = {
        "original_promised_date": date(original),
        "first_promised_date": date(first),
        "completed_date": date(end),
        "promise_month": START,
        "delivered_quantity": came(line, None, as_of),
        "delivered_by_promise_quantity": by_promise,
        "gap_quantity": gap,
        "gap_value": (gap * price).quantize(CENT, ROUND_HALF_UP),
        "ordered_value": (line.quantity * price).quantize(CENT, ROUND_HALF_UP),
        "is_cancelled": not is_open,
        "is_due": is_due,
        "is_kept": is_kept,
        "is_due_to_request": is_due_to_request,
        "is_kept_to_request": is_due_to_request and is_met(line, line.requested or 0, early, late, short),
        "is_due_to_current": is_due_to_current,
        "is_kept_to_current": is_due_to_current and is_met(line, line.promised, early, late, short),
        "is_overdue": is_due and end is None,
        "is_repromised": line.promised > first,
        "move_count": int(original != line.promised),
        "late_days": max(last_day - first, 0) if is_open else 0,
        "asked_gap_days": 0 if line.requested is None else max(original - line.requested, 0),
        "open_quantity": line.quantity - came(line, None, as_of) if is_open and end is None else 0,
    }
    return {**measures, **_own(line, company, first), **_wait(line, original, end, is_due, as_of)}


def _own(line: Line, company: Company, first: int) -> dict[str, Any]:
    """The line as its customer measures it."""
    contract = company.contracts[line.customer]
    days_by_name = {"request": line.requested, "current promise": line.promised}
    day = days_by_name.get(contract.measured_on or "first promise", first)
    early = company.early if contract.early is None else contract.early
    late = company.late if contract.late is None else contract.late
    short = company.short if contract.short is None else contract.short
    is_due = line.status != "cancelled" and day is not None and day + late <= company.as_of
    is_kept = is_due and day is not None and is_met(line, day, early, late, short)
    return {"own_measured_date": date(day), "is_due_to_own": is_due, "is_kept_to_own": is_kept}


def _wait(line: Line, original: int, end: int | None, is_due: bool, as_of: int) -> dict[str, Any]:
    """The gap identity of a line; nothing of a cancelled one."""
    names = ("offered_days", "moved_by_us_days", "moved_by_customer_days", "missed_days", "wait_days")
    if line.status == "cancelled":
        return dict.fromkeys(names)
    asked = original if line.requested is None else line.requested
    if end is None:
        end = as_of if is_due else max(line.promised, as_of)
    moved = line.promised - original
    by_us, by_customer = (0, moved) if line.moved_by == "customer" else (moved, 0)
    return dict(zip(names, (original - asked, by_us, by_customer, end - line.promised, end - asked), strict=True))


# --- what holds of every company ----------------------------------------------------------------------------------


@given(companies)
@checked(30)
def test_every_line_of_the_ledger_is_as_its_definitions_say(company: Company) -> None:
    with build(company) as connection:
        found = ledger(connection)
    assert found.keys() == {line.name for line in company.lines}
    for line in company.lines:
        wanted = expected(line, company)
        assert {name: found[line.name][name] for name in wanted} == wanted, line


COUNTS = {
    "line_count": lambda promise: 1,
    "cancelled_count": lambda promise: promise["is_cancelled"],
    "due_count": lambda promise: promise["is_due"],
    "kept_count": lambda promise: promise["is_kept"],
    "request_due_count": lambda promise: promise["is_due_to_request"],
    "request_kept_count": lambda promise: promise["is_kept_to_request"],
    "current_due_count": lambda promise: promise["is_due_to_current"],
    "current_kept_count": lambda promise: promise["is_kept_to_current"],
    "overdue_count": lambda promise: promise["is_overdue"],
    "broken_count": lambda promise: promise["is_due"] and not promise["is_kept"],
    "due_value": lambda promise: promise["ordered_value"] * promise["is_due"],
    "kept_value": lambda promise: promise["ordered_value"] * promise["is_kept"],
    "gap_value": lambda promise: promise["gap_value"],
    "open_value": lambda promise: promise["open_value"],
    "offered_days": lambda promise: promise["offered_days"] or 0,
    "moved_by_us_days": lambda promise: promise["moved_by_us_days"] or 0,
    "moved_by_customer_days": lambda promise: promise["moved_by_customer_days"] or 0,
    "missed_days": lambda promise: promise["missed_days"] or 0,
    "wait_days": lambda promise: promise["wait_days"] or 0,
}
"""Each sum of the marts, as what a line of the ledger adds to it."""

SHOWN_BY_FAMILY = ("due_count", "kept_count", "current_due_count", "current_kept_count", "overdue_count", "gap_value")
"""Those of which the list of customers shows the months of one family."""


def spread(company: Company) -> Company:
    """The company with its dates pulled apart, day 3 becoming day 30, so that its promises lie in many months."""
    return replace(
        company,
        as_of=company.as_of * 10,
        lines=tuple(
            replace(
                line,
                requested=None if line.requested is None else line.requested * 10,
                first=None if line.first is None else line.first * 10,
                promised=line.promised * 10,
                deliveries=tuple((day * 10, quantity) for day, quantity in line.deliveries),
            )
            for line in company.lines
        ),
    )


@given(companies.map(spread))
@checked(10)
def test_sums_by_customer_and_by_month_and_by_family_are_the_sums_of_the_ledger(company: Company) -> None:
    with build(company) as connection:
        promises = ledger(connection).values()
        totals = {name: sum(adds(promise) for promise in promises) for name, adds in COUNTS.items()}
        summed = ", ".join(f"sum({name}) as {name}" for name in COUNTS)
        assert rows(connection, f"select {summed} from marts.customer_months") == [totals]
        shown = ", ".join(f"sum({name}) as {name}" for name in SHOWN_BY_FAMILY)
        for of in ("not null", "null"):  # each family, and all together
            found = rows(connection, f"select {shown} from marts.scoreboard_months where product_family is {of}")
            assert found == [{name: totals[name] for name in SHOWN_BY_FAMILY}]
        [headline] = answer(connection, "overview/headline")
        by_gap = answer(connection, "customers/by_gap")
        for name in ("due_count", "kept_count", "gap_value"):
            assert headline[name] == totals[name] == sum(row[name] for row in by_gap)
        for dimension in ("customer_id", "month"):
            sql = f"select {dimension} as one, {summed} from marts.customer_months group by {dimension}"
            found = rows(connection, sql)
            by_ledger: dict[Any, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
            for promise in promises:
                one = promise["promise_month" if dimension == "month" else dimension]
                for name, adds in COUNTS.items():
                    by_ledger[one][name] += adds(promise)
            assert {row.pop("one"): row for row in found if row["line_count"]} == by_ledger


@given(companies.map(spread))
@checked(8)
def test_every_customer_has_every_month_from_the_first_promise_to_the_last_and_to_as_of(company: Company) -> None:
    with build(company) as connection:
        promised = [promise["promise_month"] for promise in ledger(connection).values()]
        found = {(row["customer_id"], row["month"]) for row in rows(connection, "select * from marts.customer_months")}
        [counted] = rows(connection, "select count(*) as rows from marts.customer_months")
    promised.append(
        START.replace(month=(START + datetime.timedelta(days=company.as_of)).month)
    )  # the month of the extracts is there too, promised or not
    numbers = range(min(promised).month, max(promised).month + 1)
    wanted = {(line.customer, START.replace(month=month)) for line in company.lines for month in numbers}
    assert found == wanted
    assert counted["rows"] == len(wanted)


@given(companies)
@checked(8)
def test_an_order_is_kept_when_all_its_due_lines_are(company: Company) -> None:
    with build(company) as connection:
        orders = {row["order_id"]: row for row in rows(connection, "select * from marts.orders")}
    for order in {line.order for line in company.lines}:
        due = [
            wanted for line in company.lines if line.order == order and (wanted := expected(line, company))["is_due"]
        ]
        assert orders[order]["is_due"] == bool(due)
        assert orders[order]["is_kept"] == (bool(due) and all(wanted["is_kept"] for wanted in due))


@given(companies)
@checked(10)
def test_what_a_customer_sees_adds_up_from_its_lines_or_its_orders(company: Company) -> None:
    with build(company) as connection:
        own = rows(connection, "select customer_id, sum(own_due_count) as due, sum(own_kept_count) as kept"
                               " from marts.own_months group by customer_id")  # fmt: skip
    seen: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for line in company.lines:
        wanted = expected(line, company)
        if wanted["is_due_to_own"]:
            is_by_order = company.contracts[line.customer].by == "order"
            seen[line.customer][line.order if is_by_order else line.name].append(wanted["is_kept_to_own"])
    found = {row["customer_id"]: (row["due"], row["kept"]) for row in own if row["due"]}
    assert found == {customer: (len(units), sum(map(all, units.values()))) for customer, units in seen.items()}


@given(companies)
@checked(8)
def test_nothing_is_kept_that_was_not_due_and_no_gap_is_negative(company: Company) -> None:
    with build(company) as connection:
        for promise in ledger(connection).values():
            for reading in ("", "_to_request", "_to_current", "_to_own"):
                assert promise[f"is_due{reading}"] or not promise[f"is_kept{reading}"]
            assert 0 <= promise["gap_quantity"] <= promise["ordered_quantity"]
            assert 0 <= promise["gap_value"] <= promise["ordered_value"]
            assert promise["late_days"] >= 0
            assert not (promise["is_kept"] and promise["gap_quantity"])
            assert not (promise["is_kept"] and promise["is_overdue"])


@given(companies)
@checked(8)
def test_the_gap_identity_is_exact_on_every_line_and_in_every_total(company: Company) -> None:
    whole = "offered_days + moved_by_us_days + moved_by_customer_days + missed_days"
    with build(company) as connection:
        lines = rows(connection, f"select wait_days, {whole} as parts, is_cancelled from marts.promises")
        assert all(line["wait_days"] == line["parts"] for line in lines)
        assert all((line["wait_days"] is None) == line["is_cancelled"] for line in lines)
        assert rows(connection, f"select * from marts.customer_months where wait_days <> {whole}") == []


MARTS = ("ledger", "orders", "own_months", "scoreboard_months", "customer_months", "promise_events", "months")


def everything(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Every row of every mart of the ledger, in an order that does not depend on how they were made."""
    return {mart: sorted(map(repr, connection.sql(f"select * from marts.{mart}").fetchall())) for mart in MARTS}


@given(companies, st.randoms(use_true_random=False))
@checked(6)
def test_the_order_of_the_rows_changes_nothing(company: Company, random: Any) -> None:
    shuffled = replace(
        company,
        lines=tuple(
            replace(line, deliveries=tuple(random.sample(line.deliveries, len(line.deliveries))))
            for line in random.sample(company.lines, len(company.lines))
        ),
    )
    with build(company) as one, build(shuffled) as other:
        assert everything(one) == everything(other)


@given(companies)
@checked(6)
def test_splitting_deliveries_in_two_on_the_same_day_changes_nothing(company: Company) -> None:
    some = Decimal("0.1")
    split = replace(
        company,
        lines=tuple(
            replace(
                line,
                deliveries=tuple(
                    piece
                    for day, quantity in line.deliveries
                    for piece in ([(day, some), (day, quantity - some)] if quantity > some else [(day, quantity)])
                ),
            )
            for line in company.lines
        ),
    )
    with build(company) as one, build(split) as other:
        assert everything(one) == everything(other)


@given(companies, st.integers(1, 6))
@checked(8)
def test_what_is_due_stays_due_on_a_later_day(company: Company, days_later: int) -> None:
    with build(company) as now, build(replace(company, as_of=company.as_of + days_later)) as later:
        before, after = ledger(now), ledger(later)
    for reading in ("is_due", "is_due_to_request", "is_due_to_current", "is_due_to_own", "is_kept"):
        assert all(after[line][reading] for line in before if before[line][reading])


@st.composite
def stories(draw: st.DrawFn) -> tuple[Line, tuple[tuple[int, str | None], ...]]:
    """A line and three loads of it: (date promised, who moved it); the date first stated does not change."""
    line = draw(some_lines())
    movers = st.sampled_from([None, "us", "customer"])
    return line, tuple(draw(st.tuples(days, movers)) for _ in range(3))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stories")


@given(st.lists(stories(), min_size=6, max_size=16))
@checked(5)
def test_the_moves_of_three_loads_add_up_from_the_first_promise_to_todays(
    folder: Path, told: list[tuple[Line, tuple[tuple[int, str | None], ...]]]
) -> None:
    files = [folder / f"{load}.duckdb" for load in range(3)]
    for load, file in enumerate(files):
        file.unlink(missing_ok=True)
        lines = [replace(line, promised=loads[load][0], moved_by=loads[load][1]) for line, loads in told]
        company = Company(numbered(lines), {name: Contract() for name in ("ACME", "BRIO", "CITO")})
        build(company, file=file, before=files[load - 1] if load else None).close()
    with duckdb.connect(str(files[-1]), read_only=True) as connection:
        found = ledger(connection)
        events = {
            (row["order_id"], row["line_number"], row["event_number"])
            for row in rows(connection, "select * from marts.promise_events")
        }
        [counted] = rows(connection, "select count(*) as events from marts.promise_events")
    assert counted["events"] == len(events)
    for place, (line, loads) in enumerate(told):
        first_seen = loads[0][0] if line.first is None else line.first
        dates = [first_seen, *(promised for promised, _ in loads)]
        moves: list[tuple[int, str, int]] = []
        corrected = 0
        for before, after, (_, who) in zip(dates, dates[1:], loads, strict=False):
            if after != before:
                moves.append((after - before, who or "us", after))
            elif moves and who and who != moves[-1][1]:  # the extract now says that the other one moved it
                moves[-1] = (moves[-1][0], who, moves[-1][2])
                corrected += 1
        by_customer = [move for move in moves if move[1] == "customer"]
        wanted = {
            "original_promised_date": date(first_seen),
            "promised_date": date(dates[-1]),
            "move_count": len(moves) + 2 * corrected,
            "first_promised_date": date(by_customer[-1][2] if by_customer else first_seen),
        }
        if line.status != "cancelled":
            wanted["moved_by_customer_days"] = sum(moved for moved, _, _ in by_customer)
            wanted["moved_by_us_days"] = sum(moved for moved, who, _ in moves if who != "customer")
        promise = found[f"{line.order} {place}"]
        assert {name: promise[name] for name in wanted} == wanted, (line, loads)
