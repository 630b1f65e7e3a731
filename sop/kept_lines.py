"""The order lines of a snapshot that keeps them beside its file: Parquet files in a folder, in the order of customers.

An engine writes the ledger so, each customer in one file, and the files come over as they are: no machine ever holds all lines in
one piece. The snapshot's own file then has no table `marts.ledger`; whoever opens it is shown one (connecting.py). The folder
is part of the snapshot: it is published, checked, put aside, backed up and removed with it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

LEDGER = "marts.ledger"
"""The table that is kept so."""

PROMISES = "marts.promises"
"""The view of it that everything else reads."""

LINES_IN_A_FILE = 250_000
"""How many lines a file has, about: a file is what is read for one customer."""

ENDING = ".lines"
CHUNK = 1 << 20
_PART = re.compile(r"part-\d{5,9}\.parquet")


def folder_of(snapshot: Path) -> Path:
    """Where the lines of a snapshot stand, if they stand beside its file."""
    return snapshot.with_suffix(ENDING)


def files(snapshot: Path) -> list[Path]:
    """The files of lines beside a snapshot's file, in the order of customers; none where the lines are in it."""
    return sorted(folder_of(snapshot).glob("part-*.parquet"))


def take_in(parts: Sequence[Path], snapshot: Path) -> tuple[dict[str, Any], ...]:
    """Copy files of lines, given in the order of customers, into the folder of a snapshot in the making.

    Returns of each its name, which is one of ours, its size and its SHA-256. They are on the disk for good when it returns.
    """
    folder = folder_of(snapshot)
    folder.mkdir()
    return tuple(_copied(part, folder / f"part-{number:05}.parquet") for number, part in enumerate(parts))


def _copied(part: Path, to: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with part.open("rb") as source, to.open("xb") as target:
        while content := source.read(CHUNK):
            digest.update(content)
            target.write(content)
        target.flush()
        os.fsync(target.fileno())
        return {"name": to.name, "size": target.tell(), "sha256": digest.hexdigest()}


def as_known(lines: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """What was written down of the files; names of ours only. Raises ValueError, TypeError or KeyError where it is damaged."""
    known = tuple({"name": str(one["name"]), "size": int(one["size"]), "sha256": str(one["sha256"])} for one in lines)
    names = [str(one["name"]) for one in known]
    if not all(map(is_a_name, names)) or len(set(names)) < len(names):
        raise ValueError("no names of files of lines")
    return known


def is_a_name(name: str) -> bool:
    """True for what a file of lines is called; no path is."""
    return bool(_PART.fullmatch(name))


def trouble_with(snapshot: Path, known: Collection[Mapping[str, Any]], *, thoroughly: bool = False) -> str | None:
    """What is wrong with the files of lines, in a few words; None where they are all there, and no other.

    Their sizes are compared; `thoroughly`, every byte.
    """
    folder = folder_of(snapshot)
    there = {file.name for file in folder.iterdir()} if folder.is_dir() else set()
    wanted = {one["name"] for one in known}
    if there != wanted:
        return "order lines are missing" if wanted - there else "there are order lines of something else beside it"
    for one in known:
        file = folder / one["name"]
        if not file.is_file() or file.stat().st_size != one["size"]:
            return "a file of its order lines has another size than when it was published"
        if thoroughly:
            with file.open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != one["sha256"]:
                    return "a file of its order lines is not the one that was published"
    return None


def remove(folder: Path) -> None:
    """Remove a folder of lines. What the system does not let go of now is removed by the next load."""
    shutil.rmtree(folder, ignore_errors=True)
