"""The marts made on a real Apache Spark are DuckDB's, row for row; and what goes wrong on the way there is said."""

from __future__ import annotations

import csv
import datetime
import importlib.abc
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from sop import cli, comparing, connecting, kept_lines, loading, queries, sample
from sop.engine import reaching
from sop.engine.reaching import Engine
from sop.errors import SnapshotError
from sop.queries import Query
from sop.snapshots import Home
from tests import spark
from tests.kept import scan_of

pytestmark = pytest.mark.xdist_group("spark")  # so that one engine is started, and not one for each worker
TOP = Path(__file__).parent.parent
SAMPLE = sorted((TOP / "data" / "sample").glob("*.csv"))
MARTS = [mart.name for mart in queries.in_build_order() if mart.table not in queries.PASSING]
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
        return connecting.beside_each_other({"here": self.here, "there": self.there})


def load_twice(folder: Path, files: list[Path], engine: Engine) -> Pair:
    """Load the files into two homes of the folder, which may hold a snapshot already."""
    sides = {"here": None, "there": engine}
    return Pair(*(load_into(Home(folder / side), files, where) for side, where in sides.items()))


def load_into(home: Home, files: list[Path], engine: Engine | None) -> Path:
    report = loading.load(files, home=home, created_by="a test", engine=engine)
    assert report.snapshot
    return home.file(report.snapshot)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(scope="session")
def files(homes: Path) -> list[Path]:
    """The sample's extracts as somebody's own: a later load of a company of one's own does not build on the sample itself."""
    (homes / "first").mkdir()
    for file in SAMPLE:
        (homes / "first" / file.name).write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    return sorted((homes / "first").glob("*.csv"))


@pytest.fixture(scope="session")
def sample_pair(engine: Engine, homes: Path, files: list[Path]) -> Pair:
    return load_twice(homes, files, engine)


@pytest.fixture(scope="session")
def moved_pair(engine: Engine, homes: Path, files: list[Path], sample_pair: Pair) -> Pair:
    """Load, after the sample company, its order lines with every seventh promise moved and every hundredth line gone."""
    [lines] = [file for file in files if file.name == "order_lines.csv"]
    with lines.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for number, row in enumerate(rows):
        if number % 7 == 0:
            moved = datetime.date.fromisoformat(row["promised_date"]) + datetime.timedelta(days=number % 41 - 9)
            row["promised_date"] = moved.isoformat()
    with (homes / "order_lines.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for number, row in enumerate(rows) if number % 100)
    return load_twice(homes, [homes / "order_lines.csv", *(file for file in files if file != lines)], engine)


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
        described = [columns_of(connection, f"{side}.{table}") for side in ("here", "there")]
        columns = described[0]
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


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """Names and types; the number of a line, which the view of a ledger in files hands on, is no column of a table."""
    described = connection.execute(f"describe {table}").fetchall()
    return [(name, type_) for name, type_, *_ in described if name != "rowid"]


@pytest.mark.parametrize("name", MARTS)
def test_every_mart_made_there_is_the_one_made_here_row_for_row(name: str, sample_pair: Pair) -> None:
    assert differences(sample_pair, name.replace("/", ".")) == []


@pytest.mark.parametrize("name", MARTS)
def test_a_million_order_lines_make_the_same_marts_row_for_row(name: str, large_pair: Pair) -> None:
    assert differences(large_pair, name.replace("/", ".")) == []


@pytest.mark.parametrize("name", MARTS)
def test_what_moved_since_the_snapshot_before_is_the_same_too(name: str, moved_pair: Pair) -> None:
    assert differences(moved_pair, name.replace("/", ".")) == []


def test_the_comparison_sees_what_differs(sample_pair: Pair, moved_pair: Pair) -> None:
    with moved_pair.compared() as connection:
        assert connection.execute("select count(*) from there.marts.lines_gone").fetchall() == [(200,)], (
            "every hundredth of 20,000"
        )
    for table in ("marts.promises", "marts.promise_events", "marts.company_months", "marts.load_months"):
        assert differences(Pair(sample_pair.here, moved_pair.here), table)


def test_rows_stand_in_the_order_that_the_file_asks_for(sample_pair: Pair) -> None:
    with sample_pair.compared() as connection:
        for table, columns in {
            "marts.promises": "customer_id, first_promised_date",
            "marts.causes": "customer_id, promise_month, order_id, line_number",
            "marts.queues": "work_centre_id, load_month, claim_number",
            "marts.scoreboard_months": "product_family, customer_id, month",
        }.items():
            here, there = (
                connection.execute(f"select {columns} from {side}.{table}").fetchall() for side in ("here", "there")
            )
            assert here == there, table


def test_the_snapshot_says_the_same_of_its_tables(sample_pair: Pair) -> None:
    asked = "select schema_name, table_name, comment from duckdb_tables() where not internal order by all"
    with duckdb.connect(str(sample_pair.here)) as one, duckdb.connect(str(sample_pair.there)) as other:
        here, there = (connection.execute(asked).fetchall() for connection in (one, other))
    assert [row for row in here if row[1] != "ledger"] == there


# --- the ledger, in files ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def several_files(engine: Engine, homes: Path, files: list[Path]) -> Home:
    """The sample company, with a file of its ledger for each 3,000 order lines."""
    home = Home(homes / "several")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sop.kept_lines.LINES_IN_A_FILE", 3_000)
        load_into(home, files, engine)
    return home


def test_the_ledger_comes_back_as_files_in_the_order_of_customers_each_in_one(several_files: Home) -> None:
    file = several_files.file(str(several_files.live()))
    parts = kept_lines.files(file)
    assert len(parts) == 7  # 20,000 order lines
    assert [part.name for part in parts] == [line["name"] for line in several_files.manifest(file.stem).lines]
    several_files.check(file.stem, thoroughly=True)
    listed = [str(part) for part in parts]
    ends = (
        duckdb.connect()
        .execute(
            f"select min(customer_id), max(customer_id) from read_parquet({listed}) group by file_index order by file_index"
        )
        .fetchall()
    )
    assert all(last < first for (_, last), (first, _) in pairwise(ends))
    lines = duckdb.connect().execute(f"select customer_id, first_promised_date from read_parquet({listed})").fetchall()
    assert lines == sorted(lines)


def test_one_customer_is_read_from_one_of_the_files(several_files: Home) -> None:
    with several_files.open() as connection:
        customers = connection.sql("select distinct customer_id from marts.promises order by all").fetchall()
        for (customer,) in customers[::29]:
            scan = scan_of(connection, customer)
            assert (scan["row_groups_scanned"], scan["total_row_groups_to_scan"]) == (1, 7)


def test_what_the_file_kept_for_the_order_lines_is_free_for_the_marts_that_follow(sample_pair: Pair) -> None:
    assert sample_pair.there.stat().st_size < sample_pair.here.stat().st_size


def test_pages_are_answered_from_it_and_the_next_load_goes_on_from_it(
    engine: Engine, several_files: Home, sample_pair: Pair, homes: Path, files: list[Path], tmp_path: Path
) -> None:
    home = Home(Path(shutil.copytree(several_files.folder, tmp_path / "home")))
    first = str(home.live())
    with home.open() as there, connecting.for_reading(sample_pair.here) as here:
        for name in ("overview/headline", "overview/lines", "customers/scoreboard", "customer/lines"):
            asked = {"customer": "C-0001"} if name == "customer/lines" else {}
            one, other = (queries.ask(side, name, **asked).fetchall() for side in (here, there))
            assert sorted(map(str, one)) == sorted(map(str, other)), name
    for where in (None, engine):
        day = datetime.date(2026, 12, 1) if where else datetime.date(2026, 11, 20)
        report = loading.load(files, as_of=day, home=home, created_by="a test", engine=where)
        assert bool(home.manifest(str(report.snapshot)).lines) == bool(where)
    both = comparing.connect(home, first, str(home.live()))
    assert queries.ask(both, "moves/parts").fetchall()


def test_what_both_spell_alike_is_computed_as_it_is_here(engine: Engine) -> None:
    from sop.engine.spark import session
    from sop.engine.translating import translate

    asked = {
        "months_crossed": "date_diff('month', date '2026-01-31', date '2026-02-01')",
        "months_back": "date_diff('month', date '2026-02-01', date '2025-11-30')",
        "days": "date_diff('day', date '2024-02-28', date '2026-03-01')",
        "last_of_month": "cast(date '2026-01-31' + interval 1 month as date)",
        "divided": "cast(7 as bigint) / 2",
        "decimals_divided": "cast(1 as decimal(38, 2)) / cast(3 as decimal(18, 3))",
        "rounded": "round(cast(0.285 as double), 2)",
        "rounded_down": "round(cast(-2.5 as double) / 10, 1)",
        "made_decimal": "cast(cast(0.285 as double) * 1 as decimal(18, 2))",
        "made_larger_decimal": "cast(-cast(3771317.0549999997 as double) as decimal(18, 2))",
        "product": "cast(cast(0.333 as decimal(38, 3)) * cast(0.0015 as decimal(18, 4)) as decimal(18, 6))",
        "product_at_half": "cast(cast(0.150 as decimal(38, 3)) * cast(0.0333 as decimal(18, 4)) as decimal(18, 2))",
        "lowest": "least(cast(null as date), date '2026-02-01', date '2026-01-01')",
        "all_empty": "greatest(cast(null as integer), cast(null as integer))",
        "like": "lower('KLÄRUNG der 50%') like '%' || 'klärung' || '%'",
    }
    said = ", ".join(f"{expression} as {name}" for name, expression in asked.items())
    mart = Query("marts/made_up", f"-- One row.\nselect {said}\n")
    [here] = duckdb.connect().execute(mart.sql).fetchall()
    with session(engine) as connected:
        [there] = connected.sql(translate(mart)).collect()
    assert dict(zip(asked, there, strict=True)) == dict(zip(asked, here, strict=True))


# --- what goes wrong ---------------------------------------------------------------------------------------------


def test_an_engine_that_fails_half_way_leaves_everything_as_it_was(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sop.engine.translating import translate

    def broken(mart: Query) -> str:
        return "select raise_error('the disk is full') as x" if mart.name == "marts/horizon" else translate(mart)

    home = Home(tmp_path / "home")
    live = loading.load(SAMPLE, home=home, created_by="a test").snapshot
    monkeypatch.setattr("sop.engine.spark.translate", broken)
    with pytest.raises(SnapshotError, match=r"could not make marts\.horizon: .*Nothing was published\.$"):
        loading.load(SAMPLE, as_of=datetime.date(2026, 1, 1), home=home, created_by="a test", engine=engine)
    assert home.live() == live
    assert list(engine.storage.iterdir()) == []


def test_rows_that_the_storage_does_not_show_here_are_missed(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sop.engine import spark as there

    whole = there._brought_back
    monkeypatch.setattr(there, "_brought_back", lambda written, types: f"{whole(written, types)} limit 5")
    home = Home(tmp_path / "home")
    with pytest.raises(SnapshotError, match=r"rows that the engine wrote for marts\.\w+, 5 are seen here"):
        loading.load(SAMPLE, home=home, created_by="a test", engine=engine)
    assert home.live() is None
    assert list(engine.storage.iterdir()) == []


def test_what_is_missed_of_what_python_is_given_and_of_the_ledger_is_missed_too(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sop.engine import spark as there

    whole, take_in = there._brought_back, kept_lines.take_in
    home = Home(tmp_path / "home")
    with monkeypatch.context() as patched:
        patched.setattr(
            there, "_brought_back",
            lambda written, types: whole(written, types) + (" limit 5" if written.name.startswith("asking") else ""),
        )  # fmt: skip
        with pytest.raises(SnapshotError, match=r"rows that the engine wrote for asking\.\w+, 5 are seen here"):
            loading.load(SAMPLE, home=home, created_by="a test", engine=engine)
    monkeypatch.setattr(kept_lines, "LINES_IN_A_FILE", 5_000)
    monkeypatch.setattr(kept_lines, "take_in", lambda parts, snapshot: take_in(parts[1:], snapshot))
    with pytest.raises(SnapshotError, match=r"Of the 20,000 rows that the engine wrote for marts\.ledger, "):
        loading.load(SAMPLE, home=home, created_by="a test", engine=engine)
    assert home.live() is None and list(engine.storage.iterdir()) == []
    assert [one.name for one in home.snapshots.iterdir()] == []


def test_a_load_on_an_engine_leaves_nothing_in_the_storage(engine: Engine, sample_pair: Pair) -> None:
    assert list(engine.storage.iterdir()) == []


def test_what_a_killed_load_left_in_the_storage_is_gone_with_the_next(tmp_path: Path) -> None:
    engine = Engine("sc://127.0.0.1:15002", tmp_path)
    left = engine.folder_of(tmp_path / "home")
    (left / "marts_promises").mkdir(parents=True)
    assert "could not be removed" in reaching.left_behind(engine, tmp_path / "home")
    with reaching._folder(left) as folder:
        assert list(folder.iterdir()) == []
    assert reaching.left_behind(engine, tmp_path / "home") == ""


def test_a_storage_that_is_not_there_is_named(engine: Engine, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(SnapshotError, match=r"nowhere cannot be used: No such file or directory"):
        loading.load(SAMPLE, home=home, engine=replace(engine, storage=tmp_path / "nowhere"))
    assert home.live() is None


@pytest.mark.parametrize(
    "address", ["127.0.0.1:15002", "http://127.0.0.1:15002", "sc://", "sc://host:port", "sc://[", ""]
)
def test_an_address_that_is_none_is_told_how_it_is_written(address: str, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="written sc://host:port"):
        _ = Engine(address, tmp_path).place


def test_of_an_address_only_host_and_port_are_ever_said(tmp_path: Path) -> None:
    assert Engine("sc://spark.example/;use_ssl=true;token=secret", tmp_path).name == "spark.example:15002"


def test_an_engine_that_does_not_answer_is_named_and_nothing_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyspark", reason="the client is not installed: pip install -r requirements-spark.txt")
    monkeypatch.setenv("SOP_HOME", str(tmp_path / "home"))
    with socket.socket() as nobody:  # bound and not listening: whoever connects is refused
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        words = ["load", str(SAMPLE[0]), "--engine", f"sc://{address}", "--storage", str(tmp_path)]
        assert cli.main(words) == 2
    said = capsys.readouterr().err
    assert said == f"No engine answers at {address}: Connection refused. Nothing was published.\n"


def test_where_the_client_is_missing_it_is_said_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sop.engine.spark", None)
    with pytest.raises(SnapshotError, match=r"pip install -r requirements-spark\.txt"):
        loading.load(SAMPLE, home=Home(tmp_path / "home"), engine=Engine("sc://127.0.0.1:15002", tmp_path))


@pytest.mark.parametrize(
    "trouble", [ImportError("grpcio-status >= 1.67.0 must be installed"), SystemExit(-1)], ids=["a part", "an engine"]
)
def test_where_the_client_is_there_in_part_a_sentence_says_so_too(
    trouble: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Halved(importlib.abc.MetaPathFinder):
        def find_spec(self, fullname: str, path: object, target: object = None) -> None:
            if fullname == "sop.engine.spark":
                raise trouble

    monkeypatch.delitem(sys.modules, "sop.engine.spark", raising=False)
    monkeypatch.delattr("sop.engine.spark", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Halved(), *sys.meta_path])
    with pytest.raises(SnapshotError, match=r"all of Spark's client has to be installed: pip install"):
        loading.load(SAMPLE, home=Home(tmp_path / "home"), engine=Engine("sc://127.0.0.1:15002", tmp_path))


def test_an_engine_is_given_with_a_storage_and_a_storage_with_an_engine(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--engine", "sc://127.0.0.1"], ["--storage", "/tmp"]):
        assert cli.main(["load", str(SAMPLE[0]), *words]) == 2
        assert capsys.readouterr().err.startswith("--engine and --storage go together")
