"""The plan in force: the projection with what was decided, and what a decision for an option would change in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sop.allocation import Whole
from sop.arbitrating import LINE, Claims, Option

NAME, TITLE = "in-force", "Plan in force"
FIGURES = ["kept_count", "broken_count", "imposed_days", "late_value"]


@dataclass(frozen=True)
class Decided:
    """An option narrowed to what a decision for it writes down: its totals are still those of the whole option.

    `there_count` lines ask for hours in the month decided on, `elsewhere_count` others move.
    """

    name: str
    title: str
    lines: pd.DataFrame
    customers: pd.DataFrame
    totals: dict[str, Any]
    there_count: int
    elsewhere_count: int


def plan_in_force(claims: Claims, projection: Option, decided: pd.DataFrame) -> Option:
    """The projection with the dates that decisions in force gave to lines (arbitrate/in_force).

    What it would cost at the weights is not known: the hours were dealt out when the decisions were taken. The cost of levers is
    that of the newest decision, whose option deals out the hours of every month.
    """
    lines = projection.lines.copy()
    found = lines[LINE].merge(decided, on=LINE, how="left")
    stands = found["decision_id"].notna().to_numpy()
    date = pd.to_datetime(found["decided_promise_date"]).to_numpy("datetime64[us]")
    promised = lines["promised_date"].to_numpy("datetime64[us]")
    days = (date - promised) / np.timedelta64(1, "D")
    days = np.where(np.isnat(date), found["imposed_days"].to_numpy(float), np.maximum(days, 0))
    is_kept = ~np.isnat(date) & (days == 0)
    late = np.where(is_kept, 0.0, np.minimum(found["late_quantity"].to_numpy(float), claims.lines["open_quantity"]))
    said = "Decision " + found["decision_id"].astype("Int64").astype("str")
    lines["new_promised_date"] = lines["new_promised_date"].mask(stands, pd.Series(date, index=lines.index))
    lines["is_kept"] = np.where(stands, is_kept, lines["is_kept"])
    lines["imposed_days"] = np.where(stands, days, lines["imposed_days"]).astype(np.int64)
    lines["late_quantity"] = np.where(stands, late, lines["late_quantity"])
    lines["late_value"] = lines["late_quantity"] * claims.lines["unit_price"]
    lines["why"] = np.where(stands, np.where(is_kept, "", said + " moves it."), lines["why"])
    newest = decided.sort_values("decision_id")["cost_value"].iloc[-1]
    margin = claims.lines["unit_margin"] * (claims.lines["open_quantity"] - lines["late_quantity"])
    totals = {
        **projection.totals, **_added(lines), "weighed_value": None, "cost_value": float(newest),
        "margin_value": None if margin.isna().all() else float(margin.sum()),
    }  # fmt: skip
    return Option(NAME, TITLE, lines, by_customer(projection.customers, lines), totals, projection.kept)


def what_is_decided(option: Option, base: Option, there: Whole) -> Decided:
    """An option as a decision writes it down: the lines numbered `there`, and every other that moves from `base`.

    A line moves where its date differs, or how much of it comes late.
    """
    asks = np.zeros(len(option.lines), bool)
    asks[there] = True
    moves = date_moves(option.lines, base.lines) | ~np.isclose(
        option.lines["late_quantity"], base.lines["late_quantity"]
    )
    # An opportunity may claim hours, but nothing is promised yet that could be written down.
    is_promise = ~option.lines["is_opportunity"].to_numpy(bool)
    asks, moves = asks & is_promise, moves & is_promise
    lines = option.lines[asks | moves].reset_index(drop=True)
    touched = by_customer(option.customers[option.customers["customer_id"].isin(lines["customer_id"].unique())], lines)
    worst_first = touched.sort_values(["imposed_days", "customer_id"], ascending=[False, True], ignore_index=True)
    there_count, elsewhere_count = int(asks.sum()), int((moves & ~asks).sum())
    return Decided(option.name, option.title, lines, worst_first, dict(option.totals), there_count, elsewhere_count)


def date_moves(lines: pd.DataFrame, before: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """For each line whether its new promised date differs from that of the same line, in the same place, of `before`."""
    one, other = lines["new_promised_date"].reset_index(drop=True), before["new_promised_date"].reset_index(drop=True)
    differs: npt.NDArray[np.bool_] = (one.ne(other) & ~(one.isna() & other.isna())).to_numpy(bool)
    return differs


def by_customer(customers: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """The customers with kept_count, broken_count, imposed_days and late_value added up anew from these lines."""
    is_kept = lines["is_kept"].astype(bool)
    counted = lines.assign(kept_count=is_kept.astype(np.int64), broken_count=(~is_kept).astype(np.int64))
    sums = counted.groupby("customer_id")[FIGURES].sum()
    figures = sums.reindex(customers["customer_id"]).fillna(0)
    whole = figures.astype({"kept_count": np.int64, "broken_count": np.int64, "imposed_days": np.int64})
    return customers.assign(**{name: whole[name].to_numpy() for name in FIGURES})


def _added(lines: pd.DataFrame) -> dict[str, float | int]:
    return {
        "kept_count": int(lines["is_kept"].sum()),
        "broken_count": int((~lines["is_kept"].astype(bool)).sum()),
        "imposed_days": int(lines["imposed_days"].sum()),
        "late_value": float(lines["late_value"].sum()),
    }


def as_base(claims: Claims, projection: Option, decided: pd.DataFrame) -> Option:
    """What options are held against: the plan in force where anything is decided, else the projection."""
    return plan_in_force(claims, projection, decided) if len(decided) else projection
