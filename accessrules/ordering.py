"""Orders of things that rest on each other, and the circles that make an order impossible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

_Name = TypeVar("_Name", str, int)

__all__ = ["circles", "earliest_first"]


def circles(edges: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Circles that between them leave none once each is broken; each begins with its first name.

    >>> circles({"a": ["b"], "b": ["c"], "c": ["b"], "d": ["d"]})
    [['b', 'c'], ['d']]
    """
    left = {name: set(edges[name]) for name in sorted(edges)}
    found: list[list[str]] = []
    while True:
        try:
            TopologicalSorter({name: sorted(following) for name, following in left.items()}).prepare()
        except CycleError as wrong:
            # The error names each node before the one that depends on it, and the first once more at the end.
            circle = list(reversed(wrong.args[1]))[:-1]
            first = circle.index(min(circle))
            circle = circle[first:] + circle[:first]
            found.append(circle)
            left[circle[0]].discard(circle[1 % len(circle)])
        else:
            return sorted(found)


def earliest_first(edges: Mapping[_Name, Iterable[_Name]]) -> tuple[_Name, ...]:
    """The names so that each comes after those that it rests on. INVARIANT: there is no circle.

    >>> earliest_first({"b": [], "a": ["b"]})
    ('b', 'a')
    """
    return tuple(TopologicalSorter({name: sorted(edges[name]) for name in sorted(edges)}).static_order())
