"""Flips: the smallest changes to a case that give another outcome."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from accessrules import RuleSet
from accessrules.axes import Axis
from accessrules.values import json_value, read_value
from accessrules.vocabulary import AS_OF, Fact, FactValue
from tests.properties.strategies import Asked, Files, often_asked_rule_sets
from tests.reference.worlds import values

Changes = dict[str, FactValue]


def known_values(files: Files, asked: Asked) -> Changes:
    """The facts of a case that have one value, presumed ones and the day asked about among them."""
    found: Changes = {AS_OF.name: asked.as_of} if asked.as_of else {}
    for fact in files.form.vocabulary:
        raw = asked.facts.get(fact.name, fact.presume)
        if not fact.derived and raw is not None and (value := read_value(raw, fact)) not in fact.under:
            found[fact.name] = value
    return found


def outcome_after(rules: RuleSet, asked: Asked, changes: Changes) -> str | None:
    """The outcome of the changed case, decided from the start."""
    day: Any = changes.get(AS_OF.name, asked.as_of)
    facts = {**asked.facts, **{name: value for name, value in changes.items() if name != AS_OF.name}}
    return rules.decide(facts, decision=asked.decision, as_of=day, known_on=asked.known_on).outcome


def distance(axis: Axis, old: FactValue, new: FactValue) -> int:
    """How many cells a change moves: for ordered facts the constants of the rules that it passes, else one."""
    return abs(axis.cell_of(old) - axis.cell_of(new)) if axis.fact.is_ordered else int(old != new)


def all_flips(files: Files, asked: Asked, names: list[str], known: Changes, size: int) -> list[tuple[int, Changes]]:
    """Every change of so many facts to other cells, over the values that matter, that flips; with its distance."""
    rules, found = files.rules, []
    now = rules.decide(asked.facts, decision=asked.decision, **asked.days).outcome
    for some in combinations(names, size):
        for chosen in product(*(values(files.form, name) for name in some)):
            steps = [distance(rules.index.axes[n], known[n], v) for n, v in zip(some, chosen, strict=True)]
            changes = dict(zip(some, chosen, strict=True))
            if all(steps) and outcome_after(rules, asked, changes) not in (None, now):
                found.append((sum(steps), changes))
    return found


def movable(fact: Fact) -> bool:
    """Whether a fact may change without being named."""
    return fact.type not in ("category", "date")


@settings(max_examples=2 * settings().max_examples)
@given(st.one_of(often_asked_rule_sets(complete=True), often_asked_rule_sets()), st.booleans())
def test_flips_are_smallest(generated: tuple[Files, list[Asked]], everything: bool) -> None:
    """Each flip decides another outcome; no change of fewer facts, or of fewer cells, does; all ties are there."""
    files, often = generated
    for asked in often:
        smallest(files, asked, everything)


def smallest(files: Files, asked: Asked, everything: bool) -> None:
    """Check the flips of one case."""
    known = known_values(files, asked)
    index = files.rules.index
    over = sorted(known) if everything else None
    names = [name for name in sorted(known) if everything or movable(index.facts[name])]
    now = files.rules.decide(asked.facts, decision=asked.decision, **asked.days)
    flips = files.rules.flips(asked.facts, decision=asked.decision, **asked.days, over=over)
    size = len(flips[0]["changes"]) if flips else 3
    event(f"{min(len(flips), 3)} changes of {size} facts" if flips else "no flip")
    for fewer in range(1, min(size, 3)):
        assert not all_flips(files, asked, names, known, fewer)
    moves: list[tuple[int, list[tuple[str, int]]]] = []
    for flip in flips:
        changes = {name: read_value(to["to"], index.facts[name]) for name, to in flip["changes"].items()}
        assert all(to["from"] == json_value(known[name]) for name, to in flip["changes"].items())
        assert len(changes) == size
        assert flip["outcome"] == flip["decision"].outcome == outcome_after(files.rules, asked, changes)
        assert flip["outcome"] not in (None, now.outcome)
        steps = sum(distance(index.axes[name], known[name], value) for name, value in changes.items())
        moves.append((steps, [(name, index.axes[name].cell_of(value)) for name, value in sorted(changes.items())]))
    if flips:
        found = all_flips(files, asked, names, known, size)
        least = min(steps for steps, _ in found)
        assert {steps for steps, _ in moves} == {least}
        best = {
            str([(name, index.axes[name].cell_of(value)) for name, value in sorted(changes.items())])
            for steps, changes in found
            if steps == least
        }
        assert sorted(best) == sorted(str(cells) for _, cells in moves)
