"""DuckDB: the rules as CASE expressions over an Arrow table, to an Arrow column."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb

from benchmarks.peers.peer import LAW, ColumnPeer
from benchmarks.problem import PlainRule, Problem, Test


class OneCase(ColumnPeer):
    """One CASE with a branch a rule: how an export of rules would say it."""

    package = "duckdb"
    gets = "Arrow columns"
    priorities = "order of the branches"
    lacks = f"unknown facts (NULL takes the next branch); why; {LAW}"
    threaded = True

    def __init__(self, problem: Problem, threads: int = 1) -> None:
        self.connection = duckdb.connect(config={"threads": threads})
        self.query = f"SELECT {self.expression(problem)} AS outcome FROM cases"

    def expression(self, problem: Problem) -> str:
        """The rules as SQL."""
        branches = [
            f"WHEN category = '{rule.category}' AND {_tests(rule)} THEN '{rule.outcome}'"
            for own in problem.by_category().values()
            for rule in own
        ]
        return f"CASE {' '.join(branches)} ELSE 'nothing' END"

    def decide_rows(self, rows: Any) -> Any:
        """The table is read where it lies."""
        self.connection.register("cases", rows)
        return self.connection.sql(self.query).to_arrow_table()["outcome"]


class CaseByCategory(OneCase):
    """A CASE over the category, and within each branch one over its rules: how somebody who tunes it would say it."""

    def expression(self, problem: Problem) -> str:
        """The rules as SQL."""
        branches = []
        for category, own in problem.by_category().items():
            inner = " ".join(f"WHEN {_tests(rule)} THEN '{rule.outcome}'" for rule in own)
            branches.append(f"WHEN '{category}' THEN CASE {inner} ELSE 'nothing' END")
        return f"CASE category {' '.join(branches)} ELSE 'nothing' END"


def _tests(rule: PlainRule) -> str:
    return " AND ".join(map(_test, rule.tests()))


def _test(test: Test) -> str:
    fact, sign, value = test
    if isinstance(value, bool):
        return fact if value else f"NOT {fact}"
    if isinstance(value, dt.date):
        return f"{fact} {sign} DATE '{value}'"
    return f"{fact} {'=' if sign == '==' else sign} {value!r}"
