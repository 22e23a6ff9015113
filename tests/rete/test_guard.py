"""Each measured fault of durable-rules has its guard: what used to crash or mislead is answered, or refused."""

from __future__ import annotations

import builtins
import datetime as dt
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from accessrules import CaseError, QueryError, RuleSet, load_rules
from accessrules.rete import ReteEngine, ReteError, compile_rules, network
from accessrules.rete.engine import MOST_FACTS, MOST_NETWORKS
from accessrules.rete.network import MOST_PATTERNS, made_up_names, name_hash
from tests.properties.strategies import Files

Data = dict[str, Any]
NUMBER: Data = {"type": "number"}
DAY = dt.date(2020, 1, 1)


def rule_set(facts: Data, conditions: Mapping[str, Data], decisions: Data | None = None) -> RuleSet:
    """Rules with these conditions, by id, of the decision `route` (and of others, with theirs)."""
    text = {"title": "Text", "confidence": "unverified", "issuer": "samr", "rank": "rule", "published": DAY}
    declared = {"question": "Which?", "outcomes": {"yes": "yes", "no": "no"}, "default": "no"}
    rest = {"outcome": "yes", "source": [{"instrument": "text", "at": "art. 1"}]}
    held = {**(decisions or {}), "route": conditions}
    files = [
        {"decision": name, "rules": [{"id": rule, "when": when, **rest} for rule, when in rules.items()]}
        for name, rules in held.items()
        if rules
    ]
    ruleset = {"format": 1, "name": "g", "version": "1", "main": "route", "decisions": dict.fromkeys(held, declared)}
    return Files(ruleset, ({"facts": facts},), ({"instruments": {"text": text}},), tuple(files)).rules


def fires(rules: RuleSet, facts: Mapping[str, Any], **how: Any) -> tuple[str, ...]:
    with compile_rules(rules) as engine:
        return engine.fires(facts, **how)


def problems(wrong: pytest.ExceptionInfo[ReteError]) -> list[tuple[str, str, str]]:
    return [(problem.path, problem.message, problem.help) for problem in wrong.value.problems]


# ------------------------------------------------------------------------------------------------- names and values


def test_facts_may_have_any_name() -> None:
    """`id` and `kind`, which end or mislead durable-rules, and names of one hash, never reach it."""
    names = ("id", "sid", "kind", "costarring", "liquid", "declinate", "macallums")
    assert name_hash("costarring") == name_hash("liquid")
    assert name_hash("declinate") == name_hash("macallums")
    rules = rule_set(dict.fromkeys(names, NUMBER), {f"r.{name}": {name: "at least 5"} for name in names})
    for name in names:
        assert fires(rules, {**dict.fromkeys(names, 1), name: 5}) == (f"r.{name}",)


def test_made_up_names_have_different_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name whose hash is taken is passed over."""
    assert made_up_names("f", 200) == [f"f{n}" for n in range(200)]
    monkeypatch.setattr(network, "name_hash", {"id": 0, "f0": 1, "f1": 0, "f2": 2, "f3": 1, "f4": 4}.get)
    assert made_up_names("f", 3) == ["f0", "f2", "f4"]


@pytest.mark.parametrize(
    ("value", "fired"),
    [
        (0, ("below",)),
        (499.9999, ("below",)),
        (499.9999999999, ("below",)),
        (500, ("at", "from")),
        (500.0, ("at", "from")),
        (500.0000001, ("above", "from")),
        (500.25, ("above", "fine", "from")),
        (500.2500001, ("above", "from")),
        (1e15, ("above", "from")),
        (1e-300, ("below",)),
        (-1e-5, ("below",)),
        (-3, ("below",)),
    ],
)
def test_numbers_are_exact(value: float, fired: tuple[str, ...]) -> None:
    """Fractions, exponents and signs are compared exactly."""
    tests = {"below": "below 500", "at": 500, "above": "above 500", "from": "at least 500", "fine": Decimal("500.25")}
    rules = rule_set({"volume": NUMBER}, {name: {"volume": test} for name, test in tests.items()})
    assert fires(rules, {"volume": value}) == fired


@pytest.mark.parametrize("value", [10**20, -(10**20), 2**63, 1e299])
def test_numbers_that_would_be_cut_off_are_refused(value: float) -> None:
    """durable-rules takes an integer of more than 64 bits for the largest: such a fact is told."""
    rules = rule_set({"volume": NUMBER, "count": {"type": "integer"}}, {"r": {"volume": "above 1", "count": "above 1"}})
    with pytest.raises(ReteError) as wrong:
        fires(rules, {"volume": value, "count": int(value)})
    large = "is too large for durable-rules"
    assert problems(wrong) == [
        (f"$.facts.{name}", f"a value of `{name}` {large}", f"its size must lie below {2**61}")
        for name in ("count", "volume")
    ]


def test_rules_with_such_numbers_are_refused() -> None:
    """A constant of a rule is told with the rule."""
    with pytest.raises(ReteError) as wrong:
        compile_rules(rule_set({"count": {"type": "integer"}}, {"r": {"count": f"above {10**30}"}}))
    assert [path for path, _, _ in problems(wrong)] == ["$.rules.r"]


def test_booleans_text_and_nulls_are_what_they_are() -> None:
    """True is not 1, text is no number, and null is not there; named values are equal only to themselves."""
    word = {"type": "choice", "values": {"a": "a", "b1": "b"}}
    facts = {"flag": {"type": "boolean"}, "count": {"type": "integer"}, "word": word}
    rules = rule_set(facts, {"flag": {"flag": True}, "no": {"flag": False}, "one": {"count": 1}, "a": {"word": "a"}})
    assert fires(rules, {"flag": True, "count": 0, "word": "b1"}) == ("flag",)
    assert fires(rules, {"flag": False, "count": 1, "word": "a"}) == ("a", "no", "one")
    for wrong_facts in ({"flag": 1}, {"count": True}, {"count": "1"}, {"word": 1}):
        with pytest.raises(CaseError):
            fires(rules, {"flag": True, "count": 0, "word": "a", **wrong_facts})
    with pytest.raises(ReteError) as wrong:
        fires(rules, {"flag": None, "count": 1, "word": "a"})
    assert problems(wrong) == [
        ("$.facts.flag", "`flag` is not known, and it matters", "give it: only complete cases are shared")
    ]


# --------------------------------------------------------------------------------------------------- size and number


def test_five_hundred_equal_rules() -> None:
    """More on one node than durable-rules survives; in small networks, all of them fire."""
    rules = rule_set({"volume": NUMBER}, {f"r{n:03}": {"volume": "at least 5"} for n in range(500)})
    with compile_rules(rules) as engine:
        assert engine.fires({"volume": 5}) == tuple(f"r{n:03}" for n in range(500))
        assert engine.fires({"volume": 4}) == ()


def test_three_hundred_different_rules_that_all_fit() -> None:
    """More at once than durable-rules has room for."""
    rules = rule_set({"volume": NUMBER}, {f"r{n:03}": {"volume": f"at least {n}"} for n in range(300)})
    with compile_rules(rules) as engine:
        assert len(engine.fires({"volume": 299})) == 300
        assert len(engine.fires({"volume": 149.5})) == 150


def test_too_many_rules_are_refused() -> None:
    """Beyond what the networks hold nothing is compiled."""
    most = MOST_NETWORKS * MOST_PATTERNS
    rules = rule_set({"volume": NUMBER}, {f"r{n}": {"volume": "at least 5"} for n in range(most + 1)})
    with pytest.raises(ReteError) as wrong:
        compile_rules(rules)
    assert problems(wrong) == [
        (
            "$.rules",
            "the rules of `route` are too many for durable-rules",
            f"it is given at most {most} conjunctions of intervals",
        )
    ]


def test_too_many_facts_are_refused() -> None:
    """A pattern, and a fact of durable-rules, have room for so many fields only; up to there, all are tested."""
    names = [f"n{n}" for n in range(MOST_FACTS + 1)]
    tests = dict.fromkeys(names, "[1..3]")
    whole = rule_set(dict.fromkeys(names[:-1], NUMBER), {"all": {name: tests[name] for name in names[:-1]}})
    assert fires(whole, dict.fromkeys(names[:-1], 2)) == ("all",)
    assert fires(whole, {**dict.fromkeys(names[:-1], 2), names[0]: 4}) == ()
    with pytest.raises(ReteError) as wrong:
        compile_rules(rule_set(dict.fromkeys(names, NUMBER), {"all": tests}))
    assert problems(wrong) == [
        ("$.rules", f"the rules of `route` test {MOST_FACTS + 1} facts", f"durable-rules is given at most {MOST_FACTS}")
    ]


def test_many_sessions_in_a_row() -> None:
    """More than the 1,024 that may live at once, also where nothing fires."""
    with compile_rules(rule_set({"volume": NUMBER}, {"r": {"volume": "at least 5"}})) as engine:
        for n in range(1_100):
            assert engine.fires({"volume": 5 - n % 2}) == (("r",), ())[n % 2]


def test_many_engines_in_a_row() -> None:
    """Closed engines give their place back; a rule without tests always applies."""
    rules = rule_set({"volume": NUMBER}, {"r": {}})
    for _ in range(200):
        assert fires(rules, {}) == ("r",)


def test_threads_share_an_engine() -> None:
    """Eight threads get the answers of one."""
    rules = load_rules()
    cases = [{"category": "household_refrigerator", "effective_volume": volume} for volume in range(400, 600)]
    with compile_rules(rules) as engine:
        alone = [engine.fires(case, as_of="2018-03-14") for case in cases]
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(lambda case: engine.fires(case, as_of="2018-03-14"), cases)) == alone
    assert len(set(alone)) == 2


# ----------------------------------------------------------------------------------------------------- what is asked


def test_everything_that_is_missing_is_told_at_once() -> None:
    """Unknown facts, inner categories, the day and earlier decisions that leave a rule open."""
    category = {
        "type": "category",
        "values": {"cold": "cold", "fridge": {"en": "fridge", "under": "cold"}, "oven": "oven"},
    }
    category["values"]["freezer"] = {"en": "freezer", "under": "cold"}  # type: ignore[index]
    when = {"category": "fridge", "volume": "above 5", "earlier": "yes"}
    rules = rule_set({"category": category, "volume": NUMBER}, {"r": when}, {"earlier": {"e": {"volume": "above 1"}}})
    with compile_rules(rules) as engine:
        assert engine.facts == ("category", "earlier", "volume")
        with pytest.raises(ReteError) as wrong:
            engine.fires({"category": "cold"}, given={"later": "yes"})
        assert problems(wrong) == [
            ("$.facts.category", "`cold` may be several values of `category`", "give one of `freezer`, `fridge`"),
            ("$.facts.volume", "`volume` is not known, and it matters", "give it: only complete cases are shared"),
            (
                "$.given.earlier",
                "rules test the outcome of the decision `earlier`",
                'give it, as `given={"earlier": "no"}`',
            ),
            ("$.given.later", "`route` does not test a decision `later`", "leave it out"),
        ]
        with pytest.raises(ReteError) as wrong:
            engine.fires({"category": "fridge", "volume": 6}, given={"earlier": "maybe"})
        assert [(path, message) for path, message, _ in problems(wrong)] == [
            ("$.given.earlier", "`maybe` is not a value of `earlier`")
        ]
        assert engine.fires({"category": "oven"}) == ()  # then no rule is open
        assert engine.fires({"category": "fridge", "volume": 6}, given={"earlier": "yes"}) == ("r",)


def test_the_days_are_asked_for_and_obeyed() -> None:
    """Without `as_of`, rules with a period are open; before its publication, a rule does not exist."""
    rules = load_rules()
    case = {"category": "household_refrigerator", "effective_volume": 520, "holds_production_licence": False}
    with compile_rules(rules, "access_route") as engine:
        with pytest.raises(ReteError) as wrong:
            engine.fires(case)
        assert [path for path, _, _ in problems(wrong)] == ["$.as_of"]
        assert engine.fires(case, as_of="2021-01-01", known_on="2018-03-14") == ("refrigerator.large.licensed",)
        assert engine.fires(case, as_of="2021-01-01", known_on="1980-01-01") == ()


def test_an_unknown_decision_and_a_closed_engine_are_refused() -> None:
    with pytest.raises(QueryError, match="unknown decision `routes`"):
        compile_rules(load_rules(), "routes")
    engine = compile_rules(rule_set({"volume": NUMBER}, {"r": {}}))
    engine.close()
    engine.close()
    with pytest.raises(ReteError, match="the engine is closed"):
        engine.fires({})


def test_a_decision_without_rules_fires_nothing() -> None:
    assert fires(rule_set({"volume": NUMBER}, {}), {"volume": 1}) == ()


# ------------------------------------------------------------------------------------- durable-rules itself is at fault


@pytest.fixture
def engine() -> ReteEngine:
    return compile_rules(rule_set({"volume": NUMBER}, {"r": {}}))


def test_without_durable_rules_it_says_how_to_get_it(engine: ReteEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    with pytest.raises(ReteError, match=r"durable-rules is not installed\n    help: install it with `pip install"):
        engine.fires({})


def test_where_it_cannot_be_imported_it_says_how_to_build_it(
    engine: ReteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Python 3.13, where a name is gone that it was built against."""

    def fail(name: str, *rest: Any) -> Any:
        raise ImportError("undefined symbol: PyEval_CallObject")

    monkeypatch.delitem(sys.modules, "durable_rules_engine")
    monkeypatch.setattr(builtins, "__import__", fail)
    with pytest.raises(ReteError) as wrong:
        engine.fires({})
    monkeypatch.undo()
    assert "`undefined symbol: PyEval_CallObject`" in str(wrong.value)
    assert "CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject" in str(wrong.value)


def stand_in(**calls: Any) -> Any:
    """A C module in the place of durable-rules, that asserts facts and deletes states."""
    deleted: list[str] = []
    default = {"assert_fact": lambda h, fact: (0, 1), "delete_state": lambda h, sid: deleted.append(sid)}
    return SimpleNamespace(error=KeyError, deleted=deleted, **{**default, **calls})


def test_an_endless_row_of_firings_is_stopped(engine: ReteEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    again = stand_in(
        start_action_for_state=lambda h, offset: ("{}", '{"r0": {}}'),
        complete_and_start_action=lambda h, offset: '{"r0": {}}',
    )
    monkeypatch.setitem(sys.modules, "durable_rules_engine", again)
    with pytest.raises(ReteError, match="durable-rules fired more rules than there are"):
        engine.fires({})


def test_its_errors_are_told_and_its_session_is_deleted(engine: ReteEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int, fact: str) -> tuple[int, int]:
        if '"kind": 1' in fact:
            raise KeyError("Could not assert fact, error code: 303")
        return 0, 1

    failing = stand_in(assert_fact=fail, start_action_for_state=lambda h, offset: None)
    monkeypatch.setitem(sys.modules, "durable_rules_engine", failing)
    with pytest.raises(ReteError, match="durable-rules failed: `'Could not assert fact, error code: 303'`"):
        engine.fires({})
    assert failing.deleted == ["s0"]
