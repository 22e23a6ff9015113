"""`facts`: the facts of the vocabulary, listed, found and shown."""

from __future__ import annotations

from typing import Any, TypeAlias

import click

from accessrules.commands.inputs import Setting
from accessrules.commands.measures import Measured, measured
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.output import show
from accessrules.commands.telling import Teller
from accessrules.errors import Problem, QueryError
from accessrules.explaining.document import Block, Item, Items, Line, Paragraph, Span, Table, line
from accessrules.finding import ranked
from accessrules.rules import SourceForm
from accessrules.suggesting import did_you_mean
from accessrules.values import json_value, value_text
from accessrules.vocabulary import Fact, Value

__all__ = ["command"]


@click.command("facts", cls=Verb)
@click.argument("name", required=False)
@about_rules()
@click.option(
    "--find", metavar="TEXT", help="Search names, labels and common names of facts and values, in both languages."
)
def command(setting: Setting, name: str | None, find: str | None) -> None:
    """List the facts that rules test; with NAME, show one with its values; with --find, search.

    \b
    accessrules facts
    accessrules facts category --lang zh
    accessrules facts --find 冰箱
    accessrules facts --find "refrigerator 520 L"
    """
    if name is not None and find is not None:
        raise QueryError([Problem("--find", "a name is given as well", "give one of the two")])
    form = setting.rules.form
    facts = [fact for fact in form.vocabulary if not fact.derived]
    teller = Teller(setting.rules, setting.lang)
    if name is not None:
        fact = _named(name, facts)
        show(setting, lambda: _as_json(fact, form), lambda: _shown(fact, teller))
    elif find is not None:
        found = ranked(find, *_searched(facts))
        measures = measured(find, next(((f, v.id) for f, v in found if v is not None), None), setting.rules)
        data = {
            "find": find,
            "found": [_found_json(fact, value) for fact, value in found],
            "facts": [one.dump() for one in measures],
        }
        show(setting, lambda: data, lambda: _found(find, found, measures, teller))
    else:
        show(setting, lambda: {"facts": [_as_json(fact, form) for fact in facts]}, lambda: _listed(facts, teller))


def _named(name: str, facts: list[Fact]) -> Fact:
    for fact in facts:
        if fact.name == name:
            return fact
    known = {fact.name: tuple(t for t in (fact.label.en, fact.label.zh) if t) for fact in facts}
    raise QueryError([Problem(name, f"there is no fact `{name}`", did_you_mean(name, known, "facts"))])


_Found: TypeAlias = tuple[Fact, Value | None]
_Named: TypeAlias = list[tuple[_Found, list[str]]]


def _searched(facts: list[Fact]) -> tuple[_Named, _Named]:
    """Every value, then every fact, with all that it may be called."""
    values: _Named = [((fact, value), [value.id, *value.names()]) for fact in facts for value in fact.values.values()]
    return values, [((fact, None), [fact.name, fact.label.en, fact.label.zh or ""]) for fact in facts]


# ---------------------------------------------------------------------------------------------------- as JSON


def _as_json(fact: Fact, form: SourceForm) -> dict[str, Any]:
    return {
        "fact": fact.name,
        "type": fact.type,
        "unit": fact.unit,
        "label": fact.label.dump(),
        "question": fact.question.dump(),
        "min": _bound(fact, fact.minimum),
        "max": _bound(fact, fact.maximum),
        "presume": json_value(fact.presume),
        "values": [_value_json(value) for value in fact.values.values()],
        "rules": _users(fact, form),
    }


def _value_json(value: Value) -> dict[str, Any]:
    return {"value": value.id, "label": value.label.dump(), "under": value.under, "also": list(value.also)}


def _found_json(fact: Fact, value: Value | None) -> dict[str, Any]:
    named = value or fact
    return {"fact": fact.name, "value": value.id if value else None, "label": named.label.dump()}


def _bound(fact: Fact, bound: Any) -> Any:
    if bound is None or fact.type != "date":
        return json_value(bound)
    import datetime as dt

    return dt.date.fromordinal(int(bound)).isoformat()


def _users(fact: Fact, form: SourceForm) -> int:
    """How many rules test the fact."""
    return sum(any(fact.name in clause for clause in rule.clauses) for rule in form.rules.values())


# ---------------------------------------------------------------------------------------------------- in words


def _listed(facts: list[Fact], teller: Teller) -> list[Block]:
    columns = tuple(teller.text(word) for word in ("fact", "label", "type", "presumed_if"))
    rows = tuple(
        (
            line(Span(fact.name, "code")),
            line(fact.label.say(teller.lang)),
            line(_type(fact, teller)),
            line(_presumed(fact, teller)),
        )
        for fact in facts
    )
    return [teller.ruleset_heading("facts_title"), Table(columns, rows)]


def _type(fact: Fact, teller: Teller) -> str:
    kind = teller.text(f"type_{fact.type}")
    return teller.text("in_unit", type=kind, unit=fact.unit) if fact.unit else kind


def _presumed(fact: Fact, teller: Teller) -> str:
    return "" if fact.presume is None else teller.labels.value(fact.name, json_value(fact.presume))


def _found(text: str, found: list[_Found], measures: list[Measured], teller: Teller) -> list[Block]:
    if not found and not measures:
        return [teller.paragraph("found_nothing", text=text)]
    blocks: list[Block] = [teller.heading("found_title", 1, text=text)]
    if found:
        blocks.append(Items(tuple(Item(_line(fact, value, teller)) for fact, value in found)))
    if measures:
        blocks += [teller.paragraph("found_measures"), Items(tuple(Item(_measure(one, teller)) for one in measures))]
    return blocks


def _measure(one: Measured, teller: Teller) -> Line:
    code = Span(teller.text("found_measure", fact=one.fact.name, value=value_text(one.value, one.fact)), "code")
    return teller.say("region", region=code, answer=one.fact.label.say(teller.lang))


def _line(fact: Fact, value: Value | None, teller: Teller) -> Line:
    if value is None:
        return teller.say("region", region=Span(fact.name, "code"), answer=fact.label.say(teller.lang))
    code = Span(teller.text("found_value", fact=fact.name, value=value.id), "code")
    return teller.say("region", region=code, answer=_called(value, teller))


def _called(value: Value, teller: Teller) -> str:
    names = [value.label.say(teller.lang)]
    other = value.label.zh if teller.lang == "en" else value.label.en
    return teller.text("name_list").join([*names, *([other] if other else []), *value.also])


def _shown(fact: Fact, teller: Teller) -> list[Block]:
    facts = [
        teller.say("region", region=teller.text("fact"), answer=Span(fact.name, "code")),
        teller.say("region", region=teller.text("type"), answer=_type(fact, teller)),
        teller.say("region", region=teller.text("question"), answer=fact.question.say(teller.lang)),
    ]
    if fact.minimum is not None or fact.maximum is not None:
        facts.append(teller.say("region", region=teller.text("range"), answer=_range(fact, teller)))
    if fact.presume is not None:
        facts.append(teller.say("region", region=teller.text("presumed_if"), answer=_presumed(fact, teller)))
    blocks: list[Block] = [
        teller.heading("sentence_part", 1, text=fact.label.say(teller.lang)),
        Items(tuple(Item(one) for one in facts)),
        Paragraph(teller.counted("used_by", _users(fact, teller.rules.form))),
    ]
    if fact.values:
        blocks += [teller.heading("values"), Items(_tree(fact, None, teller))]
    return blocks


def _range(fact: Fact, teller: Teller) -> str:
    low, high = (
        None if bound is None else teller.labels.value(fact.name, _bound(fact, bound))
        for bound in (fact.minimum, fact.maximum)
    )
    if fact.type == "date":
        return teller.labels.language.days(low, high, high)
    return teller.labels.language.numbers((low, True) if low else None, (high, True) if high else None)


def _tree(fact: Fact, under: str | None, teller: Teller) -> tuple[Item, ...]:
    """The values, each with those under it."""
    return tuple(
        Item(
            line(
                teller.say("region", region=Span(value.id, "code"), answer=value.label.say(teller.lang)),
                Span(_also(value, teller), "muted"),
            ),
            _tree(fact, value.id, teller),
        )
        for value in fact.values.values()
        if value.under == under
    )


def _also(value: Value, teller: Teller) -> str:
    if not value.also:
        return ""
    return teller.text("aside", text=teller.text("also_called", names=teller.text("name_list").join(value.also)))
