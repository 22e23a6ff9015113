"""Deciding tables: batches of rows, column by column, several at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from accessrules.tables import is_spark_frame
from accessrules.tables.blocks import Block
from accessrules.tables.coding import Codes
from accessrules.tables.explained import explained
from accessrules.tables.inputs import as_table
from accessrules.tables.kernel import Kernel
from accessrules.tables.plans import Plan
from accessrules.tables.questions import Question
from accessrules.tables.results import Results
from accessrules.tables.working import in_order, threads_of

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["TableDecider", "Tables"]

_MOST_KEPT = 16
ROWS_AT_ONCE = 1 << 19
"""So many rows of a table in memory are decided at a time: few enough to stay near the processor, many enough that
threads seldom wait for each other."""

_LEAST_ROWS = 1 << 16
"""To part fewer rows among threads takes longer than to decide them."""


class Tables:
    """What decides the tables of a rule set, made when it is first wanted; some of each is kept."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules, self._lock = rules, Lock()
        self._kernels: dict[Any, Kernel] = {}
        self._deciders: dict[Any, TableDecider] = {}

    def kernel(self, plan: Plan) -> Kernel:
        """The kernel for tables of this form."""
        in_full = bool({"possible", "needs"} & set(plan.question.also))
        key = (plan.decider.decision, in_full, tuple(plan.coders), tuple(sorted(plan.fixed.items())))
        found = self._kernels.get(key)
        if found is None:
            found = Kernel(plan.decider, plan.fixed, plan.coders, in_full=in_full)
            self._keep(self._kernels, key, found)
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
        given, count = as_table(table), threads_of(threads)
        with self._lent(given.schema.names, question, given.is_spoken) as decider:
            pieces = (piece for block in given.blocks for piece in block.slices(_share(block.count, count)))
            made = (rows for _, rows in in_order(decider.decide, pieces, count))
            return pa.Table.from_batches(made, schema=decider.results.schema(given.schema))

    @contextmanager
    def _lent(self, columns: Sequence[str], question: Question, is_spoken: bool) -> Iterator[TableDecider]:
        """What decides tables of this form, for one table at a time; kept for the next one where little is in it."""
        mapping = {name: dict(spec) if isinstance(spec, Mapping) else spec for name, spec in question.mapping.items()}
        key = (tuple(columns), repr(replace(question, mapping=mapping)), is_spoken)
        decider = self._deciders.pop(key, None)
        if decider is None:
            decider = TableDecider(self, Plan(self.rules, columns, question.about(columns), is_spoken=is_spoken))
        yield decider
        if all(coder.is_light for coder in decider.plan.coders.values()):
            self._keep(self._deciders, key, decider)

    def _keep(self, kept: dict[Any, Any], key: Any, one: Any) -> None:
        """Keep one more, in the place of the first where there are many; other threads may do the same."""
        with self._lock:
            while len(kept) >= _MOST_KEPT:
                kept.pop(next(iter(kept)))
            kept[key] = one


class TableDecider:
    """Decides the blocks of tables of one form."""

    def __init__(self, tables: Tables, plan: Plan) -> None:
        self.plan = plan
        self.kernel = tables.kernel(plan)
        self.results = Results(plan, self.kernel.answers)

    def decide(self, block: Block) -> pa.RecordBatch:
        """The rows of a block with the columns of the answers after their own."""
        found: dict[str, Codes] = {}
        for name, place in self.plan.places.items():
            coder = self.plan.coders[name]
            if block.values is None:
                found[name] = coder.code(block.batch.column(place))
            else:
                found[name] = coder.code_values(block.values[self.plan.columns[place]])
        unknown = {name for name, one in found.items() if not one.is_known}
        numbers = self.kernel.numbers({name: one.codes for name, one in found.items()}, unknown, block.count)
        wrong = {name: one.wrong for name, one in found.items() if one.wrong is not None}
        texts = explained(self.plan, block, wrong) if "explanation" in self.plan.question.also else None
        return self.results.add_to(block, numbers, wrong, texts)


def _share(rows: int, threads: int) -> int:
    """How many rows each piece of a block has: as many in each, and as many pieces for each thread."""
    each = -(-rows // (threads * ROWS_AT_ONCE))
    return max(-(-rows // (threads * max(each, 1))), min(_LEAST_ROWS, ROWS_AT_ONCE))
