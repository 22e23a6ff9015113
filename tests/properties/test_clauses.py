"""The clauses of a condition mean exactly what its tree means."""

from __future__ import annotations

from hypothesis import event, given

from accessrules.conditions import clauses_of
from tests.properties.strategies import Files, rule_sets
from tests.reference.worlds import allows, each_test, every, holds, values


@given(rule_sets())
def test_clauses_mean_the_tree(files: Files) -> None:
    """In every world some clause of a rule holds exactly when its condition holds."""
    for rule in files.form.rules.values():
        facts = sorted({test.fact for test in each_test(rule.condition)})
        clauses = clauses_of(rule.condition, files.form.vocabulary)
        event(f"{min(len(clauses), 4)} clauses")
        assert clauses
        for world in every(facts, [values(files.form, name) for name in facts]):
            for form in (clauses, rule.clauses):
                held = any(all(allows(s, world[fact]) for fact, s in clause.items()) for clause in form)
                assert held == holds(rule.condition, world)


@given(rule_sets())
def test_no_clause_inside_another(files: Files) -> None:
    """Each clause of a rule holds in some world in which another one does not."""
    for rule in files.form.rules.values():
        facts = sorted({fact for clause in rule.clauses for fact in clause})
        worlds = every(facts, [values(files.form, name) for name in facts])
        assert not any(s == files.form.vocabulary[fact].domain for clause in rule.clauses for fact, s in clause.items())
        held = [{n for n, w in enumerate(worlds) if all(allows(s, w[f]) for f, s in c.items())} for c in rule.clauses]
        for n, mine in enumerate(held):
            assert not any(mine <= other for m, other in enumerate(held) if m != n)
