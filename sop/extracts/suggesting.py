"""A proposed mapping as a mapping file: what a person reads, corrects, saves and brings beside the extract.

Nothing is guessed silently: every line says why it is proposed, and what cannot be decided stands there as a question.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sop import words
from sop.extracts.mapping import FileMapping
from sop.extracts.mapping_file import READING, as_table, as_toml, as_value
from sop.extracts.proposing import Proposal, Proposed, propose
from sop.extracts.sniffing import sniff
from sop.extracts.unpacking import unpack


def suggest(path: Path, name: str, workplace: Path) -> str:
    """The mapping file proposed for an extract, as TOML with comments; one [[files]] table per sheet of a workbook.

    Raises SourceError for a file that is no table.
    """
    texts = []
    for file, shown in unpack(path, name, workplace):
        sniffed = sniff(file, shown)
        texts.append("\n".join(_lines(shown, sniffed.notes, propose(sniffed))))
    return "\n\n".join(texts) + "\n"


def _lines(name: str, notes: Iterable[str], proposal: Proposal) -> Iterable[str]:
    yield f"# Proposed for {_comment(name)}. Check every line, then bring this file beside the extract."
    for note in dict.fromkeys((*notes, *proposal.notes)):
        yield f"# {_comment(note)}"
    for missing in proposal.missing:
        yield f"# MISSING: {missing} is needed, and no column was found for it."
    yield "[[files]]"
    yield from _reading(name, proposal.draft)
    extract = ""
    for proposed in proposal.columns:
        if proposed.source is None and proposed.question is None:
            continue
        if proposed.extract != extract:
            extract = proposed.extract
            yield f"\n[files.{extract}]"
        yield from _column(proposed, proposal.draft)


def _reading(name: str, mapping: FileMapping | None) -> Iterable[str]:
    table = as_table(mapping) if mapping else {"name": name}
    for word in READING:
        if word in table:
            yield f"{word} = {as_toml(table[word])}"


def _column(proposed: Proposed, mapping: FileMapping | None) -> Iterable[str]:
    if proposed.question:
        yield f"# QUESTION: {_comment(proposed.question)}"
    if proposed.source is None:
        return
    source = mapping.extracts.get(proposed.extract, {}).get(proposed.column) if mapping else None
    value = as_toml(as_value(source or proposed.source))
    yield f"{proposed.column} = {value}  # {words.share(proposed.confidence)}: {_comment(proposed.why)}"


def _comment(text: str) -> str:
    """A text that cannot end its comment."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
