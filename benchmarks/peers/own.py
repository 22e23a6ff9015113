"""accessrules itself: `decide` on a dict, `decide_table` on Arrow columns."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accessrules import RuleSet
from benchmarks.peers.peer import Peer
from benchmarks.problem import Facts, Problem


class Own(Peer):
    """Answers with status, outcome and deciding rule, checked against the vocabulary."""

    package = "accessrules"
    gets = "Arrow columns"
    priorities = "from the law: newer and more special over older"
    lacks = "–"
    threaded = True

    def __init__(self, problem: Problem, threads: int = 1) -> None:
        self.rules, self.threads = RuleSet(problem.form()), threads
        self.rules.decider()

    def case(self, facts: Facts, day: dt.date) -> Any:
        """As it is."""
        return facts, day

    def decide(self, case: Any) -> Any:
        """A Decision."""
        return self.rules.decide(case[0], as_of=case[1])

    def outcome(self, answer: Any) -> str:
        """Of a Decision; its status where it is not decided."""
        return str(answer.outcome or answer.status)

    def rows(self, table: Any) -> Any:
        """The Arrow table itself."""
        return table

    def decide_rows(self, rows: Any) -> Any:
        """A table with status, outcome, rule and problems."""
        return self.rules.decide_table(rows, as_of_column="day", threads=self.threads)

    def outcomes(self, answer: Any) -> list[str]:
        """Each row's outcome, or its status where it is not decided."""
        rows = zip(answer["outcome"].to_pylist(), answer["status"].to_pylist(), strict=True)
        return [outcome or status for outcome, status in rows]
