"""Sets of allowed values: what a test says, apart from the words that say it.

A test on a fact allows a set of the fact's values. For named values (category, choice, boolean) it is a plain
set of them. For ordered values (integer, number, date) it is a union of intervals between *cuts*: the cut
`(v, 0)` lies just before v, `(v, 1)` just after it, so that `at least 500` begins at (500, 0) and `above 500`
at (500, 1). Integers and dates (as ordinals, see `date.toordinal`) only need cuts of side 0.

INVARIANT: the intervals of an `Ordered` are non-empty, sorted, and do not touch; so equal sets compare equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

__all__ = ["HIGH", "LOW", "Cut", "Key", "Named", "Ordered", "ValueSet"]

Key: TypeAlias = int | Decimal
Cut: TypeAlias = tuple[Key, int]

LOW: Cut = (Decimal("-Infinity"), 0)
HIGH: Cut = (Decimal("Infinity"), 0)


@dataclass(frozen=True, slots=True)
class Named:
    """A set of named values."""

    members: frozenset[str | bool]

    def __and__(self, other: Named) -> Named:
        return Named(self.members & other.members)

    def __or__(self, other: Named) -> Named:
        return Named(self.members | other.members)

    def __sub__(self, other: Named) -> Named:
        return Named(self.members - other.members)

    def __bool__(self) -> bool:
        return bool(self.members)

    def __contains__(self, value: object) -> bool:
        return value in self.members


@dataclass(frozen=True, slots=True)
class Ordered:
    """A union of intervals `(from cut, to cut)` of ordered values."""

    intervals: tuple[tuple[Cut, Cut], ...]

    @classmethod
    def of(cls, intervals: Iterable[tuple[Cut, Cut]]) -> Ordered:
        """The union of any intervals: empty ones dropped, touching ones joined.

        >>> Ordered.of([((5, 0), (7, 0)), ((1, 0), (5, 0)), ((9, 0), (9, 0))]).intervals
        (((1, 0), (7, 0)),)
        """
        joined: list[tuple[Cut, Cut]] = []
        for low, high in sorted(i for i in intervals if i[0] < i[1]):
            if joined and low <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], high))
            else:
                joined.append((low, high))
        return cls(tuple(joined))

    def __and__(self, other: Ordered) -> Ordered:
        return Ordered.of((max(a, c), min(b, d)) for a, b in self.intervals for c, d in other.intervals)

    def __or__(self, other: Ordered) -> Ordered:
        return Ordered.of((*self.intervals, *other.intervals))

    def __sub__(self, other: Ordered) -> Ordered:
        edges = [LOW, *(cut for interval in other.intervals for cut in interval), HIGH]
        return self & Ordered.of(zip(edges[::2], edges[1::2], strict=True))

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __contains__(self, key: Key) -> bool:
        return any(low <= (key, 0) < high for low, high in self.intervals)


ValueSet: TypeAlias = Named | Ordered
