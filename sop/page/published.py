"""What was published so far: every snapshot, what it holds, opening one read-only, and making one live again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sop import company, words
from sop.access import Act
from sop.errors import SettingsError, SopError
from sop.page.asking import (
    cannot_be_opened,
    currency,
    day_in_words,
    moment_in_words,
    open_live,
    open_read_only,
    opened,
    row_of,
)
from sop.page.showing import ROWS, section, table
from sop.page.signing import ask_name, may_or_say
from sop.snapshots import AGAIN, Home, Manifest, Published, prune_date, staying

CHOSEN, SAID, NAME = "published-choice", "published-said", "published-name"
"""Session keys: the snapshot whose row was chosen, what came of the last click, and the person's name."""
MOST_NAME = 100


def history(keep: Iterable[str] = ()) -> None:
    """Every snapshot, the newest first; a chosen row shows what it holds and what can be done with it.

    `keep` names snapshots that are never pruned. Needs no snapshot to be open, so that a damaged live one can be left.
    """
    section("Published so far")
    _say_what_came_of_it()
    home = Home()
    try:
        known, live, record = home.history(), _live(home), home.record()
        frame = _listed(
            known, live, record, company.as_far_as_known(home.folder).keeping.keep_daily_snapshots, set(keep)
        )
    except (SettingsError, OSError) as trouble:
        st.error(words.plain(str(trouble)))
        return
    if known:
        st.caption("Select a row to see what it holds, to open it read-only or to make it live again. Times are UTC.")
    # The key changes with the list, so that a row that stays selected is never another snapshot's.
    newest = known[0].id if known else "none"
    table(
        frame, key=f"published-{newest}-{len(known)}", on_row=_choose, download=False, empty="Nothing is published yet."
    )
    chosen = next((manifest for manifest in known if manifest.id == st.session_state.get(CHOSEN)), None)
    if chosen:
        with st.container(border=True, key="published-chosen"):
            _show(chosen, live, [line for line in record if line.snapshot == chosen.id])


def _live(home: Home) -> str | None:
    """The live snapshot's id; None where it cannot be read either, which the page says elsewhere."""
    try:
        return home.live()
    except SopError:
        return None


def _choose(row: Mapping[str, Any]) -> None:
    st.session_state[CHOSEN] = row["snapshot"]


def _listed(
    known: Sequence[Manifest], live: str | None, record: Sequence[Published], days: int, keep: set[str]
) -> pd.DataFrame:
    """One row per snapshot: when, as of, who, files and counts, size, and what becomes of it."""
    today = datetime.datetime.now(datetime.UTC).date()
    stays = staying(known, live, keep)
    again = {line.snapshot: f"{line.when[:10]} by {line.by or 'unknown'}" for line in record if line.what == AGAIN}
    return pd.DataFrame(
        {
            "published": [f"{manifest.published:%Y-%m-%d %H:%M}" for manifest in known],
            "as_of_date": pd.to_datetime([manifest.as_of for manifest in known]),
            "published_by": [_publisher(manifest, record) for manifest in known],
            "state": [_state(manifest, stays, days, today) for manifest in known],
            "made_live_again": [again.get(manifest.id, "") for manifest in known],
            "files": [_in_short(_file_names(manifest)) for manifest in known],
            "rows_kept_count": [_total(manifest, "kept_count") for manifest in known],
            "rows_rejected_count": [_total(manifest, "rejected_count") for manifest in known],
            "megabytes_quantity": [round(manifest.whole_size / 1e6, 1) for manifest in known],
            "snapshot": [manifest.id for manifest in known],
        }
    )


def _publisher(manifest: Manifest, record: Sequence[Published]) -> str:
    """Who published it: as the record says, or the manifest where it is older than the record."""
    said = (line.by for line in record if line.snapshot == manifest.id and line.what != AGAIN and line.by)
    return next(said, manifest.created_by)


def _state(manifest: Manifest, stays: Mapping[str, str], days: int, today: datetime.date) -> str:
    if manifest.id in stays:
        this_month = f"closes {today:%B %Y}"
        return stays[manifest.id].replace(this_month, f"{this_month} so far")
    return f"will be pruned on {day_in_words(max(prune_date(manifest, days), today))}"


def _file_names(manifest: Manifest) -> list[str]:
    return sorted({source["file_name"] for source in manifest.sources})


def _in_short(names: Sequence[str], most: int = 2) -> str:
    """The first names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:most])} and {more} more"


def _total(manifest: Manifest, count: str) -> int:
    """Rows that a snapshot's own files and those carried over gave."""
    return sum(source[count] for source in manifest.sources)


def _show(manifest: Manifest, live: str | None, record: Sequence[Published]) -> None:
    """What one snapshot holds, who made it live and when, and what can be done with it."""
    st.markdown(f"**Snapshot {words.plain(manifest.id)}**, as of {words.plain(day_in_words(manifest.as_of))}")
    for line in record:
        when = moment_in_words(datetime.datetime.fromisoformat(line.when))
        st.markdown(words.plain(f"{line.what.capitalize()} on {when}, by {line.by or 'somebody unknown'}"))
    columns = ["file_name", "extract_name", "read_count", "kept_count", "rejected_count", "carried_from"]
    files = pd.DataFrame(manifest.sources).reindex(columns=columns).sort_values(["extract_name", "file_name"])
    files = files.fillna({"carried_from": ""}).rename(columns=ROWS)
    table(files, key=f"files-of-{manifest.id}", download=False)
    if manifest.id == live:
        st.caption("This is the live one: everyone sees it.")
        return
    trouble = cannot_be_opened(manifest.id)
    if trouble:
        st.warning(words.plain(f"It can neither be opened nor be made live again. {trouble}"))
        return
    _offer_opening(manifest)
    _offer_making_live(manifest, live)


def _offer_opening(manifest: Manifest) -> None:
    if opened() == manifest.id:
        st.caption("It is open on every page now.")
        return
    st.button("Open read-only", key="open-read-only", on_click=open_read_only, args=(manifest.id,))
    st.caption("Every page then shows it to you alone; everyone else goes on seeing the live one.")


def _offer_making_live(manifest: Manifest, live: str | None) -> None:
    """Show what making it live would change, and ask who does it."""
    if not may_or_say(Act.ROLL_BACK, "Making it live again"):
        return
    st.markdown("**What making it live again would change, for everyone**")
    table(_compared(live, manifest.id), key=f"again-{live}-{manifest.id}", download=False)
    who = ask_name("Your name", NAME, placeholder="Who makes it live again?", max_chars=MOST_NAME)
    st.button(
        "Make it live again", key="make-live-again", disabled=not (who or "").strip(),
        on_click=_make_live_again, args=(manifest.id, live),
    )  # fmt: skip


def _compared(live: str | None, snapshot: str) -> pd.DataFrame:
    """As of and headline figures over all months, of the live snapshot and of the one that would replace it."""
    now = _headline(live) if live and cannot_be_opened(live) is None else {}
    after = _headline(snapshot)
    return pd.DataFrame(
        {
            "headline": list(after),
            "now": [now.get(figure, "cannot be opened") for figure in after],
            "after": list(after.values()),
        }
    )


def _headline(snapshot: str) -> dict[str, str]:
    """The headline figures of one snapshot, worded."""
    figures = row_of(snapshot, "overview/headline")
    return {
        "as of": day_in_words(figures["as_of_date"].date()),
        "promise rate": words.percent(figures["promise_rate"]),
        "kept of due": f"{words.number(figures['kept_count'])} of {words.number(figures['due_count'])}",
        "gap": words.money(figures["gap_value"], currency()),
        "lines waiting": f"{words.number(figures['overdue_count'])}",
    }


def _make_live_again(snapshot: str, seen: str | None) -> None:
    """Publish an earlier snapshot, unless it is damaged or another one went live since the figures were shown."""
    home, who = Home(), " ".join((st.session_state.get(NAME) or "").split())
    try:
        if not who:
            raise SopError("Say who makes it live again. Nothing was changed.")
        if _live(home) != seen:
            raise SopError(
                "Somebody published another snapshot meanwhile. Nothing was changed: look at the figures again."
            )
        home.check_version(snapshot)
        home.check(snapshot, thoroughly=True)
        owed = home.publish(snapshot, by=who)
    except (SopError, OSError) as trouble:
        st.session_state[SAID] = (False, str(trouble))
        return
    open_live()
    st.session_state[SAID] = (
        True,
        f"Snapshot {snapshot} is live again. Everyone sees it from their next click on. {owed or ''}".strip(),
    )


def _say_what_came_of_it() -> None:
    is_done, said = st.session_state.pop(SAID, (True, ""))
    if said:
        (st.success if is_done else st.error)(words.plain(said))
