"""What verbs have in common when they tell something about a case: the case itself, answers, rules, sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from accessrules.cases import ReadCase
from accessrules.changes import Side
from accessrules.commands.inputs import Asked
from accessrules.commands.words import WORDS
from accessrules.deciding import Decider
from accessrules.explaining.answering import limit
from accessrules.explaining.document import Block, Document, Heading, Item, Line, Paragraph, Span, Style, line
from accessrules.explaining.labels import Labels
from accessrules.explaining.reasoning import read_otherwise
from accessrules.explaining.wording.phrases import fill
from accessrules.exploring.asking import needs
from accessrules.exploring.neighbours import always_prevailing, deciding_rule, prevailing
from accessrules.exploring.readings import readings
from accessrules.rules import Source
from accessrules.ruleset import RuleSet
from accessrules.values import json_value
from accessrules.vocabulary import AS_OF, KNOWN_ON, FactValue

__all__ = ["Teller", "joined"]


class Teller:
    """Says things of a rule set in a language."""

    def __init__(self, rules: RuleSet, lang: str) -> None:
        self.rules, self.lang = rules, lang
        self.labels = Labels(rules.form, lang)

    def say(self, word: str, **parts: str | Span | Line) -> Line:
        """A phrase with its places filled."""
        return fill(WORDS[word][self.lang == "zh"], **parts)

    def text(self, word: str, **parts: str) -> str:
        """A phrase as plain text."""
        return "".join(span.text for span in self.say(word, **parts))

    def heading(self, word: str, level: int = 2, **parts: str | Span | Line) -> Heading:
        """A phrase as a heading; of level 1 for a document's own."""
        return Heading(self.say(word, **parts), level)

    def paragraph(self, word: str, **parts: str | Span | Line) -> Paragraph:
        """A phrase as a paragraph."""
        return Paragraph(self.say(word, **parts))

    def counted(self, word: str, count: int, **parts: str) -> Line:
        """A phrase with a count in it; for a count of one the phrase `WORD_one`."""
        return self.say(f"{word}_one" if count == 1 else word, count=str(count), **parts)

    def heading_counted(self, word: str, count: int) -> Heading:
        """A document's own heading with a count in it."""
        return Heading(self.counted(word, count), 1)

    def document(self, *blocks: Block) -> Document:
        """A document of these blocks in the language."""
        return Document(blocks, self.lang)

    def ruleset_heading(self, word: str) -> Heading:
        """A heading that names the rule set and its version."""
        return self.heading(word, 1, name=self.rules.name, version=self.rules.version)

    # ---------------------------------------------------------------------------------------------------- answers

    def answer(self, decision: str, status: str, outcome: str | None, rule: str | None = None) -> Span:
        """An answer in short: the outcome, or why there is none."""
        if status == "decided":
            return Span(self.labels.outcome(decision, outcome), "strong")
        word = "open" if status == "undetermined" and rule is not None else status
        style: Style = "bad" if status == "conflict" else "unsure"
        return Span(self.text(word), style)

    def side(self, decision: str, side: Side) -> Line:
        """The answer of one side of a change; where it is open, with what is possible, also that there is none."""
        if side.status != "undetermined":
            return line(self.answer(decision, side.status, side.outcome))
        told = side.model_dump()
        possible = [self.labels.outcome(decision, name) for name in told["possible"]]
        possible += [self.text(f"or_{status}") for status in told["possible_status"] if status != "undetermined"]
        answer = self.answer(decision, side.status, None, "open")
        return line(answer, self.text("aside", text=self.text("between").join(possible)))

    def contested(self, answer: Span | Line, contested: Collection[object]) -> Line:
        """An answer, with the remark that it is contested where it is."""
        return line(answer, Span(self.text("contested_here"), "unsure")) if contested else line(answer)

    def because(self, decider: Decider, cells: Mapping[str, int]) -> tuple[Item, ...]:
        """What is behind the answer for these cells: rules with sources, how others read them, or what is missing."""
        found = readings(decider, decider.answer(cells), cells)
        named = len({one["rule"] for one in found}) > 1
        return (*self._because(decider, cells), *read_otherwise(found, self.labels, named=named))

    def _because(self, decider: Decider, cells: Mapping[str, int]) -> tuple[Item, ...]:
        answer, index = decider.answer(cells), self.rules.index
        precedence = decider.chain.resolver.precedence
        some = tuple(Item(self.labels.rule(index.rules[n].id)) for n in prevailing(answer, precedence))
        if answer.status == "decided" and len(answer.resolutions) > 1 and not always_prevailing(answer):
            default = (Item(self.say("default")),) if any(one.is_default for one in answer.resolutions) else ()
            return (Item(self.say("depends"), (*some, *default)),)
        rule = deciding_rule(answer, index, precedence)
        if rule is not None:
            return (Item(self.labels.rule(rule)), *self.cited(self.rules.form.rules[rule].sources))
        if answer.status == "conflict":
            at_odds = sorted({n for one in (*answer.resolutions, *answer.failed) for n in one.conflict})
            return tuple(Item(self.labels.rule(index.rules[n].id)) for n in at_odds)
        if answer.status == "undetermined":
            names = [self.labels.fact(one["fact"]) for one in needs(answer, index)]
            return (Item(self.say("needs", facts=self.text("name_list").join(names))),) if names else ()
        return (Item(self.say("default")),) if answer.status == "decided" else ()

    def cited(self, sources: Iterable[Source]) -> tuple[Item, ...]:
        """Sources as items; what is only context is left out."""
        return tuple(Item(self.say("source_is", citation=self.citation(one))) for one in sources if not one.context)

    def citation(self, source: Source) -> Line:
        """A source as it is cited."""
        return self.labels.citation(source.dump())

    # --------------------------------------------------------------------------------------------------- the case

    def case(self, asked: Asked, without: Collection[str] = ()) -> tuple[Block, ...]:
        """The case in words, what is presumed, and that today was taken where it was; `without` leaves facts out."""
        read = asked.rules.decider(asked.decision).read(asked.case, None, None)
        shown = [Span(one, "strong") for one in self.facts(read, without)]
        if AS_OF.name not in without:
            shown.append(Span(self.day(asked.as_of)))
        if read.known_on is not None and KNOWN_ON.name not in without:
            shown.append(Span(self.text("known_on", day=read.known_on.isoformat())))
        between = self.text("between")
        blocks: list[Block] = [self.paragraph("case", facts=joined(((one,) for one in shown), between))]
        used = asked.rules.decider(asked.decision).chain.facts
        presumed = [self.stated(n, v) for n, v in read.presumed.items() if n in used and n not in without]
        if presumed:
            blocks.append(Paragraph(fill(self.labels.phrases.presumed, facts=between.join(presumed))))
        if asked.took_today and AS_OF.name not in without:
            blocks.append(self.today(asked))
        # Where the day is left out, all days are told, those to come too.
        return (*blocks, *self.limit(dt.date.max if AS_OF.name in without else asked.as_of))

    def limit(self, day: dt.date | None) -> tuple[Paragraph, ...]:
        """Up to when the rules know the law, where the day asked about lies later."""
        return tuple(map(Paragraph, limit(day.isoformat() if day else None, self.labels)))

    def today(self, asked: Asked) -> Paragraph:
        """That no day was given, and today was taken."""
        assert asked.as_of is not None
        return self.paragraph("took_today", day=asked.as_of.isoformat())

    def day(self, day: dt.date | None) -> str:
        """The day asked about."""
        return self.text("on", day=day.isoformat()) if day else self.text("no_day")

    def stated(self, name: str, value: FactValue | None) -> str:
        """A fact with its value."""
        return self.labels.stated(name, json_value(value))

    def stated_value(self, name: str, value: FactValue) -> str:
        """A value of a fact in words."""
        return self.labels.value(name, json_value(value))

    def facts(self, read: ReadCase, without: Collection[str] = ()) -> list[str]:
        """The given facts, each with its value; the category first."""
        kinds = {fact.name: fact.type for fact in self.rules.form.vocabulary}
        given = sorted((n for n in read.facts if n not in without), key=lambda n: (kinds[n] != "category", n))
        return [self.stated(n, read.facts[n]) for n in given] or [self.text("case_empty")]


def joined(lines: Iterable[Line], between: str) -> Line:
    """Lines in a row with something between them."""
    parts: list[Line | str] = []
    for one in lines:
        parts.extend([between, one] if parts else [one])
    return line(*parts)
