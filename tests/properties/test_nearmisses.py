"""Near misses: what is told of a fact that could change the answer is true."""

from __future__ import annotations

from typing import Any

from hypothesis import event, given, settings

from accessrules.unarytests import read_test
from tests.properties.strategies import Asked, Files, often_asked_rule_sets
from tests.properties.test_unknowns import told
from tests.reference.interpreter import Answer
from tests.reference.worlds import allows, values


def end(answer: Answer) -> tuple[str, str | None, tuple[str, ...]]:
    return answer.status, answer.outcome, answer.possible


def decided(files: Files, asked: Asked) -> Answer:
    return files.reference.decide(asked.facts, asked.decision, **asked.days)


@settings(max_examples=4 * settings().max_examples)
@given(often_asked_rule_sets(complete=True))
def test_a_near_miss_changes_the_answer(generated: tuple[Files, list[Asked]]) -> None:
    """Some value that the failing test of a near miss allows gives another answer than the case's own."""
    files, often = generated
    for asked in often:
        now = files.rules.decide(asked.facts, decision=asked.decision, **asked.days)
        misses: list[dict[str, Any]] = now.model_dump()["near_misses"]
        event(f"near misses {bool(misses)}")
        before = end(decided(files, asked)) if misses else None
        for miss in misses:
            name, test = miss["failing"]["fact"], miss["failing"]["test"]
            fact = files.rules.index.facts[name]
            allowed = [one for one in values(files.form, name) if allows(read_test(test, fact), one)]
            assert any(end(decided(files, told(asked, {name: one}))) != before for one in allowed)
