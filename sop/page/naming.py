"""What an uploaded file is called, of whatever was sent as its name."""

from __future__ import annotations

from pathlib import PurePosixPath

LONGEST_NAME = 120
"""Bytes of a file's name that are kept."""


def last_part(name: str) -> str:
    """What a file is called, of whatever was sent as its name: no folder, no sign that nobody sees, short enough for a disk."""
    seen = "".join(sign if sign.isprintable() else " " for sign in name)
    last = PurePosixPath(seen.replace("\\", "/").rpartition("/")[2].strip())
    stem = last.stem.encode()[:LONGEST_NAME].decode(errors="ignore").strip(".")
    return f"{stem or 'file'}{last.suffix[:8]}"
