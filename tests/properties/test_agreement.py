"""The engine and the reference interpreter give the same answers."""

from __future__ import annotations

from itertools import chain, combinations, permutations

from hypothesis import event, given, settings

from tests.properties.strategies import Asked, Files, often_asked_rule_sets, rule_sets


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


@settings(max_examples=4 * settings().max_examples)
@given(rule_sets())
def test_defeats(files: Files) -> None:
    """Of any two rules that disagree, the reference's defeats the other on the reference's principle, or neither."""
    plain = files.reference.defeats
    for decision in files.form.decisions:
        precedence = files.rules.decider(decision).chain.resolver.precedence
        number = precedence.index.number
        names = [name for name, rule in files.form.rules.items() if rule.decision == decision]
        for a, b in permutations(names, 2):
            assert precedence.disagree(number[a], number[b]) == ((a, b) in plain)
            if (a, b) in plain:
                event(f"{plain[a, b]}")
                assert precedence.defeats(number[a], number[b]) == plain[a, b]


@settings(max_examples=2 * settings().max_examples)
@given(rule_sets())
def test_resolutions(files: Files) -> None:
    """Whichever rules apply, the reference's are those that prevail, yield and conflict, and the details."""
    for decision in files.form.decisions:
        resolver = files.rules.decider(decision).chain.resolver
        rules, number = [r for r in files.form.rules.values() if r.decision == decision], resolver.index.number
        name = {n: rule for rule, n in number.items()}
        for some in chain.from_iterable(combinations(rules, size) for size in range(len(rules) + 1)):
            mine = resolver.resolve(decision, tuple(sorted(number[rule.id] for rule in some)))
            plain = files.reference.resolve(decision, list(some))
            assert (mine.ends, tuple(name[n] for n in mine.prevailing)) == (plain.ends, plain.prevailing)
            assert {name[n] for n in mine.conflict} == plain.conflict
            assert (mine.details or {}) == plain.details
            told = {(name[one.rule], name[one.to], one.principle) for one in mine.yielding}
            assert told <= plain.yielded
            assert len(told) == len({rule for rule, _, _ in plain.yielded})
            for rule, to, _ in told:
                winners = {winner for loser, winner, _ in plain.yielded if loser == rule}
                assert to in (winners & set(plain.prevailing) or winners)


@given(often_asked_rule_sets())
def test_reasons(generated: tuple[Files, list[Asked]]) -> None:
    """The rules that prevail, yield and conflict in some completion, or in all, are the reference's."""
    files, often = generated
    for asked in often:
        report = files.rules.decide(asked.facts, decision=asked.decision, **asked.days).model_dump()
        plain = files.reference.decide(asked.facts, asked.decision, **asked.days)
        resolved = [one for settled in plain.settled for one in settled.resolved]
        if plain.status == "decided":
            prevailing = {rule for one in resolved for rule in one.prevailing}
            assert {one["rule"] for one in report["because"]} - {None} == prevailing
            assert any(one["default"] for one in report["because"]) == any(not one.prevailing for one in resolved)
            always = prevailing.intersection(*(one.prevailing for one in resolved))
            assert {one["rule"] for one in report["because"] if one.get("certain")} == always
        if not plain.via:
            yielded = {one for each in resolved for one in each.yielded}
            told = {(one["rule"], one["to"], one["principle"]) for one in report["yielded"]}
            assert told <= yielded
            losers = [{rule for rule, _, _ in each.yielded} for each in resolved]
            assert {one["rule"]: one["certain"] for one in report["yielded"]} == {
                rule: all(rule in each for each in losers) for each in losers for rule in each
            }
            assert {one["rule"] for one in report["conflict"]} == {rule for one in resolved for rule in one.conflict}


@given(often_asked_rule_sets(complete=True))
def test_reasons_of_a_complete_case(generated: tuple[Files, list[Asked]]) -> None:
    """The deciding rule is the reference's first; the rules that prevail are told in its order, with its details."""
    files, often = generated
    for asked in often:
        decision = files.rules.decide(asked.facts, decision=asked.decision, **asked.days)
        plain = files.reference.decide(asked.facts, asked.decision, **asked.days)
        if plain.status == "decided" and len(plain.settled[0].resolved) == 1:  # no earlier decision is open
            (only,) = plain.settled[0].resolved
            report = decision.model_dump()
            assert decision.rule == next(iter(only.prevailing), None)
            assert [one["rule"] for one in report["because"] if one["rule"]] == list(only.prevailing)
            assert report["details"] == only.details
