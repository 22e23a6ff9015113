"""Looking up many places in a table at once, and where what is worked out on the way is kept."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Array", "Lookup", "fresh"]

Array: TypeAlias = "np.ndarray[Any, Any]"

_UNCHECKED = pc.TakeOptions(boundscheck=False)


def fresh(rows: int, dtype: Any) -> Array:
    """Memory for so many numbers, to be written to. It is Arrow's: the C library gives what is free back each time."""
    dtype = np.dtype(dtype)
    return np.frombuffer(pa.allocate_buffer(rows * dtype.itemsize), dtype)


class Lookup:
    """A table of numbers. INVARIANT: whoever asks has places that are in it, as nothing checks them.

    Arrow looks up in about half the time that NumPy takes, which first makes every place a 64-bit number, and keeps the
    memory of one answer for the next. What it gives cannot be written to.
    """

    def __init__(self, table: Array) -> None:
        """`table` is not copied: what is written to it later is found."""
        self.table = np.ascontiguousarray(table)
        self._array = pa.Array.from_buffers(
            pa.from_numpy_dtype(self.table.dtype), len(self.table), [None, pa.py_buffer(self.table)]
        )

    def take(self, places: Array) -> Array:
        """The number at each of these places, which are whole.

        >>> Lookup(np.array([7, 8, 9], np.uint8)).take(np.array([2, 0, 2], np.int32)).tolist()
        [9, 7, 9]
        """
        found: Array = pc.call_function("array_take", [self._array, pa.array(places)], _UNCHECKED).to_numpy()
        return found
