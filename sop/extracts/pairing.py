"""Which files belong together: order items and their orders, each half of what an order line needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sop.extracts.mapping import Join, joined_names
from sop.extracts.proposing import propose
from sop.extracts.proposing.header import Header
from sop.extracts.proposing.names import key
from sop.extracts.proposing.vocabulary import vocabulary
from sop.extracts.sniffing import Sniffed, SniffedColumn


@dataclass(frozen=True)
class Pairing:
    """A detail file and its header file, by their places in what was given."""

    detail: int
    header: int
    join: Join


def pair(files: Sequence[Sniffed]) -> list[Pairing]:
    """Find the files that together make order lines, where neither does alone; each file is in one pair at most."""
    found: list[Pairing] = []
    used: set[int] = set()
    for detail, one in enumerate(files):
        if _feeds_order_lines(one):
            continue
        for header, other in enumerate(files):
            join = None if detail == header or {detail, header} & used else _join(one, other)
            if join is not None and not _feeds_order_lines(other):
                found.append(Pairing(detail, header, join))
                used |= {detail, header}
                break
    return found


def joined(detail: Sniffed, header: Sniffed, join: Join) -> Sniffed:
    """Both files as one: the header file's columns stand behind the detail file's, under names of their own."""
    names = joined_names([column.name for column in detail.columns], [column.name for column in header.columns],
                         join.to, header.file_name)  # fmt: skip
    width = len(detail.columns)
    beside = tuple(
        replace(header.columns[place], name=name, place=width + number) for number, (place, name) in enumerate(names)
    )
    notes = tuple(dict.fromkeys((*detail.notes, *header.notes)))
    return replace(detail, columns=(*detail.columns, *beside), notes=notes, join=join)


def _join(detail: Sniffed, header: Sniffed) -> Join | None:
    if not _tells_how_much(detail) and _tells_how_much(header):
        return None
    for column, to in _keys(detail, header):
        join = Join(header.file_name, column.name, to.name)
        if _feeds_order_lines(joined(detail, header, join)):
            return join
    return None


def _keys(detail: Sniffed, header: Sniffed) -> Iterator[tuple[SniffedColumn, SniffedColumn]]:
    """Columns by which each row of one file may find its row of the other: of one name, and unique in the other."""
    for column in detail.columns:
        for to in header.columns:
            is_one_name = column.name and (key(column.name) == key(to.name) or (_is_order(column) and _is_order(to)))
            if is_one_name and to.distinct_share > 0.99 and to.filled_share > 0.99:
                yield column, to


def _tells_how_much(sniffed: Sniffed) -> bool:
    """True for the file whose rows say what was ordered and how much of it: the detail, never the header."""
    header = Header(sniffed, {})
    return any(header.firm(("order_lines", name)) for name in ("quantity", "product_id"))


def _is_order(column: SniffedColumn) -> bool:
    return any(meaning.target[1] == "order_id" for meaning in vocabulary().named.get(key(column.name), ()))


def _feeds_order_lines(sniffed: Sniffed) -> bool:
    mapping = propose(sniffed).mapping
    return mapping is not None and "order_lines" in mapping.extracts
