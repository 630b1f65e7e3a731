"""The settings from a command line: shown as they stand, and changed by name=value, as an entry of the decision log."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sop import company, logo
from sop.deciding import NOTHING_WRITTEN
from sop.decisions import Log
from sop.errors import LogError

TEXTS = ("company_name", "currency", "number_style")


def shown(folder: Path) -> list[str]:
    """Every setting as it stands, a line each: its name, its value as it is typed, and what it is called on the page.

    Raises SettingsError and LogError as company.read does.
    """
    values = company.read(folder).values
    return [f"{name}={_typed(name, values[name])}   # {company.LABELS[name]}" for name in company.NAMES]


def change(folder: Path, given: Sequence[str], *, by: str) -> list[str]:
    """Change settings by name=value, nothing behind the = for an empty one; return what was changed, a line each.

    A logo is the name of its file. Raises LogError for what is no setting or no value of one; then nothing is changed.
    """
    standing = company.read(folder)
    entry = company.change(Log(folder), dict(_parsed(one) for one in given), by=by, seen=standing.number)
    return [
        f"{company.LABELS[name]}: {company.in_words(name, entry.before.get(name))},"
        f" now {company.in_words(name, entry.after.get(name))}"
        for name in entry.changed
    ]


def _parsed(given: str) -> tuple[str, Any]:
    name, sign, text = given.partition("=")
    if not sign or name not in company.NAMES:
        raise LogError(f"{given}: write name=value; there are {', '.join(company.NAMES)}. {NOTHING_WRITTEN}")
    if not text:
        return name, None
    if name == "logo":
        try:
            return name, logo.as_text(Path(text).read_bytes())
        except OSError as trouble:
            raise LogError(f"{text}: {trouble.strerror or trouble}. {NOTHING_WRITTEN}") from None
    return name, text if name in TEXTS else _number(text)


def _number(text: str) -> Any:
    """A number where it is one; else the text, which the check then names."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _typed(name: str, value: Any) -> str:
    if value is None:
        return ""
    return f"({logo.in_words(value)})" if name == "logo" else str(value)
