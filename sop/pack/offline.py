"""A pack as one HTML file to read offline: it asks nobody for anything and holds no script.

Every text is escaped; a policy in the file forbids scripts and everything from outside besides.
"""

from __future__ import annotations

from html import escape

from sop.pack import drawing
from sop.pack.parts import Chart, Facts, Figure, Pack, Page, Part, Table, or_sentence, visible

WIDTH = 1180
"""Units of a page's drawings across."""
SHORT = 12
"""Signs up to which a cell stays on one line: dates, months and numbers do."""
STYLE = """
:root { color-scheme: light dark; --ink: #0d1420; --quiet: #4e5b6e; --grid: #dfe4eb; --paper: #ffffff; --ground: #f3f5f8;
  --primary: #1b5ac8; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e8ecf2; --quiet: #a9b4c4; --grid: #303a48; --paper: #10151d;
  --ground: #1a212c; --primary: #8ab8ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.45;
  font: 16px/1.45 "Source Sans 3", "Source Sans Pro", Carlito, "Segoe UI", "Liberation Sans", Arial, "DejaVu Sans", sans-serif; }
main, nav { max-width: 78rem; margin: 0 auto; padding: 0 2rem; }
nav ol { columns: 2; padding-left: 1.2rem; color: var(--quiet); font-size: .95rem; column-gap: 3rem; }
nav a { color: var(--primary); }
section { padding: 2.2rem 0 1.2rem; border-bottom: 1px solid var(--grid); }
section.first { padding-top: 4.5rem; }
h1, h2 { margin: .1rem 0 .7rem; line-height: 1.18; letter-spacing: -.005em; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 2.5rem; } h2 { font-size: 1.7rem; } h3 { font-size: 1.05rem; margin: 0 0 .5rem; }
.question { color: var(--primary); margin: 0; } .note, .more, footer { color: var(--quiet); }
.note { margin: .2rem 0 1rem; max-width: 70rem; } .more, footer { font-size: .85rem; }
footer { margin-top: 1.1rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .8rem; margin: 0 0 1rem; }
.figures div { background: var(--ground); border-radius: 6px; padding: .7rem .9rem; }
.figures dt, .figures .change { color: var(--quiet); font-size: .9rem; }
.figures dd { margin: 0; } .figures .value { font-size: 1.5rem; font-weight: 600; }
.parts { display: grid; gap: 2rem; align-items: start; }
.parts > * { min-width: 0; overflow-x: auto; }
svg { display: block; width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th { color: var(--quiet); background: var(--ground); font-weight: 600; text-align: left; vertical-align: bottom; }
th, td { padding: .34rem .4rem; border-bottom: 1px solid var(--grid); overflow-wrap: break-word; }
.right { text-align: right; } td.right, td.short { white-space: nowrap; }
td.shaded { color: #0d1420; } td:first-child:not(.short) { min-width: 10rem; }
.says p { margin: 0 0 .7rem; overflow-wrap: anywhere; }
@media screen and (max-width: 900px) { .parts { grid-template-columns: 1fr !important; }
  nav ol { columns: 1; } main, nav { padding: 0 1rem; } }
@media print { @page { size: A4 landscape; margin: 11mm 12mm; }
  html, body { font-size: 11.5px; } main, nav { max-width: none; padding: 0; } nav { display: none; }
  section { break-after: page; break-inside: avoid; border: 0; padding: 0; } section.first { padding-top: 40mm; }
  section:last-child { break-after: auto; }
  h1 { font-size: 2.6rem; } svg { max-height: 118mm; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'none'; form-action 'none'; base-uri 'none'"


def write(pack: Pack) -> bytes:
    """The file's bytes."""
    title = _text(f"{pack.facts.company}: {pack.title}")
    contents = "".join(
        f'<li><a href="#page-{number}">{_text(page.headline)}</a></li>'
        for number, page in enumerate(pack.pages, start=2)
    )
    pages = "".join(_page(page, pack.facts, number) for number, page in enumerate(pack.pages, start=2))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><main>"
        f'{_first(pack)}</main><nav aria-label="Pages"><ol start="2">{contents}</ol></nav><main>{pages}</main></body></html>\n'
    ).encode()


def _first(pack: Pack) -> str:
    parts = "".join(_part(part, WIDTH) for part in pack.first.parts)
    return (
        f'<section class="first" id="page-1"><p class="question">{_text(pack.facts.company)} · {_text(pack.title)}</p>'
        f"<h1>{_text(pack.first.headline)}</h1>{parts}{_footer(pack.first, pack.facts, 1)}</section>"
    )


def _page(page: Page, facts: Facts, number: int) -> str:
    widths = page.widths or (1.0,) * len(page.parts)
    columns = " ".join(f"minmax(0, {width:g}fr)" for width in widths)
    parts = "".join(_part(part, WIDTH * width) for part, width in zip(page.parts, widths, strict=True))
    note = f'<p class="note">{_text(page.note)}</p>' if page.note else ""
    return (
        f'<section id="page-{number}"><p class="question">{_text(page.question)}</p><h2>{_text(page.headline)}</h2>'
        f'{_figures(page.figures)}{note}<div class="parts" style="grid-template-columns: {columns}">{parts}</div>'
        f"{_footer(page, facts, number)}</section>"
    )


def _footer(page: Page, facts: Facts, number: int) -> str:
    return f"<footer>{_text(facts.line(page))}  ·  {number}</footer>"


def _figures(figures: tuple[Figure, ...]) -> str:
    if not figures:
        return ""
    tiles = "".join(map(_figure, figures))
    return f'<dl class="figures">{tiles}</dl>'


def _figure(figure: Figure) -> str:
    change = f'<dd class="change">{_text(figure.change)}</dd>' if figure.change else ""
    return f'<div><dt>{_text(figure.label)}</dt><dd class="value">{_text(figure.value)}</dd>{change}</div>'


def _part(part: Part, width: float) -> str:
    part = or_sentence(part)
    if isinstance(part, Chart):
        return f"<div>{drawing.draw(part, width, height(part, width), drawing.SCREEN)}</div>"
    if isinstance(part, Table):
        return f"<div>{_table(part)}</div>"
    heading = f"<h3>{_text(part.heading)}</h3>" if part.heading else ""
    lines = "".join(f"<p>{_text(line)}</p>" for line in part.lines)
    return f'<div class="says">{heading}{lines}</div>'


def height(chart: Chart, width: float) -> float:
    """How tall a drawing of a width is: a row a bar, else as the screen has it."""
    if chart.kind == "bars":
        return 12 + 38 * max(len(chart.categories), 3)
    return min(max(width * 0.42, 300), 400)


def _table(part: Table) -> str:
    if not part.rows:
        return f'<p class="note">{_text(part.empty)}</p>'
    head = "".join(
        f'<th scope="col"{_right(is_right)}>{_text(name)}</th>'
        for name, is_right in zip(part.columns, part.is_right, strict=True)
    )
    body = "".join(f"<tr>{_row(part, number)}</tr>" for number in range(len(part.rows)))
    more = f'<p class="more">{_text(part.more)}</p>' if part.more else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _row(part: Table, number: int) -> str:
    cells = []
    for place, text in enumerate(part.rows[number]):
        shade = part.shades[number][place] if part.shades else ""
        of_it = {"right": part.is_right[place], "short": len(text) <= SHORT, "shaded": shade}
        kinds = [kind for kind, is_so in of_it.items() if is_so]
        joined = " ".join(kinds)
        named = f' class="{joined}"' if kinds else ""
        ground = f' style="background: {shade}"' if shade else ""
        cells.append(f"<td{named}{ground}>{_text(text)}</td>")
    return "".join(cells)


def _right(is_right: bool) -> str:
    return ' class="right"' if is_right else ""


def _text(text: str) -> str:
    """A text that shows as it stands: nothing in it becomes markup, and nothing turns what follows it."""
    return escape(visible(text))
