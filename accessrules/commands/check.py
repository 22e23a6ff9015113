"""`check`: what a drafter should look at in a rule set."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from accessrules.commands.findingwords import blocks, reproduce
from accessrules.commands.inputs import Setting, checked_day, checked_decision
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.output import print_json, show
from accessrules.commands.sarif import sarif
from accessrules.commands.telling import Teller
from accessrules.errors import AccessRulesError, Problem
from accessrules.findings import Findings

__all__ = ["command"]

FOUND = 1
_MOST_DIGITS = 18


@click.command("check", cls=Verb)
@about_rules(formats=("text", "json", "md", "html", "sarif"))
@click.option("--decision", metavar="NAME", help="Only what is found about this decision.")
@click.option("--known-on", metavar="DATE", help="Check what was published by that day.")
@click.option("--most-steps", metavar="N", help="How long to search a decision; what takes longer is told.")
@click.option("--notes", is_flag=True, help="List the notes too; without it they are counted (JSON has them all).")
def command(setting: Setting, decision: str | None, known_on: str | None, most_steps: str | None, notes: bool) -> int:
    """Check the rules: conflicts, gaps, rules without effect and more. The exit code is 1 where there are errors.

    Each finding says where it holds, with a case that shows it, and what to do. docs/findings.md explains them.

    \b
    accessrules check
    accessrules check --decision access_route --notes --lang zh
    accessrules check --format sarif > findings.sarif
    """
    problems: list[Problem] = []
    day = checked_day("--known-on", known_on, problems)
    steps = _steps(most_steps, problems)
    if decision is not None:
        checked_decision(setting.rules, decision, problems)
    if problems:
        raise AccessRulesError(problems)
    found = _found(setting, decision, day, steps)
    listed = found if notes else Findings([one for one in found if one.severity != "note"])
    teller = Teller(setting.rules, setting.lang)
    if setting.format == "sarif":
        print_json(sarif(listed, setting, teller))
    else:
        show(setting, lambda: _as_json(found, setting), lambda: blocks(found, listed, setting, teller))
    return FOUND if found.of("error") else 0


def _found(setting: Setting, decision: str | None, day: dt.date | None, steps: int | None) -> Findings:
    found = setting.rules.check(known_on=day, most_steps=steps)
    return found if decision is None else Findings([one for one in found if one.decision == decision])


def _steps(text: str | None, problems: list[Problem]) -> int | None:
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and int(text):
        return int(text)
    problems.append(Problem("--most-steps", f"`{text}` is no number of steps", "give a whole number, 1 or more"))
    return None


def _as_json(found: Findings, setting: Setting) -> dict[str, Any]:
    findings = [{**one.model_dump(setting.lang), "reproduce": reproduce(one, setting)} for one in found]
    return {"findings": findings, "ruleset": setting.rules.identity()}
