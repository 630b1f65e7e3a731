"""Runs of pages take turns: when everybody clicks at once, two are worked on at a time and the others wait.

Python works on one thing at a time, and switching between fifty runs cost a third more than doing them one after the other, and
nobody saw anything before all were done.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2
"""Runs that are worked on at the same time: one may compute while the other waits for DuckDB, which works without Python."""
LONGEST = 0.5
"""Seconds for which a run keeps its place; one that takes longer (a load, the best overall) goes on beside the others."""


class Turns:
    """Places for so many at once, each for so many seconds."""

    def __init__(self, at_once: int = AT_ONCE, longest: float = LONGEST) -> None:
        self.at_once, self.longest = at_once, longest
        self._taken: dict[object, float] = {}
        self._changed = threading.Condition()

    @contextmanager
    def in_turn(self) -> Iterator[None]:
        """Wait for a place, and leave it at the end, however that comes."""
        mine = object()
        with self._changed:
            while (seconds := self._until_free()) > 0:
                self._changed.wait(seconds)
            self._taken[mine] = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                del self._taken[mine]
                self._changed.notify()

    def _until_free(self) -> float:
        """Seconds until a place is free at the latest; 0 where one is."""
        now = time.monotonic()
        kept = sorted(since for since in self._taken.values() if now - since < self.longest)
        return kept[-self.at_once] + self.longest - now if len(kept) >= self.at_once else 0


_turns = Turns()
in_turn = _turns.in_turn
