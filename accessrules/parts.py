"""What two rule sets do not have in common, beside what they answer: parts of their vocabularies, and days of
publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from accessrules.index import published_on
from accessrules.rules import Rule, SourceForm

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["Part", "PartKind", "Span", "only_in", "publications"]

PartKind: TypeAlias = Literal["decision", "fact", "value", "outcome"]

Span: TypeAlias = tuple[dt.date, dt.date]
"""From a day, included, until another, excluded."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A decision or a fact, by name; or a value of a fact, or an outcome of a decision, with the name of that."""

    kind: PartKind
    name: str
    value: str | None = None

    def dump(self) -> dict[str, str | None]:
        """As JSON carries it."""
        return {"kind": self.kind, "name": self.name, "value": self.value}


def only_in(one: RuleSet, other: RuleSet, decision: str | None = None) -> tuple[Part, ...]:
    """What the one rule set can be asked or answers, and the other knows not; with `decision`, for that one alone."""
    found = _only_in(one.form, other.form)
    if decision is not None:
        about = {name for rules in (one, other) for name in _about(rules, decision)}
        found = (part for part in found if part.kind != "decision" and part.name in about)
    return tuple(sorted(found, key=lambda part: (part.kind, part.name, part.value or "")))


def _only_in(one: SourceForm, other: SourceForm) -> Iterator[Part]:
    for fact in one.vocabulary:
        theirs = other.vocabulary.get(fact.name)
        if theirs is None:
            yield Part("decision" if fact.derived else "fact", fact.name)
        else:
            kind: PartKind = "outcome" if fact.derived else "value"
            yield from (Part(kind, fact.name, value) for value in fact.values.keys() - theirs.values.keys())


def _about(rules: RuleSet, decision: str) -> Collection[str]:
    """The facts and decisions that matter for a decision."""
    if decision not in rules.form.decisions:
        return ()
    chain = rules.decider(decision).chain
    return {*chain.facts, *chain.decisions}


def publications(before: RuleSet, after: RuleSet, decision: str | None = None) -> tuple[Span, ...]:
    """Between which days only one of the two knows a rule, or the end of a rule, that both have.

    Asked as known on such a day, the two may answer differently though with everything known they do not.
    """
    names = before.form.decisions if decision is None else before.index.chain(decision)
    found: set[Span] = set()
    for rule in before.form.rules.values():
        theirs = after.form.rules.get(rule.id)
        if theirs is not None and rule.decision in names:
            days = zip(_known(rule, before.form), _known(theirs, after.form), strict=True)
            found |= {(min(a, b), max(a, b)) for a, b in days if a is not None and b is not None and a != b}
    return tuple(sorted(found))


def _known(rule: Rule, form: SourceForm) -> tuple[dt.date, dt.date | None]:
    """The days from which a rule and its end are known."""
    end = published_on(rule.ended.sources, form.instruments) if rule.ended else None
    return published_on(rule.sources, form.instruments), end
