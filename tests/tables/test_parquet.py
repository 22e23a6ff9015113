"""Parquet is read in memory that does not grow with the file."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from accessrules.tables.files import open_file


@pytest.mark.parametrize("coded", [False, True])
def test_what_was_read_is_let_go(coded: bool) -> None:
    numbers = np.random.default_rng(1).integers(0, 1 << 62, 1 << 17)
    group = pa.table({"id": numbers, "note": ["x"] * len(numbers)})
    with pq.ParquetWriter("in.parquet", group.schema) as writer:
        for _ in range(20):
            writer.write_table(group)
    tracemalloc.start()  # the bytes of the file are Python's own: Arrow does not count them
    try:
        with open_file("in.parquet", coded=coded) as file:
            assert sum(block.count for block in file.blocks) == 20 * len(numbers)
            assert tracemalloc.get_traced_memory()[1] < 5 * group.nbytes
    finally:
        tracemalloc.stop()
