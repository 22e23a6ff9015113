"""What is found about small rule sets, case by case."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accessrules import RuleSet
from accessrules.findings import Findings
from tests.properties.strategies import Data, Files

START = dt.date(2012, 1, 1)


def rule(id: str, outcome: str, start: dt.date | None = START, until: dt.date | None = None, **when: Any) -> Data:
    """A rule of the order of 2010."""
    period = {key: day for key, day in (("from", start), ("until", until)) if day}
    source = [{"instrument": "order", "at": "Art. 1"}]
    return {"id": id, "when": when, "outcome": outcome, "in_force": period, "source": source}


def of(*rules: Data, clear: tuple[Data, ...] = (), **order: dt.date) -> RuleSet:
    """Rules about the route, others about clearance, and more about the order."""
    said = {"title": "Order", "issuer": "samr", "rank": "rule", "confidence": "unverified"}
    volume = {"type": "number", "unit": "L", "min": 0, "question": "How large?", "label": "volume"}
    product = {"type": "choice", "values": {"fridge": "fridges", "pump": "pumps"}, "question": "Which?", "label": "it"}
    outcomes = {"licence": "licence", "ccc": "certification", "free": "nothing"}
    files = Files(
        {
            "format": 1,
            "name": "tiny",
            "version": "1",
            "decisions": {
                name: {"question": "Which?", "outcomes": outcomes, "default": "free"} for name in ("clear", "route")
            },
        },
        ({"facts": {"product": product, "volume": volume}},),
        ({"instruments": {"order": {**said, "published": dt.date(2010, 1, 1), **order}}},),
        ({"decision": "route", "rules": list(rules)}, *({"decision": "clear", "rules": [one]} for one in clear)),
    )
    return files.rules


def checked(*rules: Data) -> Findings:
    return of(*rules).check()


def redundant(*rules: Data) -> list[tuple[str, ...]]:
    return [one.rules for one in checked(*rules) if one.code == "redundant"]


# ---------------------------------------------------------------------------------------------------- redundant


def test_a_name_does_not_save_a_redundant_rule() -> None:
    """Whichever of the two stands first by id, the narrower is redundant."""
    for name in ("zlarge", "alarge"):
        narrow = rule(name, "ccc", product="fridge", volume="at least 500 L")
        assert redundant(narrow, rule("general", "ccc", product="fridge")) == [(name, "general")]


def test_of_equals_all_but_one_are_redundant() -> None:
    equals = [rule(f"dup{n}", "ccc", product="fridge") for n in (1, 2, 3)]
    assert redundant(*equals[:2]) == [("dup2", "dup1")]
    assert redundant(*equals) == [("dup2", "dup1"), ("dup3", "dup1")]
    assert redundant(*equals, rule("all", "ccc")) == [(f"dup{n}", "all") for n in (1, 2, 3)]


def test_a_conflict_elsewhere_does_not_save_a_redundant_rule() -> None:
    """Without one of two equals a third is in the same conflict, with the other."""
    equals = [rule(f"dup{n}", "ccc", product="fridge") for n in (1, 2)]
    third = rule("third", "licence", volume="at least 500 L")
    found = checked(*equals, third)
    assert [one.rules for one in found if one.code == "redundant"] == [("dup2", "dup1")]
    assert {one.rules for one in found if one.code == "conflict"} == {("dup1", "dup2", "third")}


def test_sides_of_a_conflict_are_not_redundant() -> None:
    """Three rules that all say something else: without one there is still a conflict, but another one."""
    sides = [rule("a", "ccc", product="fridge"), rule("b", "licence", product="fridge")]
    assert redundant(*sides, rule("c", "free", product="fridge")) == []


# ---------------------------------------------------------------------------------------------------- lives


@pytest.mark.parametrize(
    ("period", "days", "day", "said"),
    [
        (("2012-01-01", "2013-03-01"), "from 2012-01-01 to before 2013-03-01", "2012-01-01", "is in force from"),
        (("2012-01-01", "2012-02-01"), "from 2012-01-01 to before 2012-02-01", "2012-01-01", "is in force from"),
        (("2013-03-01", None), "from 2020-01-01", "2020-01-01", "goes on without end, after `order`"),
        (
            ("2013-03-01", "2021-01-01"),
            "from 2020-01-01 to before 2021-01-01",
            "2020-01-01",
            "goes on until 2021-01-01",
        ),
        (
            ("2020-05-01", "2021-01-01"),
            "from 2020-05-01 to before 2021-01-01",
            "2020-05-01",
            "goes on until 2021-01-01",
        ),
        (("2009-01-01", "2020-01-01"), "from 2009-01-01 to before 2010-01-01", "2009-01-01", "before it was published"),
        ((None, "2020-01-01"), "before 2010-01-01", "2009-12-31", "has no first day"),
        ((None, "2005-01-01"), "before 2005-01-01", "2004-12-31", "has no first day"),
    ],
)
@pytest.mark.parametrize("chained", [False, True])
def test_days_outside_a_life_are_shown_with_a_case(
    period: tuple[str | None, str | None], days: str, day: str, said: str, chained: bool
) -> None:
    """The days in question, and a case to which the rule applies on one of them, also where it rests on a decision."""
    first = {**rule("first", "ccc", product="fridge"), "in_force": {}, "retroactive": True}
    start, until = (None if day is None else dt.date.fromisoformat(day) for day in period)
    one = rule("one", "licence", start, until, **({"route": "ccc"} if chained else {"product": "fridge"}))
    rules = of(first, clear=(one,), effective=dt.date(2013, 3, 1), until=dt.date(2020, 1, 1))
    codes = ("outside_instrument", "retroactive")
    (found,) = (one for one in rules.check() if one.rules == ("one",) and one.code in codes and said in one.message.en)
    assert found.region == {"as_of": days}
    assert found.witness == {"facts": {"product": "fridge"}, "as_of": day, "known_on": None}
    assert rules.decide({"product": "fridge"}, as_of=day, decision="clear").rule == "one"
