"""Proposals: a rule set as it would be, made without loading it again."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

from accessrules import RuleFileError, RuleSet
from accessrules.fingerprint import fingerprint
from accessrules.index import Index
from tests.properties.drafts import by_hand, proposals, touched
from tests.properties.strategies import Asked, Data, Files, cases, rule_sets

EMPTY = {"proposal": "empty", "title": "Nothing"}


@st.composite
def proposed_rule_sets(draw: st.DrawFn) -> tuple[Files, Data, Asked]:
    """A rule set, a proposal for it, and a case."""
    files = draw(rule_sets())
    return files, draw(proposals(files)), draw(cases(files))


def answer(rules: RuleSet, asked: Asked) -> dict[str, Any]:
    """A decision with all that it says of the rules, but for the version of the rule set."""
    decision = rules.decide(asked.facts, decision=asked.decision, **asked.days).model_dump()
    del decision["ruleset"]["version"]
    return decision


def applied(rules: RuleSet, *made: Data) -> RuleSet | None:
    """The rule set with proposals applied; None where one of them is refused."""
    try:
        for proposal in made:
            rules = rules.propose(proposal)
    except RuleFileError:
        return None
    return rules


def parts(index: Index) -> dict[str, Any]:
    """Everything that an index is built with, axes as their cells; what it finds when first asked is left aside."""
    built = (vars(Index(index.form)).keys() | {"clause_boxes"}) - {"form", "axes", "facts", "_boxes", "_words"}
    cells = {fact: (axis.cuts, axis.named, axis.size) for fact, axis in index.axes.items()}
    return {**{key: getattr(index, key) for key in built}, "cells": cells}


@given(proposed_rule_sets())
def test_the_base_is_left_as_it_is(generated: tuple[Files, Data, Asked]) -> None:
    """A proposal changes neither the fingerprint nor an answer nor the index of the rule set that it is made to."""
    files, proposal, asked = generated
    before, own = answer(files.rules, asked), fingerprint(files.form)
    applied(files.rules, proposal)
    assert fingerprint(files.rules.form) == own
    assert parts(files.rules.index) == parts(Index(files.form))
    assert answer(RuleSet(files.form), asked) == answer(files.rules, asked) == before


@given(rule_sets(), st.data())
def test_an_empty_proposal_changes_nothing(files: Files, data: st.DataObject) -> None:
    """Where a proposal proposes nothing, fingerprint and answers are those of the rule set."""
    same, asked = files.rules.propose(EMPTY), data.draw(cases(files))
    assert same.fingerprint == files.rules.fingerprint
    assert answer(same, asked) == answer(files.rules, asked)


@given(proposed_rule_sets())
def test_a_proposal_is_the_edited_files(generated: tuple[Files, Data, Asked]) -> None:
    """Applying a proposal equals loading the files with the changes written in: both are refused, or both are one."""
    files, proposal, asked = generated
    rules, written = applied(files.rules, proposal), by_hand(files, proposal)
    try:
        form = written.form
    except RuleFileError:
        event("refused")
        assert rules is None
        return
    assert rules is not None
    for key in ("insert", "amend", "repeal"):
        event(f"{key}: {len(proposal.get(key, ()))}")
    assert rules.fingerprint == fingerprint(form)
    assert answer(rules, asked) == answer(written.rules, asked)


@given(proposed_rule_sets())
def test_an_edited_index_is_the_index_built_anew(generated: tuple[Files, Data, Asked]) -> None:
    """What is shared and shifted is part by part what compiling the whole rule set gives."""
    files, proposal, _ = generated
    rules = applied(files.rules, proposal)
    assume(rules is not None)
    assert rules is not None
    plain = Index(rules.form)
    assert parts(rules.index) == parts(plain)
    assert rules.index.numbers_of == plain.numbers_of


@given(rule_sets(), st.data())
def test_stacking_is_free_of_order(files: Files, data: st.DataObject) -> None:
    """Two proposals that touch different rules give one rule set, whichever comes first."""
    first, second = data.draw(proposals(files, "first")), data.draw(proposals(files, "second"))
    assume(not touched(files, first) & touched(files, second))
    one, other = applied(files.rules, first, second), applied(files.rules, second, first)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.version == other.version
        assert one.fingerprint == other.fingerprint
        assert parts(one.index) == parts(other.index)
