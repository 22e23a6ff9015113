"""Synthetic registers: rows made up from stated assumptions, the same for the same seed.

Shares are kept by dealing: the values of an assumption are the cards of the smallest deck that has each exactly as
often as its share says; the deck is shuffled, dealt to its end, and shuffled again. So 35.09 % is exact in every
10,000 rows that an assumption is about, and no share strays further than within one deck.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from pathlib import Path
from random import Random
from typing import Any, Literal, TypeAlias

from accessrules.errors import RegisterError
from accessrules.reading.formcheck import check_form
from accessrules.reading.registerforms import AssumptionForm, RegisterFile
from accessrules.reading.yamlfiles import Path_, YamlFile, read_yaml
from accessrules.suggesting import did_you_mean
from accessrules.texts import Text
from accessrules.unarytests import read_test
from accessrules.values import UNKNOWN_WORDS, Unreadable, read_quantity, read_spoken
from accessrules.valuesets import Ordered, ValueSet
from accessrules.vocabulary import Fact, FactValue, Vocabulary, key_of

__all__ = ["LABEL", "PRODUCT", "Assumption", "Assumptions", "Made", "read_assumptions"]

PRODUCT, LABEL = "product", "synthetic"
"""The first column, a number for each row, and the last: that the row is made up, from what and with which seed."""

MOST_BYTES = 1_000_000
Made: TypeAlias = FactValue | None
"""A cell; None is an empty one."""

_Draw: TypeAlias = Callable[[Random], Made]


@dataclass(frozen=True, slots=True)
class Assumption:
    """How often a column has which values, where `when` holds. `shares` are as written, in percent."""

    when: Mapping[str, ValueSet]
    shares: Mapping[str, Decimal]
    basis: Literal["published", "assumed"]
    source: Text | None
    note: Text | None
    draws: Sequence[_Draw]

    @property
    def deck(self) -> list[int]:
        """The numbers of the values, each as often as its share says."""
        parts = [Fraction(share) / 100 for share in self.shares.values()]
        size = lcm(*(part.denominator for part in parts))
        return [n for n, part in enumerate(parts) for _ in range(int(part * size))]


class _Dealer:
    """Deals the values of one assumption."""

    def __init__(self, assumption: Assumption, seed: str) -> None:
        self._draws, self._deck = assumption.draws, assumption.deck
        self._random = Random(seed)
        self._left: list[int] = []

    def deal(self) -> Made:
        if not self._left:
            self._left = self._deck.copy()
            self._random.shuffle(self._left)
        return self._draws[self._left.pop()](self._random)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a synthetic register is made from: its columns in order, each with its assumptions."""

    name: str
    title: Text
    by_column: Mapping[str, Sequence[Assumption]]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the register, the product's number and the label included."""
        return PRODUCT, *self.by_column, LABEL

    def rows(self, count: int, seed: int) -> Iterator[list[Made]]:
        """That many rows, one at a time, with a cell for each column; the same for the same seed.

        >>> from accessrules import load_rules
        >>> found = read_assumptions(Path("rules/registers/household-appliances.yaml"), load_rules().form.vocabulary)
        >>> [row[0] for row in found.rows(2, 7)], next(found.rows(1, 7))[-1]
        (['S1', 'S2'], 'household-appliances seed 7')
        """
        label = f"{self.name} seed {seed}"
        dealers = [
            (column, [(list(one.when.items()), _Dealer(one, f"{label} {column} {n}")) for n, one in enumerate(some)])
            for column, some in self.by_column.items()
        ]
        for number in range(1, count + 1):
            made: dict[str, Made] = {}
            for column, some in dealers:
                dealer = next((d for when, d in some if all(_holds(made[f], v) for f, v in when)), None)
                made[column] = dealer.deal() if dealer else None
            yield [f"S{number}", *made.values(), label]


def _holds(value: Made, allowed: ValueSet) -> bool:
    if value is None:
        return False
    return (key_of(value) if isinstance(allowed, Ordered) else value) in allowed  # type: ignore[operator]


# ---------------------------------------------------------------------------------------------------- reading


def read_assumptions(path: Path, vocabulary: Vocabulary) -> Assumptions:
    """The assumptions of a file of `registers/`; raises RegisterError with every problem, each at its place."""
    file = read_yaml(path, str(path), MOST_BYTES)
    form = None if file.data is None else check_form(RegisterFile, file.data, file, (), file.problems)
    if form is None:
        raise RegisterError(file.problems or [file.problem((), "the file is empty", "write at least its first key")])
    found: dict[str, list[Assumption]] = {}
    for column, some in form.columns.items():
        earlier = {name: vocabulary[name] for name in found if name in vocabulary}
        reader = _Reader(file, column, vocabulary.get(column), earlier)
        found[column] = [reader.assumption(one, n) for n, one in enumerate(some)]
    if file.problems:
        raise RegisterError(file.problems)
    return Assumptions(form.register_, form.title.text(), found)


class _Reader:
    """Reads the assumptions of one column; what is wrong is added to the file's problems."""

    def __init__(self, file: YamlFile, column: str, fact: Fact | None, earlier: Mapping[str, Fact]) -> None:
        self.file, self.column, self.fact, self.earlier = file, column, fact, earlier
        if column in (PRODUCT, LABEL):
            self._blame((), f"the column `{column}` is made by itself", "give the column another name")
        elif fact is not None and fact.derived:
            self._blame((), f"`{column}` is a decision, not a fact to give", "leave it out")

    def assumption(self, form: AssumptionForm, n: int) -> Assumption:
        step = self._step(form.step, n)
        return Assumption(
            when=dict(self._when(form.when, n)),
            shares=form.shares,
            basis=form.basis,
            source=form.source.text() if form.source else None,
            note=form.note.text() if form.note else None,
            draws=[self._draw(words, step, n) for words in form.shares],
        )

    def _when(self, when: Mapping[str, Any], n: int) -> Iterator[tuple[str, ValueSet]]:
        for name, raw in when.items():
            fact = self.earlier.get(name)
            try:
                if fact is None:
                    known = {f.name: (f.label.en, f.label.zh or "") for f in self.earlier.values()}
                    raise Unreadable(f"`{name}` is no fact of a column before", did_you_mean(name, known, "facts"))
                yield name, read_test(raw, fact)
            except Unreadable as wrong:
                self._blame((n, "when", name), wrong.message, wrong.help)

    def _step(self, raw: Any, n: int) -> Decimal:
        if raw is None:
            return Decimal(1)
        try:
            if self.fact is None or self.fact.type != "number":
                raise Unreadable("only a number has a step", "leave it out")
            step = read_quantity(str(raw), self.fact)
            if step <= 0:
                raise Unreadable(f"`{raw}` is no step", "give more than nothing")
        except Unreadable as wrong:
            self._blame((n, "step"), wrong.message, wrong.help)
            return Decimal(1)
        return step

    def _draw(self, words: str, step: Decimal, n: int) -> _Draw:
        fact = self.fact
        if words in UNKNOWN_WORDS or fact is None:
            return _always(None if words in UNKNOWN_WORDS else words)
        try:
            if fact.is_ordered:
                return _between(read_test(words, fact), fact, step)
            return _always(read_spoken(words, fact))
        except Unreadable as wrong:
            self._blame((n, "shares", words), wrong.message, wrong.help)
            return _always(None)

    def _blame(self, inside: Path_, message: str, help: str) -> None:
        path = ("columns", self.column, *inside)
        self.file.problems.append(self.file.problem(path, message, help, of_key=not inside))


def _always(value: Made) -> _Draw:
    return lambda random: value


def _between(allowed: ValueSet, fact: Fact, step: Decimal) -> _Draw:
    """Any value of a range, each step as likely; Unreadable where it has not one beginning and one end."""
    assert isinstance(allowed, Ordered)
    (low, high), *more = allowed.intervals
    if more or not (Decimal(low[0]).is_finite() and Decimal(high[0]).is_finite()):
        raise Unreadable("the range has no beginning or no end", "write `from … to …`")
    first = Decimal(low[0]) + (step if low[1] else 0)
    count = int((Decimal(high[0]) - first) / step) + 1
    if (first + (count - 1) * step, 0) >= high:
        count -= 1
    if count < 1:
        raise Unreadable("no step lies in the range", "give a smaller step")

    def draw(random: Random) -> Made:
        value = first + random.randrange(count) * step
        if fact.type == "date":
            return dt.date.fromordinal(int(value))
        return value if fact.type == "number" else int(value)

    return draw
