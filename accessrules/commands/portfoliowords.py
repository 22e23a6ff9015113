"""A portfolio in words: the numbers first, then each product, the certificates, and what is not settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from accessrules.certificates import Certificate, Certificates
from accessrules.commands.telling import Teller, joined
from accessrules.explaining.document import Block, Item, Items, Line, Paragraph, Span, line
from accessrules.explaining.reasoning import read_otherwise
from accessrules.explaining.story import about
from accessrules.explaining.wording.phrases import fill
from accessrules.portfolio import Portfolio, ProductAnswer
from accessrules.rules import Rule
from accessrules.shortanswers import ShortAnswer

__all__ = ["blocks"]

_MARKS = {"decided": "✓", "conflict": "✗"}


def blocks(found: Portfolio, teller: Teller, *, took_today: bool) -> Iterator[Block]:
    """What an adviser reads, in the teller's language."""
    yield teller.heading_counted("portfolio_title", len(found.products))
    yield Paragraph(_saving(found, teller))
    if found.unsettled:
        is_range = any(one.least < one.most for one in (found.before, found.after))
        word = "portfolio_unsettled" if is_range else "portfolio_unsettled_sure"
        yield teller.paragraph(word, count=str(len(found.unsettled)))
    yield from _asked(found, teller, took_today=took_today)
    yield teller.heading("products")
    yield Items(tuple(_product(one, found, teller) for one in found.products))
    yield from _certificates(found, teller)
    if found.unsettled:
        yield teller.heading("not_settled")
        yield Items(tuple(_unsettled(one, teller) for one in found.unsettled))
    if rules := sorted(_rules(found)):
        yield teller.heading("deciding_rules")
        yield Items(tuple(Item(teller.labels.rule(r), teller.cited(teller.rules.form.rules[r].sources)) for r in rules))
    yield about(found.ruleset, teller.labels)


def _rules(found: Portfolio) -> set[str]:
    """The rules that decide what is needed, and those that say what one certificate is for."""
    merging = (rule for one in found.products for answer in one.answers.values() for rule in answer.certificate_rules)
    return {rule for rule in (*(one.rule for one in found.products), *merging) if rule}


def _saving(found: Portfolio, teller: Teller) -> Line:
    """How many certificates, and how many of them merging saves."""
    if not found.before.most:
        return teller.say("portfolio_nothing")
    before, after = (Span(_count(one, teller), "strong") for one in (found.before, found.after))
    if before != after:
        return teller.say("portfolio_saving", before=before, after=after)
    return teller.say("portfolio_same_one" if before.text == "1" else "portfolio_same", count=before)


def _count(found: Certificates, teller: Teller) -> str:
    if found.least == found.most:
        return str(found.least)
    return teller.text("portfolio_range", least=str(found.least), most=str(found.most))


def _asked(found: Portfolio, teller: Teller, *, took_today: bool) -> Iterator[Block]:
    """The day, the facts that all share, and what is presumed."""
    between = teller.text("between")
    shared = [Span(stated, "strong") for stated in _facts(found.facts, teller)]
    shared.append(Span(teller.day(found.as_of)))
    if found.known_on is not None:
        shared.append(Span(teller.text("known_on", day=found.known_on.isoformat())))
    yield teller.paragraph("portfolio_day", facts=joined(((one,) for one in shared), between))
    if presumed := [teller.labels.stated(name, value) for name, value in found.presumed.items()]:
        yield Paragraph(fill(teller.labels.phrases.presumed, facts=between.join(presumed)))
    if took_today and found.as_of is not None:
        yield teller.paragraph("took_today", day=found.as_of.isoformat())
    yield from teller.limit(found.as_of)


def _product(one: ProductAnswer, found: Portfolio, teller: Teller) -> Item:
    """A product with its answer, its facts, its rule, and what the other decisions say."""
    rule = "open" if one.answers[found.decision].open and not one.answers[found.decision].needs else None
    main = one.answers[found.decision]
    answer = teller.contested(teller.answer(found.decision, one.status, one.outcome, rule), main.contested)
    labels, below = teller.labels, list[Item]()
    if one.facts:
        below.append(Item(line(teller.text("between").join(_facts(one.facts, teller)))))
    if one.rule is not None:
        below.append(Item(labels.rule(one.rule)))
    elif one.status == "decided":
        below.append(Item(teller.say("default")))
    below.extend(read_otherwise(main.contested, labels))
    for name, other in one.answers.items():
        if name != found.decision and other.outcome is not None:
            label, said = labels.fact(name), labels.outcome(name, other.outcome)
            told = teller.contested(line(said), other.contested)
            below.append(Item(teller.say("region", region=label, answer=told), read_otherwise(other.contested, labels)))
    # What is no approval gets no tick: the product may be prohibited.
    mark = "–" if one.approval is False else _MARKS.get(one.status, "?")
    return Item(teller.say("region", region=Span(one.name, "strong"), answer=answer), tuple(below), mark=mark)


def _facts(facts: Mapping[str, Any], teller: Teller) -> list[str]:
    """Each fact with its value; the category first."""
    vocabulary = teller.rules.form.vocabulary
    return [
        teller.labels.stated(name, facts[name])
        for name in sorted(facts, key=lambda name: vocabulary[name].type != "category")
    ]


def _certificates(found: Portfolio, teller: Teller) -> Iterator[Block]:
    """The certificates before and after merging; once where nothing is merged."""
    sections = [("before_merging", found.before), ("after_merging", found.after)]
    if len({(one.least, one.most, len(one.certificates)) for _, one in sections}) == 1:
        sections = [("certificates", found.after)]
    for word, held in sections:
        if held.most:
            yield teller.heading(word, count=_count(held, teller))
            items = [
                Item(
                    _certificate(one, found.decision, teller),
                    tuple(_merging(one, found, teller)) if held is found.after else (),
                )
                for one in held.certificates
            ]
            if found.unsettled:
                names = _names((one.name for one in found.unsettled), teller)
                items.append(Item(teller.say("certificates_unsure", products=names)))
            yield Items(tuple(items))


def _merging(one: Certificate, found: Portfolio, teller: Teller) -> Iterator[Item]:
    """On which rules it rests that the products share a certificate, and where the decisions behind that differ."""
    if len(one.products) < 2:
        return
    on_it = [product for product in found.products if product.name in one.products]
    rules = dict.fromkeys(r for product in on_it for a in product.answers.values() for r in a.certificate_rules)
    for rule in rules:
        yield Item(teller.say("merged_by", rule=teller.labels.rule(rule)), teller.cited(_rule(rule, teller).sources))
    chains = (teller.rules.index.chain(_rule(rule, teller).decision) for rule in rules)
    for name in dict.fromkeys(decision for chain in chains for decision in chain if decision != found.decision):
        answers: dict[str, list[str]] = {}
        for product in on_it:
            answer = product.answers[name]
            said = teller.answer(name, answer.status, answer.outcome, answer.rule).text
            answers.setdefault(said, []).append(product.name)
        if len(answers) > 1:
            each = teller.text("between").join(
                teller.text("region", region=said, answer=_names(names, teller)) for said, names in answers.items()
            )
            yield Item(teller.say("merged_though", label=teller.labels.fact(name), each=Span(each, "unsure")))


def _rule(rule: str, teller: Teller) -> Rule:
    return teller.rules.form.rules[rule]


def _certificate(one: Certificate, decision: str, teller: Teller) -> Line:
    outcome = Span(teller.labels.outcome(decision, one.outcome), "strong")
    names = _names(one.products, teller)
    if one.per == "category":
        category = teller.text("name_list").join(teller.labels.value(name, value) for name, value in one.category)
        return teller.say("certificate_category", outcome=outcome, category=category, products=names)
    return teller.say(
        "certificate_enterprise" if one.per == "enterprise" else "certificate", outcome=outcome, products=names
    )


def _names(names: Iterable[str], teller: Teller) -> str:
    return teller.text("name_list").join(names)


# ---------------------------------------------------------------------------------------------------- not settled


def _unsettled(one: ProductAnswer, teller: Teller) -> Item:
    """A product with what is still needed or open, for each decision that this rests on."""
    below = [
        Item(line(teller.labels.question(name)), tuple(_reasons(name, one.answers[name], teller)))
        for name in one.unsettled
    ]
    if one.needs:
        below.append(Item(teller.say("needs", facts=_names((teller.labels.fact(name) for name in one.needs), teller))))
    return Item(line(Span(one.name, "strong")), tuple(below))


def _reasons(decision: str, answer: ShortAnswer, teller: Teller) -> Iterator[Item]:
    labels, between = teller.labels, teller.text("between")
    if answer.status == "decided":
        yield Item(teller.say("merging_unsure"))
    elif answer.possible:
        outcomes = _names((labels.outcome(decision, outcome) for outcome in answer.possible), teller)
        yield Item(teller.say("ask_possible", outcomes=outcomes))
    for word, rules in (("open_rules", answer.open), ("at_odds", answer.conflict)):
        if rules:
            yield Item(teller.say(word, rules=joined((labels.rule(rule) for rule in rules), between)))
    if answer.via:
        yield Item(teller.say("failed_before", questions=between.join(labels.question(name) for name in answer.via)))
    if answer.status == "no_rule":
        yield Item((teller.answer(decision, answer.status, None),))
