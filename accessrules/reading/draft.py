"""The rule set while its files are being read: what is known so far, and every problem found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accessrules.conditions import AllOf
from accessrules.errors import Place, Problem
from accessrules.reading.forms import DecisionForm, RulesetHead, SourceForm_, TextForm
from accessrules.reading.yamlfiles import Path_, YamlFile
from accessrules.rules import Authority, Confidence, DecisionDeclaration, Instrument, Organ, Rule, Source
from accessrules.suggesting import did_you_mean
from accessrules.texts import Text
from accessrules.vocabulary import Fact

__all__ = ["Draft", "text_of"]


@dataclass(slots=True)
class Draft:
    """What the files have given so far.

    `broken` holds (kind, name) of what is declared but wrong: naming it elsewhere is no second problem. The
    kind alone is there when a whole file of that kind could not be read.
    """

    problems: list[Problem] = field(default_factory=list)
    ruleset: RulesetHead | None = None
    decision_forms: dict[str, DecisionForm] = field(default_factory=dict)
    organs: dict[str, Organ] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    decisions: dict[str, DecisionDeclaration] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    authorities: dict[str, tuple[Authority, ...]] = field(default_factory=dict)
    details: dict[str, Text] = field(default_factory=dict)
    detail_places: dict[str, Place | None] = field(default_factory=dict)
    broken: set[tuple[str, str]] = field(default_factory=set)
    unread: list[Rule] = field(default_factory=list)
    """Rules that could not be read as they stand: only their ids, groups and exceptions count."""
    base: Mapping[str, Rule] = field(default_factory=dict)
    """The rules as they were before a proposal."""

    def blame(self, file: YamlFile, path: Path_, message: str, help: str = "", *, of_key: bool = False) -> None:
        """Add a problem."""
        self.problems.append(file.problem(path, message, help, of_key=of_key))

    def is_broken(self, kind: str, name: str) -> bool:
        """Whether a name is declared somewhere that could not be read."""
        return (kind, name) in self.broken or (kind, "") in self.broken

    def place_of(self, rule: str) -> Place | None:
        """Where a rule that is there was first written."""
        return self.base[rule].place if rule in self.base else self.rules[rule].place

    def set_aside(self, data: Mapping[str, Any], decision: str, group: str | None, place: Place) -> None:
        """Keep of a rule that has no right form its id, its group and what it is an exception to."""
        name, names = data.get("id"), data.get("exception_to")
        told = [names] if isinstance(names, str) else names if isinstance(names, list) else []
        named = tuple(one for one in told if isinstance(one, str))
        rule = Rule(name if isinstance(name, str) else "", decision, AllOf(), ({},), frozenset(), ())
        self.unread.append(replace(rule, group=group, exception_to=named, place=place))

    def expect(self, kind: str, name: str, known: Mapping[str, Iterable[str]], file: YamlFile, path: Path_) -> bool:
        """Whether a name is known; where it is not, and not for another reason, that is a problem."""
        if name in known:
            return True
        if not self.is_broken(kind, name):
            self.blame(file, path, f"unknown {kind} `{name}`", did_you_mean(name, known, f"{kind}s"))
        return False

    def sources(self, forms: list[SourceForm_] | None, file: YamlFile, path: Path_) -> tuple[Source, ...]:
        """The sources, in a fixed order, each with the confidence of its instrument unless it has its own."""
        found: list[Source] = []
        for index, form in enumerate(forms or ()):
            at = (*path, index, "instrument")
            if form.instrument in self.instruments:
                confidence = form.confidence or self.instruments[form.instrument].confidence
                found.append(_source(form, confidence))
            else:
                self.expect(
                    "instrument", form.instrument, {i.id: i.names() for i in self.instruments.values()}, file, at
                )
        return tuple(sorted(found, key=lambda s: (s.context, s.instrument, s.at)))


def _source(form: SourceForm_, confidence: Confidence) -> Source:
    at = form.at or TextForm.model_construct(en="", zh=None)
    return Source(form.instrument, at.en, confidence, form.context, text_of(form.note), at.zh)


def text_of(form: TextForm | None) -> Text | None:
    """The text of an optional form."""
    return form.text() if form else None
