"""What a killed process leaves behind is removed by the next start: half-built snapshots, half-written files, uploads."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import filelock

from sop import mending, record, verifying
from sop.decisions import Log
from sop.errors import SopError
from sop.snapshots import Home

UPLOADS = "sop-uploads-"
HELD = ".held"
"""A file in each folder of uploads, locked by the process that uses it: the system lets go of it when that process ends."""

YOUNG = 60
"""Seconds in which a folder of uploads may not be locked yet."""


class UploadFolder(tempfile.TemporaryDirectory[str]):
    """A folder for what somebody uploads, which vanishes with the process, or with its next start where it is killed."""

    def __init__(self) -> None:
        super().__init__(prefix=UPLOADS)
        self._held = filelock.FileLock(Path(self.name) / HELD)
        self._held.acquire()

    def cleanup(self) -> None:
        """Remove the folder now."""
        self._held.release()
        super().cleanup()


def at_start(home: Home) -> list[str]:
    """Clean up, put an intact snapshot live, catch the audit trail up and look whether it is whole; what is to be said of it."""
    sweep_uploads()
    sweep_home(home)
    said = [mending.stand(home)]
    try:
        record.enter_what_is_owed(home.folder)
        found = verifying.verify(Log(home.folder), rows=False)
        said.append(None if found.is_whole else found.in_words())
    except (SopError, OSError) as trouble:
        said.append(str(trouble))
    return [one for one in said if one]


def sweep_home(home: Home) -> None:
    """Remove what a killed load left, unless somebody is loading now or the folder cannot be written."""
    if not home.snapshots.is_dir():
        return
    with (
        suppress(filelock.Timeout, OSError, SopError),
        filelock.FileLock(home.folder / "building.lock", timeout=0),
    ):
        home.sweep()


def sweep_uploads(where: Path | None = None) -> None:
    """Remove the folders of uploads that no process holds any more."""
    for folder in (where or Path(tempfile.gettempdir())).glob(f"{UPLOADS}*"):
        with suppress(OSError, filelock.Timeout):
            if time.time() - folder.stat().st_mtime > YOUNG:
                with filelock.FileLock(folder / HELD, timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)
