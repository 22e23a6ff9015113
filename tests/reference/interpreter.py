"""The reference: what a rule set means, said as plainly as a program can, and slowly.

It follows the design's eight points on what a rule set means, and reads the source form alone: no index, no cells,
no cache. Where the engine computes with sets of values, this tries values (see `worlds`).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from accessrules.rules import RANKS, Instrument, Rule, Source, SourceForm
from accessrules.vocabulary import AS_OF, FactValue
from tests.reference.worlds import World, each_test, essential, every, fitting, holds, values

CONFLICT, NO_RULE = "!conflict", "!no_rule"
Ends = frozenset[str]
"""How a complete case can end: one outcome, CONFLICT or NO_RULE; several where the sources leave it open."""


@dataclass(frozen=True)
class Resolved:
    """What applicable rules come to: `yielded` has (who, to whom, why), `prevailing` the deciding rule first."""

    ends: Ends
    prevailing: tuple[str, ...] = ()
    yielded: frozenset[tuple[str, str, str]] = frozenset()
    conflict: frozenset[str] = frozenset()
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Settled:
    """What a complete case comes to, and the earlier decisions that failed it."""

    ends: Ends
    resolved: tuple[Resolved, ...] = ()
    via: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """The answer to a case; `settled` has what each of its completions comes to."""

    status: str
    outcome: str | None
    possible: tuple[str, ...]
    possible_status: tuple[str, ...]
    needs: frozenset[str]
    via: frozenset[str]
    settled: list[Settled]


class Interpreter:
    """A rule set, interpreted."""

    def __init__(self, form: SourceForm) -> None:
        self.form, self.rules = form, list(form.rules.values())
        self.tested = {rule.id: {test.fact for test in each_test(rule.condition)} for rule in self.rules}
        # Point 3: settled pair by pair, before any date or case is looked at.
        pairs = [(a, b) for a in self.rules for b in self.rules if a != b and a.decision == b.decision]
        self.defeats = {(a.id, b.id): self.principle(a, b) for a, b in pairs if disagree(a, b)}

    # Points 1 and 2: which rules apply

    def applies(self, rule: Rule, world: World, known_on: dt.date | None) -> bool:
        """A rule applies when it is known, in force on the day asked about, and its condition holds."""

        def known(sources: Iterable[Source]) -> bool:
            return known_on is None or self.published(sources) <= known_on

        day, until = world[AS_OF.name], rule.until
        assert isinstance(day, dt.date)
        if rule.ended and known(rule.ended.sources):
            until = rule.ended.on
        in_force = (rule.start is None or rule.start <= day) and (until is None or day < until)
        return known(rule.sources) and in_force and holds(rule.condition, world)

    # Point 3: which rules prevail

    def principle(self, a: Rule, b: Rule) -> str | None:
        """Why rule a defeats rule b; None where it does not."""
        if b.id in self.generals(a):
            return "exception"
        if a.id in self.generals(b) or self.form.decisions[a.decision].precedence == "explicit":
            return None
        if self.rank(a) != self.rank(b):
            return "rank" if self.rank(a) > self.rank(b) else None
        if self.organs(a) != self.organs(b):
            return None
        special = self.is_inside(a, b) - self.is_inside(b, a)
        mine, other = self.published(a.sources), self.published(b.sources)
        new = (mine > other) - (mine < other)
        for_a_alone = {special, new} - {0} == {1}
        return ("special" if special else "new") if for_a_alone else None

    def generals(self, rule: Rule) -> set[str]:
        """All rules that a rule is an exception to, through others too."""
        within = [r for r in self.rules if r.decision == rule.decision]
        direct = [r for r in within if r.id in rule.exception_to or r.group in rule.exception_to]
        return {r.id for r in direct}.union(*map(self.generals, direct))

    def binding(self, sources: Iterable[Source]) -> list[Instrument]:
        """The instruments of the sources that are no context."""
        return [self.form.instruments[source.instrument] for source in sources if not source.context]

    def published(self, sources: Iterable[Source]) -> dt.date:
        """The day from which something with these sources is known: the last publication."""
        return max(i.published for i in self.binding(sources))

    def rank(self, rule: Rule) -> int:
        """The rank of the highest source."""
        return max(RANKS.index(i.rank) for i in self.binding(rule.sources))

    def organs(self, rule: Rule) -> set[str]:
        """The organs that issued the highest sources, each as the one that took its place in the end."""
        found = {o for i in self.binding(rule.sources) if RANKS.index(i.rank) == self.rank(rule) for o in i.issuers}
        for _ in self.form.organs:
            found = {(o in self.form.organs and self.form.organs[o].succeeded_by) or o for o in found}
        return found

    def is_inside(self, a: Rule, b: Rule) -> bool:
        """Whether b's condition holds in every world in which a's does."""
        facts = sorted(self.tested[a.id] | self.tested[b.id])
        worlds = every(facts, [values(self.form, name) for name in facts])
        return all(holds(b.condition, world) for world in worlds if holds(a.condition, world))

    def resolve(self, decision: str, rules: list[Rule]) -> Resolved:
        """What the rules that apply come to: points 3, 5 and, where outcomes are several, 6."""
        if not rules:
            default = self.form.decisions[decision].default
            return Resolved(frozenset([default.outcome if default else NO_RULE]))
        yielded = frozenset((b.id, a.id, w) for a in rules for b in rules if (w := self.defeats.get((a.id, b.id))))
        left = [rule for rule in rules if rule.id not in {loser for loser, _, _ in yielded}]
        left.sort(key=lambda r: (-self.rank(r), -self.published(r.sources).toordinal(), r.id))
        prevailing = tuple(rule.id for rule in left)
        at_odds = {a.id for a in left for b in left if disagree(a, b)}
        if at_odds or not left:
            return Resolved(frozenset([CONFLICT]), prevailing, yielded, frozenset(at_odds or (r.id for r in rules)))
        details = {key: value for rule in left for key, value in rule.details.items()}
        return Resolved(left[0].outcomes, prevailing, yielded, details=details)

    # Point 7: decisions that test the outcomes of earlier ones

    def chain(self, decision: str) -> list[str]:
        """The decisions that a decision rests on, each after those it tests, itself last."""
        tested = {fact for r in self.rules if r.decision == decision for fact in self.tested[r.id]}
        earlier = [self.chain(name) for name in sorted(tested & self.form.decisions.keys())]
        return list(dict.fromkeys([*(name for chain in earlier for name in chain), decision]))

    def settle(self, chain: list[str], world: World, known_on: dt.date | None) -> Settled:
        """What a complete case comes to."""
        name, later = chain[0], chain[1:]
        rules = [r for r in self.rules if r.decision == name and self.applies(r, world, known_on)]
        resolved = self.resolve(name, rules)
        if not later:
            return Settled(resolved.ends, (resolved,))
        failed = bool(resolved.ends & {CONFLICT, NO_RULE})
        outcomes = self.form.decisions[name].outcomes if failed else resolved.ends
        branches = [self.settle(later, {**world, name: outcome}, known_on) for outcome in outcomes]
        if failed and len({branch.ends for branch in branches}) > 1:  # then the failure matters
            return Settled(resolved.ends, via=frozenset([name]))
        ends, via = (frozenset().union(*sets) for sets in zip(*((b.ends, b.via) for b in branches), strict=True))
        return Settled(ends, tuple(one for branch in branches for one in branch.resolved), via)

    # Point 4: unknown is not false

    def completions(self, case: Mapping[str, object], decision: str, as_of: dt.date | None) -> list[World]:
        """Every world, over the values that rules can tell apart, that fits the case."""
        chain = self.chain(decision)
        facts = sorted({fact for r in self.rules if r.decision in chain for fact in self.tested[r.id]} - {*chain})
        days: list[FactValue] = [as_of] if as_of else values(self.form, AS_OF.name)
        return every([AS_OF.name, *facts], [days, *(fitting(self.form, name, case) for name in facts)])

    def decide(
        self, case: Mapping[str, object], decision: str, as_of: dt.date | None = None, known_on: dt.date | None = None
    ) -> Answer:
        """The answer to a case: what all its completions come to."""
        worlds = self.completions(case, decision, as_of)
        settled = [self.settle(self.chain(decision), world, known_on) for world in worlds]
        ways = {one.ends for one in settled}
        status = status_of(*ways) if len(ways) == 1 else "undetermined"
        possible = tuple(sorted(frozenset().union(*ways) - {CONFLICT, NO_RULE}))
        outcome, statuses = (
            possible[0] if status == "decided" else None,
            tuple(sorted(frozenset().union(*map(statuses_of, ways)))),
        )
        needs, via = essential(worlds, [one.ends for one in settled]), frozenset().union(*(one.via for one in settled))
        return Answer(status, outcome, possible, statuses, needs, via, settled)


def disagree(a: Rule, b: Rule) -> bool:
    """Whether two rules give different outcomes, or different values for one key of their details."""
    shared = {*a.details} & {*b.details}
    return a.outcomes != b.outcomes or any(json.dumps(a.details[k]) != json.dumps(b.details[k]) for k in shared)


def statuses_of(ends: Ends) -> set[str]:
    """The status of a complete case; where its sources leave it open, with the ways to fail that they leave."""
    return {status_of(ends), *(status_of(frozenset([end])) for end in ends & {CONFLICT, NO_RULE})}


def status_of(ends: Ends) -> str:
    """The status of a complete case; `undetermined` where its sources leave it open."""
    return "undetermined" if len(ends) > 1 else {CONFLICT: "conflict", NO_RULE: "no_rule"}.get(min(ends), "decided")
