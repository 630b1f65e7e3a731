"""A full disk, a folder that cannot be written, a locked and a truncated log: a plain message, and the app works on."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sop import decisions, following_up, leftovers, loading, mending, space, verifying
from sop.decisions import FILE_NAME, Log
from sop.errors import LogError, SnapshotError, SopError
from sop.snapshots import Home
from tests.decided import Company, company
from tests.test_pages import open_page, shown

ORDERS = "order_id,customer_id,product_id,quantity,promised_date\nA1,ACME,PUMP,{},2026-12-10\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Company:
    firm = company(tmp_path_factory.mktemp("made"))
    firm.decide()
    firm.october()
    return firm


@pytest.fixture
def firm(made: Company, tmp_path: Path) -> Company:
    home = Home(Path(shutil.copytree(made.home.folder, tmp_path / "home")))
    return Company(home, Log(home.folder), made.september)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own that is small, where the system lets it be made."""
    where = tmp_path / "disk"
    where.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(where)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no file system may be mounted here: {done.stderr.decode().strip()}")
    try:
        yield where
    finally:
        subprocess.run(["umount", "--lazy", str(where)], check=True)


def on(disk: Path, made: Company) -> Company:
    home = Home(Path(shutil.copytree(made.home.folder, disk / "home")))
    return Company(home, Log(home.folder), made.september)


def fill(disk: Path) -> Path:
    """Write to a disk until there is no room left."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as out, contextlib.suppress(OSError):
        for size in (1 << 20, 4096, 512):
            with contextlib.suppress(OSError):
                while True:
                    out.write(b"x" * size)
    return filler


def orders(folder: Path, quantity: int) -> Path:
    file = folder / f"order_lines_{quantity}.csv"
    file.write_text(ORDERS.format(quantity))
    return file


# --- a full disk -------------------------------------------------------------------------------------------------


def test_nothing_is_built_where_there_is_no_room(
    firm: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    live = firm.home.live()
    asked: list[str] = []
    real = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: real._replace(free=space.LEAST))
    with pytest.raises(
        SnapshotError, match=r"There is no room for a new snapshot: 34 MB are free .* nothing was published"
    ):
        loading.load([orders(tmp_path, 1)], home=firm.home, on_step=asked.append)
    assert asked == [], "nothing was even looked at"
    assert firm.home.live() == live
    monkeypatch.undo()
    assert loading.load([orders(tmp_path, 1)], home=firm.home).snapshot


def test_the_room_that_is_wanted_grows_with_the_files_and_the_live_snapshot(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(bytes(1_000))
    (tmp_path / "a.csv.gz").write_bytes(bytes(1_000))
    alone = space.wanted([tmp_path / "a.csv"], None)
    assert alone == space.LEAST + 2_000
    assert space.wanted([tmp_path / "a.csv.gz"], None) > alone < space.wanted([tmp_path / "a.csv"], tmp_path / "a.csv")
    assert space.wanted([tmp_path / "missing"], None) == space.LEAST


def test_a_build_takes_its_share_of_the_memory_of_the_innermost_group_that_has_a_bound(tmp_path: Path) -> None:
    own, service = tmp_path / "own", tmp_path / "groups" / "system.slice" / "review.service"
    own.write_text("0::/system.slice/review.service\n", encoding="ascii")
    service.mkdir(parents=True)
    unbounded = space.memory_to_build(tmp_path / "groups", own)
    (service / "memory.max").write_text("max\n", encoding="ascii")
    assert space.memory_to_build(tmp_path / "groups", own) == unbounded <= space.MOST_MEMORY
    (service.parent / "memory.max").write_text(f"{3 << 30}\n", encoding="ascii")
    assert space.memory_to_build(tmp_path / "groups", own) == int(0.4 * (3 << 30))
    (service / "memory.max").write_text(f"{2 << 30}\n", encoding="ascii")
    assert space.memory_to_build(tmp_path / "groups", own) == int(0.4 * (2 << 30))
    (service / "memory.max").write_text(f"{64 << 20}\n", encoding="ascii")
    assert space.memory_to_build(tmp_path / "groups", own) == space.LEAST_MEMORY
    assert space.memory_to_build(tmp_path / "nowhere", tmp_path / "nothing") == unbounded


def test_on_a_full_disk_everything_is_done_or_refused_aloud_and_goes_on_when_there_is_room(
    disk: Path, made: Company, tmp_path: Path
) -> None:
    firm = on(disk, made)
    live, acknowledged, refused = firm.home.live(), [], 0
    filler = fill(disk)
    with pytest.raises(SopError, match=r"There is no room for a new snapshot|could not be written|cannot be"):
        loading.load([orders(tmp_path, 1)], home=firm.home)
    assert firm.home.live() == live
    for number in range(6):
        try:
            acknowledged.append(firm.decide(work_centre_id=f"W{number}"))
        except LogError as trouble:
            refused += 1
            assert "full" in str(trouble) or "disk" in str(trouble)
    assert refused == 6
    with contextlib.suppress(SopError):
        firm.home.publish(firm.september, by="a test")
    assert firm.home.live() in (live, firm.september)
    with firm.home.open() as connection:
        assert connection.execute("select count(*) from extracts.order_lines").fetchone() == (6,)
    assert mending.stand(firm.home) is None
    for room in (20_000, 200_000):  # room for a part of what an entry needs: each is there whole or not at all
        os.truncate(filler, max(0, filler.stat().st_size - room))
        with contextlib.suppress(LogError):
            acknowledged.append(firm.decide(work_centre_id=f"R{room}"))
    filler.unlink()
    acknowledged.append(firm.decide(work_centre_id="W9"))
    kept = following_up.read(firm.log, following_up.newest(firm.log))["logged_decisions"]["id"].to_pylist()
    assert set(acknowledged) <= set(kept)
    assert leftovers.at_start(firm.home) == []
    assert verifying.verify(firm.log).is_whole
    assert loading.load([orders(tmp_path, 2)], home=firm.home).snapshot == firm.home.live()


def test_where_a_file_may_not_grow_a_decision_is_refused_aloud(firm: Company) -> None:
    """The same without a disk of its own: no file of that process may be larger than the log is now."""
    program = (
        "import resource, sys, pathlib, signal; from sop.decisions import Log; from sop.errors import LogError;"
        " from sop import deciding; from tests.decided import OPTIONS, decision; home = pathlib.Path(sys.argv[1]);"
        " signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        " resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, 8_192))\n"
        "try: print('written', deciding.decide(Log(home), decision('s'), OPTIONS, 'tier'))\n"
        "except LogError as trouble: print('refused:', trouble)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(firm.home.folder)], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert done.stdout.startswith("refused:") and "\n" not in done.stdout.strip()
    assert verifying.verify(firm.log).is_whole
    assert firm.decide(work_centre_id="W9") == 2


# --- a folder that cannot be written -----------------------------------------------------------------------------


def test_in_a_folder_that_cannot_be_written_pages_open_and_writing_is_refused_in_a_sentence(
    disk: Path, made: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = on(disk, made)
    file = orders(tmp_path, 1)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    acts: list[Callable[[], object]] = [
        lambda: firm.decide(work_centre_id="W9"),
        lambda: loading.load([file], home=firm.home),
        lambda: firm.home.publish(firm.september, by="a test"),
    ]
    for act in acts:
        with pytest.raises(SopError) as trouble:
            act()
        said = str(trouble.value)
        assert ("Read-only" in said or "cannot be written" in said) and "\n" not in said
    assert all("\n" not in one and "audit trail is broken" not in one for one in leftovers.at_start(firm.home))
    for name in ("overview", "customers", "decisions"):
        app = open_page(name, firm.home, monkeypatch)
        assert app.title[0].value and not app.error, shown(app)


# --- the log -----------------------------------------------------------------------------------------------------


def test_while_another_program_holds_the_log_writing_is_refused_and_reading_goes_on(
    firm: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "PATIENCE", 0.2)
    holder = sqlite3.connect(firm.log.folder / FILE_NAME, isolation_level=None)
    holder.execute("begin immediate")
    with pytest.raises(LogError, match=r"cannot be written \(database is locked\)"):
        firm.decide(work_centre_id="W9")
    assert "made up for later" in str(firm.home.publish(firm.september, by="a test")), "publishing does not wait for it"
    app = open_page("decisions", firm.home, monkeypatch)
    assert "1 decision in force" in shown(app)
    holder.execute("rollback")
    holder.close()
    assert firm.decide(work_centre_id="W9") == 2
    assert leftovers.at_start(firm.home) == []


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.99])
def test_a_truncated_log_is_said_and_the_figures_are_there(
    firm: Company, share: float, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = firm.log.folder / FILE_NAME
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
    said = leftovers.at_start(firm.home)
    assert len(said) == 1 and "\n" not in said[0]
    assert "mend the file or restore it from a backup" in said[0] or "The audit trail is broken" in said[0]
    app = open_page("overview", firm.home, monkeypatch)
    assert app.metric, "the figures are there"
    report = loading.load([orders(tmp_path, 3)], home=firm.home)
    assert report.snapshot == firm.home.live(), "and new ones can be published"
