"""The pack on a page: what it shall be, its making with progress, and the files to take away."""

from __future__ import annotations

import datetime
import functools
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from sop import access, comparing, pack, words
from sop.access import Act
from sop.errors import LogError, SopError
from sop.pack.asking import Asker
from sop.pack.customers import MOST
from sop.pack.parts import Pack
from sop.pack.review import review
from sop.page.asking import held_settings, hold_on_to_log, hold_on_to_two, query
from sop.page.exporting import written_down
from sop.snapshots import Home

FORMS, WHOSE, THESE = "pack-forms", "pack-customers", "pack-these"
LARGEST = {"none": 0, "3 largest gaps": 3, "10 largest gaps": 10}
CHOSEN = "chosen ones"
KEPT = 24
"""Packs and files that stay, the last used ones: about 200 kB each."""


@dataclass(frozen=True)
class Choice:
    """What a pack is made of; equal choices on a snapshot make the same pack."""

    month: datetime.date
    customers: tuple[str, ...]
    forms: tuple[str, ...]


@dataclass
class Shelf:
    """What was made, by all that it depends on: nothing on it is ever out of date, so it is made once."""

    made: OrderedDict[tuple[Any, ...], Any] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: tuple[Any, ...]) -> Any:
        """What stands under a key, None where nothing does."""
        with self.lock:
            if key in self.made:
                self.made.move_to_end(key)
            return self.made.get(key)

    def put(self, key: tuple[Any, ...], what: Any) -> None:
        """Keep it, and let go of what was not asked for longest."""
        with self.lock:
            self.made[key] = what
            while len(self.made) > KEPT:
                self.made.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _shelf() -> Shelf:
    return Shelf()


def choose_pack(month: datetime.date) -> Choice:
    """Offer the files and the customers with a page of their own; both are in the URL."""
    names = {name: form for form, (name, *_) in pack.FORMATS.items()}
    chosen = st.pills(
        "Files", list(names), selection_mode="multi", default=["PowerPoint"], key=FORMS, bind="query-params"
    )
    whose = st.segmented_control(
        "A page of their own for customers", [*LARGEST, CHOSEN], default="none", key=WHOSE, bind="query-params",
        required=True,
    )  # fmt: skip
    forms = tuple(form for name, form in names.items() if name in (chosen or ()))
    return Choice(month, _customers(str(whose), month), forms)


def _customers(whose: str, month: datetime.date) -> tuple[str, ...]:
    if whose in LARGEST:
        return tuple(query("overview/let_down", month=month)["customer_id"].head(LARGEST[whose]))
    choices = query("customer/choices")
    named = dict(zip(choices["customer_id"], choices["customer_name"], strict=True))
    chosen = st.multiselect(
        "Customers", list(named), key=THESE, bind="query-params", max_selections=MOST,
        format_func=lambda customer: f"{named[customer]}  ·  {customer}", placeholder="Choose customers",
    )  # fmt: skip
    return tuple(chosen)


def make_pack(choice: Choice) -> None:
    """Make what was chosen when asked to, showing how far it is, and offer it; what was made already is there at once."""
    access.require(Act.EXPORT)
    access.require_everyone()
    if not choice.forms:
        st.info("Choose at least one file.")
        return
    key = _made_of(choice)
    missing = [form for form in choice.forms if _shelf().get((*key, form)) is None]
    if missing:
        place = st.empty()
        if not place.button("Make the pack", key="make-pack"):
            return
        try:
            _make(choice, key, missing, place.progress(0.0, "Asking"))
        except SopError as trouble:
            place.error(words.plain(str(trouble)))
            return
        place.empty()
    _offer(choice, key)


def _made_of(choice: Choice) -> tuple[Any, ...]:
    """All that a pack depends on: the snapshot, the one before it, decision log and settings as they stand, month, customers."""
    snapshot = st.session_state["snapshot"]
    try:
        log: Any = hold_on_to_log()
    except LogError as trouble:
        log = str(trouble)
    return (snapshot, comparing.earlier(Home(), snapshot), log, held_settings().number, choice.month, choice.customers)


def _make(choice: Choice, key: tuple[Any, ...], forms: list[str], bar: Any) -> None:
    """Ask for the pack where it is not there yet, and write each file. Raises SopError where something cannot be asked."""
    whole = len(forms) + 1
    made: Pack | None = _shelf().get(key)
    if made is None:
        asker = Asker(query, has_two=_has_two(key[1]), standing=held_settings())
        made = review(
            asker, choice.month, choice.customers, lambda what, share: bar.progress(share / whole, words.plain(what))
        )
        _shelf().put(key, made)
    for number, form in enumerate(forms, start=1):
        bar.progress(number / whole, f"Writing: {pack.FORMATS[form][0]}")
        _shelf().put((*key, form), pack.written(made, form))


def _has_two(before: str | None) -> bool:
    """Hold this run on to the snapshot before as well, as the page What moved does. False where the two cannot be compared."""
    if before is None:
        return False
    try:
        hold_on_to_two(before, st.session_state["snapshot"])
    except SopError:
        return False
    return True


def _offer(choice: Choice, key: tuple[Any, ...]) -> None:
    """A button a file, and what is on each page."""
    with st.container(horizontal=True):
        for form in choice.forms:
            name, _, media_type = pack.FORMATS[form]
            text: bytes = _shelf().get((*key, form))
            file_name = f"review-{choice.month:%Y-%m}-{key[0]}.{form}"
            whose = f", pages for customers {', '.join(choice.customers)}" if choice.customers else ""
            st.download_button(
                f"{name}, {len(text) / 1000:,.0f} kB",
                written_down(f"pack {file_name}{whose}", functools.partial(bytes, text)), file_name=file_name,
                mime=media_type, key=f"download-{form}", icon=":material/download:", on_click="ignore",
            )  # fmt: skip
    made: Pack | None = _shelf().get(key)
    if made is not None:
        st.markdown(
            "\n".join(
                f"{number}. {words.plain(page.headline)}" for number, page in enumerate((made.first, *made.pages), 1)
            )
        )
