"""Labels: facts, values, tests, outcomes, rules and sources as a person reads them, in one language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from accessrules.explaining.document import Line, Span
from accessrules.explaining.wording import language
from accessrules.explaining.wording.language import End
from accessrules.explaining.wording.phrases import fill
from accessrules.rules import Instrument, SourceForm
from accessrules.unarytests import bounds, covering_names, read_test
from accessrules.values import Unreadable, number_text
from accessrules.valuesets import Cut, Named, ValueSet
from accessrules.vocabulary import AS_OF, KNOWN_ON, Fact

__all__ = ["MOST_NAMES", "Labels"]

MOST_NAMES = 8
"""A list of names is not longer: the rest is counted."""


class Labels:
    """What the things of a rule set are called in a language.

    It looks up and never decides: an id that the rule set has not is shown as it is. Raises QueryError for an
    unknown language.

    >>> from accessrules import load_rules
    >>> labels = Labels(load_rules().form, "zh")
    >>> labels.value("effective_volume", 520), labels.test("effective_volume", "at least 500 L")
    ('520 L', '500 L 及以上')
    """

    def __init__(self, form: SourceForm, lang: str) -> None:
        self.form, self.language = form, language(lang)
        self.lang, self.phrases = lang, self.language.phrases

    def text(self, text: Mapping[str, str] | None) -> str:
        """A text of the report in the language; in English where there is no other."""
        return "" if text is None else text.get(self.lang) or text.get("en", "")

    # ------------------------------------------------------------------------------------------ facts and values

    def fact(self, name: str) -> str:
        """The label of a fact; where there is none in the language, its question."""
        fact = self._fact(name)
        if fact is None:
            return name
        if fact is KNOWN_ON:
            return self.phrases.published
        if not self._has_label(fact) and fact.question.zh:
            return f"“{fact.question.zh}”"
        return fact.label.say(self.lang)

    def _has_label(self, fact: Fact | None) -> bool:
        return fact is not None and (self.lang != "zh" or fact.label.zh is not None)

    def detail(self, key: str) -> str:
        """The label of a key of details; the key's own words where the rule set gives it none."""
        label = self.form.details.get(key)
        return label.say(self.lang) if label else key.replace("_", " ")

    def scope(self, scope: str) -> str:
        """For what one certificate is issued: each category of products, or the whole enterprise."""
        return {"category": self.phrases.per_category, "enterprise": self.phrases.per_enterprise}[scope]

    def question(self, name: str) -> str:
        """The question of a fact or of a decision."""
        if name in self.form.decisions:
            return self.form.decisions[name].question.say(self.lang)
        fact = self._fact(name)
        return fact.question.say(self.lang) if fact else name

    def value(self, name: str, value: Any) -> str:
        """A value of a fact as JSON carries it: its label, its number with unit, yes or no, a day; None: not known."""
        fact = self._fact(name)
        if value is None or fact is None:
            return self.phrases.unknown if value is None else str(value)
        if isinstance(value, bool):
            return self.phrases.yes if value else self.phrases.no
        if isinstance(value, (int, float, Decimal)):
            number = value if isinstance(value, (int, Decimal)) else Decimal(repr(value))
            return self.language.quantity(number_text(number), fact.unit or "")
        return fact.values[value].label.say(self.lang) if value in fact.values else str(value)

    def stated(self, name: str, value: Any) -> str:
        """A fact with its value, as a list of facts has it: `effective volume 520 L`, `purpose: export`.

        Of a category the value says enough.
        """
        fact, shown = self._fact(name), self.value(name, value)
        if fact is not None and fact.type == "category" and value is not None:
            return shown
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        pattern = self.phrases.quantity if is_number and self._has_label(fact) else self.phrases.labelled
        return pattern.format(label=self.fact(name), value=shown)

    def outcome(self, decision: str, outcome: str | None) -> str:
        """The label of an outcome; None stands for one that the sources leave open."""
        if outcome is None:
            return self.phrases.leaves_open
        declared = self.form.decisions.get(decision)
        return declared.outcomes[outcome].say(self.lang) if declared and outcome in declared.outcomes else outcome

    # -------------------------------------------------------------------------------------------- tests in words

    def test(self, name: str, words: Any) -> str:
        """A test, given in the words of the rule files, in the words of the language.

        What cannot be read as a test of that fact is shown as it is.
        """
        fact = self._fact(name)
        if fact is None or words == "any":
            return self.phrases.any if words == "any" else str(words)
        try:
            return self.allowed(fact, read_test(words, fact))
        except Unreadable:
            return str(words)

    def allowed(self, fact: Fact, allowed: ValueSet) -> str:
        """The values that a test allows, in words."""
        if isinstance(allowed, Named):
            names, negated = covering_names(allowed, fact)
            if not names:
                return self.phrases.any
            shown = self.few([self._named(name, fact) for name in names])
            return self.language.none_of(shown) if negated else self.language.any_of(shown)
        ranges = [self._range(low, high, fact) for low, high in bounds(allowed, fact)]
        return self.language.any_of(ranges) if ranges else self.phrases.any

    def beside(self, name: str, value: Any, words: str, *, presumed: bool = False) -> str:
        """The case's own value in brackets, to stand beside a test; nothing where the test says the same."""
        if value is None:
            return self.phrases.test_unknown
        shown = self.value(name, value)
        if presumed:
            same = self.phrases.test_presumed_same
            return same if shown == words else self.phrases.test_presumed.format(value=shown)
        return "" if shown == words else self.phrases.test_value.format(value=shown)

    def few(self, names: Sequence[str]) -> list[str]:
        """The names, the last of them a count of the rest where they are many."""
        if len(names) <= MOST_NAMES:
            return list(names)
        return [*names[: MOST_NAMES - 1], self.phrases.more.format(count=len(names) - MOST_NAMES + 1)]

    def _named(self, name: str, fact: Fact) -> str:
        return self.value(fact.name, name == "true" if fact.type == "boolean" else name)

    def _range(self, low: Cut | None, high: Cut | None, fact: Fact) -> str:
        step = 0 if fact.type == "number" else 1
        if low and high and (low[0] == high[0] or (step and high[0] - low[0] == step)):
            return self._key(low, fact)
        if fact.type == "date":
            first = self._key(low, fact) if low else None
            last, after = (self._key((high[0] - 1, 0), fact), self._key(high, fact)) if high else (None, None)
            return self.language.days(first, last, after)
        lower: End | None = (self._key(low, fact), not low[1]) if low else None
        upper: End | None = (self._key(high, fact), bool(high[1])) if high else None
        return self.language.numbers(lower, upper)

    def _key(self, cut: Cut, fact: Fact) -> str:
        if fact.type == "date":
            return dt.date.fromordinal(int(cut[0])).isoformat()
        return self.language.quantity(number_text(cut[0]), fact.unit or "")

    # -------------------------------------------------------------------------------------------- rules and sources

    def title(self, rule_id: str) -> str:
        """The title of a rule; its id where it has none."""
        rule = self.form.rules.get(rule_id)
        return rule.title.say(self.lang) if rule and rule.title else rule_id

    def outcome_of(self, rule_id: str, outcome: str | None) -> str:
        """The label of an outcome that a rule gives, whichever decision the rule belongs to."""
        rule = self.form.rules.get(rule_id)
        return self.outcome(rule.decision if rule else "", outcome)

    def rule(self, rule_id: str) -> Line:
        """A rule as it is named in running text: its title with the id behind it."""
        rule = self.form.rules.get(rule_id)
        code = Span(rule_id, "code")
        if rule is None or rule.title is None:
            return (code,)
        return fill(self.phrases.named_rule, title=rule.title.say(self.lang), rule=code)

    def citation(self, source: Mapping[str, Any]) -> Line:
        """A source of the report: title and number of the instrument, where in it, and how far it is confirmed."""
        instrument = self.form.instruments.get(source["instrument"])
        notes = [self.language.confidence.get(source["confidence"], source["confidence"])]
        in_part = instrument is not None and instrument.read.startswith("opening")
        if in_part and source["confidence"] == "confirmed-by-official-text":
            notes.append(self.phrases.read_in_part)
        if instrument and instrument.date_confidence == "unverified":
            notes.append(self.phrases.day_unsure)
        if source.get("context"):
            notes.append(self.phrases.context)
        shown = self.phrases.citation_confidence.format(notes=self.phrases.separator.join(notes))
        return self._cited(source["instrument"], instrument, self.at(source), shown)

    def at(self, source: Mapping[str, Any]) -> str:
        """Where in its instrument a source of the report stands."""
        own = source.get("at_zh") if self.lang == "zh" else None
        return own or self.language.at(source["at"])

    def place(self, instrument: str, at: str) -> Line:
        """A place in an instrument, as an article is cited in running text."""
        return self._cited(instrument, self.form.instruments.get(instrument), self.language.at(at), "")

    def _cited(self, name: str, instrument: Instrument | None, at: str, notes: str) -> Line:
        title = self.language.instrument(instrument.title.say(self.lang)) if instrument else name
        number = instrument.number.say(self.lang) if instrument and instrument.number else ""
        return fill(
            self.phrases.citation,
            title=Span(title, url=instrument.url if instrument else ""),
            number=self.phrases.citation_number.format(number=number) if number else "",
            at=self.phrases.citation_at.format(at=at) if at else "",
            notes=Span(notes, "muted"),
        )

    def _fact(self, name: str) -> Fact | None:
        return {AS_OF.name: AS_OF, KNOWN_ON.name: KNOWN_ON}.get(name) or self.form.vocabulary.get(name)
