"""Rule files beside what a person sees: `tests/cases/bad` with the exact errors, `good` with the answers.

Each case is a folder of files that are laid over `tests/cases/base`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from accessrules import RuleFileError, load_rules

CASES = Path(__file__).parent.parent / "cases"
Golden = Callable[[str, Path], None]


def laid_over_base(case: Path, folder: Path) -> None:
    """The base rule set with the case's own files in `rules/` of a folder."""
    shutil.copytree(CASES / "base", folder / "rules")
    shutil.copytree(case, folder / "rules", dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected*"))


@pytest.mark.parametrize("case", sorted((CASES / "bad").iterdir()), ids=lambda case: case.name)
def test_bad_files_give_exactly_these_errors(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    """Every problem of every file is told at once, at its place, with what would be right."""
    laid_over_base(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RuleFileError) as wrong:
        load_rules("rules")
    golden(f"{wrong.value}\n", case / "expected.txt")


@pytest.mark.parametrize("case", sorted((CASES / "good").iterdir()), ids=lambda case: case.name)
def test_good_files_give_exactly_these_answers(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    """Each case of `expected.json` is decided as it says: the case, then status, outcome and rules."""
    laid_over_base(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    rules = load_rules("rules")
    asked = json.loads((case / "expected.cases.json").read_text(encoding="utf-8"))
    answers = []
    for one in asked:
        decision = rules.decide(
            one["facts"], as_of=one.get("as_of"), known_on=one.get("known_on"), decision=one.get("decision")
        ).model_dump()
        kept = ("status", "outcome", "details", "possible", "possible_status", "yielded", "via", "exact")
        answers.append(
            {
                "case": one,
                **{key: decision[key] for key in kept},
                "because": [reason["rule"] for reason in decision["because"]],
                "conflict": [rule["rule"] for rule in decision["conflict"]],
                "open": [rule["rule"] for rule in decision["open"]],
                "needs": {need["fact"]: need["values"] for need in decision["needs"]},
            }
        )
    golden(json.dumps(answers, ensure_ascii=False, indent=1) + "\n", case / "expected.json")


def test_a_file_over_the_size_limit_is_refused_unread(tmp_path: Path) -> None:
    """A file larger than the limit is told with its size; it is not read."""
    laid_over_base(CASES / "base", tmp_path)
    with pytest.raises(RuleFileError, match=r"more than 0\.0001 MB"):
        load_rules(tmp_path / "rules", most_bytes=100)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """No folder, no ruleset.yaml, no vocabulary.yaml: each is one clear problem."""
    with pytest.raises(RuleFileError, match="there is no folder"):
        load_rules(tmp_path / "nowhere")
    with pytest.raises(RuleFileError) as wrong:
        load_rules(tmp_path)
    assert [p.message for p in wrong.value.problems] == ["is missing", "is missing"]


def test_an_unreadable_file_is_told_with_the_reason(tmp_path: Path) -> None:
    """A file that cannot be opened is a problem at that file, and the others are still read."""
    laid_over_base(CASES / "base", tmp_path)
    (tmp_path / "rules" / "decisions" / "gone.yaml").symlink_to(tmp_path / "nothing.yaml")
    with pytest.raises(RuleFileError, match=r"gone\.yaml:1:1: \$: cannot be read: no such file"):
        load_rules(tmp_path / "rules")
