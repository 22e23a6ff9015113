"""`facts`, `rules`, `instruments`: listed, found and shown."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Run


@pytest.mark.parametrize("verb", ["facts", "rules", "instruments"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("format", ["text", "json", "md", "html"])
def test_each_is_listed_in_each_format(run: Run, verb: str, lang: str, format: str) -> None:
    ran = run(verb, "--lang", lang, "--format", format)
    assert (ran.code, ran.err) == (0, "")
    if format == "json":
        assert ran.json[verb]
    else:
        assert "sample" in ran.out


@pytest.mark.parametrize(
    ("verb", "name"), [("facts", "category"), ("rules", "large.licensed"), ("instruments", "regs")]
)
@pytest.mark.parametrize("format", ["text", "json", "md", "html"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_one_is_shown_in_each_format(run: Run, verb: str, name: str, format: str, lang: str) -> None:
    ran = run(verb, name, "--format", format, "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    assert name in ran.out


@pytest.mark.parametrize(
    ("verb", "name", "meant"),
    [("facts", "categry", "category"), ("rules", "larg.licensed", "large.licensed"), ("instruments", "reg", "regs")],
)
def test_what_is_not_there_is_suggested(run: Run, verb: str, name: str, meant: str) -> None:
    ran = run(verb, name)
    assert (ran.code, ran.out) == (2, "")
    assert f"did you mean `{meant}`?" in ran.err


def test_a_fact_is_shown_with_its_values_as_a_tree(run: Run) -> None:
    out = run("facts", "category").out
    assert "  - appliance: appliances\n    - freezer: freezers (also: cooler, deep freezer)\n" in out
    assert "Tested by 11 rules." in out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("burners", "range: from 1 to at most 8"),
        ("effective_volume", "at least 0 L"),
        ("purpose", "presumed: sale here"),
        ("holds_licence", "type: yes or no"),
        ("made_on", "range: from 1950-01-01"),
    ],
)
def test_a_fact_is_shown_with_what_it_may_be(run: Run, name: str, said: str) -> None:
    assert said in run("facts", name).text


@pytest.mark.parametrize("text", ["冰箱", "fridge", "FRIDGE", "refrigerater", "电冰"])
def test_a_value_is_found_by_any_of_its_names(run: Run, text: str) -> None:
    found = run("facts", "--find", text, "--format", "json").json["found"]
    assert found[0]["value"] == "refrigerator"


def test_what_is_found_is_told_in_words(run: Run) -> None:
    assert "category = refrigerator: refrigerators, 电冰箱" in run("facts", "--find", "冰箱").text
    assert "effective_volume：有效容积" in run("facts", "--find", "volume", "--lang", "zh").out
    assert "Nothing is called “zzz”." in run("facts", "--find", "zzz").out
    assert "Nothing is called “zzz”." in run("instruments", "--find", "zzz").out


def test_a_name_and_a_search_exclude_each_other(run: Run) -> None:
    assert run("facts", "category", "--find", "x").code == 2


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (["--decision", "issuing_authority"], ["issued.by-bodies", "issued.nationally"]),
        (["--confidence", "unverified"], ["export.open"]),
        (["--group", "routes", "--find", "freezer"], ["freezer.a", "freezer.b"]),
        (["--find", "冷冻箱"], ["freezer.a", "freezer.b"]),
        (["--find", "大容积"], ["large.certified", "large.licensed"]),
        (["--find", "zzz"], []),
    ],
)
def test_rules_are_filtered_and_found(run: Run, filters: list[str], ids: list[str]) -> None:
    assert [one["rule"] for one in run("rules", *filters, "--format", "json").json["rules"]] == ids


def test_no_rule_that_fits_is_told(run: Run) -> None:
    assert "No rule fits that." in run("rules", "--find", "zzz").out


def test_every_unknown_filter_is_told(run: Run) -> None:
    ran = run("rules", "--decision", "acces_route", "--group", "route")
    assert ran.code == 2
    assert "did you mean `access_route`?" in ran.err
    assert "did you mean `routes`?" in ran.err


def test_a_group_in_the_place_of_a_rule_is_told(run: Run) -> None:
    assert "use `--group routes`" in run("rules", "routes").err


def test_a_rule_is_shown_whole(run: Run) -> None:
    text = run("rules", "large.licensed").text
    for said in (
        "Gives: production licence",
        "In force: from 2005-09-01 to before 2020-10-01",
        "Ended on 2020-10-01",
        "effective volume: at least 500 L",
        "Licence Regulations, Order No. 1, catalogue",
        "for context only",
        "Its exceptions",
        "Other readings - a trade report: certification",
        "where effective volume: 500 L",
        "code: XK06",
        "fee waived: yes",
        "Note: the threshold is included",
        "decisions/routes.yaml:",
    ):
        assert said in text


def test_a_condition_is_shown_as_it_nests(run: Run) -> None:
    out = run("rules", "small.certified").out
    assert (
        "  - at least one of these:\n    - effective volume: below 500 L\n    - all of these:\n"
        "      - purpose: research\n      - licence held: no\n"
    ) in out


def test_negations_are_shown_as_they_nest(run: Run) -> None:
    out = run("rules", "valve.small").out
    assert "  - none of these:\n    - licence held: yes\n    - purpose: research\n" in out
    assert "  - not all of these:\n    - burners: at least 3\n    - effective volume: at least 9 L\n" in out
    assert "In force: before 2030-01-01" in out
    assert "  - fees\n    - 1\n    - 2\n" in out


def test_a_reading_may_be_contested_wherever_the_rule_applies(run: Run) -> None:
    assert "somebody: no approval - wherever the rule applies" in run("rules", "appliance.other").text


def test_an_open_rule_is_shown_with_its_outcomes(run: Run) -> None:
    assert "Its sources leave open: no approval or production licence" in run("rules", "export.open").text


def test_an_instrument_is_shown_with_the_rules_that_cite_it(run: Run) -> None:
    text = run("instruments", "regs").text
    for said in (
        "Number: Order No. 1",
        "Issued by State Council",
        "Published on 2005-01-01",
        "Effective from 2005-02-01",
        "Text read: in full",
        "https://example.org/regs",
        "Note: read in a reprint",
        "Cited by",
        "- Art. 9",
    ):
        assert said in text
    assert "Until 2030-01-01" in run("instruments", "notice").text
    assert "No rule cites it." in run("instruments", "unused").text


def test_instruments_are_found_by_title_and_number(run: Run) -> None:
    for text in ("条例", "order no. 1", "licence reg"):
        found = run("instruments", "--find", text, "--format", "json").json["instruments"]
        assert found[0]["instrument"] == "regs"


@pytest.mark.parametrize(
    ("text", "value", "facts"),
    [
        ("fridge 520L", "refrigerator", {"effective_volume": 520}),
        ("500升冰箱", "refrigerator", {"effective_volume": 500}),
        ("冰箱 0.52立方米", "refrigerator", {"effective_volume": 520}),
        ("large fridges", "refrigerator", {}),
        ("valve of 9 l", "valve", {"effective_volume": 9}),
        ("deep-freezers", "freezer", {}),
        ("freezer 300 L", "freezer", {}),
        ("fridge 5 kW", "refrigerator", {}),
    ],
)
def test_a_phrase_leads_to_the_value_and_its_measure_to_the_fact(
    run: Run, text: str, value: str, facts: dict[str, int]
) -> None:
    """Words that no name has do no harm; a measure is offered where rules test it together with the value."""
    data = run("facts", "--find", text, "--format", "json").json
    assert data["found"][0]["value"] == value
    assert {one["fact"]: one["value"] for one in data["facts"]} == facts
    assert all(one["unit"] == "L" and set(one["label"]) == {"en", "zh"} for one in data["facts"])


def test_a_measure_is_told_in_words(run: Run) -> None:
    assert "as a fact: - effective_volume=520 L: effective volume" in run("facts", "--find", "fridge 520L").text
    assert "- effective_volume=520 L：有效容积" in run("facts", "--find", "520升", "--lang", "zh").out
    assert "as a fact" not in run("facts", "--find", "fridge").out


def test_values_go_before_facts_that_match_alike(run: Run) -> None:
    found = run("facts", "--find", "burner gas cooker", "--format", "json").json["found"]
    assert [(one["fact"], one["value"]) for one in found[:2]] == [("category", "gas_cooker"), ("burners", None)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("refrigerator 520L", "household_refrigerator"),
        ("500升冰箱", "household_refrigerator"),
        ("冰箱 520升", "household_refrigerator"),
        ("large refrigerator", "household_refrigerator"),
        ("fridges", "household_refrigerator"),
        ("e bike", "electric_bicycle"),
        ("ebike", "electric_bicycle"),
        ("lead acid ebike battery", "ebike_lead_acid_battery"),
        ("大型家用冰箱", "household_refrigerator"),
        ("24千瓦燃气热水器", "household_gas_water_heater"),
    ],
)
def test_what_people_say_leads_to_the_shipped_category(run: Run, text: str, value: str) -> None:
    found = run("facts", "--find", text, "--format", "json", rules=None).json["found"]
    assert (found[0]["fact"], found[0]["value"]) == ("category", value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("refrigerator 520L", "household_refrigerator"),
        ("500升冰箱", "household_refrigerator"),
        ("lead-acid ebike batteries", "ebike_lead_acid_battery"),
    ],
)
def test_a_phrase_in_the_place_of_a_value_is_answered_with_the_value(run: Run, text: str, value: str) -> None:
    ran = run("decide", f"category={text}", rules=None)
    assert (ran.code, ran.out) == (2, "")
    assert f"did you mean `{value}`?" in ran.err
