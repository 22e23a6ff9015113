"""The formulas say what the reference interpreter says, and the proofs about regions find what is wrong with them."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings

from accessrules.rules import SourceForm
from accessrules.values import read_value
from accessrules.valuesets import HIGH, Named, Ordered
from accessrules.vocabulary import FactValue
from tests.proof.encoding import Encoding, Region, Solved, World, before, by_value, differ, false_in, missed_by
from tests.properties.strategies import Asked, Files, often_asked_rule_sets
from tests.reference.interpreter import Interpreter


@settings(max_examples=2 * settings().max_examples)
@given(often_asked_rule_sets(complete=True))
def test_with_every_fact_fixed_the_formulas_are_the_reference(generated: tuple[Files, list[Asked]]) -> None:
    """A complete case ends in the same ways; where one decision is asked, the same rules prevail or are in conflict."""
    files, often = generated
    for asked in often:
        assert asked.as_of
        world: dict[str, FactValue] = {"as_of": asked.as_of}
        world |= {name: read_value(raw, files.form.vocabulary[name]) for name, raw in asked.facts.items()}
        chain = files.reference.chain(asked.decision)
        settled = files.reference.settle(chain, world, asked.known_on)
        encoding = Encoding(files.reference, asked.known_on)
        ends = encoding.ends(asked.decision, world)
        assert {end for end, where in ends.items() if where is True} == settled.ends
        assert all(isinstance(where, bool) for where in ends.values())
        if len(chain) == 1:
            (plain,) = settled.resolved
            resolved = encoding.resolve(asked.decision, world)
            assert {rule for rule, where in resolved.prevails.items() if where} == set(plain.prevailing)
            assert resolved.conflict is bool(plain.conflict)


def rule_set(volume: str, purpose: Any = "not research", until: dt.date | None = None) -> SourceForm:
    """A decision with one rule, and another that rests on it."""
    instrument = {"title": "Text", "confidence": "unverified", "issuer": "samr", "rank": "rule", "published": DAY}
    source = [{"instrument": "text", "at": "art. 1"}]
    period = {"in_force": {"until": until}} if until else {}
    large = {"id": "large", "when": {"volume": volume, "purpose": purpose}, "outcome": "ccc", "source": source}
    tested = {"id": "tested", "when": {"route": "ccc"}, "outcome": "ccc", "source": source}
    declared = {"question": "Which?", "outcomes": {"ccc": "ccc", "none": "none"}, "default": "none"}
    facts = {
        "volume": {"type": "number", "unit": "L", "min": 0},
        "purpose": {"type": "choice", "values": {name: name for name in ("export", "research", "sale")}},
    }
    return Files(
        {"format": 1, "name": "made", "version": "1", "decisions": {"route": declared, "body": declared}},
        ({"facts": facts},),
        ({"instruments": {"text": instrument}},),
        ({"decision": "route", "rules": [{**large, **period}]}, {"decision": "body", "rules": [tested]}),
    ).form


DAY = dt.date(2018, 8, 1)
SOLD = Named(frozenset(["export", "sale"]))
UP_TO_500 = Ordered.of([((300, 0), (500, 0))])
LARGE = Ordered.of([((500, 0), HIGH)])
WIDER: Region = {"volume": UP_TO_500, "purpose": SOLD, "as_of": before(DAY)}
ENDED: Region = {"volume": LARGE, "purpose": SOLD, "as_of": Ordered.of([((DAY.toordinal(), 0), HIGH)])}


@pytest.mark.parametrize("decision", ["route", "body"])
@pytest.mark.parametrize("kind", [Interpreter, Solved])
def test_a_diff_is_proved_complete_and_true(decision: str, kind: type[Interpreter]) -> None:
    """A lower limit and an end: of the two regions in which the answer changes, neither can be left out or widened."""
    a = Encoding(kind(rule_set("at least 500 L")))
    b = Encoding(kind(rule_set("at least 300 L", until=DAY)))
    changes = partial(differ, a, b, decision)
    narrow: Region = {**WIDER, "purpose": Named(frozenset(["sale"]))}
    wide: Region = {**WIDER, "volume": Ordered.of([((300, 0), (500, 1))])}
    for regions in ([WIDER, ENDED], [WIDER], [ENDED], [narrow, ENDED], [wide, ENDED]):
        whole: list[World] = [{}]
        for parts in (whole, by_value("purpose", decision, regions, a, b)):
            assert (missed_by(regions, changes, a, parts) is None) == (regions[0] in (WIDER, wide) and ENDED in regions)
            assert (false_in(regions, changes, a, parts) is None) == (wide not in regions)
    assert missed_by([], partial(differ, a, a, decision), a) is None
