"""Odd types, odd values and odd files: each row is decided or rejected, nothing crashes, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import errno
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from accessrules import AccessRulesError, QueryError, RegisterError, RuleSet, load_rules, values
from accessrules.axes import Axis
from accessrules.impact import impact
from accessrules.registers import Rejected, Spec, open_register
from accessrules.tables import Question, blocks, coding, files
from accessrules.tables.batching import decide_file
from accessrules.tables.condensing import open_condensed
from accessrules.tables.csvfiles import Ahead

FRIDGE = "household_refrigerator"
DAY = "2018-03-14"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_day_at_midnight_is_explained(rules: RuleSet, unit: str) -> None:
    days = pa.array([dt.datetime(2018, 3, 14), None, dt.datetime(2018, 3, 14, 1)], pa.timestamp(unit))
    for column in (days, days.dictionary_encode()):
        table = pa.table({"category": [FRIDGE] * 3, "effective_volume": [520] * 3, "as_of": column})
        found = rules.decide_table(table, also=["explanation"]).to_pylist()
        assert [row["status"] for row in found] == ["decided", "undetermined", "rejected"]
        assert json.loads(found[0]["explanation"])["as_of"] == DAY


@pytest.mark.parametrize(
    "values",
    [
        pa.array([[1], None]),
        pa.array([{"a": 1}, None]),
        pa.array(["520", None], pa.string_view()),
        pa.array([b"1", None]),
        pa.array([dt.timedelta(1), None]),
        pa.array([2**31 - 1, None], pa.int32()).cast(pa.date32()),
    ],
    ids=lambda values: str(values.type),
)
def test_columns_of_odd_types_are_explained(rules: RuleSet, values: Any) -> None:
    for name in ("effective_volume", "as_of", "category"):
        table = pa.table({"category": [FRIDGE] * 2, "purpose": ["export"] * 2} | {name: values})
        found = rules.decide_table(table, also=["explanation", "needs"]).select(["status", "explanation"]).to_pylist()
        assert found[0]["status"] == "rejected"
        assert found[1]["explanation"]


def test_many_wrong_values_are_not_all_remembered(rules: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "_MOST_PROBLEMS", 10)
    table = pa.table({"category": [FRIDGE] * 30, "effective_volume": [-float(n + 1) for n in range(30)]})
    found = rules.decide_table(table, as_of=DAY)["problems"].to_pylist()
    assert [one[0]["message"] for one in found[:2]] == ["`-1 L` is out of range", "`-2 L` is out of range"]
    assert found[-1][0]["message"] == "is no value of `effective_volume` either"


def test_asked_in_odd_ways(rules: RuleSet) -> None:
    table = pa.table({"category": [FRIDGE]})
    assert rules.decide_table(table, also=["needs", "needs"]).column_names[-2:] == ["problems", "needs"]
    asked: tuple[dict[str, Any], ...] = ({"also": "needs"}, {"mapping": ["x"]}, {"threads": 0}, {"threads": -1})
    for one in asked:
        with pytest.raises(QueryError) as wrong:
            rules.decide_table(table, **one)
        assert len(wrong.value.problems) == 1


def test_numbers_and_texts_that_json_has_not(rules: RuleSet) -> None:
    columns = {"category": [FRIDGE] * 2, "effective_volume": [520.0, float("nan")], "x": [float("nan"), 1.0]}
    pq.write_table(pa.table(columns), "in.parquet")
    decide_file(rules, "in.parquet", Path("out.jsonl"), Question(as_of=DAY))
    for name in ("out.jsonl", "out.jsonl.rejected"):
        json.loads(Path(name).read_text(), parse_constant=pytest.fail)
    values = ("1e99999999", "1e5000", '"\\ud800"', "{}")
    rows = [f'{{"category": "{FRIDGE}", "effective_volume": 520, "x": {value}}}\n' for value in values]
    Path("in.jsonl").write_text("".join(rows))
    for target in ("out.jsonl", "out.csv"):
        assert decide_file(rules, "in.jsonl", Path(target), Question(as_of=DAY)).statuses == {"decided": 4}
    assert json.loads(Path("out.jsonl").read_text().splitlines()[2])["x"] == "\ud800"
    pq.write_table(pa.table({"category": [FRIDGE], "x": [b"\xff"]}), "in.parquet")
    for target in ("out.csv", "out.jsonl"):
        decide_file(rules, "in.parquet", Path(target), Question(as_of=DAY))
        assert "xff" in Path(target).read_text()


def test_what_parquet_cannot_hold_is_told(rules: RuleSet) -> None:
    Path("in.jsonl").write_text(f'{{"category": "{FRIDGE}", "x": {{}}}}\n')
    with pytest.raises(RegisterError, match="cannot be written"):
        decide_file(rules, "in.jsonl", Path("out.parquet"), Question(as_of=DAY))


def test_a_target_that_is_a_folder_leaves_what_was_rejected(rules: RuleSet) -> None:
    Path("in.csv").write_text("category\nx\n")
    Path("out.csv").mkdir()
    Path("out.csv.rejected").write_text("old")
    with pytest.raises(AccessRulesError, match="is a directory"):
        decide_file(rules, "in.csv", Path("out.csv"), Question(as_of=DAY))
    assert Path("out.csv.rejected").read_text() == "old"


def test_an_empty_part_keeps_its_types(rules: RuleSet) -> None:
    table = pa.table({"category": [FRIDGE], "effective_volume": [520.0]})
    pq.write_table(table.slice(0, 0), "part-0.parquet")
    pq.write_table(table, "part-1.parquet")
    assert rules.decide_table("part-*.parquet", as_of=DAY)["outcome"].to_pylist() == ["production_licence"]
    decide_file(rules, "part-0.parquet", Path("out.parquet"), Question(as_of=DAY))
    assert pq.read_schema("out.parquet").types[:2] == [pa.string(), pa.float64()]


def test_rejected_rows_have_their_own_numbers_and_order(rules: RuleSet) -> None:
    plain = f"{FRIDGE},520\n" * 200_000
    Path("in.csv").write_text(f"category,effective_volume\n{plain}frigde,1\n{FRIDGE}\npestizide,1\nfrigde,2\n")
    told: list[list[Rejected]] = []
    for opened in (open_register, open_condensed):
        with opened("in.csv") as register:
            told.append([])
            impact(rules, rules, register, by=["category"], as_of=DAY, on_rejected=told[-1].append)
    assert [one.row for one in told[1]] == [200_001, 200_002, 200_003, 200_004]
    assert told[0] == told[1]


def test_reading_line_by_line_never_moves_what_is_left() -> None:
    """Else one odd row would make all rows of its piece slow."""
    text = b"a,b\n" * 20_000
    ahead = Ahead(io.BytesIO(text))
    ahead.look(len(text))
    kept = ahead._ahead
    assert [ahead.readline(1 << 20) for _ in range(100)] == [b"a,b\n"] * 100
    assert ahead._ahead is kept


def test_a_day_beyond_the_calendar_is_told_wherever_it_stands(rules: RuleSet) -> None:
    far = pa.array([2**31 - 1, 0], pa.int32()).cast(pa.date32())
    pq.write_table(pa.table({"category": [FRIDGE] * 2, "as_of": far, "note": far}), "in.parquet")
    decide_file(rules, "in.parquet", Path("out.jsonl"), Question())
    (refused,) = Path("out.jsonl.rejected").read_text().splitlines()
    assert json.loads(refused)["row"] == 1
    with open_condensed("in.parquet") as register:
        assert impact(rules, rules, register).total.rejected == 1


@pytest.mark.parametrize("text", ["0.52", "0.5200001", "0.500000", "+0.5", "0.499999", "520 L", "499 L", " 0.5 "])
def test_a_unit_of_a_column_of_text_is_that_of_every_bare_number(rules: RuleSet, text: str) -> None:
    Path("in.csv").write_text(f"category,size\n{FRIDGE},{text}\n")
    mapping = {"size": {"fact": "effective_volume", "unit": "m3"}}
    (row,) = rules.decide_table("in.csv", as_of=DAY, mapping=mapping, also=["explanation"]).to_pylist()
    written = text.strip().removeprefix("+")
    volume = written if "L" in written else f"{written} m3"
    one = rules.decide({"category": FRIDGE, "effective_volume": volume}, as_of=DAY)
    assert (row["status"], row["outcome"], row["rule"]) == (one.status, one.outcome, one.rule)
    assert json.loads(row["explanation"])["outcome"] == one.outcome


def test_what_is_not_given_is_presumed_in_the_explanation_too(rules: RuleSet) -> None:
    columns = {"category": [FRIDGE], "effective_volume": [520.0], "purpose": pa.array([None], pa.string())}
    mapping = {"purpose": {"fact": "purpose", "null": "not given"}}
    (row,) = rules.decide_table(pa.table(columns), as_of=DAY, mapping=mapping, also=["explanation"]).to_pylist()
    assert row["status"] == json.loads(row["explanation"])["status"] == "decided"


def test_rows_of_json_lines_may_begin_anyhow(rules: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken ones, ones without a fact, and a mapped column that comes late are told or decided as in one table."""
    rows = blocks.blocks_of
    monkeypatch.setattr(files, "blocks_of", lambda register: rows(register, 2))
    good = f'{{"category": "{FRIDGE}", "vol": 520}}\n'
    Path("in.jsonl").write_text('{x\n{y\n{"note": 1}\n{"note": 2}\n' + good)
    question = Question(as_of=DAY, mapping={"vol": "effective_volume"})
    found = decide_file(rules, "in.jsonl", Path("out.jsonl"), question)
    assert found.statuses == {"rejected": 2, "undetermined": 2, "decided": 1}
    assert found.outcomes == {"production_licence": 1}
    with pytest.raises(RegisterError, match="there is no column `vool`"):
        decide_file(rules, "in.jsonl", Path("out.jsonl"), Question(as_of=DAY, mapping={"vool": "effective_volume"}))
    Path("in.jsonl").write_text('{"note": 1}\n')
    with pytest.raises(RegisterError, match="no column of the table is a fact"):
        decide_file(rules, "in.jsonl", Path("out.jsonl"), Question(as_of=DAY))
    Path("in.jsonl").write_text("{x\n{y\n{z\n")
    for target in ("all.jsonl", "all.csv", "all.parquet"):
        assert decide_file(rules, "in.jsonl", Path(target), Question(as_of=DAY)).statuses == {"rejected": 3}
        assert len(Path(f"{target}.rejected").read_text().splitlines()) == 3


def test_a_column_called_as_a_decision_is_told(rules: RuleSet) -> None:
    table = pa.table({"category": [FRIDGE], "access_route": ["ccc"]})
    with pytest.raises(RegisterError, match="`access_route` is a decision, not a fact to give"):
        rules.decide_table(table)
    assert rules.decide_table(table, mapping={"access_route": None}).num_rows == 1


def test_many_wrong_categories_take_no_time_to_guess_at(rules: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def guess(written: str, *_: Any) -> str:
        asked.append(written)
        return "did you mean another?"

    monkeypatch.setattr(values, "did_you_mean", guess)
    monkeypatch.setattr(coding, "MOST_SUGGESTED", 5)
    table = pa.table({"category": [f"product {n}" for n in range(50)]})
    found = rules.decide_table(table)["problems"].to_pylist()
    assert [bool(one[0]["help"]) for one in found] == [True] * 5 + [False] * 45
    assert len(asked) == 5


def test_days_that_arrow_keeps_with_a_time_are_days(rules: RuleSet) -> None:
    day = (dt.date.fromisoformat(DAY) - dt.date(1970, 1, 1)).days * 86_400_000
    odd = pa.Array.from_buffers(pa.date64(), 1, [None, pa.array([day + 1], pa.int64()).buffers()[1]])
    table = pa.table({"category": [FRIDGE], "effective_volume": [520], "as_of": odd})
    assert rules.decide_table(table)["outcome"].to_pylist() == ["production_licence"]


def test_bounds_hold_in_a_unit_that_they_have_no_number_in(rules: RuleSet) -> None:
    """A bound that does not convert exactly must not be lost."""
    fact = replace(rules.form.vocabulary["effective_volume"], minimum=None, maximum=Decimal("1e-30"))
    coder = coding.Coder(Axis(fact, []), spec=Spec(unit="m3"))
    wrong = coder.code(pa.array([1.0, 0.0])).wrong
    assert wrong is not None
    assert wrong.tolist() == [0, -1]


def test_a_full_disk_is_told_of_the_result(rules: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pa.csv, "write_csv", full)
    Path("in.csv").write_text(f"category\n{FRIDGE}\n")
    with pytest.raises(QueryError) as wrong:
        decide_file(rules, "in.csv", Path("out.csv"), Question())
    (problem,) = wrong.value.problems
    assert problem.message == "`out.csv` cannot be written: no space left on device"
    assert "make room" in problem.help
    assert [path.name for path in Path.cwd().iterdir()] == ["in.csv"]


def test_files_of_one_pattern_may_differ_in_types_and_order(rules: RuleSet) -> None:
    Path("a.jsonl").write_text(f'{{"category": "{FRIDGE}", "effective_volume": 520}}\n')
    Path("b.jsonl").write_text(f'{{"effective_volume": 499.5, "category": "{FRIDGE}"}}\n')
    Path("c.jsonl").write_text(f'{{"effective_volume": null, "category": "{FRIDGE}"}}\n')
    Path("a.csv").write_text(f"category,effective_volume\n{FRIDGE},520\n")
    Path("b.csv").write_text(f"effective_volume,category\n499.5,{FRIDGE}\n")
    pq.write_table(
        pa.table({"category": pa.array([FRIDGE]).dictionary_encode(), "effective_volume": [520]}), "a.parquet"
    )
    pq.write_table(pa.table({"effective_volume": [499.5], "category": [FRIDGE]}), "b.parquet")
    for kind in ("jsonl", "csv", "parquet"):
        found = rules.decide_table(f"*.{kind}", as_of=DAY)
        assert found["outcome"].to_pylist()[:2] == ["production_licence", "ccc"], kind
        assert found.column_names[:2] == ["category", "effective_volume"]
    Path("d.jsonl").write_text('{"category": [1], "effective_volume": 1}\n')
    with pytest.raises(RegisterError, match="has other types than the first file"):
        rules.decide_table("*.jsonl", as_of=DAY)


@pytest.mark.parametrize(
    ("name", "values", "dtype"),
    [
        ("effective_volume", [520, float("nan"), -1e300, 100, 1e300], pa.float64()),
        ("effective_volume", [520, -5, 1 << 60, 100, 3], pa.int64()),
        ("holds_production_licence", [True, True, False, False, True], pa.bool_()),
        ("manufactured_on", [17_000, -(1 << 31), (1 << 31) - 1, 18_000, 0], pa.int32()),
        ("category", [0, 77, -3, 0, 1], pa.int32()),
    ],
)
@pytest.mark.parametrize("first", [0, 1, 2])
def test_what_lies_under_a_null_means_nothing(
    rules: RuleSet, name: str, values: list[Any], dtype: pa.DataType, first: int
) -> None:
    """A null is a null whatever its buffer holds, also where the array begins in the middle of a byte of bits."""
    mask = np.array([False, True, True, False, True])
    column = pa.array(np.array(values, dtype.to_pandas_dtype()), dtype, mask=mask)
    if name == "category":
        column = pa.DictionaryArray.from_arrays(column, pa.array([FRIDGE, "cement"]), safe=False)
    if name == "manufactured_on":
        column = column.view(pa.date32())
    plain = pa.array([None if hidden else value for value, hidden in zip(column.to_pylist(), mask, strict=True)])
    given = {"category": pa.array([FRIDGE] * 5), "effective_volume": pa.array([500.0] * 5)}
    tables = [pa.table({**given, name: array}).slice(first) for array in (column, plain)]
    answers = [rules.decide_table(table, decision="market_clearance", as_of=DAY) for table in tables]
    for part in ("status", "outcome", "rule", "problems"):
        assert answers[0][part].to_pylist() == answers[1][part].to_pylist()


def test_a_dictionary_without_its_values_is_told(rules: RuleSet) -> None:
    """An array that Arrow would call invalid is not read beyond its end."""
    for place, kind in (
        (5, pa.int32()),
        (-1, pa.int8()),
        (1 << 32, pa.int64()),
        (-(1 << 32), pa.int64()),
        (1 << 32, pa.uint64()),
    ):
        wrong = pa.DictionaryArray.from_arrays(pa.array([0, place], kind), pa.array(["cement"]), safe=False)
        with pytest.raises(pa.ArrowInvalid, match="out of bounds"):
            rules.decide_table(pa.table({"category": wrong}), as_of=DAY)


def test_moments_and_days_beyond_the_calendar_are_told_apart(rules: RuleSet) -> None:
    """Beside each other in one column: an hour of a day, a day of the year 10000, a day."""
    seconds = [1_521_000_000, 253_402_300_800, 1_520_985_600]
    for column in (pa.array(seconds, pa.timestamp("s")), pa.array([s // 86_400 for s in seconds], pa.int32())):
        days = column if pa.types.is_timestamp(column.type) else column.view(pa.date32())
        table = pa.table({"category": [FRIDGE] * 3, "effective_volume": [520] * 3, "as_of": days})
        hour = "rejected" if days is column else "decided"
        assert rules.decide_table(table)["status"].to_pylist() == [hour, "rejected", "decided"]


_DAYS = dt.date.fromisoformat(DAY).toordinal() - dt.date(1970, 1, 1).toordinal()
_OF_A_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def _asked(rules: RuleSet, day: pa.Array, also: Sequence[str] = ()) -> list[str]:
    table = pa.table({"category": [FRIDGE] * len(day), "effective_volume": [520] * len(day), "as_of": day})
    return list(rules.decide_table(table, also=also)["status"].to_pylist())


@pytest.mark.parametrize("also", [[], ["explanation"]])
def test_days_too_far_to_be_any_are_rejected(rules: RuleSet, also: list[str]) -> None:
    """Also where their number is that of a day, but for the bits that 32 of them lose."""
    wrapped = pa.array([(_DAYS + (1 << 32)) * 86_400_000, _DAYS * 86_400_000], pa.int64()).view(pa.date64())
    assert _asked(rules, wrapped, also) == ["rejected", "decided"]
    for unit, length in _OF_A_DAY.items():
        for far in (-(1 << 63), -(1 << 63) + 5, (1 << 63) - 1):
            days = pa.array([far, _DAYS * length], pa.int64()).view(pa.timestamp(unit))
            assert _asked(rules, days, also) == ["rejected", "decided"]


def test_a_time_right_after_midnight_is_a_time(rules: RuleSet) -> None:
    midnight = _DAYS * _OF_A_DAY["ns"]
    days = pa.array([midnight, midnight + 1, midnight + 999, midnight + 1000], pa.timestamp("ns"))
    assert _asked(rules, days) == ["decided", "rejected", "rejected", "rejected"]


def test_a_zone_that_there_is_none_of_is_told(rules: RuleSet) -> None:
    assert _asked(rules, pa.array([_DAYS * 86_400], pa.timestamp("s", "Mars/Foo")), ["explanation"]) == ["rejected"]


@pytest.mark.parametrize("indices", [[0, 2], [0, -1], [None, 2], [2, None]])
def test_an_index_beyond_its_dictionary_is_told(rules: RuleSet, indices: list[int | None]) -> None:
    for kind in (pa.int8(), pa.int32(), pa.int64()):
        text = pa.DictionaryArray.from_arrays(pa.array(indices, kind), pa.array([FRIDGE, "cement"]), safe=False)
        with pytest.raises((IndexError, pa.ArrowInvalid)):
            rules.decide_table(pa.table({"category": text}), as_of=DAY)
