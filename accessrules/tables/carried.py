"""Values as text: in cells of CSV, and as JSON. Whatever a column holds, each value is written, and none changes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from accessrules.errors import Problem, RegisterError
from accessrules.tables.coding import python_values
from accessrules.values import json_value

__all__ = ["as_cells", "as_values", "check_cells", "json_line", "without_views"]

_WIDEST = 300
"""Numbers with more digits than this before or after the point are written as text."""

_BETWEEN = ";"
"""Stands between the entries of a list in a cell of CSV."""


def as_cells(name: str, column: pa.Array) -> pa.Array:
    """A column in a type that CSV has; RegisterError, which names it, where there is none.

    >>> as_cells("on", pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, 0], pa.int8()))).to_pylist()
    [True, False]
    """
    try:
        found = _plain(column)
        if pa.types.is_list(found.type) and pa.types.is_string(found.type.value_type):
            return pc.binary_join(found, _BETWEEN)
        if pa.types.is_nested(found.type):
            return pa.array([None if v is None else json_line({"": v})[5:-2] for v in found.to_pylist()], pa.string())
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
        return list(column.to_pylist()) if isinstance(column, pa.ExtensionArray) else python_values(column)
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


def json_line(row: Mapping[str, Any]) -> str:
    """A row as a line of JSON; a number that JSON has not is null."""
    try:
        text = json.dumps(row, ensure_ascii=False, default=_as_json, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(row), ensure_ascii=False, default=_as_json)
    return text + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _as_json(value: Any) -> Any:
    """What JSON has for a value that it has no type for."""
    if isinstance(value, Decimal) and not -_WIDEST < value.adjusted() < _WIDEST:
        return str(value)
    if isinstance(value, (date, Decimal)):
        return json_value(value)
    return _text_of(value) if isinstance(value, bytes) else str(value)
