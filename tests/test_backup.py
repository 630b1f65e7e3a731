"""A backup holds everything and is restored whole or not at all, whatever became of its file meanwhile."""

from __future__ import annotations

import io
import json
import random
import shutil
import sqlite3
import tarfile
import threading
from pathlib import Path

import pytest

from sop import access, audit, backups, following_up, noting, record, restoring, verifying
from sop.access import Person, Role
from sop.cli import main
from sop.decisions import FILE_NAME, Log
from sop.errors import AccessError, BackupError
from sop.noting import Place
from sop.snapshots import Home
from tests.decided import Company
from tests.decided import company as decided_company
from tests.older.make import write_everything


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Company:
    firm = decided_company(tmp_path_factory.mktemp("made"))
    write_everything(firm)
    firm.october()
    (firm.home.folder / "settings.toml").write_text('company_name = "Ours"\n')
    return firm


@pytest.fixture(scope="module")
def backup(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backup") / "b.tar"
    backups.make(made.home, file)
    return file


@pytest.fixture
def firm(made: Company, tmp_path: Path) -> Company:
    home = Home(Path(shutil.copytree(made.home.folder, tmp_path / "home")))
    return Company(home, Log(home.folder), made.september)


def everything(home: Home) -> dict[str, bytes]:
    """Each file but the log and the locks."""
    return {
        str(file.relative_to(home.folder)): file.read_bytes()
        for file in home.folder.rglob("*")
        if file.is_file() and not file.name.startswith(FILE_NAME) and file.suffix != ".lock"
    }


def of_the_log(log: Log) -> list[list[tuple[object, ...]]]:
    with sqlite3.connect(log.folder / FILE_NAME) as connection:
        names = [
            name for (name,) in connection.execute("select name from sqlite_master where type = 'table' order by 1")
        ]
        return [
            sorted(connection.execute(f"select * from {name}").fetchall(), key=str) for name in names if name != "audit"
        ]


def test_everything_comes_back(made: Company, backup: Path, tmp_path: Path) -> None:
    restoring.restore(backup, tmp_path / "home")
    home = Home(tmp_path / "home")
    assert everything(home) == everything(made.home)
    assert of_the_log(Log(home.folder)) == of_the_log(made.log)
    assert verifying.verify(Log(home.folder), [str(backups.read(backup).seal)]).is_whole
    assert audit.entries(Log(home.folder))[-1].act == "restored a backup"
    assert audit.entries(made.log)[-1].act == "backed up"
    assert oct(backup.stat().st_mode & 0o777) == "0o600"


def test_a_home_that_is_there_stays_unless_it_is_said(firm: Company, backup: Path) -> None:
    before = everything(firm.home)
    with pytest.raises(BackupError, match="is not empty"):
        restoring.restore(backup, firm.home.folder)
    assert everything(firm.home) == before
    done = restoring.restore(backup, firm.home.folder, replace=True)
    assert done.moved_to and everything(Home(done.moved_to)) == before
    assert sorted(one.name for one in firm.home.folder.parent.iterdir()) == sorted(["home", done.moved_to.name])


def test_from_a_command_line(
    firm: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(firm.home.folder))
    seal = audit.seal(firm.log)
    assert main(["backup", "--out", str(tmp_path / "b.tar")]) == 0
    assert f"newest audit entry {seal}." in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "b.tar")]) == 2
    assert main(["restore", str(tmp_path / "b.tar"), "--into", str(tmp_path / "elsewhere")]) == 0
    assert main(["restore", str(tmp_path / "b.tar"), "--replace"]) == 0
    assert "What was there is kept in" in capsys.readouterr().out


def test_only_the_chair_may(firm: Company, backup: Path, tmp_path: Path) -> None:
    with access.acting_as(Person("Bo", Role.PLANNER)):
        with pytest.raises(AccessError):
            backups.make(firm.home, tmp_path / "mine.tar")
        with pytest.raises(AccessError):
            restoring.restore(backup, tmp_path / "mine")
    assert not (tmp_path / "mine.tar").exists() and not (tmp_path / "mine").exists()


# --- altered files -----------------------------------------------------------------------------------------------


def refused(file: Path, into: Path) -> None:
    before = sorted(into.parent.iterdir())
    with pytest.raises(BackupError, match="othing was restored"):
        restoring.restore(file, into)
    assert sorted(into.parent.iterdir()) == before, "nothing is left, not even for a moment's sake"


def test_a_bit_flipped_anywhere_is_refused(backup: Path, tmp_path: Path) -> None:
    content, chance = backup.read_bytes(), random.Random(7)
    places = [0, 257, len(content) - 1, len(content) - 30, len(content) - backups.TRAILER]
    places += [chance.randrange(len(content)) for _ in range(60)]
    file = tmp_path / "altered.tar"
    for place in places:
        altered = bytearray(content)
        altered[place] ^= 1 << chance.randrange(8)
        file.write_bytes(altered)
        refused(file, tmp_path / "home")


def test_a_file_cut_anywhere_is_refused(backup: Path, tmp_path: Path) -> None:
    content, chance = backup.read_bytes(), random.Random(8)
    file = tmp_path / "cut.tar"
    for length in [0, 1, 83, 84, 512, len(content) - 1, *(chance.randrange(len(content)) for _ in range(30))]:
        file.write_bytes(content[:length])
        refused(file, tmp_path / "home")
    for more in (content + b"x", content + content, b"x" + content, content[:5000] + content[5100:]):
        file.write_bytes(more)
        refused(file, tmp_path / "home")


def test_what_is_no_backup_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for content in (b"", b"x" * 500, b"PK\x03\x04" + b"0" * 2000):
        (tmp_path / "no.tar").write_bytes(content)
        refused(tmp_path / "no.tar", tmp_path / "home")
    refused(tmp_path / "missing.tar", tmp_path / "home")


def rewritten(backup: Path, to: Path, *, drop: str = "", add: tuple[tarfile.TarInfo, bytes] | None = None,
              change: tuple[str, bytes] | None = None, known: dict[str, object] | None = None) -> Path:  # fmt: skip
    """The same backup as somebody might write it who knows how its checksum is made."""
    packed = io.BytesIO()
    with tarfile.open(backup) as old, tarfile.open(fileobj=packed, mode="w") as new:
        for entry in old:
            content = old.extractfile(entry).read()  # type: ignore[union-attr]
            if drop and entry.name.endswith(drop):
                continue
            if change and entry.name.endswith(change[0]):
                content = change[1]
            if known and entry.name == backups.MANIFEST:
                content = json.dumps({**json.loads(content), **known}).encode()
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
        if add:
            new.addfile(add[0], io.BytesIO(add[1]))
    import hashlib

    whole = packed.getvalue()
    to.write_bytes(whole + backups.CLOSING + hashlib.sha256(whole).hexdigest().encode() + b"\n")
    return to


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


def test_a_backup_made_up_by_hand_writes_nothing_outside(backup: Path, tmp_path: Path) -> None:
    known = backups.read(backup)
    outside = {"../outside": (0, ""), **known.files}
    link = {"snapshots/a.duckdb": (0, ""), **known.files}
    cases = [
        rewritten(backup, tmp_path / "1.tar", drop=FILE_NAME),
        rewritten(backup, tmp_path / "2.tar", drop=".duckdb"),
        rewritten(backup, tmp_path / "3.tar", add=(entry("extra"), b"")),
        rewritten(backup, tmp_path / "4.tar", add=(entry("../outside"), b""), known={"files": outside}),
        rewritten(
            backup, tmp_path / "5.tar", add=(entry("snapshots/a.duckdb", tarfile.SYMTYPE, "/etc/passwd"), b""),
            known={"files": link},
        ),
        rewritten(backup, tmp_path / "6.tar", change=("settings.toml", b"x")),
        rewritten(backup, tmp_path / "7.tar", known={"live": "another"}),
        rewritten(backup, tmp_path / "8.tar", known={"seal": "1:" + "0" * 64}),
        rewritten(backup, tmp_path / "9.tar", known={"form": 99}),
        rewritten(backup, tmp_path / "10.tar", known={"log_version": 99}),
        rewritten(backup, tmp_path / "11.tar", change=(backups.MANIFEST, b"{")),
        rewritten(backup, tmp_path / "12.tar", drop=backups.MANIFEST),
    ]  # fmt: skip
    for file in cases:
        refused(file, tmp_path / "home")


def test_that_a_log_was_changed_by_hand_before_is_said(firm: Company, tmp_path: Path) -> None:
    from tests.test_audit import by_hand

    by_hand(firm.log, "update decisions set reason = 'another' where id = 1")
    backups.make(firm.home, tmp_path / "b.tar")
    said = restoring.restore(tmp_path / "b.tar", tmp_path / "restored").said
    assert said and "covers was changed: decisions 1. It was so when the backup was made." in said


def test_a_restore_that_fails_at_the_end_leaves_what_was_there(
    firm: Company, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real, calls = everything(firm.home), Path.rename, []

    def rename(source: Path, target: Path) -> Path:
        calls.append(source)
        if len(calls) == 2:
            raise OSError("no space left")
        return real(source, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(BackupError, match="no space left"):
        restoring.restore(backup, firm.home.folder, replace=True)
    monkeypatch.undo()
    assert everything(firm.home) == before
    assert [one.name for one in firm.home.folder.parent.iterdir()] == ["home"]


# --- while it is in use ------------------------------------------------------------------------------------------


def test_what_was_acknowledged_before_it_began_is_in_it(firm: Company, tmp_path: Path) -> None:
    """One writes notes and decisions in a loop, one publishes; each backup holds all that was acknowledged when it began."""
    stop, acknowledged, failed = threading.Event(), [], []

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                noting.note(firm.log, Place(customer_id="ACME"), f"{number}", by="Ann", snapshot_id=firm.september)
                acknowledged.append(firm.decide(work_centre_id=f"W{number}"))
            except Exception as trouble:
                failed.append(trouble)

    def publish() -> None:
        while not stop.is_set():
            for snapshot in (firm.september, newest):
                try:
                    firm.home.publish(snapshot, by="Ann")
                except Exception as trouble:
                    failed.append(trouble)

    newest = str(firm.home.live())
    threads = [threading.Thread(target=write), threading.Thread(target=publish)]
    for thread in threads:
        thread.start()
    try:
        for number in range(4):
            while len(acknowledged) < (number + 1) * 3 and not failed:
                stop.wait(0.01)
            before, file = list(acknowledged), tmp_path / f"{number}.tar"
            backups.make(firm.home, file)
            restoring.restore(file, tmp_path / f"restored-{number}")
            log = Log(tmp_path / f"restored-{number}")
            kept = following_up.read(log, following_up.newest(log))["logged_decisions"]["id"].to_pylist()
            assert set(before) <= set(kept)
            assert verifying.verify(log).is_whole
            assert Home(log.folder).live() in (firm.september, newest)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failed == []
    assert verifying.verify(firm.log).is_whole


def test_a_damaged_snapshot_is_left_out_aloud_and_a_damaged_live_one_stops_it(firm: Company, tmp_path: Path) -> None:
    file = firm.home.file(firm.september)
    file.write_bytes(b"\xa5" * file.stat().st_size)
    assert backups.make(firm.home, tmp_path / "b.tar").left_out == (firm.september,)
    live = firm.home.file(str(firm.home.live()))
    live.write_bytes(b"\xa5" * live.stat().st_size)
    with pytest.raises(BackupError, match=r"is damaged\. Start the app"):
        backups.make(firm.home, tmp_path / "c.tar")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b.tar", "home"]


def test_an_empty_home_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is nothing in"):
        backups.make(Home(tmp_path / "home"), tmp_path / "b.tar")


# --- PostgreSQL --------------------------------------------------------------------------------------------------


def test_a_log_in_postgresql_goes_in_by_its_rows_and_comes_back(
    firm: Company, log_in_postgres: Log, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log(firm.home.folder, log_in_postgres.url)
    (firm.home.folder / record.FILE_NAME).unlink()  # its seals are those of the log that was a file
    write_everything(Company(firm.home, log, firm.september))
    monkeypatch.setenv("SOP_DECISIONS_URL", log.url)
    made = backups.make(firm.home, tmp_path / "b.tar")
    assert made.seal and made.seal.startswith("11:")
    into = tmp_path / "restored"
    restoring.restore(tmp_path / "b.tar", into)  # the database is there and has gone on: it stays
    assert audit.entries(log)[-1].act == "restored a backup"

    import sqlalchemy as sql

    engine = sql.create_engine(log.url)
    with engine.begin() as connection:
        schema = connection.execute(sql.text("select current_schema()")).scalar_one()
        connection.execute(sql.text(f"drop schema {schema} cascade"))
        connection.execute(sql.text(f"create schema {schema}"))
    engine.dispose()
    assert audit.entries(log) == ()
    restoring.restore(tmp_path / "b.tar", into, replace=True)
    assert [entry.id for entry in audit.entries(log)] == list(range(1, 13))
    assert verifying.verify(log, [made.seal]).is_whole
    assert noting.note(log, Place(customer_id="ACME"), "later", by="Ann", snapshot_id="s") == 2, "numbers go on"
    assert verifying.verify(log).is_whole
    monkeypatch.delenv("SOP_DECISIONS_URL")
    restoring.restore(tmp_path / "b.tar", tmp_path / "as a file")
    assert len(audit.entries(Log(tmp_path / "as a file"))) == 12
