"""Decisions of every kind, told in both languages: the words themselves are in `golden/`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from rich.cells import cell_len

from accessrules import Decision, load_rules
from accessrules.explaining.document import Document, Heading
from accessrules.explaining.guiding import details
from accessrules.explaining.labels import Labels
from accessrules.explaining.reasoning import gives_way, why
from accessrules.explaining.story import story
from accessrules.explaining.writers import write_text
from tests.explaining.examples import EXAMPLES, HERE, decide, hurried_rules, rules

Golden = Callable[[str, Path], None]
LANGUAGES = ("en", "zh")
FORMATS = {"text": "txt", "md": "md", "html": "html", "json": "json"}
IN_EVERY_FORMAT = ("decided", "undetermined", "conflict", "markup")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_decision_is_told_as_it_was_reviewed(name: str, lang: str, golden: Golden) -> None:
    golden(decide(name).explain(lang), HERE / "golden" / f"{name}.{lang}.txt")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("format", ["md", "html"])
@pytest.mark.parametrize("name", IN_EVERY_FORMAT)
def test_it_is_set_in_every_format_as_it_was_reviewed(name: str, format: str, lang: str, golden: Golden) -> None:
    golden(decide(name).explain(lang, format), HERE / "golden" / f"{name}.{lang}.{FORMATS[format]}")


@pytest.mark.parametrize("name", IN_EVERY_FORMAT)
def test_the_json_is_the_decision_in_every_language(name: str, golden: Golden) -> None:
    decision = decide(name)
    assert decision.explain("en", "json") == decision.explain("zh", "json") == decision.model_dump_json(indent=2)
    golden(decision.explain(format="json") + "\n", HERE / "golden" / f"{name}.json")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_answer_that_is_not_exact_says_so(lang: str, golden: Golden) -> None:
    decision = hurried_rules().decide({})
    assert not decision.model_dump()["exact"]
    golden(decision.explain(lang), HERE / "golden" / f"inexact.{lang}.txt")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80, 100])
@pytest.mark.parametrize("name", EXAMPLES)
def test_text_keeps_to_its_columns(name: str, width: int, lang: str) -> None:
    for one in decide(name).explain(lang, width=width).splitlines():
        assert cell_len(one) <= width
        assert one == one.rstrip()
        assert "\x1b" not in one


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_section_is_empty_and_no_place_unfilled(name: str, lang: str) -> None:
    decision = decide(name)
    blocks = story(decision.model_dump(), decision.rules.form, lang).blocks
    for block, after in pairwise(blocks):
        assert not (isinstance(block, Heading) and isinstance(after, Heading))
    assert not isinstance(blocks[-1], Heading)
    assert "{" not in decision.explain(lang)


def test_a_conflict_is_told_without_an_article_where_the_rule_set_names_none() -> None:
    decision = decide("conflict")
    told = write_text(story(decision.model_dump(), replace(decision.rules.form, authorities={})))
    assert "to rule on it.\n" in told


def test_an_article_and_sources_are_left_out_where_there_are_none() -> None:
    labels = Labels(rules().form, "en")
    one = {"rule": "gas.one", "to": "gas.two", "principle": "new", "authority": None}
    assert "".join(span.text for span in gives_way(one, labels)).endswith("that one is newer")
    report = {"status": "decided", "open": [], "because": [{"rule": None, "default": True, "sources": []}]}
    assert len(why(report, labels)) == 1


def test_an_answer_with_no_outcome_left_lists_none() -> None:
    report = {**decide("conflict_possible").model_dump(), "possible": [], "possible_status": ["conflict", "no_rule"]}
    told = write_text(story(report, rules().form))
    assert "Still possible" not in told
    assert "contradict each other, or that no rule applies" in " ".join(told.split())


def test_details_that_say_nothing_are_left_out() -> None:
    assert details({"details": {"a": [], "b": {}, "c": ""}}, Labels(rules().form, "en")) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (30, "- x y: 30\n"),
        (True, "- x y: yes\n"),
        (None, "- x y: not known\n"),
        ("60 working days", "- x y: 60 working days\n"),
        ("3 wishes", "- x y: 3 wishes\n"),
        (["a"], "- x y: a\n"),
        ({"en": "form", "zh": "申请书"}, "- x y: form\n"),
        (["a", ["b", "c"], {"kind_of": "d", "fee": 1}], "- x y\n  - a\n  - b; c\n  - kind of: d; fee: 1\n"),
        ({"a": {"b": ["c", "d"]}}, "- x y\n  - a\n    - b\n      - c\n      - d\n"),
    ],
)
def test_details_of_any_shape_are_told(value: object, shown: str) -> None:
    blocks = details({"details": {"x_y": value}}, Labels(rules().form, "en"))
    assert write_text(Document(tuple(blocks))) == shown


@pytest.mark.parametrize(
    ("lang", "scope", "shown"),
    [
        ("en", "category", ": each category of products"),
        ("en", "enterprise", ": the whole enterprise"),
        ("zh", "category", "：一类产品"),
        ("zh", "enterprise", "：整个企业（一企一证）"),
    ],
)
def test_what_one_certificate_is_for_is_told_in_words(lang: str, scope: str, shown: str) -> None:
    blocks = details({"details": {"one_certificate_per": scope}}, Labels(rules().form, lang))
    assert write_text(Document(tuple(blocks))) == f"- one certificate per{shown}\n"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_the_shipped_rules_can_be_told_of_every_product(lang: str, format: str) -> None:
    shipped = load_rules()
    kinds = [fact for fact in shipped.form.vocabulary if fact.type == "category"]
    decisions: list[Decision] = [
        shipped.decide({kinds[0].name: value}, as_of=day, decision=decision)
        for value in list(kinds[0].values)[::5]
        for day in ("2016-01-01", "2019-01-01", None)
        for decision in shipped.form.decisions
    ]
    for one in decisions:
        assert one.explain(lang, format)
