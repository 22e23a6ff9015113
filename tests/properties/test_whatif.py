"""What if: regions over one or two varied facts."""

from __future__ import annotations

from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from accessrules.unarytests import read_test
from accessrules.values import json_value
from accessrules.valuesets import ValueSet
from accessrules.vocabulary import AS_OF, KNOWN_ON, Fact, FactValue
from tests.properties.strategies import Asked, Files, asked_rule_sets, often_asked_rule_sets
from tests.reference.worlds import World, allows, every, values

DAYS = {AS_OF.name: AS_OF, KNOWN_ON.name: KNOWN_ON}


@st.composite
def varied(draw: st.DrawFn, fact: Fact, these: list[FactValue]) -> tuple[Any, list[FactValue]]:
    """What to vary a fact over, and those of its values that lie in it."""
    if not fact.is_ordered:
        some = draw(st.lists(st.sampled_from(these), min_size=1, unique=True))
        return draw(st.sampled_from((None, "*"))) if len(some) == len(these) else list(some), some
    low, high = sorted(draw(st.tuples(st.sampled_from(these), st.sampled_from(these))))
    first, last = draw(st.booleans()), draw(st.booleans())
    shown = [str(json_value(end)) if there else "" for end, there in ((low, first), (high, last))]
    inside = [v for v in these if (not first or v >= low) and (not last or v <= high)]  # type: ignore[operator]
    return "..".join(shown), inside


def allowed(words: str, fact: Fact) -> ValueSet:
    """What the words of a region allow; `any` is the whole domain."""
    return fact.domain if words == "any" else read_test(words, fact)


@settings(max_examples=2 * settings().max_examples)
@given(often_asked_rule_sets(), st.data())
def test_regions_tile(generated: tuple[Files, list[Asked]], data: st.DataObject) -> None:
    """Every value that is varied lies in exactly one region, which says what is decided there; no region is empty."""
    files, often = generated
    facts = {**{fact.name: fact for fact in files.form.vocabulary if not fact.derived}, **DAYS}
    for asked in often:
        names = data.draw(st.lists(st.sampled_from(sorted(facts)), min_size=1, max_size=2, unique=True))
        spans = {name: data.draw(varied(facts[name], values(files.form, name))) for name in names}
        vary = {name: spec for name, (spec, _) in spans.items()}
        found = files.rules.what_if(asked.facts, decision=asked.decision, **asked.days, vary=vary)
        event(f"{min(len(found), 5)} regions of {len(vary)} facts")
        regions = [{name: allowed(words, facts[name]) for name, words in one["region"].items()} for one in found]
        seen: set[int] = set()
        for point in every(names, [inside for _, inside in spans.values()]):
            (here,) = (n for n, region in enumerate(regions) if all(allows(region[f], v) for f, v in point.items()))
            seen.add(here)
            assert end_at(files, asked, point) == (found[here]["status"], found[here]["outcome"], found[here]["rule"])
        assert seen == set(range(len(found)))


@given(asked_rule_sets(), st.data())
def test_regions_stay_inside(generated: tuple[Files, Asked], data: st.DataObject) -> None:
    """No value outside what is varied lies in a region."""
    files, asked = generated
    fact = files.form.vocabulary[data.draw(st.sampled_from([f.name for f in files.form.vocabulary if not f.derived]))]
    these = values(files.form, fact.name)
    spec, inside = data.draw(varied(fact, these))
    found = files.rules.what_if(asked.facts, decision=asked.decision, **asked.days, vary={fact.name: spec})
    for value in these:
        if value not in inside:
            assert not any(allows(allowed(one["region"][fact.name], fact), value) for one in found)


def end_at(files: Files, asked: Asked, point: World) -> tuple[str, str | None, str | None]:
    """What is decided at a point."""
    given: dict[str, Any] = {**asked.days, **{name: value for name, value in point.items() if name in DAYS}}
    facts = {**asked.facts, **{name: value for name, value in point.items() if name not in DAYS}}
    decision = files.rules.decide(facts, decision=asked.decision, **given)
    return decision.status, decision.outcome, decision.rule
