"""A file's proposal, put together from what its header says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sop.extracts.contract import extracts
from sop.extracts.mapping import Join
from sop.extracts.proposing.choosing import Choice, further
from sop.extracts.proposing.header import STATUS, Header, fit, kind_of, says_status, shown
from sop.extracts.proposing.proposal import NOTHING, Proposal, Proposed, drafted, missing_in
from sop.extracts.proposing.rows import subject_of
from sop.extracts.proposing.strangers import asked_about
from sop.extracts.proposing.vocabulary import vocabulary
from sop.extracts.proposing.written import feed

if TYPE_CHECKING:
    from sop.extracts.sniffing import Sniffed

Chosen = dict[str, dict[str, Proposed]]
"""What is proposed, by extract and logical column."""


def propose(sniffed: Sniffed, known: Mapping[str, frozenset[str]] = {}) -> Proposal:
    """Propose a mapping for a file, or for a detail file joined with its header file.

    `known` are ids of the live snapshot by logical id column (`customer_id`, `product_id`, `order_id`), by which a
    column may be recognised whose header says nothing.
    """
    header = Header(sniffed, known)
    subject = subject_of(header)
    if subject is None:
        return Proposal(None, (), (), (f"{sniffed.file_name}: no column says what the rows are.", *header.notes()))
    chosen: Chosen = {subject: asked_about(header, subject, Choice(header, subject).made())}
    for extract in vocabulary().feeds_also.get(subject, ()):
        more = further(header, extract, chosen[subject])
        if more is not None:
            chosen[extract] = more
    columns = [proposed for extract in extracts() for proposed in _in_order(chosen.get(extract, {}), extract)]
    columns += _unasked(header, columns)
    missing = tuple(missing_in(proposed for proposed in columns if proposed.extract in chosen))
    join: Join | None = getattr(sniffed, "join", None)
    draft = drafted(sniffed, columns, join)
    notes = (*_notes(header, columns), *_kind_notes(header, missing))
    return Proposal(None if missing else draft, tuple(columns), missing, notes, draft)


def _in_order(chosen: Mapping[str, Proposed], extract: str) -> list[Proposed]:
    return [chosen[name] for name in extracts()[extract].column_names if name in chosen]


def _unasked(header: Header, columns: Sequence[Proposed]) -> Iterator[Proposed]:
    """Doubtful columns that nothing uses and no question speaks of: each is asked for its last meaning."""
    spoken_of = {proposed.source_name for proposed in columns if proposed.source}
    spoken_of |= {other for proposed in columns if proposed.is_open for other in proposed.alternatives}
    filled = {proposed.target for proposed in columns if proposed.source}
    fed = {proposed.extract for proposed in columns}
    for reading in header.readings:
        doubt = vocabulary().doubts.get(reading.name)
        name = reading.column.name
        if doubt is None or name in spoken_of:
            continue
        near = [
            target
            for target in doubt.meanings
            if (target[0] in fed or any(target[0] in vocabulary().feeds_also.get(each, ()) for each in fed))
            and target not in filled
            and fit(target, reading.column)
            and (target != STATUS or says_status(reading.column))
        ]
        if near:
            question = doubt.question.format(source=repr(name)) + shown(reading.column)
            options = (NOTHING, *feed(header, near[0], name).readings)
            yield Proposed(
                *near[0], None, 0.0, reading.why, (name,), question, reading.column.samples, options, tuple(near[1:])
            )


def _notes(header: Header, columns: Sequence[Proposed]) -> Iterator[str]:
    """What a person should know about columns that are not used."""
    yield from header.notes()
    used = {proposed.source_name for proposed in columns}
    for reading, aside in header.asides():
        if reading.column.name not in used:
            yield f"{reading.column.name!r} {aside.because}. It is not used."


def _kind_notes(header: Header, missing: Iterable[str]) -> Iterator[str]:
    for name in missing:
        extract, _, column = name.partition(".")
        for source in header.misfits((extract, column)):
            found = header.columns[source].kind
            yield f"{source!r} is named for {name}, but its values are {found}, not {kind_of((extract, column))}."
