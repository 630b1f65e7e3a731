"""Publish, open and roll back snapshots: one DuckDB file each, built beside the live one (loading.py) and never written again.

A home folder holds `snapshots/<id>.duckdb` with `<id>.json` beside it (SHA-256, as_of, who, files), and `live`, one
line with the id that viewers see. Publishing replaces `live` in one step.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from sop import queries, settings
from sop.errors import SnapshotError

LIVE = "live"


@dataclass(frozen=True)
class Manifest:
    """What is known of a snapshot without opening it. Rows are counted per file and extract."""

    id: str
    as_of: str
    created_at: str
    created_by: str
    recipe: str
    """Hash of everything the snapshot was made from: equal recipes make equal snapshots."""
    made_with: str
    """Hash of the SQL that made it: another version of the app cannot ask it."""
    sha256: str
    size: int
    sources: tuple[dict[str, Any], ...]
    """One dict per file and extract: extract_name, file_name, size, sha256, mapping_sha256, carried_from and row counts."""


class Home:
    """The folder of the snapshots. Several processes may use it: viewers read, one builder at a time writes."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or settings.home()
        self.snapshots = self.folder / "snapshots"

    def live(self) -> str | None:
        """The id that viewers see now, None before the first publish."""
        try:
            return (self.folder / LIVE).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as trouble:
            raise SnapshotError(
                f"{self.folder / LIVE} cannot be read ({_plainly(trouble)}). It holds the live snapshot's id."
            ) from None

    def file(self, snapshot: str) -> Path:
        """The snapshot's file. Raises SnapshotError where there is none of that id."""
        file = self.snapshots / f"{snapshot}.duckdb"
        if not snapshot.replace("-", "").isalnum() or not file.exists():
            known = ", ".join(manifest.id for manifest in self.history()) or "none yet"
            raise SnapshotError(f"There is no snapshot {snapshot!r}. There is: {known}.")
        return file

    def manifest(self, snapshot: str) -> Manifest:
        """What is known of a snapshot. Raises SnapshotError where its file beside it is missing or torn."""
        self.file(snapshot)
        try:
            known = json.loads((self.snapshots / f"{snapshot}.json").read_text(encoding="utf-8"))
            return Manifest(**{**known, "sources": tuple(known["sources"])})
        except (OSError, ValueError, TypeError, KeyError):
            raise SnapshotError(f"Snapshot {snapshot} is incomplete: {snapshot}.json is missing or damaged.") from None

    def history(self) -> tuple[Manifest, ...]:
        """Every complete snapshot, newest first."""
        found = []
        for file in sorted(self.snapshots.glob("*.duckdb"), reverse=True):
            with suppress(SnapshotError):
                found.append(self.manifest(file.stem))
        return tuple(found)

    def keep(self, built: Path, manifest: Manifest) -> None:
        """Take a finished snapshot in: its file first, then what is known of it, so that no half of it is ever listed."""
        with built.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(built, self.snapshots / f"{manifest.id}.duckdb")
        _write(self.snapshots / f"{manifest.id}.json", json.dumps(asdict(manifest), indent=1))
        _sync(self.snapshots)

    def sweep(self) -> None:
        """Remove what a killed load left behind. To be called by whoever holds the builder's lock."""
        for workplace in self.snapshots.glob(".building-*"):
            shutil.rmtree(workplace, ignore_errors=True)
        for file in [*self.folder.glob(f".{LIVE}-*"), *self.snapshots.glob(".*.json-*")]:
            file.unlink(missing_ok=True)
        for file in self.snapshots.glob("*.duckdb"):
            if not file.with_suffix(".json").exists() and file.stem != self.live():
                file.unlink(missing_ok=True)

    def publish(self, snapshot: str) -> None:
        """Make a snapshot the live one, in one step: whoever reads sees the old one or this one, never neither."""
        self.manifest(snapshot)
        try:
            _write(self.folder / LIVE, f"{snapshot}\n")
        except OSError as trouble:
            raise SnapshotError(f"Snapshot {snapshot} could not be published: {_plainly(trouble)}.") from None
        _sync(self.folder)

    def check(self, snapshot: str) -> None:
        """Raise SnapshotError where a snapshot's file is not the one that was published."""
        manifest, file = self.manifest(snapshot), self.file(snapshot)
        if file.stat().st_size != manifest.size:
            raise SnapshotError(
                f"Snapshot {snapshot} is damaged: its file has another size than when it was published. Make an earlier one"
                f" live (python -m sop rollback ID); or delete {self.folder / LIVE} and load every extract again."
            )

    def is_of_this_version(self) -> bool:
        """True where the live snapshot can be asked by this version of the app."""
        live = self.live()
        return live is not None and self.manifest(live).made_with == queries.making()

    def check_version(self, snapshot: str) -> None:
        """Raise SnapshotError where a snapshot was made by another version of the app than this one."""
        if self.manifest(snapshot).made_with != queries.making():
            raise SnapshotError(
                f"Snapshot {snapshot} was made by another version of the app. Build it again from the extracts it holds:"
                " python -m sop rebuild"
            )

    def open(self, snapshot: str | None = None) -> duckdb.DuckDBPyConnection:
        """Open a snapshot (the live one unless said) for reading only. Raises SnapshotError where nothing can be opened."""
        snapshot = snapshot or self.live()
        if snapshot is None:
            raise SnapshotError("Nothing is published yet. Load extracts with: python -m sop load FILES")
        try:
            connection = duckdb.connect(str(self.file(snapshot)), read_only=True)
        except duckdb.Error as trouble:
            first = str(trouble).splitlines()[0]
            raise SnapshotError(
                f"Snapshot {snapshot} cannot be opened ({first}). Roll back to an earlier one."
            ) from None
        connection.execute("set python_enable_replacements = false")
        return connection


def _plainly(trouble: Exception) -> str:
    return getattr(trouble, "strerror", None) or "it is no text"


def _write(file: Path, text: str) -> None:
    """Write a small file in one step and for good: beside it, to the disk, then over it."""
    beside = file.with_name(f".{file.name}-{secrets.token_hex(4)}")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(beside, file)


def _sync(folder: Path) -> None:
    """Make the folder's entries durable, where the system can open a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
