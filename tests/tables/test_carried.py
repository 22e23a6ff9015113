"""What a column carries is written, whatever its type, and comes out as it came in."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from accessrules import RegisterError, RuleSet, load_rules
from accessrules.tables import Question, blocks, files
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


def test_a_list_of_text_loses_nothing_in_a_cell(rules: RuleSet) -> None:
    lists = [["a", "b"], ["a", None, "b"], ["a;b"], [], [""], None, ["[", "b"], ["", ""]]
    cells, values = written(rules, pa.array(lists, pa.list_(pa.string())))
    assert values == lists
    assert cells == ["a;b", '["a", null, "b"]', '["a;b"]', "", '[""]', "", '["[", "b"]', ";"]


NUMBERS = ["12345678901234567.89", "0.1234567890123456789", "1.50", "520.0", "0.0000001", "-0.0", "1E+20", "1E-400"]
"""More digits than a float has, zeros at the end, and sizes that a float has not."""


def test_numbers_of_json_lines_come_out_as_they_came_in(rules: RuleSet) -> None:
    rows = [f'{{"category": "{FRIDGE}", "x": {n}, "y": [{n}, {{"z": {n}}}]}}\n' for n in NUMBERS]
    Path("in.jsonl").write_text("".join(rows))
    decide_file(rules, "in.jsonl", Path("out.jsonl"), Question(as_of=DAY))
    for row, line in zip(rows, Path("out.jsonl").read_text().splitlines(), strict=True):
        assert line.startswith(row.rstrip("}\n"))
    Path("in.jsonl").write_text("".join(rows).replace(FRIDGE, "frigde"))
    decide_file(rules, "in.jsonl", Path("out.jsonl"), Question(as_of=DAY))
    for number, line in zip(NUMBERS, Path("out.jsonl.rejected").read_text().splitlines(), strict=True):
        assert f'"x": {number}, "y": [{number}, {{"z": {number}}}]' in line


def test_numbers_with_more_digits_than_a_float_are_text_elsewhere(rules: RuleSet) -> None:
    for numbers, kind in ((["0.5", "1.50", "7"], pa.float64()), (NUMBERS, pa.string())):
        Path("in.jsonl").write_text("".join(f'{{"category": "{FRIDGE}", "x": {n}}}\n' for n in numbers))
        assert rules.decide_table("in.jsonl", as_of=DAY)["x"].type == kind
        for target in ("out.csv", "out.parquet"):
            decide_file(rules, "in.jsonl", Path(target), Question(as_of=DAY))
        with Path("out.csv").open(newline="") as stream:
            cells = [row["x"] for row in csv.DictReader(stream)]
        assert list(map(Decimal, cells)) == list(map(Decimal, numbers))
        texts = map(str, pq.read_table("out.parquet")["x"].to_pylist())
        assert list(map(Decimal, texts)) == list(map(Decimal, numbers))


@pytest.mark.parametrize(("first", "second", "kind"), [("0.5", NUMBERS[1], "double"), ("true", '"true"', "bool")])
def test_text_is_not_made_something_else(
    rules: RuleSet, monkeypatch: pytest.MonkeyPatch, first: str, second: str, kind: str
) -> None:
    rows = blocks.blocks_of
    monkeypatch.setattr(files, "blocks_of", lambda register: rows(register, 1))
    Path("in.jsonl").write_text("".join(f'{{"category": "{FRIDGE}", "x": {n}}}\n' for n in (first, second)))
    with pytest.raises(RegisterError, match=f"the column `x` changes its type after row 1, from {kind}"):
        decide_file(rules, "in.jsonl", Path("out.parquet"), Question(as_of=DAY))


def test_decimals_of_parquet_keep_their_digits(rules: RuleSet) -> None:
    column = pa.array([Decimal("12345678901234567.890"), None])
    cells, _ = written(rules, column)
    assert cells == ["12345678901234567.890", ""]
    assert '"x": 12345678901234567.890,' in Path("out.jsonl").read_text()


def test_times_keep_their_nanoseconds(rules: RuleSet) -> None:
    times = pa.array([1, 1_000, 1_000_000, 3_600_000_000_000, None], pa.time64("ns"))
    told = ["00:00:00.000000001", "00:00:00.000001", "00:00:00.001000", "01:00:00", None]
    assert written(rules, times)[1] == told
    lists = pa.ListArray.from_arrays(pa.array([0, 2, 5]), times)
    assert written(rules, lists)[1] == [told[:2], told[2:]]


@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Shanghai"])
@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_a_day_beyond_the_calendar_changes_no_other_row(rules: RuleSet, unit: str, zone: str | None) -> None:
    factor = {"s": 1, "ms": 1_000, "us": 1_000_000}[unit]
    seconds = [1_520_985_600, 253_402_300_800, 1_521_000_000, None]
    column = pa.array([s and s * factor for s in seconds], pa.timestamp(unit, zone))
    day, far, moment, nothing = written(rules, column)[1]
    assert [day, moment] == [column[n].as_py().isoformat() for n in (0, 2)]
    hour = "08" if zone == "Asia/Shanghai" else "00"
    behind = {None: "", "UTC": "+00:00", "Asia/Shanghai": "+08:00"}[zone]
    assert (far, nothing) == (f"10000-01-01T{hour}:00:00{behind}", None)
    nested = pa.StructArray.from_arrays([pa.ListArray.from_arrays(pa.array([0, 1, 3, 4, 4]), column)], names=["at"])
    assert written(rules, nested)[1] == [{"at": at} for at in ([day], [far, moment], [None], [])]
