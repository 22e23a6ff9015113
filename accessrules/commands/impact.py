"""`impact`: what a change of the rules does to the rows of a register."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from accessrules.commands.factsfile import read_data_file
from accessrules.commands.impactwords import blocks
from accessrules.commands.inputs import DAY_OPTIONS, Setting, option_day
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.output import show
from accessrules.commands.progress import progress
from accessrules.commands.telling import Teller
from accessrules.errors import AccessRulesError, Problem, QueryError, RegisterError
from accessrules.impact import Impact, impact
from accessrules.reading.yamlfiles import YamlFile
from accessrules.registers import Rejected, open_register
from accessrules.registers.rows import STANDARD_INPUT
from accessrules.replacing import write_file
from accessrules.ruleset import RuleSet, load_rules
from accessrules.values import Unreadable
from accessrules.vocabulary import AS_OF, KNOWN_ON

__all__ = ["command"]

FOUND = 1


@click.command("impact", cls=Verb)
@click.argument("register", metavar="REGISTER")
@about_rules()
@click.option("--against", metavar="DIR", help="The folder of a rule set to compare with, instead of a proposal.")
@click.option("--by", multiple=True, metavar="COLUMN", help="Count each value of the column apart; may be repeated.")
@click.option("--map", "map_file", metavar="FILE", help="YAML or JSON: columns with the facts that they are.")
@click.option("--on", metavar="DATE", help="The day asked about of rows that have none in a column `as_of`; or today.")
@click.option("--known-on", metavar="DATE", help="Ask with what was published by that day.")
@click.option("--decision", metavar="NAME", help="Which decision; by default the main one.")
@click.option("--rejected", metavar="FILE", help="Write every rejected row to this file, as JSON Lines.")
def command(
    setting: Setting,
    register: str,
    against: str | None,
    by: tuple[str, ...],
    map_file: str | None,
    on: str | None,
    known_on: str | None,
    decision: str | None,
    rejected: str | None,
) -> int:
    """Count over a register what a change of the rules does: how many rows, which, and how many approvals.

    REGISTER is CSV with a header, or JSON Lines; `-` is standard input. A column is the fact of its name, an empty cell
    is not known. The exit code is 1 where rows were rejected; the others are counted all the same.

    \b
    accessrules impact register.csv --proposal draft.yaml --on 2018-08-01
    accessrules impact register.csv --against draft --by category --format md
    """
    days, took_today = _days(on, known_on)
    before, after = _sides(setting, against)
    map_ = YamlFile("", {}) if map_file is None else _map(map_file)

    def count(on_rejected: Callable[[Rejected], None] | None) -> Impact:
        with progress("impact", _size(register)) as told, open_register(register, told) as rows:
            return impact(
                before, after, rows, by=by, decision=decision, mapping=map_.data, on_rejected=on_rejected, **days
            )

    try:
        found = count(None) if rejected is None else _writing(Path(rejected), register, count)
    except (RegisterError, QueryError) as wrong:
        raise AccessRulesError(_as_called(problem, map_) for problem in wrong.problems) from None
    sides = Teller(before, setting.lang), Teller(after, setting.lang)
    show(
        setting,
        found.model_dump,
        lambda: blocks(found, sides, setting.format, took_today=took_today, rejected=rejected),
    )
    return FOUND if found.total.rejected else 0


def _days(on: str | None, known_on: str | None) -> tuple[dict[str, dt.date | None], bool]:
    """The days of the options, and whether today was taken."""
    problems: list[Problem] = []
    days: dict[str, dt.date | None] = {AS_OF.name: dt.date.today() if on is None else None, KNOWN_ON.name: None}
    for name, text in ((AS_OF.name, on), (KNOWN_ON.name, known_on)):
        try:
            if text is not None:
                days[name] = option_day(text)
        except Unreadable as wrong:
            problems.append(Problem(DAY_OPTIONS[name], wrong.message, wrong.help))
    if problems:
        raise QueryError(problems)
    return days, on is None


def _sides(setting: Setting, against: str | None) -> tuple[RuleSet, RuleSet]:
    """The rule sets before and after: without and with the proposals, or the one and the other folder's."""
    if not setting.proposals and against is None:
        help = "give a proposal, or with `--against` the folder of a rule set"
        raise QueryError([Problem("--proposal", "there is nothing to compare with", help)])
    if setting.proposals and against is not None:
        raise QueryError([Problem("--against", "it is given beside `--proposal`", "give one of the two")])
    return load_rules(setting.folder), setting.rules if against is None else load_rules(against)


def _map(name: str) -> YamlFile:
    """A file of columns with their facts; raises with every problem."""
    file = read_data_file(name, "--map -")
    if not file.problems and not isinstance(file.data, dict):
        file.problems.append(file.problem((), "the map is not a mapping", "write `column: fact`, or `column: null`"))
    if not file.problems:
        for column, fact in file.data.items():
            if fact is not None and not isinstance(fact, str):
                message = f"`{column}` is not mapped to a fact"
                file.problems.append(file.problem((column,), message, "write the name of a fact, or `null`"))
    if file.problems:
        raise AccessRulesError(file.problems)
    return file


def _as_called(problem: Problem, map_: YamlFile) -> Problem:
    """The problem where the caller finds it: at the option, or in the map."""
    root, _, name = problem.path.partition(".")[2].partition(".")
    if root == "map":
        return map_.problem((name,), problem.message, problem.help)
    option = {"by": "--by", "decision": "--decision"}.get(root)
    return replace(problem, path=option) if option else problem


def _size(name: str) -> int | None:
    path = Path(name)
    return path.stat().st_size if name != STANDARD_INPUT and path.is_file() else None


def _writing(path: Path, register: str, count: Callable[[Callable[[Rejected], None]], Impact]) -> Impact:
    """Count, with every rejected row written to a file; the file is there only once it is whole."""
    if path.exists() and Path(register).exists() and path.samefile(register):
        raise QueryError([Problem("--rejected", f"`{path}` is the register itself", "name another file")])
    found: list[Impact] = []

    def write(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8") as stream:

            def told(one: Rejected) -> None:
                stream.write(json.dumps(one.dump(), ensure_ascii=False) + "\n")

            found.append(count(told))

    write_file(path, write, asked_by="--rejected")
    return found[0]
