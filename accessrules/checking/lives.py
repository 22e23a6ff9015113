"""Rules in force outside the life of their instruments, or before they were published: on which days, and a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from accessrules.checking.survey import Survey
from accessrules.findings import Finding
from accessrules.index import published_on
from accessrules.rules import Rule
from accessrules.spaces import box_of
from accessrules.unarytests import test_words
from accessrules.valuesets import HIGH, LOW, Ordered
from accessrules.vocabulary import AS_OF
from accessrules.witnesses import witness

__all__ = ["lives"]


def lives(survey: Survey) -> Iterator[Finding]:
    """`retroactive` (unless the rule declares it) and `outside_instrument`, before the effect and after the end."""
    for n in survey.own:
        rule = survey.index.rules[n]
        published = published_on(rule.sources, survey.index.form.instruments)
        if not rule.retroactive and (rule.start is None or rule.start < published):
            variant, start = ("", str(rule.start)) if rule.start else ("always", "")
            days = _days(rule.start, _first(published, _end(rule)))
            yield _finding(survey, n, ("retroactive", variant), days, start=start, published=str(published))
        yield from _outside(survey, n, rule)


def _outside(survey: Survey, n: int, rule: Rule) -> Iterator[Finding]:
    end = _end(rule)
    for source in rule.sources:
        instrument = survey.index.form.instruments[source.instrument]
        if source.context:
            continue
        if rule.start and instrument.effective and rule.start < instrument.effective and not rule.retroactive:
            told = {"instrument": instrument.id, "start": str(rule.start), "day": str(instrument.effective)}
            days = _days(rule.start, _first(instrument.effective, end))
            yield _finding(survey, n, ("outside_instrument", "before"), days, **told)
        if instrument.until and (end is None or end > instrument.until):
            told = {"instrument": instrument.id, "end": str(end), "day": str(instrument.until)}
            days = _days(max(instrument.until, rule.start or instrument.until), end)
            yield _finding(survey, n, ("outside_instrument", "after" if end else "after_for_good"), days, **told)


def _end(rule: Rule) -> dt.date | None:
    """The first day on which a rule is no longer in force."""
    return _first(rule.until, rule.ended.on if rule.ended else None)


def _first(*days: dt.date | None) -> dt.date | None:
    return min((day for day in days if day), default=None)


def _days(start: dt.date | None, end: dt.date | None) -> Ordered:
    """The days from `start` on, before `end`."""
    low, high = (start.toordinal(), 0) if start else LOW, (end.toordinal(), 0) if end else HIGH
    days = Ordered.of([(low, high)]) & AS_OF.domain  # type: ignore[operator]
    assert isinstance(days, Ordered)
    return days


def _finding(survey: Survey, n: int, code: tuple[str, str], days: Ordered, **told_of: str) -> Finding:
    name = survey.index.rules[n].id
    region = {AS_OF.name: test_words(days, AS_OF)}
    return survey.told_finding(*code, (name,), region, _witness(survey, n, days), rule=name, **told_of)


def _witness(survey: Survey, n: int, days: Ordered) -> dict[str, Any] | None:
    """A case to which a rule applies on one of the days; None where none is found.

    What a rule tests itself can be given, whatever else there is. Where it rests on earlier decisions, a meeting in
    which it takes part says what they rest on, one in which none of them fails where there is one.
    """
    index, rule = survey.index, survey.index.rules[n]
    clause = next((one for one in rule.clauses if not one.keys() & index.form.decisions.keys()), None)
    if clause is not None:
        return {**witness(index, box_of(clause, index.axes), None), AS_OF.name: _day(days)}
    for meeting in sorted(survey.meetings_of.get(n, ()), key=lambda one: not one.settled):
        box = survey.atlas.sample(meeting)
        axis = index.axes[AS_OF.name]
        both = axis.set_of(box.get(AS_OF.name, axis.everything)) & days  # type: ignore[operator]
        if isinstance(both, Ordered) and both:
            return {**witness(index, box, survey.known_on), AS_OF.name: _day(both)}
    return None


def _day(days: Ordered) -> str:
    """The first of some days, or where they have no first the last before they end."""
    (low, _), (high, _) = days.intervals[0]
    first = AS_OF.domain.intervals[0][0][0]  # type: ignore[union-attr]
    return dt.date.fromordinal(int(low if low > first else high - 1)).isoformat()
