"""A decision's own clauses, walked together with the diagram of the earlier outcomes that they test.

So only what can really occur is met, and the clauses of the earlier decisions need not be told apart.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import reduce

from accessrules.diagrams import Explorer, Node, TooLong
from accessrules.earlier import Earlier, Tree
from accessrules.resolving import Resolver

__all__ = ["Lockstep"]


class Lockstep(Explorer):
    """Explores the last of some decisions, each of which may rest on those before it.

    What its ends are called is said by `name_meeting`.
    """

    def __init__(
        self, resolver: Resolver, decisions: Sequence[str], facts: Sequence[str], cells: Sequence[int], most_steps: int
    ) -> None:
        super().__init__(resolver.index, facts, cells, most_steps)
        self.resolver, self.index, self.decisions = resolver, resolver.index, decisions
        self.pairs: dict[tuple[int, int, int, Node], Node] = {}
        self.earlier: Mapping[Node, tuple[int, tuple[tuple[int, Node], ...]]] = {}
        self.outcomes: Mapping[Node, Tree] = {}

    def name_meeting(self, live: int, outcomes: Tree) -> Hashable:
        """What these own clauses come to after these earlier outcomes; equal names are one end."""
        raise NotImplementedError

    def renew(self, cells: Sequence[int], most_steps: int) -> None:
        """Begin again within other cells; what was found stays."""
        self.cells, self.steps_left = cells, most_steps
        self.pairs.clear()

    def start(self, live: int) -> Node:
        """The root, where of all clauses these are left; raises TooLong."""
        own = self.index.of_decision[self.decisions[-1]]
        before = reduce(int.__or__, (self.index.of_decision[d] for d in self.decisions[:-1]), 0)
        earlier = Earlier(
            self.index, self.facts, self.cells, self.steps_left, resolver=self.resolver, names=self.decisions[:-1]
        )
        root = earlier.node(before & live)
        self.earlier, self.outcomes = earlier.branches, earlier.ends
        return self.together(own & live, 0, root)

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
        name = self.name_meeting(live, self.outcomes[earlier])
        node = self.shared.setdefault((-1, name), len(self.shared))
        self.ends[node] = name
        return node

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
