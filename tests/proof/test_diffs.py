"""For generated and for shipped rules, Z3 proves that a diff misses no changed answer and has none that is not so."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from hypothesis import assume, event, given, settings

from accessrules import RuleSet, load_rules
from accessrules.changes import Changes
from accessrules.unarytests import read_test
from tests.proof.encoding import Encoding, Region, Solved, by_value, differ, false_in, missed_by
from tests.properties.strategies import Files
from tests.properties.test_comparing import edited, loaded


def changed_answers(found: Changes, decision: str) -> list[Region]:
    """The regions of a decision in which its answer changes, read back from their words."""
    facts = found.before.index.facts
    changes = [change for change in found.of("answer") if change.decision == decision]
    return [{fact: read_test(words, facts[fact]) for fact, words in change.region.items()} for change in changes]


@settings(max_examples=2 * settings().max_examples)
@given(edited())
def test_of_generated_rules(pair: tuple[Files, Files]) -> None:
    """Between a rule set and an edited one, for every decision."""
    before, after = loaded(pair[0]), loaded(pair[1])
    assume(before is not None and after is not None)
    assert before is not None and after is not None  # noqa: PT018 - for the types
    a, b = Encoding(pair[0].reference), Encoding(pair[1].reference)
    found = before.diff(after)
    for decision in before.form.decisions:
        regions, what = changed_answers(found, decision), partial(differ, a, b, decision)
        event(f"{min(len(regions), 5)} regions")
        assert missed_by(regions, what, a) is None
        assert false_in(regions, what, a) is None


def test_of_shipped_rules() -> None:
    """Were large refrigerators under CCC from the start: for the route, and for who then issues the approval."""
    before = load_rules()
    large = before.form.rules["refrigerator.large.licensed"]
    changed = {**before.form.rules, large.id: replace(large, outcomes=frozenset(["ccc"]))}
    after = RuleSet(replace(before.form, rules=changed))
    found = before.diff(after)
    a, b = Encoding(Solved(before.form)), Encoding(Solved(after.form))
    for decision in ("access_route", "issuing_authority"):
        regions, what = changed_answers(found, decision), partial(differ, a, b, decision)
        assert regions
        parts = by_value("category", decision, regions, a, b)
        assert missed_by(regions, what, a, parts) is None
        assert false_in(regions, what, a, parts) is None
