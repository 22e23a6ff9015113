"""Certificates: how many an enterprise holds for the approvals of its products, one by one and merged.

Whether approvals share a certificate is said by the details of the rules (`one_certificate_per`): those of one
category, or all of the enterprise. What says nothing is on a certificate of its own. The certificate of an
enterprise merges those that it would otherwise hold for each category; so before merging those count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from accessrules.rules import SCOPES

__all__ = ["Approval", "Certificate", "Certificates", "Needed", "certificates", "narrower"]

Category: TypeAlias = tuple[tuple[str, str], ...]
"""Each fact of the type category, with its value."""

_Key: TypeAlias = tuple[Hashable, ...]
"""What the approvals on one certificate have in common; first, for what it is issued."""

_CATEGORY, _ENTERPRISE = SCOPES
_PRODUCT = "product"
_MOST_STEPS = 200_000


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval of one product: the outcome, what one certificate is for (None: the product), its category."""

    outcome: str
    scope: str | None
    category: Category


@dataclass(frozen=True, slots=True)
class Needed:
    """What a product may need: one of some approvals.

    `nothing` says that it may need none, `anything` that it may need one that nobody can name, because rules
    contradict each other or no rule applies.
    """

    product: str
    approvals: frozenset[Approval]
    nothing: bool = False
    anything: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether that is one thing, or nothing at all."""
        return not self.anything and len(self.approvals) + self.nothing == 1


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate: for what it is issued (`product`, `category`, `enterprise`), and the products on it."""

    outcome: str
    per: str
    category: Category
    products: tuple[str, ...]

    def dump(self) -> dict[str, Any]:
        """As JSON carries it."""
        return {
            "outcome": self.outcome,
            "per": self.per,
            "category": dict(self.category),
            "products": list(self.products),
        }


@dataclass(frozen=True, slots=True)
class Certificates:
    """The certificates that are certain, and between which numbers all of them lie, whatever is still open."""

    certificates: tuple[Certificate, ...]
    least: int
    most: int

    def dump(self) -> dict[str, Any]:
        """As JSON carries it."""
        return {
            "least": self.least,
            "most": self.most,
            "certificates": [one.dump() for one in self.certificates],
        }


def narrower(a: str | None, b: str | None) -> str | None:
    """The narrower of two scopes that both hold; None is silent.

    >>> narrower("enterprise", "category"), narrower(None, "enterprise")
    ('category', 'enterprise')
    """
    return min((one for one in (a, b) if one is not None), key=SCOPES.index, default=None)


def certificates(needed: Sequence[Needed], *, merged: bool) -> Certificates:
    """The certificates for what products need, in the order of the products; `merged` as the details allow.

    >>> fridge, cooker = (Approval("licence", "enterprise", (("category", name),)) for name in ("fridge", "cooker"))
    >>> both = [Needed("A", frozenset([fridge])), Needed("B", frozenset([cooker]))]
    >>> certificates(both, merged=False).least, certificates(both, merged=True).least
    (2, 1)
    """
    keys_of: dict[frozenset[Approval], frozenset[_Key]] = {}
    sure: dict[_Key, tuple[Approval, list[str]]] = {}
    open_ones: list[tuple[Needed, frozenset[_Key]]] = []
    for one in needed:
        keys = keys_of.get(one.approvals)
        if keys is None:
            keys = keys_of[one.approvals] = frozenset(_key(approval, merged) for approval in one.approvals)
        approval = min(one.approvals, key=lambda a: (a.outcome, a.category), default=None)
        is_sure = len(keys) == 1 and not one.nothing and not one.anything
        if approval is None or not is_sure or any(other.outcome != approval.outcome for other in one.approvals):
            open_ones.append((one, keys))
        else:
            (key,) = keys
            sure.setdefault((*key, one.product) if key == (_PRODUCT,) else key, (approval, []))[1].append(one.product)
    found = tuple(_certificate(str(key[0]), *held) for key, held in sure.items())
    least, most = _further(open_ones, sure.keys())
    return Certificates(found, len(found) + least, len(found) + most)


def _key(approval: Approval, merged: bool) -> _Key:
    """What two approvals have in common when they share a certificate; `product` alone shares it with nobody.

    INVARIANT: what shares one before merging shares one after it, so that merging never gives more.
    """
    if merged and approval.scope == _ENTERPRISE:
        return _ENTERPRISE, approval.outcome
    if approval.scope is None or not approval.category:
        return (_PRODUCT,)
    return _CATEGORY, approval.scope, approval.outcome, approval.category


def _certificate(per: str, approval: Approval, products: list[str]) -> Certificate:
    return Certificate(approval.outcome, per, approval.category if per == _CATEGORY else (), tuple(products))


# ---------------------------------------------------------------------------------------------------- what is open


def _further(open_ones: Iterable[tuple[Needed, frozenset[_Key]]], sure: Iterable[_Key]) -> tuple[int, int]:
    """How many certificates products that are not settled add to the sure ones, at least and at most."""
    known = set(sure)
    alone = alone_at_least = 0
    may_add: Counter[frozenset[_Key]] = Counter()
    must_have: set[frozenset[_Key]] = set()
    for one, keys in open_ones:
        shared = keys - {(_PRODUCT,)}
        if len(shared) < len(keys) or one.anything:
            alone += 1
        elif shared - known:
            may_add[shared - known] += 1
        if keys and not one.nothing and not one.anything and not shared & known:
            alone_at_least += not shared
            must_have.add(shared)
    choices = [keys for keys, count in may_add.items() for _ in range(min(count, len(keys)))]
    return alone_at_least + _fewest(must_have - {frozenset()}), alone + _most_distinct(choices)


def _most_distinct(choices: Sequence[frozenset[_Key]]) -> int:
    """How many different keys there can be at most where each takes one of its own: a matching, by Kuhn's method.

    >>> _most_distinct([frozenset([("a",)]), frozenset([("a",)]), frozenset([("a",), ("b",)])])
    2
    """
    taken: dict[_Key, int] = {}
    held: dict[int, _Key] = {}
    dead: set[_Key] = set()  # reached in vain: nothing that comes later can free them
    for n in range(len(choices)):
        reached = _reached(n, choices, taken, dead)
        key: _Key | None = next(reversed(reached), None)
        if key is None or key in taken:
            dead.update(reached)
            continue
        while key is not None:  # along the path each takes the key by which the next was reached
            mover = reached[key]
            taken[key], held[mover], key = mover, key, held.get(mover)
    return len(taken)


def _reached(
    first: int, choices: Sequence[frozenset[_Key]], taken: dict[_Key, int], dead: set[_Key]
) -> dict[_Key, int]:
    """The keys that may change hands, each with who would take it; the last of them is free, if one is."""
    reached: dict[_Key, int] = {}
    waiting = [first]
    for mover in waiting:
        for key in choices[mover] - dead:
            if key in reached:
                continue
            reached[key] = mover
            if key not in taken:
                return reached
            waiting.append(taken[key])
    return reached


def _fewest(choices: Iterable[frozenset[_Key]]) -> int:
    """How few keys can meet all choices: a least hitting set. Those without a common key are counted apart.

    >>> _fewest([frozenset([("a",), ("b",)]), frozenset([("b",), ("c",)]), frozenset([("d",)])])
    2
    """
    above: dict[_Key, _Key] = {}

    def top(key: _Key) -> _Key:
        while (higher := above.setdefault(key, key)) != key:
            above[key] = key = above[higher]
        return key

    smallest_first = sorted(choices, key=len)
    for one in smallest_first:
        first, *others = one
        for other in others:
            above[top(other)] = top(first)
    together: dict[_Key, list[frozenset[_Key]]] = {}
    for one in smallest_first:
        together.setdefault(top(next(iter(one))), []).append(one)
    return sum(_fewest_of(held) for held in together.values())


def _fewest_of(choices: list[frozenset[_Key]]) -> int:
    """The same for choices that hang together. Where the search would take too long, a true bound below it."""
    left = _MOST_STEPS

    def can(rest: list[frozenset[_Key]], count: int) -> bool:
        nonlocal left
        left -= 1 + len(rest)
        if not rest or left < 0:
            return True
        return count > 0 and any(can([c for c in rest if key not in c], count - 1) for key in rest[0])

    count = 1
    while not can(choices, count):
        count += 1
    return count
