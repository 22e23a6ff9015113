"""`test --mutate` and `test --suggest` as JSON, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from accessrules.casebook import BookCase
from accessrules.commands.telling import Teller, joined
from accessrules.explaining.document import Block, Code, Item, Items, Line, Paragraph, Span, line
from accessrules.ruleset import RuleSet
from accessrules.strength.bookcases import as_json, as_yaml
from accessrules.strength.judging import Judged
from accessrules.strength.mutants import KINDS
from accessrules.strength.running import Strength
from accessrules.strength.suggested import Suggestion
from accessrules.unarytests import test_words

__all__ = ["mutated_blocks", "mutated_json", "suggested_blocks", "suggested_json"]


def mutated_json(found: Strength, rules: RuleSet, lang: str, *, failing: int) -> dict[str, Any]:
    """How many changes there are and what the casebook makes of them; those that it misses with a ready case."""
    return {
        "mutants": len(found.judged),
        "alike": len(found.of("alike")),
        "noticed": len(found.of("noticed")),
        "unnoticed": len(found.of("unnoticed")),
        "not_analysed": len(found.of("not_analysed")),
        "share": round(found.share, 4),
        "failing_cases": failing,
        "kinds": {
            kind: {verdict: _count(found, kind, verdict) for verdict in ("noticed", "unnoticed")} for kind in KINDS
        },
        "missed": [_missed_json(one, rules, lang) for one in (*found.of("unnoticed"), *found.of("not_analysed"))],
        "ruleset": rules.identity(),
    }


def _count(found: Strength, kind: str, verdict: str) -> int:
    return sum(one.mutant.kind == kind and one.verdict == verdict for one in found.judged)


def _missed_json(one: Judged, rules: RuleSet, lang: str) -> dict[str, Any]:
    mutant = one.mutant
    return {
        "id": mutant.id,
        "kind": mutant.kind,
        "rule": mutant.rule.id if mutant.rule else None,
        "instrument": mutant.instrument.id if mutant.instrument else None,
        "what": mutant.what.say(lang),
        "place": _place(mutant.about, rules),
        "verdict": one.verdict,
        "case": as_json(one.ready) if one.ready else None,
        "yaml": as_yaml(one.ready) if one.ready else None,
    }


def _place(name: str, rules: RuleSet) -> str | None:
    found = rules.form.rules.get(name) or rules.form.instruments.get(name)
    return f"{found.place.file}:{found.place.line}" if found and found.place else None


def mutated_blocks(found: Strength, teller: Teller, *, failing: int) -> Iterator[Block]:
    """The summary, then what no case notices, rule by rule, with the cases that would."""
    yield teller.ruleset_heading("mutate_title")
    noticed, missed = found.of("noticed"), found.of("unnoticed")
    changing = len(noticed) + len(missed)
    share = f"{int(found.share * 1000) / 10:.1f}"  # never rounded up
    yield Paragraph(teller.counted("mutate_made", len(found.judged), alike=str(len(found.of("alike")))))
    yield teller.paragraph("mutate_share", changing=str(changing), noticed=str(len(noticed)), share=share)
    if failing:
        yield Paragraph(teller.counted("mutate_failing", failing))
    yield _by_kind(found, teller)
    if missed:
        yield teller.heading("mutate_missed")
        yield teller.paragraph("mutate_how")
        for name, some in groupby(missed, key=lambda one: one.mutant.about):
            yield from _of_one(name, list(some), teller)
    if too_long := found.of("not_analysed"):
        yield teller.heading("mutate_not_analysed")
        yield Items(tuple(_named(one, teller) for one in too_long))


def _by_kind(found: Strength, teller: Teller) -> Items:
    entries = []
    for kind in KINDS:
        noticed, missed = (_count(found, kind, verdict) for verdict in ("noticed", "unnoticed"))
        if noticed + missed:
            what, changing = teller.text(f"kind_{kind}"), str(noticed + missed)
            entries.append(Item(teller.say("mutate_of_kind", what=what, noticed=str(noticed), changing=changing)))
    return Items(tuple(entries))


def _of_one(name: str, some: Sequence[Judged], teller: Teller) -> Iterator[Block]:
    place = _place(name, teller.rules)
    title = teller.labels.rule(name) if name in teller.rules.form.rules else line(Span(name, "code"))
    whats = [Item(_told(one.mutant.what.say(teller.lang))) for one in some]
    where = [Item(line(Span(place, "muted")))] if place else []
    yield Items((Item(title, (*where, *whats)),))
    yield _cases([one.ready for one in some if one.ready], teller)


def _cases(cases: Sequence[Any], teller: Teller) -> Code:
    return Code(tuple(one for case in cases for one in as_yaml(case).split("\n")))


def _named(one: Judged, teller: Teller) -> Item:
    what = _told(one.mutant.what.say(teller.lang))
    return Item(joined([(Span(one.mutant.about, "code"),), what], teller.text("between")))


def _told(text: str) -> Line:
    """A text with what stands in backticks as code."""
    return line(*(Span(part, "code" if n % 2 else "plain") for n, part in enumerate(text.split("`"))))


# ------------------------------------------------------------------------------------------------------ suggested


def suggested_json(found: Sequence[Suggestion], changed: Sequence[BookCase], rules: RuleSet) -> dict[str, Any]:
    """Each rule and clause that no case covers, with cases that do; and the cases that a proposal changes."""
    return {
        "suggestions": [
            {
                "rule": one.rule,
                "when": {f: test_words(allowed, rules.form.vocabulary[f]) for f, allowed in one.clause.items()},
                "place": _place(one.rule, rules),
                "analysed": one.found,
                "cases": [as_json(case) for case in one.cases],
                "yaml": "\n".join(map(as_yaml, one.cases)),
            }
            for one in found
        ],
        "changed": [{"case": as_json(case), "yaml": as_yaml(case)} for case in changed],
        "ruleset": rules.identity(),
    }


def suggested_blocks(found: Sequence[Suggestion], changed: Sequence[BookCase], teller: Teller) -> Iterator[Block]:
    """The cases rule by rule, the rules for which there is none, and the cases that a proposal changes."""
    yield teller.ruleset_heading("suggest_title")
    some = [one for one in found if one.cases]
    if not found:
        yield teller.paragraph("suggest_none")
    if some:
        yield teller.paragraph("suggest_how")
    for name, of_rule in groupby(some, key=lambda one: one.rule):
        place = _place(name, teller.rules)
        yield Items((Item(teller.labels.rule(name), (Item(line(Span(place, "muted"))),) if place else ()),))
        yield _cases([case for one in of_rule for case in one.cases], teller)
    for word, kept in (("suggest_never", True), ("suggest_not_analysed", False)):
        names = dict.fromkeys(one.rule for one in found if not one.cases and one.found is kept)
        if names:
            yield teller.heading(word)
            yield Items(tuple(Item(teller.labels.rule(name)) for name in names))
    if changed:
        yield teller.heading("suggest_changed")
        yield teller.paragraph("suggest_changed_how")
        yield _cases(changed, teller)
