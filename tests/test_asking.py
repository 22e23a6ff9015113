"""Which question comes first, where several have the same worst case."""

from __future__ import annotations

from pathlib import Path

import pytest

from accessrules import RuleSet, load_rules

RULES = {
    "ruleset.yaml": """
format: 1
name: gas
version: "1"
decisions: {route: {question: Which?, outcomes: {ccc: CCC, nothing: nothing}, default: nothing}}
""",
    "vocabulary.yaml": """
facts:
  appliance:
    type: category
    question: Which appliance?
    values: {gas: gas, z_cooker: {en: cooker, under: gas}, z_boiler: {en: boiler, under: gas},
             hose: {en: hose, under: gas}}
  a_burner_load: {type: number, unit: kW, question: Which load?}
  a_pressure: {type: number, unit: MPa, question: Which pressure?}
""",
    "instruments.yaml": """
instruments: {law: {title: Law, issuer: npc, rank: law, published: 2000-01-01, confidence: unverified}}
""",
    "decisions/routes.yaml": """
decision: route
rules:
  - {id: cooker, when: {appliance: z_cooker, a_burner_load: at most 5 kW}, outcome: ccc, source: {instrument: law}}
  - {id: boiler, when: {appliance: z_boiler, a_pressure: at most 1 MPa}, outcome: ccc, source: {instrument: law}}
""",
}


@pytest.fixture
def rules(tmp_path: Path) -> RuleSet:
    for name, text in RULES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return load_rules(tmp_path)


def test_what_may_settle_the_case_is_asked_before_what_cannot(rules: RuleSet) -> None:
    """Whatever the load is, two ways are left; that it is a hose settles the case."""
    question = rules.ask({"appliance": "gas"})
    assert question is not None
    assert question["fact"] == "appliance"
    needs = rules.decide({"appliance": "gas"}).model_dump()["needs"]
    assert [one["fact"] for one in needs] == ["appliance", "a_burner_load", "a_pressure"]
