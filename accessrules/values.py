"""Values of facts: read from what a program or a person gives, and written back.

Nothing is guessed or coerced: `"520"` is not a number, but 520 and `"520 L"` are; `True` is not 1; a float
means its shortest decimal.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation, localcontext
from functools import partial

from accessrules import units
from accessrules.suggesting import did_you_mean
from accessrules.valuesets import Key
from accessrules.vocabulary import Fact, FactValue, key_of

__all__ = [
    "UNKNOWN_WORDS",
    "Unreadable",
    "exact_number",
    "json_value",
    "named_value",
    "number_text",
    "quantity_text",
    "read_date",
    "read_spoken",
    "read_typed",
    "read_value",
    "value_text",
]

UNKNOWN_WORDS = ("unknown", "null")
"""What a person writes for a fact that is not known, and not to be presumed either."""

_QUANTITY = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(\S.*)?", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_UNIT = re.compile(r"(?![eE][+-]?\d)[^\W\d_]\D*\d?|[%°℃].*")
_LONGEST, _LONGEST_TYPED = 400, 300
_LARGEST = 10**300
_YES = {"true", "yes", "是"}
_NO = {"false", "no", "否"}


class Unreadable(Exception):  # noqa: N818 - it is caught and becomes a Problem with its place
    """Something that cannot be read; carries what is wrong and what would be right.

    To say what was meant takes time: then `help` is what finds it, and is asked only where it is told.
    """

    def __init__(self, message: str, help: str | Callable[[], str] = "") -> None:
        super().__init__(message)
        self.message, self._help = message, help

    @property
    def help(self) -> str:
        """What would be right."""
        if callable(self._help):
            self._help = self._help()
        return self._help


def number_text(number: Key) -> str:
    """A number without exponent or trailing zeros.

    >>> number_text(Decimal("5.00E+2"))
    '500'
    """
    if isinstance(number, int):
        return str(number)
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def quantity_text(number: Key, fact: Fact) -> str:
    """A number with the fact's unit, as rule files write it."""
    return f"{number_text(number)} {fact.unit}" if fact.unit else number_text(number)


def value_text(value: FactValue, fact: Fact) -> str:
    """A value as rule files write it: `520 L`, `true`, `2018-03-14`, `export`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (int, Decimal)):
        return quantity_text(value, fact)
    return value


def json_value(value: FactValue | None) -> str | int | float | bool | None:
    """A value as JSON carries it: dates in ISO form, numbers as numbers.

    >>> json_value(Decimal("500.0")), json_value(Decimal("499.9999999"))
    (500, 499.9999999)
    """
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def exact_number(number: Decimal) -> Decimal:
    """The number, in one spelling; Unreadable where a JSON number cannot carry it exactly."""
    if not number.is_finite():
        raise Unreadable(f"`{number}` is not a number", "give a finite number, or leave the fact out if it is unknown")
    if not -330 < number.adjusted() < 300:
        raise Unreadable(f"`{number}` is out of range", "its size must lie between 1e-330 and 1e300")
    with localcontext() as exact:
        exact.prec = 700
        number = number.normalize()
        whole = number == number.to_integral_value()
    if not whole and Decimal(repr(float(number))) != number:
        raise Unreadable(
            f"`{number_text(number)}` has more digits than a JSON number carries",
            "15 significant digits are always safe",
        )
    return number if number else Decimal(0)


def read_date(raw: object) -> dt.date:
    """A day, from a date or ISO text."""
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw
    if isinstance(raw, str):
        if not _ISO_DAY.fullmatch(raw):
            raise Unreadable(f"`{raw}` is not a date", "write year-month-day, such as 2018-03-14")
        try:
            return dt.date.fromisoformat(raw)
        except ValueError:
            raise Unreadable(f"there is no day `{raw}`", "write year-month-day, such as 2018-03-14") from None
    raise Unreadable(f"`{_shown(raw)}` is not a date", "write year-month-day, such as 2018-03-14")


def read_value(raw: object, fact: Fact) -> FactValue:
    """A value given by a program: typed as the vocabulary says, else Unreadable."""
    value = _READERS[fact.type](raw, fact)
    if fact.is_ordered:
        check_bounds(value, fact)
    return value


def read_spoken(text: str, fact: Fact) -> FactValue:
    """A value given as text by a person (command line, casebook): `520`, `520 L`, `yes`, `2018-03-14`."""
    text = text.strip()
    if len(text) > _LONGEST:
        raise Unreadable(f"`{_shown(text)}` is too long", f"no value has more than {_LONGEST} characters")
    if fact.type == "boolean":
        if text.casefold() in _YES | _NO:
            return text.casefold() in _YES
        raise Unreadable(f"`{text}` is neither yes nor no", "write `true` or `false`")
    if fact.type in ("number", "integer"):
        if _PLAIN.fullmatch(text):
            return read_value(Decimal(text) if "." in text else int(text), fact)
        read_quantity(text, fact)  # in a person's words: what is no quantity is told as such
    return read_value(text, fact)


def read_typed(text: str, fact: Fact) -> FactValue | None:
    """A value as a person types it; None for `unknown`. Named values may go by their labels and common names."""
    if len(text) > _LONGEST_TYPED:
        raise Unreadable(f"`{_shown(text)}` is too long", f"a value has at most {_LONGEST_TYPED} characters")
    if not text:
        raise Unreadable(f"`{fact.name}` has no value", f"write `{fact.name}=unknown` if it is not known")
    if text in fact.values:
        return text
    if text in UNKNOWN_WORDS:
        return None
    if fact.values:
        found = named_value(text, fact)
        if found is not None:
            return found
    return read_spoken(text, fact)


def named_value(text: str, fact: Fact) -> str | None:
    """The value that has the text as its id or as a name of it, in either language; Unreadable where several have."""
    wanted = text.strip().casefold()
    owners = [v.id for v in fact.values.values() if wanted in (n.casefold() for n in (v.id, *v.names()))]
    if len(owners) > 1:
        raise Unreadable(f"`{text}` may be any of {', '.join(f'`{o}`' for o in sorted(owners))}", "name one of them")
    return owners[0] if owners else None


def check_bounds(value: FactValue, fact: Fact) -> None:
    """Raise Unreadable where an ordered value lies outside the fact's declared range."""
    number = key_of(value)
    for bound, word, out in (
        (fact.minimum, "at least", fact.minimum is not None and number < fact.minimum),
        (fact.maximum, "at most", fact.maximum is not None and number > fact.maximum),
    ):
        if out and bound is not None:
            limit = dt.date.fromordinal(int(bound)).isoformat() if fact.type == "date" else quantity_text(bound, fact)
            raise Unreadable(f"`{value_text(value, fact)}` is out of range", f"`{fact.name}` is {word} {limit}")


def read_quantity(text: str, fact: Fact, *, unit_needed: bool = True) -> Decimal:
    """A number with its unit, in the fact's own unit; Unreadable where they do not convert exactly."""
    found = _QUANTITY.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if not found or (found[2] and not _UNIT.fullmatch(found[2].strip())):
        raise Unreadable(f"`{text}` is not a number", f"write digits, such as `{_example(fact)}`")
    amount, unit = Decimal(found[1]), found[2]
    if unit is None:
        if fact.unit and unit_needed:
            raise Unreadable(f"`{text}` has no unit", f"did you mean `{text} {fact.unit}`?")
        return amount
    unit = unit.strip()
    if not fact.unit:
        raise Unreadable(f"`{fact.name}` has no unit, but `{text}` has `{unit}`", f"did you mean `{found[1]}`?")
    if unit == fact.unit:
        return amount
    if not units.convertible(unit, fact.unit):
        raise Unreadable(
            f"`{unit}` is not a unit of `{fact.name}`", f"it is measured in `{fact.unit}`, such as `{_example(fact)}`"
        )
    converted = units.convert(amount, unit, fact.unit)
    if converted is None:
        raise Unreadable(f"`{text}` is no exact number of `{fact.unit}`", f"give it in `{fact.unit}`")
    return converted


def _read_number(raw: object, fact: Fact) -> FactValue:
    if isinstance(raw, float):
        if not math.isfinite(raw):
            raise Unreadable(f"`{raw}` is not a number", "leave the fact out if it is unknown")
        return exact_number(Decimal(float.__repr__(raw)))  # a subclass (NumPy's) may print otherwise
    if isinstance(raw, (int, Decimal)) and not isinstance(raw, bool):
        return exact_number(Decimal(raw))
    if isinstance(raw, str):
        if fact.unit is None or _plain_number(raw):
            raise Unreadable(f'`"{raw}"` is text, not a number', f"write it without quotes{_or_with_unit(raw, fact)}")
        return exact_number(read_quantity(raw, fact))
    raise Unreadable(f"`{_shown(raw)}` is not a number", f"write a number such as {_example(fact)}")


def _read_integer(raw: object, fact: Fact) -> FactValue:
    if isinstance(raw, int) and not isinstance(raw, bool):
        if abs(raw) >= _LARGEST:
            raise Unreadable("the number is out of range", "its size must lie below 1e300")
        return raw
    if isinstance(raw, str) and fact.unit is not None and not _plain_number(raw):
        amount = read_quantity(raw, fact)
        if amount == amount.to_integral_value():
            return int(amount)
    if isinstance(raw, str) and _plain_number(raw):
        raise Unreadable(f'`"{raw}"` is text, not a number', f"write it without quotes{_or_with_unit(raw, fact)}")
    raise Unreadable(f"`{_shown(raw)}` is not a whole number", f"write a whole number such as {_example(fact)}")


def _read_boolean(raw: object, fact: Fact) -> FactValue:
    if isinstance(raw, bool):
        return raw
    raise Unreadable(f"`{_shown(raw)}` is neither true nor false", "write `true` or `false`, without quotes")


def _read_day(raw: object, fact: Fact) -> FactValue:
    return read_date(raw)


def _read_named(raw: object, fact: Fact) -> FactValue:
    if isinstance(raw, str) and raw in fact.values:
        return raw
    shown = _shown(raw)
    help = partial(did_you_mean, shown, fact.names(), "values")
    raise Unreadable(f"`{shown}` is not a value of `{fact.name}`", help)


_READERS: dict[str, Callable[[object, Fact], FactValue]] = {
    "category": _read_named,
    "choice": _read_named,
    "boolean": _read_boolean,
    "integer": _read_integer,
    "number": _read_number,
    "date": _read_day,
}


def _plain_number(text: str) -> bool:
    try:
        return Decimal(text.strip()).is_finite()
    except InvalidOperation:
        return False


def _or_with_unit(raw: str, fact: Fact) -> str:
    return f', or with its unit: `"{raw.strip()} {fact.unit}"`' if fact.unit else ""


def _example(fact: Fact) -> str:
    """A quantity that the fact can have."""
    number: Key = 500
    if fact.minimum is not None and number < fact.minimum:
        number = fact.minimum
    if fact.maximum is not None and number > fact.maximum:
        number = fact.maximum
    return quantity_text(number, fact)


def _shown(raw: object) -> str:
    """What the user wrote, short enough for a message."""
    text = "null" if raw is None else str(raw).lower() if isinstance(raw, bool) else str(raw)
    return text if len(text) <= 60 else text[:57] + "..."
