"""Cedar, through cedarpy: a policy a rule, with the category as the resource; the policy that permits is the rule."""

from __future__ import annotations

import datetime as dt
from typing import Any

import cedarpy

from benchmarks.peers.peer import LAW, RowPeer
from benchmarks.problem import FLAGS, Facts, PlainRule, Problem


class Cedar(RowPeer):
    """Policies and entities are parsed once."""

    package = "cedarpy"
    gets = "a list of requests with days as numbers and tenths of litres, made beforehand"
    priorities = "none: the first band is told `unless` the later rule's tests hold"
    lacks = f"answers but yes and no (the policy is read as one); priorities; fractions as numbers; {LAW}"

    def __init__(self, problem: Problem, threads: int = 1) -> None:
        rules = [(rule, own) for own in problem.by_category().values() for rule in own]
        self.policies = cedarpy.PolicySet.from_str("\n".join(_policy(rule, own) for rule, own in rules))
        self.entities = cedarpy.Entities.from_json_str("[]")
        self.outcome_of = {f"policy{n}": rule.outcome for n, (rule, _) in enumerate(rules)}

    def case(self, facts: Facts, day: dt.date) -> Any:
        """A request."""
        tested = {name: facts[name] for name in ("power", "purpose", *FLAGS)}
        return {
            "principal": {"type": "Person", "id": "anyone"},
            "action": {"type": "Action", "id": "ask"},
            "resource": {"type": "Category", "id": facts["category"]},
            "context": {**tested, "tenths": round(facts["volume"] * 10), "day": day.toordinal()},
        }

    def decide(self, case: Any) -> Any:
        """Its answer."""
        return cedarpy.is_authorized(case, self.policies, self.entities)

    def outcome(self, answer: Any) -> str:
        """Of the one policy that permits."""
        reasons = answer.diagnostics.reasons
        assert len(reasons) <= 1
        assert not answer.diagnostics.errors
        return self.outcome_of[reasons[0]] if reasons else "nothing"

    def decide_rows(self, rows: Any) -> Any:
        """One after the other; its batches are no faster."""
        return [self.outcome(self.decide(case)) for case in rows]


def _policy(rule: PlainRule, category: list[PlainRule]) -> str:
    """A policy that permits where the rule decides."""
    above = [other for other in category if other.rank > rule.rank and (other.low, other.high) == (rule.low, rule.high)]
    unless = "".join(f" unless {{ {_tests(other)} }}" for other in above)
    return f'permit(principal, action, resource == Category::"{rule.category}") when {{ {_tests(rule)} }}{unless};'


def _tests(rule: PlainRule) -> str:
    def test(fact: str, sign: str, value: Any) -> str:
        if fact == "volume":
            return f"context.tenths {sign} {value * 10}"
        if fact == "day":
            return f"context.day {sign} {value.toordinal()}"
        if isinstance(value, bool):
            return f"{'' if value else '!'}context.{fact}"
        return f'context.{fact} {sign} "{value}"' if fact == "purpose" else f"context.{fact} {sign} {value}"

    return " && ".join(test(*one) for one in rule.tests())
