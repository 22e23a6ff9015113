"""Whatever can be mistyped gives every problem at once with its place, exit code 2, and nothing on standard output."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands.conftest import SAMPLE, Run


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ["efective_volume=5"],
            "error: efective_volume=5: unknown fact `efective_volume`\n  help: did you mean `effective_volume`?",
        ),
        (["effective_volume=12 kg"], "`kg` is not a unit of `effective_volume`"),
        (["effective_volume=many"], "`many` is not a number"),
        (["effective_volume=-1"], "`effective_volume` is at least 0 L"),
        (["burners=2.5"], "`2.5` is not a whole number"),
        (["holds_licence=perhaps"], "write `true` or `false`"),
        (["made_on=2018-02-30"], "there is no day `2018-02-30`"),
        (["purpose=reserch"], "did you mean `research`?"),
        (["purpose="], "write `purpose=unknown`"),
        (["purpose"], "write `fact=value`"),
        (["=x"], "write `fact=value`"),
        (["burners=" + "9" * 5000], "is too long"),
        (["burners=" + "9" * 250], "`burners` is at most 8"),
        (["access_route=ccc"], "is a decision, not a fact to give"),
        (["as_of=2018-01-01"], "give it with `--on DATE`"),
        (["known_on=2018-01-01"], "give it with `--known-on DATE`"),
        (["purpose=export", "purpose=export"], "`purpose` is given twice, see `purpose=export`"),
        (["--on", "2018-13-01"], "error: --on: there is no day `2018-13-01`"),
        (["--known-on", "soon"], "error: --known-on: `soon` is not a date"),
        (
            ["--decision", "acces_route"],
            "error: --decision: unknown decision `acces_route`\n  help: did you mean `access_route`?",
        ),
        (["--facts", "/no/such/file"], "/no/such/file:1:1: cannot be read"),
        (["--lang", "fr"], "see `accessrules decide --help`"),
        (["--format", "pdf"], "see `accessrules decide --help`"),
        (["--bogus"], "no such option"),
    ],
)
def test_one_problem_is_told(run: Run, args: list[str], said: str) -> None:
    ran = run("decide", *args)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_all_problems_are_told_at_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text('facts: {categry: pump, effective_volume: "520"}\nas_of: 2018-02-30\nfoo: 1\n')
    ran = run("decide", "--facts", str(file), "burners=x", "junk", "--known-on", "x", "--decision", "y")
    assert (ran.code, ran.out) == (2, "")
    for said in (
        "burners=x:",
        "junk:",
        "--known-on:",
        "--decision:",
        f"{file}:1:18: $.facts.categry: unknown fact",
        f'{file}:1:42: $.facts.effective_volume: `"520"` is text',
        f"{file}:2:8: $.as_of: there is no day",
        f"{file}:3:1: $.foo: unknown key",
    ):
        assert f"error: {said}" in ran.err
    assert ran.err.count("error:") == 8


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("[1, 2]", "the facts are not a mapping"),
        ("{category: pump, category: pump}", "the key `category` stands twice"),
        ("category: [", "broken YAML"),
        ('{"category": 1,}', "`1` is not a value of `category`"),
        ("category: !!python/object:os.system x", "tag"),
        ("purpose: &a export", "anchor"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        ("category: 3.5", "`3.5` is not a value of `category`"),
        ("effective_volume: true", "`true` is not a number"),
        ('{"effective_volume": 1e999}', "out of range"),
        ("[" * 500, "deeper than"),
        ('{"a": {"b":' + "[" * 100_000, "error:"),
    ],
)
def test_a_broken_facts_file_is_told(run: Run, text: str | bytes, said: str) -> None:
    ran = run("decide", "--facts", "-", input=text)
    assert (ran.code, ran.out) == (2, "")
    assert f"{said}" in ran.err


def test_broken_json_is_told_as_json(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text('{"category": "pump",\n "purpose" "export"}')
    assert f"error: {file}:2:12: broken JSON: expecting ':' delimiter" in run("decide", "--facts", str(file)).err


def test_a_key_that_stands_twice_in_json_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text('{\t"purpose": "export",\n\t"purpose": "export"}')
    ran = run("decide", "--facts", str(file))
    assert ran.code == 2
    assert str(file) in ran.err


def test_a_facts_file_that_is_too_large_is_refused(run: Run) -> None:
    assert "is longer than 16 MB" in run("decide", "--facts", "-", input=b" " * 16_000_001).err


def test_a_fact_in_file_and_arguments_is_given_twice(run: Run) -> None:
    ran = run("decide", "--facts", "-", "purpose=export", input="purpose: research")
    assert "`purpose` is given twice, see the facts file" in ran.err


def test_two_days_that_differ_are_refused_and_equal_ones_are_not(run: Run) -> None:
    case = '{"facts": {"category": "pump"}, "as_of": "2018-01-01"}'
    assert (
        "`as_of` is 2018-01-01, but --on is 2018-01-02"
        in run("decide", "--facts", "-", "--on", "2018-01-02", input=case).err
    )
    assert run("decide", "--facts", "-", "--on", "2018-01-01", input=case).code == 0


def test_an_unknown_verb_is_suggested(run: Run) -> None:
    ran = run("deside", rules=None)
    assert ran.code == 2
    assert ran.err == "error: deside: unknown verb `deside`\n  help: did you mean `decide`?\n"


def test_a_folder_without_rules_is_told(run: Run, tmp_path: Path) -> None:
    assert "there is no folder" in run("decide", rules=tmp_path / "nowhere").err
    assert "ruleset.yaml" in run("decide", rules=tmp_path).err


def test_every_problem_of_the_rule_files_is_told(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(SAMPLE, folder)
    file = folder / "decisions" / "routes.yaml"
    file.write_text(file.read_text().replace("outcome: production_licence", "outcome: production_license"))
    ran = run("rules", rules=folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("did you mean `production_licence`?") == 3
    assert f"{file}:7:14:" in ran.err


@pytest.mark.parametrize("verb", ["decide", "ask", "flips", "timeline"])
def test_control_characters_do_not_reach_the_terminal(run: Run, verb: str) -> None:
    ran = run(verb, "purpose=\x1b[31mred\x07")
    assert ran.code == 2
    assert "\x1b" not in ran.err
    assert "\x07" not in ran.err


@pytest.mark.parametrize(
    ("verb", "option", "values"),
    [
        ("decide", "--on", ("2018-01-01", "2019-01-01")),
        ("decide", "--facts", ("a.json", "b.json")),
        ("decide", "--known-on", ("2018-01-01", "2018-01-01")),
        ("decide", "--decision", ("all", "access_route")),
        ("timeline", "--lang", ("en", "zh")),
        ("flips", "--at-most", ("1", "2")),
        ("what-if", "--out", ("a.svg", "b.svg")),
        ("rules", "--find", ("a", "b")),
        ("schema", "--lang", ("en", "zh")),
    ],
)
def test_an_option_given_twice_is_told(run: Run, verb: str, option: str, values: tuple[str, str]) -> None:
    ran = run(verb, option, values[0], option, values[1])
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: {option}: `{option}` is given twice\n  help: give it once\n"


def test_every_option_given_twice_is_told_at_once(run: Run) -> None:
    ran = run("decide", "--rules=x", "--on=2018-01-01", "--format", "json", "--on=2018-01-01", "--format", "md")
    assert [line.split("`")[1] for line in ran.err.splitlines()[::2]] == ["--format", "--on", "--rules"]


def test_help_is_shown_whatever_else_is_given(run: Run) -> None:
    assert run("decide", "--on", "x", "--on", "y", "--help").code == 0


@pytest.mark.parametrize("typed", ["\udcff\udcfe", "\x07\x1b", "\u202e\u2066"])
def test_characters_that_cannot_be_shown_leave_a_sign(run: Run, typed: str) -> None:
    assert "`\ufffd\ufffd` is not a value of `category`" in run("decide", f"category={typed}").err
