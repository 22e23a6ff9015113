"""The kernel: from columns of codes to the number of each row's answer, by the index's bit sets over arrays.

One fact, the *pivot* (mostly the category), splits the clauses into groups. In each group few clauses are left; they
are numbered anew, so that a machine word or two hold them. ANDing one word a fact leaves the clauses that hold in each
row. Rows of one group with the same clauses have the same answer: each such combination is decided once, by the
index itself, and remembered, for it depends on the rule set alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from accessrules.axes import bits_of
from accessrules.deciding import Decider
from accessrules.spaces import bit_set
from accessrules.tables.answers import NOT_SURE, SEVERAL, Answers
from accessrules.tables.bundles import Bundles
from accessrules.tables.coding import Coder, python_values
from accessrules.tables.lookups import Lookup, places

__all__ = ["Kernel", "distinct", "numbered"]

Array: TypeAlias = "np.ndarray[Any, Any]"

_WORD = 64
_MOST_ANSWERED = 1 << 22
"""The answers of so many combinations of group, clauses and what is open are kept in one table."""

_MOST_REMEMBERED = 1 << 20
_LARGEST = 1 << 62
_AT_ONCE = 1 << 12
"""Rows with an unknown pivot are tried in so many places at once, rows times groups."""


class _Group(NamedTuple):
    """Cells of the pivot that no clause tells apart, and the clauses that they leave, in the order of their bits."""

    cells: int
    clauses: tuple[int, ...]


class Kernel:
    """Answers columns of codes of one decision, with some facts fixed for all rows; threads may share it.

    `facts` are those whose codes it reads; the others of `coders` make no difference. With `in_full`, the answers
    have the possible outcomes and the missing facts also where they are undetermined for many reasons.
    """

    def __init__(
        self, decider: Decider, fixed: Mapping[str, int], coders: Mapping[str, Coder], *, in_full: bool = False
    ) -> None:
        """`fixed`: the cells of each fact without a column that is not wholly unknown; `coders`: those of columns."""
        self.decider, self.index, self.in_full = decider, decider.index, in_full
        self._fixed = dict(fixed)
        live, self._open = decider.chain.clauses, dict[str, int]()
        for name in decider.chain.facts:
            if name not in coders:
                mask = fixed.get(name, self.index.everything[name])
                if mask & (mask - 1):
                    self._open[name] = mask
                else:
                    live &= self.index.accepting[name][mask.bit_length() - 1]
        self.coders = {name: one for name, one in coders.items() if live & self.index.testing.get(name, 0)}
        self.facts = tuple(self.coders)
        self.answers = Answers(decider, in_full=in_full)
        self._numbers: dict[tuple[int, ...], int] = {}
        self._slow_numbers: dict[tuple[int, ...], int] = {}
        self._group(live)
        self._write()

    # ------------------------------------------------------------------------------------------------- making it

    def _group(self, live: int) -> None:
        """Choose the pivot that leaves the fewest clauses at worst, and group its cells."""
        index = self.index
        splits = {name: index.split(name, index.everything[name], live) for name in self.facts}
        cost = {name: max(left.bit_count() for _, left in groups) for name, groups in splits.items()}
        self.pivot = min(cost, key=cost.__getitem__) if cost else None
        groups = [(1, live)] if self.pivot is None else splits[self.pivot]
        self.groups = [_Group(cells, tuple(bits_of(left))) for cells, left in groups]
        self._tested = [name for name in self.facts if name != self.pivot]
        if self.pivot is not None:
            group_of = np.full(self._width(self.pivot), -1, np.int32)
            for n, group in enumerate(self.groups):
                group_of[list(bits_of(group.cells))] = n
            self._group_of = Lookup(group_of)

    def _write(self) -> None:
        """Write the words: of each group all its clauses, and of each fact those that its codes leave."""
        sizes = [len(group.clauses) for group in self.groups]
        self._bits = max(*sizes, 1) if len(sizes) > 1 else max(sizes[0], 1)
        count = -(-self._bits // _WORD)
        dtype = np.dtype(np.uint64)
        if count == 1:
            dtype = next(np.dtype(f"u{n}") for n in (1, 2, 4, 8) if 8 * n >= self._bits)
        self._full = [
            np.array([(1 << min(max(size - _WORD * w, 0), _WORD)) - 1 for size in sizes], dtype) for w in range(count)
        ]
        self._bundles = Bundles(self.coders, {name: self._words_of(name) for name in self._tested})
        self._answered = self._table(1)
        self._answered_open = self._table(self._bundles.count) if self._bundles.columns == 1 else None

    def _table(self, opens: int) -> Lookup | None:
        """A table for the answers of all groups with any of their clauses and of these numbers of what is open."""
        if self._bits + opens.bit_length() > _MOST_ANSWERED.bit_length():
            return None
        size = (len(self.groups) << self._bits) * opens
        return Lookup(np.full(size, -1, np.int32)) if size <= _MOST_ANSWERED else None

    def _width(self, name: str) -> int:
        return self.coders[name].unknown + len(self.coders[name].open_masks)

    def _words_of(self, name: str) -> list[Array]:
        """For each group and code of a fact the clauses that accept it, as words; what is open all accept."""
        boxes, testing, size = self.index.clause_boxes, self.index.testing[name], self.coders[name].unknown
        words = [np.repeat(word[:, None], self._width(name), axis=1) for word in self._full]
        refusing: dict[int, Array] = {}
        for g, group in enumerate(self.groups):
            for n, clause in enumerate(group.clauses):
                if not testing >> clause & 1:
                    continue
                cells = boxes[clause][name]
                if cells not in refusing:
                    refusing[cells] = _refused(cells, size)
                word = words[n // _WORD]
                word[g, refusing[cells]] &= word.dtype.type((1 << 8 * word.itemsize) - 1 - (1 << n % _WORD))
        return words

    # ----------------------------------------------------------------------------------------------- answering

    def numbers(self, codes: Mapping[str, Array], unknown: Collection[str], rows: int) -> Array:
        """The number of each row's answer in `answers`.

        `codes` has those of every fact in `facts`, by row; `unknown` the facts that may be unknown in some row.
        """
        if self.pivot is None:
            return self._settled(np.zeros(rows, np.int32), codes, unknown)
        group = self._group_of.take(codes[self.pivot])
        without = np.flatnonzero(group < 0) if self.pivot in unknown else ()
        if not len(without):
            return self._settled(group, codes, unknown)
        found = self._settled(np.maximum(group, 0), codes, unknown).copy()
        found[without] = self._without_pivot({name: codes[name].take(without) for name in self.facts})
        return found

    def _settled(self, group: Array, codes: Mapping[str, Array], unknown: Collection[str]) -> Array:
        """The numbers where the pivot is known."""
        words, opened = self._bundles.look_up(group, codes, unknown)
        words = words or [full.take(group) for full in self._full]
        if not opened and self._answered is not None:
            return self._from_table(self._answered, 1, group, words[0])
        if opened and self._answered_open is not None:
            return self._from_table(self._answered_open, self._bundles.count, group, words[0], opened[0])
        if not opened or self._answered is None:
            opened = opened or [np.zeros(len(group), np.int64)] * self._bundles.columns
            return self._each([group, *opened, *words])
        found = np.empty(len(group), np.int32)
        is_open = np.any(opened, axis=0)
        rows = np.flatnonzero(~is_open)
        found[rows] = self._from_table(self._answered, 1, group.take(rows), words[0].take(rows))
        rows = np.flatnonzero(is_open)
        found[rows] = self._each([column.take(rows) for column in (group, *opened, *words)])
        return found

    def _from_table(self, table: Lookup, opens: int, group: Array, word: Array, opened: Array | None = None) -> Array:
        """The numbers from a table (see `_table`), which is filled as combinations come."""
        where = np.left_shift(group, np.int32(self._bits), out=places(len(group)))
        where |= word
        if opened is not None:
            where *= np.int32(opens)
            where += opened
        found = table.take(where)
        if len(found) and found.min() < 0:
            known = (0,) * (self._bundles.columns - 1)
            for place in np.unique(where[found < 0]).tolist():
                closed, one = divmod(place, opens)
                key = (closed >> self._bits, one, *known, closed & (1 << self._bits) - 1)
                table.table[place] = self._number(key)
            found = table.take(where)
        return found

    def _each(self, columns: Sequence[Array]) -> Array:
        """The numbers of each distinct combination (see `_number`), looked up one by one."""
        which, rows = distinct(columns)
        remembered = self._numbers.get
        keys = zip(*(column.take(rows).tolist() for column in columns), strict=True)
        found = [number if (number := remembered(key)) is not None else self._number(key) for key in keys]
        return np.array(found, np.int32).take(which)

    def _number(self, key: tuple[int, ...]) -> int:
        """The number of a combination: its group, what is open, and the words of the clauses that hold."""
        group, opened, words = key[0], key[1 : 1 + self._bundles.columns], key[1 + self._bundles.columns :]
        live = sum(word << _WORD * n for n, word in enumerate(words))
        clauses = self.groups[group].clauses
        left = bit_set((clauses[n] for n in bits_of(live)), self.index.all_clauses.bit_length())
        answer = self.decider.answer_where(left, {**self._open, **self._bundles.opened(opened)})
        return _remember(self._numbers, key, self.answers.number(answer))

    # --------------------------------------------------------------------------------------- where the pivot is open

    def _without_pivot(self, codes: Mapping[str, Array]) -> Array:
        """The numbers where the pivot is not known. Two completions that end apart settle a row: it is undetermined."""
        assert self.pivot is not None
        pivot = codes[self.pivot]
        found = np.full(len(pivot), Answers.UNSETTLED, np.int32)
        left = [np.arange(len(pivot))] if self.in_full else []
        for code in [] if self.in_full else np.unique(pivot).tolist():
            mask = self.coders[self.pivot].open_masks[code - self.coders[self.pivot].unknown]
            groups = [n for n, group in enumerate(self.groups) if group.cells & mask]
            left.append(self._unsettled(np.flatnonzero(pivot == code), groups, codes))
        rows = np.concatenate(left)
        found[rows] = self._slowly({name: code.take(rows) for name, code in codes.items()})
        return found

    def _unsettled(self, rows: Array, groups: Sequence[int], codes: Mapping[str, Array]) -> Array:
        """Those of some rows for which no two groups show that they are undetermined and no rule leads."""
        mine = {name: code.take(rows) for name, code in codes.items()}
        first = self._settled(np.full(len(rows), groups[0], np.int32), mine, self.facts)
        at = 1
        while at < len(groups) and len(rows):
            tried = np.array(groups[at : at + max(1, _AT_ONCE // len(rows))], np.int32)
            at += len(tried)
            many = {name: np.repeat(codes[name].take(rows), len(tried)) for name in self._tested}
            other = self._settled(np.tile(tried, len(rows)), many, self.facts)
            apart = self._apart(np.repeat(first, len(tried)), other).reshape(len(rows), len(tried)).any(axis=1)
            rows, first = rows[~apart], first[~apart]
        return rows

    def _apart(self, one: Array, other: Array) -> Array:
        """Whether two completions with these answers make a case undetermined, with no rule that leads in all."""
        apart = np.ones(len(one), bool)
        for kind in (self.answers.ways, self.answers.leading):
            known = np.array(kind, np.int32)
            a, b = known.take(one), known.take(other)
            apart &= (a != NOT_SURE) & (b != NOT_SURE) & ((a != b) | (a == SEVERAL) | (b == SEVERAL))
        return apart

    def _slowly(self, codes: Mapping[str, Array]) -> Array:
        """The numbers by the index alone, each distinct combination of codes decided once."""
        which, rows = distinct([codes[name] for name in self.facts])
        each = zip(*(codes[name].take(rows).tolist() for name in self.facts), strict=True)
        return np.array([self._slow_number(combination) for combination in each], np.int32).take(which)

    def _slow_number(self, combination: tuple[int, ...]) -> int:
        found = self._slow_numbers.get(combination)
        if found is None:
            cells = dict(self._fixed)
            for code, (name, coder) in zip(combination, self.coders.items(), strict=True):
                cells[name] = 1 << code if code < coder.unknown else coder.open_masks[code - coder.unknown]
            found = _remember(self._slow_numbers, combination, self.answers.number(self.decider.answer(cells)))
        return found


def distinct(columns: Sequence[Array]) -> tuple[Array, Array]:
    """For each row which of the distinct combinations it has, and for each combination the first row that has it.

    >>> which, rows = distinct([np.array([7, 7, 9, 7]), np.array([1, 2, 1, 1])])
    >>> which.tolist(), rows.tolist()
    ([0, 1, 2, 0], [0, 1, 2])
    """
    packed = _packed(columns)
    which, count = _encoded(packed[0])
    for column in packed[1:]:
        other, others = _encoded(column)
        which, count = _encoded(which.astype(np.int64) * others + other)
    rows = np.empty(count, np.int64)
    rows[which[::-1]] = np.arange(len(which) - 1, -1, -1)  # of several, the last that is written stays: the first row
    return which, rows


def _packed(columns: Sequence[Array]) -> list[Array]:
    """Columns in as few as tell their rows apart alike: several small numbers are one, and are looked at once."""
    found: list[Array] = []
    size = _LARGEST
    if not len(columns[0]):
        return [*columns]
    for column in columns:
        span = int(column.max()) - int(column.min()) + 1
        if span >= _LARGEST:
            found.append(column)
            size = _LARGEST
            continue
        numbers = (column - column.min()).astype(np.int64)
        if size * span < _LARGEST:
            found[-1] = found[-1] * span + numbers
            size *= span
        else:
            found.append(numbers)
            size = span
    return found


def numbered(column: pa.Array) -> Array:
    """For each value of a column a number that tells it from the others.

    >>> numbered(pa.array(["b", None, "a", "b"])).tolist()
    [0, -1, 1, 0]
    """
    try:
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # of lists and the like, by what they look like
        encoded = pa.array(list(map(repr, python_values(column)))).dictionary_encode()
    numbers: Array = encoded.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    return numbers


def _encoded(column: Array) -> tuple[Array, int]:
    encoded = pa.array(column).dictionary_encode()
    return encoded.indices.to_numpy(), len(encoded.dictionary)


def _refused(cells: int, size: int) -> Array:
    """The cells that are not among these, as positions."""
    raw = np.frombuffer(cells.to_bytes(size // 8 + 1, "little"), np.uint8)
    return np.flatnonzero(np.unpackbits(raw, bitorder="little")[:size] == 0)


def _remember(known: dict[tuple[int, ...], int], key: tuple[int, ...], number: int) -> int:
    if len(known) >= _MOST_REMEMBERED:
        known.clear()
    known[key] = number
    return number
