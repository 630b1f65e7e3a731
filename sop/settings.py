"""What a company's settings are, and settings.toml, from which they start.

As they stand, with what was changed on the page since, company.py has them.
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sop import words
from sop.errors import SettingsError

FILE_NAME = "settings.toml"
LONGEST = {"company_name": 60, "currency": 8}
"""Signs of a text."""


@dataclass(frozen=True)
class Settings:
    """What a snapshot is made with. Rates are 0 to 1, days are whole calendar days, None means 'any'.

    A target of a tier holds for its customers that have none of their own; None means 'the company's'.
    """

    company_name: str = "Our company"
    currency: str = "EUR"
    days_early_allowed: int | None = None
    days_late_allowed: int = 0
    quantity_tolerance: float = 0.0
    promise_target: float = 0.95
    promise_target_a: float | None = None
    promise_target_b: float | None = None
    promise_target_c: float | None = None
    rejected_share_limit: float = 0.05


@dataclass(frozen=True)
class Keeping:
    """How long snapshots stay. No figure depends on it, so no snapshot carries it and changing it makes none anew.

    `keep_daily_snapshots`: the calendar days that each snapshot stays, the day of its publishing counted. With 0 none
    stays for its age: only the live one, the one before it, those that close a month and those that something names.
    """

    keep_daily_snapshots: int = 31


@dataclass(frozen=True)
class Showing:
    """What no snapshot carries and pages ask for: it acts at once.

    `fiscal_year_month` is the first month of the fiscal year, 1 to 12. The weights are those of arbitrating.Weights, which the
    page Arbitrate offers first. `logo` is a PNG or JPEG file in base64 (see logo.py), which only the decision log holds.
    `number_style` is one of words.NUMBER_STYLES.
    """

    fiscal_year_month: int = 1
    weight_tier_a: float = 3.0
    weight_tier_b: float = 2.0
    weight_tier_c: float = 1.0
    weight_let_down: float = 1.0
    weight_late_rate: float = 0.1
    logo: str | None = None
    number_style: str = words.NUMBER_STYLES[0]


@dataclass(frozen=True)
class Logging:
    """Where the decision log stands: a database URL, or None for a file in the home folder."""

    decision_log_url: str | None = None


def home() -> Path:
    """The folder of the snapshots, the settings and the decision log: SOP_HOME, or data/local beside the code."""
    return Path(os.environ.get("SOP_HOME") or Path(__file__).parent.parent / "data" / "local")


def decision_log_url(folder: Path | None = None) -> str | None:
    """SOP_DECISIONS_URL, else what the file that SOP_DECISIONS_URL_FILE names holds, else the setting.

    None for a file in the home folder. A container hands a password over in a file, where it stands in no list of processes.
    Raises SettingsError as `given` does, and where that file cannot be read.
    """
    stated: str | None = given(folder).get("decision_log_url", Logging.decision_log_url)
    return os.environ.get("SOP_DECISIONS_URL") or _handed_over() or stated


def _handed_over() -> str | None:
    named = os.environ.get("SOP_DECISIONS_URL_FILE")
    if not named:
        return None
    try:
        return Path(named).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"SOP_DECISIONS_URL_FILE names {named}, which cannot be read.") from None


def names_of(kind: type[Settings] | type[Keeping] | type[Showing] | type[Logging]) -> list[str]:
    """The settings of a kind, as settings.toml writes them."""
    return [field.name for field in dataclasses.fields(kind)]


def given(folder: Path | None = None) -> dict[str, Any]:
    """Every line of settings.toml in the home folder, checked; nothing where there is no such file.

    Raises SettingsError for a line that is no setting or a value of the wrong kind.
    """
    file = (folder or home()) / FILE_NAME
    if not file.exists():
        return {}
    try:
        lines = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise SettingsError(f"{file.name} cannot be read: {trouble}. Mend it, or delete it for the defaults.") from None
    known = [name for kind in (Settings, Keeping, Showing, Logging) for name in names_of(kind) if name != "logo"]
    for name, value in lines.items():
        if name not in known:
            raise SettingsError(f"{file.name}: there is no setting {name!r}; there are {', '.join(known)}.")
        wanted = what_it_is_to_be(name, value)
        if wanted:
            raise SettingsError(f"{file.name}: {name} = {value!r} is not {wanted}.")
    return lines


def what_it_is_to_be(name: str, value: object) -> str | None:
    """What the value of a setting is to be, in words, where this one is not; None where it is."""
    if name in ("company_name", "currency", "decision_log_url"):
        most = LONGEST.get(name, 1_000)
        fits = isinstance(value, str) and bool(value.strip()) and len(value) <= most and value.isprintable()
        return None if fits else f"a text of one line and at most {most} signs"
    if name == "number_style":
        return None if value in words.NUMBER_STYLES else f"one of {', or '.join(words.NUMBER_STYLES)}"
    whole, least, most, wanted = False, 0, 1, "a share between 0 and 1"
    if name.startswith("days_") or name == "keep_daily_snapshots":
        whole, most, wanted = True, 3650, "a whole number of days from 0 to 3650"
    elif name == "fiscal_year_month":
        whole, least, most, wanted = True, 1, 12, "the number of a month from 1 to 12"
    elif name.startswith("weight_"):
        most = 10 if name == "weight_late_rate" else 100
        wanted = f"a number from 0 to {most:g}"
    is_number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    return None if is_number and least <= float(str(value)) <= most else wanted
