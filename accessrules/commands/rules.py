"""`rules`: the rules, listed, found and shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from accessrules.commands.conditionwords import condition_items
from accessrules.commands.inputs import Setting
from accessrules.commands.options import Verb, about_rules
from accessrules.commands.output import show
from accessrules.commands.telling import Teller
from accessrules.errors import AccessRulesError, Problem
from accessrules.explaining.document import Block, Heading, Item, Items, Line, Paragraph, Span, line
from accessrules.explaining.guiding import details
from accessrules.finding import ranked
from accessrules.rules import CONFIDENCES, Rule, Source, SourceForm
from accessrules.suggesting import did_you_mean
from accessrules.unarytests import test_words

__all__ = ["command"]


@click.command("rules", cls=Verb)
@click.argument("rule_id", metavar="[ID]", required=False)
@about_rules()
@click.option("--decision", metavar="NAME", help="Only rules of this decision.")
@click.option("--group", metavar="NAME", help="Only rules of this group.")
@click.option(
    "--confidence",
    type=click.Choice(CONFIDENCES),
    metavar="WORD",
    help=f"Only rules with a source of this confidence: {', '.join(CONFIDENCES)}.",
)
@click.option("--find", metavar="TEXT", help="Search ids, titles and named values, in both languages; best first.")
def command(setting: Setting, rule_id: str | None, find: str | None, **filters: str | None) -> None:
    """List the rules; with ID, show one whole; with --find, search.

    \b
    accessrules rules --decision access_route --confidence unverified
    accessrules rules --find 冰箱 --lang zh
    accessrules rules refrigerator.large.licensed
    """
    form = setting.rules.form
    teller = Teller(setting.rules, setting.lang)
    if rule_id is not None:
        rule = _named(rule_id, form)
        show(setting, lambda: _as_json(rule, form), lambda: _shown(rule, teller))
        return
    _check(filters, form)
    rules = [rule for rule in form.rules.values() if _fits(rule, filters)]
    if find is not None:
        rules = ranked(find, ((rule, _names(rule, form)) for rule in rules))
    show(setting, lambda: {"rules": [_as_json(rule, form) for rule in rules]}, lambda: _listed(rules, find, teller))


def _named(rule_id: str, form: SourceForm) -> Rule:
    if rule_id in form.rules:
        return form.rules[rule_id]
    known = {rule.id: (rule.title.en, rule.title.zh or "") if rule.title else () for rule in form.rules.values()}
    groups = {rule.group for rule in form.rules.values()}
    help = f"it is a group: use `--group {rule_id}`" if rule_id in groups else did_you_mean(rule_id, known, "rules")
    raise AccessRulesError([Problem(rule_id, f"there is no rule `{rule_id}`", help)])


def _check(filters: dict[str, str | None], form: SourceForm) -> None:
    """Raise with every filter that names nothing."""
    known = {"decision": set(form.decisions), "group": {rule.group for rule in form.rules.values() if rule.group}}
    problems = [
        Problem(
            f"--{key}",
            f"unknown {key} `{filters[key]}`",
            did_you_mean(filters[key] or "", dict.fromkeys(names, ()), f"{key}s"),
        )
        for key, names in known.items()
        if filters[key] is not None and filters[key] not in names
    ]
    if problems:
        raise AccessRulesError(problems)


def _fits(rule: Rule, filters: dict[str, str | None]) -> bool:
    return (
        filters["decision"] in (None, rule.decision)
        and filters["group"] in (None, rule.group)
        and (filters["confidence"] is None or any(s.confidence == filters["confidence"] for s in rule.sources))
    )


def _names(rule: Rule, form: SourceForm) -> list[str]:
    """All that a rule may be found by: id, group, titles, and the values that its clauses name."""
    names = [
        rule.id,
        rule.group or "",
        rule.title.en if rule.title else "",
        (rule.title.zh or "") if rule.title else "",
    ]
    for clause in rule.clauses:
        for fact_name, allowed in clause.items():
            values = form.vocabulary[fact_name].values
            members: frozenset[str | bool] = getattr(allowed, "members", frozenset())
            if len(members) < len(values) / 2:
                names.extend(n for m in sorted(map(str, members)) if m in values for n in (m, *values[m].names()))
    return names


# ---------------------------------------------------------------------------------------------------- as JSON


def _as_json(rule: Rule, form: SourceForm) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "decision": rule.decision,
        "group": rule.group,
        "title": rule.title.dump() if rule.title else None,
        "when": [
            {f: test_words(allowed, form.vocabulary[f]) for f, allowed in clause.items()} for clause in rule.clauses
        ],
        "outcome": rule.outcome,
        "open": [] if rule.outcome else sorted(rule.outcomes),
        "from": rule.start and rule.start.isoformat(),
        "until": rule.until and rule.until.isoformat(),
        "ended": rule.ended and {"on": rule.ended.on.isoformat(), "sources": _sources(rule.ended.sources)},
        "sources": _sources(rule.sources),
        "details": dict(rule.details),
        "exception_to": list(rule.exception_to),
        "exceptions": _exceptions(rule, form),
        "contested": [
            {"reading": one.reading, "by": one.by.dump(), "note": one.note and one.note.dump()}
            for one in rule.contested
        ],
        "note": rule.note and rule.note.dump(),
        "place": str(rule.place) if rule.place else None,
    }


def _sources(sources: tuple[Source, ...]) -> list[dict[str, Any]]:
    return [s.dump() for s in sources]


def _exceptions(rule: Rule, form: SourceForm) -> list[str]:
    """The rules that are declared exceptions to this one, by itself or by its group."""
    return [
        other.id
        for other in form.rules.values()
        if other.decision == rule.decision
        and any(rule.id in form.members(name, rule.decision) for name in other.exception_to)
    ]


# ---------------------------------------------------------------------------------------------------- in words


def _listed(rules: list[Rule], find: str | None, teller: Teller) -> Iterator[Block]:
    yield teller.ruleset_heading("rules_title") if find is None else teller.heading("found_title", 1, text=find)
    if not rules:
        yield teller.paragraph("rules_none")
        return
    yield Paragraph(teller.counted("rules_count", len(rules)))
    if find is not None:
        yield Items(tuple(_entry(rule, teller) for rule in rules))
        return
    for decision in teller.rules.form.decisions:
        own = [rule for rule in rules if rule.decision == decision]
        if own:
            yield Heading(line(teller.labels.question(decision), " (", Span(decision, "code"), ")"), 2)
            yield Items(tuple(_entry(rule, teller) for rule in own))


def _entry(rule: Rule, teller: Teller) -> Item:
    answer = teller.say("region", region=_period(rule, teller), answer=_gives(rule, teller))
    title = (Item(line(rule.title.say(teller.lang))),) if rule.title else ()
    return Item(line(Span(rule.id, "code")), (*title, Item(answer)))


def _gives(rule: Rule, teller: Teller) -> Line:
    names = [teller.labels.outcome(rule.decision, one) for one in sorted(rule.outcomes)]
    if rule.outcome is None:
        return teller.say("leaves_open", outcomes=teller.labels.language.any_of(names))
    return line(Span(names[0], "strong"))


def _period(rule: Rule, teller: Teller) -> str:
    import datetime as dt

    end = min((day for day in (rule.until, rule.ended.on if rule.ended else None) if day), default=None)
    if not rule.start and not end:
        return teller.text("period_none")
    last = (end - dt.timedelta(days=1)).isoformat() if end else None
    return teller.labels.language.days(
        rule.start.isoformat() if rule.start else None, last, end.isoformat() if end else None
    )


def _shown(rule: Rule, teller: Teller) -> Iterator[Block]:
    labels = teller.labels
    yield Heading(labels.rule(rule.id), 1)
    facts = [
        teller.say("rule_decision", question=labels.question(rule.decision)),
        _gives(rule, teller) if rule.outcome is None else teller.say("gives", answer=_gives(rule, teller)),
        teller.say("in_force", period=_period(rule, teller)),
    ]
    if rule.ended:
        facts.append(teller.say("ended", day=rule.ended.on.isoformat()))
    if rule.group:
        facts.append(teller.say("rule_group", group=Span(rule.group, "code")))
    if rule.note:
        facts.append(teller.say("rule_note", note=rule.note.say(teller.lang)))
    if rule.place:
        facts.append(teller.say("rule_place", place=str(rule.place)))
    yield Items(tuple(Item(one) for one in facts))
    yield teller.heading("applies_when")
    yield Items(condition_items(rule.condition, teller))
    sources = [*rule.sources, *(rule.ended.sources if rule.ended else ())]
    yield teller.heading("sources")
    yield Items(tuple(Item(teller.citation(one), _note(one.note, teller)) for one in sources))
    yield from _relations(rule, teller)
    if rule.details:
        yield teller.heading("details")
        yield from details({"details": rule.details}, teller.labels)


def _relations(rule: Rule, teller: Teller) -> Iterator[Block]:
    """What the rule is an exception to, its own exceptions, and other readings of it."""
    if rule.exception_to:
        yield teller.heading("exception_to")
        yield Items(tuple(Item(teller.labels.rule(name)) for name in rule.exception_to))
    if exceptions := _exceptions(rule, teller.rules.form):
        yield teller.heading("exceptions")
        yield Items(tuple(Item(teller.labels.rule(name)) for name in exceptions))
    if rule.contested:
        yield teller.heading("contested")
        yield Items(tuple(_reading(one, rule, teller) for one in rule.contested))


def _reading(one: Any, rule: Rule, teller: Teller) -> Item:
    shown = teller.say(
        "contested_reading",
        by=one.by.say(teller.lang),
        answer=Span(teller.labels.outcome(rule.decision, one.reading), "unsure"),
    )
    boxes = [
        teller.text("between").join(
            teller.text(
                "test", fact=teller.labels.fact(f), test=teller.labels.allowed(teller.rules.index.facts[f], allowed)
            )
            for f, allowed in clause.items()
        )
        for clause in one.clauses
        if clause
    ]
    where = (
        teller.say("contested_where", where=teller.labels.language.any_of(boxes))
        if boxes
        else teller.say("contested_always")
    )
    return Item(shown, (Item(where), *_note(one.note, teller)))


def _note(note: Any, teller: Teller) -> tuple[Item, ...]:
    return (Item(line(note.say(teller.lang))),) if note else ()
