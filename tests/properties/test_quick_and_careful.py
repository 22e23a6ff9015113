"""Deciding has a quick way for plain cases and a careful way for all: they agree, and the quick way is taken."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from accessrules import CaseError, RuleSet
from accessrules.decision import Decision
from tests.properties.strategies import Asked, Files, asked_rule_sets, often_asked_rule_sets

NEAR_CUTS = (
    500,
    500.0,
    499.9999999,
    500.0000001,
    499.99999999999994,
    500.00000000000006,
    0.1 + 0.2,
    0.3,
    0.30000000000000004,
    0.29999999999999999,
    Decimal("0.3"),
    Decimal("0.30000000000000001"),
    0,
    -0.0,
    1e-300,
    5e-324,
    1e15,
    1e16,
    2**53,
    2**53 + 1,
    10**18,
    1e300,
    "500 L",
    "0.5 m3",
    "300 mL",
)
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    1,
    1.0,
    "1",
    "500",
    "",
    "nonsense",
    [],
    {},
    float("nan"),
    float("inf"),
    -1,
    dt.date(2018, 8, 1),
    dt.datetime(2018, 8, 1),
    "2018-08-01",
    "2018-02-30",
    "20180801",
    "2018-8-1",
    "2018-08-01T00",
    "fridge",
    "cold",
    b"500",
)


def both(rules: RuleSet, facts: dict[str, Any], asked: Asked) -> tuple[Decision | None, Decision | None, bool]:
    """What the two ways answer, None for a case that is refused; and whether the quick way was really taken."""
    decider = rules.decider(asked.decision)
    with patch.object(decider, "decide_read", wraps=decider.decide_read) as careful_way:
        try:
            quick = rules.decide(facts, decision=asked.decision, **asked.days)
        except CaseError:
            quick = None
        taken = not careful_way.called and quick is not None
    try:
        careful = decider.decide_read(decider.read(facts, asked.as_of, asked.known_on))
    except CaseError:
        careful = None
    return quick, careful, taken


def agree(quick: Decision | None, careful: Decision | None) -> bool:
    """Whether two answers are the same, as the same bytes."""
    if quick is None or careful is None:
        return quick is careful
    return quick.answer.end == careful.answer.end and quick.model_dump_json() == careful.model_dump_json()


@given(often_asked_rule_sets(complete=True))
def test_plain_cases(generated: tuple[Files, list[Asked]]) -> None:
    """The two ways agree on complete cases; without text for numbers or another day, the quick way is taken."""
    files, often = generated
    for asked in often:
        quick, careful, taken = both(files.rules, dict(asked.facts), asked)
        event(f"quick {taken}")
        assert quick is not None
        assert agree(quick, careful)
        plain = all(type(value) in (str, bool, int, float, dt.date) for value in asked.facts.values())
        with_unit = type(asked.facts.get("volume")) is str
        # The quick way leaves the very end of a declared range to the careful one.
        phases = files.form.vocabulary.get("phases")
        at_end = phases is not None and asked.facts.get("phases") == phases.maximum
        assert taken == (plain and not with_unit and not at_end and asked.known_on is None)


@given(often_asked_rule_sets())
def test_all_cases(generated: tuple[Files, list[Asked]]) -> None:
    """The two ways agree on every case, whatever is unknown or presumed in it."""
    files, often = generated
    for asked in often:
        quick, careful, taken = both(files.rules, dict(asked.facts), asked)
        event(f"quick {taken}, of all facts {len(asked.facts) == len(files.form.vocabulary.facts)}")
        assert quick is not None
        assert agree(quick, careful)


@settings(max_examples=settings().max_examples // 2)
@given(asked_rule_sets())
def test_odd_values(generated: tuple[Files, Asked]) -> None:
    """The two ways agree on every value that a program may give, whether it is a value of the fact or not."""
    files, asked = generated
    refused = 0
    for name in [*(fact.name for fact in files.form.vocabulary), "no_fact", "as_of"]:
        for value in ODD:
            quick, careful, _ = both(files.rules, {**asked.facts, name: value}, asked)
            refused += careful is None
            assert agree(quick, careful), (name, value)
    event(f"refused {refused}")


@given(asked_rule_sets(), st.dates())
def test_odd_days(generated: tuple[Files, Asked], any_day: dt.date) -> None:
    """The two ways agree on every day asked about, and on whatever is none."""
    files, asked = generated
    for day in (any_day, str(any_day), *ODD):
        quick, careful, _ = both(files.rules, dict(asked.facts), Asked(asked.facts, asked.decision, day, None))
        assert agree(quick, careful), day


def volume_rules(limit: str, unit: str | None = "L", least: Any = None, most: Any = None) -> RuleSet:
    """One rule above a limit, one from it on, one below."""
    tests = {"above": "ccc", "at least": "licence", "below": "nothing"}
    bound = f"{limit} {unit}" if unit else limit
    source = [{"instrument": "text", "at": "1"}]
    fact = {"type": "number", "unit": unit, "min": least, "max": most}
    rules = [
        {
            "id": f"r{n}",
            "when": {"volume": f"{test} {bound}"},
            "outcome": outcome,
            "source": source,
            **({"exception_to": "r1"} if n == 0 else {}),
        }
        for n, (test, outcome) in enumerate(tests.items())
    ]
    outcomes = dict.fromkeys(tests.values(), "an outcome")
    return Files(
        {
            "format": 1,
            "name": "limit",
            "version": "1",
            "decisions": {"route": {"question": "?", "outcomes": outcomes}},
        },
        ({"facts": {"volume": {key: value for key, value in fact.items() if value is not None}}},),
        (
            {
                "instruments": {
                    "text": {
                        "title": "t",
                        "issuer": "samr",
                        "rank": "rule",
                        "published": dt.date(2001, 1, 1),
                        "confidence": "unverified",
                    }
                }
            },
        ),
        ({"decision": "route", "rules": rules},),
    ).rules


LIMITS = (
    "500",
    "0.3",
    "0.1",
    "0.30000000000000004",
    "499.9999999",
    "1",
    "0",
    "-2.5",
    "123456789012345",
    "4503599627370497",
    "0.1000000000000000055511151231257827",
    "33.333333333333333333333",
    "1000000000000000000000",
)


RANGES: tuple[tuple[Any, Any], ...] = ((None, None), (0, None), (Decimal("0.1"), 500))


@pytest.mark.parametrize(
    ("limit", "least", "most"),
    [
        (limit, least, most)
        for limit in LIMITS
        for least, most in RANGES
        if (least is None or Decimal(limit) > least) and (most is None or Decimal(limit) < most)
    ],
)
def test_floats_near_a_limit(limit: str, least: Any, most: Any) -> None:
    """A float means its shortest decimal, so it lies on the side of a limit on which that decimal lies."""
    rules, asked = volume_rules(limit, least=least, most=most), Asked({}, "route")
    at = float(limit)
    steps = [at, *(at + step for step in (1e-7, -1e-7, 1, -1))]
    for value in (*NEAR_CUTS, *steps, *_beside(at), int(at), int(at) + 1):
        quick, careful, _ = both(rules, {"volume": value}, asked)
        assert agree(quick, careful), value
        if careful is not None and type(value) in (int, float):
            exact = Decimal(repr(value))
            expected = "ccc" if exact > Decimal(limit) else "licence" if exact == Decimal(limit) else "nothing"
            assert careful.outcome == expected, value


def _beside(at: float) -> list[float]:
    up, down = math.nextafter(at, math.inf), math.nextafter(at, -math.inf)
    return [up, down, math.nextafter(up, math.inf), math.nextafter(down, -math.inf)]


@given(
    st.sampled_from(LIMITS),
    st.floats(-1e17, 1e17) | st.floats(0, 1000, width=32) | st.integers(-(2**60), 2**60),
)
def test_any_number(limit: str, value: float) -> None:
    """The two ways agree on every number."""
    quick, careful, _ = both(volume_rules(limit), {"volume": value}, Asked({}, "route"))
    assert careful is not None
    assert agree(quick, careful)
