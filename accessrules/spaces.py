"""A space: the facts that some clauses test, each cut into cells, and for each cell the clauses that accept it.

Every clause has a bit. ANDing one bit set a fact leaves exactly the clauses that hold in a cell of the space: this
is bit-vector packet classification (Lakshman and Stiliadis, SIGCOMM 1998) put to law.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from accessrules.axes import Axis, bits_of
from accessrules.regions import Box
from accessrules.unarytests import test_words
from accessrules.valuesets import Cut, Ordered, ValueSet
from accessrules.vocabulary import Fact

__all__ = ["Cells", "Space", "bit_set", "box_of", "cells_of", "cuts_of"]


def bit_set(numbers: Iterable[int], size: int) -> int:
    """The bit set with these bits, of which there are fewer than `size`."""
    raw = bytearray(size // 8 + 1)
    for n in numbers:
        raw[n >> 3] |= 1 << (n & 7)
    return int.from_bytes(raw, "little")


class Cells(NamedTuple):
    """What a space is made of.

    - `axes`: each fact's cells.
    - `size`: how many clauses there are.
    - `boxes()`: each clause's cells by fact; asked once, when they are first wanted.
    - `accepting[fact][cell]`: the clauses whose test accepts the cell.
    - `testing[fact]`: the clauses that have a test on the fact at all.
    """

    axes: dict[str, Axis]
    size: int
    boxes: Callable[[], tuple[dict[str, int], ...]]
    accepting: dict[str, list[int]]
    testing: dict[str, int]


def cells_of(
    facts: Mapping[str, Fact],
    clauses: Sequence[Mapping[str, ValueSet]],
    readings: Iterable[Mapping[str, ValueSet]] = (),
) -> Cells:
    """Cut the facts at the ends of the clauses' sets, and of those of `readings`, which have no bit."""
    cuts = cuts_of(facts, (*clauses, *readings))
    axes = {name: Axis(fact, cuts[name]) for name, fact in facts.items()}
    boxes = tuple(box_of(clause, axes) for clause in clauses)
    return Cells(axes, len(boxes), lambda: boxes, *_swept(axes, boxes))


def cuts_of(facts: Iterable[str], clauses: Iterable[Mapping[str, ValueSet]]) -> dict[str, set[Cut]]:
    """Where the sets of some clauses begin and end, by fact."""
    cuts: dict[str, set[Cut]] = {name: set() for name in facts}
    for clause in clauses:
        for fact, allowed in clause.items():
            if isinstance(allowed, Ordered):
                cuts[fact].update(cut for interval in allowed.intervals for cut in interval)
    return cuts


def box_of(clause: Mapping[str, ValueSet], axes: Mapping[str, Axis]) -> dict[str, int]:
    """A clause as cells. INVARIANT: the axes are cut at the ends of its sets."""
    return {fact: axes[fact].mask_of(allowed) for fact, allowed in clause.items()}


def _swept(axes: Mapping[str, Axis], boxes: Sequence[Mapping[str, int]]) -> tuple[dict[str, list[int]], dict[str, int]]:
    """Sweep each axis once: a clause's bit is turned over where its cells begin and end."""
    total = len(boxes)
    turning: dict[str, list[list[int]]] = {name: [[] for _ in range(a.size + 1)] for name, a in axes.items()}
    tested: dict[str, list[int]] = {name: [] for name in axes}
    for n, box in enumerate(boxes):
        for fact, mask in box.items():
            tested[fact].append(n)
            for boundary in bits_of(mask ^ mask << 1):
                turning[fact][boundary].append(n)
    testing = {fact: bit_set(numbers, total) for fact, numbers in tested.items()}
    accepting: dict[str, list[int]] = {}
    for fact, axis in axes.items():
        accepted = (1 << total) - 1 ^ testing[fact]
        accepting[fact] = cells = []
        for cell in range(axis.size):
            accepted ^= bit_set(turning[fact][cell], total)
            cells.append(accepted)
    return accepting, testing


class Space:
    """Some clauses over some facts; it does not change once built.

    It has the `axes`, `accepting` and `testing` of its `Cells`, and `everything`: all cells of each fact, as a mask.
    """

    def __init__(self, facts: Mapping[str, Fact], clauses: Cells | Sequence[Mapping[str, ValueSet]]) -> None:
        """Cut the facts at the ends of the clauses' sets; where their cells are known already, take those."""
        cells = clauses if isinstance(clauses, Cells) else cells_of(facts, clauses)
        self.facts = facts
        self.axes, size, self._boxes, self.accepting, self.testing = cells
        self.everything: dict[str, int] = {name: axis.everything for name, axis in self.axes.items()}
        self.all_clauses = (1 << size) - 1
        self._words: dict[tuple[str, int], str] = {}

    @cached_property
    def clause_boxes(self) -> tuple[dict[str, int], ...]:
        """Each clause's cells by fact."""
        return self._boxes()

    def split(self, fact: str, cells: int, live: int) -> list[tuple[int, int]]:
        """Some cells of a fact in groups that these clauses do not tell apart, each with the clauses that it leaves.

        Looks at the cells one by one, or at the clauses one by one, whichever are fewer.
        """
        tested = live & self.testing[fact]
        accepting = self.accepting[fact]
        if tested.bit_count() >= cells.bit_count():
            # With its length, as Python's hashes of numbers shifted against each other are alike.
            by_live: dict[tuple[int, int], int] = {}
            for cell in bits_of(cells):
                left = live & accepting[cell]
                state = (left.bit_length(), left)
                by_live[state] = by_live.get(state, 0) | 1 << cell
            return [(mask, left) for (_, left), mask in by_live.items()]
        groups = [(cells, live ^ tested)]
        while tested:
            # The highest bit first, as in `Index.rules_of`: nothing is copied to find it.
            n = tested.bit_length() - 1
            bit = 1 << n
            tested ^= bit
            allowed = self.clause_boxes[n][fact]
            inside = [(mask & allowed, left | bit) for mask, left in groups if mask & allowed]
            groups = [(mask & ~allowed, left) for mask, left in groups if mask & ~allowed] + inside
        return groups

    def meeting(self, box: Box) -> int:
        """The clauses that hold somewhere in a box."""
        live = self.all_clauses
        for fact, mask in box.items():
            accepted = 0
            for cell in bits_of(mask):
                accepted |= self.accepting[fact][cell]
            live &= accepted
        return live

    def words(self, fact: str, cells: int) -> str:
        """The test that some cells pass, in the words of the rule files; remembered, as explanations repeat them."""
        found = self._words.get((fact, cells))
        if found is None:
            axis = self.axes[fact]
            found = self._words[fact, cells] = test_words(axis.set_of(cells), axis.fact)
        return found
