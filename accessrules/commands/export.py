"""`export`: a decision written for another system. `export sql`: one query, for the database that has the register."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import click

from accessrules.commands.inputs import Setting, checked_day
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.registeroptions import as_called, open_rows, read_map
from accessrules.errors import AccessRulesError, Problem, QueryError
from accessrules.exporting import DIALECTS, export_sql
from accessrules.reading.yamlfiles import YamlFile
from accessrules.registers import plan_columns
from accessrules.replacing import write_file
from accessrules.ruleset import RuleSet

__all__ = ["command"]

_OPTIONS = {
    **{name: f"--{name}" for name in ("decision", "dialect", "columns", "table", "view", "prefix")},
    "as_of": "--on",
    "known_on": "--known-on",
}
_IS_FILE = re.compile(r"[./\\]")
"""What the name of a file has, and that of a fact seldom."""


@click.group("export", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Write a decision for another system.

    \b
    accessrules export sql --on 2018-03-14 --view decided --out decided.sql
    """


@command.command("sql", cls=Verb)
@about_rules(formats=())
@click.option("--decision", metavar="NAME", help="Which decision; by default the main one.")
@click.option("--dialect", metavar="NAME", default="duckdb", show_default=True, help=f"{', '.join(DIALECTS)}.")
@click.option("--columns", metavar="A,B,C|FILE", help="The columns that are facts; or a file that has the columns.")
@click.option("--map", "map_file", metavar="FILE", help="YAML or JSON: which columns are which facts.")
@click.option("--on", metavar="DATE", help="The day asked about; without it, the column `as_of` has it.")
@click.option("--known-on", metavar="DATE", help="Ask with what was published by that day.")
@click.option("--table", metavar="NAME", default="cases", show_default=True, help="The table, or `schema.table`.")
@click.option("--view", metavar="NAME", help="Create this view, instead of a query.")
@click.option("--prefix", metavar="TEXT", default="", help="What the names of the answer's columns begin with.")
@click.option("--out", metavar="FILE", help="Write it into this file, not to standard output.")
def sql(
    setting: Setting,
    decision: str | None,
    dialect: str,
    columns: str | None,
    map_file: str | None,
    on: str | None,
    known_on: str | None,
    out: str | None,
    **names: str,
) -> None:
    """Write one query that decides each row of a table in a database.

    It gives the table's columns, then status, outcome, rule and problems, as `batch` does. Without --columns or --map,
    each fact that can matter has a column of its name. A fact without a column is not given; NULL is not known. Needs
    `pip install 'accessrules[sql]'`.

    \b
    accessrules export sql --on 2018-03-14 --columns category,effective_volume
    accessrules export sql --dialect postgres --table trade.register --view trade.decided --out decided.sql
    """
    problems: list[Problem] = []
    if columns is not None and map_file is not None:
        problems.append(Problem("--map", "the columns are given by `--columns` too", "give one of the two"))
    as_of, known = checked_day("--on", on, problems), checked_day("--known-on", known_on, problems)
    if problems:
        raise AccessRulesError(problems)
    map_ = read_map(map_file, units=False)
    named = map_.data if map_file is not None else None if columns is None else _columns(columns, setting.rules)
    try:
        made = export_sql(
            setting.rules, decision=decision, dialect=dialect, columns=named, as_of=as_of, known_on=known, **names
        )
    except QueryError as wrong:
        raise AccessRulesError(_located(one, map_, map_file) for one in wrong.problems) from None
    _write(made.sql, out)


def _columns(text: str, rules: RuleSet) -> Mapping[str, str | None] | Collection[str]:
    """The columns that are named, or those of a file: there, other columns than facts may be."""
    facts = {fact.name: fact for fact in rules.index.facts.values() if not fact.derived}
    names = [name.strip() for name in text.split(",")]
    if not _IS_FILE.search(text) or any(name in facts for name in names):
        return names
    with open_rows(text, lambda _: None) as register:
        next(iter(register), None)  # JSON Lines have no header: the first row has their columns
        columns = list(register.columns)
    found = plan_columns(columns, facts, {})
    if found.near:
        help = "name it so; or list the columns that are facts, or map them by `--map`"
        message = "the column `{0.column}` is no fact; did you mean `{0.fact}`?"
        raise AccessRulesError(Problem("--columns", message.format(one), help) for one in found.near)
    return dict.fromkeys(columns) | {columns[place]: fact for fact, place in found.facts.items()}


def _located(problem: Problem, map_: YamlFile, map_file: str | None) -> Problem:
    """The problem at its option, or at its column in the map."""
    if map_file is None:
        return as_called(problem, map_, _OPTIONS)
    in_map = replace(problem, path=problem.path.replace("$.columns.", "$.map."))
    return as_called(in_map, map_, {**_OPTIONS, "columns": "--map"})


def _write(text: str, out: str | None) -> None:
    if out is None:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.write(text)
    else:
        write_file(Path(out), lambda temporary: _write_text(temporary, text))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
