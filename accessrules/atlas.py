"""An atlas: which clauses of a decision can hold together, and where, over everything that a case can give.

It is a reduced decision diagram (see `diagrams.py`) whose ends are sets of clauses that hold at once. Nothing is
sampled: each end is reached by some case, and each case reaches one. A decision that tests the outcomes of earlier ones
is walked in lockstep with the diagram of those outcomes, so that only what can really occur is met.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import TypeAlias

from accessrules.axes import bits_of
from accessrules.diagrams import Explorer, Node, TooLong, most_telling_first
from accessrules.earlier import Earlier, Tree
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

    def __hash__(self) -> int:
        # With the length beside the bits, as in `Explorer`.
        return hash((self.clauses.bit_length(), self.clauses))


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
        walk = _Lockstep(self, names, self.cells, most_steps)
        try:
            root = walk.start()
        except TooLong:
            walk = self._by_parts(names, most_steps)
        else:
            self.parts.append(({}, root))
        self.branches, self.ends = walk.branches, walk.ends

    def _by_parts(self, names: Sequence[str], most_steps: int) -> _Lockstep:
        walk = _Lockstep(self, names, self.cells, most_steps)
        for cell in bits_of(self.cells[0] if self.cells else 1):
            box = {self.facts[0]: 1 << cell} if self.facts else {}
            walk.renew((1 << cell, *self.cells[1:]), most_steps)
            try:
                self.parts.append((box, walk.start()))
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


class _Lockstep(Explorer):
    """Walks a decision's own clauses together with the diagram of the earlier outcomes that they test."""

    def __init__(self, atlas: Atlas, names: Sequence[str], cells: Sequence[int], most_steps: int) -> None:
        super().__init__(atlas.index, atlas.facts, cells, most_steps)
        self.atlas, self.names = atlas, names
        self.pairs: dict[tuple[int, int, int, Node], Node] = {}
        self.earlier: Mapping[Node, tuple[int, tuple[tuple[int, Node], ...]]] = {}

    def renew(self, cells: Sequence[int], most_steps: int) -> None:
        """Begin again within other cells; what was found stays."""
        self.cells, self.steps_left = cells, most_steps
        self.pairs.clear()

    def start(self) -> Node:
        """The root; raises TooLong."""
        index, names = self.atlas.index, self.names
        own = index.of_decision[names[-1]]
        before = reduce(int.__or__, (index.of_decision[d] for d in names[:-1]), 0)
        earlier = Earlier(
            index, self.facts, self.cells, self.steps_left, resolver=self.atlas.resolver, names=names[:-1]
        )
        root = earlier.node(before & self.atlas._live)
        self.earlier, self.outcomes = earlier.branches, earlier.ends
        return self.together(own & self.atlas._live, 0, root)

    def together(self, live: int, level: int, earlier: Node) -> Node:
        """The node for these own clauses and this node of the earlier diagram."""
        ahead = self.earlier[earlier][0] if earlier in self.earlier else len(self.facts)
        while level < len(self.facts) and level != ahead and not live & self.testing[level]:
            level += 1
        state = (level, live.bit_length(), live, earlier)
        found = self.pairs.get(state)
        if found is None:
            found = self._meet(live, earlier) if level == len(self.facts) else self._part(live, level, earlier)
            self.pairs[state] = found
        return found

    def _meet(self, live: int, earlier: Node) -> Node:
        _, met = self._ways(self.outcomes[earlier], live)
        node = self.shared.setdefault((-1, met), len(self.shared))
        self.ends[node] = met
        return node

    def _ways(self, tree: Tree, live: int) -> tuple[frozenset[End], Ends]:
        """How the decision ends, and what meets; as in `chains.py`, a failure matters where its outcomes end unlike."""
        if not tree:
            rules = self.atlas.index.rules_of(live)
            ends = self.atlas.resolver.resolve(self.atlas.decision, rules).ends
            return ends, frozenset([Meeting(live, settled=True)])
        name, failed, branches = tree
        each = [self._ways(further, live & self.space.accepting[name][cell]) for cell, further in branches]
        met: Ends = frozenset().union(*(one for _, one in each))
        if len({ends for ends, _ in each}) == 1:
            return each[0][0], met
        if failed:
            end = CONFLICT if failed.status == "conflict" else NO_RULE
            return frozenset([end]), frozenset(Meeting(one.clauses, settled=False) for one in met)
        return frozenset().union(*(ends for ends, _ in each)), met

    def _part(self, live: int, level: int, earlier: Node) -> Node:
        at, ways = self.earlier.get(earlier, (-1, ()))
        if at != level:
            ways = ((self.cells[level], earlier),)
        groups = self.space.split(self.facts[level], self.cells[level], live)
        self.steps_left -= len(groups) * len(ways)
        if self.steps_left < 0:
            raise TooLong
        by_node: dict[Node, int] = {}
        for cells, left in groups:
            for theirs, then in ways:
                if both := cells & theirs:
                    node = self.together(left, level + 1, then)
                    by_node[node] = by_node.get(node, 0) | both
        return self.branched(level, by_node)
