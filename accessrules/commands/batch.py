"""`batch`: a register decided row by row into a file."""

from __future__ import annotations

from pathlib import Path

import click

from accessrules.commands.batchwords import blocks
from accessrules.commands.inputs import Setting
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.output import show
from accessrules.commands.progress import progress_of_rows
from accessrules.commands.registeroptions import as_called, read_map, register_days
from accessrules.commands.telling import Teller
from accessrules.errors import AccessRulesError, QueryError, RegisterError
from accessrules.tables.questions import EXTRA_COLUMNS

__all__ = ["command"]

FOUND = 1
_OPTIONS = {"decision": "--decision", "also": "--also", "columns": "IN"}


@click.command("batch", cls=Verb)
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT")
@about_rules(formats=("text", "json", "md"))
@click.option("--map", "map_file", metavar="FILE", help="YAML or JSON: what the columns are, and their units.")
@click.option("--on", metavar="DATE", help="The day asked about of rows that have none in a column `as_of`; or today.")
@click.option("--known-on", metavar="DATE", help="Ask with what was published by that day.")
@click.option("--decision", metavar="NAME", help="Which decision; by default the main one.")
@click.option("--also", multiple=True, type=click.Choice(EXTRA_COLUMNS), help="A further column; may be repeated.")
@click.option("--threads", type=click.IntRange(1, 256), metavar="N", help="How many work at once; else one a core.")
def command(
    setting: Setting,
    source: str,
    target: str,
    map_file: str | None,
    on: str | None,
    known_on: str | None,
    decision: str | None,
    also: tuple[str, ...],
    threads: int | None,
) -> int:
    """Decide a register: IN with the answers after its columns becomes OUT, in the same order.

    CSV (with a header), JSON Lines or Parquet, each by its extension; IN may be `-`. A column is the fact of its name,
    an empty cell is not known. Rejected rows go to OUT.rejected, and make the exit code 1. OUT is there only once it is
    whole. Needs `pip install 'accessrules[tables]'`.

    \b
    accessrules batch register.csv decided.csv --on 2018-03-14
    accessrules batch register.parquet decided.parquet --also needs
    """
    from accessrules.tables import Question, check_installed

    check_installed("batch")
    from accessrules.tables.batching import decide_file

    days, took_today = register_days(on, known_on)
    map_ = read_map(map_file, units=True)
    question = Question(decision, days["as_of"], None, days["known_on"], map_.data, tuple(dict.fromkeys(also)))
    try:
        with progress_of_rows("batch") as told:
            found = decide_file(setting.rules, source, Path(target), question, threads=threads, watch=told)
    except (RegisterError, QueryError) as wrong:
        raise AccessRulesError(as_called(problem, map_, _OPTIONS) for problem in wrong.problems) from None
    teller = Teller(setting.rules, setting.lang)
    show(setting, found.model_dump, lambda: blocks(found, target, teller, setting.format, took_today=took_today))
    return FOUND if found.statuses["rejected"] else 0
