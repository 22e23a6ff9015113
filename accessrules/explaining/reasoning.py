"""The reasons in words: rules with their tests and sources, who gives way to whom, what is open or contested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from accessrules.explaining.document import Block, Item, Items, Line, Paragraph, Span, line
from accessrules.explaining.labels import MOST_NAMES, Labels
from accessrules.explaining.wording.phrases import fill

__all__ = ["at_odds", "gives_way", "left_open", "other_readings", "read_otherwise", "rule_tests", "why", "yielded"]

Report = dict[str, Any]

_MARKS = {True: "✓", False: "✗", None: "?"}


def why(report: Report, labels: Labels) -> list[Block]:
    """The rules that prevail, the deciding one first, each with its tests and sources; those that may apart."""
    open_rules = {one["rule"] for one in report["open"]}
    because = [one for one in report["because"] if one["rule"] not in open_rules]
    rules = [one for one in because if not one["default"]]
    default = next((one for one in because if one["default"]), None)
    blocks: list[Block] = []
    if report["status"] == "undetermined":
        blocks += _under(labels.phrases.several_open if len(because) > 1 else "", rules, report, labels)
    else:
        certain, maybe = ([one for one in rules if one["certain"] is is_certain] for is_certain in (True, False))
        blocks += _under(labels.phrases.several_true if len(certain) > 1 else "", certain, report, labels)
        alone = labels.phrases.several_maybe if len(maybe) > 1 else ""
        blocks += _under(labels.phrases.some_maybe if certain else alone, maybe, report, labels)
    return [*blocks, *_default(default, report, labels, alone=not rules)] if default else blocks


def _under(heading: str, rules: Sequence[Mapping[str, Any]], report: Report, labels: Labels) -> list[Block]:
    """Rules with their tests and sources, below what is said of them."""
    items = _items(_reason(one, report, labels) for one in rules)
    return [Paragraph(line(heading)), *items] if heading and items else items


def _default(default: Mapping[str, Any], report: Report, labels: Labels, *, alone: bool) -> list[Block]:
    """What holds where no rule applies, with its sources."""
    said = line(labels.phrases.default if alone else labels.phrases.default_maybe)
    if report["status"] == "undetermined":
        declared = labels.form.decisions[report["decision"]].default
        outcome = labels.outcome(report["decision"], declared.outcome if declared else None)
        said = fill(labels.phrases.default_open, outcome=Span(outcome, "strong"))
    return [Paragraph(said), *_items(_sources(default["sources"], labels))]


def left_open(report: Report, labels: Labels) -> list[Block]:
    """The rules whose sources leave the outcome open, with the outcomes that they leave.

    While there is something to ask they are only named: most of them will turn out not to matter.
    """
    if report["needs"]:
        rules = report["open"]
        shown = tuple(Item(labels.rule(one["rule"])) for one in rules[:MOST_NAMES])
        rest = labels.phrases.more.format(count=len(rules) - MOST_NAMES)
        return _items((*shown, Item(line(rest))) if len(rules) > MOST_NAMES else shown)
    tests = {one["rule"]: one["tests"] for one in report["because"] if not one["default"]}
    return _items(
        Item(
            _headed(one, labels),
            (
                Item(fill(labels.phrases.outcomes_left, outcomes=_outcomes(one, labels))),
                *rule_tests(tests.get(one["rule"], ()), report["presumed"], labels),
                *_sources(one["sources"], labels),
            ),
        )
        for one in report["open"]
    )


def at_odds(report: Report, labels: Labels) -> list[Block]:
    """The rules that disagree where nothing says which prevails."""
    return _items(
        Item(
            fill(labels.phrases.gives, rule=_headed(one, labels), outcome=Span(_outcome(one, labels), "strong")),
            _sources(one["sources"], labels),
        )
        for one in report["conflict"]
    )


def yielded(report: Report, labels: Labels) -> list[Block]:
    """The rules that apply but give way: to which rule, on what principle, by which article; those that may apart."""
    certain, maybe = (
        [one for one in report["yielded"] if one["certain"] is is_certain] for is_certain in (True, False)
    )
    deciding = report["because"][0]["rule"] if report["status"] == "decided" else None
    told, unsure = _giving_way(certain, labels, deciding), _giving_way(maybe, labels, deciding)
    return [*told, Paragraph(line(labels.phrases.some_yield)), *unsure] if unsure else told


def _giving_way(rules: Iterable[Mapping[str, Any]], labels: Labels, deciding: str | None) -> list[Block]:
    """Rules that give way; where several do for one reason, that is said once."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for one in rules:
        groups.setdefault((one["to"], one["principle"], one["authority"] or ""), []).append(one)
    items = []
    for first, *others in groups.values():
        told = [
            fill(labels.phrases.gives, rule=labels.rule(one["rule"]), outcome=_outcome(one, labels))
            for one in (first, *others)
        ]
        reason = gives_way(first, labels, deciding, several=bool(others))
        head, below = (reason, told) if others else (told[0], [reason])
        items.append(Item(head, tuple(map(Item, below))))
    return _items(items)


def gives_way(one: Mapping[str, Any], labels: Labels, deciding: str | None = None, *, several: bool = False) -> Line:
    """To which rule one or several give way, on what principle and by which article; `one` is one of `yielded`."""
    phrases = labels.phrases
    reasons = {
        "exception": phrases.exception,
        "rank": phrases.rank,
        "special": phrases.special,
        "new": phrases.new,
    }
    to = line(phrases.deciding) if one["to"] == deciding else labels.rule(one["to"])
    phrase = phrases.yield_alike if several else phrases.yields
    return fill(phrase, to=to, reason=reasons[one["principle"]], authority=_authority(one, labels))


def other_readings(report: Report, labels: Labels) -> list[Block]:
    """How others read the deciding rules, and what that gives."""
    return _items(read_otherwise(report["contested"], labels, named=len(report["because"]) > 1))


def read_otherwise(contested: Iterable[Mapping[str, Any]], labels: Labels, *, named: bool = False) -> tuple[Item, ...]:
    """How others read rules, and what that gives; `named` where it must be said which rule that is."""
    return tuple(
        Item(
            fill(
                labels.phrases.contested_rule if named else labels.phrases.contested,
                rule=labels.rule(one["rule"]),
                outcome=Span(labels.outcome_of(one["rule"], one["reading"]), "strong"),
                by=labels.text(one["by"]),
            ),
            (Item(line(labels.text(one["note"]))),) if one["note"] else (),
        )
        for one in contested
    )


def rule_tests(tests: Iterable[Mapping[str, Any]], presumed: Mapping[str, Any], labels: Labels) -> tuple[Item, ...]:
    """The tests of a rule, each with the case's own value and whether it holds: ✓, ✗, or ? where that is not known."""
    return tuple(Item(_test(test, presumed, labels), mark=_MARKS[test["holds"]]) for test in tests)


def _test(test: Mapping[str, Any], presumed: Mapping[str, Any], labels: Labels) -> Line:
    words = labels.test(test["fact"], test["test"])
    shown = Span(labels.beside(test["fact"], test["value"], words, presumed=test["fact"] in presumed), "muted")
    return fill(labels.phrases.test, fact=labels.fact(test["fact"]), test=words, value=shown)


def _reason(one: Mapping[str, Any], report: Report, labels: Labels) -> Item:
    below = (*rule_tests(one["tests"], report["presumed"], labels), *_sources(one["sources"], labels))
    if report["status"] == "decided":
        return Item(_headed(one, labels), below)
    outcome = labels.outcome_of(one["rule"], labels.form.rules[one["rule"]].outcome)
    return Item(fill(labels.phrases.gives, rule=_headed(one, labels), outcome=Span(outcome, "strong")), below)


def _headed(one: Mapping[str, Any], labels: Labels) -> Line:
    """A rule at the head of what is said of it: title, then id."""
    title = labels.text(one["title"])
    code = Span(one["rule"], "code")
    return line(code) if title == one["rule"] else fill(labels.phrases.headed, title=Span(title, "strong"), id=code)


def _sources(sources: Iterable[Mapping[str, Any]], labels: Labels) -> tuple[Item, ...]:
    return tuple(Item(fill(labels.phrases.source, citation=labels.citation(one))) for one in sources)


def _outcome(one: Mapping[str, Any], labels: Labels) -> str:
    return labels.outcome_of(one["rule"], one["outcome"])


def _outcomes(one: Mapping[str, Any], labels: Labels) -> Span:
    names = [labels.outcome_of(one["rule"], outcome) for outcome in one["outcomes"]]
    return Span(labels.phrases.separator.join(names), "strong")


def _authority(one: Mapping[str, Any], labels: Labels) -> Line:
    """The article behind a principle; where an exception stands, which is no article about precedence."""
    if not one["authority"]:
        return ()
    phrases = labels.phrases
    if one["principle"] == "exception":
        source = next(s for s in labels.form.rules[one["to"]].sources if not s.context)
        return fill(phrases.exception_authority, authority=labels.place(source.instrument, labels.at(source.dump())))
    instrument, _, at = one["authority"].partition(" ")
    return fill(phrases.authority, authority=labels.place(instrument, at))


def _items(entries: Iterable[Item]) -> list[Block]:
    found = tuple(entries)
    return [Items(found)] if found else []
