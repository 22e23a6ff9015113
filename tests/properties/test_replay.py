"""A recorded decision, decided again under the same rule set, is the same byte for byte."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from accessrules import Case, RuleSet
from tests.properties.strategies import Asked, Files, asked_rule_sets, cases, rule_sets


def replayed(rules: RuleSet, recorded: dict[str, Any]) -> str:
    """The decision of what a record says was asked."""
    case = Case(recorded["facts"], as_of=recorded["as_of"], known_on=recorded["known_on"])
    return rules.decide(case, decision=recorded["decision"]).model_dump_json()


def first_told(files: Files, asked: Asked) -> str:
    """The decision by a rule set that was never asked before."""
    return RuleSet(files.form).decide(asked.facts, decision=asked.decision, **asked.days).model_dump_json()


@given(asked_rule_sets())
def test_replay(generated: tuple[Files, Asked]) -> None:
    """Deciding again from a decision's own JSON gives the same bytes, by the same rule set and by one read anew."""
    files, asked = generated
    decision = files.rules.decide(asked.facts, decision=asked.decision, **asked.days)
    text = decision.model_dump_json()
    assert replayed(files.rules, decision.model_dump()) == text
    assert replayed(RuleSet(files.read()), json.loads(text)) == text


@settings(max_examples=10)
@given(rule_sets(), st.data())
def test_many_threads(files: Files, data: st.DataObject) -> None:
    """Eight threads that ask one rule set at once get what each would have got alone."""
    asked = data.draw(st.lists(cases(files), min_size=4, max_size=6))
    alone = [first_told(files, one) for one in asked]
    shared = RuleSet(files.form)

    def told(number: int) -> list[str]:
        order = asked[number % len(asked) :] + asked[: number % len(asked)]
        texts = [shared.decide(one.facts, decision=one.decision, **one.days).model_dump_json() for one in order]
        turned = len(asked) - number % len(asked)
        return texts[turned:] + texts[:turned]

    with ThreadPoolExecutor(8) as pool:
        for texts in pool.map(told, range(8)):
            assert texts == alone
