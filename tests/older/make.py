"""Make the files of an older version: `python -m tests.older.make FOLDER`, run by the code of that version.

They are kept as that version wrote them, packed: `v4.sqlite.gz`, a decision log with an entry of every kind, and
`v4.duckdb.gz` with `v4.json`, the snapshot on which they stand. Of version 5 there is the snapshot alone: its promises
are a table.
"""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

from sop import closing, company, deciding, following_up, noting, scenarios
from sop.decisions import FILE_NAME
from sop.migrating import VERSION
from sop.noting import Place
from sop.scenarios import Holds, Scenario
from tests.company import day
from tests.decided import Company, option
from tests.decided import company as decided_company


def main(folder: Path) -> None:
    """Write one entry of every kind, and pack what was written."""
    with tempfile.TemporaryDirectory() as workplace:
        firm = decided_company(Path(workplace))
        write_everything(firm)
        name = f"v{VERSION}"
        with sqlite3.connect(firm.home.folder / FILE_NAME) as connection:
            connection.execute("pragma journal_mode = delete")
        _pack(firm.home.folder / FILE_NAME, folder / f"{name}.sqlite.gz")
        _pack(firm.home.file(firm.september), folder / f"{name}.duckdb.gz")
        shutil.copy(firm.home.snapshots / f"{firm.september}.json", folder / f"{name}.json")


def write_everything(firm: Company) -> None:
    """Decide, correct, mark, say what was spent, save a mapping, keep a scenario, note, dispute, close and set."""
    log, snapshot = firm.log, firm.september
    first = firm.decide()
    firm.decide(replaces=first, reason="Brio asked for the fifteenth")
    action = following_up.read(log, following_up.newest(log))["logged_actions"].to_pylist()[0]["id"]
    deciding.mark(log, action, is_done=True, by="Ben Ode")
    deciding.say_spent(log, first, 500.0, by="Ben Ode")
    log.save_mapping(fingerprint="x", file_name="orders.csv", mapping={"delimiter": ";"}, by="Ben Ode")
    scenarios.keep(log, Scenario("Rail first", snapshot, day("09-30"), Holds("tier")), option(), by="Ben Ode")
    noting.note(log, Place(customer_id="ACME"), "They wait for the pumps", by="Ann Lee", snapshot_id=snapshot)
    noting.dispute(
        log, "A1", "10", sales_says="Promised for the fifth", operations_says="Never confirmed", by="Ann Lee",
        snapshot_id=snapshot,
    )  # fmt: skip
    closing.close(
        log, by="Ann Lee", month=day("09-01"), snapshot_id=snapshot, as_of_date=day("09-30"),
        figures={"promise rate": "50 %"}, decisions=["Welding in October: customer tier"], minutes="Brio is told.",
    )  # fmt: skip
    company.change(log, {"days_late_allowed": 2}, by="Ann Lee", seen=None)


def _pack(file: Path, packed: Path) -> None:
    packed.write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
