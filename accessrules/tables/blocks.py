"""Blocks: so many rows of a file at once, with those that cannot be read in their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from typing import Any

import pyarrow as pa

from accessrules.errors import Place, Problem, RegisterError
from accessrules.registers import ABSENT, Cell, Given, Register, Rejected, Row
from accessrules.tables.carried import json_text

__all__ = ["ROWS_AT_ONCE", "Block", "block_of", "blocks_of", "unified"]

ROWS_AT_ONCE = 1 << 17
"""So many rows are decided at once: enough that threads, of which only one runs Python at a time, seldom wait."""

_READ_AT_ONCE = 1 << 16
"""So many rows of text are read before they are decided."""


@dataclass(frozen=True)
class Block:
    """Some rows.

    - `batch`: the columns as they came; a row that cannot be read is null in all of them. One without columns has no
      rows, even where the block has some (objects without keys).
    - `values`: where columns have no type of their own (JSON), the values of each, to be read in the batch's place;
      ABSENT where a row has none.
    - `broken`: what is wrong with a row as a whole, by its place in the block.
    - `first`: the number of the first row, from 1; `lines`: the line of the file on which each row begins.
    """

    batch: pa.RecordBatch
    first: int = 1
    values: Mapping[str, Sequence[Any]] | None = None
    broken: Mapping[int, Rejected] = field(default_factory=dict)
    lines: Sequence[int | None] | None = None

    @property
    def count(self) -> int:
        """How many rows there are; a batch without columns cannot say it."""
        return self.batch.num_rows if self.lines is None else len(self.lines)

    def as_of_schema(self, schema: pa.Schema, file: str) -> Block:
        """The block with its columns in the order and of the types of a schema that has them all.

        Raises RegisterError, which names the file it is from, where a value does not fit its type.
        """
        if self.batch.schema.equals(schema):
            return self
        if not self.batch.num_columns:
            nothing = [pa.nulls(self.count, one.type) for one in schema]
            values = {name: [ABSENT] * self.count for name in schema.names}
            return replace(self, batch=pa.RecordBatch.from_arrays(nothing, schema=schema), values=values)
        columns, problems = [], []
        for one in schema:
            try:
                columns.append(_widened(self.batch.column(one.name), one.type))
            except pa.ArrowException as wrong:
                message = f"the column `{one.name}` has other types in other files: {wrong}"
                help = "decide files of other columns or types apart"
                problems.append(Problem(f"$.columns.{one.name}", message, help, Place(file)))
        if problems:
            raise RegisterError(problems)
        return replace(self, batch=pa.RecordBatch.from_arrays(columns, schema=schema))

    def slices(self, size: int) -> Iterator[Block]:
        """The block in pieces of so many rows; one with values, or rows that cannot be read, is never larger."""
        if self.batch.num_rows <= size:
            yield self
            return
        for at in range(0, self.batch.num_rows, size):
            lines = None if self.lines is None else self.lines[at : at + size]
            yield Block(self.batch.slice(at, size), self.first + at, lines=lines)


def blocks_of(register: Register, rows: int = _READ_AT_ONCE) -> Iterator[Block]:
    """The rows of a register of text, in blocks of at most so many."""
    first, source = 1, iter(register)
    while taken := list(islice(source, rows)):
        yield block_of(taken, first, register)
        first += len(taken)


def block_of(rows: Sequence[Row | Rejected], first: int, register: Register) -> Block:
    """Rows of a register as a block."""
    columns = list(register.columns)
    width = len(columns)
    nothing: list[Cell] = [""] * width
    # A row from before a new column came has no cell for it.
    each = (nothing if isinstance(row, Rejected) else [*row.cells, *nothing[len(row.cells) :]] for row in rows)
    by_column = list(zip(*each, strict=True)) if width else []
    # Where some rows are read otherwise, the register's own count is not that of the file.
    broken = {n: replace(row, row=first + n) for n, row in enumerate(rows) if isinstance(row, Rejected)}
    lines = [row.line for row in rows]
    if register.is_spoken:
        arrays = [pa.array(column, pa.string()) for column in by_column]
        return Block(pa.RecordBatch.from_arrays(arrays, names=columns), first, None, broken, lines)
    values = {name: [_value(cell) for cell in cells] for name, cells in zip(columns, by_column, strict=True)}
    batch = pa.RecordBatch.from_arrays([_typed(column) for column in values.values()], names=columns)
    return Block(batch, first, values, broken, lines)


def unified(blocks: Iterable[Block]) -> list[Block]:
    """Blocks of JSON with the same columns and types, for a table of all of them."""
    taken = list(blocks)
    names = list(taken[-1].batch.schema.names) if taken else []  # columns only come, and never go
    everything: dict[str, list[Any]] = {name: [] for name in names}
    for block in taken:
        assert block.values is not None
        for name in names:
            everything[name].extend(block.values.get(name, [ABSENT] * block.count))
    arrays = [_typed(values) for values in everything.values()]
    found, at = [], 0
    for block in taken:
        end = at + block.count
        batch = pa.RecordBatch.from_arrays([array[at:end] for array in arrays], names=names)
        mine = {name: every[at:end] for name, every in everything.items()}
        found.append(replace(block, batch=batch, values=mine))
        at = end
    return found


def _value(cell: Cell) -> Any:
    """What a cell of JSON says; ABSENT where it is empty."""
    if isinstance(cell, Given):
        return cell.value
    return ABSENT if cell is not None and not cell.strip() else cell


def _typed(values: Sequence[Any]) -> pa.Array:
    """Values as one Arrow type, where one holds them all; else as text."""
    plain = [None if v is ABSENT else v for v in values]
    try:
        return pa.array([_float(v) if isinstance(v, Decimal) else v for v in plain])
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError, UnicodeEncodeError):
        texts = [v if v is None or isinstance(v, str) else json_text(v) for v in plain]
        return pa.array([v and v.encode("utf-8", "backslashreplace").decode() for v in texts], pa.string())


def _widened(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """A column in a type that holds its values; ArrowInvalid where it does not."""
    found = column.cast(kind)
    is_rounded = pa.types.is_decimal(column.type) and pa.types.is_floating(kind)  # of which Arrow says nothing
    if is_rounded and not found.cast(column.type, safe=False).equals(column):
        raise pa.ArrowInvalid(f"{column.type} has more digits than {kind}")
    return found


def _float(number: Decimal) -> float:
    """The number as a float; OverflowError where that would be another."""
    found = float(number)
    if Decimal(repr(found)) != number:
        raise OverflowError
    return found
