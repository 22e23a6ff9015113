"""Chained decisions: what the clauses that hold come to, where decisions test the outcomes of earlier ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from accessrules.index import Index
from accessrules.resolving import CONFLICT, NO_RULE, End, Resolution, Resolver

__all__ = ["Chain", "Settled", "joined"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What one complete case comes to.

    `ends` has one end, or several where sources leave it open. `resolutions` are those of the decision asked
    about, one for each outcome that an open earlier decision may have; `open_rules` are the open rules that
    matter. Where an earlier decision fails and that matters, `via` names it, and `failed` is how it failed.
    """

    ends: frozenset[End]
    resolutions: tuple[Resolution, ...] = ()
    open_rules: frozenset[int] = frozenset()
    via: tuple[str, ...] = ()
    failed: Resolution | None = None


class Chain:
    """A decision with the earlier ones that it rests on; with `given`, where some of those have that outcome."""

    def __init__(self, index: Index, resolver: Resolver, decision: str, given: Mapping[str, str] | None = None) -> None:
        self.index, self.resolver, self.decision = index, resolver, decision
        given = given or {}
        self.decisions = tuple(name for name in index.chain(decision) if name not in given)
        self.clauses: int = reduce(int.__or__, (index.of_decision[d] for d in self.decisions))
        for name, outcome in given.items():
            self.clauses &= index.accepting[name][index.axes[name].cell_of(outcome)]
        self.facts = tuple(
            name
            for name in sorted(index.facts)
            if name not in index.form.decisions and index.testing[name] & self.clauses
        )
        """The given facts, time included, that can matter for the decision."""
        following = [self.decisions[i + 1 :] for i in range(len(self.decisions))]
        self._later = [reduce(int.__or__, (index.of_decision[d] for d in names), 0) for names in following]

    def settle(self, live: int) -> Settled:
        """The answer where exactly these clauses hold, tests of earlier decisions left aside."""
        return self._settle(live, 0)

    def settle_last(self, live: int) -> Settled:
        """The decision's own answer where exactly these of its clauses hold."""
        return _settled(self.resolver.resolve(self.decision, self.index.rules_of(live)))

    def _settle(self, live: int, step: int) -> Settled:
        name = self.decisions[step]
        last = step == len(self.decisions) - 1
        accepting, axis = self.index.accepting[name], self.index.axes[name]
        if not last and not live & self.index.testing[name] & self._later[step]:
            return self._settle(live, step + 1)
        resolution = self.resolver.resolve(name, self.index.rules_of(live & self.index.of_decision[name]))
        if last:
            return _settled(resolution)
        if resolution.outcome is not None:
            return self._settle(live & accepting[axis.cell_of(resolution.outcome)], step + 1)
        failed = resolution.status != "undetermined"
        # A failed decision stands for any of its outcomes: where they all lead to one end, it does not matter.
        outcomes = axis.named if failed else sorted(resolution.ends)
        branches = [self._settle(live & accepting[axis.cell_of(o)], step + 1) for o in outcomes]
        if len({branch.ends for branch in branches}) == 1:
            return joined(branches, frozenset())
        if failed:
            end = CONFLICT if resolution.status == "conflict" else NO_RULE
            return Settled(frozenset([end]), (), frozenset(), (name,), resolution)
        return joined(branches, frozenset(resolution.prevailing))


def _settled(resolution: Resolution) -> Settled:
    is_open = resolution.status == "undetermined"
    return Settled(resolution.ends, (resolution,), frozenset(resolution.prevailing if is_open else ()))


def joined(branches: list[Settled], open_rules: frozenset[int]) -> Settled:
    """Branches of one decision's outcomes as one answer."""
    resolutions = tuple(dict.fromkeys(r for branch in branches for r in branch.resolutions))
    return Settled(
        frozenset().union(*(branch.ends for branch in branches)),
        resolutions,
        open_rules.union(*(branch.open_rules for branch in branches)),
        tuple(sorted({name for branch in branches for name in branch.via})),
        next((branch.failed for branch in branches if branch.failed), None),
    )
