"""What to do next in words: what to ask, what goes with the outcome, what would change it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from accessrules import units
from accessrules.explaining.document import Block, Item, Items, Line, Span, line
from accessrules.explaining.labels import MOST_NAMES, Labels
from accessrules.explaining.wording.phrases import fill

__all__ = ["changes", "detail_value", "details", "questions"]

Report = dict[str, Any]

_MEASURE = re.compile(r"(\d+(?:\.\d+)?) ?(\D.*)", re.ASCII)


_EMPTY: tuple[Any, ...] = ([], {}, "")


def questions(report: Report, labels: Labels) -> list[Block]:
    """The facts that can change an undetermined answer, best question first, with the answers to tell apart."""
    entries = tuple(_question(n, need, labels) for n, need in enumerate(report["needs"], 1))
    return [Items(entries)] if entries else []


def _question(number: int, need: Mapping[str, Any], labels: Labels) -> Item:
    fact = need["fact"]
    below: tuple[Item, ...] = ()
    if 1 < len(need["values"]) <= MOST_NAMES:
        values = labels.phrases.separator.join(_answer(fact, value, labels) for value in need["values"])
        below = (Item(fill(labels.phrases.tell_apart, values=values)),)
    asked = fill(labels.phrases.headed, title=labels.text(need["question"]), id=Span(fact, "code"))
    return Item(asked, below, f"{number}.")


def _answer(fact: str, value: Any, labels: Labels) -> str:
    """An answer: a named value, or a range in the words of tests."""
    declared = labels.form.vocabulary.get(fact)
    is_range = declared is None or declared.is_ordered
    return labels.test(fact, value) if is_range else labels.value(fact, value)


def changes(report: Report, labels: Labels) -> list[Block]:
    """The nearest rules of another outcome that one fact keeps from applying, by what would have to be otherwise."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for miss in report["near_misses"]:
        groups.setdefault((miss["failing"]["fact"], miss["failing"]["test"]), []).append(miss)
    entries = []
    for (fact, test), misses in groups.items():
        words = labels.test(fact, test)
        value = labels.beside(fact, misses[0]["failing"]["value"], words, presumed=fact in report["presumed"])
        shown = Span(words, "strong")
        head = fill(labels.phrases.near_miss, fact=labels.fact(fact), test=shown, value=Span(value, "muted"))
        entries.append(Item(head, tuple(_near_rule(miss, labels) for miss in misses)))
    return [Items(tuple(entries))] if entries else []


def _near_rule(miss: Mapping[str, Any], labels: Labels) -> Item:
    outcome = Span(labels.outcome_of(miss["rule"], miss["outcome"]), "strong")
    return Item(fill(labels.phrases.near_rule, rule=labels.rule(miss["rule"]), outcome=outcome))


def details(report: Report, labels: Labels) -> list[Block]:
    """The data that goes with the outcome: days, fees, documents."""
    entries = tuple(_detail(key, value, labels) for key, value in report["details"].items() if value not in _EMPTY)
    return [Items(entries)] if entries else []


def _detail(key: str, value: Any, labels: Labels) -> Item:
    label = labels.detail(key)
    if isinstance(value, dict) and not _is_text(value):
        return Item(line(label), tuple(_detail(inner, one, labels) for inner, one in value.items()))
    if isinstance(value, list) and len(value) > 1:
        return Item(line(label), tuple(Item(detail_value(one, labels)) for one in value))
    only = value[0] if isinstance(value, list) else value
    return Item(fill(labels.phrases.labelled, label=label, value=detail_value(only, labels)))


def detail_value(value: Any, labels: Labels) -> Line:
    """A value of the details in words."""
    if isinstance(value, bool):
        return line(labels.phrases.yes if value else labels.phrases.no)
    if isinstance(value, dict):
        if _is_text(value):
            return line(labels.text(value))
        pairs = (_shown_pair(key, one, labels) for key, one in value.items())
        return line(labels.phrases.separator.join(pairs))
    if isinstance(value, list):
        return line(labels.phrases.separator.join("".join(s.text for s in detail_value(one, labels)) for one in value))
    if isinstance(value, str) and (found := _MEASURE.fullmatch(value)) and (unit := units.known(found[2])):
        return line(labels.language.quantity(found[1], unit))
    return line(labels.phrases.unknown if value is None else str(value))


def _shown_pair(key: str, value: Any, labels: Labels) -> str:
    shown = "".join(span.text for span in detail_value(value, labels))
    return labels.phrases.labelled.format(label=labels.detail(key), value=shown)


def _is_text(value: Mapping[str, Any]) -> bool:
    return "en" in value and value.keys() <= {"en", "zh"}
