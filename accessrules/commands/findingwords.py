"""Findings in words: the worst first, each with where it holds, a case that shows it, its rules, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from accessrules.commands.inputs import Setting
from accessrules.commands.regionwords import quoted, region_text
from accessrules.commands.reproducing import witness_line
from accessrules.commands.telling import Teller
from accessrules.explaining.document import Block, Item, Items, Line, Paragraph, Span
from accessrules.findings import SEVERITIES, Finding, Findings, Severity

__all__ = ["blocks", "finding_item", "nearby", "reproduce"]

_MARKS: dict[Severity, str] = {"error": "✗", "warning": "?", "note": ""}


def blocks(found: Findings, listed: Sequence[Finding], setting: Setting, teller: Teller) -> Iterator[Block]:
    """What a drafter reads: the findings that are listed, by severity, and the number of all that there are."""
    yield teller.ruleset_heading("check_title")
    for severity in SEVERITIES:
        some = [one for one in listed if one.severity == severity]
        if some:
            yield teller.heading(f"severity_{severity}", count=str(len(some)))
            yield Items(tuple(finding_item(one, setting, teller) for one in some))
    if listed:
        yield teller.heading("check_summary")
    yield Paragraph(_summary(found, teller))
    if len(listed) < len(found):
        yield teller.paragraph("check_notes")


def _summary(found: Findings, teller: Teller) -> Line:
    if not found:
        return teller.say("check_nothing")
    counts = [(severity, len(found.of(severity))) for severity in SEVERITIES]
    shown = ("".join(span.text for span in teller.counted(f"count_{severity}", n)) for severity, n in counts)
    return teller.say("check_found", counts=teller.text("name_list").join(shown))


def finding_item(one: Finding, setting: Setting, teller: Teller) -> Item:
    """A finding as an item, with what belongs to it below."""
    message = quoted(one.message.say(teller.lang), setting.format)
    head = teller.say("finding", code=Span(teller.text(f"code_{one.code}"), "strong"), message=message)
    return Item(head, tuple(_below(one, setting, teller)), mark=_MARKS[one.severity])


def _below(one: Finding, setting: Setting, teller: Teller) -> Iterator[Item]:
    if one.decision is not None and not one.rules:
        yield Item(teller.say("rule_decision", question=teller.labels.question(one.decision)))
    if one.region:
        yield Item(teller.say("finding_where", region=Span(region_text(one.region, teller), "strong")))
    if (command := reproduce(one, setting)) is not None:
        yield Item(teller.say("reproduce", command=Span(command, "command")))
    yield from _placed(one, setting, teller)
    yield Item(teller.say("finding_help", help=quoted(one.help.say(teller.lang), setting.format)))


def reproduce(one: Finding, setting: Setting) -> str | None:
    """The command line that decides a finding's witness; None where it has none."""
    if one.witness is None or one.decision is None:
        return None
    return witness_line(setting.rules, setting.options, one.witness, one.decision)


def _placed(one: Finding, setting: Setting, teller: Teller) -> Iterator[Item]:
    """Each rule with its place, after the places of what is no rule: a case of the casebook."""
    spots = {rule: setting.rules.form.rules[rule].place for rule in one.rules}
    own = {rule: f"{spot.file}:{spot.line}" for rule, spot in spots.items() if spot}
    for place in one.places:
        if place not in own.values():
            yield Item(teller.say("finding_place", place=Span(nearby(place), "muted")))
    for rule in one.rules:
        at = Span(teller.text("aside_place", place=nearby(own[rule])), "muted") if rule in own else ""
        yield Item(teller.say("finding_rule", rule=teller.labels.rule(rule), place=at))


def nearby(place: str) -> str:
    """A place with its file as seen from the current folder, where it lies below that."""
    try:
        return Path(place).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return place
