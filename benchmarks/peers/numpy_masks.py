"""NumPy: rows sorted by category, then one mask a rule on the rows of its category."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.columns import epoch_day
from benchmarks.peers.peer import LAW, NAMES, SIGNS, ColumnPeer
from benchmarks.problem import FLAGS, PlainRule, Problem


class NumpyMasks(ColumnPeer):
    """Arrow columns in, a dictionary-encoded Arrow column out."""

    package = "numpy"
    gets = "Arrow columns; to arrays and sorted in the time"
    priorities = "order of the masks"
    lacks = f"unknown facts; why; {LAW}"
    alone = False

    def __init__(self, problem: Problem, threads: int = 1) -> None:
        self.rules = problem.by_category()

    def decide_rows(self, rows: Any) -> Any:
        """The first rule of a category is laid over the others last."""
        category, purpose = rows["category"].combine_chunks(), rows["purpose"].combine_chunks()
        codes = category.indices.to_numpy()
        order = np.argsort(codes.astype(np.uint16), kind="stable")  # NumPy sorts 16 bits by radix
        ends = np.cumsum(np.bincount(codes, minlength=len(category.dictionary)))
        columns: dict[str, Any] = {
            "purpose": purpose.indices.to_numpy()[order],
            "day": rows["day"].combine_chunks().cast(pa.int32()).to_numpy()[order],
            **{name: rows[name].to_numpy()[order] for name in ("volume", "power", *FLAGS)},
        }
        purposes = {name: code for code, name in enumerate(purpose.dictionary.to_pylist())}
        sorted_out: Any = np.full(len(codes), NAMES.index("nothing"), np.int8)
        start = 0
        for name, end in zip(category.dictionary.to_pylist(), ends, strict=True):
            part = slice(start, end)
            own = {column: values[part] for column, values in columns.items()}
            for rule in reversed(self.rules[name]):
                sorted_out[part][_mask(rule, own, purposes)] = NAMES.index(rule.outcome)
            start = end
        out = np.empty_like(sorted_out)
        out[order] = sorted_out
        return pa.DictionaryArray.from_arrays(pa.array(out), pa.array(NAMES))


def _mask(rule: PlainRule, columns: dict[str, Any], purposes: dict[str, int]) -> Any:
    """Where a rule holds."""
    mask: Any = True
    for fact, sign, value in rule.tests():
        if fact == "purpose":
            value = purposes.get(value, -1)
        mask = SIGNS[sign](columns[fact], epoch_day(value) if fact == "day" else value) & mask
    return mask
