"""Conditions: the `when` of a rule as a tree, and its expansion into clauses (boxes).

A condition says which values of which facts are meant. `Test` is one fact's test; `AllOf`, `AnyOf` and `Not`
nest. A *clause* maps facts to sets of allowed values, all of which must hold; a fact that it does not name may
have any value. `clauses_of` turns a tree into an equal union of clauses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from accessrules.valuesets import ValueSet
from accessrules.vocabulary import Vocabulary

__all__ = [
    "MOST_CLAUSES",
    "AllOf",
    "AnyOf",
    "Clause",
    "Condition",
    "Not",
    "Test",
    "TooManyClauses",
    "clauses_of",
    "meet",
]

MOST_CLAUSES = 1000
"""More clauses than this in one rule are refused: such a rule is several rules."""


@dataclass(frozen=True, slots=True)
class Test:
    """The fact's value must be in the allowed set."""

    __test__ = False  # not a test of pytest's, for all its name

    fact: str
    allowed: ValueSet


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must hold; without parts, it always holds."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part must hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: Condition


Condition: TypeAlias = Test | AllOf | AnyOf | Not
Clause: TypeAlias = Mapping[str, ValueSet]


class TooManyClauses(Exception):  # noqa: N818 - it becomes a Problem with its place
    """The condition expands past `MOST_CLAUSES`."""


def clauses_of(condition: Condition, vocabulary: Vocabulary) -> list[Clause]:
    """The condition as a union of clauses; empty where nothing can fulfil it.

    Clauses may overlap; none lies inside another. Raises TooManyClauses past `MOST_CLAUSES`.
    """
    return _expand(condition, vocabulary, wanted=True)


def _expand(condition: Condition, vocabulary: Vocabulary, wanted: bool) -> list[Clause]:
    match condition:
        case Test(fact, allowed):
            if not wanted:
                allowed = vocabulary[fact].domain - allowed  # type: ignore[operator]
            if allowed == vocabulary[fact].domain:
                return [{}]  # it says nothing
            return [{fact: allowed}] if allowed else []
        case Not(part):
            return _expand(part, vocabulary, not wanted)
        case AllOf(parts) | AnyOf(parts):
            expanded = [_expand(part, vocabulary, wanted) for part in parts]
            # By De Morgan, what is not wanted of `all of` is wanted of any of its parts.
            return (
                _product(expanded)
                if isinstance(condition, AllOf) == wanted
                else _without_inner([*chain.from_iterable(expanded)])
            )


def _product(unions: list[list[Clause]]) -> list[Clause]:
    product: list[Clause] = [{}]
    for union in unions:
        product = _without_inner([both for a in product for b in union if (both := meet(a, b)) is not None])
    return product


def meet(a: Clause, b: Clause) -> Clause | None:
    """The clause that holds where both hold; None where they exclude each other."""
    both = dict(a)
    for fact, allowed in b.items():
        shared = both[fact] & allowed if fact in both else allowed  # type: ignore[operator]
        if not shared:
            return None
        both[fact] = shared
    return both


def _without_inner(clauses: list[Clause]) -> list[Clause]:
    """The clauses without those that lie inside another."""
    kept: list[Clause] = []
    for clause in clauses:
        if not any(_inside(clause, other) for other in kept):
            kept = [other for other in kept if not _inside(other, clause)]
            kept.append(clause)
            if len(kept) > MOST_CLAUSES:
                raise TooManyClauses
    return kept


def _inside(inner: Clause, outer: Clause) -> bool:
    return all(
        fact in inner and not inner[fact] - allowed  # type: ignore[operator]
        for fact, allowed in outer.items()
    )
