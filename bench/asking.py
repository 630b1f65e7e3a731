"""What each page asks, and how long that takes us: its queries together, uncached, as the page asks them."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bench import columns
from bench.figures import TOP, Row, figure, median, say, timed
from sop import following_up, queries
from sop.queries import Query
from sop.snapshots import Home

PAGES = (
    "review/overview", "review/customers", "review/customer", "review/pipeline", "review/capacity", "decide/arbitrate",
    "help/definitions",
)  # fmt: skip
"""The pages that ask one snapshot, as files of pages/. `review/moves` asks two of them, the other pages the decision log."""
TOGETHER = 100
"""Milliseconds that the queries of a page may take together."""


@dataclass(frozen=True)
class Question:
    """A query with its parameters, as a page asks it."""

    name: str
    given: Mapping[str, Any] = field(hash=False)

    @property
    def query(self) -> Query:
        """The query of that name."""
        return queries.find(self.name)

    @property
    def is_about_the_log(self) -> bool:
        """Whether it reads the decision log, which no peer has."""
        return bool(self.query.reads_of_the_log)


Asked = Mapping[str, list[Question]]
"""The questions of every page, by the page's name: `overview`."""


class Asking:
    """A snapshot that is open for questions, as a page has it: one connection, a cursor for each question, no answer kept."""

    def __init__(self, home: Home) -> None:
        self.connection = home.open()
        self._logged: Mapping[str, pa.Table] = following_up.followed(self.connection, following_up.empty())

    def ask(self, question: Question) -> Any:
        """The answer as a frame of pandas, which is what a page gets."""
        if question.is_about_the_log:
            return following_up.frame(self.connection, self._logged, question.name, **question.given)
        return queries.frame(self.connection, question.name, **question.given)

    def close(self) -> None:
        """Let the snapshot go."""
        self.connection.close()


def asked(home: Home, pages: Iterable[str] = PAGES) -> dict[str, list[Question]]:
    """What pages ask when they are opened on the customer with the largest gap: each page itself is run to find out."""
    from streamlit.testing.v1 import AppTest

    os.environ["SOP_HOME"] = str(home.folder)
    customer, found = largest(home), {}
    for page in pages:
        app = AppTest.from_file(str(TOP / "app.py"), default_timeout=300)
        app.query_params["customer"] = customer
        app.switch_page(str(TOP / "pages" / f"{page}.py")).run()
        if app.exception:
            raise RuntimeError(f"{page}: {app.exception[0].value}")
        once = {repr(question): question for question in app.session_state["asked"]}
        found[Path(page).name] = [Question(name, dict(given)) for name, given in once.values()]
    return found


def largest(home: Home) -> str:
    """The customer with the largest gap."""
    with home.open() as connection:
        [(customer, *_), *_] = queries.ask(connection, "customers/by_gap").limit(1).fetchall()
    return str(customer)


def measure(home: Home, pages: Asked, rounds: int) -> tuple[list[Row], dict[str, float]]:
    """Every page's queries together, their slowest one, and both against a scan of the columns that they read.

    Also the median seconds of every query, by its name.
    """
    asking = Asking(home)
    tables = columns.tables_of(asking.connection)
    rows, known = _of_the_ledger(asking, rounds), dict[str, float]()
    for page, questions in pages.items():
        taken: dict[str, list[float]] = {}
        scans = {question.name: _scans(question.query, tables) for question in questions}
        scanned: dict[str, list[float]] = {}
        for _ in range(10 * rounds):
            for question in questions:
                taken.setdefault(question.name, []).append(timed(partial(asking.ask, question)))
                if not question.is_about_the_log:
                    once = timed(partial(_run_all, asking.connection, scans[question.name]))
                    scanned.setdefault(question.name, []).append(once)
        together = [sum(times) for times in zip(*taken.values(), strict=True)]
        by_query = {name: statistics.median(times) for name, times in taken.items()}
        slowest = max(by_query, key=by_query.__getitem__)
        known |= by_query
        for name, one in sorted(by_query.items(), key=lambda found: -found[1]):
            say(f"{one * 1000:8.1f} ms {name}")
        limit = sum(statistics.median(times) for times in scanned.values())
        scannable = sum(by_query[name] for name in scanned)
        rows += [
            figure(
                f"{page}: its queries together, median", statistics.median(together) * 1000, "ms", TOGETHER,
                note=f"{len(questions)} queries",
            ),
            figure(f"{page}: its slowest query, median", by_query[slowest] * 1000, "ms", note=slowest),
            figure(f"{page}: its queries / a scan of the columns that they read", scannable / limit, "×"),
        ]  # fmt: skip
    asking.close()
    return rows, known


def _scans(query: Query, tables: columns.Tables) -> list[str]:
    if query.reads_of_the_log:
        return []
    return [columns.scan(table, read, tables[table]) for table, read in columns.read_by(query, tables).items()]


def _run_all(connection: duckdb.DuckDBPyConnection, statements: Iterable[str]) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement).fetchall()


def _of_the_ledger(asking: Asking, rounds: int) -> list[Row]:
    """Reading one customer's lines, and many lines at once, against what else could be done."""
    cursor = asking.connection.cursor()
    by_day = "select promised_date, count(*), sum(gap_value), sum(late_days) from marts.promises group by promised_date"
    scan = median(5 * rounds, lambda: cursor.execute(by_day).fetchall())
    middling = Question("customer/lines", {"customer": _middling(asking.connection)})
    drilled = median(5 * rounds, lambda: asking.ask(middling))
    most = cursor.sql("select * from marts.promises limit 100000")
    arrow, frame = (
        median(rounds, lambda: cursor.sql(most.sql_query()).to_arrow_table()),
        median(rounds, lambda: cursor.sql(most.sql_query()).df()),
    )
    return [
        figure("scan of the whole ledger by day", scan * 1000, "ms"),
        figure(
            "drill-down of a middling customer / scan of the whole ledger", drilled / scan, "×", 0.25, at_scale=True
        ),
        figure("100,000 lines of the ledger as Arrow / as a frame of pandas", arrow / frame, "×", 0.6),
    ]


def _middling(connection: duckdb.DuckDBPyConnection) -> str:
    """The customer with as many order lines as half of the customers have at the most."""
    [(customer,)] = connection.execute(
        "select customer_id from (select customer_id, count(*) as line_count from marts.promises group by customer_id)"
        " order by line_count, customer_id limit 1 offset (select count(distinct customer_id) // 2 from marts.promises)"
    ).fetchall()
    return str(customer)
