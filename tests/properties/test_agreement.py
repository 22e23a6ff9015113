"""The engine and the reference interpreter give the same answers."""

from __future__ import annotations

from hypothesis import event, given, settings

from tests.properties.strategies import Asked, Files, often_asked_rule_sets


@settings(max_examples=2 * settings().max_examples)
@given(often_asked_rule_sets())
def test_answers(generated: tuple[Files, list[Asked]]) -> None:
    """Status, outcome, what is possible, what is needed and which earlier decision failed are the reference's."""
    files, often = generated
    for asked in often:
        mine = files.rules.decide(asked.facts, decision=asked.decision, **asked.days).answer
        plain = files.reference.decide(asked.facts, asked.decision, **asked.days)
        event(f"status {plain.status}")
        assert (mine.status, mine.outcome) == (plain.status, plain.outcome)
        assert (mine.possible, mine.possible_status) == (plain.possible, plain.possible_status)
        assert set(mine.via) == plain.via
        assert mine.exact
        needs = [question.fact for question in mine.diagram.questions()] if mine.diagram else []
        assert sorted(needs) == sorted(plain.needs)


@given(often_asked_rule_sets())
def test_reasons(generated: tuple[Files, list[Asked]]) -> None:
    """The rules that prevail, yield and conflict in some completion are the reference's."""
    files, often = generated
    for asked in often:
        report = files.rules.decide(asked.facts, decision=asked.decision, **asked.days).model_dump()
        plain = files.reference.decide(asked.facts, asked.decision, **asked.days)
        resolved = [one for settled in plain.settled for one in settled.resolved]
        if plain.status == "decided":
            prevailing = {rule for one in resolved for rule in one.prevailing}
            assert {one["rule"] for one in report["because"]} - {None} == prevailing
            assert any(one["default"] for one in report["because"]) == any(not one.prevailing for one in resolved)
        if not plain.via:
            yielded = {one for each in resolved for one in each.yielded}
            told = {(one["rule"], one["to"], one["principle"]) for one in report["yielded"]}
            assert told <= yielded
            assert {rule for rule, _, _ in told} == {rule for rule, _, _ in yielded}
            assert {one["rule"] for one in report["conflict"]} == {rule for one in resolved for rule in one.conflict}


@settings(max_examples=3 * settings().max_examples)
@given(often_asked_rule_sets(complete=True))
def test_reasons_of_a_complete_case(generated: tuple[Files, list[Asked]]) -> None:
    """The deciding rule is first of those that prevail; who yields does so to one that prevails, if that beat it."""
    files, often = generated
    for asked in often:
        decision = files.rules.decide(asked.facts, decision=asked.decision, **asked.days)
        plain = files.reference.decide(asked.facts, asked.decision, **asked.days)
        if len(plain.settled[0].resolved) != 1:  # an earlier decision failed, or is open
            continue
        (only,) = plain.settled[0].resolved
        report = decision.model_dump()
        if plain.status == "decided":
            assert decision.rule == next(iter(only.prevailing), None)
            assert [one["rule"] for one in report["because"] if one["rule"]] == list(only.prevailing)
            assert report["details"] == only.details
        for one in report["yielded"]:
            winners = {to for rule, to, _ in only.yielded if rule == one["rule"]}
            assert one["to"] in (winners & set(only.prevailing) or winners)
