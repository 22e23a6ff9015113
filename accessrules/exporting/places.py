"""Where each kind of answer is: boxes of cells over the facts that have a column.

The boxes of a kind cover exactly the cells in which a case is of that kind. So a row, whose known facts lie in one cell
each and whose unknown ones in any, can end in exactly the kinds one of whose boxes it meets in every fact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

from accessrules.chains import Chain
from accessrules.diagrams import Node, TooLong, most_telling_first
from accessrules.earlier import Tree, settle
from accessrules.errors import Problem, QueryError
from accessrules.exporting.kinds import Kind
from accessrules.exporting.plan import Plan
from accessrules.lockstep import Lockstep
from accessrules.regions import Box, merged
from accessrules.vocabulary import AS_OF, KNOWN_ON

__all__ = ["MOST_BOXES", "MOST_STEPS", "places"]

MOST_STEPS, MOST_BOXES = 2_000_000, 20_000
"""So many groups of cells are looked at, at most, and so many boxes are written."""

_Places = Mapping[Kind, Sequence[Box]]


def places(plan: Plan, most_boxes: int = MOST_BOXES, most_steps: int = MOST_STEPS) -> _Places:
    """The boxes of each kind; raises QueryError where they are too many, or too many steps lead to them."""
    index, live, cells = plan.rules.index, plan.chain.clauses, dict[str, int]()
    for fact in (*plan.chain.facts, KNOWN_ON.name):
        mask = plan.fixed.get(fact, index.everything[fact])
        if mask & (mask - 1):
            cells[fact] = mask
        else:
            live &= index.accepting[fact][mask.bit_length() - 1]
    ordered = most_telling_first(index, {f: mask for f, mask in cells.items() if live & index.testing[f]}, live)
    # What has no column comes last: what it leaves open is one kind, and no part of a box.
    facts = sorted(ordered, key=lambda f: f not in plan.columns)
    found = _explored(plan.chain, live, facts, [cells[f] for f in facts], most_steps)
    given = sum(f in plan.columns for f in facts)
    boxes = None if found is None else _Boxes(found[0], given, most_boxes).of(found[1])
    if boxes is None:
        raise _too_large(plan, most_boxes)
    return boxes


def _explored(
    chain: Chain, live: int, facts: Sequence[str], cells: Sequence[int], most_steps: int
) -> tuple[_Kinds, Node] | None:
    """The diagram of kinds with its root; None where that takes too many steps."""
    walk = _Kinds(chain, facts, cells, most_steps)
    try:
        root = walk.start(live)
        kinds: list[Kind] = list(walk.ends.values())
        if any(kind.failed for kind in kinds) and any(kind.is_open for kind in kinds):
            # Only then does the rule rest on whether there are several resolutions (see `deciding_rule`).
            walk = _Kinds(chain, facts, cells, most_steps, telling=True)
            root = walk.start(live)
    except TooLong:
        return None
    return walk, root


class _Kinds(Lockstep):
    """The ends are kinds."""

    def __init__(
        self, chain: Chain, facts: Sequence[str], cells: Sequence[int], most_steps: int, *, telling: bool = False
    ) -> None:
        super().__init__(chain.resolver, chain.decisions, facts, cells, most_steps)
        self.chain, self.telling = chain, telling

    def name_meeting(self, live: int, outcomes: Tree) -> Hashable:
        """The kind of the case."""
        return Kind.of(settle(outcomes, live, self.chain), telling=self.telling)


class _Boxes:
    """The boxes of a diagram by kind, node by node; those that differ in one fact only are put together at once."""

    def __init__(self, walk: _Kinds, given: int, most: int) -> None:
        """The first `given` facts have a column."""
        self._walk, self._given, self._most = walk, given, most
        self._everything = walk.index.everything
        self._boxes: dict[Node, dict[Kind, list[Box]] | None] = {}
        self._kinds: dict[Node, frozenset[Kind]] = {}

    def of(self, node: Node) -> dict[Kind, list[Box]] | None:
        """The boxes below a node; None where they are too many."""
        if node not in self._boxes:
            level, pairs = self._walk.branches.get(node, (self._given, ()))
            self._boxes[node] = (
                {Kind.together(self._reached(node)): [{}]} if level >= self._given else self._joined(level, pairs)
            )
        return self._boxes[node]

    def _joined(self, level: int, pairs: Iterable[tuple[int, Node]]) -> dict[Kind, list[Box]] | None:
        fact = self._walk.facts[level]
        found: dict[Kind, list[Box]] = defaultdict(list)
        for cells, child in pairs:
            below = self.of(child)
            if below is None:
                return None
            for kind, boxes in below.items():
                found[kind] += ({fact: cells, **box} for box in boxes)
        fewer = {kind: merged(boxes, self._everything) for kind, boxes in found.items()}
        return fewer if sum(map(len, fewer.values())) <= self._most else None

    def _reached(self, node: Node) -> frozenset[Kind]:
        """The kinds of the ends below a node."""
        if node in self._walk.ends:
            return frozenset([self._walk.ends[node]])
        if node not in self._kinds:
            _, pairs = self._walk.branches[node]
            self._kinds[node] = frozenset().union(*(self._reached(child) for _, child in pairs))
        return self._kinds[node]


def _too_large(plan: Plan, most: int) -> QueryError:
    message = f"`{plan.decision}` has more than {most:,} boxes over these columns: that is too much for one query"
    help = "name only the columns that the table has"
    if AS_OF.name in plan.columns:
        help += ", or fix the day asked about"
    return QueryError([Problem("$.columns", message, help)])
