"""Find a query by its name, order the marts by what they read, run one with named parameters."""

from __future__ import annotations

import datetime
import functools
import graphlib
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from sop.errors import QueryError

FOLDER = Path(__file__).parent.parent / "queries"
NOT_ASKED = ("extracts", "checks", "marts", "sample", "fill", "changes", "compared", "followed", "limits")
"""Folders whose files make tables or rows to refuse: they are not questions."""

PASSING = frozenset({
    "marts.open_lines", "marts.open_steps", "marts.hours_given", "marts.opportunity_completions", "marts.family_months",
})  # fmt: skip
"""Large marts that other marts alone read: a snapshot keeps what is made of them."""

VIEWS = frozenset({"marts.promises"})
"""Marts of which a snapshot keeps the question instead of the answer, which follows row by row from another mart."""

MANY = frozenset({"arbitrate/lines", "arbitrate/steps", "arbitrate/customers"})
"""Questions that hand every open order line, its steps or its customers to Python: their answers come as Arrow, text at once."""

_COMMENT = re.compile(r"--[^\n]*")
_TEXT = re.compile(r"'(?:[^']|'')*'")
_PARAMETER = re.compile(r"\$([a-z_]+)")
_LOGGED = re.compile(r"\b((?:logged|followed)_[a-z_]+)")
_REFERENCE = re.compile(r"\b((?:(?:live|before|after)\.)?(?:extracts|marts|previous|sample|compared)\.[a-z_]+)")


@dataclass(frozen=True)
class Query:
    """One .sql file: its name (`customers/by_gap`), its text, and what can be read from the text."""

    name: str
    sql: str

    @property
    def about(self) -> str:
        """The comment that the file opens with, as one paragraph."""
        lines = []
        for line in self.sql.splitlines():
            if not line.startswith("--"):
                break
            lines.append(line.removeprefix("--").strip())
        return " ".join(lines)

    @property
    def table(self) -> str:
        """The table that it makes, where it makes one: `marts.promises`."""
        return self.name.replace("/", ".")

    @property
    def kind(self) -> str:
        """Whether that is kept as a `table` or as a `view`."""
        return "view" if self.table in VIEWS else "table"

    @functools.cached_property
    def _bare(self) -> str:
        return _TEXT.sub("''", _COMMENT.sub("", self.sql))

    @functools.cached_property
    def parameters(self) -> frozenset[str]:
        """The names that may be given, all of them optional: what is not given is NULL, 'all'."""
        return frozenset(_PARAMETER.findall(self._bare))

    @functools.cached_property
    def reads(self) -> frozenset[str]:
        """The tables it reads, schema-qualified; those of another snapshot with the name it is attached by in front."""
        return frozenset(_REFERENCE.findall(self._bare))

    @functools.cached_property
    def reads_of_the_log(self) -> frozenset[str]:
        """The tables of the decision log (`logged_lines`) and the steps of queries/followed (`followed_lines`) that it reads."""
        return frozenset(_LOGGED.findall(self._bare))

    @property
    def is_about_two(self) -> bool:
        """True where it asks two snapshots side by side, which a single one cannot answer."""
        return any(table.startswith("compared.") for table in self.reads)


@functools.cache
def find(name: str) -> Query:
    """The query of that name, `folder/file` below queries/. Raises QueryError with the nearest folder's names."""
    if name not in names():
        folder = name.split("/")[0]
        near = [known for known in names() if known.startswith(f"{folder}/")] or sorted(
            {known.split("/")[0] for known in names()}
        )
        raise QueryError(f"There is no query {name!r}. There is: {', '.join(near)}.")
    return Query(name, (FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


@functools.cache
def names() -> tuple[str, ...]:
    """Every .sql file below queries/, as `folder/file`, sorted."""
    return tuple(sorted(file.relative_to(FOLDER).with_suffix("").as_posix() for file in FOLDER.rglob("*.sql")))


def askable() -> tuple[str, ...]:
    """The names that answer a question of a page or of another program."""
    return tuple(name for name in names() if name.split("/")[0] not in NOT_ASKED)


def in_folder(folder: str) -> tuple[Query, ...]:
    """The queries directly in a folder, by name."""
    return tuple(find(name) for name in names() if name.rpartition("/")[0] == folder)


def in_build_order(folder: str = "marts") -> tuple[Query, ...]:
    """The queries of a folder, each after those of the folder that it reads."""
    by_table = {query.table: query for query in in_folder(folder)}
    order = graphlib.TopologicalSorter({table: query.reads & by_table.keys() for table, query in by_table.items()})
    return tuple(by_table[table] for table in order.static_order())


def last_readers(marts: Sequence[Query]) -> dict[str, tuple[str, ...]]:
    """By the table of the last mart that reads them, in this order of building, the passing ones that go when it stands."""
    last = {passing: mart.table for mart in marts for passing in sorted(mart.reads & PASSING)}
    return {mart: tuple(passing for passing, reader in last.items() if reader == mart) for mart in last.values()}


@functools.cache
def making() -> str:
    """A hash of the SQL that makes a snapshot."""
    texts = [find(name).sql for name in names() if name.split("/")[0] in ("extracts", "checks", "fill", "marts")]
    return hashlib.sha256("".join(texts).encode()).hexdigest()


def bind(query: Query, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every parameter of the query with its value, NULL where none is given. Raises QueryError for an unknown name."""
    unknown = sorted(given.keys() - query.parameters)
    if unknown:
        takes = ", ".join(sorted(query.parameters)) or "no parameters"
        raise QueryError(f"{query.name} does not know {', '.join(unknown)}; it takes {takes}.")
    return {name: _value(name, given.get(name)) for name in sorted(query.parameters)}


def _value(name: str, value: Any) -> Any:
    """Dates and months may be given as text; a month also as 2026-10."""
    if not isinstance(value, str) or not name.endswith(("_month", "_date", "month")):
        return value
    text = f"{value}-01" if re.fullmatch(r"\d{4}-\d{2}", value) else value
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise QueryError(f"{name}: {value!r} is not a date; write 2026-10-31, or 2026-10 for a month.") from None
    return day.replace(day=1) if name.endswith("month") else day


def ask(connection: duckdb.DuckDBPyConnection, name: str, **given: Any) -> duckdb.DuckDBPyRelation:
    """Run a query on a cursor of its own (a connection shared by threads gives wrong answers) and return its relation."""
    query = find(name)
    return connection.cursor().sql(query.sql, params=bind(query, given))


def frame(connection: duckdb.DuckDBPyConnection, name: str, **given: Any) -> pd.DataFrame:
    """The whole answer as `ask` gives it. A relation is planned when it is made and once more when it is fetched; this is not."""
    query = find(name)
    if name in MANY:
        return _as_duckdb_has_it(ask(connection, name, **given).to_arrow_table())
    return connection.cursor().execute(query.sql, bind(query, given)).df()


def _as_duckdb_has_it(table: pa.Table) -> pd.DataFrame:
    """The frame that DuckDB would make of the same rows: days as times, decimals as floats.

    Nothing is copied but what has another type, and what has been is let go at once.
    """
    names, columns = table.column_names, table.columns
    del table
    for place, column in enumerate(columns):
        if pa.types.is_date(column.type):
            columns[place] = column.cast(pa.timestamp("us"))
        elif pa.types.is_decimal(column.type):
            columns[place] = column.cast(pa.float64())
        del column
    table = pa.table(columns, names=names)
    del columns
    found: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True)
    return found
