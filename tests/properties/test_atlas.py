"""The atlas: every set of clauses that can hold together, and where, over all cells."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import assume, event, given, settings

from accessrules.atlas import Atlas, Meeting
from accessrules.axes import bits_of
from accessrules.index import Index
from accessrules.resolving import Resolver
from tests.properties.strategies import Files, rule_sets

MOST_SPOTS = 20_000

Spot = dict[str, int]


def spots(atlas: Atlas) -> Iterator[Spot]:
    """Every cell of the space of the given facts."""
    sizes = [bits_of(mask) for mask in atlas.cells]
    return (dict(zip(atlas.facts, cells, strict=True)) for cells in product(*map(list, sizes)))


def few_spots(atlas: Atlas) -> bool:
    count = 1
    for mask in atlas.cells:
        count *= mask.bit_count()
    return count <= MOST_SPOTS


def meeting_at(spot: Spot, decision: str, resolver: Resolver) -> set[Meeting]:
    """What holds at a spot, decision after decision, without any diagram."""
    index: Index = resolver.index
    live = index.accepting["known_on"][-1]
    for fact, cell in spot.items():
        live &= index.accepting[fact][cell]
    ways = [(live, True)]
    names = index.chain(decision)
    for name in names[:-1]:
        further = []
        for left, settled in ways:
            resolution = resolver.resolve(name, index.rules_of(left & index.of_decision[name]))
            failed = resolution.status in ("conflict", "no_rule")
            outcomes = index.axes[name].named if failed else resolution.ends
            for outcome in outcomes:
                cell = index.axes[name].cell_of(outcome)
                further.append((left & index.accepting[name][cell], settled and not failed))
        ways = further
    return {Meeting(left & index.of_decision[decision], settled) for left, settled in ways}


@settings(max_examples=2 * settings().max_examples)
@given(rule_sets())
def test_what_meets_where(files: Files) -> None:
    """Each cell lies in exactly the boxes of what holds there, and nothing else is in the atlas."""
    for decision in files.form.decisions:
        resolver = files.rules.decider(decision).chain.resolver
        atlas = Atlas(resolver, decision)
        assume(few_spots(atlas))
        assert not atlas.unexplored
        found = {meeting: atlas.where(meeting.__eq__) for meeting in atlas.meetings()}
        met = set()
        for spot in spots(atlas):
            here = meeting_at(spot, decision, resolver)
            met |= here
            for meeting, boxes in found.items():
                inside = sum(all(mask >> spot[fact] & 1 for fact, mask in box.items()) for box in boxes)
                assert inside == (meeting in here)
        event(f"{min(len(met), 10)} meetings")
        assert met == atlas.meetings()


@given(rule_sets())
def test_part_by_part(files: Files) -> None:
    """An atlas that is explored part by part is the same where the parts suffice, and else says what is missing."""
    for decision in files.form.decisions:
        resolver = files.rules.decider(decision).chain.resolver
        whole = Atlas(resolver, decision)
        for most_steps in (1, 4, 16, 64):
            parts = Atlas(resolver, decision, most_steps=most_steps)
            assert parts.meetings() <= whole.meetings()
            if not parts.unexplored:
                assert parts.meetings() == whole.meetings()
            event(f"{'all' if not parts.unexplored else 'part'} with {most_steps} steps")
