"""From arrays of a fact's own type to its cells, a whole array at once: by a table, a grid, or a search.

Each way gives None for an array of another type; else the cell of each value, and which values are out of the ordinary,
so that they must be looked at one by one (None: none of them). What stands for nulls means nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from math import floor, isfinite
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from accessrules.tables.lookups import Array, Lookup, fresh, places

__all__ = [
    "Quick",
    "as_int32",
    "booleans",
    "by_search",
    "by_table",
    "days",
    "ends_of",
    "narrow",
    "numbers",
    "plain",
    "with_nulls",
]

Quick: TypeAlias = Callable[[pa.Array], "tuple[Array, Array | None] | None"]
_Ends: TypeAlias = "tuple[Any, Any]"
_Cells: TypeAlias = Callable[[Array, _Ends], Array]

_INT32 = np.dtype(np.int32)

_EPOCH = 719_163
"""The ordinal of 1970-01-01, from which Arrow counts its days."""

_MILLISECONDS = 86_400_000
"""Of a day."""

_WIDEST_LOOK_UP = 1 << 20
_KEPT = 32
"""So many ways are kept for the next table: to make them takes longer than to decide a thousand rows."""

_GRIDS = (1 << 12, 1 << 16)

_FARTHEST = 1 << 30
"""Floats are put into buckets where their numbers are less than this: they have 32 bits."""

_LARGEST = 1 << 62

_MARGIN = 1 << 13
"""Tables of whole numbers go so far beyond the cuts, so that most values are in the table, and need not be cut off."""


def narrow(codes: int) -> np.dtype[Any]:
    """The narrowest type for so many codes and two more: what is narrow stays near the processor."""
    return next((np.dtype(kind) for kind in (np.uint8, np.uint16) if codes + 2 <= 1 << 8 * kind().itemsize), _INT32)


def booleans(array: pa.Array) -> tuple[Array, Array | None] | None:
    """The cells of false and true."""
    if not pa.types.is_boolean(array.type):
        return None
    return _bits(array, 1), None


@lru_cache(_KEPT)
def days(cuts: tuple[int, ...]) -> Quick:
    """The cells of days, and of timestamps at midnight; `cuts` are ordinals, the ends of the domain among them."""
    low, *inner, high = (cut - _EPOCH for cut in cuts)
    cells = by_table(inner)

    def read(array: pa.Array) -> tuple[Array, Array | None] | None:
        kind, odd = array.type, None
        if pa.types.is_timestamp(kind) and kind.tz is None:
            day = array.cast(pa.date32(), safe=False)
            # A day with a time is none, nor is one that is too far to be a day: neither comes back as it was.
            odd = pc.not_equal(day.cast(kind, safe=False), array).fill_null(False).to_numpy(zero_copy_only=False)
            values = plain(day.view(pa.int32()))
        elif pa.types.is_date32(kind):
            values = plain(array.view(pa.int32()))
        elif pa.types.is_date64(kind):
            values = plain(array.view(pa.int64())) // _MILLISECONDS
        else:
            return None
        ends = ends_of(values)
        beyond = _beyond(values, ends, low, high - 1)
        if odd is not None and beyond is not None:
            odd = odd | beyond
        return cells(values, ends), beyond if odd is None else odd

    return read


@lru_cache(_KEPT)
def numbers(cuts: tuple[float, ...], low: float, high: float, *, whole: bool) -> Quick:
    """The cells of numbers from `low` to `high`; only of `whole` ones, where the fact has no others."""
    of_whole, of_floats = by_table([int(-(-cut // 1)) for cut in cuts]), by_search(np.array(cuts, np.float64))

    def read(array: pa.Array) -> tuple[Array, Array | None] | None:
        if pa.types.is_integer(array.type):
            values = plain(array)
            ends = ends_of(values)
            # The largest of unsigned numbers are beyond the bounds, and may come out as anything here.
            return of_whole(values.astype(np.int64, copy=False), ends), _beyond(values, ends, low, high)
        if whole or not pa.types.is_floating(array.type):
            return None
        values = plain(array).astype(np.float64, copy=False)
        ends = ends_of(values)
        odd = _beyond(values, ends, low, high)
        if odd is not None:  # a NaN has no place among the cuts
            values = np.where(odd, low, values)
            ends = ends_of(values)
        return of_floats(values, ends), odd

    return read


def ends_of(values: Array) -> _Ends:
    """The least and the greatest; 0 where there is none, NaN where one is."""
    return (values.min(), values.max()) if len(values) else (0, 0)


def _beyond(values: Array, ends: _Ends, low: float, high: float) -> Array | None:
    """Which values are not from `low` to `high`; None for none."""
    if not len(values) or (low <= ends[0] and ends[1] <= high):  # a NaN fails both
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
    """Numbers with this one, which their type must have, at the nulls of an array of no nested type."""
    if not array.null_count:
        return values
    rows = np.arange(len(array)) if array.buffers()[0] is None else np.flatnonzero(_bits(array, 0) == 0)
    found = fresh(len(values), values.dtype)
    found[:] = values
    found[rows] = null
    return found


def _bits(array: pa.Array, buffer: int) -> Array:
    """The bits of one of an array's buffers: 0 of what is there, 1 of booleans."""
    first = array.offset
    raw = np.frombuffer(array.buffers()[buffer] or b"", np.uint8)[first // 8 : (first + len(array) + 7) // 8]
    return np.unpackbits(raw, bitorder="little")[first % 8 :][: len(array)]


def by_table(cuts: Sequence[int]) -> _Cells:
    """From whole numbers of 32 or 64 bits to how many cuts are at most each: by a table, where it is not too long."""
    kind = narrow(len(cuts) + 1)
    if not cuts:
        return lambda values, _: np.zeros(len(values), kind)
    first, last = cuts[0] - 1 - _MARGIN, cuts[-1] + _MARGIN
    is_near = first > -_LARGEST and last < _LARGEST
    if not is_near or last - first > _WIDEST_LOOK_UP:
        sought = np.array(cuts, np.int64 if is_near else object)  # else some cut may have more than 64 bits
        return lambda values, _: np.searchsorted(sought, values, side="right").astype(kind)
    table = Lookup(np.searchsorted(np.array(cuts), np.arange(first, last + 1), side="right").astype(kind))

    def look_up(values: Array, ends: _Ends) -> Array:
        if ends[0] < first or last < ends[1]:
            values = np.clip(values, first, last, out=fresh(len(values), values.dtype))
        return table.take(np.subtract(values, first, out=places(len(values)), casting="unsafe"))

    return look_up


def by_search(cuts: Array) -> _Cells:
    """From floats to how many cuts are at most each: by a grid so fine that no two cuts fall in one of its buckets.

    Which bucket a float falls in never goes down as the float goes up, rounding included. So a cut in a lower bucket
    is below the float, one in a higher bucket above it, and only one in the same bucket has to be looked at.
    """
    kind = narrow(len(cuts) + 1)
    for size in _GRIDS if len(cuts) > 1 else ():
        low, high = float(cuts[0]), float(cuts[-1])
        scale = size / (high - low)
        if not (isfinite(scale) and low * scale > -_FARTHEST and high * scale < _FARTHEST):
            continue
        first, last = floor(low * scale) - size // 8, floor(high * scale) + size // 8
        bucket = partial(_buckets, scale, first, last)
        where = bucket(cuts, (low, high))
        if (np.diff(where) > 0).all():
            buckets = last - first + 3
            below = Lookup(np.searchsorted(where, np.arange(buckets), side="left").astype(kind))
            inside = np.full(buckets, np.inf)
            inside[where] = cuts
            return partial(_by_grid, bucket, below, Lookup(inside))
    return lambda values, _: np.searchsorted(cuts, values, side="right").astype(kind)


def _buckets(scale: float, first: int, last: int, values: Array, ends: _Ends) -> Array:
    """The bucket of each float; those outside `first` to `last` are in one of the buckets at the ends.

    What is cut off to `first` may come to lie beside it, so that one more bucket is needed at either end.
    """
    if float(ends[0]) * scale < first or last < float(ends[1]) * scale:
        values = np.clip(values, first / scale, last / scale, out=fresh(len(values), np.float64))
    found = np.multiply(values, scale, out=places(len(values)), casting="unsafe")
    found -= np.int32(first - 1)
    return found


def _by_grid(bucket: _Cells, below: Lookup, inside: Lookup, values: Array, ends: _Ends) -> Array:
    """As `by_search`: `below` has for each bucket the cuts in lower ones, `inside` the cut in it."""
    where = bucket(values, ends)
    reached = np.greater_equal(values, inside.take(where), out=fresh(len(values), bool))
    found: Array = np.add(below.take(where), reached, out=fresh(len(values), below.table.dtype))
    return found
