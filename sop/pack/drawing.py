"""Charts of a pack as SVG, for the PDF and the page to read offline: drawn here, so that neither needs a browser."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from sop import words
from sop.pack.parts import Chart, Series, cut, visible

FONT = "Source Sans 3, Source Sans Pro, Carlito, Liberation Sans, Arial, DejaVu Sans, sans-serif"
SIGN = 0.59
"""How wide a sign is on average, against the size of the letters."""
Place = Callable[[Any], float]
"""Where a category or a value stands in the drawing."""
SIZE = 13
"""Letters, in the units of the drawing."""


@dataclass(frozen=True)
class Ink:
    """The colours of what is written and of the grid: the print has its own, a page those of the reader's appearance."""

    text: str = "#0d1420"
    quiet: str = "#4e5b6e"
    grid: str = "#dfe4eb"


PRINT = Ink()
SCREEN = Ink("var(--ink)", "var(--quiet)", "var(--grid)")


class Sheet:
    """A drawing of a size, to which elements are added from back to front."""

    def __init__(self, width: float, height: float, ink: Ink) -> None:
        self.width, self.height, self.ink = width, height, ink
        self._elements: list[str] = []

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled box."""
        self._elements.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" fill="{colour}"/>'
        )

    def line(
        self, points: Sequence[tuple[float, float]], colour: str, width: float = 1, *, is_dashed: bool = False
    ) -> None:
        """A line through points."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashes = ' stroke-dasharray="6 5"' if is_dashed else ""
        self._elements.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round"{dashes}/>'
        )

    def text(self, x: float, y: float, text: str, colour: str = "", *, anchor: str = "start", size: float = SIZE,
             is_bold: bool = False) -> None:  # fmt: skip
        """A text on its base line; whatever is in it is shown as it stands."""
        weight = ' font-weight="600"' if is_bold else ""
        self._elements.append(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour or self.ink.text}" font-size="{size:g}"{weight}'
            f' text-anchor="{anchor}">{escape(visible(text))}</text>'
        )

    def svg(self, says: str) -> str:
        """The drawing, with what it shows for who cannot see it."""
        said, drawn = escape(visible(says)), "".join(self._elements)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" role="img"'
            f' aria-label="{said}" font-family="{FONT}"><title>{said}</title>{drawn}</svg>'
        )


def draw(chart: Chart, width: float, height: float, ink: Ink = PRINT) -> str:
    """The chart as SVG of this size."""
    sheet = Sheet(width, height, ink)
    {"lines": _lines, "bars": _bars, "columns": _columns, "steps": _columns}[chart.kind](sheet, chart)
    return sheet.svg(chart.says)


def _lines(sheet: Sheet, chart: Chart) -> None:
    known = [value for series in chart.series for value in series.values if value is not None]
    low = max(0.0, math.floor(min(known, default=0.0) * 10 - 0.3) / 10)
    lasts = [(series, _last(series)) for series in chart.series]
    ends = [f"{series.name} {words.percent(last)}" for series, last in lasts if last is not None]
    left, right, top, bottom = 48.0, max(map(_wide, ends), default=60) + 24, 12.0, 30.0
    across, down = sheet.width - left - right, sheet.height - top - bottom

    def x(place: int) -> float:
        return left + across * (place + 0.5) / max(len(chart.categories), 1)

    def y(value: float) -> float:
        return top + down * (1 - (value - low) / (1.02 - low))

    step = 0.1 if 1 - low <= 0.6 else 0.2
    for tick in range(int((1 - low) / step + 1.001)):
        value = low + tick * step
        sheet.line([(left, y(value)), (left + across, y(value))], sheet.ink.grid)
        sheet.text(left - 8, y(value) + 4, f"{value:.0%}", sheet.ink.quiet, anchor="end", size=12)
    _name_months(sheet, chart.categories, x, sheet.height - 10, across)
    for series in chart.series:
        width = 4 if series.name == "to first promise" else 2
        for run in _runs(series.values):
            points = [(x(place), y(series.values[place] or 0.0)) for place in run]
            sheet.line(points, series.colour, width, is_dashed=series.shape == "dashes")
    placed: list[float] = []
    for series, last in sorted(lasts, key=lambda end: -(end[1] or 0.0)):
        if last is not None:
            placed.append(max(y(last), placed[-1] + 17 if placed else 0.0))
            bold = series.name == "to first promise"
            colour = sheet.ink.quiet if series.shape == "dashes" else sheet.ink.text
            sheet.box(left + across + 6, placed[-1] - 5, 9, 9, series.colour)
            sheet.text(left + across + 20, placed[-1] + 4, f"{series.name} {words.percent(last)}", colour, is_bold=bold)


def _last(series: Series) -> float | None:
    known = [value for value in series.values if value is not None]
    return known[-1] if known else None


def _runs(values: Sequence[float | None]) -> list[list[int]]:
    """The places of values in runs without a gap: a line is not drawn over what is not known."""
    runs: list[list[int]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return [run for run in runs if run]


def _bars(sheet: Sheet, chart: Chart) -> None:
    left = min(max(map(_wide, chart.categories), default=40) + 14, sheet.width * 0.46)
    labels = chart.series[0].labels or tuple(_of_two(chart, place) for place in range(len(chart.categories)))
    room = max(map(_wide, labels), default=0) + 16
    most = max((value for series in chart.series for value in series.values if value), default=1.0)
    across = max(sheet.width - left - room, 30)
    row = min((sheet.height - 8) / max(len(chart.categories), 1), 52)
    for place, name in enumerate(chart.categories):
        middle = 4 + row * (place + 0.5)
        sheet.text(left - 10, middle + 4.5, _cut(name, left - 14), anchor="end")
        longest = 0.0
        for depth, series in enumerate(reversed(chart.series)):
            long = across * (series.values[place] or 0.0) / most
            thick = row * (0.66 if depth == 0 else 0.38)
            sheet.box(left, middle - thick / 2, long, thick, series.colours[place] if series.colours else series.colour)
            longest = max(longest, long)
        sheet.text(left + longest + 8, middle + 4.5, labels[place])


def _of_two(chart: Chart, place: int) -> str:
    """What stands at a bar with another one behind it: its value, and the other's where it is more."""
    front, *behind = (series.values[place] or 0.0 for series in chart.series)
    more = f", evidence in {words.whole(behind[0])}" if behind and behind[0] > front else ""
    return f"{words.whole(front)}{more}"


def _columns(sheet: Sheet, chart: Chart) -> None:
    left, bottom = 54.0, 30.0 if chart.kind == "columns" else 46.0
    right = max(
        8.0, 34.0 - (sheet.width - left) / max(len(chart.categories), 1) / 2
    )  # the last month's name needs room
    top = 34.0 + 18.0 * (_key(sheet, chart) - 1) if chart.is_key_shown else 26.0
    across, down = sheet.width - left - right, sheet.height - top - bottom
    low, high, step = _reach(chart)
    wide = across / max(len(chart.categories), 1)

    def x(place: int) -> float:
        return left + wide * (place + 0.5)

    def y(value: float) -> float:
        return top + down * (1 - (value - low) / (high - low))

    value = low
    while value <= high + step / 100:
        sheet.line([(left, y(value)), (left + across, y(value))], sheet.ink.grid)
        sheet.text(left - 8, y(value) + 4, _short(value), sheet.ink.quiet, anchor="end", size=12)
        value += step
    if not chart.is_key_shown:
        sheet.text(2, 12, chart.unit, sheet.ink.quiet, size=12)
    for place in range(len(chart.categories)):
        _stack(sheet, chart, place, x(place) - wide * 0.34, wide * 0.68, y)
    for series in chart.series:
        if series.shape == "line":
            for run in _runs(series.values):
                points = [(x(one), y(series.values[one] or 0.0)) for one in run]
                sheet.line(points if len(points) > 1 else [(points[0][0] - 8, points[0][1]), (points[0][0] + 8, points[0][1])],
                           series.colour, 3)  # fmt: skip
    if chart.kind == "steps":
        _name_steps(sheet, chart.categories, x, wide)
    else:
        _name_months(sheet, chart.categories, x, sheet.height - 10, across)


def _stack(sheet: Sheet, chart: Chart, place: int, left: float, wide: float, y: Place) -> None:
    """The bars of one category on each other, those below zero hanging from it; labels of a bridge above its step."""
    above, below = 0.0, 0.0
    for series in chart.series:
        value = series.values[place] or 0.0
        if series.shape not in ("bar", "ground"):
            continue
        start = above if value >= 0 else below
        if series.shape == "bar" and value:
            colour = series.colours[place] if series.colours else series.colour
            sheet.box(left, min(y(start), y(start + value)), wide, abs(y(start) - y(start + value)), colour)
        if value >= 0:
            above += value
        else:
            below += value
    for series in chart.series:
        if series.labels:
            sheet.text(left + wide / 2, y(above) - 5, series.labels[place], anchor="middle", size=12)


def _reach(chart: Chart) -> tuple[float, float, float]:
    """From where to where the axis goes and its step: round numbers around everything that is drawn."""
    above, below = [0.0], [0.0]
    for place in range(len(chart.categories)):
        stacked = [series.values[place] or 0.0 for series in chart.series if series.shape in ("bar", "ground")]
        lines = [series.values[place] or 0.0 for series in chart.series if series.shape == "line"]
        above += [sum(value for value in stacked if value > 0), *lines]
        below += [sum(value for value in stacked if value < 0), *lines]
    low, high = min(below), max(above) * 1.06
    rough = (high - low) / 5 or 1.0
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * part for part in (1, 2, 2.5, 5, 10) if size * part >= rough)
    return math.floor(low / step) * step, max(math.ceil(high / step) * step, step), step


def _key(sheet: Sheet, chart: Chart) -> int:
    """Name the unit and the colours above the picture, in as many lines as they take; return how many."""
    place, line = 2.0, 0
    for name, colour in [(chart.unit, ""), *((series.name, series.colour) for series in chart.series)]:
        wide = _wide(name) + (30 if colour else 16)
        if place + wide > sheet.width and place > 2:
            place, line = 2.0, line + 1
        y = 14 + 18 * line
        if colour:
            sheet.box(place, y - 9, 10, 10, colour)
        sheet.text(place + (15 if colour else 0), y, name, "" if colour else sheet.ink.quiet, size=12)
        place += wide
    return line + 1


def _name_months(sheet: Sheet, names: Sequence[str], x: Place, y: float, across: float) -> None:
    every = max(1, math.ceil(len(names) * 62 / max(across, 1)))
    for place in range(len(names) - 1, -1, -every):
        sheet.text(x(place), y, names[place], sheet.ink.quiet, anchor="middle", size=12)


def _name_steps(sheet: Sheet, names: Sequence[str], x: Place, wide: float) -> None:
    """A step's name under its bar, in as many lines as its words need."""
    longest = max((len(word) for name in names for word in name.split()), default=1)
    size = min(10.5, wide * 0.96 / (longest * SIGN))
    for place, name in enumerate(names):
        lines: list[str] = []
        for word in name.split():
            if lines and _wide(f"{lines[-1]} {word}", size) <= wide * 0.92:
                lines[-1] = f"{lines[-1]} {word}"
            else:
                lines.append(word)
        for number, line in enumerate(lines[:3]):
            sheet.text(x(place), sheet.height - 34 + 12 * number, line, sheet.ink.quiet, anchor="middle", size=size)


def _short(value: float) -> str:
    for unit, size in (("bn", 1e9), ("m", 1e6), ("k", 1e3)):
        if abs(value) >= size:
            return f"{value / size:g} {unit}"
    return f"{value:g}"


def _wide(text: str, size: float = SIZE) -> float:
    return len(text) * size * SIGN


def _cut(text: str, room: float) -> str:
    most = max(int(room / (SIZE * SIGN * 0.95)), 4)
    return cut(text, most)
