"""What the rows of a file are: the extract of which its columns tell most."""

from __future__ import annotations

from pathlib import Path

from sop.extracts.proposing.header import DECORATED, Header
from sop.extracts.proposing.names import key
from sop.extracts.proposing.vocabulary import vocabulary


def subject_of(header: Header) -> str | None:
    """The extract that one row of the file is about: the one of which the columns tell most."""
    scores = {extract: _telling(header, extract) for extract in vocabulary().telling}
    best = max(scores, key=lambda extract: scores[extract])
    return best if scores[best] >= 2 else None


def _telling(header: Header, extract: str) -> float:
    """How much the columns, and a little the file's name, speak for an extract as what a row is."""
    banned = vocabulary().never_with.get(extract, ())
    if any(hit.score >= DECORATED or hit.is_guess for target in banned for hit in header.spoken(target)):
        return 0.0
    weights = vocabulary().telling[extract]
    named = {name for name in weights if header.spoken((extract, name))}
    plain = {hit.target[1] for hit in header.plain_hits(extract)} & set(weights) - named
    doubtful = {name for name in weights if header.hits((extract, name))} - named - plain
    score = sum(weights[name] for name in named) + sum(weights[name] / 2 for name in plain)
    score += sum(weights[name] / 3 for name in doubtful)
    file_name = key(Path(header.file_name).stem)
    is_meant = any(word in file_name for word in vocabulary().file_words.get(extract, ()))
    return score + (1.5 if score and is_meant else 0.0)
