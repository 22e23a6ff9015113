"""The shipped rules in durable-rules: over the casebook, and on both sides of every end of every clause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from accessrules import Case, load_rules
from accessrules.casebook import read_casebook
from accessrules.rete import ReteEngine, ReteError, compile_rules
from accessrules.rules import Rule
from accessrules.valuesets import ValueSet
from accessrules.vocabulary import AS_OF, Fact
from tests.reference.worlds import spread
from tests.rete.by_index import applying

RULES = load_rules()
DECISIONS = tuple(RULES.form.decisions)


def fires_what_applies(engine: ReteEngine, case: Case, given: dict[str, str]) -> bool:
    """Whether the case is complete; if so, exactly the rules that apply must fire."""
    try:
        fired = engine.fires(case, given=given)
    except ReteError:
        return False
    assert fired == applying(RULES, engine.decision, case, {}, given)
    return True


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_casebook(decision: str) -> None:
    """For every case that is complete for a decision, exactly the rules that apply fire."""
    complete = 0
    with compile_rules(RULES, decision) as engine:
        earlier = [name for name in RULES.index.chain(decision) if name in engine.facts]
        for one in read_casebook(RULES):
            outcomes = {name: RULES.decide(one.case, decision=name).outcome for name in earlier}
            complete += fires_what_applies(engine, one.case, {name: o for name, o in outcomes.items() if o})
    assert complete >= 20


def inside(fact: Fact, allowed: ValueSet) -> list[Any]:
    """Values of a set: of an ordered fact those at its ends, else one."""
    return [value for value in spread(fact, [allowed]) if fact.set_of(value) & allowed] or [None]  # type: ignore[operator]


def around(rule: Rule) -> Iterator[tuple[dict[str, Any], dt.date]]:
    """For each clause of a rule: a case in it, and cases that lie on either side of each of its ends."""
    vocabulary = RULES.form.vocabulary
    days = [day for day in (rule.start, rule.until, rule.ended and rule.ended.on) if day]
    dates = [day for day in spread(AS_OF, map(AS_OF.set_of, days)) if isinstance(day, dt.date)]
    for clause in rule.clauses:
        central = {name: inside(vocabulary[name], allowed)[0] for name, allowed in clause.items()}
        yield from ((central, day) for day in dates)
        for name, allowed in clause.items():
            if vocabulary[name].is_ordered:
                yield from (({**central, name: v}, dates[-1]) for v in spread(vocabulary[name], [allowed]))


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_boundaries(decision: str) -> None:
    """At each end of each interval and period, and beside it, exactly the rules that apply fire."""
    others = {fact.name: inside(fact, fact.domain)[0] for fact in RULES.form.vocabulary if not fact.derived}
    with compile_rules(RULES, decision) as engine:
        first = {name: RULES.form.vocabulary[name].leaves[0] for name in engine.facts if name in DECISIONS}
        for rule in RULES.form.rules.values():
            if rule.decision == decision:
                for facts, day in around(rule):
                    given = {name: str(facts.get(name, outcome)) for name, outcome in first.items()}
                    case = {**others, **{name: value for name, value in facts.items() if name not in first}}
                    assert fires_what_applies(engine, Case(case, as_of=day), given)
