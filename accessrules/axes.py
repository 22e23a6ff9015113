"""Axes: a fact's domain cut into cells at the constants that the rules mention.

Within a cell no rule can tell two values apart. Named values are a cell each; ordered values are cut into
intervals. A set of cells is a bit mask: bit i stands for cell i.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal

from accessrules.valuesets import Cut, Key, Named, Ordered, ValueSet
from accessrules.vocabulary import Fact, FactValue, key_of

__all__ = ["Axis", "bits_of"]


def bits_of(mask: int) -> Iterable[int]:
    """The positions of the ones, lowest first.

    >>> list(bits_of(0b1010))
    [1, 3]
    """
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _runs(mask: int) -> Iterable[tuple[int, int]]:
    """The runs of ones, as (first, one after the last), lowest first."""
    first = 0
    while mask:
        zeros = (mask & -mask).bit_length() - 1
        mask >>= zeros
        ones = (~mask & mask + 1).bit_length() - 1
        yield first + zeros, first + zeros + ones
        first, mask = first + zeros + ones, mask >> ones


class Axis:
    """One fact's cells, numbered from 0 in the order of its values."""

    __slots__ = ("_number", "cuts", "everything", "fact", "named", "size")

    def __init__(self, fact: Fact, cuts: Iterable[Cut] = ()) -> None:
        """Cut the domain; cuts at or beyond the domain's ends make no cell."""
        self.fact = fact
        self.named: tuple[str | bool, ...] = ()
        self.cuts: tuple[Cut, ...] = ()
        self._number: dict[str | bool, int] = {}
        if fact.is_ordered:
            ((low, high),) = fact.domain.intervals  # type: ignore[union-attr]
            self.cuts = (low, *sorted({cut for cut in cuts if low < cut < high}), high)
            self.size = len(self.cuts) - 1
        else:
            self.named = fact.leaves
            self._number = {name: i for i, name in enumerate(self.named)}
            self.size = len(self.named)
        self.everything = (1 << self.size) - 1

    def cell_of(self, value: FactValue) -> int:
        """The cell of a value that is no inner category."""
        return self.cell_at(key_of(value)) if self.cuts else self._number[value]  # type: ignore[index]

    def cell_at(self, key: Key) -> int:
        """The cell of an ordered value's key."""
        return min(max(bisect_right(self.cuts, (key, 0)) - 1, 0), self.size - 1)

    def mask_of(self, allowed: ValueSet) -> int:
        """The cells of a set. INVARIANT: the axis is cut at each of the set's ends."""
        if isinstance(allowed, Named):
            return sum(1 << self._number[name] for name in allowed.members)
        mask = 0
        for low, high in allowed.intervals:
            first = bisect_right(self.cuts, low) - 1 if low >= self.cuts[0] else 0
            after = bisect_right(self.cuts, high) - 1 if high < self.cuts[-1] else self.size
            mask |= (1 << after) - (1 << first)
        return mask

    def sample(self, cell: int) -> FactValue:
        """A plain value of a cell: a name, the lowest value, or one near an end that the cell does not have."""
        if not self.cuts:
            return self.named[cell]
        (low, low_side), (high, _) = self.cuts[cell], self.cuts[cell + 1]
        if Decimal(low).is_finite():
            inside = low_side == 0
            found = Decimal(low) if inside else Decimal(low) + 1
            if not inside and Decimal(high) <= found:
                found = (Decimal(low) + Decimal(high)) / 2
        else:
            found = Decimal(high) - 1 if Decimal(high).is_finite() else Decimal(0)
        if self.fact.type == "number":
            return found
        return dt.date.fromordinal(int(found)) if self.fact.type == "date" else int(found)

    def set_of(self, mask: int) -> ValueSet:
        """The values of some cells."""
        if self.cuts:
            return Ordered(tuple((self.cuts[first], self.cuts[after]) for first, after in _runs(mask)))
        return Named(frozenset(self.named[i] for i in bits_of(mask)))
