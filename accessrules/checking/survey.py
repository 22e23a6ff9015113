"""A survey of one decision: every set of rules that can apply together, what it comes to, and where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from accessrules.atlas import Atlas, Meeting
from accessrules.checking.words import told
from accessrules.findings import Finding
from accessrules.regions import Box, Region
from accessrules.resolving import Resolution
from accessrules.vocabulary import KNOWN_ON
from accessrules.witnesses import witness

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["Survey", "places"]


def places(rules: RuleSet, names: Collection[str]) -> tuple[str, ...]:
    """`file:line` of some rules."""
    found = (rules.form.rules[name].place for name in names)
    return tuple(f"{place.file}:{place.line}" for place in found if place)


class Survey:
    """What can happen in a decision. Rules are numbers of the index here."""

    def __init__(self, rules: RuleSet, decision: str, known_on: dt.date | None, most_steps: int) -> None:
        self.rules, self.decision, self.known_on = rules, decision, known_on
        self.index = rules.index
        self.resolver = rules.decider(decision).chain.resolver
        known = None if known_on is None else self.index.axes[KNOWN_ON.name].cell_of(known_on)
        self.atlas = Atlas(self.resolver, decision, known=known, most_steps=most_steps)
        self.own = [n for n, rule in enumerate(self.index.rules) if rule.decision == decision]

    @cached_property
    def applicable(self) -> Mapping[Meeting, tuple[int, ...]]:
        """The rules that apply in each meeting, in a fixed order of meetings."""
        ordered = sorted(self.atlas.meetings(), key=lambda one: (one.clauses, one.settled))
        return {meeting: self.index.rules_of(meeting.clauses) for meeting in ordered}

    @cached_property
    def meetings_of(self) -> Mapping[int, list[Meeting]]:
        """The meetings in which each rule takes part."""
        found: dict[int, list[Meeting]] = {}
        for meeting, rules in self.applicable.items():
            for n in rules:
                found.setdefault(n, []).append(meeting)
        return found

    def resolution(self, meeting: Meeting) -> Resolution:
        """What a meeting comes to."""
        return self.resolver.resolve(self.decision, self.applicable[meeting])

    def region(self, meetings: Collection[Meeting]) -> Region:
        """Where any of these meetings takes place."""
        return Region(self.atlas.where(frozenset(meetings).__contains__), self.index.everything)

    # ------------------------------------------------------------------------------------------------ what is told

    def finding(
        self,
        code: str,
        variant: str,
        names: tuple[str, ...],
        box: Box | None,
        part: Box | None = None,
        **told_of: str,
    ) -> Finding:
        """A finding about rules of the decision; `box` is where, and a case in it (in its `part`) the witness."""
        region = {} if box is None else self.words(box)
        shown = None if box is None else witness(self.index, part or box, self.known_on)
        return self.told_finding(code, variant, names, region, shown, **told_of)

    def told_finding(
        self,
        code: str,
        variant: str,
        names: tuple[str, ...],
        region: Mapping[str, str],
        shown: Mapping[str, Any] | None,
        **told_of: str,
    ) -> Finding:
        """A finding with its region in words and its witness; without rules its place is that of the decision."""
        message, help, severity = told(code, variant, **told_of)
        own = self.index.form.decisions[self.decision].place
        at = places(self.rules, names) or (() if own is None else (f"{own.file}:{own.line}",))
        return Finding(code, self.decision, names, message, help, severity, region, shown, at)

    def words(self, box: Box) -> dict[str, str]:
        """A box as tests in words."""
        return {fact: self.index.words(fact, mask) for fact, mask in box.items()}

    def unexplored(self) -> Iterator[Finding]:
        """What could not be analysed within the number of steps."""
        for part in self.atlas.unexplored:
            yield self.finding("not_analysed", "", (), part.box, steps=str(part.steps))
