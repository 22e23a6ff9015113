"""Sets of allowed values obey the laws of sets, and agree with membership."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from accessrules.valuesets import HIGH, LOW, Cut, Key, Named, Ordered

KEYS: tuple[Key, ...] = (
    -2,
    -1,
    Decimal("-0.5"),
    0,
    Decimal("0.5"),
    1,
    Decimal("1.0"),
    2,
    3,
    Decimal("3.25"),
    4,
)
NAMES: tuple[str | bool, ...] = ("a", "b", "c", True, False)
ALL = Ordered.of([(LOW, HIGH)])

cuts: st.SearchStrategy[Cut] = st.one_of(
    st.tuples(st.sampled_from(KEYS), st.integers(0, 1)), st.sampled_from((LOW, HIGH))
)
intervals = st.lists(st.tuples(cuts, cuts), max_size=4)
ordered = intervals.map(Ordered.of)
named = st.frozensets(st.sampled_from(NAMES)).map(Named)
POINTS: tuple[Key, ...] = (*KEYS, Decimal("-1.5"), Decimal("0.25"), Decimal("3.1"), Decimal(100), -100)


@given(intervals)
def test_union_of_intervals(pairs: list[tuple[Cut, Cut]]) -> None:
    """A key is in a union of intervals exactly when it is in one of them, as is everything just beside it."""
    union = Ordered.of(pairs)
    for key in POINTS:
        assert (key in union) == any(low <= (key, 0) < high for low, high in pairs)
    for (_, before), (after, _) in pairwise(union.intervals):
        assert before < after  # kept apart, and in order
    assert all(low < high for low, high in union.intervals)
    assert bool(union) == any(low < high for low, high in pairs)


@given(ordered, ordered)
def test_ordered_membership(a: Ordered, b: Ordered) -> None:
    """A key is in both, in either, in one without the other: as its membership in each says."""
    for key in POINTS:
        assert (key in a & b) == (key in a and key in b)
        assert (key in a | b) == (key in a or key in b)
        assert (key in a - b) == (key in a and key not in b)


@given(named, named)
def test_named_membership(a: Named, b: Named) -> None:
    """A name is in both, in either, in one without the other: as its membership in each says."""
    for name in NAMES:
        assert (name in a & b) == (name in a and name in b)
        assert (name in a | b) == (name in a or name in b)
        assert (name in a - b) == (name in a and name not in b)
    assert bool(a) == any(name in a for name in NAMES)


@given(ordered, ordered, ordered)
def test_ordered_laws(a: Ordered, b: Ordered, c: Ordered) -> None:
    """Identity, complement, commutativity, associativity, distributivity, absorption and De Morgan hold exactly."""
    none = Ordered(())
    assert a & ALL == a | none == a - none == a
    assert a & none == a - a == a - ALL == none
    assert ALL - (ALL - a) == a
    assert (a & b, a | b) == (b & a, b | a)
    assert (a & b) & c == a & (b & c)
    assert (a | b) | c == a | (b | c)
    assert a & (b | c) == (a & b) | (a & c)
    assert a | (b & c) == (a | b) & (a | c)
    assert a & (a | b) == a | (a & b) == a
    assert ALL - (a & b) == (ALL - a) | (ALL - b)
    assert ALL - (a | b) == (ALL - a) & (ALL - b)
    assert a - b == a & (ALL - b)


@given(named, named, named)
def test_named_laws(a: Named, b: Named, c: Named) -> None:
    """The same laws hold for named values."""
    everything, none = Named(frozenset(NAMES)), Named(frozenset())
    assert a & everything == a | none == a - none == a
    assert everything - (everything - a) == a
    assert a & (b | c) == (a & b) | (a & c)
    assert everything - (a & b) == (everything - a) | (everything - b)
    assert a - b == a & (everything - b)


@given(ordered, ordered)
def test_equal_sets_are_equal(a: Ordered, b: Ordered) -> None:
    """Two sets are equal exactly when neither has anything that the other lacks; equal ones have one hash."""
    assert (a == b) == (not a - b and not b - a)
    assert hash((a - b) | (a & b)) == hash(a)
