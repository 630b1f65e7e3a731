"""Viewers walk through the pages while extracts are published over and over: no error, and each page is of one company."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import viewers

pytestmark = pytest.mark.browser  # no browser, but the real server


def test_no_viewer_meets_an_error_or_a_torn_page_while_two_companies_are_published_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewers, "THINKING", 0.5)
    seen, _ = viewers.walking(tmp_path, viewers=6, publishes=3)
    assert seen.errors == []
    assert seen.torn == []
    assert seen.companies == {0, 1}, "both were seen, so that something could have been torn"
    assert len(seen.seconds) > 12
