"""A peer answers the pages' questions from frames in memory, in turns with us, and its answers are held against ours."""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from bench import columns
from bench.asking import Asking, Question
from bench.figures import in_turns
from bench.peers.ledger import APART, OtherAnswer
from sop import queries
from sop.snapshots import Home

CUT_OFF = {"customer/lateness": "ordered_value"}
"""Questions that keep the rows with most of something: which of equal ones are kept is chance, so that alone is compared."""


def text(questions: Iterable[Question]) -> str:
    """Questions for a process of its own, each once."""
    return json.dumps({one.name: dict(one.given) for one in questions}, default=str)


def read(asked: str) -> list[Question]:
    """What `text` wrote."""
    return [Question(name, given) for name, given in json.loads(asked).items()]


def measure(peer: str, home: str, asked: str, times: str) -> dict[str, Any]:
    """Median seconds of each question that the peer answers, its and ours, by name. Raises OtherAnswer."""
    by_hand: Any = importlib.import_module(f"bench.peers.{peer}_pages")
    questions = [one for one in read(asked) if one.name in by_hand.QUESTIONS]
    frames = in_memory(Home(Path(home)), questions, by_hand.frame)
    asking, found = Asking(Home(Path(home))), {}
    for question in questions:
        given = queries.bind(question.query, question.given)
        answer = by_hand.QUESTIONS[question.name]
        theirs = answer(frames, given)
        compare(peer, question.name, asking.ask(question), theirs if peer == "pandas" else theirs.to_pandas())
        found[question.name] = in_turns(partial(answer, frames, given), partial(asking.ask, question), int(times))
    asking.close()
    return found


def in_memory(home: Home, questions: Iterable[Question], frame: Any) -> dict[str, Any]:
    """The tables that the questions read, with the columns that they read, as frames; decimals as floating-point numbers."""
    with to_copy(home) as connection:
        tables = columns.tables_of(connection)
        needed = columns.read_by_all((one.query for one in questions), tables)
        return {table: frame(_table(connection, table, read, tables[table])) for table, read in needed.items()}


def to_copy(home: Home) -> duckdb.DuckDBPyConnection:
    """The live snapshot without the bounds of those who ask it: whole tables are taken out. To be closed before it is asked."""
    return duckdb.connect(str(home.file(home.live() or "")), read_only=True)


def _table(connection: duckdb.DuckDBPyConnection, table: str, read: list[str], types: Mapping[str, str]) -> Any:
    shown = [
        f"cast({name} as double) as {name}" if types[name].startswith("DECIMAL")
        else f"cast({name} as bigint) as {name}" if types[name] == "HUGEINT"
        else name
        for name in read
    ]  # fmt: skip
    return connection.sql(f"select {', '.join(shown) or '1 as one'} from {table}").to_arrow_table()


def compare(peer: str, name: str, ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Raise OtherAnswer where rows, columns or values are not the same, in the same order.

    Sums of floating-point numbers depend on the order in which they are added up. Where rows that are equal but for that have
    changed places, the rows are compared by what they are about.
    """
    if set(ours.columns) != set(theirs.columns):
        raise OtherAnswer(f"{peer} answers {name} with {', '.join(map(str, theirs.columns))}.")
    if len(ours) != len(theirs):
        raise OtherAnswer(f"{peer} answers {name} with {len(theirs)} rows and not {len(ours)}.")
    if name in CUT_OFF:
        ours, theirs = ours[[CUT_OFF[name]]], theirs[[CUT_OFF[name]]]
    other = _difference(ours, theirs)
    about = [column for column in ours.columns if str(column).endswith(("_id", "_number", "month"))]
    if other and about:
        other = _difference(ours.sort_values(about), theirs.sort_values(about))
    if other:
        raise OtherAnswer(f"{peer} answers {name} with {other}.")


def _difference(ours: pd.DataFrame, theirs: pd.DataFrame) -> str:
    """The first value in which two frames differ."""
    for column in ours.columns:
        mine, others = ours[column], theirs[column]
        are_numbers = (
            is_numeric_dtype(mine) and is_numeric_dtype(others) and mine.notna().all() and others.notna().all()
        )
        if are_numbers and np.isclose(others.astype(float), mine.astype(float), rtol=APART, atol=1e-6).all():
            continue
        for row, (one, other) in enumerate(zip(mine.tolist(), others.tolist(), strict=True)):
            if not _is_same(one, other):
                return f"{column} {other!r} in row {row} and not {one!r}"
    return ""


def _is_same(mine: Any, other: Any) -> bool:
    if hasattr(mine, "__len__") and not isinstance(mine, str):
        return hasattr(other, "__len__") and len(mine) == len(other) and all(map(_is_same, mine, other))
    if _is_missing(mine) or _is_missing(other):
        return _is_missing(mine) and _is_missing(other)
    if isinstance(mine, bool | str):
        return bool(mine == other)
    if hasattr(mine, "year"):
        return bool(pd.Timestamp(mine) == pd.Timestamp(other))
    return math.isclose(float(mine), float(other), rel_tol=APART, abs_tol=1e-6)


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value))
