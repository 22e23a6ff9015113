"""Unknown facts: every completion of a case at once, as a decision diagram.

The unknown facts are branched on one after another. Two partial completions that leave the same clauses have
the same future, so they are one node; a node all of whose branches end alike is no node at all. What is left is
the reduced ordered decision diagram of the answer (Bryant 1986, with many values a variable): it has one end
exactly when the unknown facts do not matter, and it branches on exactly the facts that can matter.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from accessrules.axes import bits_of
from accessrules.chains import Chain, Settled
from accessrules.resolving import CONFLICT, NO_RULE, End, Resolution, Status
from accessrules.spaces import Space

__all__ = [
    "MOST_STEPS",
    "Diagram",
    "Explorer",
    "Node",
    "Question",
    "TooLong",
    "explore",
    "most_telling_first",
    "refined",
]

MOST_STEPS = 200_000
"""So many branches are followed at most; then a sound over-approximation answers, and says that it is none exact."""

_MOST_FACTS = 200
"""The search goes one level deeper with each fact; cases with more unknown facts that can matter are approximated."""

Node: TypeAlias = int


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that can matter, and what each group of its cells leaves possible.

    `groups` are (cells, ends that they leave), in the order of the cells; `worst` is the largest number of ways
    in which the case can still end once it is answered, `best` the smallest.
    """

    fact: str
    groups: tuple[tuple[int, frozenset[End]], ...]
    worst: int
    best: int


@dataclass(slots=True)
class Diagram:
    """The reduced diagram: `root` is a node; `branches[node]` is its level and (cells, node) pairs.

    A node without branches is an end of the case, kept in `ends`.
    """

    facts: tuple[str, ...]
    root: Node
    branches: Mapping[Node, tuple[int, tuple[tuple[int, Node], ...]]]
    ends: Mapping[Node, frozenset[End]]
    settled: tuple[Settled, ...]
    exact: bool = True

    def reachable(self, start: Node, level: int = -1, cells: int = 0) -> frozenset[Node]:
        """The end nodes that can be reached, where the fact of `level` is known to lie in `cells`."""
        seen: set[Node] = set()
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                at, pairs = self.branches.get(node, (-1, ()))
                waiting.extend(child for mask, child in pairs if at != level or mask & cells)
        return frozenset(node for node in seen if node in self.ends)

    def questions(self) -> list[Question]:
        """The facts that can matter, best question first: the smallest worst case, then best case, then by name."""
        seen: set[Node] = set()
        waiting, masks = [self.root], dict[int, set[int]]()
        while waiting:
            node = waiting.pop()
            if node in seen or node not in self.branches:
                continue
            seen.add(node)
            level, pairs = self.branches[node]
            masks.setdefault(level, set()).update(mask for mask, _ in pairs)
            waiting.extend(child for _, child in pairs)
        asked = [self._question(level, refined(found)) for level, found in masks.items()]
        return sorted(asked, key=lambda q: (q.worst, q.best, q.fact))

    def _question(self, level: int, groups: list[int]) -> Question:
        left = [(cells, self.reachable(self.root, level, cells)) for cells in groups]
        named = tuple((cells, frozenset().union(*(self.ends[node] for node in nodes))) for cells, nodes in left)
        ways = [len(nodes) for _, nodes in left]
        return Question(self.facts[level], named, max(ways), min(ways))


def refined(masks: set[int]) -> list[int]:
    """The coarsest groups of cells that every mask is a union of."""
    groups: list[int] = []
    for mask in sorted(masks):
        rest, parts = mask, list[int]()
        for group in groups:
            parts.extend(part for part in (group & mask, group & ~mask) if part)
            rest &= ~group
        groups = parts + ([rest] if rest else [])
    return sorted(groups, key=lambda group: group & -group)


def explore(chain: Chain, live: int, open_cells: Mapping[str, int], most_steps: int = MOST_STEPS) -> Diagram:
    """The diagram of a case: `live` are the clauses left by what is known, `open_cells` the cells of the rest."""
    facts = most_telling_first(chain.index, open_cells, live)
    if len(facts) > _MOST_FACTS:
        return _approximate(chain, live, open_cells, facts)
    explorer = _Answers(chain, facts, [open_cells[f] for f in facts], most_steps)
    try:
        root = explorer.node(live)
    except TooLong:
        return _approximate(chain, live, open_cells, facts)
    return Diagram(facts, root, explorer.branches, explorer.ends, tuple(explorer.settled))


def most_telling_first(space: Space, cells: Mapping[str, int], live: int) -> tuple[str, ...]:
    """The facts in the order to branch on: first what leaves few clauses in the average cell, then by name."""

    def left(fact: str) -> int:
        kept = [(live & space.accepting[fact][cell]).bit_count() for cell in bits_of(cells[fact])]
        return sum(kept) * 1000 // len(kept)

    return tuple(sorted(cells, key=lambda fact: (left(fact), fact)))


class TooLong(Exception):  # noqa: N818 - a signal between this module and those that explore
    """The search took more steps than it may."""


class Explorer:
    """Builds a reduced diagram of everything that some clauses can come to, fact by fact.

    `name_end(live)` names what is left when every fact is known: equal names are one end. Nodes are numbered;
    `branches` and `ends` are as in a Diagram, `ends` with the names.
    """

    def __init__(self, space: Space, facts: Sequence[str], cells: Sequence[int], most_steps: int) -> None:
        self.space, self.facts, self.cells, self.steps_left = space, facts, cells, most_steps
        self.testing = [space.testing[f] for f in facts]
        # With the length beside the bits: Python hashes an int modulo 2**61 - 1, so single bits would often collide.
        self.known: dict[tuple[int, int, int], Node] = {}
        self.shared: dict[object, Node] = {}
        self.branches: dict[Node, tuple[int, tuple[tuple[int, Node], ...]]] = {}
        self.ends: dict[Node, Any] = {}

    def name_end(self, live: int) -> Hashable:
        """What these clauses come to where every fact is known."""
        return live

    def node(self, live: int, level: int = 0) -> Node:
        """The node for these clauses, branching on the facts from `level` on; raises TooLong."""
        while level < len(self.facts) and not live & self.testing[level]:
            level += 1
        state = (level, live.bit_length(), live)
        found = self.known.get(state)
        if found is None:
            found = self._end(live) if level == len(self.facts) else self._branch(live, level)
            self.known[state] = found
        return found

    def _end(self, live: int) -> Node:
        name = self.name_end(live)
        node = self.shared.setdefault((-1, name), len(self.shared))
        self.ends[node] = name
        return node

    def _branch(self, live: int, level: int) -> Node:
        groups = self.space.split(self.facts[level], self.cells[level], live)
        self.steps_left -= len(groups)
        if self.steps_left < 0:
            raise TooLong
        by_node: dict[Node, int] = {}
        for cells, left in groups:
            node = self.node(left, level + 1)
            by_node[node] = by_node.get(node, 0) | cells
        return self.branched(level, by_node)

    def branched(self, level: int, by_node: Mapping[Node, int]) -> Node:
        """The node that branches so on a level: the only one there is, or one that is shared."""
        if len(by_node) == 1:
            return next(iter(by_node))
        pairs = tuple(sorted((cells, node) for node, cells in by_node.items()))
        node = self.shared.setdefault((level, pairs), len(self.shared))
        self.branches[node] = (level, pairs)
        return node


class _Answers(Explorer):
    """The ends are the ways in which a decision ends."""

    def __init__(self, chain: Chain, facts: Sequence[str], cells: Sequence[int], most_steps: int) -> None:
        super().__init__(chain.index, facts, cells, most_steps)
        self.chain = chain
        self.settled: dict[Settled, None] = {}

    def name_end(self, live: int) -> frozenset[End]:
        settled = self.chain.settle(live)
        self.settled[settled] = None
        return settled.ends


def _approximate(chain: Chain, live: int, open_cells: Mapping[str, int], facts: tuple[str, ...]) -> Diagram:
    """A superset of the possible ends, each unknown fact counted as one that can matter.

    Sound, not exact: every rule that may apply may decide, and any two that disagree may conflict.
    """
    index = chain.index
    certain = live
    for fact in facts:
        for cell in bits_of(open_cells[fact]):
            certain &= index.accepting[fact][cell]
    for name in chain.decisions:
        certain &= ~index.testing[name]
    ends: set[End] = set()
    for name in chain.decisions:
        possible = [index.rules[n] for n in index.rules_of(live & index.of_decision[name])]
        declared = index.form.decisions[name].default
        if name == chain.decision:
            ends.update(outcome for rule in possible for outcome in rule.outcomes)
        if not certain & index.of_decision[name]:
            if declared is None:
                ends.add(NO_RULE)
            elif name == chain.decision:
                ends.add(declared.outcome)
        if len({rule.outcomes for rule in possible}) > 1 or any(rule.details for rule in possible):
            ends.add(CONFLICT)
    if len(ends) == 1:
        return _settled_alike(chain, live, facts, frozenset(ends))
    # A comb: one node a fact, each of whose cells may lead to any end.
    found = {node: frozenset([end]) for node, end in enumerate(sorted(ends))}
    branches: dict[Node, tuple[int, tuple[tuple[int, Node], ...]]] = {}
    below = list(found)
    for level in range(len(facts) - 1, -1, -1):
        node = len(found) + len(branches)
        branches[node] = (level, tuple((open_cells[facts[level]], child) for child in below))
        below = [node]
    return Diagram(facts, below[0], branches, found, (), exact=False)


def _settled_alike(chain: Chain, live: int, facts: tuple[str, ...], ends: frozenset[End]) -> Diagram:
    """Whatever the unknown facts are, the case ends in one way: by any of the rules that may apply."""
    (end,) = ends
    possible = chain.index.rules_of(live & chain.index.of_decision[chain.decision])
    prevailing = tuple(sorted(possible, key=chain.resolver.precedence.order.__getitem__))
    outcome = None if end in (CONFLICT, NO_RULE) else end
    status: Status = "decided" if outcome else "conflict" if end == CONFLICT else "no_rule"
    resolution = Resolution(status, outcome, ends, prevailing, is_default=not prevailing)
    return Diagram(facts, 0, {}, {0: ends}, (Settled(ends, (resolution,)),), exact=False)
