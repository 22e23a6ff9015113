"""Asking: the next best question."""

from __future__ import annotations

from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from accessrules.unarytests import read_test
from accessrules.vocabulary import AS_OF
from tests.properties.strategies import Asked, Files, asked_rule_sets, often_asked_rule_sets
from tests.properties.test_unknowns import told, unknown_facts
from tests.reference.worlds import allows


@given(asked_rule_sets())
def test_best_question(generated: tuple[Files, Asked]) -> None:
    """The question asked is the first that is needed; each answer to it leaves at most what it is said to leave."""
    files, asked = generated
    rules = files.rules
    now = rules.decide(asked.facts, decision=asked.decision, **asked.days)
    needs = [need["fact"] for need in now.model_dump()["needs"]]
    question = rules.ask(asked.facts, decision=asked.decision, **asked.days)
    event(f"asks {question is not None}")
    if question is None:
        assert not needs
        return
    assert question["fact"] == needs[0]
    assert question["may_remain"] == len(needs) - 1
    fact = rules.index.facts[question["fact"]]
    leaving: dict[int, set[str]] = {}
    for value in unknown_facts(files, asked)[fact.name]:
        after = told(asked, {fact.name: value})
        plain = files.reference.decide(after.facts, after.decision, **after.days)
        (at,) = (
            n
            for n, one in enumerate(question["values"])
            if (allows(read_test(one["value"], fact), value) if fact.is_ordered else one["value"] == value)
        )
        leaving.setdefault(at, set()).update(end for settled in plain.settled for end in settled.ends)
        assert plain.needs < set(needs)
    for at, one in enumerate(question["values"]):
        assert {*one["outcomes"], *(f"!{failure}" for failure in one["failures"])} == leaving[at]


@given(asked_rule_sets(), st.data())
def test_asking_on_ends(generated: tuple[Files, Asked], data: st.DataObject) -> None:
    """Answering question after question, whatever the answers, ends where nothing about the case is missing."""
    files, asked = generated
    names = {fact.name for fact in files.form.vocabulary} | {AS_OF.name}
    for _ in range(len(names)):
        question = files.rules.ask(asked.facts, decision=asked.decision, **asked.days)
        if question is None:
            break
        value: Any = data.draw(st.sampled_from(unknown_facts(files, asked)[question["fact"]]))
        asked = told(asked, {question["fact"]: value})
    decision = files.rules.decide(asked.facts, decision=asked.decision, **asked.days)
    assert not decision.model_dump()["needs"]
    left = {*decision.answer.possible_status}
    assert decision.status in left
    assert decision.answer.is_open or left == {decision.status}


@settings(max_examples=2 * settings().max_examples)
@given(often_asked_rule_sets())
def test_the_worst_case_is_smallest(generated: tuple[Files, list[Asked]]) -> None:
    """Needed facts stand in the order of the worst case, then of the best, of ways left to end, then by name."""
    files, often = generated
    for asked in often:
        decision = files.rules.decide(asked.facts, decision=asked.decision, **asked.days)
        needs = [need["fact"] for need in decision.model_dump()["needs"]]
        left: dict[str, tuple[int, int]] = {}
        for name in needs if len(needs) > 1 else ():
            cases = [told(asked, {name: value}) for value in unknown_facts(files, asked)[name]]
            answers = [files.reference.decide(case.facts, case.decision, **case.days) for case in cases]
            ways = [len({one.ends for one in answer.settled}) for answer in answers]
            left[name] = max(ways), min(ways)
        event(f"worst cases differ: {len({worst for worst, _ in left.values()}) > 1}")
        event(f"only best cases differ: {len({worst for worst, _ in left.values()}) == 1 < len(set(left.values()))}")
        assert list(left) == sorted(left, key=lambda name: (left[name], name))
