"""Cases as Arrow columns: text as dictionaries, volume as 64-bit floats, power as 64-bit integers, days as days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.problem import FLAGS, PURPOSES, START, Facts

TEXT = pa.dictionary(pa.int32(), pa.string())
COLUMNS = pa.schema(
    {
        "category": TEXT,
        "volume": pa.float64(),
        "power": pa.int64(),
        "purpose": TEXT,
        "manufactured_on": pa.date32(),
        **{flag: pa.bool_() for flag in FLAGS},
        "day": pa.date32(),
    }
)
FACTS = tuple(COLUMNS.names[:-1])


def random_table(categories: int, rows: int, unknown: float, seed: int = 11) -> Any:
    """Rows as `Problem.cases` draws them; in the part `unknown` of them one to three facts are missing."""
    random = np.random.default_rng(seed)
    start = epoch_day(START)
    whole, tenths = random.integers(0, 1_000, rows), random.integers(0, 10_000, rows) / 10
    drawn: dict[str, Any] = {
        "category": random.integers(0, categories, rows, np.int32),
        "volume": np.where(random.random(rows) < 0.5, whole, tenths),
        "power": random.integers(0, 100, rows),
        "purpose": random.integers(0, len(PURPOSES), rows, np.int32),
        "manufactured_on": random.integers(start, start + 7_000, rows, np.int32),
        **{flag: random.random(rows) < 0.5 for flag in FLAGS},
        "day": random.integers(start, start + 7_000, rows, np.int32),
    }
    missing = _missing(random, rows, unknown)
    texts = {"category": [f"c{c}" for c in range(categories)], "purpose": list(PURPOSES)}

    def column(name: str) -> Any:
        values = pa.array(drawn[name], mask=missing.get(name))
        if name in texts:
            return pa.DictionaryArray.from_arrays(values, pa.array(texts[name]))
        return values.cast(COLUMNS.field(name).type)

    return pa.table({name: column(name) for name in COLUMNS.names}, schema=COLUMNS)


def _missing(random: Any, rows: int, unknown: float) -> dict[str, Any]:
    """For each fact, the rows in which it is not known."""
    if not unknown:
        return {}
    some = random.random(rows) < unknown
    place = random.random((len(FACTS), rows)).argsort(axis=0)  # each fact's place in a row's order of its own
    lacking = some & (place < random.integers(1, 4, rows))
    return dict(zip(FACTS, lacking, strict=True))


def table_of(cases: Iterable[tuple[Facts, dt.date]]) -> Any:
    """Cases as a table."""
    return pa.Table.from_pylist([{**facts, "day": day} for facts, day in cases], schema=COLUMNS)


def cases_of(table: Any) -> list[tuple[Facts, dt.date]]:
    """The cases of a table; what is not known is left out."""
    rows = ({name: value for name, value in row.items() if value is not None} for row in table.to_pylist())
    return [(row, row.pop("day")) for row in rows]


def epoch_day(day: dt.date) -> int:
    """A day's number in a column of days."""
    return (day - dt.date(1970, 1, 1)).days
