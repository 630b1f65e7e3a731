"""How fast the scarce hours are dealt out: 200 work centres, 18 months, one to three work centres a line, at three sizes.

Prices are by product; customers are of three tiers, and each was let down differently often, so every one weighs differently.
The largest company is weighed by tier alone: so its lines are gathered by product, month and tier.
Hours are as many as are asked for in all, but not where and when they are asked for.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sop import arbitrating
from sop.arbitrating import Claims, Weights
from sop.best_overall import best_overall

WORK_CENTRES, MONTHS, CUSTOMERS = 200, 18, 300
FIRST = np.datetime64("2026-07", "M")


def measure(rounds: int, sizes: tuple[int, ...] = (5_000, 50_000, 500_000)) -> list[dict[str, Any]]:
    """The figures of bench: seconds for every option, for the best overall, and for a change by hand."""
    small, middle, large = (company(size) for size in sizes)
    weights = Weights()
    options = _median(rounds, lambda: arbitrating.options(small, weights))
    found, _ = arbitrating.options(small, weights)
    best = found["best"]
    late = [int(np.flatnonzero(~best.lines["is_kept"])[0])]

    def by_hand() -> None:
        hand = arbitrating.by_hand(small, weights, best, late, [])
        arbitrating.conflicts(small, late, hand)

    hand = _median(rounds, by_hand)
    rows = [
        (f"every option for {sizes[0]:,} open order lines", options, "s", 1.0),
        (f"a change by hand at {sizes[0]:,} open order lines", hand, "s", 1.0),
    ]
    for claims, size, hold, let_down in ((middle, sizes[1], 5.0, 1.0), (large, sizes[2], 20.0, 0.0)):
        print(f"Best overall for {size:,} open order lines …", file=sys.stderr)
        rows.append(
            (
                f"best overall for {size:,} open order lines",
                _median(1, lambda claims=claims, let_down=let_down: _solve(claims, let_down)),
                "s",
                hold,
            )
        )
    rows.append(("cost where lines of a kind are gathered / where they are not - 1", _apart(small), "", 1e-9))
    return [{"measure": measure, "value": value, "unit": unit, "hold": hold} for measure, value, unit, hold in rows]


def _median(rounds: int, work: Callable[[], object]) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _solve(claims: Claims, let_down: float) -> None:
    best = best_overall(claims.claimed(Weights(let_down=let_down)), claims.available, seconds=600)
    if not best.is_proven:
        raise RuntimeError("The best overall was not found.")


def _apart(claims: Claims) -> float:
    """How far the least cost is from that of a programme in which every line is a kind of its own."""
    whole = claims.claimed(Weights(let_down=0.0))
    alone = type(whole)(whole.queue, whole.line, whole.worth, np.arange(len(whole.worth)))
    gathered = best_overall(whole, claims.available, seconds=600).cost
    return abs(best_overall(alone, claims.available, seconds=600).cost / gathered - 1)


def company(lines: int, seed: int = 1) -> Claims:
    """Claims of a made-up company with so many open order lines."""
    random = np.random.default_rng(seed)
    products = int(np.clip(lines // 10, 50, 1000))
    routed = random.integers(1, 4, products)
    first = np.cumsum(routed) - routed
    centre = np.concatenate([random.choice(WORK_CENTRES, count, replace=False) for count in routed])
    per_unit, ahead = random.exponential(0.5, len(centre)) + 0.05, random.integers(0, 3, len(centre))
    price = np.round(random.lognormal(5, 1, products), 2)
    product, due = random.integers(0, products, lines), np.sort(random.integers(0, MONTHS, lines))
    quantity, customer = np.ceil(random.exponential(20, lines)), random.integers(0, CUSTOMERS, lines)
    promised = (FIRST + due).astype("datetime64[D]") + 14
    numbers = np.arange(lines)
    frame = pd.DataFrame(
        {
            "claim_number": numbers, "order_id": numbers.astype(str), "line_number": "1",
            "customer_number": customer, "product_id": product.astype(str), "promised_date": pd.to_datetime(promised),
            "due_month": pd.to_datetime((FIRST + due).astype("datetime64[D]")), "is_overdue": False,
            "is_opportunity": False, "open_quantity": quantity, "unit_price": price[product], "unit_margin": price[product] * 0.3,
        }
    )  # fmt: skip
    counts = routed[product]
    claim = np.repeat(numbers, counts)
    step = np.repeat(first[product] - (np.cumsum(counts) - counts), counts) + np.arange(len(claim))
    steps = pd.DataFrame(
        {
            "claim_number": claim, "work_centre_number": centre[step],
            "month_number": np.maximum(due[claim] - ahead[step], 0), "step_hours": per_unit[step] * quantity[claim],
        }
    )  # fmt: skip
    return arbitrating.claims_of(frame, steps, _customers(random), _hours(random, steps))


def _customers(random: np.random.Generator) -> pd.DataFrame:
    names = np.arange(CUSTOMERS).astype(str)
    return pd.DataFrame(
        {
            "customer_number": np.arange(CUSTOMERS), "customer_id": names, "customer_name": names,
            "tier": np.array(["A", "B", "C"])[random.choice(3, CUSTOMERS, p=[0.2, 0.3, 0.5])],
            "let_down_count": random.integers(0, 9, CUSTOMERS), "let_down_rate": random.uniform(0, 0.4, CUSTOMERS),
            "imposed_days_so_far": random.integers(0, 99, CUSTOMERS),
        }
    )  # fmt: skip


def _hours(random: np.random.Generator, steps: pd.DataFrame) -> pd.DataFrame:
    asked = np.bincount(steps["work_centre_number"], steps["step_hours"], minlength=WORK_CENTRES)
    there = (asked[:, None] / MONTHS) * random.uniform(0.8, 1.2, (WORK_CENTRES, MONTHS))
    centre, month = np.divmod(np.arange(there.size), MONTHS)
    return pd.DataFrame(
        {
            "work_centre_id": centre.astype(str), "work_centre_name": centre.astype(str),
            "month": pd.to_datetime((FIRST + month).astype("datetime64[D]")), "work_centre_number": centre,
            "month_number": month, "available_hours": there.ravel(), "overtime_limit_hours": 0.1 * there.ravel(),
            "overtime_cost_per_hour": 40.0,
        }
    )  # fmt: skip


if __name__ == "__main__":
    for row in measure(3):
        print(f"{row['measure']:<66} {row['value']:>12.3g} {row['unit']}")
