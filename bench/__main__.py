"""Measure a made-up company of a given size and the sample company, print a table and write bench/results.json.

Every figure stands beside its yardstick measured in the same run: a second on one machine is two on another.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from bench import ahead, arbitrate, browser, pack, viewers
from sop import following_up, loading, queries, sample, settings
from sop.extracts.contract import extracts
from sop.snapshots import Home

TOP = Path(__file__).parent.parent
PAGES = {
    "review/overview.py": 50, "review/customers.py": 50, "review/customer.py": 50, "review/pipeline.py": 100,
    "review/capacity.py": 100, "decide/arbitrate.py": 400, "help/definitions.py": 50,
}  # fmt: skip
"""Milliseconds that the queries of each page may take together."""


def main() -> None:
    """Run every measure once in each of several rounds, so that a slow moment of the machine hits all of them alike."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--order-lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages-only", type=Path, metavar="HOME", help="only the pages, on a home that is loaded")
    parser.add_argument("--pack-only", type=Path, metavar="HOME", help="only the pack, on a home that is loaded")
    parser.add_argument(
        "--browser-only", type=Path, metavar="HOME", help="only the waits in the browser, on a loaded home"
    )
    parser.add_argument(
        "--arbitrate-only", action="store_true", help="only who gets the scarce hours, on a made-up company"
    )
    parser.add_argument("--extracts", type=float, metavar="MB", help="only an order book of that size, by its proposal")
    parser.add_argument(
        "--viewers-only", type=int, metavar="N", help="only N viewers at once while two companies are published in turn"
    )
    parser.add_argument(
        "--decide-while-publishing", action="store_true",
        help="only how long the log takes while --order-lines are published, and readers while snapshots go live",
    )  # fmt: skip
    arguments = parser.parse_args()
    if arguments.decide_while_publishing:
        for row in holding_figures(arguments.order_lines):
            print(f"{row['measure']:<88} {row['value']:>9.3f} {row['unit']}", flush=True)
        return
    if arguments.extracts:
        from bench import extracts as order_book

        with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
            for row in order_book.measure(Path(folder), arguments.extracts, arguments.rounds, say):
                print(f"{row['measure']:<66} {row['value']:>9.3f} {row['unit']}")
        return
    if arguments.viewers_only:
        with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
            for row in viewers.measure(Path(folder), arguments.viewers_only):
                print(f"{row['measure']:<66} {row['value']:>9.3f} {row['unit']}")
        return
    if arguments.browser_only:
        for row in browser.measure(arguments.browser_only, arguments.rounds):
            print(f"{row['measure']:<66} {row['value']:>9.3f} {row['unit']}")
        return
    if arguments.pages_only or arguments.pack_only:
        only = pages if arguments.pages_only else pack.measure
        for row in only(Home(arguments.pages_only or arguments.pack_only), arguments.rounds):
            print(f"{row['measure']:<66} {row['value']:>9.3f} {row['unit']}")
        return
    if arguments.arbitrate_only:
        for row in arbitrate.measure(arguments.rounds):
            print(f"{row['measure']:<66} {row['value']:>9.3f} {row['unit']}", flush=True)
        return
    with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
        rows = measure(Path(folder), arguments.order_lines, arguments.rounds)
    (TOP / "bench" / "results.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print(
        f"\n{arguments.order_lines:,} order lines, {os.cpu_count()} cores, {platform.machine()}, duckdb {duckdb.__version__}\n"
    )
    for row in rows:
        held = "" if row["hold"] is None else ("held" if row["value"] <= row["hold"] else "NOT HELD")
        hold = "" if row["hold"] is None else f"≤ {row['hold']:g}"
        print(f"{row['measure']:<66} {row['value']:>9.3f} {row['unit']:<6} {hold:<8} {held}")


def measure(folder: Path, order_lines: int, rounds: int) -> list[dict[str, Any]]:
    """Every figure as a dict: measure, value, unit, hold (what it should stay below, or None)."""
    say(f"Making a company of {order_lines:,} order lines")
    started = time.perf_counter()
    sample.make(order_lines, 1, folder / "company")
    rows = [figure("making the company", time.perf_counter() - started, "s")]
    files = sorted((folder / "company").glob("*.csv"))
    floors, loads, samples = [], [], []
    for turn in range(rounds):
        say(f"Loading, round {turn + 1} of {rounds}")
        floors.append(timed(lambda turn=turn: floor(files, folder / f"floor-{turn}.duckdb")))
        loads.append(timed(lambda turn=turn: loading.load(files, home=Home(folder / f"home-{turn}"))))
        samples.append(timed(lambda turn=turn: load_sample(folder / f"sample-{turn}")))
    rows += [
        figure("typed read and the same marts, by DuckDB alone", statistics.median(floors), "s"),
        figure("load from CSV to published", statistics.median(loads), "s"),
        figure("load / typed read and the same marts", statistics.median(loads) / statistics.median(floors), "×", 1.3),
        figure("load of the sample company", statistics.median(samples), "s", 3.0),
        figure("peak memory of a load in a process of its own", peak_memory(files, folder / "home-memory"), "MB"),
    ]
    home = Home(folder / "home-0")
    snapshot = home.live() or ""
    csv_size = sum(file.stat().st_size for file in files)
    rows += ahead.measure(read(files, folder / "ahead.duckdb"), rounds)
    rows += arbitrate.measure(rounds)
    rows.append(figure("snapshot / CSV, bytes", home.file(snapshot).stat().st_size / csv_size, "×"))
    rows += pages(home, rounds)
    rows += pack.measure(Home(folder / "sample-0"), rounds)
    rows += browser.measure(folder / "sample-0", rounds)
    rows += viewers.measure(folder / "viewers")
    return rows


def holding_figures(order_lines: int) -> list[dict[str, Any]]:
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


def figure(measure: str, value: float, unit: str, hold: float | None = None) -> dict[str, Any]:
    """One line of the table."""
    return {"measure": measure, "value": value, "unit": unit, "hold": hold}


def say(text: str) -> None:
    """Progress, on standard error."""
    print(f"{text} …", file=sys.stderr)


def timed(work: Callable[[], object]) -> float:
    """Seconds on the clock."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def load_sample(home: Path) -> None:
    """Load the sample company that comes with the app."""
    loading.load(sorted((TOP / "data" / "sample").glob("*.csv")), home=Home(home))


def floor(files: list[Path], target: Path) -> None:
    """What DuckDB alone takes: every file read with its types given, the same marts built, the same file written."""
    connection = read(files, target)
    loading.build_marts(connection)
    connection.execute("checkpoint")
    connection.close()


def read(files: list[Path], target: Path) -> duckdb.DuckDBPyConnection:
    """A new database with every file in it, read by DuckDB alone with its types given."""
    connection = duckdb.connect(str(target))
    loading.prepare(connection, settings.Settings(), snapshot="floor", who="bench")
    loading.attach_previous(connection, None)
    for file in files:
        types = {column.name: column.type for column in extracts()[file.stem].columns}
        header = file.open(encoding="utf-8").readline().strip().split(",")
        columns = ", ".join(f"'{name}': '{types[name]}'" for name in header)
        connection.execute(
            f"insert into extracts.{file.stem} by name select * from read_csv('{file}', columns = {{{columns}}},"
            " header = true, delim = ',', auto_detect = false)"
        )
    connection.execute(queries.find("fill/as_of").sql)
    return connection


def peak_memory(files: list[Path], home: Path) -> float:
    """Megabytes that a load needs at the most, measured by the system in a process of its own."""
    script = (
        "import resource, sys; from sop.cli import main; code = main(sys.argv[1:]);"
        " print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "load", *map(str, files)],
        cwd=TOP,
        env={**os.environ, "SOP_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])


def pages(home: Home, rounds: int) -> list[dict[str, Any]]:
    """For every page: its queries together, uncached, on one connection; beside them a scan of the whole ledger."""
    asked = {page: asked_by(page, home) for page in PAGES}
    connection = home.open()
    logged = following_up.followed(
        connection, following_up.empty()
    )  # worked out once for a snapshot and the log as it stands

    def ask(name: str, given: dict[str, Any]) -> None:
        if queries.find(name).reads_of_the_log:
            following_up.ask(connection, logged, name, **given).df()
        else:
            queries.ask(connection, name, **given).df()

    scan = statistics.median(
        timed(lambda: connection.cursor().sql("select sum(gap_value), sum(late_days) from marts.promises").df())
        for _ in range(10 * rounds)
    )
    rows = [figure("scan of two columns of the ledger", scan * 1000, "ms")]
    for page, questions in asked.items():
        times = []
        for _ in range(10 * rounds):
            times.append(sum(timed(lambda name=name, given=given: ask(name, given)) for name, given in questions))
        rows.append(
            figure(
                f"queries of {page} together ({len(questions)}), median",
                statistics.median(times) * 1000,
                "ms",
                PAGES[page],
            )
        )
        for name, given in questions:
            again = [timed(lambda name=name, given=given: ask(name, given)) for _ in range(5)]
            say(f"{statistics.median(again) * 1000:8.1f} ms {name}")
    connection.close()
    return rows


def asked_by(page: str, home: Home) -> list[tuple[str, dict[str, Any]]]:
    """What a page asks when it is opened on the customer with the largest gap: the page itself is run to find out."""
    from streamlit.testing.v1 import AppTest

    os.environ["SOP_HOME"] = str(home.folder)
    connection = home.open()
    [(customer, *_), *_] = queries.ask(connection, "customers/by_gap").limit(1).fetchall()
    connection.close()
    app = AppTest.from_file(str(TOP / "app.py"), default_timeout=120)
    app.query_params["customer"] = customer
    app.switch_page(str(TOP / "pages" / page)).run()
    if app.exception:
        raise RuntimeError(f"{page}: {app.exception[0].value}")
    once = {repr(question): question for question in app.session_state["asked"]}
    return [(name, dict(given)) for name, given in once.values()]


if __name__ == "__main__":
    main()
