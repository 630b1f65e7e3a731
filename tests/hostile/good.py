"""A small order book without a fault, from which every hostile file is made by spoiling something."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

HEADER = [
    "order_id",
    "line_number",
    "customer_id",
    "product_id",
    "quantity",
    "promised_date",
    "unit_price",
    "order_date",
]
FIRST = datetime.date(2026, 1, 2)
LINES = 40
"""Order lines of the good file, of which the first 30 are delivered."""

Spoil = Callable[[list[list[str]]], object]


def lines(count: int = LINES) -> list[list[str]]:
    """Cells of order lines, each an order of its own, promised over five months."""
    found = []
    for number in range(count):
        promised = FIRST + datetime.timedelta(days=number * 4 % 150)
        ordered = promised - datetime.timedelta(days=30)
        price = f"{10 + number % 9}.50"
        found.append(
            [f"SO-{number:05}", "10", f"C{number % 7}", f"P{number % 5}", f"{1 + number % 9}", str(promised), price, str(ordered)]
        )  # fmt: skip
    return found


def as_text(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, *, delimiter: str = ",") -> str:
    """A header and rows, written without a quotation mark."""
    return "".join(delimiter.join(cells) + "\n" for cells in (header, *rows))


def deliveries(count: int = 30) -> str:
    """A delivery for each of the first order lines, on the promised day."""
    rows = [[order, number, promised, quantity] for order, number, _, _, quantity, promised, *_ in lines(count)]
    return as_text(rows, ["order_id", "line_number", "delivered_date", "quantity"])


def write(folder: Path, content: str | bytes, name: str = "order_lines.csv") -> Path:
    """A file of that content in a folder of its own, so that nothing else stands beside it."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def spoilt(folder: Path, spoil: Spoil, count: int = LINES, name: str = "order_lines.csv") -> Path:
    """The good order lines after `spoil` changed their cells in place."""
    rows = lines(count)
    spoil(rows)
    return write(folder, as_text(rows), name)
