"""A column of values as codes: the cell of each value, or a code of its own for what may lie in several cells.

The quick way takes whole arrays of the types that the fact has: one search, or one look-up. Whatever is out of the
ordinary (text, units, values beyond the bounds) is read once for each distinct value, as `decide` reads it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from accessrules import units
from accessrules.axes import Axis
from accessrules.floats import float_cuts, float_range
from accessrules.registers import ABSENT, MOST_SUGGESTED, PLAIN, Absent, Spec, read_cell
from accessrules.tables.cells import Quick, as_int32, booleans, days, narrow, numbers, plain, with_nulls
from accessrules.tables.lookups import Array, Lookup
from accessrules.values import Unreadable, read_value
from accessrules.valuesets import Cut, Key
from accessrules.vocabulary import FactValue

__all__ = ["Coder", "Codes", "plain_day", "plain_values", "python_values"]


_MOST_REMEMBERED = 1 << 16
_LIGHT = 1 << 10
_MOST_PROBLEMS = 1 << 16
"""Of a column with more wrong values than this, the others are told alike: what is wrong is kept in memory."""

_PLAIN_NUMBER = r"^[+-]?[0-9]{1,9}(\.[0-9]{1,5})?$"
"""Text of so few digits is exactly one float, so that it may be read as one."""


class Codes(NamedTuple):
    """A code for each row; and for each row the number of what is wrong with it, -1 for nothing (None: nothing at all).

    With `is_known`, each code is a cell: the value of every row is known.
    """

    codes: Array
    wrong: Array | None
    is_known: bool


class Coder:
    """One fact's codes. A code below `unknown` is a cell; `unknown` stands for every cell, those above for some.

    - `open_masks`: the cells of `unknown` and of each code above it, in order.
    - `absent`: the code of a fact that is not given: what is presumed, else `unknown`.
    - `problems`: what can be wrong, as (message, help), by number.
    """

    def __init__(
        self,
        axis: Axis,
        *,
        is_spoken: bool = False,
        spec: Spec = PLAIN,
        not_given: FactValue | None = None,
        absent_apart: bool = False,
    ) -> None:
        """`is_spoken`: text is as a person writes it, and an empty one is not given.

        `not_given`: what is taken for a fact that is not given, in the place of what the vocabulary presumes. A null is
        unknown and not presumed, as None is in a case, unless `spec` says that it is not given.
        With `absent_apart` what is not given has a code of its own.
        """
        self.axis, self.fact = axis, axis.fact
        self.unknown = axis.size
        self.open_masks = [axis.everything]
        self._inner: dict[FactValue, int] = {}
        for name in self.fact.under:
            mask = axis.mask_of(self.fact.set_of(name))
            if mask & (mask - 1):
                self._inner[name] = self.unknown + len(self.open_masks)
                self.open_masks.append(mask)
            else:
                self._inner[name] = mask.bit_length() - 1
        self._is_spoken = is_spoken
        self._spec = spec if spec.unit != self.fact.unit else replace(spec, unit=None)
        presumed = self.fact.presume if not_given is None else not_given
        self.absent = self.unknown if presumed is None else self._code_of(presumed)
        if absent_apart:
            self.absent = self.unknown + len(self.open_masks)
        self._null = self.absent if spec.null_is_absent else self.unknown
        self.problems: list[tuple[str, str]] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._lock = Lock()
        self._known: dict[Any, tuple[int, int]] = {}
        self._last: tuple[pa.Array, Lookup, Lookup | None] | None = None
        self._fast = self._quick_way()

    @property
    def is_light(self) -> bool:
        """Whether it keeps little of what it has read, and found nothing wrong."""
        return not self.problems and len(self._known) <= _LIGHT and (not self._last or len(self._last[0]) <= _LIGHT)

    def code(self, array: pa.Array) -> Codes:
        """The codes of an Arrow array."""
        if isinstance(array, pa.ExtensionArray):
            array = array.storage
        if pa.types.is_dictionary(array.type) and not _is_text(array.type.value_type):
            array = array.dictionary_decode()
        found = self._fast(array) if self._fast else None
        if found is None:
            return self._distinct(array)
        codes, odd = found
        codes = with_nulls(codes, array, self._null)
        is_known = not array.null_count or self._null < self.unknown
        if odd is not None and array.null_count:
            odd = odd & array.is_valid().to_numpy(zero_copy_only=False)
        if odd is None or not odd.any():
            return Codes(codes, None, is_known)
        rows = np.flatnonzero(odd)
        codes = codes.copy()
        codes[rows], found_wrong, others_known = self._distinct(array.take(pa.array(rows)))
        if found_wrong is None:
            return Codes(codes, None, is_known and others_known)
        wrong = np.full(len(codes), -1, np.int32)
        wrong[rows] = found_wrong
        return Codes(codes, wrong, is_known and others_known)

    def code_values(self, values: Sequence[Any]) -> Codes:
        """The codes of values that have no common type; ABSENT is a fact that is not given."""
        found = [self._read(value) for value in values]
        both = np.array(found, np.int32).reshape(len(found), 2)
        return Codes(both[:, 0].copy(), both[:, 1].copy(), bool((both[:, 0] < self.unknown).all()))

    def _code_of(self, value: FactValue | Absent | None) -> int:
        if value is None:
            return self._null
        if isinstance(value, Absent):
            return self.absent
        return self._inner[value] if value in self._inner else self.axis.cell_of(value)

    # --------------------------------------------------------------------------------------------- the quick way

    def _quick_way(self) -> Quick | None:
        """From arrays of the fact's own type to their cells; None where every value is looked at."""
        kind = self.fact.type
        if kind == "boolean":
            return booleans
        if kind == "date":
            return days(tuple(int(key) for key, _ in self.axis.cuts))
        found = self._float_cuts() if kind in ("number", "integer") else None
        if found is None or (kind == "integer" and self._spec.unit is not None):
            return None
        return numbers(tuple(found[0]), *found[1], whole=kind == "integer")

    def _float_cuts(self) -> tuple[list[float], tuple[float, float]] | None:
        """The axis in the column's unit: its cuts, and a range inside the fact's bounds; None where it is not exact."""

        unit = self._spec.unit

        def there(key: Key) -> Key | None:
            assert self.fact.unit is not None and unit is not None  # noqa: PT018 - for the types
            return units.convert(Decimal(key), self.fact.unit, unit)

        cuts: list[Cut] = list(self.axis.cuts[1:-1])
        bounds = [self.fact.minimum, self.fact.maximum]
        if unit is not None:
            moved = [(there(key), side) for key, side in cuts]
            ends = [None if bound is None else there(bound) for bound in bounds]
            cuts = [(key, side) for key, side in moved if key is not None]
            if len(cuts) < len(moved) or [end is None for end in ends] != [bound is None for bound in bounds]:
                return None
            bounds = ends
        floats = float_cuts(cuts)
        return None if floats is None else (floats, float_range(*bounds))

    # ---------------------------------------------------------------------------------- one look at each distinct

    def _distinct(self, array: pa.Array) -> Codes:
        try:
            encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # lists and the like: no value has them
            return self.code_values(plain_values(array))
        codes, wrong = self._of_dictionary(encoded.dictionary)
        indices, count = encoded.indices, len(encoded.dictionary)
        least, greatest = pc.min_max(indices).as_py().values()
        if least is not None and not 0 <= least <= greatest < count:
            encoded.validate(full=True)  # says what is wrong with it
        rows, used = plain(indices), codes.table[:-1]
        if indices.null_count:
            rows, used = with_nulls(as_int32(rows), indices, count), codes.table
        is_known = bool((used < self.unknown).all())
        return Codes(codes.take(rows), None if wrong is None else wrong.take(rows), is_known)

    def _of_dictionary(self, dictionary: pa.Array) -> tuple[Lookup, Lookup | None]:
        """The code, and what is wrong, of each value of a dictionary, and of a null after the last."""
        last = self._last
        if last is not None and last[0].equals(dictionary):
            return last[1], last[2]
        codes = np.empty(len(dictionary) + 1, narrow(self.unknown + len(self.open_masks)))
        wrong = np.full(len(dictionary) + 1, -1, np.int32)
        codes[-1] = self._null
        left = self._plain_text(dictionary, codes) if self._is_spoken else None
        values = plain_values(dictionary if left is None else dictionary.take(left))
        rows = range(len(dictionary)) if left is None else left.to_pylist()
        for n, value in zip(rows, values, strict=True):
            codes[n], wrong[n] = self._read(value)
        found = Lookup(codes), Lookup(wrong) if (wrong >= 0).any() else None
        self._last = (dictionary, *found)
        return found

    def _plain_text(self, texts: pa.Array, codes: Array) -> pa.Array | None:
        """Code the text that is a plain number; the places of the rest, or None where all is left."""
        if self._fast is None or self.fact.type != "number" or not pa.types.is_string(texts.type):
            return None
        plain = pc.match_substring_regex(texts, _PLAIN_NUMBER).fill_null(False)
        rows = np.flatnonzero(plain.to_numpy(zero_copy_only=False))
        found = self._fast(texts.filter(plain).cast(pa.float64()))
        assert found is not None
        codes[rows], odd = found
        left = np.ones(len(texts), bool)
        left[rows if odd is None else rows[~odd]] = False
        return pa.array(np.flatnonzero(left))

    def _read(self, value: Any) -> tuple[int, int]:
        """The code of one value, and the number of what is wrong with it."""
        key = (type(value), value)
        try:
            found = self._known.get(key)
        except TypeError:
            return self._read_anew(value)
        if found is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._read_anew(value)
        return found

    def _read_anew(self, value: Any) -> tuple[int, int]:
        try:
            return self._code_of(self.typed(value)), -1
        except Unreadable as wrong:
            told = (wrong.message, wrong.help if len(self.problems) < MOST_SUGGESTED else "")
            if len(self.problems) >= _MOST_PROBLEMS:
                told = (f"is no value of `{self.fact.name}` either", "there are too many to tell each apart")
            with self._lock:
                number = self._numbers.setdefault(told, len(self._numbers))
                if number == len(self.problems):
                    self.problems.append(told)
            return 0, number

    def typed(self, value: Any) -> FactValue | Absent | None:
        """One value as `decide` reads it; raises Unreadable."""
        if value is None:
            return ABSENT if self._spec.null_is_absent else None
        if isinstance(value, Absent):
            return value
        if isinstance(value, (list, tuple, dict)):
            raise Unreadable(f"`{self.fact.name}` has several values", "write one value")
        is_spoken = self._is_spoken and isinstance(value, str)
        value = self._spec.with_unit(value, is_spoken=is_spoken)
        return read_cell(value, self.fact, is_spoken=True) if is_spoken else read_value(value, self.fact)


def python_values(column: pa.Array) -> list[Any]:
    """The values as Python has them; as text where it cannot have them."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError, ImportError):  # a day beyond the calendar, a time finer than Python's
        return [_python_value(value) for value in column]


def _python_value(value: pa.Scalar) -> Any:
    try:
        return value.as_py()
    except (ValueError, OverflowError, ImportError):
        pass
    try:
        return value.cast(pa.string()).as_py()
    except pa.ArrowException:  # a time in a zone that there is none of
        return str(value.cast(pa.int64()).as_py())


def plain_values(column: pa.Array) -> list[Any]:
    """The values as Python has them; midnight of a timestamp without a zone is its day."""
    return [plain_day(value) for value in python_values(column)]


def plain_day(value: Any) -> Any:
    """The day of a timestamp at midnight without a zone; anything else as it is."""
    if isinstance(value, dt.datetime) and value != value:
        return str(value)  # what pandas has for the least of nanoseconds, and calls no time
    if not isinstance(value, dt.datetime) or value.tzinfo is not None or value.time() != dt.time():
        return value
    return value if getattr(value, "nanosecond", 0) else value.date()  # pandas has a finer time


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))
