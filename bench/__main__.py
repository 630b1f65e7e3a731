"""Measure companies of several sizes in one run, write bench/results.json, draw docs/growth.svg and print a table.

Every figure stands beside its yardstick measured in the same run: a second on one machine is two on another.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bench import growth, results, tables, whole
from bench.figures import TOP, Row, say
from sop import loading
from sop.snapshots import Home

SIZES = (100_000, 1_000_000, 10_000_000)


def main() -> None:
    """Do what the command line asks for: everything, or one part alone."""
    arguments = _arguments()
    if arguments.table:
        print(tables.markdown(results.read(arguments.results)), end="")
        return
    if arguments.readme:
        tables.fill(TOP / "README.md", results.read(arguments.results))
        return
    with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
        only = part(arguments, Path(folder))
        if only is not None:
            for line in results.lines(only):
                print(line, flush=True)
            return
        everything(arguments, Path(folder))


def everything(arguments: argparse.Namespace, folder: Path) -> None:
    """The whole run. What is known is written after each size."""

    def keep(rows: list[Row]) -> None:
        results.write(rows, arguments.sizes, arguments.results)

    rows = whole.measure(folder, arguments.sizes, arguments.rounds, arguments.seconds, arguments.companies, keep)
    growth.draw(rows, arguments.curves)
    found = results.read(arguments.results)
    print(f"\n{results.told(found)}\n")
    for line in results.lines(found["rows"]):
        print(line)
    broken = sum(row["held"] is False for row in found["rows"])
    say(f"{broken} of {sum(row['held'] is not None for row in found['rows'])} figures do not hold")


def part(arguments: argparse.Namespace, folder: Path) -> Iterable[Row] | None:
    """The figures of the one part that is asked for, None where all are. Modules are imported where they are needed."""
    if arguments.decide_while_publishing:
        return holding_figures(arguments.order_lines)
    if arguments.extracts:
        from bench import extracts

        return extracts.measure(folder, arguments.extracts, arguments.rounds, say)
    if arguments.viewers_only:
        from bench import crowd, viewers

        if arguments.home:
            return crowd.in_the_app(Home(arguments.home), arguments.seconds, (arguments.viewers_only,))
        return viewers.measure(folder, arguments.viewers_only)
    if arguments.browser_only:
        from bench import browser

        return browser.measure(arguments.browser_only, arguments.rounds)
    if arguments.pack_only:
        from bench import pack

        return pack.measure(Home(arguments.pack_only), arguments.rounds)
    if arguments.arbitrate_only:
        from bench import arbitrate

        return arbitrate.measure(arguments.rounds)
    if arguments.pages_only or arguments.peers_only:
        from bench import asking
        from bench.peers import measuring

        home = Home(arguments.pages_only or arguments.peers_only)
        pages = asking.asked(home)
        if arguments.peers_only:
            return measuring.measure(home, pages, arguments.rounds)
        return asking.measure(home, pages, arguments.rounds)[0]
    return None


def holding_figures(order_lines: int) -> list[Row]:
    """What holds while extracts are published."""
    from bench import holding

    with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
        files = sorted((TOP / "data" / "sample").glob("*.csv"))
        for text in ("", "\n"):
            changed = [Path(folder) / file.name for file in files]
            for file, copy in zip(files, changed, strict=True):
                copy.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
            loading.load(changed, home=Home(Path(folder) / "home"), created_by="the bench")
        readers = holding.read_while_publishing(Home(Path(folder) / "home"), say)
    return [*readers, *holding.decide_while_publishing(order_lines, say)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=_sizes, default=SIZES, help="order lines of the companies, with commas between them"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--seconds", type=float, default=60, help="how long viewers look around, for each number of them"
    )
    parser.add_argument(
        "--companies", type=Path, metavar="FOLDER", help="extracts that are there, in folders named by size"
    )
    parser.add_argument("--results", type=Path, metavar="FILE", default=results.FILE)
    parser.add_argument("--curves", type=Path, metavar="FILE", default=TOP / "docs" / "growth.svg")
    parser.add_argument("--table", action="store_true", help="measure nothing: print the tables of the results")
    parser.add_argument("--readme", action="store_true", help="measure nothing: put these tables into the README")
    parser.add_argument("--pages-only", type=Path, metavar="HOME", help="only the pages, on a home that is loaded")
    parser.add_argument(
        "--peers-only", type=Path, metavar="HOME", help="only the pages by peers, on a home that is loaded"
    )
    parser.add_argument("--pack-only", type=Path, metavar="HOME", help="only the pack, on a home that is loaded")
    parser.add_argument(
        "--browser-only", type=Path, metavar="HOME", help="only the waits in the browser, on a loaded home"
    )
    parser.add_argument(
        "--arbitrate-only", action="store_true", help="only who gets the scarce hours, on a made-up company"
    )
    parser.add_argument("--extracts", type=float, metavar="MB", help="only an order book of that size, by its proposal")
    parser.add_argument(
        "--viewers-only", type=int, metavar="N",
        help="only N viewers at once while two companies are published in turn, or with --home on a home that is loaded",
    )  # fmt: skip
    parser.add_argument("--home", type=Path, metavar="HOME", help="for --viewers-only")
    parser.add_argument(
        "--decide-while-publishing", action="store_true",
        help="only how long the log takes while --order-lines are published, and readers while snapshots go live",
    )  # fmt: skip
    parser.add_argument("--order-lines", type=int, default=1_000_000, help="for --decide-while-publishing")
    return parser.parse_args()


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(size) for size in text.split(",")))


if __name__ == "__main__":
    main()
