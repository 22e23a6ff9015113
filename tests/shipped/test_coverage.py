"""docs/coverage.md says where everything is: each thing that it names is in the rules, and nothing is left out."""

from __future__ import annotations

import pytest

from accessrules import load_rules
from tests.shipped.coverage import TABLES, in_backticks
from tests.shipped.test_catalogue import CATEGORIES, LICENSED_SIZE, under

RULES = load_rules()
FORM = RULES.form
VALUES = FORM.vocabulary["category"].values
GROUPS = {rule.group for rule in FORM.rules.values()}
NAMED = {*FORM.rules, *GROUPS, *FORM.decisions, *FORM.instruments, *(fact.name for fact in FORM.vocabulary)}
ENCODED = [name for name in TABLES if name not in ("Categories", "Instruments")]

VERSIONS = ("2017-05-31", "2018-03-14", "2018-12-01", "2020-01-01", "2024-10-01")
"""A day in each version of the licence catalogue, in the order of the table's columns."""

COUNTS = {
    "Categories": 62,
    "Versions": 5,
    "Transitions": 27,
    "Reform test": 14,
    "Duty holders": 11,
    "Exclusions and exemptions": 6,
    "Licence procedure": 17,
    "Liability": 17,
    "End of licence": 4,
    "Supervision": 17,
}


@pytest.mark.parametrize(("table", "rows"), COUNTS.items())
def test_each_table_is_complete(table: str, rows: int) -> None:
    ids = [row[0] for row in TABLES[table]]
    assert len(ids) == len(set(ids)) == rows


@pytest.mark.parametrize("table", ENCODED)
def test_what_a_table_names_is_in_the_rules(table: str) -> None:
    """Each row names a rule, a group, a decision, an instrument or a fact that is there, or says why it is not."""
    for row in TABLES[table]:
        named = [name for cell in row[1:] for name in in_backticks(cell)]
        assert set(named) <= NAMED, row
        assert named or row[-1], row


def test_every_category_is_in_the_vocabulary_and_was_licensed_some_day() -> None:
    for category, values in CATEGORIES.items():
        assert values, category
        assert set(values) <= set(VALUES), category
        assert {seen(category, day) for day in VERSIONS} & {"national", "provincial", "licensed"}, category


def test_the_instruments_are_those_of_the_rules() -> None:
    named = [name for row in TABLES["Instruments"] for name in in_backticks(row[1])]
    assert sorted(named) == sorted(FORM.instruments)


def test_instruments_that_no_rule_cites_are_listed_with_the_reason() -> None:
    cited = {s.instrument for r in FORM.rules.values() for s in (*r.sources, *(r.ended.sources if r.ended else ()))}
    cited |= {s.instrument for d in FORM.decisions.values() if d.default for s in d.default.sources}
    cited |= {a.instrument for authorities in FORM.authorities.values() for a in authorities}
    uncited = {name for row in TABLES["Instruments that no rule cites"] for name in in_backticks(row[0])}
    assert uncited == set(FORM.instruments) - cited
    assert all(row[1] for row in TABLES["Instruments that no rule cites"])


def seen(category: str, day: str) -> str:
    """What the table's cell of that category and day should say, from the rules."""
    found = set()
    for leaf in (leaf for value in CATEGORIES[category] for leaf in under(value)):
        case = {"category": leaf, **LICENSED_SIZE}
        route = RULES.decide(case, as_of=day)
        if route.outcome == "production_licence":
            authority = RULES.decide(case, decision="issuing_authority", as_of=day).outcome
            found.add(authority or "licensed")
        elif route.status == "undetermined":
            found.add("open")
        else:
            found.add({"no_approval": "–", "other_regime": "other law"}.get(str(route.outcome), "converted"))
    return "in part" if len(found) > 1 else found.pop()


@pytest.mark.parametrize("row", TABLES["Categories"], ids=lambda row: row[0])
def test_the_table_of_categories_says_what_the_rules_give(row: list[str]) -> None:
    assert row[3:8] == [seen(row[0], day) for day in VERSIONS]
