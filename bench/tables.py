"""The tables of the README, made from the results. What does not hold is in bold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.figures import Row
from bench.growth import GROWING
from bench.results import hold_of, number, told

PEERS = ("pandas", "Polars", "PostgreSQL")
TOGETHER = ": its queries together, median"
VIEWED = {
    "a page's queries, no answer kept, median": "median", "a page's queries, no answer kept, 95th percentile": "95th percentile",
    "a page's queries, no answer kept, 99th percentile": "99th percentile", "memory of the queries at its highest": "memory",
    "a page of the app, median": "a page of the app: median", "a page of the app, 95th percentile": "95th percentile",
    "a page of the app, 99th percentile": "99th percentile", "memory of the app at its highest": "memory",
    "errors and pages that show something else": "errors",
}  # fmt: skip
"""What is told of each number of viewers, with the heads of its columns."""


BEGIN, END = "<!-- from here on: python -m bench --readme -->", "<!-- up to here -->"


def markdown(found: Mapping[str, Any]) -> str:
    """Every table, under a sentence that names the machine."""
    rows, sizes = found["rows"], found["sizes"]
    known = {(row["measure"], row.get("size", 0)): row for row in rows}
    pages = [row["measure"].removesuffix(TOGETHER) for row in rows if row["measure"].endswith(TOGETHER)]
    of_pages = tuple(f"{page}: " for page in dict.fromkeys(pages))
    viewers = [
        who for who in dict.fromkeys(row["measure"].split(":")[0] for row in rows) if re.fullmatch(r"\d+ viewers?", who)
    ]
    others = [row for row in rows if not row["measure"].startswith((*of_pages, "growth: "))]
    viewed = {f"{who}: {what}" for who in viewers for what in VIEWED}
    sized = dict.fromkeys(row["measure"] for row in others if row.get("size") and row["measure"] not in viewed)
    parts = [
        told(found),
        _of_loading(list(sized), sizes, known),
        _of_pages(list(dict.fromkeys(pages)), sizes, known),
        _of_viewers(viewers, sizes[-1], known),
        _table(
            ["measured once", "", "to hold"],
            ([row["measure"], cell(row), hold_of(row)] for row in others if not row.get("size")),
        ),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def fill(readme: Path, found: Mapping[str, Any]) -> None:
    """Put the tables into the README, between the marks that stand there for them. Raises ValueError where they do not."""
    text = readme.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{readme.name} does not have the marks {BEGIN} and {END}.")
    readme.write_text(f"{before}{BEGIN}\n{markdown(found)}{END}{after}", encoding="utf-8")


Known = Mapping[tuple[str, int], Row]
"""Every figure by its measure and size, 0 where it has none."""


def _of_loading(measures: Sequence[str], sizes: Sequence[int], known: Known) -> str:
    """A row for each figure that is not of a page or of viewers, with a column for each size."""
    lines = []
    for measure in measures:
        cells = [cell(known.get((measure, size))) for size in sizes]
        hold = next(
            (hold_of(row) for size in reversed(sizes) if (row := known.get((measure, size))) and hold_of(row)), ""
        )
        lines.append([measure, *cells, _growth(measure, known), hold])
    return _table(["measure", *map(size_of, sizes), "growth", "to hold"], lines)


def _of_pages(pages: Sequence[str], sizes: Sequence[int], known: Known) -> str:
    """A row for each page: its queries at each size; at the largest one against the limit and the peers."""
    largest = sizes[-1] if sizes else 0
    most = next((measure for measure, _ in known if "queries with" in measure and "95th" in measure), "").partition(
        "with "
    )[2]
    lines = []
    for page in pages:
        together = f"{page}{TOGETHER}"
        whole = [
            f"{page}: its queries / a scan of the columns that they read",
            *(f"{page}: its queries by {peer} / by us" for peer in PEERS),
        ]
        slowest = ["", *(f"{page}: its slowest query by {peer} / by us" for peer in PEERS)]
        against = [
            ", ".join(text for one in pair if (text := cell(known.get((one, largest)))))
            for pair in zip(whole, slowest, strict=True)
        ]
        views = cell(known.get((f"{page}: its slowest query / the same on views", largest)))
        crowd = cell(known.get((f"{page}: its queries with {most}", largest)))
        ours = [cell(known.get((together, size))) for size in sizes]
        lines.append([page.capitalize(), *ours, _growth(together, known), crowd, against[0], views, *against[1:]])
    heads = [f"all queries of, {size_of(size)}" if place == 0 else size_of(size) for place, size in enumerate(sizes)]
    crowd_head = most.replace(", ", ": ")
    return _table(
        ["page", *heads, "growth", crowd_head, "/ scan", "slowest / on views", *(f"{peer} / ours" for peer in PEERS)],
        lines,
    )


def _of_viewers(viewers: Iterable[str], size: int, known: Known) -> str:
    """A row for each number of viewers of the largest company."""
    lines = [[who, *(cell(known.get((f"{who}: {what}", size))) for what in VIEWED)] for who in viewers]
    return _table([f"{size_of(size)} order lines: a page's queries for", *VIEWED.values()], lines)


def _growth(measure: str, known: Known) -> str:
    row = known.get((f"growth: {GROWING.get(measure, '')}", 0))
    return f"{row['value']:.2f}".replace("-0.00", "0.00") if row else ""


def _table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    shown = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([f"| {' | '.join(heads)} |", f"| --- |{' ---: |' * (len(heads) - 1)}", *shown]) if shown else ""


def size_of(size: int) -> str:
    """A number of order lines in words."""
    return f"{size // 1_000_000} million" if size >= 1_000_000 else f"{size:,}"


def cell(row: Row | None) -> str:
    """A figure with its unit; nothing where it was not measured."""
    if row is None:
        return ""
    if row["value"] is None:
        return "could not be measured"
    text = f"{number(row['value'])} {row['unit']}".strip()
    return f"**{text}**" if row.get("held") is False else text
