"""Up to when a rule set knows the law is told wherever an answer goes beyond it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from accessrules import RuleSet
from tests.commands.conftest import SAMPLE, Run
from tests.commands.conftest import run as run  # a fixture
from tests.explaining.examples import rules

KNOWN = RuleSet(replace(rules().form, known_until=dt.date(2026, 1, 31)))
LAMP = {"category": "lamp"}
LIMIT = {
    "en": "The rules say what was known on 2026-01-31; what has changed since is not in them.",
    "zh": "规则集的内容截至 2026-01-31，此后的变化未予收录。",
}
NEVER = {"en": "No later change was known on 2026-01-31.", "zh": "截至 2026-01-31，未见此后有变化。"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("day", "is_beyond"), [("2026-01-31", False), ("2026-02-01", True), (None, False)])
def test_an_answer_beyond_what_is_known_says_so(day: str | None, is_beyond: bool, lang: str) -> None:
    said = "".join(KNOWN.decide(LAMP, as_of=day).explain(lang, width=1000).splitlines())
    assert (LIMIT[lang] in said) is is_beyond
    assert (NEVER[lang] in said) is (day is not None and not is_beyond)
    assert "know of no later change" not in said


def test_an_answer_that_is_not_settled_says_so_too() -> None:
    assert LIMIT["en"] in KNOWN.decide({}, as_of="2027-01-01").explain(width=1000)


def test_a_rule_set_that_does_not_say_it_knows_of_no_later_change() -> None:
    said = rules().decide(LAMP, as_of="2100-01-01").explain(width=1000)
    assert "These rules know of no later change." in said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in SAMPLE.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        if file.name == "ruleset.yaml":
            text += "known_until: 2026-01-31\n"
        target = tmp_path / file.relative_to(SAMPLE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("verb", "day", "is_told"),
    [("flips", "2026-01-31", False), ("flips", "2026-02-01", True), ("timeline", "2018-03-14", True)],
)
def test_other_verbs_say_it_where_they_go_beyond(run: Run, folder: Path, verb: str, day: str, is_told: bool) -> None:
    said = run(verb, "category=refrigerator", "effective_volume=520", "--on", day, rules=folder).text
    assert (LIMIT["en"] in said) is is_told


def test_a_portfolio_says_it(run: Run, folder: Path) -> None:
    products = "as_of: 2027-01-01\nproducts: [{facts: {category: pump}}]"
    assert LIMIT["en"] in run("portfolio", "-", rules=folder, input=products).text
