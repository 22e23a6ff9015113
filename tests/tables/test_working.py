"""Pieces that are worked on at once: each once, in their order, few ahead, and what goes wrong told in its turn."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from multiprocessing import get_context

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessrules.tables.working import in_order


@settings(deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.0, 0.001, 0.002]), max_size=20), st.integers(1, 4))
def test_each_piece_is_made_once_and_in_its_place(lengths: list[float], threads: int) -> None:
    made: list[int] = []

    def work(n: int) -> int:
        time.sleep(lengths[n])
        made.append(n)
        return n * n

    found = list(in_order(work, range(len(lengths)), threads))
    assert found == [(n, n * n) for n in range(len(lengths))]
    assert sorted(made) == list(range(len(lengths)))


def test_few_pieces_are_taken_ahead() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for n in range(100):
            taken.append(n)
            yield n

    for n, _ in in_order(lambda n: n, pieces(), 2):
        assert len(taken) <= n + 1 + 2 * 2


def test_who_asks_works_too() -> None:
    """With two threads two pieces are made at once, one of them by the thread that asks."""
    together = threading.Barrier(2)

    def work(n: int) -> str:
        together.wait(60)
        return threading.current_thread().name

    assert threading.current_thread().name in {name for _, name in in_order(work, range(2), 2)}


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_what_goes_wrong_is_raised_in_its_turn(threads: int) -> None:
    def work(n: int) -> int:
        if n == 5:
            raise ValueError("the fifth")
        return n

    seen: list[int] = []

    def ask() -> None:
        for n, _ in in_order(work, range(9), threads):
            seen.append(n)

    with pytest.raises(ValueError, match="the fifth"):
        ask()
    assert seen == [0, 1, 2, 3, 4]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_fork_has_threads_of_its_own() -> None:
    """Who forks after a table was decided, as servers do, can decide tables in the child."""
    assert len(_workers()) == 2
    with get_context("fork").Pool(1) as child:
        assert len(child.apply_async(_workers).get(60)) == 2


def _workers() -> set[str]:
    return {name for _, name in in_order(_slowly, range(9), 2)}


def _slowly(_: int) -> str:
    time.sleep(0.01)
    return threading.current_thread().name


def test_who_stops_asking_leaves_nothing_running() -> None:
    begun: list[int] = []
    pieces = in_order(begun.append, range(1000), 3)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    count = len(begun)
    time.sleep(0.02)
    assert len(begun) == count < 20
