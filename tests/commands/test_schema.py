"""`schema`: JSON Schemas that fit real files, cases and decisions of every status."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from accessrules import load_rules
from accessrules.casebook import read_casebook
from accessrules.reading.loading import shipped_folder
from accessrules.reading.yamlfiles import read_yaml
from accessrules.ruleset import MOST_BYTES
from accessrules.schemas import FILES, SCHEMAS, case_schema, decision_schema, file_schema
from tests.commands.conftest import SAMPLE, Run

VALIDATOR = jsonschema.Draft202012Validator
FORMATS = VALIDATOR.FORMAT_CHECKER


def plain(data: Any) -> Any:
    """Data as JSON has it: days are text, decimals numbers."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(one) for one in data]
    return data.isoformat() if isinstance(data, dt.date) else float(data) if isinstance(data, Decimal) else data


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_printed_and_is_one(run: Run, name: str) -> None:
    data = run("schema", name).json
    assert data["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    VALIDATOR.check_schema(data)


def test_without_a_name_the_names_are_listed(run: Run) -> None:
    assert run("schema").out.split() == list(SCHEMAS)


def test_an_unknown_schema_is_suggested(run: Run) -> None:
    ran = run("schema", "vocabulry")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: vocabulry: unknown schema `vocabulry`\n  help: did you mean `vocabulary`?\n"


@pytest.mark.parametrize("folder", [SAMPLE, shipped_folder()], ids=["sample", "shipped"])
def test_every_rule_file_fits_its_schema(folder: Path) -> None:
    checks = {name: VALIDATOR(file_schema(name), format_checker=FORMATS) for name in FILES}
    seen = set()
    for path in sorted(folder.rglob("*.yaml")):
        part = path.relative_to(folder).parts[0].removesuffix(".yaml")
        name = "rules" if part == "decisions" else part
        if name in checks:
            seen.add(name)
            wrong = list(checks[name].iter_errors(plain(read_yaml(path, str(path), MOST_BYTES).data)))
            assert not wrong, f"{path}: {wrong[0].message}"
    assert seen >= {"ruleset", "vocabulary", "instruments", "rules", "casebook"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("rules", {"decision": "x", "rules": [{"id": "a"}]}),
        ("rules", {"decision": "x", "rules": [{"id": "a", "source": [{"instrument": "i"}], "whn": {}}]}),
        ("vocabulary", {"facts": {"a": {"type": "colour"}}}),
        ("ruleset", {"format": 1}),
        ("instruments", {"instruments": {"a": {}}}),
        ("casebook", {"cases": [{"id": "a"}]}),
        ("precedence", {"principles": {"luck": []}}),
    ],
)
def test_what_is_no_rule_file_does_not_fit(name: str, data: Any) -> None:
    assert not VALIDATOR(file_schema(name)).is_valid(data)


@pytest.mark.parametrize("folder", [SAMPLE, shipped_folder()], ids=["sample", "shipped"])
def test_decisions_and_cases_fit_their_schemas(folder: Path) -> None:
    rules = load_rules(folder)
    decision, case = VALIDATOR(decision_schema()), VALIDATOR(case_schema(rules.form), format_checker=FORMATS)
    for one in read_casebook(rules):
        decision.validate(rules.decide(one.case, decision=one.decision).model_dump())
        given = {
            "facts": plain(dict(one.case.facts)),
            "as_of": plain(one.case.as_of),
            "known_on": plain(one.case.known_on),
        }
        case.validate(given)


@pytest.mark.parametrize(
    ("facts", "decision", "status"),
    [
        ({"category": "refrigerator", "effective_volume": 500}, None, "decided"),
        ({"category": "pump"}, None, "decided"),
        ({"category": "refrigerator"}, None, "undetermined"),
        ({"category": "refrigerator", "purpose": "export"}, None, "undetermined"),
        ({"category": "gas_cooker", "burners": 8, "made_on": "2018-01-01"}, None, "conflict"),
        ({"category": "gas_cooker", "burners": 8, "made_on": "2018-01-01"}, "issuing_authority", "conflict"),
        ({"category": "pump"}, "issuing_authority", "no_rule"),
        ({"category": "freezer", "holds_licence": True}, None, "decided"),
        ({}, "issuing_authority", "undetermined"),
    ],
)
@pytest.mark.parametrize("as_of", ["2018-03-14", None])
def test_a_decision_of_every_status_fits(
    facts: dict[str, Any], decision: str | None, status: str, as_of: str | None
) -> None:
    found = load_rules(SAMPLE).decide(facts, decision=decision, as_of=as_of)
    assert found.status == status or as_of is None
    VALIDATOR(decision_schema()).validate(found.model_dump())


def test_a_decision_with_another_key_does_not_fit() -> None:
    data = load_rules(SAMPLE).decide({"category": "pump"}).model_dump()
    assert not VALIDATOR(decision_schema()).is_valid({**data, "more": 1})
    del data["status"]
    assert not VALIDATOR(decision_schema()).is_valid(data)


@pytest.mark.parametrize(
    ("facts", "fits"),
    [
        ({"effective_volume": "0.5 m3", "burners": 8, "holds_licence": None, "made_on": "2018-03-14"}, True),
        ({"effective_volume": "520"}, False),
        ({"effective_volume": -1}, False),
        ({"burners": 2.5}, False),
        ({"category": "fridge"}, False),
        ({"access_route": "ccc"}, False),
        ({"made_on": "14.3.2018"}, False),
        ({"holds_licence": "yes"}, False),
    ],
)
def test_the_schema_of_a_case_agrees_with_the_library(facts: dict[str, Any], fits: bool) -> None:
    from accessrules import CaseError

    rules = load_rules(SAMPLE)
    assert VALIDATOR(case_schema(rules.form), format_checker=FORMATS).is_valid({"facts": facts}) == fits
    if fits:
        rules.decide(facts)
    else:
        with pytest.raises(CaseError):
            rules.decide(facts)


def test_the_schema_of_a_case_speaks_the_language(run: Run) -> None:
    facts = run("schema", "case", "--lang", "zh").json["properties"]["facts"]["properties"]
    assert facts["purpose"]["title"] == "用途"
    assert facts["purpose"]["default"] == "domestic"
    assert {"const": "export", "title": "出口"} in facts["purpose"]["anyOf"]


def test_the_shipped_vocabulary_is_the_default(run: Run) -> None:
    ran = run("schema", "case", rules=None)
    assert "category" in json.loads(ran.out)["properties"]["facts"]["properties"]
