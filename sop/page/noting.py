"""Notes and disputes on the pages: shown where they are pinned, written in a form beside, never rendered as markup."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from sop import noting, parting, words
from sop.access import Act
from sop.decisions import Log
from sop.errors import SopError
from sop.noting import MOST_TEXT, Place
from sop.page.asking import day_in_words, newest_entries, query, row
from sop.page.choosing import month, open_customer
from sop.page.showing import beside, table
from sop.page.signing import ask_name, may
from sop.snapshots import Home

SAID = "said-of-notes"
COLUMNS = ["note_id", "noted_date", "noted_by", "text", "month", "customer_id", "order_id", "line_number"]
ANYWHERE = {"customer": None, "month": None, "order_id": None, "line_number": None, "is_of_company": None}


def notes_of(**asked: Any) -> pd.DataFrame:
    """The notes that stand (noted/notes); none, with the reason said once a run, where the log cannot be read."""
    try:
        if not newest_entries().note:
            return pd.DataFrame(columns=COLUMNS)
        return query("noted/notes", **{**ANYWHERE, **asked})
    except SopError as trouble:
        st.warning(words.plain(str(trouble)))
        return pd.DataFrame(
            columns=["note_id", "noted_date", "noted_by", "text", "month", "customer_id", "order_id", "line_number"]
        )


def notes_on_months(customer: str | None = None) -> pd.DataFrame:
    """The notes that a picture of months carries: those of a customer's months, or of the company's."""
    return notes_of(customer=customer, is_of_company=None if customer else True).dropna(subset=["month"])


def pinned_to_month() -> None:
    """What is pinned to the month under review, and a form to pin more."""
    pinned(Place(month=month()), notes_of(month=month(), is_of_company=True))


def pinned_to_customer(customer: str) -> None:
    """What is pinned to a customer, and a form to pin more."""
    notes = notes_of(customer=customer)
    pinned(Place(customer_id=customer), notes[notes["order_id"].isna()], offer_month=True)


def pinned_to_line(customer: str, order_id: str, line_number: str) -> None:
    """What is pinned to an order line, a form to pin more, and what each side says of it."""
    dispute_of(order_id, line_number)
    notes = notes_of(order_id=order_id, line_number=line_number)
    pinned(Place(customer_id=customer, order_id=order_id, line_number=line_number), notes)


def pinned(place: Place, notes: pd.DataFrame, *, offer_month: bool = False) -> None:
    """The notes of a place, and a form that pins another to it; `offer_month` asks whether it is about the month under review."""
    key = "-".join(str(part) for part in vars(place).values() if part)
    is_done, said = st.session_state.pop(f"{SAID}-{key}", (True, ""))
    if said:
        (st.success if is_done else st.error)(words.plain(said))
    for each in notes.to_dict("records"):
        with st.container(horizontal=True, vertical_alignment="center"):
            about = f"{words.month_name(each['month'])}, " if not pd.isna(each["month"]) else ""
            by = f"{about}by {each['noted_by']} on {day_in_words(each['noted_date'].date())}"
            st.markdown(f":material/push_pin: {words.plain(each['text'])}  \n:gray[{words.plain(by)}]")
            _offer_to_take_away(each, key)
    if not may(Act.NOTE):
        return
    with st.popover("Pin a note", type="tertiary", icon=":material/push_pin:"):
        _form(place, key, offer_month=offer_month)


def _form(place: Place, key: str, *, offer_month: bool) -> None:
    with st.form(f"note-{key}", border=False, clear_on_submit=True):
        text = st.text_area(
            "Note", max_chars=MOST_TEXT, key=f"note-text-{key}", placeholder="Why did it drop in March?"
        )
        who = ask_name("Your name", f"note-by-{key}")
        named = words.month_name(month())
        of_month = offer_month and st.checkbox(f"It is about {named}", value=True, key=f"note-month-{key}")
        sent = st.form_submit_button("Pin it")
    if sent:
        where = Place(place.customer_id, month() if of_month else place.month, place.order_id, place.line_number)
        _write(key, "Pinned.", lambda log: noting.note(log, where, text or "", by=who or "", snapshot_id=_seen()))


def _offer_to_take_away(each: Mapping[Any, Any], key: str) -> None:
    if not may(Act.NOTE):
        return
    with st.popover("Take away", type="tertiary"), st.form(f"away-{each['note_id']}", border=False):
        who = ask_name("Your name", f"away-by-{each['note_id']}")
        sent = st.form_submit_button("Take the note away", help="It stays in the log.")
    if sent:
        texts = {
            name: None if pd.isna(each[name]) else each[name] for name in ("customer_id", "order_id", "line_number")
        }
        day = None if pd.isna(each["month"]) else pd.Timestamp(each["month"]).date()
        where = Place(texts["customer_id"], day, texts["order_id"], texts["line_number"])
        number = int(each["note_id"])
        _write(
            key,
            "Taken away.",
            lambda log: noting.note(log, where, "", by=who or "", snapshot_id=_seen(), replaces=number),
        )


def _seen() -> str:
    """The snapshot in sight of which something is written."""
    return str(st.session_state["snapshot"])


def _write(key: str, done: str, write: Any) -> None:
    """Write to the log, keep what came of it for the next run, and start that."""
    try:
        write(Log(Home().folder))
    except SopError as trouble:
        st.session_state[f"{SAID}-{key}"] = (False, str(trouble))
    else:
        st.session_state[f"{SAID}-{key}"] = (True, done)
    st.rerun()


def say_the_range(customer: str | None = None, **span: datetime.date | None) -> None:
    """Where lines are disputed: how far the promise rate would move, and the list; nothing where none is."""
    try:
        if not newest_entries().dispute:
            return
        known = row("noted/range", customer=customer, **span)
    except SopError as trouble:
        st.warning(words.plain(str(trouble)))
        return
    if not known["disputed_count"] or known["least_rate"] is None:
        return
    st.caption(
        words.plain(
            f"{words.percent(known['least_rate'])} to {words.percent(known['most_rate'])} of promises kept, if every one of"
            f" {words.counted(int(known['disputed_count']), 'disputed line')} went against us or for us."
        )
    )
    shown = st.expander("The disputed lines: what sales says, what operations says", key="disputed", on_change="rerun")
    if shown.open:
        with shown:
            asked = {
                "customer": customer,
                "month": span["first_month"] if span["first_month"] == span["last_month"] else None,
            }
            table(query("noted/disputes", **asked, order_id=None, line_number=None), key="disputes", hide=["customer_id"],
                  on_row=open_customer, file_name="disputed-lines")  # fmt: skip


def dispute_of(order_id: str, line_number: str) -> None:
    """What each side says of an order line, side by side, and a form to dispute it, to go on, or to settle it."""
    key = f"dispute-{order_id}-{line_number}"
    is_done, said = st.session_state.pop(f"{SAID}-{key}", (True, ""))
    if said:
        (st.success if is_done else st.error)(words.plain(said))
    try:
        found = query("noted/disputes", customer=None, month=None, order_id=order_id, line_number=line_number)
    except SopError as trouble:
        st.warning(words.plain(str(trouble)))
        return
    now = found.to_dict("records")[0] if len(found) else None
    if now:
        _show_the_sides(now)
    if not may(Act.DISPUTE):
        return
    label = "Dispute this line" if now is None else "Go on with the dispute"
    with st.popover(label, type="tertiary", icon=":material/balance:"), st.form(key, border=False):
        sales = st.text_area(
            "What sales says", now["sales_says"] if now else "", max_chars=MOST_TEXT, key=f"{key}-sales"
        )
        operations = st.text_area("What operations says", now["operations_says"] if now else "", max_chars=MOST_TEXT,
                                  key=f"{key}-operations")  # fmt: skip
        settled = now is not None and st.checkbox("It is settled", value=not now["is_disputed"], key=f"{key}-settled")
        who = ask_name("Your name", f"{key}-by")
        sent = st.form_submit_button(
            "Write it down", help="The fact stays as it is; headlines say how far they would move."
        )
    if sent:
        replaces = int(now["dispute_id"]) if now else None
        _write(key, "Written down.", lambda log: noting.dispute(
            log, order_id, line_number, sales_says=sales or "", operations_says=operations or "", by=who or "",
            snapshot_id=_seen(), is_open=not settled, replaces=replaces, others=parting.others(Home(), _seen())))  # fmt: skip


def _show_the_sides(now: Mapping[Any, Any]) -> None:
    state = "Disputed" if now["is_disputed"] else "Settled"
    by = f"{now['entered_by']}, {day_in_words(now['entered_date'].date())}"
    st.markdown(f"**{state}**, the fact: {now['fact']}. :gray[{words.plain(by)}]")
    left, right = beside()
    left.markdown(f"**Sales says**  \n{words.plain(now['sales_says'] or 'nothing')}")
    right.markdown(f"**Operations says**  \n{words.plain(now['operations_says'] or 'nothing')}")
