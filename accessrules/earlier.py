"""The outcomes of the decisions that another rests on, as a tree: what follows each of them.

Decisions that test the outcomes of earlier ones are explored together with the diagram of these trees, so that only
what can really occur is met, and the clauses of the earlier decisions need not be told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from accessrules.chains import Chain, Settled, joined
from accessrules.diagrams import Explorer
from accessrules.index import Index
from accessrules.resolving import CONFLICT, NO_RULE, Resolution, Resolver
from accessrules.spaces import Space

__all__ = ["Earlier", "Tree", "settle"]

Tree: TypeAlias = tuple[()] | tuple[str, Resolution | None, tuple[tuple[int, "Tree"], ...]]
"""The first decision's name, how it fails (None: it does not), and what follows each of its outcomes, by cell. One that
is open has several outcomes, one that fails stands for any."""


class Earlier(Explorer):
    """The diagram of what some clauses make of earlier decisions.

    `names` are those, each after the ones that it rests on; `clauses_of` gives the clauses of the index for those of
    the space, where the two differ.
    """

    def __init__(
        self,
        space: Space,
        facts: Sequence[str],
        cells: Sequence[int],
        most_steps: int,
        *,
        resolver: Resolver,
        names: Sequence[str],
        clauses_of: Callable[[int], int] = int,
    ) -> None:
        super().__init__(space, facts, cells, most_steps)
        self.resolver, self.names, self.clauses_of = resolver, names, clauses_of

    def name_end(self, live: int) -> Tree:
        """What these clauses make of the earlier decisions."""
        return self._tree(self.clauses_of(live), 0)

    def _tree(self, live: int, step: int) -> Tree:
        if step == len(self.names):
            return ()
        name, index = self.names[step], self.resolver.index
        resolution = self.resolver.resolve(name, index.rules_of(live & index.of_decision[name]))
        failed = resolution if resolution.status in ("conflict", "no_rule") else None
        axis = index.axes[name]
        cells = range(axis.size) if failed else sorted(map(axis.cell_of, resolution.ends))
        return name, failed, tuple((cell, self._tree(live & index.accepting[name][cell], step + 1)) for cell in cells)


def settle(tree: Tree, live: int, chain: Chain) -> Settled:
    """What a decision's own clauses come to after these outcomes; as `Chain.settle` where the tree is what it gives."""
    index: Index = chain.index
    if not tree:
        return chain.settle_last(live)
    name, failed, branches = tree
    each = [settle(further, live & index.accepting[name][cell], chain) for cell, further in branches]
    if failed is None or len({one.ends for one in each}) == 1:
        return joined(each, frozenset())
    end = CONFLICT if failed.status == "conflict" else NO_RULE
    return Settled(frozenset([end]), (), frozenset(), (name,), failed)
