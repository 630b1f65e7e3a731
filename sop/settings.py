"""The company's settings: how promises are measured, in which currency, what a load may reject, and how long snapshots stay."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sop.errors import SettingsError

FILE_NAME = "settings.toml"


@dataclass(frozen=True)
class Settings:
    """One value per setting; rates are 0 to 1, days are whole calendar days, None means 'any'."""

    company_name: str = "Our company"
    currency: str = "EUR"
    days_early_allowed: int | None = None
    days_late_allowed: int = 0
    quantity_tolerance: float = 0.0
    promise_target: float = 0.95
    rejected_share_limit: float = 0.05


@dataclass(frozen=True)
class Keeping:
    """How long snapshots stay. No figure depends on it, so no snapshot carries it and changing it makes none anew.

    `keep_daily_snapshots`: the calendar days that each snapshot stays, the day of its publishing counted. With 0 none
    stays for its age: only the live one, the one before it, those that close a month and those that something names.
    """

    keep_daily_snapshots: int = 31


@dataclass(frozen=True)
class Logging:
    """Where the decision log stands: a database URL, or None for a file in the home folder."""

    decision_log_url: str | None = None


def home() -> Path:
    """The folder of the snapshots, the settings and the decision log: SOP_HOME, or data/local beside the code."""
    return Path(os.environ.get("SOP_HOME") or Path(__file__).parent.parent / "data" / "local")


def read(folder: Path | None = None) -> Settings:
    """Read settings.toml in the home folder; defaults where it or a line of it is absent.

    Raises SettingsError for a line that is no setting or a value of the wrong kind.
    """
    given = _given(folder)
    return Settings(**{name: given[name] for name in _names(Settings) if name in given})


def keeping(folder: Path | None = None) -> Keeping:
    """Read from the same file how long snapshots stay. Raises SettingsError as `read` does."""
    given = _given(folder)
    return Keeping(**{name: given[name] for name in _names(Keeping) if name in given})


def decision_log_url(folder: Path | None = None) -> str | None:
    """SOP_DECISIONS_URL, else the setting; None for a file in the home folder. Raises SettingsError as `read` does."""
    given = _given(folder)
    stated = Logging(**{name: given[name] for name in _names(Logging) if name in given})
    return os.environ.get("SOP_DECISIONS_URL") or stated.decision_log_url


def _names(kind: type[Settings] | type[Keeping] | type[Logging]) -> list[str]:
    return [field.name for field in dataclasses.fields(kind)]


def _given(folder: Path | None) -> dict[str, Any]:
    """Every line of settings.toml, checked."""
    file = (folder or home()) / FILE_NAME
    if not file.exists():
        return {}
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise SettingsError(f"{file.name} cannot be read: {trouble}. Mend it, or delete it for the defaults.") from None
    known = [*_names(Settings), *_names(Keeping), *_names(Logging)]
    for name, value in given.items():
        if name not in known:
            raise SettingsError(f"{file.name}: there is no setting {name!r}; there are {', '.join(known)}.")
        _check(file.name, name, value)
    return given


def _check(file_name: str, name: str, value: object) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if name in ("company_name", "currency", "decision_log_url"):
        fits, wanted = isinstance(value, str) and bool(value.strip()), "a text"
    elif name.startswith("days_") or name == "keep_daily_snapshots":
        fits = isinstance(value, int) and is_number and 0 <= value <= 3650
        wanted = "a whole number of days from 0 to 3650"
    else:
        fits, wanted = is_number and 0 <= float(str(value)) <= 1, "a share between 0 and 1"
    if not fits:
        raise SettingsError(f"{file_name}: {name} = {value!r} is not {wanted}.")
