"""A comparison misses nothing and imagines nothing: brute force over all cells of two small rule sets."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from accessrules import RuleFileError, RuleSet
from accessrules.changes import Change, Side
from accessrules.spaces import Space
from accessrules.unarytests import read_test
from accessrules.vocabulary import KNOWN_ON
from accessrules.witnesses import witness
from tests.properties.strategies import Files, rule_sets

MOST_SPOTS = 10_000
EDITS = ("keep", "keep", "drop", "outcome", "everywhere", "period", "source", "detail")
ANSWERED = ("status", "outcome", "possible", "possible_status")


@st.composite
def edited(draw: st.DrawFn) -> tuple[Files, Files]:
    """A rule set, and the same with some rules dropped, changed, or exchanged for those of another."""
    files = draw(rule_sets())
    data = copy.deepcopy(files.decisions)
    for file in data:
        for rule in list(file["rules"]):
            edit = draw(st.sampled_from(EDITS))
            if edit == "drop" and len(file["rules"]) > 1:
                file["rules"].remove(rule)
            elif edit == "outcome" and "outcome" in rule:
                rule["outcome"] = draw(st.sampled_from(["ccc", "licence", "nothing"]))
            elif edit == "everywhere":
                rule["when"] = {}
            elif edit == "period":
                rule.pop("in_force", None)
                rule.pop("ended", None)
            elif edit == "source":
                rule["source"] = [{"instrument": "text0", "at": "art. 9"}]
            elif edit == "detail":
                rule["details"] = {"days": 7}
    return files, replace(files, decisions=data)


def loaded(files: Files) -> RuleSet | None:
    """The rule set; None where the edit made it wrong."""
    try:
        return files.rules
    except RuleFileError:
        return None


def joint_space(before: RuleSet, after: RuleSet, decision: str) -> Space:
    """Every given fact of both, cut wherever either is."""
    clauses = []
    for rules in (before, after):
        index, names = rules.index, rules.index.chain(decision)
        for n, box in enumerate(index.clause_boxes):
            if index.rules[index.clause_rule[n]].decision in names:
                clauses.append({f: index.axes[f].set_of(m) for f, m in box.items()})
    used = {f for clause in clauses for f in clause if f not in before.form.decisions and f != KNOWN_ON.name}
    given_only = [{f: v for f, v in clause.items() if f in used} for clause in clauses]
    return Space({f: before.index.facts[f] for f in sorted(used)}, given_only)


def spots(space: Space) -> Iterator[dict[str, int]]:
    return (
        dict(zip(space.axes, cells, strict=True)) for cells in product(*(range(a.size) for a in space.axes.values()))
    )


def side(rules: RuleSet, decision: str, case: Mapping[str, Any]) -> Side:
    """What a rule set says of a complete case."""
    decider = rules.decider(decision)
    read = decider.read({**unpresumed(rules), **case["facts"]}, case["as_of"], None)
    live = decider.chain.clauses
    for fact, mask in read.cells.items():
        if not mask & (mask - 1):
            live &= rules.index.accepting[fact][mask.bit_length() - 1]
    return Side.of(decider.chain.settle(live), rules)


def unpresumed(rules: RuleSet) -> dict[str, None]:
    return {fact.name: None for fact in rules.form.vocabulary if not fact.derived}


def box_of(change: Change, space: Space) -> dict[str, int]:
    return {
        fact: space.axes[fact].mask_of(read_test(words, space.facts[fact])) for fact, words in change.region.items()
    }


@settings(max_examples=4 * settings().max_examples)
@given(edited())
def test_every_change_and_no_other(pair: tuple[Files, Files]) -> None:
    """A cell lies in exactly one region where the two sides differ there, as the region says, and else in none."""
    before, after = loaded(pair[0]), loaded(pair[1])
    assume(before is not None and after is not None)
    assert before is not None and after is not None  # noqa: PT018 - for the types
    found = before.diff(after)
    for decision in before.form.decisions:
        space = joint_space(before, after, decision)
        size = 1
        for axis in space.axes.values():
            size *= axis.size
        assume(size <= MOST_SPOTS)
        mine = [(change, box_of(change, space)) for change in found if change.decision == decision]
        event(f"{min(len(mine), 5)} regions")
        for spot in spots(space):
            case = witness(space, {fact: 1 << cell for fact, cell in spot.items()}, None)
            expected = Side.change(side(before, decision, case), side(after, decision, case))
            inside = [c for c, box in mine if all(mask >> spot[fact] & 1 for fact, mask in box.items())]
            assert len(inside) == (1 if expected else 0)
            if expected:
                kind, one, other = expected
                (change,) = inside
                assert (change.kind, change.before.end, change.after.end) == (kind, one.end, other.end)
                assert set(one.rules) <= set(change.before.rules)
                assert set(other.rules) <= set(change.after.rules)
                if kind != "answer":
                    assert (change.before, change.after) == (one, other)


@settings(max_examples=2 * settings().max_examples)
@given(edited())
def test_witnesses_and_symmetry(pair: tuple[Files, Files]) -> None:
    """A witness differs as its region says; the other way round, the same regions have their sides exchanged."""
    before, after = loaded(pair[0]), loaded(pair[1])
    assume(before is not None and after is not None)
    assert before is not None and after is not None  # noqa: PT018 - for the types
    found, back = before.diff(after), after.diff(before)
    assert {(c.kind, c.decision, c.before, c.after, str(sorted(c.region.items()))) for c in found} == {
        (c.kind, c.decision, c.after, c.before, str(sorted(c.region.items()))) for c in back
    }
    for change in found:
        event(change.kind)
        if change.kind != "answer":
            continue
        answers = [
            rules.decide({**unpresumed(rules), **change.witness["facts"]}, decision=change.decision,
                         as_of=change.witness["as_of"]).answer for rules in (before, after)
        ]  # fmt: skip
        assert answers[0].end != answers[1].end


@settings(max_examples=2 * settings().max_examples)
@given(edited())
def test_decide_shows_at_a_witness_what_the_change_says(pair: tuple[Files, Files]) -> None:
    """Pasted into `decide`, a witness gives on both sides the answer and, but for merged answers, the details shown."""
    before, after = loaded(pair[0]), loaded(pair[1])
    assume(before is not None and after is not None)
    assert before is not None and after is not None  # noqa: PT018 - for the types
    for change in before.diff(after):
        facts = {**unpresumed(before), **change.witness["facts"]}
        event(f"{change.kind}: {change.before.status}")
        shown = []
        for rules, one in ((before, change.before), (after, change.after)):
            told = rules.decide(facts, decision=change.decision, as_of=change.witness["as_of"]).model_dump()
            said = one.model_dump()
            assert [told[key] for key in ANSWERED] == [said[key] for key in ANSWERED]
            if change.kind == "answer":
                assert said["details"].items() <= told["details"].items()
            else:
                assert said["details"] == told["details"]
            shown.append(told)
        answers = [[one[key] for key in ANSWERED] for one in shown]
        assert (answers[0] != answers[1]) == (change.kind == "answer")
        if change.kind != "answer":
            assert (shown[0]["details"] != shown[1]["details"]) == (change.kind == "details")


@given(rule_sets())
def test_nothing_differs_from_itself(files: Files) -> None:
    """A rule set does not differ from itself, nor from the same files read again."""
    assert not files.rules.diff(files.rules)
    again = replace(files)
    assert not files.rules.diff(again.rules)
    assert files.rules.diff(again.rules).bump == "none"
