"""Levers as somebody opened them: figures and names that can be written down, and the levers that they are on given claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sop import arbitrating
from sop.allocation import Hours
from sop.arbitrating import Claims
from sop.levers import Elsewhere, Levers, Move

Chosen = Mapping[str, Any]
"""What is opened, each part only where it is: `overtime` (true), `outside` (rows of work_centre, hours_a_month, cost_per_hour),
`earlier_cost` (of an hour for each month early), `elsewhere` (rows of work_centre, done_by, hours_a_month, cost_per_hour,
hours_there_for_one), `moves` (rows of order_line, months_later, cost_value), `declining` (true), `claiming` (which opportunities
claim hours: told or all). Work centres stand by name, order lines as 'order / line', so that it holds on a later snapshot.
"""


def levers_of(claims: Claims, chosen: Chosen) -> Levers | None:
    """The levers on these claims; what names a work centre or an order line that is not there (any more) is left out."""
    names = work_centres(claims)
    overtime = arbitrating.overtime(claims) if chosen.get("overtime") else Levers()
    levers = Levers(
        overtime.limit, overtime.cost, *_bought(claims, chosen.get("outside", ()), names),
        *_earlier(claims, chosen.get("earlier_cost")),
        tuple(_elsewhere(row, names) for row in chosen.get("elsewhere", ()) if _is_known(row, names)),
        tuple(_moves(claims, chosen.get("moves", ()))),
        bool(chosen.get("declining")),
    )  # fmt: skip
    is_shut = all(part is None for part in (levers.limit, levers.outside_limit, levers.earlier_limit))
    return None if is_shut and not (levers.elsewhere or levers.moves or levers.can_decline) else levers


def unknown(claims: Claims, chosen: Chosen) -> list[str]:
    """The work centres and order lines that are named and not there."""
    names, lines = work_centres(claims), order_lines(claims, chosen.get("moves", ()))
    rows = [*chosen.get("outside", ()), *chosen.get("elsewhere", ())]
    centres = {row[part] for row in rows for part in ("work_centre", "done_by") if part in row}
    named = {row["order_line"] for row in chosen.get("moves", ())}
    return sorted(centres - names.keys()) + sorted(named - lines.keys())


def in_words(chosen: Chosen) -> list[str]:
    """What is open, a few words each."""
    said = ["overtime"] if chosen.get("overtime") else []
    said += [
        f"{row['hours_a_month']:g} hours a month bought for {row['work_centre']}" for row in chosen.get("outside", ())
    ]
    if chosen.get("earlier_cost") is not None:
        said.append("work in earlier months")
    said += [f"{row['work_centre']} done by {row['done_by']}" for row in chosen.get("elsewhere", ())]
    said += [f"{row['order_line']} moved by {row['months_later']:g} months" for row in chosen.get("moves", ())]
    said += ["opportunities may be declined"] if chosen.get("declining") else []
    return said


def work_centres(claims: Claims) -> dict[str, int]:
    """The number of each work centre by its name, with its id where two are called the same."""
    centres = claims.hours.drop_duplicates("work_centre_number")
    twice = centres["work_centre_name"].duplicated(keep=False)
    return {
        f"{name} ({key})" if is_twice else str(name): int(number)
        for name, key, number, is_twice in zip(
            centres["work_centre_name"], centres["work_centre_id"], centres["work_centre_number"], twice, strict=True
        )
    }


def order_lines(claims: Claims, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The number of each open order line that rows of moves name, by its name, 'order / line'."""
    found = claims.numbers_of({row["order_line"] for row in rows})
    return {name: number for name, number in found.items() if not claims.is_opportunity[number]}


def _bought(
    claims: Claims, rows: Sequence[Mapping[str, Any]], names: Mapping[str, int]
) -> tuple[Hours | None, Hours | None]:
    limit, cost = np.zeros((2, *claims.available.shape))
    for row in rows:
        if row["work_centre"] in names:
            number = names[row["work_centre"]]
            limit[number], cost[number] = row["hours_a_month"], row["cost_per_hour"]
    return (limit, cost) if limit.any() else (None, None)


def _earlier(claims: Claims, cost: float | None) -> tuple[Hours | None, Hours | None]:
    """As many hours as there are may be kept for later months, at one cost."""
    if cost is None:
        return None, None
    return np.cumsum(claims.available, axis=1), np.full(claims.available.shape, float(cost))


def _is_known(row: Mapping[str, Any], names: Mapping[str, int]) -> bool:
    return row["work_centre"] in names and row["done_by"] in names and row["work_centre"] != row["done_by"]


def _elsewhere(row: Mapping[str, Any], names: Mapping[str, int]) -> Elsewhere:
    return Elsewhere(
        names[row["work_centre"]], names[row["done_by"]], row["hours_a_month"], row["cost_per_hour"],
        row["hours_there_for_one"],
    )  # fmt: skip


def _moves(claims: Claims, rows: Sequence[Mapping[str, Any]]) -> list[Move]:
    lines = order_lines(claims, rows)
    found = {lines[row["order_line"]]: row for row in rows if row["order_line"] in lines}
    return [Move(line, int(row["months_later"]), row["cost_value"]) for line, row in found.items()]
