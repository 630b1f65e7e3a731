"""Files of the version before: opened, migrated by the first entry, or refused with what to do. See tests/older/make.py."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path

import pytest

from sop import audit, backups, closing, company, correcting, following_up, leftovers, restoring, verifying
from sop.cli import main
from sop.decisions import FILE_NAME, Log
from sop.errors import SnapshotError
from sop.migrating import VERSION
from sop.snapshots import Home
from tests.decided import OPTIONS, decision
from tests.kept import take_out_lines
from tests.test_audit import by_hand
from tests.test_pages import open_page

OLDER = Path(__file__).parent / "older"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home as version 4 left it: its log, and its snapshot, which is live."""
    made = home_of("v4", tmp_path / "home")
    (made.folder / FILE_NAME).write_bytes(gzip.decompress((OLDER / "v4.sqlite.gz").read_bytes()))
    return made


def home_of(name: str, folder: Path) -> Home:
    """A home with the snapshot of that name, which is live."""
    made = Home(folder)
    made.snapshots.mkdir(parents=True)
    snapshot = json.loads((OLDER / f"{name}.json").read_text())["id"]
    (made.snapshots / f"{snapshot}.duckdb").write_bytes(gzip.decompress((OLDER / f"{name}.duckdb.gz").read_bytes()))
    (made.snapshots / f"{snapshot}.json").write_bytes((OLDER / f"{name}.json").read_bytes())
    (made.folder / "live").write_text(f"{snapshot}\n")
    line = {"when": "2026-11-29T01:55:00+00:00", "snapshot": snapshot, "by": "a test", "what": "published"}
    (made.folder / "published.jsonl").write_text(f"{json.dumps(line)}\n")
    return made


def version(home: Home) -> tuple[int]:
    with sqlite3.connect(home.folder / FILE_NAME) as connection:
        stated: tuple[int] = connection.execute("pragma user_version").fetchone()
    return stated


def test_a_log_of_version_4_is_read_as_it_is(home: Home) -> None:
    log = Log(home.folder)
    assert correcting.as_taken(log, 2)[0].reason == "Brio asked for the fifteenth"
    assert [one.minutes for one in closing.closings(log)] == ["Brio is told."]
    assert company.read(home.folder).measure.days_late_allowed == 2
    assert following_up.read(log, following_up.newest(log))["logged_lines"].num_rows == 10
    assert audit.entries(log) == () and audit.seal(log) is None
    assert verifying.verify(log).is_whole, "what has no audit trail yet is not broken"
    assert version(home) == (4,), "reading changes nothing"


def test_its_first_entry_brings_it_to_this_version_and_covers_what_was_there(home: Home) -> None:
    from sop import deciding

    log = Log(home.folder)
    assert deciding.decide(log, decision("a-snapshot", work_centre_id="W9"), OPTIONS, "tier") == 3
    assert version(home) == (VERSION,)
    first, second = audit.entries(log)
    assert first.act == "began the audit trail" and "decisions to 2" in first.about
    assert first.covers["decisions"][:2] == (1, 2) and second.covers["decisions"][:2] == (3, 3)
    assert verifying.verify(log).is_whole
    with sqlite3.connect(log.folder / FILE_NAME) as connection, pytest.raises(sqlite3.Error, match="append-only"):
        connection.execute("delete from audit")
    by_hand(log, "update decisions set reason = 'another' where id = 1")
    assert "covers was changed: decisions 1 to 2" in verifying.verify(log).broken[0]


def test_a_start_enters_what_was_published_before(home: Home) -> None:
    assert leftovers.at_start(home) == []
    assert [(entry.act, entry.name) for entry in audit.entries(Log(home.folder))][1:] == [("published", "a test")]
    assert version(home) == (VERSION,)


def test_a_snapshot_of_version_4_is_refused_with_what_to_do_and_that_does_it(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(home.folder))
    manifest = home.manifest(str(home.live()))
    changed = {**json.loads((OLDER / "v4.json").read_text()), "made_with": "the SQL of another version"}
    (home.snapshots / f"{manifest.id}.json").write_text(json.dumps(changed))  # as soon as one query differs
    with pytest.raises(SnapshotError, match=r"made by another version of the app.*python -m sop rebuild"):
        home.check_version(manifest.id)
    app = open_page("overview", home, monkeypatch)
    assert "sop rebuild" in app.error[0].value
    assert main(["rebuild"]) == 0
    assert home.is_of_this_version()
    assert main(["ask", "overview/snapshot", "--format", "json"]) == 0
    assert '"order_line_count": 6' in capsys.readouterr().out
    assert manifest.id in {one.id for one in home.history()}, "decisions rest on it, so it stays"


@pytest.mark.parametrize("where", ["in its file", "beside it"])
def test_a_snapshot_whose_promises_are_a_table_is_built_again_wherever_it_keeps_them(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_of("v5", tmp_path / "home")
    monkeypatch.setenv("SOP_HOME", str(home.folder))
    before = str(home.live())
    if where == "beside it":
        take_out_lines(home, before, tmp_path / "lines", table="marts.promises")
    with home.open() as older:
        asked = "select * from extracts.order_lines order by all"
        lines, promises = older.sql(asked).fetchall(), older.sql("select * from marts.promises order by all")
        columns = [column for column in promises.columns if column != "rowid"]
        told = older.sql(f"select {', '.join(columns)} from marts.promises order by all").fetchall()
    assert len(lines) == 6
    assert main(["rebuild"]) == 0
    assert home.live() != before
    with home.open() as newer:
        assert newer.sql(asked).fetchall() == lines
        assert newer.sql(f"select {', '.join(columns)} from marts.promises order by all").fetchall() == told


def test_a_home_of_version_4_is_backed_up_and_restored(home: Home, tmp_path: Path) -> None:
    made = backups.make(home, tmp_path / "b.tar")
    assert made.seal is None
    restoring.restore(tmp_path / "b.tar", tmp_path / "restored")
    log = Log(tmp_path / "restored")
    assert correcting.as_taken(log, 2)[0].reason == "Brio asked for the fifteenth"
    assert verifying.verify(log).is_whole
