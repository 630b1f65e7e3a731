"""Questions of the pages, written by hand in pandas: the same as in polars_pages.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from bench.peers.rules import CAUSES, PLENTY, RUNGS

Frames = Mapping[str, Any]
"""Frames of pandas; `Any`, since its stubs know less than it does."""
Given = Mapping[str, Any]


def frame(table: pa.Table) -> Any:
    """A table as a frame, its dates as numpy has them."""
    made = table.to_pandas(date_as_object=False)
    return made.astype(dict.fromkeys(made.columns[made.dtypes == "object"], "str"))


def overview_months(frames: Frames, given: Given) -> Any:
    """The months up to the day that the extracts speak for."""
    months = frames["marts.company_months"][["month"]]
    return months[months["month"] <= frames["snapshot"]["as_of_date"].iloc[0]].sort_values("month")


def overview_snapshot(frames: Frames, given: Given) -> Any:
    """What the snapshot is and holds."""
    snapshot = frames["snapshot"].rename(columns={"promise_target": "target_rate", "days_late_allowed": "late_days"})
    return pd.concat([snapshot, frames["marts.totals"]], axis=1)


def overview_trend(frames: Frames, given: Given) -> Any:
    """The three rates by month."""
    months = frames["marts.company_months"]
    shown = [
        "month", "due_count", "kept_count", "promise_rate", "request_rate", "current_rate", "gap_value", "broken_count",
        "let_down_count",
    ]  # fmt: skip
    chosen = months.loc[(months["month"] <= _day(given["month"])) & (months["due_count"] > 0), shown]
    return chosen.assign(target_rate=frames["snapshot"]["promise_target"].iloc[0]).sort_values("month")


def overview_let_down(frames: Frames, given: Given) -> Any:
    """Whom a month let down."""
    months, day = frames["marts.customer_months"], _day(given["month"])
    company = frames["marts.company_months"]
    whole = company.loc[company["month"] == day, "gap_value"].sum()
    found = (
        months[(months["month"] == day) & (months["broken_count"] > 0)]
        .merge(frames["marts.customers"], on="customer_id")
        .merge(frames["marts.customer_totals"], on="customer_id", how="left")
    )
    found["promise_rate"] = _rate(found["kept_count"], found["due_count"])
    found["share_rate"] = found["gap_value"] / (whole or np.nan)
    shown = [
        "customer_id", "customer_name", "broken_count", "due_count", "promise_rate", "target_rate", "gap_value", "share_rate",
        "waiting_value", "tier", "account_manager",
    ]  # fmt: skip
    return found.sort_values(["gap_value", "customer_id"], ascending=[False, True])[shown]


def overview_ladder(frames: Frames, given: Given) -> Any:
    """The same promises under each reading of "kept"."""
    counts = sorted({name for rung in RUNGS.values() for name in rung})
    sums = _within(frames["marts.company_months"], given)[counts].sum()
    kept, due = (np.array([sums[rung[at]] for rung in RUNGS.values()]) for at in (0, 1))
    rate = np.divide(kept, due, out=np.full(len(RUNGS), np.nan), where=due != 0)
    return pd.DataFrame(
        {
            "rung_number": range(1, len(RUNGS) + 1),
            "rung": list(RUNGS),
            "kept_count": kept,
            "due_count": due,
            "promise_rate": rate,
        }
    )


def overview_causes(frames: Frames, given: Given) -> Any:
    """How many broken promises each cause leads, and in how many there is evidence of it."""
    evidence = [name for _, name in CAUSES.values() if name]
    chosen = _within(frames["marts.cause_months"], given)
    if given["customer"] is not None:
        chosen = chosen[chosen["customer_id"] == given["customer"]]
    sums = chosen.groupby("cause")[["broken_count", "gap_value", *evidence]].sum()
    whole = sums.sum()
    led = sums.reindex(list(CAUSES)).fillna(0)
    return pd.DataFrame(
        {
            "cause": list(CAUSES),
            "handover": [handover for handover, _ in CAUSES.values()],
            "broken_count": led["broken_count"].to_numpy(),
            "evidence_count": [
                whole[name] if name else led["broken_count"][cause] for cause, (_, name) in CAUSES.items()
            ],
            "gap_value": led["gap_value"].to_numpy(),
        }
    )


def overview_ahead(frames: Frames, given: Given) -> Any:
    """What is open and what of it will not be there when promised."""
    customers = frames["marts.customers_ahead"]
    summed = [
        "open_count",
        "at_risk_count",
        "still_to_break_count",
        "open_value",
        "at_risk_value",
        "still_to_break_value",
    ]
    sums = customers[summed].sum().to_frame().T
    sums.insert(3, "customer_count", int((customers["still_to_break_count"] > 0).sum()))
    return sums


def overview_at_risk(frames: Frames, given: Given) -> Any:
    """Customers with an open promise that will not be there when promised."""
    ahead = frames["marts.customers_ahead"]
    shown = [
        "customer_name", "tier", "at_risk_count", "at_risk_value", "still_to_break_count", "still_to_break_value", "open_count",
        "open_value", "account_manager", "customer_id",
    ]  # fmt: skip
    found = ahead[ahead["at_risk_count"] > 0].merge(frames["marts.customers"], on="customer_id")
    return found.sort_values(["at_risk_value", "customer_id"], ascending=[False, True]).head(PLENTY)[shown]


def customers_choices(frames: Frames, given: Given) -> Any:
    """The values that the list of customers can be narrowed by."""
    sources: dict[str, Any] = dict.fromkeys(("tier", "region", "account_manager"), frames["marts.customers"])
    sources["product_family"] = frames["marts.families"]
    found = [
        pd.DataFrame({"filter": name, "value": source[name].dropna().unique()}) for name, source in sources.items()
    ]
    return pd.concat(found).sort_values(["filter", "value"])


def customers_scoreboard(frames: Frames, given: Given) -> Any:
    """Every customer's rate, trend and gap."""
    months, family, last = frames["marts.scoreboard_months"], given["product_family"], given["last_month"]
    months = months[months["product_family"].isna() if family is None else months["product_family"] == family]
    summed = ["due_count", "kept_count", "current_due_count", "current_kept_count", "gap_value"]
    found = months.groupby("customer_id")[["overdue_count", "waiting_value"]].sum()
    found = found.join(_within(months, given).groupby("customer_id")[summed].sum())
    up_to = months[months["due_count"] > 0].sort_values("month")
    up_to = up_to if last is None else up_to[up_to["month"] <= _day(last)]
    found["trend"] = up_to.groupby("customer_id").tail(12).groupby("customer_id")["kept_per_cent"].agg(list)
    customers = frames["marts.customers"]
    for name in ("tier", "region", "account_manager"):
        if given[name] is not None:
            customers = customers[customers[name] == given[name]]
    found = found.merge(customers, on="customer_id")
    found[summed] = found[summed].fillna(0)
    found["promise_rate"] = _rate(found["kept_count"], found["due_count"])
    found["repromise_effect_rate"] = (
        _rate(found["current_kept_count"], found["current_due_count"]) - found["promise_rate"]
    )
    found["broken_count"] = found["due_count"] - found["kept_count"]
    shown = [
        "customer_name", "tier", "region", "account_manager", "target_rate", "promise_rate", "trend", "gap_value",
        "waiting_value", "repromise_effect_rate", "due_count", "broken_count", "overdue_count", "customer_id",
    ]  # fmt: skip
    order = ["gap_value", "waiting_value", "customer_id"]
    return found.sort_values(order, ascending=[False, False, True])[shown]


def customer_choices(frames: Frames, given: Given) -> Any:
    """Whom the page can show."""
    customers = frames["marts.customers"][["customer_id", "customer_name"]]
    with_lines = customers["customer_id"].isin(frames["marts.customer_totals"]["customer_id"])
    return customers[with_lines].sort_values(["customer_name", "customer_id"])


def customer_headline(frames: Frames, given: Given) -> Any:
    """Who a customer is and how our promises to them stand."""
    counts = [
        "due_count", "kept_count", "request_due_count", "request_kept_count", "current_due_count", "current_kept_count",
        "gap_value",
    ]  # fmt: skip
    sums = _within(_of(frames["marts.customer_months"], given), given)[counts].sum()
    own = _within(_of(frames["marts.own_months"], given), given)[["own_due_count", "own_kept_count"]].sum()
    found = _of(frames["marts.customers"], given).assign(**sums, **own)
    found = found.merge(frames["marts.customer_totals"], on="customer_id", how="left")
    found["promise_rate"] = _rate(found["kept_count"], found["due_count"])
    found["request_rate"] = _rate(found["request_kept_count"], found["request_due_count"])
    found["current_rate"] = _rate(found["current_kept_count"], found["current_due_count"])
    found["own_rate"] = _rate(found["own_kept_count"], found["own_due_count"])
    found["early_days"] = found["early_days"].where(found["early_days"] < 36500)
    shown = [
        "customer_id", "customer_name", "tier", "segment", "region", "account_manager", "target_rate", "has_own_measure",
        "measured_on", "measured_by", "early_days", "allowed_late_days", "tolerance_rate", "due_count", "kept_count",
        "promise_rate", "request_rate", "current_rate", "gap_value", "own_due_count", "own_kept_count", "own_rate",
        "overdue_count", "waiting_value",
    ]  # fmt: skip
    return found.rename(columns={"late_days": "allowed_late_days"})[shown]


def customer_lateness(frames: Frames, given: Given) -> Any:
    """How many days after the first promise a customer's lines were complete."""
    lines = _of(frames["marts.promises"], given)
    lines = _within(lines[lines["is_due"]], given, "promise_month").nlargest(2_000, "ordered_value")
    after = (lines["ended_date"] - lines["first_promised_date"]).dt.days
    outcome = np.select([lines["is_overdue"], lines["is_kept"]], ["waiting", "kept"], "late")
    shown = ["order_id", "line_number", "first_promised_date", "after_promise_days", "ordered_value", "outcome"]
    return lines.assign(after_promise_days=after, outcome=outcome)[shown]


def customer_open_promises(frames: Frames, given: Given) -> Any:
    """A customer's open order lines, the longest overdue first."""
    lines = _of(frames["marts.promises"], given)
    ahead = _of(frames["marts.promises_ahead"], given)[
        [
            "order_id",
            "line_number",
            "projected_date",
            "is_at_risk",
            "blocking_month",
            "blocking_work_centre_id",
            "at_risk_value",
        ]
    ]
    centres = frames["marts.work_centres"].set_index("work_centre_id")["work_centre_name"]
    names = frames["extracts.products"].set_index("product_id")["product_name"]
    found = lines[lines["open_quantity"] > 0].merge(ahead, on=["order_id", "line_number"], how="left")
    order = ["late_days", "promised_date", "order_id", "line_number"]
    found = found.sort_values(order, ascending=[False, True, True, True]).head(PLENTY)
    found["product_name"] = found["product_id"].map(names).fillna(found["product_id"])
    found["blocking_work_centre_name"] = found["blocking_work_centre_id"].map(centres)
    found["state"] = np.where(found["is_overdue"], "overdue", "open")
    found["at_risk_value"] = found["at_risk_value"].where(found["is_at_risk"] == True)  # noqa: E712, it may be empty
    shown = [
        "order_id", "line_number", "product_name", "requested_date", "first_promised_date", "promised_date", "state", "late_days",
        "projected_date", "is_at_risk", "blocking_work_centre_name", "blocking_month", "move_count", "open_quantity",
        "open_value", "at_risk_value",
    ]  # fmt: skip
    return found[shown]


def customer_stopped_by(frames: Frames, given: Given) -> Any:
    """The work centres and months that stop a customer's open promises."""
    place, there = ["blocking_work_centre_id", "blocking_month"], ["work_centre_id", "month"]
    lines = _of(frames["marts.promises_ahead"], given)
    lines = lines[lines["is_at_risk"] & lines["blocking_work_centre_id"].notna()]
    found = lines.groupby(place, as_index=False).agg(
        at_risk_count=("at_risk_value", "size"), at_risk_value=("at_risk_value", "sum")
    )
    centres = frames["marts.work_centres"].rename(columns={"work_centre_name": "blocking_work_centre_name"})
    hours = frames["marts.work_centre_months"][[*there, "available_hours"]]
    found = found.merge(centres, left_on=place[0], right_on="work_centre_id").drop(columns="work_centre_id")
    found = found.merge(frames["marts.queue_months"], left_on=place, right_on=there).drop(columns=there)
    found = found.merge(hours, left_on=place, right_on=there, how="left")
    shown = [
        "blocking_work_centre_name", "blocking_month", "at_risk_count", "at_risk_value", "queue_hours", "available_hours",
        "customer_count", "blocking_work_centre_id",
    ]  # fmt: skip
    return found.sort_values(["at_risk_value", *place], ascending=[False, True, True])[shown]


def pipeline_headline(frames: Frames, given: Given) -> Any:
    """What is open and what of it is spoken for or too late."""
    open_ = frames["marts.opportunities_ahead"]
    spoken, late = open_["kind"] == "spoken for", open_["is_too_late"] == True  # noqa: E712, it may be empty
    return pd.DataFrame(
        {
            "open_count": [len(open_)],
            "open_value": [open_["opportunity_value"].sum()],
            "weighted_value": [open_["weighted_value"].sum()],
            "spoken_for_count": [spoken.sum()],
            "spoken_for_value": [open_["opportunity_value"][spoken].sum()],
            "spoken_for_too_late_count": [(spoken & late).sum()],
            "too_late_count": [late.sum()],
            "too_late_value": [open_["opportunity_value"][late].sum()],
            "without_date_count": [open_["is_without_date"].sum()],
        }
    )


def pipeline_months(frames: Frames, given: Given) -> Any:
    """What is needed by month, and what cannot be there in time."""
    open_ = frames["marts.opportunities_ahead"]
    open_ = open_[open_["need_month"].notna()]
    value, late = open_["opportunity_value"], open_["is_too_late"] == True  # noqa: E712, it may be empty
    weighed = open_.assign(too_late=late, in_time_value=value.mask(late, 0), too_late_value=value.where(late, 0))
    found = weighed.groupby("need_month", as_index=False).agg(
        opportunity_count=("too_late", "size"),
        too_late_count=("too_late", "sum"),
        in_time_value=("in_time_value", "sum"),
        too_late_value=("too_late_value", "sum"),
        weighted_value=("weighted_value", "sum"),
    )
    return found.sort_values("need_month")


def pipeline_products(frames: Frames, given: Given) -> Any:
    """Products with a routing."""
    found = frames["marts.routing_steps"][["product_id"]].drop_duplicates()
    found = found.merge(frames["extracts.products"][["product_id", "product_name"]], on="product_id", how="left")
    found["product_name"] = found["product_name"].fillna(found["product_id"])
    return found.sort_values(["product_name", "product_id"])


def pipeline_opportunities(frames: Frames, given: Given) -> Any:
    """Open opportunities, those too late first."""
    found = frames["marts.opportunities_ahead"]
    if given["figure"] in ("too late", "spoken for"):
        late = found["is_too_late"] == True  # noqa: E712, it may be empty
        found = found[late if given["figure"] == "too late" else found["kind"] == "spoken for"]
    if given["need_month"] is not None:
        found = found[found["need_month"] == _day(given["need_month"])]
    order = ["is_too_late", "opportunity_value", "opportunity_id"]
    found = found.sort_values(order, ascending=[False, False, True]).head(PLENTY)
    customers = frames["marts.customers"].set_index("customer_id")["customer_name"]
    products = frames["extracts.products"].set_index("product_id")["product_name"]
    centres = frames["marts.work_centres"].set_index("work_centre_id")["work_centre_name"]
    shown = [
        "opportunity_id", "customer_name", "product_name", "in_full_value", "probability_rate", "kind", "need_date",
        "earliest_month", "slip_days", "limiting_work_centre_name", "stage", "opportunity_quantity", "weighted_value",
        "expected_close_date", "requested_date", "promised_date", "owner",
    ]  # fmt: skip
    return found.assign(
        customer_name=found["customer_id"].map(customers),
        product_name=found["product_id"].map(products).fillna(found["product_id"]),
        limiting_work_centre_name=found["limiting_work_centre_id"].map(centres),
        in_full_value=found["opportunity_value"],
    )[shown]


def _load_hours(loads: Any, given: Given) -> Any:
    """What opportunities count for."""
    weight = given["weight"] or "recorded"
    if weight == "all":
        return loads["load_hours"]
    counted = {
        "recorded": loads["weighted_hours"],
        "likely": loads["load_hours"].where(loads["probability_rate"] >= (given["from_rate"] or 0), 0),
    }.get(weight, 0)
    return loads["load_hours"].where(loads["kind"] == "firm", counted)


def capacity_utilisation(frames: Frames, given: Given) -> Any:
    """Load by kind against hours, the fullest work centre first."""
    kinds = {"firm_hours": "firm", "spoken_for_hours": "spoken for", "pipeline_hours": "pipeline"}
    place, loads = ["work_centre_id", "month"], frames["marts.load_classes"]
    loads = loads.assign(load_hours=_load_hours(loads, given))
    loads = loads.assign(**{name: loads["load_hours"].where(loads["kind"] == kind, 0) for name, kind in kinds.items()})
    summed = ["load_hours", "backlog_hours", *kinds]
    found = frames["marts.hours_left"].merge(loads.groupby(place)[summed].sum(), on=place, how="left")
    found[summed] = found[summed].fillna(0)
    found["firm_hours"] -= found["backlog_hours"]
    found["utilisation_rate"] = _rate(found["load_hours"], found["available_hours"])
    found["is_full"] = found["load_hours"] > found["available_hours"] + 0.000001
    centres = frames["marts.work_centres"][["work_centre_id", "work_centre_name", "site"]]
    found = found.merge(centres, on="work_centre_id")
    over = (found["load_hours"] - found["available_hours"]).where(found["is_full"], 0)
    found["over"] = over.groupby(found["work_centre_id"]).transform("sum")
    found["most"] = found.groupby("work_centre_id")["utilisation_rate"].transform("max")
    shown = [
        "work_centre_id", "work_centre_name", "site", "month", "firm_hours", "backlog_hours", "spoken_for_hours",
        "pipeline_hours", "load_hours", "available_hours", "left_hours", "utilisation_rate", "is_full",
    ]  # fmt: skip
    return found.sort_values(["over", "most", *place], ascending=[False, False, True, True])[shown]


def capacity_headline(frames: Frames, given: Given) -> Any:
    """How many months are asked for more than their hours, and the promises that will not be kept."""
    place, loads = ["work_centre_id", "month"], frames["marts.load_classes"]
    loads = loads.assign(load_hours=_load_hours(loads, given)).groupby(place)[["load_hours", "backlog_hours"]].sum()
    months, ahead = frames["marts.work_centre_months"], frames["marts.customers_ahead"]
    found = loads.merge(months, on=place)
    full = found[found["load_hours"] > found["available_hours"] + 0.000001]
    return pd.DataFrame(
        {
            "month_count": [len(months)],
            "full_count": [len(full)],
            "full_work_centre_count": [full["work_centre_id"].nunique()],
            "overload_hours": [(found["load_hours"] - found["available_hours"]).clip(lower=0).sum()],
            "backlog_hours": [found["backlog_hours"].sum()],
            "at_risk_count": [ahead["at_risk_count"].sum()],
            "at_risk_value": [ahead["at_risk_value"].sum()],
            "still_to_break_count": [ahead["still_to_break_count"].sum()],
            "still_to_break_value": [ahead["still_to_break_value"].sum()],
            "customer_count": [(ahead["at_risk_count"] > 0).sum()],
        }
    )


def capacity_customers(frames: Frames, given: Given) -> Any:
    """Who asks for hours of a work centre in a month."""
    queues = _in_month(frames["marts.queues"], given)
    steps = _in_month(frames["marts.opportunity_steps"], given)
    at_risk = queues["is_at_risk"] == True  # noqa: E712, it may be empty
    firm = pd.DataFrame(
        {
            "customer_id": queues["customer_id"],
            "firm_hours": queues["step_hours"],
            "backlog_hours": queues["step_hours"].where(queues["is_backlog"], 0),
            "at_risk_count": at_risk.astype(int),
            "at_risk_value": queues["at_risk_value"].where(at_risk, 0),
        }
    )
    asked = pd.DataFrame(
        {
            "customer_id": steps["customer_id"],
            "spoken_for_hours": steps["step_hours"].where(steps["kind"] == "spoken for", 0),
            "weighted_pipeline_hours": (steps["step_hours"] * steps["probability_rate"]).where(
                steps["kind"] == "pipeline", 0
            ),
        }
    )
    found = pd.concat([firm, asked]).groupby("customer_id").sum()
    found = found.merge(frames["marts.customers"][["customer_id", "customer_name", "tier"]], on="customer_id")
    found["load_share_rate"] = found["firm_hours"] / (found["firm_hours"].sum() or np.nan)
    found["first"] = found["firm_hours"] + found["spoken_for_hours"]
    order = ["first", "weighted_pipeline_hours", "customer_id"]
    shown = [
        "customer_name", "tier", "firm_hours", "load_share_rate", "backlog_hours", "spoken_for_hours",
        "weighted_pipeline_hours", "at_risk_count", "at_risk_value", "customer_id",
    ]  # fmt: skip
    return found.sort_values(order, ascending=[False, False, True]).head(PLENTY)[shown]


def capacity_lines(frames: Frames, given: Given) -> Any:
    """The order lines that ask for hours of a work centre in a month, as they are served."""
    found = _in_month(frames["marts.queues"], given)
    found = found.sort_values(["first_promised_date", "order_id", "line_number"]).head(PLENTY)
    customers = frames["marts.customers"].set_index("customer_id")["customer_name"]
    products = frames["extracts.products"].set_index("product_id")["product_name"]
    shown = [
        "customer_name", "order_id", "line_number", "product_name", "first_promised_date", "promised_date", "projected_date",
        "step_hours", "is_backlog", "is_at_risk", "at_risk_value", "customer_id",
    ]  # fmt: skip
    return found.assign(
        customer_name=found["customer_id"].map(customers),
        product_name=found["product_id"].map(products).fillna(found["product_id"]),
    )[shown]


def arbitrate_contested(frames: Frames, given: Given) -> Any:
    """Contested work centre-months, the most value at stake first."""
    order = ["at_stake_value", "missing_hours", "overload_hours", "work_centre_id", "month"]
    found = frames["marts.contested_months"].sort_values(order, ascending=[False, False, False, True, True])
    shown = [
        "work_centre_id", "work_centre_name", "month", "load_hours", "available_hours", "missing_hours", "customer_count",
        "customer_names", "broken_count", "beyond_horizon_count", "at_stake_value", "imposed_days", "since_date",
    ]  # fmt: skip
    return found[shown]


def arbitrate_lines(frames: Frames, given: Given) -> Any:
    """Open order lines with what is earned on a unit. Opportunities are not asked for when the page opens."""
    assert given["opportunities"] is None
    found = frames["marts.promises_ahead"]
    shown = [
        "claim_number", "order_id", "line_number", "customer_number", "product_id", "promised_date", "due_month",
        "is_overdue", "is_opportunity", "open_quantity", "unit_price", "unit_margin",
    ]  # fmt: skip
    return found.assign(is_opportunity=False, unit_price=found["unit_price"].fillna(0))[shown]


def arbitrate_steps(frames: Frames, given: Given) -> Any:
    """What every open order line asks of a work centre in a month."""
    assert given["opportunities"] is None
    found = frames["marts.queues"]
    found = found[found["work_centre_number"].notna()]
    return found[["claim_number", "work_centre_number", "month_number", "step_hours"]]


def _day(value: Any) -> Any:
    return pd.Timestamp(value)


def _of(rows: Any, given: Given) -> Any:
    """A customer's rows."""
    return rows[rows["customer_id"] == given["customer"]]


def _in_month(rows: Any, given: Given) -> Any:
    """What is in a work centre's month."""
    return rows[(rows["work_centre_id"] == given["work_centre"]) & (rows["load_month"] == _day(given["load_month"]))]


def _within(rows: Any, given: Given, month: str = "month") -> Any:
    """From the first month to the last, where they are given."""
    chosen = np.ones(len(rows), dtype=bool)
    if given["first_month"] is not None:
        chosen &= rows[month].to_numpy() >= np.datetime64(given["first_month"])
    if given["last_month"] is not None:
        chosen &= rows[month].to_numpy() <= np.datetime64(given["last_month"])
    return rows[chosen]


def _rate(part: Any, whole: Any) -> Any:
    """Empty where the whole is nothing."""
    return part / whole.where(whole != 0)


QUESTIONS: dict[str, Callable[[Frames, Given], Any]] = {
    "overview/months": overview_months, "overview/snapshot": overview_snapshot, "overview/trend": overview_trend,
    "overview/let_down": overview_let_down, "overview/ladder": overview_ladder, "overview/causes": overview_causes,
    "overview/ahead": overview_ahead, "overview/at_risk": overview_at_risk, "customers/choices": customers_choices,
    "customers/scoreboard": customers_scoreboard, "customer/choices": customer_choices,
    "customer/headline": customer_headline, "customer/lateness": customer_lateness,
    "customer/open_promises": customer_open_promises, "customer/stopped_by": customer_stopped_by,
    "pipeline/headline": pipeline_headline, "pipeline/months": pipeline_months, "pipeline/products": pipeline_products,
    "pipeline/opportunities": pipeline_opportunities, "capacity/utilisation": capacity_utilisation,
    "capacity/headline": capacity_headline, "capacity/customers": capacity_customers, "capacity/lines": capacity_lines,
    "arbitrate/contested": arbitrate_contested, "arbitrate/lines": arbitrate_lines, "arbitrate/steps": arbitrate_steps,
}  # fmt: skip
