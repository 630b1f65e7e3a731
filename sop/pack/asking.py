"""The questions of a pack: asked as a page asks them, each answer kept as it came."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import pandas as pd

from sop import cells, comparing, following_up, queries
from sop.company import Company
from sop.decisions import Log
from sop.errors import SnapshotError, SopError
from sop.pack.parts import Answer
from sop.snapshots import Home

Ask = Callable[..., pd.DataFrame]
"""`ask(name, **given)`: the answer to a query of queries/. `page.query` is one."""


class Asker:
    """Ask through `ask` and keep every answer, each question asked once.

    `has_two`: there is an earlier snapshot to compare. `standing`: the settings as they stand, which pages name the company by.
    """

    def __init__(self, ask: Ask, *, has_two: bool, standing: Company) -> None:
        self._ask = ask
        self.has_two = has_two
        self.standing = standing
        self._answers: dict[tuple[str, tuple[tuple[str, Any], ...]], Answer] = {}

    def query(self, name: str, **given: Any) -> pd.DataFrame:
        """The answer to a query. Raises what `ask` raises."""
        key = (name, tuple(sorted(given.items())))
        if key not in self._answers:
            self._answers[key] = Answer(name, given, self._ask(name, **given))
        return self._answers[key].frame

    def row(self, name: str, **given: Any) -> Mapping[str, Any]:
        """The single row of a query's answer, missing values as None."""
        return records(self.query(name, **given))[0]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer, in the order in which it was first asked for."""
        return tuple(self._answers.values())


def records(answer: pd.DataFrame) -> list[Mapping[str, Any]]:
    """The rows of an answer as {column: value}, missing values as None; counts stay whole."""
    return [
        {str(column): None if cells.is_missing(value) else value for column, value in row.items()}
        for row in answer.to_dict("records")
    ]


class Snapshots:
    """What a pack made from a command line asks: one snapshot, the one before it beside it, and the decision log as it stands."""

    def __init__(self, home: Home, snapshot: str | None = None) -> None:
        """Open a snapshot, the live one unless said. Raises SnapshotError where none can be opened by this version."""
        self._connection = home.open(snapshot)
        self.snapshot = snapshot or home.live() or ""
        home.check_version(self.snapshot)
        self._home = home
        self._pair: duckdb.DuckDBPyConnection | None = None
        self._followed: Mapping[str, Any] | None = None
        before = comparing.earlier(home, self.snapshot)
        if before:
            try:
                self._pair = comparing.connect(home, before, self.snapshot)
            except SnapshotError:
                self._pair = None  # the page says so too, and the rest of the pack can be made

    @property
    def has_two(self) -> bool:
        """True where an earlier snapshot can be compared."""
        return self._pair is not None

    def __call__(self, name: str, **given: Any) -> pd.DataFrame:
        """The answer to a query. Raises QueryError, or LogError where the decision log cannot be read."""
        try:
            answer: pd.DataFrame = self._relation(name, given).df()
        except duckdb.Error as trouble:
            raise SnapshotError(f"The snapshot cannot answer {name} ({str(trouble).splitlines()[0]}).") from None
        return answer

    def _relation(self, name: str, given: Mapping[str, Any]) -> duckdb.DuckDBPyRelation:
        found = queries.find(name)
        if found.is_about_two and self._pair is not None:
            return queries.ask(self._pair, name, **given)
        if found.reads_of_the_log:
            return following_up.ask(self._connection, self._log(), name, **given)
        return queries.ask(self._connection, name, **given)

    def _log(self) -> Mapping[str, Any]:
        """The decision log beside the snapshot, read once: a pack speaks of one moment."""
        if self._followed is None:
            log = Log(self._home.folder)
            self._followed = following_up.followed(self._connection, following_up.read(log, following_up.newest(log)))
        return self._followed

    def close(self) -> None:
        """Let go of the snapshots."""
        for connection in (self._connection, self._pair):
            if connection is not None:
                connection.close()


def month_to_review(asker: Asker, asked: str | None = None) -> datetime.date:
    """The month of the pack: the newest that can be reviewed unless one is named (2026-10). Raises SopError for another."""
    known = [f"{month:%Y-%m}" for month in asker.query("overview/months")["month"]]
    if not known:
        raise SopError("There is no month to review yet: no promise has fallen due.")
    if asked and asked not in known:
        raise SopError(f"There is no month {asked!r} in this snapshot. There is: {known[0]} to {known[-1]}.")
    return datetime.date.fromisoformat(f"{asked or known[-1]}-01")


def year_to(month: datetime.date) -> dict[str, datetime.date]:
    """`first_month` and `last_month` of the twelve months up to one, as the page of a customer looks back of itself."""
    return {"first_month": (month.replace(day=1) - datetime.timedelta(days=331)).replace(day=1), "last_month": month}
