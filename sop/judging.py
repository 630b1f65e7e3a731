"""What a deal of the hours does to every line and customer, by the rules of marts/promises_ahead."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sop import words
from sop.allocation import TINY, Given, Hours, Whole
from sop.best_overall import Agreed, Best, agreed
from sop.claiming import LINE, Claims, Option, Weights, cell_names, late_hours
from sop.levers import Levers, Taken


def judged(
    name: str, title: str, claims: Claims, given: Given, weights: Weights,
    *, best: Best | None = None, levers: Levers | None = None, extra: Hours | None = None, taken: tuple[Taken, ...] = (),
    cost_value: float | None = None,
) -> Option:  # fmt: skip
    """What a deal of the hours does to every line and customer. `levers` are those that were open to it and are about lines.

    `cost_value` is what `taken` costs where that is not known one by one.
    """
    claimed = claims.claimed(weights, levers)
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
    return Option(name, title, lines, _customers(claims, lines), totals, given, best, extra, taken)


def _lines(claims: Claims, given: Given, agreement: Agreed) -> pd.DataFrame:
    known, months = claims.lines, claims.available.shape[1]
    done = given.completed(claims.queue)
    late = late_hours(claims, given)
    share = np.where(late > TINY, late / np.maximum(claims.queue.hours, TINY), 0)
    slip = np.where(done < 0, months, done - claims.queue.month)
    worst, late_share = np.zeros(len(known), np.int64), np.zeros(len(known))
    np.maximum.at(worst, claims.claim, slip)
    np.maximum.at(late_share, claims.claim, share)
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
    lines = known[[*LINE, "customer_id", "product_id", "promised_date"]].copy()
    lines["new_promised_date"] = projected.mask(is_beyond)
    lines["is_kept"] = is_kept
    lines["is_moved"], lines["is_declined"], lines["is_opportunity"] = is_moved, is_declined, claims.is_opportunity
    lines["imposed_days"] = (counted - known["promised_date"]).dt.days.clip(lower=0).astype(np.int64)
    lines["late_quantity"] = late_quantity
    lines["late_value"] = late_quantity * known["unit_price"]
    lines["why"] = _why(claims, given, slip, share, is_kept)
    for which, said in (
        (is_beyond & ~is_declined, " Not within the months known: counted to the end of the month after them."),
        (is_moved, " The customer agrees to a later month."), (is_declined, " Declined."),
    ):  # fmt: skip
        lines.loc[which, "why"] = (lines.loc[which, "why"] + said).str.strip()
    return lines


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
    names, most = cell_names(claims), _most_served(claims, given)
    said = {one: _sentence(names[one][0], names[one][1], most.get(one, [])) for one in np.unique(cell).tolist()}
    why = np.where(is_kept, "", "Its promised date has passed.").astype(object)
    why[line] = [said[one] for one in cell.tolist()]
    return why


def _sentence(work_centre: str, month: str, ahead: list[str]) -> str:
    return f"{work_centre} in {month}: " + (f"ahead are {words.joined(ahead)}." if ahead else "there are no hours.")


def _most_served(claims: Claims, given: Given) -> dict[int, list[str]]:
    """By work centre and month the three customers who are given the most hours, each with its hours."""
    frame = pd.DataFrame(
        {
            "cell": claims.queue.work_centre[given.step] * claims.available.shape[1] + given.month,
            "customer": claims.customer[claims.claim[given.step]],
            "hours": given.hours,
        }
    )
    sums = frame.groupby(["cell", "customer"])[["hours"]].sum().reset_index()
    top = sums.sort_values(["cell", "hours", "customer"], ascending=[True, False, True]).groupby("cell").head(3)
    names = claims.customers["customer_name"].to_numpy()[top["customer"]]
    found: dict[int, list[str]] = {}
    for cell, name, hours in zip(top["cell"].tolist(), names, top["hours"], strict=True):
        found.setdefault(cell, []).append(f"{name} ({hours:,.0f} h)")
    return found


def _customers(claims: Claims, lines: pd.DataFrame) -> pd.DataFrame:
    is_order = ~lines["is_opportunity"]
    sums = lines.assign(
        kept_count=lines["is_kept"] & is_order, broken_count=~lines["is_kept"] & ~lines["is_moved"] & is_order,
        imposed_days=lines["imposed_days"].where(is_order, 0),
    ).groupby("customer_id")[["kept_count", "broken_count", "imposed_days", "late_value"]].sum()  # fmt: skip
    known = claims.customers.set_index("customer_id")
    joined = known[["customer_name", "tier"]].join(sums).join(known[["let_down_count", "imposed_days_so_far"]])
    whole = ["kept_count", "broken_count", "imposed_days"]
    joined[whole] = joined[whole].fillna(0).astype(np.int64)
    return joined.fillna({"late_value": 0.0}).reset_index()
