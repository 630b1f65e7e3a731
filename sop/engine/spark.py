"""Marts made on an Apache Spark that is there already, over Spark Connect, and brought back as DuckDB would have made them.

DuckDB reads, maps and checks the extracts as always. What the marts read goes as Parquet to a folder that both see; Spark runs
the files of queries/marts one after the other and writes each there; from there it comes into the snapshot, with DuckDB's
own types. The ledger alone stays what it is, files in the order of customers, which are taken into the home one by one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

import duckdb
import grpc
from pyspark.errors import PySparkException
from pyspark.sql.connect import functions
from pyspark.sql.connect.client.retries import DefaultPolicy
from pyspark.sql.connect.dataframe import DataFrame
from pyspark.sql.connect.session import SparkSession

from sop import connecting, kept_lines, projecting, queries
from sop.connecting import literal
from sop.engine.reaching import Engine
from sop.engine.translating import tables, translate, view_of
from sop.errors import SnapshotError

RETRIES = 4
"""How often a question that was lost on the way is asked again, for some seconds in all."""

MEANING = {
    "spark.sql.ansi.enabled": "true",  # what does not fit is an error and never NULL
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",  # a product of decimals keeps its places, as DuckDB's does
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
}
"""What Spark is told so that SQL means there what it means here, whatever it is set to for others."""

TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "INTEGER": "int",
    "BIGINT": "bigint",
    "HUGEINT": "decimal(38, 0)",
    "DOUBLE": "double",
    "DATE": "date",
}
"""DuckDB's types and their names in Spark; decimals are called the same."""

_DETAILS = re.compile(r'^<_\w+ of RPC .*?details = "([^\n]*)"\n', re.DOTALL)
"""What is said in so many words by an error that names itself first."""

LINES_IN_A_GROUP = 100_000
"""Lines in a row group of a file of the ledger: each group knows its first and last customer, and is read or left out whole."""


@contextmanager
def session(engine: Engine) -> Iterator[SparkSession]:
    """A session of our own with the engine. Raises SnapshotError where it cannot be had."""
    with _plainly(f"The engine at {engine.name} gives no session"):
        opened = SparkSession.builder.remote(engine.address).create()
    try:
        with _plainly(f"The engine at {engine.name} gives no session"):
            opened.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
            for name, value in MEANING.items():
                opened.conf.set(name, value)
        yield opened
    finally:
        with suppress(PySparkException, grpc.RpcError):
            opened.stop()


@contextmanager
def _plainly(what: str) -> Iterator[None]:
    """Turn what Spark raises into SnapshotError, with its first line."""
    try:
        yield
    except (PySparkException, grpc.RpcError) as trouble:
        said = trouble.details() if isinstance(trouble, grpc.Call) else str(trouble)
        details = _DETAILS.search(said or "")
        lines = details[1] if details else said or ""
        first = next((line.strip() for line in lines.splitlines() if line.strip()), type(trouble).__name__)
        raise SnapshotError(f"{what}: {first.removesuffix('.')}. Nothing was published.") from trouble


class Spark:
    """A session with an engine, and the folder through which tables come and go."""

    def __init__(self, session: SparkSession, name: str, folder: Path) -> None:
        self.session, self.name, self.folder = session, name, folder

    def build_marts(
        self, connection: duckdb.DuckDBPyConnection, on_step: Callable[[str], None],
        keep_lines: Callable[[Sequence[Path]], None], on_ledger: Callable[[], None],
    ) -> None:  # fmt: skip
        """Build every mart, each after those that it reads, and bring each into the connection as DuckDB would have made it.

        `keep_lines` is given the files of the ledger, and shows it; `on_ledger` is called when it stands. Raises SnapshotError
        where the engine does not do it, or where what it wrote is not all there.
        """
        marts = queries.in_build_order()
        in_sparks_words = {mart.name: translate(mart) for mart in marts}
        made_there = {mart.table for mart in marts}
        on_step(f"Handing the extracts to the engine at {self.name}")
        for table in sorted(frozenset().union(*(tables(mart) for mart in marts)) - made_there):
            self._hand_over(connection, table)
        go_with = queries.last_readers(marts)
        for mart in marts:
            on_step(f"Building {mart.name.removeprefix('marts/').replace('_', ' ')} there")
            if mart.table == kept_lines.LEDGER:
                self._build_ledger(connection, mart, in_sparks_words[mart.name], keep_lines)
            elif mart.table in queries.VIEWS:
                self._show_question(connection, mart, in_sparks_words[mart.name])
            else:
                self._build(connection, mart, in_sparks_words[mart.name])
            if mart.table == kept_lines.PROMISES:
                on_ledger()
            connecting.let_go(connection, go_with.get(mart.table, ()))

    def _build(self, connection: duckdb.DuckDBPyConnection, mart: queries.Query, sql: str) -> None:
        table = mart.table
        types = _types(connection, mart)
        if projecting.is_made_here(mart):
            asking = table.replace("marts.", "asking.")
            written = self._run(asking, self._asked(asking, sql, types))
            found = connection.cursor().sql(_brought_back(written, types)).to_arrow_table()
            self._check_whole(asking, found.num_rows)
            projecting.make(connection, mart, found)
            self._hand_over(connection, table)
        else:
            written = self._run(table, self._asked(table, sql, types))
            connection.execute(f"create table {table} as {_brought_back(written, types)}")
            self._check_whole(table, _count(connection, table))
        connection.execute(f"comment on table {table} is {literal(mart.about)}")

    def _build_ledger(
        self, connection: duckdb.DuckDBPyConnection, mart: queries.Query, sql: str,
        keep_lines: Callable[[Sequence[Path]], None],
    ) -> None:  # fmt: skip
        """Let Spark write the ledger so that each customer is in one file, and the files stand in the order of customers."""
        table, types = mart.table, _types(connection, mart)
        count = max(math.ceil(_count(connection, "extracts.order_lines") / kept_lines.LINES_IN_A_FILE), 1)
        lines = self._asked(table, sql, types).repartitionByRange(count, "customer_id")
        lines = lines.sortWithinPartitions("customer_id", "first_promised_date")
        written = self._run(table, lines, {"parquet.block.row.count.limit": str(LINES_IN_A_GROUP)})
        keep_lines(sorted(written.glob("part-*.parquet")))
        self._check_whole(table, _count(connection, table))
        here = _described(connection, f"select * exclude (rowid) from {table}")
        if here != types:
            unlike = ", ".join(
                f"{name} {here.get(name)}" for name in here.keys() | types if here.get(name) != types.get(name)
            )
            raise SnapshotError(f"The engine wrote columns of {table} as other types: {unlike}. Nothing was published.")

    def _show_question(self, connection: duckdb.DuckDBPyConnection, mart: queries.Query, sql: str) -> None:
        """Let a mart that is a view be one on both sides, with DuckDB's types there too."""
        connection.execute(f"create view {mart.table} as {mart.sql}")
        connection.execute(f"comment on view {mart.table} is {literal(mart.about)}")
        with _plainly(f"The engine at {self.name} could not make {mart.table}"):
            self._asked(mart.table, sql, _types(connection, mart)).createOrReplaceTempView(view_of(mart.table))

    def _hand_over(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        """Write a table where the engine reads it; a row of an extract with its number, by which the ledger knows a line."""
        file = self.folder / f"{view_of(table)}.parquet"
        number = ", rowid" if table.startswith("extracts.") else ""
        connection.execute(f"copy (select *{number} from {table}) to {literal(str(file))} (format parquet)")
        self._show(table, file)

    def _asked(self, table: str, sql: str, types: dict[str, str]) -> DataFrame:
        """What a mart's SQL answers, with DuckDB's types."""
        with _plainly(f"The engine at {self.name} could not make {table}"):
            columns = [functions.col(name).cast(_in_spark(table, type_)).alias(name) for name, type_ in types.items()]
            return self.session.sql(sql).toDF(*types).select(*columns)

    def _run(self, table: str, asked: DataFrame, options: Mapping[str, str] = MappingProxyType({})) -> Path:
        """Let Spark write what was asked, in its order; answers where it stands."""
        written = self.folder / view_of(table)
        with _plainly(f"The engine at {self.name} could not make {table}"):
            asked.write.options(**options).parquet(written.as_uri())
        self._show(table, written)
        return written

    def _show(self, table: str, written: Path) -> None:
        """Let the SQL of the marts that follow read what stands there."""
        with _plainly(f"The engine at {self.name} does not see {written.parent.parent}"):
            rows = self.session.read.parquet(written.as_uri())
            if table == kept_lines.LEDGER:  # the number of a line is the place that it has here
                rows = rows.withColumn("rowid", functions.lit(None).cast("bigint"))
            rows.createOrReplaceTempView(view_of(table))

    def _check_whole(self, table: str, here: int) -> None:
        """Shared storage may list files late, so rows are counted on both sides."""
        with _plainly(f"The engine at {self.name} cannot read {table} again"):
            there = self.session.table(view_of(table)).count()
        if here != there:
            raise SnapshotError(
                f"Of the {there:,} rows that the engine wrote for {table}, {here:,} are seen here: "
                f"{self.folder.parent} does not show both the same. Nothing was published."
            )


def _types(connection: duckdb.DuckDBPyConnection, mart: queries.Query) -> dict[str, str]:
    """The columns that DuckDB would have made, by name; nothing is run for it."""
    return _described(connection, mart.sql)


def _described(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, str]:
    asked = connection.cursor().sql(sql)
    return dict(zip(asked.columns, map(str, asked.types), strict=True))


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    [(count,)] = connection.execute(f"select count(*) from {table}").fetchall()
    return int(count)


def _in_spark(table: str, type_: str) -> str:
    if type_.startswith("DECIMAL("):
        return type_.lower()
    if type_ not in TYPES:
        raise SnapshotError(f"{table} has a column of type {type_}, which is not carried to an engine.")
    return TYPES[type_]


def _brought_back(written: Path, types: dict[str, str]) -> str:
    """The query that reads what Spark wrote, part after part, so that the order of its rows stays."""
    columns = ", ".join(f"cast({name} as {type_}) as {name}" for name, type_ in types.items())
    return f"select {columns} from read_parquet({literal(f'{written}/part-*.parquet')})"
