"""How the command line writes rows: as a table to read, as CSV, as JSON."""

from __future__ import annotations

import csv
import decimal
import json
from typing import Any, TextIO


def _write_json(names: list[str], rows: list[list[Any]], out: TextIO) -> None:
    json.dump([dict(zip(names, row, strict=True)) for row in rows], out, default=plain, ensure_ascii=False, indent=1)
    out.write("\n")


def plain(value: Any) -> Any:
    """What JSON has no kind for: decimals as numbers, all else as text."""
    return float(value) if isinstance(value, decimal.Decimal) else str(value)


def _write_csv(names: list[str], rows: list[list[Any]], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)


def _write_table(names: list[str], rows: list[list[Any]], out: TextIO) -> None:
    cells = [names, *[["" if value is None else str(value) for value in row] for row in rows]]
    widths = [max(len(row[place]) for row in cells) for place in range(len(names))]
    numeric = [
        any(isinstance(row[place], int | float | decimal.Decimal) for row in rows) for place in range(len(names))
    ]
    for row in [cells[0], ["-" * width for width in widths], *cells[1:]]:
        padded = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        ]
        out.write("  ".join(padded).rstrip() + "\n")


WRITERS = {"table": _write_table, "csv": _write_csv, "json": _write_json}
