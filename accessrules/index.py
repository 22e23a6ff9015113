"""The bitmap index: which clauses a case can still fulfil, as one AND a fact.

Every clause of every decision has a bit. For each fact and cell a bit set holds the clauses whose test accepts
that cell; ANDing one bit set a fact leaves exactly the clauses that hold. This is bit-vector packet
classification (Lakshman and Stiliadis, SIGCOMM 1998) put to law.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property

from accessrules.axes import Axis, bits_of
from accessrules.ordering import earliest_first
from accessrules.regions import Box
from accessrules.rules import Instrument, Rule, Source, SourceForm
from accessrules.unarytests import test_words
from accessrules.valuesets import HIGH, LOW, Cut, Ordered, ValueSet
from accessrules.vocabulary import AS_OF, KNOWN_ON, Fact

__all__ = ["Index", "bit_set", "published_on"]


def published_on(sources: Iterable[Source], instruments: Mapping[str, Instrument]) -> dt.date:
    """The day from which a rule with these sources is known: the last published of those that are no context."""
    return max(instruments[s.instrument].published for s in sources if not s.context)


def bit_set(numbers: Iterable[int], size: int) -> int:
    """The bit set with these bits, of which there are fewer than `size`."""
    raw = bytearray(size // 8 + 1)
    for n in numbers:
        raw[n >> 3] |= 1 << (n & 7)
    return int.from_bytes(raw, "little")


class Index:
    """The compiled form of a rule set; it does not change once built.

    - `rules`: every rule, by id; a rule is known by its number in this tuple.
    - `axes`: each fact's cells; the two time axes are facts like any other.
    - `clause_boxes`, `clause_rule`: each clause's cells by fact (time included), and its rule's number.
    - `accepting[fact][cell]`: the clauses whose test accepts the cell.
    - `testing[fact]`: the clauses that have a test on the fact at all.
    - `of_decision[decision]`: the clauses of that decision's rules.
    """

    def __init__(self, form: SourceForm) -> None:
        self.form = form
        self.rules: tuple[Rule, ...] = tuple(form.rules.values())
        self.number: dict[str, int] = {rule.id: n for n, rule in enumerate(self.rules)}
        self.facts: dict[str, Fact] = {**form.vocabulary.facts, AS_OF.name: AS_OF, KNOWN_ON.name: KNOWN_ON}
        timed = [(n, clause) for n, rule in enumerate(self.rules) for clause in _timed_clauses(rule, form)]
        self.clause_rule: tuple[int, ...] = tuple(n for n, _ in timed)
        self.axes: dict[str, Axis] = self._cut_axes(clause for _, clause in timed)
        self.everything: dict[str, int] = {name: axis.everything for name, axis in self.axes.items()}
        self.clause_boxes: tuple[dict[str, int], ...] = tuple(
            {fact: self.axes[fact].mask_of(allowed) for fact, allowed in clause.items()} for _, clause in timed
        )
        self.all_clauses = (1 << len(timed)) - 1
        self.accepting: dict[str, list[int]] = {}
        self.testing: dict[str, int] = {}
        self._words: dict[tuple[str, int], str] = {}
        self._fill()
        self._group()

    def _cut_axes(self, clauses: Iterable[Mapping[str, ValueSet]]) -> dict[str, Axis]:
        cuts: dict[str, set[Cut]] = {name: set() for name in self.facts}
        readings = (c for rule in self.rules for one in rule.contested for c in one.clauses)
        for clause in (*clauses, *readings):
            for fact, allowed in clause.items():
                if isinstance(allowed, Ordered):
                    cuts[fact].update(cut for interval in allowed.intervals for cut in interval)
        return {name: Axis(fact, cuts[name]) for name, fact in self.facts.items()}

    def _fill(self) -> None:
        """Sweep each axis once: a clause's bit is turned over where its cells begin and end."""
        total = len(self.clause_boxes)
        turning: dict[str, list[list[int]]] = {name: [[] for _ in range(a.size + 1)] for name, a in self.axes.items()}
        tested: dict[str, list[int]] = {name: [] for name in self.axes}
        for n, box in enumerate(self.clause_boxes):
            for fact, mask in box.items():
                tested[fact].append(n)
                for boundary in bits_of(mask ^ mask << 1):
                    turning[fact][boundary].append(n)
        for fact, axis in self.axes.items():
            self.testing[fact] = bit_set(tested[fact], total)
            accepted = self.all_clauses ^ self.testing[fact]
            self.accepting[fact] = cells = []
            for cell in range(axis.size):
                accepted ^= bit_set(turning[fact][cell], total)
                cells.append(accepted)

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
    def rule_clauses(self) -> tuple[int, ...]:
        """The clauses of each rule."""
        sets: list[list[int]] = [[] for _ in self.rules]
        for n, rule in enumerate(self.clause_rule):
            sets[rule].append(n)
        return tuple(bit_set(members, len(self.clause_rule)) for members in sets)

    def words(self, fact: str, cells: int) -> str:
        """The test that some cells pass, in the words of the rule files; remembered, as explanations repeat them."""
        found = self._words.get((fact, cells))
        if found is None:
            axis = self.axes[fact]
            found = self._words[fact, cells] = test_words(axis.set_of(cells), axis.fact)
        return found

    def region(self, rule: int) -> tuple[Box, ...]:
        """The rule's region with dates and knowledge left aside."""
        return tuple(
            {fact: self.axes[fact].mask_of(allowed) for fact, allowed in clause.items()}
            for clause in self.rules[rule].clauses
        )


def _timed_clauses(rule: Rule, form: SourceForm) -> list[dict[str, ValueSet]]:
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
