"""Pictures that are drawn once: whoever asks for the same picture of the same figures is given the one that was drawn.

Drawing a page's pictures anew took more of the server than all its questions together.
"""

from __future__ import annotations

import functools
import hashlib
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, ParamSpec

import plotly.graph_objects as go

from sop import words

Given = ParamSpec("Given")

MOST = 400
"""Pictures that are kept, those asked for last; each takes some ten thousand bytes."""

_kept: OrderedDict[bytes, go.Figure] = OrderedDict()
_guard = threading.Lock()


class _Drawn(go.Figure):  # type: ignore[misc]
    """A picture that is not drawn upon any more, and so is written out once; a copy, `go.Figure(picture)`, is again."""

    def to_dict(self) -> dict[str, Any]:
        written: dict[str, Any] | None = self.__dict__.get("_written")
        if written is None:
            written = self.__dict__["_written"] = super().to_dict()
        return written


def drawn_once(draw: Callable[Given, go.Figure]) -> Callable[Given, go.Figure]:
    """Decorate a function that draws from its arguments alone, and from how the company writes numbers.

    What it returns is shared: whoever wants another picture copies it first.
    """

    @functools.wraps(draw)
    def drawn(*given: Given.args, **named: Given.kwargs) -> go.Figure:
        known = pickle.dumps(
            (draw.__module__, draw.__name__, words.separators(), given, sorted(named.items())), protocol=5
        )
        mark = hashlib.blake2b(known, digest_size=20).digest()
        with _guard:
            if mark in _kept:
                _kept.move_to_end(mark)
                return _kept[mark]
        figure = _Drawn(draw(*given, **named))
        with _guard:
            _kept[mark] = figure
            while len(_kept) > MOST:
                _kept.popitem(last=False)
        return figure

    return drawn
