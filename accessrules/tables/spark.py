"""Tables of Spark: each batch of rows is decided by the workers, as a table on one machine is.

The driver makes the plan, so that columns that are unclear are told before any job runs. The rules go to the workers as
bytes with each task. A worker compiles them once, and keeps them and its kernels for the batches and tasks that follow.
What is remembered of wrong values is each task's own, so that no row depends on what the worker has seen before.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.errors import PySparkNotImplementedError
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from accessrules.errors import Problem, QueryError, RegisterError
from accessrules.tables.answers import Answers
from accessrules.tables.blocks import ROWS_AT_ONCE, Block
from accessrules.tables.plans import Plan
from accessrules.tables.questions import ANSWER_COLUMNS, Question
from accessrules.tables.results import Results
from accessrules.tables.table import TableDecider, Tables

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from accessrules.ruleset import RuleSet

__all__ = ["DecideBatches", "decide_frame"]

_MOST_KEPT = 8


def decide_frame(rules: RuleSet, frame: DataFrame, question: Question) -> DataFrame:
    """A Spark DataFrame with its answers (see `RuleSet.decide_table`); nothing is decided before it is asked for.

    Raises RegisterError for columns that are unclear, or that Spark cannot give to Python.
    """
    columns = frame.columns
    question = replace(question.about(columns), mapping=dict(question.mapping))
    plan = Plan(rules, columns, question)
    _check_columns(plan, frame)
    answers = from_arrow_schema(Results(plan, Answers(plan.decider, in_full=False)).schema(pa.schema([])))
    decide = DecideBatches(pickle.dumps(rules), pickle.dumps((columns, question)), _version())
    try:
        # Spark looks columns up by name: a dot, or another in the case alone, would mislead it. A number does not.
        numbered = frame.toDF(*(f"c{n}" for n in range(len(columns))))
        return numbered.mapInArrow(decide, StructType([*frame.schema.fields, *answers.fields]))
    except (PySparkNotImplementedError, ValueError) as wrong:  # the latter from Arrow: nothing, which may not be null
        types = ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in frame.schema.fields)
        help = f"cast it to text, or drop it; the columns are {types}"
        raise RegisterError([Problem("$.columns", "has a type that Spark cannot give to Python", help)]) from wrong


def _check_columns(plan: Plan, frame: DataFrame) -> None:
    """Raise RegisterError for what is no question on one machine: days that are moments, and names without case."""
    schema = frame.schema
    asked = (*ANSWER_COLUMNS, *plan.question.also)
    problems = [
        Problem(f"$.columns.{name}", f"Spark takes it for the answer's column `{name.lower()}`", "rename it")
        for name in plan.columns
        if name.lower() in asked
    ]
    for fact, place in plan.places.items():
        if plan.facts[fact].type == "date" and schema[place].dataType.typeName() == "timestamp":
            name = plan.columns[place]
            help = f"write which: `to_date({name})` is the day in the session's time zone"
            problems.append(Problem(f"$.columns.{name}", "is a moment, which is another day in other places", help))
    if problems:
        raise RegisterError(problems)


class DecideBatches:
    """What a task of Spark does: decides its batches. It is sent to the workers, so it is small and plain."""

    def __init__(self, rules: bytes, asked: bytes, version: str | None) -> None:
        """`rules`: a rule set, pickled; `asked`: the columns and the question; `version`: the driver's."""
        self.rules, self.asked, self.version = rules, asked, version

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Each batch of the task with the columns of the answers; raises QueryError in a worker of another version."""
        mine = _version()
        if mine is not None and self.version is not None and mine != self.version:
            message = f"the worker has accessrules {mine}, the driver {self.version}"
            raise QueryError([Problem("$.table", message, "install the same version on both: they must not disagree")])
        decider = self._decider()
        for batch in batches:
            named = pa.RecordBatch.from_arrays(batch.columns, names=list(decider.plan.columns))
            for piece in Block(named).slices(ROWS_AT_ONCE):
                yield _plain(decider.decide(piece))

    def _decider(self) -> TableDecider:
        """Of the rules that the worker has compiled, with coders of its own."""
        columns, question = pickle.loads(self.asked)
        tables = _tables(self.rules)
        return TableDecider(tables, Plan(tables.rules, columns, question))


@lru_cache(_MOST_KEPT)
def _tables(rules: bytes) -> Tables:
    return Tables(pickle.loads(rules))


def _plain(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Rows without dictionaries, which Spark does not take."""
    columns = [c.dictionary_decode() if pa.types.is_dictionary(c.type) else c for c in rows.columns]
    return pa.RecordBatch.from_arrays(columns, names=rows.schema.names)


def _version() -> str | None:
    """The version that is installed; None where the code was copied to a worker without it."""
    try:
        return version("accessrules")
    except PackageNotFoundError:
        return None
