"""The sample company: made-up extracts of any size, the same bytes for the same seed."""

import re
import shutil
import tempfile
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

# The size and the seed of data/sample, which the documents describe.
ORDER_LINES = 20_000
SEED = 6

STEPS = Path(__file__).parent.parent / "queries" / "sample"
EXTRACTS = (
    "customers",
    "products",
    "opportunities",
    "order_lines",
    "deliveries",
    "work_centres",
    "capacity",
    "routings",
)
# A hash of a hash: DuckDB's hash of several values is an exclusive or, in which two salts would move together.
CHANCE = """
create macro chance(seed, salt, row_key) as hash(hash(seed, salt, row_key)) / 18446744073709551616e0
"""
# Working day 0 is Monday 28 October 2024 and five working days make a week; days before it are negative, hence the 520.
WORKING_DATE = """
create macro working_date(day_number) as
    date '2022-10-31' + ((day_number + 520) // 5 * 7 + (day_number + 520) % 5)::integer
"""


def make(order_lines: int, seed: int, out: Path) -> dict[str, int]:
    """Write the sample company's extracts into the folder, one CSV each, and return how many rows each has."""
    out.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".sample-", dir=out.parent))
    try:
        with duckdb.connect(
            scratch / "scratch.duckdb", config={"temp_directory": str(scratch / "spill")}
        ) as connection:
            prepare(connection)
            return {
                step: rows
                for step in steps_in_order()
                if (rows := build(connection, step, {"order_lines": order_lines, "seed": seed}, out)) is not None
            }
    finally:
        shutil.rmtree(scratch)


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the connection its macros, its limits and a schema for the steps."""
    connection.execute("set preserve_insertion_order = true")
    connection.execute("set enable_progress_bar = false")
    connection.execute("set memory_limit = '4GB'")
    connection.execute(CHANCE)
    connection.execute(WORKING_DATE)
    connection.execute("create schema sample")


def steps_in_order() -> list[str]:
    """Return the names of the steps, each after those that its SQL reads."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(STEPS.glob("*.sql"))}
    reads = {step: sorted(set(re.findall(r"\bsample\.(\w+)", text))) for step, text in texts.items()}
    return list(TopologicalSorter(reads).static_order())


def build(connection: duckdb.DuckDBPyConnection, step: str, parameters: dict[str, int], out: Path) -> int | None:
    """Build one step as a table; if it is an extract, write it as CSV too and return its number of rows."""
    sql = f"create table sample.{step} as " + (STEPS / f"{step}.sql").read_text(encoding="utf-8")
    wanted = duckdb.extract_statements(sql)[0].named_parameters
    connection.execute(sql, {name: parameters[name] for name in wanted})
    if step not in EXTRACTS:
        return None
    file = str(out / f"{step}.csv")
    written = connection.execute(f"copy sample.{step} to $file (header, delimiter ',')", {"file": file}).fetchone()
    return written[0] if written else 0
