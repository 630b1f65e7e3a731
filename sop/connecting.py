"""Connections to DuckDB that see no more than they need: the only place where one is opened on a snapshot or shut in.

Settings are those of a whole database instance, which connections of one process to the same file share: whoever comes
first sets them, and locked they stay so.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

LONGEST_QUERY = 30_000
"""Milliseconds after which a question of a page is stopped: a thousand times what one takes at ten million order lines."""

MEMORY_TO_READ = "400MB"
"""What the questions to one snapshot may take together."""

MEMORY_TO_COMPARE = "1GB"
"""What the tables that compare two snapshots, and the questions to them, may take together."""

_ONE_AT_A_TIME = threading.Lock()


def for_reading(snapshot: Path) -> duckdb.DuckDBPyConnection:
    """A snapshot's file, read-only: nothing else can be read, written, loaded or changed. Raises what DuckDB raises."""
    with _ONE_AT_A_TIME:
        connection = duckdb.connect(str(snapshot), read_only=True)
        try:
            if not is_shut(connection):
                shut_in(connection, memory=MEMORY_TO_READ)
        except duckdb.Error:
            connection.close()
            raise
    return connection


def beside_each_other(snapshots: Mapping[str, Path]) -> duckdb.DuckDBPyConnection:
    """An empty database in memory with snapshots attached read-only, under names of ours; whoever fills it shuts it in."""
    connection = duckdb.connect(config={"memory_limit": MEMORY_TO_COMPARE})
    try:
        for name, file in snapshots.items():
            connection.execute(f"attach {literal(str(file))} as {name} (read_only)")
    except duckdb.Error:
        connection.close()
        raise
    return connection


def shut_in(
    connection: duckdb.DuckDBPyConnection, *, folders: Collection[Path] = (), files: Collection[Path] = (),
    memory: str | None = None, longest: int = LONGEST_QUERY,
) -> None:  # fmt: skip
    """Let a connection reach nothing beyond what is attached to it, these folders and files, and lock that.

    `longest` is the time in milliseconds that a question may take, 0 for as long as it likes. Where it may write nothing it
    may not spill either, so `memory` is all there is.
    """
    settings = ["python_enable_replacements = false", "autoload_known_extensions = false"]
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
