"""What a connection to DuckDB cannot do, and what no question can take."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from sop import comparing, connecting, loading
from sop.snapshots import Home
from tests.two_months import load_projected_pair

pytestmark = pytest.mark.xdist_group("locked down")  # that company is loaded once

TOP = Path(__file__).parent.parent
WAYS_OUT = {
    "a file is read as text": "select * from read_text('{other}')",
    "a file is read as a table": "select * from read_csv('{other}')",
    "folders are listed": "select * from glob('{folder}/*')",
    "a table is written to a file": "copy (select 1) to '{folder}/out.csv'",
    "a database is attached": "attach '{folder}/out.duckdb'",
    "an extension is installed": "install httpfs",
    "an extension is loaded": "load httpfs",
    "memory is raised": "set memory_limit = '10GB'",
    "the lock is taken off": "set lock_configuration = false",
    "external access is given back": "set enable_external_access = true",
    "the time is lifted": "set global max_execution_time = 0",
    "a variable of the program is read": "select * from secret",
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    return load_projected_pair(tmp_path_factory.mktemp("pair"))


@pytest.mark.parametrize("way", WAYS_OUT)
@pytest.mark.parametrize("which", ["one snapshot", "two snapshots"])
def test_a_question_reaches_nothing_but_its_snapshot(pair, tmp_path: Path, way: str, which: str) -> None:
    secret = pa.table({"number": [1]})
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    home, [later, earlier] = pair.home, [manifest.id for manifest in pair.home.history()][:2]
    connection = home.open() if which == "one snapshot" else comparing.connect(home, earlier, later)
    with pytest.raises(duckdb.Error):
        connection.cursor().execute(WAYS_OUT[way].format(other=other, folder=tmp_path)).fetchall()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.csv"]
    assert secret.num_rows == 1


def test_a_snapshot_cannot_be_written_to(pair) -> None:
    with pytest.raises(duckdb.Error, match="read-only"):
        pair.home.open().execute("delete from extracts.deliveries")


def test_whoever_opens_a_snapshot_again_finds_it_shut_in(pair) -> None:
    first, second = pair.home.open(), pair.home.open()
    assert connecting.is_shut(first)
    assert connecting.is_shut(second)


def test_a_question_that_takes_too_long_is_stopped() -> None:
    connection = duckdb.connect()
    connecting.shut_in(connection, longest=50)
    with pytest.raises(duckdb.InterruptException, match="maximum execution time"):
        connection.cursor().sql(
            "select count(*) from range(1000000) a(i), range(1000000) b(i) where a.i + b.i = 7"
        ).fetchall()


def test_a_build_sees_its_files_and_its_workplace_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    beside = tmp_path / "beside.csv"
    beside.write_text("a,b\n1,2\n", encoding="utf-8")
    for name in ("order_lines", "deliveries"):
        (tmp_path / f"{name}.csv").write_bytes((TOP / "data" / "sample" / f"{name}.csv").read_bytes())
    tried: list[str] = []

    build_marts = loading.build_marts

    def tempted(connection: duckdb.DuckDBPyConnection, *told: Any) -> None:
        assert connecting.is_shut(connection)
        for sql in (
            f"select * from read_csv('{beside}')",
            f"select * from read_text('{home.folder}/building.lock')",
            f"copy (select 1) to '{home.folder}/out.csv'",
            f"attach '{tmp_path}/out.duckdb' as out",
        ):
            with pytest.raises(duckdb.PermissionException):
                connection.execute(sql).fetchall()
            tried.append(sql)
        build_marts(connection, *told)

    monkeypatch.setattr(loading, "build_marts", tempted)
    loading.load([tmp_path / "order_lines.csv", tmp_path / "deliveries.csv"], home=home, dry_run=True)
    assert len(tried) == 4


def test_snapshots_are_opened_in_one_place_and_text_is_quoted_in_one() -> None:
    """Else a connection could be opened that sees the whole machine, or a name be pasted into a question."""
    opening = re.compile(r"duckdb\.connect\((?!\)|config|\n)")
    allowed = {"sop/connecting.py", "sop/loading.py", "sop/sample.py"}
    found = {
        file.relative_to(TOP).as_posix()
        for file in (TOP / "sop").rglob("*.py")
        if opening.search(file.read_text(encoding="utf-8"))
    }
    assert found <= allowed
    quoting = [
        file.name
        for file in (TOP / "sop").rglob("*.py")
        if """"''")""" in file.read_text(encoding="utf-8") and file.name != "connecting.py"
    ]
    assert quoting == []
