"""What a portal relies on: the public names, the calls of a rule set, and what comes back."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
from decimal import Decimal
from typing import Any

import pytest

import accessrules
from accessrules import AccessRulesError, Case, CaseError, Problem, QueryError, RuleSet, load_rules
from accessrules.errors import Place
from tests.reading.test_cases import CASES

FRIDGE = {"category": "household_refrigerator", "effective_volume": 520}
DAY = "2018-03-14"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(CASES / "base")


def test_the_public_names_are_these() -> None:
    """Whatever is added to or removed from the package's face is a decision."""
    assert sorted(accessrules.__all__) == [
        "AccessRulesError",
        "Case",
        "CaseError",
        "Decision",
        "Portfolio",
        "Problem",
        "QueryError",
        "RegisterError",
        "RuleFileError",
        "RuleSet",
        "load_rules",
    ]
    assert all(hasattr(accessrules, name) for name in accessrules.__all__)


@pytest.mark.parametrize(
    "case",
    [
        FRIDGE,
        Case(FRIDGE),
        {"category": "household_refrigerator", "effective_volume": "520 L"},
        {"category": "household_refrigerator", "effective_volume": "0.52 m3"},
        {"category": "household_refrigerator", "effective_volume": 520.0},
        {"category": "household_refrigerator", "effective_volume": Decimal("5.2e2")},
    ],
    ids=["mapping", "Case", "litres", "cubic metres", "float", "decimal"],
)
@pytest.mark.parametrize("day", [DAY, dt.date(2018, 3, 14)])
def test_one_case_may_be_given_in_many_ways(rules: RuleSet, case: Any, day: Any) -> None:
    """The same case, however it is spelt, gives the same bytes."""
    assert rules.decide(case, as_of=day).model_dump_json() == rules.decide(FRIDGE, as_of=DAY).model_dump_json()


def test_dates_of_a_case_may_stand_in_it(rules: RuleSet) -> None:
    """A Case may carry its dates; the same date twice is fine, two different ones are not."""
    dated = Case(FRIDGE, as_of=DAY, known_on="2010-01-01")
    assert rules.decide(dated).model_dump()["known_on"] == "2010-01-01"
    assert rules.decide(dated, as_of=DAY).outcome == "production_licence"
    with pytest.raises(CaseError, match="`as_of` is given twice"):
        rules.decide(dated, as_of="2019-01-01")


@pytest.mark.parametrize(
    ("facts", "path", "message"),
    [
        ({"effective_volume": "520"}, "$.facts.effective_volume", '`"520"` is text, not a number'),
        ({"effective_volume": True}, "$.facts.effective_volume", "`true` is not a number"),
        ({"effective_volume": float("nan")}, "$.facts.effective_volume", "`nan` is not a number"),
        ({"effective_volume": float("inf")}, "$.facts.effective_volume", "`inf` is not a number"),
        ({"effective_volume": -1}, "$.facts.effective_volume", "`-1 L` is out of range"),
        ({"effective_volume": "5 kg"}, "$.facts.effective_volume", "`kg` is not a unit of `effective_volume`"),
        ({"effective_volume": Decimal("0.1234567890123456789")}, "$.facts.effective_volume", "more digits"),
        ({"effective_volume": Decimal("1e400")}, "$.facts.effective_volume", "out of range"),
        ({"months_since_grant": 2.5}, "$.facts.months_since_grant", "`2.5` is not a whole number"),
        ({"months_since_grant": "6"}, "$.facts.months_since_grant", '`"6"` is text, not a number'),
        ({"months_since_grant": "2.5 months"}, "$.facts.months_since_grant", "is not a whole number"),
        ({"holds_licence": 1}, "$.facts.holds_licence", "`1` is neither true nor false"),
        ({"holds_licence": "yes"}, "$.facts.holds_licence", "`yes` is neither true nor false"),
        ({"manufactured_on": "14.3.2018"}, "$.facts.manufactured_on", "`14.3.2018` is not a date"),
        ({"manufactured_on": "2018-02-30"}, "$.facts.manufactured_on", "there is no day `2018-02-30`"),
        ({"manufactured_on": dt.datetime(2018, 3, 14)}, "$.facts.manufactured_on", "is not a date"),
        ({"purpose": "resarch"}, "$.facts.purpose", "`resarch` is not a value of `purpose`"),
        ({"purpose": []}, "$.facts.purpose", "is not a value of `purpose`"),
        ({"access_route": "ccc"}, "$.facts.access_route", "is a decision, not a fact to give"),
        ({"as_of": DAY}, "$.facts.as_of", "`as_of` is no fact of the case"),
        ({"volume": 1}, "$.facts.volume", "unknown fact `volume`"),
        ({7: 1}, "$.facts.7", "unknown fact `7`"),
        ([], "$.facts", "the facts are not a mapping"),
        (None, "$.facts", "the facts are not a mapping"),
    ],
)
def test_facts_that_do_not_fit_are_told_with_their_path(rules: RuleSet, facts: Any, path: str, message: str) -> None:
    """Nothing is guessed or coerced: each fact that does not fit is one problem, and says what would be right."""
    with pytest.raises(CaseError) as wrong:
        rules.decide(facts, as_of=DAY)
    (problem,) = wrong.value.problems
    assert problem.path == path
    assert message in problem.message
    assert problem.help


def test_every_problem_of_a_case_is_told_at_once(rules: RuleSet) -> None:
    """Facts and dates are all checked before anything is raised."""
    with pytest.raises(CaseError) as wrong:
        rules.decide({"purpse": "export", "effective_volume": "5 kg"}, as_of="2018-13-01", known_on="never")
    paths = [problem.path for problem in wrong.value.problems]
    assert paths == ["$.as_of", "$.facts.effective_volume", "$.facts.purpse", "$.known_on"]
    assert "did you mean `purpose`?" in str(wrong.value)


def test_what_was_given_may_change_afterwards(rules: RuleSet) -> None:
    """A decision remembers the case as it was asked, and what it gives out may be changed without harm."""
    facts: dict[str, Any] = dict(FRIDGE)
    case = Case(facts)
    decision = rules.decide(facts, as_of=DAY)
    facts["effective_volume"] = 1
    assert decision.model_dump()["facts"]["effective_volume"] == 520
    assert rules.decide(case, as_of=DAY).outcome == "production_licence"
    first = decision.model_dump()
    first["because"].clear()
    first["ruleset"]["name"] = "another"
    assert decision.model_dump()["because"]
    assert decision.model_dump_json() == rules.decide(FRIDGE, as_of=DAY).model_dump_json()


def test_an_unknown_decision_is_told(rules: RuleSet) -> None:
    """The nearest name is offered; without a name, and without a main one among several, the names are."""
    with pytest.raises(QueryError, match="did you mean `access_route`"):
        rules.decide(FRIDGE, decision="acess_route")
    several = load_rules(CASES.parent / "explaining" / "rules")
    assert list(several.decide_all({}, as_of=DAY)) == sorted(several.form.decisions)


def test_why_not(rules: RuleSet) -> None:
    """Why a rule does not decide: its tests with the case's values; or to whom it yielded."""
    early = rules.decide(FRIDGE, as_of=DAY).why_not("refrigerator.large.certified")
    assert (early["applies"], early["decides"], early["yielded"]) == (False, False, [])
    assert [t["fact"] for t in early["tests"] if t["holds"] is False] == ["as_of"]
    late = rules.decide(FRIDGE, as_of="2021-01-01").why_not("refrigerator.large.licensed")
    assert late["applies"] is True
    assert [y["to"] for y in late["yielded"]] == ["refrigerator.large.certified"]
    unknown = rules.decide({"category": "household_refrigerator"}, as_of=DAY).why_not("refrigerator.large.licensed")
    assert unknown["applies"] is None
    with pytest.raises(QueryError, match=r"did you mean `refrigerator\.large\.licensed`"):
        rules.decide(FRIDGE, as_of=DAY).why_not("refrigerator.large.licenced")


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        ({}, "0 facts are varied"),
        ({"effective_volume": "*", "purpose": "*", "as_of": "*"}, "3 facts are varied"),
        ({"volume": "1..2"}, "unknown fact `volume`"),
        ({"effective_volume": "600..400"}, "the range `600..400` is empty"),
        ({"effective_volume": "a..b"}, "`a` is not a number"),
        ({"effective_volume": []}, "is no range of `effective_volume`"),
        ({"effective_volume": 7}, "is no range of `effective_volume`"),
        ({"purpose": "export,reserch"}, "`reserch` is not a value of `purpose`"),
        ({"access_route": "*"}, "unknown fact `access_route`"),
    ],
)
def test_what_cannot_be_varied_is_told(rules: RuleSet, vary: dict[str, Any], message: str) -> None:
    """Each wrong range is one located problem."""
    with pytest.raises(QueryError) as wrong:
        rules.what_if(FRIDGE, vary, as_of=DAY)
    assert message in str(wrong.value)


def test_varying_with_open_ends_and_lists(rules: RuleSet) -> None:
    """`400..` and `..400` are open on one side; a list names values."""
    for spec, expected in (
        ("400..", ["from 400 L to below 500 L", "at least 500 L"]),
        ("..600", ["below 500 L", "from 500 L to at most 600 L"]),
        (["450 L", 600], ["450 L", "600 L"]),
        ("*", ["below 500 L", "at least 500 L"]),
        (None, ["below 500 L", "at least 500 L"]),
    ):
        regions = rules.what_if({"category": "household_refrigerator"}, {"effective_volume": spec}, as_of=DAY)
        assert [region["region"]["effective_volume"] for region in regions] == expected


def test_flips_over_named_facts(rules: RuleSet) -> None:
    """`over` names what may change, days too; an unknown fact in it is told."""
    (flip,) = rules.flips(FRIDGE, as_of=DAY, over=["as_of"])[:1]
    assert flip["changes"] == {"as_of": {"from": DAY, "to": "2005-08-31"}}
    assert flip["decision"].outcome == flip["outcome"] == "no_approval"
    with pytest.raises(QueryError, match="unknown fact `volume`"):
        rules.flips(FRIDGE, as_of=DAY, over=["volume"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rules: rules.decide({}, decision=["access_route"]), "unknown decision `['access_route']`"),
        (lambda rules: rules.decide({}, decision=""), "unknown decision ``"),
        (lambda rules: rules.flips(FRIDGE, over="purpose"), "`purpose` is no list of facts"),
        (lambda rules: rules.flips(FRIDGE, over=3), "`3` is no list of facts"),
        (lambda rules: rules.flips(FRIDGE, at_most=0), "`0` is no number of facts"),
        (lambda rules: rules.flips(FRIDGE, at_most="2"), "`2` is no number of facts"),
        (lambda rules: rules.ask({}, skip=["purpse"]), "did you mean `purpose`?"),
        (lambda rules: rules.what_if({}, None), "`None` is no mapping"),
        (lambda rules: rules.decide({}).explain(lang="fr"), "unknown language `fr`"),
        (lambda rules: rules.decide({}).explain(format="pdf"), "unknown format `pdf`"),
        (lambda rules: rules.decide({}).explain(width="wide"), "`wide` is no number of columns"),
    ],
)
def test_a_wrong_question_is_told(rules: RuleSet, call: Any, message: str) -> None:
    """Whatever is asked wrongly is one located problem, never a fault of the program."""
    with pytest.raises(QueryError) as wrong:
        call(rules)
    assert message in str(wrong.value)


def test_a_decision_says_what_it_is(rules: RuleSet) -> None:
    """Name, deciding rule, possible outcomes and a short text for whoever prints it."""
    decision = rules.decide(FRIDGE, as_of=DAY)
    assert (decision.decision, decision.rule) == ("access_route", "refrigerator.large.licensed")
    assert repr(decision) == "<Decision access_route: production_licence>"
    open_ = rules.decide({"category": "household_refrigerator"}, as_of=DAY)
    assert repr(open_) == "<Decision access_route: undetermined, possible: ccc, production_licence>"
    assert json.loads(decision.model_dump_json(indent=1)) == decision.model_dump()


def test_an_error_can_be_sent_to_another_process() -> None:
    """Errors keep their problems through pickle and copy."""
    wrong = AccessRulesError([Problem("$.a", "is wrong", "make it right", Place("a.yaml", 3, 4))])
    for again in (pickle.loads(pickle.dumps(wrong)), copy.copy(wrong)):
        assert again.problems == wrong.problems
        assert str(again) == "a.yaml:3:4: $.a: is wrong\n    help: make it right"


class PrintsOtherwise(float):
    """A float as NumPy's: its text is not its number."""

    def __repr__(self) -> str:
        return f"np.float64({float(self)})"


def test_numbers_of_other_libraries_are_numbers(rules: RuleSet) -> None:
    """A subclass of float means its shortest decimal, whatever it prints."""
    facts = {"category": "household_refrigerator", "effective_volume": PrintsOtherwise(520)}
    assert rules.decide(facts, as_of=DAY).model_dump_json() == rules.decide(FRIDGE, as_of=DAY).model_dump_json()


@pytest.mark.parametrize("months", [10**5000, -(10**300)], ids=["huge", "hugely negative"])
def test_a_number_beyond_all_measure_is_told(rules: RuleSet, months: int) -> None:
    """Whole numbers are bounded like all others; the message does not print the number out."""
    with pytest.raises(CaseError, match="out of range") as wrong:
        rules.decide({"months_since_grant": months})
    assert len(str(wrong.value)) < 500


def test_a_message_stays_short_whatever_was_written(rules: RuleSet) -> None:
    """What the user wrote at great length is cut short in the message."""
    for facts in ({"effective_volume": "a" * 10**6}, {"a" * 10**6: 1}, {"purpose": "a" * 10**6}):
        with pytest.raises(CaseError) as wrong:
            rules.decide(facts)
        assert len(str(wrong.value)) < 3000


def test_cases_decisions_and_rule_sets_can_be_sent_to_another_process(rules: RuleSet) -> None:
    """Pickled and copied, a case is the same case and a rule set gives the same bytes."""
    case = Case(FRIDGE, as_of=DAY)
    assert pickle.loads(pickle.dumps(case)) == copy.deepcopy(case) == case
    decision = rules.decide(case)
    again = pickle.loads(pickle.dumps(decision))
    assert again.model_dump_json() == decision.model_dump_json()
    assert again.rules.fingerprint == rules.fingerprint


def test_a_rule_set_does_not_change(rules: RuleSet) -> None:
    """Neither its parts nor what it remembers can be replaced."""
    with pytest.raises(AttributeError):
        rules.form = None  # type: ignore[misc, assignment]
    details = rules.decide(FRIDGE, as_of=DAY).answer.resolutions[0].details
    assert details is not None
    with pytest.raises(TypeError):
        details["days"] = 1  # type: ignore[index]
