"""Lists easily taken for an extract: orders to suppliers, invoices, stock. They are asked about, never loaded silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sop.extracts.contract import extracts
from sop.extracts.proposing.header import MASTERS, Header
from sop.extracts.proposing.names import key, words
from sop.extracts.proposing.proposal import NOTHING, Proposed
from sop.extracts.proposing.reading import DECORATED
from sop.extracts.proposing.rows import is_meant
from sop.extracts.proposing.vocabulary import Stranger, vocabulary


def asked_about(header: Header, subject: str, chosen: Mapping[str, Proposed]) -> dict[str, Proposed]:
    """The proposal of a file's own extract, with a question at its first required column where it may be another list."""
    extract = extracts()[subject]
    name = (*extract.required, *extract.key)[0]
    signs = [(one, _sign(header, one)) for one in vocabulary().strangers if subject in one.extracts]
    questions = [one.question.format(sign=sign) for one, sign in signs if sign is not None]
    if not questions and _says_too_little(header, subject):
        questions = [
            f"Only plain names such as {chosen[name].source_name!r} speak for it. Is this a list of {subject}?"
        ]
    proposed = chosen[name]
    if not questions or proposed.source is None:
        return dict(chosen)
    question = " ".join(filter(None, (proposed.question, *questions)))
    options = tuple(dict.fromkeys((*(proposed.options or (proposed.source,)), NOTHING)))
    return {**chosen, name: replace(proposed, question=question, options=options)}


def _says_too_little(header: Header, subject: str) -> bool:
    """True for a master file in which every name is a plain one, and whose file name says nothing."""
    if subject not in MASTERS or is_meant(header, subject):
        return False
    return not any(header.firm((subject, name)) for name in extracts()[subject].column_names)


def _sign(header: Header, stranger: Stranger) -> str | None:
    """The column, or the file's name, that says the file is such a list; None where nothing does."""
    file_name = key(Path(header.file_name).stem)
    if any(word in file_name for word in stranger.file_words):
        return repr(header.file_name)
    said = {name: set(words(name)) for name in header.columns}
    if any(stranger.unless_words & parts for parts in said.values()):
        return None
    if any(hit.score >= DECORATED for target in stranger.unless for hit in header.firm(target)):
        return None
    found = [
        next((name for name, parts in said.items() if any(sign <= parts for sign in group)), None)
        for group in stranger.signs
    ]
    return None if None in found else repr(found[0])
