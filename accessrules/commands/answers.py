"""What has been answered so far, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from accessrules.cases import Case
from accessrules.commands.inputs import Asked
from accessrules.decision import Decision
from accessrules.errors import AccessRulesError, Problem
from accessrules.suggesting import did_you_mean
from accessrules.vocabulary import AS_OF, KNOWN_ON, FactValue

__all__ = ["Answers"]


class Answers:
    """A case that grows by answers. A fact that was given as unknown is not asked for."""

    def __init__(self, asked: Asked, skip: Iterable[str]) -> None:
        """Raises with every skipped fact that there is not."""
        self.asked = asked
        known = {f.name: () for f in asked.rules.index.facts.values() if not f.derived}
        problems = [
            Problem("--skip", f"unknown fact `{name}`", did_you_mean(name, known, "facts"))
            for name in skip
            if name not in known
        ]
        if problems:
            raise AccessRulesError(problems)
        self.skipped = {*skip, *(name for name, value in asked.case.facts.items() if value is None)}

    def next(self) -> dict[str, Any] | None:
        """The next best question, or None where no answer can change anything."""
        return self.asked.rules.ask(self.asked.case, decision=self.asked.decision, skip=self.skipped)

    def decide(self) -> Decision:
        """The decision by what is known."""
        return self.asked.rules.decide(self.asked.case, decision=self.asked.decision)

    def take(self, name: str, value: FactValue) -> None:
        """Note an answer."""
        case = self.asked.case
        days: dict[str, Any] = {AS_OF.name: case.as_of, KNOWN_ON.name: case.known_on}
        if name in days:
            days[name] = value
            changed = Case(case.facts, days[AS_OF.name], days[KNOWN_ON.name])
        else:
            changed = Case({**case.facts, name: value}, case.as_of, case.known_on)
        self.asked = replace(self.asked, case=changed)

    def skip(self, name: str) -> None:
        """Note that a fact is not known."""
        self.skipped.add(name)
