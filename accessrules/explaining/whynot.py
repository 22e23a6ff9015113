"""Why a rule does not decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accessrules.errors import Problem, QueryError
from accessrules.explaining.report import deciding_rule, report
from accessrules.explaining.view import View
from accessrules.exploring.readings import rule_readings
from accessrules.suggesting import did_you_mean

if TYPE_CHECKING:
    from accessrules.decision import Decision

__all__ = ["why_not"]


def why_not(decision: Decision, rule_id: str) -> dict[str, Any]:
    """The rule's nearest clause with the case's values, whether it applies (None: not known), and what it yielded to.

    Raises QueryError where the decision has no such rule.
    """
    index = decision.rules.index
    own = {
        r.id: (r.title.en, r.title.zh or "") if r.title else () for r in index.rules if r.decision == decision.decision
    }
    if rule_id not in own:
        other = index.form.rules.get(rule_id)
        help = f"it is a rule of `{other.decision}`" if other else did_you_mean(str(rule_id), own, "rules")
        raise QueryError([Problem("$.rule", f"`{decision.decision}` has no rule `{rule_id}`", help)])
    view, number = View.of(decision), index.number[rule_id]
    tests = view.tests(number)
    holding = [test["holds"] for test in tests]
    rule = index.rules[number]
    return {
        "rule": rule_id,
        "title": rule.title.dump() if rule.title else {"en": rule_id},
        "outcome": rule.outcome,
        "outcomes": sorted(rule.outcomes),
        "decides": deciding_rule(decision) == rule_id,
        "applies": False if False in holding else None if None in holding else True,
        "tests": tests,
        "contested": rule_readings(view.decider, rule, view.case.cells),
        "yielded": [one for one in report(decision)["yielded"] if one["rule"] == rule_id],
    }
