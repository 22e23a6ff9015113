"""Which column of a register is which fact, and each cell as a value of its fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from accessrules.errors import Problem, RegisterError
from accessrules.registers.rows import Cell, Given, nearest_column
from accessrules.registers.specs import PLAIN, Spec
from accessrules.suggesting import did_you_mean
from accessrules.values import Unreadable, read_typed, read_value
from accessrules.vocabulary import Fact, FactValue

__all__ = [
    "ABSENT",
    "MOST_SUGGESTED",
    "Absent",
    "Columns",
    "NearFact",
    "Readings",
    "check_mapping",
    "plan_columns",
    "read_cell",
]

_T = TypeVar("_T")
_MOST_REMEMBERED = 1 << 16
_ALIKE = 0.8
MOST_SUGGESTED = 256
"""Of so many wrong values of a column it is said what may have been meant: to find it takes milliseconds each."""


class Absent:
    """The type of ABSENT."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()
"""What an empty cell gives: the fact is not given, so it is unknown, or presumed where the vocabulary says so."""


@dataclass(frozen=True, slots=True)
class NearFact:
    """A column that is no fact, but is called nearly like one."""

    column: str
    fact: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a register by what they are. `facts`: where each fact's column stands; the days are facts here.

    `near`: carried columns that are called nearly like a fact that has no column.
    """

    facts: Mapping[str, int]
    near: tuple[NearFact, ...]


def plan_columns(columns: Sequence[str], facts: Mapping[str, Fact], mapping: Mapping[str, str | None]) -> Columns:
    """Which column is which fact: the one of its name, or the one that `mapping` says (None: it is none).

    >>> from accessrules import load_rules
    >>> facts = load_rules().form.vocabulary.facts
    >>> plan_columns(["category", "efective_volume", "Zweck"], facts, {"Zweck": "purpose"})
    Columns(facts={'category': 0, 'purpose': 2}, near=(NearFact(column='efective_volume', fact='effective_volume'),))
    """
    placed: dict[str, int] = {}
    for n, column in enumerate(columns):
        fact = mapping.get(column, column)
        if fact is not None and fact in facts:
            placed[fact] = n
    left = [c for c in columns if c and c not in mapping and c not in placed]
    missing = {name: fact for name, fact in facts.items() if name not in placed}
    found = ((column, _near(column, missing)) for column in left)
    return Columns(placed, tuple(NearFact(column, fact) for column, fact in found if fact is not None))


def _near(column: str, facts: Mapping[str, Fact]) -> str | None:
    """The fact whose name or label the column's is but for spelling, case and spaces; None where there is none."""
    spelt: dict[str, str] = {}
    for name, fact in facts.items():
        for word in (fact.label.en, fact.label.zh, name):
            if word:
                spelt[_plain(word)] = name
    close = get_close_matches(_plain(column), spelt, n=1, cutoff=_ALIKE)
    return spelt[close[0]] if close else None


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def check_mapping(
    mapping: Mapping[str, str | None], columns: Sequence[str], facts: Mapping[str, Fact], place: str
) -> None:
    """Raise RegisterError where a mapping names a column or fact that is not there, or gives a fact two columns."""
    problems: list[Problem] = []
    taken: dict[str, str] = {c: c for c in columns if c in facts and c not in mapping}
    for column, fact in mapping.items():
        path = f"{place}.{column}"
        if column not in columns:
            problems.append(Problem(path, f"there is no column `{column}`", nearest_column(column, columns)))
        if fact is None:
            continue
        if fact not in facts:
            help = did_you_mean(fact, {n: (f.label.en, f.label.zh or "") for n, f in facts.items()}, "facts")
            problems.append(Problem(path, f"unknown fact `{fact}`", help))
        elif fact in taken:
            message = f"`{fact}` has two columns, `{taken[fact]}` and `{column}`"
            problems.append(Problem(path, message, "leave one, and map the other to `null`"))
        else:
            taken[fact] = column
    if problems:
        raise RegisterError(problems)


def read_cell(cell: Cell, fact: Fact, *, is_spoken: bool) -> FactValue | Absent | None:
    """A cell as a value of its fact: None is unknown and not presumed, ABSENT not given. Raises Unreadable.

    >>> from accessrules import load_rules
    >>> volume = load_rules().form.vocabulary["effective_volume"]
    >>> read_cell("0.52 m3", volume, is_spoken=True), read_cell(" ", volume, is_spoken=True)
    (Decimal('5.2E+2'), ABSENT)
    """
    if cell is None:
        return None
    if isinstance(cell, Given):
        if isinstance(cell.value, (Mapping, list, tuple)):
            raise Unreadable(f"`{fact.name}` has several values", "write one value")
        return read_value(cell.value, fact)
    text = cell.strip()
    if not text:
        return ABSENT
    return read_typed(text, fact) if is_spoken else read_value(cell, fact)


class Readings(dict[Any, _T], Generic[_T]):
    """What cells of one column come to; each is read once and remembered, in bounded memory.

    Looking up a cell reads it; raises Unreadable where it is no value of the fact.
    """

    def __init__(
        self, fact: Fact, make: Callable[[FactValue | Absent | None], _T], *, is_spoken: bool, spec: Spec = PLAIN
    ) -> None:
        super().__init__()
        self.fact, self._make, self._is_spoken, self._spec = fact, make, is_spoken, spec
        self._wrong: dict[Any, tuple[str, str]] = {}

    def __missing__(self, cell: Any) -> _T:
        if cell in self._wrong:
            raise Unreadable(*self._wrong[cell])
        try:
            made = self._read(cell)
        except Unreadable as wrong:
            if len(self._wrong) >= _MOST_REMEMBERED:
                self._wrong.clear()
            told = self._wrong[cell] = wrong.message, wrong.help if len(self._wrong) < MOST_SUGGESTED else ""
            raise Unreadable(*told) from None
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[cell] = made
        return made

    def of(self, cell: Cell) -> _T:
        """As looking it up, also for a cell that nothing can be looked up by (a list)."""
        try:
            return self[cell]
        except TypeError:
            return self._read(cell)

    def _read(self, cell: Cell) -> _T:
        if cell is None and self._spec.null_is_absent:
            return self._make(ABSENT)
        if self._spec.unit is not None and cell is not None:
            value = self._spec.with_unit(cell.value if isinstance(cell, Given) else cell, is_spoken=self._is_spoken)
            cell = Given(type(value), value) if isinstance(cell, Given) else value
        return self._make(read_cell(cell, self.fact, is_spoken=self._is_spoken))
