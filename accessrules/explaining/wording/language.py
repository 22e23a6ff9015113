"""What a language is made of: its phrases, and the few things that it puts together by rules of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from accessrules.explaining.wording.phrases import Phrases

__all__ = ["End", "Language"]

End: TypeAlias = tuple[str, bool]
"""An end of a range: what it says, and whether it is included."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language.

    `quantity(number, unit)` and `numbers(low, high)`, `days(low, high)` are a measure and ranges of values;
    `any_of(names)`, `none_of(names)` and `listed(names)` are lists. `instrument(title)` is a title as it is cited,
    `at(place)` a place in it. `confidence` has words for what rule files name in one word.
    """

    lang: str
    phrases: Phrases
    quantity: Callable[[str, str], str]
    numbers: Callable[[End | None, End | None], str]
    days: Callable[[str | None, str | None, str | None], str]
    any_of: Callable[[Sequence[str]], str]
    none_of: Callable[[Sequence[str]], str]
    listed: Callable[[Sequence[str]], str]
    instrument: Callable[[str], str]
    at: Callable[[str], str]
    confidence: Mapping[str, str]
