"""Cases of the casebook that the rules answer otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from accessrules.casebook import CaseResult, read_casebook, run_casebook, shown_day
from accessrules.checking.survey import places
from accessrules.checking.words import told
from accessrules.findings import Finding
from accessrules.values import json_value

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["failing_cases"]


def failing_cases(rules: RuleSet) -> Iterator[Finding]:
    """A finding for each case that does not give what it expects; raises RuleFileError where the casebook is wrong."""
    for result in run_casebook(rules, read_casebook(rules)).failed:
        yield _finding(rules, result)


def _finding(rules: RuleSet, result: CaseResult) -> Finding:
    case, decision = result.case, result.decision
    differ = "; ".join(f"{one.part} `{one.expected}`, got `{one.got}`" for one in result.mismatches)
    message, help, severity = told("case", "", case=case.id, differ=differ)
    names = tuple(name for name in (case.by, decision.rule) if name is not None and name in rules.form.rules)
    return Finding(
        "case",
        case.decision,
        names,
        message,
        help,
        severity,
        witness={
            "facts": {name: json_value(value) for name, value in case.case.facts.items()},
            "as_of": shown_day(case.case.as_of),
            "known_on": shown_day(case.case.known_on),
        },
        places=(f"{case.place.file}:{case.place.line}", *places(rules, names)),
    )
