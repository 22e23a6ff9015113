"""`diff`: where two rule sets answer differently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from accessrules.changes import Changes
from accessrules.commands.changewords import Compared, blocks
from accessrules.commands.inputs import Setting, checked_day, checked_decision
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.output import show
from accessrules.errors import AccessRulesError, Problem

__all__ = ["command"]

FOUND = 1
_HOW = "write `diff BASE OTHER`, two folders, or `diff --proposal FILE`, with `--rules DIR` where need be"


@click.command("diff", cls=Verb)
@click.argument("folders", metavar="[BASE OTHER]", nargs=-1)
@about_rules()
@click.option("--decision", metavar="NAME", help="Only the changes of this decision.")
@click.option("--known-on", metavar="DATE", help="Compare what was published by that day.")
@click.option("--reasons", is_flag=True, help="List where only reasons change; without it they are counted.")
@click.option("--exit-code", is_flag=True, help="End with 1 where the version is to be raised for more than reasons.")
def command(
    setting: Setting,
    folders: tuple[str, ...],
    decision: str | None,
    known_on: str | None,
    reasons: bool,
    exit_code: bool,
) -> int:
    """Show where two rule sets answer differently, with both sides and a case that shows it.

    BASE and OTHER are the folders of rule sets. With --proposal the rules are compared with what the proposals make
    of them. Complete, over all days, with everything known. Where the two know a rule from different days, answers
    asked with --known-on change in between: these days are named, to be compared with --known-on. What only one of
    the two has (decisions, outcomes, facts, values) is named as added or removed. With --exit-code the code is 1 where
    an answer or its details change, for any of these reasons; 0 where at most reasons do.

    \b
    accessrules diff rules draft
    accessrules diff --proposal draft.yaml
    accessrules diff rules draft --format md --lang zh > review.md
    accessrules diff rules draft --exit-code --format json
    """
    problems: list[Problem] = []
    day = checked_day("--known-on", known_on, problems)
    sides = _sides(setting, folders, problems)
    if len(sides) == 2 and decision is not None:
        checked_decision(sides[1].rules, decision, problems)
    if problems:
        raise AccessRulesError(problems)
    changes = _changes(sides, decision, day)
    show(setting, lambda: _as_json(changes), lambda: blocks(changes, sides, setting.format, reasons=reasons))
    return FOUND if exit_code and changes.bump in ("minor", "major") else 0


def _sides(setting: Setting, folders: Sequence[str], problems: list[Problem]) -> list[Compared]:
    """The rule sets before and after, each read; what is wrong with them or the call is added to the problems."""
    expected = (0, 1) if setting.proposals else (2,)
    if len(folders) not in expected:
        given = "1 is" if len(folders) == 1 else f"{len(folders)} are"
        beside = " beside a proposal" if setting.proposals else ""
        problems.append(Problem("diff", f"compares two rule sets, and {given} given{beside}", _HOW))
    elif folders and setting.folder is not None:
        problems.append(Problem("--rules", "`diff` is given folders and this option", _HOW))
    if problems:
        return []
    settings = [replace(setting, folder=folder) for folder in folders] or [setting]
    if setting.proposals:
        sides = [_read(settings[0], problems, proposed=False), _read(settings[0], problems)]
    else:
        sides = [_read(one, problems) for one in settings]
    return [side for side in sides if side is not None]


def _read(setting: Setting, problems: list[Problem], *, proposed: bool = True) -> Compared | None:
    """The rule set of a setting, with or without what is proposed."""
    try:
        rules = setting.rules if proposed else setting.base
    except AccessRulesError as wrong:
        problems.extend(wrong.problems)
        return None
    options = setting.options if proposed else replace(setting, proposals=()).options
    return Compared(rules, options, setting.lang)


def _changes(sides: Sequence[Compared], decision: str | None, day: dt.date | None) -> Changes:
    before, after = (side.rules for side in sides)
    changes = before.diff(after, known_on=day)
    return changes if decision is None else changes.about(decision)


def _as_json(changes: Changes) -> dict[str, Any]:
    return {
        "changes": changes.model_dump(),
        "bump": changes.bump,
        "causes": list(changes.causes),
        "added": [part.dump() for part in changes.added],
        "removed": [part.dump() for part in changes.removed],
        "publications": [{"from": str(first), "until": str(until)} for first, until in changes.publications],
        "before": changes.before.identity(),
        "after": changes.after.identity(),
    }
