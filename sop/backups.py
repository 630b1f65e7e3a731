"""A backup of a home folder in one file, made while it is in use; restored whole or not at all.

It is a tar file, so that it can be looked into by hand, with a last line of text behind it: the SHA-256 of all that stands
before. Inside stand the decision log, the snapshots, what is known of them, the pointer, the record and the settings, and at
the end `manifest.json`, which has the size and the SHA-256 of each. The log always goes in as an SQLite file; one in
PostgreSQL is copied into such a file row by row (moving_logs.py), so that its hashes can be verified anywhere.

What is acknowledged before the backup begins is in it. Everything is taken at one moment of publishing: the log as one
transaction, and each snapshot's file held open; nothing is pruned meanwhile.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import io
import json
import os
import secrets
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import filelock

from sop import audit, decisions, kept_lines, moving_logs, record, settings
from sop.access import Act
from sop.decisions import Log
from sop.errors import BackupError, LogError
from sop.migrating import VERSION
from sop.snapshots import LIVE, Home, Manifest, sync

MANIFEST = "manifest.json"
FORM = 2
"""Of the file; a later one that an older app cannot read has a larger number."""

FORM_WITHOUT_LINES = 1
"""Where no snapshot keeps its order lines beside its file, which an older app does not know of."""

CLOSING = b"\nsop-backup sha256 "
"""What stands between the tar file and its SHA-256."""

TRAILER = len(CLOSING) + 64 + 1
BESIDE = (LIVE, record.FILE_NAME, settings.FILE_NAME, "people.toml")
"""Small files of the home folder that go in as they are, where they are there."""

CHUNK = 1 << 20

Part = tuple[str, IO[bytes] | Path]
"""A name, and an open file; or where it stands, for the files of order lines, which are too many to be held open."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds. `seal` is the newest audit entry's number and hash; `left_out` names damaged snapshots."""

    made_at: str
    form: int
    log_version: int
    seal: str | None
    live: str | None
    files: dict[str, tuple[int, str]]
    """{name: (size, SHA-256)}"""
    left_out: tuple[str, ...] = ()


class _Hashed(io.RawIOBase):
    """Writes through to a stream, and knows the SHA-256 of what went through."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.digest = stream, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.digest.update(content)
        return self.stream.write(content)


def make(home: Home, out: Path) -> Backup:
    """Write a backup of a home folder to a file, which is there when it is whole and not before.

    Raises BackupError where nothing is there to be kept, or it cannot be written; AccessError where it may not be.
    """
    log = Log(home.folder)
    log.require(Act.BACK_UP)
    beside = out.with_name(f".{out.name}-{secrets.token_hex(4)}")
    try:
        with contextlib.ExitStack() as held:
            workplace = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="sop-backup-")))
            parts, live, left_out = _hold_on(home, log, workplace, held)
            seal = _seal_of(workplace / decisions.FILE_NAME)
            if not parts:
                raise BackupError(f"There is nothing in {home.folder} to keep. No backup was made.")
            with _private(beside) as stream:
                made = _write(stream, parts, live, seal, tuple(left_out))
        os.replace(beside, out)
        sync(out.parent)
    except filelock.Timeout:
        raise BackupError(
            "Somebody is publishing or backing up now. Try again in a moment; no backup was made."
        ) from None
    except (OSError, sqlite3.Error) as trouble:
        raise BackupError(f"The backup cannot be made: {trouble}. No backup was made.") from trouble
    finally:
        beside.unlink(missing_ok=True)
    with contextlib.suppress(LogError):  # where the log cannot be written, the backup is there all the same
        audit.record(log, Act.BACK_UP, f"to {out.name}, up to entry {(seal or 'none').partition(':')[0]}")
    return made


def _hold_on(
    home: Home, log: Log, workplace: Path, held: contextlib.ExitStack
) -> tuple[list[Part], str | None, list[str]]:
    """Everything that goes in, as it stands at one moment: names and open files, what is live, and what is left out."""
    home.folder.mkdir(parents=True, exist_ok=True)
    parts: list[Part] = []
    left_out: list[str] = []
    held.enter_context(filelock.FileLock(home.folder / "backing-up.lock", timeout=decisions.PATIENCE))
    with filelock.FileLock(home.folder / "publishing.lock", timeout=decisions.PATIENCE):
        if moving_logs.copy_to_file(log, workplace / decisions.FILE_NAME):
            parts.append((decisions.FILE_NAME, held.enter_context((workplace / decisions.FILE_NAME).open("rb"))))
        for name in BESIDE:
            with contextlib.suppress(FileNotFoundError):
                parts.append((name, io.BytesIO((home.folder / name).read_bytes())))
        live = home.live()
        snapshots = []
        for manifest in home.history():
            file = held.enter_context(home.file(manifest.id).open("rb"))
            known = io.BytesIO((home.snapshots / f"{manifest.id}.json").read_bytes())
            snapshots.append((manifest, file, known))
    for manifest, file, known in snapshots:
        place = home.snapshots / f"{manifest.id}.duckdb"
        beside = kept_lines.folder_of(place)
        if _is_as_published(file, manifest) and not kept_lines.trouble_with(place, manifest.lines, thoroughly=True):
            parts += [(f"snapshots/{beside.name}/{one['name']}", beside / one["name"]) for one in manifest.lines]
            parts += [(f"snapshots/{manifest.id}.duckdb", file), (f"snapshots/{manifest.id}.json", known)]
        else:
            left_out.append(manifest.id)
    if live in left_out:
        raise BackupError(
            f"The live snapshot {live} is damaged. Start the app, which puts an intact one in its place; no backup was made."
        )
    return parts, live, left_out


def _is_as_published(file: IO[bytes], manifest: Manifest) -> bool:
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return digest == manifest.sha256


def _opened(file: IO[bytes] | Path) -> contextlib.AbstractContextManager[IO[bytes]]:
    return file.open("rb") if isinstance(file, Path) else contextlib.nullcontext(file)


def _write(
    stream: IO[bytes], parts: list[Part], live: str | None, seal: str | None, left_out: tuple[str, ...]
) -> Backup:
    """Write the tar file and what closes it; the manifest goes in last, when every hash is known."""
    whole = _Hashed(stream)
    now = datetime.datetime.now(datetime.UTC)
    files: dict[str, tuple[int, str]] = {}
    with tarfile.open(fileobj=whole, mode="w|", format=tarfile.PAX_FORMAT, bufsize=CHUNK) as tar:
        for name, part in parts:
            with _opened(part) as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(0)
                digest = hashlib.sha256()
                tar.addfile(_entry(name, size, now), _Counted(file, digest))
            files[name] = (size, digest.hexdigest())
        form = FORM if any(isinstance(part, Path) for _, part in parts) else FORM_WITHOUT_LINES
        made = Backup(now.isoformat(timespec="seconds"), form, VERSION, seal, live, files, left_out)
        text = json.dumps(asdict(made), indent=1).encode()
        tar.addfile(_entry(MANIFEST, len(text), now), io.BytesIO(text))
    stream.write(CLOSING + whole.digest.hexdigest().encode() + b"\n")
    stream.flush()
    os.fsync(stream.fileno())
    return made


class _Counted:
    """A file whose bytes are hashed as they are read."""

    def __init__(self, file: IO[bytes], digest: Any) -> None:
        self.file, self.digest = file, digest

    def read(self, size: int = -1) -> bytes:
        content = self.file.read(size)
        self.digest.update(content)
        return content


def _entry(name: str, size: int, now: datetime.datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, int(now.timestamp()), 0o600
    return entry


def _seal_of(file: Path) -> str | None:
    return audit.seal(Log(file.parent, f"sqlite:///{file}")) if file.exists() else None


@contextlib.contextmanager
def _private(file: Path) -> Iterator[IO[bytes]]:
    """A new file that nobody else may read: it holds what every customer was promised."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        yield stream


def read(file: Path) -> Backup:
    """What a backup holds, after every byte of it was verified. Raises BackupError where one is not as it was written."""
    try:
        with file.open("rb") as stream:
            _verify_whole(stream, file)
            with tarfile.open(fileobj=stream, mode="r:") as tar:
                return _manifest_of(tar, file)
    except (OSError, tarfile.TarError) as trouble:
        raise BackupError(f"{file} cannot be read: {trouble}. Nothing was restored.") from trouble


def _verify_whole(stream: IO[bytes], file: Path) -> None:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(size - TRAILER, 0))
    trailer = stream.read()
    if size <= TRAILER or not trailer.startswith(CLOSING) or not trailer.endswith(b"\n"):
        raise BackupError(f"{file} is no backup, or its end is missing. Nothing was restored.")
    stream.seek(0)
    digest, left = hashlib.sha256(), size - TRAILER
    while left:
        content = stream.read(min(CHUNK, left))
        if not content:
            break
        digest.update(content)
        left -= len(content)
    if digest.hexdigest().encode() != trailer[len(CLOSING) : -1]:
        raise BackupError(f"{file} is damaged: its content is not what its checksum says. Nothing was restored.")
    stream.seek(0)


def _manifest_of(tar: tarfile.TarFile, file: Path) -> Backup:
    """The manifest, where it names each file of the tar file and no other. Raises BackupError."""
    names = tar.getnames()
    try:
        text = tar.extractfile(MANIFEST)
        known = json.loads(text.read() if text else b"")
        files = {str(name): (int(size), str(digest)) for name, (size, digest) in known["files"].items()}
        made = Backup(**{**known, "files": files, "left_out": tuple(known["left_out"])})
    except (KeyError, ValueError, TypeError) as trouble:
        raise BackupError(f"{file} has no manifest that can be read. Nothing was restored.") from trouble
    if made.form > FORM or made.log_version > VERSION:
        raise BackupError(f"{file} was made by a later version of the app. Update the app; nothing was restored.")
    if sorted(names) != sorted([*files, MANIFEST]) or not all(map(is_a_part, files)):
        raise BackupError(f"{file} does not hold the files that its manifest names. Nothing was restored.")
    return made


def is_a_part(name: str) -> bool:
    """True for the name of a file that a backup may hold: no other is ever written."""
    folder, _, own = name.rpartition("/")
    if folder == "snapshots":
        return _is_of_a_snapshot(own, ".duckdb", ".json")
    if folder.startswith("snapshots/"):
        return _is_of_a_snapshot(folder.removeprefix("snapshots/"), kept_lines.ENDING) and kept_lines.is_a_name(own)
    return folder == "" and own in (decisions.FILE_NAME, *BESIDE)


def _is_of_a_snapshot(name: str, *endings: str) -> bool:
    stem, dot, ending = name.partition(".")
    return dot + ending in endings and bool(stem) and stem.replace("-", "").isalnum()
