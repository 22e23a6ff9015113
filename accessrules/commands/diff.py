"""`diff`: where two rule sets answer differently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import click

from accessrules.changes import Changes
from accessrules.commands.changewords import blocks
from accessrules.commands.inputs import Setting, checked_day, checked_decision
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.output import show
from accessrules.errors import AccessRulesError, Problem

__all__ = ["command"]

FOUND = 1
_HOW = "write `diff BASE OTHER`, the folders of two rule sets"


@click.command("diff", cls=Verb)
@click.argument("folders", metavar="BASE OTHER", nargs=-1)
@about_rules()
@click.option("--decision", metavar="NAME", help="Only the changes of this decision.")
@click.option("--known-on", metavar="DATE", help="Compare what was published by that day.")
@click.option("--reasons", is_flag=True, help="List where only reasons change; without it they are counted.")
@click.option("--exit-code", is_flag=True, help="End with 1 where an answer or its details change.")
def command(
    setting: Setting,
    folders: tuple[str, ...],
    decision: str | None,
    known_on: str | None,
    reasons: bool,
    exit_code: bool,
) -> int:
    """Show where two rule sets answer differently, with both sides and a case that shows it.

    BASE and OTHER are the folders of rule sets. Complete, over all days, with everything known.

    \b
    accessrules diff rules draft
    accessrules diff rules draft --format md --lang zh > review.md
    accessrules diff rules draft --exit-code --format json
    """
    problems: list[Problem] = []
    day = checked_day("--known-on", known_on, problems)
    sides = _sides(setting, folders, problems)
    if sides and decision is not None:
        checked_decision(sides[1].rules, decision, problems)
    if problems:
        raise AccessRulesError(problems)
    changes = _changes(sides, decision, day)
    show(setting, lambda: _as_json(changes), lambda: blocks(changes, sides, setting.format, reasons=reasons))
    return FOUND if exit_code and (changes.of("answer") or changes.of("details")) else 0


def _sides(setting: Setting, folders: Sequence[str], problems: list[Problem]) -> tuple[Setting, ...]:
    """The rule sets before and after, each read; every problem of both is added to the problems."""
    if len(folders) != 2:
        given = "1 is" if len(folders) == 1 else f"{len(folders)} are"
        problems.append(Problem("diff", f"compares two rule sets, and {given} given", _HOW))
    if setting.folder is not None:
        problems.append(Problem("--rules", "`diff` names its rule sets by folders, not by options", _HOW))
    if problems:
        return ()
    sides = tuple(Setting(folder, setting.lang, setting.format) for folder in folders)
    for side in sides:
        try:
            side.rules  # noqa: B018 - read now, so that the problems of both are told at once
        except AccessRulesError as wrong:
            problems.extend(wrong.problems)
    return () if problems else sides


def _changes(sides: Sequence[Setting], decision: str | None, day: dt.date | None) -> Changes:
    before, after = (side.rules for side in sides)
    changes = before.diff(after, known_on=day)
    if decision is None:
        return changes
    return Changes([one for one in changes if one.decision == decision], before, after)


def _as_json(changes: Changes) -> dict[str, Any]:
    return {
        "changes": changes.model_dump(),
        "bump": changes.bump,
        "before": changes.before.identity(),
        "after": changes.after.identity(),
    }
