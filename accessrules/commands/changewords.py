"""Changes in words: how many and which version they ask for, then each region with both sides and a case."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from accessrules.changes import KINDS, Change, Changes, Kind, Side
from accessrules.commands.regionbars import Scales
from accessrules.commands.regionwords import region_text
from accessrules.commands.reproducing import witness_line
from accessrules.commands.telling import Teller, joined
from accessrules.explaining.document import Block, Heading, Item, Items, Line, Span, Table, line
from accessrules.explaining.guiding import detail_value
from accessrules.fingerprint import SHOWN_OF_FINGERPRINT
from accessrules.parts import Part
from accessrules.ruleset import RuleSet

__all__ = ["MANY", "Compared", "blocks"]

MANY = 20
"""Of more regions than this a summary is given first."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the two rule sets, the options that name it on a command line, and the language that is spoken."""

    rules: RuleSet
    options: tuple[str, ...]
    lang: str


def blocks(changes: Changes, sides: Sequence[Compared], format: str, *, reasons: bool) -> Iterator[Block]:
    """What a reviewer reads; `sides` are the rule sets before and after, `reasons` lists changes of reasons alone."""
    return _Page(changes, sides, format).blocks(KINDS if reasons else ("answer", "details"))


class _Page:
    def __init__(self, changes: Changes, sides: Sequence[Compared], format: str) -> None:
        self.changes, self.sides, self.format = changes, sides, format
        self.before, self.after = (Teller(side.rules, side.lang) for side in sides)
        self.say, self.text, self.heading = self.after.say, self.after.text, self.after.heading
        self.scales = Scales(changes, self._teller) if format == "html" else None

    def blocks(self, listed: Sequence[Kind]) -> Iterator[Block]:
        yield self.heading("diff_title", 1)
        yield from self._summary(listed)
        shown = [one for one in self.changes if one.kind in listed]
        if len(shown) > MANY:
            yield from self._pairs(shown)
        if shown and self.format != "text":
            yield self._table(shown)
        number = 0
        for kind in listed:
            some = self.changes.of(kind)
            if some:
                yield self.heading(f"changed_{kind}", count=str(len(some)))
            for one in some:
                number += 1
                yield from self._change(number, one)

    # ------------------------------------------------------------------------------------------------ the summary

    def _summary(self, listed: Sequence[Kind]) -> Iterator[Block]:
        yield Items(
            tuple(
                Item(self.say(word, ruleset=self._identity(side)))
                for word, side in zip(("diff_before", "diff_after"), self.sides, strict=True)
            )
        )
        counts = [(kind, len(self.changes.of(kind))) for kind in KINDS]
        told = [_plain(self.after.counted(f"regions_{kind}", n)) for kind, n in counts if n]
        if told:
            yield self.after.paragraph("diff_found", counts=self.text("name_list").join(told))
        else:
            yield self.after.paragraph("diff_nothing_known" if self.changes.causes else "diff_nothing")
        bump = Span(self.text(f"bump_{self.changes.bump}"), "strong")
        why = self.text("why_separator").join(self.text(f"why_{cause}") for cause in self.changes.causes or ("none",))
        yield self.after.paragraph("diff_bump", bump=bump, why=why)
        if self.changes.of("reasons") and "reasons" not in listed:
            yield self.after.paragraph("diff_reasons")
        for word, parts, teller in (
            ("diff_added", self.changes.added, self.after),
            ("diff_removed", self.changes.removed, self.before),
        ):
            if parts:
                yield self.after.paragraph(word, names=self.text("between").join(self._parts(parts, teller)))
        if self.changes.publications:
            yield self.after.paragraph("diff_published")
            yield Items(tuple(self._published(*span) for span in self.changes.publications))

    def _identity(self, side: Compared) -> Line:
        found = side.rules.identity()
        fingerprint = Span(found["fingerprint"][:SHOWN_OF_FINGERPRINT], "code")
        return self.say("diff_ruleset", name=found["name"], version=found["version"], fingerprint=fingerprint)

    def _parts(self, parts: Sequence[Part], teller: Teller) -> Iterator[str]:
        """Decisions, outcomes, facts and values that only one of the two knows; values of a fact together."""
        for (kind, name), some in groupby(parts, key=lambda part: (part.kind, part.name)):
            if kind == "decision":
                yield teller.labels.question(name)
            elif kind == "fact":
                yield teller.labels.fact(name)
            elif kind == "outcome":
                outcomes = self.text("name_list").join(teller.labels.outcome(name, part.value) for part in some)
                yield self.text("diff_outcome", question=teller.labels.question(name), outcome=outcomes)
            else:
                values = self.text("name_list").join(teller.labels.value(name, part.value) for part in some)
                yield self.text("test", fact=teller.labels.fact(name), test=values)

    def _published(self, first: dt.date, until: dt.date) -> Item:
        option = Span(f"--known-on {first.isoformat()}", "code")
        words = {"first": first.isoformat(), "until": until.isoformat()}
        return Item(self.say("diff_published_span", option=option, **words))

    def _pairs(self, shown: Sequence[Change]) -> Iterator[Block]:
        """How many regions there are of each pair of answers, decision by decision, the most frequent first."""
        yield self.heading("diff_pairs")
        counts: dict[str, Counter[tuple[Kind, Line]]] = {}
        for one in shown:
            counts.setdefault(one.decision, Counter())[one.kind, self._pair(one)] += 1
        yield Items(
            tuple(
                Item(line(self.after.labels.question(decision)), tuple(self._counts(pairs)))
                for decision, pairs in counts.items()
            )
        )

    def _counts(self, pairs: Counter[tuple[Kind, Line]]) -> Iterator[Item]:
        for (_, pair), count in pairs.most_common():
            yield Item(self.say("region", region=pair, answer=Span(str(count), "strong")))

    def _pair(self, one: Change) -> Line:
        """The answers before and after; or the same answer, and what else changes."""
        old, new = self.before.side(one.decision, one.before), self.after.side(one.decision, one.after)
        if one.kind == "answer":
            return joined((old, new), self.text("arrow"))
        return line(new, self.text("aside", text=self.text(f"other_{one.kind}")))

    def _table(self, shown: Sequence[Change]) -> Table:
        columns = tuple(self.text(word) for word in ("diff_number", "diff_where", "diff_old", "diff_new"))
        rows = tuple(
            (
                line(str(n)),
                line(region_text(one.region, self._teller(one))),
                self.before.side(one.decision, one.before),
                self.after.side(one.decision, one.after),
            )
            for n, one in enumerate(shown, 1)
        )
        return Table(columns, rows)

    # --------------------------------------------------------------------------------------------------- a region

    def _teller(self, one: Change) -> Teller:
        """What knows the facts of a region: the rule set after, but for facts that only the one before has."""
        return self.after if all(name in self.after.rules.index.facts for name in one.region) else self.before

    def _change(self, number: int, one: Change) -> Iterator[Block]:
        answer = self._pair(one) if one.kind == "answer" else self.after.side(one.decision, one.after)
        where = region_text(one.region, self._teller(one))
        yield Heading(self.say("diff_region", number=str(number), region=where, answer=answer), 3)
        if self.scales is not None and (bars := self.scales.bars(one)).bars:
            yield bars
        yield Items(tuple(self._below(one)))

    def _below(self, one: Change) -> Iterator[Item]:
        if len(self.after.rules.form.decisions) > 1:
            yield Item(self.say("rule_decision", question=self.after.labels.question(one.decision)))
        if one.kind == "details":
            yield Item(self.say("diff_details"), tuple(self._details(one)))
        parts = (("diff_old", self.before, one.before), ("diff_new", self.after, one.after))
        for (word, teller, side), setting in zip(parts, self.sides, strict=True):
            answer = teller.side(one.decision, side)
            command = witness_line(setting.rules, setting.options, one.witness, one.decision)
            below = (*self._grounds(teller, one, side), Item(self.say("reproduce", command=Span(command, "command"))))
            yield Item(self.say("region", region=self.text(word), answer=answer), below)

    def _grounds(self, teller: Teller, one: Change, side: Side) -> Iterator[Item]:
        """The rules of a side with their sources; or that none applies."""
        for rule, sources in side.model_dump()["sources"].items():
            cited = (
                Item(teller.say("source_is", citation=teller.labels.citation(s))) for s in sources if not s["context"]
            )
            yield Item(teller.labels.rule(rule), tuple(cited))
        default = teller.rules.form.decisions[one.decision].default
        if side.status == "decided" and not side.rules and default is not None:
            yield Item(teller.say("default"), teller.cited(default.sources))

    def _details(self, one: Change) -> Iterator[Item]:
        old, new = one.before.model_dump()["details"], one.after.model_dump()["details"]
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                shown = (self._detail(self.before, old, key), self._detail(self.after, new, key))
                change = joined(shown, self.text("arrow"))
                yield Item(self.say("region", region=self.after.labels.detail(key), answer=change))

    def _detail(self, teller: Teller, details: Mapping[str, Any], key: str) -> Line:
        return detail_value(details[key], teller.labels) if key in details else self.say("nothing")


def _plain(spans: Line) -> str:
    return "".join(span.text for span in spans)
