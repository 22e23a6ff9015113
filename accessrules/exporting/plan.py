"""What a table has: which column is which fact, and what is fixed for all rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accessrules.cases import case_of
from accessrules.chains import Chain
from accessrules.errors import Problem, QueryError
from accessrules.ruleset import RuleSet
from accessrules.suggesting import did_you_mean
from accessrules.values import Unreadable, read_date
from accessrules.vocabulary import AS_OF, KNOWN_ON, Fact

__all__ = ["ANSWERS", "Plan", "plan"]

ANSWERS = ("status", "outcome", "rule", "problems")
"""The columns that come after the table's own."""

Columns = Mapping[str, str | None] | Collection[str] | None
Day = dt.date | str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """One decision over the rows of a table.

    `columns` has the column of each fact that has one, the days included; `carried` are the others that were told of.
    `fixed` has the cells of what is the same for all rows: the days that are given, and what is presumed of facts
    without a column.
    """

    rules: RuleSet
    chain: Chain
    columns: Mapping[str, str]
    carried: Collection[str]
    fixed: Mapping[str, int]
    days: Mapping[str, dt.date]

    @property
    def decision(self) -> str:
        """The decision's name."""
        return self.chain.decision

    def fact(self, name: str) -> Fact:
        """A fact, the days included."""
        return self.rules.index.facts[name]


def plan(rules: RuleSet, decision: str | None, columns: Columns, as_of: Day, known_on: Day) -> Plan:
    """The plan for these columns; raises QueryError with every problem."""
    chain = rules.decider(decision).chain
    problems: list[Problem] = []
    days = _days(as_of, known_on, problems)
    told = {} if columns is None else _told(columns, problems)
    named = _default(chain, days) if columns is None else _named(rules, told, problems)
    for name in sorted(days.keys() & named.keys()):
        message = f"`{name}` is given, and is the column `{named[name]}` too"
        problems.append(Problem(f"$.{name}", message, "give one of the two"))
    if problems:
        raise QueryError(problems)
    read = case_of(rules.index, dict.fromkeys(named), days.get(AS_OF.name), days.get(KNOWN_ON.name))
    fixed = {name: mask for name, mask in read.cells.items() if name not in named}
    return Plan(rules, chain, named, [column for column, fact in told.items() if fact is None], fixed, days)


def _days(as_of: Day, known_on: Day, problems: list[Problem]) -> dict[str, dt.date]:
    days: dict[str, dt.date] = {}
    for name, raw in ((AS_OF.name, as_of), (KNOWN_ON.name, known_on)):
        try:
            if raw is not None:
                days[name] = read_date(raw)
        except Unreadable as wrong:
            problems.append(Problem(f"$.{name}", wrong.message, wrong.help))
    return days


def _default(chain: Chain, days: Mapping[str, dt.date]) -> dict[str, str]:
    """A column for each fact that can matter, and for the day where none is given."""
    return {name: name for name in chain.facts if name != KNOWN_ON.name and name not in days}


def _told(columns: Any, problems: list[Problem]) -> dict[str, str | None]:
    """The fact of each column as it was told; what is wrong with the form is added to the problems."""
    if isinstance(columns, (str, bytes)) or not isinstance(columns, Iterable):
        problems.append(Problem("$.columns", f"`{columns!s}` is no list of columns", 'write `["category"]`'))
        return {}
    found: dict[str, str | None] = {}
    for column, fact in columns.items() if isinstance(columns, Mapping) else ((name, name) for name in columns):
        if not isinstance(column, str):
            problems.append(Problem("$.columns", f"`{column}` is no name of a column", "write it as text"))
        elif not isinstance(fact, str | None):
            help = "write the name of a fact, or None"
            problems.append(Problem(f"$.columns.{column}", f"unknown fact `{fact}`", help))
        else:
            found[column] = fact
    return found


def _named(rules: RuleSet, told: Mapping[str, str | None], problems: list[Problem]) -> dict[str, str]:
    """The column of each fact; what is wrong with them is added to the problems."""
    facts = {fact.name: fact for fact in rules.index.facts.values() if not fact.derived}
    found: dict[str, str] = {}
    for column, name in told.items():
        path = f"$.columns.{column}"
        if name is None:
            continue
        if name in rules.form.decisions:
            help = f"leave it out: the rules decide `{name}`"
            problems.append(Problem(path, f"`{name}` is a decision, not a fact to give", help))
        elif name not in facts:
            labels = {fact.name: (fact.label.en, fact.label.zh or "") for fact in facts.values()}
            problems.append(Problem(path, f"unknown fact `{name}`", did_you_mean(name, labels, "facts")))
        elif name in found:
            problems.append(Problem(path, f"`{name}` has two columns, `{found[name]}` and `{column}`", "leave one"))
        else:
            found[name] = column
    return dict(sorted(found.items()))
