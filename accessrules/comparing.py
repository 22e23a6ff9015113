"""Comparing two rule sets: where they answer differently, completely, as few regions that do not overlap.

Only rules that differ can make answers differ. So the clauses of those rules mark where to look; the clauses of both
sets that hold somewhere there are put into one space, and every cell of it that is marked is resolved on both sides.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from accessrules.axes import Axis, bits_of
from accessrules.chains import Chain, Settled
from accessrules.changes import Change, Changes, Kind, Side
from accessrules.diagrams import Explorer, Node, TooLong, most_telling_first
from accessrules.differing import differing
from accessrules.earlier import Earlier, settle
from accessrules.errors import Problem, QueryError
from accessrules.regions import Box, Region, meet
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
            halves = (_Half(before, decision, known_on), _Half(after, decision, known_on))
            marks = differing(before, after, halves[0].chain.decisions, halves[1].chain.decisions)
            found.extend(_Pair(halves, marks, known_on).changes())
    return Changes(found, before, after, known_on)


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
    halves = (_Half(before, decision, None, given), _Half(after, decision, None, given))
    return _Pair(halves, marks, None, most_steps).first(wanted, reasons)


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
        self, rules: RuleSet, decision: str, known_on: dt.date | None, given: Mapping[str, str] | None = None
    ) -> None:
        """With `given`, as if earlier decisions had those outcomes."""
        self.rules, self.index = rules, rules.index
        chain = rules.decider(decision).chain
        self.chain = Chain(rules.index, chain.resolver, decision, given) if given else chain
        axis = self.index.axes[KNOWN_ON.name]
        known = axis.size - 1 if known_on is None else axis.cell_of(known_on)
        self.live = self.chain.clauses & self.index.accepting[KNOWN_ON.name][known]
        self.sides: dict[Settled, Side] = {}

    def look(self, marks: Sequence[Clause]) -> None:
        """Find the clauses that hold somewhere in the marked places; from now on they are bits by their order."""
        near = 0
        for mark in marks:
            near |= self.index.meeting(
                {f: _cells(self.index.axes[f], v) for f, v in mark.items() if f in self.index.axes}
            )
        self.numbers = list(bits_of(near & self.live))

    def side(self, settled: Settled) -> Side:
        """What this half says where a case is so settled; remembered, as few things are said in many cells."""
        found = self.sides.get(settled)
        if found is None:
            found = self.sides[settled] = Side.of(settled, self.rules)
        return found

    def bits_of(self, decisions: Sequence[str]) -> int:
        """The bits of the clauses of some decisions."""
        of = [self.index.rules[self.index.clause_rule[n]].decision for n in self.numbers]
        return sum(1 << bit for bit, decision in enumerate(of) if decision in decisions)

    def clauses_of(self, bits: int) -> int:
        """The clauses of the index for these bits; bits beyond the last are not this half's."""
        mine = bits & (1 << len(self.numbers)) - 1
        return reduce(lambda clauses, bit: clauses | 1 << self.numbers[bit], bits_of(mine), 0)

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
    """Both halves in one space: first the clauses of the one, then those of the other, then the marks.

    As in `atlas.py`, a half's own clauses are walked in lockstep with the diagram of its earlier decisions.
    """

    def __init__(
        self,
        halves: tuple[_Half, _Half],
        marks: Sequence[Clause],
        known_on: dt.date | None,
        most_steps: int = 10**9,
    ) -> None:
        """`marks` say where to look."""
        self.halves, self.known_on, self.decision = halves, known_on, halves[0].chain.decisions[-1]
        for half in halves:
            half.look(marks)
        clauses = [half.clause(n) for half in self.halves for n in half.numbers]
        facts = _shared(halves[0].rules, halves[1].rules, {fact for clause in (*clauses, *marks) for fact in clause})
        space = Space(facts, [_within(clause, facts) for clause in (*clauses, *marks)])
        self.marks = space.all_clauses >> len(clauses) << len(clauses)
        ordered = most_telling_first(space, space.everything, space.all_clauses)
        super().__init__(space, ordered, [space.everything[f] for f in ordered], most_steps)
        self.firsts = (0, len(self.halves[0].numbers))
        self.states: dict[tuple[int, int, int, tuple[Node, Node]], Node] = {}

    @cached_property
    def earlier(self) -> tuple[tuple[Earlier, Node], ...]:
        """For each half the diagram of its earlier decisions, and the node for all their clauses."""
        return tuple(self._earlier(side) for side in (0, 1))

    def _earlier(self, side: int) -> tuple[Earlier, Node]:
        half, first = self.halves[side], self.firsts[side]
        names = half.chain.decisions[:-1]
        diagram = Earlier(
            self.space,
            self.facts,
            self.cells,
            self.steps_left,
            resolver=half.chain.resolver,
            names=names,
            clauses_of=lambda live: half.clauses_of(live >> first),
        )
        return diagram, diagram.node(half.bits_of(names) << first)

    def changes(self) -> Iterator[Change]:
        """Each region in which the two halves differ; where answers do, whatever rules they come from."""
        own = [half.bits_of([self.decision]) << first for half, first in zip(self.halves, self.firsts, strict=True)]
        root = self._together(own[0] | own[1] | self.marks, 0, (self.earlier[0][1], self.earlier[1][1]))
        found: dict[Any, list[tuple[Side, Side, Box]]] = {}
        for (kind, one, other), box in self._boxes(root, {}):
            alike = (one.end, other.end) if kind == "answer" else (one, other)
            found.setdefault((kind, alike), []).append((one, other, box))
        for (kind, _), parts in found.items():
            for box in Region((part for _, _, part in parts), self.space.everything):
                within = [(one, other) for one, other, part in parts if meet(box, part) is not None]
                before, after = (Side.together(list(dict.fromkeys(sides))) for sides in zip(*within, strict=True))
                yield self._told((kind, before, after), box)

    def _told(self, change: tuple[Kind, Side, Side], box: Box) -> Change:
        words = {fact: self.space.words(fact, mask) for fact, mask in box.items()}
        kind, before, after = change
        return Change(self.decision, kind, words, before, after, witness(self.space, box, self.known_on))

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
                change = self._change_at(live, reasons)
                return None if change is None else wanted(self._told(change, box))
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

    def _change_at(self, live: int, reasons: bool) -> tuple[Kind, Side, Side] | None:
        """The change where these clauses hold, those of earlier decisions among them; a quick look before the words."""
        one, other = (
            half.chain.settle(half.clauses_of(live >> first))
            for half, first in zip(self.halves, self.firsts, strict=True)
        )
        details = [[resolution.details for resolution in settled.resolutions] for settled in (one, other)]
        if not reasons and one.ends == other.ends and details[0] == details[1]:
            return None
        found = Side.change(self.halves[0].side(one), self.halves[1].side(other))
        return found if reasons or found is None or found[0] != "reasons" else None

    def _together(self, live: int, level: int, nodes: tuple[Node, Node]) -> Node:
        """The node for these own clauses and marks, and these nodes of the earlier diagrams."""
        if not live & self.marks:
            return self._named(None)  # nothing is looked for where no mark is left
        ahead = min(
            diagram.branches.get(n, (len(self.facts),))[0] for (diagram, _), n in zip(self.earlier, nodes, strict=True)
        )
        while level < len(self.facts) and level != ahead and not live & self.testing[level]:
            level += 1
        state = (level, live.bit_length(), live, nodes)
        if state not in self.states:
            end = level == len(self.facts)
            self.states[state] = self._named(self._change(live, nodes)) if end else self._part(live, level, nodes)
        return self.states[state]

    def _named(self, name: Any) -> Node:
        node = self.shared.setdefault((-1, name), len(self.shared))
        self.ends[node] = name
        return node

    def _change(self, live: int, nodes: tuple[Node, Node]) -> Any:
        """The kind of change with both sides; None where there is none."""
        sides = []
        for half, first, (diagram, _), node in zip(self.halves, self.firsts, self.earlier, nodes, strict=True):
            sides.append(half.side(settle(diagram.ends[node], half.clauses_of(live >> first), half.chain)))
        return Side.change(*sides)

    def _part(self, live: int, level: int, nodes: tuple[Node, Node]) -> Node:
        each = [self._ways(side, node, level) for side, node in enumerate(nodes)]
        by_node: dict[Node, int] = {}
        for cells, left in self.space.split(self.facts[level], self.cells[level], live):
            for one, then in each[0]:
                for other, further in each[1]:
                    if common := cells & one & other:
                        node = self._together(left, level + 1, (then, further))
                        by_node[node] = by_node.get(node, 0) | common
        return self.branched(level, by_node)

    def _ways(self, side: int, node: Node, level: int) -> tuple[tuple[int, Node], ...]:
        at, ways = self.earlier[side][0].branches.get(node, (-1, ()))
        return ways if at == level else ((self.cells[level], node),)

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
