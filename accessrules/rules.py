"""The source form of a rule set: what the files say, checked and typed, before anything is compiled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from accessrules.conditions import Clause, Condition
from accessrules.errors import Place
from accessrules.texts import Text
from accessrules.vocabulary import Vocabulary

__all__ = [
    "CONFIDENCES",
    "FORMAT",
    "ONE_CERTIFICATE_PER",
    "RANKS",
    "SCOPES",
    "Authority",
    "Confidence",
    "Contested",
    "DecisionDeclaration",
    "Default",
    "Details",
    "Ending",
    "Instrument",
    "Organ",
    "Rank",
    "Rule",
    "Source",
    "SourceForm",
]

Rank: TypeAlias = Literal["law", "regulation", "rule", "interpretation"]
Confidence: TypeAlias = Literal[
    "confirmed-by-official-text", "confirmed-by-secondary", "from-source-article", "unverified"
]
Details: TypeAlias = Mapping[str, object]

FORMAT = 1
"""The version of the rule format that is read and written."""

ONE_CERTIFICATE_PER = "one_certificate_per"
"""The key of a rule's details that says for what one certificate is issued: a word of `SCOPES`."""

SCOPES = ("category", "enterprise")
"""From narrowest to widest: one certificate for each product category, or one for the whole enterprise."""

RANKS: tuple[Rank, ...] = ("interpretation", "rule", "regulation", "law")
"""From lowest to highest."""

CONFIDENCES: tuple[Confidence, ...] = (
    "confirmed-by-official-text",
    "confirmed-by-secondary",
    "from-source-article",
    "unverified",
)
"""From surest to least sure."""


@dataclass(frozen=True, slots=True)
class Organ:
    """A body that enacts instruments, and the one that took its place."""

    id: str
    name: Text
    succeeded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """A legal or policy text. `published` is the day from which it is known."""

    id: str
    title: Text
    issuers: tuple[str, ...]
    rank: Rank
    published: dt.date
    confidence: Confidence
    number: Text | None = None
    effective: dt.date | None = None
    until: dt.date | None = None
    date_confidence: Confidence | None = None
    read: str = ""
    note: Text | None = None
    url: str = ""
    place: Place | None = None

    def names(self) -> tuple[str, ...]:
        """Everything that a person may call it, in both languages."""
        texts = [self.title, *([self.number] if self.number else [])]
        return tuple(name for text in texts for name in (text.en, text.zh) if name)


@dataclass(frozen=True, slots=True)
class Source:
    """Where in an instrument a rule stands; `context` cites without lending rank, organ or date."""

    instrument: str
    at: str
    confidence: Confidence
    context: bool = False
    note: Text | None = None
    at_zh: str | None = None

    def dump(self) -> dict[str, str | bool | None]:
        """As JSON carries it."""
        return {
            "instrument": self.instrument,
            "at": self.at,
            "at_zh": self.at_zh,
            "confidence": self.confidence,
            "context": self.context,
        }


@dataclass(frozen=True, slots=True)
class Ending:
    """The end that later instruments brought to a rule: from that day it is no longer in force."""

    on: dt.date
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Contested:
    """Another reading of a rule, where its condition holds."""

    clauses: tuple[Clause, ...]
    reading: str
    by: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as declared. `outcomes` has one outcome, or several where its sources leave it open."""

    id: str
    decision: str
    condition: Condition
    clauses: tuple[Clause, ...]
    outcomes: frozenset[str]
    sources: tuple[Source, ...]
    title: Text | None = None
    group: str | None = None
    start: dt.date | None = None
    until: dt.date | None = None
    ended: Ending | None = None
    details: Details = field(default_factory=dict)
    exception_to: tuple[str, ...] = ()
    contested: tuple[Contested, ...] = ()
    note: Text | None = None
    retroactive: bool = False
    place: Place | None = None

    @property
    def outcome(self) -> str | None:
        """The outcome, or None where it is open."""
        return next(iter(self.outcomes)) if len(self.outcomes) == 1 else None


@dataclass(frozen=True, slots=True)
class Default:
    """What holds where no rule applies."""

    outcome: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionDeclaration:
    """A question that rules answer, its outcomes, and how its rules settle their disagreements.

    `no_approval`: the outcomes that are no approval (nothing is needed, or nothing would help). `gaps_meant`: that
    it has no default is said.
    """

    name: str
    question: Text
    outcomes: Mapping[str, Text]
    default: Default | None = None
    precedence: Literal["legislation_law", "explicit"] = "legislation_law"
    no_approval: frozenset[str] = frozenset()
    gaps_meant: bool = False
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Authority:
    """The article behind a principle of precedence, for days from `start` on."""

    instrument: str
    at: str
    start: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SourceForm:
    """Everything that the files of a rule set say. `known_until`: the last day of which the law is in them."""

    name: str
    version: str
    main: str | None
    vocabulary: Vocabulary
    organs: Mapping[str, Organ]
    instruments: Mapping[str, Instrument]
    decisions: Mapping[str, DecisionDeclaration]
    rules: Mapping[str, Rule]
    authorities: Mapping[str, tuple[Authority, ...]] = field(default_factory=dict)
    details: Mapping[str, Text] = field(default_factory=dict)
    known_until: dt.date | None = None
    folder: str = ""

    def members(self, name: str, decision: str) -> tuple[str, ...]:
        """The ids of the rules that a rule id or group name stands for within a decision."""
        if name in self.rules:
            return (name,) if self.rules[name].decision == decision else ()
        return tuple(r.id for r in self.rules.values() if r.group == name and r.decision == decision)
