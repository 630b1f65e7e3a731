"""The picture of who wins and who loses, in the house style of charts.py."""

from __future__ import annotations

import textwrap

import pandas as pd
import plotly.graph_objects as go

from sop import words
from sop.charts import _figure
from sop.charts_ahead import INK
from sop.drawn_once import drawn_once

MOST_CUSTOMERS = 20
"""Rows of the picture; more would not fit a screen."""

_LESS_OR_MORE = [[0.0, "#79a8ee"], [0.5, "#f1f3f6"], [1.0, "#f3bd6f"]]
"""Blue where less is late, orange where more is, all light enough for dark writing in either appearance."""


@drawn_once
def winners_and_losers(rows: pd.DataFrame, base: str, currency: str) -> go.Figure:
    """Late value by customer and option against the option `base`, those most apart on top.

    Columns: customer_id, customer_name, tier, option_name, late_value, change_value, imposed_days. Each cell says its change
    with its sign and an arrow; under `base` the value itself.
    """
    shown = rows[rows["customer_id"].isin(rows["customer_id"].unique()[:MOST_CUSTOMERS])]
    tiers = shown["tier"].fillna("–")
    labels = {number: words.unmarked(f"{name} · {tier}", 26) for number, name, tier in
              zip(shown["customer_id"], shown["customer_name"], tiers, strict=True)}  # fmt: skip
    most = shown["change_value"].abs().max() or 1.0
    texts = [
        words.short(late) if option == base else _change(change)
        for option, late, change in zip(shown["option_name"], shown["late_value"], shown["change_value"], strict=True)
    ]
    axes = {"x": shown["option_name"], "y": shown["customer_id"]}
    # The square root lets a small customer's loss be seen beside a large one's.
    strength = (shown["change_value"].abs() / most) ** 0.5 * shown["change_value"].map(
        lambda change: 1 if change > 0 else -1
    )
    # A heatmap cannot be clicked on, so that markers which are not seen lie over it.
    figure = _figure(
        go.Heatmap(
            **axes, z=strength, zmin=-1, zmax=1, colorscale=_LESS_OR_MORE, showscale=False, xgap=2, ygap=2, hoverinfo="skip"
        ),
        go.Scatter(
            **axes, mode="markers+text", text=texts, textfont={"size": 13, "color": INK},
            marker={"symbol": "square", "size": 28, "opacity": 0},
            unselected={"marker": {"opacity": 0}, "textfont": {"color": INK}},
            customdata=[[number, labels[number], late, days] for number, late, days in zip(
                shown["customer_id"], shown["late_value"], shown["imposed_days"], strict=True)],
            hovertemplate=f"%{{customdata[1]}}<br>%{{x}}: {currency} %{{customdata[2]:,.0f}} late,"
                          " %{customdata[3]:,.0f} days imposed<extra></extra>",
        ),
        height=60 + 32 * max(len(labels), 3),
    )  # fmt: skip
    options = shown["option_name"].unique().tolist()
    figure.update_xaxes(
        side="top",
        type="category",
        range=[-0.5, len(options) - 0.5],
        tickangle=0,
        tickvals=options,
        ticktext=["<br>".join(textwrap.wrap(option, 11)) for option in options],
    )
    figure.update_yaxes(
        type="category",
        range=[len(labels) - 0.5, -0.5],
        showgrid=False,
        tickvals=list(labels),
        ticktext=list(labels.values()),
    )
    return figure


def _change(change: float) -> str:
    if abs(change) < 0.5:
        return "="
    return f"{'▲' if change > 0 else '▼'} {words.short(change, signed=True)}"
