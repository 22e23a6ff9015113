"""`flips`: the smallest changes that give another answer."""

from __future__ import annotations

from typing import Any

import click

from accessrules.commands.inputs import Asked, Given
from accessrules.commands.options import Verb, about_case
from accessrules.commands.output import print_document, print_json
from accessrules.commands.telling import Teller, joined
from accessrules.decision import Decision
from accessrules.errors import AccessRulesError, Problem, QueryError
from accessrules.explaining.document import Block, Item, Items, Line, Paragraph

__all__ = ["command"]


@click.command("flips", cls=Verb)
@about_case()
@click.option(
    "--over",
    multiple=True,
    metavar="FACT",
    help="A fact that may change (repeatable); by default all but category and dates.",
)
@click.option(
    "--at-most", type=click.IntRange(1, 4), default=2, show_default=True, help="Change at most so many facts at once."
)
def command(given: Given, over: tuple[str, ...], at_most: int) -> None:
    """Show the smallest changes to a case that give another answer. Each is decided again before it is shown.

    \b
    accessrules flips category=fridge effective_volume=520 --on 2018-03-14
    accessrules flips category=fridge effective_volume=520 --over as_of
    """
    asked = given.read()
    try:
        found = asked.rules.flips(asked.case, decision=asked.decision, over=over or None, at_most=at_most)
    except QueryError as wrong:
        raise AccessRulesError(Problem("--over", p.message, p.help) for p in wrong.problems) from None
    now = asked.rules.decide(asked.case, decision=asked.decision)
    if given.format == "json":
        flips = [{**one, "decision": one["decision"].model_dump()} for one in found]
        print_json({"decision": asked.name, "now": now.model_dump(), "flips": flips})
        return
    teller = Teller(asked.rules, given.lang)
    blocks: list[Block] = [
        teller.heading("flips_title", 1, question=teller.labels.question(asked.name)),
        *teller.case(asked),
        teller.paragraph("flips_now", answer=_answer(now, teller, now.rule)),
    ]
    if found:
        blocks += [teller.paragraph("flips_some"), Items(tuple(_item(one, asked, teller) for one in found))]
    else:
        blocks.append(Paragraph(teller.counted("flips_none", at_most)))
    print_document(teller.document(*blocks), given.format)


def _item(flip: dict[str, Any], asked: Asked, teller: Teller) -> Item:
    labels, decision = teller.labels, flip["decision"]
    changes = [
        teller.say(
            "flip_change", fact=labels.fact(name), old=labels.value(name, to["from"]), new=labels.value(name, to["to"])
        )
        for name, to in flip["changes"].items()
    ]
    return Item(
        teller.say("flip_gives", changes=joined(changes, teller.text("also")), answer=_answer(decision, teller)),
        teller.because(asked.rules.decider(asked.decision), decision.case.cells),
    )


def _answer(decision: Decision, teller: Teller, rule: str | None = None) -> Line:
    answer = teller.answer(decision.decision, decision.status, decision.outcome, rule)
    return teller.contested(answer, decision.contested)
