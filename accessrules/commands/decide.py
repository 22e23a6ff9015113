"""`decide`: a case decided and explained."""

from __future__ import annotations

import click

from accessrules.commands.explained import print_explained
from accessrules.commands.inputs import Given
from accessrules.commands.options import Verb, about_case
from accessrules.commands.output import print_json

__all__ = ["command"]

UNSETTLED = 3


@click.command("decide", cls=Verb)
@about_case(decision="Which decision, or `all`; by default the main one.", all_decisions=True)
def command(given: Given) -> int:
    """Decide a case and explain why. The exit code is 3 where the answer is not settled.

    \b
    accessrules decide category=fridge effective_volume=520 --on 2018-03-14
    accessrules decide category=冰箱 effective_volume="0.52 m3" --lang zh
    accessrules decide --facts case.json --decision all --format json
    """
    asked = given.read()
    everything = asked.decision == "all"
    names = list(asked.rules.form.decisions) if everything else [asked.name]
    decisions = {name: asked.rules.decide(asked.case, decision=name) for name in names}
    if given.format != "json":
        print_explained(asked, list(decisions.values()))
    elif everything:
        print_json({name: one.model_dump() for name, one in decisions.items()})
    else:
        print_json(decisions[names[0]].model_dump())
    return 0 if all(one.status == "decided" for one in decisions.values()) else UNSETTLED
