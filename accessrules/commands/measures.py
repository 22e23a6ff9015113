"""The measures in a phrase that somebody searches for, as the facts that they may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accessrules.ruleset import RuleSet
from accessrules.units import measures
from accessrules.values import Unreadable, json_value, number_text, read_value
from accessrules.vocabulary import Fact, FactValue

__all__ = ["Measured", "measured"]


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure as the value of a fact, in the fact's unit."""

    fact: Fact
    value: FactValue

    def dump(self) -> dict[str, Any]:
        """As JSON carries it."""
        return {
            "fact": self.fact.name,
            "value": json_value(self.value),
            "unit": self.fact.unit,
            "label": self.fact.label.dump(),
        }


def measured(text: str, beside: tuple[Fact, str] | None, rules: RuleSet) -> list[Measured]:
    """What each measure of the text can be given as: facts with such a unit that rules test.

    `beside` is a value that the text names, with its fact: then only facts that some rule tests together with it.

    >>> from accessrules import load_rules
    >>> category = load_rules().form.vocabulary["category"]
    >>> [one.dump()["fact"] for one in measured("冰箱 0.52 m3", (category, "household_refrigerator"), load_rules())]
    ['effective_volume']
    """
    facts = [fact for fact in rules.form.vocabulary if fact.unit and not fact.derived and _tested(fact, beside, rules)]
    found: dict[tuple[str, FactValue], Measured] = {}
    for amount, unit in measures(text):
        for fact in facts:
            try:
                value = read_value(f"{number_text(amount)} {unit}", fact)
            except Unreadable:  # another kind of unit, or a value that the fact cannot have
                continue
            found.setdefault((fact.name, value), Measured(fact, value))
    return list(found.values())


def _tested(fact: Fact, beside: tuple[Fact, str] | None, rules: RuleSet) -> bool:
    """Whether some rule tests the fact; where there is a value, in a clause that tests that value's fact for it."""
    clauses = (clause for rule in rules.form.rules.values() for clause in rule.clauses if fact.name in clause)
    if beside is None:
        return any(True for _ in clauses)
    other, value = beside
    return any(other.name in clause and bool(clause[other.name] & other.set_of(value)) for clause in clauses)  # type: ignore[operator]
