"""A small map of each region: for each ordered fact a bar, all bars of a fact on one scale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TypeAlias

from accessrules.changes import Change
from accessrules.commands.regionwords import by_rank
from accessrules.commands.telling import Teller
from accessrules.explaining.document import Bar, Bars, End, Range
from accessrules.unarytests import bounds, read_test
from accessrules.valuesets import Key, Ordered
from accessrules.vocabulary import Fact

__all__ = ["Scales"]

Spot: TypeAlias = tuple[Key, bool]
"""An end of a range, and whether it is in."""

_ROOM = 0.2
"""What a scale shows beyond its outermost ends, as a part of what lies between them."""

_YEARS = 4 * 365
"""Where a scale of days has one end only, this much lies around it; of a number, as much as the number."""


class Scales:
    """The scale of each ordered fact, from the ends of all regions that are shown."""

    def __init__(self, changes: Iterable[Change], teller_of: Callable[[Change], Teller]) -> None:
        self.teller_of = teller_of
        self.ends: dict[str, tuple[float, float]] = {}
        found: dict[str, list[float]] = {}
        facts: dict[str, Fact] = {}
        for one in changes:
            for name in one.region:
                fact = teller_of(one).rules.index.facts[name]
                if fact.is_ordered:
                    facts[name] = fact
                    spots = (spot for pair in _ranges(one, fact) for spot in pair if spot)
                    found.setdefault(name, []).extend(float(key) for key, _ in spots)
        for name, keys in found.items():
            self.ends[name] = _scale(keys, facts[name])

    def bars(self, one: Change) -> Bars:
        """The bars of a region, one for each ordered fact that it tests."""
        teller = self.teller_of(one)
        facts = (teller.rules.index.facts[name] for name in by_rank(one.region, teller))
        return Bars(tuple(self._bar(one, fact, teller) for fact in facts if fact.is_ordered))

    def _bar(self, one: Change, fact: Fact, teller: Teller) -> Bar:
        ranges = tuple(self._range(low, high, fact, teller) for low, high in _ranges(one, fact))
        label, test = teller.labels.fact(fact.name), teller.labels.test(fact.name, one.region[fact.name])
        return Bar(label, teller.text("test", fact=label, test=test), ranges)

    def _range(self, low: Spot | None, high: Spot | None, fact: Fact, teller: Teller) -> Range:
        first, last = self.ends[fact.name]

        def at(spot: Spot | None, otherwise: float) -> float:
            return otherwise if spot is None else (float(spot[0]) - first) / (last - first)

        return Range(at(low, 0), at(high, 1), _end(low, fact, teller), _end(high, fact, teller))


def _ranges(one: Change, fact: Fact) -> list[tuple[Spot | None, Spot | None]]:
    """The ends of a region's ranges of a fact: of days and whole numbers the first and the last that are in."""
    allowed = read_test(one.region[fact.name], fact)
    assert isinstance(allowed, Ordered)
    step = 0 if fact.type == "number" else 1
    return [
        (low and (low[0], not low[1]), high and (high[0] - step, bool(high[1]) or step == 1))
        for low, high in bounds(allowed, fact)
    ]


def _scale(keys: list[float], fact: Fact) -> tuple[float, float]:
    low, high = min(keys), max(keys)
    room = _ROOM * (high - low) or (_YEARS if fact.type == "date" else max(abs(low), 1))
    return low - room if fact.minimum is None else max(low - room, float(fact.minimum)), high + room


def _end(spot: Spot | None, fact: Fact, teller: Teller) -> End | None:
    if spot is None:
        return None
    value = dt.date.fromordinal(int(spot[0])).isoformat() if fact.type == "date" else spot[0]
    return End(teller.labels.value(fact.name, value), spot[1])
