"""A backup becomes a home folder again: everything is verified before anything is touched, and the folder appears at the end."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import filelock

from sop import audit, backups, decisions, kept_lines, moving_logs, record, settings, verifying
from sop.access import Act
from sop.backups import Backup
from sop.decisions import Log
from sop.errors import BackupError, SopError
from sop.snapshots import Home, sync

LOCKS = ("building.lock", "publishing.lock", "backing-up.lock")
"""What a home folder may hold that is nothing to be kept."""


@dataclass(frozen=True)
class Restored:
    """What was restored; `moved_to` is the folder to which the home that was there was moved, None where there was none."""

    backup: Backup
    moved_to: Path | None
    said: str | None = None
    """What is wrong with the audit trail, where it was broken already when the backup was made."""


def restore(file: Path, into: Path, *, replace: bool = False) -> Restored:
    """Make a home folder of a backup; with `replace` one that is there is moved aside first, and kept.

    Raises BackupError where a byte of the backup is not as it was written, or something is there already and `replace` is not
    said; AccessError where whoever acts may not restore. Whatever is raised, what was there is there as it was.
    """
    record.require(into, Act.RESTORE)
    is_there = into.exists() and any(one.name not in LOCKS for one in into.iterdir())
    if is_there and not replace:
        raise BackupError(
            f"{into} is not empty. Say --replace to move it aside, or --into another folder; nothing was restored."
        )
    staged = into.parent / f".restoring-{into.name}-{secrets.token_hex(4)}"
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        made = _unpack(file, staged)
        said = _verify(staged, made)
        with _nobody_at_work(into):
            _restore_the_log(staged, made)
            moved_to = _put_in_place(staged, into)
        _enter(into, file, made)
        return Restored(made, moved_to, said)
    except (OSError, tarfile.TarError) as trouble:
        raise BackupError(f"{file} cannot be restored: {trouble}. Nothing was restored.") from trouble
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _unpack(file: Path, staged: Path) -> Backup:
    """Lay every file of a backup down, verified as a whole before and one by one now."""
    made = backups.read(file)
    (staged / "snapshots").mkdir(parents=True, mode=0o700)
    with tarfile.open(file, mode="r:") as tar:
        for entry in tar:
            if entry.name == backups.MANIFEST:
                continue
            size, digest = made.files[entry.name]
            source = tar.extractfile(entry) if entry.isreg() else None
            if source is None or not backups.is_a_part(entry.name):
                raise BackupError(f"{file} holds something that is no file: {entry.name[:80]}. Nothing was restored.")
            written = hashlib.sha256()
            (staged / entry.name).parent.mkdir(exist_ok=True, mode=0o700)
            with (staged / entry.name).open("xb") as target:
                while content := source.read(backups.CHUNK):
                    written.update(content)
                    target.write(content)
                target.flush()
                os.fsync(target.fileno())
                if target.tell() != size or written.hexdigest() != digest:
                    raise BackupError(f"{file}: {entry.name} is damaged. Nothing was restored.")
    return made


def _verify(staged: Path, made: Backup) -> str | None:
    """What was laid down is a home that works: snapshots as published, the live one among them, the log that was backed up.

    Returns what is wrong with the audit trail: a log that was changed by hand is restored as it was, and that is said.
    """
    home = Home(staged)
    try:
        for manifest in home.history():
            home.check(manifest.id, thoroughly=True)
        if home.live() != made.live or (made.live and made.live not in {one.id for one in home.history()}):
            raise BackupError("The backup lacks its live snapshot. Nothing was restored.")
        if decisions.FILE_NAME not in made.files:
            return None
        if audit.seal(_log_in(staged)) != made.seal:
            raise BackupError("The backup holds another decision log than its manifest says. Nothing was restored.")
        found = verifying.verify(_log_in(staged))
    except BackupError:
        raise
    except SopError as trouble:
        raise BackupError(f"{trouble} Nothing was restored.") from trouble
    return None if found.is_whole or made.seal is None else f"{found.in_words()} It was so when the backup was made."


def _log_in(folder: Path) -> Log:
    return Log(folder, f"sqlite:///{folder / decisions.FILE_NAME}")


def _restore_the_log(staged: Path, made: Backup) -> None:
    """Where the log stands in a database of its own: fill an empty one; one that has gone on since stays as it is."""
    if decisions.FILE_NAME not in made.files or settings.decision_log_url(staged) is None:
        return
    log = Log(staged)
    seal = audit.seal(log)
    if seal is None:
        moving_logs.copy_from_file(staged / decisions.FILE_NAME, log)
    elif made.seal is None or not verifying.verify(log, [made.seal]).is_whole:
        raise BackupError(
            "The database of the decision log holds another log than the backup's. Name an empty one (decision_log_url);"
            " nothing was restored."
        )
    (staged / decisions.FILE_NAME).rename(staged / f"restored-{decisions.FILE_NAME}")


@contextlib.contextmanager
def _nobody_at_work(into: Path) -> Iterator[None]:
    """Hold the locks of loading and publishing of the home that is to be moved aside, if there is one."""
    with contextlib.ExitStack() as held:
        try:
            for name in LOCKS if into.exists() else ():
                held.enter_context(filelock.FileLock(into / name, timeout=0))
        except filelock.Timeout:
            raise BackupError(
                "Somebody is loading or publishing now. Stop the app first; nothing was restored."
            ) from None
        yield


def _put_in_place(staged: Path, into: Path) -> Path | None:
    """Rename: what is there aside, then what was laid down to its place; where the second fails, the first is undone."""
    for folder in (*(staged / "snapshots").glob(f"*{kept_lines.ENDING}"), staged / "snapshots", staged):
        sync(folder)
    moved_to = None
    if into.exists():
        moved_to = into.with_name(f"{into.name}-before-{datetime.datetime.now(datetime.UTC):%Y%m%d-%H%M%S}")
        into.rename(moved_to)
    try:
        staged.rename(into)
    except OSError:
        if moved_to:
            moved_to.rename(into)
        raise
    sync(into.parent)
    if moved_to and all(one.name in LOCKS for one in moved_to.iterdir()):
        shutil.rmtree(moved_to, ignore_errors=True)
        return None
    return moved_to


def _enter(into: Path, file: Path, made: Backup) -> None:
    with contextlib.suppress(SopError):
        audit.record(
            Log(into), Act.RESTORE, f"{file.name}, made {made.made_at[:19].replace('T', ' ')}, live {made.live}"
        )
