"""Connections to DuckDB that see no more than they need: the only place where one is opened on a snapshot or shut in.

Settings are those of a whole database instance, which connections of one process to the same file share: whoever comes
first sets them, and locked they stay so.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from sop import kept_lines

LONGEST_QUERY = 30_000
"""Milliseconds after which a question of a page is stopped: a thousand times what one takes at ten million order lines."""

MEMORY_TO_READ = "400MB"
"""What the questions to one snapshot may take together."""

MEMORY_TO_COMPARE = "1GB"
"""What the tables that compare two snapshots, and the questions to them, may take together."""

KEPT = "_kept"
"""What is put behind a name for the file of a snapshot whose order lines stand beside it: the name itself shows both."""

ROWS_IN_A_FILE = 1 << 32
"""More than a file of lines ever has: a line is numbered by its file, and by its place in it."""

_ONE_AT_A_TIME = threading.Lock()


def for_reading(snapshot: Path) -> duckdb.DuckDBPyConnection:
    """A snapshot, read-only: nothing else can be read, written, loaded or changed. Raises what DuckDB raises."""
    parts = kept_lines.files(snapshot)
    if parts:
        return _for_reading_with_lines(snapshot, parts)
    with _ONE_AT_A_TIME:
        connection = duckdb.connect(str(snapshot), read_only=True)
        try:
            if not is_shut(connection):
                [(name,)] = connection.execute("select current_database()").fetchall()
                _refuse_without_lines(connection, name, snapshot)
                shut_in(connection, memory=MEMORY_TO_READ)
        except duckdb.Error:
            connection.close()
            raise
    return connection


def _for_reading_with_lines(snapshot: Path, parts: Sequence[Path]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"memory_limit": MEMORY_TO_READ})
    try:
        connection.execute(f"attach {literal(str(snapshot))} as snapshot{KEPT} (read_only)")
        _show(connection, f"snapshot{KEPT}", "memory", parts)
        shut_in(connection, files=parts, memory=MEMORY_TO_READ)
    except duckdb.Error:
        connection.close()
        raise
    return connection


def beside_each_other(snapshots: Mapping[str, Path]) -> duckdb.DuckDBPyConnection:
    """An empty database in memory with snapshots under names of ours; whoever fills it shuts it in, with `lines_of` them."""
    connection = duckdb.connect(config={"memory_limit": MEMORY_TO_COMPARE})
    try:
        for name, file in snapshots.items():
            attach(connection, file, name)
    except duckdb.Error:
        connection.close()
        raise
    return connection


def lines_of(snapshots: Iterable[Path]) -> list[Path]:
    """The files of order lines that snapshots keep beside their own, which have to be reached while these are asked."""
    return [part for snapshot in snapshots for part in kept_lines.files(snapshot)]


def attach(connection: duckdb.DuckDBPyConnection, snapshot: Path, name: str) -> None:
    """Show a snapshot under a name of ours, for reading only and with its order lines, wherever it keeps them."""
    parts = kept_lines.files(snapshot)
    if parts:
        connection.execute(f"attach {literal(str(snapshot))} as {name}{KEPT} (read_only)")
        connection.execute(f"attach ':memory:' as {name}")
        _show(connection, f"{name}{KEPT}", name, parts)
    else:
        connection.execute(f"attach {literal(str(snapshot))} as {name} (read_only)")
        _refuse_without_lines(connection, name, snapshot)


def let_go(connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
    """Drop tables that nothing reads any more, so that what follows takes their place in the file."""
    for table in tables:
        connection.execute(f"drop table {table}")
    if tables:
        connection.execute("checkpoint")


def detach(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Undo `attach`."""
    for one in (name, f"{name}{KEPT}"):
        connection.execute(f"detach database if exists {one}")


def _show(connection: duckdb.DuckDBPyConnection, kept: str, name: str, parts: Sequence[Path]) -> None:
    """Fill an empty database with a view of each table of an attached file, of the order lines beside it, and with its own views.

    Nothing of it is kept in a file: homes are moved and restored, and a view of files would name the place where they were.
    """
    filling = connection.cursor()  # of its own, as what it uses is nothing to others
    filling.execute(f"use {name}")
    tables = filling.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = $1 and not internal order by all",
        [kept],
    ).fetchall()
    for schema in sorted({"extracts", "marts", *(schema for schema, _ in tables)} - {"main"}):
        filling.execute(f"create schema {schema}")
    for schema, table in tables:
        filling.execute(f"create view {schema}.{table} as from {kept}.{schema}.{table}")
    views = filling.execute(
        "select view_name, sql from duckdb_views() where database_name = $1 and not internal"
        " order by schema_name = 'extracts', view_name",  # the order lines are a view of the ledger's
        [kept],
    ).fetchall()
    # Before the promises were a view, the files held all that is said of a line.
    is_older = kept_lines.PROMISES not in {f"marts.{view}" for view, _ in views}
    show_lines(filling, parts, kept_lines.PROMISES if is_older else kept_lines.LEDGER)
    for _, view in views:
        filling.execute(view)


def show_lines(connection: duckdb.DuckDBPyConnection, parts: Sequence[Path], table: str = kept_lines.LEDGER) -> None:
    """Make the ledger a view of files of lines, with a number for each line as a table has it: the same for ever, and its own."""
    listed = ", ".join(literal(str(part.resolve())) for part in parts)
    connection.execute(
        f"create view {table} as select *, file_index * {ROWS_IN_A_FILE} + file_row_number as rowid"
        f" from read_parquet([{listed}], hive_partitioning = false)"
    )


def _refuse_without_lines(connection: duckdb.DuckDBPyConnection, name: str, snapshot: Path) -> None:
    """Raise where a snapshot's file has no order lines and none stand beside it."""
    [(views, tables)] = connection.execute(
        "select (select count(*) from duckdb_views() where database_name = $1 and not internal),"
        " (select count(*) from duckdb_tables() where database_name = $1 and schema_name || '.' || table_name in ($2, $3))",
        [name, kept_lines.LEDGER, kept_lines.PROMISES],
    ).fetchall()
    if views and not tables:
        raise duckdb.IOException(f"the order lines of {snapshot.stem} are missing")


def shut_in(
    connection: duckdb.DuckDBPyConnection, *, folders: Collection[Path] = (), files: Collection[Path] = (),
    memory: str | None = None, longest: int = LONGEST_QUERY,
) -> None:  # fmt: skip
    """Let a connection reach nothing beyond what is attached to it, these folders and files, and lock that.

    `longest` is the time in milliseconds that a question may take, 0 for as long as it likes. Where it may write nothing it
    may not spill either, so `memory` is all there is.
    """
    settings = [
        "arrow_large_buffer_size = true",
        "python_enable_replacements = false",
        "autoload_known_extensions = false",
    ]
    settings += [f"memory_limit = {literal(memory)}"] if memory else []
    settings += ["temp_directory = ''"] if not folders else []
    settings += [
        f"global max_execution_time = {longest:d}",
        f"allowed_directories = [{', '.join(literal(f'{folder.resolve()}/') for folder in folders)}]",
        f"allowed_paths = [{', '.join(literal(str(file.resolve())) for file in files)}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ]
    for setting in settings:
        connection.execute(f"set {setting}")


def is_shut(connection: duckdb.DuckDBPyConnection) -> bool:
    """True where nothing of a connection's configuration can be changed any more."""
    [(is_locked,)] = connection.execute("select current_setting('lock_configuration')").fetchall()
    return bool(is_locked)


def literal(value: str) -> str:
    """A text for SQL that takes no parameters, such as the file that is attached: the only place where anything is quoted.

    Identifiers never are: schemas, tables and columns have names of ours, and those of strangers' columns are places.
    """
    return "'" + value.replace("'", "''") + "'"
