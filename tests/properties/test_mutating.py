"""A mutant that is reported differs, and its case shows it; a case that is suggested passes and covers its rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import event, given
from hypothesis import strategies as st

from accessrules import RuleSet
from accessrules.casebook import BookCase, mismatches, run_casebook
from accessrules.spaces import Space
from accessrules.strength.bookcases import ready_case
from accessrules.strength.judging import Judge
from accessrules.strength.mutants import mutants
from accessrules.strength.running import sampled
from accessrules.strength.suggested import suggested
from accessrules.witnesses import witness
from tests.properties.strategies import Asked, Files, often_asked_rule_sets, rule_sets
from tests.properties.test_comparing import joint_space, side, spots, unpresumed

MOST_SPOTS = 1_000
"""More cells than this are not tried."""

MOST_MUTANTS = 12
"""So many mutants of each generated rule set are tried: a brute force for each is what takes time."""


def books(rules: RuleSet, asked: Sequence[Asked]) -> list[BookCase]:
    """A casebook that says what the rules say of some cases, with all their details."""
    cases = []
    for n, one in enumerate(asked):
        day = one.as_of.isoformat() if one.as_of else None
        known = one.known_on.isoformat() if one.known_on else None
        decided = rules.decide(one.facts, decision=one.decision, as_of=day, known_on=known)
        keys = decided.model_dump()["details"]
        given_ = {"facts": one.facts, "as_of": day, "known_on": known}
        cases.append(ready_case(rules, f"case{n}", one.decision, given_, keys))
    return cases


def fails(case: BookCase, rules: RuleSet) -> bool:
    return any(mismatches(case, rules.decide(case.case, decision=case.decision)))


def differs(before: RuleSet, after: RuleSet, decision: str) -> bool | None:
    """Whether some complete case has another answer, or other details of a decided one; None: too many to try."""
    space = joint_space(before, after, decision)
    size = 1
    for axis in space.axes.values():
        size *= axis.size
    if size > MOST_SPOTS:
        return None
    return any(_told(before, decision, spot, space) != _told(after, decision, spot, space) for spot in spots(space))


def _told(rules: RuleSet, decision: str, spot: Mapping[str, int], space: Space) -> object:
    """What a case can expect of a spot."""
    case = witness(space, {fact: 1 << cell for fact, cell in spot.items()}, None)
    found = rules.decide({**unpresumed(rules), **case["facts"]}, decision=decision, as_of=case["as_of"])
    return found.status, found.outcome, found.answer.details


@given(often_asked_rule_sets(), st.integers(0, 3))
def test_the_verdict_is_true(drawn: tuple[Files, list[Asked]], seed: int) -> None:
    """A ready case passes on the rule set and fails on the mutant; a noticed one fails a case; one that is alike is."""
    files, asked = drawn
    rules = files.rules
    cases = books(rules, asked)
    by_id = {case.id: case for case in cases}
    judge = Judge(rules, cases)
    for mutant in sampled(mutants(rules), MOST_MUTANTS, seed):
        judged = judge.judge(mutant)
        event(f"{mutant.kind} {judged.verdict}")
        mutated = RuleSet(mutant.form(rules.form))
        if judged.verdict == "noticed":
            assert judged.by is not None
            assert fails(by_id[judged.by], mutated)
        elif judged.verdict == "unnoticed":
            assert judged.ready is not None
            assert not fails(judged.ready, rules)
            assert fails(judged.ready, mutated)
            assert not any(fails(case, mutated) for case in cases)
        else:
            assert judged.verdict == "alike"
            decision = mutant.rule.decision if mutant.rule else str(rules.form.main)
            assert not differs(rules, mutated, decision)


@given(rule_sets())
def test_a_mutant_is_one_change_that_could_be_loaded(files: Files) -> None:
    """Each changes one rule or one instrument, which says something else then; none has the id of another."""
    rules = files.rules
    found = mutants(rules)
    assert len({one.id for one in found}) == len(found)
    for one in found:
        form = one.form(rules.form)
        assert (one.rule is None) != (one.instrument is None)
        rules_changed = [name for name in form.rules if form.rules[name] is not rules.form.rules[name]]
        texts = [name for name in form.instruments if form.instruments[name] is not rules.form.instruments[name]]
        assert [*rules_changed, *texts] == [one.about]
        assert not one.rule or one.rule.clauses
        assert RuleSet(form).fingerprint != rules.fingerprint


@given(rule_sets(), st.integers(0, 9), st.integers(1, 20))
def test_the_same_seed_gives_the_same_sample(files: Files, seed: int, size: int) -> None:
    """A sample is a part of all mutants, in their order, and drawn again it is the same."""
    found = mutants(files.rules)
    some = sampled(found, size, seed)
    assert [one.id for one in some] == [one.id for one in sampled(mutants(replace(files).rules), size, seed)]
    assert len(some) == min(size, len(found))
    assert [one for one in found if one in some] == list(some)


@given(often_asked_rule_sets())
def test_suggested_cases_pass_and_cover(drawn: tuple[Files, list[Asked]]) -> None:
    """Together with the suggestions a casebook passes, and covers each rule and clause that has one."""
    files, asked = drawn
    rules = files.rules
    cases = books(rules, asked)
    found = suggested(rules, cases)
    more = [case for one in found for case in one.cases]
    result = run_casebook(rules, [*cases, *more])
    assert result.failed == ()
    assert len({case.id for case in (*cases, *more)}) == len(cases) + len(more)
    for one in found:
        event("covered" if one.cases else "never prevails")
        if one.cases:
            alone = run_casebook(rules, one.cases[:1]).coverage
            assert one.rule not in alone.uncovered_rules
            assert (one.rule, one.clause) not in alone.uncovered_clauses
        else:
            assert one.found
            assert not prevails(rules, one.rule)


def prevails(rules: RuleSet, rule: str) -> bool:
    """Whether a rule that has one clause only prevails in some complete case; False where there is more to try."""
    own = rules.form.rules[rule]
    if len(own.clauses) > 1:
        return False
    space = joint_space(rules, rules, own.decision)
    size = 1
    for axis in space.axes.values():
        size *= axis.size
    if size > MOST_SPOTS:
        return False
    for spot in spots(space):
        said = side(rules, own.decision, witness(space, {fact: 1 << cell for fact, cell in spot.items()}, None))
        if said.status == "decided" and rule in said.rules:
            return True
    return False
