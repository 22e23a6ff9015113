"""A register of which rows that are alike come as one: those whose values lie in the same cells of every axis.

What counts rows then looks at each kind of row once, and at nothing that cannot change the count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from accessrules.axes import Axis
from accessrules.registers import ABSENT, PLAIN, Cell, Given, Register, Rejected, Row, Spec
from accessrules.tables.blocks import ROWS_AT_ONCE, Block
from accessrules.tables.coding import Coder, plain_day, python_values
from accessrules.tables.files import TableFile, open_file
from accessrules.tables.kernel import distinct, numbered
from accessrules.tables.working import in_order

__all__ = ["Condensed", "open_condensed"]


@contextmanager
def open_condensed(name: str, watch: Callable[[int], None] | None = None) -> Iterator[Register]:
    """The rows of a file of CSV, JSON Lines or Parquet; raises RegisterError as `open_file` does."""
    with open_file(name, watch) as file:
        yield Condensed(file)


class Condensed(Register):
    """The rows of a file. Those of JSON Lines come one by one, for any of them may bring a new column."""

    def __init__(self, file: TableFile) -> None:
        self._blocks = file.blocks
        rows = (row for block in file.blocks for row in _every(block))
        has_header = file.kind != "jsonl"
        super().__init__(file.name, file.columns, rows, is_spoken=file.is_spoken, has_header=has_header)

    def condensed(
        self, axes: Mapping[int, Axis], apart: Sequence[int], specs: Mapping[int, Spec]
    ) -> Iterator[Row | Rejected]:
        """The rows, those of each piece that are alike as one; rejected and wrong rows after them, one by one."""
        if not self.has_header:
            yield from self
            return
        coders = {
            place: Coder(axis, is_spoken=self.is_spoken, spec=specs.get(place, PLAIN), absent_apart=True)
            for place, axis in axes.items()
        }
        pieces = (piece for block in self._blocks for piece in block.slices(ROWS_AT_ONCE))
        for _, found in in_order(partial(_condense, coders=coders, apart=apart), pieces, None):
            yield from found


def _condense(block: Block, coders: Mapping[int, Coder], apart: Sequence[int]) -> list[Row | Rejected]:
    """The rows of a block: of those that are alike the first, with how many there are; and each that is wrong."""
    count = block.count
    good = np.ones(count, bool)
    good[list(block.broken)] = False
    columns = [numbered(block.batch.column(place)) for place in apart]
    for place, coder in coders.items():
        codes, wrong, _ = coder.code(block.batch.column(place))
        if wrong is not None:
            good &= wrong < 0
        columns.append(codes)
    kept = np.flatnonzero(good)
    which, first = distinct([column.take(kept) for column in columns])
    rows: list[Row | Rejected] = []
    for n, (row, times) in enumerate(zip(kept.take(first).tolist(), np.bincount(which).tolist(), strict=True)):
        twins = partial(_twins, block, kept, which, n) if times > 1 else None
        rows.append(_row(block, row)._replace(times=times, twins=twins))
    rows += [block.broken.get(n) or _row(block, n) for n in np.flatnonzero(~good).tolist()]
    return rows


def _twins(block: Block, kept: Any, which: Any, number: int) -> Iterator[Row]:
    return (_row(block, n) for n in kept[which == number].tolist())


def _every(block: Block) -> Iterator[Row | Rejected]:
    return (block.broken.get(n) or _row(block, n) for n in range(block.count))


def _row(block: Block, n: int) -> Row:
    line = block.lines[n] if block.lines else None
    if block.values is None:
        return Row(
            block.first + n, line, [_cell(python_values(column.slice(n, 1))[0]) for column in block.batch.columns]
        )
    return Row(
        block.first + n, line, ["" if values[n] is ABSENT else _cell(values[n]) for values in block.values.values()]
    )


def _cell(value: Any) -> Cell:
    value = plain_day(value)
    return value if value is None or type(value) is str else Given(type(value), value)
