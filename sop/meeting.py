"""The meeting as a path: its topics in order, and the pages that each is looked at on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stop:
    """One place on the path: the topic, what it is called there, the file under pages/ and its name in the URL."""

    topic: str
    name: str
    page: str
    url_path: str


PATH = (
    Stop("Since last meeting", "Decisions", "decide/decisions.py", "decisions"),
    Stop("Since last meeting", "What moved", "review/moves.py", "moves"),
    Stop("How did we do", "Overview", "review/overview.py", "overview"),
    Stop("Who and why", "Customers", "review/customers.py", "customers"),
    Stop("What is coming", "Capacity", "review/capacity.py", "capacity"),
    Stop("What is coming", "Pipeline", "review/pipeline.py", "pipeline"),
    Stop("Decide", "Arbitrate", "decide/arbitrate.py", "arbitrate"),
    Stop("Close", "Close", "meeting/close.py", "close"),
)
"""The agenda, first to last."""

TOPICS = tuple(dict.fromkeys(stop.topic for stop in PATH))
"""What the meeting talks about, first to last; each stop belongs to one."""

ALSO = {"": "overview", "start": "overview", "customer": "customers"}
"""Pages that belong to the stop of another: the one that opens first, and what a row of a stop opens."""


def place_of(url_path: str) -> int | None:
    """Where on the path a page stands; None for a page beside it."""
    name = ALSO.get(url_path, url_path)
    return next((place for place, stop in enumerate(PATH) if stop.url_path == name), None)


def first_of(topic: str) -> int:
    """The place at which a topic begins. Raises ValueError where the agenda has no such topic."""
    return [stop.topic for stop in PATH].index(topic)
