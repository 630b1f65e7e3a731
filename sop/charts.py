"""One function per picture, named for what it shows. Frame in, Plotly figure out; the title says the finding.

A colour means one thing everywhere. Lines are labelled where they end instead of in a legend.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sop import words
from sop.drawn_once import drawn_once

ASKED, PROMISED, DELIVERED = "#8390a6", "#3b7de0", "#17999b"
KEPT, LATE, WAITING = "#17999b", "#cf7d12", "#cf3f78"
QUIET = "rgba(131, 144, 166, 0.45)"
"""What is not the point: targets, limits, rungs beside the one that leads."""


def _figure(*traces: Any, height: int, **layout: Any) -> go.Figure:
    """The house style: no legend, no frame, quiet grid, room for labels on the right."""
    figure = go.Figure(traces)
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 12, "b": 8},
        showlegend=False,
        hovermode="closest",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": 14},
        hoverlabel={"font": {"size": 14}},
        separators=words.separators(),
        **layout,
    )
    figure.update_xaxes(showgrid=False, zeroline=False, automargin=True, fixedrange=True)
    figure.update_yaxes(gridcolor="rgba(131, 144, 166, 0.22)", zeroline=False, automargin=True, fixedrange=True)
    return figure


def with_notes(figure: go.Figure, notes: pd.DataFrame) -> go.Figure:
    """The picture of months with a mark at each month that carries a note, which says it. Columns: month, text, noted_by."""
    figure = go.Figure(figure) if len(notes) else figure
    for month in notes["month"].dropna().unique():
        own, day = notes[notes["month"] == month], pd.Timestamp(month).isoformat()
        lines = [f"{text} ({by})" for text, by in zip(own["text"], own["noted_by"], strict=True)]
        figure.add_vline(x=day, line={"color": QUIET, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=day, y=1, yref="paper", yanchor="bottom", text="✎" if len(own) == 1 else f"✎{len(own)}", showarrow=False,
            hovertext="<br>".join(words.unmarked(line, 120) for line in lines), font={"size": 14, "color": ASKED},
        )  # fmt: skip
    if len(notes):
        figure.update_layout(margin={"t": 36})
    return figure


def enlarged(figure: go.Figure, height: int, factor: float = 1.8) -> go.Figure:
    """The same picture for a shared screen: every letter, line and margin larger by the factor."""
    large = go.Figure(figure)
    drawn = large.to_plotly_json()
    for part in (drawn["layout"], *drawn["data"]):
        _enlarge(part, factor)
    large = go.Figure(drawn["data"], drawn["layout"])
    large.update_layout(height=height)
    for axis in (*large.select_xaxes(), *large.select_yaxes()):  # the theme of the page would set the size otherwise
        axis.tickfont.size = 14 * factor
        axis.title.font.size = 14 * factor
    return large


def _enlarge(part: Any, factor: float, inside: str = "") -> None:
    """Multiply what is counted in pixels: sizes of letters and markers, widths of lines, shifts and margins."""
    if isinstance(part, list | tuple):
        for each in part:
            _enlarge(each, factor, inside)
    if not isinstance(part, dict):
        return
    for name, value in part.items():
        if isinstance(value, dict | list | tuple):
            _enlarge(value, factor, name)
        elif inside == "margin" or name in ("xshift", "yshift", "size") or (inside == "line" and name == "width"):
            part[name] = value * factor  # the width of a bar is none of these: it is counted in categories


def _end_labels(figure: go.Figure, ends: list[tuple[str, float, str]], x: Any, apart: float) -> None:
    """Write each line's name where it ends, moved apart so that none covers another."""
    placed: list[float] = []
    for name, y, colour in sorted(ends, key=lambda end: end[1]):
        place = max([y, *[other + apart for other in placed[-1:]]])
        placed.append(place)
        figure.add_annotation(
            x=x, y=place, text=name, showarrow=False, xanchor="left", xshift=10, font={"color": colour, "size": 14}
        )


@drawn_once
def promises_kept_by_month(months: pd.DataFrame) -> go.Figure:
    """The three rates by month with the target drawn in. Columns: month, promise_rate, request_rate, current_rate,
    target_rate, due_count, kept_count; rates 0 to 1, empty where nothing was due.
    """
    readings = [
        ("current_rate", "to current promise", DELIVERED, 2),
        ("promise_rate", "to first promise", PROMISED, 4),
        ("request_rate", "to request", ASKED, 2),
    ]
    traces = [
        go.Scatter(
            x=months["month"],
            y=months[column],
            mode="lines+markers",
            line={"color": colour, "width": width},
            marker={"size": 6},
            unselected={"marker": {"opacity": 1}},
            customdata=[[f"{month:%Y-%m}"] for month in months["month"]],
            hovertemplate=f"%{{x|%B %Y}}<br>{name}: %{{y:.1%}}<extra></extra>",
            connectgaps=False,
        )
        for column, name, colour, width in readings
    ]
    figure = _figure(*traces, height=330, xaxis={"tickformat": "%b %Y", "nticks": 5})
    lowest = months[[column for column, *_ in readings]].min().min()
    floor = max(0.0, math.floor(float(lowest) * 10 - 0.3) / 10) if pd.notna(lowest) else 0.0
    figure.update_yaxes(tickformat=".0%", range=[floor, 1.02])
    ends = []
    for column, name, colour, _ in readings:
        known = months[column].dropna()
        if len(known):
            ends.append((f"{name} {words.percent(known.iloc[-1])}", float(known.iloc[-1]), colour))
    if len(months):
        first, last = months["month"].iloc[0], months["month"].iloc[-1]
        figure.update_xaxes(range=[first - pd.Timedelta(days=10), last + pd.Timedelta(days=10)])
        target = float(months["target_rate"].iloc[-1])
        ends.append((f"target {words.share(target)}", target, ASKED))
        _end_labels(figure, ends, last, apart=(1.02 - floor) * 0.085)
        figure.add_hline(y=target, line={"color": QUIET, "dash": "dash", "width": 2})
    figure.update_layout(margin={"l": 8, "r": 180, "t": 12, "b": 8})
    return figure


@drawn_once
def ladder(rungs: pd.DataFrame) -> go.Figure:
    """The same promises under each reading, the most flattering on top. Columns: rung_number, rung, kept_count,
    due_count, promise_rate; the rung that leads (to first promise) stands out.
    """
    rungs = rungs.sort_values("rung_number", ascending=False)
    labels = [
        f"{words.percent(None if pd.isna(rate) else rate)}, {words.number(kept)} of {words.number(due)}"
        if due
        else "nothing due"
        for rate, kept, due in zip(rungs["promise_rate"], rungs["kept_count"], rungs["due_count"], strict=True)
    ]
    bars = go.Bar(
        x=rungs["promise_rate"].fillna(0),
        y=rungs["rung"],
        orientation="h",
        marker={"color": [PROMISED if number == 2 else QUIET for number in rungs["rung_number"]]},
        text=labels,
        textposition="outside",
        cliponaxis=False,
        textfont={"size": 14},
        hovertemplate="%{y}: %{x:.1%}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
    )
    figure = _figure(bars, height=330, bargap=0.35)
    figure.update_xaxes(range=[0, 1.9], showticklabels=False)
    figure.update_yaxes(showgrid=False, tickfont={"size": 14})
    return figure


@drawn_once
def let_down_by_gap(customers: pd.DataFrame, currency: str, most: int = 10) -> go.Figure:
    """The customers with the largest gaps, largest on top.

    Columns: customer_id, customer_name, gap_value, broken_count, due_count.
    """
    largest = customers.head(most).iloc[::-1]
    bars = go.Bar(
        x=largest["gap_value"].astype(float),
        y=[words.unmarked(name, 30) for name in largest["customer_name"]],
        orientation="h",
        marker={"color": LATE},
        text=[
            f"{words.money(gap, currency)}, {broken} of {due}"
            for gap, broken, due in zip(
                largest["gap_value"], largest["broken_count"], largest["due_count"], strict=True
            )
        ],
        textposition="outside",
        cliponaxis=False,
        textfont={"size": 14},
        customdata=[[customer] for customer in largest["customer_id"]],
        hovertemplate="%{y}: %{text}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
    )
    figure = _figure(bars, height=60 + 34 * max(len(largest), 3), bargap=0.3)
    figure.update_xaxes(range=[0, float(largest["gap_value"].max() or 1) * 2.4], showticklabels=False)
    figure.update_yaxes(showgrid=False, tickfont={"size": 14})
    return figure


@drawn_once
def asked_promised_delivered(months: pd.DataFrame, as_of: datetime.date, currency: str) -> go.Figure:
    """What was asked, first promised and delivered in each month, as value. Columns: month, asked_value, promised_value,
    delivered_value (empty after as_of).
    """
    traces = [
        go.Bar(
            x=months["month"], xperiod="M1", xperiodalignment="middle", y=months["delivered_value"].astype(float),
            marker={"color": DELIVERED, "opacity": 0.55}, unselected={"marker": {"opacity": 0.55}},
            customdata=[[f"{month:%Y-%m}"] for month in months["month"]],
            hovertemplate="%{x|%B %Y}<br>delivered: " + currency + " %{y:,.0f}<extra></extra>",
        ),
        *[
            go.Scatter(
                x=months["month"], xperiod="M1", xperiodalignment="middle", y=months[column].astype(float), mode="lines+markers",
                line={"color": colour, "width": 3, "dash": dash}, marker={"size": 6},
                unselected={"marker": {"opacity": 1}}, customdata=[[f"{month:%Y-%m}"] for month in months["month"]],
                hovertemplate=f"%{{x|%B %Y}}<br>{name}: {currency} %{{y:,.0f}}<extra></extra>",
            )
            for column, name, colour, dash in (
                ("asked_value", "asked", ASKED, "dot"), ("promised_value", "promised", PROMISED, "solid")
            )
        ],
    ]  # fmt: skip
    figure = _figure(*traces, height=330, xaxis={"tickformat": "%b %Y"}, bargap=0.35)
    figure.update_yaxes(title={"text": f"{currency} a month"}, rangemode="tozero", tickformat="~s")
    _say_as_of(figure, as_of)
    _key(figure, [("asked", ASKED), ("promised", PROMISED), ("delivered", DELIVERED)])
    return figure


def _key(figure: go.Figure, names: list[tuple[str, str]]) -> None:
    """Name the colours in one line above the picture, each word in its colour."""
    text = "     ".join(f'<span style="color:{colour}">■ {name}</span>' for name, colour in names)
    figure.add_annotation(
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=6, text=text, showarrow=False,
        font={"size": 14},
    )  # fmt: skip
    figure.update_layout(margin={"t": 36})


def _say_as_of(figure: go.Figure, as_of: datetime.date) -> None:
    figure.add_vline(x=as_of.isoformat(), line={"color": QUIET, "width": 2})
    figure.add_annotation(
        x=as_of.isoformat(), y=1, yref="paper", text=f"as of {as_of.day} {as_of:%b %Y}", showarrow=False, xanchor="right",
        xshift=-5, yanchor="top", font={"size": 12, "color": ASKED},
    )  # fmt: skip


@drawn_once
def gap_waterfall(wait: Mapping[str, Any]) -> go.Figure:
    """Where a customer's wait came from: mean days a line, offered + moved by us + moved by the customer + missed = wait."""
    lines = max(int(wait["line_count"]), 1)
    steps = {
        "offered": "offered_days",
        "moved by us": "moved_by_us_days",
        "moved by customer": "moved_by_customer_days",
        "missed": "missed_days",
        "wait": "wait_days",
    }
    days = [float(wait[column]) / lines for column in steps.values()]
    figure = _waterfall(
        list(steps),
        days,
        is_total=[False] * 4 + [True],
        texts=[f"{words.number(value, '+.1f')}" for value in days[:-1]] + [f"{words.number(days[-1], '.1f')}"],
        hover=[f"{words.number(int(wait[column]))} days over all lines" for column in steps.values()],
    )
    figure.update_yaxes(title={"text": "days a line, mean"})
    return figure


def _waterfall(
    names: list[str], values: list[float], *, is_total: list[bool], texts: list[str], hover: list[str]
) -> go.Figure:
    """Steps that add up: what grows in one colour, what shrinks in another, totals from the ground up.

    Bars that float, since Plotly's own waterfall takes no clicks; an unseen bar over the whole height takes them for its
    step, however low that is. A point knows its step's name.
    """
    bases, ends = _floating(values, is_total)
    lowest, highest = min(0.0, *bases, *ends), max(0.0, *bases, *ends)
    room = (highest - lowest or 1.0) * 0.12
    floor, ceiling = lowest - (room if lowest < 0 else 0.0), highest + room
    told = {
        "x": [_in_short_lines(name) for name in names],
        "customdata": [[name, said] for name, said in zip(names, hover, strict=True)],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
    }
    colours = [ASKED if total else LATE if value > 0 else KEPT for value, total in zip(values, is_total, strict=True)]
    bars = go.Bar(
        **told, base=bases, y=[end - base for base, end in zip(bases, ends, strict=True)], marker={"color": colours},
        text=texts, textposition="outside", cliponaxis=False, unselected={"marker": {"opacity": 1}},
    )  # fmt: skip
    unseen = go.Bar(
        **told, base=floor, y=[ceiling - floor] * len(names), marker={"color": "rgba(0,0,0,0)"},
        unselected={"marker": {"opacity": 0}},
    )  # fmt: skip
    figure = _figure(bars, unseen, height=330, barmode="overlay", bargap=0.2)
    for place, level in enumerate(ends[:-1]):
        figure.add_shape(
            type="line", x0=place, x1=place + 1, y0=level, y1=level, layer="below", line={"color": QUIET, "width": 1}
        )
    figure.update_xaxes(type="category")
    figure.update_yaxes(range=[floor, ceiling])
    figure.update_layout(margin={"t": 36})
    return figure


def _floating(values: list[float], is_total: list[bool]) -> tuple[list[float], list[float]]:
    """Where each bar begins and ends: a step on the end of the one before, a total on the ground."""
    bases, ends = [], [0.0]
    for value, total in zip(values, is_total, strict=True):
        bases.append(0.0 if total else ends[-1])
        ends.append(bases[-1] + value)
    return bases, ends[1:]


@drawn_once
def value_at_risk_bridge(steps: pd.DataFrame, currency: str) -> go.Figure:
    """From the value at risk then to the value at risk now, step by step. Columns: step, is_total, line_count, change_value."""
    values = steps["change_value"].astype(float).tolist()
    totals = steps["is_total"].tolist()
    figure = _waterfall(
        steps["step"].tolist(),
        values,
        is_total=totals,
        texts=[
            words.short(value) if total else words.short(value, signed=True)
            for value, total in zip(values, totals, strict=True)
        ],
        hover=[
            f"{step}: {currency} {words.whole(value)}, {words.counted(lines, 'order line')}"
            for step, value, lines in zip(steps["step"], values, steps["line_count"], strict=True)
        ],
    )
    figure.update_yaxes(title={"text": currency}, tickformat="~s")
    return figure


def _in_short_lines(name: str) -> str:
    """A step's name under its bar, a word a line, short words with the next."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) <= 2:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return "<br>".join(lines)


@drawn_once
def lateness(lines: pd.DataFrame, as_of: datetime.date, currency: str) -> go.Figure:
    """Days after the first promise by promise date, one dot a line, its area the value. What still waits stands on the
    past-due line: as_of less the promise date. Columns: first_promised_date, after_promise_days, ordered_value, outcome.
    """
    sizes = lines["ordered_value"].astype(float).clip(lower=0)
    largest = float(sizes.max() or 1) if len(sizes) else 1.0
    traces = []
    for outcome, colour in (("kept", KEPT), ("late", LATE), ("waiting", WAITING)):
        chosen = lines[lines["outcome"] == outcome]
        traces.append(
            go.Scatter(
                x=chosen["first_promised_date"],
                y=chosen["after_promise_days"],
                mode="markers",
                marker={
                    "size": sizes[chosen.index],
                    "sizemode": "area",
                    "sizeref": 2 * largest / 28**2,
                    "sizemin": 3,
                    "color": colour,
                    "opacity": 0.6,
                    "line": {"width": 0},
                },
                unselected={"marker": {"opacity": 0.6}},
                customdata=[
                    [str(order), str(line), words.unmarked(str(order)), words.unmarked(str(line)), float(value)]
                    for order, line, value in zip(
                        chosen["order_id"], chosen["line_number"], chosen["ordered_value"], strict=True
                    )
                ],
                hovertemplate="order %{customdata[2]}, line %{customdata[3]}<br>promised %{x|%d %b %Y}, %{y:+d} days<br>"
                + currency
                + " %{customdata[4]:,.0f}<extra></extra>",
            )
        )
    figure = _figure(*traces, height=360)
    figure.update_yaxes(title={"text": "days after the promise"})
    figure.add_hline(y=0, line={"color": QUIET, "width": 2})
    if len(lines):
        reach = max(float(lines["after_promise_days"].max()), 1.0)
        first = max(as_of - datetime.timedelta(days=reach), lines["first_promised_date"].min().date())
        figure.add_shape(
            type="line", x0=first.isoformat(), y0=(as_of - first).days, x1=as_of.isoformat(), y1=0,
            line={"color": WAITING, "width": 2, "dash": "dot"},
        )  # fmt: skip
    _key(
        figure,
        [("kept", KEPT), ("late", LATE), ("waiting now, on the past-due line", WAITING)],
    )
    return figure
