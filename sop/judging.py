"""What a deal of the hours does to every line and customer, by the rules of marts/promises_ahead."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sop import allocation, words
from sop.allocation import TINY, Given, Hours, Whole
from sop.best_overall import Agreed, Best, Claimed, agreed
from sop.claiming import LINE, Claims, Option, Weights, late_hours
from sop.levers import Levers, Taken


def judged(
    name: str, title: str, claims: Claims, given: Given, weights: Weights,
    *, best: Best | None = None, levers: Levers | None = None, extra: Hours | None = None, taken: tuple[Taken, ...] = (),
    cost_value: float | None = None, claimed: Claimed | None = None,
) -> Option:  # fmt: skip
    """What a deal of the hours does to every line and customer. `levers` are those that were open to it and are about lines.

    `cost_value` is what `taken` costs where that is not known one by one. `claimed` is what the claims ask at these weights and
    levers, where that is known already.
    """
    claimed = claimed or claims.claimed(weights, levers)
    agreement = agreed(claimed, given, claims.available.shape[1], levers)
    lines = _lines(claims, given, agreement)
    in_time = claims.lines["open_quantity"] * (1 - agreement.declined) - lines["late_quantity"]
    margin = claims.lines["unit_margin"] * in_time
    hours_value = sum(one.cost for one in taken) if cost_value is None else cost_value
    cost = float(hours_value + agreement.cost.sum())
    is_order, is_missed = ~lines["is_opportunity"], ~(lines["is_kept"] | lines["is_moved"])
    totals = {
        "kept_count": int((lines["is_kept"] & is_order).sum()),
        "broken_count": int((is_missed & is_order).sum()),
        "moved_count": int((lines["is_moved"] & is_order).sum()),
        "declined_count": int(lines["is_declined"].sum()),
        "imposed_days": int(lines["imposed_days"][is_order].sum()),
        "late_value": float(lines["late_value"].sum()),
        "margin_value": None if margin.isna().all() else float(margin.sum()),
        "cost_value": cost,
        "weighed_value": float(agreement.late @ claimed.worth) + cost,
    }
    return Option(
        name, title, lines, _customers(claims, lines), totals, allocation.kept(claims.queue, given), best, extra, taken
    )


def _lines(claims: Claims, given: Given, agreement: Agreed) -> pd.DataFrame:
    known, months = claims.lines, claims.available.shape[1]
    done = given.completed(claims.queue)
    late = late_hours(claims, given)
    share = np.where(late > TINY, late / np.maximum(claims.queue.hours, TINY), 0)
    slip = np.where(done < 0, months, done - claims.queue.month)
    worst, late_share = (allocation.most_by(claims.claim, each, len(known)) for each in (slip, share))
    is_beyond = np.zeros(len(known), bool)
    is_beyond[claims.claim[done < 0]] = True
    is_overdue = known["is_overdue"].to_numpy(bool)
    is_kept = ~is_overdue & (worst == 0) & ~is_beyond
    ends = _month_ends(known["due_month"], worst)
    after_all = _month_ends(claims.hours["month"].max() if len(claims.hours) else pd.NaT, np.ones(len(known), np.int64))
    projected = pd.Series(np.where(is_kept, known["promised_date"], ends), index=known.index)
    counted = projected.mask(is_beyond, pd.Series(after_all, index=known.index))
    is_moved, is_declined = (~is_kept & (share > TINY) for share in (agreement.moved, agreement.declined))
    late_share = np.clip(late_share - np.where(is_moved, agreement.moved, 0) - agreement.declined, 0, 1)
    late_quantity = np.where(is_overdue & ~is_moved, known["open_quantity"], known["open_quantity"] * late_share)
    why = _why(claims, given, slip, share, is_kept)
    for which, said in (
        (is_beyond & ~is_declined, "Not within the months known: counted to the end of the month after them."),
        (is_moved, "The customer agrees to a later month."), (is_declined, "Declined."),
    ):  # fmt: skip
        for line in np.flatnonzero(which).tolist():
            why[line] = f"{why[line]} {said}".lstrip()
    found = known[[*LINE, "product_id", "promised_date"]]
    found.insert(len(LINE), "customer_id", claims.customer_id)
    return found.assign(
        new_promised_date=projected.mask(is_beyond), is_kept=is_kept, is_moved=is_moved, is_declined=is_declined,
        is_opportunity=claims.is_opportunity,
        imposed_days=(counted - known["promised_date"]).dt.days.clip(lower=0).astype(np.int64),
        late_quantity=late_quantity, late_value=late_quantity * known["unit_price"], why=why,
    )  # fmt: skip


def _month_ends(month: Any, later: Whole) -> npt.NDArray[np.datetime64]:
    """The last day of the month so many months later."""
    first = np.asarray(
        pd.Series(month).to_numpy() if isinstance(month, pd.Series) else np.datetime64(month), "datetime64[M]"
    )
    return np.asarray((first + later.astype("timedelta64[M]") + np.timedelta64(1, "M")).astype("datetime64[D]")
                      - np.timedelta64(1, "D")).astype("datetime64[us]")  # fmt: skip


def _why(claims: Claims, given: Given, slip: Whole, share: Hours, is_kept: npt.NDArray[np.bool_]) -> Any:
    """For each line that is late the work centre and month of its slowest step, and who has the most hours there instead."""
    late = np.flatnonzero(share > 0)
    order = late[np.lexsort((claims.queue.work_centre[late], -share[late], -slip[late], claims.claim[late]))]
    line, first = np.unique(claims.claim[order], return_index=True)
    cell = (claims.queue.work_centre * claims.available.shape[1] + claims.queue.month)[order[first]]
    contested = np.unique(cell)
    names, most = claims.cell_names, _most_served(claims, given, contested)
    said = {one: _sentence(names[one][0], names[one][1], most.get(one, [])) for one in contested.tolist()}
    why = np.where(is_kept, "", "Its promised date has passed.").astype(object)
    why[line] = [said[one] for one in cell.tolist()]
    return why


def _sentence(work_centre: str, month: str, ahead: list[str]) -> str:
    return f"{work_centre} in {month}: " + (f"ahead are {words.joined(ahead)}." if ahead else "there are no hours.")


def _most_served(claims: Claims, given: Given, cells: Whole) -> dict[int, list[str]]:
    """For each of these work centres and months the three customers who are given the most hours, each with its hours."""
    cell = claims.queue.work_centre[given.step] * claims.available.shape[1] + given.month
    is_asked = np.zeros(claims.available.size, bool)
    is_asked[cells] = True
    here = np.flatnonzero(is_asked[cell])
    key = cell[here] * len(claims.customers) + claims.customer[claims.claim[given.step[here]]]
    pairs, which = np.unique(key, return_inverse=True)
    hours = np.bincount(which, given.hours[here], minlength=len(pairs))
    served, customer = np.divmod(pairs, max(len(claims.customers), 1))
    order = np.lexsort((customer, -hours, served))
    first = np.searchsorted(served[order], served[order])
    top = order[np.arange(len(order)) - first < 3]
    names = claims.customers["customer_name"].to_numpy(object)[customer[top]]
    found: dict[int, list[str]] = {}
    for one, name, had in zip(served[top].tolist(), names.tolist(), hours[top].tolist(), strict=True):
        found.setdefault(one, []).append(f"{name} ({had:,.0f} h)")
    return found


def _customers(claims: Claims, lines: pd.DataFrame) -> pd.DataFrame:
    """What the lines of each customer come to. A customer without a line stands with nothing."""
    is_order, is_kept = ~lines["is_opportunity"].to_numpy(bool), lines["is_kept"].to_numpy(bool)
    is_broken = ~is_kept & ~lines["is_moved"].to_numpy(bool)

    def added(what: npt.NDArray[Any]) -> Hours:
        return np.asarray(np.bincount(claims.customer, what, minlength=len(claims.customers)), np.float64)

    return claims.customers[["customer_id", "customer_name", "tier"]].assign(
        kept_count=added(is_kept & is_order).astype(np.int64), broken_count=added(is_broken & is_order).astype(np.int64),
        imposed_days=added(lines["imposed_days"].to_numpy(np.int64) * is_order).astype(np.int64),
        late_value=added(lines["late_value"].to_numpy(float)),
        let_down_count=claims.customers["let_down_count"], imposed_days_so_far=claims.customers["imposed_days_so_far"],
    )  # fmt: skip
