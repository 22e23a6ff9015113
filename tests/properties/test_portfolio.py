"""Portfolios: the certificates of several products, over generated rule sets in which details merge them."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from accessrules.certificates import Certificates
from accessrules.portfolio import Portfolio
from accessrules.rules import ONE_CERTIFICATE_PER, SCOPES
from tests.properties.strategies import Asked, Data, Drawn, Files, cases, rule_sets


@dataclass(frozen=True)
class Asking:
    """A rule set, products, and the days on which all of them are asked about."""

    files: Files
    products: list[Data]
    days: dict[str, Any]

    def portfolio(self, products: list[Data] | None = None) -> Portfolio:
        """The portfolio of all products, or of these."""
        return self.files.rules.portfolio(self.products if products is None else products, **self.days)


@st.composite
def askings(draw: Drawn, *, complete: bool = False) -> Asking:
    """A rule set whose details say what one certificate is for, and some products."""
    drawn = draw(rule_sets())
    ruleset, decisions = copy.deepcopy(drawn.ruleset), copy.deepcopy(drawn.decisions)
    ruleset["main"] = draw(st.sampled_from(sorted(ruleset["decisions"])))
    for declared in ruleset["decisions"].values():
        declared["outcomes"]["nothing"] = {"en": "nothing", "approval": False}
    usual = draw(st.sampled_from((None, *SCOPES)))
    for file in decisions:
        for rule in file["rules"]:
            scope = draw(st.sampled_from((usual, usual, None, *SCOPES)))
            if scope:
                rule["details"] = {**rule.get("details", {}), ONE_CERTIFICATE_PER: scope}
    files = Files(ruleset, drawn.vocabulary, drawn.instruments, decisions)
    asked: list[Asked] = draw(st.lists(cases(files, complete=complete), min_size=1, max_size=5))
    products = [{"name": f"product {n}", "facts": dict(one.facts)} for n, one in enumerate(asked)]
    return Asking(files, products, asked[0].days)


def numbers(found: Portfolio) -> tuple[int, int, int, int]:
    """The least and the most before merging, and after it."""
    return found.before.least, found.before.most, found.after.least, found.after.most


def held(found: Certificates) -> set[tuple[Any, ...]]:
    """Certificates without their order."""
    return {(one.outcome, one.per, one.category, frozenset(one.products)) for one in found.certificates}


@given(askings(), st.data())
def test_the_order_of_products_changes_the_order_alone(asking: Asking, data: st.DataObject) -> None:
    """Products in another order have the same answers, the same certificates and the same numbers."""
    found, other = asking.portfolio(), asking.portfolio(data.draw(st.permutations(asking.products)))
    assert numbers(found) == numbers(other)
    assert (held(found.before), held(found.after)) == (held(other.before), held(other.after))
    assert {one.name: one for one in found.products} == {one.name: one for one in other.products}
    assert found.presumed == other.presumed


@given(askings())
def test_merging_never_gives_more(asking: Asking) -> None:
    """After merging there are at most as many certificates as before; what shared one before still does."""
    found = asking.portfolio()
    event(f"{found.before.most - found.after.most} fewer, {min(len(found.unsettled), 2)} unsettled")
    assert found.after.least <= found.before.least
    assert found.after.most <= found.before.most
    unsettled = {one.name for one in found.unsettled}
    for one in found.before.certificates:
        joined = any(set(one.products) <= set(other.products) for other in found.after.certificates)
        assert joined or not unsettled.isdisjoint(one.products)
    for some in (found.before, found.after):
        assert len(some.certificates) <= some.least <= some.most <= len(found.products)


@given(askings())
def test_a_further_product_never_lowers_the_numbers(asking: Asking) -> None:
    """Whatever is added, the least and the most are at least what they were, and at most one more."""
    before = (0, 0, 0, 0)
    for count in range(1, len(asking.products) + 1):
        after = numbers(asking.portfolio(asking.products[:count]))
        assert all(0 <= new - old <= 1 for old, new in zip(before, after, strict=True))
        before = after


@given(askings())
def test_a_further_fact_never_widens_the_range(asking: Asking) -> None:
    """With more of its products known, the numbers of a portfolio lie within what they were."""
    least, most, merged_least, merged_most = numbers(asking.portfolio())
    products = copy.deepcopy(asking.products)
    for product in products:
        for fact in asking.files.form.vocabulary:
            value = product["facts"].get(fact.name)
            if fact.type == "category" and not fact.derived and (value is None or value in fact.under):
                leaves = fact.under.get(value, fact.leaves)
                product["facts"][fact.name] = sorted(map(str, leaves))[len(product["name"]) % len(leaves)]
            elif fact.type == "boolean" and value is None and fact.presume is None:
                product["facts"][fact.name] = True
            elif fact.is_ordered and fact.type != "date" and value is None:
                product["facts"][fact.name] = 2
    closer = numbers(asking.portfolio(products))
    event("closer" if closer != (least, most, merged_least, merged_most) else "the same")
    assert least <= closer[0] <= closer[1] <= most
    assert merged_least <= closer[2] <= closer[3] <= merged_most


@given(askings())
def test_a_portfolio_of_one_agrees_with_decide(asking: Asking) -> None:
    """Each decision says of a product what `decide` says; one product needs one certificate, none, or it is open."""
    rules = asking.files.rules
    found = asking.portfolio(asking.products[:1])
    (one,) = found.products
    decisions = rules.decide_all(asking.products[0]["facts"], **asking.days)
    for name, decision in decisions.items():
        answer = one.answers[name]
        assert (answer.status, answer.outcome, answer.possible) == (
            decision.status,
            decision.outcome,
            decision.possible,
        )
        assert answer.rule == decision.rule
        if decision.status != "decided":
            assert list(answer.needs) == [need["fact"] for need in decision.model_dump()["needs"]]
    main = decisions[found.decision]
    assert (one.status, one.outcome, one.rule) == (main.status, main.outcome, main.rule)
    if main.status == "decided":
        assert numbers(found) == (int(main.outcome != "nothing"),) * 4
        details = main.model_dump()["details"]
        if one.one_certificate_per is None and not one.unsettled and main.outcome != "nothing":
            assert ONE_CERTIFICATE_PER not in details
    else:
        assert one.unsettled == (found.decision,)
