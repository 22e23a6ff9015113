"""The atlas: every set of clauses that can hold together, and where, over all cells."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import assume, event, given, settings

from accessrules.atlas import Atlas
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


def meeting_at(spot: Spot, decision: str, resolver: Resolver) -> set[int]:
    """What holds at a spot, decision after decision, without any diagram."""
    index: Index = resolver.index
    live = index.accepting["known_on"][-1]
    for fact, cell in spot.items():
        live &= index.accepting[fact][cell]
    ways = [live]
    for name in index.chain(decision)[:-1]:
        further = []
        for left in ways:
            resolution = resolver.resolve(name, index.rules_of(left & index.of_decision[name]))
            failed = resolution.status in ("conflict", "no_rule")
            for outcome in index.axes[name].named if failed else resolution.ends:
                further.append(left & index.accepting[name][index.axes[name].cell_of(outcome)])
        ways = further
    return {left & index.of_decision[decision] for left in ways}


@settings(max_examples=2 * settings().max_examples)
@given(rule_sets())
def test_what_meets_where(files: Files) -> None:
    """Each cell lies in exactly the boxes of what holds there, and nothing else is in the atlas."""
    for decision in files.form.decisions:
        resolver = files.rules.decider(decision).chain.resolver
        atlas = Atlas(resolver, decision)
        assume(few_spots(atlas))
        assert not atlas.unexplored
        all_clauses = {meeting.clauses for meeting in atlas.meetings()}
        found = {clauses: atlas.where(lambda one, c=clauses: one.clauses == c) for clauses in all_clauses}  # type: ignore[misc]
        met = set()
        for spot in spots(atlas):
            here = meeting_at(spot, decision, resolver)
            met |= here
            for clauses, boxes in found.items():
                inside = sum(all(mask >> spot[fact] & 1 for fact, mask in box.items()) for box in boxes)
                assert inside == (clauses in here)
        event(f"{min(len(met), 10)} meetings")
        assert met == all_clauses


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
