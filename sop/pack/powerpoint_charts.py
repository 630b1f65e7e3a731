"""Charts of a pack as native PowerPoint charts: their figures can be opened and edited, nothing is a picture."""

from __future__ import annotations

import copy
import io
from typing import Any

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from sop.pack.parts import Chart, Series, visible

INK, MUTED, GRID = RGBColor(0x0D, 0x14, 0x20), RGBColor(0x4E, 0x5B, 0x6E), RGBColor(0xDF, 0xE4, 0xEB)
FONT = "Arial"
RATE, WHOLE = "0%", "#,##0"
TYPES = {
    "lines": XL_CHART_TYPE.LINE,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "columns": XL_CHART_TYPE.COLUMN_STACKED,
    "steps": XL_CHART_TYPE.COLUMN_STACKED,
}


def add(slide: Any, chart: Chart, place: tuple[Any, Any, Any, Any]) -> None:
    """Draw a chart at (left, top, width, height) of a slide, with its figures in the workbook that PowerPoint opens behind it."""
    data = CategoryChartData(number_format=RATE if chart.is_rate else WHOLE)
    data.categories = [visible(name) for name in chart.categories]
    for series in chart.series:
        data.add_series(series.name, series.values)
    frame = slide.shapes.add_chart(TYPES[chart.kind], *place, data)
    frame.name = chart.says
    frame._element.nvGraphicFramePr.cNvPr.set("descr", chart.says)
    drawn = frame.chart
    drawn.part.chart_workbook.update_from_xlsx_blob(_behind(chart))
    drawn.font.size, drawn.font.name, drawn.font.color.rgb = Pt(11), FONT, MUTED
    drawn.has_title = False
    _style_axes(drawn, chart)
    for series, shape in zip(drawn.plots[0].series, chart.series, strict=True):
        _style(series, shape, chart)
    _say_names(drawn, chart)
    plot = drawn.plots[0]
    if chart.kind in ("bars", "columns", "steps"):
        plot.gap_width = 45
    if chart.kind in ("columns", "steps"):
        _lay_lines_over(drawn, chart)


def _behind(chart: Chart) -> bytes:
    """The workbook that opens behind a chart, laid out as python-pptx does it: names down, a column a series.

    Its own would write a name that begins with = as a formula, which would run when somebody edits the figures.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    shown = book.add_format({"num_format": RATE if chart.is_rate else WHOLE})
    for row, name in enumerate(chart.categories, start=1):
        sheet.write_string(row, 0, visible(name))
    for column, series in enumerate(chart.series, start=1):
        sheet.write_string(0, column, series.name)
        for row, value in enumerate(series.values, start=1):
            if value is not None:
                sheet.write_number(row, column, value, shown)
    sheet.set_column(0, 0, 36)
    book.close()
    return out.getvalue()


def _say_names(drawn: Any, chart: Chart) -> None:
    """Name the colours above the picture where there is more than one."""
    drawn.has_legend = chart.is_key_shown and len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.TOP
        drawn.legend.include_in_layout = False
        drawn.legend.font.size = Pt(11)


def _style_axes(drawn: Any, chart: Chart) -> None:
    names, values = drawn.category_axis, drawn.value_axis
    names.format.line.color.rgb = GRID
    names.major_tick_mark = values.major_tick_mark = XL_TICK_MARK.NONE
    names.tick_labels.font.size = Pt(10 if len(chart.categories) > 10 else 11)
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.has_major_gridlines = False
    values.format.line.fill.background()
    values.tick_labels.number_format_is_linked = False
    values.tick_labels.number_format = RATE if chart.is_rate else _scale(chart)
    values.tick_labels.font.size = Pt(10)
    if chart.kind == "bars":
        names.reverse_order = True
        values.has_major_gridlines = False
        values.visible = False
        values.minimum_scale = 0
        values.maximum_scale = _most(chart) * (1.9 if any(series.labels for series in chart.series) else 1.25)
        return
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = GRID
    values.major_gridlines.format.line.width = Pt(0.5)
    if chart.kind == "lines" and chart.is_rate:
        lowest = min((value for series in chart.series for value in series.values if value is not None), default=0.0)
        values.minimum_scale, values.maximum_scale = max(0.0, int(lowest * 10 - 0.3) / 10), 1.0
    if chart.unit:
        values.has_title = True
        values.axis_title.text_frame.text = chart.unit
        run = values.axis_title.text_frame.paragraphs[0].runs[0]
        run.font.size, run.font.bold, run.font.color.rgb = Pt(10), False, MUTED


def _most(chart: Chart) -> float:
    return max((value for series in chart.series for value in series.values if value is not None), default=1.0) or 1.0


def _scale(chart: Chart) -> str:
    """Thousands and millions in short, as on the screen."""
    most = max((abs(value) for series in chart.series for value in series.values if value is not None), default=0.0)
    if most >= 2e6:
        return '0.0,," m"'
    return '#,##0," k"' if most >= 2e4 else "#,##0.#" if most < 20 else WHOLE


def _style(series: Any, shape: Series, chart: Chart) -> None:
    colour = RGBColor.from_string(shape.colour.lstrip("#").upper())
    if chart.kind == "lines":
        series.smooth = False
        series.format.line.color.rgb = colour
        series.format.line.width = Pt(4 if shape.name == "to first promise" else 2)
        series.marker.style = None
        _without_marker(series)
        if shape.shape == "dashes":
            series.format.line.dash_style = MSO_LINE.DASH
        _label_the_end(series, shape)
        return
    if shape.shape == "ground":
        series.format.fill.background()
        return
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = colour
    series.invert_if_negative = False
    for place, own in enumerate(shape.colours):
        fill = series.points[place].format.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(own.lstrip("#").upper())
    if shape.labels:
        _label_each(series, shape, chart)
    elif chart.kind == "bars":
        labels = series.data_labels
        labels.show_value, labels.number_format, labels.number_format_is_linked = True, WHOLE, False
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        labels.font.size, labels.font.color.rgb = Pt(11), INK


def _without_marker(series: Any) -> None:
    marker = series._element.get_or_add_marker()
    for child in list(marker):
        marker.remove(child)
    symbol = marker.makeelement(qn("c:symbol"), {"val": "none"})
    marker.append(symbol)


def _label_the_end(series: Any, shape: Series) -> None:
    """Write the last value where the line ends."""
    known = [place for place, value in enumerate(shape.values) if value is not None]
    if not known or shape.shape == "dashes":
        return
    last = known[-1]
    label = series.points[last].data_label
    frame = label.text_frame
    frame.text = f"{(shape.values[last] or 0) * 100:.1f} %"
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold, font.color.rgb = Pt(12), True, INK
    label.position = XL_LABEL_POSITION.ABOVE


def _label_each(series: Any, shape: Series, chart: Chart) -> None:
    for place, text in enumerate(shape.labels):
        label = series.points[place].data_label
        label.text_frame.text = visible(text)
        run = label.text_frame.paragraphs[0].runs[0]
        run.font.size, run.font.color.rgb = Pt(11), INK
        label.position = XL_LABEL_POSITION.OUTSIDE_END if chart.kind == "bars" else XL_LABEL_POSITION.CENTER


def _lay_lines_over(drawn: Any, chart: Chart) -> None:
    """Turn the series that are lines into a line chart on the same axes.

    python-pptx has no chart of columns and lines together; the format has, with both kinds beside each other in one plot area.
    """
    lines = [place for place, series in enumerate(chart.series) if series.shape == "line"]
    if not lines:
        return
    bars = drawn._chartSpace.find(f".//{qn('c:barChart')}")
    own = bars.makeelement(qn("c:lineChart"), {})
    for tag, value in (("c:grouping", "standard"), ("c:varyColors", "0")):
        own.append(own.makeelement(qn(tag), {"val": value}))
    drawn_series = bars.findall(qn("c:ser"))
    for place in lines:
        element = drawn_series[place]
        bars.remove(element)
        own.append(_as_line(element, chart.series[place]))
    own.append(own.makeelement(qn("c:marker"), {"val": "1"}))
    for axis in bars.findall(qn("c:axId")):
        own.append(copy.deepcopy(axis))
    bars.addnext(own)


def _as_line(element: Any, series: Series) -> Any:
    """The element of a bar as that of a line: a stroke instead of a fill, and no marker."""
    for tag in ("c:spPr", "c:invertIfNegative", "c:dLbls"):
        for child in element.findall(qn(tag)):
            element.remove(child)
    place = element.find(qn("c:tx"))
    properties = place.makeelement(qn("c:spPr"), {})
    stroke = properties.makeelement(qn("a:ln"), {"w": "34925", "cap": "rnd"})
    fill = stroke.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": series.colour.lstrip("#").upper()}))
    stroke.append(fill)
    stroke.append(stroke.makeelement(qn("a:round"), {}))
    properties.append(stroke)
    marker = element.makeelement(qn("c:marker"), {})
    marker.append(marker.makeelement(qn("c:symbol"), {"val": "none"}))
    place.addnext(properties)
    properties.addnext(marker)
    element.append(element.makeelement(qn("c:smooth"), {"val": "0"}))
    return element
