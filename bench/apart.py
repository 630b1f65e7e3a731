"""Work in a process of its own, so that its memory is measured by the system and is nobody else's.

A process that would take more than the machine has left is stopped by its own limit, not by the machine.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent
KEPT_FREE = 1_000
"""Megabytes of the machine's memory that a process leaves to the others."""


class FailedApart(Exception):
    """The work did not end well; the text says in one line why."""


@dataclass(frozen=True)
class Done:
    """What the work answered, and the most memory that its process took, in megabytes."""

    answer: Any
    peak: float


def run(work: str, *arguments: object) -> Done:
    """Call `module:function` with texts in a new process. It answers what JSON can hold. Raises FailedApart."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.apart", work, *map(str, arguments)],
        cwd=TOP, env=dict(os.environ), capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode < 0:
        raise FailedApart(f"it was stopped by signal {-done.returncode}, most likely for want of memory")
    if done.returncode:
        raise FailedApart((done.stderr.strip().splitlines() or ["no reason given"])[-1])
    said = json.loads(done.stdout.splitlines()[-1])
    return Done(said["answer"], said["peak"])


def peak() -> float:
    """Megabytes that this process took at the most.

    Linux says so in VmHWM; getrusage would count what the process before it had taken when it was forked.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="ascii").split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _stay_within_what_is_left() -> None:
    known = Path("/proc/meminfo")
    if known.exists():
        left = int(known.read_text(encoding="ascii").split("MemAvailable:")[1].split()[0]) * 1024
        most = max(left - KEPT_FREE * 1_000_000, 500_000_000)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def main() -> None:
    """Do the work that the command line names, and print what came of it as JSON."""
    work, *arguments = sys.argv[1:]
    module, function = work.split(":")
    _stay_within_what_is_left()
    try:
        answer = getattr(importlib.import_module(module), function)(*arguments)
    except MemoryError:
        raise SystemExit("it takes more memory than there is") from None
    print(json.dumps({"answer": answer, "peak": peak()}))


if __name__ == "__main__":
    main()
