"""Unknown is not false: what is answered while facts are unknown holds however they turn out."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, event, given, settings, target
from hypothesis import strategies as st

from accessrules import RuleSet
from accessrules.deciding import Answer
from accessrules.vocabulary import AS_OF
from tests.properties.strategies import Asked, Files, Style, asked_rule_sets, often_asked_rule_sets
from tests.reference.worlds import World, essential, fitting, values

SETTLED = ("decided", "conflict", "no_rule")


def answer(rules: RuleSet, asked: Asked) -> Answer:
    """The engine's answer."""
    return rules.decide(asked.facts, decision=asked.decision, **asked.days).answer


def unknown_facts(files: Files, asked: Asked) -> dict[str, list[Any]]:
    """The facts that a case leaves unknown, time included, with values that they may have."""
    names = [fact.name for fact in files.form.vocabulary if not fact.derived]
    found = {name: list[Any](fitting(files.form, name, asked.facts)) for name in names}
    if asked.as_of is None:
        found[AS_OF.name] = list(values(files.form, AS_OF.name))
    return {name: choices for name, choices in found.items() if len(choices) > 1}


def told(asked: Asked, changes: World) -> Asked:
    """The case with more facts known."""
    facts = {name: value for name, value in changes.items() if name != AS_OF.name}
    day: Any = changes.get(AS_OF.name, asked.as_of)
    return Asked({**asked.facts, **facts}, asked.decision, day, asked.known_on)


def completed(files: Files, asked: Asked) -> list[tuple[World, Answer]]:
    """Every completion of a case, with the engine's own answer to it."""
    worlds = files.reference.completions(asked.facts, asked.decision, asked.as_of)
    return [(world, answer(files.rules, told(asked, world))) for world in worlds]


@given(asked_rule_sets(), st.data())
def test_more_facts(generated: tuple[Files, Asked], data: st.DataObject) -> None:
    """A further fact never changes a settled outcome, and never enlarges what is possible."""
    files, asked = generated
    unknown = unknown_facts(files, asked)
    assume(unknown)
    name = data.draw(st.sampled_from(sorted(unknown)))
    before = answer(files.rules, asked)
    after = answer(files.rules, told(asked, {name: data.draw(st.sampled_from(unknown[name]))}))
    event(f"before {before.status}")
    if before.status in SETTLED:
        assert after.end == before.end
    assert set(after.possible) <= set(before.possible)
    assert set(after.possible_status) <= set(before.possible_status)
    if before.diagram and name not in {question.fact for question in before.diagram.questions()}:
        assert after.end == before.end, f"`{name}` mattered, and was not asked for"


@given(asked_rule_sets())
def test_what_is_possible_is_reached(generated: tuple[Files, Asked]) -> None:
    """Each possible outcome and status is that of some completion, and no completion has another."""
    files, asked = generated
    before, after = answer(files.rules, asked), [one for _, one in completed(files, asked)]
    target(len(before.possible), label="possible outcomes")
    assert set(before.possible) == {outcome for one in after for outcome in one.possible}
    assert set(before.possible_status) == {status for one in after for status in one.possible_status}
    assert {one.status for one in after} <= set(before.possible_status)


@given(asked_rule_sets())
def test_only_facts_that_matter_are_needed(generated: tuple[Files, Asked]) -> None:
    """Each needed fact has two completions that differ in it alone and end differently."""
    files, asked = generated
    before = answer(files.rules, asked)
    all_completed = completed(files, asked)
    matter = essential([world for world, _ in all_completed], [one.end for _, one in all_completed])
    assert {question.fact for question in before.diagram.questions()} <= matter if before.diagram else not matter


@settings(max_examples=2 * settings().max_examples)
@given(
    st.one_of(often_asked_rule_sets(), often_asked_rule_sets(style=Style(crowded=True, agreed=True))),
    st.sampled_from((1, 1, 4, 12)),
)
def test_a_search_cut_short(generated: tuple[Files, list[Asked]], most_steps: int) -> None:
    """Beyond its budget the answer is no longer exact, but nothing that is possible is missing from it."""
    files, often = generated
    hurried = RuleSet(files.form, most_steps=most_steps)
    for asked in often:
        full, short = answer(files.rules, asked), answer(hurried, asked)
        event(f"exact {short.exact}, {full.status}, {short.status}")
        assert full.exact
        if most_steps == 1:
            assert short.exact == (full.diagram is None)
        assert set(short.possible) >= set(full.possible)
        assert {*short.possible_status} >= {*full.possible_status} - {"undetermined"}
        if short.status in SETTLED:
            assert short.end == full.end
        if short.exact:
            assert (short.end, short.possible_status) == (full.end, full.possible_status)
