"""A damaged or deleted snapshot: a plain message, the one before goes live, the damaged one is kept aside."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sop import audit, leftovers, loading, mending, record, verifying
from sop.cli import main
from sop.decisions import Log
from sop.errors import SnapshotError
from sop.record import STOOD_IN
from sop.snapshots import ASIDE, LIVE, Home
from tests.decided import Company, company
from tests.test_pages import open_page, shown


def flipped(file: Path, place: float) -> None:
    content = bytearray(file.read_bytes())
    content[int(len(content) * place)] ^= 1
    file.write_bytes(content)


def cut(file: Path, share: float) -> None:
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])


def written_over(file: Path, start: int) -> None:
    content = bytearray(file.read_bytes())
    content[start : start + 4096] = bytes(one ^ 0x5A for one in content[start : start + 4096])
    file.write_bytes(content)


def replaced(file: Path, make: Callable[[], object]) -> None:
    file.unlink()
    make()


def changed(file: Path, **values: object) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


OF_THE_FILE: dict[str, Callable[[Path, Path], object]] = {
    "cut in half": lambda file, beside: cut(file, 0.5),
    "cut by a byte": lambda file, beside: os.truncate(file, file.stat().st_size - 1),
    "empty": lambda file, beside: file.write_bytes(b""),
    "longer by a byte": lambda file, beside: file.open("ab").write(b"x"),
    "its header overwritten": lambda file, beside: written_over(file, 0),
    "a page in the middle overwritten": lambda file, beside: written_over(file, file.stat().st_size // 2),
    "a bit flipped near its start": lambda file, beside: flipped(file, 0.001),
    "a bit flipped in the middle": lambda file, beside: flipped(file, 0.5),
    "a bit flipped at its end": lambda file, beside: flipped(file, 0.9999),
    "garbage of the same size": lambda file, beside: file.write_bytes(b"\xa5" * file.stat().st_size),
    "deleted": lambda file, beside: file.unlink(),
    "a folder in its place": lambda file, beside: replaced(file, file.mkdir),
    "a link to nothing": lambda file, beside: replaced(file, lambda: file.symlink_to("nothing")),
    "a link to itself": lambda file, beside: replaced(file, lambda: file.symlink_to(file)),
    "a pipe in its place": lambda file, beside: replaced(file, lambda: os.mkfifo(file)),
    "what is known of it deleted": lambda file, beside: beside.unlink(),
    "what is known of it cut": lambda file, beside: cut(beside, 0.5),
    "what is known of it empty": lambda file, beside: beside.write_bytes(b""),
    "what is known of it garbage": lambda file, beside: beside.write_bytes(b"\xff\x00{]"),
    "another hash known of it": lambda file, beside: changed(beside, sha256="0" * 64),
    "another size known of it": lambda file, beside: changed(beside, size=7),
    "no date known of it": lambda file, beside: changed(beside, as_of="soon"),
    "a pipe for what is known of it": lambda file, beside: replaced(beside, lambda: os.mkfifo(beside)),
    "both deleted": lambda file, beside: replaced(file, beside.unlink),
}  # fmt: skip
OF_THE_POINTER: dict[str, Callable[[Path], object]] = {
    "deleted": lambda live: live.unlink(),
    "empty": lambda live: live.write_bytes(b""),
    "no text": lambda live: live.write_bytes(b"\xff\xfe\x00"),
    "nonsense": lambda live: live.write_text("../../etc/passwd\n"),
    "naming none that there is": lambda live: live.write_text("20200101-000000-abcdef\n"),
    "a folder": lambda live: replaced(live, live.mkdir),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A home of two months, and the ids of September's snapshot and of October's, which is live."""
    firm = company(tmp_path_factory.mktemp("made"))
    firm.october()
    return firm.home.folder, firm.september, str(firm.home.live())


@pytest.fixture
def home(made: tuple[Path, str, str], tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(made[0], tmp_path / "home")))


@pytest.mark.parametrize("way", OF_THE_FILE)
def test_the_one_before_goes_live_and_the_damaged_one_is_kept_aside(
    home: Home, made: tuple[Path, str, str], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, september, october = made
    files = [home.snapshots / f"{october}{ending}" for ending in (".duckdb", ".json")]
    OF_THE_FILE[way](*files)
    there = {file.name for file in files if os.path.lexists(file)}
    said = mending.stand(home)
    assert said and said.startswith("The snapshot that was live is damaged or gone (") and "Load the newest" in said
    assert home.live() == september
    with home.open() as connection:
        assert connection.execute("select count(*) from extracts.order_lines").fetchone() == (6,)
    assert {file.name for file in home.snapshots.glob(f"{ASIDE}/*")} == there
    assert not any(os.path.lexists(file) for file in files)
    assert [line.what for line in home.record()] == ["published", "published", STOOD_IN]
    newest = audit.entries(Log(home.folder))[-1]
    assert (newest.name, newest.act) == ("the app itself", "put an intact snapshot in the place of a damaged one")
    assert verifying.verify(Log(home.folder)).is_whole
    assert mending.stand(home) == said, "it goes on being said"
    assert len(home.record()) == 3, "and is mended once"


@pytest.mark.parametrize("way", OF_THE_POINTER)
def test_a_pointer_that_is_lost_is_written_anew(home: Home, made: tuple[Path, str, str], way: str) -> None:
    OF_THE_POINTER[way](home.folder / LIVE)
    assert mending.stand(home)
    assert home.live() == made[2], "the newest is intact"
    assert not (home.snapshots / ASIDE).exists()


def test_every_page_says_it_until_the_extracts_are_loaded_again(
    home: Home, made: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    flipped(home.snapshots / f"{made[2]}.duckdb", 0.5)
    for name in ("overview", "customers"):
        assert "shown instead" in "".join(warning.value for warning in open_page(name, home, monkeypatch).warning)
    orders = tmp_path / "order_lines.csv"
    orders.write_text("order_id,customer_id,product_id,quantity,promised_date\nA1,ACME,PUMP,1,2026-12-10\n")
    report = loading.load([orders], home=home)
    assert any("shown instead" in said for said in report.said), "the load says on what it was built"
    assert "shown instead" not in shown(open_page("overview", home, monkeypatch))


def test_the_command_line_says_it_and_answers(
    home: Home, made: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(home.folder))
    (home.snapshots / f"{made[2]}.duckdb").unlink()
    assert main(["ask", "overview/snapshot"]) == 0
    said = capsys.readouterr()
    assert "shown instead" in said.err and "2026-09-30" in said.out


def test_damage_while_the_app_runs_is_found_by_the_next_look(home: Home, made: tuple[Path, str, str]) -> None:
    assert mending.stand(home) is None
    flipped(home.snapshots / f"{made[2]}.duckdb", 0.5)
    assert mending.stand(home)
    assert home.live() == made[1]


def test_every_byte_is_read_once_for_each_snapshot(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = Home.check

    def check(self: Home, snapshot: str, *, thoroughly: bool = False) -> None:
        read.extend([snapshot] * thoroughly)
        real(self, snapshot, thoroughly=thoroughly)

    monkeypatch.setattr(Home, "check", check)
    for _ in range(5):
        assert mending.stand(home) is None
    assert read == [home.live()]


def test_nobody_waits_while_a_large_one_is_read(
    home: Home, made: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "LARGE", 1)
    done = threading.Event()
    real = mending._read_through

    def read(*given: object) -> str | None:
        found = real(*given)  # type: ignore[arg-type]
        done.set()
        return found

    monkeypatch.setattr(mending, "_read_through", read)
    flipped(home.snapshots / f"{made[2]}.duckdb", 0.5)
    mending.stand(home)
    assert done.wait(20)
    assert mending.stand(home), "what was found counts from the next look on"
    assert home.live() == made[1]


def test_of_several_that_find_it_at_once_one_mends_it(home: Home, made: tuple[Path, str, str]) -> None:
    flipped(home.snapshots / f"{made[2]}.duckdb", 0.5)
    start, said = threading.Barrier(8), []

    def look() -> None:
        start.wait()
        said.append(mending.stand(Home(home.folder)))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(said)) == 1 and said[0]
    assert [line.what for line in home.record()].count(STOOD_IN) == 1
    assert home.live() == made[1]


def test_where_none_is_intact_everything_stays_and_a_sentence_says_what_to_do(home: Home) -> None:
    for file in home.snapshots.glob("*.duckdb"):
        flipped(file, 0.5)
    live = home.live()
    assert mending.stand(home) is None
    assert home.live() == live and not (home.snapshots / ASIDE).exists()
    with pytest.raises(SnapshotError, match="is damaged"):
        home.check(str(live), thoroughly=True)


def test_a_snapshot_that_lost_its_other_half_is_kept_aside_by_the_next_start(
    home: Home, made: tuple[Path, str, str]
) -> None:
    (home.snapshots / f"{made[1]}.json").unlink()
    (home.snapshots / "20200101-000000-abcdef.duckdb").write_bytes(b"half-built")
    leftovers.at_start(home)
    assert [file.name for file in home.snapshots.glob(f"{ASIDE}/*")] == [f"{made[1]}.duckdb"]
    assert not (home.snapshots / "20200101-000000-abcdef.duckdb").exists()


def test_what_a_killed_process_left_is_gone_after_the_next_start(home: Home, tmp_path: Path) -> None:
    left = [
        home.snapshots / ".building-abc" / "x.duckdb",
        home.folder / f".{LIVE}-ab12",
        home.snapshots / ".x.json-ab12",
    ]
    for file in left:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"half")
    assert leftovers.at_start(home) == []
    assert not any(file.exists() for file in left)


def test_uploads_that_nobody_holds_any_more_are_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    held = leftovers.UploadFolder()
    abandoned, young = tmp_path / f"{leftovers.UPLOADS}abandoned", tmp_path / f"{leftovers.UPLOADS}young"
    for folder in (abandoned, young):
        folder.mkdir()
        (folder / "0").write_text("customer,order")
    for folder in (abandoned, Path(held.name)):
        os.utime(folder, (0, 0))
    leftovers.sweep_uploads()
    assert sorted(folder.name for folder in tmp_path.iterdir()) == sorted([young.name, Path(held.name).name])
    held.cleanup()
    assert not Path(held.name).exists()


def test_a_stand_in_is_of_the_same_company(decided: Company, tmp_path: Path) -> None:
    sample = sorted((Path(__file__).parent.parent / "data" / "sample").glob("*.csv"))
    report = loading.load(sample, home=decided.home, created_by="a test")
    decided.october()
    october = str(decided.home.live())
    assert [line.snapshot for line in decided.home.record()][1:] == [report.snapshot, october]
    (decided.home.snapshots / f"{october}.duckdb").unlink()
    assert mending.stand(decided.home)
    assert decided.home.live() == decided.september
    assert record.last(decided.home.folder) == decided.home.record()[-1]
