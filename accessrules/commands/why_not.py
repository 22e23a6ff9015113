"""`why-not`: why a rule does not decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import click

from accessrules.commands.inputs import Given
from accessrules.commands.options import Verb, about_case
from accessrules.commands.output import print_document, print_json
from accessrules.commands.telling import Teller
from accessrules.decision import Decision
from accessrules.errors import AccessRulesError, Problem, QueryError
from accessrules.explaining.document import Block, Item, Items, Paragraph, line
from accessrules.explaining.reasoning import read_otherwise

__all__ = ["command"]

_MARKS = {True: "✓", False: "✗", None: "?"}


@click.command("why-not", cls=Verb)
@click.argument("rule")
@about_case(decision="Which decision; by default the rule's own.")
def command(given: Given, rule: str) -> None:
    """Show why a rule does not decide: its tests with the case's values, and what goes before it.

    \b
    accessrules why-not refrigerator.small.ccc \\
        category=fridge effective_volume=520 --on 2018-03-14
    """
    known = given.rules.form.rules.get(rule)
    if given.decision is None and known is not None:
        given = replace(given, decision=known.decision)
    asked = given.read()
    decision = asked.rules.decide(asked.case, decision=asked.decision)
    try:
        found = decision.why_not(rule)
    except QueryError as wrong:
        raise AccessRulesError(Problem(rule, p.message, p.help) for p in wrong.problems) from None
    if given.format == "json":
        print_json(found)
        return
    teller = Teller(asked.rules, given.lang)
    title = teller.heading("why_not_title", 1, rule=teller.labels.rule(rule))
    blocks = [title, *teller.case(asked), *_blocks(found, decision, teller)]
    print_document(teller.document(*blocks), given.format)


def _blocks(found: dict[str, Any], decision: Decision, teller: Teller) -> Iterator[Block]:
    answer = teller.answer(
        decision.decision, "decided" if found["outcome"] else "undetermined", found["outcome"], found["rule"]
    )
    failing = [test for test in found["tests"] if test["holds"] is False]
    counts = {"count": str(len(failing)), "total": str(len(found["tests"]))} if failing else {}
    yield teller.paragraph(_verdict(found, decision), answer=answer, **counts)
    if found["tests"]:
        yield teller.heading("why_not_tests")
        yield Items(tuple(_test(test, teller) for test in found["tests"]))
    if found["yielded"]:
        yield teller.heading("why_not_reason")
        yield Items(tuple(_before(one, teller) for one in found["yielded"]))
    yield teller.heading("sources")
    yield Items(tuple(Item(teller.citation(one)) for one in teller.rules.form.rules[found["rule"]].sources))
    if found["contested"]:
        yield teller.heading("contested")
        yield Items(read_otherwise(found["contested"], teller.labels))
    if not found["decides"]:
        yield teller.heading("why_not_instead")
        answer = teller.answer(decision.decision, decision.status, decision.outcome, decision.rule)
        yield Paragraph(teller.contested(answer, decision.contested))
        if reasons := teller.because(decision.rules.decider(decision.decision), decision.case.cells):
            yield Items(reasons)


def _verdict(found: dict[str, Any], decision: Decision) -> str:
    if found["decides"]:
        return "why_not_decides"
    if found["applies"] is False:
        return "why_not_fails" if [t["holds"] for t in found["tests"]].count(False) == 1 else "why_not_fails_more"
    if found["applies"] is None:
        return "why_not_unsure"
    if found["yielded"]:
        return "why_not_yields"
    return "why_not_agrees" if decision.status == "decided" else "why_not_at_odds"


def _test(test: dict[str, Any], teller: Teller) -> Item:
    labels, name = teller.labels, test["fact"]
    words = teller.say("test", fact=labels.fact(name), test=labels.test(name, test["test"]))
    here = teller.say("test_here", value=labels.value(name, test["value"]))
    return Item(line(words, here), mark=_MARKS[test["holds"]])


def _before(one: dict[str, Any], teller: Teller) -> Item:
    cited = teller.text("aside", text=_authority(one["authority"], teller)) if one["authority"] else ""
    return Item(
        teller.say(
            "goes_before", rule=teller.labels.rule(one["to"]), principle=teller.text(one["principle"]), authority=cited
        )
    )


def _authority(authority: str, teller: Teller) -> str:
    """The article as it is cited: the report has the instrument's id and the place in it."""
    instrument, _, at = authority.partition(" ")
    return "".join(span.text for span in teller.labels.place(instrument, at))
