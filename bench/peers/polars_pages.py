"""Questions of the pages, written by hand in Polars: of each page its slowest and its heaviest.

Frames are the marts in memory, with the columns that the questions read, by the name of the table. What is given is bound as for
our own queries: every parameter by its name, None where none is given. Values are floating-point numbers here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pyarrow as pa
from polars import col

from bench.peers.rules import CAUSES, PLENTY, RUNGS

Frames = Mapping[str, pl.DataFrame]
Given = Mapping[str, Any]


def frame(table: pa.Table) -> pl.DataFrame:
    """A table as a frame."""
    made = pl.from_arrow(table)
    assert isinstance(made, pl.DataFrame)
    return made


def overview_months(frames: Frames, given: Given) -> pl.DataFrame:
    """The months up to the day that the extracts speak for."""
    as_of = frames["snapshot"]["as_of_date"][0]
    return frames["marts.company_months"].lazy().select("month").filter(col("month") <= as_of).sort("month").collect()


def overview_snapshot(frames: Frames, given: Given) -> pl.DataFrame:
    """What the snapshot is and holds."""
    snapshot = frames["snapshot"].rename({"promise_target": "target_rate", "days_late_allowed": "late_days"})
    return pl.concat([snapshot, frames["marts.totals"]], how="horizontal")


def overview_trend(frames: Frames, given: Given) -> pl.DataFrame:
    """The three rates by month."""
    shown = [
        "month", "due_count", "kept_count", "promise_rate", "request_rate", "current_rate", "gap_value", "broken_count",
        "let_down_count",
    ]  # fmt: skip
    chosen = (col("month") <= given["month"]) & (col("due_count") > 0)
    target = pl.lit(frames["snapshot"]["promise_target"][0]).alias("target_rate")
    return frames["marts.company_months"].lazy().filter(chosen).select(*shown, target).sort("month").collect()


def overview_let_down(frames: Frames, given: Given) -> pl.DataFrame:
    """Whom a month let down."""
    months = frames["marts.company_months"]
    whole = months.filter(col("month") == given["month"])["gap_value"]
    whole_gap = whole[0] if len(whole) and whole[0] else None
    return (
        frames["marts.customer_months"].lazy()
        .filter((col("month") == given["month"]) & (col("broken_count") > 0))
        .join(frames["marts.customers"].lazy(), on="customer_id")
        .join(frames["marts.customer_totals"].lazy(), on="customer_id", how="left")
        .select(
            "customer_id", "customer_name", "broken_count", "due_count",
            _rate(col("kept_count"), col("due_count")).alias("promise_rate"), "target_rate", "gap_value",
            (col("gap_value") / whole_gap).alias("share_rate"), "waiting_value", "tier", "account_manager",
        )
        .sort("gap_value", "customer_id", descending=[True, False])
        .collect()
    )  # fmt: skip


def overview_ladder(frames: Frames, given: Given) -> pl.DataFrame:
    """The same promises under each reading of "kept"."""
    counts = sorted({name for rung in RUNGS.values() for name in rung})
    [sums] = frames["marts.company_months"].lazy().filter(_within(given)).select(col(counts).sum()).collect().to_dicts()
    return pl.DataFrame(
        {
            "rung_number": range(1, len(RUNGS) + 1),
            "rung": list(RUNGS),
            "kept_count": [sums[kept] for kept, _ in RUNGS.values()],
            "due_count": [sums[due] for _, due in RUNGS.values()],
            "promise_rate": [sums[kept] / sums[due] if sums[due] else None for kept, due in RUNGS.values()],
        }
    )


def overview_causes(frames: Frames, given: Given) -> pl.DataFrame:
    """How many broken promises each cause leads, and in how many there is evidence of it."""
    evidence = [name for _, name in CAUSES.values() if name]
    chosen = _within(given)
    if given["customer"] is not None:
        chosen = chosen & (col("customer_id") == given["customer"])
    summed = ["broken_count", "gap_value", *evidence]
    sums = frames["marts.cause_months"].lazy().filter(chosen).group_by("cause").agg(col(summed).sum()).collect()
    found = {row["cause"]: row for row in sums.to_dicts()}
    whole = {name: sum(row[name] for row in found.values()) for name in evidence}
    led = {cause: found.get(cause, {"broken_count": 0, "gap_value": 0.0}) for cause in CAUSES}
    return pl.DataFrame(
        {
            "cause": list(CAUSES),
            "handover": [handover for handover, _ in CAUSES.values()],
            "broken_count": [led[cause]["broken_count"] for cause in CAUSES],
            "evidence_count": [
                whole[name] if name else led[cause]["broken_count"] for cause, (_, name) in CAUSES.items()
            ],
            "gap_value": [led[cause]["gap_value"] for cause in CAUSES],
        }
    )


def overview_ahead(frames: Frames, given: Given) -> pl.DataFrame:
    """What is open and what of it will not be there when promised."""
    summed = [
        "open_count",
        "at_risk_count",
        "still_to_break_count",
        "open_value",
        "at_risk_value",
        "still_to_break_value",
    ]
    customers = (col("still_to_break_count") > 0).sum().alias("customer_count")
    sums = frames["marts.customers_ahead"].lazy().select(col(summed).sum(), customers).collect()
    return sums.select(*summed[:3], "customer_count", *summed[3:])


def overview_at_risk(frames: Frames, given: Given) -> pl.DataFrame:
    """Customers with an open promise that will not be there when promised."""
    return (
        frames["marts.customers_ahead"].lazy()
        .filter(col("at_risk_count") > 0)
        .join(frames["marts.customers"].lazy(), on="customer_id")
        .sort("at_risk_value", "customer_id", descending=[True, False])
        .head(PLENTY)
        .select(
            "customer_name", "tier", "at_risk_count", "at_risk_value", "still_to_break_count", "still_to_break_value",
            "open_count", "open_value", "account_manager", "customer_id",
        )
        .collect()
    )  # fmt: skip


def customers_choices(frames: Frames, given: Given) -> pl.DataFrame:
    """The values that the list of customers can be narrowed by."""
    customers = frames["marts.customers"].lazy()
    sources = dict.fromkeys(("tier", "region", "account_manager"), customers)
    sources["product_family"] = frames["marts.families"].lazy()
    return (
        pl.concat(
            [
                source.select(pl.lit(name).alias("filter"), col(name).alias("value")).unique()
                for name, source in sources.items()
            ]
        )
        .drop_nulls("value")
        .sort("filter", "value")
        .collect()
    )


def customers_scoreboard(frames: Frames, given: Given) -> pl.DataFrame:
    """Every customer's rate, trend and gap."""
    family = given["product_family"]
    last = given["last_month"]
    within = _within(given)
    up_to = (col("month") <= last) if last is not None else pl.lit(True)
    summed = ["due_count", "kept_count", "current_due_count", "current_kept_count", "gap_value"]
    sums = (
        frames["marts.scoreboard_months"].lazy()
        .filter(col("product_family").is_null() if family is None else col("product_family") == family)
        .sort("month")
        .group_by("customer_id", maintain_order=False)
        .agg(
            *(col(name).filter(within).sum() for name in summed),
            col("overdue_count").sum(), col("waiting_value").sum(),
            col("kept_per_cent").filter((col("due_count") > 0) & up_to).tail(12).alias("trend"),
        )
    )  # fmt: skip
    chosen = [
        col(name).fill_null("") == given[name]
        for name in ("tier", "region", "account_manager")
        if given[name] is not None
    ]
    rate = _rate(col("kept_count"), col("due_count"))
    customers = frames["marts.customers"].lazy()
    return (
        sums.join(customers.filter(*chosen) if chosen else customers, on="customer_id")
        .select(
            "customer_name", "tier", "region", "account_manager", "target_rate", rate.alias("promise_rate"), "trend", "gap_value",
            "waiting_value",
            (_rate(col("current_kept_count"), col("current_due_count")) - rate).alias("repromise_effect_rate"),
            "due_count", (col("due_count") - col("kept_count")).alias("broken_count"), "overdue_count", "customer_id",
        )
        .sort("gap_value", "waiting_value", "customer_id", descending=[True, True, False])
        .collect()
    )  # fmt: skip


def customer_choices(frames: Frames, given: Given) -> pl.DataFrame:
    """Whom the page can show."""
    return (
        frames["marts.customers"].lazy()
        .join(frames["marts.customer_totals"].lazy(), on="customer_id", how="semi")
        .select("customer_id", "customer_name")
        .sort("customer_name", "customer_id")
        .collect()
    )  # fmt: skip


def customer_headline(frames: Frames, given: Given) -> pl.DataFrame:
    """Who a customer is and how our promises to them stand."""
    here = col("customer_id") == given["customer"]
    counts = [
        "due_count", "kept_count", "request_due_count", "request_kept_count", "current_due_count", "current_kept_count",
        "gap_value",
    ]  # fmt: skip
    sums = frames["marts.customer_months"].lazy().filter(here & _within(given)).select(col(counts).sum())
    own = (
        frames["marts.own_months"]
        .lazy()
        .filter(here & _within(given))
        .select(col("own_due_count", "own_kept_count").sum())
    )
    customer = frames["marts.customers"].lazy().filter(here)
    return (
        customer.join(sums, how="cross")
        .join(own, how="cross")
        .join(frames["marts.customer_totals"].lazy().filter(here), on="customer_id", how="left")
        .select(
            "customer_id", "customer_name", "tier", "segment", "region", "account_manager", "target_rate", "has_own_measure",
            "measured_on", "measured_by",
            pl.when(col("early_days") < 36500).then(col("early_days")).alias("early_days"),
            col("late_days").alias("allowed_late_days"), "tolerance_rate", "due_count", "kept_count",
            _rate(col("kept_count"), col("due_count")).alias("promise_rate"),
            _rate(col("request_kept_count"), col("request_due_count")).alias("request_rate"),
            _rate(col("current_kept_count"), col("current_due_count")).alias("current_rate"),
            "gap_value", "own_due_count", "own_kept_count",
            _rate(col("own_kept_count"), col("own_due_count")).alias("own_rate"), "overdue_count", "waiting_value",
        )
        .collect()
    )  # fmt: skip


def customer_lateness(frames: Frames, given: Given) -> pl.DataFrame:
    """How many days after the first promise a customer's lines were complete."""
    chosen = (col("customer_id") == given["customer"]) & col("is_due") & _within(given, "promise_month")
    outcome = (
        pl.when("is_overdue").then(pl.lit("waiting")).when("is_kept").then(pl.lit("kept")).otherwise(pl.lit("late"))
    )
    return (
        frames["marts.promises"].lazy()
        .filter(chosen)
        .select(
            "order_id", "line_number", "first_promised_date",
            (col("ended_date") - col("first_promised_date")).dt.total_days().alias("after_promise_days"),
            "ordered_value", outcome.alias("outcome"),
        )
        .sort("ordered_value", descending=True)
        .head(2_000)
        .collect()
    )  # fmt: skip


def customer_open_promises(frames: Frames, given: Given) -> pl.DataFrame:
    """A customer's open order lines, the longest overdue first."""
    here = col("customer_id") == given["customer"]
    ahead = [
        "order_id", "line_number", "projected_date", "is_at_risk", "blocking_month", "blocking_work_centre_id", "at_risk_value",
    ]  # fmt: skip
    return (
        frames["marts.promises"].lazy()
        .filter(here & (col("open_quantity") > 0))
        .join(frames["marts.promises_ahead"].lazy().filter(here).select(ahead), on=["order_id", "line_number"], how="left")
        .join(
            frames["marts.work_centres"].lazy().select("work_centre_id", "work_centre_name"),
            left_on="blocking_work_centre_id", right_on="work_centre_id", how="left",
        )
        .join(frames["extracts.products"].lazy().select("product_id", "product_name"), on="product_id", how="left")
        .sort(
            "late_days", "promised_date", "order_id", "line_number",
            descending=[True, False, False, False], nulls_last=True,
        )
        .head(PLENTY)
        .select(
            "order_id", "line_number", pl.coalesce("product_name", "product_id").alias("product_name"), "requested_date",
            "first_promised_date", "promised_date",
            pl.when("is_overdue").then(pl.lit("overdue")).otherwise(pl.lit("open")).alias("state"), "late_days",
            "projected_date", "is_at_risk", col("work_centre_name").alias("blocking_work_centre_name"), "blocking_month",
            "move_count", "open_quantity", "open_value",
            pl.when("is_at_risk").then(col("at_risk_value")).alias("at_risk_value"),
        )
        .collect()
    )  # fmt: skip


def customer_stopped_by(frames: Frames, given: Given) -> pl.DataFrame:
    """The work centres and months that stop a customer's open promises."""
    place = ["blocking_work_centre_id", "blocking_month"]
    there = ["work_centre_id", "month"]
    chosen = (
        (col("customer_id") == given["customer"]) & col("is_at_risk") & col("blocking_work_centre_id").is_not_null()
    )
    centres = (
        frames["marts.work_centres"]
        .lazy()
        .select("work_centre_id", col("work_centre_name").alias("blocking_work_centre_name"))
    )
    hours = frames["marts.work_centre_months"].lazy().select(*there, "available_hours")
    return (
        frames["marts.promises_ahead"].lazy()
        .filter(chosen)
        .group_by(place)
        .agg(pl.len().alias("at_risk_count"), col("at_risk_value").sum())
        .join(centres, left_on=place[0], right_on="work_centre_id")
        .join(frames["marts.queue_months"].lazy(), left_on=place, right_on=there)
        .join(hours, left_on=place, right_on=there, how="left")
        .sort("at_risk_value", *place, descending=[True, False, False])
        .select(
            "blocking_work_centre_name", "blocking_month", "at_risk_count", "at_risk_value", "queue_hours", "available_hours",
            "customer_count", "blocking_work_centre_id",
        )
        .collect()
    )  # fmt: skip


def pipeline_headline(frames: Frames, given: Given) -> pl.DataFrame:
    """What is open and what of it is spoken for or too late."""
    spoken, late = col("kind") == "spoken for", col("is_too_late")
    return (
        frames["marts.opportunities_ahead"].lazy()
        .select(
            pl.len().alias("open_count"), col("opportunity_value").sum().alias("open_value"), col("weighted_value").sum(),
            spoken.sum().alias("spoken_for_count"), col("opportunity_value").filter(spoken).sum().alias("spoken_for_value"),
            (spoken & late).sum().alias("spoken_for_too_late_count"), late.sum().alias("too_late_count"),
            col("opportunity_value").filter(late).sum().alias("too_late_value"),
            col("is_without_date").sum().alias("without_date_count"),
        )
        .collect()
    )  # fmt: skip


def pipeline_months(frames: Frames, given: Given) -> pl.DataFrame:
    """What is needed by month, and what cannot be there in time."""
    late = col("is_too_late")
    return (
        frames["marts.opportunities_ahead"].lazy()
        .filter(col("need_month").is_not_null())
        .group_by("need_month")
        .agg(
            pl.len().alias("opportunity_count"), late.sum().alias("too_late_count"),
            col("opportunity_value").filter(~late).sum().alias("in_time_value"),
            col("opportunity_value").filter(late).sum().alias("too_late_value"), col("weighted_value").sum(),
        )
        .sort("need_month")
        .collect()
    )  # fmt: skip


def pipeline_products(frames: Frames, given: Given) -> pl.DataFrame:
    """Products with a routing."""
    products = frames["extracts.products"].lazy().select("product_id", "product_name")
    return (
        frames["marts.routing_steps"].lazy()
        .select("product_id")
        .unique()
        .join(products, on="product_id", how="left")
        .select("product_id", pl.coalesce("product_name", "product_id").alias("product_name"))
        .sort("product_name", "product_id")
        .collect()
    )  # fmt: skip


def pipeline_opportunities(frames: Frames, given: Given) -> pl.DataFrame:
    """Open opportunities, those too late first."""
    chosen = {"too late": col("is_too_late"), "spoken for": col("kind") == "spoken for"}.get(
        given["figure"], pl.lit(True)
    )
    if given["need_month"] is not None:
        chosen = chosen & (col("need_month") == given["need_month"])
    return (
        frames["marts.opportunities_ahead"].lazy()
        .filter(chosen)
        .join(frames["marts.customers"].lazy().select("customer_id", "customer_name"), on="customer_id")
        .sort("is_too_late", "opportunity_value", "opportunity_id", descending=[True, True, False], nulls_last=True)
        .head(PLENTY)
        .join(
            frames["extracts.products"].lazy().select("product_id", "product_name"), on="product_id", how="left",
            maintain_order="left",
        )
        .join(
            frames["marts.work_centres"].lazy().select("work_centre_id", "work_centre_name"),
            left_on="limiting_work_centre_id", right_on="work_centre_id", how="left", maintain_order="left",
        )
        .select(
            "opportunity_id", "customer_name", pl.coalesce("product_name", "product_id").alias("product_name"),
            col("opportunity_value").alias("in_full_value"), "probability_rate", "kind", "need_date", "earliest_month",
            "slip_days", col("work_centre_name").alias("limiting_work_centre_name"), "stage", "opportunity_quantity",
            "weighted_value", "expected_close_date", "requested_date", "promised_date", "owner",
        )
        .collect()
    )  # fmt: skip


def _load_hours(given: Given) -> pl.Expr:
    """What opportunities count for."""
    weight = given["weight"] or "recorded"
    if weight == "all":
        return col("load_hours")
    counted = {
        "recorded": col("weighted_hours"),
        "likely": pl.when(col("probability_rate") >= (given["from_rate"] or 0)).then(col("load_hours")).otherwise(0.0),
    }.get(weight, pl.lit(0.0))
    return pl.when(col("kind") == "firm").then(col("load_hours")).otherwise(counted)


def capacity_utilisation(frames: Frames, given: Given) -> pl.DataFrame:
    """Load by kind against hours, the fullest work centre first."""
    kinds = {"firm_hours": "firm", "spoken_for_hours": "spoken for", "pipeline_hours": "pipeline"}
    place = ["work_centre_id", "month"]
    loads = (
        frames["marts.load_classes"].lazy()
        .select(*place, "kind", "backlog_hours", _load_hours(given).alias("load_hours"))
        .group_by(place)
        .agg(
            col("load_hours", "backlog_hours").sum(),
            *(col("load_hours").filter(col("kind") == kind).sum().alias(name) for name, kind in kinds.items()),
        )
    )  # fmt: skip
    over = pl.when("is_full").then(col("load_hours") - col("available_hours")).otherwise(0.0)
    return (
        frames["marts.hours_left"].lazy()
        .join(loads, on=place, how="left")
        .with_columns(col("load_hours", "backlog_hours", *kinds).fill_null(0.0))
        .with_columns(
            col("firm_hours") - col("backlog_hours"), _rate(col("load_hours"), col("available_hours")).alias("utilisation_rate"),
            (col("load_hours") > col("available_hours") + 0.000001).alias("is_full"),
        )
        .join(frames["marts.work_centres"].lazy().select("work_centre_id", "work_centre_name", "site"), on="work_centre_id")
        .with_columns(
            over.sum().over("work_centre_id").alias("over"), col("utilisation_rate").max().over("work_centre_id").alias("most")
        )
        .sort("over", "most", *place, descending=[True, True, False, False], nulls_last=True)
        .select(
            "work_centre_id", "work_centre_name", "site", "month", "firm_hours", "backlog_hours", "spoken_for_hours",
            "pipeline_hours", "load_hours", "available_hours", "left_hours", "utilisation_rate", "is_full",
        )
        .collect()
    )  # fmt: skip


def capacity_headline(frames: Frames, given: Given) -> pl.DataFrame:
    """How many months are asked for more than their hours, and the promises that will not be kept."""
    place = ["work_centre_id", "month"]
    hours = frames["marts.work_centre_months"].lazy()
    is_full = col("load_hours") > col("available_hours") + 0.000001
    full = (
        frames["marts.load_classes"].lazy()
        .select(*place, "backlog_hours", _load_hours(given).alias("load_hours"))
        .group_by(place)
        .agg(col("load_hours", "backlog_hours").sum())
        .join(hours, on=place)
        .select(
            is_full.sum().alias("full_count"),
            col("work_centre_id").filter(is_full).n_unique().alias("full_work_centre_count"),
            (col("load_hours") - col("available_hours")).clip(lower_bound=0).sum().alias("overload_hours"),
            col("backlog_hours").sum(),
        )
    )  # fmt: skip
    summed = ["at_risk_count", "at_risk_value", "still_to_break_count", "still_to_break_value"]
    promises = (
        frames["marts.customers_ahead"]
        .lazy()
        .select(col(summed).sum(), (col("at_risk_count") > 0).sum().alias("customer_count"))
    )
    months = hours.select(pl.len().alias("month_count"))
    return pl.concat([months, full, promises], how="horizontal").collect()


def capacity_customers(frames: Frames, given: Given) -> pl.DataFrame:
    """Who asks for hours of a work centre in a month."""
    here = (col("work_centre_id") == given["work_centre"]) & (col("load_month") == given["load_month"])
    no = pl.lit(0.0)
    hours, spoken = col("step_hours"), col("kind") == "spoken for"
    firm = frames["marts.queues"].lazy().filter(here).select(
        "customer_id", hours.alias("firm_hours"), pl.when("is_backlog").then(hours).otherwise(no).alias("backlog_hours"),
        no.alias("spoken_for_hours"), no.alias("weighted_pipeline_hours"),
        col("is_at_risk").fill_null(False).cast(pl.Int64).alias("at_risk_count"),
        pl.when("is_at_risk").then(col("at_risk_value")).otherwise(no).alias("at_risk_value"),
    )  # fmt: skip
    asked = frames["marts.opportunity_steps"].lazy().filter(here).select(
        "customer_id", no.alias("firm_hours"), no.alias("backlog_hours"),
        pl.when(spoken).then(hours).otherwise(no).alias("spoken_for_hours"),
        pl.when(col("kind") == "pipeline").then(hours * col("probability_rate")).otherwise(no).alias("weighted_pipeline_hours"),
        pl.lit(0, pl.Int64).alias("at_risk_count"), no.alias("at_risk_value"),
    )  # fmt: skip
    summed = [
        "firm_hours", "backlog_hours", "spoken_for_hours", "weighted_pipeline_hours", "at_risk_count", "at_risk_value",
    ]  # fmt: skip
    return (
        pl.concat([firm, asked])
        .group_by("customer_id")
        .agg(col(summed).sum())
        .join(frames["marts.customers"].lazy().select("customer_id", "customer_name", "tier"), on="customer_id")
        .with_columns(_rate(col("firm_hours"), col("firm_hours").sum()).alias("load_share_rate"))
        .sort(
            col("firm_hours") + col("spoken_for_hours"), "weighted_pipeline_hours", "customer_id",
            descending=[True, True, False],
        )
        .head(PLENTY)
        .select(
            "customer_name", "tier", "firm_hours", "load_share_rate", "backlog_hours", "spoken_for_hours",
            "weighted_pipeline_hours", "at_risk_count", "at_risk_value", "customer_id",
        )
        .collect()
    )  # fmt: skip


def capacity_lines(frames: Frames, given: Given) -> pl.DataFrame:
    """The order lines that ask for hours of a work centre in a month, as they are served."""
    here = (col("work_centre_id") == given["work_centre"]) & (col("load_month") == given["load_month"])
    return (
        frames["marts.queues"].lazy()
        .filter(here)
        .join(frames["marts.customers"].lazy().select("customer_id", "customer_name"), on="customer_id")
        .join(frames["extracts.products"].lazy().select("product_id", "product_name"), on="product_id", how="left")
        .sort("first_promised_date", "order_id", "line_number")
        .head(PLENTY)
        .select(
            "customer_name", "order_id", "line_number", pl.coalesce("product_name", "product_id").alias("product_name"),
            "first_promised_date", "promised_date", "projected_date", "step_hours", "is_backlog", "is_at_risk",
            "at_risk_value", "customer_id",
        )
        .collect()
    )  # fmt: skip


def arbitrate_contested(frames: Frames, given: Given) -> pl.DataFrame:
    """Contested work centre-months, the most value at stake first."""
    order = ["at_stake_value", "missing_hours", "overload_hours", "work_centre_id", "month"]
    return (
        frames["marts.contested_months"].lazy()
        .sort(*order, descending=[True, True, True, False, False])
        .select(
            "work_centre_id", "work_centre_name", "month", "load_hours", "available_hours", "missing_hours", "customer_count",
            "customer_names", "broken_count", "beyond_horizon_count", "at_stake_value", "imposed_days", "since_date",
        )
        .collect()
    )  # fmt: skip


def arbitrate_lines(frames: Frames, given: Given) -> pl.DataFrame:
    """Open order lines with what is earned on a unit. Opportunities are not asked for when the page opens."""
    assert given["opportunities"] is None
    return (
        frames["marts.promises_ahead"].lazy()
        .select(
            "claim_number", "order_id", "line_number", "customer_number", "product_id", "promised_date",
            "due_month", "is_overdue", pl.lit(False).alias("is_opportunity"), "open_quantity", col("unit_price").fill_null(0.0),
            "unit_margin",
        )
        .collect()
    )  # fmt: skip


def arbitrate_steps(frames: Frames, given: Given) -> pl.DataFrame:
    """What every open order line asks of a work centre in a month."""
    assert given["opportunities"] is None
    return (
        frames["marts.queues"].lazy()
        .filter(col("work_centre_number").is_not_null())
        .select("claim_number", "work_centre_number", "month_number", "step_hours")
        .collect()
    )  # fmt: skip


def _within(given: Given, month: str = "month") -> pl.Expr:
    """From the first month to the last, where they are given."""
    chosen = pl.lit(True)
    if given["first_month"] is not None:
        chosen = chosen & (col(month) >= given["first_month"])
    if given["last_month"] is not None:
        chosen = chosen & (col(month) <= given["last_month"])
    return chosen


def _rate(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Empty where the whole is nothing."""
    return part / pl.when(whole != 0).then(whole)


QUESTIONS: dict[str, Callable[[Frames, Given], pl.DataFrame]] = {
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
