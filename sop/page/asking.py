"""The snapshot of this run, and questions to it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from sop import comparing, queries, settings, words
from sop.errors import SopError
from sop.snapshots import Home


def begin(url_path: str) -> bool:
    """Choose the snapshot that this run of the page holds on to from start to end. False where there is none to open."""
    st.session_state["asked"] = []
    st.session_state["is_same_page"] = st.session_state.get("url_path") == url_path
    st.session_state["url_path"] = url_path
    st.session_state["has_trouble"] = False
    st.session_state.pop("snapshot", None)
    st.session_state.pop("pair", None)
    try:
        snapshot = Home().live()
        if snapshot:
            Home().check_version(snapshot)
            _connection(snapshot)
            st.session_state["snapshot"] = snapshot
    except SopError as trouble:
        st.session_state["has_trouble"] = True
        st.error(words.plain(str(trouble)), title="The snapshot cannot be opened")
    return is_published()


def is_published() -> bool:
    """True where this run has a snapshot to ask."""
    return "snapshot" in st.session_state


def say_nothing_published() -> None:
    """What is missing, and how to bring it; nothing more where there is a snapshot and its trouble is said already."""
    if st.session_state["has_trouble"]:
        return
    st.title("Nothing is published yet", anchor=False)
    st.markdown(
        "The review starts with two extracts: **order lines** and **deliveries**. Bring them on the page *Extracts*,"
    )
    st.markdown("or load them from a command line:")
    st.code("python -m sop load order_lines.csv deliveries.csv", language="shell")
    st.markdown("or look at the sample company first:")
    st.code("python -m sop load data/sample/*.csv", language="shell")


@st.cache_resource(max_entries=8, show_spinner=False)
def _connection(snapshot: str) -> duckdb.DuckDBPyConnection:
    return Home().open(snapshot)


@st.cache_resource(max_entries=8, show_spinner="Comparing the two snapshots")
def _connection_to_both(before: str, after: str) -> duckdb.DuckDBPyConnection:
    return comparing.connect(Home(), before, after)


@st.cache_data(max_entries=5_000, show_spinner=False)
def _answer(snapshots: tuple[str, ...], name: str, given: tuple[tuple[str, Any], ...], text: str) -> pd.DataFrame:
    """The one cache: a snapshot never changes, so an answer keyed by snapshot (one, or two that are compared), query, its
    text and parameters stays right.
    """
    connection = _connection(*snapshots) if len(snapshots) == 1 else _connection_to_both(*snapshots)
    answer: pd.DataFrame = queries.ask(connection, name, **dict(given)).df()
    return answer


def query(name: str, **given: Any) -> pd.DataFrame:
    """The answer to a query of queries/ on this run's snapshot, or on the two that it compares.

    Raises QueryError for a name or parameter it lacks.
    """
    st.session_state["asked"].append((name, given))
    found = queries.find(name)
    snapshots = st.session_state["pair"] if found.is_about_two else (st.session_state["snapshot"],)
    return _answer(snapshots, name, tuple(sorted(given.items())), found.sql)


def hold_on_to_two(before: str, after: str) -> None:
    """Compare these two snapshots for the rest of this run. Raises SnapshotError where they cannot be compared."""
    _connection_to_both(before, after)
    st.session_state["pair"] = (before, after)


def row(name: str, **given: Any) -> Mapping[str, Any]:
    """The single row of a query's answer, missing values as None."""
    record = query(name, **given).iloc[0].to_dict()
    return {str(column): None if is_missing(value) else value for column, value in record.items()}


def is_missing(value: Any) -> bool:
    """True for None and for what pandas puts in its place; a list is never missing."""
    return not pd.api.types.is_list_like(value) and bool(pd.isna(value))


def say_snapshot() -> None:
    """In the sidebar: whose figures these are, which day they speak for, and what was left out."""
    known = row("overview/snapshot")
    day = known["as_of_date"]
    st.markdown(f"**{words.plain(known['company_name'])}**  \nas of {day.day} {day:%B %Y}")
    left_out = (
        f"  \n{words.counted(int(known['rejected_count']), 'row')} rejected on loading"
        if known["rejected_count"]
        else ""
    )
    st.caption(
        f"{words.counted(int(known['order_line_count']), 'order line')}  \n"
        f"{words.counted(int(known['delivery_count']), 'delivery', 'deliveries')}{left_out}"
    )


def currency() -> str:
    """The company's currency, as its settings spell it."""
    return str(row("overview/snapshot")["currency"]) if is_published() else settings.read().currency


def as_of() -> datetime.date:
    """The day that the extracts speak for."""
    day: datetime.date = row("overview/snapshot")["as_of_date"].date()
    return day
