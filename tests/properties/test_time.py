"""Time: the day asked about and the day on which it is asked."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import pairwise

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from accessrules import RuleSet
from accessrules.rules import CONFIDENCES, Source, SourceForm
from accessrules.vocabulary import AS_OF, KNOWN_ON
from tests.properties.strategies import Asked, Files, asked_rule_sets, often_asked_rule_sets
from tests.reference.worlds import values

ONE_DAY = dt.timedelta(days=1)


def cuts(form: SourceForm) -> list[dt.date]:
    """The days on which a rule begins or ends."""
    return sorted({day for r in form.rules.values() for day in (r.start, r.until, r.ended and r.ended.on) if day})


def published(form: SourceForm, sources: tuple[Source, ...]) -> dt.date:
    """The day from which something with these sources is known."""
    return max(form.instruments[source.instrument].published for source in sources if not source.context)


@given(asked_rule_sets(), st.data())
def test_between_two_cuts(generated: tuple[Files, Asked], data: st.DataObject) -> None:
    """Moving the day asked about across no cut never changes an answer."""
    files, asked = generated
    edges = [dt.date(1990, 1, 1), *cuts(files.form), dt.date(2040, 1, 1)]
    at = data.draw(st.integers(0, len(edges) - 2))
    spell = st.dates(edges[at], edges[at + 1] - ONE_DAY)
    first, last = (
        data.draw(spell),
        data.draw(st.one_of(st.just(edges[at]), st.just(edges[at + 1] - ONE_DAY), spell)),
    )
    one, two = (
        files.rules.decide(asked.facts, decision=asked.decision, as_of=day, known_on=asked.known_on).model_dump()
        for day in (first, last)
    )
    for key in ("as_of", "because", "near_misses"):  # these tell the day itself
        del one[key], two[key]
    assert one == two


@given(asked_rule_sets())
def test_timeline(generated: tuple[Files, Asked]) -> None:
    """The periods of the timeline tile the axis, differ from their neighbours, and hold on each of their days."""
    files, asked = generated
    periods = files.rules.timeline(asked.facts, decision=asked.decision, known_on=asked.known_on)
    event(f"{len(periods)} periods")
    assert periods[0]["from"] is None
    assert periods[-1]["until"] is None
    for before, after in pairwise(periods):
        assert before["until"] == after["from"]
        assert {**before, "from": "", "until": ""} != {**after, "from": "", "until": ""}
    for day in values(files.form, AS_OF.name):
        (period,) = (
            one
            for one in periods
            if (one["from"] or "") <= str(day) and (one["until"] is None or str(day) < one["until"])
        )
        assert isinstance(day, dt.date)
        decision = files.rules.decide(asked.facts, decision=asked.decision, as_of=day, known_on=asked.known_on)
        told = period["status"], period["outcome"], period["rule"], period["contested"]
        assert told == (decision.status, decision.outcome, decision.rule, decision.model_dump()["contested"])


@given(asked_rule_sets())
def test_next_change(generated: tuple[Files, Asked]) -> None:
    """The next change is the first later day with another status or outcome."""
    files, asked = generated
    assume(asked.as_of)
    assert asked.as_of is not None

    def end(day: dt.date) -> tuple[str, str | None]:
        found = files.rules.decide(asked.facts, decision=asked.decision, as_of=day, known_on=asked.known_on)
        return found.status, found.outcome

    now = end(asked.as_of)
    later = [(str(day), *end(day)) for day in cuts(files.form) if day > asked.as_of and end(day) != now]
    told = files.rules.decide(asked.facts, decision=asked.decision, **asked.days).model_dump()["next_change"]
    event(f"changes {bool(later)}")
    assert (told and (told["on"], told["status"], told["outcome"])) == (later[0] if later else None)


@settings(max_examples=3 * settings().max_examples)
@given(asked_rule_sets())
def test_next_doubt(generated: tuple[Files, Asked]) -> None:
    """It is the first later day on which the same decided answer is newly contested, or rests on a less sure rule."""
    files, asked = generated
    assume(asked.as_of)
    assert asked.as_of is not None

    def sure(day: dt.date) -> tuple[str | None, str | None, bool, int]:
        found = files.rules.decide(asked.facts, decision=asked.decision, as_of=day, known_on=asked.known_on)
        binding = [one for one in (files.form.rules[found.rule].sources if found.rule else ()) if not one.context]
        doubts = max((CONFIDENCES.index(one.confidence) for one in binding), default=0)
        return found.outcome, found.rule, bool(found.contested), doubts

    outcome, rule, contested, doubts = sure(asked.as_of)
    expected = None
    for day in (day for day in cuts(files.form) if rule and day > asked.as_of):
        then = sure(day)
        if outcome is None or then[0] != outcome:
            break
        if then[1] and (then[2] > contested or then[3] > doubts):
            expected = {"on": str(day), "rule": then[1], "contested": then[2], "confidence": CONFIDENCES[then[3]]}
            break
    told = files.rules.decide(asked.facts, decision=asked.decision, **asked.days).model_dump()["next_doubt"]
    event(f"doubt {bool(told)}")
    assert told == expected


@given(often_asked_rule_sets())
def test_not_known_before_publication(generated: tuple[Files, list[Asked]]) -> None:
    """Asked as known on a day, a rule set answers as if rules published later were not in it."""
    files, often = generated
    form = files.form
    for known_on in days(form, KNOWN_ON.name):
        known = {name for name, rule in form.rules.items() if published(form, rule.sources) <= known_on}
        # An exception to a rule that is not known yet stays one to whatever that rule is an exception to.
        then = {
            name: dataclasses.replace(rule, exception_to=tuple(sorted(files.reference.generals(rule) & known)))
            for name, rule in form.rules.items()
            if name in known
        }
        event(f"{len(form.rules) - len(then)} rules unknown")
        same_answers(files.rules, RuleSet(dataclasses.replace(form, rules=then)), often, known_on)


@given(often_asked_rule_sets())
def test_ended_on_both_axes(generated: tuple[Files, list[Asked]]) -> None:
    """Before the ending was published the rule goes on as if nothing had ended it; after, it ends on its day."""
    files, often = generated
    form = files.form
    for rule in [rule for rule in form.rules.values() if rule.ended]:
        assert rule.ended is not None
        for known_on in days(form, KNOWN_ON.name):
            told = published(form, rule.ended.sources) <= known_on
            as_if = dataclasses.replace(rule, ended=None, until=rule.ended.on if told else rule.until)
            other = RuleSet(dataclasses.replace(form, rules={**form.rules, rule.id: as_if}))
            same_answers(files.rules, other, often, known_on)


def days(form: SourceForm, axis: str) -> list[dt.date]:
    """Days that tell apart what a time axis tells apart."""
    return [day for day in values(form, axis) if isinstance(day, dt.date)]


def same_answers(one: RuleSet, two: RuleSet, often: list[Asked], known_on: dt.date) -> None:
    """Two rule sets give the same answers on every day, as known on one."""
    for asked in often[:2]:
        for day in (None, *days(one.form, AS_OF.name)):
            mine, other = (
                rules.decide(asked.facts, decision=asked.decision, as_of=day, known_on=known_on) for rules in (one, two)
            )
            assert mine.answer.end == other.answer.end
            assert mine.rule == other.rule
