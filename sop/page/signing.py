"""Who is here: signing in and out, which pages somebody is given, and forms that only some may fill in.

What is shown or hidden is a courtesy. What holds is that every question and every act asks `access`, which asks
`_whoever_is_here`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sop import access, audit, people, settings, signing, words
from sop.access import Act, Person, Role
from sop.decisions import Log
from sop.errors import AccessError, LogError, NotSignedIn, PeopleError, SettingsError, SigningError, SopError
from sop.serving import listening
from sop.serving.strangers import name_of_way

LOGGER = logging.getLogger("sop")
FIRST = "start"
"""The page that opens first, which has no name in the URL."""
GIVEN = "pages-given"
"""Session key: the files of the pages that this run gives."""
SIGNED_IN = "signed-in"
"""Session key: the mark of the sign-in that this session began with."""


@dataclass(frozen=True)
class Needs:
    """Who is given a page: the least role, and whether those too who see only the customers they look after."""

    role: Role = Role.VIEWER
    is_by_customer: bool = False


def _whoever_is_here() -> Person:
    """Who acts in this run of a page, with their role as it is now. Raises AccessError where nobody does.

    Work on a thread of its own has no run, and so nobody, unless it says for whom it works (access.acting_as).
    """
    if signing.auth() is None:
        return access.on_this_machine()
    if get_script_run_ctx(suppress_warning=True) is None:
        raise NotSignedIn("Nobody is signed in here.")
    try:
        return signing.person(st.user.to_dict(), settings.home())
    except PeopleError as why:
        LOGGER.error(str(why))  # where something is wrong with the file is not for strangers
        raise PeopleError("Who may do what cannot be read. Whoever runs this server finds why in its log.") from None


access.ask_whom(_whoever_is_here)  # whatever imports the pages serves them


def let_in(needs: Mapping[str, Needs]) -> Person:
    """Who is here. Where nobody is who may be, every page of the agenda says what to do about that, and ends."""
    try:
        listening.refuse_strangers(str(st.get_option("server.address") or ""), signing.auth())
        person = access.acting()
    except SopError as why:
        st.navigation([st.Page(_nothing, url_path=name, default=name == FIRST) for name in needs], position="hidden")
        _say_why_not(why)
        st.stop()
    _once_a_session(person)
    return person


def _say_why_not(why: SopError) -> None:
    if isinstance(why, NotSignedIn):
        _ask_to_sign_in(str(why) if st.user.get("is_logged_in") else "")
        return
    _say_alone(
        "Nobody can be let in" if isinstance(why, PeopleError | SigningError) else "You have no role here", str(why)
    )
    if isinstance(why, AccessError):
        _offer_to_sign_out()


def _once_a_session(person: Person) -> None:
    if not person.is_signed_in:
        return
    mark = signing.mark_of(st.user.to_dict())
    if st.session_state.get(SIGNED_IN) != mark:
        st.session_state[SIGNED_IN] = mark
        _signed_in(person)


def _signed_in(person: Person) -> None:
    """Write down that somebody opened the app. A log that cannot be written keeps nobody from reading."""
    try:
        audit.record(Log(settings.home()), Act.SIGN_IN, person.email or person.name)
    except (LogError, SettingsError):
        LOGGER.exception("a sign-in could not be written down")


def _nothing() -> None:
    """What runs of a page that is not given."""


def _say_alone(title: str, why: str) -> None:
    """One plain page, with nothing beside it."""
    st.title(title, anchor=False)
    st.markdown(words.plain(why))


def _ask_to_sign_in(why: str) -> None:
    """The page for whoever is not signed in: a button for each provider."""
    _say_alone("Sign in", why or "The review shows what each customer was promised, so it asks who you are.")
    known = signing.auth()
    for provider in known.providers if known else ():
        st.button(
            words.plain(name_of_way(provider)),
            key=f"sign-in-{provider}",
            on_click=st.login,
            args=(provider,),
            icon=":material/login:",
        )


def _offer_to_sign_out() -> None:
    st.button("Sign out", key="sign-out", on_click=_sign_out, icon=":material/logout:")


def _sign_out() -> None:
    """End this sign-in here and in every other window that has its cookie. For `on_click`."""
    try:
        signing.sign_out(st.user.to_dict(), settings.home())
    except SopError as trouble:
        st.toast(words.plain(str(trouble)))
    st.logout()


def say_who_is_here(person: Person) -> None:
    """In the sidebar: who is signed in, as what, and the way out. Where nobody signs in and others may come: that this is so."""
    if not person.is_signed_in:
        if listening.is_open_to_all(str(st.get_option("server.address") or "")):
            st.caption("Nobody signs in here: whoever reaches this address may do everything.")
        return
    whose = f", the customers of {person.looks_after}" if person.looks_after else ""
    with st.container(horizontal=True, vertical_alignment="center", key="who-is-here"):
        st.caption(words.plain(f"{person.name}, {person.role.name.lower()}{whose}"), width="stretch")
        _offer_to_sign_out()


def agenda_of(
    pages: Mapping[str, Sequence[StreamlitPage]], person: Person, needs: Mapping[str, Needs], **look: Any
) -> StreamlitPage:
    """The page of the agenda that is asked for, of those that somebody is given. Others do not answer at their address either."""
    kept = {
        heading: [one for one in under if is_given(person, needs[_name_of(one)])] for heading, under in pages.items()
    }
    st.session_state[GIVEN] = {_name_of(one) for under in kept.values() for one in under}
    return st.navigation({heading: under for heading, under in kept.items() if under}, **look)


def _name_of(page: StreamlitPage) -> str:
    """The name in the URL; the page that opens first has none there."""
    return page.url_path or FIRST


def is_given(person: Person, needs: Needs) -> bool:
    """True where somebody is given a page with these needs."""
    return person.role >= needs.role and (person.looks_after is None or needs.is_by_customer)


def has_page(file: str) -> bool:
    """True where this run gives the page of that file below pages/."""
    return Path(file).stem in st.session_state.get(GIVEN, ())


def sees_everyone() -> bool:
    """True where whoever is here sees every customer."""
    return access.acting().looks_after is None


def may(act: Act) -> bool:
    """True where whoever is here may do this, so that a form for it is shown."""
    person = access.acting()
    return person.role >= act.needs


def may_or_say(act: Act, what: str) -> bool:
    """The same; where they may not, one quiet line says who may."""
    if may(act):
        return True
    st.caption(words.plain(f"{what} takes a {act.needs.name.lower()}."))
    return False


def ask_name(label: str, key: str, **look: Any) -> str:
    """Ask who somebody is; where they are signed in it is known, and cannot be typed over."""
    person = access.acting()
    if person.is_signed_in:
        st.session_state[key] = person.name
        st.text_input(label, key=key, disabled=True)
        return person.name
    typed: str | None = st.text_input(label, key=key, **{"max_chars": people.LONGEST_NAME, **look})
    return typed or ""
