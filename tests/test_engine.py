"""The marts made on a real Apache Spark are DuckDB's, row for row; and what goes wrong on the way there is said."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest

from sop import loading, queries, sample
from sop.engine.reaching import Engine
from sop.errors import QueryError, SnapshotError
from sop.queries import Query
from sop.snapshots import Home
from tests import company, spark

TOP = Path(__file__).parent.parent
SAMPLE = sorted((TOP / "data" / "sample").glob("*.csv"))
MARTS = [mart.name for mart in queries.in_build_order()]
CLOSE = 1e-9
"""How far apart doubles may be, as a share: they are added up in another order there."""


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Start a Spark of the tests' own; skip where there is none."""
    reason = spark.why_not()
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("spark")
    storage = folder / "storage"
    storage.mkdir()
    with spark.served(folder / "server", memory="6g" if os.environ.get("SOAK") else "2g") as address:
        yield Engine(address, storage)


@dataclass(frozen=True)
class Pair:
    """The same extracts loaded twice: the marts made `here`, and made `there`."""

    here: Path
    there: Path

    def compared(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        connection.execute(f"attach '{self.here}' as here (read_only); attach '{self.there}' as there (read_only)")
        return connection


def load_twice(folder: Path, files: list[Path], engine: Engine) -> Pair:
    """Load the files into two homes, and again what is in them into the homes that they are in."""
    homes = {"here": Home(folder / "here"), "there": Home(folder / "there")}
    for side, home in homes.items():
        loading.load(files, home=home, created_by="a test", engine=engine if side == "there" else None)
    return Pair(*(home.file(home.live() or "") for home in homes.values()))


@pytest.fixture(scope="session")
def sample_pair(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return load_twice(tmp_path_factory.mktemp("sample"), SAMPLE, engine)


@pytest.fixture(scope="session")
def large_pair(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    if not os.environ.get("SOAK"):
        pytest.skip("1 million order lines take minutes: make soak")
    folder = tmp_path_factory.mktemp("large")
    sample.make(1_000_000, 6, folder / "extracts")
    return load_twice(folder, sorted((folder / "extracts").glob("*.csv")), engine)


def differences(pair: Pair, table: str) -> list[tuple[object, ...]]:
    """The rows that are not on both sides, ten at most, side by side; and what columns are not the same."""
    with pair.compared() as connection:
        described = [connection.execute(f"describe {side}.{table}").fetchall() for side in ("here", "there")]
        columns = [(name, type_) for name, type_, *_ in described[0]]
        counts = [connection.execute(f"select count(*) from {side}.{table}").fetchall() for side in ("here", "there")]
        if described[0] != described[1] or counts[0] != counts[1]:
            return [("columns or counts", *described, *counts)]
        doubles = [name for name, type_ in columns if type_ == "DOUBLE"]
        others = [name for name, type_ in columns if type_ != "DOUBLE"]
        sorted_by = ", ".join([*others, *(f"round({name}, 6)" for name in doubles)])
        unlike = [f"a.{name} is distinct from b.{name}" for name in others] + [
            f"(a.{name} is null) <> (b.{name} is null)"
            f" or abs(a.{name} - b.{name}) > {CLOSE} * greatest(abs(a.{name}), abs(b.{name}), 1)"
            for name in doubles
        ]
        return connection.execute(
            f"select * from (select * from here.{table} order by {sorted_by}) as a"
            f" positional join (select * from there.{table} order by {sorted_by}) as b where {' or '.join(unlike)} limit 10"
        ).fetchall()


@pytest.mark.parametrize("name", MARTS)
def test_every_mart_made_there_is_the_one_made_here_row_for_row(name: str, sample_pair: Pair) -> None:
    assert differences(sample_pair, name.replace("/", ".")) == []


@pytest.mark.parametrize("name", MARTS)
def test_a_million_order_lines_make_the_same_marts_row_for_row(name: str, large_pair: Pair) -> None:
    assert differences(large_pair, name.replace("/", ".")) == []
