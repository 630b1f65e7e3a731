"""A snapshot whose order lines stand beside its file is asked, guarded, moved and removed like one that holds them."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import filelock
import pandas as pd
import pytest

from sop import backups, comparing, kept_lines, leftovers, limiting, loading, mending, queries, restoring, space
from sop.decisions import Log
from sop.errors import BackupError, SnapshotError
from sop.snapshots import ASIDE, Home
from tests.kept import scan_of, take_out_lines
from tests.test_limiting import Asker, Firm, make_firm, questions, told_of_others
from tests.test_locked_down import WAYS_OUT

pytestmark = pytest.mark.xdist_group("kept lines")  # that company is loaded once


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    return make_firm(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def lined(plain: Firm, tmp_path_factory: pytest.TempPathFactory) -> Firm:
    """The same firm, both of its snapshots with their order lines beside them."""
    folder = tmp_path_factory.mktemp("lined")
    home = Home(Path(shutil.copytree(plain.home.folder, folder / "home")))
    for snapshot in (plain.before, plain.after):
        take_out_lines(home, snapshot, folder / snapshot)
    return replace(plain, home=home)


@pytest.fixture
def firm(lined: Firm, tmp_path: Path) -> Firm:
    """A copy that a test may damage."""
    return replace(lined, home=Home(Path(shutil.copytree(lined.home.folder, tmp_path / "home"))))


@pytest.fixture(scope="module", params=["everybody", "their own"])
def askers(request: pytest.FixtureRequest, plain: Firm, lined: Firm) -> Iterator[tuple[Asker, Asker]]:
    customers = plain.own if request.param == "their own" else None
    yield Asker(plain, customers), Asker(lined, customers)


def parts(firm: Firm) -> list[Path]:
    return kept_lines.files(firm.home.file(firm.after))


# --- asking ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", queries.askable())
def test_every_question_has_the_answer_that_it_has_of_an_ordinary_snapshot(
    name: str, plain: Firm, askers: tuple[Asker, Asker]
) -> None:
    for given in questions(name, plain):
        one, other = (asker.answer(name, **given) for asker in askers)
        pd.testing.assert_frame_equal(sorted_by_all(one), sorted_by_all(other))


def sorted_by_all(answer: pd.DataFrame) -> pd.DataFrame:
    """In an order of its own: rows that a question finds equal stand as they come."""
    keys = answer.astype(str)
    return answer.loc[keys.sort_values(list(keys.columns)).index].reset_index(drop=True)


def test_the_file_has_no_order_lines_and_whoever_opens_it_sees_them(plain: Firm, lined: Firm) -> None:
    with duckdb.connect(str(lined.home.file(lined.after)), read_only=True) as file:
        tables = {name for (name,) in file.execute("select table_name from duckdb_tables()").fetchall()}
    assert "ledger" not in tables and "order_lines" not in tables
    for table in ("marts.promises", "extracts.order_lines"):
        asked = f"select count(*), count(distinct (order_id, line_number)) from {table}"
        assert lined.home.open().sql(asked).fetchall() == plain.home.open().sql(asked).fetchall()


def test_each_order_line_has_a_number_of_its_own_that_stays(lined: Firm) -> None:
    asked = "select promises.rowid as row_id, order_id, line_number from marts.promises as promises order by all"
    first, again = (lined.home.open().cursor().sql(asked).df() for _ in range(2))
    assert first["row_id"].is_unique
    pd.testing.assert_frame_equal(first, again)
    limited = lined.home.open(lined.after, lined.own).cursor().sql(asked).df()
    assert limited.merge(first).shape == limited.shape


def test_one_customer_is_read_from_one_of_the_files(lined: Firm) -> None:
    files = parts(lined)
    assert len(files) >= 4
    for customer in (lined.own[0], lined.others["customer_id"].iloc[-1]):
        scan = scan_of(lined.home.open(), customer)
        groups = scan["row_groups_scanned"], scan["total_row_groups_to_scan"]
        assert groups == (1, len(files))  # each file has one group here
    holding = "select count(distinct filename) from read_parquet({}, filename = true) group by customer_id"
    assert set(duckdb.connect().execute(holding.format([str(file) for file in files])).fetchall()) == {(1,)}


def test_whoever_sees_only_their_customers_is_told_of_no_other(lined: Firm) -> None:
    asker = Asker(lined, lined.own)
    for name in ("customer/lines", "overview/broken_lines", "overview/lines", "moves/promises"):
        for given in questions(name, lined):
            assert told_of_others(asker.answer(name, **given), lined) == set(), given


@pytest.mark.parametrize("way", WAYS_OUT)
@pytest.mark.parametrize("which", ["one snapshot", "two snapshots", "their own"])
def test_a_question_reaches_nothing_else(lined: Firm, tmp_path: Path, way: str, which: str) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    connection = {
        "one snapshot": lambda: lined.home.open(),
        "two snapshots": lambda: comparing.connect(lined.home, lined.before, lined.after),
        "their own": lambda: limiting.connect(lined.home.file(lined.after), lined.own),
    }[which]()
    with pytest.raises(duckdb.Error):
        connection.cursor().execute(WAYS_OUT[way].format(other=other, folder=tmp_path)).fetchall()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.csv"]


def test_what_else_lies_beside_the_order_lines_cannot_be_read(firm: Firm) -> None:
    connection = firm.home.open()
    beside = parts(firm)[0].with_name("part-00099.parquet")
    shutil.copy(parts(firm)[0], beside)
    for path in (beside, beside.with_name("*.parquet"), firm.home.snapshots / f"{firm.after}.json"):
        with pytest.raises(duckdb.PermissionException):
            connection.cursor().execute(f"select * from read_text('{path}')").fetchall()
    with pytest.raises(duckdb.Error):
        connection.cursor().execute("delete from extracts.order_lines")


# --- loading on ----------------------------------------------------------------------------------------------------


def test_the_next_load_goes_on_from_it_as_from_an_ordinary_one(plain: Firm, firm: Firm, tmp_path: Path) -> None:
    homes = Home(Path(shutil.copytree(plain.home.folder, tmp_path / "ordinary"))), firm.home
    lines = pd.read_csv(plain.home.folder.parent / "order_lines.csv", dtype=str)
    moved = pd.to_datetime(lines["promised_date"][::5]) + pd.Timedelta(days=9)
    lines.loc[::5, "promised_date"] = moved.dt.strftime("%Y-%m-%d")
    lines[3:].to_csv(tmp_path / "order_lines.csv", index=False)
    reports = [
        loading.load([tmp_path / "order_lines.csv"], home=home, as_of=datetime.date(2026, 11, 20)) for home in homes
    ]
    assert reports[0].changes == reports[1].changes and reports[0].changes
    for table in ("marts.promises", "marts.promise_events", "marts.lines_gone", "extracts.deliveries"):
        one, other = (home.open().cursor().sql(f"select * from {table} order by all").df() for home in homes)
        pd.testing.assert_frame_equal(one, other)
    assert not firm.home.manifest(str(reports[1].snapshot)).lines
    both = comparing.connect(firm.home, firm.after, str(reports[1].snapshot))
    assert queries.ask(both, "moves/promises").fetchall()


def test_without_a_file_its_order_lines_come_over(firm: Firm) -> None:
    count = "select count(*) from extracts.order_lines"
    before = firm.home.open().sql(count).fetchall()
    report = loading.load([], home=firm.home, as_of=datetime.date(2026, 11, 20))
    assert report.snapshot and firm.home.open().sql(count).fetchall() == before


def test_the_room_that_a_load_wants_counts_the_order_lines(firm: Firm) -> None:
    file, beside = firm.home.file(firm.after), sum(part.stat().st_size for part in parts(firm))
    assert space.wanted([], file) == space.LEAST + 2 * (file.stat().st_size + beside)
    assert firm.home.manifest(firm.after).whole_size == file.stat().st_size + beside


# --- damage --------------------------------------------------------------------------------------------------------


def flip(part: Path) -> None:
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)


DAMAGES = {
    "a byte is another": lambda files: flip(files[1]),
    "a file is short": lambda files: files[1].write_bytes(files[1].read_bytes()[:-1]),
    "a file is gone": lambda files: files[1].unlink(),
    "a file is too many": lambda files: shutil.copy(files[0], files[0].with_name("part-00099.parquet")),
    "all are gone": lambda files: shutil.rmtree(files[0].parent),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_where_order_lines_are_damaged_the_snapshot_before_stands_in(firm: Firm, damage: str) -> None:
    DAMAGES[damage](parts(firm))
    with pytest.raises(SnapshotError, match="is damaged"):
        firm.home.check(firm.after, thoroughly=True)
    assert "is shown instead" in str(mending.stand(firm.home))
    assert firm.home.live() == firm.before
    endings = [".duckdb", ".json"] + ([".lines"] if damage != "all are gone" else [])
    assert sorted(one.name for one in (firm.home.snapshots / ASIDE).iterdir()) == [firm.after + end for end in endings]
    assert kept_lines.files(firm.home.snapshots / f"{firm.after}.duckdb") == []
    assert firm.home.open().sql("select count(*) > 0 from marts.promises").fetchall() == [(True,)]


@pytest.mark.parametrize("damage", [damage for damage in DAMAGES if damage != "a byte is another"])
def test_a_snapshot_whose_order_lines_are_not_all_there_never_goes_live(firm: Firm, damage: str) -> None:
    firm.home.publish(firm.before)
    DAMAGES[damage](parts(firm))
    with pytest.raises(SnapshotError, match="is damaged"):
        firm.home.publish(firm.after)
    assert firm.home.live() == firm.before


def test_without_its_order_lines_a_snapshot_is_not_opened(firm: Firm) -> None:
    shutil.rmtree(parts(firm)[0].parent)
    with pytest.raises(SnapshotError, match=f"the order lines of {firm.after} are missing"):
        firm.home.open(firm.after)
    with pytest.raises(SnapshotError, match=f"the order lines of {firm.after} are missing"):
        comparing.connect(firm.home, firm.before, firm.after)


@pytest.mark.parametrize("name", ["../part-00000.parquet", "part-1.parquet", "/etc/passwd"])
def test_what_is_known_of_a_snapshot_names_no_file_elsewhere(firm: Firm, name: str) -> None:
    file = firm.home.snapshots / f"{firm.after}.json"
    known = json.loads(file.read_text(encoding="utf-8"))
    known["lines"][0]["name"] = name
    file.write_text(json.dumps(known), encoding="utf-8")
    with pytest.raises(SnapshotError, match="missing or damaged"):
        firm.home.manifest(firm.after)


# --- what goes and what stays ----------------------------------------------------------------------------------------


def test_what_is_pruned_takes_its_order_lines_along(firm: Firm) -> None:
    beside = kept_lines.folder_of(firm.home.file(firm.before))
    newer = loading.load([], home=firm.home, as_of=datetime.date(2026, 11, 20)).snapshot
    later = loading.load([], home=firm.home, as_of=datetime.date(2026, 11, 21)).snapshot
    assert newer and later
    gone = firm.home.prune(0, datetime.date(2030, 1, 1))
    assert firm.before in gone and not beside.exists()
    assert [folder.name for folder in firm.home.snapshots.glob("*.lines")] == []


def test_nothing_is_pruned_while_somebody_backs_up(firm: Firm) -> None:
    with filelock.FileLock(firm.home.folder / "backing-up.lock"):
        assert firm.home.prune(0, datetime.date(2030, 1, 1)) == ()


def test_order_lines_that_a_killed_load_left_are_swept(firm: Firm) -> None:
    left = firm.home.snapshots / "20260101-000000-abcdef.lines"
    shutil.copytree(parts(firm)[0].parent, left)
    assert leftovers.at_start(firm.home) == []
    assert not left.exists() and len(parts(firm)) > 1
    firm.home.check(firm.after, thoroughly=True)


@pytest.mark.parametrize("step", range(1, 4))
def test_a_publish_that_is_killed_leaves_the_old_snapshot_and_nothing_else(
    firm: Firm, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before each of the three renames by which a snapshot with order lines beside it is taken in."""
    manifest = replace(firm.home.manifest(firm.before), id="20260101-000000-abcdef")
    built = firm.home.snapshots / ".building-x" / "20260101-000000-abcdef.duckdb"
    built.parent.mkdir()
    shutil.copy(firm.home.file(firm.before), built)
    shutil.copytree(kept_lines.folder_of(firm.home.file(firm.before)), kept_lines.folder_of(built))
    renames = 0

    def killed(source: Path, target: Path) -> None:
        nonlocal renames
        renames += 1
        if renames == step:
            raise KeyboardInterrupt
        Path(source).rename(target)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("sop.snapshots.os.replace", killed)
        firm.home.keep(built, manifest)
    names = {f"{one}{ending}" for one in (firm.before, firm.after) for ending in (".duckdb", ".json", ".lines")}
    assert {one.id for one in firm.home.history()} == {firm.before, firm.after}
    firm.home.sweep()
    assert {one.name for one in firm.home.snapshots.iterdir()} == names
    assert firm.home.live() == firm.after


# --- backup and restore ----------------------------------------------------------------------------------------------


def test_a_backup_brings_the_order_lines_back(firm: Firm, tmp_path: Path) -> None:
    made = backups.make(firm.home, tmp_path / "b.tar")
    assert made.form == backups.FORM
    names = [name for name in made.files if ".lines/" in name]
    assert len(names) == sum(len(firm.home.manifest(one).lines) for one in (firm.before, firm.after))
    restoring.restore(tmp_path / "b.tar", tmp_path / "elsewhere" / "home")
    back = Home(tmp_path / "elsewhere" / "home")
    shutil.rmtree(firm.home.folder)  # nothing of what came back names the place where it was
    for snapshot in (firm.before, firm.after):
        back.check(snapshot, thoroughly=True)
    answers = comparing.connect(back, firm.before, firm.after), back.open()
    assert queries.ask(answers[0], "moves/promises").fetchall()
    assert queries.ask(answers[1], "customer/lines", customer=firm.own[0]).fetchall()
    assert Log(back.folder).snapshots_named()


def test_a_backup_without_such_snapshots_is_one_that_an_older_app_reads(plain: Firm, tmp_path: Path) -> None:
    assert backups.make(plain.home, tmp_path / "b.tar").form == backups.FORM_WITHOUT_LINES


def test_a_backup_leaves_out_what_has_damaged_order_lines_unless_it_is_live(firm: Firm, tmp_path: Path) -> None:
    flip(kept_lines.files(firm.home.file(firm.before))[0])
    assert backups.make(firm.home, tmp_path / "b.tar").left_out == (firm.before,)
    flip(parts(firm)[0])
    with pytest.raises(BackupError, match=f"{firm.after} is damaged"):
        backups.make(firm.home, tmp_path / "c.tar")


@pytest.mark.parametrize(
    "name",
    [
        "snapshots/a.lines/../x.parquet", "snapshots/a.lines/x.parquet", "snapshots/a.lines/b/part-00000.parquet",
        "snapshots/a.duckdb/part-00000.parquet", "snapshots/.lines/part-00000.parquet", "a.lines/part-00000.parquet",
    ],
)  # fmt: skip
def test_a_backup_holds_order_lines_under_names_of_ours_only(name: str) -> None:
    assert backups.is_a_part("snapshots/a.lines/part-00000.parquet")
    assert not backups.is_a_part(name)
