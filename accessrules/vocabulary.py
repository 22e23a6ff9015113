"""The vocabulary: the facts that rules may test, their types, units, values and questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeAlias

from accessrules.errors import Place
from accessrules.texts import Text
from accessrules.valuesets import HIGH, LOW, Key, Named, Ordered, ValueSet

__all__ = ["AS_OF", "KNOWN_ON", "Fact", "FactType", "FactValue", "Value", "Vocabulary", "key_of"]

FactType: TypeAlias = Literal["category", "choice", "boolean", "integer", "number", "date"]
FactValue: TypeAlias = str | bool | int | Decimal | dt.date

FIRST_DAY, LAST_DAY = dt.date.min.toordinal(), dt.date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Value:
    """A named value of a category or choice; `under` is the category that it belongs to."""

    id: str
    label: Text
    under: str | None = None
    also: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Everything that a person may call it, in both languages."""
        return tuple(t for t in (self.label.en, self.label.zh, *self.also) if t)


@dataclass(frozen=True)
class Fact:
    """A named, typed input.

    `unit` is the unit of a number's bare values. `minimum` and `maximum` are included. `derived` marks the
    outcome of an earlier decision, which no case may give.
    """

    name: str
    type: FactType
    question: Text
    label: Text
    unit: str | None = None
    minimum: Key | None = None
    maximum: Key | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    presume: FactValue | None = None
    derived: bool = False
    under: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Category: each inner value and the leaves that it is the union of."""
    place: Place | None = field(default=None, compare=False)

    @property
    def is_ordered(self) -> bool:
        """Whether values have an order: integers, numbers and dates."""
        return self.type in ("integer", "number", "date")

    @cached_property
    def leaves(self) -> tuple[str | bool, ...]:
        """The values that a case can really have, sorted: no inner category is one."""
        if self.type == "boolean":
            return (False, True)
        return tuple(sorted(v for v in self.values if v not in self.under))

    @cached_property
    def inner(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The inner categories that stand for several leaves, each with these, the widest first."""
        several = ((name, leaves) for name, leaves in self.under.items() if len(leaves) > 1)
        return tuple(sorted(several, key=lambda item: (-len(item[1]), item[0])))

    @cached_property
    def domain(self) -> ValueSet:
        """All values that there are."""
        if not self.is_ordered:
            return Named(frozenset(self.leaves))
        low, high = LOW, HIGH
        if self.type == "date":
            low, high = (FIRST_DAY, 0), (LAST_DAY + 1, 0)
        if self.minimum is not None:
            low = (self.minimum, 0)
        if self.maximum is not None:
            high = (self.maximum, 1) if self.type == "number" else (self.maximum + 1, 0)
        return Ordered.of([(low, high)])

    def set_of(self, value: FactValue) -> ValueSet:
        """The values that this one stands for: itself, or everything under an inner category."""
        if not self.is_ordered:
            name = value if isinstance(value, bool) else str(value)
            return Named(self.under.get(str(value), frozenset([name])))
        key = key_of(value)
        return Ordered.of([((key, 0), (key, 1) if self.type == "number" else (key + 1, 0))])

    def names(self) -> dict[str, tuple[str, ...]]:
        """Each value's id with everything that a person may call it."""
        return {v.id: v.names() for v in self.values.values()}


def key_of(value: FactValue) -> Key:
    """What orders a value: dates by their ordinal, numbers and integers by themselves."""
    if isinstance(value, dt.date):
        return value.toordinal()
    if isinstance(value, (int, Decimal)):
        return value
    raise AssertionError(f"no order among {value!r}")


# The two time axes are facts like any other: the day asked about, and the day on which it is asked.
AS_OF = Fact(
    "as_of",
    "date",
    Text("For which day do you ask?", "询问的是哪一天的情况？"),
    Text("day asked about", "询问日期"),
)
KNOWN_ON = Fact(
    "known_on",
    "date",
    Text("As known on which day?", "以哪一天已公布的规定为准？"),
    Text("as known on", "已知截至"),
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The declared facts by name, in the order of their names."""

    facts: Mapping[str, Fact]

    def __getitem__(self, name: str) -> Fact:
        return self.facts[name]

    def __contains__(self, name: object) -> bool:
        return name in self.facts

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts.values())

    def get(self, name: str) -> Fact | None:
        """The fact of that name, or None."""
        return self.facts.get(name)

    def names(self) -> dict[str, tuple[str, ...]]:
        """Each fact's name with its labels, for did-you-mean."""
        return {f.name: tuple(t for t in (f.label.en, f.label.zh) if t) for f in self}
