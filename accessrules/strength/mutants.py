"""Mutants: a rule set with one small change, of the kinds that a drafter's slip makes.

A mutant changes one rule, or the rank of one instrument. What could not be loaded is no mutant: a rule that nothing
fulfils, a period that ends before it begins.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeAlias

from accessrules.conditions import AllOf, AnyOf, Clause, Condition, Not, Test, TooManyClauses, clauses_of
from accessrules.rules import RANKS, Instrument, Rule, SourceForm
from accessrules.ruleset import RuleSet
from accessrules.texts import Text
from accessrules.unarytests import test_words
from accessrules.valuesets import Cut, Ordered, ValueSet

__all__ = ["KINDS", "Mutant", "MutantKind", "mutants"]

MutantKind: TypeAlias = Literal["threshold", "bound", "test", "outcome", "date", "exception", "rank"]

KINDS: tuple[MutantKind, ...] = ("threshold", "bound", "test", "outcome", "date", "exception", "rank")
"""A threshold moved to the next cell, inclusive made exclusive, a test dropped, another outcome, a date moved by a day,
an exception dropped, another rank of a source."""

_WORDS: dict[str, tuple[str, str]] = {
    "becomes": ("`{fact}: {before}` becomes `{after}`", "`{fact}: {before}` 改为 `{after}`"),
    "dropped": ("the test `{fact}: {before}` is dropped", "删去条件 `{fact}: {before}`"),
    "outcome": ("the outcome `{before}` becomes `{after}`", "结论 `{before}` 改为 `{after}`"),
    "open": ("the outcome, left open as {before}, becomes `{after}`", "未定的结论 {before} 改为 `{after}`"),
    "date": ("`{date}: {before}` becomes `{after}`", "`{date}: {before}` 改为 `{after}`"),
    "exception": ("it is no longer an exception to `{name}`", "不再是 `{name}` 的例外"),
    "rank": ("the rank of `{name}` becomes `{after}`, not `{before}`", "`{name}` 的位阶由 `{before}` 改为 `{after}`"),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change. `id` names it, `what` says it, and `rule` or `instrument` is what has changed."""

    id: str
    kind: MutantKind
    what: Text
    rule: Rule | None = None
    instrument: Instrument | None = None

    def form(self, of: SourceForm) -> SourceForm:
        """The source form with the change."""
        if self.rule is not None:
            return replace(of, rules={**of.rules, self.rule.id: self.rule})
        assert self.instrument is not None
        return replace(of, instruments={**of.instruments, self.instrument.id: self.instrument})

    @property
    def about(self) -> str:
        """The id of the rule or instrument that it changes."""
        return self.rule.id if self.rule is not None else self.instrument.id if self.instrument is not None else ""


def mutants(
    rules: RuleSet, decisions: Collection[str] | None = None, names: Collection[str] | None = None
) -> tuple[Mutant, ...]:
    """Every mutant of these decisions and of these rules (None: of all), in a fixed order.

    An instrument's rank is changed where a rule among them rests on it.
    """
    chosen = [
        rules.form.rules[name]
        for name in sorted(rules.form.rules)
        if (names is None or name in names) and (decisions is None or rules.form.rules[name].decision in decisions)
    ]
    changed = (mutant for rule in chosen for mutant in _OfRule(rules, rule).all())
    cited = {source.instrument for rule in chosen for source in rule.sources if not source.context}
    ranks = (mutant for name in sorted(cited) for mutant in _ranks(rules.form.instruments[name]))
    return (*changed, *ranks)


class _Edit(NamedTuple):
    """What becomes of a test: `by` is part of the mutant's id; no `test` where it is dropped."""

    kind: MutantKind
    by: str
    what: Text
    test: Test | None


class _OfRule:
    """The mutants of one rule, each of them once."""

    def __init__(self, rules: RuleSet, rule: Rule) -> None:
        self.rules, self.rule = rules, rule
        self.seen = {_meaning(rule)}
        self.ids: dict[str, int] = {}

    def all(self) -> Iterator[Mutant]:
        """Tests first, then the outcome, the dates, the exceptions."""
        for edit, condition in _edited(self.rule.condition, self._edits):
            yield from self._of_condition(edit, condition or AllOf())
        yield from self._outcome()
        yield from self._dates()
        for name in self.rule.exception_to:
            left = tuple(other for other in self.rule.exception_to if other != name)
            yield from self._made(
                "exception", name, _said("exception", name=name), replace(self.rule, exception_to=left)
            )

    def _made(self, kind: MutantKind, by: str, what: Text, rule: Rule) -> Iterator[Mutant]:
        """The mutant, unless it says the same as the rule or as another; alike ones get a number."""
        meaning = _meaning(rule)
        if meaning in self.seen:
            return
        self.seen.add(meaning)
        name = f"{self.rule.id}/{kind}.{by}"
        self.ids[name] = self.ids.get(name, 0) + 1
        number = f".{self.ids[name]}" if self.ids[name] > 1 else ""
        yield Mutant(name + number, kind, what, rule=rule)

    def _of_condition(self, edit: _Edit, condition: Condition) -> Iterator[Mutant]:
        try:
            clauses = tuple(clauses_of(condition, self.rules.form.vocabulary))
        except TooManyClauses:
            return  # it could not be loaded
        if clauses:
            changed = replace(self.rule, condition=condition, clauses=clauses)
            yield from self._made(edit.kind, edit.by, edit.what, changed)

    def _edits(self, test: Test) -> Iterator[_Edit]:
        fact = self.rules.form.vocabulary[test.fact]
        before = test_words(test.allowed, fact)
        if isinstance(test.allowed, Ordered):
            for kind, by, allowed in self._moved(test.fact, test.allowed):
                said = _said("becomes", fact=fact.name, before=before, after=test_words(allowed, fact))
                yield _Edit(kind, f"{fact.name}.{by}", said, Test(test.fact, allowed))
        yield _Edit("test", fact.name, _said("dropped", fact=fact.name, before=before), None)

    def _moved(self, fact: str, allowed: Ordered) -> Iterator[tuple[MutantKind, str, Ordered]]:
        """Each end at the neighbouring cuts, and with the other side of its value; what is left of the domain."""
        axis = self.rules.index.axes[fact]
        for n, interval in enumerate(allowed.intervals):
            for end, name in enumerate(("low", "high")):
                cut = interval[end]
                if not axis.cuts[0] < cut < axis.cuts[-1]:
                    continue
                # A test that another part of the condition makes idle leaves no cut of its own.
                below, above = bisect_left(axis.cuts, cut) - 1, bisect_right(axis.cuts, cut)
                other = _other_side(cut, end, axis.fact.type == "number")
                for kind, by, to in (
                    ("bound", name, other),
                    ("threshold", f"{name}-up", axis.cuts[above]),
                    ("threshold", f"{name}-down", axis.cuts[below]),
                ):
                    pair = (to, interval[1]) if end == 0 else (interval[0], to)
                    moved = Ordered.of((*allowed.intervals[:n], pair, *allowed.intervals[n + 1 :]))
                    moved &= axis.fact.domain  # type: ignore[operator]
                    if moved:
                        yield kind, by, moved  # type: ignore[misc]

    def _outcome(self) -> Iterator[Mutant]:
        declared = sorted(self.rules.form.decisions[self.rule.decision].outcomes)
        before = self.rule.outcome
        if before is None:
            after = min(self.rule.outcomes)
            open_ = ", ".join(f"`{outcome}`" for outcome in sorted(self.rule.outcomes))
            what = _said("open", before=open_, after=after)
        else:
            after = declared[(declared.index(before) + 1) % len(declared)]
            what = _said("outcome", before=before, after=after)
        yield from self._made("outcome", after, what, replace(self.rule, outcomes=frozenset([after])))

    def _dates(self) -> Iterator[Mutant]:
        rule = self.rule
        for step, by in ((-1, "earlier"), (1, "later")):
            for name, day in (
                ("from", rule.start),
                ("until", rule.until),
                ("ended", rule.ended.on if rule.ended else None),
            ):
                moved = None if day is None else _day(day, step)
                if day is None or moved is None:
                    continue
                if name == "from":
                    changed = replace(rule, start=moved)
                elif name == "until":
                    changed = replace(rule, until=moved)
                else:
                    assert rule.ended is not None
                    changed = replace(rule, ended=replace(rule.ended, on=moved))
                if _lasts(changed):
                    what = _said("date", date=name, before=day.isoformat(), after=moved.isoformat())
                    yield from self._made("date", f"{name}-{by}", what, changed)


def _edited(condition: Condition, edits: Callable[[Test], Iterator[_Edit]]) -> Iterator[tuple[_Edit, Condition | None]]:
    """The condition with one of its tests edited; None where nothing is left of it. What becomes empty is dropped."""
    match condition:
        case Test():
            for edit in edits(condition):
                yield edit, edit.test
        case Not(part):
            for edit, changed in _edited(part, edits):
                yield edit, Not(changed) if changed else None
        case AllOf(parts) | AnyOf(parts):
            for n, part in enumerate(parts):
                for edit, changed in _edited(part, edits):
                    left = (*parts[:n], *([changed] if changed else ()), *parts[n + 1 :])
                    yield edit, type(condition)(left) if left else None


def _other_side(cut: Cut, end: int, is_number: bool) -> Cut:
    """Inclusive made exclusive, or the other way round; of whole numbers and days, the last value is left out."""
    key, side = cut
    return (key, 1 - side) if is_number else (key + 1, 0) if end == 0 else (key - 1, 0)


def _day(day: dt.date, step: int) -> dt.date | None:
    """The day before or after; None where the calendar ends."""
    number = day.toordinal() + step
    return dt.date.fromordinal(number) if dt.date.min.toordinal() <= number <= dt.date.max.toordinal() else None


def _lasts(rule: Rule) -> bool:
    ends = [day for day in (rule.until, rule.ended.on if rule.ended else None) if day is not None]
    return all(rule.start is None or rule.start < day for day in ends) and (len(ends) < 2 or ends[1] <= ends[0])


def _ranks(instrument: Instrument) -> Iterator[Mutant]:
    at = RANKS.index(instrument.rank)
    for after in (*RANKS[at + 1 : at + 2], *RANKS[max(at - 1, 0) : at]):
        what = _said("rank", name=instrument.id, before=instrument.rank, after=after)
        yield Mutant(f"{instrument.id}/rank.{after}", "rank", what, instrument=replace(instrument, rank=after))


def _said(word: str, **parts: str) -> Text:
    english, chinese = _WORDS[word]
    return Text(english.format(**parts), chinese.format(**parts))


def _meaning(rule: Rule) -> object:
    """What mutants change of a rule: equal where it means the same."""

    def boxes(clauses: Collection[Clause]) -> frozenset[frozenset[tuple[str, ValueSet]]]:
        return frozenset(frozenset(clause.items()) for clause in clauses)

    return boxes(rule.clauses), rule.outcomes, rule.start, rule.until, rule.ended, rule.exception_to
