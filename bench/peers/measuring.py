"""Every page's queries by pandas, Polars and PostgreSQL against ours, asked in turns in one process for each peer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench import apart
from bench.apart import FailedApart
from bench.asking import Asked
from bench.figures import Row, figure, say
from bench.peers import pages as by_pages
from sop.snapshots import Home
from tests import postgres

FRAMES = {"pandas": "pandas", "Polars": "polars"}
Times = Mapping[str, Mapping[str, float]]
"""Seconds of each question by its name: `theirs` and `ours`."""


def measure(home: Home, pages: Asked, rounds: int) -> list[Row]:
    """The figures of all peers. Raises OtherAnswer, inside FailedApart's text, where one answers something else than we do."""
    asked = by_pages.text(question for questions in pages.values() for question in questions)
    rows = []
    for peer, module in FRAMES.items():
        say(f"The pages' queries by {peer}")
        try:
            done = apart.run("bench.peers.pages:measure", module, home.folder, asked, 5 * rounds)
        except FailedApart as trouble:
            rows += _without(peer, pages, str(trouble))
            continue
        rows += of_pages(peer, pages, done.answer, {})
        rows.append(figure(f"{peer}: peak memory with the marts' columns in memory", done.peak, "MB"))
    return [*rows, *_postgresql(home, pages, asked, rounds)]


def _postgresql(home: Home, pages: Asked, asked: str, rounds: int) -> list[Row]:
    missing = postgres.why_not()
    if missing:
        return _without("PostgreSQL", pages, missing)
    say("The pages' queries by PostgreSQL")
    try:
        answer = apart.run("bench.peers.postgresql:measure", home.folder, asked, 5 * rounds).answer
    except FailedApart as trouble:
        return _without("PostgreSQL", pages, str(trouble))
    for name, why in answer["left_out"].items():
        say(f"PostgreSQL cannot answer {name}: {why}")
    rows = of_pages("PostgreSQL", pages, answer["questions"], answer["left_out"])
    return [*rows, figure("PostgreSQL: copying the columns that the pages read, and indexes", answer["filled"], "s")]


def of_pages(peer: str, pages: Asked, taken: Times, why: Mapping[str, str]) -> list[Row]:
    """Theirs / ours for each page over the questions that both answered, and for the slowest of all that are not of the log."""
    rows = []
    for page, questions in pages.items():
        mine = [one for one in questions if not one.is_about_the_log]
        both = [one.name for one in mine if one.name in taken]
        ours, theirs = (sum(taken[name][whose] for name in both) for whose in ("ours", "theirs"))
        left = f"{len(both)} of {len(questions)} queries"
        rows.append(_ahead(f"{page}: its queries by {peer} / by us", theirs / ours if both else None, left))
        if both:
            slowest = max(both, key=lambda name: taken[name]["ours"])
            not_answered = [one.name for one in mine if one.name in why]
            note = slowest + (f"; not answered: {', '.join(not_answered)}" if not_answered else "")
            share = taken[slowest]["theirs"] / taken[slowest]["ours"]
            rows.append(_ahead(f"{page}: its slowest query by {peer} / by us", share, note))
    return rows


def _ahead(measure: str, value: float | None, note: str) -> dict[str, Any]:
    return figure(measure, value, "×", 1, at_least=True, at_scale=True, note=note)


def _without(peer: str, pages: Asked, why: str) -> list[Row]:
    return [_ahead(f"{page}: its queries by {peer} / by us", None, why) for page in pages]
