"""`test --mutate` and `test --suggest`: what the casebook would notice, and cases that would notice more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accessrules.casebook import BookCase, run_casebook
from accessrules.commands.inputs import Setting
from accessrules.commands.output import show
from accessrules.commands.progress import progress
from accessrules.commands.strengthwords import mutated_blocks, mutated_json, suggested_blocks, suggested_json
from accessrules.commands.telling import Teller
from accessrules.errors import Problem, QueryError
from accessrules.ruleset import RuleSet
from accessrules.strength.mutants import mutants
from accessrules.strength.running import measure, sampled
from accessrules.strength.suggested import changed_cases, suggested
from accessrules.suggesting import did_you_mean

__all__ = ["Meant", "mutated", "suggestions"]

FOUND = 1


@dataclass(frozen=True, slots=True)
class Meant:
    """Which rules are meant, and how many changes of them."""

    decision: str | None
    names: tuple[str, ...]
    sample: int | None
    seed: int | None


def mutated(setting: Setting, cases: Sequence[BookCase], meant: Meant) -> int:
    """Judge the mutants of the rules that are meant; 1 where a case would be needed to notice one."""
    rules = setting.rules
    chosen = mutants(rules, _decision(rules, meant), _names(rules, meant))
    if meant.sample is not None:
        chosen = sampled(chosen, meant.sample, meant.seed or 0)
    teller = Teller(rules, setting.lang)
    with progress(teller.text("mutate_working"), len(chosen)) as advanced:
        found = measure(rules, cases, chosen, advanced=advanced)
    failing = len(run_casebook(rules, cases).failed)
    show(
        setting,
        lambda: mutated_json(found, rules, setting.lang, failing=failing),
        lambda: mutated_blocks(found, teller, failing=failing),
    )
    return FOUND if found.of("unnoticed") or found.of("not_analysed") else 0


def suggestions(setting: Setting, cases: Sequence[BookCase], meant: Meant) -> int:
    """Write cases for what none of the cases covers, of the rules that are meant; and those that a proposal changes."""
    rules = setting.rules
    names, only = _names(rules, meant), _decision(rules, meant)
    if names is None and only is not None:
        names = [rule.id for rule in rules.form.rules.values() if rule.decision in only]
    found = suggested(rules, cases, names)
    changed = [
        one
        for one in changed_cases(rules, [case for case in cases if only is None or case.decision in only])
        if not meant.names or one.by in meant.names
    ]
    show(
        setting,
        lambda: suggested_json(found, changed, rules),
        lambda: suggested_blocks(found, changed, Teller(rules, setting.lang)),
    )
    return 0


def _decision(rules: RuleSet, meant: Meant) -> tuple[str, ...] | None:
    if meant.decision is None:
        return None
    try:
        return (rules.decider(meant.decision).decision,)
    except QueryError as wrong:
        raise QueryError([Problem("--decision", one.message, one.help) for one in wrong.problems]) from None


def _names(rules: RuleSet, meant: Meant) -> Sequence[str] | None:
    """The rules that are named; raises with every name that is none of them."""
    only = _decision(rules, meant)
    known = {rule.id: () for rule in rules.form.rules.values() if only is None or rule.decision in only}
    has = f"`{meant.decision}` has" if meant.decision else "there is"
    problems = [
        Problem("--rule", f"{has} no rule `{name}`", did_you_mean(name, known, "rules"))
        for name in meant.names
        if name not in known
    ]
    if problems:
        raise QueryError(problems)
    return meant.names or None
