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

_Key: TypeAlias = tuple[Hashable, ...]
"""What the approvals on one certificate have in common; first, for what it is issued."""

_CATEGORY, _ENTERPRISE = SCOPES
_PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval of one product: the outcome, what one certificate is for (None: the product), its category.

    `category` has each fact of that type with its value. It is empty where one is not known exactly: the approval then
    shares no certificate by category.
    """

    outcome: str
    scope: str | None
    category: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """What a product may need. It is settled where that is one thing.

    `approvals` are those that it may need, `nothing` says that it may need none, `anything` that it may need one
    that nobody can name, because rules contradict each other or no rule applies.
    """

    product: str
    approvals: frozenset[Approval]
    nothing: bool = False
    anything: bool = False

    @property
    def approval(self) -> Approval | None:
        """The one approval that it certainly needs."""
        is_sure = len(self.approvals) == 1 and not self.nothing and not self.anything
        return next(iter(self.approvals)) if is_sure else None


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate: for what it is issued (`product`, `category`, `enterprise`), and the products on it."""

    outcome: str
    per: str
    category: tuple[tuple[str, str], ...]
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
    sure: dict[_Key, list[str]] = {}
    approvals: dict[_Key, Approval] = {}
    for one in needed:
        if one.approval is not None:
            key = _key(one.approval, one.product, merged)
            approvals.setdefault(key, one.approval)
            sure.setdefault(key, []).append(one.product)
    found = tuple(_certificate(str(key[0]), approvals[key], products) for key, products in sure.items())
    least, most = _further((one for one in needed if one.approval is None), sure.keys(), merged)
    return Certificates(found, len(found) + least, len(found) + most)


def _further(open_ones: Iterable[Needed], sure: Iterable[_Key], merged: bool) -> tuple[int, int]:
    """How many certificates products that are not settled add to the sure ones, at least and at most.

    The most is exact. The least is a true bound: to find the closest one would take long where products that may
    need one of several things could agree on few of them.
    """
    known = set(sure)
    alone = alone_at_least = 0
    apart: set[tuple[tuple[str, str], ...]] = set()
    joining: set[tuple[tuple[str, str], ...]] = set()
    sharing: Counter[frozenset[_Key]] = Counter()
    for one in open_ones:
        keys = frozenset(_key(approval, one.product, merged) for approval in one.approvals)
        own = {key for key in keys if key[0] == _PRODUCT}
        if own or one.anything:
            alone += 1
        elif keys - known:
            sharing[keys - known] += 1
        if one.nothing or one.anything:
            continue
        if keys == own:
            alone_at_least += 1
        elif not keys & known:
            (joining if any(key[0] == _ENTERPRISE for key in keys) else apart).update(a.category for a in one.approvals)
    choices = [keys for keys, count in sharing.items() for _ in range(min(count, len(keys)))]
    # Categories share nothing; those that may all join the enterprise's certificate count as one more.
    return alone_at_least + len(apart) + (not joining <= apart), alone + _most_distinct(choices)


def _most_distinct(choices: Sequence[frozenset[_Key]]) -> int:
    """How many different keys there can be at most where each takes one of its own: a matching, by Kuhn's method.

    >>> _most_distinct([frozenset([("a",)]), frozenset([("a",)]), frozenset([("a",), ("b",)])])
    2
    """
    taken: dict[_Key, int] = {}

    def take(n: int, tried: set[_Key]) -> bool:
        for key in choices[n] - tried:
            tried.add(key)
            if key not in taken or take(taken[key], tried):
                taken[key] = n
                return True
        return False

    return sum(take(n, set()) for n in range(len(choices)))


def _key(approval: Approval, product: str, merged: bool) -> _Key:
    """What two approvals have in common when they share a certificate.

    INVARIANT: what shares one before merging shares one after it, so that merging never gives more.
    """
    if merged and approval.scope == _ENTERPRISE:
        return _ENTERPRISE, approval.outcome
    if approval.scope is None or not approval.category:
        return _PRODUCT, product
    return _CATEGORY, approval.scope, approval.outcome, approval.category


def _certificate(per: str, approval: Approval, products: list[str]) -> Certificate:
    return Certificate(approval.outcome, per, approval.category if per == _CATEGORY else (), tuple(products))
