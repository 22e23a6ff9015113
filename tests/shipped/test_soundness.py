"""The shipped rules are sound: nothing in conflict, nothing that never prevails, everything named in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from accessrules import RuleSet, load_rules
from accessrules.casebook import read_casebook, run_casebook
from accessrules.reading.loading import shipped_folder
from accessrules.texts import Text

RULES = load_rules()
DECISIONS = tuple(RULES.form.decisions)


def leaves(rules: RuleSet, fact: str) -> list[str]:
    """The values of a category that have none under them."""
    values = rules.form.vocabulary[fact].values
    inner = {value.under for value in values.values()}
    return [name for name in values if name not in inner]


def unpresumed(rules: RuleSet) -> dict[str, None]:
    """A case that presumes nothing."""
    return {fact.name: None for fact in rules.form.vocabulary if fact.presume is not None}


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("category", leaves(RULES, "category"))
def test_no_completion_of_any_case_is_in_conflict(decision: str, category: str) -> None:
    """With all but the category unknown, dates too, the answer covers every cell in which two rules can meet."""
    report = RULES.decide({**unpresumed(RULES), "category": category}, decision=decision).model_dump()
    assert report["exact"]
    assert "conflict" not in report["possible_status"]


def test_every_rule_and_clause_prevails_in_a_case_of_the_casebook() -> None:
    """No shipped rule is dead, and every case gives what it expects."""
    result = run_casebook(RULES, read_casebook(RULES))
    assert result.failed == ()
    assert result.coverage.uncovered_rules == ()
    assert result.coverage.uncovered_clauses == ()


def texts(rules: RuleSet) -> Iterator[tuple[str, Text | None]]:
    """Everything that a person reads, with where it stands."""
    form = rules.form
    for name, decision in form.decisions.items():
        yield f"question of {name}", decision.question
        yield from ((f"outcome {name}.{o}", text) for o, text in decision.outcomes.items())
    for fact in form.vocabulary:
        yield f"label of {fact.name}", fact.label
        yield f"question of {fact.name}", fact.question
        yield from ((f"value {fact.name}.{value.id}", value.label) for value in fact.values.values())
    for rule in form.rules.values():
        yield f"title of {rule.id}", rule.title
        if rule.note:
            yield f"note of {rule.id}", rule.note
    for one in form.instruments.values():
        yield f"title of {one.id}", one.title
        if one.note:
            yield f"note of {one.id}", one.note
    yield from ((f"detail {key}", text) for key, text in form.details.items())


def test_everything_is_said_in_both_languages() -> None:
    assert [where for where, text in texts(RULES) if text is None or not text.en or not text.zh] == []


def details(data: Any) -> Iterator[tuple[str, Any]]:
    """Every key of details with its value, inner ones too."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if not (isinstance(value, Mapping) and "en" in value):
                yield from details(value)
            yield key, value
    elif isinstance(data, list):
        for one in data:
            if not (isinstance(one, Mapping) and "en" in one):
                yield from details(one)


def test_every_detail_is_named_and_told_in_both_languages() -> None:
    found = [(rule.id, key, value) for rule in RULES.form.rules.values() for key, value in details(rule.details)]
    assert sorted({key for _, key, _ in found} - set(RULES.form.details)) == []
    assert sorted(set(RULES.form.details) - {key for _, key, _ in found}) == []
    assert [(r, k) for r, k, v in found if isinstance(v, Mapping) and "en" in v and not v.get("zh")] == []


def test_every_file_is_yaml_without_the_c_parser_too() -> None:
    """Where libyaml is missing the plain parser reads the rules, and it is stricter about a `?` without quotes."""
    for path in sorted(shipped_folder().rglob("*.yaml")):
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
