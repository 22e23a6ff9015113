"""CSV in blocks: pieces of text that are plain by Arrow, all at once; any other row by row, with every check.

A piece is plain where its quotes stand as they should, no line is blank or monstrous, no quoted text runs over lines,
and every row has a cell for each column. Both ways give the same rows (`tests/properties/test_csv.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc_csv

from accessrules.errors import Problem, RegisterError
from accessrules.registers import Register, Rejected, Row
from accessrules.registers.lines import Lines
from accessrules.tables.blocks import ROWS_AT_ONCE, Block, block_of

__all__ = ["Ahead", "csv_blocks"]

PIECE = 1 << 22
_WINDOW = 1 << 16
"""Where each so many bytes have the end of a line, no cell is longer than the `csv` module takes."""

_COMMA, _QUOTE, _RETURN, _END = (ord(c) for c in ',"\r\n')


class Ahead:
    """A stream of which some bytes are read ahead; `Lines` reads from it too."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._ahead, self._at = stream, b"", 0
        self.taken = 0
        self.is_over = False

    def _fill(self, size: int) -> None:
        """Read on until so many bytes are ahead, if there are."""
        while len(self._ahead) - self._at < size and not self.is_over:
            more = self._stream.read(max(size - len(self._ahead) + self._at, _WINDOW))
            self.is_over = not more
            self._ahead, self._at = self._ahead[self._at :] + more, 0

    def look(self, size: int) -> bytes:
        """The next bytes, at least so many if there are; they stay."""
        self._fill(size)
        return self._ahead[self._at :]

    def take(self, size: int) -> None:
        """Go on by so many bytes."""
        self._at += size
        self.taken += size

    def readline(self, most: int, /) -> bytes:
        """The next line, or its first bytes."""
        self._fill(1)
        end = self._ahead.find(b"\n", self._at, self._at + most) + 1
        while not end and len(self._ahead) - self._at < most and not self.is_over:
            self._fill(len(self._ahead) - self._at + _WINDOW)
            end = self._ahead.find(b"\n", self._at, self._at + most) + 1
        line = self._ahead[self._at : end or self._at + most]
        self.take(len(line))
        return line


def csv_blocks(register: Register, lines: Lines, ahead: Ahead) -> Iterator[Block]:
    """The rows of a register of CSV, whose lines are read from `ahead`, in blocks."""
    rows, first = iter(register), 1
    while True:
        piece = _whole_lines(ahead) if lines.is_idle else b""
        block = _plain(piece, register.columns, first, lines.number) if piece else None
        if block is not None:
            ahead.take(len(piece))
            lines.skip(block.batch.num_rows, len(piece))
        else:
            block = _careful(rows, register, first, ahead, ahead.taken + len(piece))
        if block is None:
            return
        yield block
        first += block.batch.num_rows


def _whole_lines(ahead: Ahead) -> bytes:
    try:
        seen = ahead.look(PIECE)
    except OSError as wrong:
        reason = (wrong.strerror or str(wrong)).lower()
        raise RegisterError([Problem("$", f"cannot be read: {reason}", "check the disk or the connection")]) from None
    return seen if ahead.is_over else seen[: seen.rfind(b"\n") + 1]


def _careful(rows: Iterator[Row | Rejected], register: Register, first: int, ahead: Ahead, end: int) -> Block | None:
    """The rows up to the end of a piece, read one by one; None where there is none."""
    taken = []
    for row in rows:
        taken.append(row)
        if ahead.taken >= end or len(taken) >= ROWS_AT_ONCE:
            break
    return block_of(taken, first, register) if taken else None


def _plain(piece: bytes, columns: list[str], first: int, line: int) -> Block | None:
    """The rows of whole lines by Arrow; None where something in them is out of the ordinary."""
    if b"\0" in piece or piece.count(b"\r") != piece.count(b"\r\n"):
        return None
    if any(piece.find(b"\n", at, at + _WINDOW) < 0 for at in range(0, len(piece) - _WINDOW, _WINDOW)):
        return None
    if b'"' in piece and not _well_quoted(np.frombuffer(piece, np.uint8)):
        return None
    names = [str(n) for n in range(len(columns))]
    try:
        table = pc_csv.read_csv(
            pa.py_buffer(piece),
            pc_csv.ReadOptions(use_threads=False, block_size=len(piece) + 1, column_names=names),
            pc_csv.ParseOptions(quote_char='"', double_quote=True),
            pc_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowException:
        return None
    count = piece.count(b"\n") + (not piece.endswith(b"\n"))
    if table.num_rows != count:
        return None
    arrays = [column.combine_chunks() for column in table.columns]
    batch = pa.RecordBatch.from_arrays(arrays, names=columns)
    return Block(batch, first, lines=range(line + 1, line + count + 1))


def _well_quoted(text: Any) -> bool:
    """Whether each quote begins or ends a cell, or is one of a pair within one."""
    at = np.flatnonzero(text == _QUOTE)
    if len(at) % 2:
        return False
    opens, closes = at[::2], at[1::2]
    # A pair inside a cell is a quote that closes, and one right behind it that opens again.
    again = opens[1:] == closes[:-1] + 1
    before = text[opens - 1]
    begins = (before == _COMMA) | (before == _END)
    begins[:1] |= opens[:1] == 0
    begins[1:] |= again
    after = text[np.minimum(closes + 1, len(text) - 1)]
    ends = (after == _COMMA) | (after == _END) | (after == _RETURN) | (closes == len(text) - 1)
    ends[:-1] |= again
    return bool(begins.all() and ends.all())
