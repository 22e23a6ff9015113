"""Who defeats whom, and why: the precedence of the Legislation Law, settled pair by pair.

Of two rules that disagree, the first of these that decides, decides: a declared exception; the source of higher
rank; special over general and new over old, for equal rank and the same organs, unless the two point in opposite
directions. Where nothing decides, neither defeats the other.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from accessrules.axes import bits_of
from accessrules.index import Index, published_on
from accessrules.ordering import earliest_first
from accessrules.regions import is_inside
from accessrules.rules import RANKS, Organ, Rule, SourceForm
from accessrules.units import in_base_units

__all__ = ["Precedence", "Principle", "Standing"]

Principle: TypeAlias = Literal["exception", "rank", "special", "new"]


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


class Precedence:
    """The defeats among the rules of an index.

    A pair is settled when it is first met and then remembered: it depends on the rule set alone, never on a case.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.standings = [standing(rule, index.form) for rule in index.rules]
        self.order = [(-s.rank, -s.published.toordinal(), n) for n, s in enumerate(self.standings)]
        """Sorting by it puts the deciding rule first: highest rank, then newest, then first by id."""
        self._general = self._exceptions()
        # Many rules share a region (a rule and those that replaced it): each two regions are compared once.
        first: dict[str, int] = {}
        self._region_of = [first.setdefault(repr(index.region(n)), n) for n in range(len(index.rules))]
        self._inside: dict[tuple[int, int], int] = {}
        self._settled: dict[tuple[int, int], Principle | None] = {}
        self._details = [{key: _comparable(value) for key, value in rule.details.items()} for rule in index.rules]

    def _exceptions(self) -> list[int]:
        """For each rule, the bit set of all rules that it is an exception to, directly or through others."""
        form, number = self.index.form, self.index.number
        direct = {
            n: sorted({number[m] for name in rule.exception_to for m in form.members(name, rule.decision)})
            for n, rule in enumerate(self.index.rules)
        }
        closed = [0] * len(direct)
        for n in earliest_first(direct):
            for below in direct[n]:
                closed[n] |= closed[below] | 1 << below
        return closed

    def general(self, rule: str) -> frozenset[str]:
        """The ids of the rules that a rule is an exception to, directly or through others."""
        below = self._general[self.index.number[rule]]
        return frozenset(self.index.rules[n].id for n in bits_of(below))

    def disagree(self, a: int, b: int) -> bool:
        """Whether two rules give different outcomes, or one key of their details different values."""
        if self.index.rules[a].outcomes != self.index.rules[b].outcomes:
            return True
        mine, other = self._details[a], self._details[b]
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
