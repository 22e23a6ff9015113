"""Regions: unions of boxes over cells, with exact set algebra.

A box maps facts to masks of cells (see `axes`); a fact that it does not name may have any value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

__all__ = ["Box", "is_inside", "subtract"]

Box: TypeAlias = Mapping[str, int]


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
    for box in inner:
        left = [box]
        for cover in covers:
            left = [piece for one in left for piece in subtract(one, cover, everything)]
            if not left:
                break
        if left:
            return False
    return True
