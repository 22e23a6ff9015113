"""`test --mutate` and `test --suggest`: what the casebook would notice, and cases to paste."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from accessrules import load_rules
from accessrules.casebook import read_casebook, run_casebook
from accessrules.strength.judging import Judge
from accessrules.strength.mutants import mutants
from tests.commands.conftest import SAMPLE, Run

LARGE = ("test", "--mutate", "--rule", "large.licensed")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The sample, to be written to."""
    folder = tmp_path / "rules"
    shutil.copytree(SAMPLE, folder)
    return folder


def put(folder: Path, yaml: str) -> None:
    """Paste cases into a casebook of their own."""
    (folder / "casebook" / "more.yaml").write_text("cases:\n" + yaml + "\n", encoding="utf-8")


def test_what_no_case_notices_is_told_with_a_case(run: Run) -> None:
    ran = run(*LARGE)
    assert (ran.code, ran.err) == (1, "")
    assert "What the casebook of" in ran.text
    assert "`" not in ran.text
    assert "from: 2005-09-01 becomes 2005-08-31" in ran.text
    assert "\n  - {id: mutant-large.licensed-date.from-earlier, as_of: 2005-08-31, decision: access_route, " in ran.out


def test_pasted_cases_notice_what_they_were_made_for(run: Run, copied: Path) -> None:
    missed = run(*LARGE, "--format", "json", rules=copied).json["missed"]
    put(copied, "\n".join(one["yaml"] for one in missed))
    ran = run(*LARGE, "--format", "json", rules=copied)
    assert (ran.code, ran.json["unnoticed"], ran.json["share"]) == (0, 0, 1.0)
    assert ran.json["noticed"] > len(missed) > 2
    assert run("test", rules=copied).code == 0


def test_what_is_printed_as_text_can_be_pasted(run: Run, copied: Path) -> None:
    lines = run("test", "--mutate", "--rule", "valve.small", rules=copied).out.split("\n")
    put(copied, "\n".join(one for one in lines if one.startswith(("  - {id: ", "     facts: ", "     expect: "))))
    assert run("test", "--mutate", "--rule", "valve.small", rules=copied).code == 0


def test_json_counts_each_change_once(run: Run) -> None:
    data = run("test", "--mutate", "--sample", "40", "--seed", "3", "--format", "json").json
    assert data["mutants"] == 40
    assert data["mutants"] == data["alike"] + data["noticed"] + data["unnoticed"] + data["not_analysed"]
    assert sum(kind["unnoticed"] for kind in data["kinds"].values()) == data["unnoticed"] == len(data["missed"])
    assert data["share"] == round(data["noticed"] / (data["noticed"] + data["unnoticed"]), 4)
    assert data == run("test", "--mutate", "--sample", "40", "--seed", "3", "--format", "json").json


def test_only_what_is_meant_is_changed(run: Run) -> None:
    of_decision = run("test", "--mutate", "--decision", "issuing_authority", "--format", "json").json
    assert {one["rule"] for one in of_decision["missed"]} <= {"issued.nationally", "issued.by-bodies", None}
    all_of_them = run("test", "--mutate", "--format", "json").json
    assert 0 < of_decision["mutants"] < all_of_them["mutants"]


def test_only_the_cases_that_are_named_are_used(run: Run) -> None:
    everything, one = (run(*LARGE, *more, "--format", "json").json for more in ((), ("small-2018",)))
    assert one["noticed"] < everything["noticed"]


def test_a_case_that_fails_is_left_out_and_told(run: Run, copied: Path) -> None:
    put(copied, "  - {id: wrong, facts: {category: pump}, expect: {outcome: ccc}}")
    assert "1 case fails on the rules as they are" in run(*LARGE, rules=copied).text


def test_several_processes_give_what_one_does() -> None:
    from accessrules.strength.running import measure

    rules = load_rules(SAMPLE)
    cases, some = read_casebook(rules), mutants(rules)[:45]
    done: list[int] = []
    found = measure(rules, cases, some, jobs=2, advanced=done.append)
    assert [(one.mutant.id, one.verdict) for one in found.judged] == [
        (one.mutant.id, one.verdict) for one in map(Judge(rules, cases).judge, some)
    ]
    assert done == sorted(done)
    assert done[-1] == len(some)


def test_suggestions_cover_what_no_case_covers(run: Run, copied: Path) -> None:
    ran = run("test", "--suggest", "--format", "json", rules=copied)
    assert ran.code == 0
    put(copied, "\n".join(one["yaml"] for one in ran.json["suggestions"] if one["yaml"]))
    rules = load_rules(copied)
    result = run_casebook(rules, read_casebook(rules))
    assert result.failed == ()
    without = {one["rule"] for one in ran.json["suggestions"] if not one["cases"]}
    assert set(result.coverage.uncovered_rules) <= without


def test_suggestions_are_told_in_words(run: Run) -> None:
    ran = run("test", "--suggest", "--rule", "large.certified")
    assert "\n  - {id: large.certified, as_of: 2020-10-01, decision: access_route, confidence: B,\n" in ran.out
    assert "as_of: 2020-09-30" in ran.out
    assert "effective_volume: 499" in ran.out
    assert "Every rule and clause is covered." in run("test", "--suggest", "--rule", "large.licensed").out


def test_suggestions_need_no_casebook(run: Run, copied: Path) -> None:
    shutil.rmtree(copied / "casebook")
    assert len(run("test", "--suggest", "--format", "json", rules=copied).json["suggestions"]) > 10


@pytest.mark.parametrize("format", ["md", "html"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("verb", [LARGE, ("test", "--suggest")])
def test_they_are_written_in_each_format(run: Run, format: str, lang: str, verb: tuple[str, ...]) -> None:
    ran = run(*verb, "--format", format, "--lang", lang)
    assert ran.err == ""
    assert ("```yaml\n  - {id: " if format == "md" else "<pre><code>  - {id: ") in ran.out
    assert ("案例" in ran.out) == (lang == "zh")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--sample", "3"), "`--sample` says nothing without `--mutate`"),
        (("--mutate", "--seed", "3"), "`--seed` says nothing without `--sample`"),
        (("--rule", "large.licensed"), "`--rule` says nothing without `--mutate` or `--suggest`"),
        (("--decision", "access_route"), "`--decision` says nothing without `--mutate` or `--suggest`"),
        (("--mutate", "--suggest"), "`--mutate` and `--suggest` are two questions"),
        (("--mutate", "--rule", "large.licenced"), "did you mean `large.licensed`?"),
        (("--suggest", "--decision", "acces_route"), "did you mean `access_route`?"),
        (("--mutate", "--decision", "issuing_authority", "--rule", "large.licensed"), "has no rule `large.licensed`"),
        (("--mutate", "--sample", "0"), "--sample"),
    ],
)
def test_a_wrong_call_is_told(run: Run, args: tuple[str, ...], said: str) -> None:
    ran = run("test", *args)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
