"""Deciding tables: batches of rows, column by column, several at once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from accessrules.errors import Problem, QueryError
from accessrules.tables import is_spark_frame
from accessrules.tables.blocks import Block
from accessrules.tables.explained import explained
from accessrules.tables.inputs import as_table
from accessrules.tables.kernel import Kernel
from accessrules.tables.plans import Plan
from accessrules.tables.questions import Question
from accessrules.tables.results import Results

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["TableDecider", "Tables", "in_order"]

_MOST_KERNELS = 16
ROWS_AT_ONCE = 1 << 18
"""So many rows of a table in memory are decided at a time: few enough to stay near the processor, many enough that
threads seldom wait for each other."""


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

    def decide_table(self, table: Any, question: Question, threads: int | None = None) -> Any:
        """A table with its answers (see `RuleSet.decide_table`).

        >>> from accessrules import load_rules
        >>> table = pa.table({"category": ["household_refrigerator"] * 2, "effective_volume": [520, 100]})
        >>> load_rules().decide_table(table, as_of="2018-03-14")["outcome"].to_pylist()
        ['production_licence', 'ccc']
        """
        if is_spark_frame(table):
            from accessrules.tables.spark import decide_frame  # an extra of its own

            return decide_frame(self.rules, table, question)
        given = as_table(table)
        columns = given.schema.names
        plan = Plan(self.rules, columns, question.about(columns), is_spoken=given.is_spoken)
        decider = TableDecider(self, plan)
        pieces = (piece for block in given.blocks for piece in block.slices(ROWS_AT_ONCE))
        made = (rows for _, rows in in_order(decider.decide, pieces, threads))
        return pa.Table.from_batches(made, schema=decider.results.schema(given.schema))


class TableDecider:
    """Decides the blocks of tables of one form."""

    def __init__(self, tables: Tables, plan: Plan) -> None:
        self.plan = plan
        self.kernel = tables.kernel(plan)
        self.results = Results(plan, self.kernel.answers)

    def decide(self, block: Block) -> pa.RecordBatch:
        """The rows of a block with the columns of the answers after their own."""
        codes: dict[str, Any] = {}
        wrong: dict[str, Any] = {}
        for name, place in self.plan.places.items():
            coder = self.plan.coders[name]
            if block.values is None:
                codes[name], bad = coder.code(block.batch.column(place))
            else:
                codes[name], bad = coder.code_values(block.values[self.plan.columns[place]])
            if bad is not None:
                wrong[name] = bad
        numbers = self.kernel.numbers(codes, block.count)
        texts = explained(self.plan, block, wrong) if "explanation" in self.plan.question.also else None
        return self.results.add_to(block, numbers, wrong, texts)


_In = TypeVar("_In")
_Out = TypeVar("_Out")


def in_order(work: Callable[[_In], _Out], pieces: Iterable[_In], threads: int | None) -> Iterator[tuple[_In, _Out]]:
    """Each piece with what work makes of it, in their order; `threads` at once (None: one a core), few in memory."""
    if threads is not None and (not isinstance(threads, int) or threads < 1):
        raise QueryError([Problem("$.threads", f"`{threads}` is no number of threads", "give 1 or more")])
    count = threads or os.cpu_count() or 1
    if count == 1:
        yield from ((piece, work(piece)) for piece in pieces)
        return
    with ThreadPoolExecutor(count) as pool:
        waiting: deque[tuple[_In, Future[_Out]]] = deque()
        try:
            for piece in pieces:
                waiting.append((piece, pool.submit(work, piece)))
                if len(waiting) > 2 * count:
                    first, made = waiting.popleft()
                    yield first, made.result()
            while waiting:
                first, made = waiting.popleft()
                yield first, made.result()
        finally:
            for _, made in waiting:
                made.cancel()
