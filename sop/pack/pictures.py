"""One function per picture of the pack, named for what it shows like those of charts.py: frame in, chart as figures out.

Colours are those of the pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sop import words
from sop.cells import is_missing
from sop.charts import ASKED, DELIVERED, KEPT, LATE, PROMISED, WAITING
from sop.charts_ahead import PIPELINE, SPOKEN_FOR
from sop.pack.parts import Chart, Series, cut, visible

QUIET = "#c6cdd8"
"""What is not the point, as solid as a file needs it."""
LONGEST = 34


def promises_kept_by_month(months: pd.DataFrame, source: str) -> Chart:
    """The three rates by month with the target (see charts.promises_kept_by_month)."""
    readings = [
        ("request_rate", "to request", ASKED), ("current_rate", "to current promise", DELIVERED),
        ("promise_rate", "to first promise", PROMISED), ("target_rate", "target", QUIET),
    ]  # fmt: skip
    series = tuple(
        Series(name, _numbers(months[column]), colour, "dashes" if column == "target_rate" else "line")
        for column, name, colour in readings
    )
    return Chart("lines", "The three promise rates by month against target", _months(months["month"]), series, source,
                 is_rate=True)  # fmt: skip


def ladder(rungs: pd.DataFrame, source: str) -> Chart:
    """The same promises under each reading, the rung that leads standing out (see charts.ladder)."""
    labels = tuple(
        f"{words.percent(None if is_missing(rate) else rate)}, {words.number(kept)} of {words.number(due)}"
        if due
        else "nothing due"
        for rate, kept, due in zip(rungs["promise_rate"], rungs["kept_count"], rungs["due_count"], strict=True)
    )
    colours = tuple(PROMISED if number == 2 else QUIET for number in rungs["rung_number"])
    bars = Series("kept", _numbers(rungs["promise_rate"]), PROMISED, labels=labels, colours=colours)
    return Chart(
        "bars", "The same month under six readings of kept", tuple(rungs["rung"]), (bars,), source, is_rate=True
    )


def let_down_by_gap(customers: pd.DataFrame, currency: str, source: str, most: int = 10) -> Chart:
    """The customers with the largest gaps, largest on top (see charts.let_down_by_gap)."""
    largest = customers.head(most)
    labels = tuple(
        f"{words.money(gap, currency)}, {broken} of {due}"
        for gap, broken, due in zip(largest["gap_value"], largest["broken_count"], largest["due_count"], strict=True)
    )
    bars = Series("gap", _numbers(largest["gap_value"]), LATE, labels=labels)
    return Chart(
        "bars", "Gap by customer, largest first", _names(largest["customer_name"]), (bars,), source, unit=currency
    )


def causes(found: pd.DataFrame, source: str) -> Chart:
    """Broken promises by the leading cause, in the order of the handover (see charts_ahead.causes)."""
    series = (
        Series("leads", _numbers(found["broken_count"]), LATE),
        Series("evidence of it", _numbers(found["evidence_count"]), QUIET),
    )
    return Chart("bars", "Broken promises by the cause that leads, and by all evidence", tuple(found["cause"]), series, source,
                 unit="order lines")  # fmt: skip


def load_against_hours(months: pd.DataFrame, source: str) -> Chart:
    """The load of one work centre by kind against its hours (see charts_ahead.load_against_hours)."""
    kinds = [
        ("backlog_hours", "backlog", WAITING), ("firm_hours", "orders", PROMISED),
        ("spoken_for_hours", "spoken for", SPOKEN_FOR), ("pipeline_hours", "pipeline", PIPELINE),
    ]  # fmt: skip
    present = [kind for kind in kinds if months[kind[0]].sum() > 0] or kinds[1:2]
    series = [Series(name, _numbers(months[column]), colour) for column, name, colour in present]
    hours = Series("hours there are", _numbers(months["available_hours"]), ASKED, "line")
    return Chart("columns", "Load by kind against the hours there are", _months(months["month"]), (*series, hours), source,
                 unit="hours a month")  # fmt: skip


def needed_by_month(months: pd.DataFrame, currency: str, source: str) -> Chart:
    """The value of open opportunities by the month of need (see charts_ahead.needed_by_month)."""
    series = (
        Series("can be there when needed", _numbers(months["in_time_value"]), PROMISED),
        Series("cannot be there in time", _numbers(months["too_late_value"]), LATE),
    )
    return Chart("columns", "Open opportunities by month of need", _months(months["need_month"]), series, source,
                 unit=f"{currency}, not weighted")  # fmt: skip


def asked_promised_delivered(months: pd.DataFrame, currency: str, source: str) -> Chart:
    """What was asked, first promised and delivered in each month (see charts.asked_promised_delivered)."""
    series = (
        Series("delivered", _numbers(months["delivered_value"]), "#74c2c3"),
        Series("asked", _numbers(months["asked_value"]), ASKED, "line"),
        Series("promised", _numbers(months["promised_value"]), PROMISED, "line"),
    )
    return Chart("columns", "Asked, promised and delivered by month", _months(months["month"]), series, source,
                 unit=f"{currency} a month")  # fmt: skip


def gap_waterfall(wait: Mapping[str, Any], source: str) -> Chart:
    """Where a customer's wait came from, in days a line (see charts.gap_waterfall)."""
    lines = max(int(wait["line_count"]), 1)
    columns = ("offered_days", "moved_by_us_days", "moved_by_customer_days", "missed_days", "wait_days")
    days = [float(wait[column]) / lines for column in columns]
    texts = [f"{words.number(value, '+.1f')}" for value in days[:-1]] + [f"{words.number(days[-1], '.1f')}"]
    names = ("offered", "moved by us", "moved by customer", "missed", "wait")
    says = "The wait as offered, moved by us, moved by the customer and missed"
    return _bridge(says, names, days, [False] * 4 + [True], texts, source, unit="days a line, mean")


def value_at_risk_bridge(steps: pd.DataFrame, currency: str, source: str) -> Chart:
    """From the value at risk then to the value at risk now (see charts.value_at_risk_bridge)."""
    values, totals = [float(value) for value in steps["change_value"]], [bool(one) for one in steps["is_total"]]
    texts = [words.short(value, signed=not total) for value, total in zip(values, totals, strict=True)]
    says = "Value at risk then, each step, value at risk now"
    return _bridge(says, tuple(steps["step"]), values, totals, texts, source, unit=currency)


def _bridge(
    says: str, names: Sequence[str], values: Sequence[float], is_total: Sequence[bool], texts: Sequence[str], source: str,
    unit: str,
) -> Chart:  # fmt: skip
    """Steps that add up. The part of a step above zero and the part below are bars of their own, each on a ground unseen."""
    ground: list[float] = []
    above: list[float] = []
    below: list[float] = []
    colours: list[str] = []
    reached = 0.0
    for value, total in zip(values, is_total, strict=True):
        start, end = (0.0, value) if total else (reached, reached + value)
        reached = end
        low, high = min(start, end), max(start, end)
        above.append(max(high, 0.0) - max(low, 0.0))
        below.append(min(low, 0.0) - min(high, 0.0))
        ground.append(max(low, 0.0) + min(high, 0.0))
        colours.append(ASKED if total else LATE if value > 0 else KEPT)
    series = [
        Series("from", tuple(ground), "#ffffff", "ground"),
        Series("step", tuple(above), LATE, labels=tuple(texts), colours=tuple(colours)),
    ]
    if any(below):
        series.append(Series("below nothing", tuple(below), LATE, colours=tuple(colours)))
    return Chart("steps", says, tuple(names), tuple(series), source, unit, is_key_shown=False)


def _numbers(column: pd.Series) -> tuple[float | None, ...]:
    return tuple(None if is_missing(value) else float(value) for value in column)


def _months(column: pd.Series) -> tuple[str, ...]:
    return tuple(f"{month:%b %Y}" for month in column)


def _names(column: pd.Series) -> tuple[str, ...]:
    """Names as they are, cut where they would leave no room for the bars."""
    return tuple(cut(visible(str(name)), LONGEST) for name in column)
