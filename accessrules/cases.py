"""Cases: the facts that are given, checked against the vocabulary, and the cells that they leave possible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from accessrules.errors import CaseError, Problem, QueryError
from accessrules.index import Index
from accessrules.suggesting import did_you_mean
from accessrules.values import Unreadable, json_value, read_date, read_value
from accessrules.vocabulary import AS_OF, KNOWN_ON, FactValue

__all__ = ["Case", "ReadCase", "asked_day", "case_of", "read_case", "read_facts"]


@dataclass(frozen=True, slots=True)
class Case:
    """Values for some facts, the day asked about, and the day as known on which it is asked.

    `facts`: fact name to value; a fact that is left out is unknown, or presumed where the vocabulary says so;
    None means "unknown, and do not presume". Dates are `date` or ISO text.

    >>> Case({"category": "household_refrigerator"}, as_of="2018-03-14").as_of
    '2018-03-14'
    """

    facts: Mapping[str, Any]
    as_of: dt.date | str | None = None
    known_on: dt.date | str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.facts, Mapping):
            object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    def __reduce__(self) -> tuple[type[Case], tuple[object, ...]]:
        facts = dict(self.facts) if isinstance(self.facts, Mapping) else self.facts
        return Case, (facts, self.as_of, self.known_on)


def asked_day(name: str, raw: dt.date | str | None) -> dt.date | None:
    """A day that is asked about, given as a date or as ISO text; raises QueryError.

    >>> asked_day("known_on", "2018-03-14")
    datetime.date(2018, 3, 14)
    """
    try:
        return None if raw is None else read_date(raw)
    except Unreadable as wrong:
        raise QueryError([Problem(f"$.{name}", wrong.message, wrong.help)]) from None


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A checked case. `cells` has the possible cells of each fact that is not wholly unknown, time included."""

    facts: Mapping[str, FactValue | None]
    presumed: Mapping[str, FactValue]
    as_of: dt.date | None
    known_on: dt.date | None
    cells: Mapping[str, int]

    def json_facts(self) -> dict[str, Any]:
        """The given facts as JSON carries them; reading them again gives the same case."""
        return {name: json_value(value) for name, value in self.facts.items()}

    def with_value(self, index: Index, changes: Mapping[str, FactValue]) -> ReadCase:
        """The case with other values for some facts; `as_of` and `known_on` are facts here."""
        days = {AS_OF.name: self.as_of, KNOWN_ON.name: self.known_on}
        facts = dict(self.facts)
        for name, value in changes.items():
            if name in days:
                assert isinstance(value, dt.date)
                days[name] = value
            else:
                facts[name] = value
        return case_of(index, facts, days[AS_OF.name], days[KNOWN_ON.name])


def read_case(
    index: Index, case: Mapping[str, Any] | Case, as_of: dt.date | str | None, known_on: dt.date | str | None
) -> ReadCase:
    """Check a case; raises CaseError with every problem."""
    problems: list[Problem] = []
    days: dict[str, dt.date | None] = {}
    for name, given in ((AS_OF.name, as_of), (KNOWN_ON.name, known_on)):
        own = getattr(case, name) if isinstance(case, Case) else None
        try:
            day, own_day = (read_date(raw) if raw is not None else None for raw in (given, own))
            if day and own_day and day != own_day:
                raise Unreadable(f"`{name}` is given twice: {own_day} and {day}", "give it once")
            days[name] = day or own_day
        except Unreadable as wrong:
            problems.append(Problem(f"$.{name}", wrong.message, wrong.help))
    facts = read_facts(index, case.facts if isinstance(case, Case) else case, "$.facts", problems)
    if problems:
        raise CaseError(problems)
    return case_of(index, facts, days[AS_OF.name], days[KNOWN_ON.name])


def read_facts(
    index: Index,
    facts: object,
    path: str,
    problems: list[Problem],
    known_wrong: dict[Hashable, Unreadable] | None = None,
) -> dict[str, FactValue | None]:
    """The facts that stand at a path, typed, in the order of their names; what is wrong is added to the problems.

    `known_wrong` remembers from call to call what is wrong with a value: to say what was meant takes time.
    """
    read: dict[str, FactValue | None] = {}
    if not isinstance(facts, Mapping):
        problems.append(Problem(path, "the facts are not a mapping", "give fact names with their values"))
        return read
    known_wrong = {} if known_wrong is None else known_wrong
    for name, raw in facts.items():
        given: Hashable = (name, raw) if isinstance(raw, str) else name if raw is None else None
        try:
            if given is not None and given in known_wrong:
                raise known_wrong[given]
            read[name] = _fact_value(index, name, raw)
        except Unreadable as wrong:
            if given is not None:
                known_wrong[given] = wrong
            problems.append(Problem(f"{path}.{name}", wrong.message, wrong.help))
    return dict(sorted(read.items()))


def _fact_value(index: Index, name: object, raw: object) -> FactValue | None:
    vocabulary = index.form.vocabulary
    fact = vocabulary.get(name) if isinstance(name, str) else None
    if fact is None:
        if name in (AS_OF.name, KNOWN_ON.name):
            raise Unreadable(f"`{name}` is no fact of the case", f"give it beside the facts, as `{name}=`")
        known = {n: labels for n, labels in vocabulary.names().items() if not vocabulary[n].derived}
        raise Unreadable(f"unknown fact `{name}`", did_you_mean(str(name), known, "facts"))
    if fact.derived:
        raise Unreadable(f"`{name}` is a decision, not a fact to give", f"leave it out: the rules decide `{name}`")
    return None if raw is None else read_value(raw, fact)


def case_of(
    index: Index, facts: Mapping[str, FactValue | None], as_of: dt.date | None, known_on: dt.date | None
) -> ReadCase:
    """The case of facts that are typed already, with what is presumed beside them."""
    presumed = {
        fact.name: fact.presume for fact in index.form.vocabulary if fact.presume is not None and fact.name not in facts
    }
    cells: dict[str, int] = {}
    for name, value in (*facts.items(), *presumed.items(), (AS_OF.name, as_of)):
        if value is not None:
            axis = index.axes[name]
            cells[name] = (
                axis.mask_of(axis.fact.set_of(value)) if value in axis.fact.under else 1 << axis.cell_of(value)
            )
    # Nothing asked about knowledge: everything published is known, which is the last cell.
    knowledge = index.axes[KNOWN_ON.name]
    cells[KNOWN_ON.name] = 1 << (knowledge.cell_of(known_on) if known_on else knowledge.size - 1)
    return ReadCase(facts, presumed, as_of, known_on, cells)
