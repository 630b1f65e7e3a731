"""Works in a home and is killed, again and again: `python -m tests.killed HOME HOW SEED POINTS`.

HOW is `moments`: each child is killed at a moment of its work that chance chooses; or a kind of system call: each child is
killed at another one of that kind, by strace. Each child goes on in the home as the one before it left
it; between them another one looks the home over as a start does: what it finds wrong goes to the file `wrong`, and nothing may.
What a child was told is done stands in the file `acknowledged`, one line each; each kill adds a letter to the file `killed`.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sop import closing, deciding, following_up, leftovers, loading, verifying
from sop.decisions import Log
from sop.snapshots import Home
from tests.company import day
from tests.decided import OPTIONS, decision

CALLS = {"pwrite64": 80, "fdatasync": 15, "write": 9, "unlink": 8, "ftruncate": 6, "fsync": 4, "rename": 1}
"""Every kind of system call that changes or syncs a file, and about how many the work has without building a snapshot."""

PATIENCE = 20
"""Seconds that strace has to take hold of a child in."""


def work(home: Home, number: int, *, is_whole: bool) -> None:
    """Decide, publish, close, decide; with `is_whole` the publish builds a snapshot from extracts first."""
    notes = os.open(home.folder.parent / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    log, snapshot = Log(home.folder), str(home.live())

    def tell(what: str) -> None:
        os.write(notes, f"{what}\n".encode())

    asked = decision(snapshot, work_centre_id=f"W{number}")
    tell(f"decision {deciding.decide(log, asked, OPTIONS, 'tier')}")
    if is_whole:
        orders = home.folder.parent / f"order_lines_{number}.csv"
        orders.write_text(
            f"order_id,customer_id,product_id,quantity,promised_date\nA1,ACME,PUMP,{number + 1},2026-12-10\n"
        )
        loading.load([orders], home=home, created_by="a test")
    else:
        other = next(one.id for one in home.history() if one.id != snapshot)
        home.publish(other, by="a test")
    tell(f"published {len(home.record())}")
    month = day("09-01").replace(year=1900 + number % 8_000)
    closed = closing.close(
        log, by="a test", month=month, snapshot_id=snapshot, as_of_date=day("09-30"), figures={}, decisions=[], minutes="",
    )  # fmt: skip
    tell(f"closing {closed.id}")


def what_is_wrong(home: Home) -> list[str]:
    """What must not be so after a kill and the next start."""
    wrong = leftovers.at_start(home)
    told = [line.split() for line in (home.folder.parent / "acknowledged").read_text().splitlines()]
    log = Log(home.folder)
    tables = following_up.read(log, following_up.newest(log))
    kept = set(tables["logged_decisions"]["id"].to_pylist())
    lines = tables["logged_lines"]["decision_id"].to_pylist()
    wrong += [f"decision {number} is lost" for kind, number in told if kind == "decision" and int(number) not in kept]
    wrong += [f"half of decision {number}" for number in kept if lines.count(number) != 5]
    closed = {one.id for one in closing.closings(log)}
    wrong += [f"closing {number} is lost" for kind, number in told if kind == "closing" and int(number) not in closed]
    wrong += verifying.verify(log).broken
    live, published = str(home.live()), [line.snapshot for line in home.record()]
    told_last = max(int(line) for kind, line in told if kind == "published")
    if live not in published[told_last - 1 :]:  # what was written to the record and not acknowledged may be live or not
        wrong.append(f"{live} is live, not {published[told_last - 1]}, which was acknowledged last")
    for manifest in home.history():
        home.check(manifest.id, thoroughly=True)
    home.open().execute("select count(*) from marts.promises").fetchall()
    names = {file.name for file in home.snapshots.iterdir()}
    listed = {f"{manifest.id}{ending}" for manifest in home.history() for ending in (".duckdb", ".json")}
    return wrong + [f"{name} is left over" for name in names ^ listed]


def child(act: Callable[[], None]) -> int:
    """Fork a child that does something, and return its number."""
    number = os.fork()
    if number == 0:
        try:
            act()
        except BaseException as trouble:
            os.write(2, f"{type(trouble).__name__}: {trouble}\n".encode())
            os._exit(1)
        os._exit(0)
    return number


def look_over(home: Home) -> None:
    """Look the home over in a child of its own, so that no thread of DuckDB is there when the next one is forked."""

    def look() -> None:
        wrong = what_is_wrong(home)
        if wrong:
            with (home.folder.parent / "wrong").open("a") as out:
                out.write("\n".join(wrong) + "\n")

    _, status = os.waitpid(child(look), 0)
    if status:
        with (home.folder.parent / "wrong").open("a") as out:
            out.write("the home cannot be looked over\n")


def at_moments(home: Home, chance: random.Random, points: int) -> None:
    """Kill children at moments of their work."""
    longest = {}
    for is_whole in (False, True):
        started = time.monotonic()
        os.waitpid(child(lambda is_whole=is_whole: work(home, 2 * points + is_whole, is_whole=is_whole)), 0)  # type: ignore[misc]
        longest[is_whole] = time.monotonic() - started
    for number in range(points):
        is_whole = number % 3 == 0
        killed = child(lambda number=number, is_whole=is_whole: work(home, number, is_whole=is_whole))  # type: ignore[misc]
        time.sleep(chance.random() * longest[is_whole])
        os.kill(killed, signal.SIGKILL)
        _count(home, os.waitpid(killed, 0)[1])
        look_over(home)


def at_calls(home: Home, chance: random.Random, points: int, call: str) -> None:
    """Kill children at their system calls of a kind, spread over their work; every tenth builds a snapshot."""
    many = CALLS[call]
    for number in range(points):
        is_whole = number % 10 == 0
        at = 1 + number * many // points + (chance.randrange(many) if is_whole else 0)
        waiting, go = os.pipe()

        def until_killed(waiting: int = waiting, number: int = number, is_whole: bool = is_whole) -> None:
            os.read(waiting, 1)
            work(home, 10_000 * list(CALLS).index(call) + number, is_whole=is_whole)

        killed = child(until_killed)
        tracer = _killing(killed, call, at)
        os.write(go, b"g")
        _count(home, os.waitpid(killed, 0)[1])
        tracer.wait()
        os.close(waiting)
        os.close(go)
        look_over(home)


def _killing(killed: int, call: str, at: int) -> subprocess.Popen[bytes]:
    """Let strace kill a process at one of its system calls, by number; ends this program with 3 where it may not."""
    kinds = f"{call},?{call}at" if call in ("unlink", "rename") else call
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={kinds}", "-e", f"inject={kinds}:signal=KILL:when={at}",
         "-p", str(killed)],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + PATIENCE
    while "TracerPid:\t0" in Path(f"/proc/{killed}/status").read_text():
        if tracer.poll() is not None or time.monotonic() > end:
            os.kill(killed, signal.SIGKILL)
            sys.exit(3)
        time.sleep(0.002)
    return tracer


def _count(home: Home, status: int) -> None:
    with (home.folder.parent / "killed").open("a") as out:
        out.write("k" if os.WIFSIGNALED(status) else ".")


def main(home: Home, how: str, seed: int, points: int) -> None:
    """Kill children at so many points."""
    chance = random.Random(seed)
    if how == "moments":
        at_moments(home, chance, points)
    else:
        at_calls(home, chance, points, how)


if __name__ == "__main__":
    main(Home(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
