"""Worlds: complete cases, and for every fact enough values that no rule could tell any other from all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise, product

from accessrules.conditions import AllOf, AnyOf, Condition, Not, Test
from accessrules.rules import SourceForm
from accessrules.values import read_value
from accessrules.valuesets import Named, ValueSet
from accessrules.vocabulary import AS_OF, FIRST_DAY, KNOWN_ON, LAST_DAY, Fact, FactValue, key_of

World = dict[str, FactValue]
"""A value for each of some facts; the day asked about is one."""


def allows(allowed: ValueSet, value: FactValue) -> bool:
    """Whether a value is in a set."""
    if isinstance(allowed, Named):
        return value in allowed.members
    return any(low <= (key_of(value), 0) < high for low, high in allowed.intervals)


def holds(condition: Condition, world: Mapping[str, FactValue]) -> bool:
    """Whether a condition holds in a world."""
    match condition:
        case Test(fact, allowed):
            return allows(allowed, world[fact])
        case AllOf(parts):
            return all(holds(part, world) for part in parts)
        case AnyOf(parts):
            return any(holds(part, world) for part in parts)
        case Not(part):
            return not holds(part, world)


def each_test(condition: Condition) -> Iterator[Test]:
    """Every test of a condition."""
    match condition:
        case Test():
            yield condition
        case Not(part):
            yield from each_test(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from each_test(part)


def spread(fact: Fact, sets: Iterable[ValueSet]) -> list[FactValue]:
    """Values of a fact: each end of the sets, and one on either side and between each two."""
    if not fact.is_ordered:
        return list(fact.leaves)
    ends = {Decimal(key) for s in sets if not isinstance(s, Named) for pair in s.intervals for key, _ in pair}
    keys = sorted(key for key in ends if key.is_finite())
    if not keys:
        keys = [Decimal(next((end for end in (fact.minimum, fact.maximum) if end is not None), 700_000))]
    if fact.type == "number":
        keys = sorted({*keys, *((a + b) / 2 for a, b in pairwise(keys)), keys[0] - 1, keys[-1] + 1})
    else:
        keys = sorted({*keys, *(key - 1 for key in keys)})
    inside = [
        key
        for key in keys
        if (fact.minimum is None or key >= fact.minimum) and (fact.maximum is None or key <= fact.maximum)
    ]
    if fact.type == "date":
        return [dt.date.fromordinal(int(key)) for key in inside if FIRST_DAY <= key <= LAST_DAY]
    return [int(key) for key in inside] if fact.type == "integer" else list(inside)


def values(form: SourceForm, name: str) -> list[FactValue]:
    """Values of a fact, or days, that tell apart all that the rules of a rule set can tell apart."""
    if name == AS_OF.name:
        days = {day for r in form.rules.values() for day in (r.start, r.until, r.ended and r.ended.on) if day}
        return spread(AS_OF, (AS_OF.set_of(day) for day in days))
    if name == KNOWN_ON.name:
        return spread(KNOWN_ON, (KNOWN_ON.set_of(i.published) for i in form.instruments.values()))
    rules = form.rules.values()
    sets = [test.allowed for rule in rules for test in each_test(rule.condition) if test.fact == name]
    readings = [clause for rule in rules for one in rule.contested for clause in one.clauses]
    return spread(form.vocabulary[name], [*sets, *(clause[name] for clause in readings if name in clause)])


def fitting(form: SourceForm, name: str, case: Mapping[str, object]) -> list[FactValue]:
    """The values that a fact may have in a case: the given one, those under it, the presumed one, or any."""
    fact = form.vocabulary[name]
    raw = case.get(name, fact.presume)
    if raw is None:
        return values(form, name)
    value = read_value(raw, fact)
    return sorted(map(str, fact.under[str(value)])) if value in fact.under else [value]


def every(facts: Iterable[str], choices: Iterable[list[FactValue]]) -> list[World]:
    """Every way to choose one value a fact."""
    names = list(facts)
    return [dict(zip(names, chosen, strict=True)) for chosen in product(*choices)]


def essential(worlds: list[World], ends: Sequence[object]) -> frozenset[str]:
    """The facts that how worlds end depends on: two of them that differ in that fact alone end differently."""
    found: set[str] = set()
    for name in worlds[0]:
        ways: dict[object, set[object]] = {}
        for world, end in zip(worlds, ends, strict=True):
            ways.setdefault(tuple(value for fact, value in world.items() if fact != name), set()).add(end)
        if any(len(different) > 1 for different in ways.values()):
            found.add(name)
    return frozenset(found)
