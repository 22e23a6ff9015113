"""Which rules differ between two rule sets, so that answers may differ where they apply."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from accessrules.fingerprint import plain
from accessrules.index import timed_clauses
from accessrules.rules import Rule, SourceForm
from accessrules.valuesets import ValueSet
from accessrules.vocabulary import KNOWN_ON

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["differing"]

Clause = Mapping[str, ValueSet]


def differing(before: RuleSet, after: RuleSet, *decisions: Collection[str]) -> list[Clause]:
    """The clauses of the rules of these decisions that differ, tests of given facts and days only.

    A rule differs where it is in one set only, where it says something else or rests on an instrument or organ that
    does, and where it is an exception to other rules than before. Where a decision's default or way of settling
    differs, that is everywhere: a clause without tests.
    """
    names = sorted({name for some in decisions for name in some})
    everywhere = any(_declared(before.form, name) != _declared(after.form, name) for name in names)
    if everywhere or before.form.organs != after.form.organs:
        return [{}]
    changed = _changed_instruments(before.form, after.form)
    marks: list[Clause] = []
    for one, other in _paired(before, after, names):
        if one is None or other is None or not _same(one, other, changed, before, after):
            for rule, rules in ((one, before), (other, after)):
                if rule is not None:
                    marks += (_given(clause, rules.form) for clause in timed_clauses(rule, rules.form))
    return marks


def _paired(before: RuleSet, after: RuleSet, names: Collection[str]) -> list[tuple[Rule | None, Rule | None]]:
    wanted = set(names)
    mine = {rule.id: rule for rule in before.form.rules.values() if rule.decision in wanted}
    theirs = {rule.id: rule for rule in after.form.rules.values() if rule.decision in wanted}
    return [(mine.get(name), theirs.get(name)) for name in sorted(mine.keys() | theirs.keys())]


def _changed_instruments(before: SourceForm, after: SourceForm) -> frozenset[str]:
    """The instruments that say something else in the other rule set, or are not there."""
    pairs = ((name, one, after.instruments.get(name)) for name, one in before.instruments.items())
    return frozenset(name for name, one, other in pairs if one is not other and plain(one) != plain(other))


def _same(one: Rule, other: Rule, changed: frozenset[str], before: RuleSet, after: RuleSet) -> bool:
    if one is not other and plain(one) != plain(other):
        return False
    if changed and not changed.isdisjoint(_cited(one)):
        return False
    if not one.exception_to:
        return True
    # Rules of one side only are marked anyway: that others are exceptions to them makes no other difference.
    common = before.form.rules.keys() & after.form.rules.keys()
    return _exceptions(one, before) & common == _exceptions(other, after) & common


def _cited(rule: Rule) -> set[str]:
    return {source.instrument for source in (*rule.sources, *(rule.ended.sources if rule.ended else ()))}


def _exceptions(rule: Rule, rules: RuleSet) -> frozenset[str]:
    """The rules that a rule is an exception to, directly or through others."""
    return rules.precedence.general(rule.id)


def _declared(form: SourceForm, decision: str) -> Any:
    declared = form.decisions.get(decision)
    return declared and (plain(declared.default), declared.precedence, sorted(declared.outcomes))


def _given(clause: Clause, form: SourceForm) -> Clause:
    return {f: v for f, v in clause.items() if f not in form.decisions and f != KNOWN_ON.name}
