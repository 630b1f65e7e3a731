"""The sentences about scenarios: read from figures, never computed anew."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sop import words


def of_the_scenarios(known: pd.DataFrame) -> str:
    """How many there are, and which of those on this snapshot breaks fewest promises (scenarios/list)."""
    number = f"{words.counted(len(known), 'scenario')} kept"
    here = known[~known["is_of_another_snapshot"]]
    if here.empty:
        return f"{number}, none of them on this snapshot"
    least = here.sort_values(["broken_count", "late_value", "scenario_id"], kind="stable").iloc[0]
    return f"{number}: “{least['name']}” breaks fewest promises, {words.number(least['broken_count'])}"


def of_one(scenario: Mapping[str, Any]) -> str:
    """Who kept a scenario when, on which extracts (scenarios/scenario)."""
    said = f"{scenario['kept_by']} kept it on {_day(scenario['kept_date'])}, on the extracts of {_day(scenario['as_of_date'])}."
    if scenario["replaced_by_id"]:
        said += f" Scenario {scenario['replaced_by_id']:.0f} of the same name replaces it."
    return said


def of_an_older_one(scenario: Mapping[str, Any], day: datetime.date) -> str:
    """That a scenario was made on another snapshot, and what can be done (scenarios/scenario)."""
    return (
        f"It was kept on another snapshot, of {_day(scenario['as_of_date'])}; this one is of {_day(day)}, so its figures cannot"
        " be held against those here. Work it out anew on this snapshot, or look at it as it was."
    )


def of_what_is_gone(lines: Sequence[str]) -> str:
    """Which lines that a scenario names ask for nothing any more."""
    if not lines:
        return ""
    are = "is" if len(lines) == 1 else "are"
    return f" Of the lines changed by hand {words.joined(list(lines[:5]))} {are} not open any more."


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
