"""Unary tests: conditions on one fact, in words, and the sets of values that they allow.

The words are those of `docs/rule-format.md`; the symbols are DMN's (Decision Model and Notation 1.4, unary
tests): `>= 500 L` is `at least 500 L`, `[500..800) L` written as `[500 L..800 L)` is `from 500 L to below 800 L`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

from accessrules.suggesting import did_you_mean
from accessrules.values import Unreadable, quantity_text, read_date, read_quantity, read_spoken
from accessrules.valuesets import HIGH, LOW, Cut, Key, Named, Ordered, ValueSet
from accessrules.vocabulary import Fact

__all__ = ["bounds", "covering_names", "read_test", "test_words"]

_LOWER = {"at least": 0, "from": 0, "above": 1, "after": 1, ">=": 0, "≥": 0, ">": 1}
_UPPER = {"below": 0, "before": 0, "at most": 1, "<": 0, "<=": 1, "≤": 1}
_RANGE = re.compile(
    r"(?:(?P<low>at least|from|above|after)\s+(?P<a>.+?))?"
    r"(?:(?:^|\s+(?:to|and)\s+)(?P<high>below|before|at most)\s+(?P<b>.+))?"
)
_SYMBOL = re.compile(r"(?P<symbol>>=|<=|≥|≤|>|<)\s*(?P<a>.+)")
_INTERVAL = re.compile(r"(?P<open>[\[(\]])(?P<a>.+?)\.\.(?P<b>.+?)(?P<close>[\])\[])")
_HOW = "write for example `at least {0}`, `below {0}`, `from {0} to below {1}`, or a value"


def read_test(raw: object, fact: Fact) -> ValueSet:
    """The set of values that a test allows.

    `raw` is what YAML gave: a word, a number, a date, true or false, or a list of them (any of).
    Raises Unreadable with what is wrong and what would be right; a test that no value passes is wrong.
    """
    allowed = _read(raw, fact) & fact.domain  # type: ignore[operator]
    if not allowed:
        raise Unreadable(f"no value of `{fact.name}` can pass `{_shown(raw)}`", _domain_help(fact))
    return allowed


def _read(raw: object, fact: Fact) -> ValueSet:
    if isinstance(raw, list):
        if not raw:
            raise Unreadable("the list of allowed values is empty", "name at least one value, or drop the test")
        return _union((_read(one, fact) for one in raw), fact)
    if isinstance(raw, str):
        return _read_words(" ".join(raw.split()), fact)
    if isinstance(raw, bool) and fact.type == "boolean":
        return fact.set_of(raw)
    if isinstance(raw, dt.date) and fact.type == "date":
        return fact.set_of(raw)
    if isinstance(raw, (int, Decimal)) and not isinstance(raw, bool) and fact.type in ("number", "integer"):
        return fact.set_of(_amount(str(raw), fact))
    if raw is None:
        raise Unreadable("the test is empty", "name a value, or drop the test")
    raise Unreadable(_not_a_test(raw, fact), _domain_help(fact))


def _read_words(text: str, fact: Fact) -> ValueSet:
    if not text:
        raise Unreadable("the test is empty", "name a value, or drop the test")
    if " or " in text:
        return _union((_read_words(part.strip(), fact) for part in text.split(" or ")), fact)
    if text.startswith("not "):
        return fact.domain - _read_words(text[4:].strip(), fact)  # type: ignore[operator]
    if text.startswith("[") and text.endswith("]") and ".." not in text:
        return _union((_read_words(part.strip(), fact) for part in text[1:-1].split(",")), fact)
    if fact.is_ordered:
        return _read_range(text, fact)
    try:
        return fact.set_of(read_spoken(text, fact))
    except Unreadable as wrong:
        raise Unreadable(_not_a_test(text, fact), wrong.help) from None


def _read_range(text: str, fact: Fact) -> Ordered:
    low, high = LOW, HIGH
    if found := _INTERVAL.fullmatch(text):
        low = _cut(found["a"], 0 if found["open"] == "[" else 1, fact)
        high = _cut(found["b"], 1 if found["close"] == "]" else 0, fact)
    elif found := _SYMBOL.fullmatch(text):
        cut = _cut(found["a"], (_LOWER | _UPPER)[found["symbol"]], fact)
        low, high = (cut, HIGH) if found["symbol"] in _LOWER else (LOW, cut)
    elif (found := _RANGE.fullmatch(text)) and (found["low"] or found["high"]):
        if found["low"] and not found["high"] and " to " in found["a"]:
            upper = found["a"].split(" to ", 1)[1]
            raise Unreadable(
                f"`{text}` leaves open whether {upper} is included", f"say `to below {upper}` or `to at most {upper}`"
            )
        if found["low"]:
            low = _cut(found["a"], _LOWER[found["low"]], fact)
        if found["high"]:
            high = _cut(found["b"], _UPPER[found["high"]], fact)
    else:
        return fact.set_of(_amount(text, fact))  # type: ignore[return-value]
    if low >= high:
        raise Unreadable(f"the range `{text}` is empty", "its lower end must lie below its upper end")
    return Ordered.of([(low, high)])


def _cut(text: str, side: int, fact: Fact) -> Cut:
    key = _amount(text.strip(), fact)
    if isinstance(key, dt.date):
        key = key.toordinal()
    return (key, side) if fact.type == "number" else (key + side, 0)


def _amount(text: str, fact: Fact) -> Key | dt.date:
    if fact.type == "date":
        try:
            return read_date(text)
        except Unreadable as wrong:
            raise Unreadable(wrong.message, wrong.help + "; " + _domain_help(fact)) from None
    try:
        amount = read_quantity(text, fact)
    except Unreadable as wrong:
        if text[:1].isdigit() or text[:1] in "+-":
            raise
        raise Unreadable(_not_a_test(text, fact), _domain_help(fact)) from wrong
    if fact.type == "integer":
        if amount != amount.to_integral_value():
            raise Unreadable(f"`{text}` is not a whole number", f"`{fact.name}` is counted in whole numbers")
        return int(amount)
    return amount


def _union(sets: Iterable[ValueSet], fact: Fact) -> ValueSet:
    first, *rest = sets
    for one in rest:
        first = first | one  # type: ignore[operator]
    return first


def _not_a_test(raw: object, fact: Fact) -> str:
    kind = {"boolean": "yes or no", "date": "a date", "number": "a number", "integer": "a whole number"}
    return f"`{_shown(raw)}` does not fit `{fact.name}`, which is {kind.get(fact.type, f'a {fact.type}')}"


def _domain_help(fact: Fact) -> str:
    if fact.type == "boolean":
        return "write `true` or `false`"
    if fact.type == "date":
        return "write for example `from 2018-08-01`, `before 2018-08-01`, or `from 2018-08-01 to before 2019-01-01`"
    if fact.is_ordered:
        bounds_ = [
            f"{word} {quantity_text(bound, fact)}"
            for word, bound in (("at least", fact.minimum), ("at most", fact.maximum))
            if bound is not None
        ]
        known = f" (`{fact.name}` is {' and '.join(bounds_)})" if bounds_ else ""
        return _HOW.format(quantity_text(500, fact), quantity_text(800, fact)) + known
    return did_you_mean("", fact.names(), "values")


def _shown(raw: object) -> str:
    if isinstance(raw, list):
        return "[" + ", ".join(_shown(one) for one in raw) + "]"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return "a mapping" if isinstance(raw, dict) else str(raw)


# ---------------------------------------------------------------------------------------------------- in words


def test_words(allowed: ValueSet, fact: Fact) -> str:
    """The test in the words of the rule files; `read_test` of it gives the same set.

    >>> from accessrules.texts import Text
    >>> volume = Fact("v", "number", Text("?"), Text("v"), unit="L", minimum=0)
    >>> test_words(read_test("not [500 L..800 L)", volume), volume)
    'below 500 L or at least 800 L'
    """
    if isinstance(allowed, Named):
        names, negated = covering_names(allowed, fact)
        if not names:
            return "any"
        listed = names[0] if len(names) == 1 else "[" + ", ".join(names) + "]"
        return f"not {listed}" if negated else listed
    return " or ".join(_interval_words(*pair, fact) for pair in bounds(allowed, fact)) or "any"


test_words.__test__ = False  # type: ignore[attr-defined]  # not a test of pytest's, for all its name


def bounds(allowed: Ordered, fact: Fact) -> list[tuple[Cut | None, Cut | None]]:
    """The intervals of a set with None for an end that is the domain's own; empty for the whole domain."""
    ends = fact.domain
    assert isinstance(ends, Ordered)
    ((low, high),) = ends.intervals
    pairs = [(None if a <= low else a, None if b >= high else b) for a, b in allowed.intervals]
    return [] if pairs == [(None, None)] else pairs


def _interval_words(low: Cut | None, high: Cut | None, fact: Fact) -> str:
    if low is not None and high is not None and low[0] == high[0]:
        return _end(low[0], fact)
    if fact.type != "number" and low is not None and high is not None and low[0] + 1 == high[0]:
        return _end(low[0], fact)
    day = fact.type == "date"
    lower = "" if low is None else f"{'from' if day or high else 'at least'} {_end(low[0], fact)}"
    if low is not None and low[1]:
        lower = f"above {_end(low[0], fact)}"
    upper = "" if high is None else f"{'before' if day else 'at most' if high[1] else 'below'} {_end(high[0], fact)}"
    return f"{lower} to {upper}" if lower and upper else lower or upper


def _end(key: Key, fact: Fact) -> str:
    return dt.date.fromordinal(int(key)).isoformat() if fact.type == "date" else quantity_text(key, fact)


def covering_names(allowed: Named, fact: Fact) -> tuple[list[str], bool]:
    """The fewest value names that say a set, and whether they say it by what it is not.

    Inner categories stand for all that is under them. Empty for the whole domain.
    """
    if len(allowed.members) == len(fact.leaves):
        return [], False
    if fact.type == "boolean":
        return ["true" if True in allowed else "false"], False
    plain = _cover(allowed.members, fact)
    if len(plain) == 1:
        return plain, False  # nothing is said in fewer
    others = _cover(frozenset(fact.leaves) - allowed.members, fact)
    return (others, True) if len(others) < len(plain) else (plain, False)


def _cover(members: frozenset[str | bool], fact: Fact) -> list[str]:
    left, names = set(members), []
    for inner, leaves in fact.inner:
        if leaves <= left:
            names.append(inner)
            left -= leaves
    return sorted([*names, *(str(leaf) for leaf in left)])
