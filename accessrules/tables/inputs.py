"""What may be decided as a table: Arrow, Polars, pandas, and the files of paths and globs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from accessrules.errors import Place, Problem, QueryError, RegisterError
from accessrules.tables import is_of
from accessrules.tables.blocks import Block, unified
from accessrules.tables.files import TableFile, matching, open_file

__all__ = ["GivenTable", "as_table"]


class GivenTable(NamedTuple):
    """A table that can be decided: its columns and rows; `is_spoken` says that text is as a person writes it."""

    schema: pa.Schema
    blocks: Iterable[Block]
    is_spoken: bool = False


def as_table(given: Any) -> GivenTable:
    """What a program gives, to be decided.

    Raises QueryError for what is no table, RegisterError for a file that cannot be read.
    """
    if isinstance(given, (str, Path)):
        return _of_files(given)
    table = _arrow(given)
    return GivenTable(table.schema, map(Block, table.to_batches()))


def _arrow(given: Any) -> pa.Table:
    if isinstance(given, pa.Table):
        return given
    if isinstance(given, pa.RecordBatch):
        return pa.Table.from_batches([given])
    if isinstance(given, pa.RecordBatchReader):
        return given.read_all()
    if is_of(given, "pandas", "DataFrame"):
        return _of_pandas(given)
    if is_of(given, "pyspark.pandas", "DataFrame"):
        raise QueryError([Problem("$.table", "pandas on Spark is not decided", "give its frame: `frame.to_spark()`")])
    if hasattr(given, "__arrow_c_stream__") and not isinstance(given, pa.ChunkedArray):
        return _of_stream(given)
    raise _no_table(given)


def _no_table(given: Any) -> QueryError:
    help = "give Arrow, Polars or pandas, or the path of a CSV, JSON Lines or Parquet file"
    if is_of(given, "polars", "LazyFrame"):
        help = "collect it first: `frame.collect()`"
    elif isinstance(given, (Mapping, list, tuple)):
        help = "make it one: `pyarrow.table(…)` of columns, `pyarrow.Table.from_pylist(…)` of rows"
    return QueryError([Problem("$.table", f"a `{type(given).__name__}` is no table", help)])


def _of_stream(given: Any) -> pa.Table:
    """What any program gives as a stream of Arrow; columns whose type Arrow does not have are told, if they can be."""
    try:
        return pa.table(given)
    except pa.ArrowException as wrong:
        told = str(wrong)
    if _is_column(given):
        raise _no_table(given)
    help = "cast it to a type that Arrow has"
    problems = [
        Problem(
            f"$.columns.{one.name}", f"the column `{one.name}` is of a type that Arrow does not have: {one.dtype}", help
        )
        for one in (given.get_columns() if is_of(given, "polars", "DataFrame") else [])
        if not _is_column(one)
    ]
    raise RegisterError(
        problems or [Problem("$.table", f"cannot be read as Arrow: {told}", "make it a `pyarrow.Table`")]
    )


def _is_column(given: Any) -> bool:
    """Whether this is one column of Arrow."""
    try:
        pa.chunked_array(given)
    except pa.ArrowException:
        return False
    return True


def _of_files(path: str | Path) -> GivenTable:
    """The rows of all files that match, in the types that hold those of each; they must have the same columns."""
    found: GivenTable | None = None
    parts: list[tuple[str, Block]] = []
    names = matching(path)
    for name in names:
        with open_file(name) as file:
            mine = unified(file.blocks) if file.kind == "jsonl" else list(file.blocks)
            schema = mine[0].batch.schema if mine else file.schema
            if not mine and not schema.names:
                continue  # JSON Lines without any
            found = GivenTable(_joined(found, schema, file), (), file.is_spoken)
            parts += ((name, block) for block in mine)
    if found is None:
        raise RegisterError([Problem("$", "the register is empty", "write a row for each case", Place(names[0]))])
    return found._replace(blocks=[block.as_of_schema(found.schema, name) for name, block in parts])


def _joined(found: GivenTable | None, schema: pa.Schema, file: TableFile) -> pa.Schema:
    """The columns and types of the files so far and of another one; RegisterError where they have none in common.

    JSON Lines whose objects have no keys have no columns: they fit any others that are not CSV.
    """
    if found is None:
        return schema
    place, help = Place(file.name), "decide files of other columns or types apart"
    is_bare = not schema.names or not found.schema.names
    other = [] if is_bare else sorted(set(schema.names) ^ set(found.schema.names))
    if other or found.is_spoken is not file.is_spoken:
        told = (
            f"not in all files: {', '.join(f'`{name}`' for name in other)}" if other else "one is CSV, another is not"
        )
        raise RegisterError([Problem("$.columns", f"has other columns than the first file ({told})", help, place)])
    if is_bare or found.schema.equals(schema):
        return schema if schema.names else found.schema
    try:
        return pa.unify_schemas([_without_codes(found.schema), _without_codes(schema)], promote_options="permissive")
    except (pa.ArrowTypeError, pa.ArrowInvalid) as wrong:
        raise RegisterError(
            [Problem("$.columns", f"has other types than the first file: {wrong}", help, place)]
        ) from None


def _without_codes(schema: pa.Schema) -> pa.Schema:
    """Columns with the types of their values, where those are kept as a dictionary."""
    plain = (f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in schema)
    return pa.schema(plain)


def _of_pandas(frame: Any) -> pa.Table:
    """A frame without its index; missing values become nulls. A column of mixed types is told, with a row."""
    arrays, problems = [], []
    for n, column in enumerate(frame.columns):
        values = frame.iloc[:, n]
        if is_of(values.dtype, "pandas", "SparseDtype"):
            values = values.sparse.to_dense()
        mixed = None
        try:
            arrays.append(pa.Array.from_pandas(values))
            if values.dtype == object and pa.types.is_date(arrays[-1].type):
                mixed = _mixed(values)  # moments among days, which lose their time
        except (ValueError, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
            mixed = _mixed(values) or "has values that no Arrow type holds"
        if mixed is not None:
            help = "give the column values of one type"
            problems.append(Problem(f"$.columns.{column}", f"the column `{column}` {mixed}", help))
    if problems:
        raise RegisterError(problems)
    return pa.table(arrays, names=[str(column) for column in frame.columns])


def _mixed(values: Any) -> str | None:
    """Which types a column mixes, and where the second one comes first; None where it has one."""
    first: type | None = None
    for row, (value, is_missing) in enumerate(zip(values, values.isna(), strict=True), 1):
        if is_missing:
            continue
        first = first or type(value)
        if type(value) is not first:
            return f"mixes types: `{first.__name__}`, and in row {row} `{type(value).__name__}`"
    return None
