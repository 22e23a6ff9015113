"""The fingerprint tells any two rule sets apart that say different things."""

from __future__ import annotations

from pathlib import Path

import pytest

from accessrules import load_rules
from tests.reading.test_cases import CASES, laid_over_base


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("vocabulary.yaml", "unit: L, min: 0,", "unit: L,"),
        ("vocabulary.yaml", "presume: domestic_market", ""),
        ("vocabulary.yaml", "also: {en: [fridge]", "also: {en: [cooler]"),
        ("vocabulary.yaml", "zh: 科研", "zh: 研究"),
        ("ruleset.yaml", 'version: "1"', 'version: "2"'),
        ("ruleset.yaml", 'version: "1"', 'version: "1"\nknown_until: 2026-01-31'),
        ("ruleset.yaml", "at: Art. 2", "at: Art. 3"),
        ("ruleset.yaml", ", succeeded_by: samr", ""),
        ("ruleset.yaml", "zh: 无需审批}", "zh: 无需审批, approval: false}"),
        ("instruments.yaml", "published: 2019-07-05", "published: 2019-07-06"),
        ("instruments.yaml", "confidence: confirmed-by-secondary", "confidence: unverified"),
        ("decisions/refrigerators.yaml", "below 500 L", "at most 500 L"),
        ("decisions/refrigerators.yaml", "from: 2020-10-01", "from: 2020-10-02"),
        ("decisions/refrigerators.yaml", "group: refrigerators", "group: fridges"),
        ("decisions/refrigerators.yaml", "at: part 1}", "at: part 1, context: true}"),
    ],
)
def test_whatever_the_rules_say_counts(file: str, before: str, after: str, tmp_path: Path) -> None:
    """A change to any word of the rules, however small, changes the fingerprint."""
    laid_over_base(CASES / "base", tmp_path)
    path = tmp_path / "rules" / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    first = load_rules(tmp_path / "rules").fingerprint
    path.write_text(text.replace(before, after), encoding="utf-8")
    assert load_rules(tmp_path / "rules").fingerprint != first


def test_what_holds_anyway_does_not_count(tmp_path: Path) -> None:
    """An optional key with the value that it has without being given says nothing."""
    laid_over_base(CASES / "base", tmp_path)
    first = load_rules(tmp_path / "rules").fingerprint
    path = tmp_path / "rules" / "ruleset.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("zh: 无需审批}", "zh: 无需审批, approval: true}"), encoding="utf-8")
    assert load_rules(tmp_path / "rules").fingerprint == first


def test_comments_and_places_do_not_count(tmp_path: Path) -> None:
    """Where a thing stands, and what is said in comments, is not what the rules say."""
    laid_over_base(CASES / "base", tmp_path)
    first = load_rules(tmp_path / "rules").fingerprint
    path = tmp_path / "rules" / "decisions" / "refrigerators.yaml"
    path.write_text("# a comment\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    path.rename(path.with_name("moved.yaml"))
    assert load_rules(tmp_path / "rules").fingerprint == first
