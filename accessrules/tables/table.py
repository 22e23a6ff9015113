"""Deciding tables: batches of rows, column by column, several at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from accessrules.tables.explained import explained
from accessrules.tables.inputs import as_table
from accessrules.tables.kernel import Kernel
from accessrules.tables.plans import Plan
from accessrules.tables.questions import Question
from accessrules.tables.results import Results

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["ROWS_AT_ONCE", "TableDecider", "Tables"]

ROWS_AT_ONCE = 1 << 16
"""So many rows are decided at once: their codes and words lie in a core's own cache."""

_MOST_KERNELS = 16


class Tables:
    """The kernels of a rule set, made when they are first wanted; as many as fit are kept."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._kernels: dict[Any, Kernel] = {}

    def kernel(self, plan: Plan) -> Kernel:
        """The kernel for tables of this form."""
        in_full = bool({"possible", "needs"} & set(plan.question.also))
        key = (plan.decider.decision, in_full, tuple(plan.coders), tuple(sorted(plan.fixed.items())))
        found = self._kernels.get(key)
        if found is None:
            while len(self._kernels) >= _MOST_KERNELS:
                self._kernels.pop(next(iter(self._kernels)), None)
            made = Kernel(plan.decider, plan.fixed, plan.coders, in_full=in_full)
            found = self._kernels.setdefault(key, made)
        return found

    def decide_table(self, table: Any, question: Question, threads: int | None = None) -> pa.Table:
        """A table with its answers (see `RuleSet.decide_table`)."""
        made = as_table(table)
        as_of = question.as_of
        if isinstance(as_of, str) and as_of in made.column_names:
            question = replace(question, as_of=None, as_of_column=as_of)
        decider = TableDecider(self, Plan(self.rules, made.column_names, question))
        schema = decider.results.schema(made.schema)
        return pa.Table.from_batches(decider.decide_each(made.to_batches(), threads), schema=schema)


class TableDecider:
    """Decides the batches of tables of one form."""

    def __init__(self, tables: Tables, plan: Plan) -> None:
        self.plan = plan
        self.kernel = tables.kernel(plan)
        self.results = Results(plan, self.kernel.answers)

    def decide(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with the columns of the answers after its own."""
        codes: dict[str, Any] = {}
        wrong: dict[str, Any] = {}
        for name, place in self.plan.places.items():
            codes[name], bad = self.plan.coders[name].code(batch.column(place))
            if bad is not None:
                wrong[name] = bad
        numbers = self.kernel.numbers(codes, batch.num_rows)
        texts = explained(self.plan, batch, wrong) if "explanation" in self.plan.question.also else None
        return self.results.add_to(batch, numbers, wrong, texts)

    def decide_each(self, batches: Iterable[pa.RecordBatch], threads: int | None = None) -> Iterator[pa.RecordBatch]:
        """The batches, decided, in their order; `threads` at once (None: one a core), and few of them in memory."""
        count = threads or os.cpu_count() or 1
        small = _small(batches)
        if count == 1:
            yield from map(self.decide, small)
            return
        with ThreadPoolExecutor(count) as pool:
            waiting: list[Future[pa.RecordBatch]] = []
            try:
                for batch in small:
                    waiting.append(pool.submit(self.decide, batch))
                    if len(waiting) > 2 * count:
                        yield waiting.pop(0).result()
                while waiting:
                    yield waiting.pop(0).result()
            finally:
                for one in waiting:
                    one.cancel()


def _small(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for at in range(0, batch.num_rows, ROWS_AT_ONCE):
            yield batch.slice(at, ROWS_AT_ONCE)
