"""What is asked of every row of a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from accessrules.errors import Problem, QueryError
from accessrules.suggesting import did_you_mean

__all__ = ["ANSWER_COLUMNS", "EXTRA_COLUMNS", "ColumnSpec", "Question"]

ANSWER_COLUMNS = ("status", "outcome", "rule", "problems")
EXTRA_COLUMNS = ("possible", "needs", "explanation")

ColumnSpec: TypeAlias = "str | Mapping[str, str] | None"
"""What a column is: a fact's name; None where it is carried; or `fact`, with `unit` and `null` if need be."""


@dataclass(frozen=True)
class Question:
    """The decision, the days of rows without their own, what the columns are, and what is wanted beside the answer."""

    decision: str | None = None
    as_of: dt.date | str | None = None
    as_of_column: str | None = None
    known_on: dt.date | str | None = None
    mapping: Mapping[str, ColumnSpec] = field(default_factory=dict)
    also: Sequence[str] = ()

    def __post_init__(self) -> None:
        self._check_forms()
        known: dict[str, tuple[str, ...]] = dict.fromkeys(EXTRA_COLUMNS, ())
        problems = [
            Problem("$.also", f"unknown column `{name}`", did_you_mean(str(name), known, "columns"))
            for name in self.also
            if name not in EXTRA_COLUMNS
        ]
        if problems:
            raise QueryError(problems)
        object.__setattr__(self, "also", tuple(dict.fromkeys(self.also)))

    def _check_forms(self) -> None:
        """Raise QueryError where something is not of the type that it is to have."""
        mapping: object = self.mapping
        is_list = isinstance(self.also, Collection) and not isinstance(self.also, str)
        is_mapping = isinstance(mapping, Mapping) and all(isinstance(column, str) for column in mapping)
        is_name = self.as_of_column is None or isinstance(self.as_of_column, str)
        problems = [
            Problem(f"$.{name}", f"`{getattr(self, name)}` is no {form}", f"write `{right}`")
            for name, is_right, form, right in (
                ("also", is_list, "list of columns", '["needs"]'),
                ("mapping", is_mapping, "mapping from names of columns", '{"column": "fact"}'),
                ("as_of_column", is_name, "name of a column", '"day"'),
            )
            if not is_right
        ]
        if problems:
            raise QueryError(problems)

    def about(self, columns: Sequence[str]) -> Question:
        """The same of a table with these columns, of which `as_of` may name one."""
        if isinstance(self.as_of, str) and self.as_of in columns:
            return replace(self, as_of=None, as_of_column=self.as_of)
        return self
