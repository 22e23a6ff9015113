"""durable-rules: a rule set in C, to which each case is posted as an event, in one session.

Its C module is called as its own package does, without the threads of its host. An event is consumed by the first rule
that fires for it, in the order of their priorities.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from typing import Any

import durable_rules_engine

from benchmarks.peers.peer import LAW, RowPeer, Skipped
from benchmarks.problem import FLAGS, Facts, PlainRule, Problem, Test

_NUMBERS = itertools.count()
"""Rule sets and events are known by name in the whole process."""

_MOST_RULES = 2_500
"""With 2,900 in one rule set it was never ready."""


class Durable(RowPeer):
    """A reused session."""

    package = "durable-rules"
    gets = "a list of dicts with days as numbers and tenths of litres, made beforehand; to JSON in the time"
    priorities = "priorities, as numbers"
    lacks = f"unknown facts; why; fractions; {LAW}"

    def __init__(self, problem: Problem, threads: int = 1) -> None:
        if len(problem.rules) > _MOST_RULES:
            raise Skipped(f"hangs while it is built with {len(problem.rules):,} rules")
        self.outcome_of = {f"r{n}": rule.outcome for n, rule in enumerate(problem.rules)}
        rules = {f"r{n}": _rule(rule) for n, rule in enumerate(problem.rules)}
        self.handle = durable_rules_engine.create_ruleset(f"route{next(_NUMBERS)}", json.dumps(rules))

    def case(self, facts: Facts, day: dt.date) -> Any:
        """What rules test, in text and whole numbers."""
        flags = {flag: int(facts[flag]) for flag in FLAGS}
        texts = {name: facts[name] for name in ("category", "purpose", "power")}
        return {"sid": "s", **texts, **flags, "tenths": round(facts["volume"] * 10), "day": day.toordinal()}

    def decide(self, case: Any) -> Any:
        """The rule that fires."""
        engine, handle = durable_rules_engine, self.handle
        unmatched, offset = engine.assert_event(handle, json.dumps({"id": str(next(_NUMBERS)), **case}))
        if unmatched:
            return "nothing"
        fired = json.loads(engine.start_action_for_state(handle, offset)[1])
        assert not engine.complete_and_start_action(handle, offset), "an event was not consumed"
        return self.outcome_of[next(iter(fired))]


def _rule(rule: PlainRule) -> dict[str, Any]:
    tests = [{"category": rule.category}, *map(_test, rule.tests())]
    return {"all": [{"m": {"$and": tests}}], "pri": 1 - rule.rank}


def _test(test: Test) -> dict[str, Any]:
    fact, sign, value = test
    if fact == "volume":
        fact, value = "tenths", value * 10
    if isinstance(value, dt.date):
        value = value.toordinal()
    plain = {fact: int(value) if isinstance(value, bool) else value}
    return plain if sign == "==" else {{">=": "$gte", "<": "$lt"}[sign]: plain}
