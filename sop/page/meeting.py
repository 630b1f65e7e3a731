"""The path through the meeting: where we are, what is left, and the way on, by click and by key."""

from __future__ import annotations

from typing import Any

import streamlit as st

from sop import meeting
from sop.meeting import PATH, TOPICS
from sop.page.choosing import MEETING, goto
from sop.page.signing import sees_everyone

ON = "on"
SCREEN = "screen"


def is_presented() -> bool:
    """True where the address is that of the view for the shared screen, which has no side bar."""
    return SCREEN in st.query_params


def hold_the_meeting() -> None:
    """Make the URL and whether a meeting is on agree.

    A link starts it; a page just switched to has it written into its URL; going back to where it was not on yet ends it.
    """
    in_url, held = st.query_params.get(MEETING), st.session_state.get(f"{MEETING}-linked")
    is_way_back = st.session_state["is_same_page"] and not st.session_state["is_chosen"]
    went_back = in_url is None and is_way_back and len(st.query_params) > 0
    on = ON if in_url == ON or (held and not went_back) else None
    if on and in_url != ON:
        st.query_params[MEETING] = ON
    st.session_state[f"{MEETING}-linked"] = on


def say_where_we_are() -> None:
    """During a meeting: the topics with the one that stands, and buttons for the stop before and the one after."""
    if not st.session_state.get(f"{MEETING}-linked") or not sees_everyone():
        return
    place = meeting.place_of(st.session_state["url_path"])
    if place is not None:
        st.session_state["meeting-place"] = place
    here = st.session_state.get("meeting-place", 0)
    stop = PATH[here]
    st.session_state["topic"] = stop.topic
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Agenda", TOPICS, key="topic", on_change=_to_topic, required=True, label_visibility="collapsed",
            format_func=lambda topic: f"{TOPICS.index(topic) + 1} {topic}", width="content",
        )  # fmt: skip
        beside = "" if place is not None else ", this page beside it"
        st.caption(f"Stop {here + 1} of {len(PATH)}{beside}", width="content")
        _way("Back", here - 1, shortcut="B", icon=":material/arrow_back:")
        _way("Next", here + 1, shortcut="N", icon=":material/arrow_forward:")
        st.button("Leave the path", type="tertiary", on_click=_leave, help="The pages stay as they are.")


def _way(label: str, place: int, **look: Any) -> None:
    """A button to a stop, named after it; without effect where the path ends."""
    there = 0 <= place < len(PATH)
    name = f"{label}: {PATH[place].name}" if there else label
    st.button(name, key=f"way-{label}", disabled=not there, on_click=_to, args=(place,), **look)


def offer_the_meeting() -> None:
    """Above the page: the way into the meeting and to the view for the shared screen, for whoever is given those."""
    if not sees_everyone():
        return
    if not st.session_state.get(f"{MEETING}-linked"):
        st.button("Start the meeting", shortcut="M", on_click=_to, args=(0,))
    st.button(
        "Present", shortcut="P", on_click=_present, help="Large type for the shared screen, one message at a time."
    )


def _to(place: int) -> None:
    """Go to a stop of the path. For `on_click`."""
    goto(PATH[place].page, **{MEETING: ON})


def _to_topic() -> None:
    """Go to the first stop of the chosen topic. For `on_change`."""
    _to(meeting.first_of(st.session_state["topic"]))


def _leave() -> None:
    """End the path where it stands. For `on_click`."""
    st.session_state[f"{MEETING}-linked"] = None
    st.query_params.pop(MEETING, None)


def _present() -> None:
    """Open the view for the shared screen at the topic of this page. For `on_click`."""
    place = meeting.place_of(st.session_state["url_path"])
    topic = PATH[place].topic if place is not None else "start"
    goto("meeting/present.py", **{SCREEN: topic})
