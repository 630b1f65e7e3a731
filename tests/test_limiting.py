"""Whoever looks after some customers is told of no other, whatever they ask."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from sop import (
    access,
    arbitrating,
    closing,
    comparing,
    correcting,
    deciding,
    following_up,
    limiting,
    loading,
    noting,
    queries,
    sample_company,
    scenarios,
)  # fmt: skip
from sop.access import Person, Role
from sop.arbitrating import Weights
from sop.deciding import Action, Expectation
from sop.decisions import Log
from sop.errors import AccessError
from sop.noting import Place
from sop.pack import to_file
from sop.scenarios import Holds, Scenario
from sop.snapshots import Home
from tests.decided import decision

pytestmark = pytest.mark.xdist_group("limits")  # that company is loaded once

MANAGER = "Freya Holtby"
FREYA = Person("Freya", Role.VIEWER, "freya@example.com", looks_after=MANAGER, is_signed_in=True)


@dataclass(frozen=True)
class Firm:
    """The sample company in two months, with decisions, notes, disputes, scenarios and a closing about everybody."""

    home: Home
    before: str
    after: str
    own: tuple[str, ...]
    others: pd.DataFrame
    orders: tuple[frozenset[str], frozenset[str]]
    """The order numbers of their customers, and those of others."""


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    return make_firm(tmp_path_factory.mktemp("limited"))


def make_firm(folder: Path) -> Firm:
    home = Home(folder / "home")
    for file in sample_company.files():  # with other line ends, so that it counts as a company of one's own
        (folder / file.name).write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    before = str(loading.load(sorted(folder.glob("*.csv")), home=home, as_of=datetime.date(2026, 9, 30)).snapshot)
    after = str(loading.load(_a_month_later(folder), home=home, as_of=datetime.date(2026, 10, 30)).snapshot)
    with home.open() as connection:
        own = queries.ask(connection, "limits/own_customers", account_manager=MANAGER).fetchall()
        customers = connection.sql("select customer_id, customer_name, account_manager from marts.customers").df()
        orders = connection.sql("select distinct customer_id, order_id from marts.promises").df()
        _write_about_everybody(home, connection, after)
    ids = tuple(customer for (customer,) in own)
    is_own = orders["customer_id"].isin(ids)
    numbers = frozenset(orders.loc[is_own, "order_id"]), frozenset(orders.loc[~is_own, "order_id"])
    return Firm(home, before, after, ids, customers[~customers["customer_id"].isin(ids)], numbers)


def _a_month_later(folder: Path) -> list[Path]:
    """The sample's order lines and opportunities with something moved, changed, gone and new of everybody."""
    made = []
    for name, columns in (("order_lines", ["promised_date"]), ("opportunities", ["expected_close_date"])):
        rows = pd.read_csv(folder / f"{name}.csv", dtype=str)
        for column in columns:
            moved = pd.to_datetime(rows[column][::3]) + pd.Timedelta(days=20)
            rows.loc[::3, column] = moved.dt.strftime("%Y-%m-%d")
        rows.loc[1::7, "quantity"] = (rows["quantity"][1::7].astype(float) + 1).astype(str)
        rows = rows.drop(index=rows.index[5::40])
        made.append(folder / f"{name}.csv")
        rows.to_csv(made[-1], index=False)
    return made


def _write_about_everybody(home: Home, connection: duckdb.DuckDBPyConnection, snapshot: str) -> None:
    log = Log(home.folder)
    asked = [queries.ask(connection, f"arbitrate/{name}").df() for name in ("lines", "steps", "customers", "hours")]
    known = arbitrating.claims_of(*asked)
    given = known.given(arbitrating.earliest_promise(known))
    option = arbitrating.judged("promise", "Earliest promise", known, given, Weights())
    [(work_centre, month)] = connection.sql(
        "select work_centre_id, load_month from marts.queues order by step_hours desc limit 1"
    ).fetchall()
    names = connection.sql("select customer_id, customer_name from marts.customers order by all").fetchall()
    everybody = ", ".join(name for _, name in names)
    number = deciding.decide(
        log,
        replace(
            decision(snapshot), as_of_date=datetime.date(2026, 10, 30), work_centre_id=work_centre, load_month=month,
            reason=f"for {everybody}"[:2000], assumed=names[0][1], wrong_if=names[1][1],
            review_date=datetime.date(2026, 12, 31), told=deciding.texts_for_customers(option),
            actions=[Action(f"Call {name}", "Ben", datetime.date(2026, 11, 5)) for _, name in names[:20]],
            expectations=[Expectation("gap", one, 1.0, datetime.date(2026, 11, 30)) for one, _ in names],
        ),
        [option], "promise",
    )  # fmt: skip
    deciding.say_spent(log, number, 5.0, by="Ann")
    holds = Holds("promise", {}, {}, [], [], "")
    scenarios.keep(log, Scenario(names[0][1], snapshot, datetime.date(2026, 10, 30), holds), option, by="Ann")
    for one, name in names:
        noting.note(log, Place(customer_id=one), f"about {name}", by="Ann", snapshot_id=snapshot)
    noting.note(
        log, Place(month=datetime.date(2026, 9, 1)), f"all of {everybody}"[:900], by="Ann", snapshot_id=snapshot
    )
    lines = connection.sql(
        "select customer_id, min(order_id), min_by(line_number, order_id) from marts.promises group by all order by all"
    ).fetchall()
    for one, order, line in lines:
        noting.note(log, Place(order_id=order, line_number=line), f"line of {one}", by="Ann", snapshot_id=snapshot)
        noting.dispute(
            log, order, line, sales_says=f"{one} is right", operations_says="no", by="Ann", snapshot_id=snapshot
        )
    closing.close(
        log, by="Ann", month=datetime.date(2026, 9, 1), snapshot_id=snapshot, as_of_date=datetime.date(2026, 10, 30),
        figures={"Gap": "1"}, decisions=[everybody], minutes=everybody,
    )  # fmt: skip


class Asker:
    """Asks any question as pages do: of the snapshot, of both, or of the log beside it, with some customers or all."""

    def __init__(self, firm: Firm, customers: tuple[str, ...] | None) -> None:
        self.one = firm.home.open(firm.after, customers)
        self.both = comparing.connect(firm.home, firm.before, firm.after, customers)
        log = Log(firm.home.folder)
        logged = following_up.read(log, following_up.newest(log))
        if customers is not None:
            logged = limiting.logged(self.one, logged)
        self.followed = following_up.followed(self.one, logged)

    def answer(self, name: str, **given: Any) -> pd.DataFrame:
        query = queries.find(name)
        if query.reads_of_the_log:
            found = following_up.ask(self.one, self.followed, name, **given)
        else:
            found = queries.ask(self.both if query.is_about_two else self.one, name, **given)
        return pd.DataFrame(found.df())


@pytest.fixture(scope="module")
def limited(firm: Firm) -> Asker:
    return Asker(firm, firm.own)


@pytest.fixture(scope="module")
def whole(firm: Firm) -> Asker:
    return Asker(firm, None)


def questions(name: str, firm: Firm) -> Iterator[dict[str, Any]]:
    """A question as it is asked of everything, of another customer, of another's order line, and with each word it knows."""
    query, (mine, theirs) = queries.find(name), firm.orders
    manager = firm.others["account_manager"].iloc[0]
    other, order = firm.others["customer_id"].iloc[0], min(theirs)
    words = sorted(set(re.findall(r"'([a-z][a-z -]{2,30})'", query.sql)))[:25]
    values: dict[str, list[Any]] = {
        "customer": [firm.own[0], other], "order_id": [min(mine), order], "line_number": ["10"], "decision": [1],
        "scenario": [1], "month": ["2026-09"], "most": [1000], "text": ["a", *firm.others["customer_name"][:3]],
        "opportunity": ["OP-00057", "OP-00001"], "opportunities": ["all", "likely"], "account_manager": [manager],
    }  # fmt: skip
    kinds = {"figure", "kind", "by", "weight", "state"}
    yield {}
    for parameter in sorted(query.parameters):
        for value in values.get(parameter, words if parameter in kinds else []):
            given = {parameter: value}
            if parameter in kinds and "month" in query.parameters:
                given["month"] = "2026-09"
            if "customer" in query.parameters and parameter != "customer":
                yield {**given, "customer": other}
            yield given
    if {"order_id", "line_number"} <= query.parameters:
        customer = {"customer": other} if "customer" in query.parameters else {}
        yield {"order_id": order, "line_number": "10", **customer}


def told_of_others(answer: pd.DataFrame, firm: Firm) -> set[str]:
    """What a table says of others: their numbers, names and order numbers, wherever in its text."""
    texts = answer.select_dtypes(exclude=["number", "datetime", "bool"])
    words = {str(cell) for column in texts for cell in texts[column].dropna()}
    known = "|".join(map(re.escape, [*firm.others["customer_id"], *firm.others["customer_name"]]))
    found = {match for word in words for match in re.findall(known, word)}
    return found | {number for word in words for number in re.findall(r"SO-\d+", word) if number in firm.orders[1]}


@pytest.mark.parametrize("name", queries.askable())
def test_no_question_tells_of_another_customer(name: str, firm: Firm, limited: Asker) -> None:
    for given in questions(name, firm):
        assert told_of_others(limited.answer(name, **given), firm) == set(), given


def test_the_same_questions_tell_of_others_whoever_sees_everyone(firm: Firm, whole: Asker) -> None:
    telling = [
        name
        for name in queries.askable()
        if any(told_of_others(whole.answer(name, **given), firm) for given in questions(name, firm))
    ]
    assert len(telling) >= 40, telling


def test_each_table_of_a_snapshot_is_limited_given_whole_or_made_anew(firm: Firm, limited: Asker) -> None:
    with firm.home.open() as connection:
        tables = limiting._tables(connection, connection.sql("select current_database()").fetchall()[0][0])
    without = {"main.rejected_rows", "main.source_files", "main.warnings"}
    """Empty for them: cells, names and counts of files that hold everybody."""
    keyed = {table for table, columns in tables.items() if any(columns >= set(needed) for needed, _ in limiting.KEYS)}
    anew = {f"marts.{mart}" for mart in limiting.ANEW}
    assert set(tables) == keyed | limiting.WHOLE | anew | without
    assert not keyed & (limiting.WHOLE | anew | without)
    for table in without:
        assert limited.one.sql(f"select count(*) from {table}").fetchall() == [(0,)]


def test_what_is_given_whole_names_no_customer(firm: Firm, limited: Asker) -> None:
    for table in limiting.WHOLE:
        assert told_of_others(limited.one.sql(f"select * from {table}").df(), firm) == set(), table


def test_their_own_figures_are_those_that_whoever_sees_everyone_sees(firm: Firm, limited: Asker, whole: Asker) -> None:
    for customer in firm.own:
        for name in ("customer/headline", "customer/months", "customer/lines", "customer/open_promises", "noted/notes"):
            asked = {"customer": customer}
            pd.testing.assert_frame_equal(limited.answer(name, **asked), whole.answer(name, **asked))
    everyone = whole.answer("customers/scoreboard")
    own = everyone[everyone["customer_id"].isin(firm.own)].reset_index(drop=True)
    pd.testing.assert_frame_equal(limited.answer("customers/scoreboard").reset_index(drop=True), own)
    assert len(limited.answer("noted/disputes")) == len(firm.own)
    assert len(limited.answer("decisions/told", decision=1)) > 0


def test_their_claims_are_numbered_as_if_there_were_no_others(limited: Asker, whole: Asker) -> None:
    """A number among all claims would tell how many claims others have."""
    own, all_of_them = (asker.answer("arbitrate/lines", opportunities="all") for asker in (limited, whole))
    assert 0 < len(own) < len(all_of_them)
    key = ["order_id", "line_number"]
    mine = all_of_them.merge(own[key])
    assert sorted(own["claim_number"]) == list(range(len(own)))
    in_order, in_theirs = (found.sort_values("claim_number")["order_id"].tolist() for found in (own, mine))
    assert in_order == in_theirs, "and in the same order"
    their, everybody = (asker.answer("arbitrate/customers", opportunities="all") for asker in (limited, whole))
    assert their["customer_number"].tolist() == list(range(len(their))) and len(their) < len(everybody)
    names, in_full = (
        lines.merge(customers, on="customer_number").set_index(key)["customer_id"].sort_index()
        for lines, customers in ((own, their), (mine, everybody))
    )
    assert names.equals(in_full)
    steps, known = limited.answer("arbitrate/steps"), whole.answer("arbitrate/steps")
    asked = known.merge(all_of_them[["claim_number", *key]]).merge(own[key])
    told = steps.merge(own[["claim_number", *key]])
    columns = [*key, "work_centre_number", "month_number", "step_hours"]
    one, other = (found[columns].sort_values(columns, ignore_index=True) for found in (told, asked))
    pd.testing.assert_frame_equal(one, other)


def test_what_moved_in_their_value_at_risk_is_told_as_to_whoever_sees_everyone(limited: Asker, whole: Asker) -> None:
    for asker in (limited, whole):
        assert asker.answer("moves/parts").set_index("part")["is_compared"]["value at risk"]
        assert len(asker.answer("moves/at_risk")) > 0


def test_headlines_are_those_of_their_customers(firm: Firm, limited: Asker, whole: Asker) -> None:
    per_customer = whole.answer("customers/by_gap")
    own = per_customer[per_customer["customer_id"].isin(firm.own)]
    headline = limited.answer("overview/headline").iloc[0]
    assert headline["due_count"] == own["due_count"].sum()
    assert float(headline["gap_value"]) == pytest.approx(float(own["gap_value"].sum()))


def test_hours_of_work_centres_are_those_of_everybody(limited: Asker, whole: Asker) -> None:
    pd.testing.assert_frame_equal(limited.answer("capacity/utilisation"), whole.answer("capacity/utilisation"))


def test_nobody_without_customers_sees_any(firm: Firm) -> None:
    nobody = firm.home.open(firm.after, ())
    assert queries.ask(nobody, "customers/scoreboard").fetchall() == []
    assert queries.ask(nobody, "overview/headline").df()["due_count"].iloc[0] == 0


@pytest.mark.parametrize(
    "directly",
    [
        lambda firm: firm.home.open(),
        lambda firm: comparing.connect(firm.home, firm.before, firm.after),
        lambda firm: closing.closings(Log(firm.home.folder)),
        lambda firm: correcting.as_taken(Log(firm.home.folder), 1),
        lambda firm: to_file.to_file(firm.home, firm.home.folder / "pack.pdf"),
        lambda firm: firm.home.publish(firm.before),
        lambda firm: firm.home.prune(0),
        lambda firm: loading.load([], home=firm.home),
    ],
    ids=["open", "compare", "closings", "decision", "pack", "publish", "prune", "load"],
)
def test_what_shows_everybody_is_refused_by_a_direct_call(firm: Firm, directly: Any) -> None:
    with access.acting_as(FREYA), pytest.raises(AccessError):
        directly(firm)
