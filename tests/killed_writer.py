"""Writes decisions and is killed: before or after each statement in turn. `python -m tests.killed_writer HOME MAKING WRITING`.

Each child writes two decisions and kills itself at its own point, as hard as a power cut ends a process: at MAKING points
spread over the making of the log, then at WRITING points spread over the writing to a log that is there. Each
decision that a child was told is written stands in the file `acknowledged`, one number a line.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
import sqlalchemy as sql

from sop import deciding
from sop.decisions import Log
from tests.decided import OPTIONS, decision

__all__ = ["alembic"]  # imported before the children are forked, so that none of them has to
MAKING_STATEMENTS, WRITING_STATEMENTS = 170, 112
"""About as many points as two decisions have, where the log is made first and where it is there."""


def write_until(folder: Path, point: int) -> None:
    """Write two decisions, and die at the point: statements begun and ended are counted."""
    passed = 0

    def die_at_the_point(*_: Any) -> None:
        nonlocal passed
        if passed == point:
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1

    for event in ("before_cursor_execute", "after_cursor_execute", "commit"):
        sql.event.listen(sql.Engine, event, die_at_the_point)
    notes = os.open(folder / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in range(2):
        asked = decision("a-snapshot", work_centre_id=f"WC{point}-{number}")
        os.write(notes, f"{deciding.decide(Log(folder), asked, OPTIONS, 'tier')}\n".encode())


def main(folder: Path, making: int, writing: int) -> None:
    """Fork a child for each point and wait for its end."""
    for number in range(making):
        _die(folder, number * MAKING_STATEMENTS // making)
    _die(folder, 10**6)
    for point in range(writing):
        _die(folder, point * WRITING_STATEMENTS // writing)


def _die(folder: Path, point: int) -> None:
    child = os.fork()
    if not child:
        write_until(folder, point)
        os._exit(0)
    os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
