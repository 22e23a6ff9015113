"""The bitmap index: which clauses a case can still fulfil, as one AND a fact.

Every clause of every decision is in one space (`spaces.py`); the index also knows whose clauses they are, and which
decision rests on which.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from accessrules.conditions import Clause
from accessrules.ordering import earliest_first
from accessrules.regions import Box
from accessrules.rules import Instrument, Rule, Source, SourceForm
from accessrules.spaces import Cells, Space, bit_set, box_of, cells_of
from accessrules.valuesets import HIGH, LOW, Cut, Ordered, ValueSet
from accessrules.vocabulary import AS_OF, KNOWN_ON, Fact

__all__ = ["Compiled", "Index", "everything_known", "published_on", "readings_of", "timed_clauses"]


def published_on(sources: Iterable[Source], instruments: Mapping[str, Instrument]) -> dt.date:
    """The day from which a rule with these sources is known: the last published of those that are no context."""
    return max(instruments[s.instrument].published for s in sources if not s.context)


class Compiled(NamedTuple):
    """What takes time to find: the number of each clause's rule, and the cells."""

    clause_rule: tuple[int, ...]
    cells: Cells


def _compiled(form: SourceForm, facts: Mapping[str, Fact]) -> Compiled:
    rules = form.rules.values()
    timed = [(n, clause) for n, rule in enumerate(rules) for clause in timed_clauses(rule, form)]
    cells = cells_of(facts, [clause for _, clause in timed], readings_of(rules))
    return Compiled(tuple(n for n, _ in timed), cells)


class Index(Space):
    """The compiled form of a rule set: the space of its clauses, and whose they are; it does not change once built.

    - `rules`: every rule, by id; a rule is known by its number in this tuple.
    - `axes`: each fact's cells; the two time axes are facts like any other.
    - `clause_rule`: each clause's rule's number.
    - `of_decision[decision]`: the clauses of that decision's rules.
    """

    def __init__(self, form: SourceForm, compiled: Compiled | None = None) -> None:
        """Compile the rules of a source form; `compiled` has what is known of them already (see `editing.py`)."""
        facts = {**form.vocabulary.facts, AS_OF.name: AS_OF, KNOWN_ON.name: KNOWN_ON}
        self.form = form
        self.rules: tuple[Rule, ...] = tuple(form.rules.values())
        self.number: dict[str, int] = {rule.id: n for n, rule in enumerate(self.rules)}
        self.clause_rule, cells = compiled or _compiled(form, facts)
        super().__init__(facts, cells)
        self._group()

    def _group(self) -> None:
        by_decision: dict[str, list[int]] = {name: [] for name in self.form.decisions}
        for n, rule in enumerate(self.clause_rule):
            by_decision[self.rules[rule].decision].append(n)
        total = len(self.clause_rule)
        self.of_decision = {name: bit_set(members, total) for name, members in by_decision.items()}
        tested = {
            name: [d for d in self.form.decisions if self.testing[d] & clauses]
            for name, clauses in self.of_decision.items()
        }
        self._order = earliest_first(tested)
        self._tested = tested

    def chain(self, decision: str) -> tuple[str, ...]:
        """The decisions that a decision rests on, each after those it tests, itself last."""
        needed, waiting = {decision}, [decision]
        while waiting:
            for earlier in self._tested[waiting.pop()]:
                if earlier not in needed:
                    needed.add(earlier)
                    waiting.append(earlier)
        return tuple(name for name in self._order if name in needed)

    def rules_of(self, clauses: int) -> tuple[int, ...]:
        """The numbers of the rules that these clauses belong to, in order."""
        found: list[int] = []
        while clauses:
            # The highest bit first: `bit_length` is free, where `x & -x` copies the whole set.
            n = clauses.bit_length() - 1
            clauses ^= 1 << n
            rule = self.clause_rule[n]
            if not found or found[-1] != rule:
                found.append(rule)
        return tuple(reversed(found))

    @cached_property
    def numbers_of(self) -> tuple[tuple[int, ...], ...]:
        """The numbers of each rule's clauses, in order."""
        numbers: list[list[int]] = [[] for _ in self.rules]
        for n, rule in enumerate(self.clause_rule):
            numbers[rule].append(n)
        return tuple(map(tuple, numbers))

    def region(self, rule: int) -> tuple[Box, ...]:
        """The rule's region with dates and knowledge left aside."""
        return tuple(box_of(clause, self.axes) for clause in self.rules[rule].clauses)


def readings_of(rules: Iterable[Rule]) -> Iterator[Clause]:
    """The clauses of all contested readings: they have no bit, but the facts are cut at them."""
    return (clause for rule in rules for one in rule.contested for clause in one.clauses)


def timed_clauses(rule: Rule, form: SourceForm) -> list[dict[str, ValueSet]]:
    """The rule's clauses with its period and its knowledge as tests like any other.

    An end that a later instrument brought is only known from that instrument's publication on: before, the rule
    goes on. So an ended rule is two boxes in time.
    """
    known = (published_on(rule.sources, form.instruments).toordinal(), 0)
    start = (rule.start.toordinal(), 0) if rule.start else LOW
    until = (rule.until.toordinal(), 0) if rule.until else HIGH
    times: list[tuple[tuple[Cut, Cut], tuple[Cut, Cut]]]
    if rule.ended is None:
        times = [((start, until), (known, HIGH))]
    else:
        end = (rule.ended.on.toordinal(), 0)
        told = max(known, (published_on(rule.ended.sources, form.instruments).toordinal(), 0))
        times = [((start, end), (known, HIGH)), ((end, until), (known, told))]
    timed: list[dict[str, ValueSet]] = []
    for days, knowledge in times:
        as_of = Ordered.of([days]) & AS_OF.domain  # type: ignore[operator]
        known_on = Ordered.of([knowledge]) & KNOWN_ON.domain  # type: ignore[operator]
        if not as_of or not known_on:
            continue
        extra: dict[str, ValueSet] = {KNOWN_ON.name: known_on}
        if as_of != AS_OF.domain:
            extra[AS_OF.name] = as_of
        timed.extend({**clause, **extra} for clause in rule.clauses)
    return timed


def everything_known(rule: Rule, form: SourceForm) -> list[Clause]:
    """The rule's clauses with its period, as they are with everything known."""
    last = Ordered.of([((KNOWN_ON.domain.intervals[-1][1][0] - 1, 0), HIGH)])  # type: ignore[union-attr]
    return [
        {fact: allowed for fact, allowed in clause.items() if fact != KNOWN_ON.name}
        for clause in timed_clauses(rule, form)
        if clause[KNOWN_ON.name] & last  # type: ignore[operator]
    ]
