"""`impact`: what a change of the rules does to the rows of a register."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click

from accessrules.commands.impactwords import blocks
from accessrules.commands.inputs import Setting
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.output import show
from accessrules.commands.progress import progress
from accessrules.commands.registeroptions import as_called, open_rows, read_map, register_days, size_of
from accessrules.commands.telling import Teller
from accessrules.errors import AccessRulesError, Problem, QueryError, RegisterError
from accessrules.impact import Impact, impact
from accessrules.registers import Rejected
from accessrules.replacing import write_file
from accessrules.ruleset import RuleSet, load_rules

__all__ = ["command"]

FOUND = 1
_OPTIONS = {"by": "--by", "decision": "--decision"}


@click.command("impact", cls=Verb)
@click.argument("register", metavar="REGISTER")
@about_rules()
@click.option("--against", metavar="DIR", help="The folder of a rule set to compare with, instead of a proposal.")
@click.option("--by", multiple=True, metavar="COLUMN", help="Count each value of the column apart; may be repeated.")
@click.option("--map", "map_file", metavar="FILE", help="YAML or JSON: what the columns are, and their units.")
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

    REGISTER is CSV with a header, JSON Lines, or Parquet (extra `tables`); `-` is standard input. A column is the fact
    of its name, an empty cell is not known. Approvals are counted of the main decision, and of one that declares some
    outcome `approval: false`. The exit code is 1 where rows were rejected; the others are counted
    all the same.

    \b
    accessrules impact register.csv --proposal draft.yaml --on 2018-08-01
    accessrules impact register.csv --against draft --by category --format md
    """
    days, took_today = register_days(on, known_on)
    before, after = _sides(setting, against)
    map_ = read_map(map_file, units=True)

    def count(on_rejected: Callable[[Rejected], None] | None) -> Impact:
        with progress("impact", size_of(register)) as told, open_rows(register, told) as rows:
            return impact(
                before, after, rows, by=by, decision=decision, mapping=map_.data, on_rejected=on_rejected, **days
            )

    try:
        found = count(None) if rejected is None else _writing(Path(rejected), register, count)
    except (RegisterError, QueryError) as wrong:
        raise AccessRulesError(as_called(problem, map_, _OPTIONS) for problem in wrong.problems) from None
    sides = Teller(before, setting.lang), Teller(after, setting.lang)
    show(
        setting,
        found.model_dump,
        lambda: blocks(found, sides, setting.format, took_today=took_today, rejected=rejected),
    )
    return FOUND if found.total.rejected else 0


def _sides(setting: Setting, against: str | None) -> tuple[RuleSet, RuleSet]:
    """The rule sets before and after: without and with the proposals, or the one and the other folder's."""
    if not setting.proposals and against is None:
        help = "give a proposal, or with `--against` the folder of a rule set"
        raise QueryError([Problem("--proposal", "there is nothing to compare with", help)])
    if setting.proposals and against is not None:
        raise QueryError([Problem("--against", "it is given beside `--proposal`", "give one of the two")])
    return load_rules(setting.folder), setting.rules if against is None else load_rules(against)


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
