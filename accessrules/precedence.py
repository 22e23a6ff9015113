"""Who defeats whom, and why: the precedence of the Legislation Law, settled pair by pair.

Of two rules that disagree, the first of these that decides, decides: a declared exception; the source of higher
rank; special over general and new over old, for equal rank and the same organs, unless the two point in opposite
directions. Where nothing decides, neither defeats the other.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias, TypeVar

from accessrules.axes import bits_of
from accessrules.index import Index, published_on
from accessrules.regions import is_inside
from accessrules.rules import RANKS, Organ, Rule, SourceForm
from accessrules.units import in_base_units

__all__ = ["Precedence", "Principle", "Standing"]

Principle: TypeAlias = Literal["exception", "rank", "special", "new"]
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a rule's sources lend it: the highest rank, the organs of that rank, the last publication."""

    rank: int
    organs: frozenset[str]
    published: dt.date


def standing(rule: Rule, form: SourceForm) -> Standing:
    """The standing of a rule; an organ counts as the one that took its place."""
    binding = [form.instruments[s.instrument] for s in rule.sources if not s.context]
    rank = max(RANKS.index(i.rank) for i in binding)
    organs = {_successor(o, form.organs) for i in binding if RANKS.index(i.rank) == rank for o in i.issuers}
    return Standing(rank, frozenset(organs), published_on(rule.sources, form.instruments))


def _successor(organ: str, organs: Mapping[str, Organ]) -> str:
    while organ in organs and (successor := organs[organ].succeeded_by):
        organ = successor
    return organ


def _comparable(value: object) -> object:
    """A detail so that equal ones compare equal: quantities by their amount, everything else by its JSON."""
    quantity = in_base_units(value) if isinstance(value, str) else None
    return quantity or json.dumps(value, sort_keys=True)


class _Lazily(dict[int, _Value]):
    """What belongs to a rule, by its number, found when it is first wanted and then remembered.

    A rule set has thousands of rules of which few ever meet; a proposal makes a new rule set for each question.
    """

    def __init__(self, find: Callable[[int], _Value]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, rule: int) -> _Value:
        found = self[rule] = self._find(rule)
        return found


class Precedence:
    """The defeats among the rules of an index.

    Everything is found when it is first wanted and then remembered: it depends on the rule set alone, never on a case.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.standings = _Lazily(lambda n: standing(index.rules[n], index.form))
        self.order = _Lazily(self._order)
        """Sorting by it puts the deciding rule first: highest rank, then newest, then first by id."""
        self._general = _Lazily(self._exceptions)
        # Many rules share a region (a rule and those that replaced it): each two regions are compared once.
        first: dict[str, int] = {}
        self._region_of = _Lazily(lambda n: first.setdefault(repr(index.region(n)), n))
        self._inside: dict[tuple[int, int], int] = {}
        self._settled: dict[tuple[int, int], Principle | None] = {}
        self.details = _Lazily(lambda n: {key: _comparable(value) for key, value in index.rules[n].details.items()})
        """What a rule details, so that equal things compare equal."""

    def _order(self, rule: int) -> tuple[int, int, int]:
        mine = self.standings[rule]
        return -mine.rank, -mine.published.toordinal(), rule

    def _exceptions(self, rule: int) -> int:
        """The bit set of all rules that a rule is an exception to, directly or through others."""
        found, waiting = 0, [rule]
        while waiting:
            for below in self._direct(waiting.pop()):
                if not found >> below & 1:
                    found |= 1 << below
                    waiting.append(below)
        return found

    def _direct(self, rule: int) -> Iterator[int]:
        own, number = self.index.rules[rule], self.index.number
        for name in own.exception_to:
            yield from [number[name]] if name in number else self._groups.get((own.decision, name), ())

    @cached_property
    def _groups(self) -> dict[tuple[str, str], list[int]]:
        """The rules of each group, by decision and group."""
        groups: dict[tuple[str, str], list[int]] = {}
        for n, rule in enumerate(self.index.rules):
            if rule.group is not None:
                groups.setdefault((rule.decision, rule.group), []).append(n)
        return groups

    def general(self, rule: str) -> frozenset[str]:
        """The ids of the rules that a rule is an exception to, directly or through others."""
        below = self._general[self.index.number[rule]]
        return frozenset(self.index.rules[n].id for n in bits_of(below))

    def disagree(self, a: int, b: int) -> bool:
        """Whether two rules give different outcomes, or one key of their details different values."""
        if self.index.rules[a].outcomes != self.index.rules[b].outcomes:
            return True
        mine, other = self.details[a], self.details[b]
        return any(mine[key] != other[key] for key in mine.keys() & other.keys())

    def defeats(self, a: int, b: int) -> Principle | None:
        """Why rule a defeats rule b where both apply and disagree; None where it does not."""
        pair = (a, b)
        if pair not in self._settled:
            self._settled[pair], self._settled[b, a] = self._settle(a, b)
        return self._settled[pair]

    def _settle(self, a: int, b: int) -> tuple[Principle | None, Principle | None]:
        if self._general[a] >> b & 1:
            return "exception", None
        if self._general[b] >> a & 1:
            return None, "exception"
        rules = self.index.rules
        if self.index.form.decisions[rules[a].decision].precedence == "explicit":
            return None, None
        mine, other = self.standings[a], self.standings[b]
        if mine.rank != other.rank:
            return ("rank", None) if mine.rank > other.rank else (None, "rank")
        if mine.organs != other.organs:
            return None, None
        special = self._special(a, b)
        new = (mine.published > other.published) - (mine.published < other.published)
        direction = special + new
        # Opposite directions add up to nothing: then only the body above may decide.
        if direction == 0:
            return None, None
        principle: Principle = "special" if special else "new"
        return (principle, None) if direction > 0 else (None, principle)

    def _special(self, a: int, b: int) -> int:
        """1 where rule a's region lies strictly inside b's, -1 the other way round, else 0."""
        pair = self._region_of[a], self._region_of[b]
        if pair not in self._inside:
            mine, other = self.index.region(a), self.index.region(b)
            everything = self.index.everything
            self._inside[pair] = is_inside(mine, other, everything) - is_inside(other, mine, everything)
        return self._inside[pair]
