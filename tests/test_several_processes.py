"""Several processes of the app on one home folder, the decision log in PostgreSQL: all show the same, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bench.viewer import Shown, Viewer
from bench.viewers import TOP, served
from sop import verifying
from sop.decisions import Log
from tests.decided import Company, company

pytestmark = pytest.mark.browser  # no browser, but the real server

WRITERS, EACH = 4, 6

Two = list[tuple[str, int]]
"""The address and the process id of each."""

WRITE = """
import datetime, sys
from sop import noting
from sop.decisions import Log
from sop.noting import Place
from sop.snapshots import Home
home = Home()
for number in range(int(sys.argv[2])):
    noting.note(Log(home.folder), Place(month=datetime.date(2026, 9, 1)), f"{sys.argv[1]}, {number}", by=sys.argv[1],
                snapshot_id=home.live())
    print("acknowledged", flush=True)
"""
"""Pins notes one after the other, as somebody at another process of the app does."""


@pytest.fixture
def firm(tmp_path: Path, log_in_postgres: Log, monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setenv("SOP_DECISIONS_URL", log_in_postgres.url)
    return company(tmp_path)


@pytest.fixture
def two(firm: Company) -> Iterator[Two]:
    with ExitStack() as both:
        yield [both.enter_context(served(firm.home.folder)) for _ in range(2)]


def shown(two: Two, page: str) -> list[Shown]:
    """The page as each process shows it."""
    found = []
    for address, _ in two:
        with Viewer(address) as viewer:
            found.append(viewer.open(page))
    return found


def test_what_is_published_and_decided_at_one_is_seen_at_the_other(firm: Company, two: Two) -> None:
    first, second = shown(two, "decisions")
    assert first.texts == second.texts and not first.errors + second.errors
    before = first.texts
    with Viewer(two[0][0]) as here, Viewer(two[1][0]) as there:
        assert here.open("decisions").texts == there.open("decisions").texts == before
        firm.decide()
        assert here.open("decisions").texts == there.open("decisions").texts != before
    [september, same] = [one.texts for one in shown(two, "customers")]
    firm.october()
    [october, as_well] = [one.texts for one in shown(two, "customers")]
    assert september == same != october == as_well


def test_entries_written_at_many_processes_at_once_are_all_there_in_one_chain(firm: Company) -> None:
    def write(who: str) -> int:
        done = subprocess.run(
            [sys.executable, "-c", WRITE, who, str(EACH)], cwd=TOP, check=True, capture_output=True, text=True,
            env={**os.environ, "SOP_HOME": str(firm.home.folder)},
        )  # fmt: skip
        return done.stdout.count("acknowledged")

    with ThreadPoolExecutor(WRITERS) as crowd:
        acknowledged = sum(crowd.map(write, [f"Writer {number}" for number in range(WRITERS)]))
    log = Log(firm.home.folder)
    with log.reading() as connection:
        assert connection is not None
        rows: list[Any] = list(connection.exec_driver_sql("select id, text from notes order by id").all())
    assert acknowledged == len(rows) == WRITERS * EACH
    assert [row.id for row in rows] == list(range(1, len(rows) + 1)), "numbers without gaps"
    assert {row.text for row in rows} == {f"Writer {who}, {number}" for who in range(WRITERS) for number in range(EACH)}
    assert verifying.verify(log).is_whole


def test_when_one_dies_the_other_goes_on(firm: Company, two: Two) -> None:
    (_, dies), lives = two
    [before] = shown([lives], "customers")
    os.kill(dies, signal.SIGKILL)
    firm.decide()
    [again] = shown([lives], "customers")
    assert again.texts == before.texts and not again.errors
    firm.october()
    [after] = shown([lives], "customers")
    assert after.texts != before.texts and not after.errors
