"""Options side by side, as frames to show: their totals, each customer under each, and the value of an hour."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from sop.allocation import TINY
from sop.arbitrating import Claims
from sop.best_overall import Best
from sop.deciding import Chosen

LATELY = {"let_down_count": "let_down_lately_count", "imposed_days_so_far": "late_lately_days"}
"""What the columns about the last six months are called where they stand beside those of an option."""


def undecided_first(contested: pd.DataFrame, decided: pd.DataFrame) -> pd.DataFrame:
    """The contested months (arbitrate/contested) with those decided on (arbitrate/decided) behind; `is_decided` says which."""
    known = set(zip(decided["work_centre_id"], decided["month"], strict=True)) if len(decided) else set()
    cells = zip(contested["work_centre_id"], contested["month"], strict=True)
    marked = contested.assign(is_decided=[cell in known for cell in cells])
    return marked.sort_values("is_decided", kind="stable", ignore_index=True)


def side_by_side(options: Collection[Chosen]) -> pd.DataFrame:
    """A row per option: option_name and its totals, with customer_count, the customers with a promise broken."""
    return pd.DataFrame(
        [
            {
                "option_name": option.title,
                "kept_count": option.totals["kept_count"],
                "broken_count": option.totals["broken_count"],
                "customer_count": int((option.customers["broken_count"] > 0).sum()),
                **{name: option.totals.get(name) for name in
                   ("imposed_days", "late_value", "margin_value", "cost_value", "weighed_value")},
            }
            for option in options
        ]
    )  # fmt: skip


def against(options: Collection[Chosen], base: Chosen) -> pd.DataFrame:
    """A row per customer and option, the customers most apart first: customer_id, customer_name, tier, option_name, late_value,
    change_value (against `base`), imposed_days, broken_count.
    """
    parts = [option.customers.assign(option_name=option.title) for option in options]
    rows = pd.concat(parts, ignore_index=True)
    before = base.customers.set_index("customer_id")["late_value"]
    rows["change_value"] = rows["late_value"] - rows["customer_id"].map(before)
    apart = rows.groupby("customer_id")["late_value"].transform("max") - rows.groupby("customer_id")[
        "late_value"
    ].transform("min")
    order = np.lexsort((np.arange(len(rows)), rows["customer_id"], -apart))
    columns = [
        "customer_id",
        "customer_name",
        "tier",
        "option_name",
        "late_value",
        "change_value",
        "imposed_days",
        "broken_count",
    ]
    return rows.iloc[order][columns].reset_index(drop=True)


def hour_values(claims: Claims, best: Best) -> pd.DataFrame:
    """A row per work centre and month in which one more hour saves anything, the dearest first: work_centre_name, month,
    saved_value, from_hours, available_hours, to_hours (the hours between which that holds), extra_hours (taken by levers).

    Without from_hours and to_hours where these were not worked out.
    """
    ordered = claims.hours.sort_values(["work_centre_number", "month_number"])
    rows = ordered[["work_centre_id", "work_centre_name", "month"]].assign(
        saved_value=best.hour_value.ravel(), from_hours=best.from_hours.ravel(),
        available_hours=claims.available.ravel(), to_hours=best.to_hours.ravel(), extra_hours=best.extra.ravel(),
    )  # fmt: skip
    worth = rows[(rows["saved_value"] > 0.005) | (rows["extra_hours"] > TINY)]
    dearest_first = worth.sort_values("saved_value", ascending=False, kind="stable").reset_index(drop=True)
    return dearest_first if best.is_ranged else dearest_first.drop(columns=["from_hours", "to_hours"])


def hour_value_at(claims: Claims, best: Best, work_centre: str, month: str) -> Mapping[str, float]:
    """What one more hour of a work centre in a month (as 2026-11) saves: saved_value, and from_hours and to_hours where these
    were worked out; nothing where the work centre is not known.
    """
    hours = claims.hours
    here = hours[(hours["work_centre_id"] == work_centre) & (hours["month"].dt.strftime("%Y-%m") == month)]
    if here.empty:
        return {}
    cell = int(here["work_centre_number"].iloc[0]), int(here["month_number"].iloc[0])
    saved = {"saved_value": float(best.hour_value[cell])}
    if not best.is_ranged:
        return saved
    return saved | {"from_hours": float(best.from_hours[cell]), "to_hours": float(best.to_hours[cell])}


def by_claim(asked: pd.DataFrame, lines: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Customers with a claim (arbitrate/claims) with what an option does to their lines there, and how they fared lately.

    `lines` are those there and `customers` those of the option. Adds option_broken_count, imposed_days, let_down_lately_count and
    late_lately_days.
    """
    counted = lines.assign(option_broken_count=~lines["is_kept"].astype(bool))
    sums = counted.groupby("customer_id")[["option_broken_count", "imposed_days"]].sum().reset_index()
    so_far = customers[["customer_id", *LATELY]].rename(columns=LATELY)
    return asked.merge(sums, on="customer_id", how="left").merge(so_far, on="customer_id", how="left")
