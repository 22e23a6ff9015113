"""The worked proposals in rules/proposals/: each loads, is labelled as no law, and does what its title says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from accessrules import RuleSet, load_rules
from accessrules.reading.loading import shipped_folder
from accessrules.reading.yamlfiles import read_yaml
from accessrules.ruleset import MOST_BYTES
from accessrules.schemas import file_schema
from accessrules.values import json_value

FILES = sorted((shipped_folder() / "proposals").glob("*.yaml"))
LARGE = {"category": "household_refrigerator", "effective_volume": 520}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def proposed(rules: RuleSet, name: str) -> RuleSet:
    return rules.propose(shipped_folder() / "proposals" / f"{name}.yaml")


def as_json(data: Any) -> Any:
    """What a file says, with days as text."""
    if isinstance(data, dict):
        return {key: as_json(value) for key, value in data.items()}
    return [as_json(one) for one in data] if isinstance(data, list) else json_value(data)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_loads_and_is_labelled(rules: RuleSet, file: Path) -> None:
    """It fits the published schema, has both languages, and every instrument that could bind says that it is no law."""
    data = read_yaml(file, file.name, MOST_BYTES).data
    jsonschema.validate(as_json(data), file_schema("proposal"))
    assert data["proposal"] == file.stem
    assert data["title"].keys() == {"en", "zh"}
    after = rules.propose(file).form
    new = [after.rules[name] for name in after.rules.keys() - rules.form.rules.keys()]
    assert new
    for rule in new:
        assert rule.title is not None
        assert rule.title.zh is not None
        binding = [after.instruments[s.instrument] for s in rule.sources if not s.context]
        assert all(i.title.en.startswith("PROPOSAL, not law") and i.confidence == "unverified" for i in binding)


@pytest.mark.parametrize(
    ("day", "volume", "before", "after"),
    [
        ("2018-06-30", 520, "production_licence", "production_licence"),
        ("2018-07-01", 520, "production_licence", "ccc"),
        ("2018-07-01", 499, "ccc", "ccc"),
        ("2019-06-01", 520, "production_licence", "ccc"),
        ("2020-03-01", 520, None, "ccc"),
        ("2020-10-01", 520, "ccc", "ccc"),
    ],
)
def test_large_refrigerators_as_the_makers_asked(
    rules: RuleSet, day: str, volume: int, before: str | None, after: str
) -> None:
    """From 2018-07-01 both sizes go one way; small ones, and what was before, stay as they were."""
    case = {"category": "household_refrigerator", "effective_volume": volume}
    assert rules.decide(case, as_of=day).outcome == before
    assert proposed(rules, "large-refrigerators-under-ccc").decide(case, as_of=day).outcome == after


@pytest.mark.parametrize(
    ("facts", "after"),
    [
        ({"category": "ic_card"}, "no_approval"),
        ({"category": "air_compressor"}, "no_approval"),
        (LARGE, "ccc"),
        ({"category": "household_gas_cooker", "burner_heat_load": 4}, "ccc"),
        ({"category": "hazardous_chemical"}, "production_licence"),
        ({"category": "cement"}, "production_licence"),
    ],
)
def test_the_reform_test_of_the_38(rules: RuleSet, facts: dict[str, Any], after: str) -> None:
    """Each category was licensed, and from July 2018 is what its rule says, on assumptions that its note names."""
    facts = {"origin": "mainland", **facts}
    reformed = proposed(rules, "reform-test-of-the-38")
    assert rules.decide(facts, as_of="2018-07-01").outcome == "production_licence"
    decision = reformed.decide(facts, as_of="2018-07-01")
    assert decision.outcome == after
    note = reformed.form.rules[decision.model_dump()["because"][0]["rule"]].note
    assert note is not None
    assert "ASSUMED" in note.en
    assert note.zh is not None


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_decide_shows_at_each_witness_what_the_diff_says(rules: RuleSet, name: str) -> None:
    """Each side's answer and details, wherever a proposal changes something."""
    after = proposed(rules, name)
    found = rules.diff(after)
    assert found
    for change in found:
        shown = []
        for one, side in ((rules, change.before), (after, change.after)):
            decided = one.decide(change.witness["facts"], decision=change.decision, as_of=change.witness["as_of"])
            assert (side.status, side.outcome) == (decided.status, decided.outcome)
            if change.kind != "answer":  # one region of another answer may have several details
                assert side.model_dump()["details"] == decided.answer.details
            shown.append((decided.answer.end, decided.answer.details))
        if change.kind != "answer":
            assert (shown[0] != shown[1]) == (change.kind == "details")


def test_the_checker_finds_nothing_wrong_in_the_first_two(rules: RuleSet) -> None:
    """The cases that they mean to change stand in them; so they add no error and no warning."""
    before = {(one.code, str(one.message)) for one in rules.check()}
    for name in ("large-refrigerators-under-ccc", "reform-test-of-the-38"):
        added = [one for one in proposed(rules, name).check() if (one.code, str(one.message)) not in before]
        assert [one.code for one in added if one.severity != "note"] == []


def test_the_checker_takes_the_faulty_one_apart(rules: RuleSet) -> None:
    """It loads, and each of its entries is found out."""
    faulty = proposed(rules, "faulty")
    found = {
        (one.code, one.rules[0] if one.rules else "") for one in faulty.check() if "faulty" in str(one.model_dump())
    }
    assert found >= {
        ("conflict", "faulty.refrigerator.below-800"),
        ("never_prevails", "faulty.cement.freed"),
        ("redundant", "faulty.fertiliser.again"),
        ("retroactive", "faulty.ic-card.backdated"),
        ("outside_instrument", "faulty.ic-card.backdated"),
        ("dead_exception", "faulty.cement.exception"),
    }
    assert "gap" in {one.code for one in faulty.check().of("error") if one.decision == "market_clearance"}
    assert any(one.code == "unused" and "never-cited" in str(one.message) for one in faulty.check())
