"""The company's settings on their page: as they stand, the form that changes them, and who changed what when."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from sop import company, logo, words
from sop.access import Act
from sop.company import SHARES, ChangedMeanwhile, Company
from sop.decisions import Log
from sop.errors import LogError, SopError
from sop.page.asking import moment_in_words
from sop.page.showing import section, table
from sop.page.signing import ask_name, may_or_say
from sop.page.uploading import bytes_of
from sop.snapshots import Home

SEEN, SAID, WHO = "settings-seen", "settings-said", "settings-by"
"""Session keys: the settings as they stood when the form was drawn, what came of the last click, and the person's name."""
WEIGHTS = ("weight_tier_a", "weight_tier_b", "weight_tier_c", "weight_let_down", "weight_late_rate")


def settings_as_they_stand() -> Company:
    """The settings as they stood when the page was opened, so that what somebody types is not lost to a later entry.

    Where they cannot be read, the page ends with the reason.
    """
    held = st.session_state.get(SEEN)
    if not isinstance(held, Company) or not st.session_state["is_same_page"]:
        try:
            held = company.read(Home().folder)
        except SopError as trouble:
            st.error(words.plain(str(trouble)), title="The settings cannot be read")
            st.stop()
        st.session_state[SEEN] = held
    return held


def since_when(standing: Company) -> str:
    """Whose settings they are, as a heading."""
    if standing.entry is None:
        return "The settings are those the company started from"
    entry = standing.entry
    return f"{entry.set_by} last changed the settings on {entry.set_at.day} {entry.set_at:%B %Y}"


def where_they_stand() -> str:
    """Which of the two places counts, as the line under the heading."""
    return (
        "The newest entry of the decision log counts; what no entry has named yet starts from settings.toml."
        if st.session_state[SEEN].entry
        else "Nothing was changed here yet: settings.toml counts, and its defaults."
    )


def what_came_of_it() -> None:
    """What the last click on this page did."""
    is_done, said = st.session_state.pop(SAID, (True, ""))
    if said:
        (st.success if is_done else st.error)(words.plain(said))


def say(is_done: bool, said: str) -> None:
    """Keep what a click did for the next run, and begin that."""
    st.session_state[SAID] = (is_done, said)
    st.session_state.pop(SEEN, None)
    st.rerun()


def change_settings(standing: Company) -> None:
    """The form with every setting as it stands; what is changed is written to the log as one entry with a name."""
    if not may_or_say(Act.SET, "Changing them"):
        return
    known, field = standing.values, _Field(standing)
    with st.form("settings"):
        at_once, measured = st.columns(2, gap="large")
        with at_once:
            st.subheader("Acts at once", anchor=False)
            given = _of_the_company(known, field)
        with measured:
            st.subheader("Acts when figures are worked out", anchor=False)
            given |= _of_the_measure(field)
        with st.expander("At once too: the weights that Arbitrate begins with, and how long snapshots are kept"):
            given |= _of_weights_and_keeping(field)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            who = ask_name("Your name", WHO, placeholder="Who changes the settings?")
            is_sent = st.form_submit_button("Save")
    if is_sent:
        _save(standing, given, who or "")


class _Field:
    """Draws a setting with the value that stands; its key changes with the entry, so that a new one is shown as it is."""

    def __init__(self, standing: Company) -> None:
        self.known, self.number = standing.values, standing.number

    def key(self, name: str) -> str:
        return f"setting-{name}-{self.number}"

    def text(self, name: str, most: int) -> Any:
        return (st.text_input(company.LABELS[name], self.known[name], most, key=self.key(name)) or "").strip()

    def number_of(self, name: str, most: float, step: float, unit: str = "", empty: str = "", more: str = "") -> Any:
        """A number input in the unit that people say: shares in per cent. An empty one is None."""
        value, is_share = self.known[name], name in SHARES
        shown = None if value is None else round(value * 100, 6) if is_share else value
        kind: Callable[[Any], Any] = int if isinstance(step, int) else float
        typed = st.number_input(
            f"{company.LABELS[name]}{unit}", kind(0), kind(most), None if shown is None else kind(shown), step,
            key=self.key(name), placeholder=empty or "a number", help=more or None, format=None if kind is int else "%g",
        )  # fmt: skip
        return typed if typed is None or not is_share else round(typed / 100, 8)


def _of_the_company(known: Mapping[str, Any], field: _Field) -> dict[str, Any]:
    """Name, currency, fiscal year, how numbers are written, and logo."""
    given = {"company_name": field.text("company_name", 60)}
    left, right = st.columns(2)
    with left:
        given["currency"] = field.text("currency", 8)
    with right:
        given["fiscal_year_month"] = st.selectbox(
            company.LABELS["fiscal_year_month"], list(range(1, 13)), known["fiscal_year_month"] - 1,
            key=field.key("fiscal_year_month"), format_func=lambda month: f"{datetime.date(2000, month, 1):%B}",
        )  # fmt: skip
    given["number_style"] = st.selectbox(
        company.LABELS["number_style"], words.NUMBER_STYLES, words.NUMBER_STYLES.index(known["number_style"]),
        key=field.key("number_style"),
        help="In sentences, figures and pictures, on paper and in the pack. Tables on the screen follow the browser's own"
        " language, with a point in per cent; native charts and workbooks follow the office program's.",
    )  # fmt: skip
    brought = st.file_uploader(
        "Logo: a PNG or JPEG file", ["png", "jpg", "jpeg"], max_upload_size=1, key=field.key("logo")
    )
    given["logo"] = bytes_of(brought) if brought else known["logo"]
    if known["logo"] and not brought and st.checkbox("Take the logo away", key=field.key("no-logo")):
        given["logo"] = None
    return given


def _of_the_measure(field: _Field) -> dict[str, Any]:
    """What a promise is held to, and the targets."""
    left, right = st.columns(2)
    with left:
        given = {
            "days_late_allowed": field.number_of("days_late_allowed", 3650, 1),
            "days_early_allowed": field.number_of("days_early_allowed", 3650, 1, empty="any"),
            "quantity_tolerance": field.number_of(
                "quantity_tolerance", 100.0, 0.5, ", %", more="What may be short and still counts as in full."
            ),
            "rejected_share_limit": field.number_of(
                "rejected_share_limit", 100.0, 0.5, ", %", more="Above it nothing is published without an explicit yes."
            ),
        }
    with right:
        given["promise_target"] = field.number_of("promise_target", 100.0, 0.5, ", %")
        for tier in "abc":
            given[f"promise_target_{tier}"] = field.number_of(
                f"promise_target_{tier}", 100.0, 0.5, ", %", empty="the company's",
                more="For customers of the tier without a target of their own.",
            )  # fmt: skip
    return given


def _of_weights_and_keeping(field: _Field) -> dict[str, Any]:
    given: dict[str, Any] = {}
    with st.grid(3, min_column_width=180):
        for name in WEIGHTS:
            most, unit = (1000.0, ", %") if name in SHARES else (100.0, "")
            given[name] = field.number_of(name, most, 0.5, unit)
        given["keep_daily_snapshots"] = field.number_of("keep_daily_snapshots", 3650, 1)
    return given


def _save(standing: Company, given: dict[str, Any], who: str) -> None:
    """Write what differs from what was shown, and say what became of it."""
    changed: dict[str, Any] = {}
    try:
        if isinstance(given["logo"], bytes):
            given["logo"] = logo.as_text(given["logo"])
        changed = {name: given[name] for name in company.differing(standing.values, {**standing.values, **given})}
        entry = company.change(Log(Home().folder), changed, by=who, seen=standing.number)
    except ChangedMeanwhile as trouble:
        wanted = words.joined([f"{company.LABELS[name]} {_worded(name, changed)}" for name in changed] or ["nothing"])
        say(False, f"{trouble} What you had changed: {wanted}.")
    except SopError as trouble:
        st.error(words.plain(str(trouble)))
    else:
        said = words.joined([_changed(name, entry.before, entry.after) for name in entry.changed])
        say(True, f"Saved as entry {entry.id} of the decision log: {said}.")


def _changed(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    return f"{company.LABELS[name]} from {_worded(name, before)} to {_worded(name, after)}"


def _worded(name: str, values: Mapping[str, Any]) -> str:
    return company.in_words(name, values.get(name))


def how_settings_changed() -> None:
    """Who changed what when, the newest first."""
    section("How the settings changed")
    try:
        entries = company.history(Log(Home().folder))
    except LogError as trouble:
        st.warning(words.plain(str(trouble)))
        return
    rows = [
        {
            "entry": entry.id,
            "when": moment_in_words(entry.set_at.replace(tzinfo=datetime.UTC)),
            "who": entry.set_by,
            "setting": company.LABELS[name],
            "from": _worded(name, entry.before),
            "to": _worded(name, entry.after),
        }
        for entry in entries
        for name in entry.changed
    ]
    table(
        pd.DataFrame(rows), key=f"settings-{len(rows)}", file_name="settings", empty="Nobody has changed a setting yet."
    )
