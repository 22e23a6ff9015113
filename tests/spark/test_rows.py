"""A law: Spark's rows are those of the one machine, however they are spread over partitions and batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from accessrules import RuleSet
from tests.properties.test_tables import tables

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: `pip install 'accessrules[spark]'`")
pq = pytest.importorskip("pyarrow.parquet")

ALSO = ["possible", "needs", "explanation"]
TYPES: Mapping[str, tuple[Any, ...]] = {
    "category": (pa.string(),),
    "purpose": (pa.string(),),
    "licensed": (pa.bool_(),),
    "phases": (pa.int8(), pa.int16(), pa.int32(), pa.int64()),
    "volume": (pa.float64(), pa.decimal128(20, 6), pa.float32()),
    "made_on": (pa.date32(), pa.string(), pa.timestamp("us")),
    "as_of": (pa.date32(), pa.string(), pa.timestamp("us")),
    "known_on": (pa.date32(), pa.string(), pa.timestamp("us")),
}


@st.composite
def spread(draw: st.DrawFn) -> tuple[RuleSet, str, Any, int, int, list[str]]:
    """A rule set, a decision, a numbered table with rows more than once; partitions, rows of a batch, more columns."""
    rules, decision, rows, table = draw(tables(types=TYPES))
    for _ in range(draw(st.integers(0, 2))):
        table = spoilt(draw, table)
    taken = draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=30))
    many = table.take(taken).append_column("n", pa.array(range(len(taken))))
    also = draw(st.sampled_from([[], ALSO]))
    return rules, decision, many, draw(st.integers(1, 4)), draw(st.integers(1, 5)), also


def spoilt(draw: st.DrawFn, table: Any) -> Any:
    """The table with one value more that is none of its fact, where the type of the column has such."""
    place, row = draw(st.integers(0, table.num_columns - 1)), draw(st.integers(0, table.num_rows - 1))
    values, type_ = table.column(place).to_pylist(), table.schema.types[place]
    if pa.types.is_string(type_):
        values[row] = "?"
    elif not (pa.types.is_boolean(type_) or pa.types.is_temporal(type_)):
        values[row] = -1
    return table.set_column(place, table.column_names[place], pa.array(values, type_))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where tables are written for Spark to read."""
    return tmp_path_factory.mktemp("tables")


@settings(max_examples=settings().max_examples // 4)
@given(made=spread())
def test_spark_gives_the_rows_of_one_machine(
    made: tuple[RuleSet, str, Any, int, int, list[str]], spark: Any, folder: Path, number: Callable[[], int]
) -> None:
    """Rejected rows and unknowns included, whatever the partitions and batches."""
    rules, decision, table, partitions, size, also = made
    path = folder / f"{number()}.parquet"
    pq.write_table(table, path)
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", size)
    frame = spark.read.parquet(str(path)).repartition(partitions)
    found = rules.decide_table(frame, decision=decision, also=also)
    wanted = rules.decide_table(table, decision=decision, also=also)
    assert found.columns == wanted.column_names
    rows = sorted((row.asDict(recursive=True) for row in found.collect()), key=lambda row: row["n"])
    for row in rows:
        event(row["status"])
    assert rows == wanted.to_pylist()


@pytest.fixture(scope="module")
def number() -> Callable[[], int]:
    """A new number with each call: Spark remembers files by their names."""
    return iter(range(1_000_000)).__next__
