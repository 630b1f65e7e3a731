"""What sampled numbers prove: of two prices, the one that times a quantity gives an amount of the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sop.extracts.proposing.header import Header, Hit

if TYPE_CHECKING:
    from sop.extracts.sniffing import SniffedColumn


def by_arithmetic(header: Header, hits: list[Hit]) -> list[Hit]:
    """Put the price first that, times a quantity, gives an amount of the file: of two prices one is per another unit."""
    prices = [hit for hit in hits if hit.target[1] == "unit_price"]
    amounts = [reading.column for reading, aside in header.asides() if aside.kind == "amount"]
    if len(prices) < 2 or not amounts:
        return hits
    quantities = [header.columns[hit.source] for hit in hits if hit.target[1] == "quantity"]
    proofs = {
        hit.source: max((_proofs(header.columns[hit.source], quantity, amount)
                         for quantity in quantities for amount in amounts), default=0)
        for hit in prices
    }  # fmt: skip
    best = max(proofs, key=lambda source: proofs[source])
    if proofs[best] < 2 or list(proofs.values()).count(proofs[best]) > 1:
        return hits
    proved = next(hit for hit in prices if hit.source == best)
    hits[hits.index(proved)] = replace(
        proved, score=1.0, why=f"{proved.why}, and times the quantity it gives {_listed(amounts)}"
    )
    return hits


def _listed(columns: Sequence[SniffedColumn]) -> str:
    return " or ".join(repr(column.name) for column in columns)


def _proofs(price: SniffedColumn, quantity: SniffedColumn, amount: SniffedColumn) -> int:
    """How many sampled amounts are a sampled price times a sampled quantity."""
    products = [each * units for each in numbers(price) for units in numbers(quantity)]
    return sum(
        any(abs(product - value) <= 0.001 * abs(value) for product in products) for value in numbers(amount) if value
    )


def numbers(column: SniffedColumn) -> list[float]:
    """The sampled values that are numbers, as the column writes them."""
    read = []
    for sample in column.samples:
        digits = sample.replace(column.thousands, "") if column.thousands else sample
        digits = re.sub(r"[^\d.\-]", "", digits.replace(column.decimal, "."))
        try:
            read.append(float(digits))
        except ValueError:
            continue
    return read
