"""What a pack is made of, before it is a file: pages with a finding, figures, charts, tables and sentences.

Every part keeps the name of the query that answers it. A value is always the query's own; only its writing differs from file
to file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from sop import cells, words

Kind = Literal["lines", "bars", "columns", "steps"]
Shape = Literal["bar", "line", "dashes", "ground"]


@dataclass(frozen=True)
class Series:
    """One series of a chart: a value a category, None where there is none; colours are #rrggbb.

    A `ground` is not seen: the steps of a bridge stand on it.
    """

    name: str
    values: tuple[float | None, ...]
    colour: str
    shape: Shape = "bar"
    labels: tuple[str, ...] = ()
    """What stands at each bar, where it is more than its value."""
    colours: tuple[str, ...] = ()
    """A colour a bar, where they differ."""


@dataclass(frozen=True)
class Chart:
    """A chart as figures. `kind`: lines over months, bars lying, columns stacked (with lines over them), or a bridge of steps."""

    kind: Kind
    says: str
    """What it shows, for who cannot see it."""
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    source: str
    unit: str = ""
    is_rate: bool = False
    is_key_shown: bool = True


@dataclass(frozen=True)
class Table:
    """A table in words: a row a row of the answer, as many as are shown; `more` says how many are not."""

    columns: tuple[str, ...]
    is_right: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str
    more: str = ""
    empty: str = "There is nothing to show."
    shades: tuple[tuple[str, ...], ...] = ()
    """A ground a cell, '' for none."""
    weights: tuple[float, ...] = ()
    """How wide each column is against the others; by the longest text unless given."""


@dataclass(frozen=True)
class Sentences:
    """Some sentences, each a paragraph; a heading above where there is one."""

    lines: tuple[str, ...]
    heading: str = ""


Part = Chart | Table | Sentences
LONGEST_CELL = 80
"""Signs of a cell in a table of a page; the workbook has it whole."""
NO_RATE = "no rate on this page"
"""What stands for the rung where no rate is shown."""


def or_sentence(part: Part) -> Part:
    """The part, or a sentence instead of a chart that would have nothing in it."""
    if isinstance(part, Chart) and not part.categories:
        return Sentences((f"{part.says}: there is nothing to show.",))
    return part


@dataclass(frozen=True)
class Figure:
    """A headline figure: what it is, its value in words, its change on the month before."""

    label: str
    value: str
    change: str = ""


@dataclass(frozen=True)
class Page:
    """One page: its finding as the headline, its question, headline figures, and parts side by side (`widths` their shares)."""

    headline: str
    question: str
    parts: tuple[Part, ...] = ()
    widths: tuple[float, ...] = ()
    figures: tuple[Figure, ...] = ()
    note: str = ""
    rung: str = ""
    """The reading of 'kept' that its rates have, where it is not the one of the pack."""
    is_absent: bool = False
    """True where it only says why its question cannot be answered yet."""


def absent(headline: str, question: str, why: str) -> Page:
    """A page that only says why its question cannot be answered yet."""
    return Page(headline, question, (Sentences((why,)),), (1.0,), is_absent=True)


def without_absent(pages: Sequence[Page]) -> list[Page]:
    """The pages that show something, and the questions of the others together on one before the last, so that none is empty."""
    shown, missing = [page for page in pages if not page.is_absent], [page for page in pages if page.is_absent]
    if not missing:
        return shown
    said = tuple(
        f"{page.question} {page.headline}. {line}"
        for page in missing
        for part in page.parts
        if isinstance(part, Sentences)
        for line in part.lines
    )
    number = words.counted(len(missing), "question")
    gathered = Page(
        f"Not to be answered yet: {number}", "What can this pack not say?", (Sentences(said),), (1.0,), rung=NO_RATE
    )
    return [*shown[:-1], gathered, *shown[-1:]]


@dataclass(frozen=True)
class Facts:
    """What every page names: whose figures, of which snapshot, day and month, for whom, and on which rung."""

    company: str
    snapshot: str
    published: str
    as_of: str
    month: str
    filters: str
    rung: str
    currency: str

    def line(self, page: Page) -> str:
        """The footer of a page."""
        rung = page.rung or self.rung
        return f"{self.company}  ·  Snapshot {self.snapshot}, as of {self.as_of}  ·  {self.month}  ·  {self.filters}  ·  {rung}"


@dataclass(frozen=True)
class Answer:
    """One question that was asked for the pack, and the whole of its answer."""

    name: str
    given: Mapping[str, Any]
    frame: pd.DataFrame = field(compare=False)


@dataclass(frozen=True)
class Pack:
    """The whole of it: a first page, the pages after it, and every answer behind them."""

    facts: Facts
    title: str
    first: Page
    pages: tuple[Page, ...]
    answers: tuple[Answer, ...]


def table(
    frame: pd.DataFrame,
    columns: Sequence[str],
    source: str,
    currency: str,
    *,
    most: int = 12,
    empty: str = "There is nothing to show.",
    labels: Mapping[str, str] | None = None,
) -> Table:
    """The first rows of an answer, some of its columns, labelled and written as on the pages."""
    shown = frame.head(most)
    rows = tuple(
        tuple(
            cut(visible(cells.in_words(column, value)), LONGEST_CELL)
            for column, value in zip(columns, row, strict=True)
        )
        for row in shown[list(columns)].itertuples(index=False)
    )
    more = (
        f"The first {most} of {words.number(len(frame))} rows; the workbook holds them all."
        if len(frame) > most
        else ""
    )
    named = {**{column: words.label(column, currency) for column in columns}, **(labels or {})}
    return Table(
        tuple(named[column] for column in columns), tuple(cells.is_number(column) for column in columns), rows, source, more,
        empty,
    )  # fmt: skip


def shares(part: Table) -> list[float]:
    """How much of the width each column takes: by its longest text, within bounds, unless the table says so itself."""
    weights = part.weights or _signs(part)
    return [weight / sum(weights) for weight in weights]


def fitting_size(part: Table, width: float, *, sign: float, most: float, least: float = 7.5) -> float:
    """The size of letters at which a table's rows stay on one line, both in points; `sign` is how wide a letter is of that."""
    return max(least, min(most, round(width / sum(_signs(part)) / sign * 2) / 2))


def _signs(part: Table) -> tuple[float, ...]:
    return tuple(
        min(max(max((len(row[place]) for row in part.rows), default=0), _longest_word(name), 4), 32) + 2.2
        for place, name in enumerate(part.columns)
    )


def _longest_word(text: str) -> int:
    return max((len(word) for word in text.split()), default=0)


def cut(text: str, most: int) -> str:
    """A text of `most` signs at the most, with a mark where something was left out."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def visible(text: str) -> str:
    """A text on one line without the signs that take no room, turn the direction of what follows, or that no file may hold."""
    shown = words.UNSEEN.sub("", text)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in shown).split())
