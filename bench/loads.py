"""A load from CSV to published, against DuckDB's typed read of the same files and against pandas and Polars doing as much."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

from bench import apart, marts
from bench.apart import FailedApart
from bench.figures import Row, figure, say
from bench.peers import ledger
from bench.peers.ledger import OtherAnswer
from sop import loading
from sop.snapshots import Home

PEERS = {"pandas": "pandas_ledger", "Polars": "polars_ledger"}


def load(folder: str, home: str, accept: str = "") -> dict[str, Any]:
    """Load a company, or one file: seconds that it took, its steps with the second at which each began, rows read and kept."""
    steps: list[tuple[str, float]] = []
    place = Path(folder)
    files = [place] if place.is_file() else sorted(place.glob("*.csv"))
    started = time.perf_counter()
    report = loading.load(
        files, home=Home(Path(home)), accept_proposals=bool(accept), accept_rejects=bool(accept),
        on_step=lambda step: steps.append((step, time.perf_counter() - started)),
    )  # fmt: skip
    took = time.perf_counter() - started
    rows = {name: sum(source[f"{name}_count"] for source in report.sources) for name in ("read", "kept")}
    return {"took": took, "steps": steps, **rows}


def seconds_of(steps: list[tuple[str, float]], kind: str) -> float:
    """How long a load was busy with steps that begin so: `Building`, `Reading`."""
    ends = [at for _, at in steps[1:]]
    return sum(end - at for (step, at), end in zip(steps, ends, strict=False) if step.startswith(kind))


def measure(company: Path, folder: Path, rounds: int) -> tuple[list[Row], Home]:
    """The figures of loading, in rounds, so that a slow moment of the machine hits all alike; and a home that is loaded."""
    floors, loads, built = [], [], []
    for turn in range(rounds):
        say(f"Loading, round {turn + 1} of {rounds}")
        floors.append(apart.run("bench.floor:typed_read", company, folder / "floor.duckdb"))
        loads.append(apart.run("bench.loads:load", company, folder / f"home-{turn}"))
        built.append(apart.run("bench.marts:build", company, folder / "built.duckdb").answer)
        kinds = dict.fromkeys(name.split()[0] for name, _ in loads[-1].answer["steps"])
        say(", ".join(f"{kind.lower()} {seconds_of(loads[-1].answer['steps'], kind):.1f} s" for kind in kinds))
    home = Home(folder / "home-0")
    floor, took = (
        statistics.median(one) for one in ([one.answer for one in floors], [one.answer["took"] for one in loads])
    )
    with_marts = statistics.median(one["read"] + sum(one["marts"].values()) + one["written"] for one in built)
    reading = statistics.median(seconds_of(one.answer["steps"], "Reading") for one in loads)
    size = home.file(home.live() or "").stat().st_size
    given = sum(file.stat().st_size for file in company.glob("*.csv"))
    alike = floor + statistics.median(one["marts"][marts.LEDGER] for one in built)
    rows = [
        figure("size of the CSVs", given / 1e6, "MB"),
        figure("typed read by DuckDB alone", floor, "s"),
        figure("load from CSV to published", took, "s"),
        figure("load / typed read", took / floor, "×", 3, at_scale=True),
        figure("of it, reading with rejects / typed read", reading / floor, "×", 1.15, at_scale=True),
        figure("load / typed read and the same marts by DuckDB alone", took / with_marts, "×", 1.3),
        figure("peak memory of a typed read", max(one.peak for one in floors), "MB"),
        figure("peak memory of a load", max(one.peak for one in loads), "MB", 4_000),
        figure("size of the snapshot", size / 1e6, "MB"),
        figure("snapshot / CSVs, bytes", size / given, "×", 0.5, at_scale=True),
        *marts.measure(built),
        figure("typed read and ledger by DuckDB alone", alike, "s"),
        *_peers(company, home, alike, took),
    ]
    return rows, home


def _peers(company: Path, home: Home, alike: float, took: float) -> list[Row]:
    """What peers take to read the same files and to make the same ledger. Where theirs is another one there is no figure."""
    measured, totals = ledger.of_snapshot(home)
    rows = []
    for peer, module in PEERS.items():
        say(f"The same read and ledger by {peer}")
        what = f"{peer}: read, joins and ledger"
        try:
            done = apart.run(f"bench.peers.{module}:measure", company, measured.text())
            ledger.compare(peer, totals, done.answer["totals"])
        except (FailedApart, OtherAnswer) as trouble:
            say(str(trouble))
            rows += [
                figure(what, None, "s", note=str(trouble)),
                figure(f"{what} / the same by DuckDB alone", None, "×", note=str(trouble)),
            ]
            continue
        rows += [
            figure(what, done.answer["all"], "s"),
            figure(f"{what} / the same by DuckDB alone", done.answer["all"] / alike, "×"),
            figure(f"load / read, joins and ledger by {peer}", took / done.answer["all"], "×"),
            figure(f"{peer}: peak memory of that", done.peak, "MB"),
        ]
    return rows
