"""Where the live snapshot is damaged or gone, the one before it goes live: said aloud, on record, the damaged one put aside.

What is compared is what was written down when it was published: the size and every byte of its file, and of the order lines where
they stand beside it. That is done once for each as it lies there, and again when a size, a place on the disk or a time changes. A
large one is read through beside the work, and what was found counts from the next look on.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress

import filelock

from sop import access, kept_lines, record, sample_company
from sop.errors import SopError
from sop.record import STOOD_IN
from sop.snapshots import ASIDE, Home

LARGE = 256 << 20
"""Bytes of a file that nobody waits for while it is read through: about half a second."""

_looked: dict[tuple[object, ...], str | None] = {}
"""What was found of each file as it lay there; None where it is as it was published."""
_reading: set[tuple[object, ...]] = set()
_one_at_a_time = threading.Lock()


def stand(home: Home) -> str | None:
    """See to it that an intact snapshot is live; return what is to be said where another one had to take its place.

    It goes on being said until something else is published. Where none is intact, everything is left as it is, and whoever
    opens the live one is told what is wrong with it. Raises nothing: what cannot be mended is found by whoever reads it.
    """
    try:
        if _trouble_with_live(home) is not None:
            with filelock.FileLock(home.folder / "publishing.lock", timeout=10):
                trouble = _trouble_with_live(home)  # another process may have mended it meanwhile
                if trouble is not None:
                    _put_another_in_its_place(home, trouble)
        return what_is_said(home)
    except (SopError, OSError, filelock.Timeout) as trouble:
        logging.getLogger(__name__).warning("The live snapshot cannot be replaced by an intact one: %s", trouble)
        return None


def what_is_said(home: Home) -> str | None:
    """The sentence for viewers while a snapshot stands in for a damaged one; None where none does."""
    newest = record.last(home.folder)
    if newest is None or newest.what != STOOD_IN or newest.snapshot != _live(home):
        return None
    manifest = home.manifest(newest.snapshot)
    return (
        f"The snapshot that was live is damaged or gone ({newest.because or 'it cannot be read'}). The one before it, of"
        f" {manifest.published:%Y-%m-%d %H:%M} UTC, as of {manifest.as_of}, is shown instead. Load the newest extracts again;"
        f" what is damaged is kept in {home.snapshots.name}/{ASIDE}."
    )


def _live(home: Home) -> str | None:
    try:
        return home.live()
    except SopError:
        return None


def _trouble_with_live(home: Home) -> str | None:
    """What is wrong with the live snapshot; None where nothing is, or where nothing was ever published."""
    try:
        live = home.live()
    except SopError:
        return "what says which one is live cannot be read"
    if live is None:
        return "nothing says any more which one is live" if home.record() else None
    return _trouble_with(home, live)


def _trouble_with(home: Home, snapshot: str) -> str | None:
    """What is wrong with a snapshot, from having read the whole of it once; None while a large one is still being read."""
    try:
        home.check(snapshot)
        manifest, file = home.manifest(snapshot), home.file(snapshot)
        seen = [(one, one.stat()) for one in (file, *kept_lines.files(file))]
        key = (*((str(one), is_.st_ino, is_.st_size, is_.st_mtime_ns) for one, is_ in seen), manifest.sha256)
    except SopError as trouble:
        return str(trouble).split(". ")[0].split(".duckdb")[0].rstrip(".")
    except OSError as trouble:
        return f"its file cannot be read: {trouble.strerror or trouble}"
    if key in _looked:
        return _looked[key]
    if manifest.whole_size > LARGE:
        with _one_at_a_time:
            if key not in _reading:
                _reading.add(key)
                threading.Thread(target=_read_through, args=(home, snapshot, key), daemon=True).start()
        return None
    return _read_through(home, snapshot, key)


def _read_through(home: Home, snapshot: str, key: tuple[object, ...]) -> str | None:
    found = None
    try:
        home.check(snapshot, thoroughly=True)
    except SopError:
        found = f"the file of {snapshot} is not the one that was published"
    except OSError as trouble:
        found = f"its file cannot be read: {trouble.strerror or trouble}"
    _looked[key] = found
    return found


def _put_another_in_its_place(home: Home, trouble: str) -> None:
    """Make the newest intact snapshot live, and put the damaged one aside. For whoever holds the lock of publishing."""
    damaged = _live(home)
    another = _the_one_before(home, damaged)
    if another is None:
        logging.getLogger(__name__).error("The live snapshot is damaged (%s), and no other one is intact.", trouble)
        return
    if damaged is not None:
        home.put_aside(damaged)
    home.clear_the_pointer()
    number = home.make_live(another, None, STOOD_IN, because=trouble)
    logging.getLogger(__name__).error("Snapshot %s is live in the place of a damaged one (%s).", another, trouble)
    with access.acting_as(access.THE_APP):
        home.enter(number)


def _the_one_before(home: Home, damaged: str | None) -> str | None:
    """The intact snapshot that was live last, of the same company if there is one, made by this version if there is one."""
    was_live = [line.snapshot for line in reversed(home.record())]
    known = [manifest.id for manifest in home.history()]
    in_order = list(dict.fromkeys([*was_live, *known]))
    if damaged is None and was_live:
        with suppress(SopError):  # only the pointer is lost: what was live last is what it named
            if _trouble_is_none(home, was_live[0]):
                return was_live[0]
    intact = [one for one in in_order if one != damaged and one in known and _trouble_is_none(home, one)]
    sample = {manifest.id: sample_company.is_sample(manifest) for manifest in home.history()}
    is_sample = None
    if damaged is not None and home.is_a_name(damaged):
        with suppress(SopError):
            is_sample = sample_company.is_sample(home.known_of(damaged))
    intact.sort(key=lambda one: (is_sample not in (None, sample[one]), not home.is_made_alike(one)))
    return next(iter(intact), None)


def _trouble_is_none(home: Home, snapshot: str) -> bool:
    """True where every byte is as it was published, however long it takes to read them."""
    try:
        home.check(snapshot, thoroughly=True)
    except (SopError, OSError):
        return False
    return True
