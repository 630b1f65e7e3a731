"""The read, the joins and the ledger in pandas: per order line what was promised, kept and missed, as metrics have it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.floor import types_of
from bench.peers.ledger import Measure, taken

LINE = ["order_id", "line_number"]
START = pd.Timestamp("2000-01-01")


def measure(folder: str, measured: str) -> dict[str, Any]:
    """Seconds to read and to make the ledger, and its totals."""
    return taken(folder, measured, read, ledger, totals)


def read(file: Path) -> pd.DataFrame:
    """An extract with the types of the contract, by the reader of pandas that uses every core."""
    types = types_of(file)
    dates = [name for name, type_ in types.items() if type_ == "DATE"]
    kinds = {
        name: "str" if type_ == "VARCHAR" else "float64" for name, type_ in types.items() if name not in dates
    }  # a number may be missing, so integers are floats too
    return pd.read_csv(file, engine="pyarrow", dtype=kinds, parse_dates=dates)  # type: ignore[arg-type]


def ledger(lines: pd.DataFrame, deliveries: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """One row per order line, as marts.promises of a first load: its dates, quantities, gap and days late."""
    as_of = pd.Timestamp(measure.as_of)
    made = lines[[*LINE, "customer_id", "quantity", "unit_price", "promised_date"]].copy()
    made["line"] = np.arange(len(made))
    stated = lines["first_promised_date"]
    moved_by_customer = (stated != lines["promised_date"]) & stated.notna() & (lines["promise_moved_by"] == "customer")
    made["first_promised_date"] = stated.fillna(lines["promised_date"]).mask(moved_by_customer, lines["promised_date"])
    made["enough"] = (made["quantity"] * (1 - measure.tolerance)).round(3)
    made = made.merge(_by_line(made, deliveries, measure, as_of), how="left", left_on="line", right_index=True)
    sums = ["delivery_count", "delivered_quantity", "on_first_quantity", "by_promise_quantity"]
    made[sums] = made[sums].fillna(0).round(3)
    made["delivered_by_promise_quantity"] = made[["by_promise_quantity", "quantity"]].min(axis=1)
    in_one = (made["delivery_count"] == 1) & (made["delivered_quantity"] >= made["enough"])
    nothing_asked = (made["enough"] <= 0) & ~in_one
    made["completed_date"] = (
        made["completed_date"]
        .fillna(made["first_delivered_date"].where(in_one))
        .fillna(made["first_promised_date"].clip(upper=as_of).where(nothing_asked))
    )
    is_cancelled = lines["status"].fillna("open") == "cancelled"
    made["is_due"] = ~is_cancelled & ((as_of - made["first_promised_date"]).dt.days >= measure.late_days)
    made["is_kept"] = made["is_due"] & (made["on_first_quantity"] >= made["enough"])
    is_broken = made["is_due"] & ~made["is_kept"]
    made["gap_quantity"] = (made["quantity"] - made["delivered_by_promise_quantity"]).where(is_broken, 0).round(3)
    made["gap_value"] = (made["gap_quantity"] * made["unit_price"].fillna(0)).round(2)
    ended = made["completed_date"].fillna(as_of)
    counts = ~is_cancelled & (made["completed_date"].notna() | made["is_due"])
    made["late_days"] = (ended - made["first_promised_date"]).dt.days.clip(lower=0).where(counts, 0).astype("int64")
    return made


def _by_line(made: pd.DataFrame, deliveries: pd.DataFrame, measure: Measure, as_of: pd.Timestamp) -> pd.DataFrame:
    """What was delivered of every order line, by its number, and when what came in parts was complete."""
    dated = deliveries[[*LINE, "quantity"]].assign(
        delivered_date=deliveries["delivered_date"].fillna(deliveries["shipped_date"])
        if "shipped_date" in deliveries
        else deliveries["delivered_date"]
    )
    dated = dated[dated["delivered_date"] <= as_of]
    dated = dated.merge(made[[*LINE, "line", "first_promised_date"]], on=LINE, how="inner")
    after = (dated["delivered_date"] - dated["first_promised_date"]).dt.days
    dated["by_promise_quantity"] = dated["quantity"].where(after <= measure.late_days, 0)
    dated["on_first_quantity"] = dated["by_promise_quantity"].where(after >= -measure.early_days, 0)
    found = dated.groupby("line").agg(
        delivery_count=("quantity", "size"),
        delivered_quantity=("quantity", "sum"),
        on_first_quantity=("on_first_quantity", "sum"),
        by_promise_quantity=("by_promise_quantity", "sum"),
        first_delivered_date=("delivered_date", "min"),
    )
    in_parts = found.index[found["delivery_count"] > 1]
    parts = dated.loc[dated["line"].isin(in_parts), ["line", "delivered_date", "quantity"]]
    by_day = parts.groupby(["line", "delivered_date"], as_index=False)["quantity"].sum()
    running = by_day.groupby("line")["quantity"].cumsum().round(3)
    complete = by_day[running.to_numpy() >= made["enough"].to_numpy()[by_day["line"].to_numpy()]]
    found["completed_date"] = complete.groupby("line")["delivered_date"].min()
    return found


def totals(made: pd.DataFrame) -> dict[str, Any]:
    """What the ledger adds up to, by the names of bench/peers/ledger.py."""
    quantities = ("delivered_quantity", "delivered_by_promise_quantity", "gap_quantity", "gap_value")
    return {
        "line_count": len(made),
        "due_count": int(made["is_due"].sum()),
        "kept_count": int(made["is_kept"].sum()),
        "completed_count": int(made["completed_date"].notna().sum()),
        "first_promised_days": int((made["first_promised_date"] - START).dt.days.sum()),
        "completed_days": int((made["completed_date"] - START).dt.days.sum()),
        **{name: float(made[name].sum()) for name in quantities},
        "late_days": int(made["late_days"].sum()),
    }
