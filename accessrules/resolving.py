"""From the rules that apply to the answer: who prevails, who yields, what is in conflict."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from accessrules.index import Index
from accessrules.precedence import Precedence, Principle

__all__ = [
    "CONFLICT",
    "NO_RULE",
    "End",
    "Resolution",
    "Resolver",
    "Status",
    "Yielding",
    "in_common",
    "possible_statuses",
    "shared_details",
    "status_of",
]

Status: TypeAlias = Literal["decided", "undetermined", "conflict", "no_rule"]
End: TypeAlias = str
"""How a complete case ends: an outcome's id, or `!conflict` or `!no_rule` (no outcome is called so)."""

CONFLICT: End = "!conflict"
NO_RULE: End = "!no_rule"

_NO_DETAILS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Yielding:
    """A rule that applies but is defeated: by whom, and on what principle. Rules by number."""

    rule: int
    to: int
    principle: Principle


@dataclass(frozen=True, slots=True, eq=False)
class Resolution:
    """What some applicable rules of one decision come to.

    `prevailing` has the deciding rule first; it is empty for a default and for no rule. `ends` are the ways in
    which the case can end: one, or several where the deciding rule's sources leave it open.
    """

    status: Status
    outcome: str | None
    ends: frozenset[End]
    prevailing: tuple[int, ...] = ()
    yielding: tuple[Yielding, ...] = ()
    conflict: tuple[int, ...] = ()
    details: Mapping[str, object] | None = None
    is_default: bool = False


def status_of(ends: frozenset[End]) -> Status:
    """The status of a case that ends in one of these ways."""
    if len(ends) > 1:
        return "undetermined"
    end = next(iter(ends))
    return "conflict" if end == CONFLICT else "no_rule" if end == NO_RULE else "decided"


def possible_statuses(ways: Iterable[frozenset[End]]) -> tuple[Status, ...]:
    """The statuses of some ways in which a case can end, sorted; with the failures that open sources leave possible.

    >>> possible_statuses([frozenset(["yes"]), frozenset(["yes", NO_RULE])])
    ('decided', 'no_rule', 'undetermined')
    """
    found: set[Status] = set()
    for ends in ways:
        found.add(status_of(ends))
        found.update(status_of(frozenset([end])) for end in ends & {CONFLICT, NO_RULE})
    return tuple(sorted(found))


def shared_details(status: Status, resolutions: Sequence[Resolution]) -> dict[str, Any]:
    """The details of an answer: what those of all its completions have in common; nothing where it is not decided."""
    return in_common([one.details or {} for one in resolutions]) if status == "decided" else {}


def in_common(details: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The keys that have one value in all of these details, in order.

    >>> in_common([{"days": 30, "fee": 5}, {"days": 30}])
    {'days': 30}
    """
    if not details:
        return {}
    first, *rest = details
    same = (k for k, v in first.items() if all(k in d and json.dumps(d[k]) == json.dumps(v) for d in rest))
    return {key: first[key] for key in sorted(same)}


class Resolver:
    """Resolves sets of applicable rules, remembering each answer: it depends on the rule set alone."""

    MOST_REMEMBERED = 50_000

    def __init__(self, index: Index) -> None:
        self.index = index
        self.precedence = Precedence(index)
        self._remembered: dict[tuple[int, ...], Resolution] = {}
        self._without_rule = {name: self._no_rule(name) for name in index.form.decisions}

    def resolve(self, decision: str, applicable: tuple[int, ...]) -> Resolution:
        """The answer where exactly these rules of the decision apply; `applicable` is in ascending order."""
        if not applicable:
            return self._without_rule[decision]
        found = self._remembered.get(applicable)
        if found is None:
            found = self._resolve(applicable)
            if len(self._remembered) >= self.MOST_REMEMBERED:
                self._remembered.clear()  # only a cache; a plain bound keeps memory flat
            self._remembered[applicable] = found
        return found

    def _no_rule(self, decision: str) -> Resolution:
        default = self.index.form.decisions[decision].default
        if default is None:
            return Resolution("no_rule", None, frozenset([NO_RULE]))
        return Resolution("decided", default.outcome, frozenset([default.outcome]), is_default=True)

    def _resolve(self, applicable: tuple[int, ...]) -> Resolution:
        precedence, rules = self.precedence, self.index.rules
        defeaters = {
            b: [a for a in applicable if a != b and precedence.disagree(a, b) and precedence.defeats(a, b)]
            for b in applicable
        }
        prevailing = [n for n in applicable if not defeaters[n]]
        if len(prevailing) > 1:  # most rules meet no other, and their standing need not be known
            prevailing.sort(key=precedence.order.__getitem__)
        yielding = tuple(self._yielding(b, defeaters[b], prevailing) for b in applicable if defeaters[b])
        if not prevailing:
            # A circle of mixed principles: every applicable rule is part of why nothing prevails.
            return Resolution("conflict", None, frozenset([CONFLICT]), (), yielding, applicable)
        at_odds = tuple(sorted(a for a in prevailing if any(precedence.disagree(a, b) for b in prevailing)))
        if at_odds:
            return Resolution("conflict", None, frozenset([CONFLICT]), tuple(prevailing), yielding, at_odds)
        outcomes = rules[prevailing[0]].outcomes
        details: dict[str, object] = {}
        for n in prevailing:
            details.update(rules[n].details)
        status: Status = "decided" if len(outcomes) == 1 else "undetermined"
        return Resolution(
            status,
            rules[prevailing[0]].outcome,
            outcomes,
            tuple(prevailing),
            yielding,
            details=MappingProxyType(dict(sorted(details.items()))) if details else _NO_DETAILS,
        )

    def _yielding(self, rule: int, defeaters: list[int], prevailing: list[int]) -> Yielding:
        order = self.precedence.order
        first = min(defeaters, key=lambda a: (a not in prevailing, order[a]))
        principle = self.precedence.defeats(first, rule)
        assert principle is not None
        return Yielding(rule, first, principle)
