"""A space: the facts that some clauses test, each cut into cells, and for each cell the clauses that accept it.

Every clause has a bit. ANDing one bit set a fact leaves exactly the clauses that hold in a cell of the space: this
is bit-vector packet classification (Lakshman and Stiliadis, SIGCOMM 1998) put to law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from accessrules.axes import Axis, bits_of
from accessrules.regions import Box
from accessrules.unarytests import test_words
from accessrules.valuesets import Cut, Ordered, ValueSet
from accessrules.vocabulary import Fact

__all__ = ["Space", "bit_set"]


def bit_set(numbers: Iterable[int], size: int) -> int:
    """The bit set with these bits, of which there are fewer than `size`."""
    raw = bytearray(size // 8 + 1)
    for n in numbers:
        raw[n >> 3] |= 1 << (n & 7)
    return int.from_bytes(raw, "little")


class Space:
    """Some clauses over some facts; it does not change once built.

    - `axes`: each fact's cells. `everything`: all of them, as a mask a fact.
    - `clause_boxes`: each clause's cells by fact.
    - `accepting[fact][cell]`: the clauses whose test accepts the cell.
    - `testing[fact]`: the clauses that have a test on the fact at all.
    """

    def __init__(
        self,
        facts: Mapping[str, Fact],
        clauses: Sequence[Mapping[str, ValueSet]],
        readings: Iterable[Mapping[str, ValueSet]] = (),
    ) -> None:
        """Cut the facts at the ends of the clauses' sets, and of those of `readings`, which have no bit."""
        self.facts = facts
        self.axes: dict[str, Axis] = _cut_axes(facts, (*clauses, *readings))
        self.everything: dict[str, int] = {name: axis.everything for name, axis in self.axes.items()}
        self.clause_boxes: tuple[dict[str, int], ...] = tuple(
            {fact: self.axes[fact].mask_of(allowed) for fact, allowed in clause.items()} for clause in clauses
        )
        self.all_clauses = (1 << len(self.clause_boxes)) - 1
        self.accepting: dict[str, list[int]] = {}
        self.testing: dict[str, int] = {}
        self._words: dict[tuple[str, int], str] = {}
        self._fill()

    def _fill(self) -> None:
        """Sweep each axis once: a clause's bit is turned over where its cells begin and end."""
        total = len(self.clause_boxes)
        turning: dict[str, list[list[int]]] = {name: [[] for _ in range(a.size + 1)] for name, a in self.axes.items()}
        tested: dict[str, list[int]] = {name: [] for name in self.axes}
        for n, box in enumerate(self.clause_boxes):
            for fact, mask in box.items():
                tested[fact].append(n)
                for boundary in bits_of(mask ^ mask << 1):
                    turning[fact][boundary].append(n)
        for fact, axis in self.axes.items():
            self.testing[fact] = bit_set(tested[fact], total)
            accepted = self.all_clauses ^ self.testing[fact]
            self.accepting[fact] = cells = []
            for cell in range(axis.size):
                accepted ^= bit_set(turning[fact][cell], total)
                cells.append(accepted)

    def split(self, fact: str, cells: int, live: int) -> list[tuple[int, int]]:
        """Some cells of a fact in groups that these clauses do not tell apart, each with the clauses that it leaves.

        Looks at the cells one by one, or at the clauses one by one, whichever are fewer.
        """
        tested = live & self.testing[fact]
        accepting = self.accepting[fact]
        if tested.bit_count() >= cells.bit_count():
            by_live: dict[int, int] = {}
            for cell in bits_of(cells):
                left = live & accepting[cell]
                by_live[left] = by_live.get(left, 0) | 1 << cell
            return [(mask, left) for left, mask in by_live.items()]
        groups = [(cells, live ^ tested)]
        for n in bits_of(tested):
            allowed, bit = self.clause_boxes[n][fact], 1 << n
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


def _cut_axes(facts: Mapping[str, Fact], clauses: Iterable[Mapping[str, ValueSet]]) -> dict[str, Axis]:
    cuts: dict[str, set[Cut]] = {name: set() for name in facts}
    for clause in clauses:
        for fact, allowed in clause.items():
            if isinstance(allowed, Ordered):
                cuts[fact].update(cut for interval in allowed.intervals for cut in interval)
    return {name: Axis(fact, cuts[name]) for name, fact in facts.items()}
