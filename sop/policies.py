"""The policies that are an order of the queue: who is served first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sop.allocation import TINY, Whole
from sop.claiming import Claims, late_hours


def earliest_promise(claims: Claims) -> Whole:
    """The policy in force: whoever was promised first."""
    return claims.by_promise


def customer_tier(claims: Claims) -> Whole:
    """A before B before C before the rest, then by first promise."""
    tier = claims.customers["tier"].map({"A": 0, "B": 1, "C": 2}).fillna(3).to_numpy()
    return claims.sorted_by(tier[claims.customer])


def least_let_down(claims: Claims) -> Whole:
    """Those let down most often in the last six months first, then those who waited most days, then by first promise."""
    known = claims.customers[["let_down_count", "imposed_days_so_far"]].to_numpy(float)
    _, place = np.unique(-known, axis=0, return_inverse=True)
    return claims.sorted_by(place[claims.customer])


def margin_per_hour(claims: Claims) -> Whole:
    """The most margin for a scarce hour first: an hour in a month in which somebody has to wait. Unknown margins last."""
    scarce = np.bincount(claims.claim, claims.queue.hours * _is_scarce(claims), minlength=len(claims.lines))
    margin = (claims.lines["unit_margin"] * claims.lines["open_quantity"]).to_numpy(float)
    by_hour = np.where(np.isnan(margin), -np.inf, margin) / np.maximum(scarce, TINY)
    return claims.sorted_by(-by_hour)


def _is_scarce(claims: Claims) -> npt.NDArray[np.bool_]:
    in_force = claims.given(earliest_promise(claims))
    is_late = in_force.month > claims.queue.month[in_force.step]
    full = np.zeros(claims.available.shape, bool)
    np.logical_or.at(full, (claims.queue.work_centre, claims.queue.month), late_hours(claims, in_force) > TINY)
    full[claims.queue.work_centre[in_force.step[is_late]], in_force.month[is_late]] = True
    return full[claims.queue.work_centre, claims.queue.month]


ORDERS: dict[str, tuple[str, Callable[[Claims], Whole]]] = {
    "promise": ("Earliest promise", earliest_promise),
    "tier": ("Customer tier", customer_tier),
    "margin": ("Margin per scarce hour", margin_per_hour),
    "let-down": ("Least let down", least_let_down),
}
"""The policies that are an order of the queue, by the name in the URL."""
TITLES = {**{name: title for name, (title, _) in ORDERS.items()}, "fair": "Fair share", "best": "Best overall"}
