"""The pictures of the months ahead, in the house style of charts.py: one function per picture, frame in, figure out."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sop import words
from sop.charts import ASKED, LATE, PROMISED, QUIET, WAITING, _figure, _key
from sop.drawn_once import drawn_once

SPOKEN_FOR, PIPELINE = "#7c5cc4", "#b9a5e6"
"""Opportunities whose customer has a date already, and the others."""
MOST_WORK_CENTRES = 24
"""Rows of the heatmap; more would not fit a screen."""

_FULLNESS = [[0.0, "#eef4fd"], [0.4999, "#79a8ee"], [0.5, "#f3bd6f"], [1.0, "#d97a06"]]
"""Blue up to the hours that are there, orange above: 0 to 200 %. All light enough for dark writing in either appearance."""
INK = "#0d1420"
CAUSES = (
    "promised inside lead time", "not seen coming", "no room in the plan", "reason given", "not explained",
)  # fmt: skip
"""The causes of a broken promise, in the order of the handover."""
WITH_EVIDENCE, EVIDENCE = CAUSES[:-1], "evidence: "
"""The causes that there may be evidence of beside another that leads, and how questions ask for all lines with it."""
CAUSES_TO_CHOOSE = (*CAUSES, *(f"{EVIDENCE}{cause}" for cause in WITH_EVIDENCE))


@drawn_once
def utilisation(months: pd.DataFrame, chosen: tuple[str, str]) -> go.Figure:
    """Load over hours by work centre and month, the fullest on top; `chosen` (work centre, 2026-11) is framed.

    Columns: work_centre_id, work_centre_name, month, utilisation_rate, load_hours, available_hours, is_full. Every cell says its
    per cent; what is over its hours has a mark besides its colour.
    """
    shown = months[months["work_centre_id"].isin(months["work_centre_id"].unique()[:MOST_WORK_CENTRES])]
    labels = {number: _row_label(number, name) for number, name in
              zip(shown["work_centre_id"], shown["work_centre_name"], strict=True)}  # fmt: skip
    rates = shown["utilisation_rate"]
    full = shown["is_full"]
    texts = [_cell(rate, is_full) for rate, is_full in zip(rates, full, strict=True)]
    over = rates.fillna(0).where(rates.notna() | ~full, 2.0)
    axes = {"x": shown["month"].dt.strftime("%b<br>%Y"), "y": shown["work_centre_id"].map(labels)}
    traces = [
        go.Heatmap(
            **axes, z=over.clip(0, 2), zmin=0, zmax=2, colorscale=_FULLNESS, showscale=False, xgap=2, ygap=2, hoverinfo="skip"
        ),
        go.Scatter(
            **axes, mode="markers+text", text=texts, textfont={"size": 14, "color": INK},
            marker={"symbol": "square", "size": 28, "opacity": 0},
            unselected={"marker": {"opacity": 0}, "textfont": {"color": INK}},
            customdata=[[number, f"{month:%Y-%m-%d}", load, hours, f"{month:%b %Y}"] for number, month, load, hours in zip(
                shown["work_centre_id"], shown["month"], shown["load_hours"], shown["available_hours"], strict=True)],
            hovertemplate="%{y}, %{customdata[4]}<br>%{customdata[2]:,.0f} of %{customdata[3]:,.0f} hours<extra></extra>",
        ),
    ]  # fmt: skip
    figure = _figure(*traces, height=60 + 34 * max(len(labels), 3))
    columns = shown["month"].nunique()
    figure.update_xaxes(side="top", type="category", range=[-0.5, columns - 0.5])
    figure.update_yaxes(type="category", range=[len(labels) - 0.5, -0.5], showgrid=False)
    _frame(figure, shown, labels, chosen)
    return figure


def _row_label(number: str, name: str) -> str:
    return words.unmarked(name if name == number else f"{name} · {number}", 30)


def _cell(rate: float, is_full: bool) -> str:
    if rate != rate:
        return "▲ no hours" if is_full else "–"
    return f"▲ {rate:.0%}" if is_full else f"{rate:.0%}"


def _frame(figure: go.Figure, shown: pd.DataFrame, labels: dict[str, str], chosen: tuple[str, str]) -> None:
    """A frame round the cell whose load is shown below."""
    columns = [f"{month:%Y-%m}" for month in shown["month"].drop_duplicates()]
    if chosen[0] in labels and chosen[1] in columns:
        x, y = columns.index(chosen[1]), list(labels).index(chosen[0])
        figure.add_shape(
            type="rect", x0=x - 0.49, x1=x + 0.49, y0=y - 0.48, y1=y + 0.48, line={"color": ASKED, "width": 3}
        )


@drawn_once
def load_against_hours(months: pd.DataFrame) -> go.Figure:
    """The load of one work centre by kind, stacked, against the line of its hours. Columns: month, backlog_hours, firm_hours,
    spoken_for_hours, pipeline_hours, available_hours.
    """
    kinds = [
        ("backlog_hours", "backlog", WAITING), ("firm_hours", "orders", PROMISED),
        ("spoken_for_hours", "spoken for", SPOKEN_FOR), ("pipeline_hours", "pipeline", PIPELINE),
    ]  # fmt: skip
    present = [kind for kind in kinds if months[kind[0]].sum() > 0] or kinds[1:2]
    names = months["month"].dt.strftime("%b<br>%Y")
    traces: list[Any] = [
        go.Bar(
            x=names, y=months[column], marker={"color": colour}, unselected={"marker": {"opacity": 1}},
            customdata=[[f"{month:%Y-%m}"] for month in months["month"]],
            hovertemplate=f"%{{x}}<br>{name}: %{{y:,.0f}} hours<extra></extra>",
        )
        for column, name, colour in present
    ]  # fmt: skip
    traces.append(
        go.Scatter(
            x=names, y=months["available_hours"], mode="lines+markers",
            line={"color": ASKED, "width": 3, "shape": "hvh"}, marker={"size": 5},
            unselected={"marker": {"opacity": 1}}, customdata=[[f"{month:%Y-%m}"] for month in months["month"]],
            hovertemplate="%{x}<br>there are %{y:,.0f} hours<extra></extra>",
        )
    )  # fmt: skip
    figure = _figure(*traces, height=330, barmode="stack", bargap=0.3)
    figure.update_xaxes(type="category")
    figure.update_yaxes(title={"text": "hours a month"}, rangemode="tozero")
    _key(figure, [*[(name, colour) for _, name, colour in present], ("hours", ASKED)])
    return figure


@drawn_once
def needed_by_month(months: pd.DataFrame, currency: str) -> go.Figure:
    """The value of open opportunities by the month of need, those that cannot be there in time on top; how many where no
    value is known. Columns: need_month, in_time_value, too_late_value, opportunity_count, too_late_count.
    """
    names = months["need_month"].dt.strftime("%b %Y")
    in_time, too_late = months["in_time_value"].astype(float), months["too_late_value"].astype(float)
    counted, tick_format = f"{currency}, not weighted", "~s"
    if not (in_time + too_late).any():  # without prices there is still how many
        too_late = months["too_late_count"].astype(float)
        in_time, counted, tick_format = months["opportunity_count"] - too_late, "opportunities", ",d"
    traces = [
        go.Bar(
            x=names, y=values, marker={"color": colour, "pattern": {"shape": pattern}}, unselected={"marker": {"opacity": 1}},
            customdata=[["too late" if pattern else "all", f"{month:%Y-%m}"] for month in months["need_month"]],
            hovertemplate=f"%{{x}}<br>{name}: %{{y:,.0f}} {counted.partition(',')[0]}<extra></extra>",
        )
        for values, name, colour, pattern in (
            (in_time, "can be there", PROMISED, ""), (too_late, "cannot be there in time", LATE, "/")
        )
    ]  # fmt: skip
    figure = _figure(*traces, height=330, barmode="stack", bargap=0.3)
    figure.update_xaxes(type="category")
    figure.update_yaxes(title={"text": counted}, rangemode="tozero", tickformat=tick_format)
    _key(figure, [("can be there when needed", PROMISED), ("cannot (hatched)", LATE)])
    return figure


@drawn_once
def causes(found: pd.DataFrame) -> go.Figure:
    """Broken promises by the leading cause, in the order of the handover. Columns: cause, broken_count, evidence_count (lines
    with that evidence, leading or not), gap_value.
    """
    ordered = found.iloc[::-1]
    texts = [
        f"{words.number(broken)}" + (f", evidence in {words.number(evidence)}" if evidence > broken else "")
        for broken, evidence in zip(ordered["broken_count"], ordered["evidence_count"], strict=True)
    ]
    traces = [
        go.Bar(
            x=ordered[column], y=ordered["cause"], orientation="h", marker={"color": colour}, text=shown,
            textposition="outside", cliponaxis=False, textfont={"size": 14}, width=width,
            hovertemplate="%{y}: %{x:,}<extra></extra>", unselected={"marker": {"opacity": 1}},
            customdata=[[f"{kind}{cause}" if cause in WITH_EVIDENCE else cause] for cause in ordered["cause"]],
        )
        for column, colour, shown, width, kind in (
            ("evidence_count", QUIET, texts, 0.7, EVIDENCE), ("broken_count", LATE, None, 0.4, "")
        )
    ]  # fmt: skip
    figure = _figure(*traces, height=60 + 44 * max(len(ordered), 3), barmode="overlay")
    figure.update_xaxes(range=[0, float(found["evidence_count"].max() or 1) * 1.7], showticklabels=False)
    figure.update_yaxes(showgrid=False, tickfont={"size": 14})
    return figure
