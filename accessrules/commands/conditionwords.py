"""The `when` of a rule in words, nested as the drafter wrote it."""

from __future__ import annotations

from accessrules.commands.telling import Teller
from accessrules.conditions import AllOf, AnyOf, Condition, Not, Test
from accessrules.explaining.document import Item

__all__ = ["condition_items"]


def condition_items(condition: Condition, teller: Teller) -> tuple[Item, ...]:
    """The parts that must all hold, one item each."""
    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    return tuple(_item(part, teller) for part in parts) or (Item(teller.say("applies_always")),)


def _item(condition: Condition, teller: Teller) -> Item:
    if isinstance(condition, Test):
        fact = teller.rules.index.facts[condition.fact]
        return Item(
            teller.say("test", fact=teller.labels.fact(fact.name), test=teller.labels.allowed(fact, condition.allowed))
        )
    if isinstance(condition, Not):
        inner = condition.part
        if isinstance(inner, AllOf) and len(inner.parts) == 1:
            inner = inner.parts[0]
        if isinstance(inner, Test):
            # What is not one value is another: that reads more easily than a list of what it is not.
            others = teller.rules.index.facts[inner.fact].domain - inner.allowed  # type: ignore[operator]
            return _item(Test(inner.fact, others), teller)
        return Item(teller.say("none_of" if isinstance(inner, AnyOf) else "not_all_of"), _below(inner, teller))
    if isinstance(condition, AllOf) and len(condition.parts) == 1:
        return _item(condition.parts[0], teller)
    return Item(teller.say("all_of" if isinstance(condition, AllOf) else "any_of"), _below(condition, teller))


def _below(condition: Condition, teller: Teller) -> tuple[Item, ...]:
    parts = condition.parts if isinstance(condition, (AllOf, AnyOf)) else (condition,)
    return tuple(_item(part, teller) for part in parts)
