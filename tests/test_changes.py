"""Changes of two small rule sets by hand, where an earlier decision is open."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from accessrules import RuleSet
from accessrules.impact import impact
from tests.properties.strategies import Data, Files

FACTS: Data = {
    "product": {"type": "choice", "values": {"fridge": "refrigerators", "pump": "pumps"}},
    "used": {"type": "boolean"},
}
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
        ({"facts": FACTS},),
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


# ---------------------------------------------------------------------------------------------- an end that is none

FAILS = {
    "no_rule": ([], "It is also possible that no rule applies, so that there is no answer."),
    "conflict": (
        [
            {"id": "c8", "when": {"route": "free"}, "outcome": "ok"},
            {"id": "c9", "when": {"route": "free"}, "outcome": "no_"},
        ],
        "It is also possible that the rules contradict each other, so that there is no answer.",
    ),
}


@pytest.mark.parametrize("status", sorted(FAILS))
@pytest.mark.parametrize("licensed", ["ok", "no_"])
def test_that_there_may_be_no_answer_is_told(status: str, licensed: str) -> None:
    """However many outcomes are possible beside it; by `decide`, by both sides of a change, and by an impact."""
    clears, words = FAILS[status]
    clears = [CLEARS[0], {"id": "c3", "when": {"route": "licence"}, "outcome": licensed}, *clears]
    before = made(route(open=["ccc", "free", "licence"]), clears)
    fridge = {"product": "fridge"}
    decision = before.decide(fridge, decision="clear")
    assert decision.possible == tuple(sorted({"ok", licensed}))
    assert decision.model_dump()["possible_status"] == sorted([status, "undetermined"])
    assert words in " ".join(decision.explain().split())
    after = made(route(open=["ccc", "free", "licence"]), clears, default="ok")
    if status == "no_rule":
        (change,) = (one for one in before.diff(after) if one.region.get("product") == "fridge")
        assert change.before.model_dump()["possible_status"] == ["no_rule", "undetermined"]
        assert change.after.model_dump()["possible_status"] == ["undetermined" if licensed == "no_" else "decided"]
        assert impact(before, after, [fridge], decision="clear").total.changed == 1


def test_the_witness_of_a_gap_has_no_answer_where_some_case_has_none_for_sure() -> None:
    """Pumps have no answer, refrigerators perhaps none; both are one gap."""
    rules = made(route(open=["ccc", "free"]), [CLEARS[0]])
    (gap,) = (one for one in rules.check() if one.code == "gap")
    assert gap.region == {}
    assert gap.witness is not None
    assert gap.witness["facts"] == {"product": "pump"}
    assert rules.decide(gap.witness["facts"], decision="clear").status == "no_rule"


# --------------------------------------------------------------------------------- rows between boxes of one change


def test_a_row_may_lie_between_boxes_that_change_alike() -> None:
    """Refrigerators change, and used pumps: two boxes. What is used changes, whichever it is."""
    used = [{"id": "r2", "when": {"used": True}, "outcome": "ccc"}]
    before = made(used, [{"id": "c0", "when": {"product": "fridge"}, "outcome": "no_"}], default="no_")
    when = {"any": [{"product": "fridge"}, {"route": "ccc"}]}
    after = made(used, [{"id": "c0", "when": when, "outcome": "ok"}], default="no_")
    found = impact(before, after, [{"used": True}, {"product": "fridge"}], decision="clear")
    assert len(found.regions) == 2
    assert (found.total.changed, found.several, sum(one.rows for one in found.regions)) == (2, 1, 1)


# -------------------------------------------------------------------------------------------- what only one side has


def test_what_is_added_for_one_decision_is_not_for_another() -> None:
    after = made(
        route(open=["ccc", "free"]), CLEARS, default="no_", outcomes={"ok": "yes", "no_": "no", "late": "late"}
    )
    found = OPEN.diff(after)
    assert (found.bump, found.causes) == ("minor", ("added",))
    assert [part.dump() for part in found.added] == [{"kind": "outcome", "name": "clear", "value": "late"}]
    assert (found.about("clear").added, found.about("route").added) == (found.added, ())
    assert (found.about("route").bump, after.diff(OPEN).bump) == ("none", "major")
