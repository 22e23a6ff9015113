"""`ask`: only what matters, one question at a time."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Run

ON = ("--on", "2018-03-14")


def test_it_asks_until_it_can_decide(run: Run) -> None:
    ran = run("ask", *ON, input="fridge\n520 L\n")
    assert (ran.code, ran.err) == (0, "")
    assert "Question 1" in ran.text
    assert "Which product is it?" in ran.out
    assert "Taken: refrigerators." in ran.out
    assert "Still possible: certification, production licence." in ran.text
    assert "below 500 L → certification" in ran.text
    assert "That is enough." in ran.out
    assert "Answer: production licence." in ran.out


def test_it_speaks_chinese(run: Run) -> None:
    ran = run("ask", *ON, "--lang", "zh", input="冰箱\n520 升\n")
    assert "是哪一类产品？" in ran.out
    assert "已记录：电冰箱。" in ran.out
    assert "结论：生产许可证。" in ran.out


@pytest.mark.parametrize(("lang", "dont_know"), [("en", "?"), ("en", "don't know"), ("zh", "不知道"), ("zh", "？")])
def test_what_is_not_known_is_not_asked_again(run: Run, lang: str, dont_know: str) -> None:
    ran = run("ask", "category=fridge", *ON, "--lang", lang, input=f"{dont_know}\n")
    assert ran.code == 0
    assert ("There is nothing more to ask." if lang == "en" else "没有其他可以询问的事实。") in ran.out


def test_an_end_of_input_answers_with_what_is_known(run: Run) -> None:
    ran = run("ask", "category=fridge", *ON, input="")
    assert (ran.code, ran.err) == (0, "")
    assert "The questions end here" in ran.text
    assert "not settled" in ran.text


def test_a_number_answers_from_the_list(run: Run) -> None:
    ran = run("ask", "effective_volume=520", *ON, input="3\n")
    assert "Taken: other appliances." in ran.out


def test_a_bad_answer_is_explained_and_asked_again(run: Run) -> None:
    ran = run("ask", "category=fridge", *ON, input="many\n-3\n12 kg\n\n1 foo\n400\n")
    assert "“many” is no answer to this." in ran.out
    assert "The value is at least 0 L (effective volume)." in ran.out
    assert "“kg” is not measured in L." in ran.out
    assert "Taken: effective volume 400 L." in ran.out


def test_a_bad_name_gets_suggestions_by_number(run: Run) -> None:
    ran = run("ask", "effective_volume=520", *ON, input="refrigeratr\n1\n")
    assert "Did you mean one of these?" in ran.out
    assert "Taken: refrigerators." in ran.out


def test_a_name_of_several_values_gets_them_by_number(run: Run) -> None:
    ran = run("ask", "effective_volume=520", *ON, input="cooler\n2\n")
    assert "1) freezers [freezer]" in ran.out
    assert "Taken: refrigerators." in ran.out


@pytest.mark.parametrize(
    ("text", "taken"), [("yes", "yes"), ("n", "no"), ("2", "yes"), ("没有", "no"), ("perhaps\ny", "yes")]
)
def test_yes_and_no_are_understood(run: Run, text: str, taken: str) -> None:
    ran = run("ask", "category=freezer", *ON, input=f"{text}\n")
    assert f"Taken: licence held: {taken}." in ran.out


def test_days_and_whole_numbers_are_asked_for(run: Run) -> None:
    ran = run("ask", "category=gas_cooker", input="nine\n9\n4\nlater\n2012-01-01\n")
    assert "Answer with a whole number, such as 3." in ran.out
    assert "The value is from 1 to at most 8 (burners)." in ran.out
    assert "Answer with a day, such as 2018-03-14." in ran.out
    assert "Answer: production licence." in ran.out


def test_the_day_itself_may_be_asked_for(run: Run) -> None:
    ran = run("ask", "category=fridge", "effective_volume=520", "--on", "unknown", input="2018-03-14\n")
    assert "For which day do you ask?" in ran.out
    assert "Answer: production licence." in ran.out


def test_a_long_list_is_shown_when_asked_for(run: Run) -> None:
    ran = run("ask", *ON, rules=None, input="list\n1\n?\n")
    assert "Type a name, such as" in ran.out
    assert "1) " in ran.out
    assert "Taken: " in ran.out


def test_bytes_that_are_no_text_are_a_bad_answer(run: Run) -> None:
    ran = run("ask", "category=fridge", *ON, input=b"\xff\xfe\n400\n")
    assert "Answer: certification." in ran.out


def test_a_program_gets_the_next_question(run: Run) -> None:
    data = run("ask", "category=fridge", *ON, "--format", "json").json
    assert (data["done"], data["fact"], data["may_remain"]) == (False, "effective_volume", 0)
    assert data["values"][0] == {"value": "below 500 L", "outcomes": ["ccc"], "failures": []}


def test_a_program_gets_the_decision_when_nothing_is_left(run: Run) -> None:
    data = run("ask", "category=fridge", "effective_volume=520", *ON, "--format", "json").json
    assert (data["done"], data["decision"]["outcome"]) == (True, "production_licence")


@pytest.mark.parametrize("given", [["--skip", "effective_volume"], ["effective_volume=unknown"]])
def test_a_program_says_what_is_not_known(run: Run, given: list[str]) -> None:
    data = run("ask", "category=fridge", *ON, *given, "--format", "json").json
    assert (data["done"], data["decision"]["status"]) == (True, "undetermined")


def test_an_unknown_fact_cannot_be_skipped(run: Run) -> None:
    ran = run("ask", "--skip", "volume")
    assert (ran.code, ran.out) == (2, "")
    assert "error: --skip: unknown fact `volume`" in ran.err
