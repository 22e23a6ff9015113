"""An atlas: which clauses of a decision can hold together, and where, over everything that a case can give.

It is a reduced decision diagram (see `diagrams.py`) whose ends are sets of clauses that hold at once. Nothing is
sampled: each end is reached by some case, and each case reaches one. A decision that tests the outcomes of earlier ones
is walked in lockstep with the diagram of those outcomes, so that only what can really occur is met.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import TypeAlias

from accessrules.axes import bits_of
from accessrules.diagrams import Node, TooLong, most_telling_first
from accessrules.earlier import Tree
from accessrules.lockstep import Lockstep
from accessrules.regions import Box
from accessrules.resolving import CONFLICT, NO_RULE, End, Resolver
from accessrules.vocabulary import KNOWN_ON

__all__ = ["MOST_STEPS", "Atlas", "Meeting", "Unexplored"]

MOST_STEPS = 2_000_000
"""So many groups of cells are looked at, at most, for each part of an atlas."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Clauses that hold together in some case; `settled`: no earlier decision fails there so that it matters."""

    clauses: int
    settled: bool
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Once, as thousands of bits take a while; with the length beside the bits, as in `Explorer`.
        object.__setattr__(self, "_hash", hash((self.clauses.bit_length(), self.clauses)))

    def __hash__(self) -> int:
        return self._hash


Ends: TypeAlias = frozenset[Meeting]
"""What can hold at one place: one meeting, or one for each outcome that an earlier decision leaves open there."""


@dataclass(frozen=True, slots=True)
class Unexplored:
    """A part of a decision's cases that took too many steps."""

    decision: str
    box: Box
    steps: int


class Atlas:
    """One decision's atlas, on all days, as known on one day.

    `facts` are the given facts in the order of branching. `parts` are boxes with the root of their diagram;
    `unexplored` is what took too long. `ends` maps end nodes to what meets there.
    """

    def __init__(
        self,
        resolver: Resolver,
        decision: str,
        *,
        known: int | None = None,
        within: Box | None = None,
        most_steps: int = MOST_STEPS,
    ) -> None:
        """Explore a decision; `known` is a cell of `known_on` (the last: everything known), `within` a box of facts."""
        index = self.index = resolver.index
        self.resolver, self.decision = resolver, decision
        names = index.chain(decision)
        last = len(index.axes[KNOWN_ON.name].named) or index.axes[KNOWN_ON.name].size
        self._live = index.accepting[KNOWN_ON.name][last - 1 if known is None else known]
        chained = reduce(int.__or__, (index.of_decision[d] for d in names))
        given = (f for f in sorted(index.facts) if f not in index.form.decisions and f != KNOWN_ON.name)
        cells = {f: (within or {}).get(f, index.everything[f]) for f in given if index.testing[f] & chained}
        self.facts = most_telling_first(index, cells, self._live & chained)
        self.cells = tuple(cells[f] for f in self.facts)
        self.branches: dict[Node, tuple[int, tuple[tuple[int, Node], ...]]] = {}
        self.ends: dict[Node, Ends] = {}
        self.parts: list[tuple[Box, Node]] = []
        self.unexplored: list[Unexplored] = []
        self._explore(names, most_steps)

    def _explore(self, names: Sequence[str], most_steps: int) -> None:
        """The whole at once, or where that takes too long, part by part along the most telling fact."""
        walk = _Meetings(self.resolver, names, self.facts, self.cells, most_steps)
        try:
            root = walk.start(self._live)
        except TooLong:
            walk = self._by_parts(names, most_steps)
        else:
            self.parts.append(({}, root))
        self.branches, self.ends = walk.branches, walk.ends

    def _by_parts(self, names: Sequence[str], most_steps: int) -> _Meetings:
        walk = _Meetings(self.resolver, names, self.facts, self.cells, most_steps)
        for cell in bits_of(self.cells[0] if self.cells else 1):
            box = {self.facts[0]: 1 << cell} if self.facts else {}
            walk.renew((1 << cell, *self.cells[1:]), most_steps)
            try:
                self.parts.append((box, walk.start(self._live)))
            except TooLong:
                self.unexplored.append(Unexplored(self.decision, box, most_steps))
        return walk

    # ------------------------------------------------------------------------------------------------ what is there

    def meetings(self) -> set[Meeting]:
        """Every set of clauses that can hold together."""
        return {meeting for ends in self.ends.values() for meeting in ends}

    def where(self, wanted: Callable[[Meeting], object]) -> list[Box]:
        """The disjoint boxes of given facts in which such clauses hold together."""
        return self._where({node for node, ends in self.ends.items() if any(wanted(one) for one in ends)})

    def where_only(self, wanted: Callable[[Meeting], object]) -> list[Box]:
        """The disjoint boxes of given facts in which only such clauses hold together, whatever is left open."""
        return self._where({node for node, ends in self.ends.items() if all(wanted(one) for one in ends)})

    def _where(self, good: set[Node]) -> list[Box]:
        found: dict[Node, list[Box]] = {}
        return [{**part, **box} for part, root in self.parts for box in self._boxes(root, good, found)]

    def sample(self, meeting: Meeting) -> Box:
        """One box of given facts in which these clauses hold together."""
        node = self._found_at[meeting]
        box: dict[str, int] = {}
        while (above := self._above[node]) is not None:
            node, level, cells = above
            box[self.facts[level]] = cells
        part = next(part for part, root in self.parts if root == node)
        return {**part, **dict(reversed(box.items()))}

    @cached_property
    def _above(self) -> dict[Node, tuple[Node, int, int] | None]:
        """For each node the way by which it is first reached: from which node, on which level, by which cells."""
        above: dict[Node, tuple[Node, int, int] | None] = dict.fromkeys(root for _, root in self.parts)
        waiting = deque(above)
        while waiting:
            node = waiting.popleft()
            level, pairs = self.branches.get(node, (0, ()))
            for cells, child in pairs:
                if child not in above:
                    above[child] = (node, level, cells)
                    waiting.append(child)
        return above

    @cached_property
    def _found_at(self) -> dict[Meeting, Node]:
        """For each meeting the first end node that has it."""
        found: dict[Meeting, Node] = {}
        for node in self._above:
            for meeting in self.ends.get(node, ()):
                found.setdefault(meeting, node)
        return found

    def _boxes(self, node: Node, good: set[Node], found: dict[Node, list[Box]]) -> list[Box]:
        if node in self.ends:
            return [{}] if node in good else []
        if node not in found:
            level, pairs = self.branches[node]
            fact = self.facts[level]
            found[node] = [
                {fact: cells, **box} if cells != self.index.everything[fact] else box
                for cells, child in pairs
                for box in self._boxes(child, good, found)
            ]
        return found[node]


class _Meetings(Lockstep):
    """The ends are what meets."""

    def name_meeting(self, live: int, outcomes: Tree) -> Ends:
        """What meets where these own clauses hold after these earlier outcomes."""
        return self._ways(outcomes, live)[1]

    def _ways(self, tree: Tree, live: int) -> tuple[frozenset[End], Ends]:
        """How the decision ends, and what meets; as in `chains.py`, a failure matters where its outcomes end unlike."""
        if not tree:
            ends = self.resolver.resolve(self.decisions[-1], self.index.rules_of(live)).ends
            return ends, frozenset([Meeting(live, settled=True)])
        name, failed, branches = tree
        each = [self._ways(further, live & self.index.accepting[name][cell]) for cell, further in branches]
        met: Ends = frozenset().union(*(one for _, one in each))
        if len({ends for ends, _ in each}) == 1:
            return each[0][0], met
        if failed:
            end = CONFLICT if failed.status == "conflict" else NO_RULE
            return frozenset([end]), frozenset(Meeting(one.clauses, settled=False) for one in met)
        return frozenset().union(*(ends for ends, _ in each)), met
