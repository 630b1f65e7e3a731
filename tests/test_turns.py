"""Runs of pages take turns: so many at once, nobody for ever, and a place is left however a run ends."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sop.page.turns import Turns


def test_no_more_than_two_are_worked_on_and_everybody_is_in_the_end() -> None:
    turns, guard, inside, most, done = Turns(2, longest=60), threading.Lock(), 0, 0, 0

    def run() -> None:
        nonlocal inside, most, done
        with turns.in_turn():
            with guard:
                inside += 1
                most = max(most, inside)
            pause.wait(0.002)
            with guard:
                inside -= 1
                done += 1

    pause = threading.Event()
    with ThreadPoolExecutor(30) as crowd:
        for _ in range(90):
            crowd.submit(run)
    assert (most, done, inside) == (2, 90, 0)


def test_a_long_run_is_gone_past() -> None:
    turns, came, over = Turns(1, longest=0.05), threading.Event(), threading.Event()

    def long() -> None:
        with turns.in_turn():
            came.set()
            assert over.wait(20)

    def short() -> str:
        with turns.in_turn():
            return "was let in"

    with ThreadPoolExecutor(2) as crowd:
        crowd.submit(long)
        assert came.wait(20)
        assert crowd.submit(short).result(timeout=20) == "was let in"
        over.set()


def test_a_place_is_left_when_a_run_fails() -> None:
    turns = Turns(1, longest=60)
    with pytest.raises(ValueError, match="broke"), turns.in_turn():
        raise ValueError("broke")
    with ThreadPoolExecutor(1) as another:
        assert another.submit(lambda: turns.in_turn().__enter__()).result(timeout=20) is None
