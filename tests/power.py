"""What a disk may hold after the power was cut: the log's own writes and syncs, recorded by strace, the un-synced lost at random.

`python -m tests.power FOLDER` writes to the log in FOLDER/home and tells each number that was acknowledged. `recorded` runs it
under strace. A `Disk` replays the record up to a moment. What was synced is there; of what was written since, pages are lost or
torn at random; a file that was made or removed since its folder was synced may be there or not.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sop import closing, deciding, noting
from sop.decisions import FILE_NAME, Log
from sop.noting import Place
from tests.company import day
from tests.decided import OPTIONS, decision

TOP = Path(__file__).parent.parent
SECTOR = 512
"""Bytes that a disk writes whole or not at all."""

CALLS = "openat,pwrite64,write,fdatasync,fsync,ftruncate,unlink"
_TEXT = r'"((?:\\x[0-9a-f]{2})*)"'
_FILE = r"\d+<((?:\\x[0-9a-f]{2})*)>"
_OPENED = re.compile(rf"openat\([^,]+, {_TEXT}, (\S+).*\) = {_FILE}$")
_WRITTEN = re.compile(rf"(?:pwrite64|write)\({_FILE}, {_TEXT}, \d+(?:, (\d+))?\) = (\d+)$")
_SYNCED = re.compile(rf"(?:fdatasync|fsync)\({_FILE}\) = 0$")
_CUT = re.compile(rf"ftruncate\({_FILE}, (\d+)\) = 0$")
_REMOVED = re.compile(rf"unlink\({_TEXT}\) = 0$")


@dataclass(frozen=True)
class Step:
    """One thing that happened: `what` is made, written, synced, cut, removed or told."""

    what: str
    file: str
    place: int = 0
    content: bytes = b""


def write(folder: Path) -> None:
    """Decide, note and close; first alone, then while a reader keeps the write-ahead log from being folded in."""
    notes = os.open(folder / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    log = Log(folder / "home")
    reader = None
    for number in range(10):
        if number == 5:
            reader = sqlite3.connect(log.folder / FILE_NAME, isolation_level=None)
            reader.execute("begin")
            reader.execute("select count(*) from decisions").fetchone()
        asked = decision("a-snapshot", work_centre_id=f"W{number}")
        os.write(notes, f"{deciding.decide(log, asked, OPTIONS, 'tier')}\n".encode())
        noting.note(log, Place(customer_id="ACME"), f"Note {number}", by="a test", snapshot_id="a-snapshot")
    closing.close(
        log, by="a test", month=day("09-01"), snapshot_id="a-snapshot", as_of_date=day("09-30"), figures={}, decisions=[],
        minutes="",
    )  # fmt: skip
    os.write(notes, b"11\n")
    if reader:
        reader.close()


def recorded(folder: Path) -> list[Step]:
    """Write, and return what happened to the files of the log, in order."""
    trace = folder / "trace"
    subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", str(trace),
         sys.executable, "-m", "tests.power", str(folder)],
        cwd=TOP, check=True,
    )  # fmt: skip
    return list(_steps(trace.read_text().splitlines(), folder))


def _steps(lines: list[str], folder: Path) -> Iterator[Step]:
    home = f"{folder / 'home'}"
    known: set[str] = set()
    for line in lines:
        if found := _OPENED.search(line):
            name = _plain(found[3])
            if "O_CREAT" in found[2] and name.startswith(home) and name not in known:
                known.add(name)
                yield Step("made", name)
        elif found := _WRITTEN.search(line):
            name, content = _plain(found[1]), _bytes(found[2])
            if name == str(folder / "acknowledged"):
                yield Step("told", name, content=content)
            elif name.startswith(home) and found[3] is not None:
                yield Step("written", name, int(found[3]), content[: int(found[4])])
        elif found := _SYNCED.search(line):
            if _plain(found[1]).startswith(home):
                yield Step("synced", _plain(found[1]))
        elif found := _CUT.search(line):
            if _plain(found[1]).startswith(home):
                yield Step("cut", _plain(found[1]), int(found[2]))
        elif found := _REMOVED.search(line):
            known.discard(_plain(found[1]))
            if _plain(found[1]).startswith(home):
                yield Step("removed", _plain(found[1]))
        assert "unfinished" not in line or home not in line, "the record is of one thread"


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _plain(escaped: str) -> str:
    return _bytes(escaped).decode()


@dataclass
class _File:
    durable: bytearray = field(default_factory=bytearray)
    since: list[Step] = field(default_factory=list)
    """Written or cut since it was synced."""


@dataclass
class Disk:
    """What the disk holds for sure, and what may be on it or not."""

    home: str
    named: dict[str, list[_File | None]] = field(default_factory=dict)
    """For each name what it may stand for, the surest first: the folder was synced with the first, the others came since."""
    told: set[int] = field(default_factory=set)

    def take(self, step: Step) -> None:
        """Take in the next thing that happened."""
        if step.what == "told":
            self.told |= {int(number) for number in step.content.split()}
        elif step.what == "made":
            self.named.setdefault(step.file, [None]).append(_File())
        elif step.what == "removed":
            self.named.setdefault(step.file, [None]).append(None)
        elif step.what == "synced" and step.file == self.home:
            self.named = {name: states[-1:] for name, states in self.named.items()}
        elif (file := self.named.setdefault(step.file, [_File()])[-1]) is not None:
            file.since.append(step)
            if step.what == "synced":
                for one in file.since:
                    _apply(file.durable, one)
                file.since.clear()

    def lose(self, chance: random.Random, folder: Path) -> None:
        """Write to a folder one state that the disk may be in."""
        survives = chance.choice([0.0, 0.1, 0.5, 0.9, 1.0])
        for name, states in self.named.items():
            file = chance.choice(states)
            if file is None or name.endswith("-shm"):  # the memory that processes share is never read after a start
                continue
            content = bytearray(file.durable)
            for step in file.since:
                if chance.random() < survives:
                    _apply(content, step)
                elif step.what == "written" and chance.random() < 0.3:
                    for start in range(0, len(step.content), SECTOR):  # a page torn in the middle of being written
                        if chance.random() < 0.5:
                            sector = step.content[start : start + SECTOR]
                            _apply(content, Step("written", name, step.place + start, sector))
            (folder / Path(name).name).write_bytes(content)


def _apply(content: bytearray, step: Step) -> None:
    if step.what == "cut":
        del content[step.place :]
        content.extend(bytes(step.place - len(content)))
    elif step.what == "written":
        content.extend(bytes(max(0, step.place - len(content))))
        content[step.place : step.place + len(step.content)] = step.content


if __name__ == "__main__":
    write(Path(sys.argv[1]))
