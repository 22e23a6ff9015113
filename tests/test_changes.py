"""Changes of two small rule sets by hand, where an earlier decision is open."""

from __future__ import annotations

import copy
from typing import Any

from accessrules import RuleSet
from accessrules.impact import impact
from tests.properties.strategies import Data, Files

SOURCE = [{"instrument": "order", "at": "Art. 1"}]


def made(routes: list[Data], clears: list[Data], **more: Any) -> RuleSet:
    """Rules that say how refrigerators go, and whether what goes so may be sold."""
    order = {"title": "Order", "issuer": "samr", "rank": "rule", "published": "2010-01-01", "confidence": "unverified"}
    ruleset: Data = {
        "format": 1,
        "name": "small",
        "version": "1",
        "decisions": {
            "route": {
                "question": "Which?",
                "outcomes": {"licence": "licence", "ccc": "certification", "free": "no approval"},
                "default": "free",
            },
            "clear": {"question": "May it be sold?", "outcomes": {"ok": "yes", "no_": "no"}, **more},
        },
    }
    files = Files(
        ruleset,
        ({"facts": {"product": {"type": "choice", "values": {"fridge": "refrigerators", "pump": "pumps"}}}},),
        ({"instruments": {"order": order}},),
        tuple(
            {"decision": name, "rules": [{**copy.deepcopy(rule), "source": SOURCE} for rule in rules]}
            for name, rules in (("route", routes), ("clear", clears))
        ),
    )
    return files.rules


def route(**said: Any) -> list[Data]:
    return [{"id": "r1", "when": {"product": "fridge"}, **said}]


CLEARS = [
    {"id": "c1", "when": {"route": "ccc"}, "outcome": "ok", "details": {"a": "x", "b": "y"}},
    {"id": "c2", "when": {"route": "free"}, "outcome": "ok", "details": {"a": "x"}},
]
OPEN = made(route(open=["ccc", "free"]), CLEARS, default="no_")


def test_details_that_all_ways_share_do_not_change_where_fewer_ways_are_left() -> None:
    """`decide` shows `a: x` before and after; that one rule prevails in the place of two is another reason."""
    after = made(route(outcome="free"), CLEARS, default="no_")
    (change,) = (one for one in OPEN.diff(after) if one.decision == "clear")
    shown = {"a": "x"}
    assert (change.kind, change.before.rules, change.after.rules) == ("reasons", ("c1", "c2"), ("c2",))
    assert [change.before.model_dump()["details"], change.after.model_dump()["details"]] == [shown, shown]
    for rules in (OPEN, after):
        assert rules.decide({"product": "fridge"}, decision="clear").model_dump()["details"] == shown
    counted = impact(OPEN, after, [{"product": "fridge"}], decision="clear")
    assert [(one.change.kind, one.rows) for one in counted.regions] == [("reasons", 1)]


def test_details_change_where_what_all_ways_share_does() -> None:
    after = made(route(outcome="ccc"), CLEARS, default="no_")
    (change,) = (one for one in OPEN.diff(after) if one.decision == "clear")
    details = [side.model_dump()["details"] for side in (change.before, change.after)]
    assert (change.kind, details) == ("details", [{"a": "x"}, {"a": "x", "b": "y"}])
    counted = impact(OPEN, after, [{"product": "fridge"}], decision="clear")
    assert [(one.change.kind, one.rows) for one in counted.regions] == [("details", 1)]
