"""What a column carries is written, whatever its type, and comes out as it came in."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from accessrules import RegisterError, RuleSet, load_rules
from accessrules.tables import Question
from accessrules.tables.batching import decide_file
from accessrules.tables.blocks import Block
from accessrules.tables.writing import writer_of

FRIDGE = "household_refrigerator"
DAY = "2018-03-14"
ID = "9f3c1a52-0b7e-4f57-8a39-2f6f0d2f7c11"


IDS = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([UUID(ID).bytes, None], pa.binary(16)))


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def extended(kind: pa.DataType, values: Any) -> pa.Array:
    return pa.ExtensionArray.from_storage(kind, values)


def written(rules: RuleSet, column: Any, rejects: bool = False) -> tuple[list[str], list[Any]]:
    """The cells of CSV, and the values of JSON Lines, that a column of Parquet becomes."""
    categories = [FRIDGE] * (len(column) - rejects) + ["frigde"] * rejects
    pq.write_table(pa.table({"category": categories, "x": column}), "in.parquet")
    for target in ("out.csv", "out.jsonl", "out.parquet"):
        found = decide_file(rules, "in.parquet", Path(target), Question(as_of=DAY))
        assert found.statuses["rejected"] == rejects
    with Path("out.csv").open(encoding="utf-8", newline="") as stream:
        cells = [row["x"] for row in csv.DictReader(stream)]
    values = [json.loads(line)["x"] for line in Path("out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert pq.read_table("out.parquet").num_rows == len(cells) == len(values)
    return cells, values


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (IDS, ID, ID),
        (pa.ListArray.from_arrays(pa.array([0, None, 2]), IDS), f'["{ID}", null]', [ID, None]),
        (extended(pa.json_(), pa.array(['{"a": 1}', None])), '{"a": 1}', '{"a": 1}'),
        (extended(pa.bool8(), pa.array([1, None], pa.int8())), "true", True),
        (extended(pa.opaque(pa.int64(), "a", "b"), pa.array([7, None])), "7", 7),
        (pa.array(["你", None], pa.string_view()), "你", "你"),
        (pa.array([b"a\xff", None], pa.binary_view()), "a\\xff", "a\\xff"),
        (pa.array([b"a\xff", None], pa.binary(2)), "a\\xff", "a\\xff"),
        (pa.array([b"a\xff", None]).dictionary_encode(), "a\\xff", "a\\xff"),
        (pa.array([["a"], None], pa.large_list(pa.string())), '["a"]', ["a"]),
        (pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())), '[["a", 1]]', [["a", 1]]),
    ],
    ids=lambda given: str(given.type) if isinstance(given, pa.Array) else "",
)
def test_columns_of_every_type_are_written(rules: RuleSet, column: Any, cell: str, value: Any) -> None:
    assert written(rules, column) == ([cell, ""], [value, None])
    assert written(rules, column, rejects=True) == ([cell], [value])


def test_a_rejected_row_shows_its_values_in_the_same_way(rules: RuleSet) -> None:
    pq.write_table(pa.table({"category": ["frigde"] * 2, "x": IDS}), "in.parquet")
    decide_file(rules, "in.parquet", Path("out.csv"), Question(as_of=DAY))
    refused = [json.loads(line)["values"]["x"] for line in Path("out.csv.rejected").read_text().splitlines()]
    assert refused == [ID, None]


@pytest.mark.parametrize("kind", [pa.month_day_nano_interval(), pa.timestamp("s", "Mars/Utopia")])
def test_a_column_that_is_no_text_is_told(kind: pa.DataType) -> None:
    odd = (1, 2, 3) if pa.types.is_interval(kind) else 1
    rows = pa.RecordBatch.from_arrays([pa.array(["a"]), pa.array([odd], kind)], names=["a", "odd"])
    with pytest.raises(RegisterError) as wrong, writer_of("csv", Path("out.csv")) as writer:
        writer.write(Block(rows), rows, None)
    (problem,) = wrong.value.problems
    assert problem.path == "$.columns.odd"
    assert problem.message.startswith(f"the column `odd`, of the type {kind}, cannot be written as text: ")
    assert problem.help
