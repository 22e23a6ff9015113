"""What may be decided as a table: Arrow, Polars, pandas, and the files of paths and globs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from accessrules.errors import Problem, QueryError, RegisterError

__all__ = ["as_table"]


def as_table(given: Any) -> pa.Table:
    """An Arrow table of what a program gives; QueryError for what is no table, RegisterError for a broken one."""
    if isinstance(given, pa.Table):
        return given
    if isinstance(given, pa.RecordBatch):
        return pa.Table.from_batches([given])
    if isinstance(given, pa.RecordBatchReader):
        return given.read_all()
    if _is_of(given, "pandas", "DataFrame"):
        return _of_pandas(given)
    if hasattr(given, "__arrow_c_stream__"):
        return pa.table(given)
    help = "give Arrow, Polars or pandas, or the path of a CSV, JSON Lines or Parquet file"
    if _is_of(given, "polars", "LazyFrame"):
        help = "collect it first: `frame.collect()`"
    elif isinstance(given, (Mapping, list, tuple)):
        help = "make it one: `pyarrow.table(…)` of columns, `pyarrow.Table.from_pylist(…)` of rows"
    raise QueryError([Problem("$.table", f"a `{type(given).__name__}` is no table", help)])


def _is_of(given: object, package: str, name: str) -> bool:
    return any(c.__name__ == name and c.__module__.split(".")[0] == package for c in type(given).__mro__)


def _of_pandas(frame: Any) -> pa.Table:
    """A frame without its index; missing values become nulls. A column of mixed types is told, with a row."""
    arrays, problems = [], []
    for n, column in enumerate(frame.columns):
        values = frame.iloc[:, n]
        try:
            arrays.append(pa.Array.from_pandas(values))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
            problems.append(Problem(f"$.columns.{column}", _mixed(values), "give the column values of one type"))
    if problems:
        raise RegisterError(problems)
    return pa.table(arrays, names=[str(column) for column in frame.columns])


def _mixed(values: Any) -> str:
    """Which types a column mixes, and where the second one comes first."""
    first: type | None = None
    for row, value in enumerate(values, 1):
        if value is None or value != value:
            continue
        first = first or type(value)
        if type(value) is not first:
            return f"mixes types: `{first.__name__}`, and in row {row} `{type(value).__name__}`"
    return "has values that no Arrow type holds"
