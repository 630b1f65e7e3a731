"""Whether a snapshot is the sample company's. It and one's own company never mix: neither takes anything over from the other."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sop.snapshots import Home, Manifest

FOLDER = Path(__file__).parent.parent / "data" / "sample"


def files() -> list[Path]:
    """The sample company's extracts."""
    return sorted(FOLDER.glob("*.csv"))


@functools.cache
def _hashes() -> frozenset[str]:
    return frozenset(hashlib.sha256(file.read_bytes()).hexdigest() for file in files())


def made_of(hashes: Collection[str]) -> bool:
    """True where files with these SHA-256 are the sample company's, every one of them."""
    return bool(hashes) and _hashes().issuperset(hashes)


def is_sample(manifest: Manifest) -> bool:
    """True for a snapshot of the sample company: as it was written down, or as its files tell where it is older than that."""
    return manifest.is_sample or made_of({source["sha256"] for source in manifest.sources})


def basis(home: Home, live: str | None, hashes: Collection[str]) -> tuple[str | None, bool]:
    """What a load is built on, and whether it makes the sample company: the live snapshot, or the newest of the other company.

    `hashes` are those of the files that were brought; without any, the live snapshot is built again whosesoever it is.
    """
    was_sample = live is not None and is_sample(home.manifest(live))
    becomes_sample = made_of(hashes) if hashes else was_sample
    return (live if becomes_sample == was_sample else newest(home, of_the_sample=becomes_sample)), becomes_sample


def newest(home: Home, *, of_the_sample: bool) -> str | None:
    """The snapshot of the sample company, or of one's own, that was live last; None where there is none any more."""
    known = {manifest.id for manifest in home.history() if is_sample(manifest) == of_the_sample}
    was_live = [line.snapshot for line in home.record() if line.snapshot in known]
    return was_live[-1] if was_live else max(known, default=None)
