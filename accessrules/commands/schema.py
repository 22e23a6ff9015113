"""`schema`: the JSON Schemas of rule files, cases and decisions."""

from __future__ import annotations

import click

from accessrules.commands.options import Verb
from accessrules.commands.output import print_json, write_out
from accessrules.errors import AccessRulesError, Problem, QueryError

__all__ = ["command"]


@click.command("schema", cls=Verb)
@click.argument("name", required=False)
@click.option(
    "--rules", "folder", metavar="DIR", help="The rule set whose facts `case` has, instead of the shipped rules."
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="The language of titles in `case`."
)
def command(name: str | None, folder: str | None, lang: str) -> None:
    """Print a JSON Schema (draft 2020-12), for editors, forms and programs; without NAME, the names there are.

    \b
    accessrules schema rules > rules.schema.json
    accessrules schema case --lang zh
    accessrules schema decision
    """
    from accessrules.ruleset import load_rules
    from accessrules.schemas import SCHEMAS, schema

    if name is None:
        write_out("\n".join(SCHEMAS))
        return
    try:
        print_json(schema(name, lambda: load_rules(folder).form, lang))
    except QueryError as wrong:
        raise AccessRulesError(Problem(name, p.message, p.help) for p in wrong.problems) from None
