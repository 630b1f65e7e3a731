"""No file takes more memory than 1.5 GB and its own size, whether it loads or is refused.

Each load is a process of its own, whose largest size the system tells. Files of gigabytes are for the bench.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import broken
from tests.hostile.good import as_text, lines, write

pytest.importorskip("resource", reason="only systems like Unix tell how much memory a process took")

TOP = Path(__file__).parents[2]
ALLOWED = 1_500_000_000
SCRIPT = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))  # a load out of hand ends itself and not the machine
from pathlib import Path
from sop import loading
from sop.errors import SopError
from sop.snapshots import Home

try:
    report = loading.load([Path(sys.argv[1])], home=Home(Path(sys.argv[2])), accept_rejects=True)
    said = [report.sources[0]["read_count"], report.sources[0]["kept_count"]]
except SopError as trouble:
    said = str(trouble)
print(json.dumps({"said": said, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
"""


def an_order_book(folder: Path) -> Path:
    """200,000 good order lines, 12 MB."""
    header, _, rows = as_text(lines(1_000)).partition("\n")
    return write(folder, f"{header}\n" + "".join(rows.replace("SO-", f"SO-{number}-") for number in range(200)))


def two_columns_of_empty_rows(folder: Path) -> Path:
    """Good rows, and below them four million lines of one comma."""
    return write(folder, as_text(lines()).encode() + b",\n" * 4_000_000)


def no_date_anywhere(folder: Path) -> Path:
    """200,000 lines without a date that can be read, each of which is set aside with its reason."""
    return write(folder, as_text([]) + "SO-1,10,C1,P1,1,soon,1.50,2026-01-01\n" * 200_000)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (an_order_book, [200_000, 200_000]),
        (broken.a_cell_for_each_line, [300_040, 40]),
        (two_columns_of_empty_rows, [4_000_040, 40]),
        (no_date_anywhere, "no order line is left of 200,000 rows"),
        (broken.a_separator_too_many_throughout, "more than 500,000 lines have another number of cells"),
        (broken.one_cell_of_200_megabytes, "what begins there is longer than 2 MB"),
        (broken.a_line_of_200_megabytes, "what begins there is longer than 2 MB"),
        (broken.a_gzip_bomb, "that is a trap or no order book"),
    ],
)
def test_memory_stays_below_a_gigabyte_and_a_half_and_the_file(
    tmp_path: Path, make: Callable[[Path], Path], said: str | list[int]
) -> None:
    file = make(tmp_path / "in")
    command = [sys.executable, "-c", SCRIPT, str(file), str(tmp_path / "home")]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["said"] == said if isinstance(said, list) else said in told["said"]
    assert told["peak"] < ALLOWED + file.stat().st_size
