"""A proposed mapping as a mapping file: what a person reads, corrects, saves and brings beside the extract.

Nothing is guessed silently: every line says why it is proposed, and what cannot be decided stands there as a question.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from sop.extracts.mapping import FileMapping
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
    yield from _reading(name, proposal.mapping)
    extract = ""
    for proposed in proposal.columns:
        if proposed.source is None and proposed.question is None:
            continue
        if proposed.extract != extract:
            extract = proposed.extract
            yield f"\n[files.{extract}]"
        yield from _column(proposed, proposal.mapping)


def _reading(name: str, mapping: FileMapping | None) -> Iterable[str]:
    if mapping is None:
        yield f"name = {_text(name)}"
        return
    yield f"name = {_text(mapping.name)}"
    yield f"delimiter = {_text(mapping.delimiter or ',')}"
    yield f"encoding = {_text(mapping.encoding)}"
    if mapping.decimal != ".":
        yield f"decimal = {_text(mapping.decimal)}"
    if mapping.thousands:
        yield f"thousands = {_text(mapping.thousands)}"
    if mapping.date_format:
        yield f"date_format = {_text(mapping.date_format)}"
    if mapping.empty:
        yield f"empty = [{', '.join(map(_text, mapping.empty))}]"


def _column(proposed: Proposed, mapping: FileMapping | None) -> Iterable[str]:
    if proposed.question:
        yield f"# QUESTION: {_comment(proposed.question)}"
    if proposed.source is None:
        return
    source = mapping.extracts.get(proposed.extract, {}).get(proposed.column) if mapping else None
    value = _text(proposed.source)
    if source and source.date_format and mapping and source.date_format != mapping.date_format:
        value = f"{{ column = {value}, date_format = {_text(source.date_format)} }}"
    yield f"{proposed.column} = {value}  # {proposed.confidence:.0%}: {_comment(proposed.why)}"


def _text(value: str) -> str:
    """A TOML string; JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _comment(text: str) -> str:
    """A text that cannot end its comment."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
