"""A pack as PDF, set by typst: the template pack.typ beside this file and the pack as data, no browser and no network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sop.errors import SopError
from sop.pack import drawing
from sop.pack.parts import Chart, Pack, Page, Part, Table, fitting_size, or_sentence, shares, visible

POINTS = 0.762
"""Points on paper of one unit of a drawing: 269 mm across."""
TEMPLATE = Path(__file__).with_name("pack.typ")
WIDTH = 1000
"""Units of a page's drawings across; the paper's width makes their letters about as large as those beside them."""


def write(pack: Pack) -> bytes:
    """The file's bytes. Raises SopError where typst cannot set it."""
    return compiled(pack, "pdf")


def compiled(pack: Pack, form: str, **options: Any) -> bytes:
    """What typst makes of it: one file as bytes (for PNG a list of them, a page each). Raises SopError where it cannot."""
    import typst

    data = json.dumps(_data(pack), ensure_ascii=False)
    try:
        compile_: Any = typst.compile  # its types know no options in a dict
        made: bytes = compile_(TEMPLATE, root=TEMPLATE.parent, format=form, sys_inputs={"pack": data}, **options)
    except (typst.TypstError, RuntimeError) as trouble:
        raise SopError(f"The PDF could not be set: {str(trouble).splitlines()[0]}.") from None
    return made


def _data(pack: Pack) -> dict[str, Any]:
    """Everything that the template writes, as texts and numbers."""
    pages = [_page(page, pack.facts.line(page)) for page in (pack.first, *pack.pages)]
    pages[0]["question"] = visible(f"{pack.facts.company}  ·  {pack.title}")
    return {
        "title": visible(f"{pack.facts.company}: {pack.title}"),
        "company": visible(pack.facts.company),
        "pages": pages,
    }


def _page(page: Page, footer: str) -> dict[str, Any]:
    widths = page.widths or (1.0,) * len(page.parts)
    return {
        "headline": visible(page.headline),
        "question": visible(page.question),
        "note": visible(page.note),
        "footer": visible(footer),
        "widths": list(widths),
        "figures": [
            {"label": visible(figure.label), "value": visible(figure.value), "change": visible(figure.change)}
            for figure in page.figures
        ],
        "parts": [_part(part, WIDTH * width) for part, width in zip(page.parts, widths, strict=True)],
    }


def _part(part: Part, width: float) -> dict[str, Any]:
    part = or_sentence(part)
    if isinstance(part, Chart):
        return {"kind": "chart", "says": visible(part.says), "svg": _drawn(part, width)}
    if isinstance(part, Table):
        return _table(part, width)
    return {"kind": "sentences", "heading": visible(part.heading), "lines": [visible(line) for line in part.lines]}


def _drawn(part: Chart, width: float) -> str:
    tall = min(16 + 52 * max(len(part.categories), 3), 480) if part.kind == "bars" else 430 if width > 700 else 400
    return drawing.draw(part, width, tall)


def _table(part: Table, width: float) -> dict[str, Any]:
    shades = part.shades or tuple(("",) * len(part.columns) for _ in part.rows)
    return {
        "kind": "table",
        "columns": [visible(name) for name in part.columns],
        "right": list(part.is_right),
        "shares": shares(part),
        "size": fitting_size(part, width * POINTS, sign=0.6, most=10.5),
        "rows": [
            [{"text": visible(text), "shade": shade} for text, shade in zip(row, own, strict=True)]
            for row, own in zip(part.rows, shades, strict=True)
        ],
        "more": visible(part.more),
        "empty": visible(part.empty),
    }
