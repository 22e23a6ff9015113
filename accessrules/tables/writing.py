"""Decided rows written to a file, block by block: CSV, JSON Lines, Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from accessrules.errors import Problem, RegisterError
from accessrules.registers import ABSENT
from accessrules.tables.blocks import Block
from accessrules.tables.carried import as_cells, as_values, check_cells, json_line, without_views

__all__ = ["Writer", "writer_of"]

_ROWS_OF_A_GROUP, _BYTES_OF_A_GROUP = 1 << 20, 1 << 27
"""A group of rows is written when it has so many, or is so large in memory."""


class Writer(Protocol):
    """Writes rows to a file; closed when it is left."""

    def write(self, block: Block, rows: pa.RecordBatch, kept: pa.Array | None) -> None:
        """Write the rows of a decided block, or those that are kept."""

    def __enter__(self) -> Writer: ...

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def writer_of(kind: str, path: Path) -> Writer:
    """The writer of a kind of file: `csv`, `jsonl` or `parquet`."""
    makers: dict[str, type[Any]] = {"csv": _Csv, "jsonl": _JsonLines, "parquet": _Parquet}
    made: Writer = makers[kind](path)
    return made


_ANY_KIND = "name the result `.jsonl`: JSON Lines takes what comes"


def _check_no_new(rows: pa.RecordBatch, names: Sequence[str], first: int) -> None:
    """Raise RegisterError where rows have a column that those before row `first` did not have."""
    for name in rows.schema.names:
        if name not in names:
            message = f"the column `{name}` comes only after row {first - 1}"
            raise RegisterError([Problem(f"$.columns.{name}", message, _ANY_KIND)])


def _chosen(rows: pa.RecordBatch, kept: pa.Array | None) -> pa.RecordBatch:
    """The rows that are kept (None: all), in columns of which Arrow can choose rows."""
    columns = [without_views(column) for column in rows.columns]
    fields = [field.with_type(column.type) for field, column in zip(rows.schema, columns, strict=True)]
    plain = pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields, rows.schema.metadata))
    return plain if kept is None else plain.filter(kept)


class _Csv:
    """A header, and the rows; a list is written in one cell."""

    def __init__(self, path: Path) -> None:
        self._sink = pa.OSFile(str(path), "wb")
        self._names: list[str] | None = None

    def write(self, block: Block, rows: pa.RecordBatch, kept: pa.Array | None) -> None:
        rows = _chosen(rows, kept)
        options = pc_csv.WriteOptions(include_header=self._names is None)
        self._names = self._names or rows.schema.names
        _check_no_new(rows, self._names, block.first)
        cells = [as_cells(name, column) for name, column in zip(rows.schema.names, rows.columns, strict=True)]
        written = pa.RecordBatch.from_arrays(cells, names=self._names)
        try:
            pc_csv.write_csv(written, self._sink, options)
        except pa.ArrowException:
            check_cells(written)
            raise

    def __enter__(self) -> _Csv:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sink.close()


class _Parquet:
    """Writes groups of rows in a thread of its own: packing them takes as long as deciding them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._schema: pa.Schema | None = None
        self._waiting: list[pa.RecordBatch] = []
        self._rows = self._bytes = 0
        self._pool = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None

    def write(self, block: Block, rows: pa.RecordBatch, kept: pa.Array | None) -> None:
        rows = _chosen(rows, kept)
        if self._schema is None:
            schema = rows.schema
            # Text that repeats has the same least and greatest in every group; to find them takes a third of the time.
            told = [one.name for one in schema if not pa.types.is_dictionary(one.type)]
            # Without Arrow's own schema: a dictionary is how text is kept in the file, not a type of its column.
            try:
                self._made = pq.ParquetWriter(self._path, schema, store_schema=False, write_statistics=told)
            except pa.ArrowNotImplementedError as wrong:
                raise RegisterError([Problem("$.columns", f"cannot be written: {wrong}", _ANY_KIND)]) from None
            self._schema = schema
        self._waiting.append(_fitted(rows, self._schema, block.first))
        self._rows += rows.num_rows
        self._bytes += rows.nbytes
        if self._rows >= _ROWS_OF_A_GROUP or self._bytes >= _BYTES_OF_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._writing is not None:
            self._writing.result()
        table = pa.Table.from_batches(self._waiting) if self._waiting else None
        self._waiting, self._rows, self._bytes, self._writing = [], 0, 0, None
        if table is not None:
            self._writing = self._pool.submit(self._made.write_table, table, row_group_size=_ROWS_OF_A_GROUP)

    def __enter__(self) -> _Parquet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if wrong is None:
                self._flush()  # what waits
                self._flush()  # until it is written
        finally:
            self._pool.shutdown()
            if self._schema is not None:
                self._made.close()


def _fitted(rows: pa.RecordBatch, schema: pa.Schema, first: int) -> pa.RecordBatch:
    """Rows in the form of the first ones; RegisterError where they do not fit it."""
    if rows.schema.equals(schema):
        return rows
    _check_no_new(rows, schema.names, first)
    arrays = []
    for one in schema:
        column = rows.column(one.name)
        try:
            if pa.types.is_string(column.type) and pa.types.is_primitive(one.type):
                raise pa.ArrowTypeError  # Arrow would read it as one, and round it
            arrays.append(column.cast(one.type))
        except pa.ArrowException:
            message = f"the column `{one.name}` changes its type after row {first - 1}, from {one.type}"
            raise RegisterError([Problem(f"$.columns.{one.name}", message, _ANY_KIND)]) from None
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


class _JsonLines:
    """Objects as they came, with the answers after their own keys."""

    def __init__(self, path: Path) -> None:
        # Half of a surrogate pair is no UTF-8, but as `\\ud800` it is JSON.
        self._stream = path.open("w", encoding="utf-8", errors="backslashreplace")

    def write(self, block: Block, rows: pa.RecordBatch, kept: pa.Array | None) -> None:
        own = list(block.values or rows.schema.names[: block.batch.num_columns])
        answers = rows.select(range(block.batch.num_columns, rows.num_columns)).to_pylist()
        columns = list(block.values.values()) if block.values else [*map(as_values, own, block.batch.columns)]
        wanted: Sequence[bool] = [True] * rows.num_rows if kept is None else kept.to_pylist()
        each = zip(*columns, strict=True) if columns else repeat((), rows.num_rows)
        for row, answer, is_kept in zip(each, answers, wanted, strict=True):
            if is_kept:
                made = {name: value for name, value in zip(own, row, strict=True) if value is not ABSENT}
                self._stream.write(json_line({**made, **answer}))

    def __enter__(self) -> _JsonLines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
