"""Rules, clauses and exceptions that have no effect, and overlaps that precedence settles."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from accessrules.atlas import Meeting
from accessrules.checking.redundant import redundant
from accessrules.checking.survey import Survey
from accessrules.findings import Finding
from accessrules.regions import Box

__all__ = ["effects"]


def effects(survey: Survey) -> Iterator[Finding]:
    """What never prevails, never matters or never applies, and what is settled where rules overlap."""
    found = _Effects(survey)
    if survey.atlas.unexplored:
        return  # what was not seen may be where a rule has its effect
    yield from found.never_prevailing()
    yield from found.dead_clauses()
    yield from redundant(survey)
    yield from found.dead_exceptions()
    yield from found.settled_overlaps()


class _Effects:
    def __init__(self, survey: Survey) -> None:
        self.survey, self.index = survey, survey.index
        self.precedence = survey.resolver.precedence
        self.applying: dict[int, Meeting] = {}
        self.prevailing: set[int] = set()
        self.held: dict[int, int] = {}
        """Of each rule with several clauses those that hold in some case in which it prevails."""
        self.together: dict[tuple[int, int], Meeting] = {}
        self.yielding_to: dict[int, set[int]] = {}
        for meeting, rules in survey.applicable.items():
            resolution = survey.resolution(meeting)
            for n in rules:
                self.applying.setdefault(n, meeting)
            self.prevailing.update(resolution.prevailing)
            for n in resolution.prevailing:
                if len(self.index.rules[n].clauses) > 1:
                    self.held[n] = self.held.get(n, 0) | meeting.clauses
            for one in resolution.yielding:
                self.yielding_to.setdefault(one.rule, set()).add(one.to)
            for pair in combinations(rules, 2):
                if pair not in self.together and self.precedence.disagree(*pair):
                    self.together[pair] = meeting

    def never_prevailing(self) -> Iterator[Finding]:
        """Rules that prevail in no case: they never apply, or whatever they meet defeats them."""
        for n in self.survey.own:
            if n in self.prevailing:
                continue
            rule = self.index.rules[n]
            if n not in self.applying:
                yield self.survey.finding("never_prevails", "never_applies", (rule.id,), None, rule=rule.id)
                continue
            others = sorted(self.yielding_to.get(n, ()), key=self.precedence.order.__getitem__)
            names = [self.index.rules[m].id for m in others]
            listed = ", ".join(f"`{name}`" for name in names)
            box = self._sample(self.applying[n])
            yield self.survey.finding("never_prevails", "yields", (rule.id, *names), box, rule=rule.id, others=listed)

    def dead_clauses(self) -> Iterator[Finding]:
        """Clauses that hold in no case in which their rule prevails."""
        for n, held in sorted(self.held.items()):
            rule = self.index.rules[n]
            numbers = self.index.numbers_of[n]
            for i in range(len(rule.clauses)):
                # INVARIANT: an ended rule has each clause twice, before and after its end became known.
                if not any(held >> bit & 1 for bit in numbers[i :: len(rule.clauses)]):
                    box = {fact: self.index.axes[fact].mask_of(v) for fact, v in rule.clauses[i].items()}
                    tests = "; ".join(f"{fact}: {words}" for fact, words in self.survey.words(box).items())
                    finding = self.survey.finding("dead_clause", "", (rule.id,), None, rule=rule.id, clause=tests)
                    yield finding

    def dead_exceptions(self) -> Iterator[Finding]:
        """Names in `exception_to` none of whose rules ever meets the exception with another answer."""
        met = {frozenset(pair) for pair in self.together}
        for n in self.survey.own:
            rule = self.index.rules[n]
            for name in rule.exception_to:
                members = self.index.form.members(name, rule.decision)
                if not any(frozenset((n, self.index.number[m])) in met for m in members):
                    names = (rule.id, name) if name in self.index.form.rules else (rule.id,)
                    yield self.survey.finding("dead_exception", "", names, None, rule=rule.id, other=name)

    def settled_overlaps(self) -> Iterator[Finding]:
        """Pairs of rules that can apply together, disagree, and are settled by precedence: winner first."""
        for (a, b), meeting in self.together.items():
            for winner, loser in ((a, b), (b, a)):
                principle = self.precedence.defeats(winner, loser)
                if principle is not None:
                    names = (self.index.rules[winner].id, self.index.rules[loser].id)
                    finding = self.survey.finding(
                        "settled_overlap", principle, names, self._sample(meeting), winner=names[0], loser=names[1]
                    )
                    yield finding

    def _sample(self, meeting: Meeting) -> Box:
        return self.survey.atlas.sample(meeting)
