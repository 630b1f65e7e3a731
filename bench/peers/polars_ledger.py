"""The read, the joins and the ledger in Polars, the same as in pandas_ledger.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from polars import col

from bench.floor import types_of
from bench.peers.ledger import Measure, taken

LINE = ["order_id", "line_number"]
KINDS: dict[str, Any] = {"VARCHAR": pl.String, "DATE": pl.Date, "INTEGER": pl.Int64, "BOOLEAN": pl.Boolean}
"""Types of the contract; every other one is a number with a fraction."""


def measure(folder: str, measured: str) -> dict[str, Any]:
    """Seconds to read and to make the ledger, and its totals."""
    return taken(folder, measured, read, ledger, totals)


def read(file: Path) -> pl.DataFrame:
    """An extract with the types of the contract."""
    schema = {name: KINDS.get(type_, pl.Float64) for name, type_ in types_of(file).items()}
    return pl.read_csv(file, schema=schema)


def ledger(lines: pl.DataFrame, deliveries: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """One row per order line, as marts.promises of a first load: its dates, quantities, gap and days late."""
    as_of = pl.lit(measure.as_of)
    moved_by_customer = (col("first_promised_date") != col("promised_date")) & (col("promise_moved_by") == "customer")
    made = (
        lines.lazy()
        .with_row_index("line")
        .select(
            "line", *LINE, "customer_id", "quantity", "unit_price", "promised_date",
            pl.when(moved_by_customer.fill_null(False))
            .then(col("promised_date"))
            .otherwise(pl.coalesce("first_promised_date", "promised_date"))
            .alias("first_promised_date"),
            (col("quantity") * (1 - measure.tolerance)).round(3).alias("enough"),
            (col("status").fill_null("open") == "cancelled").alias("is_cancelled"),
        )
    )  # fmt: skip
    in_one = (col("delivery_count") == 1) & (col("delivered_quantity") >= col("enough"))
    is_broken = col("is_due") & ~col("is_kept")
    counts = ~col("is_cancelled") & (col("completed_date").is_not_null() | col("is_due"))
    sums = ["delivery_count", "delivered_quantity", "on_first_quantity", "by_promise_quantity"]
    by_line, completed = _by_line(made, deliveries, measure)
    return (
        made.join(by_line, on="line", how="left")
        .join(completed, on="line", how="left")
        .with_columns(*(col(name).fill_null(0).round(3) for name in sums[1:]), col("delivery_count").fill_null(0))
        .with_columns(
            pl.min_horizontal("by_promise_quantity", "quantity").alias("delivered_by_promise_quantity"),
            pl.coalesce(
                "completed_date",
                pl.when(in_one).then(col("first_delivered_date"))
                .when(col("enough") <= 0).then(pl.min_horizontal(col("first_promised_date"), as_of)),
            ).alias("completed_date"),
            (~col("is_cancelled") & ((as_of - col("first_promised_date")).dt.total_days() >= measure.late_days)).alias("is_due"),
        )
        .with_columns((col("is_due") & (col("on_first_quantity") >= col("enough"))).alias("is_kept"))
        .with_columns(
            pl.when(is_broken).then(col("quantity") - col("delivered_by_promise_quantity")).otherwise(0.0).round(3)
            .alias("gap_quantity"),
            pl.when(counts)
            .then((col("completed_date").fill_null(as_of) - col("first_promised_date")).dt.total_days().clip(lower_bound=0))
            .otherwise(0).alias("late_days"),
        )
        .with_columns((col("gap_quantity") * col("unit_price").fill_null(0)).round(2).alias("gap_value"))
        .collect()
    )  # fmt: skip


def _by_line(made: pl.LazyFrame, deliveries: pl.DataFrame, measure: Measure) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """What was delivered of every order line, by its number, and when what came in parts was complete."""
    dates = [name for name in ("delivered_date", "shipped_date") if name in deliveries.columns]
    after = (col("delivered_date") - col("first_promised_date")).dt.total_days()
    dated = (
        deliveries.lazy()
        .select(*LINE, "quantity", pl.coalesce(*dates).alias("delivered_date"))
        .filter(col("delivered_date") <= measure.as_of)
        .join(made.select(*LINE, "line", "first_promised_date", "enough"), on=LINE, how="inner")
        .with_columns(
            (after <= measure.late_days).alias("is_by_promise"), (after >= -measure.early_days).alias("is_late_enough")
        )
    )
    found = dated.group_by("line").agg(
        pl.len().alias("delivery_count"),
        col("quantity").sum().alias("delivered_quantity"),
        col("quantity").filter("is_by_promise").sum().alias("by_promise_quantity"),
        col("quantity").filter(col("is_by_promise") & col("is_late_enough")).sum().alias("on_first_quantity"),
        col("delivered_date").min().alias("first_delivered_date"),
    )
    completed = (
        dated.join(found.filter(col("delivery_count") > 1).select("line"), on="line", how="semi")
        .group_by("line", "delivered_date")
        .agg(col("quantity").sum(), col("enough").first())
        .sort("line", "delivered_date")
        .filter(col("quantity").cum_sum().over("line").round(3) >= col("enough"))
        .group_by("line")
        .agg(col("delivered_date").min().alias("completed_date"))
    )
    return found, completed


def totals(made: pl.DataFrame) -> dict[str, Any]:
    """What the ledger adds up to, by the names of bench/peers/ledger.py."""
    quantities = ("delivered_quantity", "delivered_by_promise_quantity", "gap_quantity", "gap_value")
    start = pl.date(2000, 1, 1)
    return made.select(
        pl.len().alias("line_count"),
        col("is_due").sum().alias("due_count"),
        col("is_kept").sum().alias("kept_count"),
        col("completed_date").count().alias("completed_count"),
        (col("first_promised_date") - start).dt.total_days().sum().alias("first_promised_days"),
        (col("completed_date") - start).dt.total_days().sum().alias("completed_days"),
        *(col(name).sum() for name in quantities),
        col("late_days").sum(),
    ).row(0, named=True)
