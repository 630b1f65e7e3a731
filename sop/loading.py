"""Make a snapshot from extracts: look over, read, map, check, build the marts, publish; nothing when a step fails."""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import filelock
import pyarrow as pa

from sop import (
    access,
    company,
    connecting,
    kept_lines,
    mending,
    projecting,
    queries,
    record,
    sample_company,
    settings,
    space,
    words,
)
from sop.access import Act
from sop.changes import compare
from sop.connecting import literal
from sop.decisions import Log
from sop.engine import reaching
from sop.engine.reaching import Engine
from sop.errors import LogError, MappingError, SnapshotError, SourceError
from sop.extracts import checking, looking, staging
from sop.extracts.accounts import Fed
from sop.extracts.contract import ORDER, Extract, extracts
from sop.extracts.gathering import gather
from sop.extracts.looking import Opened
from sop.extracts.mapping import FileMapping
from sop.extracts.recognising import Recognised, as_proposed
from sop.report import MOST_SHOWN
from sop.report import Report as Report
from sop.report import refuse_too_many as refuse_too_many
from sop.report import rejection as rejection
from sop.snapshots import Home, Manifest

if TYPE_CHECKING:
    from sop.engine.spark import Spark

Step = Callable[[str], None]


def load(
    files: Sequence[Path],
    *,
    mappings: Sequence[FileMapping] = (),
    as_of: datetime.date | None = None,
    accept_rejects: bool = False,
    accept_proposals: bool = False,
    leave_out: frozenset[str] = frozenset(),
    built_on: str | None = None,
    dry_run: bool = False,
    created_by: str | None = None,
    home: Home | None = None,
    engine: Engine | None = None,
    on_step: Step = lambda step: None,
) -> Report:
    """Build a snapshot from the files and the live snapshot's other extracts, and publish it.

    The sample company and one's own never mix: for files of the other one its newest snapshot stands in for the live one,
    or none. `built_on` names another one to stand in.

    A file that is neither given a mapping nor recognised is read as proposed, where the proposal leaves no question open;
    with `accept_proposals` its best guess answers the questions. `leave_out` names files, or sheets of workbooks, that
    are not loaded. Without a file the live snapshot is built again from the extracts that it holds, which is how one made
    by an earlier version is brought to this one. With an `engine` the marts are built there, and are the same. `on_step` is told
    each step in plain words.

    Raises SourceError or MappingError for a file that cannot be used,
    AccessError where whoever acts may not publish,
    TooManyRejects where more rows are rejected than the settings allow and `accept_rejects` is not said,
    SnapshotError while somebody else is loading. Whatever is raised, the live snapshot stays as it was.
    """
    home = home or Home()
    record.require(home.folder, Act.PUBLISH)
    try:
        home.snapshots.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(home.folder / "building.lock", timeout=0)
        beyond = reaching.opened(engine, home.folder) if engine else nullcontext()
        with lock, _workplace(home) as workplace, beyond as spark:
            instead = mending.stand(home)
            space.refuse_a_full_disk(home.folder, files, _live_file(home))
            who = access.named(created_by or access.whoever())
            build = _Build(home, Path(workplace), as_of, who, on_step, built_on, spark)
            recognised = [
                as_proposed(one) if accept_proposals else one
                for one in looking.look(files, build.workplace, home=home, given=mappings, on_step=on_step)
                if one.table.name not in leave_out
            ]
            report = build.run(recognised, mappings, accept_rejects=accept_rejects, dry_run=dry_run)
        if report.snapshot and not report.is_unchanged:
            _prune(home)
        owed = reaching.left_behind(engine, home.folder) if engine else ""
        return replace(report, said=(*report.said, *(one for one in (instead, owed) if one)))
    except filelock.Timeout:
        raise SnapshotError("Somebody else is loading extracts now. Try again when that load has ended.") from None
    except duckdb.Error as trouble:
        first = str(trouble).splitlines()[0]
        raise SnapshotError(f"The snapshot could not be built: {first}. Nothing was published.") from trouble
    except OSError as trouble:
        raise SnapshotError(f"The snapshot could not be written: {trouble}. Nothing was published.") from trouble


def _live_file(home: Home) -> Path | None:
    live = home.live()
    return home.file(live) if live else None


def _prune(home: Home) -> None:
    """Remove what need not stay; nothing where the decision log cannot say which snapshots decisions rest on."""
    with suppress(LogError):
        home.prune(company.read(home.folder).keeping.keep_daily_snapshots, keep=Log(home.folder).snapshots_named())


def _workplace(home: Home) -> tempfile.TemporaryDirectory[str]:
    """A folder beside the snapshots that vanishes with the load; what a killed load left there is swept first."""
    home.sweep()
    return tempfile.TemporaryDirectory(prefix=".building-", dir=home.snapshots)


def prepare(
    connection: duckdb.DuckDBPyConnection, measure: settings.Settings, *, snapshot: str, who: str,
    as_of: datetime.date | None = None,
) -> None:  # fmt: skip
    """Make the empty tables of a snapshot: the extracts of the contract, what is rejected, and the snapshot's one row."""
    for schema in ("extracts", "marts", "previous"):
        connection.execute(f"create schema {schema}")
    for extract in extracts().values():
        _make_table(connection, extract)
    connection.execute(queries.find("fill/tables").sql)
    connection.execute(
        queries.find("fill/snapshot").sql,
        {
            "snapshot_id": snapshot,
            "as_of_date": as_of,
            "created_at": datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0),
            "created_by": who,
            **{name: value for name, value in asdict(measure).items() if name != "rejected_share_limit"},
        },
    )


def _make_table(connection: duckdb.DuckDBPyConnection, extract: Extract) -> None:
    """The contract's table without its keys: an index over millions of rows would double the file; a rule checks them."""
    columns = ", ".join(f"{column.name} {column.type}" for column in extract.columns)
    connection.execute(f"create table extracts.{extract.name} ({columns})")
    connection.execute(f"comment on table extracts.{extract.name} is {literal(extract.about)}")
    for column in extract.columns:
        connection.execute(f"comment on column extracts.{extract.name}.{column.name} is {literal(column.meaning)}")


def attach_previous(connection: duckdb.DuckDBPyConnection, live: Path | None) -> None:
    """Show what the live snapshot knows of promises as `previous`; empty before the first publish."""
    if live:
        connecting.attach(connection, live, "live")
    sources = {"order_lines": "extracts", "promise_events": "marts", "lines_gone": "marts"}
    known = connection.execute(
        "select distinct schema_name || '.' || table_name from duckdb_columns() where database_name = 'live'"
    )
    in_live = {name for (name,) in known.fetchall()}
    for table, schema in sources.items():
        if f"{schema}.{table}" in in_live:
            connection.execute(f"create view previous.{table} as select * from live.{schema}.{table}")
        else:
            connection.execute(queries.find(f"fill/no_previous_{table}").sql)


def build_marts(
    connection: duckdb.DuckDBPyConnection,
    on_step: Step = lambda step: None,
    on_ledger: Callable[[], None] = lambda: None,
) -> None:
    """Build every mart, each after those that it reads; `on_ledger` is called when the ledger stands."""
    marts = queries.in_build_order()
    go_with = queries.last_readers(marts)
    for mart in marts:
        on_step(f"Building {mart.name.removeprefix('marts/').replace('_', ' ')}")
        if projecting.is_made_here(mart):
            projecting.make(connection, mart, connection.cursor().sql(mart.sql).to_arrow_table())
        else:
            connection.execute(f"create {mart.kind} {mart.table} as {mart.sql}")
        connection.execute(f"comment on {mart.kind} {mart.table} is {literal(mart.about)}")
        if mart.table == kept_lines.PROMISES:
            on_ledger()
        connecting.let_go(connection, go_with.get(mart.table, ()))


def keep_lines_in_ledger(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the ledger stand for the order lines from here on; what their own table took in the file is free for what follows."""
    about = extracts()["order_lines"].about
    connection.execute("drop table extracts.order_lines")
    connection.execute(f"create view extracts.order_lines as {queries.find('fill/order_lines_kept').sql}")
    connection.execute(f"comment on view extracts.order_lines is {literal(about)}")
    connection.execute("checkpoint")


class _Build:
    """One snapshot in the making, in a workplace that vanishes with it."""

    def __init__(self, home: Home, workplace: Path, as_of: datetime.date | None, who: str, on_step: Step,
                 built_on: str | None, spark: Spark | None) -> None:  # fmt: skip
        self.home, self.workplace, self.as_of, self.who, self.on_step = home, workplace, as_of, who, on_step
        self.spark = spark
        self.live = built_on or home.live()
        if self.live:
            home.check(self.live)
        self.settings = company.measure_for(home.folder, home.file(self.live) if self.live else None)
        self.id = f"{datetime.datetime.now(datetime.UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        self.built = workplace / f"{self.id}.duckdb"
        self.lines: tuple[dict[str, Any], ...] = ()
        self.fed: list[Fed] = []
        self.carried: list[str] = []

    def run(
        self, recognised: Sequence[Recognised], mappings: Sequence[FileMapping], *, accept_rejects: bool, dry_run: bool
    ) -> Report:
        self.on_step("Looking the files over from end to end")
        opened = self._open(recognised, mappings)
        self.live, self.is_sample = sample_company.basis(self.home, self.live, {one.source.sha256 for one in opened})
        self.before = self.home.manifest(self.live).sources if self.live else ()
        if self.live and not opened and self.as_of is None:
            self.as_of = self._day_once_given(self.live)
        recipe = self._recipe(opened)
        if self.live and self.live == self.home.live() and self.home.is_made_alike(self.live, recipe):
            as_of = datetime.date.fromisoformat(self.home.manifest(self.live).as_of)
            return Report(self.live, as_of, self.before, is_unchanged=True, recognised=tuple(recognised))
        self.connection = duckdb.connect(str(self.built), config=self._bounds())
        try:
            report = replace(self._build(opened), recognised=tuple(recognised), headers=_headers(opened))
        finally:
            self.connection.close()
        if dry_run:
            return report
        if not accept_rejects:
            refuse_too_many(report, self.settings.rejected_share_limit)
        self.on_step("Publishing")
        with self.built.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        created_at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        self.home.keep(self.built, Manifest(
            self.id, report.as_of.isoformat(), created_at, self.who, recipe, queries.making(), sha256,
            self.built.stat().st_size, report.sources, self.is_sample, self.lines,
        ))  # fmt: skip
        owed = self.home.publish(self.id)
        return replace(report, snapshot=self.id, said=(owed,) if owed else ())

    def _day_once_given(self, snapshot: str) -> datetime.date | None:
        """The day that a snapshot speaks for, where it was given one: what is built again from it speaks for the same day."""
        stated = datetime.date.fromisoformat(self.home.manifest(snapshot).as_of)
        with connecting.for_reading(self.home.file(snapshot)) as connection:
            return None if stated == checking.newest_day(connection.cursor()) else stated

    def _bounds(self) -> dict[str, str | bool | int | float | list[str]]:
        """A build stays within its memory and spills beside itself."""
        return {
            "memory_limit": f"{space.memory_to_build() >> 20}MiB",
            "temp_directory": str(self.workplace / "spill"),
            "preserve_insertion_order": True,
        }

    def _open(self, recognised: Sequence[Recognised], given: Sequence[FileMapping]) -> list[Opened]:
        """Look every file over before anything is built, so that a wrong one costs nothing."""
        with ThreadPoolExecutor(max_workers=2) as both_cores:
            found = list(both_cores.map(lambda one: looking.open_recognised(one, self.workplace), recognised))
        opened = list(reversed({(one.source.sha256, one.mapping.fingerprint): one for one in reversed(found)}.values()))
        if not opened and not self.live:
            raise SourceError("No file was given. Nothing was published.")
        if given and opened and not any(one.recognised.origin == "given" for one in opened):
            names = ", ".join(mapping.name for mapping in given)
            raise MappingError(f"The mapping is meant for files named {names}, and none of the files is.")
        # Files of one extract first: master data stands before what an order report repeats of it.
        return sorted(opened, key=lambda one: len(one.mapping.extracts) > 1)

    def _recipe(self, opened: Sequence[Opened]) -> str:
        """A hash over what every extract comes from, the settings, the SQL and the as_of that was given."""
        brought = {(extract, one.sha256, one.mapping.fingerprint) for one in opened for extract in one.mapping.extracts}
        fed = {extract for extract, _, _ in brought}
        kept = {(source["extract_name"], source["sha256"], source["mapping_sha256"])
                for source in self.before if source["extract_name"] not in fed}  # fmt: skip
        spoken = self.as_of.isoformat() if self.as_of else None
        whole = json.dumps([sorted(brought | kept), repr(self.settings), queries.making(), spoken])
        return hashlib.sha256(whole.encode()).hexdigest()

    def _build(self, opened: Sequence[Opened]) -> Report:
        prepare(self.connection, self.settings, snapshot=self.id, who=self.who, as_of=self.as_of)
        attach_previous(self.connection, self.home.file(self.live) if self.live else None)
        self._shut_in(opened)
        for one in opened:
            self.on_step(f"Reading {one.recognised.name}")
            self.fed += staging.stage(self.connection, one.source, one.mapping, self._reject, one.headers)
        self._carry_over()
        self.on_step("Checking")
        checking.refuse(self.connection, self.fed, self.carried, self._reject)
        gather(self.connection, self.fed)
        sources = self._sources()
        if self.spark:
            self.spark.build_marts(self.connection, self.on_step, self._keep_lines, self._when_the_ledger_stands)
        else:
            build_marts(self.connection, self.on_step, self._when_the_ledger_stands)
        self.on_step("Looking for what is doubtful")
        checking.warn(self.connection, self.fed, [name for name in ORDER if name != "order_lines"])
        report = self._report(sources)
        if self.live and self.fed and self.home.is_made_alike(self.live):
            self.on_step("Comparing with the live snapshot")
            brought = [
                name
                for name in extracts()
                if name not in self.carried and any(feed.extract == name for feed in self.fed)
            ]
            files = {feed.source.sha256: feed.source.name for feed in self.fed}
            with self.home.open(self.live) as live:
                report = replace(report, changes=compare(self.connection, live, brought, self.before, files))
        self.connection.execute("drop schema previous cascade")
        if self.live:
            connecting.detach(self.connection, "live")
        if self.lines:
            self.connection.execute(f"drop view {kept_lines.LEDGER}")  # of files in the workplace, which they leave
        self.connection.execute("checkpoint")
        return report

    def _keep_lines(self, parts: Sequence[Path]) -> None:
        """Take the ledger in as files beside the snapshot's own, and show it here until it is built."""
        self.on_step("Taking the order lines in")
        self.lines = kept_lines.take_in(parts, self.built)
        connecting.show_lines(self.connection, kept_lines.files(self.built))

    def _when_the_ledger_stands(self) -> None:
        """Order lines are looked over while their rows can still be told by their places in the file."""
        self.on_step("Looking for doubtful order lines")
        checking.warn(self.connection, self.fed, ["order_lines"])
        keep_lines_in_ledger(self.connection)

    def _shut_in(self, opened: Sequence[Opened]) -> None:
        """From here on the build sees its workplace and the files that it reads, and nothing else of this machine."""
        sources = [source for one in opened for source in (one.source, one.headers) if source is not None]
        folders = [self.workplace, *([self.spark.folder] if self.spark else [])]
        lines = connecting.lines_of([self.home.file(self.live)] if self.live else [])
        files = [*(source.file for source in sources), *lines]
        connecting.shut_in(self.connection, folders=folders, files=files, longest=0)

    def _carry_over(self) -> None:
        """What no file brought comes over from the live snapshot, with the record of where it came from."""
        brought = {feed.extract for feed in self.fed}
        self.carried = [name for name in extracts() if name not in brought] if self.live else []
        for name in self.carried:
            self.connection.execute(f"insert into extracts.{name} by name select * from live.extracts.{name}")

    def _reject(self, rows: pa.Table) -> None:
        if rows.num_rows:
            self.connection.register("rejects", rows)
            self.connection.execute("insert into rejected_rows by name select * from rejects")
            self.connection.unregister("rejects")

    def _sources(self) -> tuple[dict[str, Any], ...]:
        """Write down what each file gave. Raises SourceError where there is nothing to review."""
        fed = [one for feed in self.fed for one in (feed.headers, feed) if one is not None]
        sources = [
            {
                "extract_name": feed.extract,
                "file_name": feed.source.name,
                "size": feed.source.size,
                "sha256": feed.source.sha256,
                "mapping_sha256": feed.mapping_sha256,
                "carried_from": None,
                "read_count": feed.rows_read,
                "kept_count": feed.rows_kept,
                "rejected_count": feed.rows_rejected,
                "left_out_count": feed.left_out_count,
            }
            for feed in fed
        ]
        sources += [
            {**source, "carried_from": source["carried_from"] or self.live}
            for source in self.before
            if source["extract_name"] in self.carried
        ]
        self.connection.register("sources", pa.Table.from_pylist(sources))
        self.connection.execute("insert into source_files by name select * from sources")
        self.connection.unregister("sources")
        [(as_of, has_lines)] = self.connection.execute(
            "select as_of_date, exists (select 1 from extracts.order_lines) from snapshot"
        ).fetchall()
        if as_of is None or not has_lines:
            raise SourceError(self._no_order_line(sources))
        return tuple(sources)

    def _no_order_line(self, sources: Sequence[dict[str, Any]]) -> str:
        """That nothing is left to review, and which file was to bring the order lines, with the first reason."""
        said = ""
        for source in sources:
            if source["extract_name"] == "order_lines" and not source["carried_from"]:
                said += (
                    f"{source['file_name']}: no order line is left of {words.counted(source['read_count'], 'row')}. "
                )
        for row in self._rows("select * from rejected_rows where extract_name = 'order_lines' limit 1"):
            said += f"The first: {rejection(row)} "
        return f"{said or 'No file brings order lines. '}There is nothing to review. Nothing was published."

    def _report(self, sources: tuple[dict[str, Any], ...]) -> Report:
        [(as_of,)] = self.connection.execute("select as_of_date from snapshot").fetchall()
        rejected = self._rows(f"select * from rejected_rows limit {MOST_SHOWN}")
        warnings = self._rows(f"select * from warnings limit {MOST_SHOWN}")
        return Report(None, as_of, sources, rejected, warnings)

    def _rows(self, sql: str) -> tuple[dict[str, Any], ...]:
        return tuple(self.connection.sql(sql).to_arrow_table().to_pylist())


def _headers(opened: Sequence[Opened]) -> dict[str, tuple[str, ...]]:
    sources = [source for one in opened for source in (one.source, one.headers) if source is not None]
    return {source.name: source.header for source in sources}
