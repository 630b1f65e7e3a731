"""Many viewers at once while extracts are published over and over: no error, no torn answer, how long, how much memory."""

from __future__ import annotations

import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.viewer import Shown, Viewer
from sop import queries
from sop.snapshots import Home

TOP = Path(__file__).parent.parent
WALK = {
    "": "month=2026-10", "customers": "", "customer": "customer=C-0007", "pipeline": "",
    "capacity": "work_centre=WC-08&ahead=2026-12", "decisions": "",
}  # fmt: skip
"""Pages that show one snapshot each, with what is chosen on them, which a session would keep from the company before."""
THINKING = 5.0
"""Seconds that somebody looks at a page before the next one."""


@dataclass
class Seen:
    """What the viewers met with, gathered by threads."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    companies: set[int] = field(default_factory=set)
    at_first: list[float] = field(default_factory=list)
    """Seconds of pages that nobody had asked for before, seen by one alone."""
    megabytes: float = 0.0
    """Memory of the app at its highest."""

    def take(self, page: str, shown: Shown, known: list[dict[str, Shown]]) -> None:
        """Compare a page with what it shows of each company when nothing else is going on."""
        self.seconds.append(shown.seconds)
        self.errors += shown.errors
        like = [number for number, company in enumerate(known) if _same(company[page], shown)]
        self.companies.update(like)
        if not like:
            self.torn.append(f"{page}: {[_difference(company[page], shown) for company in known]}")


def _same(one: Shown, other: Shown) -> bool:
    return one.texts == other.texts and one.drawn == other.drawn


def _difference(one: Shown, other: Shown) -> str:
    """Where two pages differ first."""
    if one.texts != other.texts:
        pairs = zip(one.texts, other.texts, strict=False)
        first = next(((a, b) for a, b in pairs if a != b), (len(one.texts), len(other.texts)))
        return f"{first[0]!r} became {first[1]!r}"
    return f"{one.drawn} pictures and tables became {other.drawn}"


def two_companies(folder: Path) -> list[list[Path]]:
    """The extracts of two companies that share no figure: the sample's, and the sample's with every third order line gone."""
    companies = []
    for number in (0, 1):
        place = folder / str(number)
        place.mkdir(parents=True)
        for file in sorted((TOP / "data" / "sample").glob("*.csv")):
            lines = file.read_bytes().splitlines()
            if number and file.stem == "order_lines":
                lines = [line for row, line in enumerate(lines) if row % 3 or not row]
            (place / file.name).write_bytes(b"\r\n".join(lines) + b"\r\n")
        companies.append(sorted(place.glob("*.csv")))
    return companies


def publish(files: list[Path], home: Path) -> None:
    """Load a company in a process of its own, as a nightly job does."""
    command = [sys.executable, "-m", "sop", "load", "--accept-rejects", "--as-of", "2026-10-30", *map(str, files)]
    subprocess.run(command, cwd=TOP, env={**os.environ, "SOP_HOME": str(home)}, check=True, capture_output=True)


@contextmanager
def served(home: Path) -> Iterator[tuple[str, int]]:
    """The app on a home: its address and its process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "sop.serve", str(port)], cwd=TOP, env={**os.environ, "SOP_HOME": str(home)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        address, end = f"http://127.0.0.1:{port}", time.monotonic() + 30
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address, server.pid
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait()


def megabytes(pid: int, what: str = "VmRSS") -> float:
    """Memory of a process now, or at its highest (VmHWM)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split(f"{what}:")[1].split()[0]) / 1024


def walk(
    address: str, known: list[dict[str, Shown]], seen: Seen, until: threading.Event, seed: int, pages: Mapping[str, str],
    thinking: float,
) -> None:  # fmt: skip
    """One viewer: page after page, with time to look at each."""
    chance = random.Random(seed)
    try:
        with Viewer(address) as viewer:
            until.wait(chance.uniform(0, thinking))
            while not until.is_set():
                page = chance.choice(list(pages))
                seen.take(page, viewer.open(page, pages[page]), known)
                until.wait(chance.uniform(0.5, 1.5) * thinking)
    except (OSError, TimeoutError, RuntimeError) as trouble:
        seen.errors.append(f"{type(trouble).__name__}: {trouble}")


def as_they_are(address: str, pages: Mapping[str, str] = WALK) -> dict[str, Shown]:
    """Every page of the walk on what is live, with nobody else there."""
    with Viewer(address) as viewer:
        return {page: viewer.open(page, query) for page, query in pages.items()}


def walk_of(home: Home) -> dict[str, str]:
    """The pages of the walk on the company of a home: its newest month, the customer with the largest gap, its fullest month."""
    with home.open() as connection:
        months = [day for (day,) in queries.ask(connection, "overview/months").fetchall()]
        [(customer, *_), *_] = queries.ask(connection, "customers/by_gap").limit(1).fetchall()
        full = "select work_centre_id, month from marts.load_months order by overload_hours desc nulls last limit 1"
        [(work_centre, month)] = connection.execute(full).fetchall()
    return {
        "": f"month={months[-1]:%Y-%m}", "customers": "", "customer": f"customer={customer}", "pipeline": "",
        "capacity": f"work_centre={work_centre}&ahead={month:%Y-%m}", "decisions": "",
    }  # fmt: skip


def looking(home: Home, viewers: int, seconds: float) -> Seen:
    """Viewers walk through the pages of a home in which nothing is published, after one has seen them all alone.

    Pages that nobody asked for before are those of the month before, when the app is warm and keeps no answer for them yet.
    """
    pages, seen, until = walk_of(home), Seen(), threading.Event()
    with home.open() as connection:
        before = [day for (day,) in queries.ask(connection, "overview/months").fetchall()][-2:][0]
    with served(home.folder) as (address, pid):
        as_they_are(address, pages)
        known = [as_they_are(address, pages)]
        with Viewer(address) as viewer:
            for page in ("", "customers", "customer"):
                query = "&".join(part for part in (pages[page].partition("month=")[0], f"month={before:%Y-%m}") if part)
                seen.at_first.append(viewer.open(page, query).seconds)
        with ThreadPoolExecutor(viewers) as crowd:
            for seed in range(viewers):
                crowd.submit(walk, address, known, seen, until, seed, pages, THINKING if viewers > 1 else 0.3)
            time.sleep(seconds)
            until.set()
        seen.megabytes = megabytes(pid, "VmHWM")
    return seen


def walking(folder: Path, viewers: int, publishes: int) -> tuple[Seen, dict[str, float]]:
    """Viewers walk through the pages while two companies are published in turn. Also megabytes: before, per viewer, highest."""
    home, companies, seen, until = folder / "home", two_companies(folder / "companies"), Seen(), threading.Event()
    known = []
    publish(companies[1], home)
    with served(home) as (address, pid):
        known = [as_they_are(address)]
        publish(companies[0], home)
        known.insert(0, as_they_are(address))
        before = megabytes(pid)
        with ThreadPoolExecutor(viewers) as crowd:
            for seed in range(viewers):
                crowd.submit(walk, address, known, seen, until, seed, WALK, THINKING)
            time.sleep(2 * THINKING)
            together = megabytes(pid)
            for turn in range(publishes):
                publish(companies[(turn + 1) % 2], home)
            until.set()
        memory = {"before": before, "each": (together - before) / viewers, "highest": megabytes(pid, "VmHWM")}
    return seen, memory


def at_once(home: Path, viewers: int, processes: int = 1) -> tuple[list[float], float]:
    """Everybody clicks in the same moment, all on the same page: seconds of each, and the highest megabytes of a process."""
    ready = threading.Barrier(viewers)

    def one(address: str) -> float:
        with Viewer(address) as viewer:
            viewer.open("")
            ready.wait()
            return viewer.open("").seconds

    with ExitStack() as all_of_them, ThreadPoolExecutor(viewers) as crowd:
        apps = [all_of_them.enter_context(served(home)) for _ in range(processes)]
        for address, _ in apps:
            as_they_are(address)
        waits = list(crowd.map(one, [apps[number % processes][0] for number in range(viewers)]))
        return waits, max(megabytes(pid, "VmHWM") for _, pid in apps)


def uploading(home: Path, files: int, size: int) -> tuple[list[int], list[float], float]:
    """One client uploads files at the same time while a viewer walks: the statuses, the viewer's waits, the highest megabytes."""
    with served(home) as (address, pid), Viewer(address) as client, Viewer(address) as viewer:
        client.open("extracts")
        viewer.open("")
        waits = []
        with ThreadPoolExecutor(files) as storm:
            sent = [storm.submit(client.upload, f"{number}.csv", size) for number in range(files)]
            while not all(one.done() for one in sent):
                waits += [viewer.open(page, query).seconds for page, query in WALK.items()]
        return [one.result() for one in sent], waits, megabytes(pid, "VmHWM")


def measure(folder: Path, viewers: int = 50, publishes: int = 20) -> list[dict[str, Any]]:
    """Every figure as a dict: measure, value, unit, hold."""
    seen, memory = walking(folder, viewers, publishes)
    for line in [*seen.errors[:3], *seen.torn[:3]]:
        print(line[:500], file=sys.stderr)
    waits, highest = at_once(folder / "home", viewers)
    of_two, _ = at_once(folder / "home", viewers, processes=2)
    statuses, during, peak = uploading(folder / "home", 10, 150_000_000)
    many = statistics.quantiles(seen.seconds, n=100)
    click, uploads, page = (
        f"{viewers} viewers click in the same moment", "ten uploads of 150 MB by one client", "a page for one of them",
    )  # fmt: skip
    rows = [
        (f"pages opened by {viewers} viewers over {publishes} publishes", len(seen.seconds), "", None),
        ("companies that they saw meanwhile", len(seen.companies), "", None),
        ("errors meanwhile", len(seen.errors), "", 0), ("torn answers meanwhile", len(seen.torn), "", 0),
        (f"{page}, median", statistics.median(seen.seconds), "s", None),
        (f"{page}, 95th percentile", many[94], "s", None), (f"{page}, 99th percentile", many[98], "s", None),
        (f"{page}, slowest", max(seen.seconds), "s", None),
        ("memory before they came", memory["before"], "MB", None), ("memory for each viewer", memory["each"], "MB", None),
        ("memory at its highest meanwhile", memory["highest"], "MB", 1_000),
        (f"{click}: median", statistics.median(waits), "s", None), (f"{click}: slowest", max(waits), "s", 2.0),
        (f"{click}: memory at its highest", highest, "MB", 1_000),
        (f"{click}, two processes: median", statistics.median(of_two), "s", None),
        (f"{click}, two processes: slowest", max(of_two), "s", 2.0),
        (f"{uploads}: taken in", sum(status == 204 for status in statuses), "", None),
        (f"{uploads}: memory at its highest", peak, "MB", 1_000),
        (f"{uploads}: a page meanwhile, slowest", max(during), "s", None),
    ]  # fmt: skip
    return [{"measure": what, "value": value, "unit": unit, "hold": hold} for what, value, unit, hold in rows]
