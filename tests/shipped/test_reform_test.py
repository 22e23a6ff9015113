"""The policy test of the reform: its gaps are the ones that its files name, and both readings are shown."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from accessrules import load_rules

RULES = load_rules()
INSTEAD = (
    "market_suffices",
    "industry_self_discipline_suffices",
    "later_supervision_suffices",
    "certification_suffices",
)
YES_OR_NO = (
    "safety_or_environment",
    "technology_mature",
    "consumer_life",
    "duplicate_licence",
    "local_management_better",
    *INSTEAD,
)
HISTORIES = ("licensed", "cancelled_quality_held", "cancelled_quality_fell")


def is_gap(facts: Mapping[str, Any], day: str) -> bool:
    """What `rules/decisions/reform_test/statute.yaml` says of the gaps."""
    grounds = INSTEAD if day >= "2005-09-01" else INSTEAD[:-1]
    if day < "2004-07-01":
        return True
    if any(facts[ground] for ground in grounds):
        return False
    if day < "2017-06-13":
        return True
    if facts["licence_history"] == "licensed":
        return not facts["safety_or_environment"] and not facts["duplicate_licence"]
    return facts["licence_history"] == "cancelled_quality_held" or day < "2024-06-25"


@pytest.mark.parametrize(
    "day",
    [
        "2004-06-30",
        "2004-07-01",
        "2005-08-31",
        "2005-09-01",
        "2017-06-12",
        "2017-06-13",
        "2017-06-14",
        "2018-09-12",
        "2024-05-09",
        "2024-06-24",
        "2024-06-25",
        "2026-01-01",
    ],
)
def test_no_rule_answers_exactly_where_the_files_say_so(day: str) -> None:
    for history in HISTORIES:
        for values in product((True, False), repeat=len(YES_OR_NO)):
            facts = {**dict(zip(YES_OR_NO, values, strict=True)), "licence_history": history}
            answer = RULES.decide(facts, decision="reform_test", as_of=day)
            assert (answer.status == "no_rule") == is_gap(facts, day), (facts, day)


@pytest.mark.parametrize(
    ("suffices", "reading"),
    [("market_suffices", "cancel"), ("later_supervision_suffices", "cancel"), ("certification_suffices", "convert")],
)
def test_where_the_statutes_differ_on_safety_both_readings_are_there(suffices: str, reading: str) -> None:
    facts = dict.fromkeys(YES_OR_NO, False) | {"safety_or_environment": True, suffices: True}
    report = RULES.decide(facts, decision="reform_test", as_of="2018-03-14").model_dump()
    assert report["outcome"] == "keep"
    assert [one["reading"] for one in report["contested"]] == [reading]
