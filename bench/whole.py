"""Everything in one run: companies of each size, then what is measured once, and how the figures grow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bench import ahead, arbitrate, asking, browser, crowd, growth, loads, pack, raw_views, viewers
from bench.figures import TOP, Row, figure, of_size, say, timed
from bench.peers import measuring
from sop import loading, sample
from sop.snapshots import Home

SLOW = 1_000_000
"""Order lines beyond which half of the rounds are enough: what takes minutes varies less."""


def measure(
    folder: Path,
    sizes: Sequence[int],
    rounds: int,
    seconds: float,
    companies: Path | None,
    found: Callable[[list[Row]], None],
) -> list[Row]:
    """The figures of all sizes. `found` is told after each size what is known so far, so that a run that ends early has it."""
    rows: list[Row] = []
    for size in sorted(sizes):
        place = folder / str(size)
        place.mkdir()
        rows += of_size(one_size(place, size, rounds, seconds, companies), size)
        found(rows)
    rows += once(folder, rounds)
    rows += growth.measure(rows)
    found(rows)
    return rows


def one_size(folder: Path, size: int, rounds: int, seconds: float, companies: Path | None) -> list[Row]:
    """The figures of one company: loading it, its pages, their peers and their viewers."""
    company = company_of(folder, size, companies)
    rows, home = loads.measure(company, folder, (rounds + 1) // 2 if size > SLOW else rounds)
    say(f"What the pages ask of {size:,} order lines")
    pages = asking.asked(home)
    of_pages, taken = asking.measure(home, pages, rounds)
    rows += of_pages
    rows += tried("the pages by peers", lambda: measuring.measure(home, pages, rounds))
    rows += tried("the slowest queries on views", lambda: raw_views.measure(home, pages, taken))
    return rows + tried("viewers", lambda: crowd.measure(home, pages, seconds))


def tried(what: str, work: Callable[[], list[Row]]) -> list[Row]:
    """The figures of a part, or that it failed and why: an hour of measuring is not lost to one part."""
    try:
        return work()
    except Exception as trouble:
        say(f"{what} failed: {trouble}")
        return [figure(f"{what}: failed", None, "", 0, note=str(trouble))]


def company_of(folder: Path, size: int, companies: Path | None) -> Path:
    """The extracts of a company of that size: those that stand ready in a folder named by its size, or made now."""
    if companies and (ready := companies / str(size)).is_dir():
        return ready.resolve()
    say(f"Making a company of {size:,} order lines")
    sample.make(size, 1, folder / "company")
    return folder / "company"


def once(folder: Path, rounds: int) -> list[Row]:
    """What is measured on the sample company, or on made-up companies of its own size."""
    say("The sample company")
    homes = [Home(folder / f"sample-{turn}") for turn in range(rounds)]
    loaded = sorted(timed(lambda home=home: load_sample(home)) for home in homes)
    rows = [
        figure("load of the sample company", loaded[len(loaded) // 2], "s", 3.0),
        *ahead.measure(),
        *arbitrate.measure(rounds),
    ]
    rows += tried("the pack", lambda: pack.measure(homes[0], rounds))
    rows += tried("the browser", lambda: browser.measure(homes[0].folder, rounds))
    return rows + tried("viewers while extracts are published", lambda: viewers.measure(folder / "viewers"))


def load_sample(home: Home) -> None:
    """Load the sample company that comes with the app."""
    loading.load(sorted((TOP / "data" / "sample").glob("*.csv")), home=home)
