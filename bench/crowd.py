"""Many viewers at once: the pages' queries by themselves, no answer kept; and the app itself, which keeps answers."""

from __future__ import annotations

import json
import random
import statistics
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench import apart
from bench.asking import Asked, Asking, Question
from bench.figures import Row, figure, percentile, say
from bench.viewers import looking
from sop import memory
from sop.snapshots import Home

COUNTS = (1, 10, 50)
THINKING = {1: 0.3}
"""Seconds between two pages. One viewer alone need not think: nobody waits for another."""
LOOKING = 5.0
ALONE = "arbitrate"
"""The page that one of many looks at, and no other: whoever prepares the meeting has every open order line dealt out there."""
AT_THE_95TH = 400
"""Milliseconds that the queries of a page may take at the 95th percentile with the most viewers."""


def measure(home: Home, pages: Asked, seconds: float) -> list[Row]:
    """Every figure of the viewers, each number of them for so many seconds; `overview: …` and so on with the most of them."""
    text = json.dumps(
        {page: [(one.name, dict(one.given)) for one in asked] for page, asked in pages.items()}, default=str
    )
    rows: list[Row] = []
    for viewers in COUNTS:
        say(f"The pages' queries by {viewers} at once")
        done = apart.run("bench.crowd:asking", home.folder, text, viewers, seconds)
        whole = [taken for times in done.answer.values() for taken in times]
        who = f"{viewers} {'viewer' if viewers == 1 else 'viewers'}"
        rows += _three(f"{who}: a page's queries, no answer kept", whole, "ms", 1000)
        rows.append(figure(f"{who}: memory of the queries at its highest", done.peak, "MB", 600))
        if viewers == max(COUNTS):
            rows += [
                figure(
                    f"{page}: its queries with {viewers} viewers, 95th percentile", percentile(times, 95) * 1000, "ms",
                    AT_THE_95TH, note=f"of {len(times)}",
                )
                for page, times in done.answer.items()
                if times
            ]  # fmt: skip
    return rows + in_the_app(home, seconds)


def in_the_app(home: Home, seconds: float, counts: Sequence[int] = COUNTS) -> list[Row]:
    """Whole pages from the app, over its own protocol, for each number of viewers."""
    rows, first = [], 0.0
    for viewers in counts:
        say(f"The app with {viewers} at once")
        seen = looking(home, viewers, seconds)
        who = f"{viewers} {'viewer' if viewers == 1 else 'viewers'}"
        rows += _three(f"{who}: a page of the app", seen.seconds, "s", 1)
        errors = seen.errors + seen.torn
        rows += [
            figure(f"{who}: memory of the app at its highest", seen.megabytes, "MB", 600),
            figure(
                f"{who}: errors and pages that show something else", len(errors), "", 0, note="".join(errors[:1])[:200]
            ),
        ]
        first = first or statistics.median(seen.at_first)
        if viewers == max(counts):
            ratio = percentile(seen.seconds, 95) / first
            rows.append(
                figure(
                    f"{who}: 95th percentile of a page / a page asked for the first time by one alone", ratio, "×", 5
                )
            )
    return rows


def _three(what: str, taken: list[float], unit: str, factor: float) -> list[Row]:
    note = f"{len(taken)} pages"
    return [
        figure(f"{what}, median", statistics.median(taken) * factor, unit, note=note),
        figure(f"{what}, 95th percentile", percentile(taken, 95) * factor, unit),
        figure(f"{what}, 99th percentile", percentile(taken, 99) * factor, unit),
    ]


def asking(home: str, asked: str, viewers: str, seconds: str) -> dict[str, list[float]]:
    """Seconds of every page that viewers in threads ask for, by page. No answer is kept; memory is, as the server keeps it."""
    memory.keep_little()
    pages = {page: [Question(name, given) for name, given in found] for page, found in json.loads(asked).items()}
    found: dict[str, list[float]] = {page: [] for page in pages}
    shared, until = Asking(Home(Path(home))), threading.Event()
    thinking = THINKING.get(int(viewers), LOOKING)

    def one(seed: int) -> None:
        chance = random.Random(seed)
        others = [page for page in pages if page != ALONE]
        shown = [ALONE] if seed == 0 and ALONE in pages and int(viewers) > 1 else others
        until.wait(chance.uniform(0, thinking))
        while not until.is_set():
            page = chance.choice(shown)
            started = time.perf_counter()
            for question in pages[page]:
                shared.ask(question)
            found[page].append(time.perf_counter() - started)
            until.wait(chance.uniform(0.5, 1.5) * thinking)

    with ThreadPoolExecutor(int(viewers)) as crowd:
        all_of_them: list[Any] = [crowd.submit(one, seed) for seed in range(int(viewers))]
        time.sleep(float(seconds))
        until.set()
    for each in all_of_them:
        each.result()
    shared.close()
    return found
