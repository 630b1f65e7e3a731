"""The sentence that a heading states: read from the figures of a query, never computed anew."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sop import words

HOW_TO_READ_THE_LADDER = """\
- **To current promise**: the date we commit to now. A moved date hides a miss.
- **To first promise**: our word, as first given. This is the rate of the headline.
- **No tolerance**: not a day late, not a piece short.
- **To request**: the date the customer asked for.
- **Whole orders**: an order counts only when every line of it was kept.
- **Cancelled missed**: what the customer cancelled counts as not kept.
"""
"""Each rung in a sentence, from the most flattering to the strictest."""


def of_the_month(now: Mapping[str, Any]) -> str:
    """How the month's promises stand (a row of overview/month)."""
    named = words.month_name(now["month"])
    if now["promise_rate"] is None:
        return f"{named}: nothing is due yet"
    distance = now["promise_rate"] - now["target_rate"]
    side = "above" if distance >= 0 else "below"
    return (
        f"{named}: {words.percent(now['promise_rate'])} of promises kept, {words.points(abs(distance))} {side} target"
    )


def by_other_counts(now: Mapping[str, Any]) -> str:
    """The same rate by value and by whole orders, and what was left out of it (a row of overview/month)."""
    return (
        f"{words.number(now['kept_count'])} of {words.counted(now['due_count'], 'order line')} kept to the first promise,"
        f" {words.number(now['let_down_count'])} of {words.counted(now['customer_count'], 'customer')} let down. By value"
        f" {words.percent(now['value_promise_rate'])}, by whole orders {words.percent(now['order_promise_rate'])};"
        f" {words.counted(now['cancelled_count'], 'cancelled line')} left out."
    )


def of_the_let_down(customers: pd.DataFrame, month: datetime.date) -> str:
    """Who carries the month's gap (overview/let_down)."""
    named = f"{month:%B}"
    if customers.empty:
        return f"Nobody was let down in {named}"
    first = customers.iloc[0]
    if pd.isna(first["share_rate"]):
        return f"{words.counted(len(customers), 'customer')} let down in {named}"
    return f"{first['customer_name']} carries {words.share(first['share_rate'])} of {named}'s gap"


def of_the_trend(months: pd.DataFrame) -> str:
    """When the target was last met (overview/trend, customer/months)."""
    known = months.dropna(subset=["promise_rate"])
    if known.empty:
        return "No promise was due yet"
    last = known.iloc[-1]
    known = known[
        known["due_count"] * 10 >= known["due_count"].median()
    ]  # a month of a handful of lines proves nothing
    missed = known[known["promise_rate"] >= last["target_rate"]]
    if last["promise_rate"] >= last["target_rate"]:
        return "On target"
    if missed.empty:
        return f"The target was missed in each of {words.counted(len(known), 'month')}"
    return f"The target was last met in {words.month_name(missed.iloc[-1]['month'])}"


def of_the_ladder(rungs: pd.DataFrame) -> str:
    """How far apart the readings of the same months lie (overview/ladder)."""
    known = rungs.dropna(subset=["promise_rate"])
    if known.empty:
        return "Nothing is due yet, on any reading"
    first, last = known.iloc[0]["promise_rate"], known.iloc[-1]["promise_rate"]
    return f"From {words.percent(first)} to {words.percent(last)}: one truth, {words.counted(len(known), 'reading')}"


def of_the_moves(totals: pd.DataFrame, between: Mapping[str, Any]) -> str:
    """Whose promises moved since the earlier snapshot (moves/totals and a row of moves/snapshots)."""
    counts = _counts(totals)
    since = f"Since {between['before_date'].day} {between['before_date']:%B %Y}"
    ours, theirs = counts.get(("promise", "by us"), 0), counts.get(("promise", "by the customer"), 0)
    if not sum(counts.values()):
        return f"{since} nothing moved"
    return f"{since} we moved {words.counted(ours, 'promise')}, customers moved {words.number(theirs)}"


def of_the_other_moves(totals: pd.DataFrame) -> str:
    """What became of opportunities and order lines (moves/totals); only what was compared."""
    counts = _counts(totals)
    said = []
    for moved, kinds in (
        ("opportunity", ("new", "won", "lost", "slipped")),
        ("order line", ("new", "cancelled", "gone")),
    ):
        known = [f"{words.number(counts[moved, kind])} {kind}" for kind in kinds if (moved, kind) in counts]
        if known:
            said.append(f"{'Opportunities' if moved == 'opportunity' else 'Order lines'}: {', '.join(known)}.")
    return " ".join(said)


def _counts(totals: pd.DataFrame) -> dict[tuple[str, str], int]:
    return {
        (moved, kind): int(count)
        for moved, kind, count in zip(totals["moved"], totals["kind"], totals["moves_count"], strict=True)
    }


def of_the_bridge(steps: pd.DataFrame, currency: str) -> str:
    """From the value at risk then to now, and the step that changed it most (moves/at_risk)."""
    then, now = (words.money(value, currency) for value in steps.query("is_total")["change_value"])
    between = steps.query("not is_total")
    largest = between.iloc[int(between["change_value"].abs().argmax())]
    if not largest["change_value"]:
        return f"At risk: {now}, as before"
    change = words.signed_money(largest["change_value"], currency)
    return f"At risk: {then} then, {now} now; the largest step is “{largest['step']}”, {change}"


def of_the_part(part: Mapping[str, Any]) -> str:
    """Which snapshot lacks what a part of the comparison needs (a row of moves/parts)."""
    is_projection = part["part"] == "value at risk"  # where no promise is open, it has no row and is there all the same
    lacking = [
        which
        for which, count in (("earlier", part["before_count"]), ("later", part["after_count"]))
        if pd.isna(count) or (not count and not is_projection)
    ]
    have = "snapshot has" if len(lacking) == 1 else "snapshots have"
    what = "no projected promises" if is_projection else "none"
    return f"{part['part'].capitalize()} cannot be compared: the {words.joined(lacking)} {have} {what}."


def of_the_customers(customers: pd.DataFrame, named: str) -> str:
    """How many customers are below their target (customers/scoreboard)."""
    judged = customers.dropna(subset=["promise_rate"])
    if judged.empty:
        return f"No promise was due in {named}"
    below = int((judged["promise_rate"] < judged["target_rate"]).sum())
    return f"{words.number(below)} of {words.counted(len(judged), 'customer')} below target, {named}"


def of_the_wait(wait: Mapping[str, Any]) -> str:
    """What made a customer wait most (a row of customer/gap_identity)."""
    if not wait["line_count"]:
        return "No promise in these months"
    parts = {
        "offered later": wait["offered_days"],
        "moved by us": wait["moved_by_us_days"],
        "moved by them": wait["moved_by_customer_days"],
        "missed by us": wait["missed_days"],
    }
    mean = wait["wait_days"] / wait["line_count"]
    cause, days = max(parts.items(), key=lambda part: part[1])
    if days <= 0:
        return f"{words.number(mean, '+.1f')} days against what they asked"
    return f"{words.number(mean, '+.1f')} days against what they asked, most of it {cause}"


def of_the_measures(customer: Mapping[str, Any]) -> str:
    """What the customer sees beside what we report (a row of customer/headline)."""
    if customer["promise_rate"] is None:
        return "Nothing was due in these months"
    if customer["has_own_measure"] and customer["own_rate"] is not None:
        return f"They see {words.percent(customer['own_rate'])}, we report {words.percent(customer['promise_rate'])}"
    return f"We kept {words.percent(customer['promise_rate'])} of our promises"


def own_measure(customer: Mapping[str, Any]) -> str:
    """The customer's measurement contract in words (a row of customer/headline)."""
    if not customer["has_own_measure"]:
        return f"Target {words.share(customer['target_rate'])}. They have no measurement of their own here, so ours stands."
    early = customer["early_days"]
    early = "any time before" if early is None else f"up to {words.counted(int(early), 'day')} early"
    late = f"up to {words.counted(int(customer['allowed_late_days']), 'day')} late"
    short = f"{words.share(customer['tolerance_rate'])} short allowed" if customer["tolerance_rate"] else "in full"
    what = "whole orders" if customer["measured_by"] == "order" else "order lines"
    return (
        f"Target {words.share(customer['target_rate'])}. They measure {what} to the {customer['measured_on']}: {early}, {late},"
        f" {short};"
        f" {words.number(customer['own_kept_count'])} of {words.number(customer['own_due_count'])} kept."
    )


def of_the_lateness(lines: pd.DataFrame) -> str:
    """How many lines came late or still wait (customer/lateness)."""
    if lines.empty:
        return "No promise was due in these months"
    waiting, late = int((lines["outcome"] == "waiting").sum()), int((lines["outcome"] == "late").sum())
    if not waiting and not late:
        return "Every promise was kept"
    return f"{words.counted(late, 'line')} came late or short, {words.counted(waiting, 'line')} still waited for"


def of_the_dates(months: pd.DataFrame) -> str:
    """Asked, promised and delivered value over the months shown (customer/dates)."""
    past = months.dropna(subset=["delivered_value"])
    promised, delivered = float(past["promised_value"].sum()), float(past["delivered_value"].sum())
    if not promised:
        return "Nothing was promised in these months"
    return f"Asked, promised, delivered: {words.share(delivered / promised)} of the value promised so far has arrived"


def of_the_line(line: Mapping[str, Any]) -> str:
    """The gap identity of one order line in a sentence (customer/line)."""
    if line["ended_by"] == "cancelled":
        return "Cancelled: left out of every rate."
    ended = {
        "delivered": "Complete",
        "waiting": "Still waiting on the day of the extracts, so far",
        "promised": "Not due yet; at its promise it would be complete",
    }[line["ended_by"]]
    return (
        f"{ended} {line['wait_days']:+d} days against what was asked: {line['offered_days']:+d} offered,"
        f" {line['moved_by_us_days']:+d} moved by us, {line['moved_by_customer_days']:+d} moved by the customer,"
        f" {line['missed_days']:+d} missed."
    )


def of_the_extracts(snapshot: Mapping[str, Any], held: pd.DataFrame) -> str:
    """How fresh and how complete the snapshot is (a row of overview/snapshot; prepare/extracts)."""
    day = snapshot["as_of_date"]
    rejected = int(snapshot["rejected_count"])
    set_aside = f", {words.counted(rejected, 'row')} set aside" if rejected else ", every row read"
    return f"{words.counted(held['extract_name'].nunique(), 'extract')} as of {day.day} {day:%B %Y}{set_aside}"
