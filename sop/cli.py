"""The command line: everything a planner does on a page can be scheduled.

Exit codes: 0 done, 1 too many rows rejected and nothing published, 2 a file could not be read or the words were wrong.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from sop import (
    access,
    cli_keeping,
    comparing,
    following_up,
    loading,
    mending,
    queries,
    reporting,
    sample_company,
    setting,
)
from sop.cli_writing import WRITERS, plain
from sop.engine.reaching import Engine
from sop.errors import QueryError, SnapshotError, SopError
from sop.extracts import mapping_file
from sop.serving import listening
from sop.snapshots import Home


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; trouble goes to standard error in plain lines."""
    arguments = _parser().parse_args(words)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except SopError as trouble:
        print(trouble, file=sys.stderr)
        return trouble.exit_code
    except KeyboardInterrupt:
        print("Stopped. The live snapshot is as it was.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sop", description="The customer-centred S&OP review.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    load = commands.add_parser("load", help="read extracts (CSV, .gz or workbooks) into a new snapshot and publish it")
    load.add_argument("files", nargs="+", type=Path, metavar="FILE")
    load.add_argument(
        "--mapping", action="append", type=Path, default=[], help="which column is what (TOML); repeatable"
    )
    load.add_argument(
        "--as-of", type=_date, help="the day the extracts speak for; the newest order or delivery unless given"
    )
    load.add_argument("--dry-run", action="store_true", help="say what would happen and publish nothing")
    load.add_argument("--accept-rejects", action="store_true", help="publish even where many rows are rejected")
    load.add_argument(
        "--accept-proposals", action="store_true",
        help="read files that nobody mapped by the best guess, even where it leaves a question open",
    )  # fmt: skip
    load.add_argument("--format", choices=("text", "json"), default="text", help="json: one array of objects")
    _take_an_engine(load)
    load.set_defaults(run=_load)

    proposed = commands.add_parser("propose", help="write a mapping file for an extract, to be checked and corrected")
    proposed.add_argument("file", type=Path)
    proposed.set_defaults(run=_propose)

    ask = commands.add_parser("ask", help="run a query of queries/ on a snapshot")
    ask.add_argument("query", help="its name, such as overview/headline")
    ask.add_argument("parameters", nargs="*", metavar="name=value")
    ask.add_argument("--format", choices=("table", "csv", "json"), default="table")
    ask.add_argument("--snapshot", metavar="ID", help="another snapshot than the live one")
    ask.set_defaults(run=_ask)

    compare = commands.add_parser("compare", help="show what moved from one snapshot to a later one")
    compare.add_argument("before", metavar="ID")
    compare.add_argument("after", metavar="ID")
    compare.add_argument(
        "--show", choices=[query.name.removeprefix("moves/") for query in queries.in_folder("moves")], default="totals"
    )
    compare.add_argument("--format", choices=("table", "csv", "json"), default="table")
    compare.set_defaults(run=_compare)

    listing = commands.add_parser("snapshots", help="list the snapshots, newest first")
    listing.set_defaults(run=_snapshots)

    rollback = commands.add_parser("rollback", help="make an earlier snapshot the live one")
    rollback.add_argument("snapshot", metavar="ID")
    rollback.set_defaults(run=_rollback)

    pack = commands.add_parser("pack", help="write the review as PowerPoint, PDF, web page or workbook")
    pack.add_argument("--out", type=Path, required=True, metavar="FILE", help="ends in .pptx, .pdf, .html or .xlsx")
    pack.add_argument("--month", metavar="2026-10", help="the newest month unless given")
    pack.add_argument(
        "--customers", default="", metavar="N|NUMBERS",
        help="a page each for the customers with the N largest gaps, or for those of these numbers (commas between)",
    )  # fmt: skip
    pack.add_argument("--snapshot", metavar="ID", help="another snapshot than the live one")
    pack.set_defaults(run=_pack)

    settings = commands.add_parser("settings", help="show the company's settings, or change some by name=value")
    settings.add_argument("values", nargs="*", metavar="name=value", help="as settings lists them; name= for none")
    settings.add_argument("--by", metavar="NAME", help="who changes them; the user of this machine unless given")
    settings.set_defaults(run=_settings)

    run = commands.add_parser(
        "run", help="serve the app on this machine; publish the sample company where nothing is yet"
    )
    run.add_argument("--port", type=_port, default=8501)
    run.add_argument(
        "--address",
        default="127.0.0.1",
        help="where to listen; elsewhere than on this machine only where people sign in",
    )
    run.add_argument(
        "--host", action="append", default=[], metavar="NAME", help="a name that others reach it by; repeatable"
    )
    run.set_defaults(run=_run)

    rebuild = commands.add_parser("rebuild", help="build the live snapshot again from its extracts, after an upgrade")
    _take_an_engine(rebuild)
    rebuild.set_defaults(run=_rebuild)

    sample = commands.add_parser("sample", help="make the extracts of a made-up company")
    sample.add_argument("--order-lines", type=_count, default=20_000)
    sample.add_argument("--seed", type=int, default=6)
    sample.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    sample.set_defaults(run=_sample)
    cli_keeping.add(commands)
    return parser


def _take_an_engine(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--engine", metavar="sc://HOST:PORT", help="build the marts on this Apache Spark, over Spark Connect"
    )
    command.add_argument(
        "--storage",
        type=Path,
        metavar="FOLDER",
        help="a folder that the engine sees by the same path, for what comes and goes",
    )


def _engine(arguments: argparse.Namespace) -> Engine | None:
    if arguments.engine and arguments.storage:
        return Engine(arguments.engine, arguments.storage)
    if arguments.engine or arguments.storage:
        raise SnapshotError("--engine and --storage go together: where the marts are built, and a folder seen by both.")
    return None


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write 2026-10-31") from None


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of order lines")
    return int(text)


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; choose one from 1024 to 65535")
    return int(text)


def _load(arguments: argparse.Namespace) -> int:
    mappings = [one for file in arguments.mapping for one in mapping_file.read(file)]
    report = loading.load(
        arguments.files,
        mappings=mappings,
        as_of=arguments.as_of,
        accept_rejects=arguments.accept_rejects,
        accept_proposals=arguments.accept_proposals,
        dry_run=arguments.dry_run,
        engine=_engine(arguments),
        on_step=_say,
    )
    if arguments.format == "json":
        json.dump(reporting.objects(report), sys.stdout, default=plain, ensure_ascii=False, indent=1)
        print()
        return 0
    for line in reporting.lines(report):
        print(line)
    return 0


def _say(step: str) -> None:
    if sys.stderr.isatty():
        print(f"{step} …", file=sys.stderr)


def _propose(arguments: argparse.Namespace) -> int:
    from sop.extracts.suggesting import suggest

    with tempfile.TemporaryDirectory(prefix="sop-propose-") as workplace:
        print(suggest(arguments.file, arguments.file.name, Path(workplace)), end="")
    return 0


def _home() -> Home:
    """The home folder with an intact snapshot live in it; where one had to take another's place, that is said."""
    said = mending.stand(Home())
    if said:
        print(said, file=sys.stderr)
    return Home()


def _ask(arguments: argparse.Namespace) -> int:
    if arguments.query not in queries.askable():
        raise QueryError(f"There is no query {arguments.query!r}. There is: {', '.join(queries.askable())}.")
    given = {}
    for word in arguments.parameters:
        name, is_given, value = word.partition("=")
        if not is_given:
            raise QueryError(f"{word!r} is not name=value.")
        if name in given or not name:
            raise QueryError(f"{word!r}: each parameter has a name and is given once.")
        given[name] = value or None
    connection = comparing.connect_for(_home(), queries.find(arguments.query), arguments.snapshot)
    _write_answer(connection, arguments.query, given, arguments.format)
    if arguments.format != "table":
        filters = ", ".join(sorted(f"{name}={value}" for name, value in given.items() if value)) or "nothing left out"
        cli_keeping.record_export(Home().folder, f"{arguments.query} as {arguments.format}: {filters}")
    return 0


def _compare(arguments: argparse.Namespace) -> int:
    from sop import findings

    connection = comparing.connect(Home(), arguments.before, arguments.after)
    for part in queries.ask(connection, "moves/parts").to_arrow_table().to_pylist():
        if not part["is_compared"]:
            print(findings.of_the_part(part), file=sys.stderr)
    _write_answer(connection, f"moves/{arguments.show}", {}, arguments.format)
    return 0


def _write_answer(connection: duckdb.DuckDBPyConnection, name: str, given: dict[str, Any], form: str) -> None:
    """Write what a query answers to standard output and close the connection."""
    try:
        answer = following_up.answer(connection, Home().folder, name, **given).to_arrow_table()
    except duckdb.CatalogException as trouble:
        if not queries.find(name).is_about_two:
            raise _cannot_answer(name, trouble) from None
        raise SnapshotError(
            f"One of the two snapshots does not hold what {name} compares. Choose another one."
        ) from None
    except duckdb.Error as trouble:
        raise _cannot_answer(name, trouble) from None
    finally:
        connection.close()
    WRITERS[form](answer.column_names, [list(row.values()) for row in answer.to_pylist()], sys.stdout)


def _cannot_answer(name: str, trouble: duckdb.Error) -> SnapshotError:
    return SnapshotError(
        f"The snapshot cannot answer {name} ({str(trouble).splitlines()[0]}). Load the extracts again."
    )


def _pack(arguments: argparse.Namespace) -> int:
    from sop.pack.to_file import to_file

    def say(what: str, share: float) -> None:
        if sys.stderr.isatty():
            print(f"{share:4.0%}  {what} …", file=sys.stderr)

    made = to_file(_home(), arguments.out, arguments.month, arguments.customers, snapshot=arguments.snapshot, say=say)
    whose = f", pages for customers {arguments.customers}" if arguments.customers else ""
    what = f"pack {arguments.out.name} of snapshot {made.facts.snapshot}{whose}"
    cli_keeping.record_export(Home().folder, what)
    print(f"{arguments.out}: {made.title}, {len(made.pages) + 1} pages, snapshot {made.facts.snapshot}.")
    return 0


def _snapshots(arguments: argparse.Namespace) -> int:
    home = _home()
    live = home.live()
    for manifest in home.history():
        mark = "live" if manifest.id == live else "    "
        files = ", ".join(sorted({source["file_name"] for source in manifest.sources}))
        print(f"{mark}  {manifest.id}  as of {manifest.as_of}  by {manifest.created_by}  {files}")
    if live is None:
        print("Nothing is published yet. Load extracts with: python -m sop load FILES", file=sys.stderr)
    return 0


def _rollback(arguments: argparse.Namespace) -> int:
    home = Home()
    home.check_version(arguments.snapshot)
    home.check(arguments.snapshot, thoroughly=True)
    owed = home.publish(arguments.snapshot, by=access.whoever())
    print(f"Snapshot {arguments.snapshot} is live. {owed or ''}".strip())
    return 0


def _settings(arguments: argparse.Namespace) -> int:
    folder = Home().folder
    if arguments.values:
        lines = setting.change(folder, arguments.values, by=arguments.by or access.whoever())
    else:
        lines = setting.shown(folder)
    print("\n".join(lines))
    return 0


def _run(arguments: argparse.Namespace) -> int:
    top = Path(__file__).parent.parent
    options = ["--address", arguments.address, *[word for host in arguments.host for word in ("--host", host)]]
    listening.options(arguments.address, arguments.host)  # which refuses here, before anything is published
    if _home().live() is None:
        print("Nothing is published yet, so the sample company is.")
        loading.load(sample_company.files())
    elif not Home().is_of_this_version():
        print("The live snapshot was made by another version; it is built again.")
        loading.load([])
    print(f"The review is at {listening.public(arguments.address, arguments.port)} (Ctrl+C ends it).")
    command = [sys.executable, "-m", "sop.serve", str(arguments.port), *options]
    os.chdir(top)
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(sys.executable, command)  # so that whoever stops this process stops the server
    return subprocess.run(command, check=False).returncode


def _rebuild(arguments: argparse.Namespace) -> int:
    report = loading.load([], engine=_engine(arguments), on_step=_say)
    print(f"Published snapshot {report.snapshot}, built again from the extracts of the one before.")
    return 0


def _sample(arguments: argparse.Namespace) -> int:
    from sop import sample

    try:
        made = sample.make(arguments.order_lines, arguments.seed, arguments.out)
    except OSError as trouble:
        raise SopError(f"{arguments.out}: {trouble.strerror or trouble}.") from None
    for name, rows in made.items():
        print(f"{name}.csv: {rows:,} rows")
    return 0
