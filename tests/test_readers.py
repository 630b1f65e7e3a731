"""Readers while snapshots go live: no answer is torn, none fails, and each is of a snapshot that was live."""

from __future__ import annotations

import os
from pathlib import Path

from bench.holding import Readers
from tests.decided import company

PUBLISHES = 400 if os.environ.get("SOAK") else 24


def test_fifty_readers_see_one_snapshot_each_while_others_go_live(tmp_path: Path) -> None:
    firm = company(tmp_path)
    firm.october()
    both = {one.id for one in firm.home.history()}
    readers = Readers(firm.home, 50, 0.5)
    assert len({str(right) for right in readers._right.values()}) == 2, "the two snapshots answer differently"
    with readers.reading():
        for _ in range(PUBLISHES):
            [other] = both - {firm.home.live()}
            firm.home.publish(other, by="a test")
            readers.wait_for(5)
    assert len(firm.home.record()) == PUBLISHES + 2
    assert readers.errors == []
    assert readers.torn == 0
    assert readers.snapshots == both and len(readers.waited) >= 5 * PUBLISHES
