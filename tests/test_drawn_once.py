"""A picture is drawn once for the same figures, and anew for others."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest

from sop import charts, drawn_once, words
from sop.drawn_once import drawn_once as once


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_once._kept.clear()


def counting() -> tuple[list[object], object]:
    drawn: list[object] = []

    @once
    def draw(frame: pd.DataFrame, currency: str = "EUR") -> go.Figure:
        drawn.append(currency)
        return go.Figure(go.Bar(x=frame["x"]))

    return drawn, draw


def test_the_same_figures_are_drawn_once_and_others_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, draw = counting()
    frame = pd.DataFrame({"x": [1, 2], "name": ["a", None]})
    first = draw(frame)  # type: ignore[operator]
    assert draw(frame.copy()) is first  # type: ignore[operator]
    assert len(drawn) == 1
    for other in (frame.assign(x=[1, 3]), frame.assign(name="b"), frame.rename(columns={"name": "other"})):
        assert draw(other) is not first  # type: ignore[operator]
    assert draw(frame, "USD") is not first and draw(frame, currency="USD") is not first  # type: ignore[operator]
    monkeypatch.setattr(words, "separators", lambda: ",.")
    assert draw(frame) is not first  # type: ignore[operator]


def test_only_the_last_ones_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn_once, "MOST", 2)
    drawn, draw = counting()
    frames = [pd.DataFrame({"x": [number]}) for number in range(3)]
    for frame in (*frames, frames[0], frames[2]):
        draw(frame)  # type: ignore[operator]
    assert len(drawn) == 4, "the first was forgotten, the last was not"


def test_a_note_marks_a_copy_and_leaves_the_picture_as_it_was() -> None:
    months = pd.DataFrame({"month": pd.to_datetime(["2026-09-01", "2026-10-01"])})
    bare = go.Figure(go.Bar(x=months["month"], y=[1, 2]))
    before = bare.to_json()
    notes = pd.DataFrame({"month": months["month"][:1], "text": ["A strike"], "noted_by": ["Ann"]})
    assert len(charts.with_notes(bare, notes).layout.annotations) == 1
    assert bare.to_json() == before
    assert charts.with_notes(bare, notes.head(0)) is bare
