"""An impact in words: the sums first, then each region, each column, and the rows that were not decided or not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from accessrules.changes import Side
from accessrules.commands.regionwords import region_text
from accessrules.commands.rejectedwords import rejections
from accessrules.commands.telling import Teller, joined
from accessrules.explaining.document import Block, Item, Items, Line, Paragraph, Span, Table, line
from accessrules.explaining.story import about
from accessrules.explaining.wording.phrases import fill
from accessrules.fingerprint import SHOWN_OF_FINGERPRINT
from accessrules.impact import Group, Impact, Reason, RegionCount, Tally
from accessrules.vocabulary import AS_OF, KNOWN_ON

__all__ = ["blocks"]

_MOST_GROUPS, _MOST_VALUES = 20, 5
_COLUMNS = (
    "column_rows",
    "column_changed",
    "column_before",
    "column_after",
    "column_undecided",
    "column_rejected",
)
_APPROVALS = ("column_before", "column_after")
"""The columns of a decision that is about approvals."""

_PARTS = {
    "changed": "impact_changed",
    "unchanged": "impact_unchanged",
    "undecided": "impact_undecided",
    "rejected": "impact_rejected",
}
_KINDS = {"answer": "impact_answer", "details": "impact_details"}
_WHY = {
    "missing": "undecided_missing",
    "open": "undecided_open",
    "conflict": "undecided_conflict",
    "no_rule": "undecided_no_rule",
}
_ONLY = {("before",): "undecided_before", ("after",): "undecided_after"}


def blocks(
    found: Impact, sides: tuple[Teller, Teller], format: str, *, took_today: bool, rejected: str | None
) -> Iterator[Block]:
    """What a drafter reads; `sides` know the rules before and after, `rejected` is the file of all rejected rows."""
    return _Page(found, sides, format).blocks(took_today=took_today, rejected=rejected)


class _Page:
    def __init__(self, found: Impact, sides: tuple[Teller, Teller], format: str) -> None:
        self.found, self.format = found, format
        self.before, self.after = sides
        self.say, self.text, self.labels = self.after.say, self.after.text, self.after.labels

    def blocks(self, *, took_today: bool, rejected: str | None) -> Iterator[Block]:
        found, after = self.found, self.after
        yield after.heading("impact_title", 1, register=found.register)
        yield from self._summary(took_today=took_today)
        yield from self._regions()
        for column, groups in found.by.items():
            yield from self._by(column, groups)
        if found.reasons:
            yield after.heading("undecided_title")
            yield Items(tuple(self._reason(one) for one in found.reasons))
        if found.first_rejected:
            yield from self._rejected(rejected)
        yield about(found.after, self.labels)

    # ------------------------------------------------------------------------------------------------- the summary

    def _summary(self, *, took_today: bool) -> Iterator[Block]:
        found, total, after = self.found, self.found.total, self.after
        yield Items(tuple(self._sums(total))) if total.rows else after.paragraph("impact_no_rows")
        if found.synthetic:
            yield Paragraph(self._counted("impact_synthetic", found.synthetic))
        yield after.paragraph("impact_between", **{n: self._named(r) for n, r in self._rule_sets().items()})
        yield after.paragraph("impact_asked", facts=joined(self._asked(), self.text("between")))
        if found.presumed:
            stated = self.text("between").join(self.labels.stated(n, v) for n, v in found.presumed.items())
            yield Paragraph(fill(self.labels.phrases.presumed, facts=stated))
        if took_today and found.as_of is not None:
            yield after.paragraph("took_today", day=found.as_of.isoformat())
        for one in found.near:
            label = self._teller(one.fact).labels.fact(one.fact)
            column, name = Span(one.column, "code"), Span(one.fact, "code")
            yield after.paragraph("impact_near", column=column, fact=label, name=name)

    def _sums(self, total: Tally) -> Iterator[Item]:
        """The rows in four parts, and the approvals where the decision is about them."""
        parts = [Item(self.say(word, count=_strong(getattr(total, part)))) for part, word in _PARTS.items()]
        yield Item(self.say("impact_rows", count=_strong(total.rows)), tuple(parts))
        if total.before is None or total.after is None:
            return
        needed = {"before": _strong(total.before.needed), "after": _strong(total.after.needed)}
        unsure = {"before": _number(total.before.unsure), "after": _number(total.after.unsure)}
        is_sure = not (total.before.unsure or total.after.unsure)
        below = () if is_sure else (Item(self.say("impact_unsure", **unsure)),)
        yield Item(self.say("impact_approvals", **needed), below)

    def _rule_sets(self) -> dict[str, Mapping[str, Any]]:
        return {"before": self.found.before, "after": self.found.after}

    def _named(self, ruleset: Mapping[str, Any]) -> Line:
        fingerprint = Span(ruleset["fingerprint"][:SHOWN_OF_FINGERPRINT], "code")
        return line(f"{ruleset['name']} {ruleset['version']}, ", fingerprint)

    def _asked(self) -> Iterator[Line]:
        found = self.found
        yield line(Span(self.labels.question(found.decision), "strong"))
        for name, day in ((AS_OF.name, found.as_of), (KNOWN_ON.name, found.known_on)):
            if day is not None:
                word = "on" if name == AS_OF.name else "known_on"
                yield line(self.text(word, day=day.isoformat()))
            elif column := next((c for c, fact in found.columns.items() if fact == name), None):
                label = self.text("test", fact=self._teller(name).labels.fact(name), test="")
                yield line(label, Span(column, "code"))
            elif name == AS_OF.name:
                yield line(self.text("no_day"))

    # ------------------------------------------------------------------------------------------------- the regions

    def _regions(self) -> Iterator[Block]:
        found, after = self.found, self.after
        if not any(one.change.kind == "answer" for one in found.regions):
            yield after.paragraph("impact_none")
        for kind, heading in _KINDS.items():
            some = [one for one in found.regions if one.change.kind == kind]
            met = sorted((one for one in some if one.rows or one.partly), key=lambda one: -one.rows)
            if not some or (kind != "answer" and not met):
                continue
            yield after.heading(heading)
            if met:
                yield Items(tuple(self._region(one) for one in met))
            if kind == "answer" and found.several:
                yield after.paragraph("impact_several", count=_number(found.several))
            if len(met) < len(some):
                yield Paragraph(after.counted("impact_empty", len(some) - len(met)))
        if reasons := sum(one.rows for one in found.regions if one.change.kind == "reasons"):
            yield after.paragraph("impact_reasons", count=_number(reasons))

    def _region(self, one: RegionCount) -> Item:
        change = one.change
        answers = (self.before.side(change.decision, change.before), self.after.side(change.decision, change.after))
        told = answers[1]
        if change.kind == "answer":
            told = self.say("impact_from_to", before=answers[0], after=answers[1])
        below = [Item(line(region_text(change.region, self._teller(*change.region))))]
        if one.partly:
            below.append(Item(self._counted("impact_partly", one.partly)))
        sides = (("impact_before", self.before, change.before), ("impact_after", self.after, change.after))
        for word, teller, side in sides:
            below.append(Item(self.say(word, rules=self._grounds(teller, side))))
        for column, values in one.by.items():
            if values:
                shown = [f"{self._value(column, value, True)} {_number(rows)}" for value, rows in values[:_MOST_VALUES]]
                if len(values) > _MOST_VALUES:
                    shown.append(self.labels.phrases.more.format(count=len(values) - _MOST_VALUES))
                told_values = self.text("name_list").join(shown)
                below.append(Item(self.say("impact_by_value", column=self._column(column), values=told_values)))
        rows = Span("".join(span.text for span in self._counted("rows", one.rows)), "strong")
        return Item(self.say("region", region=rows, answer=told), tuple(below))

    def _grounds(self, teller: Teller, side: Side) -> Line:
        """The rules of a side; or that none applies."""
        if not side.rules:
            return self.say("default" if side.status == "decided" else "no_rule")
        return joined((teller.labels.rule(rule) for rule in side.rules), self.text("between"))

    # ------------------------------------------------------------------------------------------------- the columns

    def _by(self, column: str, groups: Sequence[Group]) -> Iterator[Block]:
        yield self.after.heading("impact_by", column=self._column(column))
        shown, rest = groups[:_MOST_GROUPS], groups[_MOST_GROUPS:]
        columns = [word for word in _COLUMNS if self.found.total.before or word not in _APPROVALS]
        rows = [self._group(column, one) for one in shown]
        yield Table((self._column(column), *(self.text(word) for word in columns)), tuple(rows))
        if rest:
            count, rows_left = _number(len(rest)), _number(sum(one.tally.rows for one in rest))
            yield self.after.paragraph("impact_by_more", count=count, rows=rows_left)

    def _group(self, column: str, one: Group) -> tuple[Line, ...]:
        tally = one.tally
        approvals = (one.needed for one in (tally.before, tally.after) if one is not None)
        numbers = (tally.rows, tally.changed, *approvals, tally.undecided, tally.rejected)
        return (line(self._value(column, one.value, one.is_readable)), *(line(_number(n)) for n in numbers))

    def _column(self, column: str) -> str:
        fact = self.found.columns.get(column)
        return self._teller(fact).labels.fact(fact) if fact else column

    def _value(self, column: str, value: Any, is_readable: bool) -> str:
        fact = self.found.columns.get(column)
        if value is None:
            return self.text("value_empty" if is_readable else "value_unreadable")
        return self._teller(fact).labels.value(fact, value) if fact else str(value)

    def _teller(self, *facts: str) -> Teller:
        """What knows these facts: the rule set after, but for those that only the one before has."""
        return self.after if all(name in self.after.rules.index.facts for name in facts) else self.before

    # --------------------------------------------------------------------------------- neither decided nor read

    def _reason(self, one: Reason) -> Item:
        has_column = set(self.found.columns.values())
        names = [
            label if fact in has_column else self.text("fact_without_column", fact=label)
            for fact in one.facts
            for label in (self._teller(fact).labels.fact(fact),)
        ]
        rows = Span("".join(span.text for span in self._counted("rows", one.rows)), "strong")
        facts = self.text("name_list").join(names)
        below = [Item(self._rule(name)) for name in one.rules]
        if one.sides in _ONLY:
            below.append(Item(self.say(_ONLY[one.sides])))
        if one.may_change:
            below.append(Item(self.say("undecided_may_change", count=_number(one.may_change))))
        return Item(self.say(_WHY[one.kind], rows=rows, facts=facts), tuple(below), mark="?")

    def _rule(self, name: str) -> Line:
        return (self.after if name in self.after.rules.form.rules else self.before).labels.rule(name)

    def _rejected(self, file: str | None) -> Iterator[Block]:
        found, total = self.found, self.found.total.rejected
        yield self.after.heading("rejected_title")
        yield rejections(found.first_rejected, self.after, self.format)
        if file is not None:
            yield self.after.paragraph("rejected_written", count=_number(total), file=Span(file, "code"))
        elif total > len(found.first_rejected):
            yield self.after.paragraph("rejected_more", count=_number(total - len(found.first_rejected)))

    def _counted(self, word: str, count: int) -> Line:
        return self.say(f"{word}_one" if count == 1 else word, count=_number(count))


def _number(count: int) -> str:
    return f"{count:,}"


def _strong(count: int) -> Span:
    return Span(_number(count), "strong")
