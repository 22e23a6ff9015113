"""Rows of values written as CSV or JSON Lines; reading them again gives the same values."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TextIO

from accessrules.values import json_value, number_text
from accessrules.vocabulary import FactValue

__all__ = ["write_csv", "write_json_lines"]


def write_csv(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[FactValue | None]]) -> None:
    """Write a header and the rows; a number is in its fact's unit, and None an empty cell."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_text(value) for value in row] for row in rows)


def write_json_lines(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[FactValue | None]]) -> None:
    """Write an object a line; None is left out."""
    for row in rows:
        found = {c: json_value(value) for c, value in zip(columns, row, strict=True) if value is not None}
        stream.write(json.dumps(found, ensure_ascii=False) + "\n")


def _text(value: FactValue | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    return number_text(value) if isinstance(value, (int, Decimal)) else value
