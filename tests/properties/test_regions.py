"""The algebra of boxes is exact: what it says of regions holds in every cell."""

from __future__ import annotations

from itertools import product

from hypothesis import event, given
from hypothesis import strategies as st

from accessrules.regions import Box, is_inside, subtract

EVERYTHING = {"a": 0b111, "b": 0b1111, "c": 0b11}
FACTS = tuple(EVERYTHING)
SPOTS = [dict(zip(FACTS, spot, strict=True)) for spot in product(*(range(m.bit_length()) for m in EVERYTHING.values()))]

boxes: st.SearchStrategy[Box] = st.fixed_dictionaries(
    {}, optional={fact: st.integers(1, everything) for fact, everything in EVERYTHING.items()}
)
unions = st.lists(boxes, max_size=4)


def within(spot: dict[str, int], box: Box) -> bool:
    """Whether a cell of the whole space lies in a box."""
    return all(mask >> spot[fact] & 1 for fact, mask in box.items())


@given(boxes, boxes)
def test_subtract(box: Box, other: Box) -> None:
    """What is left of a box without another has exactly the cells in the one and not the other, each once."""
    left = subtract(box, other, EVERYTHING)
    event(f"{len(left)} pieces")
    for spot in SPOTS:
        assert sum(within(spot, piece) for piece in left) == (within(spot, box) and not within(spot, other))
    assert all(mask for piece in left for mask in piece.values())


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
