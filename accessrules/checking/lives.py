"""Rules in force outside the life of their instruments, or before they were published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from accessrules.checking.survey import places
from accessrules.checking.words import told
from accessrules.findings import Finding
from accessrules.index import published_on
from accessrules.rules import Rule

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["lives"]


def lives(rules: RuleSet) -> Iterator[Finding]:
    """`retroactive` (unless the rule declares it) and `outside_instrument`, before the effect and after the end."""
    for rule in rules.form.rules.values():
        published = published_on(rule.sources, rules.form.instruments)
        if not rule.retroactive and (rule.start is None or rule.start < published):
            start = str(rule.start) if rule.start else "?"
            variant = "" if rule.start else "always"
            yield _finding(rules, rule, "retroactive", variant, start=start, published=str(published))
        yield from _outside(rules, rule)


def _outside(rules: RuleSet, rule: Rule) -> Iterator[Finding]:
    end = min((day for day in (rule.until, rule.ended.on if rule.ended else None) if day), default=None)
    for source in rule.sources:
        instrument = rules.form.instruments[source.instrument]
        if source.context:
            continue
        if rule.start and instrument.effective and rule.start < instrument.effective and not rule.retroactive:
            days = {"start": str(rule.start), "day": str(instrument.effective)}
            yield _finding(rules, rule, "outside_instrument", "before", instrument=instrument.id, **days)
        if instrument.until and (end is None or end > instrument.until):
            days = {"end": str(end) if end else "–", "day": str(instrument.until)}
            yield _finding(rules, rule, "outside_instrument", "after", instrument=instrument.id, **days)


def _finding(rules: RuleSet, rule: Rule, code: str, variant: str, **told_of: str) -> Finding:
    message, help, severity = told(code, variant, rule=rule.id, **told_of)
    return Finding(code, rule.decision, (rule.id,), message, help, severity, places=places(rules, [rule.id]))
