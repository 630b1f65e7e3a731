"""The floor of a load: DuckDB alone reads the same files with every type given, and does nothing else with them."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb

from sop.connecting import literal
from sop.extracts.contract import extracts


def typed_read(folder: str, target: str) -> float:
    """Seconds for all files of a company into tables of a new database, up to its checkpoint. The database is removed."""
    file = Path(target)
    connection = duckdb.connect(str(file))
    connection.execute("set preserve_insertion_order = false")
    started = time.perf_counter()
    for extract in sorted(Path(folder).glob("*.csv")):
        connection.execute(f"create table {extract.stem} as select * from {reader(extract)}")
    connection.execute("checkpoint")
    taken = time.perf_counter() - started
    connection.close()
    file.unlink()
    return taken


def reader(file: Path) -> str:
    """DuckDB's reader of an extract, with its columns and their types."""
    types = types_of(file)
    columns = ", ".join(f"{literal(name)}: {literal(type_)}" for name, type_ in types.items())
    return f"read_csv({literal(str(file))}, columns = {{{columns}}}, header = true, delim = ',', auto_detect = false)"


def types_of(file: Path) -> dict[str, str]:
    """The columns of an extract in the order of its header, with the types of the contract."""
    types = {column.name: column.type for column in extracts()[file.stem].columns}
    with file.open(encoding="utf-8") as opened:
        return {name: types[name] for name in opened.readline().strip().split(",")}
