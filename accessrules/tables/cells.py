"""From arrays of a fact's own type to its cells, a whole array at once: by a table, a grid, or a search.

Each way gives None for an array of another type; else the cell of each value, and which values are out of the ordinary,
so that they must be looked at one by one (None: none of them). What stands for nulls means nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from accessrules.tables.lookups import Array, Lookup, fresh

__all__ = ["Quick", "as_int32", "booleans", "by_search", "days", "numbers", "plain", "with_nulls"]

Quick: TypeAlias = Callable[[pa.Array], "tuple[Array, Array | None] | None"]

_EPOCH = 719_163
"""The ordinal of 1970-01-01, from which Arrow counts its days."""

_WIDEST_LOOK_UP = 1 << 20
_KEPT = 32
"""So many ways are kept for the next table: to make them takes longer than to decide a thousand rows."""

_GRIDS = (1 << 12, 1 << 16)


def booleans(array: pa.Array) -> tuple[Array, Array | None] | None:
    """The cells of false and true."""
    if not pa.types.is_boolean(array.type):
        return None
    return as_int32(_bits(array, 1)), None


@lru_cache(_KEPT)
def days(cuts: tuple[int, ...]) -> Quick:
    """The cells of days, and of timestamps at midnight; `cuts` are ordinals, the ends of the domain among them."""
    low, *inner, high = (cut - _EPOCH for cut in cuts)
    cells = _whole(inner)

    def read(array: pa.Array) -> tuple[Array, Array | None] | None:
        kind, odd = array.type, None
        if pa.types.is_timestamp(kind) and kind.tz is None:
            day = array.cast(pa.date32(), safe=False)
            # A day with a time is none; what is left is the day that the timestamp begins.
            odd = pc.not_equal(day.cast(kind), array).fill_null(False).to_numpy(zero_copy_only=False)
        elif pa.types.is_date(kind):
            day = array.cast(pa.date32(), safe=False)
        else:
            return None
        values = plain(day.view(pa.int32()))
        beyond = _beyond(values, low, high - 1)
        if odd is not None and beyond is not None:
            odd = odd | beyond
        return cells(values), beyond if odd is None else odd

    return read


@lru_cache(_KEPT)
def numbers(cuts: tuple[float, ...], low: float, high: float, *, whole: bool) -> Quick:
    """The cells of numbers from `low` to `high`; only of `whole` ones, where the fact has no others."""
    of_whole, of_floats = _whole([int(-(-cut // 1)) for cut in cuts]), by_search(np.array(cuts, np.float64))

    def read(array: pa.Array) -> tuple[Array, Array | None] | None:
        if pa.types.is_integer(array.type):
            values = plain(array)
            odd = _beyond(values, low, high)
            # The largest of unsigned numbers are beyond the bounds, and may come out as anything here.
            return of_whole(values.astype(np.int64, copy=False)), odd
        if whole or not pa.types.is_floating(array.type):
            return None
        values = plain(array).astype(np.float64, copy=False)
        odd = _beyond(values, low, high)
        # A NaN has no place among the cuts.
        return of_floats(values if odd is None else np.where(odd, low, values)), odd

    return read


def _beyond(values: Array, low: float, high: float) -> Array | None:
    """Which values are not from `low` to `high`; None for none, which two looks at the whole tell."""
    if not len(values) or (low <= values.min() and values.max() <= high):  # a NaN fails both
        return None
    found: Array = ~((values >= low) & (values <= high))
    return found


def as_int32(values: Array) -> Array:
    """The values as 32-bit numbers; fractions are cut off."""
    found = values
    if values.dtype != np.int32:
        found = fresh(len(values), np.int32)
        found[:] = values
    return found


def plain(array: pa.Array) -> Array:
    """Numbers as NumPy has them; what stands for nulls is whatever lies there."""
    if array.null_count:
        array = pa.Array.from_buffers(array.type, len(array), [None, array.buffers()[1]], offset=array.offset)
    values: Array = array.to_numpy(zero_copy_only=False)
    return values


def with_nulls(values: Array, array: pa.Array, null: int) -> Array:
    """32-bit numbers with this one at the nulls of an array of no nested type."""
    if not array.null_count:
        return values
    rows = np.arange(len(array)) if array.buffers()[0] is None else np.flatnonzero(_bits(array, 0) == 0)
    found = fresh(len(values), np.int32)
    found[:] = values
    found[rows] = null
    return found


def _bits(array: pa.Array, buffer: int) -> Array:
    """The bits of one of an array's buffers: 0 of what is there, 1 of booleans."""
    first = array.offset
    raw = np.frombuffer(array.buffers()[buffer] or b"", np.uint8)[first // 8 : (first + len(array) + 7) // 8]
    return np.unpackbits(raw, bitorder="little")[first % 8 :][: len(array)]


def _whole(cuts: Sequence[int]) -> Callable[[Array], Array]:
    """From whole numbers of 32 or 64 bits to how many cuts are at most each: by a table, where it is not too long."""
    if not cuts:
        return lambda values: np.zeros(len(values), np.int32)
    first, last = cuts[0] - 1, cuts[-1]
    if last - first > _WIDEST_LOOK_UP:
        sought = np.array(cuts)
        return lambda values: np.searchsorted(sought, values, side="right").astype(np.int32)
    table = Lookup(np.searchsorted(np.array(cuts), np.arange(first, last + 1), side="right").astype(np.int32))

    def look_up(values: Array) -> Array:
        places = np.clip(values, first, last, out=fresh(len(values), values.dtype))
        places -= first
        return table.take(as_int32(places))

    return look_up


def by_search(cuts: Array) -> Callable[[Array], Array]:
    """From floats to how many cuts are at most each: by a grid so fine that no two cuts fall in one of its buckets.

    Which bucket a float falls in never goes down as the float goes up, rounding included. So a cut in a lower bucket
    is below the float, one in a higher bucket above it, and only one in the same bucket has to be looked at.
    """
    for size in _GRIDS if len(cuts) > 1 else ():
        first, scale = cuts[0], size / (cuts[-1] - cuts[0])

        def bucket(values: Array, first: float = first, scale: float = scale, size: int = size) -> Array:
            places = np.subtract(values, first, out=fresh(len(values), np.float64))
            places *= scale
            found = as_int32(np.clip(places, -1, size + 1, out=places))
            found += 1
            return found

        places = bucket(cuts)
        if np.isfinite(scale) and (np.diff(places) > 0).all():
            below = Lookup(np.searchsorted(places, np.arange(size + 3), side="left").astype(np.int32))
            inside = np.full(size + 3, np.inf)
            inside[places] = cuts
            return partial(_by_grid, bucket, below, Lookup(inside))
    return lambda values: np.searchsorted(cuts, values, side="right").astype(np.int32)


def _by_grid(bucket: Callable[[Array], Array], below: Lookup, inside: Lookup, values: Array) -> Array:
    """As `by_search`: `below` has for each bucket the cuts in lower ones, `inside` the cut in it."""
    places = bucket(values)
    reached = np.greater_equal(values, inside.take(places), out=fresh(len(values), bool))
    found: Array = np.add(below.take(places), reached, out=fresh(len(values), np.int32))
    return found
