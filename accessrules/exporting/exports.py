"""A decision as one SQL query or view over a table of the user's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accessrules.errors import Problem, QueryError
from accessrules.exporting.kinds import Kinds
from accessrules.exporting.packing import pack
from accessrules.exporting.places import places
from accessrules.exporting.plan import ANSWERS, Plan, plan
from accessrules.ruleset import RuleSet
from accessrules.suggesting import did_you_mean

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["ANSWERS", "DIALECTS", "SqlExport", "export_sql"]

DIALECTS = ("duckdb", "postgres", "spark")

_MOST_PARTS = 3
"""A name has its database and its schema before it at most."""


@dataclass(frozen=True, slots=True)
class SqlExport:
    """A decision as SQL.

    `sql` is one statement; `columns` has the column of the table for each fact that it reads; `boxes` counts the boxes
    of cells that it is made of.
    """

    sql: str
    decision: str
    dialect: str
    columns: Mapping[str, str]
    boxes: int


def export_sql(
    rules: RuleSet,
    *,
    decision: str | None = None,
    dialect: str = "duckdb",
    columns: Mapping[str, str | None] | Collection[str] | None = None,
    as_of: dt.date | str | None = None,
    known_on: dt.date | str | None = None,
    table: str = "cases",
    view: str | None = None,
    prefix: str = "",
) -> SqlExport:
    """One SQL statement that decides each row of a table as `decide` does.

    It gives the table's columns, then `status`, `outcome`, `rule` and `problems`; `prefix` begins these four names.
    `columns` names those that are facts, or maps columns to facts (None: carried along); without it, each fact that can
    matter has a column of its name, and so has `as_of` unless it is given. A fact without a column is not given, NULL
    is unknown and not presumed. With `view`, the statement creates that view. Raises QueryError for an unknown
    decision, dialect or fact, for arguments of another form, for a column called as one of the answer, for a decision
    that is too large (fix the day, name fewer columns), and where sqlglot is not installed.

    >>> from accessrules import load_rules
    >>> made = export_sql(load_rules(), columns=["category", "effective_volume"], as_of="2018-03-14")
    >>> made.columns
    {'category': 'category', 'effective_volume': 'effective_volume'}
    """
    _check_installed()
    _check_form(dialect, prefix)
    planned = plan(rules, decision, columns, as_of, known_on)
    _check_names(planned, prefix)
    names = _table("$.table", table), None if view is None else _table("$.view", view)
    statement, boxes = _statement(planned, *names, prefix)
    sql = f"{_comment(planned)}\n{statement.sql(dialect=dialect, pretty=True, identify=True)};\n"
    return SqlExport(sql, planned.decision, dialect, planned.columns, boxes)


def _check_installed() -> None:
    try:
        import sqlglot  # noqa: F401
    except ImportError:
        how = "install it with `pip install 'accessrules[sql]'`"
        raise QueryError([Problem("$.dialect", "writing SQL needs sqlglot, which is not installed", how)]) from None


def _check_form(dialect: Any, prefix: Any) -> None:
    problems = []
    if dialect not in DIALECTS:
        help = did_you_mean(str(dialect), dict.fromkeys(DIALECTS, ()), "dialects")
        problems.append(Problem("$.dialect", f"unknown dialect `{dialect}`", help))
    if not isinstance(prefix, str):
        problems.append(Problem("$.prefix", f"`{prefix}` is no text", 'write `"access_"`, or leave it out'))
    if problems:
        raise QueryError(problems)


def _check_names(planned: Plan, prefix: str) -> None:
    """Raise QueryError for columns that are called as one of the answer: in any case, as some databases see none."""
    answers = {f"{prefix}{name}".casefold() for name in ANSWERS}
    problems = [
        Problem(f"$.columns.{column}", f"the answer has a column `{column}` too", "give the answer's another `prefix`")
        for column in (*planned.columns.values(), *planned.carried)
        if column.casefold() in answers
    ]
    if problems:
        raise QueryError(problems)


def _table(path: str, name: Any) -> exp.Table:
    """The name of a table, perhaps with its schema; its parts are taken as they are written."""
    from sqlglot import exp

    parts = name.split(".") if isinstance(name, str) else [""]
    if not all(part.strip() for part in parts) or len(parts) > _MOST_PARTS:
        raise QueryError([Problem(path, f"`{name}` is no name of a table", "write a name, or `schema.name`")])
    return exp.table_(*(exp.to_identifier(part, quoted=True) for part in reversed(parts)))


def _statement(planned: Plan, table: exp.Table, view: exp.Table | None, prefix: str) -> tuple[exp.Expression, int]:
    from sqlglot import exp

    from accessrules.exporting.query import Parts, query

    found = places(planned)
    kinds = Kinds(found, planned.rules.precedence)
    rows = {row: n for n, row in enumerate(dict.fromkeys(kinds.row(kind) for kind in found))}
    boxes = [(rows[kinds.row(kind)], box) for kind, some in found.items() for box in some]
    index = planned.rules.index
    packing = pack([box for _, box in boxes], index.facts, index.everything)
    select = query(Parts(planned, kinds, packing, list(rows), [n for n, _ in boxes], table, prefix))
    if view is None:
        return select, len(boxes)
    return exp.Create(this=view, kind="VIEW", expression=select, replace=True), len(boxes)


def _comment(planned: Plan) -> str:
    """What made the query: enough to make it again."""
    rules = planned.rules
    asked = [f"{name} {day.isoformat()}" for name, day in planned.days.items()]
    told = ", ".join([f"accessrules: {planned.decision} of {rules.name} {rules.version}", *asked, rules.fingerprint])
    # One line, whatever the rules are called: nothing in it ends the comment, or opens another.
    return f"/* {' '.join(told.split()).replace('*/', '* /').replace('/*', '/ *')} */"
