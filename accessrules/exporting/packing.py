"""Boxes of cells as whole numbers: a row and a box meet where a few bitwise ANDs say so.

Each fact is a *field* of bits, one for each class of cells that no box tells apart. A row sets the bits of the classes
in which its value may lie, a box those that it allows; they meet where no field of their AND is zero. Fields share
words of 62 bits: with a guard bit beside each field, one addition tests all fields of a word at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accessrules.diagrams import refined
from accessrules.exporting.kinds import WORD
from accessrules.regions import Box
from accessrules.vocabulary import Fact

__all__ = ["Anchor", "Field", "Packing", "Span", "pack"]

_LEAST_CLASSES = 4
"""A fact with fewer classes is not worth a join of its own."""


class Span(NamedTuple):
    """Some classes of a field, from `first` on, in a word, from the bit `shift` on."""

    word: int
    shift: int
    first: int
    size: int


@dataclass(frozen=True, slots=True)
class Field:
    """A fact's classes of cells, and where their bits are: in one span with others, or alone in several words."""

    fact: str
    classes: tuple[int, ...]
    spans: tuple[Span, ...]

    def bits(self, cells: int) -> dict[int, int]:
        """The bits of the classes that have some of these cells, by word."""
        found = _classes_in(self.classes, cells)
        return {s.word: (found >> s.first & (1 << s.size) - 1) << s.shift for s in self.spans}


@dataclass(frozen=True, slots=True)
class Anchor:
    """The named fact by which boxes are found first.

    `codes` has a number for each value, inner categories included; 0 stands for an unknown one. `members` are the boxes
    (by number) of each code, `idle` the bits, by word, of the fields that make no difference there.
    """

    fact: str
    codes: Mapping[str | bool, int]
    members: Mapping[int, tuple[int, ...]]
    idle: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Packing:
    """Boxes packed: `boxes` are their words, `guards` the guard bits of each word (0: the word is a wide field's)."""

    fields: tuple[Field, ...]
    guards: tuple[int, ...]
    boxes: tuple[tuple[int, ...], ...]
    anchor: Anchor | None

    @property
    def wide(self) -> list[tuple[int, ...]]:
        """The words of each field that has several for itself."""
        return [tuple(s.word for s in field.spans) for field in self.fields if not self.guards[field.spans[0].word]]

    def ones(self, word: int) -> int:
        """What carries into each guard bit of a word whose field is not zero: all bits of the fields."""
        spans = (s for field in self.fields for s in field.spans if s.word == word)
        return sum((1 << s.size) - 1 << s.shift for s in spans)


def pack(boxes: Sequence[Box], facts: Mapping[str, Fact], everything: Mapping[str, int]) -> Packing:
    """Pack some boxes of cells; a fact that no box tests has no field."""
    masks: dict[str, set[int]] = {}
    for box in boxes:
        for fact, mask in box.items():
            masks.setdefault(fact, set()).add(mask)
    classes = {fact: tuple(refined({everything[fact], *found})) for fact, found in sorted(masks.items())}
    anchored = _anchored(classes, facts)
    fields, guards = _placed({fact: found for fact, found in classes.items() if fact != anchored})
    words = tuple(_words(fields, box, len(guards), everything) for box in boxes)
    anchor = None if anchored is None else _anchor(facts[anchored], classes[anchored], boxes, fields, len(guards))
    return Packing(fields, guards, words, anchor)


def _anchored(classes: Mapping[str, Sequence[int]], facts: Mapping[str, Fact]) -> str | None:
    named = [f for f, found in classes.items() if facts[f].values and len(found) >= _LEAST_CLASSES]
    return max(named, key=lambda f: (len(classes[f]), f), default=None)


def _placed(classes: Mapping[str, tuple[int, ...]]) -> tuple[tuple[Field, ...], tuple[int, ...]]:
    """The fields, each in the first word with room for it and its guard bit, or in words of its own."""
    fields: list[Field] = []
    used: list[int] = []
    guards: list[int] = []
    for fact, found in classes.items():
        count = len(found)
        if count < WORD:
            word = next((n for n, bits in enumerate(used) if bits + count < WORD), len(used))
            if word == len(used):
                used.append(0)
                guards.append(0)
            spans = [Span(word, used[word], 0, count)]
            guards[word] |= 1 << used[word] + count
            used[word] += count + 1
        else:
            spans = [
                Span(len(used) + n, 0, first, min(WORD, count - first)) for n, first in enumerate(range(0, count, WORD))
            ]
            used += [WORD] * len(spans)
            guards += [0] * len(spans)
        fields.append(Field(fact, found, tuple(spans)))
    return tuple(fields), tuple(guards)


def _words(fields: Iterable[Field], box: Box, size: int, everything: Mapping[str, int]) -> tuple[int, ...]:
    words = [0] * size
    for field in fields:
        for word, bits in field.bits(box.get(field.fact, everything[field.fact])).items():
            words[word] |= bits
    return tuple(words)


def _anchor(fact: Fact, classes: tuple[int, ...], boxes: Sequence[Box], fields: Sequence[Field], size: int) -> Anchor:
    every = (1 << len(classes)) - 1
    allowed = [_classes_in(classes, box[fact.name]) if fact.name in box else every for box in boxes]
    number = {leaf: n for n, leaf in enumerate(fact.leaves)}
    codes: dict[str | bool, int] = {}
    code_of = {every: 0}
    for value in sorted(fact.values):
        cells = sum(1 << number[leaf] for leaf in fact.under.get(value, (value,)))
        codes[value] = code_of.setdefault(_classes_in(classes, cells), len(code_of))
    members = {code: tuple(n for n, one in enumerate(allowed) if one & mine) for mine, code in code_of.items()}
    idle = {
        code: _idle([f for f in fields if not any(f.fact in boxes[n] for n in some)], size)
        for code, some in members.items()
    }
    return Anchor(fact.name, codes, members, idle)


def _idle(fields: Iterable[Field], size: int) -> tuple[int, ...]:
    """All bits of some fields, by word."""
    words = [0] * size
    for field in fields:
        for span in field.spans:
            words[span.word] |= (1 << span.size) - 1 << span.shift
    return tuple(words)


def _classes_in(classes: Sequence[int], cells: int) -> int:
    """The bit set of the classes that have some of these cells."""
    return sum(1 << n for n, one in enumerate(classes) if one & cells)
