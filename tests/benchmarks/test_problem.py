"""The common problem: the plain rules, the rule files and the Python code say the same."""

from __future__ import annotations

import pytest

from accessrules import RuleSet
from benchmarks.peers.one import checked_cases
from benchmarks.problem import Facts, Problem, Test, problem


@pytest.fixture(scope="module")
def made() -> Problem:
    return problem(30)


def test_the_files_and_the_code_say_the_same(made: Problem) -> None:
    """The engine, on the rule files, decides as the generated Python does: random cases, and those at edges."""
    rules = RuleSet(made.form())
    for facts, day in checked_cases(made):
        assert rules.decide(facts, as_of=day).outcome == made.python(facts, day), (facts, day)


def test_plain_rules_are_the_rules_of_the_files(made: Problem) -> None:
    """Each plain rule is in the files under its id, with its outcome and first day."""
    files = made.form().rules
    assert {(rule.id, rule.outcome, rule.start) for rule in made.rules} == {
        (rule.id, rule.outcome, rule.start) for rule in files.values()
    }


def test_edge_cases_lie_on_both_sides(made: Problem) -> None:
    """Every rule decides some of them, and misses some of its own category."""
    cases = made.edge_cases(1_000)
    by_category = made.by_category()

    def holds(test: Test, case: Facts) -> bool:
        fact, sign, value = test
        given = case[fact]
        return bool({">=": given >= value, "<": given < value, "==": given == value}[sign])

    found: dict[str, set[bool]] = {}
    for facts, day in cases:
        for rule in by_category[facts["category"]]:
            found.setdefault(rule.id, set()).add(all(holds(test, {**facts, "day": day}) for test in rule.tests()))
    assert found == {rule.id: {True, False} for rule in made.rules}
