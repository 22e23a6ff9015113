"""Comparing two rule sets: where they answer differently, completely, as few regions that do not overlap.

Only rules that differ can make answers differ. So the clauses of those rules mark where to look; the clauses of both
sets that hold somewhere there are put into one space, and every cell of it that is marked is resolved on both sides.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from accessrules.axes import Axis, bits_of
from accessrules.chains import Chain, Settled
from accessrules.changes import Change, Changes, Kind, Side
from accessrules.diagrams import Explorer, Node, TooLong, most_telling_first
from accessrules.differing import differing
from accessrules.errors import Problem, QueryError
from accessrules.regions import Box, Region
from accessrules.spaces import Space
from accessrules.valuesets import Named, ValueSet
from accessrules.vocabulary import KNOWN_ON, Fact
from accessrules.witnesses import witness

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["compare", "first_change"]

_Found = TypeVar("_Found")
Clause: TypeAlias = Mapping[str, ValueSet]


def compare(before: RuleSet, after: RuleSet, known_on: dt.date | None) -> Changes:
    """Every change of an answer, its details or its reasons, as known on a day (None: with everything known).

    Raises QueryError where the two cannot be compared: a fact of one type here and another there.
    """
    _check_comparable(before, after)
    found: list[Change] = []
    for decision in before.form.decisions:
        if decision in after.form.decisions:
            found.extend(_Pair(before, after, decision, known_on).changes())
    return Changes(found, before, after)


def first_change(
    before: RuleSet,
    after: RuleSet,
    decision: str,
    marks: Sequence[Clause],
    wanted: Callable[[Change], _Found | None],
    *,
    most_steps: int,
    given: Mapping[str, str] | None = None,
    reasons: bool = False,
) -> _Found | None:
    """What `wanted` makes of the first change of a decision that it wants, with everything known; None: it wants none.

    Looks only where the marks (clauses of given facts) hold, at one box after the other, in the order of their values.
    With `given`, as if earlier decisions had those outcomes; with `reasons`, also where nothing else changes. Raises
    TooLong past `most_steps` groups of cells.
    """
    return _Pair(before, after, decision, None, marks=marks, given=given, most_steps=most_steps).first(wanted, reasons)


def _check_comparable(before: RuleSet, after: RuleSet) -> None:
    problems = []
    for fact in before.form.vocabulary:
        other = after.form.vocabulary.get(fact.name)
        if other is not None and (fact.type, fact.unit) != (other.type, other.unit):
            message = f"`{fact.name}` is {_kind(fact)} in one rule set and {_kind(other)} in the other"
            problems.append(Problem(f"$.facts.{fact.name}", message, "give the fact one type and unit"))
    if problems:
        raise QueryError(problems)


def _kind(fact: Fact) -> str:
    return f"a {fact.type}" + (f" in {fact.unit}" if fact.unit else "")


class _Half:
    """One of the two rule sets, for one decision: the clauses that hold somewhere in the marked places."""

    def __init__(
        self, rules: RuleSet, decision: str, known_on: dt.date | None, given: Mapping[str, str] | None
    ) -> None:
        self.rules, self.index = rules, rules.index
        chain = rules.decider(decision).chain
        self.chain = Chain(rules.index, chain.resolver, decision, given) if given else chain
        axis = self.index.axes[KNOWN_ON.name]
        known = axis.size - 1 if known_on is None else axis.cell_of(known_on)
        self.live = self.chain.clauses & self.index.accepting[KNOWN_ON.name][known]

    def near(self, marks: Sequence[Clause]) -> list[int]:
        """The clauses that hold somewhere in the marked places."""
        near = 0
        for mark in marks:
            near |= self.index.meeting(
                {f: _cells(self.index.axes[f], v) for f, v in mark.items() if f in self.index.axes}
            )
        return list(bits_of(near & self.live))

    def clause(self, n: int) -> Clause:
        """A clause's tests on given facts."""
        derived = self.index.form.decisions
        box = self.index.clause_boxes[n]
        return {f: self.index.axes[f].set_of(m) for f, m in box.items() if f not in derived and f != KNOWN_ON.name}


def _cells(axis: Axis, allowed: ValueSet) -> int:
    """All cells in which some value of a set lies, and perhaps more; the axis need not be cut at the set's ends."""
    if isinstance(allowed, Named):
        return sum(1 << n for n, name in enumerate(axis.named) if name in allowed.members)
    first = max(bisect_right(axis.cuts, allowed.intervals[0][0]) - 1, 0)
    after = bisect_left(axis.cuts, allowed.intervals[-1][1])
    return axis.everything >> first << first & (1 << after) - 1


class _Pair(Explorer):
    """Both halves in one space: first the clauses of the one, then those of the other, then the marks."""

    def __init__(
        self,
        before: RuleSet,
        after: RuleSet,
        decision: str,
        known_on: dt.date | None,
        *,
        marks: Sequence[Clause] | None = None,
        given: Mapping[str, str] | None = None,
        most_steps: int = 10**9,
    ) -> None:
        """`marks` say where to look; without them, everywhere where the two can differ."""
        self.decision, self.known_on = decision, known_on
        self.halves = (_Half(before, decision, known_on, given), _Half(after, decision, known_on, given))
        if marks is None:
            marks = differing(before, after, self.halves[0].chain.decisions, self.halves[1].chain.decisions)
        self.numbers = [half.near(marks) for half in self.halves]
        clauses = [half.clause(n) for half, some in zip(self.halves, self.numbers, strict=True) for n in some]
        facts = _shared(before, after, {fact for clause in (*clauses, *marks) for fact in clause})
        space = Space(facts, [_within(clause, facts) for clause in (*clauses, *marks)])
        self.marks = space.all_clauses >> len(clauses) << len(clauses)
        ordered = most_telling_first(space, space.everything, space.all_clauses)
        super().__init__(space, ordered, [space.everything[f] for f in ordered], most_steps)

    def changes(self) -> Iterator[Change]:
        """Each region in which the two halves differ."""
        root = self.node(self.space.all_clauses)
        regions: dict[Any, list[Box]] = {}
        for name, box in self._boxes(root, {}):
            regions.setdefault(name, []).append(box)
        for change, boxes in regions.items():
            for box in Region(boxes, self.space.everything):
                yield self._change(change, box)

    def _change(self, change: tuple[Kind, Side, Side], box: Box) -> Change:
        words = {fact: self.space.words(fact, mask) for fact, mask in box.items()}
        return Change(self.decision, change[0], words, *change[1:], witness(self.space, box, self.known_on))

    def first(self, wanted: Callable[[Change], _Found | None], reasons: bool) -> _Found | None:
        """What is made of the first change that is wanted, box by box, lowest values first."""
        looked: set[tuple[int, int]] = set()

        def look(live: int, level: int, box: Box) -> _Found | None:
            while level < len(self.facts) and not live & self.testing[level]:
                level += 1
            if not live & self.marks or (level, live) in looked:
                return None
            looked.add((level, live))
            if level == len(self.facts):
                change = self.name_end(live) if reasons or self._answers_differ(live) else None
                return None if change is None else wanted(self._change(change, box))
            groups = self.space.split(self.facts[level], self.cells[level], live)
            self.steps_left -= len(groups)
            if self.steps_left < 0:
                raise TooLong
            for cells, left in sorted(groups, key=lambda group: group[0] & -group[0]):
                found = look(left, level + 1, {**box, self.facts[level]: cells})
                if found is not None:
                    return found
            return None

        return look(self.space.all_clauses, 0, {})

    def node(self, live: int, level: int = 0) -> Node:
        """As an Explorer's, but nothing is looked for where no mark is left."""
        return super().node(live if live & self.marks else 0, level)

    def name_end(self, live: int) -> tuple[Kind, Side, Side] | None:
        """The kind of change with both sides; None where there is none."""
        if not live & self.marks:
            return None
        one, other = (Side.of(self._settled(side, live), self.halves[side].rules) for side in (0, 1))
        return Side.change(one, other)

    def _answers_differ(self, live: int) -> bool:
        """Whether more than the reasons can differ: a quick look before the sides are put into words."""
        one, other = (self._settled(side, live) for side in (0, 1))
        return one.ends != other.ends or [r.details for r in one.resolutions] != [r.details for r in other.resolutions]

    def _settled(self, side: int, live: int) -> Settled:
        half, numbers = self.halves[side], self.numbers[side]
        first = len(self.numbers[0]) if side else 0
        mine = live >> first & (1 << len(numbers)) - 1
        return half.chain.settle(reduce(lambda bits, n: bits | 1 << numbers[n], bits_of(mine), 0))

    def _boxes(self, node: Node, found: dict[Node, list[tuple[Any, Box]]]) -> list[tuple[Any, Box]]:
        if node in self.ends:
            return [(self.ends[node], {})] if self.ends[node] is not None else []
        if node not in found:
            level, pairs = self.branches[node]
            fact = self.facts[level]
            found[node] = [
                (name, {fact: cells, **box}) for cells, child in pairs for name, box in self._boxes(child, found)
            ]
        return found[node]


def _shared(before: RuleSet, after: RuleSet, names: set[str]) -> dict[str, Fact]:
    """The facts that clauses test, with the values that both rule sets know."""
    facts: dict[str, Fact] = {}
    for name in sorted(names):
        one, other = before.index.facts.get(name), after.index.facts.get(name)
        fact = other or one
        assert fact is not None
        if one is not None and other is not None and one.leaves != other.leaves:
            fact = one if set(one.leaves) <= set(other.leaves) else other
        facts[name] = fact
    return facts


def _within(clause: Clause, facts: Mapping[str, Fact]) -> Clause:
    """The clause with named values that the shared facts have."""
    return {f: Named(v.members & frozenset(facts[f].leaves)) if isinstance(v, Named) else v for f, v in clause.items()}
