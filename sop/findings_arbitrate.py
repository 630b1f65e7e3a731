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
        f" {words.whole(first['load_hours'])} of {words.whole(first['available_hours'])} hours,"
        f" {words.share(first['utilisation_rate'])}."
    )


def of_a_card(cell: Mapping[str, Any]) -> list[str]:
    """What happens at one work centre-month if nobody decides, the hours missing, since when and whose, a line each
    (arbitrate/contested).
    """
    hours = f"{words.whole(cell['load_hours'])} hours asked for, {words.whole(cell['available_hours'])} there"
    if not cell["broken_count"]:
        return [f"{hours}, opportunities by their chance among them", "If nobody decides, no promise given breaks here"]
    beyond = (
        f", {words.counted(int(cell['beyond_horizon_count']), 'line')} of them not within the months known"
        if cell["beyond_horizon_count"]
        else ""
    )
    since = cell["since_date"]
    still = cell.get("still_broken_count")
    in_force = [] if still is None else [f"In the plan in force {words.number(still)} of these promises still break"]
    return [
        f"If nobody decides, {words.counted(int(cell['broken_count']), 'promise')} of"
        f" {words.counted(int(cell['customer_count']), 'customer')} break{'s' if cell['broken_count'] == 1 else ''}, by"
        f" {words.counted(int(cell['imposed_days']), 'day')} in all{beyond}",
        *in_force,
        f"{hours}; {words.whole(cell['missing_hours'])} hours of orders come later",
        f"First promised for {since.day} {since:%B %Y}",
        f"Foremost: {cell['customer_names']}",
    ]


def of_who_decided(decided: Mapping[str, Any]) -> str:
    """Who decided on a work centre-month, when, and for which option (arbitrate/decided)."""
    day = decided["decided_date"]
    return f"Decided: {decided['decided_by']}, {day.day} {day:%B %Y}, “{decided['title']}”"


def of_what_is_written(there: int, elsewhere: int, cell: str) -> str:
    """Which lines a decision writes down: those that ask for hours there, and those that move elsewhere."""
    kept = (
        f"{words.counted(there, 'order line')} that ask{'s' if there == 1 else ''} for hours of {cell}, kept or moved"
    )
    if not elsewhere:
        return f"Written down with its date: {kept}. No other line moves from the plan in force."
    others = f"{words.counted(elsewhere, 'other line')} that this option moves from the plan in force"
    return f"Written down with their dates: {kept}, and {others}: the hours hang together."


def of_the_claims(claims: pd.DataFrame, cell: str) -> str:
    """Who asks for most of the hours of one work centre-month (arbitrate/claims)."""
    if claims.empty:
        return f"No open order line asks for hours of {cell}"
    first, asked = claims.iloc[0], float(claims["step_hours"].sum())
    return (
        f"{words.counted(len(claims), 'customer')} claim{'s' if len(claims) == 1 else ''} hours of {cell}:"
        f" {first['customer_name']} {words.share(first['step_hours'] / asked)} of them"
        if asked
        else f"{words.counted(len(claims), 'customer')} with order lines in {cell}"
    )


def of_the_options(options: Mapping[str, Option], base: Option, currency: str) -> str:
    """What the best overall wins on what is in force."""
    best, now = options["best"].totals, base.totals
    in_force = "serving the earliest promise first" if base.name == "promise" else "the plan in force"
    if best["broken_count"] == now["broken_count"] and round(best["late_value"] - now["late_value"]) == 0:
        return f"Best overall breaks as many promises as {in_force}"
    change = best["late_value"] - now["late_value"]
    more = "less" if change < 0 else "more"
    return (
        f"Best overall: {words.number(best['broken_count'])} promises broken instead of {words.number(now['broken_count'])},"
        f" {words.money(abs(change), currency)} {more} late than {in_force}"
    )


def of_the_proof(best: Option, currency: str) -> str:
    """How good the best overall is proven to be."""
    found = best.best
    if found is None or found.is_proven:
        return "Proven: no deal of these hours does better at these weights."
    cost = float(best.totals["weighed_value"])
    gap = (cost - found.bound) / cost if cost else 0.0
    return (
        f"Time ran out: this is the best of the policies, at most {words.share(gap)} from the best possible."
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
        f" {currency} {words.whole(first['saved_value'])}"
    )


def of_the_range(values: pd.DataFrame) -> str:
    """What is saved by an hour, and how far that holds (arbitrated.hour_values)."""
    saved = "Saved: what a month late costs at these weights."
    if "from_hours" not in values:
        return f"{saved} Between which hours it holds is not worked out: there are too many different order lines."
    return f"{saved} It holds while the hours there stay between the two figures."


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
        f"Against {start.title}: {words.number(after['broken_count'])} promises broken instead of"
        f" {words.number(before['broken_count'])},"
        f" {words.signed_money(change, currency)} late.{breaks}"
    )
