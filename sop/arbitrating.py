"""Options for who gets the scarce hours: what each policy, and the best overall, does to every open promise and customer."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd

from sop import allocation
from sop.allocation import Given, Whole
from sop.best_overall import Best, Claimed, best_overall
from sop.claiming import LINE, Claims, Option, Weights, claims_of
from sop.hand import by_hand, conflicts
from sop.judging import judged
from sop.levers import Levers, as_needed
from sop.policies import ORDERS, TITLES, earliest_promise
from sop.promising import array_of

__all__ = [
    "LINE", "ORDERS", "TITLES", "Claims", "Levers", "Option", "Weights", "by_hand", "claims_of", "claims_on", "conflicts",
    "earliest_promise", "judged", "options", "overtime",
]  # fmt: skip


def options(
    claims: Claims, weights: Weights, levers: Levers | None = None, seconds: float = 20.0
) -> tuple[dict[str, Option], dict[str, str]]:
    """Every option by name, and for each that cannot be had why, in plain words.

    Policies take overtime and outside hours, where these are open, as far as somebody would wait without them; of the other
    levers only best overall makes use.
    """
    asked = claims.claimed(weights, levers)
    with ThreadPoolExecutor(1) as beside:  # the solver leaves Python to others while it works
        solving = beside.submit(best_overall, asked, claims.available, levers, seconds)
        found, why_not = _policies(claims, weights, levers, asked)
        best = solving.result()
    found["best"] = _best(claims, weights, levers, asked, best, list(found.values()))
    return found, why_not


def _policies(
    claims: Claims, weights: Weights, levers: Levers | None, asked: Claimed
) -> tuple[dict[str, Option], dict[str, str]]:
    """Every option but the best overall, and for each that cannot be had why."""
    found, why_not = {}, {}
    extra, taken = as_needed(claims.queue, claims.available, levers)
    hours = claims.available + extra

    def of(name: str, given: Given) -> Option:
        return judged(name, TITLES[name], claims, given, weights, extra=extra, taken=tuple(taken), claimed=asked)

    for name, (title, order) in ORDERS.items():
        if name == "margin" and claims.lines["unit_margin"].isna().all():
            why_not[name] = (
                f"{title} needs what a unit costs: bring the extract products with unit_cost, and order lines with unit_price."
            )
            continue
        found[name] = of(name, claims.given(order(claims), hours))
    found["fair"] = of("fair", allocation.fair_share(claims.queue, hours, claims.customer[claims.claim]))
    return found, why_not


def _best(
    claims: Claims, weights: Weights, levers: Levers | None, asked: Claimed, best: Best, policies: Collection[Option]
) -> Option:
    """What the programme found in the time, else the best deal known, with what is proven about it."""
    title = TITLES["best"]
    given, best = best.given, replace(best, given=None)
    candidates = list(policies)
    if given is not None:
        mine = judged(
            "best", title, claims, given, weights, best=best, levers=levers, extra=best.extra, taken=best.taken,
            claimed=asked,
        )  # fmt: skip
        if best.is_proven:
            return mine
        candidates.append(mine)
    nearest = min(candidates, key=lambda option: float(option.totals["weighed_value"]))
    return replace(nearest, name="best", title=title, best=best)


def overtime(claims: Claims) -> Levers:
    """The overtime that each work centre can give in each month, and what it costs (from arbitrate/hours)."""
    return Levers(array_of(claims.hours, "overtime_limit_hours"), array_of(claims.hours, "overtime_cost_per_hour"))


def claims_on(claims: Claims, cells: pd.DataFrame) -> Whole:
    """The numbers of the lines that ask for hours in these work centre-months (columns work_centre_id, month)."""
    marked = claims.hours.merge(cells[["work_centre_id", "month"]], on=["work_centre_id", "month"], how="inner")
    there = np.zeros(claims.available.shape, bool)
    there[marked["work_centre_number"].to_numpy(int), marked["month_number"].to_numpy(int)] = True
    return np.unique(claims.claim[there[claims.queue.work_centre, claims.queue.month]])
