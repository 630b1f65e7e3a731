"""What the rows of a file are: the extract of which its columns tell most."""

from __future__ import annotations

from pathlib import Path

from sop.extracts.proposing.header import MASTERS, Header
from sop.extracts.proposing.names import key, words
from sop.extracts.proposing.reading import DECORATED
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
    meant = is_meant(header, extract)
    spoken_for = _is_spoken_for(header, extract)
    if extract in MASTERS and not meant and len(named | plain | doubtful) + spoken_for < 2:
        return 0.0  # a number alone stands in many lists
    score += spoken_for
    if extract == "deliveries":
        score = _as_delivery(header, score)
    if not _has_what_it_needs(header, extract):
        score /= 2
    return score + (1.5 if score and meant else 0.0)


def is_meant(header: Header, extract: str) -> bool:
    """True where the file's name has a word that speaks for an extract."""
    file_name = key(Path(header.file_name).stem)
    return any(word in file_name for word in vocabulary().file_words.get(extract, ()))


def _is_spoken_for(header: Header, extract: str) -> bool:
    """True where a column that feeds nothing is found in such lists, as a city with customers."""
    said = [set(words(name)) for name in header.columns]
    return any(sign <= parts for sign in vocabulary().speaks_for.get(extract, ()) for parts in said)


def _as_delivery(header: Header, score: float) -> float:
    """More where a column points back to the order, less where what was ordered stands beside what was delivered."""
    orders = {hit.source for hit in header.firm(("order_lines", "order_id"))}
    if any(hit.source not in orders for hit in header.firm(("deliveries", "order_id"))):
        score += 2
    ordered = {hit.source for hit in header.firm(("order_lines", "quantity"))}
    delivered = {hit.source for hit in header.firm(("deliveries", "quantity"))}
    is_note = bool(header.firm(("deliveries", "delivery_id")))
    return score / 2 if ordered and delivered - ordered and not is_note else score


def _has_what_it_needs(header: Header, extract: str) -> bool:
    needed = vocabulary().needs.get(extract, ())
    plain = {hit.target for hit in header.plain_hits(extract)}
    return not needed or any(target in plain or header.hits(target) for target in needed)
