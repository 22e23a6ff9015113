"""Values as text: in cells of CSV, and as JSON. Whatever a column holds, each value is written, and none changes."""

from __future__ import annotations

import json
import math
import re
import secrets
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from accessrules.errors import Problem, RegisterError

__all__ = ["as_cells", "as_values", "check_cells", "json_line", "json_text", "without_views"]

_BETWEEN = ";"
"""Stands between the entries of a list in a cell of CSV."""

_LONGEST = 20
"""Numbers with so many zeros behind the point are written with an exponent."""

_NUMBER = secrets.token_hex(16)
"""Marks a text that becomes a bare number of JSON, which no encoder writes with more digits than a float has."""

_MARKED = re.compile(f'"{_NUMBER}([^"]*)"')
_MOMENT = re.compile(r"(?:(\S+) )?(\d\d:\d\d:\d\d)(?:\.(\d+))?(?:(Z)|([+-]\d\d)(\d\d))?")


def as_cells(name: str, column: pa.Array) -> pa.Array:
    """A column in a type that CSV has; RegisterError, which names it, where there is none.

    >>> as_cells("needs", pa.array([["category", "purpose"], ["a;b"], None])).to_pylist()
    ['category;purpose', '["a;b"]', None]
    """
    try:
        found = _plain(column)
        if pa.types.is_list(found.type) and pa.types.is_string(found.type.value_type):
            return _joined(found)
        if pa.types.is_nested(found.type):
            return pa.array([None if v is None else json_text(v) for v in _values(found)], pa.string())
        if _is_bytes(found.type):
            return pa.array([v and _text_of(v) for v in found.to_pylist()], pa.string())
    except pa.ArrowException as wrong:
        raise _unwritable(name, column, wrong) from None
    return found


def check_cells(rows: pa.RecordBatch) -> None:
    """Raise RegisterError for the first column that Arrow cannot write as text."""
    for name, column in zip(rows.schema.names, rows.columns, strict=True):
        try:
            column.cast(pa.string())
        except pa.ArrowException as wrong:
            raise _unwritable(name, column, wrong) from None


def as_values(name: str, column: pa.Array) -> list[Any]:
    """A column as the values that JSON is made of (see `json_line`); RegisterError, which names it, if it has none."""
    try:
        return _values(column)
    except pa.ArrowException as wrong:
        raise _unwritable(name, column, wrong) from None


def _unwritable(name: str, column: pa.Array, wrong: Exception) -> RegisterError:
    message = f"the column `{name}`, of the type {column.type}, cannot be written as text: {wrong}"
    return RegisterError([Problem(f"$.columns.{name}", message, "leave it out, or give it another type")])


def without_views(column: pa.Array) -> pa.Array:
    """A column of text or bytes that are views as plain text or bytes: Arrow cannot choose rows of views."""
    if pa.types.is_string_view(column.type):
        return column.cast(pa.large_string())
    return column.cast(pa.large_binary()) if pa.types.is_binary_view(column.type) else column


def _plain(column: pa.Array) -> pa.Array:
    """A column without what Arrow puts around values: types of extensions, dictionaries, views."""
    if pa.types.is_dictionary(column.type):
        return _plain(column.dictionary_decode())
    if not isinstance(column, pa.ExtensionArray):
        return without_views(column)
    kind = column.type.extension_name
    if kind == "arrow.uuid":
        return pa.array([v and str(v) for v in column.to_pylist()], pa.string())
    return column.storage.cast(pa.bool_()) if kind == "arrow.bool8" else _plain(column.storage)


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind))


def _text_of(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _joined(lists: pa.Array) -> pa.Array:
    """Lists of text as their entries in a row; as JSON where that would not tell which they are."""
    joined, entries = pc.binary_join(lists, _BETWEEN), pc.list_value_length(lists)
    as_many = pc.equal(pc.add(pc.count_substring(joined, _BETWEEN), 1), entries)
    is_some = pc.and_(pc.not_equal(joined, ""), pc.invert(pc.starts_with(joined, "[")))
    is_clear = pc.or_kleene(pc.equal(entries, 0), pc.and_(as_many, is_some))  # null: the list is, or an entry
    odd = pc.indices_nonzero(pc.and_(lists.is_valid(), pc.invert(is_clear.fill_null(False)))).to_pylist()
    if not odd:
        return joined
    texts = joined.to_pylist()
    for n in odd:
        texts[n] = json_text(lists[n].as_py())
    return pa.array(texts, pa.string())


def _values(column: pa.Array) -> list[Any]:
    """The values as Python has them; those that it has not are text."""
    if "time64[ns]" not in str(column.type):  # of which Python has no nanoseconds
        try:
            return list(column.to_pylist())
        except (ValueError, OverflowError, ImportError):  # a day beyond the calendar, a time finer than Python's
            pass
    return [_value(one) for one in column]


def _value(one: pa.Scalar) -> Any:
    """One value of a column that Python does not have as a whole."""
    if not one.is_valid:
        return None
    if isinstance(one, pa.StructScalar):
        return {name: _value(inner) for name, inner in one.items()}
    if isinstance(one, pa.MapScalar):
        return [list(_value(pair).values()) for pair in one.values]
    if isinstance(one, (pa.ListScalar, pa.FixedSizeListScalar)):
        return [_value(inner) for inner in one.values]
    if one.type != pa.time64("ns"):
        try:
            return one.as_py()
        except (ValueError, OverflowError, ImportError):
            pass
    return _iso(one.cast(pa.string()).as_py())


def _iso(text: str) -> str:
    """A moment or time that Arrow has written, as Python writes them.

    >>> _iso("10000-01-01 08:00:00.500+0800"), _iso("00:00:00.000000001")
    ('10000-01-01T08:00:00.500000+08:00', '00:00:00.000000001')
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text
    day, time, fraction, utc, hours, minutes = found.groups(default="")
    digits = fraction.rstrip("0")
    digits = digits and "." + digits.ljust(6 if len(digits) <= 6 else 9, "0")
    return f"{day}{day and 'T'}{time}{digits}" + ("+00:00" if utc else f"{hours}{hours and ':'}{minutes}")


def json_line(row: Mapping[str, Any]) -> str:
    """A row as a line of JSON; a number that JSON has not is null."""
    return json_text(row) + "\n"


def json_text(value: Any) -> str:
    """A value as JSON; decimals keep all their digits.

    >>> json_text([Decimal("0.10"), Decimal("1E-400"), float("nan")])
    '[0.10, 1E-400, null]'
    """
    try:
        text = json.dumps(value, ensure_ascii=False, default=_as_json, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False, default=_as_json)
    return _MARKED.sub(r"\1", text) if _NUMBER in text else text


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _as_json(value: Any) -> Any:
    """What JSON has for a value that it has no type for."""
    if isinstance(value, Decimal):
        text = str(value)
        return _NUMBER + (format(value, "f") if "E-" in text and value.adjusted() > -_LONGEST else text)
    if isinstance(value, date):
        return value.isoformat()
    return _text_of(value) if isinstance(value, bytes) else str(value)
