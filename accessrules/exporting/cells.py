"""A column as SQL: in which cells its value may lie, and whether it is a value of its fact at all.

Ordered values are looked for by halving, named ones in lists. A number is compared with a literal of the decimal that
the rules say: that is exact in a DECIMAL column, and in a DOUBLE one too, for a float stands for its shortest decimal
and the literal becomes the float nearest to it (`deciding.py` does the same).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from sqlglot import exp

from accessrules.axes import Axis
from accessrules.errors import Problem, QueryError
from accessrules.exporting.packing import Field
from accessrules.values import number_text, quantity_text
from accessrules.valuesets import Cut, Key, Ordered
from accessrules.vocabulary import KNOWN_ON, Fact

__all__ = ["any_of", "bits_in", "number", "problem_texts", "words_of", "wrong"]

_MOST_DIGITS = 15
"""Decimals of so many digits come back from the nearest float as they were, and every database has room for them."""

_LARGEST = "1e300"
"""Every number lies within; a value that is none (NaN) and the infinities do not, as they sort beyond."""


def number(value: int) -> exp.Expression:
    """A whole number."""
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


def any_of(tests: Iterable[exp.Expression]) -> exp.Expression | None:
    """Any of some tests; None where there are none."""
    some = list(tests)
    return exp.or_(*some) if some else None


# --------------------------------------------------------------------------------------------------------- cells


def words_of(field: Field, column: exp.Expression, axis: Axis) -> dict[int, exp.Expression]:
    """The bits that a row sets for a fact, by word."""
    known = axis.fact.name == KNOWN_ON.name
    # Nothing asked about knowledge: everything published is known, which is the last cell.
    unknown = field.bits(1 << axis.size - 1 if known else axis.everything)
    return {span.word: _word(span.word, field, column, axis, unknown[span.word]) for span in field.spans}


def _word(word: int, field: Field, column: exp.Expression, axis: Axis, unknown: int) -> exp.Expression:
    case = exp.case().when(exp.Is(this=column.copy(), expression=exp.Null()), number(unknown))
    if axis.fact.type == "boolean":
        no, yes = (number(field.bits(1 << cell)[word]) for cell in (0, 1))
        return case.when(column.copy(), yes).else_(no)
    if axis.fact.is_ordered:
        runs = _runs(axis, lambda cell: field.bits(1 << cell)[word])
        return case.else_(_halved(runs, column, axis.fact))
    for bits, values in _named(axis, lambda cells: field.bits(cells)[word]).items():
        case = case.when(bits_in(column, values), number(bits))
    return case.else_(number(0))


def bits_in(column: exp.Expression, values: Sequence[str | bool]) -> exp.Expression:
    """Whether a column has one of some named values."""
    return exp.In(this=column.copy(), expressions=[exp.Literal.string(str(value)) for value in values])


def _named(axis: Axis, bits_of_cells: Callable[[int], int]) -> dict[int, list[str | bool]]:
    """The values by the bits that they set; an inner category sets those of everything under it."""
    found: dict[int, list[str | bool]] = {}
    for value in sorted(axis.fact.values):
        found.setdefault(bits_of_cells(axis.mask_of(axis.fact.set_of(value))), []).append(value)
    return found


def _runs(axis: Axis, bits_of_cell: Callable[[int], int]) -> list[tuple[Cut, int]]:
    """The bits along an ordered fact, each with the cut from which on they are set; equal neighbours are one."""
    runs: list[tuple[Cut, int]] = []
    for cell, cut in enumerate(axis.cuts[:-1]):
        bits = bits_of_cell(cell)
        if not runs or runs[-1][1] != bits:
            runs.append((cut, bits))
    return runs


def _halved(runs: Sequence[tuple[Cut, int]], column: exp.Expression, fact: Fact) -> exp.Expression:
    if len(runs) == 1:
        return number(runs[0][1])
    middle = len(runs) // 2
    below, above = _halved(runs[:middle], column, fact), _halved(runs[middle:], column, fact)
    return exp.case().when(_is_below(column, runs[middle][0], fact), below).else_(above)


def _is_below(column: exp.Expression, cut: Cut, fact: Fact) -> exp.Expression:
    key, side = cut
    return (exp.LTE if side else exp.LT)(this=column.copy(), expression=_literal(column, key, fact))


def _literal(column: exp.Expression, key: Key, fact: Fact) -> exp.Expression:
    """A value that a column is compared with."""
    if fact.type == "date":
        return exp.cast(exp.Literal.string(dt.date.fromordinal(int(key)).isoformat()), "date")
    text = number_text(key).removeprefix("-")
    if sum(map(str.isdigit, text)) > _MOST_DIGITS:
        message = f"the rules compare `{fact.name}` with `{number_text(key)}`, of more than {_MOST_DIGITS} digits"
        raise QueryError([Problem(f"$.columns.{column.name}", message, "leave its column out")])
    literal = exp.Literal.number(text)
    return exp.Neg(this=literal) if key < 0 else literal


# --------------------------------------------------------------------------------------------------------- values


def wrong(column: exp.Expression, fact: Fact) -> tuple[exp.Expression, str] | None:
    """Where a column has a value that is none of its fact, and what is wrong; None where its type says it all."""
    if fact.type == "boolean":
        return None
    if fact.values:
        inside, words = bits_in(column, sorted(fact.values)), "no value of the vocabulary"
    else:
        inside, words = exp.and_(*_bounds(column, fact)), _range_words(fact)
    given = exp.Is(this=column.copy(), expression=exp.Null()).not_()
    return exp.and_(given, exp.not_(exp.paren(inside, copy=False))), words


def _bounds(column: exp.Expression, fact: Fact) -> list[exp.Expression]:
    assert isinstance(fact.domain, Ordered)
    ((low, high),) = fact.domain.intervals
    tests = []
    for end, is_beyond, is_within, sign in ((low, exp.GT, exp.GTE, -1), (high, exp.LT, exp.LTE, 1)):
        key = end[0] - 1 if sign > 0 and fact.type != "number" else end[0]
        if Decimal(key).is_finite():
            # A timestamp is its day: any time of the last day is within.
            value = exp.cast(column.copy(), "date") if sign > 0 and fact.type == "date" else column.copy()
            tests.append(is_within(this=value, expression=_literal(column, key, fact)))
        else:
            largest = exp.Literal.number(_LARGEST)
            tests.append(is_beyond(this=column.copy(), expression=exp.Neg(this=largest) if sign < 0 else largest))
    if fact.type == "integer":
        # Not FLOOR, which makes a BIGINT of a float in Spark, and fails where that is too small.
        tests.append(exp.EQ(this=column.copy(), expression=exp.Round(this=column.copy())))
    return tests


def _range_words(fact: Fact) -> str:
    kind = {"integer": "no whole number", "number": "no number", "date": "no date"}[fact.type]
    ends = ((fact.minimum, "at least"), (fact.maximum, "at most"))
    words = [f"{word} {_end_text(end, fact)}" for end, word in ends if end is not None]
    return f"{kind} of {' and '.join(words)}" if words else kind


def _end_text(end: Key, fact: Fact) -> str:
    return dt.date.fromordinal(int(end)).isoformat() if fact.type == "date" else quantity_text(end, fact)


def problem_texts(problems: Mapping[str, tuple[exp.Expression, str]]) -> exp.Expression:
    """What is wrong with a row, column by column; NULL where nothing is."""
    if not problems:
        return exp.cast(exp.Null(), "text")
    texts = [
        exp.case().when(test.copy(), exp.Literal.string(f"`{column}` is {words}"))
        for column, (test, words) in problems.items()
    ]
    # Not `exp.func`, which guards against a NULL that all three dialects leave out by themselves.
    together = exp.Anonymous(this="CONCAT_WS", expressions=[exp.Literal.string("; "), *texts])
    return exp.func("NULLIF", together, exp.Literal.string(""))
