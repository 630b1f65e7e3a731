"""The sentences of the pages about the months ahead: read from the figures of a query, never computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sop import words
from sop.promising import Answer, Collision, customers_moved


def of_the_capacity(months: pd.DataFrame) -> str:
    """Where it is fullest (capacity/utilisation, the fullest work centre first)."""
    first = months[months["work_centre_id"] == months["work_centre_id"].iloc[0]]
    full = first[first["is_full"]]
    others = months[months["is_full"]]["work_centre_id"].nunique() - 1
    if full.empty:
        return "No work centre is asked for more than its hours"
    span = words.month_name(full["month"].iloc[0])
    if len(full) > 1:
        span = f"in {words.counted(len(full), 'month')}, {span} to {words.month_name(full['month'].iloc[-1])}"
    else:
        span = f"in {span}"
    also = f"; {words.counted(others, 'other')} in at least one" if others else ""
    return f"{first['work_centre_name'].iloc[0]} is asked for more than its hours {span}{also}"


def of_the_work_centre(months: pd.DataFrame) -> str:
    """How one work centre stands (rows of capacity/utilisation)."""
    name, full = months["work_centre_name"].iloc[0], months[months["is_full"]]
    if full.empty:
        return f"{name} has room in every month"
    missing = (full["load_hours"] - full["available_hours"]).sum()
    return f"{name} lacks {words.whole(missing)} hours in {words.counted(len(full), 'month')}"


def of_the_cell(name: str, month: str, customers: pd.DataFrame) -> str:
    """Who fills a work centre-month (capacity/customers)."""
    if customers.empty:
        return f"Nobody asks for {name} in {words.month_name(month)}"
    first = customers.sort_values("firm_hours", ascending=False, kind="stable").iloc[0]
    if pd.isna(first["load_share_rate"]) or not first["firm_hours"]:
        return f"No order asks for {name} in {words.month_name(month)}, only opportunities"
    told = customers.sort_values("spoken_for_hours", ascending=False, kind="stable").iloc[0]
    has_weight = told["spoken_for_hours"] > 0.2 * customers["firm_hours"].sum()
    more = (
        f"; {told['customer_name']} was told a date for {words.whole(told['spoken_for_hours'])} hours more"
        if has_weight
        else ""
    )
    share = f"{first['customer_name']} takes {words.share(first['load_share_rate'])} of the firm load"
    return f"{words.month_name(month)} at {name}: {share}{more}"


def of_the_pipeline(known: Mapping[str, Any], currency: str) -> str:
    """How many opportunities cannot be there when needed (a row of pipeline/headline)."""
    if not known["open_count"]:
        return "No opportunity is open"
    if not known["too_late_count"]:
        return f"All {words.number(int(known['open_count']))} open opportunities can be there when needed, each taken alone"
    return (
        f"{words.number(int(known['too_late_count']))} of"
        f" {words.counted(int(known['open_count']), 'open opportunity', 'open opportunities')}"
        f" cannot be there when needed: {words.money(known['too_late_value'], currency)}"
    )


def of_the_already_told(known: Mapping[str, Any], currency: str) -> str:
    """Dates given before there is an order (a row of pipeline/headline)."""
    if not known["spoken_for_count"]:
        return "No customer has been given a date before ordering"
    kept = int(known["spoken_for_count"] - known["spoken_for_too_late_count"])
    return (
        f"{words.counted(int(known['spoken_for_count']), 'date')} already given without an order,"
        f" {words.money(known['spoken_for_value'], currency)}; {words.number(kept)} of them can be kept"
    )


def of_the_risk(known: Mapping[str, Any], currency: str) -> str:
    """What will break (a row of overview/ahead)."""
    if not known["at_risk_count"]:
        return "Every open promise can be kept, as far as hours are known"
    return (
        f"{words.counted(int(known['still_to_break_count']), 'open promise')} not due yet will break for want of hours,"
        f" {words.money(known['still_to_break_value'], currency)}, at {words.counted(int(known['customer_count']), 'customer')}"
    )


def of_the_causes(found: pd.DataFrame) -> str:
    """What leads among the causes (overview/causes, customer/causes)."""
    known = found[found["broken_count"] > 0]
    if known.empty:
        return "No promise was broken"
    first = known.sort_values("broken_count", ascending=False, kind="stable").iloc[0]
    return (
        f"Where the gap opened: {first['cause']}, {words.number(first['broken_count'])} of"
        f" {words.number(known['broken_count'].sum())} broken promises"
    )


def of_the_collision(known: Mapping[str, Any], found: Collision) -> str:
    """Whom an opportunity would move (a row of pipeline/opportunity)."""
    won = f"If {known['opportunity_id']} is won for {_day(known['need_date'])}"
    if found.moved.empty:
        return f"{won}, no promise already given moves"
    customers = found.moved["customer_name"].drop_duplicates()
    days = found.moved["moved_days"].dropna()
    by = f" by {_span(days)}" if len(days) else ""
    if len(customers) > 3:
        most = customers_moved(found.moved)["customer_name"].head(2)
        names = f"{words.counted(len(customers), 'customer')}, {words.joined(list(most))} foremost,"
    else:
        names = words.joined(list(customers))
    return f"{won}, {words.counted(len(found.moved), 'order line')} of {names} move{'' if len(found.moved) > 1 else 's'}{by}"


def of_the_way_out(known: Mapping[str, Any], found: Collision, currency: str) -> str:
    """What the opportunity is, when it would itself be there, and from when on it hurts nobody."""
    said = [
        f"{known['customer_name']}: {words.whole(float(known['opportunity_quantity']))} × {known['product_name']},"
        f" {words.money(known['opportunity_value'], currency)}, {known['stage']}, {words.share(known['probability_rate'])}."
    ]
    never = int(found.moved["would_come_date"].isna().sum())
    if never:
        said.append(f"{words.counted(never, 'line')} would not fit into the months known at all.")
    if found.own_month is None:
        said.append("It would itself not be there within the months known.")
    elif found.own_month > known["need_month"]:
        said.append(f"Even so it would itself not be there before {words.month_name(found.own_month)}.")
    if found.harmless_month is None:
        said.append("There is no month known in which it would be there as promised and move nobody.")
    elif found.harmless_month == known["need_month"]:
        said.append("It hurts nobody at that date.")
    else:
        said.append(f"Promised for {words.month_name(found.harmless_month)}, it would hurt nobody.")
    return " ".join(said)


def of_the_answer(answer: Answer, product: str, units: float) -> str:
    """The earliest month that could honestly be promised."""
    what = f"{words.number(units, ',.10g')} × {product}"
    unknown = f" The hours of {words.joined(list(answer.unknown))} are not known." if answer.unknown else ""
    if answer.steps.empty:
        return f"{what}: nothing can be said.{unknown}"
    if answer.month is None:
        return f"{what}: not within the months known, for want of hours at {answer.limited_by}.{unknown}"
    return f"{what}: {words.month_name(answer.month)} at the earliest, limited by {answer.limited_by}.{unknown}"


def _day(date: Any) -> str:
    return f"{date.day} {date:%B %Y}"


def _span(days: pd.Series) -> str:
    least, most = int(days.min()), int(days.max())
    return words.counted(most, "day") if least == most else f"{words.number(least)} to {words.number(most)} days"


def of_the_open(known: Mapping[str, Any] | None, currency: str) -> str:
    """What of a customer's open promises will not be there (a row of customer/ahead, None where nothing is open)."""
    if known is None:
        return "Nothing is open"
    if not known["at_risk_count"]:
        return f"What they are still to get: {words.money(known['open_value'], currency)}, all of it as promised as far as known"
    return (
        f"What they are still to get: {words.number(int(known['at_risk_count']))} of"
        f" {words.counted(int(known['open_count']), 'line')}"
        f" will not be there when promised, {words.money(known['at_risk_value'], currency)}"
    )


def of_the_hot(known: Mapping[str, Any], currency: str) -> str:
    """How many promises were made onto a full month (a row of overview/hot)."""
    if not known["hot_count"]:
        return "None of these promises was made onto a month that was full already."
    return (
        f"{words.number(int(known['hot_count']))} of {words.counted(int(known['line_count']), 'promise')}"
        f" ({words.percent(known['hot_rate'])},"
        f" {words.money(known['hot_value'], currency)}) {'were' if known['hot_count'] > 1 else 'was'} made onto a month that was"
        f" full already; {words.number(int(known['hot_broken_count']))} of them broken so far."
    )


def of_the_line_ahead(line: Mapping[str, Any], currency: str) -> str:
    """When an open line can really be there, and what stops it (a row of customer/line_ahead)."""
    if line["is_without_routing"]:
        return "Its product has no routing, so nothing is known about the hours it needs."
    unknown = " Some of the hours it needs are unknown." if line["is_without_hours"] else ""
    if not line["is_at_risk"]:
        return f"The hours for it are there in time for the promise of today.{unknown}"
    ends = (
        "not within the months known"
        if line["is_beyond_horizon"]
        else f"by {_day(line['projected_date'])} at the earliest"
    )
    stop = ""
    if line["blocking_work_centre_name"]:
        stop = f" {line['blocking_work_centre_name']} is short of hours in {words.month_name(line['blocking_month'])}."
    late = (
        f"{words.number(line['late_quantity'], ',.10g')} units, {words.money(line['at_risk_value'], currency)},"
        " will not be there when promised"
    )
    return f"Projected {ends}: {late}.{stop}{unknown}"


def of_both_views(line: Mapping[str, Any], currency: str) -> tuple[str, str, str]:
    """What sales saw, what operations saw, and where the gap opened (a row of customer/both_views)."""
    seen = f", an opportunity since {_day(line['first_seen_date'])}" if line["first_seen_date"] is not None else ""
    sales = (
        f"asked for {_day(line['asked_date'])}, promised for {_day(line['first_promised_date'])},"
        f" {words.money(line['ordered_value'], currency)}{seen}"
    )
    facts = []
    if line["lead_time_days"] is not None and line["given_days"] is not None:
        facts.append(f"{int(line['given_days'])} days given, {int(line['lead_time_days'])} of lead time")
    if line["full_work_centre_name"]:
        facts.append(
            f"{line['full_work_centre_name']} promised {words.whole(line['load_hours'])} of"
            f" {words.whole(line['available_hours'])} hours"
        )
    facts.append(f"reason “{line['reason']}”, waiting on {line['waiting_on']}" if line["reason"] else "no reason given")
    flags = {
        "promised inside lead time": line["is_inside_lead_time"], "not seen coming": line["is_not_seen_coming"],
        "no room in the plan": line["is_without_room"], "reason given": line["is_reason_given"],
        "promised onto a full month": line["is_hot"],
    }  # fmt: skip
    also = [name for name, is_so in flags.items() if is_so and name != line["cause"]]
    return sales, "; ".join(facts), f"{line['cause']}{'; also ' + words.joined(also) if also else ''}"
