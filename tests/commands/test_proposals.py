"""`--proposal`: every verb about rules answers as if it were law."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Run

HERE = Path(__file__).parent / "proposals"
PUMPS = ("--proposal", str(HERE / "pumps.yaml"))
BOTH = (*PUMPS, "--proposal", str(HERE / "pumps-for-research.yaml"))
PUMP = ("category=pump", "--on", "2026-08-01")


def test_decide_answers_as_if_it_were_law(run: Run) -> None:
    """The outcome is the proposal's, and the version of the rule set says that there is one."""
    assert run("decide", *PUMP, "--format", "json").json["outcome"] == "no_approval"
    decision = run("decide", *PUMP, *PUMPS, "--format", "json").json
    assert (decision["outcome"], decision["because"][0]["rule"]) == ("ccc", "pump.certified")
    assert decision["ruleset"]["version"] == "7+pumps"
    assert "7+pumps" in run("decide", *PUMP, *PUMPS).text


def test_decide_speaks_chinese(run: Run) -> None:
    """Titles of rules and instruments of a proposal are told in both languages."""
    ran = run("decide", *PUMP, *PUMPS, "--lang", "zh")
    assert ran.code == 0
    assert "（提案）泵须经认证" in ran.out
    assert "《关于泵的草案》" in ran.out


def test_several_proposals_stack(run: Run) -> None:
    """The second is made to what the first makes of the rules."""
    research = (*PUMP, "purpose=research", "--format", "json")
    assert run("decide", *research, *PUMPS).json["outcome"] == "ccc"
    decision = run("decide", *research, *BOTH).json
    assert (decision["outcome"], decision["ruleset"]["version"]) == ("no_approval", "7+pumps+pumps-for-research")


def test_as_known_before_it_was_published_there_is_no_proposal(run: Run) -> None:
    ran = run("decide", *PUMP, *PUMPS, "--known-on", "2025-12-31", "--format", "json")
    assert ran.json["outcome"] == "no_approval"


@pytest.mark.parametrize(
    ("args", "said", "said_zh"),
    [
        (("timeline", "category=pump"), "from 2026-07-01: certification", "强制性产品认证"),
        (("rules", "pump.certified"), "Draft on pumps", "关于泵的草案"),
        (("rules",), "pump.certified", "pump.certified"),
        (("instruments", "pump-draft"), "Draft on pumps", "关于泵的草案"),
        (("why-not", "pump.certified", "category=valve", "--on", "2026-08-01"), "pumps", "泵"),
        (("what-if", "category=pump", "--vary", "as_of=2026-06-01..2026-08-01"), "certification", "强制性产品认证"),
        (("flips", "purpose=domestic", *PUMP), "research", "研发"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_every_verb_takes_proposals(run: Run, args: tuple[str, ...], said: str, said_zh: str) -> None:
    assert said in run(*args, *BOTH).text
    assert said_zh in run(*args, *BOTH, "--lang", "zh").out


def test_the_casebook_is_run_against_a_proposal(run: Run) -> None:
    """A case that a proposal makes wrong is told."""
    assert run("test").code == 0
    struck = run("test", *PUMPS, "--format", "json")
    assert struck.code == 1
    assert "pump" in struck.out


def test_what_a_proposal_changes_is_written_to_stand_in_it(run: Run, tmp_path: Path) -> None:
    """With the cases that `--suggest` writes, those that it means to change, no case fails any more."""
    changed = run("test", "--suggest", *PUMPS, "--format", "json").json["changed"]
    assert changed
    written = "\n".join(one["yaml"] for one in changed)
    assert written in run("test", "--suggest", *PUMPS).out
    draft = tmp_path / "draft.yaml"
    draft.write_text((HERE / "pumps.yaml").read_text("utf-8") + "cases:\n" + written + "\n", "utf-8")
    named = ("--proposal", str(draft))
    assert [run("test", *named, "--lang", lang).code for lang in ("en", "zh")] == [0, 0]
    assert "case" not in {one["code"] for one in run("check", *named, "--format", "json").json["findings"]}
    assert run("test", "--suggest", *named, "--format", "json").json["changed"] == []
    assert run("test", "--suggest", "--format", "json").json["changed"] == []


def test_a_case_that_a_proposal_changes_is_told_with_what_to_do(run: Run) -> None:
    found = run("check", *PUMPS, "--format", "json").json["findings"]
    (help,) = {one["help"] for one in found if one["code"] == "case"}
    assert "under `cases:` in the proposal" in help
    assert "提案" in run("check", *PUMPS, "--lang", "zh").out


def test_a_case_that_expects_a_rule_struck_out_fails(run: Run) -> None:
    """It is no mistake in the casebook, but an answer that the proposal changes."""
    ran = run("test", "--proposal", str(HERE / "struck.yaml"), "--format", "json")
    assert (ran.code, ran.err) == (1, "")
    assert "large-2018" in ran.out


def test_a_wrong_proposal_is_told_with_every_problem(run: Run) -> None:
    """Exit code 2, each problem at its place, nothing on standard output."""
    file = str(HERE / "wrong.yaml")
    ran = run("decide", *PUMP, "--proposal", file)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"error: {file}:4:10: $.amend[0].id: unknown rule `large.licenced`\n"
        "  help: did you mean `large.licensed`?\n"
        f"error: {file}:6:5: $.repeal[0]: `source` is missing: the proposal declares no instrument\n"
        "  help: name the instrument that changes the rule\n"
    )


def test_a_proposal_that_is_not_there_is_told(run: Run) -> None:
    ran = run("rules", "--proposal", "no/such.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "no/such.yaml:1:1: cannot be read: no such file or directory" in ran.err
