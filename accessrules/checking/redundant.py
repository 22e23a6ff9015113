"""Rules without which nothing would change. Names of rules never matter to that: not where they settle who decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from accessrules.atlas import Meeting
from accessrules.checking.survey import Survey
from accessrules.findings import Finding
from accessrules.resolving import Resolution

__all__ = ["redundant"]

_Meetings: TypeAlias = Sequence[tuple[Meeting, tuple[int, ...]]]
"""Meetings, each with the rules that apply there."""


def redundant(survey: Survey) -> Iterator[Finding]:
    """Rules that prevail somewhere, but without which every case has the same answer and details, as well founded.

    Each is looked at by itself, but of equals, which apply to the same cases and say the same, one is left.
    """
    return _Redundant(survey).findings()


class _Redundant:
    def __init__(self, survey: Survey) -> None:
        self.survey, self.index = survey, survey.index
        self.precedence = survey.resolver.precedence
        prevailing: set[int] = set()
        alone: set[int] = set()
        for meeting in survey.applicable:
            found = survey.resolution(meeting).prevailing
            (prevailing if len(found) > 1 else alone).update(found)
        # What prevails alone is needed: whatever yields to it says something else, and a default is no rule.
        self.meetings: dict[int, list[tuple[Meeting, tuple[int, ...]]]] = {
            n: [(meeting, survey.applicable[meeting]) for meeting in survey.meetings_of[n]]
            for n in sorted(prevailing - alone)
        }

    def findings(self) -> Iterator[Finding]:
        needless = [n for n, meetings in self.meetings.items() if self._same_without((n,), meetings)]
        told: dict[object, list[int]] = {}
        # From the last on, so that the first of equals is left: it is the one that decides.
        for n in reversed(needless):
            equals = told.setdefault(self._kind(n), [])
            if not equals or self._same_without((n, *equals), self.meetings[n]):
                equals.append(n)
        for n in (n for equals in told.values() for n in equals):
            rule = self.index.rules[n]
            names = [self.index.rules[m].id for m in self._instead((n, *told[self._kind(n)]), self.meetings[n])]
            box = self.survey.atlas.sample(self.meetings[n][0][0])
            listed = ", ".join(f"`{name}`" for name in names)
            variant = "several" if len(names) > 1 else ""
            yield self.survey.finding("redundant", variant, (rule.id, *names), box, rule=rule.id, others=listed)

    def _same_without(self, gone: tuple[int, ...], meetings: _Meetings) -> bool:
        answer, without = self._answer, self._without
        return all(answer(without(gone, rules)) == answer(self.survey.resolution(one)) for one, rules in meetings)

    def _without(self, gone: tuple[int, ...], rules: tuple[int, ...]) -> Resolution:
        return self.survey.resolver.resolve(self.survey.decision, tuple(m for m in rules if m not in gone))

    def _answer(self, found: Resolution) -> object:
        """What a case comes to, and how high and new the rule is that decides; of a conflict, what each side says."""
        if found.conflict:
            return frozenset(self._said(n) for n in found.conflict)
        details = {key: value for n in found.prevailing for key, value in self.precedence.details[n].items()}
        return found.status, found.ends, details, [self.precedence.order[n][:2] for n in found.prevailing[:1]]

    def _said(self, n: int) -> object:
        return self.index.rules[n].outcomes, frozenset(self.precedence.details[n].items())

    def _kind(self, n: int) -> object:
        """What equals have in common."""
        return tuple(meeting for meeting, _ in self.meetings[n]), self._said(n), self.precedence.order[n][:2]

    def _instead(self, gone: tuple[int, ...], meetings: _Meetings) -> list[int]:
        """The rules that decide where a rule would prevail, or say in a conflict what it says; of a tie all of them."""
        found: set[int] = set()
        for meeting, rules in meetings:
            if gone[0] in self.survey.resolution(meeting).prevailing:
                left = self._without(gone, rules)
                alike = [m for m in left.prevailing if self._said(m) == self._said(gone[0])] if left.conflict else []
                beside = alike or left.prevailing
                found.update(m for m in beside if self.precedence.order[m][:2] == self.precedence.order[beside[0]][:2])
        return sorted(found, key=self.precedence.order.__getitem__)
