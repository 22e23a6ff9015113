"""`timeline`: the periods of the answer over time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from accessrules.cases import Case
from accessrules.commands.inputs import Asked, Given
from accessrules.commands.options import Verb, about_case
from accessrules.commands.output import print_document, print_json
from accessrules.commands.telling import Teller
from accessrules.explaining.document import Block, Item, Items, Line, line
from accessrules.vocabulary import AS_OF

__all__ = ["command"]


@click.command("timeline", cls=Verb)
@about_case(on="The day whose period is marked; today where none is given.")
def command(given: Given) -> None:
    """Show the periods of the answer over time, each with its rule and sources.

    \b
    accessrules timeline category=fridge effective_volume=520
    accessrules timeline category=冰箱 effective_volume=520 --lang zh
    """
    asked = given.read()
    case = Case(asked.case.facts)
    periods = asked.rules.timeline(case, decision=asked.decision, known_on=asked.known_on)
    for one in periods:
        one["current"] = _holds(one, asked.as_of)
    if given.format == "json":
        print_json(
            {
                "decision": asked.name,
                "as_of": asked.as_of and asked.as_of.isoformat(),
                "known_on": asked.known_on and asked.known_on.isoformat(),
                "periods": periods,
            }
        )
        return
    teller = Teller(asked.rules, given.lang)
    print_document(teller.document(*_blocks(asked, periods, teller)), given.format)


def _holds(period: dict[str, Any], day: dt.date | None) -> bool:
    """Whether the day lies in the period; ISO days compare as text."""
    shown = day.isoformat() if day else None
    return (
        shown is not None and (period["from"] or "") <= shown and (period["until"] is None or shown < period["until"])
    )


def _blocks(asked: Asked, periods: list[dict[str, Any]], teller: Teller) -> list[Block]:
    title = teller.heading("timeline_title", 1, question=teller.labels.question(asked.name))
    items = [
        Item(_line(one, asked, teller), _below(one, asked, teller), mark="►" if one["current"] else "")
        for one in periods
    ]
    return [title, *teller.case(asked, without=(AS_OF.name,)), Items(tuple(items))]


def _below(period: dict[str, Any], asked: Asked, teller: Teller) -> tuple[Item, ...]:
    """What is behind the answer of a period."""
    day = dt.date.fromisoformat(period["from"]) if period["from"] else _before(period["until"])
    decider = asked.rules.decider(asked.decision)
    return teller.because(decider, decider.read(Case(asked.case.facts), day, asked.known_on).cells)


def _before(day: str | None) -> dt.date:
    return dt.date.fromisoformat(day) - dt.timedelta(days=1) if day else dt.date.max


def _line(period: dict[str, Any], asked: Asked, teller: Teller) -> Line:
    answer = teller.answer(asked.name, period["status"], period["outcome"], period["rule"])
    shown = teller.say("region", region=_days(period, teller), answer=teller.contested(answer, period["contested"]))
    if not period["current"]:
        return shown
    assert asked.as_of is not None
    return line(shown, teller.say("period_today" if asked.took_today else "period_asked", day=asked.as_of.isoformat()))


def _days(period: dict[str, Any], teller: Teller) -> str:
    first, after = period["from"], period["until"]
    if not first and not after:
        return teller.text("always")
    last = _before(after).isoformat() if after else None
    return teller.labels.language.days(first, last, after)
