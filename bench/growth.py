"""How figures grow with the company: the exponent between sizes, and the curves drawn on two scales of powers of ten."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.figures import Row, figure
from sop.pack.drawing import PRINT, Sheet

GROWING = {
    "typed read by DuckDB alone": "typed read", "load from CSV to published": "load", "ledger alone": "ledger",
    "overview: its queries together, median": "Overview", "customers: its queries together, median": "Customers",
    "customer: its queries together, median": "Customer", "pipeline: its queries together, median": "Pipeline",
    "capacity: its queries together, median": "Capacity", "definitions: its queries together, median": "Definitions",
    "arbitrate: its queries together, median": "Arbitrate",
    "peak memory of a load": "memory of a load", "50 viewers: memory of the app at its highest": "memory of the app",
    "size of the snapshot": "snapshot",
}  # fmt: skip
"""The measures whose growth is told, each with a short name for the pictures."""

PANELS = {
    "Loading, seconds": (
        "load from CSV to published", "typed read by DuckDB alone", "ledger alone", "pandas: read, joins and ledger",
        "Polars: read, joins and ledger",
    ),
    "All queries of a page, milliseconds": tuple(name for name in GROWING if name.endswith("together, median")),
    "Memory and disk, megabytes": (
        "peak memory of a load", "size of the CSVs", "size of the snapshot", "pandas: peak memory of that",
        "Polars: peak memory of that", "50 viewers: memory of the app at its highest",
    ),
}  # fmt: skip
SHORT = {
    **GROWING, "pandas: read, joins and ledger": "pandas: read, ledger", "Polars: read, joins and ledger": "Polars: read, ledger",
    "peak memory of a load": "load", "size of the CSVs": "CSVs (disk)", "size of the snapshot": "snapshot (disk)",
    "pandas: peak memory of that": "pandas' ledger", "Polars: peak memory of that": "Polars' ledger",
    "50 viewers: memory of the app at its highest": "app, 50 viewers",
}  # fmt: skip
LIMITS = {"All queries of a page, milliseconds": 100.0}
"""What is to hold, drawn as a line."""
COLOURS = ("#1f5fbf", "#c2410c", "#0f766e", "#7c3aed", "#a16207", "#64748b", "#be185d")
Points = Sequence[tuple[float, float]]
"""Sizes with the value at each."""


def exponent(points: Points) -> float:
    """The slope of the straight line through the points, both scales logarithmic: 1 grows with the size, 0 not at all.

    Least squares. Raises ValueError for fewer than two sizes.
    """
    if len({size for size, _ in points}) < 2:
        raise ValueError("Growth needs two sizes.")
    across, up = ([math.log(point[axis]) for point in points] for axis in (0, 1))
    middle, height = sum(across) / len(across), sum(up) / len(up)
    moved = sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True))
    return moved / sum((x - middle) ** 2 for x in across)


def points_of(rows: Iterable[Row], measure: str) -> list[tuple[float, float]]:
    """A figure at every size at which it is known, the smallest first."""
    return sorted(
        (row["size"], row["value"]) for row in rows if row["measure"] == measure and row.get("size") and row["value"]
    )


def measure(rows: Sequence[Row]) -> list[Row]:
    """The exponent of every figure that was measured at two sizes or more, over all of them and over the last two."""
    grown = []
    for name, short in GROWING.items():
        points = points_of(rows, name)
        if len(points) > 1:
            last = f"{exponent(points[-2:]):.2f} from {points[-2][0]:,.0f} to {points[-1][0]:,.0f} order lines"
            note = last if len(points) > 2 else ""
            grown.append(figure(f"growth: {short}", exponent(points), "exponent", note=note))
    return grown


def draw(rows: Sequence[Row], file: Path) -> None:
    """The curves as SVG, a panel for each kind of figure, every line named at its end. Nothing where there is one size only."""
    sizes = sorted({row["size"] for row in rows if row.get("size")})
    if len(sizes) < 2:
        return
    sheet = Sheet(1560, 430, PRINT)
    sheet.box(0, 0, 1560, 430, "#ffffff")
    for place, (title, measures) in enumerate(PANELS.items()):
        lines = {SHORT[name]: points for name in measures if len(points := points_of(rows, name)) > 1}
        _Panel(sheet, 14 + place * 518, title, sizes, lines, LIMITS.get(title)).draw()
    says = f"How loading, the pages' queries and memory grow from {sizes[0]:,} to {sizes[-1]:,} order lines"
    file.write_text(sheet.svg(says) + "\n", encoding="utf-8")


class _Panel:
    """One set of curves with both scales logarithmic."""

    TOP, BOTTOM, LEFT, RIGHT, WIDE = 56.0, 380.0, 56.0, 170.0, 510.0

    def __init__(
        self, sheet: Sheet, at: float, title: str, sizes: Sequence[int], lines: dict[str, list[tuple[float, float]]],
        limit: float | None,
    ) -> None:  # fmt: skip
        self.sheet, self.at, self.title, self.sizes, self.lines, self.limit = sheet, at, title, sizes, lines, limit
        values = [value for points in lines.values() for _, value in points] + ([limit] if limit else []) or [1.0]
        self.low, self.high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))

    def x(self, size: float) -> float:
        first, last = math.log(self.sizes[0]), math.log(self.sizes[-1])
        return self.at + self.LEFT + (self.WIDE - self.LEFT - self.RIGHT) * (math.log(size) - first) / (last - first)

    def y(self, value: float) -> float:
        return self.BOTTOM - (self.BOTTOM - self.TOP) * (math.log10(value) - self.low) / max(self.high - self.low, 1)

    def draw(self) -> None:
        sheet, left, right = self.sheet, self.at + self.LEFT, self.x(self.sizes[-1])
        sheet.text(self.at, 26, self.title, is_bold=True, size=16)
        for power in range(self.low, self.high + 1):
            sheet.line([(left, self.y(10.0**power)), (right, self.y(10.0**power))], sheet.ink.grid)
            sheet.text(left - 8, self.y(10.0**power) + 4, f"{10.0**power:,.12g}", sheet.ink.quiet, anchor="end")
        for size in self.sizes:
            sheet.line([(self.x(size), self.TOP), (self.x(size), self.BOTTOM)], sheet.ink.grid)
            sheet.text(self.x(size), self.BOTTOM + 20, _counted(size), sheet.ink.quiet, anchor="middle")
        sheet.text((left + right) / 2, self.BOTTOM + 40, "order lines", sheet.ink.quiet, anchor="middle")
        if self.limit:
            sheet.line([(left, self.y(self.limit)), (right, self.y(self.limit))], sheet.ink.quiet, 1.5, is_dashed=True)
            sheet.text(left + 6, self.y(self.limit) + 15, f"to hold: {self.limit:g}", sheet.ink.quiet)
        for colour, points in zip(COLOURS, self.lines.values(), strict=False):
            sheet.line([(self.x(size), self.y(value)) for size, value in points], colour, 2.5)
            for place, value in points:
                sheet.box(self.x(place) - 3, self.y(value) - 3, 6, 6, colour)
        self._name_ends()

    def _name_ends(self) -> None:
        """A name at the end of each line, moved apart where ends meet, and kept within the panel."""
        ends = sorted(
            (self.y(points[-1][1]), self.x(points[-1][0]), name, colour, points[-1][1])
            for colour, (name, points) in zip(COLOURS, self.lines.items(), strict=False)
        )
        placed: list[float] = []
        for y, *_ in ends:
            placed.append(max(y, placed[-1] + 17 if placed else y))
        over = max(placed[-1] - self.BOTTOM, 0.0) if placed else 0.0
        for down, (_, x, name, colour, value) in zip(placed, ends, strict=True):
            self.sheet.text(x + 10, down - over + 4, f"{name} {_short(value)}", colour)


def _counted(size: int) -> str:
    return f"{size // 1_000_000:,} million" if size >= 1_000_000 else f"{size:,}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
