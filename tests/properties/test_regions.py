"""The algebra of regions is exact: it is that of sets of cells."""

from __future__ import annotations

from itertools import product

from hypothesis import event, given
from hypothesis import strategies as st

from accessrules.regions import Box, Region, is_inside, meet, merged, subtract

EVERYTHING = {"a": 0b111, "b": 0b1111, "c": 0b11}
FACTS = tuple(EVERYTHING)
SPOTS = [dict(zip(FACTS, spot, strict=True)) for spot in product(*(range(m.bit_length()) for m in EVERYTHING.values()))]

boxes: st.SearchStrategy[Box] = st.fixed_dictionaries(
    {}, optional={fact: st.integers(1, everything) for fact, everything in EVERYTHING.items()}
)
unions = st.lists(boxes, max_size=4)
regions = unions.map(lambda some: Region(some, EVERYTHING))
ALL, NONE = Region.all(EVERYTHING), Region([], EVERYTHING)


def within(spot: dict[str, int], box: Box) -> bool:
    """Whether a cell of the whole space lies in a box."""
    return all(mask >> spot[fact] & 1 for fact, mask in box.items())


def cells(region: Region) -> set[int]:
    """The numbers of the spots of a region."""
    return {n for n, spot in enumerate(SPOTS) if spot in region}


@given(boxes, boxes)
def test_subtract(box: Box, other: Box) -> None:
    """What is left of a box without another has exactly the cells in the one and not the other, each once."""
    left = subtract(box, other, EVERYTHING)
    event(f"{len(left)} pieces")
    for spot in SPOTS:
        assert sum(within(spot, piece) for piece in left) == (within(spot, box) and not within(spot, other))
    assert all(mask for piece in left for mask in piece.values())


@given(boxes, boxes)
def test_meet(box: Box, other: Box) -> None:
    """Where two boxes meet are exactly the cells of both."""
    met = meet(box, other)
    assert [spot for spot in SPOTS if within(spot, box) and within(spot, other)] == (
        [spot for spot in SPOTS if within(spot, met)] if met is not None else []
    )


@given(unions, unions)
def test_is_inside(inner: list[Box], outer: list[Box]) -> None:
    """A union lies inside another exactly when each of its cells does."""
    found = is_inside(inner, outer, EVERYTHING)
    event(f"inside {found}")
    assert found == all(
        any(within(spot, box) for box in outer) for spot in SPOTS if any(within(spot, box) for box in inner)
    )


@given(boxes, st.data())
def test_a_box_inside_its_parts(box: Box, data: st.DataObject) -> None:
    """A box lies inside the union of its two halves, whichever fact halves it, and in neither if both have cells."""
    fact = data.draw(st.sampled_from(FACTS))
    mine = box.get(fact, EVERYTHING[fact])
    half = data.draw(st.integers(1, mine)) & mine
    halves = [{**box, fact: part} for part in (half, mine & ~half) if part]
    assert is_inside([box], halves, EVERYTHING)
    if len(halves) == 2:
        assert not is_inside([box], halves[:1], EVERYTHING)
        assert not is_inside([box], halves[1:], EVERYTHING)


@given(unions)
def test_a_region_is_disjoint_boxes(some: list[Box]) -> None:
    """The boxes of a union have exactly its cells, each in one box, and no two differ in one fact only."""
    region = Region(some, EVERYTHING)
    for spot in SPOTS:
        assert sum(within(spot, box) for box in region.boxes) == any(within(spot, box) for box in some)
    assert merged(region.boxes, EVERYTHING) == list(region.boxes)


@given(regions, regions)
def test_operations_are_those_of_sets(a: Region, b: Region) -> None:
    """Union, intersection, difference and complement have the cells that sets give."""
    assert cells(a | b) == cells(a) | cells(b)
    assert cells(a & b) == cells(a) & cells(b)
    assert cells(a - b) == cells(a) - cells(b)
    assert cells(~a) == set(range(len(SPOTS))) - cells(a)
    assert (a <= b) == (cells(a) <= cells(b))
    assert (a == b) == (cells(a) == cells(b))
    assert bool(a) == bool(cells(a))


@given(regions, regions, regions)
def test_laws_of_a_set_algebra(a: Region, b: Region, c: Region) -> None:
    """Commutativity, associativity, distribution, absorption, De Morgan, identity, complement."""
    assert a | b == b | a
    assert a & b == b & a
    assert (a | b) | c == a | (b | c)
    assert (a & b) & c == a & (b & c)
    assert a & (b | c) == (a & b) | (a & c)
    assert a | (b & c) == (a | b) & (a | c)
    assert a | (a & b) == a == a & (a | b)
    assert ~(a | b) == ~a & ~b
    assert ~(a & b) == ~a | ~b
    assert a | NONE == a == a & ALL
    assert a | ~a == ALL
    assert not a & ~a
    assert ~~a == a
    assert a - b == a & ~b


@given(regions)
def test_a_witness_is_inside(a: Region) -> None:
    """A region that is not empty has a witness, which lies in it."""
    spot = a.witness()
    assert (spot is None) == (not a)
    assert spot is None or spot in a
