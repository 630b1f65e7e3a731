"""The sample company and one's own never mix: neither takes anything over from the other, and a switch leads back."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest

from sop import closing, comparing, deciding, following_up, loading, noting, parting, sample_company, switching
from sop.decisions import Log
from sop.errors import SnapshotError
from sop.snapshots import Home, staying
from tests import decided
from tests.company import answer, load, rows

LINES = """
    order_id, line_number, customer_id, product_id, quantity, promised_date
    A,        1,           ACME,        P,          1,        2026-09-02
"""
MOVED = LINES.replace("2026-09-02", "2026-09-20")
CUSTOMERS = "customer_id,customer_name\nACME,Acme of our own\n"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the sample company is live, made once."""
    folder = tmp_path_factory.mktemp("sample") / "home"
    loading.load(sample_company.files(), home=Home(folder), created_by="a test")
    return folder


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Home:
    """The sample company live in a home of one's own."""
    shutil.copytree(published, tmp_path / "home")
    return Home(tmp_path / "home")


def live(home: Home) -> bool:
    """Whether the live snapshot is the sample company's."""
    snapshot = home.live()
    assert snapshot
    return sample_company.is_sample(home.manifest(snapshot))


def test_the_samples_files_make_the_sample_and_others_do_not(home: Home, tmp_path: Path) -> None:
    assert live(home)
    load(tmp_path, order_lines=LINES)
    assert not live(home)


def test_an_older_snapshot_is_known_as_the_sample_by_its_files(home: Home) -> None:
    snapshot = home.live()
    assert snapshot
    file = home.snapshots / f"{snapshot}.json"
    text = file.read_text(encoding="utf-8")
    assert '"is_sample": true' in text
    file.write_text(text.replace(',\n "is_sample": true', ""), encoding="utf-8")
    assert not home.manifest(snapshot).is_sample
    assert live(home)


def test_nothing_of_the_sample_comes_into_ones_own(home: Home, tmp_path: Path) -> None:
    report = load(tmp_path, order_lines=LINES)
    assert {source["extract_name"] for source in report.sources} == {"order_lines"}
    with home.open() as own:
        for extract in ("customers", "deliveries", "opportunities", "capacity", "routings"):
            assert rows(own, f"select * from extracts.{extract}") == []
        assert {row["customer_id"] for row in rows(own, "select * from marts.promise_events")} <= {"ACME"}
        assert rows(own, "select * from marts.lines_gone") == []
    assert report.changes is None


def test_ones_own_goes_on_from_ones_own_while_the_sample_is_live(home: Home, tmp_path: Path) -> None:
    first = load(tmp_path, order_lines=LINES, customers=CUSTOMERS)
    assert first.snapshot
    switching.switch(home, to_sample=True, by="Ann")
    assert live(home)
    report = load(tmp_path, order_lines=MOVED)
    assert not live(home)
    carried = {source["extract_name"]: source["carried_from"] for source in report.sources}
    assert carried == {"order_lines": None, "customers": first.snapshot}
    with home.open() as own:
        [event] = rows(own, "select * from marts.promise_events where moved_days = 18")
        assert event["order_id"] == "A"
    assert report.changes is not None


def test_the_same_files_published_while_the_sample_is_live_make_ones_own_live(home: Home, tmp_path: Path) -> None:
    load(tmp_path, order_lines=LINES)
    switching.switch(home, to_sample=True, by="Ann")
    report = load(tmp_path, order_lines=LINES)
    assert not report.is_unchanged
    assert home.live() == report.snapshot


def test_the_switch_brings_the_sample_back_as_it_was_and_away_again(home: Home, tmp_path: Path) -> None:
    sample = home.live()
    own = load(tmp_path, order_lines=LINES).snapshot
    assert switching.switch(home, to_sample=True, by="Ann Lee") == sample == home.live()
    assert home.record()[-1].by == "Ann Lee"
    assert switching.switch(home, to_sample=False, by="Bo Day") == own == home.live()


def test_a_sample_that_was_pruned_is_built_again(home: Home, tmp_path: Path) -> None:
    sample = home.live()
    load(tmp_path, order_lines=LINES)
    for file in home.snapshots.glob(f"{sample}.*"):
        file.unlink()
    built = switching.switch(home, to_sample=True, by="Ann")
    assert built != sample and live(home)
    with home.open() as connection:
        assert answer(connection, "overview/snapshot")[0]["order_line_count"] == 20_000
        assert rows(connection, "select * from marts.lines_gone where order_id = 'A'") == []


def test_ones_own_of_an_earlier_version_is_built_again_on_the_way_back(home: Home, tmp_path: Path) -> None:
    own = load(tmp_path, order_lines=LINES, customers=CUSTOMERS).snapshot
    switching.switch(home, to_sample=True, by="Ann")
    file = home.snapshots / f"{own}.json"
    made_with = home.manifest(str(own)).made_with
    file.write_text(file.read_text(encoding="utf-8").replace(made_with, "another"), encoding="utf-8")
    built = switching.switch(home, to_sample=False, by="Bo")
    assert built != own and not live(home)
    with home.open() as connection:
        assert [row["customer_name"] for row in rows(connection, "select * from marts.customers")] == [
            "Acme of our own"
        ]


def test_what_cannot_be_switched_says_why_and_changes_nothing(home: Home, tmp_path: Path) -> None:
    sample = home.live()
    for to_sample, who, said in (
        (True, "Ann", "live already"),
        (False, "Ann", "Nothing of your own"),
        (False, " ", "Say who"),
    ):
        with pytest.raises(SnapshotError, match=said):
            switching.switch(home, to_sample=to_sample, by=who)
    assert home.live() == sample


def test_ones_own_newest_is_never_pruned_while_the_sample_is_live(home: Home, tmp_path: Path) -> None:
    sample = home.live()
    own = load(tmp_path, order_lines=LINES).snapshot
    assert "newest of your own" in staying(home.history(), sample)[str(own)]
    assert "newest of your own" not in "".join(staying(home.history(), own).values())


def test_the_sample_is_compared_with_none_of_ones_own(home: Home, tmp_path: Path) -> None:
    sample = home.live()
    own = load(tmp_path, order_lines=LINES).snapshot
    assert comparing.earlier(home, str(own)) is None
    assert [manifest.id for manifest in comparing.of_the_same_company(home, str(sample))] == [sample]


def test_what_was_decided_on_one_company_is_not_shown_beside_the_other(
    tmp_path: Path,
) -> None:
    firm = decided.company(tmp_path)
    own = firm.decide()
    entry = following_up.read(firm.log, following_up.newest(firm.log))["logged_actions"].to_pylist()[0]["id"]
    deciding.mark(firm.log, entry, is_done=True, by="Ann")

    def seen() -> tuple[list[int], int]:
        with firm.home.open() as connection:
            found = following_up.answer(connection, firm.home.folder, "decisions/log").to_arrow_table().to_pylist()
            actions = following_up.answer(connection, firm.home.folder, "decisions/actions").to_arrow_table().num_rows
        return [row["decision_id"] for row in found], actions

    assert seen() == ([own], 2)
    sample = switching.switch(firm.home, to_sample=True, by="Ann")
    assert seen() == ([], 0)
    of_the_sample = deciding.decide(firm.log, decided.decision(sample), decided.OPTIONS, "tier")
    assert seen() == ([of_the_sample], 2)
    switching.switch(firm.home, to_sample=False, by="Ann")
    assert seen() == ([own], 2)


def test_months_closed_and_notes_of_one_company_are_not_the_others(home: Home, tmp_path: Path) -> None:
    log, sample = Log(home.folder), str(home.live())
    month = datetime.date(2026, 9, 1)
    rest: dict[str, Any] = {
        "by": "Ann",
        "month": month,
        "as_of_date": month,
        "figures": {},
        "decisions": [],
        "minutes": "",
    }
    of_sample = closing.close(log, snapshot_id=sample, **rest)
    noting.note(log, noting.Place(month=month), "Of the sample", by="Ann", snapshot_id=sample)
    own = str(load(tmp_path, order_lines=LINES).snapshot)
    others = parting.others(home, own)
    assert closing.closings(log, others) == ()
    assert following_up.answer(home.open(), home.folder, "noted/notes").fetchall() == []
    of_own = closing.close(log, snapshot_id=own, others=others, **rest)
    noting.note(log, noting.Place(month=month), "Of our own", by="Ann", snapshot_id=own)
    assert closing.closings(log, others) == (of_own,)
    assert closing.closings(log, parting.others(home, sample)) == (of_sample,)
    [note] = following_up.answer(home.open(), home.folder, "noted/notes").fetchall()
    assert "Of our own" in note
