"""What cannot be decided as it was given is told as every other mistake: where, what, and what would be right."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from accessrules import AccessRulesError, QueryError, RegisterError, RuleSet, load_rules
from accessrules.tables import Question
from accessrules.tables.batching import decide_file

pd = pytest.importorskip("pandas", reason="pandas is not installed")
pl = pytest.importorskip("polars", reason="polars is not installed")

FRIDGE = "household_refrigerator"
DAY = "2018-03-14"
MOMENT = dt.datetime(2018, 3, 14, 5)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def refused(rules: RuleSet, kind: type[AccessRulesError], table: Any, **asked: Any) -> tuple[str, str]:
    with pytest.raises(kind) as wrong:
        rules.decide_table(table, **asked)
    (problem,) = wrong.value.problems
    assert problem.help
    return problem.path, problem.message


def objects(*values: Any) -> Any:
    column = np.empty(len(values), object)
    column[:] = values
    return pd.Series(column, dtype=object)


def test_days_and_moments_in_one_column_are_told(rules: RuleSet) -> None:
    given = {"category": [FRIDGE] * 3, "effective_volume": [520] * 3}
    for days, first, second in (
        (objects(MOMENT.date(), None, MOMENT), "date", "datetime"),
        (objects(MOMENT, pd.NaT, MOMENT.date()), "datetime", "date"),
    ):
        told = refused(rules, RegisterError, pd.DataFrame({**given, "as_of": days}))
        message = f"the column `as_of` mixes types: `{first}`, and in row 3 `{second}`"
        assert told == ("$.columns.as_of", message)
    days = objects(MOMENT.date(), pd.NaT, None)
    found = rules.decide_table(pd.DataFrame({**given, "as_of": days}))
    assert found["status"].to_pylist() == ["decided", "undetermined", "undetermined"]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (objects(pd.NA, FRIDGE, 5), "mixes types: `str`, and in row 3 `int`"),
        (objects(np.array([1, 2]), FRIDGE), "mixes types: `ndarray`, and in row 2 `str`"),
        (objects(np.array([[1, 2]]), None), "has values that no Arrow type holds"),
        (objects("\ud800", FRIDGE), "has values that no Arrow type holds"),
    ],
    ids=["missing", "array", "matrix", "surrogate"],
)
def test_columns_of_pandas_that_are_none_of_arrow(rules: RuleSet, column: Any, message: str) -> None:
    frame = pd.DataFrame({"category": column})
    assert refused(rules, RegisterError, frame) == ("$.columns.category", f"the column `category` {message}")


def test_sparse_columns_of_pandas_are_decided(rules: RuleSet) -> None:
    for empty, status in ((0, "decided"), (float("nan"), "undetermined")):
        volumes = pd.arrays.SparseArray([empty, 520, empty])
        frame = pd.DataFrame({"category": [FRIDGE] * 3, "effective_volume": volumes})
        assert rules.decide_table(frame, as_of=DAY)["status"].to_pylist() == [status, "decided", status]


def test_integers_of_128_bits_are_told_of_their_column(rules: RuleSet) -> None:
    frame = pl.DataFrame({"category": [FRIDGE], "x": pl.Series([1], dtype=pl.Int128)})
    told = refused(rules, RegisterError, frame)
    assert told == ("$.columns.x", "the column `x` is of a type that Arrow does not have: Int128")
    frame.write_parquet("in.parquet")
    path, message = refused(rules, RegisterError, "in.parquet")
    assert path == "$"
    assert message.startswith("cannot be read: it has what Arrow does not read (Integers with more than 64 bits")

    class Stream:
        def __arrow_c_stream__(self, schema: Any = None) -> Any:
            return frame.__arrow_c_stream__(schema)

    path, message = refused(rules, RegisterError, Stream())
    assert path == "$.table"
    assert message.startswith("cannot be read as Arrow: ")


@pytest.mark.parametrize(
    "column", [pl.Series("category", [FRIDGE]), pa.chunked_array([[FRIDGE]]), pd.Series([FRIDGE]), pa.array([FRIDGE])]
)
def test_a_column_is_no_table(rules: RuleSet, column: Any) -> None:
    assert refused(rules, QueryError, column) == ("$.table", f"a `{type(column).__name__}` is no table")


@pytest.mark.parametrize(
    ("asked", "path", "message"),
    [
        ({"also": None}, "$.also", "`None` is no list of columns"),
        ({"also": 5}, "$.also", "`5` is no list of columns"),
        ({"also": [["needs"]]}, "$.also", "unknown column `['needs']`"),
        ({"as_of_column": ["x"]}, "$.as_of_column", "`['x']` is no name of a column"),
        ({"as_of_column": 3}, "$.as_of_column", "`3` is no name of a column"),
        ({"mapping": {3: "category"}}, "$.mapping", "`{3: 'category'}` is no mapping from names of columns"),
        ({"mapping": [1]}, "$.mapping", "`[1]` is no mapping from names of columns"),
    ],
)
def test_questions_of_another_form(rules: RuleSet, asked: dict[str, Any], path: str, message: str) -> None:
    assert refused(rules, QueryError, pa.table({"category": [FRIDGE]}), **asked) == (path, message)


def test_paths_that_can_be_none(rules: RuleSet) -> None:
    for kind in ("csv", "jsonl", "parquet"):
        told = refused(rules, RegisterError, Path(f"a\0b.{kind}"))
        assert told == ("$", "cannot be read: embedded null byte")
    Path("in.csv").write_text(f"category\n{FRIDGE}\n")
    with pytest.raises(QueryError) as wrong:
        decide_file(rules, "in.csv", Path("a\0b.csv"), Question(as_of=DAY))
    (problem,) = wrong.value.problems
    assert (problem.path, problem.message) == ("OUT", "`a\0b.csv` is no name of a file")
