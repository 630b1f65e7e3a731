"""After a loss of power the decision log opens, whatever of the un-synced pages is lost, and nothing acknowledged is gone."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from sop import verifying
from sop.decisions import FILE_NAME, Log
from tests.power import Disk, recorded

STATES = 10_000 if os.environ.get("SOAK") else 1_000
"""`make soak` has more."""


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed: apt-get install strace")
def test_no_loss_of_power_costs_a_decision_that_was_acknowledged(tmp_path: Path) -> None:
    steps = recorded(tmp_path)
    assert sum(step.what == "synced" for step in steps) > 20 and sum(step.what == "written" for step in steps) > 100
    chance = random.Random(20_261_031)
    moments = sorted(chance.randrange(len(steps) + 1) for _ in range(STATES))
    disk, passed, wrong, lost_something = Disk(str(tmp_path / "home")), 0, [], 0
    for number, moment in enumerate(moments):
        for step in steps[passed:moment]:
            disk.take(step)
        passed = moment
        folder = tmp_path / "state"
        folder.mkdir()
        disk.lose(chance, folder)
        before = {file.name: file.stat().st_size for file in folder.iterdir()}
        wrong += [f"state {number}, after step {moment}: {said} ({before})" for said in what_is_lost(folder, disk.told)]
        lost_something += any(state for states in disk.named.values() for state in states if state and state.since)
        shutil.rmtree(folder)
    assert wrong == []
    assert lost_something > STATES / 3, "in many of the states something was not yet synced"
    assert disk.told == set(range(1, 12)) or moments[-1] < len(steps)


def what_is_lost(folder: Path, told: set[int]) -> list[str]:
    """What is wrong with the log in a folder: it does not open, it is damaged, or something told is not there."""
    file = folder / FILE_NAME
    if not file.exists() or not file.stat().st_size:
        return [f"{told} are lost with the file"] if told else []
    try:
        with sqlite3.connect(file) as connection:
            wrong = [str(said) for said in connection.execute("pragma integrity_check").fetchall() if said != ("ok",)]
            tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
            kept = (
                {number for (number,) in connection.execute("select id from decisions")}
                if "decisions" in tables
                else set()
            )
            if kept and connection.execute("select id from closings").fetchall():
                kept.add(11)
        connection.close()
        return [*wrong, *verifying.verify(Log(folder)).broken, *(f"{one} is lost" for one in sorted(told - kept))]
    except Exception as trouble:
        return [f"it does not open: {trouble}"]
