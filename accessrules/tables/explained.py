"""The explanations of rows: made one by one, for each says what its own values are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from accessrules.cases import Case
from accessrules.registers import Absent
from accessrules.tables.kernel import distinct
from accessrules.tables.plans import Plan
from accessrules.vocabulary import AS_OF, KNOWN_ON

__all__ = ["explained"]


def explained(plan: Plan, batch: pa.RecordBatch, wrong: Mapping[str, Any]) -> pa.Array:
    """The explanation of each row as JSON, null for a rejected one; rows with the same facts are explained once."""
    good = np.ones(batch.num_rows, bool)
    for bad in wrong.values():
        good &= bad < 0
    kept = pa.array(np.flatnonzero(good))
    if not len(kept):
        return pa.nulls(batch.num_rows, pa.string())
    columns = {name: batch.column(place).take(kept) for name, place in plan.places.items()}
    which, rows = distinct([_places(column) for column in columns.values()])
    taken = {name: column.take(pa.array(rows)).to_pylist() for name, column in columns.items()}
    texts = [_explain(plan, {name: values[n] for name, values in taken.items()}) for n in range(len(rows))]
    found = np.full(batch.num_rows, -1, np.int64)
    found[kept.to_numpy()] = which
    return pa.array(texts, pa.string()).take(pa.array(found, mask=found < 0))


def _explain(plan: Plan, values: Mapping[str, Any]) -> str:
    typed = {name: plan.coders[name].typed(value) for name, value in values.items()}
    days: dict[str, Any] = {AS_OF.name: plan.as_of, KNOWN_ON.name: plan.known_on}
    for name in days:
        given = typed.pop(name, None)
        if given is not None and not isinstance(given, Absent):
            days[name] = given
    facts = {name: value for name, value in typed.items() if not isinstance(value, Absent)}
    return plan.rules.decide(Case(facts, **days), decision=plan.decider.decision).model_dump_json()


def _places(column: pa.Array) -> Any:
    """For each value a number that tells it from the others."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    return encoded.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
