"""`export`: a decision as something that another system runs; so far as SQL."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import click

from accessrules.commands.inputs import DAY_OPTIONS, Setting, option_day
from accessrules.commands.options import Verb
from accessrules.commands.output import write_out
from accessrules.errors import AccessRulesError, Problem, QueryError
from accessrules.exporting import DIALECTS, export_sql
from accessrules.replacing import write_file
from accessrules.values import Unreadable
from accessrules.vocabulary import AS_OF, KNOWN_ON

__all__ = ["command"]

_OPTIONS = {
    "decision": "--decision",
    "dialect": "--dialect",
    "columns": "--columns",
    "table": "--table",
    "view": "--view",
    AS_OF.name: DAY_OPTIONS[AS_OF.name],
    KNOWN_ON.name: DAY_OPTIONS[KNOWN_ON.name],
}


@click.command("export", cls=Verb)
@click.argument("kind", type=click.Choice(["sql"]), metavar="sql")
@click.option("--rules", "folder", metavar="DIR", help="A folder with a rule set, instead of the shipped rules.")
@click.option("--proposal", "proposals", multiple=True, metavar="FILE", help="As if this were law; may be repeated.")
@click.option("--decision", metavar="NAME", help="Which decision; by default the main one.")
@click.option("--dialect", type=click.Choice(DIALECTS), default="duckdb", show_default=True, help="Of which database.")
@click.option("--columns", metavar="NAMES", help="The columns that are facts: `category,size=effective_volume`.")
@click.option("--on", metavar="DATE", help="The day asked about; without it, that of each row in a column `as_of`.")
@click.option("--known-on", metavar="DATE", help="Ask with what was published by that day.")
@click.option("--table", metavar="NAME", default="cases", show_default=True, help="The table, perhaps with its schema.")
@click.option("--prefix", default="", metavar="TEXT", help="Before the names of the answers' columns.")
@click.option("--view", metavar="NAME", help="Make a view of this name, instead of a query.")
@click.option("--out", metavar="FILE", help="Write to this file, instead of standard output.")
def command(
    kind: str,
    folder: str | None,
    proposals: tuple[str, ...],
    decision: str | None,
    dialect: str,
    columns: str | None,
    on: str | None,
    known_on: str | None,
    table: str,
    prefix: str,
    view: str | None,
    out: str | None,
) -> None:
    """Write a decision as one SQL query or view that decides each row of a table, as `decide` does.

    The table's columns come first, then `status`, `outcome`, `rule` and `problems`. NULL is not known. A fact whose
    column is not named is not given. Needs `pip install 'accessrules[sql]'`.

    \b
    accessrules export sql --columns category,effective_volume --on 2018-03-14
    accessrules export sql --dialect postgres --table products --view decided
    """
    setting = Setting(folder, proposals, "en", "text")
    try:
        made = export_sql(
            setting.rules,
            decision=decision,
            dialect=dialect,
            columns=_columns(columns, on),
            as_of=_day(AS_OF.name, on),
            known_on=_day(KNOWN_ON.name, known_on),
            table=table,
            view=view,
            prefix=prefix,
        )
    except QueryError as wrong:
        raise AccessRulesError(map(_as_called, wrong.problems)) from None
    if out is None:
        write_out(made.sql)
    else:
        write_file(Path(out), lambda temporary: _write(temporary, made.sql))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _columns(text: str | None, on: str | None) -> dict[str, str] | None:
    """The columns with their facts; raises where the same stands twice, or no row would have a day."""
    if text is None:
        return None
    pairs = [(column.strip(), fact.strip()) for column, _, fact in (one.partition("=") for one in text.split(","))]
    found = {column: fact or column for column, fact in pairs}
    if "" in found or len(found) < len(pairs):
        help = "write them with commas between: `category,volumen=effective_volume`"
        raise QueryError([Problem("--columns", f"`{text}` names no columns, or one of them twice", help)])
    if on is None and AS_OF.name not in found.values():
        help = "give `--on DATE`, or name the column: `as_of`, or `day=as_of`"
        raise QueryError([Problem("--on", "no day is given, and no column is `as_of`", help)])
    return found


def _day(name: str, text: str | None) -> dt.date | None:
    try:
        return None if text is None else option_day(text)
    except Unreadable as wrong:
        raise QueryError([Problem(DAY_OPTIONS[name], wrong.message, wrong.help)]) from None


def _as_called(problem: Problem) -> Problem:
    """The problem where the caller finds it."""
    root = problem.path.partition(".")[2].partition(".")[0]
    return replace(problem, path=_OPTIONS[root]) if root in _OPTIONS else problem
