"""Whether the disk has room for a new snapshot, asked before anything is built, so that a full disk costs nothing; and how much
memory a build may take of what there is.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from sop import kept_lines
from sop.errors import SnapshotError

LEAST = 32 << 20
"""Bytes that are always wanted: an empty snapshot has 4 MB, and the decision log is to have room as well."""

SNAPSHOT_PER_INPUT = 2
"""A snapshot has 0.7 times the bytes of large CSV files, and 1.6 times those of small ones; sorting spills beside it."""

MOST_MEMORY, LEAST_MEMORY = 2_800 << 20, 400 << 20
"""Bytes that DuckDB is given for a build where there are plenty, and those without which it could not build."""

SHARE_OF_MEMORY = 0.4
"""Of the memory of the machine, or of the container where that has a bound: the app, Python and the system need the rest."""

GROUPS = Path("/sys/fs/cgroup")
"""Where Linux says what a group of processes, such as a container or a service, may take."""


def memory_to_build(groups: Path = GROUPS, own: Path = Path("/proc/self/cgroup")) -> int:
    """The bytes of memory that DuckDB may take for a build; beyond them it writes to the workplace, which takes longer."""
    bounds = [MOST_MEMORY / SHARE_OF_MEMORY, *_bounds(groups, own)]
    with suppress(OSError, ValueError, AttributeError):  # Windows has no such names
        bounds.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return max(LEAST_MEMORY, int(SHARE_OF_MEMORY * min(bounds)))


def _bounds(groups: Path, own: Path) -> Iterator[int]:
    """What the groups that this process is in may take, where they have a bound: the innermost first."""
    with suppress(OSError):
        inside = own.read_text(encoding="ascii").rpartition("::")[2].strip().strip("/")
        for group in (groups / inside, *(groups / inside).parents):
            with suppress(OSError, ValueError):  # there may be none, and without a bound it says `max`
                yield int((group / "memory.max").read_text(encoding="ascii"))
            if group == groups:
                return


def wanted(files: Sequence[Path], live: Path | None) -> int:
    """The bytes that a load may need: for what its files become, and for what comes over from the live snapshot."""
    carried = sum(_size(file) for file in (live, *kept_lines.files(live))) if live else 0
    return LEAST + SNAPSHOT_PER_INPUT * sum(_size(file) for file in files) + 2 * carried


def refuse_a_full_disk(folder: Path, files: Sequence[Path], live: Path | None) -> None:
    """Raise SnapshotError where there is less room than a load may need."""
    need, free = wanted(files, live), shutil.disk_usage(folder).free
    if free < need:
        raise SnapshotError(
            f"There is no room for a new snapshot: {free / 1e6:,.0f} MB are free where {folder} stands, and about"
            f" {need / 1e6:,.0f} MB are needed. Make room; nothing was published, and the live snapshot is as it was."
        )


def _size(file: Path) -> int:
    try:
        return file.stat().st_size * (10 if file.suffix.lower() in (".gz", ".zip", ".xlsx") else 1)
    except OSError:  # a file that is not there is refused where it is read
        return 0
