"""Publish, open and roll back snapshots: one DuckDB file each, built beside the live one (loading.py) and never written again.

A home folder holds `snapshots/<id>.duckdb` with `<id>.json` beside it (SHA-256, as_of, who, files), `live`, one
line with the id that viewers see, and `published.jsonl`, one line for each time that a snapshot went live. Where an engine
made it, its order lines are in a folder `<id>.lines` (kept_lines.py), of which all is true that is true of its file. Publishing
replaces `live` in one step. Pruning removes what is old and neither live nor the close of a month.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
import os
import secrets
import shutil
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import filelock

from sop import access, connecting, kept_lines, limiting, queries, record, sample_company, settings
from sop.access import Act
from sop.errors import SnapshotError, SopError
from sop.record import AGAIN as AGAIN
from sop.record import PUBLISHED as PUBLISHED
from sop.record import Published as Published

LIVE = "live"
ASIDE = "damaged"
"""The folder, among the snapshots, of what is damaged."""

LONGEST_ID = 60
PATIENCE = 10
"""Seconds that a publish or a pruning waits for another one, which takes a moment."""


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
    is_sample: bool = False
    """Whether it is the sample company's (see sample_company.py)."""
    lines: tuple[dict[str, Any], ...] = ()
    """One dict per file of order lines where they are kept beside the snapshot's file: name, size, sha256."""

    @property
    def whole_size(self) -> int:
        """Its bytes on the disk, with the order lines beside its file."""
        return self.size + sum(int(one["size"]) for one in self.lines)

    @property
    def published(self) -> datetime.datetime:
        """When it was published, in UTC."""
        moment = datetime.datetime.fromisoformat(self.created_at)
        return moment.astimezone(datetime.UTC) if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


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
        if not self.is_a_name(snapshot) or not file.exists():
            known = ", ".join(sorted((one.stem for one in self.snapshots.glob("*.json")), reverse=True)) or "none yet"
            raise SnapshotError(f"There is no snapshot {snapshot!r}. There is: {known}.")
        return file

    def is_a_name(self, snapshot: str) -> bool:
        """True where a snapshot may be named so; no path can be."""
        return len(snapshot) <= LONGEST_ID and snapshot.replace("-", "").isalnum()

    def manifest(self, snapshot: str) -> Manifest:
        """What is known of a snapshot. Raises SnapshotError where its file beside it is missing or torn."""
        self.file(snapshot)
        return self.known_of(snapshot)

    def known_of(self, snapshot: str) -> Manifest:
        """The same, though its file may be gone."""
        try:
            beside = self.snapshots / f"{snapshot}.json"
            if not beside.is_file():  # to open a pipe would be to wait for ever
                raise OSError("no file")
            known = json.loads(beside.read_text(encoding="utf-8"))
            lines = kept_lines.as_known(known.get("lines", ()))
            manifest = Manifest(**{**known, "sources": tuple(known["sources"]), "lines": lines})
            manifest.published, datetime.date.fromisoformat(manifest.as_of)  # a day that cannot be read is damage too
            return manifest
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
        """Take a finished snapshot in: its order lines first where they stand beside its file, then the file, then what is known
        of it, so that no half of it is ever listed.
        """
        with built.open("rb") as stream:
            os.fsync(stream.fileno())
        if manifest.lines:
            beside = kept_lines.folder_of(built)
            sync(beside)
            os.replace(beside, kept_lines.folder_of(self.snapshots / f"{manifest.id}.duckdb"))
        os.replace(built, self.snapshots / f"{manifest.id}.duckdb")
        _write(self.snapshots / f"{manifest.id}.json", json.dumps(asdict(manifest), indent=1))
        sync(self.snapshots)

    def sweep(self) -> None:
        """Remove what a killed load left behind. To be called by whoever holds the builder's lock."""
        for workplace in self.snapshots.glob(".building-*"):
            shutil.rmtree(workplace, ignore_errors=True)
        for file in [*self.folder.glob(f".{LIVE}-*"), *self.snapshots.glob(".*.json-*")]:
            file.unlink(missing_ok=True)
        was_live = {line.snapshot for line in self.record()}
        for file in self.snapshots.glob("*.duckdb"):
            if not file.with_suffix(".json").exists() and file.stem != self.live():
                if file.stem in was_live:
                    self.put_aside(file.stem)  # it was published, so that its other half was lost since
                else:
                    _remove(file)
        for file in self.snapshots.glob("*.json"):
            if not file.with_suffix(".duckdb").exists() and file.stem != self.live():
                _remove(file)
        for folder in self.snapshots.glob(f"*{kept_lines.ENDING}"):
            if not folder.with_suffix(".duckdb").exists() and folder.stem != self.live():
                kept_lines.remove(folder)

    def put_aside(self, snapshot: str) -> None:
        """Move what is there of a damaged snapshot out of sight. What cannot be moved stays where it is."""
        aside = self.snapshots / ASIDE
        for ending in (".duckdb", ".json", kept_lines.ENDING) if self.is_a_name(snapshot) else ():
            file = self.snapshots / f"{snapshot}{ending}"
            with suppress(OSError):
                if os.path.lexists(file):
                    aside.mkdir(exist_ok=True)
                    taken = sum(one.name.startswith(file.name) for one in aside.iterdir())
                    os.replace(file, aside / (f"{file.name}-{taken + 1}" if taken else file.name))

    def clear_the_pointer(self) -> None:
        """Put a folder that stands in the place of the pointer out of the way: no file can be written over it."""
        pointer = self.folder / LIVE
        if pointer.is_dir():
            os.replace(pointer, pointer.with_name(f"{LIVE}-{secrets.token_hex(4)}-folder"))

    def publish(self, snapshot: str, by: str | None = None) -> str | None:
        """Make a snapshot the live one, in one step: whoever reads sees the old one or this one, never neither.

        The record is written first, so that nothing is ever live without a line that says since when and by whom; a
        crash between the two leaves a line for what somebody wanted, and the old snapshot live. Returns a sentence where the
        audit trail could not be written: it makes up for that entry later.
        """
        record.require(self.folder, Act.ROLL_BACK)
        by = access.named(by or "") or None
        try:
            with self._publishing():
                manifest = self.manifest(snapshot)
                self._refuse_another(manifest)
                is_again = self._was_live_before(manifest)
                who = by if is_again else by or manifest.created_by
                number = self.make_live(snapshot, who, AGAIN if is_again else PUBLISHED)
        except filelock.Timeout:
            raise SnapshotError("Somebody else is publishing now. Try again in a moment.") from None
        except OSError as trouble:
            raise SnapshotError(f"Snapshot {snapshot} could not be published: {_plainly(trouble)}.") from None
        return self.enter(number)

    def make_live(self, snapshot: str, by: str | None, what: str, because: str | None = None) -> int:
        """Write the record's line, then the pointer; return the line's number. For whoever holds the lock of publishing."""
        number = record.append(self.folder, snapshot, by, what, because)
        sync(self.folder)
        _write(self.folder / LIVE, f"{snapshot}\n")
        sync(self.folder)
        return number

    def enter(self, number: int) -> str | None:
        """Write the audit trail's entry of a line of the record; where that cannot be, return so in a sentence."""
        try:
            record.enter(self.folder, number, dict(record.numbered(self.folder))[number])
        except SopError as trouble:
            logging.getLogger(__name__).warning("The audit trail lacks line %d of the record for now.", number)
            return f"It is live, but the audit trail could not be written; its entry is made up for later. {trouble}"
        return None

    def _publishing(self) -> filelock.BaseFileLock:
        """Held for the moment in which the live snapshot changes or old ones go. A builder may hold its own lock too."""
        return filelock.FileLock(self.folder / "publishing.lock", timeout=PATIENCE)

    def _was_live_before(self, manifest: Manifest) -> bool:
        """True where the record says so; of a time before the record, where a later snapshot was published since."""
        if any(line.snapshot == manifest.id for line in self.record()):
            return True
        return any(other.published > manifest.published for other in self.history())

    def record(self) -> tuple[Published, ...]:
        """Each time that a snapshot went live, the oldest first. A line that cannot be read is left out."""
        return tuple(line for _, line in record.numbered(self.folder))

    def prune(self, days: int, today: datetime.date | None = None, keep: Collection[str] = ()) -> tuple[str, ...]:
        """Remove the snapshots that have been kept for `days` days and need not stay (see `staying`); return their ids.

        Nothing is removed while somebody builds or backs up: to be called after the builder's lock was let go. Whoever has a
        snapshot open goes on reading its file; where the system does not allow removing an open file, it stays as it was. Order
        lines beside it are opened with each question: a page that is being drawn of a pruned snapshot may lack them.
        """
        access.require(Act.PUBLISH)
        today = today or datetime.datetime.now(datetime.UTC).date()
        try:
            with (
                filelock.FileLock(self.folder / "building.lock", timeout=0),
                filelock.FileLock(self.folder / "backing-up.lock", timeout=0),
                self._publishing(),
            ):
                old = to_prune(self.history(), self.live(), days, today, keep)
                return tuple(snapshot for snapshot in old if self._forget(snapshot))
        except (filelock.Timeout, OSError, SnapshotError):
            return ()

    def _forget(self, snapshot: str) -> bool:
        """Remove a snapshot's file, then what belongs to it: without its file it is not listed, so no half of it ever is.

        The other way round would leave the file unlisted for ever where an open file cannot be removed.
        """
        file = self.snapshots / f"{snapshot}.duckdb"
        if not _remove(file):
            return False
        kept_lines.remove(kept_lines.folder_of(file))  # what a crash leaves of these is swept by the next load
        _remove(file.with_suffix(".json"))
        return True

    def check(self, snapshot: str, *, thoroughly: bool = False) -> None:
        """Raise SnapshotError where a snapshot's file, or its order lines beside it, are not what was published.

        Sizes are compared; `thoroughly`, every byte (seconds for a large file).
        """
        manifest = self.manifest(snapshot)
        self._refuse_another(manifest, thoroughly=thoroughly)
        if thoroughly:
            with self.file(snapshot).open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != manifest.sha256:
                    raise SnapshotError(
                        f"Snapshot {snapshot} is damaged: its file is not the one that was published.{self._instead(snapshot)}"
                    )

    def _refuse_another(self, manifest: Manifest, *, thoroughly: bool = False) -> None:
        """Compare the size of its file, and the order lines beside it."""
        file = self.file(manifest.id)
        if not file.is_file() or file.stat().st_size != manifest.size:
            raise SnapshotError(
                f"Snapshot {manifest.id} is damaged: its file has another size than when it was published."
                f"{self._instead(manifest.id)}"
            )
        trouble = kept_lines.trouble_with(file, manifest.lines, thoroughly=thoroughly)
        if trouble:
            raise SnapshotError(f"Snapshot {manifest.id} is damaged: {trouble}.{self._instead(manifest.id)}")

    def _instead(self, snapshot: str) -> str:
        """What can be done about a damaged snapshot, where viewers see it."""
        if snapshot != self.live():
            return " Choose another one."
        return (
            " Make an earlier one live (python -m sop rollback ID); or delete"
            f" {self.folder / LIVE} and load every extract again."
        )

    def is_of_this_version(self) -> bool:
        """True where the live snapshot can be asked by this version of the app."""
        live = self.live()
        return live is not None and self.is_made_alike(live)

    def is_made_alike(self, snapshot: str, recipe: str | None = None) -> bool:
        """True where this version of the app made a snapshot, and from this recipe where one is given."""
        manifest = self.manifest(snapshot)
        return manifest.made_with == queries.making() and recipe in (None, manifest.recipe)

    def check_version(self, snapshot: str) -> None:
        """Raise SnapshotError where a snapshot was made by another version of the app than this one."""
        if not self.is_made_alike(snapshot):
            first = "" if snapshot == self.live() else f"python -m sop rollback {snapshot}, then "
            raise SnapshotError(
                f"Snapshot {snapshot} was made by another version of the app. Build it again from the extracts it holds:"
                f" {first}python -m sop rebuild"
            )

    def open(self, snapshot: str | None = None, customers: Collection[str] | None = None) -> duckdb.DuckDBPyConnection:
        """Open a snapshot (the live one unless said) for reading only. Raises SnapshotError where nothing can be opened.

        With `customers` there are only these in it (see limiting.py). Without, whoever acts must be one who may see all.
        """
        if customers is None:
            access.require_everyone()
        snapshot = snapshot or self.live()
        if snapshot is None:
            raise SnapshotError("Nothing is published yet. Load extracts with: python -m sop load FILES")
        try:
            file = self.file(snapshot)
            return connecting.for_reading(file) if customers is None else limiting.connect(file, customers)
        except duckdb.Error as trouble:
            first = str(trouble).splitlines()[0]
            raise SnapshotError(
                f"Snapshot {snapshot} cannot be opened ({first}). Roll back to an earlier one."
            ) from None


def staying(known: Sequence[Manifest], live: str | None, keep: Collection[str] = ()) -> dict[str, str]:
    """Which snapshots stay whatever their age, and why: {id: reason in a few words}.

    The live one, the one published before it, the last one published in each calendar month (UTC), those that `keep`
    names, and while the sample company is live the newest of one's own.
    """
    in_order = sorted(known, key=_by_age)
    reasons: dict[str, list[str]] = {manifest.id: [] for manifest in in_order}
    for before, manifest in zip([None, *in_order], in_order, strict=False):
        if manifest.id == live:
            reasons[manifest.id].append("live")
            if before:
                reasons[before.id].append("the one before the live one")
    for month, snapshot in {f"{manifest.published:%B %Y}": manifest.id for manifest in in_order}.items():
        reasons[snapshot].append(f"closes {month}")
    if any(manifest.id == live and sample_company.is_sample(manifest) for manifest in in_order):
        for own in [manifest.id for manifest in in_order if not sample_company.is_sample(manifest)][-1:]:
            reasons[own].append("the newest of your own")
    for snapshot in reasons.keys() & set(keep):
        reasons[snapshot].append("named in a decision")
    return {snapshot: ", ".join(why) for snapshot, why in reasons.items() if why}


def _by_age(manifest: Manifest) -> tuple[datetime.datetime, str]:
    return manifest.published, manifest.id


def prune_date(manifest: Manifest, days: int) -> datetime.date:
    """The first day on which a snapshot that need not stay is removed: it was kept for `days` days then."""
    return manifest.published.date() + datetime.timedelta(days=days)


def to_prune(
    known: Sequence[Manifest], live: str | None, days: int, today: datetime.date, keep: Collection[str] = ()
) -> tuple[str, ...]:
    """The snapshots that are removed today, the oldest first; none where the live one is not among the known."""
    reasons = staying(known, live, keep)
    if live is None or live not in reasons:
        return ()
    gone = [manifest for manifest in known if manifest.id not in reasons and prune_date(manifest, days) <= today]
    return tuple(manifest.id for manifest in sorted(gone, key=_by_age))


def _remove(file: Path) -> bool:
    """Remove a file; False where the system does not allow it now, as Windows does not while somebody has it open."""
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return False
    return True


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


def sync(folder: Path) -> None:
    """Make the folder's entries durable, where the system can open a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
