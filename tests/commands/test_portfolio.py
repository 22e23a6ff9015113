"""`portfolio`: what several products need, in each format and language, and every way to get its file wrong."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import Ran, Run

HERE = Path(__file__).parent
FILE = HERE / "portfolio.yaml"
RULES = HERE.parent / "portfolio_rules"
LICENCES = "products: [{name: A, facts: {category: freezer}}, {name: B, facts: {category: cement}}]\n"

Ask = Callable[..., Ran]


@pytest.fixture
def ask(run: Run) -> Ask:
    """Ask about a portfolio given as text, or about the one beside the tests."""

    def call(*args: str, text: str | bytes | None = None) -> Ran:
        return run("portfolio", "-" if text is not None else str(FILE), *args, rules=RULES, input=text)

    return call


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_a_portfolio_is_told_like_this(ask: Ask, lang: str, format: str, golden: Callable[[str, Path], None]) -> None:
    """The numbers, each product, the certificates before and after, what is not settled, the sources."""
    ran = ask("--lang", lang, "--format", format)
    assert (ran.code, ran.err) == (3, "")
    golden(ran.out, HERE / "golden" / f"portfolio.{lang}.{format.replace('text', 'txt')}")


def test_json_is_the_portfolio_and_nothing_else(ask: Ask, golden: Callable[[str, Path], None]) -> None:
    ran = ask("--format", "json")
    assert (ran.code, ran.err) == (3, "")
    golden(ran.out, HERE / "golden" / "portfolio.json")


@pytest.mark.parametrize(
    ("day", "said", "absent"),
    [
        ("2018-03-14", ["2 certificates become 1.", "one for the enterprise: A, B", "for cement: B"], "not settled"),
        ("2017-03-14", ["2 certificates are needed, and none are merged on that day."], "Before merging"),
    ],
)
def test_the_day_decides_what_is_merged(ask: Ask, day: str, said: list[str], absent: str) -> None:
    ran = ask("--on", day, text=f"as_of: 2020-01-01\n{LICENCES}")
    assert ran.code == 0
    assert all(one in ran.text for one in said)
    assert f"on {day}" in ran.text
    assert absent not in ran.text


def test_one_certificate_and_none_are_told(ask: Ask) -> None:
    assert "1 certificate is needed." in ask(text="products: [{facts: {category: freezer}}]").text
    ran = ask(text="products: [{facts: {category: toy}}]")
    assert (ran.code, "No approval is needed." in ran.out, "Certificates" in ran.out) == (0, True, False)
    assert "What 1 product needs" in ran.out


def test_that_it_is_unsure_whether_a_certificate_is_merged_is_told(ask: Ask) -> None:
    ran = ask("--on", "2017-08-01", text=LICENCES)
    assert ran.code == 3
    assert "2 certificates become 1 to 2." in ran.text
    assert "Whether its certificate is merged rests on this." in ran.text
    assert "it matters: pilot of the reform" in ran.text


def test_a_default_is_told_as_one(run: Run) -> None:
    ran = run("portfolio", "-", input="products: [{facts: {category: pump}}]")
    assert (ran.code, "this is what holds where none does" in ran.text) == (0, True)


def test_an_earlier_decision_that_fails_is_named(run: Run, tmp_path: Path) -> None:
    """What rests on a decision whose rules contradict each other says so."""
    folder = tmp_path / "rules"
    shutil.copytree(HERE.parent / "explaining" / "rules", folder)
    ruleset = folder / "ruleset.yaml"
    ruleset.write_text(ruleset.read_text(encoding="utf-8").replace("main: access_route", "main: procedure"), "utf-8")
    product = "products: [{facts: {category: helmet, holds_licence: false}}]"
    ran = run("portfolio", "-", "--on", "2020-01-01", rules=folder, input=product)
    assert ran.code == 3
    assert "It rests on what is not settled either: Which approval does this product need" in ran.text
    assert "These rules contradict each other:" in ran.text


def test_without_a_day_today_is_taken_and_said(ask: Ask) -> None:
    today = dt.date.today().isoformat()
    for ran in (ask(text=LICENCES), ask("--lang", "zh", text=LICENCES)):
        assert today in ran.out
        assert "--on" in ran.out
    assert ask("--on", "today", "--format", "json", text=LICENCES).json["as_of"] == today
    assert ask("--on", "unknown", "--format", "json", text=LICENCES).json["as_of"] is None
    assert "the day not known" in ask(text=f"as_of:\n{LICENCES}").text


def test_what_was_known_may_be_asked(ask: Ask) -> None:
    known = {
        option: ask(*option, "--format", "json", text=f"known_on: 2017-01-01\nas_of: 2018-03-14\n{LICENCES}").json
        for option in ((), ("--known-on", "2018-01-01"))
    }
    assert [one["known_on"] for one in known.values()] == ["2017-01-01", "2018-01-01"]
    assert [one["after"]["least"] for one in known.values()] == [2, 1]
    assert "as known on 2018-01-01" in ask("--known-on", "2018-01-01", text=LICENCES).text


def test_json_is_read_as_well(ask: Ask) -> None:
    data = {"as_of": "2018-03-14", "facts": None, "products": [{"name": None, "facts": {"category": "toy"}}]}
    assert ask("--format", "json", text=json.dumps(data)).json["products"][0]["name"] == "#1"
    assert ask("--format", "json", text=json.dumps(data, indent="\t")).json["products"][0]["outcome"] == "no_approval"


def test_it_fits_a_narrow_terminal(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    from accessrules.commands import output

    monkeypatch.setattr(output, "PIPE_WIDTH", 30)
    for lang in ("en", "zh"):
        lines = [line for line in ask("--lang", lang).out.splitlines() if " " in line.strip()]
        assert max(map(len, lines)) <= 30


def test_every_problem_is_told_at_its_place(ask: Ask) -> None:
    text = (
        "as_of: 2018-13-01\nfcts: {}\nfacts: {pilto: true}\nproducts:\n  - name: A\n    facts:\n      categry: toy\n"
        '  - 5\n  - {name: A, category: toy}\n  - facts: {as_of: 2018-01-01, volume: "x"}\n'
    )
    ran = ask("--known-on", "soon", text=text)
    assert (ran.code, ran.out) == (2, "")
    for said in (
        "--known-on: `soon` is not a date",
        "standard input:1:8: $.as_of: there is no day `2018-13-01`",
        "standard input:2:1: $.fcts: unknown key `fcts`\n  help: did you mean `facts`?",
        "standard input:3:16: $.facts.pilto: unknown fact `pilto`",
        "standard input:7:16: $.products[0].facts.categry: unknown fact `categry`",
        "standard input:8:5: $.products[1]: the product is not a mapping",
        "standard input:9:12: $.products[2].name: the name `A` is taken, see `$.products[0]`",
        "standard input:9:25: $.products[2].category: unknown key `category`\n  help: write `category` under `facts:`",
        "standard input:10:20: $.products[3].facts.as_of: `as_of` is no fact of the case\n  help: give it beside",
        "standard input:10:40: $.products[3].facts.volume: `x` is not a number",
    ):
        assert f"error: {said}" in ran.err
    assert ran.err.count("error:") == 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "standard input:1:1: the file is empty"),
        ("{}", "standard input:1:1: $.products: there are no products"),
        ("[{facts: {}}]", "standard input:1:1: the portfolio is not a mapping"),
        ("products: 5", "standard input:1:11: $.products: the products are not a list"),
        ("products: {A: {}}", "standard input:1:11: $.products: the products are not a list"),
        ("products: []", "standard input:1:11: $.products: there are no products"),
        ("products: [", "broken YAML"),
        ("facts: 3\nproducts: [{}]", "standard input:1:8: $.facts: the facts are not a mapping"),
        ("products: [{name: 5}]", "$.products[0].name: `5` is not a name\n  help: write text, in quotes, or no name"),
        ("products: [{facts: {procedure: review}}]", "`procedure` is a decision, not a fact to give"),
        ("products: [{}]\nproducts: [{}]", "the key `products` stands twice"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b" " * 16_000_001, "is longer than 16 MB"),
        ('{"products": [{"facts": {"volume": NaN}}]}', "error: standard input:1:"),
    ],
)
def test_a_file_that_is_no_portfolio_is_told(ask: Ask, text: str | bytes, said: str) -> None:
    ran = ask(text=text)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize("name", ["no-such-file.yaml", os.curdir])
def test_a_file_that_cannot_be_read_is_told(run: Run, name: str) -> None:
    ran = run("portfolio", name, rules=RULES)
    assert (ran.code, ran.out) == (2, "")
    assert f"error: {name}:1:1: " in ran.err


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "production licence (contested)"), ("zh", "生产许可证（存在不同理解）")]
)
def test_a_contested_answer_is_no_plain_one(run: Run, lang: str, said: str) -> None:
    products = "as_of: 2018-03-14\nproducts: [{name: A, facts: {category: refrigerator, effective_volume: %s}}]"
    at, above = (run("portfolio", "-", "--lang", lang, input=products % volume).text for volume in (500, 501))
    assert said in at
    assert said not in above
    assert "Read otherwise" in at or "另一种理解" in at


ONE_LICENCE = "as_of: 2018-03-14\n" + LICENCES


def test_what_merges_certificates_is_told_with_its_sources(ask: Ask) -> None:
    said = ask(text=ONE_LICENCE).text
    assert (
        "one for the enterprise: A, B - On one certificate under “One licence for each enterprise” (review.enterprise) "
        "- Source: Reform Notice, part 1 — confirmed by a secondary report" in said
    )
    assert said.count("On one certificate under") == 1  # not before merging
    assert "合为一张证书的依据：“一企一证”（review.enterprise）" in ask("--lang", "zh", text=ONE_LICENCE).text


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "They differ in this, procedure: review: A; review on site: B"),
        ("zh", "各不相同："),
    ],
)
def test_what_differs_among_merged_products_is_remarked(run: Run, tmp_path: Path, lang: str, said: str) -> None:
    shutil.copytree(RULES, tmp_path / "rules")
    file = tmp_path / "rules" / "decisions" / "procedures.yaml"
    file.write_text(file.read_text(encoding="utf-8") + ON_SITE, encoding="utf-8")
    head = tmp_path / "rules" / "ruleset.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("outcomes: {review:", OUTCOMES), encoding="utf-8")
    assert said in run("portfolio", "-", "--lang", lang, rules=tmp_path / "rules", input=ONE_LICENCE).text
    assert "各不相同" not in run("portfolio", "-", "--lang", "zh", rules=RULES, input=ONE_LICENCE).text


OUTCOMES = "outcomes: {on_site: {en: review on site, zh: 现场审查}, review:"
ON_SITE = """
  - id: review.on-site
    when: {access_route: production_licence, category: cement}
    outcome: on_site
    exception_to: review.enterprise
    details: {one_certificate_per: enterprise}
    source: [{instrument: notice, at: part 2}]
"""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_product_without_approval_has_no_tick(ask: Ask, lang: str) -> None:
    products = "as_of: 2018-03-14\nproducts: [{name: A, facts: {category: lamp}}, {name: B, facts: {category: toy}}]"
    said = ask("--lang", lang, text=products).text
    assert "– A" in said
    assert "– B" in said
    assert "✓" not in said
