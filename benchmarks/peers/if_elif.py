"""Generated Python code: one function a category."""

from __future__ import annotations

import datetime as dt
from typing import Any

from benchmarks.peers.peer import LAW, RowPeer
from benchmarks.problem import Facts, Problem


class IfElif(RowPeer):
    """What `Problem.python` is."""

    gets = "a list of dicts, made beforehand"
    priorities = "order of the tests"
    lacks = f"unknown facts; why; {LAW}"

    def __init__(self, problem: Problem, threads: int = 1) -> None:
        self.python = problem.python

    def case(self, facts: Facts, day: dt.date) -> Any:
        """As it is."""
        return facts, day

    def decide(self, case: Any) -> Any:
        """The outcome."""
        return self.python(case[0], case[1])
