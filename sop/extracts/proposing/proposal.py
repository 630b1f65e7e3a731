"""What is proposed: where each logical column comes from, what a person must decide, and the mapping that follows."""

from __future__ import annotations

import glob
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sop.extracts.contract import extracts
from sop.extracts.mapping import ColumnSource, FileMapping, Join, missing_columns
from sop.extracts.proposing.names import key
from sop.extracts.proposing.vocabulary import Target

if TYPE_CHECKING:
    from sop.extracts.sniffing import Sniffed

NOTHING = ColumnSource()
"""Among the options of a question: the logical column is fed by nothing."""


@dataclass(frozen=True)
class Proposed:
    """Where one logical column of one extract is proposed to come from; `source` is None where nothing is proposed."""

    extract: str
    column: str
    source: ColumnSource | None
    confidence: float
    why: str
    alternatives: tuple[str, ...] = ()
    """Other columns of the file that might feed it."""
    question: str | None = None
    """What a person must decide before the file is used, with the values shown; None where nothing is open."""
    samples: tuple[str, ...] = ()
    """Values of the column that it comes from, or of the one that is asked about."""
    options: tuple[ColumnSource, ...] = ()
    """What a person may answer to the question, best guess first; NOTHING leaves the logical column unfed."""
    could_feed: tuple[Target, ...] = ()
    """Other logical columns, with their extract, that the column asked about may mean."""

    @property
    def is_open(self) -> bool:
        """True where a person must decide before the file is used."""
        return self.question is not None

    @property
    def target(self) -> Target:
        """Extract and logical column."""
        return (self.extract, self.column)

    @property
    def source_name(self) -> str | None:
        """The source column, `Year, Month, Day` where three make it; None for a constant and for nothing."""
        return name_of(self.source)


def name_of(source: ColumnSource | None) -> str | None:
    """The name of the source column, or of all where several make one date."""
    if source is None or not (source.columns or source.column is not None):
        return None
    return ", ".join(source.columns) if source.columns else source.column


@dataclass(frozen=True)
class Proposal:
    """What a file is proposed to feed.

    `mapping` is what would be used if the person says yes; None where a required column is missing. `columns` has
    every logical column of every extract proposed; `missing` names required ones such as `order_lines.promised_date`.
    `draft` is the mapping as far as it goes, whether anything is missing or not.
    """

    mapping: FileMapping | None
    columns: tuple[Proposed, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    draft: FileMapping | None = None

    @property
    def questions(self) -> tuple[Proposed, ...]:
        """The columns that a person must decide on."""
        return tuple(proposed for proposed in self.columns if proposed.is_open)

    @property
    def join(self) -> Join | None:
        """Where the header rows stand, if the proposal is for a detail file and its header file together."""
        return self.draft.join if self.draft else None

    def answered(self, answers: Mapping[Target, ColumnSource]) -> Proposal:
        """The proposal after a person's choices; what was answered is no question any more."""
        if self.draft is None:
            return self
        chosen = {target: None if source == NOTHING or source is None else source for target, source in answers.items()}
        columns = [
            replace(proposed, source=chosen[proposed.target], question=None, options=(), confidence=1.0)
            if proposed.target in chosen
            else proposed
            for proposed in self.columns
        ]
        known = {proposed.target for proposed in columns}
        columns += [
            Proposed(*target, source, 1.0, "chosen") for target, source in chosen.items() if target not in known
        ]
        missing = tuple(missing_in(columns))
        draft = replace(self.draft, extracts=_tables(columns))
        return replace(self, mapping=None if missing else draft, columns=tuple(columns), missing=missing, draft=draft)


def drafted(sniffed: Sniffed, columns: Sequence[Proposed], join: Join | None) -> FileMapping:
    """The mapping of a file as far as its columns are proposed.

    Every column says its own date format; numbers are said once for the file, and by a column that differs.
    """
    used = {column.name: column for column in sniffed.columns}
    fed = [proposed.source for proposed in columns if proposed.source]
    decimal, thousands = _usual_signs(fed)
    return FileMapping(
        name=glob.escape(sniffed.file_name),
        delimiter=sniffed.delimiter,
        encoding=sniffed.encoding,
        decimal=decimal,
        thousands=thousands,
        empty=tuple(dict.fromkeys(word for source in fed for name in source.named for word in used[name].odd_words)),
        extracts=_tables(columns, (decimal, thousands)),
        join=join,
    )


def _usual_signs(sources: Iterable[ColumnSource]) -> tuple[str, str]:
    """Decimal and thousands sign of most of the columns that show any."""
    signs = Counter((source.decimal, source.thousands or "") for source in sources if source.decimal is not None)
    telling = Counter({(str(decimal), thousands): count for (decimal, thousands), count in signs.items()})
    return telling.most_common(1)[0][0] if telling else (".", "")


def _tables(columns: Iterable[Proposed], usual: tuple[str, str] | None = None) -> dict[str, dict[str, ColumnSource]]:
    tables: dict[str, dict[str, ColumnSource]] = {}
    for proposed in columns:
        if proposed.source:
            source = proposed.source
            if usual and (source.decimal, source.thousands or "") == usual:
                source = replace(source, decimal=None, thousands=None)
            tables.setdefault(proposed.extract, {})[proposed.column] = source
    return {name: tables[name] for name in extracts() if name in tables}


def missing_in(columns: Iterable[Proposed]) -> Iterator[str]:
    """The required columns that no source feeds, such as `order_lines.promised_date`."""
    fed: dict[str, list[str]] = {}
    for proposed in columns:
        names = fed.setdefault(proposed.extract, [])
        if proposed.source:
            names.append(proposed.column)
    for extract, names in fed.items():
        yield from (f"{extract}.{name}" for name in missing_columns(extracts()[extract], names))


def fingerprint(header: Sniffed | Sequence[str]) -> str:
    """The header's shape, by which a saved mapping is recognised next month, whatever the order or case of the names."""
    names = [column.name for column in header.columns] if hasattr(header, "columns") else header
    keys = sorted(key(name) or name.strip().lower() for name in names)
    return hashlib.sha256("\x1f".join(keys).encode()).hexdigest()
