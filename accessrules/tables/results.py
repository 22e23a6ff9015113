"""The columns of the answers: from the numbers of the answers, and what is wrong with rows, to Arrow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from accessrules.registers import Rejected
from accessrules.tables.answers import Answers
from accessrules.tables.blocks import Block
from accessrules.tables.lookups import Lookup
from accessrules.tables.plans import Plan

__all__ = ["PROBLEMS", "Results"]

PROBLEMS = pa.list_(pa.struct([("column", pa.string()), ("message", pa.string()), ("help", pa.string())]))
"""The type of the column `problems`: everything that is wrong with a rejected row, null for any other."""

_STATUSES = ("conflict", "decided", "no_rule", "rejected", "undetermined")
_LISTS = ("possible", "needs")


class _Known(NamedTuple):
    """Of each answer the place in a dictionary; and 1 where it has one, 0 where it is null (None: no answer is)."""

    places: Lookup
    valid: Lookup | None


class Results:
    """Writes the answers' columns after those that came in."""

    def __init__(self, plan: Plan, answers: Answers) -> None:
        self.plan, self.answers = plan, answers
        declared = answers.decider.index.form
        name = answers.decider.decision
        rules = [rule.id for rule in declared.rules.values() if rule.decision == name]
        self._names = {
            "status": list(_STATUSES),
            "outcome": sorted(declared.decisions[name].outcomes),
            "rule": rules,
        }
        self._numbers = {key: {text: n for n, text in enumerate(texts)} for key, texts in self._names.items()}
        self._known_so_far: dict[str, _Known] = {}
        self._nothing = pa.nulls(0, PROBLEMS)
        self._dictionaries = {key: pa.array(texts, pa.string()) for key, texts in self._names.items()}

    def schema(self, own: pa.Schema) -> pa.Schema:
        """The columns of a table with its answers."""
        fields = [pa.field(key, pa.dictionary(pa.int32(), pa.string())) for key in self._names]
        fields.append(pa.field("problems", PROBLEMS))
        for name in self.plan.question.also:
            fields.append(pa.field(name, pa.list_(pa.string()) if name in _LISTS else pa.string()))
        return pa.schema([*own, *fields], metadata=own.metadata)

    def add_to(
        self, block: Block, numbers: Any, wrong: Mapping[str, Any], explained: pa.Array | None
    ) -> pa.RecordBatch:
        """The rows with their answers; `wrong[fact]` has for each row the number of its column's problem, or -1."""
        batch = block.batch
        rejected, problems = self._problems(len(numbers), wrong, block.broken)
        arrays = [self._coded(key, numbers, rejected) for key in self._names]
        arrays.append(problems)
        for name in self.plan.question.also:
            arrays.append(explained if name == "explanation" else self._list(name, numbers, rejected))
        return pa.RecordBatch.from_arrays([*batch.columns, *arrays], schema=self.schema(batch.schema))

    def _coded(self, key: str, numbers: Any, rejected: Any) -> pa.Array:
        known = self._known(key)
        codes = known.places.take(numbers)
        valid = None if known.valid is None else known.valid.take(numbers)
        if rejected is not None and key == "status":
            codes = np.where(rejected, np.int32(_STATUSES.index("rejected")), codes)
        elif rejected is not None:
            valid = np.where(rejected, np.uint8(0), np.uint8(1) if valid is None else valid)
        # Put together from its parts: to look up a nullable array, or to check indices, takes several times as long.
        bits = None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little"))
        indices = pa.Array.from_buffers(pa.int32(), len(codes), [bits, pa.py_buffer(codes)])
        return pa.DictionaryArray.from_arrays(indices, self._dictionaries[key], safe=False)

    def _known(self, key: str) -> _Known:
        """The status, outcome or rule of each answer that there is so far."""
        answers, places = self.answers.all, self._numbers[key]
        known = self._known_so_far.get(key)
        if known is None or len(known.places.table) < len(answers):
            texts = [getattr(one, key) for one in answers]
            found = np.array([places.get(text, 0) for text in texts], np.int32)
            valid = Lookup(np.array([text in places for text in texts], np.uint8)) if None in texts else None
            known = self._known_so_far[key] = _Known(Lookup(found), valid)
        return known

    def _list(self, name: str, numbers: Any, rejected: Any) -> pa.Array:
        lists = pa.array([list(getattr(one, name)) for one in self.answers.all], pa.list_(pa.string()))
        return lists.take(pa.array(numbers, mask=rejected))

    def _problems(self, rows: int, wrong: Mapping[str, Any], broken: Mapping[int, Rejected]) -> tuple[Any, pa.Array]:
        """Which rows are rejected (None: none), and why: as a whole, or in the order of the columns."""
        if not wrong and not broken:
            nothing = self._nothing  # another thread may put a shorter one in its place
            if len(nothing) < rows:
                nothing = self._nothing = pa.nulls(rows, PROBLEMS)
            return None, nothing.slice(0, rows)
        told = [{"column": p.column, "message": p.message, "help": p.help} for r in broken.values() for p in r.problems]
        at = [np.array([row for row, one in broken.items() for _ in one.problems], np.int64)]
        which = [np.arange(len(told))]
        for name in sorted(wrong, key=self.plan.places.__getitem__):
            bad = np.flatnonzero(wrong[name] >= 0)
            used, places = np.unique(wrong[name][bad], return_inverse=True)
            at.append(bad)
            which.append(places + len(told))
            column, known = self.plan.columns[self.plan.places[name]], self.plan.coders[name].problems
            told += [{"column": column, "message": m, "help": h} for m, h in (known[n] for n in used.tolist())]
        every = np.concatenate(at)
        order = np.argsort(every, kind="stable")
        counts = np.bincount(every, minlength=rows)
        offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        values = pa.array(told, PROBLEMS.value_type).take(pa.array(np.concatenate(which)[order]))
        rejected = counts > 0
        missing = pa.array(offsets, mask=np.append(~rejected, False))
        return rejected, pa.ListArray.from_arrays(missing, values, type=PROBLEMS)
