"""Whether the disk has room for a new snapshot: asked before anything is built, so that a full disk costs nothing."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from sop import kept_lines
from sop.errors import SnapshotError

LEAST = 32 << 20
"""Bytes that are always wanted: an empty snapshot has 4 MB, and the decision log is to have room as well."""

SNAPSHOT_PER_INPUT = 2
"""A snapshot has about 0.6 times the bytes of its CSV files; a compressed one grows, and sorting spills beside it."""


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
