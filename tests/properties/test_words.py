"""Tests in words: what is written is what is read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from accessrules.texts import Text
from accessrules.unarytests import read_test, test_words
from accessrules.valuesets import Cut, Named, Ordered, ValueSet
from accessrules.vocabulary import FIRST_DAY, LAST_DAY, Fact, FactValue, Value
from tests.reference.worlds import allows, spread

in_words = test_words  # pytest takes the other name for a test

TREE = {
    "appliance": None,
    "cold": "appliance",
    "fridge": "cold",
    "freezer": "cold",
    "oven": "appliance",
    "cable": None,
    "wire": "cable",
    "toy": None,
}
UNDER = {
    "appliance": frozenset({"fridge", "freezer", "oven"}),
    "cold": frozenset({"fridge", "freezer"}),
    "cable": frozenset({"wire"}),
}
_TEXT = Text("?")


def named_fact(kind: Any, tree: dict[str, str | None], under: dict[str, frozenset[str]]) -> Fact:
    """A category or choice."""
    return Fact(
        "f",
        kind,
        _TEXT,
        _TEXT,
        values={name: Value(name, _TEXT, above) for name, above in tree.items()},
        under=under,
    )


NAMED = (
    named_fact("category", TREE, UNDER),
    named_fact("choice", dict.fromkeys("abcde"), {}),
    named_fact("choice", {"only": None}, {}),
    Fact("f", "boolean", _TEXT, _TEXT),
)
bounds = st.one_of(st.none(), st.integers(-3, 3))


@st.composite
def ordered_facts(draw: st.DrawFn) -> Fact:
    """A number with or without unit, an integer or a date, with or without bounds."""
    kind: Any = draw(st.sampled_from(("number", "integer", "date")))
    unit = draw(st.sampled_from((None, "L", "km/h", "°C", "working days"))) if kind != "date" else None
    low, high = draw(bounds), draw(bounds)
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    if kind == "date":
        low, high = (None if end is None else end + 736_000 for end in (low, high))
    return Fact("f", kind, _TEXT, _TEXT, unit=unit, minimum=low, maximum=high)


@st.composite
def sets_of(draw: st.DrawFn, fact: Fact) -> ValueSet:
    """A set of some but not all of a fact's values."""
    if not fact.is_ordered:
        some = draw(st.frozensets(st.sampled_from(fact.leaves)))
        assume(0 < len(some) < len(fact.leaves))
        return Named(some)
    keys: st.SearchStrategy[Any] = st.integers(-4, 5)
    if fact.type == "number":
        keys = st.one_of(
            keys,
            st.sampled_from(("-0.5", "0.001", "2.50", "1E+2", "0.00000001", "12345678901234567890.5")).map(Decimal),
        )
    if fact.type == "date":
        keys = st.one_of(
            keys.map(lambda k: k + 736_000),
            st.sampled_from((FIRST_DAY, FIRST_DAY + 1, LAST_DAY, LAST_DAY + 1)),
        )
    sides = st.integers(0, 1) if fact.type == "number" else st.just(0)
    cuts: st.SearchStrategy[Cut] = st.tuples(keys, sides)
    pairs = draw(st.lists(st.tuples(cuts, cuts).map(lambda pair: (min(pair), max(pair))), max_size=3))
    found: Any = Ordered.of(pairs)
    if draw(st.booleans()):
        found = fact.domain - found
    found &= fact.domain
    assume(found and found != fact.domain)
    return found  # type: ignore[no-any-return]


@given(st.data())
def test_words_read_back(data: st.DataObject) -> None:
    """The words for a set are read as that set."""
    fact = data.draw(st.one_of(st.sampled_from(NAMED), ordered_facts()))
    allowed = data.draw(sets_of(fact))
    words = in_words(allowed, fact)
    assert read_test(words, fact) == allowed, words
    assert in_words(read_test(words, fact), fact) == words


@given(st.data())
def test_words_tell_the_values(data: st.DataObject) -> None:
    """A comparison in words or symbols allows exactly the values that compare so."""
    fact = data.draw(ordered_facts().filter(lambda f: f.unit is None or f.unit == "L"))
    word, symbol, compare = data.draw(st.sampled_from(COMPARISONS))
    key = data.draw(st.integers(-3, 3))
    bound: FactValue = dt.date.fromordinal(736_000 + key) if fact.type == "date" else key
    unit = f" {fact.unit}" if fact.unit else ""
    at = bound.toordinal() if isinstance(bound, dt.date) else key
    values = spread(fact, [Ordered((((at, 0), (at, 1)),)), fact.domain])
    expected = [compare(value, bound) for value in values]
    assume(any(expected))
    limit = f"{bound}{unit}"
    for text in (f"{word} {limit}", f"{symbol} {limit}", f"{symbol}{limit}", f"not not {word} {limit}"):
        assert [allows(read_test(text, fact), value) for value in values] == expected, text
    if not all(expected):
        assert [not allows(read_test(f"not {word} {limit}", fact), value) for value in values] == expected


COMPARISONS: tuple[tuple[str, str, Any], ...] = (
    ("at least", ">=", lambda a, b: a >= b),
    ("from", "≥", lambda a, b: a >= b),
    ("above", ">", lambda a, b: a > b),
    ("after", ">", lambda a, b: a > b),
    ("below", "<", lambda a, b: a < b),
    ("before", "<", lambda a, b: a < b),
    ("at most", "<=", lambda a, b: a <= b),
    ("at most", "≤", lambda a, b: a <= b),
)


@given(st.data())
def test_ranges_tell_the_values(data: st.DataObject) -> None:
    """A range, in words or in brackets, allows exactly the values between its ends, each end as it says."""
    fact = data.draw(ordered_facts().filter(lambda f: f.unit is None and f.minimum is None and f.maximum is None))
    low = data.draw(st.integers(-3, 2))
    high = data.draw(st.integers(low + 2, 5))
    ends = [dt.date.fromordinal(736_000 + k) if fact.type == "date" else k for k in (low, high)]
    keys = [k + (736_000 if fact.type == "date" else 0) for k in (low, high)]
    values = spread(fact, [Ordered(tuple(((k, 0), (k + 1, 0)) for k in keys))])
    with_low, with_high = data.draw(st.booleans()), data.draw(st.booleans())
    words = f"{'from' if with_low else 'above'} {ends[0]} to {'at most' if with_high else 'below'} {ends[1]}"
    brackets = f"{'[' if with_low else '('}{ends[0]}..{ends[1]}{']' if with_high else ')'}"
    turned = f"{'[' if with_low else ']'}{ends[0]}..{ends[1]}{']' if with_high else '['}"
    expected = [
        (v >= ends[0] if with_low else v > ends[0]) and (v <= ends[1] if with_high else v < ends[1])  # type: ignore[operator]
        for v in values
    ]
    for text in (words, brackets, turned):
        assert [allows(read_test(text, fact), value) for value in values] == expected, text


@given(st.data())
def test_lists_are_unions(data: st.DataObject) -> None:
    """A list of tests allows what any of them allows, in YAML and in words."""
    fact = data.draw(st.one_of(st.sampled_from(NAMED), ordered_facts()))
    sets = data.draw(st.lists(sets_of(fact), min_size=1, max_size=3))
    words = [in_words(one, fact) for one in sets]
    whole: Any = sets[0]
    for one in sets[1:]:
        whole = whole | one
    assert read_test(words, fact) == whole
    assert read_test(" or ".join(words), fact) == whole
