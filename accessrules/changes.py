"""What a comparison gives: change regions, each with both sides."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from accessrules.chains import Settled
from accessrules.fingerprint import plain
from accessrules.parts import Part, Span, only_in, publications
from accessrules.resolving import Status, in_common, possible_statuses, shared_details, status_of

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["KINDS", "Bump", "Cause", "Change", "Changes", "Kind", "Side"]

Kind: TypeAlias = Literal["answer", "details", "reasons"]
"""What changes: the outcome or status; the details of the same answer; or only rules, sources, confidence, readings."""

Bump: TypeAlias = Literal["none", "patch", "minor", "major"]

Cause: TypeAlias = Literal["decided", "removed", "undecided", "details", "added", "published", "reasons"]
"""What asks for a new version: another answer where one was decided, a part that is removed; another answer where none
was decided, other details, a part that is added, a rule known from another day; other reasons."""

_BUMPS: dict[Cause, Bump] = {
    "decided": "major",
    "removed": "major",
    "undecided": "minor",
    "details": "minor",
    "added": "minor",
    "published": "minor",
    "reasons": "patch",
}
"""What each asks for, the most first."""

KINDS: tuple[Kind, ...] = ("answer", "details", "reasons")
"""From what matters most to what matters least."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two rule sets says in a region.

    `possible` are the ways in which it ends, `!conflict` and `!no_rule` among them; `rules` prevail (the deciding one
    first) or are in conflict. `details` and `reasons` are canonical JSON, so that equal ones compare equal.
    """

    status: Status
    outcome: str | None
    possible: tuple[str, ...]
    rules: tuple[str, ...]
    sources: str
    details: str
    reasons: str

    @classmethod
    def of(cls, settled: Settled, rules: RuleSet) -> Side:
        """The side of a complete case."""
        ends = tuple(sorted(settled.ends))
        status = status_of(settled.ends)
        at_work = settled.resolutions or ((settled.failed,) if settled.failed else ())
        numbers = dict.fromkeys(n for r in at_work for n in (r.conflict or r.prevailing))
        stated = [rules.index.rules[n] for n in numbers]
        said = [plain(rule) for rule in stated]
        cited = sorted({s.instrument for rule in stated for s in rule.sources})
        return cls(
            status=status,
            outcome=ends[0] if status == "decided" else None,
            possible=ends,
            rules=tuple(rule.id for rule in stated),
            sources=_canonical([[s.dump() for s in rule.sources] for rule in stated]),
            details=_canonical(shared_details(status, settled.resolutions)),
            reasons=_canonical([said, [plain(rules.form.instruments[name]) for name in cited], list(settled.via)]),
        )

    @classmethod
    def together(cls, sides: Sequence[Side]) -> Side:
        """Sides that end alike as one: all their rules, and the details that they share."""
        first = sides[0]
        if len(sides) == 1:
            return first
        sources: dict[str, Any] = {}
        for side in sides:
            sources.update(zip(side.rules, json.loads(side.sources), strict=True))
        return replace(
            first,
            rules=tuple(sources),
            sources=_canonical(list(sources.values())),
            details=_canonical(in_common([json.loads(side.details) for side in sides])),
            reasons=_canonical(sorted({side.reasons for side in sides})),
        )

    @property
    def end(self) -> tuple[str, tuple[str, ...]]:
        """How it ends: status, and the ways that are possible."""
        return self.status, self.possible

    @property
    def possible_status(self) -> tuple[Status, ...]:
        """The status; where sources leave it open, also the failures that are possible."""
        return possible_statuses([frozenset(self.possible)])

    @staticmethod
    def change(one: Side, other: Side) -> tuple[Kind, Side, Side] | None:
        """What changes between two sides; None where nothing does."""
        if one.end != other.end:
            return "answer", one, other
        if one.details != other.details:
            return "details", one, other
        return ("reasons", one, other) if one != other else None

    def model_dump(self) -> dict[str, Any]:
        """As JSON carries it: status, outcome, rules, possible outcomes and statuses, sources by rule, details."""
        sources = json.loads(self.sources)
        return {
            "status": self.status,
            "outcome": self.outcome,
            "rules": list(self.rules),
            "possible": [end for end in self.possible if not end.startswith("!")],
            "possible_status": list(self.possible_status),
            "sources": dict(zip(self.rules, sources, strict=True)),
            "details": json.loads(self.details),
        }


def _canonical(data: Any) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Change:
    """A region in which two rule sets differ. `region` maps facts to tests in words; the witness lies in it."""

    decision: str
    kind: Kind
    region: Mapping[str, str]
    before: Side
    after: Side
    witness: Mapping[str, Any]

    def model_dump(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "decision": self.decision,
            "kind": self.kind,
            "region": dict(self.region),
            "before": self.before.model_dump(),
            "after": self.after.model_dump(),
            "witness": dict(self.witness),
        }

    @property
    def order(self) -> tuple[Any, ...]:
        """Answers first, then by decision, sides and region."""
        sides = (self.before.possible, self.after.possible, self.before.rules, self.after.rules)
        return KINDS.index(self.kind), self.decision, sides, sorted(self.region.items())


class Changes(Sequence[Change]):
    """All change regions between two rule sets, answers first. It is true where there are any."""

    def __init__(
        self,
        found: Sequence[Change],
        before: RuleSet,
        after: RuleSet,
        known_on: dt.date | None = None,
        decision: str | None = None,
    ) -> None:
        self._found = tuple(sorted(found, key=lambda one: one.order))
        self.before, self.after, self.known_on, self._decision = before, after, known_on, decision

    @cached_property
    def added(self) -> tuple[Part, ...]:
        """What only the rule set after knows."""
        return only_in(self.after, self.before, self._decision)

    @cached_property
    def removed(self) -> tuple[Part, ...]:
        """What only the rule set before knows."""
        return only_in(self.before, self.after, self._decision)

    @cached_property
    def publications(self) -> tuple[Span, ...]:
        """Between which days only one of the two knows a rule; none where they are compared as known on a day."""
        return publications(self.before, self.after, self._decision) if self.known_on is None else ()

    def about(self, decision: str) -> Changes:
        """Those of one decision, and what is added, removed or published for it."""
        mine = [one for one in self if one.decision == decision]
        return Changes(mine, self.before, self.after, self.known_on, decision)

    @overload
    def __getitem__(self, n: int) -> Change: ...
    @overload
    def __getitem__(self, n: slice) -> Sequence[Change]: ...
    def __getitem__(self, n: int | slice) -> Change | Sequence[Change]:
        return self._found[n]

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Change]:
        return iter(self._found)

    def __repr__(self) -> str:
        return f"<Changes: {', '.join(f'{len(self.of(kind))} {kind}' for kind in KINDS)}>"

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """Those of one kind."""
        return tuple(one for one in self if one.kind == kind)

    @property
    def bump(self) -> Bump:
        """The part of a version to raise."""
        return _BUMPS[self.causes[0]] if self.causes else "none"

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Why this part of a version is to be raised: all that ask for it."""
        answers = self.of("answer")
        was_decided = any(one.before.status == "decided" for one in answers)
        there: dict[Cause, object] = {
            "decided": was_decided,
            "removed": self.removed,
            "undecided": answers and not was_decided,
            "details": self.of("details"),
            "added": self.added,
            "published": self.publications,
            "reasons": self,
        }
        found = [cause for cause in _BUMPS if there[cause]]
        return tuple(cause for cause in found if _BUMPS[cause] == _BUMPS[found[0]])

    def model_dump(self) -> list[dict[str, Any]]:
        """The changes as plain data."""
        return [one.model_dump() for one in self]

    def model_dump_json(self) -> str:
        """The changes as JSON, the same bytes every time."""
        return json.dumps(self.model_dump(), ensure_ascii=False)
