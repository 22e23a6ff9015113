"""The explanations of rows: made one by one, for each says what its own values are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from accessrules.cases import Case
from accessrules.registers import Absent
from accessrules.tables.blocks import Block
from accessrules.tables.coding import plain_values
from accessrules.tables.kernel import distinct, numbered
from accessrules.tables.plans import Plan
from accessrules.vocabulary import AS_OF, KNOWN_ON

__all__ = ["explained"]


def explained(plan: Plan, block: Block, wrong: Mapping[str, Any]) -> pa.Array:
    """The explanation of each row as JSON, null for a rejected one; rows with the same facts are explained once."""
    count = block.count
    good = np.ones(count, bool)
    good[list(block.broken)] = False
    for bad in wrong.values():
        good &= bad < 0
    kept = np.flatnonzero(good)
    if not len(kept):
        return pa.nulls(count, pa.string())
    which, cases = _cases(plan, block, kept)
    texts = [_explain(plan, values) for values in cases]
    found = np.full(count, -1, np.int64)
    found[kept] = which
    return pa.array(texts, pa.string()).take(pa.array(found, mask=found < 0))


def _cases(plan: Plan, block: Block, kept: Any) -> tuple[Any, list[dict[str, Any]]]:
    """For each row that is kept which of the distinct ones it is like, and the values of each of those by fact.

    Each is read alone: what another row has may be nothing that Python can hold.
    """
    if not plan.places:
        return np.zeros(len(kept), np.int64), [{}]
    if block.values is not None:
        each = {name: block.values[plan.columns[place]] for name, place in plan.places.items()}
        return np.arange(len(kept)), [{name: values[n] for name, values in each.items()} for n in kept.tolist()]
    columns = {name: block.batch.column(place) for name, place in plan.places.items()}
    which, first = distinct([numbered(column).take(kept) for column in columns.values()])
    rows = kept.take(first).tolist()
    return which, [{name: plain_values(column.slice(n, 1))[0] for name, column in columns.items()} for n in rows]


def _explain(plan: Plan, values: Mapping[str, Any]) -> str:
    typed = {name: plan.coders[name].typed(value) for name, value in values.items()}
    days: dict[str, Any] = {AS_OF.name: plan.as_of, KNOWN_ON.name: plan.known_on}
    for name in days:
        given = typed.pop(name, None)
        if given is not None and not isinstance(given, Absent):
            days[name] = given
    facts = {name: value for name, value in typed.items() if not isinstance(value, Absent)}
    return plan.rules.decide(Case(facts, **days), decision=plan.decider.decision).model_dump_json()
