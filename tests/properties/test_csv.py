"""CSV read in pieces gives the same rows as CSV read row by row, whatever is wrong with it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from accessrules.errors import RegisterError
from accessrules.registers import Rejected, Row
from accessrules.registers.lines import Lines
from accessrules.registers.rows import rows_of

pytest.importorskip("pyarrow", reason="pyarrow is not installed: `pip install 'accessrules[tables]'`")

_CELLS = ["", "a", "fridge", "520 L", "冰箱", " ", '"x"', '"a,b"', '"say ""no"""', '""', '"a\nb"']
_ODD = ['"', 'a"b', '"a"b', '"open', "\0", "a\rb", "\udcff", '""""""', "x" * 300]
_ENDS = ["\n", "\n", "\n", "\r\n", "\n\n", "\n \n", "\r\r\n"]


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """A header, and rows of which some have too few cells, or what no CSV has."""
    width = draw(st.integers(1, 3))
    is_odd = draw(st.booleans())
    cells = st.sampled_from(_CELLS + (_ODD if is_odd else []))
    widths = st.sampled_from([width] * 8 + ([width - 1, width + 1] if is_odd else []))
    ends = st.sampled_from(_ENDS if is_odd else _ENDS[:4])
    rows = draw(st.lists(st.tuples(widths, ends), max_size=12))
    lines = [",".join("abc"[:width]) + "\n"]
    lines += [",".join(draw(cells) for _ in range(count)) + end for count, end in rows]
    text = "".join(lines).encode("utf-8", "surrogateescape")
    return text if draw(st.booleans()) else text.removesuffix(b"\n")


def told(row: Row | Rejected) -> tuple[Any, ...]:
    return (row.line, None, row.problems) if isinstance(row, Rejected) else (row.line, row.cells, None)


@settings(max_examples=10 * settings().max_examples)
@given(texts(), st.sampled_from([1, 7, 40, 1 << 20]), st.sampled_from([2, 1 << 16]))
def test_in_pieces_as_row_by_row(text: bytes, piece: int, rows: int) -> None:
    """The same cells, the same rejected rows with the same reasons and lines, in the same order."""
    from accessrules.tables import csvfiles

    try:
        expected = [told(row) for row in rows_of("a", Lines(io.BytesIO(text)), "csv")]
    except RegisterError:
        expected = None
    ahead = csvfiles.Ahead(io.BytesIO(text))
    lines = Lines(ahead)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csvfiles, "PIECE", piece)
        patch.setattr(csvfiles, "ROWS_AT_ONCE", rows)
        if expected is None:
            with pytest.raises(RegisterError):
                rows_of("a", lines, "csv")
            return
        register = rows_of("a", lines, "csv")
        found, first = [], 1
        for block in csvfiles.csv_blocks(register, lines, ahead):
            assert block.first == first
            first += block.batch.num_rows
            event("row by row" if isinstance(block.lines, list) else "by Arrow")
            assert block.lines is not None
            for n, (line, row) in enumerate(zip(block.lines, block.batch.to_pylist(), strict=True)):
                broken = block.broken.get(n)
                found.append((line, list(row.values()), None) if broken is None else (line, None, broken.problems))
    assert found == expected
