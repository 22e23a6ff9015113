"""The answer in words: what holds, for which case, on what presumptions, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from accessrules.explaining.document import Block, Line, Paragraph, Span, Style, line
from accessrules.explaining.labels import Labels
from accessrules.explaining.wording.phrases import fill

__all__ = ["answer", "limit"]

Report = dict[str, Any]


def answer(report: Report, labels: Labels) -> list[Block]:
    """The answer, the case that it is for, and what qualifies it: a paragraph each."""
    space = labels.phrases.space
    paragraphs = (_answer(report, labels), _case(report, labels), _qualified(report, labels))
    return [Paragraph(_joined(sentences, space)) for sentences in paragraphs if sentences]


def _joined(sentences: Iterable[Line], space: str) -> Line:
    joined: list[Line] = []
    for sentence in sentences:
        joined.extend([line(space), sentence] if joined else [sentence])
    return line(*joined)


def _answer(report: Report, labels: Labels) -> list[Line]:
    phrases, status = labels.phrases, report["status"]
    if status == "decided":
        outcome = labels.outcome(report["decision"], report["outcome"])
        return [fill(phrases.answer, outcome=Span(outcome, "strong"))]
    if status == "conflict":
        conflict = fill(phrases.conflict, conflict=_flagged(phrases.conflict_why, "bad"))
        return [conflict, *_via(report, labels), line(_ruling(report, labels))]
    if status == "no_rule":
        return [fill(phrases.no_rule, no_rule=_flagged(phrases.no_rule_why, "bad")), *_via(report, labels)]
    return _undetermined(report, labels)


def _undetermined(report: Report, labels: Labels) -> list[Line]:
    phrases = labels.phrases
    is_open = bool(report["open"]) and not report["needs"]
    if is_open:
        sentences = [fill(phrases.open, open=_flagged(phrases.open_why, "unsure"))]
    else:
        sentences = [fill(phrases.undetermined, not_settled=_flagged(phrases.undetermined_why, "unsure"))]
    if report["possible"]:
        names = [labels.outcome(report["decision"], outcome) for outcome in report["possible"]]
        sentences.append(fill(phrases.possible, outcomes=Span(phrases.separator.join(names), "strong")))
    failing = {
        ("conflict",): phrases.maybe_conflict,
        ("no_rule",): phrases.maybe_no_rule,
        ("conflict", "no_rule"): phrases.maybe_either,
    }.get(tuple(status for status in report["possible_status"] if status in ("conflict", "no_rule")))
    if failing:
        sentences.append(line(failing))
    if report["open"] and report["needs"]:
        sentences.append(line(phrases.partly_open))
    return [*sentences, *_via(report, labels)]


def _flagged(words: str, style: Style) -> Span:
    return Span(words, style)


def _via(report: Report, labels: Labels) -> list[Line]:
    if not report["via"]:
        return []
    questions = labels.phrases.separator.join(labels.question(name) for name in report["via"])
    phrase = labels.phrases.via_maybe if report["status"] == "undetermined" else labels.phrases.via
    return [fill(phrase, questions=questions)]


def _ruling(report: Report, labels: Labels) -> Line:
    """Who may settle a conflict, with the article in force on the day asked about."""
    day = report["as_of"] or dt.date.max.isoformat()
    entries = labels.form.authorities.get("ruling", ())
    in_force = [a for a in entries if a.start is None or a.start.isoformat() <= day]
    authority: Line = ()
    if in_force:
        authority = fill(labels.phrases.authority, authority=labels.place(in_force[-1].instrument, in_force[-1].at))
    return fill(labels.phrases.conflict_ruling, authority=authority)


def _case(report: Report, labels: Labels) -> list[Line]:
    phrases = labels.phrases
    stated = [labels.stated(name, report["facts"][name]) for name in _in_order(report["facts"], labels)]
    day = phrases.on_day.format(day=report["as_of"]) if report["as_of"] else phrases.no_day
    facts = phrases.separator.join([*(stated or [phrases.empty_case]), day])
    sentences = [fill(phrases.case, facts=facts)]
    if report["presumed"]:
        presumed = phrases.separator.join(labels.stated(name, value) for name, value in report["presumed"].items())
        sentences.append(fill(phrases.presumed, facts=presumed))
    return sentences


def _in_order(facts: Mapping[str, Any], labels: Labels) -> list[str]:
    """Categories first: they say what the case is about."""
    vocabulary = labels.form.vocabulary
    return sorted(facts, key=lambda name: (name not in vocabulary or vocabulary[name].type != "category", name))


def _qualified(report: Report, labels: Labels) -> list[Line]:
    phrases = labels.phrases
    sentences = [*_doubted(report, labels), *_later(report, labels), *limit(report["as_of"], labels)]
    if report["contested"] and not report["needs"]:
        sentences.append(line(Span(phrases.contested_below, "unsure")))
    if report["known_on"]:
        sentences.append(fill(phrases.known_on, day=report["known_on"]))
    if not report["exact"]:
        sentences.append(line(Span(phrases.inexact, "unsure")))
    return sentences


def _doubted(report: Report, labels: Labels) -> list[Line]:
    """The next day from which the same answer is less sure."""
    doubt, phrases = report["next_doubt"], labels.phrases
    if doubt is None:
        return []
    why = [labels.language.confidence[doubt["confidence"]], *([phrases.read_otherwise] if doubt["contested"] else [])]
    shown = Span(phrases.separator.join(why), "unsure")
    return [fill(phrases.doubted, day=Span(doubt["on"], "strong"), rule=labels.rule(doubt["rule"]), why=shown)]


def _later(report: Report, labels: Labels) -> list[Line]:
    """The next day on which the answer changes, and to what."""
    phrases, change = labels.phrases, report["next_change"]
    if change is None:
        return _never(report["as_of"], labels) if report["as_of"] and report["status"] == "decided" else []
    rule = fill(phrases.by_rule, rule=labels.rule(change["rule"])) if change["rule"] else ()
    day = Span(change["on"], "strong")
    if change["status"] == "decided":
        outcome = Span(labels.outcome(report["decision"], change["outcome"]), "strong")
        return [fill(phrases.later, day=day, outcome=outcome, rule=rule)]
    phrase = {
        "undetermined": phrases.later_open if change["rule"] else phrases.later_undetermined,
        "conflict": phrases.later_conflict,
        "no_rule": phrases.later_no_rule,
    }[change["status"]]
    return [fill(phrase, day=day, rule=rule)]


def _never(day: str, labels: Labels) -> list[Line]:
    """That no later change is known; beyond the limit of knowledge there is nothing to say of that."""
    known = labels.form.known_until
    if known is None:
        return [line(labels.phrases.never)]
    return [] if limit(day, labels) else [fill(labels.phrases.never_known, day=known.isoformat())]


def limit(day: str | None, labels: Labels) -> list[Line]:
    """Up to when the rules know the law, where the day asked about lies later; ISO days compare as text."""
    known = labels.form.known_until
    if known is None or day is None or day <= known.isoformat():
        return []
    return [line(Span("".join(s.text for s in fill(labels.phrases.known_until, day=known.isoformat())), "unsure"))]
