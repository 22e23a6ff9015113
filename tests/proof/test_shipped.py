"""For the shipped rules, Z3 proves that no case is in conflict, and where exactly no rule applies."""

from __future__ import annotations

from functools import partial

import pytest

from accessrules import load_rules
from accessrules.atlas import Atlas
from tests.proof.encoding import Encoding, Solved, by_value, false_in, missed_by
from tests.proof.regions import where

RULES = load_rules()
ENCODING = Encoding(Solved(RULES.form))


DECISIONS = RULES.form.decisions


def atlas(decision: str) -> Atlas:
    return Atlas(RULES.decider(decision).chain.resolver, decision)


@pytest.mark.parametrize("decision", DECISIONS)
def test_nothing_is_in_conflict(decision: str) -> None:
    """Of infinitely many cases, none."""
    assert where(atlas(decision), lambda resolution: resolution.status == "conflict") == []
    what = partial(ENCODING.occurs, decision, lambda resolved: resolved.conflict)
    assert missed_by([], what, ENCODING, by_value("category", decision, [], ENCODING)) is None


@pytest.mark.parametrize("decision", [name for name, one in DECISIONS.items() if one.default is None])
def test_gaps(decision: str) -> None:
    """No rule applies in all of the atlas's regions, and nowhere else."""
    regions = where(atlas(decision), lambda resolution: resolution.status == "no_rule")
    parts = by_value("category", decision, regions, ENCODING)
    what = partial(ENCODING.occurs, decision, lambda resolved: resolved.no_rule)
    assert missed_by(regions, what, ENCODING, parts) is None
    assert false_in(regions, what, ENCODING, parts) is None
