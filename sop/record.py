"""The record of what was published: one line in published.jsonl each time that a snapshot goes live, never changed.

The decision log may be elsewhere, or not to be written just then: the record is what a publish cannot do without. The audit
trail has an entry for each of its lines; one that could not be written at once is made up for (`enter_what_is_owed`). Each
line also keeps the seal of the audit trail's newest entry at that time, outside the log.
"""

from __future__ import annotations

import datetime
import json
import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sql

from sop import access, audit
from sop.access import Act, Person
from sop.decisions import Log
from sop.errors import SettingsError, SopError
from sop.log_tables import AUDIT

FILE_NAME = "published.jsonl"
PUBLISHED, AGAIN, STOOD_IN = "published", "made live again", "put in the place of a damaged one"
ACTS = {PUBLISHED: Act.PUBLISH, AGAIN: Act.ROLL_BACK, STOOD_IN: Act.STAND_IN}

_LINE = re.compile(r"\bline (\d+) of the record\b")


@dataclass(frozen=True)
class Published:
    """One line of the record: a snapshot went live."""

    when: str
    """In UTC, to the second."""
    snapshot: str
    by: str | None
    """Who published it or made it live again; None where nobody said so."""
    what: str
    """PUBLISHED, AGAIN where it had been live before, or STOOD_IN where it took the place of a damaged one."""
    audit: str | None = None
    """The seal of the audit trail's newest entry before it; None where there was none, or it could not be read."""
    because: str | None = None
    """What was wrong with the one whose place it took; None where nothing was."""


def numbered(folder: Path) -> list[tuple[int, Published]]:
    """Each line of the record with its number in the file, the oldest first. A line that cannot be read is left out."""
    found = []
    with suppress(FileNotFoundError):
        for number, line in enumerate((folder / FILE_NAME).read_bytes().split(b"\n"), start=1):
            with suppress(ValueError, TypeError):
                published = Published(**json.loads(line))
                datetime.datetime.fromisoformat(published.when)
                found.append((number, published))
    return found


def last(folder: Path) -> Published | None:
    """The newest line that can be read."""
    with suppress(FileNotFoundError):
        for line in reversed((folder / FILE_NAME).read_bytes().split(b"\n")):
            with suppress(ValueError, TypeError):
                return Published(**json.loads(line))
    return None


def append(folder: Path, snapshot: str, by: str | None, what: str, because: str | None = None) -> int:
    """Append one line, for good, and return its number. A line that a crash has torn is closed first."""
    when = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    line = Published(when, snapshot, by, what, _seal(folder), because)
    file = folder / FILE_NAME
    so_far = file.read_bytes() if file.exists() else b""
    closing = "\n" if so_far and not so_far.endswith(b"\n") else ""
    with file.open("ab") as stream:
        stream.write(f"{closing}{json.dumps(asdict(line))}\n".encode())
        stream.flush()
        os.fsync(stream.fileno())
    return so_far.count(b"\n") + len(closing) + 1


def _seal(folder: Path) -> str | None:
    try:
        return audit.seal(Log(folder))
    except SopError:
        return None


def require(folder: Path, act: Act) -> Person:
    """Whoever acts, where they may do this; a refusal is kept where the log can be found. Raises AccessError."""
    try:
        return Log(folder).require(act)
    except SettingsError:  # settings.toml does not say where the log is: who may do what does not depend on it
        return access.require(act)


def enter(folder: Path, number: int, line: Published) -> None:
    """Write the audit trail's entry of a line just written, and those that are owed. Raises LogError where it cannot be."""
    with Log(folder).writing(ACTS.get(line.what, Act.ROLL_BACK)) as connection:
        _make_up(connection, folder, but=number)
        audit.about(connection, _about(number, line), by=line.by)


def enter_what_is_owed(folder: Path) -> None:
    """Write the entries of lines that the audit trail lacks. Raises LogError where it cannot be written.

    Nothing is written, nor is a log made, where it lacks none.
    """
    log, lines = Log(folder), numbered(folder)
    with log.reading() as connection:
        if not {number for number, _ in lines} - _entered(connection):
            return
    with access.acting_as(access.THE_APP), log.writing(Act.PUBLISH) as connection:
        _make_up(connection, folder)


def _make_up(connection: sql.Connection, folder: Path, but: int | None = None) -> None:
    entered = _entered(connection)
    for number, line in numbered(folder):
        if number not in entered and number != but:
            act = ACTS.get(line.what, Act.ROLL_BACK)
            what = f"{_about(number, line)}, on {line.when[:19].replace('T', ' ')}"
            audit.enter_later(connection, line.by or "unknown", act, what)


def _entered(connection: sql.Connection | None) -> set[int]:
    """The lines of the record of which the audit trail has an entry."""
    if connection is None or not sql.inspect(connection).has_table(AUDIT.name):
        return set()
    asked = sql.select(AUDIT.c.about).where(AUDIT.c.act.in_([act.words for act in ACTS.values()]))
    return {int(found[1]) for about in connection.scalars(asked) if (found := _LINE.search(about))}


def _about(number: int, line: Published) -> str:
    return f"snapshot {line.snapshot}, line {number} of the record"
