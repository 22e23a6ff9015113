"""`decide`: the explained decision, in each format, with its exit code."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.commands.conftest import SAMPLE, Run

LARGE = ("category=refrigerator", "effective_volume=520", "--on", "2018-03-14")


def test_it_prints_the_explanation_and_ends_with_0(run: Run) -> None:
    ran = run("decide", *LARGE)
    assert (ran.code, ran.err) == (0, "")
    assert "Answer: production licence." in ran.out
    assert "large.licensed" in ran.out


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (["category=refrigerator", "--on", "2018-03-14"], "undetermined"),
        (["category=gas_cooker", "burners=8", "made_on=2018-01-01"], "conflict"),
        (["category=pump", "--decision", "issuing_authority"], "no_rule"),
    ],
)
def test_an_answer_that_is_not_settled_ends_with_3(run: Run, facts: list[str], status: str) -> None:
    ran = run("decide", *facts, "--format", "json")
    assert (ran.code, ran.json["status"]) == (3, status)


def test_json_is_the_decision_and_nothing_else(run: Run) -> None:
    data = run("decide", *LARGE, "--format", "json").json
    assert (data["outcome"], data["as_of"], data["facts"]["effective_volume"]) == (
        "production_licence",
        "2018-03-14",
        520,
    )
    assert list(data)[:3] == ["decision", "status", "outcome"]


def test_all_decisions_come_by_name(run: Run) -> None:
    data = run("decide", *LARGE, "--decision", "all", "--format", "json").json
    assert {name: one["outcome"] for name, one in data.items()} == {
        "access_route": "production_licence",
        "issuing_authority": "national",
    }
    text = run("decide", *LARGE, "--decision", "all").out
    assert "Which approval does it need?" in text
    assert "Who issues it?" in text


def test_all_decisions_end_with_3_where_one_is_not_settled(run: Run) -> None:
    assert run("decide", "category=pump", "--decision", "all").code == 3


def test_markdown_and_html_are_written(run: Run) -> None:
    assert run("decide", *LARGE, "--format", "md").out.startswith("# ")
    assert "<section" in run("decide", *LARGE, "--format", "html").out


def test_chinese_is_spoken(run: Run) -> None:
    assert "结论：生产许可证。" in run("decide", *LARGE, "--lang", "zh").out


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "No day was given, so today is taken"), ("zh", "未给出日期，按今天")]
)
def test_it_says_that_today_was_taken(run: Run, lang: str, said: str) -> None:
    given = run("decide", *LARGE, "--lang", lang)
    taken = run("decide", *LARGE[:2], "--lang", lang)
    assert said not in given.text
    assert said in taken.text


def test_today_is_the_day_asked_about_where_none_is_given(run: Run) -> None:
    day = run("decide", *LARGE[:2], "--format", "json").json["as_of"]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", day)
    assert run("decide", *LARGE[:2], "--on", "unknown", "--format", "json").json["as_of"] is None


def test_known_on_hides_later_instruments(run: Run) -> None:
    later = run("decide", *LARGE[:2], "--on", "2021-01-01", "--format", "json").json
    before = run("decide", *LARGE[:2], "--on", "2021-01-01", "--known-on", "2018-01-01", "--format", "json").json
    assert (later["outcome"], before["outcome"]) == ("ccc", "production_licence")


def test_values_are_typed_by_the_vocabulary(run: Run) -> None:
    data = run(
        "decide",
        "category=gas_cooker",
        "burners=3",
        "holds_licence=是",
        "made_on=2018-01-02",
        "effective_volume=0.5 m3",
        "purpose=unknown",
        "--format",
        "json",
    ).json
    assert data["facts"] == {
        "burners": 3,
        "category": "gas_cooker",
        "effective_volume": 500,
        "holds_licence": True,
        "made_on": "2018-01-02",
        "purpose": None,
    }
    assert data["presumed"] == {}


@pytest.mark.parametrize("name", ["fridge", "Fridge", "冰箱", "电冰箱", "refrigerators"])
def test_a_category_may_go_by_its_label_or_common_name(run: Run, name: str) -> None:
    assert run("decide", f"category={name}", "--format", "json").json["facts"]["category"] == "refrigerator"


def test_a_name_of_several_values_is_refused(run: Run) -> None:
    ran = run("decide", "category=cooler")
    assert ran.code == 2
    assert "`cooler` may be any of `freezer`, `refrigerator`" in ran.err


def test_a_common_name_that_is_misspelt_is_suggested(run: Run) -> None:
    assert "did you mean `refrigerator`?" in run("decide", "category=frigde").err


@pytest.mark.parametrize(
    "text",
    ['{"category": "refrigerator", "effective_volume": 520}', "category: refrigerator\neffective_volume: 520 L\n"],
)
def test_facts_come_from_a_file_or_standard_input(run: Run, tmp_path: Path, text: str) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text(text, encoding="utf-8")
    for name, input in ((str(file), None), ("-", text)):
        ran = run("decide", "--facts", name, "--on", "2018-03-14", "--format", "json", input=input)
        assert ran.json["outcome"] == "production_licence"


def test_a_file_may_be_a_whole_case(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text('{"facts": {"category": "refrigerator"}, "as_of": "2018-03-14", "known_on": "2018-03-14"}')
    data = run("decide", "--facts", str(file), "effective_volume=520", "--format", "json").json
    assert (data["as_of"], data["known_on"], data["outcome"]) == ("2018-03-14", "2018-03-14", "production_licence")


def test_a_day_in_the_file_that_is_null_is_unknown(run: Run) -> None:
    assert run("decide", "--facts", "-", "--format", "json", input='{"facts": {}, "as_of": null}').json["as_of"] is None


def test_json_that_yaml_does_not_read_is_read_as_json(run: Run) -> None:
    ran = run("decide", "--facts", "-", "--on", "2018-03-14", "--format", "json", input='{\n\t"category":\t"pump"\n}')
    assert ran.json["facts"] == {"category": "pump"}


OVERSIGHT = """
  oversight:
    question: {en: What follows?, zh: 有何后果？}
    outcomes: {%s}
  issuing_authority:"""
EVENT = """
  event: {type: choice, question: {en: What happened?, zh: 发生了什么？}, values: {check: check, lie: lie, fire: fire}}
"""
RULES = """
decision: oversight
rules:
  - {id: a, when: {event: check}, outcome: rectify, source: [{instrument: regs, at: a}]}
  - {id: b, when: {event: lie}, outcome: %s, source: [{instrument: regs, at: b}]}
  - {id: c, when: {event: fire}, outcome: rectify, source: [{instrument: regs, at: c}]}
"""


@pytest.fixture
def with_oversight(tmp_path: Path) -> Path:
    """The sample with a decision that rests on an event."""
    folder = tmp_path / "rules"
    shutil.copytree(SAMPLE, folder)
    outcomes = "rectify: {en: put it right, zh: 整改}, revoke: {en: revoke, zh: 撤销}"
    head, facts = folder / "ruleset.yaml", folder / "vocabulary.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("\n  issuing_authority:", OVERSIGHT % outcomes))
    facts.write_text(facts.read_text(encoding="utf-8").rstrip() + EVENT, encoding="utf-8")
    (folder / "decisions" / "oversight.yaml").write_text(RULES % "revoke", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Not asked. To ask, say event: What happened? Still possible: put it right; revoke."),
        ("zh", "未询问该问题。如需询问，请提供 event：发生了什么？仍有可能的结论：整改；撤销。"),
    ],
)
def test_a_decision_that_the_case_says_nothing_about_is_told_in_a_line(
    run: Run, with_oversight: Path, lang: str, said: str
) -> None:
    everything = (*LARGE, "--decision", "all", "--lang", lang)
    ran = run("decide", *everything, rules=with_oversight)
    assert ran.code == 3
    assert said.replace(" ", "") in ran.text.replace(" ", "")
    asked = run("decide", *everything, "event=lie", rules=with_oversight)
    assert asked.code == 0
    assert said[:4] not in asked.text
    alone = run("decide", *LARGE, "--decision", "oversight", "--lang", lang, rules=with_oversight)
    assert said[:4] not in alone.text
    told = run("decide", *everything, "--format", "json", rules=with_oversight).json["oversight"]
    assert [one["fact"] for one in told["needs"]] == ["event"]
