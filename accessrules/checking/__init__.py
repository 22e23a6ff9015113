"""Checking a rule set: everything that a drafter should look at, completely, each with a witness.

A decision is surveyed once (`survey.py`): every set of rules that can apply together, and what it comes to. What is
found rests on that alone, so nothing is missed and nothing is imagined, within the stated number of steps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from accessrules.checking.cases import failing_cases
from accessrules.checking.effects import effects
from accessrules.checking.ends import conflicts_and_gaps
from accessrules.checking.lives import lives
from accessrules.checking.survey import Survey
from accessrules.checking.unused import unused
from accessrules.findings import Finding, Findings

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["check"]


def check(rules: RuleSet, known_on: dt.date | None, most_steps: int) -> Findings:
    """Every finding; `known_on` is the day as known on which decisions are surveyed (None: everything known)."""
    return Findings([*_surveyed(rules, known_on, most_steps), *unused(rules), *failing_cases(rules)])


def _surveyed(rules: RuleSet, known_on: dt.date | None, most_steps: int) -> Iterator[Finding]:
    for decision in rules.form.decisions:
        survey = Survey(rules, decision, known_on, most_steps)
        yield from survey.unexplored()
        yield from conflicts_and_gaps(survey)
        yield from effects(survey)
        yield from lives(survey)
