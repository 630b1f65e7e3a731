"""What a page does about whole snapshots: work the figures out anew, and go from the sample company to one's own and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from sop import company, logo, sample_company, switching, words
from sop.access import Act
from sop.company import Company
from sop.errors import SopError
from sop.page.asking import held_settings, open_live, opened, row
from sop.page.choosing import link
from sop.page.settings import say
from sop.page.showing import section
from sop.page.signing import ask_name, may_or_say
from sop.snapshots import Home

AT_ONCE = ("company_name", "currency")
"""Settings that a snapshot carries and pages ask for all the same as they stand."""


def say_the_sample() -> None:
    """While the snapshot of this run is the sample company's: one line that says so, with the way to one's own."""
    if not sample_company.is_sample(Home().manifest(st.session_state["snapshot"])):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="sample-line"):
        st.caption("This is the sample company; nothing of it is real.", width="content")
        link("prepare/extracts.py", "Bring your own extracts")


def show_logo() -> None:
    """The company's logo above the agenda, where it has one."""
    kept = held_settings().showing.logo
    if kept:
        st.logo(logo.as_image(kept), size="large")


def work_out_anew(standing: Company) -> None:
    """Where the live snapshot was measured with other settings: which, and the button that builds it again with these."""
    if opened():
        return
    measured = row("prepare/measured_with")
    now = {name: standing.values[name] for name in measured if name not in AT_ONCE}
    others = company.differing({name: measured[name] for name in now}, now)
    if not others:
        st.caption("The figures on the pages were worked out with these settings.")
        return
    section("The figures on the pages were worked out with other settings")
    changed = [
        f"{company.LABELS[name]}: {company.in_words(name, measured[name])}, now {company.in_words(name, now[name])}"
        for name in others
    ]
    st.markdown(words.plain(f"{'; '.join(changed)}. The next load counts with them, or now, from the same extracts:"))
    _ask_who("anew", "Work the figures out anew", "Publishes a new snapshot for everyone.", _anew)


def switch_company() -> None:
    """The switch between the sample company and one's own, with what it does."""
    home = Home()
    live = home.live()
    if live is None:
        return
    if sample_company.is_sample(home.manifest(live)):
        section("The sample company is live")
        if sample_company.newest(home, of_the_sample=False):
            about = "Your own extracts, as they were published last, are made live again for everyone."
            _ask_who("own", "Go back to your own company", about, lambda who: _switched(who, to_sample=False))
        else:
            st.markdown("Publish your own extracts, and nothing of the sample company comes over into them.")
            link("prepare/extracts.py", "Bring your own extracts")
        return
    section("The sample company")
    about = "For everyone. Your own snapshots stay as they are, and the same switch brings them back."
    _ask_who("sample", "Show the sample company", about, lambda who: _switched(who, to_sample=True))


def _ask_who(key: str, label: str, about: str, act: Callable[[str], str]) -> None:
    """A name and a button; what came of it is said on the next run."""
    if not may_or_say(Act.PUBLISH, label):
        return
    with st.form(f"{key}-form"), st.container(horizontal=True, vertical_alignment="bottom"):
        who = ask_name("Your name", f"{key}-by")
        is_sent = st.form_submit_button(label)
    st.caption(about)
    if not is_sent:
        return
    try:
        said = act(who or "")
    except (SopError, OSError) as trouble:
        st.error(words.plain(str(trouble)))
        return
    open_live()
    say(True, said)


def _with_steps(label: str, act: Callable[[Callable[[str], None]], Any]) -> Any:
    with st.status(label) as status:
        return act(lambda step: status.update(label=words.plain(step)))


def _anew(who: str) -> str:
    made = _with_steps("Working the figures out", lambda step: switching.work_out_anew(Home(), by=who, on_step=step))
    return f"Published as snapshot {made}. Everyone sees it from their next click on."


def _switched(who: str, *, to_sample: bool) -> str:
    made = _with_steps("Switching", lambda step: switching.switch(Home(), to_sample=to_sample, by=who, on_step=step))
    whose = "The sample company" if to_sample else "Your own company"
    return f"{whose} is live, snapshot {made}. Everyone sees it from their next click on."
