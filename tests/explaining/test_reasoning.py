"""The reasons in words: what is certain apart from what depends on further facts, and nothing said twice."""

from __future__ import annotations

from typing import Any

import pytest

from accessrules.explaining.document import Block, Document
from accessrules.explaining.labels import Labels
from accessrules.explaining.reasoning import why, yielded
from accessrules.explaining.story import story
from accessrules.explaining.writers import write_text
from tests.explaining.examples import decide, rules

LABELS = Labels(rules().form, "en")


def told(blocks: list[Block]) -> str:
    return " ".join(write_text(Document(tuple(blocks))).split())


def a_reason(rule: str, *, certain: bool) -> dict[str, Any]:
    return {"rule": rule, "default": False, "title": {"en": rule}, "tests": [], "sources": [], "certain": certain}


def test_an_open_answer_says_of_each_reason_what_it_gives() -> None:
    default: dict[str, Any] = {"rule": None, "default": True, "sources": []}
    because = [a_reason("refrigerator.small.ccc", certain=False), default]
    report = {"decision": "access_route", "status": "undetermined", "open": [], "because": because, "presumed": {}}
    said = told(why(report, LABELS))
    assert "the answer is the same" not in said
    assert "What the sources leave open decides which of these applies." in said
    assert "refrigerator.small.ccc: compulsory product certification (CCC)" in said
    assert "Should no rule apply, then: no approval." in said


@pytest.mark.parametrize(
    ("certain", "said"),
    [
        ((True, False), "- gas.one Depending on further facts, these apply as well: - gas.two"),
        ((False, False), "Which of these applies depends on what is not known, but each gives the same answer."),
        ((True, True), "The first rule decides; the others apply as well and agree with it. - gas.one - gas.two"),
    ],
)
def test_rules_that_depend_on_further_facts_stand_apart(certain: tuple[bool, bool], said: str) -> None:
    because = [a_reason("gas.one", certain=certain[0]), a_reason("gas.two", certain=certain[1])]
    report = {"decision": "access_route", "status": "decided", "open": [], "because": because, "presumed": {}}
    assert said in told(why(report, LABELS))


def test_a_rule_that_prevails_whatever_is_not_known_decides_before_one_that_may() -> None:
    decision = decide("decided_unknown")  # gas.two is the newer, but applies to licensed makers only
    assert [(one["rule"], one["certain"]) for one in decision.model_dump()["because"]] == [
        ("gas.one", True),
        ("gas.two", False),
    ]
    assert decision.rule == "gas.one"


def a_loser(rule: str, *, certain: bool = True, principle: str = "new") -> dict[str, Any]:
    one = {
        "rule": rule,
        "outcome": "production_licence",
        "to": "blanket.freed",
        "authority": "legislation-law Art. 103",
    }
    return {**one, "principle": principle, "certain": certain}


def test_rules_that_give_way_for_one_reason_are_told_under_it_once() -> None:
    losers = [a_loser("gas.one"), a_loser("gas.two"), a_loser("rope.licensed", principle="special")]
    said = told(yielded({"status": "conflict", "yielded": losers}, LABELS))
    assert said.count("that one is newer") == 1
    assert "newer (Legislation Law, Art. 103) - “Gas cookers need a production licence” (gas.one): production" in said
    assert "(rope.licensed): production licence - gives way to “Small makers" in said


def test_rules_that_may_apply_and_give_way_stand_apart() -> None:
    losers = [a_loser("gas.one", certain=False), a_loser("gas.two")]
    said = told(yielded({"status": "conflict", "yielded": losers}, LABELS))
    assert said.index("gas.two") < said.index("Depending on further facts, these apply as well, and give way:")
    assert said.index("Depending on further facts") < said.index("gas.one")


@pytest.mark.parametrize(
    ("lang", "contested", "said"),
    [
        (
            "en",
            True,
            "From 2018-09-30 on the same answer rests on “Gas cookers need a production licence” (gas.one) "
            "(not verified; not everybody reads it this way).",
        ),
        ("en", False, "(gas.one) (not verified)."),
        (
            "zh",
            True,
            "自 2018-09-30 起结论不变，但改为依据“燃气灶具须取得生产许可证”（gas.one）（未经核实；存在不同理解）。",
        ),
    ],
)
def test_the_day_from_which_the_same_answer_is_less_sure_is_told(lang: str, contested: bool, said: str) -> None:
    doubt = {"on": "2018-09-30", "rule": "gas.one", "contested": contested, "confidence": "unverified"}
    report = {**decide("decided").model_dump(), "next_doubt": doubt}
    assert said in write_text(story(report, rules().form, lang), width=1000)
