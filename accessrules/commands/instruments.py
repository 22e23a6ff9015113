"""`instruments`: the legal and policy texts that rules cite, listed, found and shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from accessrules.commands.inputs import Setting
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.output import show
from accessrules.commands.telling import Teller
from accessrules.errors import AccessRulesError, Problem
from accessrules.explaining.document import Block, Heading, Item, Items, Line, Span, line
from accessrules.finding import ranked
from accessrules.rules import Instrument, Rule, SourceForm
from accessrules.suggesting import did_you_mean

__all__ = ["command"]

_READ = {
    "full": "read_full",
    "opening part or excerpt": "read_opening",
    "report only": "read_report",
    "none": "read_none",
}


@click.command("instruments", cls=Verb)
@click.argument("instrument_id", metavar="[ID]", required=False)
@about_rules()
@click.option("--find", metavar="TEXT", help="Search ids, numbers and titles, in both languages; best first.")
def command(setting: Setting, instrument_id: str | None, find: str | None) -> None:
    """List the instruments that rules cite; with ID, show one and the rules that cite it.

    \b
    accessrules instruments
    accessrules instruments n2019-34
    accessrules instruments --find 许可证 --lang zh
    """
    form = setting.rules.form
    teller = Teller(setting.rules, setting.lang)
    if instrument_id is not None:
        one = _named(instrument_id, form)
        show(setting, lambda: _as_json(one, form), lambda: _shown(one, teller))
        return
    found = list(form.instruments.values())
    if find is not None:
        found = ranked(find, ((one, [one.id, *one.names()]) for one in found))
    else:
        found.sort(key=lambda one: (one.published, one.id))
    data = {"instruments": [_as_json(one, form) for one in found]} if setting.format == "json" else {}
    show(setting, lambda: data, lambda: _listed(found, find, teller))


def _named(name: str, form: SourceForm) -> Instrument:
    if name in form.instruments:
        return form.instruments[name]
    known = {i.id: i.names() for i in form.instruments.values()}
    raise AccessRulesError(
        [Problem(name, f"there is no instrument `{name}`", did_you_mean(name, known, "instruments"))]
    )


def _citing(name: str, form: SourceForm) -> list[Rule]:
    """The rules with a source in the instrument, context included."""
    return [
        rule
        for rule in form.rules.values()
        if any(s.instrument == name for s in (*rule.sources, *(rule.ended.sources if rule.ended else ())))
    ]


def _as_json(one: Instrument, form: SourceForm) -> dict[str, Any]:
    return {
        "instrument": one.id,
        "number": one.number and one.number.dump(),
        "title": one.title.dump(),
        "issuers": list(one.issuers),
        "rank": one.rank,
        "published": one.published.isoformat(),
        "effective": one.effective and one.effective.isoformat(),
        "until": one.until and one.until.isoformat(),
        "confidence": one.confidence,
        "date_confidence": one.date_confidence,
        "read": one.read,
        "url": one.url,
        "note": one.note and one.note.dump(),
        "cited_by": [r.id for r in _citing(one.id, form)],
    }


def _listed(found: list[Instrument], find: str | None, teller: Teller) -> Iterator[Block]:
    if find is not None and not found:
        yield teller.paragraph("found_nothing", text=find)
        return
    yield teller.ruleset_heading("instruments_title") if find is None else teller.heading("found_title", 1, text=find)
    yield Items(tuple(_entry(one, teller) for one in found))


def _entry(one: Instrument, teller: Teller) -> Item:
    facts = [
        one.published.isoformat(),
        teller.text(f"rank_{one.rank}"),
        teller.labels.language.confidence[one.confidence],
        *([teller.text("read_short", read=teller.text(_READ[one.read]))] if one.read else []),
    ]
    cited = teller.text("region", region=teller.text("cited"), answer=str(len(_citing(one.id, teller.rules.form))))
    return Item(
        line(Span(one.id, "code"), *(["  ", one.number.say(teller.lang)] if one.number else [])),
        (
            Item(line(Span(one.title.say(teller.lang), "strong"))),
            Item(line(teller.text("between").join([*facts, cited]))),
        ),
    )


def _shown(one: Instrument, teller: Teller) -> Iterator[Block]:
    yield teller.heading("region", 1, region=one.title.say(teller.lang), answer=Span(one.id, "code"))
    yield Items(tuple(Item(fact) for fact in _facts(one, teller)))
    citing = _citing(one.id, teller.rules.form)
    if not citing:
        yield teller.paragraph("cited_none")
        return
    yield Heading(teller.counted("cited_by", len(citing)))
    yield Items(tuple(Item(teller.labels.rule(rule.id), _at(rule, one, teller)) for rule in citing))


def _facts(one: Instrument, teller: Teller) -> Iterator[Line]:
    confidence, organs = teller.labels.language.confidence, teller.rules.form.organs
    if one.number:
        yield teller.say("number_is", number=one.number.say(teller.lang))
    names = [organs[name].name.say(teller.lang) if name in organs else name for name in one.issuers]
    yield teller.say("issued_by", names=teller.text("name_list").join(names))
    yield teller.say("rank_line", rank=teller.text(f"rank_{one.rank}"))
    unsure = teller.text("day_confidence", confidence=confidence[one.date_confidence]) if one.date_confidence else ""
    yield teller.say("published_on", day=one.published.isoformat(), note=unsure)
    if one.effective:
        yield teller.say("effective_on", day=one.effective.isoformat())
    if one.until:
        yield teller.say("until", day=one.until.isoformat())
    yield teller.say("confidence_is", confidence=confidence[one.confidence])
    if one.read:
        yield teller.say("read", read=teller.text(_READ[one.read]))
    if one.url:
        yield teller.say("link", url=Span(one.url, url=one.url))
    if one.note:
        yield teller.say("rule_note", note=one.note.say(teller.lang))


def _at(rule: Rule, one: Instrument, teller: Teller) -> tuple[Item, ...]:
    """Where in the instrument the rule stands."""
    places = [
        s for s in (*rule.sources, *(rule.ended.sources if rule.ended else ())) if s.instrument == one.id and s.at
    ]
    return tuple(Item(line(teller.labels.at(s.dump()))) for s in places)
