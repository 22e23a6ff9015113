"""Portfolios as a program asks for them: answers, certificates before and after merging, and what is refused."""

from __future__ import annotations

import dataclasses
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from accessrules import CaseError, QueryError, RuleSet, load_rules
from accessrules.portfolio import Portfolio

FOLDER = Path(__file__).parent / "portfolio_rules"
BEFORE, AFTER = "2017-03-14", "2018-03-14"
LARGE = {"category": "fridge", "volume": 520}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(FOLDER)


def listed(**products: dict[str, Any]) -> list[dict[str, Any]]:
    """Products by name."""
    return [{"name": name, "facts": facts} for name, facts in products.items()]


def numbers(found: Portfolio) -> tuple[int, int, int, int]:
    """The least and the most before merging, and after it."""
    return found.before.least, found.before.most, found.after.least, found.after.most


def held(found: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    """Certificates in short."""
    return [(one.outcome, one.per, one.products) for one in found.certificates]


def test_since_the_reform_licences_are_on_one_certificate(rules: RuleSet) -> None:
    """Licences of several categories become one certificate of the enterprise; certification is never merged."""
    products = listed(
        A=LARGE, B={"category": "freezer"}, C={"category": "cement"}, D={"category": "fridge", "volume": 9}
    )
    found = rules.portfolio(products, as_of=AFTER)
    assert numbers(found) == (4, 4, 2, 2)
    assert held(found.after) == [("production_licence", "enterprise", ("A", "B", "C")), ("ccc", "product", ("D",))]
    assert [one.per for one in found.before.certificates] == ["category", "category", "category", "product"]
    assert found.before.certificates[0].category == (("category", "fridge"),)
    assert [one.one_certificate_per for one in found.products] == ["enterprise"] * 3 + [None]


def test_before_the_reform_there_is_one_certificate_for_each_category(rules: RuleSet) -> None:
    """Products of one category share a certificate before merging, and nothing more is merged."""
    products = listed(A=LARGE, B={"category": "fridge", "volume": 700}, C={"category": "cement"})
    found = rules.portfolio(products, facts={"pilot": False}, as_of=BEFORE)
    assert numbers(found) == (2, 2, 2, 2)
    assert [(one.per, one.products) for one in found.after.certificates] == [
        ("category", ("A", "B")),
        ("category", ("C",)),
    ]
    assert numbers(rules.portfolio(products, facts={"pilot": False}, as_of="2018-01-14")) == (2, 2, 2, 2)
    assert numbers(rules.portfolio(products, as_of="2018-01-15")) == (2, 2, 1, 1)
    assert numbers(rules.portfolio(products, as_of="2018-01-14")) == (2, 3, 1, 3)


def test_what_is_no_approval_is_not_counted(rules: RuleSet) -> None:
    """Outcomes that the rule set declares `approval: false` need no certificate."""
    found = rules.portfolio(listed(A={"category": "toy"}, B={"category": "lamp"}), as_of=AFTER)
    assert numbers(found) == (0, 0, 0, 0)
    assert [(one.outcome, one.approval) for one in found.products] == [("no_approval", False), ("prohibited", False)]
    assert found.unsettled == ()


@pytest.mark.parametrize(
    ("product", "expected", "unsettled"),
    [
        ({"category": "fridge"}, (1, 1, 1, 1), ("access_route",)),
        ({"category": "cement", "exported": True}, (0, 1, 0, 1), ("access_route",)),
        ({"category": "cement", "exported": None}, (0, 1, 0, 1), ("access_route",)),
        ({"category": "blanket"}, (0, 1, 0, 1), ("access_route",)),
        ({"category": "gadget"}, (0, 1, 0, 1), ("access_route",)),
        ({}, (0, 1, 0, 1), ("access_route",)),
        ({"category": "cement"}, (1, 1, 1, 1), ("procedure",)),
        ({"category": "cement", "pilot": True}, (1, 1, 1, 1), ()),
    ],
)
def test_what_is_not_settled_makes_the_numbers_a_range(
    rules: RuleSet, product: dict[str, Any], expected: tuple[int, ...], unsettled: tuple[str, ...]
) -> None:
    """Unknown, open, contradictory, without a rule, or unsure whether it merges: each is told with its decision."""
    found = rules.portfolio(listed(A=product), as_of="2017-08-01")
    assert numbers(found) == expected
    assert found.products[0].unsettled == unsettled
    assert bool(found.unsettled) == bool(unsettled)


def test_a_range_tells_how_far_merging_may_go(rules: RuleSet) -> None:
    """A product that may join the certificate of the others adds nothing at least, and one at most."""
    some: dict[str, dict[str, Any]] = {"A": LARGE, "B": {"category": "freezer"}}
    assert numbers(rules.portfolio(listed(**some, C={"category": "fridge"}), as_of=AFTER)) == (2, 3, 1, 2)
    pilots = {name: {**facts, "pilot": True} for name, facts in some.items()}
    unsure = rules.portfolio(listed(**pilots, C={"category": "cement"}), as_of="2017-08-01")
    assert numbers(unsure) == (3, 3, 1, 2)
    assert unsure.products[2].one_certificate_per is None
    assert unsure.products[2].answers["procedure"].needs == ("pilot",)


def test_a_licence_that_may_be_needed_is_merged_as_a_licence_would_be(rules: RuleSet) -> None:
    """What one certificate is for is asked of each outcome that is possible, not of all at once."""
    export = {"category": "cement", "exported": True}
    assert numbers(rules.portfolio(listed(A=LARGE, B=export), as_of=AFTER)) == (1, 2, 1, 1)
    assert numbers(rules.portfolio(listed(B=export, C=export), as_of=AFTER)) == (0, 1, 0, 1)
    assert numbers(rules.portfolio(listed(A={"category": "fridge"}, B={"category": "fridge"}), as_of=AFTER)) == (
        1,
        2,
        1,
        2,
    )


def test_an_inner_category_leaves_open_what_shares_a_certificate(rules: RuleSet) -> None:
    """Two cooling appliances are of one category or of two; whatever they are, the enterprise has one certificate."""
    inner = {"pilot": False, "volume": 600, "category": "cooling"}
    found = rules.portfolio(listed(A=inner, B=inner), as_of=BEFORE)
    assert numbers(found) == (1, 2, 1, 2)
    assert [(one.status, one.unsettled, one.needs) for one in found.unsettled] == [
        ("decided", ("access_route",), ("category",))
    ] * 2
    assert numbers(rules.portfolio(listed(A=inner, B=inner), as_of=AFTER)) == (1, 2, 1, 1)
    assert numbers(rules.portfolio(listed(A=inner, B={**inner, "category": "cement"}), as_of=BEFORE)) == (2, 2, 2, 2)


def test_facts_may_be_shared_and_overridden(rules: RuleSet) -> None:
    """A product's own facts go before those that all share; an explicit null makes one unknown."""
    own: list[dict[str, Any]] = [{}, {"volume": 9}, {"volume": None}]
    products = [{"name": name, "facts": facts} for name, facts in zip("ABC", own, strict=True)]
    found = rules.portfolio(products, facts=LARGE, as_of=AFTER)
    assert [one.outcome for one in found.products] == ["production_licence", "ccc", None]
    assert [dict(one.facts) for one in found.products] == own
    assert dict(found.facts) == LARGE
    assert dict(found.presumed) == {"exported": False}


def test_the_days_are_asked_about_as_in_a_decision(rules: RuleSet) -> None:
    """`known_on` before the reform was published knows of no merging; a missing day is unknown."""
    products = listed(A=LARGE, B={"category": "freezer"})
    early = rules.portfolio(products, as_of=BEFORE, known_on="2016-01-01")
    assert early.known_on is not None
    assert numbers(early)[2:] == (2, 2)
    undated = rules.portfolio(products)
    assert undated.as_of is None
    assert numbers(undated) == (2, 2, 1, 2)


def test_it_is_json_and_can_be_sent_on(rules: RuleSet) -> None:
    """The dump is the JSON text read again; a portfolio that was sent to another process is the same."""
    found = rules.portfolio([*listed(A=LARGE), {"facts": {"category": "fridge"}}], as_of=AFTER)
    data = found.model_dump()
    assert json.loads(found.model_dump_json(indent=1)) == data
    assert [one["name"] for one in data["products"]] == ["A", "#2"]
    assert data["ruleset"] == rules.decide(LARGE, as_of=AFTER).model_dump()["ruleset"]
    assert data["products"][1]["decisions"]["access_route"]["needs"] == data["products"][1]["needs"] == ["volume"]
    assert data["after"]["certificates"][0] == {
        "outcome": "production_licence",
        "per": "enterprise",
        "category": {},
        "products": ["A"],
    }
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    ("products", "path", "message"),
    [
        ([], "$.products", "there are no products"),
        ({"A": LARGE}, "$.products", "the products are not a list"),
        ("A", "$.products", "the products are not a list"),
        (None, "$.products", "the products are not a list"),
        ([{"category": "toy"}], "$.products[0].category", "unknown key `category`"),
        ([{"fact": {}}], "$.products[0].fact", "unknown key `fact`"),
        (["A"], "$.products[0]", "the product is not a mapping"),
        ([{"facts": None}], "$.products[0].facts", "the facts are not a mapping"),
        ([{"name": 5, "facts": {}}], "$.products[0].name", "`5` is not a name"),
        ([{"name": " ", "facts": {}}], "$.products[0].name", "` ` is not a name"),
        (
            [{"name": "A"}, {"name": "B"}, {"name": "A"}],
            "$.products[2].name",
            "the name `A` is taken, see `$.products[0]`",
        ),
        ([{"name": "#2"}, {}], "$.products[1].name", "the name `#2` is taken"),
        ([{}, {"facts": {"colour": 1}}], "$.products[1].facts.colour", "unknown fact `colour`"),
        ([{"facts": {"access_route": "ccc"}}], "$.products[0].facts.access_route", "is a decision, not a fact"),
        ([{"facts": {"volume": "many"}}], "$.products[0].facts.volume", "`many` is not a number"),
    ],
)
def test_what_is_no_portfolio_is_told_with_its_path(rules: RuleSet, products: Any, path: str, message: str) -> None:
    """Each mistake is one problem at its place, and says what would be right."""
    with pytest.raises(CaseError) as wrong:
        rules.portfolio(products, as_of=AFTER)
    (problem,) = wrong.value.problems
    assert problem.path == path
    assert message in problem.message
    assert problem.help


def test_every_problem_of_every_product_is_told_at_once(rules: RuleSet) -> None:
    """Shared facts, days and products are all checked before anything is raised; a shared mistake is told once."""
    products: list[Any] = [
        {"facts": {"categry": "toy"}},
        5,
        {"name": 1, "facts": {"volume": "x"}},
        {"facts": {"volume": "x"}},
    ]
    with pytest.raises(CaseError) as wrong:
        rules.portfolio(products, facts={"pilto": True}, as_of="2018-13-01")
    assert [problem.path for problem in wrong.value.problems] == [
        "$.as_of",
        "$.facts.pilto",
        "$.products[0].facts.categry",
        "$.products[1]",
        "$.products[2].facts.volume",
        "$.products[2].name",
        "$.products[3].facts.volume",
    ]


def test_facts_beside_the_name_are_told_where_they_belong(rules: RuleSet) -> None:
    """A product's facts stand under `facts`; a key that is neither is compared with those that there are."""
    with pytest.raises(CaseError, match="write `category` under `facts:`"):
        rules.portfolio([{"name": "A", "category": "toy"}], as_of=AFTER)
    with pytest.raises(CaseError, match="did you mean `name`"):
        rules.portfolio([{"nmae": "A"}], as_of=AFTER)


def test_a_portfolio_needs_a_main_decision(rules: RuleSet) -> None:
    """The approval is the outcome of the main decision: where none is named among several, that is told."""
    several = RuleSet(dataclasses.replace(rules.form, main=None))
    with pytest.raises(QueryError, match="no decision is named"):
        several.portfolio([{}], as_of=AFTER)


def test_ten_thousand_products_are_decided(rules: RuleSet) -> None:
    """What is the same to the rules is decided once, so that many products are no trouble."""
    kinds = ("fridge", "freezer", "cement", "toy")
    products = [{"facts": {"category": kinds[n % 4], "volume": n}} for n in range(10_000)]
    found = rules.portfolio(products, as_of=AFTER)
    assert len(found.products) == 10_000
    assert found.after.least == 1 + sum(n % 4 == 0 for n in range(500))
