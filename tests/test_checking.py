"""What is found about small rule sets, case by case."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accessrules.findings import Findings
from tests.properties.strategies import Data, Files

START = dt.date(2012, 1, 1)


def rule(id: str, outcome: str, **when: Any) -> Data:
    """A rule of the order of 2010."""
    source = [{"instrument": "order", "at": "Art. 1"}]
    return {"id": id, "when": when, "outcome": outcome, "in_force": {"from": START}, "source": source}


def checked(*rules: Data) -> Findings:
    """What is found about rules that stand in one file."""
    said = {"title": "Order", "issuer": "samr", "rank": "rule", "confidence": "unverified"}
    volume = {"type": "number", "unit": "L", "min": 0, "question": "How large?", "label": "volume"}
    product = {"type": "choice", "values": {"fridge": "fridges", "pump": "pumps"}, "question": "Which?", "label": "it"}
    outcomes = {"licence": "licence", "ccc": "certification", "free": "nothing"}
    files = Files(
        {
            "format": 1,
            "name": "tiny",
            "version": "1",
            "decisions": {"route": {"question": "Which?", "outcomes": outcomes, "default": "free"}},
        },
        ({"facts": {"product": product, "volume": volume}},),
        ({"instruments": {"order": {**said, "published": dt.date(2010, 1, 1)}}},),
        ({"decision": "route", "rules": list(rules)},),
    )
    return files.rules.check()


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
