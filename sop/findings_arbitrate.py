"""The sentences of the page about who gets the scarce hours: read from figures, never computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sop import words
from sop.arbitrating import Option


def of_the_contested(contested: pd.DataFrame, currency: str) -> str:
    """Where most is at stake (arbitrate/contested)."""
    if contested.empty:
        return "No hours are contested"
    first = contested.iloc[0]
    where = f"{first['work_centre_name']} in {words.month_name(first['month'])}"
    if not first["broken_count"]:
        return f"{words.counted(len(contested), 'month')} asked for more than the hours, and no promise breaks yet"
    return (
        f"{where} breaks {words.counted(int(first['broken_count']), 'promise')} of"
        f" {words.counted(int(first['customer_count']), 'customer')}: {words.money(first['at_stake_value'], currency)}"
    )


def of_the_tightest(months: pd.DataFrame) -> str:
    """The fullest work centre-month (capacity/utilisation) where none is contested."""
    rated = months.dropna(subset=["utilisation_rate"])
    if rated.empty:
        return "No work centre is asked for any hours."
    first = rated.sort_values("utilisation_rate", ascending=False, kind="stable").iloc[0]
    return (
        f"Nobody has to wait for anybody. Tightest is {first['work_centre_name']} in {words.month_name(first['month'])}:"
        f" {first['load_hours']:,.0f} of {first['available_hours']:,.0f} hours, {first['utilisation_rate']:.0%}."
    )


def of_a_card(cell: Mapping[str, Any], currency: str) -> str:
    """What is missing at one work centre-month, whose it is, and what happens if nobody decides (arbitrate/contested)."""
    hours = f"{cell['load_hours']:,.0f} hours asked for, {cell['available_hours']:,.0f} there"
    if not cell["broken_count"]:
        return f"{hours}, opportunities by their chance among them. If nobody decides, no promise given breaks here."
    beyond = (
        f", {words.counted(int(cell['beyond_horizon_count']), 'line')} of them not within the months known"
        if cell["beyond_horizon_count"]
        else ""
    )
    return (
        f"{hours}; {cell['missing_hours']:,.0f} hours of orders come later. If nobody decides,"
        f" {words.counted(int(cell['broken_count']), 'promise')} of {words.counted(int(cell['customer_count']), 'customer')}"
        f" break{'s' if cell['broken_count'] == 1 else ''}, {words.counted(int(cell['imposed_days']), 'day')} in all{beyond}."
        f" First promised: {cell['since_date'].day} {cell['since_date']:%B %Y}. Foremost: {cell['customer_names']}."
    )


def of_the_options(options: Mapping[str, Option], currency: str) -> str:
    """What the best overall wins on the policy in force."""
    best, now = options["best"].totals, options["promise"].totals
    if best["broken_count"] == now["broken_count"] and round(best["late_value"] - now["late_value"]) == 0:
        return "No option does better than serving the earliest promise first"
    change = best["late_value"] - now["late_value"]
    more = "less" if change < 0 else "more"
    return (
        f"Best overall: {best['broken_count']:,} promises broken instead of {now['broken_count']:,},"
        f" {words.money(abs(change), currency)} {more} late than serving the earliest promise first"
    )


def of_the_proof(best: Option, currency: str) -> str:
    """How good the best overall is proven to be."""
    found = best.best
    if found is None or found.given is not None:
        return "Proven: no deal of these hours does better at these weights."
    cost = float(best.totals["weighed_value"])
    gap = (cost - found.bound) / cost if cost else 0.0
    return (
        f"Time ran out: this is the best of the policies, at most {gap:.0%} from the best possible."
        f" The least possible is proven to be no lower than {words.money(found.bound, currency)}."
    )


def of_the_hours(values: pd.DataFrame, currency: str) -> str:
    """What the dearest hour would save (arbitrated.hour_values)."""
    saving = values[values["saved_value"] > 0.005]
    if saving.empty:
        return "One more hour anywhere would save nothing"
    first = saving.iloc[0]
    return (
        f"One more hour of {first['work_centre_name']} in {words.month_name(first['month'])} saves about"
        f" {currency} {first['saved_value']:,.0f}"
    )


def of_the_hand(hand: Option, start: Option, currency: str) -> str:
    """What a hand change does to the option it started from."""
    before, after = start.totals, hand.totals
    change = after["late_value"] - before["late_value"]
    customers = hand.customers.merge(start.customers, on="customer_id", suffixes=("", "_before"))
    worse = customers[customers["broken_count"] > customers["broken_count_before"]]
    breaks = ""
    if len(worse):
        more = worse.assign(more=worse["broken_count"] - worse["broken_count_before"]).sort_values(
            ["more", "customer_id"], ascending=[False, True]
        )
        names = [f"{name} ({int(count)})" for name, count in zip(more["customer_name"], more["more"], strict=True)]
        breaks = f" More promises break at {words.joined(names[:5])}{' and others' if len(names) > 5 else ''}."
    return (
        f"Against {start.title}: {after['broken_count']:,} promises broken instead of {before['broken_count']:,},"
        f" {words.signed_money(change, currency)} late.{breaks}"
    )
