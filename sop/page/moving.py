"""What moved between two snapshots: which two, what of them can be compared, and the lists behind each kind of move."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sop import comparing, findings, words
from sop.errors import SopError
from sop.page.asking import hold_on_to_two, query
from sop.page.choosing import AFTER, BEFORE, LIST, linked, open_customer
from sop.page.following import MOST_ROWS
from sop.page.showing import table, title
from sop.snapshots import Home, Manifest


def choose_two(question: str | None) -> bool:
    """Offer the two snapshots, kept in the URL, and hold on to them: this run's and the one of the month before unless
    chosen. False where there are no two that can be compared, which is said under the page's question.
    """
    known = {manifest.id: manifest for manifest in comparing.of_the_same_company(Home(), st.session_state["snapshot"])}
    if len(known) < 2:
        title(question)
        st.info(
            "There is one snapshot only, so nothing can have moved. Bring next month's extracts, and what moved is here."
        )
        return False
    before_place, after_place = st.columns(2)
    after = _offer("To", AFTER, known, st.session_state["snapshot"], after_place)
    others = {snapshot: manifest for snapshot, manifest in known.items() if snapshot != after}
    before = _offer("From", BEFORE, others, comparing.earlier(Home(), after) or next(iter(others)), before_place)
    try:
        hold_on_to_two(before, after)
    except SopError as trouble:
        title(question)
        st.warning(words.plain(str(trouble)))
        return False
    if known[before].made_with != known[after].made_with:
        st.caption(
            "The two were made by different versions of the app; where a measure was changed, that shows as a move."
        )
    return True


def _offer(label: str, key: str, known: dict[str, Manifest], first: str, place: DeltaGenerator) -> str:
    widget = linked(key, known, "snapshot", first, where="to compare")
    chosen: str = place.selectbox(label, list(known), key=widget, format_func=lambda snapshot: _named(known[snapshot]))
    return chosen


def _named(manifest: Manifest) -> str:
    """'as of 30 Oct 2026, published 2 Nov 2026 10:15 by Ann'."""
    as_of = datetime.date.fromisoformat(manifest.as_of)
    created = datetime.datetime.fromisoformat(manifest.created_at)
    return f"as of {as_of.day} {as_of:%b %Y}, published {created.day} {created:%b %Y %H:%M} by {manifest.created_by}"


def is_compared(part: str) -> bool:
    """True where both snapshots have what this part rests on; else which of them has not is said in place."""
    parts = query("moves/parts")
    [found] = parts[parts["part"] == part].to_dict("records")
    if found["is_compared"]:
        return True
    st.info(words.plain(findings.of_the_part({str(column): value for column, value in found.items()})))
    return False


def choose_list(lists: Sequence[str]) -> str:
    """Offer the lists of what moved; the choice outlives a visit to another page, which tabs do not."""
    widget = linked(LIST, lists, "list", lists[0], where="here")
    return st.segmented_control("Show", lists, key=widget, required=True) or lists[0]


def moves_of(name: str, kinds: Sequence[str], *, key: str) -> None:
    """The moves behind the totals, one kind at a time, kept in the URL under `key`; a row opens its customer."""
    widget = linked(key, kinds, "kind of move", kinds[0], where="here")
    kind = st.segmented_control("Which", kinds, key=widget, required=True)
    found = query(name, kind=kind, most=MOST_ROWS)
    has_customer = "customer_id" in found.columns
    table(
        found,
        key=f"{key}-{kind}",
        hide=[found.columns[0], *(["customer_id"] if has_customer else ["work_centre_id"])],
        on_row=open_customer if has_customer else None,
        empty="Nothing of this kind moved.",
        file_name=key,
    )
    if len(found) == MOST_ROWS:
        st.caption(
            f"These are the first thousand. For all of them: python -m sop ask {name} kind='{kind}' --format csv"
        )
