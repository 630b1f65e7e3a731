"""What a run of the bench found: written as JSON with the machine that it was found on, and shown as tables."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.figures import TOP, Row, is_held

FILE = TOP / "bench" / "results.json"
SHOWN = ("duckdb", "pandas", "polars", "pyarrow", "streamlit", "psycopg")
"""The packages whose versions are told."""


def machine() -> dict[str, Any]:
    """What was measured on: cores, megabytes of memory, model and versions; no name and no path of it."""
    return {
        "cores": os.cpu_count(),
        "memory": round(_in("/proc/meminfo", r"MemTotal:\s+(\d+)", 0) / 1024),
        "model": str(_in("/proc/cpuinfo", r"model name\s*:\s*(.+)", platform.machine())),
        "system": platform.system(),
        "versions": {"python": platform.python_version(), **_versions(), "postgresql": _postgresql()},
    }


def _in(file: str, pattern: str, otherwise: Any) -> Any:
    """What a pattern finds in a file of the system, as a number where it is one."""
    known = Path(file)
    found = re.search(pattern, known.read_text(encoding="utf-8")) if known.exists() else None
    return (int(found[1]) if found[1].isdigit() else found[1].strip()) if found else otherwise


def _versions() -> dict[str, str]:
    found = {}
    for package in SHOWN:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "not there"
    return found


def _postgresql() -> str:
    from tests import postgres

    programs = postgres.programs()
    if not programs:
        return "not there"
    said = subprocess.run([programs[1], "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[-1] if not said.split()[-1].endswith(")") else said.split()[2]


def write(rows: Sequence[Row], sizes: Sequence[int], file: Path = FILE) -> dict[str, Any]:
    """Keep what was found, each figure with whether it holds."""
    found = {
        "machine": machine(),
        "measured_on": datetime.date.today().isoformat(),
        "sizes": list(sizes),
        "rows": [{**row, "held": is_held(row)} for row in rows],
    }
    file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return found


def read(file: Path = FILE) -> dict[str, Any]:
    """What the last run found."""
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def lines(rows: Iterable[Row]) -> Iterable[str]:
    """The figures for a terminal, one a line."""
    for row in rows:
        held = {True: "held", False: "NOT HELD", None: ""}[is_held(row)]
        value = "-" if row["value"] is None else f"{row['value']:,.3f}"
        size = f"{row['size']:>10,}" if row.get("size") else " " * 10
        line = f"{size} {row['measure']:<88} {value:>12} {row['unit']:<8} {hold_of(row):<8} {held:<8} {row.get('note', '')}"
        yield line.rstrip()


def hold_of(row: Row) -> str:
    """What is asked of a figure: `≤ 3`."""
    if row["hold"] is None:
        return ""
    return f"{'≥' if row.get('at_least') else '≤'} {number(row['hold'])}"


def told(found: Mapping[str, Any]) -> str:
    """The machine in one sentence."""
    known = found["machine"]
    day = datetime.date.fromisoformat(found["measured_on"])
    versions = ", ".join(f"{name} {version}" for name, version in known["versions"].items())
    memory = f"{known['memory'] / 1024:.0f} GB"
    return (
        f"Measured on {day.day} {day:%B %Y}: {known['cores']} cores ({known['model']}), {memory} of memory, {versions}."
    )


def number(value: float) -> str:
    """Three digits that count, thousands apart."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
