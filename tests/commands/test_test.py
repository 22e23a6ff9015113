"""`test`: the casebook, its failures, and its coverage."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from tests.commands.conftest import SAMPLE, Run


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The sample with a casebook that one case fails."""
    folder = tmp_path / "rules"
    shutil.copytree(SAMPLE, folder)
    book = folder / "casebook" / "cases.yaml"
    text = book.read_text(encoding="utf-8")
    book.write_text(
        text.replace(
            "{outcome: production_licence, by: large.licensed, details: {code: XK06}}",
            "{outcome: ccc, by: default, details: {code: XK07, fee: 3}}",
        ),
        encoding="utf-8",
    )
    return folder


def test_a_casebook_that_passes_ends_with_0(run: Run) -> None:
    ran = run("test")
    assert (ran.code, ran.err) == (0, "")
    assert "All 6 cases pass." in ran.out
    assert "4 of 13 rules decide or prevail in some case." in ran.text
    assert "4 of 15 clauses hold in a case where their rule prevails." in ran.text
    assert "Rules that no case covers" in ran.out
    assert "purpose: research" in ran.text


def test_one_case_is_told_in_the_singular(run: Run) -> None:
    assert "\n1 case passes.\n" in run("test", "large-2018").out


def test_a_failing_case_is_explained_and_ends_with_1(run: Run, broken: Path) -> None:
    ran = run("test", "large-2018", rules=broken)
    assert (ran.code, ran.err) == (1, "")
    for said in (
        "1 case of 1 fails.",
        f"large-2018 at {broken}/casebook/cases.yaml:2".replace("\n", ""),
        "outcome: expected ccc (certification), got production_licence (production licence)",
        "deciding rule: expected the default, got large.licensed",
        "detail code: expected XK07, got XK06",
        "detail fee: expected 3, got nothing",
    ):
        assert said.replace(" ", "") in ran.text.replace(" ", "")
    assert "Coverage" not in ran.out


def test_the_command_line_of_a_failing_case_reproduces_it(run: Run, broken: Path) -> None:
    (case,) = (one for one in run("test", "--format", "json", rules=broken).json["cases"] if not one["passed"])
    program, verb, *args = shlex.split(case["reproduce"])
    assert (program, verb) == ("accessrules", "decide")
    data = run(verb, *args, "--format", "json", rules=None).json
    assert (data["outcome"], data["as_of"]) == ("production_licence", "2018-03-14")


def test_every_case_is_reproduced_by_its_command_line(run: Run) -> None:
    for one in run("test", "--format", "json").json["cases"]:
        ran = run(*shlex.split(one["reproduce"])[1:], "--format", "json", rules=None)
        assert (ran.json["status"], ran.json["outcome"]) == (one["status"], one["outcome"])


def test_json_has_every_case_and_the_coverage(run: Run, broken: Path) -> None:
    ran = run("test", "--format", "json", rules=broken)
    assert ran.code == 1
    data = ran.json
    assert (data["passed"], data["failed"], len(data["cases"])) == (5, 1, 6)
    assert {m["part"] for m in data["cases"][0]["mismatches"]} == {"outcome", "by", "details.code", "details.fee"}
    assert data["coverage"]["rules"]["covered"] == 4
    assert data["coverage"]["clauses"]["uncovered"][0]["rule"] == "small.certified"


def test_cases_are_chosen_by_id_and_pattern(run: Run) -> None:
    data = run("test", "pump", "*-2018", "--format", "json").json
    assert [one["id"] for one in data["cases"]] == ["large-2018", "small-2018", "pump"]
    assert data["coverage"] is None


def test_a_pattern_without_cases_is_told(run: Run) -> None:
    ran = run("test", "pumpp", "zzz*")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean `pump`?" in ran.err
    assert "no case is called `zzz*`" in ran.err


def test_no_casebook_is_told(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("casebook"))
    ran = run("test", rules=folder)
    assert (ran.code, ran.out) == (2, "")
    assert "the rule set has no cases" in ran.err


def test_it_speaks_chinese(run: Run, broken: Path) -> None:
    ran = run("test", "--lang", "zh", rules=broken)
    assert "6 个案例中有 1 个未通过。" in ran.out
    assert "未通过的案例" in ran.out


@pytest.mark.parametrize("format", ["md", "html"])
def test_it_is_written_in_each_format(run: Run, broken: Path, format: str) -> None:
    ran = run("test", "--format", format, rules=broken)
    assert (ran.code, ran.err) == (1, "")
    assert "large-2018" in ran.out
