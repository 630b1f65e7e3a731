"""Killed at any moment and at any system call while it publishes, decides and closes, nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.decided import company

TOP = Path(__file__).parent.parent
TIMES = 8 if os.environ.get("SOAK") else 1
"""`make soak` kills at more points."""

MOMENTS = 60
CALLS = {"pwrite64": 80, "fdatasync": 30, "write": 16, "unlink": 12, "ftruncate": 8, "fsync": 6, "rename": 3}


def begun(folder: Path) -> Path:
    """Make a home of two snapshots that keeps no more than it must; return its folder."""
    firm = company(folder)
    firm.october()
    (firm.home.folder / "settings.toml").write_text("keep_daily_snapshots = 0\n")
    (folder / "acknowledged").write_text("published 2\n")
    return firm.home.folder


def killed(home: Path, how: str, points: int) -> str:
    """Work there and be killed at so many points; how each child ended, a letter each: k where it was killed, else a dot."""
    (home.parent / "killed").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed", str(home), how, "5", str(points)],
        cwd=TOP, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 3:
        pytest.skip("strace may not hold on to another process here")
    wrong = (home.parent / "wrong").read_text() if (home.parent / "wrong").exists() else ""
    assert (done.returncode, wrong) == (0, ""), done.stderr
    return (home.parent / "killed").read_text()


def acknowledged_of_each(home: Path) -> int:
    """How many of each kind were acknowledged, at the least."""
    told = (home.parent / "acknowledged").read_text().split()
    return min(told.count(kind) for kind in ("decision", "published", "closing"))


def test_killed_at_any_moment_nothing_is_lost(tmp_path: Path) -> None:
    home = begun(tmp_path)
    ends = killed(home, "moments", MOMENTS * TIMES)
    assert len(ends) == MOMENTS * TIMES
    assert ends.count("k") > len(ends) * 0.7, "most were killed before their end"
    assert acknowledged_of_each(home) > 0, (
        "and something of each kind was done before, more or less by how quick the machine is"
    )


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed: apt-get install strace")
def test_killed_at_any_system_call_nothing_is_lost(tmp_path: Path) -> None:
    home = begun(tmp_path)
    ends = "".join(killed(home, call, many * TIMES) for call, many in CALLS.items())
    assert len(ends) == sum(CALLS.values()) * TIMES
    assert ends.count("k") > len(ends) * 0.9, "nearly every one was killed before its end"
    assert acknowledged_of_each(home) > 0, (
        "and something of each kind was done before, more or less by how quick the machine is"
    )
