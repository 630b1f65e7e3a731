"""The snapshot of this run, and questions to it."""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import streamlit as st

from sop import access, company, comparing, following_up, limiting, mending, parting, queries, words
from sop.cells import is_missing as is_missing
from sop.company import Company
from sop.decisions import Log
from sop.errors import LogError, SettingsError, SopError
from sop.snapshots import Home, Manifest

SNAPSHOT = "snapshot"
"""The name in the URL of a snapshot that is opened read-only."""
OPENED = f"{SNAPSHOT}-linked"
"""Session key: the same, as choices are kept beside the URL (see choosing.py)."""
Customers = tuple[str, ...] | None
"""The customers that are seen; None for all."""
Seen = tuple[str, Customers]
"""A snapshot, and the customers that are seen of it."""
HeldLog = tuple[str, int, int, int, int, int, int, int, int]
"""The decision log's folder, and its newest entries as following_up.Newest has them."""


def begin(url_path: str) -> bool:
    """Choose the snapshot that this run of the page holds on to from start to end. False where there is none to open.

    It is the one that the URL names, which is said in a banner, or else the live one.
    """
    st.session_state["asked"] = []
    st.session_state["is_same_page"] = st.session_state.get("url_path") == url_path
    st.session_state["is_chosen"] = _something_was_chosen()
    st.session_state["url_path"] = url_path
    st.session_state["has_trouble"] = False
    st.session_state.pop("snapshot", None)
    st.session_state.pop("pair", None)
    st.session_state.pop("held-log", None)
    st.session_state.pop("held-settings", None)
    words.write_numbers(held_settings().showing.number_style)
    named = _named_in_url()
    trouble = _take_named(named) if named else None
    if not is_published():
        _take_live()
    if trouble:
        instead = "The live snapshot is shown instead of the one in the address. " if is_published() else ""
        st.warning(words.plain(f"{instead}{trouble}"))
    return is_published()


def _something_was_chosen() -> bool:
    """True where a choice that is kept in the URL (choosing.py) was made since the last run."""
    ending = "-choice"
    made = [str(key).removesuffix(ending) for key in st.session_state if str(key).endswith(ending)]
    return any(st.session_state[f"{key}{ending}"] != st.session_state.get(f"{key}-linked") for key in made)


def _named_in_url() -> str | None:
    """Make the snapshot that was opened read-only and the URL agree.

    A link and the Back button win over what was opened. A bare address is that of a page just switched to, not one
    that says 'the live one': there the snapshot stays open and is written into the URL again.
    """
    in_url = st.query_params.get(SNAPSHOT) or None
    opened = st.session_state.get(OPENED)
    went_back = in_url is None and st.session_state["is_same_page"] and len(st.query_params) > 0
    named = in_url or (None if went_back else opened)
    if named and named != in_url:
        st.query_params[SNAPSHOT] = named
    st.session_state[OPENED] = named
    return named


def _take_named(snapshot: str) -> str | None:
    """Hold this run on to a snapshot named in the URL and say so; where it cannot be shown, return why."""
    try:
        manifest = Home().manifest(snapshot)
    except SopError:
        st.session_state[OPENED] = None
        return f"There is no snapshot “{snapshot[:60]}”, or none any more."
    trouble = cannot_be_opened(snapshot)
    if trouble:
        st.session_state[OPENED] = None
        return trouble
    st.session_state["snapshot"] = snapshot
    if opened():
        _say_opened(manifest)
    return None


def _take_live() -> None:
    """Hold this run on to the live snapshot, or say why it cannot be opened; one that stands in for a damaged one is said."""
    instead = mending.stand(Home())
    if instead:
        st.warning(words.plain(instead), title="Not the newest figures")
    try:
        snapshot = Home().live()
        if snapshot:
            Home().check_version(snapshot)
            _opened(snapshot)
            st.session_state["snapshot"] = snapshot
    except SopError as trouble:
        st.session_state["has_trouble"] = True
        st.error(words.plain(str(trouble)), title="The snapshot cannot be opened")


def _say_opened(manifest: Manifest) -> None:
    """The banner on every page: which snapshot this is, that it is not the live one, and the way back."""
    about = (
        f"You are looking at an earlier state, as of {day_in_words(manifest.as_of)}: the snapshot that"
        f" {manifest.created_by} published on {moment_in_words(manifest.published)}. It is not the live one."
    )
    with st.container(horizontal=True, vertical_alignment="center", key="snapshot-banner"):
        st.warning(words.plain(about))
        st.button("Back to the live one", key="back-to-live", on_click=open_live)


def day_in_words(day: str | datetime.date) -> str:
    """'31 October 2026' for a date or '2026-10-31'."""
    day = datetime.date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.day} {day:%B %Y}"


def moment_in_words(moment: datetime.datetime) -> str:
    """'31 October 2026, 17:05 UTC'."""
    moment = moment.astimezone(datetime.UTC)
    return f"{day_in_words(moment.date())}, {moment:%H:%M} UTC"


def open_read_only(snapshot: str) -> None:
    """Show a snapshot on every page from now on. To be called from a callback."""
    st.session_state[OPENED] = snapshot
    st.query_params[SNAPSHOT] = snapshot


def open_live() -> None:
    """Show the live snapshot on every page again. To be called from a callback."""
    st.session_state[OPENED] = None
    st.query_params.pop(SNAPSHOT, None)


def opened() -> str | None:
    """The snapshot that this run shows read-only; None where it shows the live one."""
    shown: str | None = st.session_state.get("snapshot")
    try:
        is_live = shown == Home().live()
    except SopError:
        is_live = False  # what is live cannot be told, so whatever is shown was opened by its name
    return None if is_live or st.session_state.get(OPENED) != shown else shown


def cannot_be_opened(snapshot: str) -> str | None:
    """Why this version of the app cannot show a snapshot, in plain words; None where it can."""
    try:
        Home().check(snapshot)
        Home().check_version(snapshot)
        _look_through(snapshot)
        _opened(snapshot)
    except (SopError, OSError) as trouble:
        return str(trouble)
    return None


@st.cache_resource(max_entries=1_000, show_spinner="Checking the snapshot's file")
def _look_through(snapshot: str) -> bool:
    """Compare every byte with what was published, once for each snapshot. Raises SnapshotError."""
    Home().check(snapshot, thoroughly=True)
    return True


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


def _limit() -> Customers:
    """The customers that whoever is here sees: those of the live snapshot that they look after, None for everyone.

    Asked with every question, so that neither a role nor a customer that went to somebody else is seen a run longer. Raises
    AccessError where nobody is here.
    """
    person = access.acting()
    if person.looks_after is None:
        return None
    live = Home().live()
    return _looked_after(live, person.looks_after) if live else ()


@st.cache_resource(max_entries=200, show_spinner=False)
def _looked_after(snapshot: str, account_manager: str) -> tuple[str, ...]:
    with access.acting_as(access.on_this_machine()):  # the app asks this, not whoever is here
        found = queries.ask(_connection(snapshot, None), "limits/own_customers", account_manager=account_manager)
    return tuple(customer for (customer,) in found.fetchall())


def _opened(snapshot: str) -> duckdb.DuckDBPyConnection:
    """The snapshot as whoever is here sees it."""
    return _connection(snapshot, _limit())


@st.cache_resource(max_entries=8, show_spinner=False)
def _connection(snapshot: str, customers: Customers) -> duckdb.DuckDBPyConnection:
    return Home().open(snapshot, customers)


@st.cache_resource(max_entries=8, show_spinner="Comparing the two snapshots")
def _connection_to_both(before: str, after: str, customers: Customers) -> duckdb.DuckDBPyConnection:
    return comparing.connect(Home(), before, after, customers)


@st.cache_resource(max_entries=4, show_spinner=False)
def _logged(folder: str, *newest: int) -> Mapping[str, pa.Table]:
    return following_up.read(Log(Path(folder)), following_up.Newest(*newest))


@st.cache_resource(max_entries=8, show_spinner=False)
def _followed(snapshot: str, log: HeldLog, customers: Customers) -> Mapping[str, pa.Table]:
    logged = parting.of_the_same_company(Home(Path(log[0])), snapshot, _logged(*log))
    connection = _connection(snapshot, customers)
    return following_up.followed(connection, logged if customers is None else limiting.logged(connection, logged))


class Answer:
    """What was answered, shared by everybody who asks the same."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows = rows

    def rows(self) -> pd.DataFrame:
        """All rows; whoever writes into them writes into a copy of their own, as pandas 3 has it."""
        return self._rows.copy(deep=False)

    @functools.cached_property
    def first(self) -> Mapping[str, Any]:
        """The first row, missing values as None; nobody writes into it."""
        record = self._rows.head(1).to_dict("records")[0]  # not .iloc[0], which makes counts beside a share fractions
        return {str(name): None if is_missing(value) else value for name, value in record.items()}


@st.cache_resource(max_entries=5_000, show_spinner=False)
def _answer(
    snapshots: tuple[str, ...], name: str, given: tuple[tuple[str, Any], ...], text: str, customers: Customers,
    log: HeldLog | None = None,
) -> Answer:  # fmt: skip
    """The one cache of answers: a snapshot never changes, so an answer keyed by snapshot (one, or two that are compared), query,
    its text, its parameters and the customers that are seen stays right. Nor does the decision log up to its newest entries,
    which are part of the key.
    """
    first, *other = snapshots
    connection = _connection_to_both(first, other[0], customers) if other else _connection(first, customers)
    if log:
        followed = _followed(first, log, customers)
        return Answer(following_up.frame(connection, followed, name, **dict(given)))
    return Answer(queries.frame(connection, name, **dict(given)))


def query(name: str, **given: Any) -> pd.DataFrame:
    """The answer to a query of queries/ on this run's snapshot, or on the two that it compares, and on the decision log.

    It knows only the customers that whoever is here may see. Raises QueryError for a name or parameter it lacks, AccessError
    where nobody is here who may ask, LogError where it needs the decision log and that cannot be read.
    """
    return _asked(name, given).rows()


def _asked(name: str, given: Mapping[str, Any]) -> Answer:
    customers = _limit()
    st.session_state["asked"].append((name, given))
    found = queries.find(name)
    snapshots = st.session_state["pair"] if found.is_about_two else (st.session_state["snapshot"],)
    log = hold_on_to_log() if found.reads_of_the_log else None
    return _answer(snapshots, name, tuple(sorted(given.items())), found.sql, customers, log)


def hold_on_to_log() -> HeldLog:
    """The decision log's folder and its newest entries, the same for the whole run. Raises LogError."""
    if "held-log" not in st.session_state:
        folder = Home().folder
        st.session_state["held-log"] = (str(folder), *dataclasses.astuple(following_up.newest(Log(folder))))
    held: HeldLog = st.session_state["held-log"]
    return held


def newest_entries() -> following_up.Newest:
    """The newest entries of the decision log that this run knows. Raises LogError."""
    return following_up.Newest(*hold_on_to_log()[1:])


def hold_on_to_two(before: str, after: str) -> None:
    """Compare these two snapshots for the rest of this run. Raises SnapshotError where they cannot be compared."""
    _connection_to_both(before, after, _limit())
    st.session_state["pair"] = (before, after)


def seen() -> Seen:
    """What whoever is here sees in this run: what is worked out of it may be handed to everybody who sees the same."""
    return st.session_state["snapshot"], _limit()


def row(name: str, **given: Any) -> Mapping[str, Any]:
    """The single row of a query's answer, missing values as None."""
    return _asked(name, given).first


def row_of(snapshot: str, name: str) -> Mapping[str, Any]:
    """The single row of a query's answer on another snapshot than this run's. Raises SnapshotError where it is not there."""
    return _answer((snapshot,), name, (), queries.find(name).sql, _limit()).first


def say_whose() -> None:
    """Above the page: whose figures these are and which day they speak for."""
    whose = words.plain(held_settings().measure.company_name)
    st.caption(f"**{whose}**, as of {as_of().day} {as_of():%b %Y}", width="content")


def say_snapshot() -> None:
    """In the sidebar: how much these figures were made from, and what was left out."""
    known = row("overview/snapshot")
    left_out = (
        f"  \n{words.counted(int(known['rejected_count']), 'row')} rejected on loading"
        if known["rejected_count"]
        else ""
    )
    unpriced = int(known["unpriced_line_count"])
    if unpriced:
        which = (
            "No order line has"
            if unpriced == known["order_line_count"]
            else f"{words.counted(unpriced, 'order line')} without"
        )
        left_out += f"  \n{which} a unit price: in values they count as 0"
    st.caption(
        f"{words.counted(int(known['order_line_count']), 'order line')}  \n"
        f"{words.counted(int(known['delivery_count']), 'delivery', 'deliveries')}{left_out}"
    )


def currency() -> str:
    """The company's currency, as its settings spell it."""
    return held_settings().measure.currency


def held_settings() -> Company:
    """The company's settings as they stand, the same for the whole run; where the log cannot be read, as they start."""
    if "held-settings" not in st.session_state:
        folder = Home().folder
        try:
            number = newest_entries().settings
            st.session_state["held-settings"] = (
                _settings(str(folder), number) if number else Company(company.starting(folder), None)
            )
        except LogError:
            st.session_state["held-settings"] = company.as_far_as_known(folder)
        except SettingsError:
            st.session_state["held-settings"] = Company(company.DEFAULTS, None)
    held: Company = st.session_state["held-settings"]
    return held


@st.cache_resource(max_entries=4, show_spinner=False)
def _settings(folder: str, number: int) -> Company:
    """The settings with an entry of the log, which never changes; a logo makes it large."""
    return company.read(Path(folder))


def as_of() -> datetime.date:
    """The day that the extracts speak for."""
    day: datetime.date = row("overview/snapshot")["as_of_date"].date()
    return day
