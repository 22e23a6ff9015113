"""Rows of JSON Lines that have no keys are rows as any others: each is decided, in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from accessrules import RegisterError, RuleSet, load_rules
from accessrules.impact import impact
from accessrules.tables import Question, blocks, files
from accessrules.tables.batching import decide_file
from accessrules.tables.condensing import open_condensed

FRIDGE = "household_refrigerator"
DAY = "2018-03-14"
GOOD = f'{{"category": "{FRIDGE}", "effective_volume": 520}}\n'
EMPTY, BROKEN = "{}\n", "{\n"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.fixture(autouse=True)
def two_rows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = blocks.blocks_of
    monkeypatch.setattr(files, "blocks_of", lambda register: rows(register, 2))


def statuses(name: str) -> list[str]:
    if name.endswith(".parquet"):
        return [row["status"] for row in pq.read_table(name).to_pylist()]
    lines = Path(name).read_text().splitlines()
    if name.endswith(".csv"):
        return [line.split(",")[-3].strip('"') for line in lines[1:]]
    return [json.loads(line)["status"] for line in lines]


@pytest.mark.parametrize("target", ["out.csv", "out.jsonl", "out.parquet"])
@pytest.mark.parametrize("source", [EMPTY, EMPTY * 3, EMPTY * 4, EMPTY + GOOD, GOOD * 2 + EMPTY * 3])
def test_rows_without_keys_are_written(rules: RuleSet, source: str, target: str) -> None:
    Path("in.jsonl").write_text(source)
    found = decide_file(rules, "in.jsonl", Path(target), Question(as_of=DAY))
    expected = ["undetermined" if line == EMPTY else "decided" for line in source.splitlines(keepends=True)]
    assert statuses(target) == expected
    assert found.rows == len(expected)


def test_columns_that_come_after_rows_without_any_are_new(rules: RuleSet) -> None:
    Path("in.jsonl").write_text(EMPTY * 2 + BROKEN * 2 + GOOD)
    decide_file(rules, "in.jsonl", Path("out.jsonl"), Question(as_of=DAY))
    assert statuses("out.jsonl") == ["undetermined"] * 2 + ["decided"]
    for target in ("out.csv", "out.parquet"):
        with pytest.raises(RegisterError, match="the column `category` comes only after row 4"):
            decide_file(rules, "in.jsonl", Path(target), Question(as_of=DAY))
    Path("in.jsonl").write_text(BROKEN * 2 + GOOD)
    for target in ("out.csv", "out.parquet"):
        decide_file(rules, "in.jsonl", Path(target), Question(as_of=DAY))
        assert statuses(target) == ["decided"]


@pytest.mark.parametrize("source", [EMPTY * 2 + GOOD, BROKEN * 2 + GOOD, BROKEN + EMPTY + EMPTY * 2 + GOOD])
def test_a_table_has_them_all(rules: RuleSet, source: str) -> None:
    Path("in.jsonl").write_text(source)
    told = {EMPTY: "undetermined", BROKEN: "rejected", GOOD: "decided"}
    expected = [told[line] for line in source.splitlines(keepends=True)]
    assert rules.decide_table("in.jsonl", as_of=DAY)["status"].to_pylist() == expected


def test_impact_counts_them_all(rules: RuleSet) -> None:
    Path("in.jsonl").write_text(EMPTY * 2 + BROKEN * 2 + GOOD)
    with open_condensed("in.jsonl") as register:
        found = impact(rules, rules, register, as_of=DAY).total
    assert (found.rows, found.rejected) == (5, 2)
