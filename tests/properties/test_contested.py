"""Contested readings are told with the answer exactly where they can be meant."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import event, given, settings

from accessrules import RuleSet
from accessrules.conditions import Clause
from accessrules.vocabulary import FactValue, Vocabulary, key_of
from tests.properties.strategies import Asked, Files, often_asked_rule_sets


def can_hold(clause: Clause, known: Mapping[str, FactValue], vocabulary: Vocabulary) -> bool:
    """Whether no known value fails a test; an inner category may be any of its leaves."""
    for name, allowed in clause.items():
        if name in known:
            fact, value = vocabulary[name], known[name]
            leaves = fact.under.get(str(value), (value,)) if not fact.is_ordered else (key_of(value),)
            if not any(leaf in allowed for leaf in leaves):  # type: ignore[operator]
                return False
    return True


@settings(max_examples=300)  # few rules are contested, and fewer where the reading is excluded
@given(often_asked_rule_sets())
def test_contested_readings(generated: tuple[Files, list[Asked]]) -> None:
    """Of the rules that prevail, each reading whose condition no known value excludes is told, and no other."""
    files, often = generated
    rules = RuleSet(files.form)
    for asked in often:
        decision = rules.decide(asked.facts, decision=asked.decision, **asked.days)
        told = decision.model_dump()
        if not told["because"]:
            continue
        case = decision.case
        known = {name: value for name, value in {**case.presumed, **case.facts}.items() if value is not None}
        prevailing = [files.form.rules[one["rule"]] for one in told["because"] if one["rule"]]
        expected = [
            (rule.id, one.reading)
            for rule in prevailing
            for one in rule.contested
            if all(name not in files.form.decisions for clause in one.clauses for name in clause)
            and any(can_hold(clause, known, files.form.vocabulary) for clause in one.clauses)
        ]
        chained = {
            (rule.id, one.reading)
            for rule in prevailing
            for one in rule.contested
            if any(name in files.form.decisions for clause in one.clauses for name in clause)
        }
        found = [(one["rule"], one["reading"]) for one in told["contested"]]
        event("told" if found else "none told")
        assert sorted(one for one in found if one not in chained) == sorted(set(expected) - chained)
