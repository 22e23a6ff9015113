"""One question: how it is put to a person, and how what they type is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accessrules import units
from accessrules.commands.telling import Teller
from accessrules.explaining.document import Block, Heading, Item, Items, Line, Paragraph, Span, line
from accessrules.finding import ranked
from accessrules.unarytests import read_test
from accessrules.values import Unreadable, named_value, read_quantity, read_typed, value_text
from accessrules.valuesets import Ordered
from accessrules.vocabulary import Fact, FactValue

__all__ = ["Question", "Reply"]

_DONT_KNOW = {"?", "？", "不知道", "不清楚", "unknown", "don't know", "dont know", "don’t know", "null"}
_LIST = {"list", "列表"}
_MOST_LISTED, _MOST_SUGGESTED, _EXAMPLES = 12, 8, 3


@dataclass(frozen=True, slots=True)
class Reply:
    """What was typed, read: a value, that it is not known, or what to say to it before asking again."""

    value: FactValue = ""
    is_value: bool = False
    is_unknown: bool = False
    blocks: tuple[Block, ...] = ()


class Question:
    """A question of `RuleSet.ask`, in the teller's language. Numbers answer the list that was shown last."""

    def __init__(self, question: dict[str, Any], teller: Teller) -> None:
        self.teller, self.values = teller, question["values"]
        self.fact: Fact = teller.rules.index.facts[question["fact"]]
        self.question: str = teller.labels.text(question["question"])
        self.numbered: list[FactValue] = []

    # ------------------------------------------------------------------------------------------------- putting it

    def blocks(self, decision: str) -> tuple[Block, ...]:
        """The question with its possible answers, and what each leads to."""
        title: Block = Heading((Span(self.question),), 2)
        if self.fact.is_ordered:
            matters = Items(
                tuple(
                    Item(line(self.teller.labels.test(self.fact.name, one["value"]), self._leads(one, decision)))
                    for one in self.values
                )
            )
            return (title, self._how(), self.teller.paragraph("ask_matters"), matters)
        if len(self.values) > _MOST_LISTED:
            return (title, self._how_to_name())
        self.numbered = [one["value"] for one in self.values]
        return (title, self._listed([self._leads(one, decision) for one in self.values]), self._how())

    def _leads(self, one: dict[str, Any], decision: str) -> Line:
        """What an answer leads to; nothing where all lead to the same."""
        if all((other["outcomes"], other["failures"]) == (one["outcomes"], one["failures"]) for other in self.values):
            return ()
        ends = [self.teller.labels.outcome(decision, outcome) for outcome in one["outcomes"]]
        ends += [self.teller.text(failure) for failure in one["failures"]]
        return tuple(
            Span(s.text, "muted")
            for s in self.teller.say("ask_leads", outcomes=self.teller.text("name_list").join(ends))
        )

    def _listed(self, after: Sequence[Line] = ()) -> Items:
        """The values by number."""
        entries = []
        for n, value in enumerate(self.numbered):
            code = (" ", Span(f"[{value}]", "code")) if isinstance(value, str) else ()
            shown = line(self.teller.stated_value(self.fact.name, value), *code, after[n] if after else ())
            entries.append(Item(shown, mark=f"{n + 1})"))
        return Items(tuple(entries))

    def _how(self) -> Paragraph:
        say, fact = self.teller.paragraph, self.fact
        if fact.type == "number" and fact.unit:
            return say("ask_number", unit=fact.unit, example=value_text(self._example(), fact))
        if fact.type in ("number", "integer"):
            return say(
                "ask_plain_number" if fact.type == "number" else "ask_integer",
                example=value_text(self._example(), fact),
            )
        return say({"date": "ask_date", "boolean": "ask_boolean"}.get(fact.type, "ask_choose"))

    def _example(self) -> FactValue:
        """The first number at which the answer changes."""
        for one in self.values:
            allowed = read_test(one["value"], self.fact)
            assert isinstance(allowed, Ordered)
            for key, _ in allowed.intervals[0]:
                if key != self.fact.minimum and abs(key) != float("inf"):
                    return key
        return 500

    def _how_to_name(self) -> Paragraph:
        names = [self.fact.values[one["value"]].label.say(self.teller.lang) for one in self.values[:_EXAMPLES]]
        between = self.teller.text("name_list")
        return self.teller.paragraph("ask_type_name", examples=between.join(names), count=str(len(self.values)))

    # ------------------------------------------------------------------------------------------------- reading it

    def read(self, typed: str) -> Reply:
        """What a typed line says."""
        text = typed.strip()
        if text.casefold() in _DONT_KNOW:
            return Reply(is_unknown=True)
        if text.casefold() in _LIST and not self.fact.is_ordered:
            self.numbered = [one["value"] for one in self.values]
            return Reply(blocks=(self._listed(), self.teller.paragraph("ask_choose")))
        if self.numbered and text.isdecimal() and 1 <= int(text[:6]) <= len(self.numbered):
            return Reply(self.numbered[int(text) - 1], is_value=True)
        try:
            value = self._value(text)
        except Unreadable:
            return Reply(blocks=self._wrong(text))
        return Reply(value, is_value=True) if value is not None else Reply(is_unknown=True)

    def _value(self, text: str) -> FactValue | None:
        if self.fact.values:
            found = named_value(text, self.fact)
            if found is None:
                raise Unreadable(text)
            return found
        value: FactValue | None = read_typed(
            _YES_NO.get(text.casefold(), text) if self.fact.type == "boolean" else text, self.fact
        )
        return value

    def _wrong(self, text: str) -> tuple[Block, ...]:
        """Why that is no answer, and what would be one."""
        bad = [self.teller.paragraph("ask_bad", text=text[:60])] if text else []
        if self.fact.values:
            near = (
                ranked(text, ((v.id, [v.id, *v.names()]) for v in self.fact.values.values()))[:_MOST_SUGGESTED]
                if not text.isdecimal()
                else []
            )
            if near:
                self.numbered = list(near)
                return (*bad, self.teller.paragraph("ask_meant"), self._listed())
            return (*bad, self._how_to_name() if len(self.values) > _MOST_LISTED else self._how())
        return (*bad, *self._why(text), self._how())

    def _why(self, text: str) -> tuple[Block, ...]:
        """What is wrong with a measure: its unit, or that it lies outside the range."""
        fact, teller = self.fact, self.teller
        if fact.type not in ("number", "integer"):
            return ()
        try:
            read_quantity(text, fact, unit_needed=False)
        except Unreadable:
            unit = text.lstrip("+-.0123456789 ")
            if fact.unit is None or unit == text or not unit or units.convertible(unit, fact.unit):
                return ()
            return (teller.paragraph("ask_bad_unit", unit=unit[:20], right=fact.unit),)
        ends = [
            (teller.stated_value(fact.name, end), True) if end is not None else None
            for end in (fact.minimum, fact.maximum)
        ]
        if ends == [None, None]:
            return ()
        return (
            teller.paragraph(
                "ask_bad_range",
                label=teller.labels.fact(fact.name),
                range=teller.labels.language.numbers(ends[0], ends[1]),
            ),
        )


_YES_NO = {"y": "yes", "n": "no", "对": "yes", "有": "yes", "没有": "no", "不是": "no", "无": "no"}
