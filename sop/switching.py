"""From the sample company to one's own and back: whole snapshots go live, and nothing of one comes into the other."""

from __future__ import annotations

import datetime

from sop import access, loading, sample_company
from sop.deciding import NOTHING_WRITTEN
from sop.errors import SnapshotError
from sop.loading import Step
from sop.snapshots import Home


def switch(home: Home, *, to_sample: bool, by: str, on_step: Step = lambda step: None) -> str:
    """Make the sample company live, or one's own again, and return the snapshot's id.

    The one that was live last is published again; it is built again first where another version of the app made it, or where
    there is none of the sample any more. Raises SnapshotError where nobody says who, where it is live already, and where
    there is nothing of one's own.
    """
    by = access.named(by)
    if not by.strip():
        raise SnapshotError(f"Say who you are. {NOTHING_WRITTEN}")
    live = home.live()
    if live and sample_company.is_sample(home.manifest(live)) == to_sample:
        whose = "The sample company" if to_sample else "A snapshot of your own extracts"
        raise SnapshotError(f"{whose} is live already. {NOTHING_WRITTEN}")
    snapshot = sample_company.newest(home, of_the_sample=to_sample)
    if snapshot and home.is_made_alike(snapshot):
        home.check(snapshot, thoroughly=True)
        home.publish(snapshot, by=by.strip())
        return snapshot
    if snapshot is None and not to_sample:
        raise SnapshotError(f"Nothing of your own was ever published. {NOTHING_WRITTEN}")
    files = sample_company.files() if to_sample else []
    built_on = None if to_sample else snapshot
    built = loading.load(files, built_on=built_on, created_by=by.strip(), home=home, on_step=on_step)
    return str(built.snapshot)


def work_out_anew(home: Home, *, by: str, on_step: Step = lambda step: None) -> str:
    """Build the live snapshot again from the extracts it holds, with the settings as they stand, and return the new one's id.

    It speaks for the same day. Raises SnapshotError where nobody says who, or nothing is live.
    """
    by = access.named(by)
    if not by.strip():
        raise SnapshotError(f"Say who you are. {NOTHING_WRITTEN}")
    live = home.live()
    if live is None:
        raise SnapshotError(f"Nothing is live yet. {NOTHING_WRITTEN}")
    day = datetime.date.fromisoformat(home.manifest(live).as_of)
    return str(loading.load([], as_of=day, created_by=by.strip(), home=home, on_step=on_step).snapshot)
