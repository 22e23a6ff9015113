"""durable-rules, the index and the reference agree on which rules apply."""

from __future__ import annotations

from hypothesis import event, given, settings
from hypothesis import strategies as st

from accessrules.rete import ReteError, compile_rules
from accessrules.values import read_value
from accessrules.vocabulary import FactValue
from tests.properties.strategies import Asked, Files, often_asked_rule_sets
from tests.rete.by_index import applying


def by_reference(files: Files, decision: str, asked: Asked, outcomes: dict[str, str]) -> tuple[str, ...]:
    """The rules that apply, tried one by one."""
    assert asked.as_of
    vocabulary = files.form.vocabulary
    world: dict[str, FactValue] = {"as_of": asked.as_of, **outcomes}
    world |= {name: read_value(raw, vocabulary[name]) for name, raw in asked.facts.items()}
    rules = [rule for rule in files.form.rules.values() if rule.decision == decision]
    return tuple(sorted(r.id for r in rules if files.reference.applies(r, world, asked.known_on)))


@settings(max_examples=2 * settings().max_examples)
@given(often_asked_rule_sets(complete=True), st.data())
def test_exactly_the_applicable_rules_fire(generated: tuple[Files, list[Asked]], data: st.DataObject) -> None:
    """For every decision, case and outcome of earlier decisions, all three find the same rules."""
    files, often = generated
    for decision in files.form.decisions:
        with compile_rules(files.rules, decision) as engine:
            earlier = [name for name in engine.facts if name in files.form.decisions]
            for asked in often:
                outcomes = {name: data.draw(st.sampled_from(("ccc", "licence", "nothing"))) for name in earlier}
                fired = engine.fires(asked.facts, **asked.days, given=outcomes)
                event(f"{len(fired)} fire")
                assert fired == applying(files.rules, decision, asked.facts, asked.days, outcomes)
                assert fired == by_reference(files, decision, asked, outcomes)


@given(often_asked_rule_sets(complete=True))
def test_a_fact_is_asked_for_only_where_it_is_open(generated: tuple[Files, list[Asked]]) -> None:
    """Without a fact that it does not ask for, durable-rules fires the same rules as with it."""
    files, often = generated
    decision = next(iter(files.form.decisions))
    asked = often[0]
    with compile_rules(files.rules, decision) as engine:
        given = dict.fromkeys((name for name in engine.facts if name in files.form.decisions), "ccc")
        fired = engine.fires(asked.facts, **asked.days, given=given)
        for name in asked.facts:
            try:
                without = engine.fires({**asked.facts, name: None}, **asked.days, given=given)
            except ReteError as wrong:
                asked_for = [problem.path for problem in wrong.problems]
            else:
                assert without == fired
                asked_for = []
            event(f"asked for {len(asked_for)}")
            assert asked_for in ([], [f"$.facts.{name}"])
