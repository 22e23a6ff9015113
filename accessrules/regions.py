"""Regions: unions of boxes over cells, with exact set algebra.

A box maps facts to masks of cells (see `axes`); a fact that it does not name may have any value. `everything` has all
cells of each fact. A `Region` is a union of boxes that do not overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

__all__ = ["Box", "Region", "is_inside", "meet", "merged", "subtract"]

Box: TypeAlias = Mapping[str, int]


def meet(box: Box, other: Box) -> Box | None:
    """The part of a box inside another; None where there is none.

    >>> meet({"v": 0b0111, "w": 1}, {"v": 0b0110})
    {'v': 6, 'w': 1}
    """
    met = dict(box)
    for fact, mask in other.items():
        met[fact] = met[fact] & mask if fact in met else mask
        if not met[fact]:
            return None
    return met


def subtract(box: Box, other: Box, everything: Mapping[str, int]) -> list[Box]:
    """The part of a box outside another, as disjoint boxes; `everything` has all cells of each fact.

    >>> subtract({"v": 0b0111}, {"v": 0b0110}, {"v": 0b1111})
    [{'v': 1}]
    """
    left: list[Box] = []
    shared = dict(box)
    for fact, mask in other.items():
        mine = shared.get(fact, everything[fact])
        if not mine & mask:
            return [box]
        if outside := mine & ~mask:
            left.append({**shared, fact: outside})
            shared[fact] = mine & mask
    return left


def is_inside(inner: Iterable[Box], outer: Iterable[Box], everything: Mapping[str, int]) -> bool:
    """Whether the union of some boxes lies inside the union of others, exactly."""
    covers = list(outer)
    return not any(_without([box], covers, everything) for box in inner)


def _without(boxes: list[Box], covers: Iterable[Box], everything: Mapping[str, int]) -> list[Box]:
    for cover in covers:
        if not boxes:
            break
        boxes = [piece for one in boxes for piece in subtract(one, cover, everything)]
    return boxes


def merged(boxes: Iterable[Box], everything: Mapping[str, int]) -> list[Box]:
    """Disjoint boxes put together where they differ in one fact only, until none do; a fact with all cells is dropped.

    >>> merged([{"v": 1, "w": 1}, {"v": 2, "w": 1}, {"v": 3, "w": 2}], {"v": 0b111, "w": 0b11})
    [{'v': 3}]
    """
    found = [_plain(box, everything) for box in boxes]
    facts = sorted({fact for box in found for fact in box})
    changed = True
    while changed:
        changed = False
        for fact in facts:
            alike: dict[tuple[tuple[str, int], ...], int] = {}
            for box in found:
                rest = tuple((f, mask) for f, mask in box.items() if f != fact)
                alike[rest] = alike.get(rest, 0) | box.get(fact, everything[fact])
            if len(alike) < len(found):
                changed = True
                found = [_plain({**dict(rest), fact: mask}, everything) for rest, mask in alike.items()]
    return sorted(found, key=lambda box: sorted(box.items()))


def _plain(box: Box, everything: Mapping[str, int]) -> dict[str, int]:
    """The box with its facts in order, without those that may have any value."""
    return {fact: box[fact] for fact in sorted(box) if box[fact] != everything[fact]}


class Region:
    """A union of boxes that do not overlap, over the facts of `everything`; it never changes.

    `|`, `&`, `-` and `~` are those of sets, `in` asks for a spot (a cell for each fact), a region is false where it is
    empty, and equal regions compare equal however their boxes lie.

    >>> space = {"v": 0b1111, "w": 0b11}
    >>> low, first = Region([{"v": 0b0011}], space), Region([{"w": 0b01}], space)
    >>> len((low | first).boxes), (low & first).boxes, {"v": 0, "w": 1} in low - first
    (2, ({'v': 3, 'w': 1},), True)
    """

    __slots__ = ("boxes", "everything")

    def __init__(self, boxes: Iterable[Box], everything: Mapping[str, int]) -> None:
        """The union of any boxes."""
        self.everything = everything
        apart: list[Box] = []
        for box in boxes:
            if all(box.values()):
                apart += _without([box], apart, everything)
        self.boxes: tuple[Box, ...] = tuple(merged(apart, everything))

    @classmethod
    def all(cls, everything: Mapping[str, int]) -> Region:
        """The region of every spot."""
        return cls([{}], everything)

    def __and__(self, other: Region) -> Region:
        met = (meet(a, b) for a in self.boxes for b in other.boxes)
        return Region((box for box in met if box is not None), self.everything)

    def __or__(self, other: Region) -> Region:
        return Region((*self.boxes, *other.boxes), self.everything)

    def __sub__(self, other: Region) -> Region:
        return Region(_without(list(self.boxes), other.boxes, self.everything), self.everything)

    def __invert__(self) -> Region:
        return Region.all(self.everything) - self

    def __bool__(self) -> bool:
        return bool(self.boxes)

    def __contains__(self, spot: Mapping[str, int]) -> bool:
        return any(all(mask >> spot[fact] & 1 for fact, mask in box.items()) for box in self.boxes)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Region):
            return NotImplemented
        return self <= other and other <= self

    def __le__(self, other: Region) -> bool:
        return is_inside(self.boxes, other.boxes, self.everything)

    __hash__ = None  # type: ignore[assignment]  # equal regions may have different boxes

    def __iter__(self) -> Iterator[Box]:
        return iter(self.boxes)

    def __repr__(self) -> str:
        return f"Region({list(self.boxes)})"

    def witness(self) -> dict[str, int] | None:
        """A spot of the region: the lowest cell of each fact of its first box, and of those that it does not name."""
        if not self.boxes:
            return None
        box = self.boxes[0]
        return {fact: (mask & -mask).bit_length() - 1 for fact, mask in {**self.everything, **box}.items()}
