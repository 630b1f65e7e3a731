"""Options for who gets the scarce hours: what each policy, and the best overall, does to every open promise and customer."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sop import allocation, words
from sop.allocation import TINY, Given, Hours, Queue, Whole
from sop.best_overall import Best, Claimed, Levers, best_overall, months_late
from sop.promising import array_of

LINE = ["order_id", "line_number"]


@dataclass(frozen=True)
class Weights:
    """What a month late costs: a share of the value that is late, times how much the customer weighs.

    A customer weighs as much as its tier, and more by `let_down` times the share of its promises broken lately.
    """

    tier_a: float = 3.0
    tier_b: float = 2.0
    tier_c: float = 1.0
    let_down: float = 1.0
    late_rate: float = 0.1

    def of(self, customers: pd.DataFrame) -> pd.Series:
        """How much each customer weighs. Columns: tier, let_down_rate. A tier that is not known weighs as C."""
        by_tier = customers["tier"].map({"A": self.tier_a, "B": self.tier_b, "C": self.tier_c}).fillna(self.tier_c)
        weight: pd.Series = by_tier.astype(float) * (1 + self.let_down * customers["let_down_rate"].astype(float))
        return weight


@dataclass(frozen=True)
class Option:
    """What one way to deal out the hours does.

    `lines`: a row per open order line: order_id, line_number, customer_id, product_id, promised_date, new_promised_date (empty
    beyond the months known), is_kept, imposed_days, late_quantity, late_value, why. `customers`: a row per customer with one:
    customer_id, customer_name, tier, kept_count, broken_count, imposed_days, late_value, let_down_count, imposed_days_so_far.
    `totals`: kept_count, broken_count, imposed_days, late_value, margin_value (of what is in time; None without unit costs),
    cost_value (of levers), weighed_value (what best overall makes least). A line that is not there within the months known
    is counted as coming at the end of the month after them.
    """

    name: str
    title: str
    lines: pd.DataFrame
    customers: pd.DataFrame
    totals: dict[str, Any]
    given: Given
    best: Best | None = None


@dataclass(frozen=True)
class Claims:
    """Every open order line with the hours it asks for, numbered in the order of first promise.

    Frames as arbitrate/lines, arbitrate/customers and arbitrate/hours answer; `claim` numbers the line of each step.
    """

    lines: pd.DataFrame
    customers: pd.DataFrame
    hours: pd.DataFrame
    queue: Queue
    claim: Whole
    available: Hours

    @property
    def customer(self) -> Whole:
        """The place in `customers` of each line's customer."""
        return np.asarray(pd.Index(self.customers["customer_id"]).get_indexer(self.lines["customer_id"]))

    def given(self, order: Whole, available: Hours | None = None) -> Given:
        """Deal out the hours to lines in this order (their numbers, first served first)."""
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        by_rank = np.argsort(rank[self.claim], kind="stable")
        served = Queue(self.queue.work_centre[by_rank], self.queue.month[by_rank], self.queue.hours[by_rank])
        found = allocation.in_order(served, self.available if available is None else available)
        return Given(by_rank[found.step], found.month, found.hours)

    def claimed(self, weights: Weights) -> Claimed:
        """What the linear programme asks: what a month late costs by line, and which lines are of one kind."""
        unit = weights.of(self.customers).to_numpy()[self.customer] * weights.late_rate * self.lines["unit_price"]
        kinds = self.lines.groupby(["product_id", "due_month", unit.round(6)], sort=False).ngroup()
        shapes = self.lines.groupby(["product_id", "due_month"], sort=False).ngroup()
        size = self.lines["open_quantity"].to_numpy(float)
        worth = (unit * self.lines["open_quantity"]).to_numpy(float)
        return Claimed(self.queue, self.claim, worth, np.asarray(kinds, np.int64), np.asarray(shapes, np.int64), size)


def claims_of(lines: pd.DataFrame, steps: pd.DataFrame, customers: pd.DataFrame, hours: pd.DataFrame) -> Claims:
    """Claims from the answers of arbitrate/lines, steps, customers and hours."""
    queue = Queue(
        steps["work_centre_number"].to_numpy(np.int64), steps["month_number"].to_numpy(np.int64),
        steps["step_hours"].to_numpy(float),
    )  # fmt: skip
    claim = steps["claim_number"].to_numpy(np.int64)
    return Claims(lines, customers, hours, queue, claim, array_of(hours, "available_hours"))


def earliest_promise(claims: Claims) -> Whole:
    """The policy in force: whoever was promised first."""
    return np.arange(len(claims.lines))


def customer_tier(claims: Claims) -> Whole:
    """A before B before C before the rest, then by first promise."""
    tier = claims.customers["tier"].map({"A": 0, "B": 1, "C": 2}).fillna(3).to_numpy()
    return np.argsort(tier[claims.customer], kind="stable")


def least_let_down(claims: Claims) -> Whole:
    """Those let down most often in the last six months first, then those who waited most days, then by first promise."""
    count, days = (
        claims.customers[name].to_numpy(float)[claims.customer] for name in ("let_down_count", "imposed_days_so_far")
    )
    return np.lexsort((np.arange(len(count)), -days, -count))


def margin_per_hour(claims: Claims) -> Whole:
    """The most margin for a scarce hour first: an hour in a month in which somebody has to wait. Unknown margins last."""
    scarce = np.bincount(claims.claim, claims.queue.hours * _is_scarce(claims), minlength=len(claims.lines))
    margin = (claims.lines["unit_margin"] * claims.lines["open_quantity"]).to_numpy(float)
    by_hour = np.where(np.isnan(margin), -np.inf, margin) / np.maximum(scarce, TINY)
    return np.argsort(-by_hour, kind="stable")


def _is_scarce(claims: Claims) -> npt.NDArray[np.bool_]:
    in_force = claims.given(earliest_promise(claims))
    is_late = in_force.month > claims.queue.month[in_force.step]
    full = np.zeros(claims.available.shape, bool)
    np.logical_or.at(full, (claims.queue.work_centre, claims.queue.month), _late_hours(claims, in_force) > TINY)
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


def options(
    claims: Claims, weights: Weights, levers: Levers | None = None, seconds: float = 20.0
) -> tuple[dict[str, Option], dict[str, str]]:
    """Every option by name, and for each that cannot be had why, in plain words."""
    found, why_not = {}, {}
    for name, (title, order) in ORDERS.items():
        if name == "margin" and claims.lines["unit_margin"].isna().all():
            why_not[name] = (
                f"{title} needs what a unit costs: bring the extract products with unit_cost, and order lines with unit_price."
            )
            continue
        found[name] = judged(name, title, claims, claims.given(order(claims)), weights)
    fair = allocation.fair_share(claims.queue, claims.available, claims.customer[claims.claim])
    found["fair"] = judged("fair", TITLES["fair"], claims, fair, weights)
    found["best"] = _best(claims, weights, levers, seconds, list(found.values()))
    return found, why_not


def _best(
    claims: Claims, weights: Weights, levers: Levers | None, seconds: float, policies: Collection[Option]
) -> Option:
    """What the programme finds in the time, else the best of the policies, with what is proven about it."""
    best = best_overall(claims.claimed(weights), claims.available, levers, seconds)
    if best.given is not None:
        cost = float((best.extra * levers.cost).sum()) if levers else 0.0
        return judged("best", TITLES["best"], claims, best.given, weights, best=best, cost_value=cost)
    nearest = min(policies, key=lambda option: float(option.totals["weighed_value"]))
    return judged("best", TITLES["best"], claims, nearest.given, weights, best=best)


def by_hand(claims: Claims, weights: Weights, start: Option, first: Collection[int], last: Collection[int]) -> Option:
    """The option that serves `first` (numbers of lines) before all others and `last` behind them, and else follows `start`."""
    rank = _last_month(claims, start.given)
    order = np.lexsort((np.arange(len(rank)), rank))
    if start.name in ORDERS:
        order = ORDERS[start.name][1](claims)
    place = np.zeros(len(rank), np.int64)
    place[list(last)] = 1
    place[list(first)] = -1
    order = order[np.argsort(place[order], kind="stable")]
    available = claims.available if start.best is None else claims.available + start.best.extra
    given = claims.given(order, available)
    return judged("hand", "By hand", claims, given, weights, cost_value=float(start.totals["cost_value"]))


def _last_month(claims: Claims, given: Given) -> Whole:
    """The month in which the last of each line's hours is given, the months known where some are not."""
    done = given.completed(claims.queue)
    last = np.zeros(len(claims.lines), np.int64)
    np.maximum.at(last, claims.claim, np.where(done < 0, claims.available.shape[1], done))
    return last


def conflicts(claims: Claims, first: Collection[int], option: Option) -> list[str]:
    """Why lines that were to be kept cannot all be: one sentence a work centre and month, and one for dates that have passed."""
    chosen = np.zeros(len(claims.lines), bool)
    chosen[list(first)] = True
    said = []
    passed = int((chosen & claims.lines["is_overdue"].to_numpy(bool)).sum())
    if passed:
        said.append(f"{words.counted(passed, 'pinned line')} cannot be kept: the promised date has passed already.")
    late = np.unique(np.flatnonzero((_late_hours(claims, option.given) > TINY) & chosen[claims.claim]))
    centre, month = claims.queue.work_centre, claims.queue.month
    for work_centre, when in sorted({(int(centre[step]), int(month[step])) for step in late}):
        here = (centre == work_centre) & (month <= when) & chosen[claims.claim]
        asked, there = claims.queue.hours[here].sum(), claims.available[work_centre, : when + 1].sum()
        in_month = claims.queue.hours[here & (month == when)].sum()
        have = claims.available[work_centre, when]
        name, of = _cell_names(claims)[work_centre * claims.available.shape[1] + when]
        said.append(
            f"{name} has {have:,.0f} hours in {of}; the pinned lines ask for {in_month:,.0f} in that month alone."
            if in_month > have
            else f"{name} has {there:,.0f} hours up to {of}; the pinned lines ask for {asked:,.0f} in these months."
        )
    return said


def _cell_names(claims: Claims) -> list[tuple[str, str]]:
    """The name of the work centre and of the month, by work centre and month in the order of their numbers."""
    ordered = claims.hours.sort_values(["work_centre_number", "month_number"])
    return [
        (str(name), f"{month:%B %Y}") for name, month in zip(ordered["work_centre_name"], ordered["month"], strict=True)
    ]


def _late_hours(claims: Claims, given: Given) -> Hours:
    """The hours of each step that are not given in its own month."""
    in_time = given.month == claims.queue.month[given.step]
    had = np.bincount(given.step[in_time], given.hours[in_time], minlength=len(claims.queue))
    return np.maximum(claims.queue.hours - had, 0)


def judged(
    name: str, title: str, claims: Claims, given: Given, weights: Weights,
    *, best: Best | None = None, cost_value: float = 0.0,
) -> Option:  # fmt: skip
    """What a deal of the hours does to every line and customer, by the rules of marts/promises_ahead."""
    lines = _lines(claims, given)
    claimed = claims.claimed(weights)
    late = months_late(claimed, given, claims.available.shape[1])
    margin = claims.lines["unit_margin"] * (claims.lines["open_quantity"] - lines["late_quantity"])
    totals = {
        "kept_count": int(lines["is_kept"].sum()),
        "broken_count": int((~lines["is_kept"]).sum()),
        "imposed_days": int(lines["imposed_days"].sum()),
        "late_value": float(lines["late_value"].sum()),
        "margin_value": None if margin.isna().all() else float(margin.sum()),
        "cost_value": cost_value,
        "weighed_value": float(late @ claimed.worth) + cost_value,
    }
    return Option(name, title, lines, _customers(claims, lines), totals, given, best)


def _lines(claims: Claims, given: Given) -> pd.DataFrame:
    known, months = claims.lines, claims.available.shape[1]
    done = given.completed(claims.queue)
    late_hours = _late_hours(claims, given)
    share = np.where(late_hours > TINY, late_hours / np.maximum(claims.queue.hours, TINY), 0)
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
    late_quantity = np.where(is_overdue, known["open_quantity"], known["open_quantity"] * late_share)
    lines = known[[*LINE, "customer_id", "product_id", "promised_date"]].copy()
    lines["new_promised_date"] = projected.mask(is_beyond)
    lines["is_kept"] = is_kept
    lines["imposed_days"] = (counted - known["promised_date"]).dt.days.clip(lower=0).astype(np.int64)
    lines["late_quantity"] = late_quantity
    lines["late_value"] = late_quantity * known["unit_price"]
    lines["why"] = _why(claims, given, slip, share, is_kept)
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
    names, most = _cell_names(claims), _most_served(claims, given)
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
    sums = lines.assign(broken_count=~lines["is_kept"]).groupby("customer_id").agg(
        kept_count=("is_kept", "sum"), broken_count=("broken_count", "sum"), imposed_days=("imposed_days", "sum"),
        late_value=("late_value", "sum"),
    )  # fmt: skip
    known = claims.customers.set_index("customer_id")
    joined = known[["customer_name", "tier"]].join(sums).join(known[["let_down_count", "imposed_days_so_far"]])
    whole = ["kept_count", "broken_count", "imposed_days"]
    joined[whole] = joined[whole].fillna(0).astype(np.int64)
    return joined.fillna({"late_value": 0.0}).reset_index()


def overtime(claims: Claims) -> Levers:
    """The overtime that each work centre can give in each month, and what it costs (from arbitrate/hours)."""
    return Levers(array_of(claims.hours, "overtime_limit_hours"), array_of(claims.hours, "overtime_cost_per_hour"))


def claims_on(claims: Claims, cells: pd.DataFrame) -> Whole:
    """The numbers of the lines that ask for hours in these work centre-months (columns work_centre_id, month)."""
    marked = claims.hours.merge(cells[["work_centre_id", "month"]], on=["work_centre_id", "month"], how="inner")
    there = np.zeros(claims.available.shape, bool)
    there[marked["work_centre_number"].to_numpy(int), marked["month_number"].to_numpy(int)] = True
    return np.unique(claims.claim[there[claims.queue.work_centre, claims.queue.month]])
