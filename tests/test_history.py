"""What was published stays until it need not: the record, what closes a month, what is pruned, what a damage does."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from sop import access, loading, record
from sop.cli import main
from sop.errors import SnapshotError
from sop.snapshots import AGAIN, PUBLISHED, Home, Manifest, prune_date, staying, to_prune

ORDERS = "order_id,customer_id,product_id,quantity,promised_date\nA1,ACME,PUMP,{},2026-03-10\n"


def manifest(snapshot: str, published: str) -> Manifest:
    return Manifest(snapshot, "2026-03-10", f"{published}T12:00:00+00:00", "A planner", "", "", "", 1, ())


KNOWN = [
    manifest("a", "2026-01-10"), manifest("b", "2026-01-31"), manifest("c", "2026-02-01"), manifest("d", "2026-02-15"),
    manifest("e", "2026-02-28"), manifest("f", "2026-03-02"), manifest("g", "2026-03-03"),
]  # fmt: skip


def published(home: Home, folder: Path, quantity: int, who: str = "A planner") -> str:
    (folder / "order_lines.csv").write_text(ORDERS.format(quantity))
    report = loading.load([folder / "order_lines.csv"], home=home, created_by=who)
    assert report.snapshot
    return report.snapshot


def test_what_closes_a_month_the_live_one_and_the_one_before_stay() -> None:
    assert staying(KNOWN, "g", keep=["d"]) == {
        "b": "closes January 2026",
        "d": "named in a decision",
        "e": "closes February 2026",
        "f": "the one before the live one",
        "g": "live, closes March 2026",
    }


def test_daily_ones_go_after_their_days_and_not_before() -> None:
    assert prune_date(KNOWN[0], 31) == datetime.date(2026, 2, 10)
    assert to_prune(KNOWN, "g", 31, datetime.date(2026, 2, 9)) == ()
    assert to_prune(KNOWN, "g", 31, datetime.date(2026, 3, 3)) == ("a",)
    assert to_prune(KNOWN, "g", 0, datetime.date(2026, 3, 3)) == ("a", "c", "d")


def test_nothing_goes_while_it_is_not_known_what_is_live() -> None:
    assert to_prune(KNOWN, None, 0, datetime.date(2030, 1, 1)) == ()
    assert to_prune(KNOWN, "elsewhere", 0, datetime.date(2030, 1, 1)) == ()


def test_a_load_prunes_by_the_setting(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    (home.folder / "settings.toml").write_text("keep_daily_snapshots = 0\n")
    made = [published(home, tmp_path, quantity) for quantity in (1, 2, 3)]
    assert {one.id for one in home.history()} == set(made[1:])
    assert sorted(file.name for file in home.snapshots.iterdir()) == sorted(
        f"{snapshot}{ending}" for snapshot in made[1:] for ending in (".duckdb", ".json")
    )


def test_the_record_tells_who_published_and_who_went_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    first, second = published(home, tmp_path, 1, "Ada"), published(home, tmp_path, 2, "Ben")
    monkeypatch.setenv("SOP_HOME", str(home.folder))
    monkeypatch.setattr(access, "whoever", lambda: "Cleo")
    assert main(["rollback", first]) == 0
    assert [(line.snapshot, line.by, line.what) for line in home.record()] == [
        (first, "Ada", PUBLISHED), (second, "Ben", PUBLISHED), (first, "Cleo", AGAIN),
    ]  # fmt: skip


def test_a_line_that_a_crash_has_torn_hides_no_other(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    first = published(home, tmp_path, 1)
    with (home.folder / record.FILE_NAME).open("a") as stream:
        stream.write('{"when": "2026-03-')
    second = published(home, tmp_path, 2)
    assert [line.snapshot for line in home.record()] == [first, second]


def test_a_snapshot_whose_bytes_changed_is_never_made_live_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    first, second = published(home, tmp_path, 1), published(home, tmp_path, 2)
    file = home.file(first)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(SnapshotError, match="is damaged"):
        home.check(first, thoroughly=True)
    monkeypatch.setenv("SOP_HOME", str(home.folder))
    assert main(["rollback", first]) == 2
    assert home.live() == second


def test_a_load_after_an_upgrade_takes_over_what_the_older_snapshot_holds(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    first = published(home, tmp_path, 1)
    file = home.snapshots / f"{first}.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "made_with": "an earlier version"}))
    deliveries = tmp_path / "deliveries.csv"
    deliveries.write_text("order_id,product_id,delivered_date,quantity\nA1,PUMP,2026-03-09,1\n")
    report = loading.load([deliveries], home=home)
    assert report.changes is None
    counts = {source["extract_name"]: source["kept_count"] for source in report.sources}
    assert counts == {"order_lines": 1, "deliveries": 1}


def test_a_settings_file_with_nonsense_keeps_nobody_from_going_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    first, second = published(home, tmp_path, 1), published(home, tmp_path, 2)
    (home.folder / "settings.toml").write_text("nonsense = 1\n")
    monkeypatch.setenv("SOP_HOME", str(home.folder))
    assert main(["rollback", first]) == 0
    assert home.live() == first != second
