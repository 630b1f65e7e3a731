"""Scenarios: several decisions tried together, kept by name in the decision log before anything is decided."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import sqlalchemy as sql

from sop import access, arbitrating, audit, opening, words
from sop.access import Act
from sop.arbitrating import Claims, Option, Weights
from sop.correcting import Stood
from sop.deciding import NOTHING_WRITTEN, Chosen, as_it_stood, now
from sop.decisions import Log
from sop.errors import LogError
from sop.log_tables import SCENARIOS


@dataclass(frozen=True)
class Holds:
    """What is tried: an option by its name, the weights, the levers as they were chosen, and lines pinned or left waiting.

    Lines are named 'order / line'. `about` is the contested month that was looked at, as the URL names it.
    """

    option: str
    weights: Mapping[str, float] = field(default_factory=dict)
    levers: Mapping[str, Any] = field(default_factory=dict)
    keep: Sequence[str] = ()
    wait: Sequence[str] = ()
    about: str = ""

    @classmethod
    def read(cls, text: str) -> Holds:
        """From the text in the log. What a later version of the app may have added is left out."""
        return cls(**{name: value for name, value in json.loads(text).items() if name in cls.__dataclass_fields__})

    def text(self) -> str:
        """For the log."""
        return json.dumps(vars(self), ensure_ascii=False)

    def as_weights(self) -> Weights:
        """The weights; what is not held is as usual."""
        return Weights(**{name: value for name, value in self.weights.items() if name in Weights.__dataclass_fields__})


@dataclass(frozen=True)
class Scenario:
    """What is kept under a name: what it holds, and on which snapshot it was tried."""

    name: str
    snapshot_id: str
    as_of_date: datetime.date
    holds: Holds


def keep(log: Log, scenario: Scenario, option: Chosen, *, by: str) -> int:
    """Write a scenario with what comes of it to the log and return its number. One of that name before is replaced, and stays.

    Raises LogError where the name, or who keeps it, is missing.
    """
    if not scenario.name.strip():
        raise LogError(f"Give the scenario a name. {NOTHING_WRITTEN}")
    by = access.named(by)
    if not by.strip():
        raise LogError(f"Say who you are. {NOTHING_WRITTEN}")
    stood = as_it_stood(option)
    with log.writing(Act.KEEP_SCENARIO) as connection:
        written = connection.execute(
            sql.insert(SCENARIOS).values(
                kept_at=now(), kept_by=by.strip(), name=scenario.name.strip(), snapshot_id=scenario.snapshot_id,
                as_of_date=scenario.as_of_date, holds=scenario.holds.text(), title=option.title,
                totals=json.dumps(stood["totals"]), customers=json.dumps(stood["customers"], ensure_ascii=False),
                replaces=_newest(connection, scenario.name.strip()),
            )
        )  # fmt: skip
        [number] = written.inserted_primary_key or [0]
        audit.about(connection, f"scenario {number} on snapshot {scenario.snapshot_id}", by=by)
    return int(number)


def _newest(connection: sql.Connection, name: str) -> int | None:
    asked = sql.select(sql.func.max(SCENARIOS.c.id)).where(SCENARIOS.c.name == name)
    found: int | None = connection.execute(asked).scalar_one()
    return found


def worked_out(claims: Claims, holds: Holds, found: Mapping[str, Option]) -> tuple[Option, list[str]]:
    """What comes of a scenario among these options, and the lines it names that ask for nothing any more.

    Raises LogError where its option cannot be had.
    """
    if holds.option not in found:
        raise LogError(f"The scenario's option cannot be had here. {NOTHING_WRITTEN}")
    numbers = claims.numbers_of([*holds.keep, *holds.wait])
    gone = [line for line in [*holds.keep, *holds.wait] if line not in numbers]
    first = [numbers[line] for line in holds.keep if line in numbers]
    last = [numbers[line] for line in holds.wait if line in numbers and line not in holds.keep]
    start = found[holds.option]
    if not first and not last:
        return start, gone
    levers = opening.levers_of(claims, holds.levers)
    return arbitrating.by_hand(claims, holds.as_weights(), start, first, last, levers), gone


def as_kept(name: str, title: str, totals: str, customers: str) -> Stood:
    """A scenario's figures as they were kept, to be laid beside others; the texts are JSON, as the log has them."""
    return Stood(name, title, json.loads(totals), customers=pd.DataFrame(json.loads(customers)))


def in_words(holds: Holds) -> list[str]:
    """What is tried, a sentence each."""
    weights = holds.as_weights()
    said = [
        f"Option: {arbitrating.TITLES.get(holds.option, holds.option)}.",
        f"Weights: tier A {weights.tier_a:g}, B {weights.tier_b:g}, C {weights.tier_c:g}; let down {weights.let_down:g};"
        f" a month late costs {words.share(weights.late_rate)} of the value.",
    ]
    opened = opening.in_words(holds.levers)
    said.append(f"Levers open: {', '.join(opened)}." if opened else "No lever is open.")
    if holds.keep:
        said.append(f"Kept by hand: {', '.join(holds.keep)}.")
    if holds.wait:
        said.append(f"Left waiting by hand: {', '.join(holds.wait)}.")
    return said
