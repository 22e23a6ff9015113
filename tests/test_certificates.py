"""Certificates: their least and most number is that of some choice of what is needed, tried one by one."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from accessrules.certificates import Approval, Needed, certificates, narrower

CATEGORIES = [(("category", name),) for name in ("fridge", "cement", "toy")]
APPROVALS = st.builds(
    Approval,
    st.sampled_from(("ccc", "licence")),
    st.sampled_from((None, "category", "enterprise")),
    st.sampled_from([(), *CATEGORIES]),
)
NEEDED = st.builds(Needed, st.just(""), st.frozensets(APPROVALS, min_size=1, max_size=3), st.booleans())


def number(chosen: tuple[Approval | None, ...], merged: bool) -> int:
    """How many certificates these approvals need, by looking at each in turn."""
    own = 0
    shared: set[tuple[object, ...]] = set()
    for one in chosen:
        if one is None:
            continue
        if one.scope == "enterprise" and merged:
            shared.add((one.outcome, "enterprise"))
        elif one.scope and one.category:
            shared.add((one.outcome, one.scope, *one.category))
        else:
            own += 1
    return own + len(shared)


@given(st.lists(NEEDED, max_size=5), st.booleans())
def test_the_range_is_exactly_what_the_choices_give(needed: list[Needed], merged: bool) -> None:
    """Of all ways to choose what each product needs, the least and the most number of certificates are told."""
    needed = [Needed(str(n), one.approvals, one.nothing) for n, one in enumerate(needed)]
    options = [[*one.approvals, *([None] if one.nothing else [])] for one in needed]
    found = certificates(needed, merged=merged)
    numbers = [number(chosen, merged) for chosen in product(*options)]
    event("a range" if found.least < found.most else "one number")
    assert (found.least, found.most) == (min(numbers), max(numbers))
    assert len(found.certificates) <= found.least


def test_what_nobody_can_name_may_be_nothing_or_one_more() -> None:
    """Contradicting rules may come to no approval or to any."""
    licence = Approval("licence", "enterprise", CATEGORIES[0])
    found = certificates([Needed("A", frozenset([licence])), Needed("B", frozenset(), anything=True)], merged=True)
    assert (found.least, found.most, len(found.certificates)) == (1, 2, 1)


@pytest.mark.parametrize("merged", [False, True])
def test_thousands_of_products_of_unknown_category_are_counted(merged: bool) -> None:
    """Many products that may share many certificates: a chain of a thousand exchanges is no trouble."""
    one = frozenset(Approval("licence", "category", (("category", str(n)),)) for n in range(1500))
    found = certificates([Needed(str(n), one) for n in range(2000)], merged=merged)
    assert (found.least, found.most) == (1, 1500)


def test_a_search_that_would_take_too_long_gives_a_bound() -> None:
    """What cannot be proven in time is left out of the least number; it is never too large."""
    pairs = [(a, b) for a in range(60) for b in range(a) if (a * b) % 7 == 3]
    needed = [
        Needed(str(pair), frozenset(Approval("licence", "category", (("category", str(n)),)) for n in pair))
        for pair in pairs
    ]
    cover = {a for a, b in pairs}
    assert 2 <= certificates(needed, merged=True).least <= len(cover)


def test_of_two_scopes_the_narrower_holds() -> None:
    """A decision that says nothing leaves it to the other."""
    assert narrower("category", "enterprise") == narrower("category", None) == "category"
    assert narrower(None, None) is None
