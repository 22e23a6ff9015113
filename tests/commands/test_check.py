"""`check`: findings in each format and language, each with a case that can be pasted, and every wrong call."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from accessrules import load_rules
from accessrules.commands import output
from accessrules.findings import CODES
from tests.commands.conftest import SAMPLE, Run

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE / "sarif" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
SAMPLE_HERE = Path("sample")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Call from beside the sample, so that its places are told as seen from there."""
    monkeypatch.chdir(HERE)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A rule set in which nothing is to be found."""
    folder = tmp_path / "sound"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("casebook", "authorities.yaml"))
    (folder / "ruleset.yaml").write_text(
        "format: 1\nname: sound\nversion: '1'\ndecisions:\n  route:\n    question: Which?\n"
        "    outcomes: {ccc: certification, free: nothing}\n    default: free\n",
        "utf-8",
    )
    (folder / "vocabulary.yaml").write_text(
        "facts: {wet: {type: boolean, label: wet, question: Is it wet?}}\n", encoding="utf-8"
    )
    (folder / "instruments.yaml").write_text(
        "instruments: {regs: {title: Rules, issuer: samr, rank: rule, published: 2005-01-01, confidence: unverified}}",
        encoding="utf-8",
    )
    (folder / "decisions" / "routes.yaml").write_text(
        "decision: route\nrules:\n  - {id: a, when: {wet: true}, outcome: ccc, in_force: {from: 2005-01-01},"
        " source: [{instrument: regs, at: x}]}\n",
        encoding="utf-8",
    )
    return folder


# ---------------------------------------------------------------------------------------------------- what is told


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("format", "suffix"), [("text", "txt"), ("md", "md"), ("html", "html"), ("sarif", "sarif")])
def test_findings_are_told_like_this(
    run: Run, lang: str, format: str, suffix: str, golden: Callable[[str, Path], None]
) -> None:
    """The worst first, each with where, a case to paste, its rules with their places, and what to do."""
    args = ["--decision", "access_route", "--notes", "--lang", lang, "--format", format]
    ran = run("check", *args, rules=SAMPLE_HERE)
    assert (ran.code, ran.err) == (1, "")
    text = re.sub(r'"version": "\d+\.\d+\.\d+[^"]*"\n', '"version": "…"\n', ran.out)
    golden(text, HERE / "golden" / f"check.{lang}.{suffix}")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_json_is_what_the_library_finds(run: Run, lang: str) -> None:
    rules = load_rules(SAMPLE)
    data = run("check", "--format", "json", "--lang", lang).json
    assert list(data) == ["findings", "ruleset"]
    commands_of = [one.pop("reproduce") for one in data["findings"]]
    assert data["findings"] == rules.check().model_dump(lang)
    results = run("check", "--notes", "--format", "sarif").json["runs"][0]["results"]
    assert commands_of == [one["properties"].get("reproduce") for one in results]
    assert data["ruleset"] == rules.identity()


def test_notes_are_only_counted_unless_they_are_wanted(run: Run) -> None:
    few, all_ = run("check"), run("check", "--notes")
    assert "Found: 15 errors, 14 warnings, 9 notes." in few.out
    assert "Found: 15 errors, 14 warnings, 9 notes." in all_.out
    assert ("settled_overlap" in few.out, "settled_overlap" in all_.out) == (False, True)
    assert ("--notes" in few.out, "--notes" in all_.out) == (True, False)
    results = [run("check", "--format", "sarif", *more).json["runs"][0]["results"] for more in ([], ["--notes"])]
    assert [len(some) for some in results] == [29, 38]


def test_a_sound_rule_set_ends_with_0(run: Run, sound: Path) -> None:
    ran = run("check", rules=sound)
    assert (ran.code, ran.err) == (0, "")
    assert "Nothing was found." in ran.out
    assert run("check", "--lang", "zh", rules=sound).out.endswith("未发现问题。\n")
    assert run("check", "--format", "json", rules=sound).json["findings"] == []
    assert run("check", "--format", "sarif", rules=sound).json["runs"][0]["results"] == []


def test_warnings_alone_end_with_0(run: Run, sound: Path) -> None:
    """Only an error is something wrong."""
    file = sound / "decisions" / "routes.yaml"
    file.write_text(file.read_text("utf-8").replace("from: 2005", "from: 2004"), "utf-8")
    ran = run("check", rules=sound)
    assert ran.code == 0
    assert "Found: 0 errors, 1 warning, 0 notes." in ran.out


def test_a_decision_restricts_what_is_told(run: Run) -> None:
    found = run("check", "--decision", "access_route", "--format", "json").json["findings"]
    assert {one["decision"] for one in found} == {"access_route"}
    assert found == [
        one for one in run("check", "--format", "json").json["findings"] if one["decision"] in found[0].values()
    ]


def test_what_was_known_decides_what_is_found(run: Run) -> None:
    """Before the notice of 2019 was known, nothing defeats the licence of freezers."""
    found = {
        day: [
            one["rules"]
            for one in run("check", "--known-on", day, "--format", "json").json["findings"]
            if one["code"] == "settled_overlap"
        ]
        for day in ("2018-03-14", "2020-01-01")
    }
    assert ["freezer.b", "freezer.a"] not in found["2018-03-14"]
    assert ["freezer.b", "freezer.a"] in found["2020-01-01"]
    assert "--known-on 2020-01-01" in run("check", "--known-on", "2020-01-01").out


def test_what_took_too_long_is_told(run: Run) -> None:
    ran = run("check", "--most-steps", "1")
    assert "not_analysed: the search ended at its limit of steps (1), so findings here may be missing" in ran.text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_a_narrow_terminal_but_for_commands(run: Run, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is to be pasted is not broken; places are one word each."""
    monkeypatch.setattr(output, "PIPE_WIDTH", 40)
    lines = [one for one in run("check", "--notes", "--lang", lang).out.splitlines() if "accessrules decide" not in one]
    assert max(map(len, lines)) <= 40


# ---------------------------------------------------------------------------------------------------- what is pasted


def commands(text: str) -> list[str]:
    return re.findall(r"accessrules decide .*", text)


def test_each_witness_can_be_pasted_and_shows_what_was_found(run: Run) -> None:
    """In text each command is one whole line; what it decides is, or where an earlier decision is open may be, so."""
    text = run("check", "--notes").out
    shown = commands(text)
    results = run("check", "--notes", "--format", "sarif").json["runs"][0]["results"]
    wanted = [one for one in results if "reproduce" in one["properties"]]
    assert shown == [one["properties"]["reproduce"] for one in wanted]
    assert {one["ruleId"] for one in wanted} >= {"conflict", "gap", "settled_overlap", "retroactive"}
    for one in wanted:
        data = run(*shlex.split(one["properties"]["reproduce"])[1:], "--format", "json", rules=None).json
        if one["ruleId"] in ("conflict", "gap"):
            assert data["status"] == {"conflict": "conflict", "gap": "no_rule"}[one["ruleId"]] or data["open"]
        if one["ruleId"] in ("retroactive", "outside_instrument"):
            applying = [*data["because"], *data["yielded"], *data["conflict"], *data["open"]]
            assert one["properties"]["rules"][0] in [found["rule"] for found in applying]
        if one["ruleId"] == "settled_overlap":
            assert one["properties"]["rules"][1] in [yielded["rule"] for yielded in data["yielded"]]


def test_witnesses_can_be_pasted_where_no_decision_is_the_main_one(run: Run, tmp_path: Path) -> None:
    """Of several decisions without `main`, each command names its own: `decide` would take none by itself."""
    folder = tmp_path / "rules"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("casebook"))
    file = folder / "ruleset.yaml"
    file.write_text(file.read_text("utf-8").replace("main: access_route\n", ""), "utf-8")
    results = run("check", "--notes", "--format", "sarif", rules=folder).json["runs"][0]["results"]
    wanted = [one["properties"] for one in results if "reproduce" in one["properties"]]
    assert {one["decision"] for one in wanted} == {"access_route", "issuing_authority"}
    assert commands(run("check", "--notes", rules=folder).out) == [one["reproduce"] for one in wanted]
    for one in wanted:
        data = run(*shlex.split(one["reproduce"])[1:], "--format", "json", rules=None).json
        assert data["decision"] == one["decision"]


# ---------------------------------------------------------------------------------------------------- SARIF


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("notes", [[], ["--notes"]])
def test_sarif_fits_its_schema(run: Run, lang: str, notes: list[str]) -> None:
    data = run("check", "--format", "sarif", "--lang", lang, *notes).json
    Draft4Validator.check_schema(SCHEMA)
    validator = Draft4Validator(SCHEMA, format_checker=Draft4Validator.FORMAT_CHECKER)
    assert list(validator.iter_errors(data)) == []
    data["runs"][0]["results"][0]["level"] = "bad"
    assert not validator.is_valid(data)


def test_sarif_has_every_code_and_every_place(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules have the codes and their levels; places are relative to the current folder where they lie below it."""
    monkeypatch.chdir(HERE)
    (sarif,) = run("check", "--format", "sarif", "--notes").json["runs"]
    driver = sarif["tool"]["driver"]
    assert {one["id"]: one["defaultConfiguration"]["level"] for one in driver["rules"]} == dict(CODES)
    found = run("check", "--format", "json").json["findings"]
    for result, one in zip(sarif["results"], found, strict=True):
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == one["code"]
        assert (result["level"], result["message"]["text"]) == (one["severity"], one["message"])
        assert result["properties"]["witness"] == one["witness"]
        assert result["properties"]["region"] == one["region"]
        places = [spot["physicalLocation"] for spot in (*result["locations"], *result["relatedLocations"])]
        told = [
            f"{spot['artifactLocation']['uri']}:{spot['region']['startLine']}" for spot in places if "region" in spot
        ]
        assert told == [os.path.relpath(place, HERE) for place in one["places"]]
        assert told or places[0]["artifactLocation"]["uri"] == "sample/ruleset.yaml"


def test_places_elsewhere_are_whole_addresses(run: Run, sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = sound / "decisions" / "routes.yaml"
    other = file.rename(file.with_name("routes 大.yaml"))
    other.write_text(other.read_text("utf-8").replace("from: 2005", "from: 2004"), "utf-8")
    (one,) = run("check", "--format", "sarif", rules=sound).json["runs"][0]["results"]
    assert one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == other.as_uri()
    monkeypatch.chdir(sound)
    (one,) = run("check", "--format", "sarif", rules=sound).json["runs"][0]["results"]
    assert one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "decisions/routes%20%E5%A4%A7.yaml"


# ---------------------------------------------------------------------------------------------------- wrong calls


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ["--most-steps", "0"],
            "error: --most-steps: `0` is no number of steps\n  help: give a whole number, 1 or more",
        ),
        (["--most-steps", "many"], "error: --most-steps: `many` is no number of steps"),
        (["--most-steps", "-3"], "error: --most-steps: `-3` is no number of steps"),
        (["--most-steps", "1.5"], "error: --most-steps: `1.5` is no number of steps"),
        (["--most-steps", "５"], "error: --most-steps: `５` is no number of steps"),
        (["--most-steps", "9" * 5000], "is no number of steps"),
        (["--known-on", "2018-02-30"], "error: --known-on: there is no day `2018-02-30`"),
        (["--known-on", "soon"], "error: --known-on: `soon` is not a date"),
        (["--decision", "acces_route"], "error: --decision: unknown decision `acces_route`\n  help: did you mean"),
        (["--format", "pdf"], "see `accessrules check --help`"),
        (["junk"], "see `accessrules check --help`"),
        (["--notes", "--notes"], "`--notes` is given twice"),
    ],
)
def test_a_wrong_call_is_told(run: Run, args: list[str], said: str) -> None:
    ran = run("check", *args)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_all_problems_of_a_call_are_told_at_once(run: Run) -> None:
    ran = run("check", "--most-steps", "x", "--known-on", "x", "--decision", "x")
    assert (ran.code, ran.err.count("error:")) == (2, 3)


def test_rules_that_cannot_be_read_are_told(run: Run, sound: Path) -> None:
    ran = run("check", rules=sound / "nowhere")
    assert (ran.code, ran.out) == (2, "")
    assert f"error: there is no folder `{sound}/nowhere`" in ran.err
    (sound / "decisions" / "routes.yaml").write_text("decision: route\nrules: [{id: a}]\n", "utf-8")
    ran = run("check", "--format", "sarif", rules=sound)
    assert (ran.code, ran.out) == (2, "")
    assert "routes.yaml:2:" in ran.err


def test_a_broken_casebook_is_told(run: Run, sound: Path) -> None:
    (sound / "casebook").mkdir()
    (sound / "casebook" / "cases.yaml").write_text("cases: [{id: a, facts: {wett: true}}]\n", "utf-8")
    ran = run("check", rules=sound)
    assert (ran.code, ran.out) == (2, "")
    assert "cases.yaml:1:" in ran.err


def test_a_failing_case_is_found_with_its_place(run: Run, sound: Path) -> None:
    (sound / "casebook").mkdir()
    (sound / "casebook" / "cases.yaml").write_text(
        "cases:\n  - {id: wet, facts: {wet: true}, as_of: 2020-01-01, expect: {outcome: free}}\n", "utf-8"
    )
    ran = run("check", rules=sound)
    assert ran.code == 1
    assert "case `wet` expects outcome `free`, got `ccc`" in ran.text
    assert "/casebook/cases.yaml:2-" in "".join(ran.out.split())


@pytest.mark.parametrize(
    ("decision", "facts", "expect", "en", "zh", "rules"),
    [
        (
            "access_route",
            "{category: gas_cooker, burners: 8}",
            "{outcome: ccc, by: cooker.eight.a}",
            "outcome `ccc`, got `conflict` between {}, {}; by `cooker.eight.a`, got nothing",
            "结论应为 `ccc`，实为 `conflict`（{}、{} 之间）；决定规则应为 `cooker.eight.a`，实为 无",
            ["cooker.eight.a", "cooker.eight.b"],
        ),
        (
            "issuing_authority",
            "{category: gas_cooker, burners: 8}",
            "{status: decided, outcome: national}",
            "status `decided`, got `conflict` between {}, {}; outcome `national`, got nothing",
            "状态应为 `decided`，实为 `conflict`（{}、{} 之间）；结论应为 `national`，实为 无",
            ["cooker.eight.a", "cooker.eight.b"],
        ),
        (
            "issuing_authority",
            "{category: pump}",
            "{outcome: national}",
            "outcome `national`, got `no_rule`",
            "结论应为 `national`，实为 `no_rule`",
            [],
        ),
        (
            "access_route",
            "{category: valve}",
            "{outcome: ccc}",
            "outcome `ccc`, got `undetermined` (`ccc`, `no_approval` possible)",
            "结论应为 `ccc`，实为 `undetermined`（可能为 `ccc`、`no_approval`）",
            [],
        ),
        (
            "access_route",
            "{category: valve, burners: 1, holds_licence: false}",
            "{outcome: ccc, details: {fees: [1], code: XK06}}",
            "details `fees` `[1]`, got `[1, 2]`; details `code` `XK06`, got nothing",
            "要求 `fees` 应为 `[1]`，实为 `[1, 2]`；要求 `code` 应为 `XK06`，实为 无",
            ["valve.small"],
        ),
    ],
)
def test_a_failing_case_says_what_became_of_it(
    run: Run, tmp_path: Path, decision: str, facts: str, expect: str, en: str, zh: str, rules: list[str]
) -> None:
    """What differs; without an outcome the status, and the rules or outcomes between which it is open."""
    folder = tmp_path / "rules"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("casebook"))
    (folder / "casebook").mkdir()
    case = f"{{id: wrong, decision: {decision}, facts: {facts}, as_of: 2021-01-01, expect: {expect}}}"
    (folder / "casebook" / "cases.yaml").write_text(f"cases:\n  - {case}\n", "utf-8")
    for lang, said in (("en", f"case `wrong` expects {en}"), ("zh", f"案例 `wrong` 不符：{zh}")):
        found = run("check", "--format", "json", "--lang", lang, rules=folder).json["findings"]
        (one,) = (one for one in found if one["code"] == "case")
        assert (one["message"], one["rules"]) == (said.format(*(f"`{name}`" for name in rules)), rules)
        assert one["places"][1:] == [spot for spot in one["places"] if "/decisions/" in spot]
        assert len(one["places"]) == 1 + len(rules)


def test_the_shipped_rules_are_checked(run: Run) -> None:
    data: dict[str, Any] = run("check", "--format", "json", rules=None).json
    assert data["ruleset"]["name"] == "cn-market-access"
    assert [one for one in data["findings"] if one["severity"] == "error"] == []
