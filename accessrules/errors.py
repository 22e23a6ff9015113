"""What can go wrong, and how it is told.

    AccessRulesError            anything this package refuses
    ├── RuleFileError           the rule files are wrong: nothing was loaded
    ├── CaseError               the facts or dates of a case are wrong: nothing was decided
    ├── RegisterError           a register cannot be read at all: nothing was counted
    ├── QueryError              the question names something that is not there
    └── ReteError               the second engine (`accessrules.rete`) does not share this: nothing was asked

Each carries `problems`: all of them, never only the first. A message is lower case, has no full stop,
and puts what the user wrote in backticks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "AccessRulesError",
    "CaseError",
    "Place",
    "Problem",
    "QueryError",
    "RegisterError",
    "ReteError",
    "RuleFileError",
]


_LONGEST = 200
_QUOTED = re.compile(rf"`([^`]{{{_LONGEST},}})`")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a file something stands; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `path` is where in the data (`$.facts.effective_volume`), `place` where in a file, if there is one;
    `message` says what is wrong, `help` what would be right.
    """

    path: str
    message: str
    help: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        where = f"{self.place}: {self.path}" if self.place else self.path
        return f"{where}: {self.message}" + (f"\n    help: {self.help}" if self.help else "")

    def __post_init__(self) -> None:
        for name in ("path", "message", "help"):
            object.__setattr__(self, name, _short(getattr(self, name)))

    @property
    def order(self) -> tuple[Place, str, str]:
        """By file, line and column; problems without a file come first."""
        return (self.place or Place("", 0, 0), self.path, self.message)


def _short(text: str) -> str:
    """The text with whatever the user wrote at such length cut short, so that a message stays one."""
    if len(text) <= _LONGEST:
        return text
    text = _QUOTED.sub(lambda found: f"`{found[1][: _LONGEST - 20]}...`", text)
    return text if len(text) <= 10 * _LONGEST else f"{text[: 10 * _LONGEST]}..."


class AccessRulesError(Exception):
    """Anything this package refuses; `problems` lists every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems), key=lambda p: p.order))
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple[type[AccessRulesError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class RuleFileError(AccessRulesError):
    """The rule files are wrong; each problem has its file, line and column."""


class CaseError(AccessRulesError):
    """A case does not fit the vocabulary: unknown or derived fact, wrong type, impossible value, wrong unit."""


class RegisterError(AccessRulesError):
    """A register cannot be read, or it is unclear what its columns are; wrong rows are told one by one instead."""


class QueryError(AccessRulesError):
    """The question names a decision, rule, fact or format that is not there."""


class ReteError(AccessRulesError):
    """durable-rules is not there, or the rules or the case lie outside what it shares with the index."""
