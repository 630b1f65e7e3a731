"""The company's settings as they stand: what settings.toml starts from, and over it the newest entry of the decision log."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from sop import access, audit, connecting, logo, settings
from sop.access import Act
from sop.deciding import NOTHING_WRITTEN, now
from sop.decisions import Log
from sop.errors import LogError
from sop.log_tables import SETTINGS
from sop.settings import Keeping, Settings, Showing

NAMES = [name for kind in (Settings, Keeping, Showing) for name in settings.names_of(kind)]
DEFAULTS: Mapping[str, Any] = {**vars(Settings()), **vars(Keeping()), **vars(Showing())}
MAY_BE_EMPTY = ("days_early_allowed", "promise_target_a", "promise_target_b", "promise_target_c", "logo")


class ChangedMeanwhile(LogError):
    """Somebody else changed the settings after they were looked at."""


@dataclass(frozen=True)
class Entry:
    """One change of the settings: who, when, and all of them as they stood before and from then on.

    `replaces` is the entry before; the first has none and started from settings.toml.
    """

    id: int
    set_at: datetime.datetime
    set_by: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    replaces: int | None

    @property
    def changed(self) -> list[str]:
        """The settings that it changed, in their order."""
        return differing(self.before, self.after)


@dataclass(frozen=True)
class Company:
    """The settings as they stand, by name, and the entry that they stand in; None where nobody has changed any on the page."""

    values: Mapping[str, Any]
    entry: Entry | None

    @property
    def measure(self) -> Settings:
        """What the next snapshot is made with."""
        return Settings(**{name: self.values[name] for name in settings.names_of(Settings)})

    @property
    def keeping(self) -> Keeping:
        """How long snapshots stay."""
        return Keeping(**{name: self.values[name] for name in settings.names_of(Keeping)})

    @property
    def showing(self) -> Showing:
        """What pages ask for at once."""
        return Showing(**{name: self.values[name] for name in settings.names_of(Showing)})

    @property
    def number(self) -> int | None:
        """The number of the entry that they stand in."""
        return self.entry.id if self.entry else None


def read(folder: Path | None = None) -> Company:
    """The settings of a home folder as they stand.

    Raises SettingsError for a settings.toml with something that is no setting, LogError where the log cannot be read.
    """
    folder = folder or settings.home()
    start = starting(folder)
    with Log(folder).reading() as connection:
        newest = _newest(connection)
    return Company({**start, **newest.after} if newest else start, newest)


def as_far_as_known(folder: Path | None = None) -> Company:
    """The settings as they stand; where the log cannot be read, as they start. Raises SettingsError as `read` does."""
    folder = folder or settings.home()
    try:
        return read(folder)
    except LogError:
        return Company(starting(folder), None)


def measure_for(folder: Path, live: Path | None) -> Settings:
    """What a snapshot is to be made with. While the log cannot be read, that is what the live one was made with, or what a
    company starts from where nothing is live. Raises SettingsError as `read` does.
    """
    try:
        return read(folder).measure
    except LogError:
        if live is None:
            return Company(starting(folder), None).measure
    with connecting.for_reading(live) as connection:
        [row] = connection.sql("select * from snapshot").to_arrow_table().to_pylist()
    known = {**starting(folder), **row}
    return Settings(**{name: known[name] for name in settings.names_of(Settings)})


def starting(folder: Path) -> dict[str, Any]:
    """Every setting by name as settings.toml has it, else its default. Raises SettingsError."""
    given = settings.given(folder)
    return {**DEFAULTS, **{name: given[name] for name in NAMES if name in given}}


def history(log: Log) -> tuple[Entry, ...]:
    """Every change, the newest first. Raises LogError where the log cannot be read."""
    with log.reading() as connection:
        if connection is None or not sql.inspect(connection).has_table(SETTINGS.name):
            return ()
        rows = connection.execute(sql.select(SETTINGS).order_by(SETTINGS.c.id)).all()
    entries: list[Entry] = []
    for row in rows:
        entries.append(_read(row, entries[-1].after if entries else {}))
    return tuple(reversed(entries))


def change(log: Log, values: Mapping[str, Any], *, by: str, seen: int | None) -> Entry:
    """Write the settings as they are to stand from now on; when it returns, the entry is on the disk.

    `values` may leave out what stays; `seen` is the number of the entry that was looked at (None for settings.toml).
    Raises LogError, in one sentence, where nobody says who, nothing is changed or a value is out of range, and
    ChangedMeanwhile, which names the entry, where somebody else was first. Raises SettingsError as `read` does.
    """
    by = access.named(by)
    if not by.strip():
        raise LogError(f"Say who changes the settings. {NOTHING_WRITTEN}")
    refuse_nonsense(values)
    start = starting(log.folder)
    with log.writing(Act.SET) as connection:
        newest = _newest(connection)
        if newest is not None and newest.id != seen:
            raise ChangedMeanwhile(_told_of(newest))
        before = {**start, **newest.after} if newest else start
        after = {**before, **values}
        if not differing(before, after):
            raise LogError(f"Nothing is changed. {NOTHING_WRITTEN}")
        kept = {"after": after} if newest else {"after": after, "before": before}
        connection.execute(
            sql.insert(SETTINGS).values(
                set_at=now(), set_by=by.strip(), settings=json.dumps(kept, ensure_ascii=False),
                replaces=newest.id if newest else None,
            )
        )  # fmt: skip
        written = _newest(connection)
        if written is None:
            raise LogError("The decision log did not keep the settings.")
        audit.about(connection, f"settings {written.id}: {', '.join(differing(before, after))}", by=by)
    return written


def refuse_nonsense(values: Mapping[str, Any]) -> None:
    """Raise LogError for the first value that is no value of its setting."""
    for name, value in values.items():
        if name not in NAMES:
            raise LogError(f"There is no setting {name!r}. {NOTHING_WRITTEN}")
        if name == "logo" and value is not None:
            logo.refuse_nonsense(value)
        elif not (value is None and name in MAY_BE_EMPTY):
            wanted = settings.what_it_is_to_be(name, value)
            if wanted:
                raise LogError(f"{LABELS[name]}: {value!r} is not {wanted}. {NOTHING_WRITTEN}")


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The settings that differ, in their order."""
    return [name for name in NAMES if one.get(name) != other.get(name)]


LABELS = {
    "company_name": "Name of the company",
    "currency": "Currency",
    "days_early_allowed": "Days early allowed",
    "days_late_allowed": "Days late allowed",
    "quantity_tolerance": "Quantity tolerance",
    "promise_target": "Promise target",
    "promise_target_a": "Promise target of tier A",
    "promise_target_b": "Promise target of tier B",
    "promise_target_c": "Promise target of tier C",
    "rejected_share_limit": "Rejected rows allowed",
    "keep_daily_snapshots": "Days that a snapshot is kept",
    "fiscal_year_month": "First month of the fiscal year",
    "weight_tier_a": "Weight of tier A",
    "weight_tier_b": "Weight of tier B",
    "weight_tier_c": "Weight of tier C and of the rest",
    "weight_let_down": "More for promises broken lately, times",
    "weight_late_rate": "Share of the value that a month late costs",
    "logo": "Logo",
    "number_style": "How numbers are written",
}
"""What each setting is called on the page and in its history."""

SHARES = (
    "quantity_tolerance", "promise_target", "promise_target_a", "promise_target_b", "promise_target_c",
    "rejected_share_limit", "weight_late_rate",
)  # fmt: skip
EMPTY = {"days_early_allowed": "any", "logo": "none"}
"""What an empty setting means; a tier's target that is empty is the company's."""


def in_words(name: str, value: Any) -> str:
    """A setting's value as it is said: '95 %', 'April', 'any', 'PNG, 120 × 40'."""
    if value is None:
        return EMPTY.get(name, "the company's")
    if name == "logo":
        return logo.in_words(value)
    if name == "fiscal_year_month":
        return f"{datetime.date(2000, value, 1):%B}"
    if name in SHARES:
        return f"{value * 100:.6g} %"
    return f"{value:g}" if isinstance(value, float) else str(value)


def start_of_fiscal_year(month: datetime.date, first_month: int) -> datetime.date:
    """The first day of the fiscal year that a month belongs to; `first_month` is 1 to 12."""
    return datetime.date(month.year - (month.month < first_month), first_month, 1)


def _told_of(newest: Entry) -> str:
    changes = "; ".join(
        f"{LABELS[name]} from {in_words(name, newest.before.get(name))} to {in_words(name, newest.after.get(name))}"
        for name in newest.changed
    )
    when = f"{newest.set_at.day} {newest.set_at:%B %Y, %H:%M} UTC"
    return (
        f"{newest.set_by} changed the settings on {when}, after you opened the page: entry {newest.id}, {changes}."
        f" {NOTHING_WRITTEN} Look at them as they are now, and change what is still to be changed."
    )


def _newest(connection: sql.Connection | None) -> Entry | None:
    """The newest entry with what stood before it; None where there is none."""
    if connection is None or not sql.inspect(connection).has_table(SETTINGS.name):
        return None
    rows = connection.execute(sql.select(SETTINGS).order_by(SETTINGS.c.id.desc()).limit(2)).all()
    if not rows:
        return None
    return _read(rows[0], _read(rows[1], {}).after if len(rows) > 1 else {})


def _read(row: Any, before: Mapping[str, Any]) -> Entry:
    """An entry of the log. A setting of a later version of the app is left out."""
    kept = json.loads(row.settings)
    after, before = (
        {name: value for name, value in one.items() if name in NAMES}
        for one in (kept["after"], kept.get("before", before))
    )
    return Entry(row.id, row.set_at, row.set_by, before, after, row.replaces)
