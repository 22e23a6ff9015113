"""Files of one pattern: what cannot be one table is told of the file and the column; a file without rows is none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from accessrules import RegisterError, RuleSet, load_rules
from accessrules.errors import Problem

FRIDGE = "household_refrigerator"
DAY = "2018-03-14"
GOOD = f'{{"category": "{FRIDGE}", "effective_volume": 520}}\n'


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def refused(rules: RuleSet, pattern: str) -> Problem:
    with pytest.raises(RegisterError) as wrong:
        rules.decide_table(pattern, as_of=DAY)
    (problem,) = wrong.value.problems
    return problem


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (pa.array([(1 << 53) + 1]), pa.array([0.5])),
        (pa.array([1 << 63], pa.uint64()), pa.array([-1])),
        (pa.array([1 << 62]), pa.array([Decimal("1.5")], pa.decimal128(10, 1))),
        (pa.array([Decimal("12345678901234567.89"), None]), pa.array([0.5, None])),
        (pa.array([dt.datetime(9999, 1, 1)], pa.timestamp("ms")), pa.array([1], pa.timestamp("ns"))),
    ],
    ids=["float", "unsigned", "decimal", "digits", "nanoseconds"],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_value_that_no_common_type_holds_is_told(rules: RuleSet, first: Any, second: Any, turned: bool) -> None:
    names = ("b.parquet", "a.parquet") if turned else ("a.parquet", "b.parquet")
    for name, column in zip(names, (first, second), strict=True):
        pq.write_table(pa.table({"category": [FRIDGE] * len(column), "note": column}), name)
    problem = refused(rules, "*.parquet")
    assert problem.path == "$.columns.note"
    assert problem.message.startswith("the column `note` has other types in other files: ")
    assert problem.place is not None
    assert problem.place.file in names
    assert problem.help


@pytest.mark.parametrize("empty", ["a.jsonl", "z.jsonl"])
def test_a_file_of_json_lines_without_rows_is_no_part(rules: RuleSet, empty: str) -> None:
    Path(empty).write_text("\n")
    assert refused(rules, "*.jsonl").message == "the register is empty"
    Path("m.jsonl").write_text(GOOD)
    assert rules.decide_table("*.jsonl", as_of=DAY)["status"].to_pylist() == ["decided"]
    Path("m.jsonl").unlink()
    Path("m.csv").write_text(f"category,effective_volume\n{FRIDGE},520\n")
    assert rules.decide_table("*.[cj]s*", as_of=DAY)["status"].to_pylist() == ["decided"]


@pytest.mark.parametrize("odd", ["a.jsonl", "z.jsonl"])
def test_a_file_of_rows_without_columns_fits_any(rules: RuleSet, odd: str) -> None:
    Path(odd).write_text("{}\n{\n")
    Path("m.jsonl").write_text(GOOD)
    pq.write_table(pa.table({"category": [FRIDGE], "effective_volume": [520]}), "n.parquet")
    for pattern, good in (("*.jsonl", 1), ("*.[jp]*", 2)):
        found = rules.decide_table(pattern, as_of=DAY)["status"].to_pylist()
        mine, others = ["undetermined", "rejected"], ["decided"] * good
        assert found == (mine + others if odd == "a.jsonl" else others + mine)
    Path("n.csv").write_text(f"category,effective_volume\n{FRIDGE},520\n")
    assert "one is CSV, another is not" in refused(rules, f"[{odd[0]}n].*[lv]").message
