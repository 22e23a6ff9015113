"""Values as whole numbers, and clauses as patterns of them: nothing else ever reaches durable-rules.

Each number keeps the order of its fact's values: named ones stand by their place among all of them (what is under one
category side by side), ordered ones in the finest step that the rules use, with an odd number for what lies between
two steps. So text, booleans, fractions, exponents and nulls, which durable-rules compares or reads wrongly, stay out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from accessrules.values import Unreadable
from accessrules.valuesets import HIGH, LOW, Key, Named, ValueSet
from accessrules.vocabulary import Fact, FactValue, key_of

__all__ = ["LARGEST", "Coding", "Pattern", "Run"]

LARGEST = 2**62
"""durable-rules holds integers in 64 bits, and silently takes larger ones for the largest."""

Run: TypeAlias = tuple[int, int]
"""Whole numbers from the first (included) to the second (excluded); `LARGEST` and its negative are no ends."""


@dataclass(frozen=True, slots=True)
class Coding:
    """The whole numbers of one fact's values: `places` of named ones, `steps` that make one of ordered ones."""

    fact: Fact
    places: Mapping[str | bool, int]
    steps: int

    @classmethod
    def of(cls, fact: Fact, sets: Iterable[ValueSet]) -> Coding:
        """For a fact, and all the sets of its values that rules name."""
        if not fact.is_ordered:
            together = sorted(fact.leaves, key=lambda value: _path(fact, value))
            return cls(fact, {value: place for place, value in enumerate(together)}, 1)
        keys = [key for s in sets if not isinstance(s, Named) for cuts in s.intervals for key, _ in cuts]
        fractions = [Fraction(key) for key in keys if key not in (LOW[0], HIGH[0])]
        return cls(fact, {}, max((_power_of_ten(one.denominator) for one in fractions), default=1))

    def number(self, value: FactValue) -> int:
        """A value's number; raises Unreadable where it is too large."""
        return self._ordered(key_of(value)) if self.fact.is_ordered else self.places[value]  # type: ignore[index]

    def _ordered(self, key: Key) -> int:
        exact = Fraction(key) * self.steps
        number = 2 * (exact.numerator // exact.denominator) + (exact.denominator != 1)
        if abs(number) >= LARGEST:
            raise Unreadable(
                f"a value of `{self.fact.name}` is too large for durable-rules",
                f"its size must lie below {LARGEST // (2 * self.steps)}",
            )
        return number

    def runs(self, allowed: ValueSet) -> list[Run]:
        """The numbers of a set's values."""
        if isinstance(allowed, Named):
            places = {self.places[value] for value in allowed.members}
            starts = sorted(place for place in places if place - 1 not in places)
            ends = sorted(place + 1 for place in places if place + 1 not in places)
            return list(zip(starts, ends, strict=True))
        return [
            (
                -LARGEST if low == LOW else self._ordered(low[0]) + low[1],
                LARGEST if high == HIGH else self._ordered(high[0]) + high[1],
            )
            for low, high in allowed.intervals
        ]


def _path(fact: Fact, value: str | bool) -> tuple[str, ...]:
    """A value and what it is under, the outermost first."""
    path = [str(value)]
    while (found := fact.values.get(path[0])) and found.under:
        path.insert(0, found.under)
    return tuple(path)


def _power_of_ten(denominator: int) -> int:
    """The smallest power of ten that a finite decimal's denominator divides."""
    power = 1
    while power % denominator:
        power *= 10
    return power


@dataclass(frozen=True, slots=True)
class Pattern:
    """A conjunction of runs, by field, and the rule whose clause (or part of one) it is."""

    rule: str
    runs: Mapping[str, Run]

    def expression(self) -> dict[str, Any]:
        """As durable-rules reads it; the test of `kind` holds for cases alone, and is one that is always there."""
        tests: list[dict[str, Any]] = [{"kind": 1}]
        for name, (low, high) in self.runs.items():
            if high == low + 1:
                tests.append({name: low})
            else:
                tests += [{"$gte": {name: low}}] * (low > -LARGEST) + [{"$lt": {name: high}}] * (high < LARGEST)
        return {"all": [{"m": {"$and": tests}}]}

    def run(self, name: str) -> Run:
        """Where a field's number may lie."""
        return self.runs.get(name, (-LARGEST, LARGEST))

    def open_fields(self, numbers: Mapping[str, int]) -> list[str]:
        """The fields without which it is open whether the pattern fits; none where it cannot fit anyhow."""
        known = self.runs.keys() & numbers.keys()
        fits = all(self.runs[name][0] <= numbers[name] < self.runs[name][1] for name in known)
        return [name for name in self.runs if name not in numbers] if fits else []
