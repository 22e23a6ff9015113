"""The checker misses nothing and imagines nothing: brute force over all cells of small rule sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import assume, event, given, settings

from accessrules.atlas import Atlas
from accessrules.deciding import Answer
from accessrules.findings import Finding, Findings
from accessrules.unarytests import read_test
from accessrules.vocabulary import AS_OF, key_of
from tests.properties.strategies import Files, rule_sets
from tests.properties.test_atlas import few_spots, spots

Spot = dict[str, int]


def box_of(finding: Finding, files: Files) -> dict[str, int]:
    """The cells of a finding's region, read back from its words."""
    index = files.rules.index
    return {
        fact: index.axes[fact].mask_of(read_test(words, index.facts[fact])) for fact, words in finding.region.items()
    }


def within(spot: Spot, box: Mapping[str, int]) -> bool:
    return all(mask >> spot[fact] & 1 for fact, mask in box.items())


def answers(files: Files, decision: str) -> Iterator[tuple[Spot, Answer]]:
    """The answer at each spot of a decision."""
    decider = files.rules.decider(decision)
    atlas = Atlas(decider.chain.resolver, decision)
    assume(few_spots(atlas))
    last = 1 << files.rules.index.axes["known_on"].size - 1
    for spot in spots(atlas):
        yield spot, decider.answer({**{fact: 1 << cell for fact, cell in spot.items()}, "known_on": last})


def of(found: Findings, code: str, decision: str) -> list[Finding]:
    return [one for one in found if one.code == code and one.decision == decision]


@settings(max_examples=4 * settings().max_examples)
@given(rule_sets())
def test_conflicts_and_gaps(files: Files) -> None:
    """A spot is in conflict, or without rule, exactly where a finding says so; findings of a kind do not overlap."""
    found = files.rules.check()
    for decision in files.form.decisions:
        for code, status in (("conflict", "conflict"), ("gap", "no_rule")):
            boxes = [box_of(one, files) for one in of(found, code, decision)]
            event(f"{code}: {min(len(boxes), 5)}")
            for spot, answer in answers(files, decision):
                covering = [n for n, box in enumerate(boxes) if within(spot, box)]
                # What an open earlier decision leaves possible counts; the failure of one is its own finding.
                ending_so = any(one.status == status for one in answer.resolutions)
                assert bool(covering) == ending_so or answer.via
                if code == "gap":
                    assert len(covering) < 2


@settings(max_examples=2 * settings().max_examples)
@given(rule_sets())
def test_a_gap_is_witnessed_by_a_case_without_answer(files: Files) -> None:
    """Where any case of its region has no answer for sure, the witness has none, and not only perhaps."""
    found = files.rules.check()
    for decision in files.form.decisions:
        for one in of(found, "gap", decision):
            box = box_of(one, files)
            within_it = [answer for spot, answer in answers(files, decision) if within(spot, box)]
            sure = any(answer.status == "no_rule" and not answer.via for answer in within_it)
            event(f"sure {sure}, open {any(answer.is_open for answer in within_it)}")
            assert one.witness is not None
            unknown = dict.fromkeys(fact.name for fact in files.form.vocabulary if not fact.derived)
            shown = files.rules.decide(
                {**unknown, **one.witness["facts"]}, decision=decision, as_of=one.witness["as_of"]
            )
            assert (shown.status == "no_rule") >= sure


@settings(max_examples=2 * settings().max_examples)
@given(rule_sets())
def test_witnesses_show_what_they_witness(files: Files) -> None:
    """A witness of a conflict or gap has that status, one of an overlap has both rules, the loser yielding.

    To one of a rule that was not yet published, or whose instrument is not in effect, the rule applies on such a day.
    """
    for one in files.rules.check():
        if one.witness is None:
            continue
        event(one.code)
        case: dict[str, Any] = {fact: None for fact in files.form.vocabulary.facts if fact not in files.form.decisions}
        decision = files.rules.decide(
            {**case, **one.witness["facts"]}, decision=one.decision, as_of=one.witness["as_of"]
        )
        if one.code in ("conflict", "gap"):
            status = {"conflict": "conflict", "gap": "no_rule"}[one.code]
            assert any(resolution.status == status for resolution in decision.answer.resolutions)
        if one.code == "conflict":
            at_odds = {files.rules.index.rules[n].id for r in decision.answer.resolutions for n in r.conflict}
            assert set(one.rules) <= at_odds
        if one.code in ("retroactive", "outside_instrument"):
            n = files.rules.index.number[one.rules[0]]
            days = read_test(one.region["as_of"], AS_OF)
            assert key_of(dt.date.fromisoformat(one.witness["as_of"])) in days
            applying = {
                m
                for r in decision.answer.resolutions
                for m in (*r.prevailing, *r.conflict, *(y.rule for y in r.yielding))
            }
            assert n in applying or decision.answer.via
        if one.code == "settled_overlap":
            _, loser = one.rules
            index = files.rules.index
            yielding = {index.rules[y.rule].id for r in decision.answer.resolutions for y in r.yielding}
            assert loser in yielding or decision.answer.via


@settings(max_examples=2 * settings().max_examples)
@given(rule_sets())
def test_rules_without_effect(files: Files) -> None:
    """A rule never prevails exactly where it prevails at no spot; a dead clause holds at none where its rule does."""
    found = files.rules.check()
    for decision in files.form.decisions:
        prevailing = set()
        for _, answer in answers(files, decision):
            prevailing |= {files.rules.index.rules[n].id for r in answer.resolutions for n in r.prevailing}
        own = {rule.id for rule in files.form.rules.values() if rule.decision == decision}
        dead = {one.rules[0] for one in of(found, "never_prevails", decision)}
        event(f"{min(len(dead), 4)} dead")
        # Where an earlier decision fails and that matters, the answer has no resolutions of its own.
        assert not dead & prevailing
        if not any(answer.via for _, answer in answers(files, decision)):
            assert dead == own - prevailing


@given(rule_sets())
def test_every_finding_is_whole(files: Files) -> None:
    """Each finding has both languages, a severity and help; what it names is there; the same rules give the same."""
    found = files.rules.check()
    assert found.model_dump_json() == files.rules.check().model_dump_json()
    for one in found:
        assert one.message.en
        assert one.message.zh
        assert one.help.en
        assert one.help.zh
        assert set(one.rules) <= set(files.form.rules)
