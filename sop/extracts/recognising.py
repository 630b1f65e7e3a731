"""What each file is and how it is to be read: by a mapping that came with it, its own names, one saved before, or a proposal.

Nothing is read here but samples, so that a planner has an answer within seconds whatever the files' sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sop.errors import MappingError
from sop.extracts.contract import extracts
from sop.extracts.mapping import ColumnSource, FileMapping, Join, by_header, listed
from sop.extracts.mapping_file import from_table
from sop.extracts.pairing import joined, pair
from sop.extracts.proposing import Proposal, Proposed, fingerprint, propose
from sop.extracts.proposing.written import shows_signs
from sop.extracts.sniffing import Sniffed, SniffedColumn

Origin = Literal["given", "own names", "saved", "proposed"]
Known = Callable[[Sniffed], Mapping[str, frozenset[str]]]
"""Which of a file's values are ids of the live snapshot, by logical id column."""

WHERE_TO_SAY = (
    "Bring it on the page Extracts and choose there, or write a mapping (python -m sop propose FILE > mapping.toml)"
    " and load with --mapping mapping.toml; --accept-proposals takes the best guess. Nothing was published."
)


@dataclass(frozen=True)
class Table:
    """A text file with one table: an uploaded file, an unpacked one or a sheet of a workbook."""

    file: Path
    name: str
    sniffed: Sniffed


@dataclass(frozen=True)
class Saved:
    """A mapping that was confirmed before: the table it is made from, by whom, and when in words."""

    table: Mapping[str, object]
    by: str
    on: str


@dataclass(frozen=True)
class Recognised:
    """A table to load, with the table of its headers where it has one, and how both are understood."""

    table: Table
    headers: Table | None
    sniffed: Sniffed
    """Of both tables together."""
    origin: Origin
    mapping: FileMapping | None
    """How it would be read; None where a required column has no source."""
    columns: tuple[Proposed, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fingerprint: str = ""
    join: Join | None = None

    @property
    def questions(self) -> tuple[Proposed, ...]:
        """What only a person can decide."""
        return tuple(proposed for proposed in self.columns if proposed.is_open)

    @property
    def is_clear(self) -> bool:
        """True where it can be loaded without asking anybody."""
        return self.mapping is not None and not self.questions

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.table.name} with {self.headers.name}" if self.headers else self.table.name


def recognise(
    tables: Sequence[Table],
    given: Sequence[FileMapping] = (),
    saved: Callable[[str], Saved | None] = lambda fingerprint: None,
    known: Known = lambda sniffed: {},
) -> tuple[Recognised, ...]:
    """Understand every table; a header file is part of what its detail file is recognised as.

    `saved` answers with the mapping saved for a header's fingerprint. Raises MappingError for a mapping that names a
    header file which is not there.
    """
    left = list(tables)
    found: list[Recognised] = []
    for find in (_given(given), _saved(saved), _by_own_names, _pairs(known)):
        for recognised in find(left):
            found.append(recognised)
            used = {id(recognised.table), id(recognised.headers)}
            left = [table for table in left if id(table) not in used]
    found += [_proposed(table, None, propose(table.sniffed, known(table.sniffed))) for table in left]
    return tuple(sorted(found, key=lambda one: tables.index(one.table)))


def fingerprint_of(table: Table, headers: Table | None) -> str:
    """By what a table, with its header table, is known again next month."""
    own = fingerprint(table.sniffed)
    return own if headers is None else f"{own}+{fingerprint(headers.sniffed)}"


_Find = Callable[[list[Table]], Iterable[Recognised]]


def _given(mappings: Sequence[FileMapping]) -> _Find:
    def find(tables: list[Table]) -> Iterable[Recognised]:
        for table in tables:
            mapping = next((mapping for mapping in mappings if mapping.fits(table.name)), None)
            if mapping is None:
                continue
            headers = _headers_of(mapping, table, tables)
            whole = joined(table.sniffed, headers.sniffed, mapping.join) if headers and mapping.join else table.sniffed
            yield Recognised(table, headers, whole, "given", mapping, fingerprint=fingerprint_of(table, headers))

    return find


def _headers_of(mapping: FileMapping, table: Table, tables: Sequence[Table]) -> Table | None:
    if mapping.join is None:
        return None
    named = replace(mapping, name=mapping.join.file)
    headers = next((other for other in tables if other is not table and named.fits(other.name)), None)
    if headers is None:
        there = ", ".join(other.name for other in tables if other is not table) or "nothing else"
        raise MappingError(
            f"{table.name} finds its headers in {mapping.join.file}, which is not there; there is {there}."
        )
    return headers


def _by_own_names(tables: list[Table]) -> Iterable[Recognised]:
    """Files that carry the logical names: only how they write dates and numbers is taken from the samples."""
    for table in tables:
        mapping = by_header(table.name, [column.name for column in table.sniffed.columns])
        if mapping is None:
            continue
        [(extract, columns)] = mapping.extracts.items()
        proposed = tuple(
            _as_written(extract, name, source, table.sniffed, "the column carries this name")
            for name, source in columns.items()
        )
        yield _recognised(table, None, table.sniffed, "own names", mapping, proposed)


def _saved(saved: Callable[[str], Saved | None]) -> _Find:
    """Files, and pairs of files, whose header was confirmed before."""

    def find(tables: list[Table]) -> Iterable[Recognised]:
        for table in tables:
            for headers in (None, *(other for other in tables if other is not table)):
                known = saved(fingerprint_of(table, headers))
                if known is not None:
                    yield _as_saved(table, headers, known)
                    break

    return find


def _as_saved(table: Table, headers: Table | None, known: Saved) -> Recognised:
    """A mapping from the log, meant for these files, whatever they are called this month."""
    mapping = replace(
        from_table(table.name, known.table), delimiter=table.sniffed.delimiter, encoding=table.sniffed.encoding
    )
    whole = table.sniffed
    if headers is not None and mapping.join is not None:
        join = replace(mapping.join, file=headers.name)
        mapping, whole = replace(mapping, join=join), joined(table.sniffed, headers.sniffed, join)
    why = f"confirmed by {known.by} on {known.on}"
    proposed = tuple(
        _as_written(extract, name, source, whole, why, mapping)
        for extract, columns in mapping.extracts.items()
        for name, source in columns.items()
    )
    return _recognised(table, headers, whole, "saved", mapping, proposed)


def _pairs(known: Known) -> _Find:
    def find(tables: list[Table]) -> Iterable[Recognised]:
        for pairing in pair([table.sniffed for table in tables]):
            detail, headers = tables[pairing.detail], tables[pairing.header]
            whole = joined(detail.sniffed, headers.sniffed, pairing.join)
            yield _proposed(detail, headers, propose(whole, known(whole)), whole)

    return find


def _proposed(table: Table, headers: Table | None, proposal: Proposal, whole: Sniffed | None = None) -> Recognised:
    return Recognised(
        table, headers, whole or table.sniffed, "proposed", proposal.mapping, proposal.columns, proposal.missing,
        proposal.notes, fingerprint_of(table, headers), proposal.join,
    )  # fmt: skip


def _recognised(
    table: Table,
    headers: Table | None,
    whole: Sniffed,
    origin: Origin,
    mapping: FileMapping,
    columns: tuple[Proposed, ...],
) -> Recognised:
    fed: dict[str, dict[str, ColumnSource]] = {}
    for proposed in columns:
        if proposed.source is not None:
            fed.setdefault(proposed.extract, {})[proposed.column] = proposed.source
    return Recognised(
        table,
        headers,
        whole,
        origin,
        replace(mapping, extracts=fed),
        columns,
        fingerprint=fingerprint_of(table, headers),
    )


def _as_written(
    extract: str, name: str, source: ColumnSource, sniffed: Sniffed, why: str, mapping: FileMapping | None = None
) -> Proposed:
    """A column whose meaning is settled, read as this file writes it; asked where the file leaves the day open."""
    column = next((column for column in sniffed.columns if column.name == source.column), None)
    mapping = mapping or FileMapping()
    if column is None:
        return Proposed(extract, name, source, 1.0, why)
    type_ = next(one.type for one in extracts()[extract].columns if one.name == name)
    if type_ == "DATE" and column.kind == "date" and source.days_after is None:
        return _date_as_written(extract, name, source, column, why, mapping)
    if type_ not in ("DATE", "VARCHAR") and column.kind == "number":
        said = (source.decimal or mapping.decimal, mapping.thousands if source.thousands is None else source.thousands)
        if said not in ((column.decimal, column.thousands), column.other_signs) and shows_signs(column):
            source = replace(source, decimal=column.decimal, thousands=column.thousands)
    return Proposed(extract, name, source, 1.0, why, samples=column.samples)


def _date_as_written(
    extract: str, name: str, source: ColumnSource, column: SniffedColumn, why: str, mapping: FileMapping
) -> Proposed:
    said = source.date_format or mapping.date_format
    if said is not None and said in (column.date_format, column.other_date_format):
        return Proposed(extract, name, source, 1.0, why, samples=column.samples)
    readings = [replace(source, date_format=column.date_format)]
    question = None
    if column.other_date_format is not None:
        readings.append(replace(source, date_format=column.other_date_format))
        question = f"The dates of {column.name!r} can be read with the day or the month first. Which is right?"
    elif said is not None:
        readings.append(source)
        question = f"The dates of {column.name!r} are written otherwise than when this mapping was confirmed. How are they read?"
    return Proposed(
        extract, name, readings[0], 1.0, why,
        question=question, samples=column.samples, options=tuple(readings) if question else (),
    )  # fmt: skip


def not_clear(recognised: Recognised) -> str:
    """What a person must decide before a file can be used, in plain lines, and where they can say it."""
    header = [column.name for column in recognised.sniffed.columns]
    name = recognised.name
    if len(header) == 1:
        only = f"only one column is found, {header[0][:60]!r}"
        return f"{name}, line {recognised.sniffed.header_line}: {only}. Say in a mapping which delimiter separates the columns."
    if not recognised.columns:
        return f"{name}: no extract is recognised in its columns ({listed(header)}). {WHERE_TO_SAY}"
    lines = [f"{name}: this must be decided before it can be used."]
    lines += [f"  {missing} is needed, and no column was found for it." for missing in recognised.missing]
    lines += [f"  {one.extract}.{one.column}: {one.question}" for one in recognised.questions]
    return "\n".join([*lines, WHERE_TO_SAY])


def as_proposed(recognised: Recognised) -> Recognised:
    """The same with every question answered by its best guess; left as it is where a column is still missing."""
    answered = tuple(replace(proposed, question=None) for proposed in recognised.columns)
    return replace(recognised, columns=answered)
