"""rule-engine: an expression a rule. It knows single expressions, so a dict finds those of a category."""

from __future__ import annotations

import datetime as dt
from typing import Any

import rule_engine

from benchmarks.peers.peer import LAW, RowPeer
from benchmarks.problem import Facts, PlainRule, Problem


class RuleEngine(RowPeer):
    """The expressions of a category, tried in order."""

    package = "rule-engine"
    gets = "a list of dicts with days as numbers, made beforehand"
    priorities = "order in a list of the host's"
    lacks = f"sets of rules; unknown facts; why; {LAW}"

    def __init__(self, problem: Problem, threads: int = 1) -> None:
        context = rule_engine.Context(resolver=rule_engine.resolve_item)
        self.rules = {
            category: [(rule_engine.Rule(_text(rule), context=context), rule.outcome) for rule in own]
            for category, own in problem.by_category().items()
        }

    def case(self, facts: Facts, day: dt.date) -> Any:
        """A dict."""
        return {**facts, "day": day.toordinal()}

    def decide(self, case: Any) -> Any:
        """The outcome of the first that matches."""
        for rule, outcome in self.rules[case["category"]]:
            if rule.matches(case):
                return outcome
        return "nothing"


def _text(rule: PlainRule) -> str:
    def test(fact: str, sign: str, value: Any) -> str:
        if isinstance(value, bool):
            return fact if value else f"not {fact}"
        return f"{fact} {sign} {value.toordinal() if fact == 'day' else repr(value)}"

    return " and ".join(test(*one) for one in rule.tests())
