"""What holds while extracts are published: how long a decision takes to be acknowledged, and how long fifty readers wait.

Readers ask as pages do: the live snapshot once, then two questions of it, each on a cursor of its own. What is answered is torn
where the two answers together are not those of that snapshot, as it answers when nobody else is there.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from sop import loading, noting, queries, sample
from sop.decisions import Log
from sop.noting import Place
from sop.snapshots import Home

READERS, PUBLISHES, BETWEEN = 50, 20, 0.5
"""Readers, snapshots that go live, and the seconds between two of them."""
PAUSE = 2.0
"""Seconds for which somebody reads what came before they ask again. The app keeps answers; here each one is asked anew."""


def decide_while_publishing(order_lines: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """How long an entry of the log takes while a process of its own publishes a company of so many order lines."""
    with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
        say(f"Making a company of {order_lines:,} order lines")
        sample.make(order_lines, 1, Path(folder) / "company")
        files = sorted((Path(folder) / "company").glob("*.csv"))
        log = Log(Path(folder) / "home")
        alone = [_one_entry(log) for _ in range(30)]
        say("Publishing it, and writing to the log all the while")
        publisher = multiprocessing.get_context("spawn").Process(target=_publish, args=(files, log.folder))
        started = time.perf_counter()
        publisher.start()
        meanwhile = []
        while publisher.is_alive():
            meanwhile.append(_one_entry(log))
            time.sleep(0.02)
        taken = time.perf_counter() - started
        publisher.join()
        rows = sum(source["kept_count"] for source in Home(log.folder).history()[0].sources)
    what = f"entry of the log while {rows:,} rows are published"
    return [
        {"measure": f"publishing {rows:,} rows meanwhile", "value": taken, "unit": "s", "hold": None},
        {"measure": f"{what}, 99th percentile of {len(meanwhile)}", "value": _p99(meanwhile), "unit": "s", "hold": 1.0},
        {"measure": f"{what}, longest", "value": max(meanwhile), "unit": "s", "hold": None},
        {"measure": f"{what} / alone, medians", "value": statistics.median(meanwhile) / statistics.median(alone),
         "unit": "×", "hold": None},
    ]  # fmt: skip


def _one_entry(log: Log) -> float:
    started = time.perf_counter()
    noting.note(log, Place(customer_id="C-0001"), "A note", by="the bench", snapshot_id="a-snapshot")
    return time.perf_counter() - started


def _publish(files: list[Path], folder: Path) -> None:
    loading.load(files, home=Home(folder), created_by="the bench")


def read_while_publishing(home: Home, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """How long readers wait for a page's two questions while two snapshots go live in turn."""
    say(f"{READERS} readers while {PUBLISHES} snapshots go live")
    alone = Readers(home, READERS, PAUSE)
    with alone.reading():
        time.sleep(PUBLISHES * BETWEEN)
    seen = Readers(home, READERS, PAUSE)
    with seen.reading():
        for _ in range(PUBLISHES):
            other = next(one.id for one in home.history() if one.id != home.live())
            home.publish(other, by="the bench")
            time.sleep(BETWEEN)
    what = f"two questions of {READERS} readers over {PUBLISHES} publishes"
    return [
        {"measure": f"{what}, 99th percentile", "value": _p99(seen.waited), "unit": "s", "hold": 0.5},
        {
            "measure": f"{what}, 99th percentile / the same without a publish",
            "value": _p99(seen.waited) / _p99(alone.waited),
            "unit": "×",
            "hold": None,
        },
        {"measure": f"{what}, torn of {len(seen.waited):,}", "value": float(seen.torn), "unit": "", "hold": 0.0},
        {"measure": f"{what}, errors", "value": float(len(seen.errors)), "unit": "", "hold": 0.0},
    ]


class Readers:
    """Threads that ask the live snapshot two questions, again and again, and what came of it."""

    def __init__(self, home: Home, many: int, pause: float) -> None:
        self.home, self.many, self.pause = home, many, pause
        self.waited: list[float] = []
        self.errors: list[str] = []
        self.torn = 0
        self.snapshots: set[str] = set()
        self._stop = threading.Event()
        self._opened: dict[str, duckdb.DuckDBPyConnection] = {}
        self._right: dict[str, list[Any]] = {}
        for manifest in home.history():
            with contextlib.closing(home.open(manifest.id)) as connection:
                self._right[manifest.id] = answers(connection)
        self._opening = threading.Lock()

    @contextlib.contextmanager
    def reading(self) -> Any:
        """Let them read meanwhile."""
        threads = [
            threading.Thread(target=self._read, args=(self.pause * number / self.many,)) for number in range(self.many)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
            for connection in self._opened.values():
                connection.close()

    def wait_for(self, more: int) -> None:
        """Let them have so many more answers. Raises TimeoutError where they have not got them within a minute."""
        enough, until = len(self.waited) + more, time.monotonic() + 60
        while len(self.waited) < enough:
            if time.monotonic() > until:
                raise TimeoutError(f"The readers got {len(self.waited)} answers and not {enough}.")
            time.sleep(0.005)

    def _read(self, begin_after: float) -> None:
        self._stop.wait(begin_after)
        while not self._stop.is_set():
            started = time.perf_counter()
            try:
                snapshot = str(self.home.live())
                connection = self._connection(snapshot)
                self.torn += answers(connection) != self._right[snapshot]
                self.snapshots.add(snapshot)
            except Exception as trouble:
                self.errors.append(f"{type(trouble).__name__}: {trouble}")
            self.waited.append(time.perf_counter() - started)
            self._stop.wait(self.pause)  # a person reads what came

    def _connection(self, snapshot: str) -> duckdb.DuckDBPyConnection:
        with self._opening:
            if snapshot not in self._opened:
                self._opened[snapshot] = self.home.open(snapshot)
            return self._opened[snapshot]


def answers(connection: duckdb.DuckDBPyConnection) -> list[Any]:
    """What a snapshot answers to a page's two questions."""
    asked = ("overview/snapshot", "overview/headline")
    return [queries.ask(connection, name).to_arrow_table().to_pylist() for name in asked]


def _p99(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]
