"""The kernel beyond one machine word: many rules in one group, many facts that are not known."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessrules import RuleSet
from accessrules.tables import kernel
from tests.properties.strategies import Files

COUNT = 70


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    """Seventy rules on seventy flags: no fact parts them into small groups."""
    source = [{"instrument": "order", "at": "Art. 1"}]
    listed = [
        {
            "id": f"r{n:02}",
            "when": {f"f{n:02}": True, f"f{(n + 1) % COUNT:02}": False},
            "outcome": "licence" if n % 7 else "free",
            "source": source,
        }
        for n in range(COUNT)
    ]
    issued = {"title": "Order", "issuer": "ministry", "rank": "rule", "published": "2010-01-01"}
    decision = {"question": "Which?", "outcomes": {"licence": "a licence", "free": "none"}, "default": "free"}
    files = Files(
        {"format": 1, "name": "wide", "version": "1", "decisions": {"route": decision}},
        ({"facts": {f"f{n:02}": {"type": "boolean"} for n in range(COUNT)}},),
        ({"instruments": {"order": {**issued, "confidence": "unverified"}}},),
        ({"decision": "route", "rules": listed},),
    )
    return files.rules


def rows(seed: int) -> list[dict[str, Any]]:
    """Flags up to one of them, at which a rule applies, and another one; some are not known."""
    random_ = random.Random(seed)
    made = []
    for _ in range(60):
        last, other = random_.randrange(COUNT), random_.randrange(COUNT)
        row: dict[str, Any] = {f"f{n:02}": n <= last or n == other for n in range(COUNT)}
        for name in random_.sample(sorted(row), random_.randrange(4)):
            row[name] = None
        made.append(row)
    return made


def test_more_clauses_and_unknown_facts_than_a_word_holds(rules: RuleSet) -> None:
    made = rows(1)
    found = rules.decide_table(pa.Table.from_pylist(made), as_of="2020-01-01", also=["possible", "needs"]).to_pylist()
    for row, said in zip(made, found, strict=True):
        one = rules.decide(row, as_of="2020-01-01")
        assert (said["status"], said["outcome"], said["rule"]) == (one.status, one.outcome, one.rule)
        assert (said["possible"], said["needs"]) == (list(one.possible), [n["fact"] for n in one.model_dump()["needs"]])
    assert len({(one["status"], one["rule"]) for one in found}) > 10


def test_what_is_remembered_may_be_forgotten(rules: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.Table.from_pylist(rows(2))
    whole = rules.decide_table(table, as_of="2020-01-01")
    monkeypatch.setattr(kernel, "_MOST_REMEMBERED", 3)
    again = RuleSet(rules.form).decide_table(table, as_of="2020-01-01")
    assert again.equals(whole)


_NUMBERS = {
    "int32": st.integers(-3, 3),
    "int64": st.integers(-(1 << 40), 1 << 40),
    "uint8": st.integers(0, 255),
    "uint64": st.one_of(st.integers(0, 3), st.integers((1 << 64) - 3, (1 << 64) - 1)),
}


@given(st.lists(st.sampled_from(sorted(_NUMBERS)), min_size=1, max_size=5), st.integers(0, 12), st.data())
def test_combinations_are_told_apart_exactly(types: list[str], count: int, data: st.DataObject) -> None:
    columns = [
        np.array(data.draw(st.lists(_NUMBERS[one], min_size=count, max_size=count)), np.dtype(one)) for one in types
    ]
    which, rows = kernel.distinct(columns)
    combinations = list(zip(*(column.tolist() for column in columns), strict=True))
    first = list(dict.fromkeys(combinations))
    assert [combinations[rows[n]] for n in which.tolist()] == combinations
    assert sorted(rows.tolist()) == [combinations.index(one) for one in first]
