"""A pack as PowerPoint: one slide a page, with native charts and tables that can be edited."""

from __future__ import annotations

import io
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from sop.pack import powerpoint_charts
from sop.pack.parts import (
    Chart,
    Facts,
    Figure,
    Pack,
    Page,
    Sentences,
    Table,
    fitting_size,
    or_sentence,
    shares,
    visible,
)
from sop.pack.powerpoint_charts import FONT, GRID, INK, MUTED

PRIMARY, GROUND = RGBColor(0x1D, 0x5F, 0xD1), RGBColor(0xF3, 0xF5, 0xF8)
WIDTH, HEIGHT = 13.333, 7.5
LEFT, RIGHT, BOTTOM, GAP = 0.55, 12.78, 6.82, 0.3
"""Inches: the margins within which everything stands, and the room between two parts."""
SIZES = {26: 95, 22: 130, 16: 260, 11: 700}
"""The size of a headline's letters, and the signs up to which two or three lines of them are enough."""
ONE_LINE = 58
"""Signs of a headline that surely stay on one line."""
LONGEST_NOTE = 150
"""Signs that fit on a line of a note."""


def write(pack: Pack) -> bytes:
    """The file's bytes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _say_what_it_is(deck, pack)
    _first_slide(deck, pack)
    for number, page in enumerate(pack.pages, start=2):
        _slide(deck, page, pack.facts, number)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _say_what_it_is(deck: Any, pack: Pack) -> None:
    known = deck.core_properties
    known.title, known.author = visible(f"{pack.facts.company}: {pack.title}"), visible(pack.facts.company)
    known.subject = f"Snapshot {pack.facts.snapshot}, as of {pack.facts.as_of}"
    known.last_modified_by, known.keywords, known.comments = "", "", ""


def _new(deck: Any, headline: str, box: tuple[float, float, float, float], size: int) -> Any:
    """A slide whose title, which the outline shows, is the headline."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = (Inches(value) for value in box)
    title.text_frame.word_wrap = True
    title.text_frame.vertical_anchor = MSO_ANCHOR.TOP
    _write_in(title.text_frame, [headline], size, INK, is_bold=True)
    return slide


def _first_slide(deck: Any, pack: Pack) -> None:
    slide = _new(deck, pack.first.headline, (LEFT, 2.35, 12.0, 1.5), 40)
    bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(LEFT + 0.1), Inches(1.15), Inches(0.9), Inches(0.09))
    bar.fill.solid()
    bar.fill.fore_color.rgb = PRIMARY
    bar.line.fill.background()
    _text(slide, [f"{pack.facts.company}  ·  {pack.title}"], (LEFT, 1.45, 12.0, 0.6), 20, MUTED)
    lines = [line for part in pack.first.parts if isinstance(part, Sentences) for line in part.lines]
    _text(slide, lines, (LEFT, 4.2, 12.0, 1.8), 14, MUTED, after=5)
    _footer(slide, pack.first, pack.facts, 1)


def _slide(deck: Any, page: Page, facts: Facts, number: int) -> None:
    size = next((size for size, most in SIZES.items() if len(page.headline) <= most), 9)
    slide = _new(deck, page.headline, (LEFT, 0.55, RIGHT - LEFT, 0.95), size)
    _text(slide, [page.question], (LEFT, 0.26, RIGHT - LEFT, 0.34), 12, PRIMARY)
    top = 1.5 if len(page.headline) > ONE_LINE else 1.18
    if page.figures:
        _figures(slide, page.figures, top)
        top += 1.08
    if page.note:
        height = 0.3 if len(page.note) <= LONGEST_NOTE else 0.52
        _text(slide, [page.note], (LEFT, top, RIGHT - LEFT, height), 12, MUTED)
        top += height + 0.08
    left = LEFT
    whole = RIGHT - LEFT - GAP * (len(page.parts) - 1)
    for part, share in zip(page.parts, page.widths or (1.0,) * len(page.parts), strict=True):
        _part(slide, or_sentence(part), (left, top, whole * share, BOTTOM - top))
        left += whole * share + GAP
    _footer(slide, page, facts, number)


def _part(slide: Any, part: Chart | Table | Sentences, box: tuple[float, float, float, float]) -> None:
    if isinstance(part, Chart):
        left, top, width, height = (Inches(value) for value in box)
        powerpoint_charts.add(slide, part, (left, top, width, height))
    elif isinstance(part, Table):
        _table(slide, part, box)
    else:
        _sentences(slide, part, box)


def _sentences(slide: Any, part: Sentences, box: tuple[float, float, float, float]) -> None:
    left, top, width, height = box
    if part.heading:
        _text(slide, [part.heading], (left, top, width, 0.36), 14, INK, is_bold=True)
        top, height = top + 0.42, height - 0.42
    signs = sum(len(line) for line in part.lines)
    size = 14 if signs < 100 * width else 12 if signs < 190 * width else 11
    _text(slide, list(part.lines), (left, top, width, height), size, INK, after=7)


def _figures(slide: Any, figures: tuple[Figure, ...], top: float) -> None:
    """Headline figures as tiles side by side."""
    width = (RIGHT - LEFT - 0.16 * (len(figures) - 1)) / len(figures)
    for place, figure in enumerate(figures):
        left = LEFT + place * (width + 0.16)
        tile = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(left), Inches(top), Inches(width), Inches(0.95))
        tile.fill.solid()
        tile.fill.fore_color.rgb = GROUND
        tile.line.fill.background()
        tile.shadow.inherit = False
        frame = tile.text_frame
        frame.margin_left = frame.margin_right = Inches(0.12)
        frame.margin_top = frame.margin_bottom = Inches(0.05)
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        _write_in(frame, [figure.label], 11, MUTED)
        _add_line(frame, figure.value, 20, INK, is_bold=True)
        if figure.change:
            _add_line(frame, figure.change, 11, MUTED)


def _table(slide: Any, part: Table, box: tuple[float, float, float, float]) -> None:
    left, top, width, height = box
    if not part.rows:
        _text(slide, [part.empty], (left, top, width, 0.4), 14, MUTED)
        return
    room = height - (0.32 if part.more else 0.0)
    line = min(0.36, room / (len(part.rows) + 1.5))
    rows, columns = len(part.rows) + 1, len(part.columns)
    frame = slide.shapes.add_table(
        rows, columns, Inches(left), Inches(top), Inches(width), Emu(int(Inches(line) * (rows + 0.5)))
    )
    frame.name = f"Table: {part.source}"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"Table with {len(part.rows)} rows: {', '.join(part.columns)}")
    grid = frame.table
    grid.horz_banding = False
    for place, share in enumerate(shares(part)):
        grid.columns[place].width = Emu(int(Inches(width) * share))
    size = fitting_size(part, width * 72, sign=0.53, most=min(12.0, line * 36))
    grid.rows[0].height = Emu(int(Inches(line) * 1.5))
    for place, name in enumerate(part.columns):
        _cell(grid.cell(0, place), name, size, MUTED, part.is_right[place], is_bold=True, ground=GROUND)
    for number, row in enumerate(part.rows, start=1):
        grid.rows[number].height = Inches(line)
        for place, text in enumerate(row):
            shade = part.shades[number - 1][place] if part.shades else ""
            ground = RGBColor.from_string(shade.lstrip("#").upper()) if shade else RGBColor(0xFF, 0xFF, 0xFF)
            _cell(grid.cell(number, place), text, size, INK, part.is_right[place], ground=ground)
    if part.more:
        _text(slide, [part.more], (left, BOTTOM - 0.26, width, 0.28), 10, MUTED)


def _cell(cell: Any, text: str, size: float, colour: RGBColor, is_right: bool, *, is_bold: bool = False,
          ground: RGBColor) -> None:  # fmt: skip
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.margin_top = cell.margin_bottom = Inches(0.015)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = ground
    _write_in(cell.text_frame, [text], size, colour, is_bold=is_bold)
    if is_right:
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _footer(slide: Any, page: Page, facts: Facts, number: int) -> None:
    line = slide.shapes.add_connector(1, Inches(LEFT), Inches(6.95), Inches(RIGHT), Inches(6.95))
    line.line.color.rgb = GRID
    line.line.width = Pt(0.75)
    _text(slide, [facts.line(page)], (LEFT, 7.0, 11.4, 0.3), 9, MUTED)
    box = _text(slide, [f"{number}"], (12.0, 7.0, RIGHT - 12.0, 0.3), 9, MUTED)
    box.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _text(
    slide: Any, lines: list[str], box: tuple[float, float, float, float], size: float, colour: RGBColor, *,
    is_bold: bool = False, after: float = 0,
) -> Any:  # fmt: skip
    shape = slide.shapes.add_textbox(*(Inches(value) for value in box))
    shape.text_frame.word_wrap = True
    _write_in(shape.text_frame, lines, size, colour, is_bold=is_bold, after=after)
    return shape


def _write_in(
    frame: Any, lines: list[str], size: float, colour: RGBColor, *, is_bold: bool = False, after: float = 0
) -> None:
    frame.clear()
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        _run(paragraph, line, size, colour, is_bold=is_bold)
        paragraph.space_after = Pt(after)


def _add_line(frame: Any, line: str, size: float, colour: RGBColor, *, is_bold: bool = False) -> None:
    _run(frame.add_paragraph(), line, size, colour, is_bold=is_bold)


def _run(paragraph: Any, text: str, size: float, colour: RGBColor, *, is_bold: bool) -> None:
    """Names come from strangers: written as plain text, on one line, never as a link or a field."""
    paragraph.alignment = PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = visible(text)
    run.font.size, run.font.bold, run.font.name, run.font.color.rgb = Pt(size), is_bold, FONT, colour
