"""PostgreSQL answers the pages' questions: the same marts in its tables, an index on every key and month, our SQL translated.

Its answer is counted as taken when its rows are there; ours when it is the frame that a page gets.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import psycopg
import sqlglot
from psycopg import sql
from sqlglot import exp

from bench import columns
from bench.asking import Asking, Question
from bench.figures import in_turns
from bench.peers.ledger import OtherAnswer
from bench.peers.pages import compare, read, to_copy
from sop import queries
from sop.connecting import literal
from sop.engine.translating import view_of
from sop.queries import Query
from sop.snapshots import Home
from tests import postgres

SETTINGS = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "jit=off",
    "max_wal_size=4GB", "maintenance_work_mem=512MB", "work_mem=128MB", "effective_cache_size=8GB", "random_page_cost=1.1",
)  # fmt: skip
"""What somebody sets who wants it fast on a machine of this size, for tables that nobody writes to."""
SHARED = ("shared_buffers=2GB", "shared_memory_type=mmap")
TYPES = {"DOUBLE": "double precision", "HUGEINT": "numeric", "VARCHAR": "text"}
BLOCK = 1_000_000
PATIENCE = 60
"""Seconds that one question may take."""

KEYS = (
    ("customer_id", "month"), ("order_id", "line_number"), ("work_centre_id", "month"), ("work_centre_id", "load_month"),
    ("blocking_work_centre_id", "blocking_month"),
)  # fmt: skip
"""Columns that are looked for together."""


def measure(home: str, asked: str, times: str) -> dict[str, Any]:
    """Median seconds of each question, its and ours, by name; why it cannot answer others; the seconds that filling it took."""
    found: dict[str, dict[str, float]] = {}
    left_out: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder, \
            postgres.served(Path(folder) / "postgresql", *SETTINGS, *SHARED) as url, \
            psycopg.connect(url, autocommit=True, options=f"-c statement_timeout={PATIENCE}s") as connection:  # fmt: skip
        started = time.perf_counter()
        questions = read(asked)
        fill(Home(Path(home)), connection, questions, Path(folder))
        filled = time.perf_counter() - started
        asking = Asking(Home(Path(home)))
        for question in questions:
            try:
                found[question.name] = _taken(asking, connection, question, int(times))
            except (OtherAnswer, psycopg.Error, sqlglot.errors.SqlglotError) as trouble:
                left_out[question.name] = str(trouble).strip().splitlines()[0]
        asking.close()
    return {"questions": found, "left_out": left_out, "filled": filled}


def _taken(asking: Asking, connection: Any, question: Question, times: int) -> dict[str, float]:
    """Median seconds of both. A statement that is asked again is planned once: psycopg prepares it."""
    statement, given = translate(question.query), queries.bind(question.query, question.given)

    def ask() -> Any:
        return connection.execute(statement, given, prepare=True).fetchall()

    compare("PostgreSQL", question.name, asking.ask(question), answer(connection, statement, given))
    return in_turns(ask, partial(asking.ask, question), times)


def answer(connection: Any, statement: str, given: Mapping[str, Any]) -> pd.DataFrame:
    """The answer as a frame, with the values as the driver gives them."""
    cursor = connection.execute(statement, given)
    names = [column.name for column in cursor.description]
    return pd.DataFrame(cursor.fetchall(), columns=pd.Index(names), dtype=object)


def translate(query: Query) -> str:
    """The question in PostgreSQL's SQL, reading `marts_promises` for `marts.promises`, its parameters as psycopg writes them."""
    tree = columns.flat(query)
    for node in [*tree.find_all(exp.Parameter), *tree.find_all(exp.Placeholder)]:
        name = node.name
        node.replace(exp.cast(exp.var(f":{name}:"), _type_of(name)))
    for node in reversed(list(tree.find_all(exp.DateDiff))):
        if node.text("unit").upper() == "DAY":
            days = f"({node.this.sql('postgres')} - {node.expression.sql('postgres')})"
            node.replace(exp.cast(sqlglot.parse_one(days, read="postgres"), "bigint"))
    text = tree.sql(dialect="postgres", comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE).replace("%", "%%")
    text = re.sub(r":([a-z_]+):", r"%(\1)s", text)
    return _LAST.sub(r"\1[GREATEST(CARDINALITY(\1) - \2 + 1, 1):]", text)


_LAST = re.compile(r"(\w+\.\w+)\[-(\d+):\]")
"""The last elements of a list, which PostgreSQL counts from its front."""


def _type_of(name: str) -> str:
    if name.endswith(("_month", "_date", "month")):
        return "date"
    return "double" if name.endswith("_rate") else "text"


def fill(home: Home, connection: Any, questions: Iterable[Question], folder: Path) -> None:
    """Copy every column that the questions read, then index and analyse."""
    asked = [one.query for one in questions if not one.is_about_the_log]
    with to_copy(home) as snapshot:
        tables = columns.tables_of(snapshot)
        for table, needed in columns.read_by_all(asked, tables).items():
            types = {name: tables[table][name] for name in needed or list(tables[table])[:1]}
            _copy(snapshot, connection, table, types, folder / "table.csv")
    connection.execute("vacuum analyze")


def _copy(
    snapshot: duckdb.DuckDBPyConnection, connection: Any, table: str, types: Mapping[str, str], file: Path
) -> None:
    name = sql.Identifier(view_of(table))
    spelt = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(TYPES.get(type_, type_)))
        for column, type_ in types.items()
    )
    connection.execute(sql.SQL("create unlogged table {} ({})").format(name, spelt))
    _write(snapshot, table, types, file)
    filling = sql.SQL("copy {} from stdin (format csv)").format(name)
    with file.open("rb") as stream, connection.cursor() as cursor, cursor.copy(filling) as copy:
        while block := stream.read(BLOCK):
            copy.write(block)
    file.unlink()
    one_by_one = [(column,) for column in types if column.endswith(("_id", "month"))]
    for key in [*one_by_one, *(key for key in KEYS if set(key) <= types.keys())]:
        connection.execute(
            sql.SQL("create index on {} ({})").format(name, sql.SQL(", ").join(map(sql.Identifier, key)))
        )


def _write(snapshot: duckdb.DuckDBPyConnection, table: str, types: Mapping[str, str], file: Path) -> None:
    """A table as CSV. Where a snapshot is open for questions too, it may write nothing, so its rows go to one that may."""
    rows = snapshot.sql(f"select {', '.join(types)} from {table}").to_arrow_reader(100_000)
    with duckdb.connect() as writing:
        writing.register("rows", rows)
        writing.execute(f"copy rows to {literal(str(file))} (format csv, header false)")
