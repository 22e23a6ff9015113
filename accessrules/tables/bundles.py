"""Facts looked up together: few codes of several facts are one code for each combination of theirs.

For each group of clauses and each common code there are the clauses that all facts of the bundle accept, as words of
bits; and a number that says which of its facts are not known, and as what.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from accessrules.tables.cells import narrow
from accessrules.tables.coding import Coder
from accessrules.tables.lookups import Array, Lookup, fresh, places

__all__ = ["Bundles"]

_BUNDLED = 1 << 16
"""So many words are looked up in at most where facts are bundled, so that they stay near the processor."""

_LARGEST = 1 << 62


class _Bundle(NamedTuple):
    """`facts`: each with what its code counts in the common one, which is below `width`."""

    facts: tuple[tuple[str, int], ...]
    width: int
    words: list[Array]

    def code(self, codes: Mapping[str, Array]) -> Array:
        """The common code of each row."""
        (name, _), *further = self.facts
        found = codes[name]
        for name, factor in further:
            kind = np.promote_types(np.promote_types(narrow(self.width), codes[name].dtype), found.dtype)
            more = np.multiply(codes[name], kind.type(factor), out=fresh(len(found), kind))
            more += found
            found = more
        return found


class Bundles:
    """The tested facts of a kernel.

    - `columns`: in so many whole numbers it is said which facts are not known; 0 in all of them: every fact is known.
    - `count`: below this is the number, where there is one.
    """

    def __init__(self, coders: Mapping[str, Coder], words: Mapping[str, list[Array]]) -> None:
        """`words` has for each fact, by group and code, the clauses that the code leaves."""
        self._coders = {name: coders[name] for name in words}
        self._bundles: list[_Bundle] = []
        for name in sorted(words, key=lambda name: words[name][0].shape[1]):
            self._add(name, words[name])
        self._tables = [[Lookup(word.ravel()) for word in bundle.words] for bundle in self._bundles]
        self._number_what_opens()
        self._opens = [self._opened_by(bundle) for bundle in self._bundles]

    def _add(self, name: str, words: list[Array]) -> None:
        """Put a fact to the last bundle, or into one of its own."""
        groups, width = words[0].shape
        last = self._bundles[-1] if self._bundles else None
        if last is None or groups * last.width * width > _BUNDLED:
            self._bundles.append(_Bundle(((name, 1),), width, words))
            return
        both = [own[:, :, None] & other[:, None, :] for own, other in zip(words, last.words, strict=True)]
        facts = (*last.facts, (name, last.width))
        self._bundles[-1] = _Bundle(facts, width * last.width, [word.reshape(groups, -1) for word in both])

    def _number_what_opens(self) -> None:
        """Give each fact its places in the whole numbers: as many numbers as are needed."""
        self._radix: dict[str, tuple[int, int]] = {}
        column, radix = 0, 1
        for name, coder in self._coders.items():
            codes = 1 + len(coder.open_masks)
            if radix * codes >= _LARGEST:
                column, radix = column + 1, 1
            self._radix[name] = (column, radix)
            radix *= codes
        self.columns, self.count = column + 1, radix
        self._dtype = np.dtype(np.int32 if column == 0 and radix < 1 << 31 else np.int64)

    def _opened_by(self, bundle: _Bundle) -> dict[int, Lookup]:
        """For each of the whole numbers that the bundle has a part in, that part, by common code."""
        parts: dict[int, Array] = {}
        common = np.arange(bundle.width)
        for name, factor in bundle.facts:
            coder, (column, radix) = self._coders[name], self._radix[name]
            code = common // factor % (coder.unknown + len(coder.open_masks))
            part = np.maximum(code - (coder.unknown - 1), 0) * radix
            parts[column] = parts.get(column, 0) + part
        return {column: Lookup(part.astype(self._dtype)) for column, part in parts.items()}

    def look_up(
        self, group: Array, codes: Mapping[str, Array], unknown: Collection[str]
    ) -> tuple[list[Array], list[Array]]:
        """The words of the clauses that are left in each row of a group, and its numbers; none where all is known.

        `unknown` has the facts that may be unknown in some row.
        """
        words: list[Array] = []
        opened: list[Array] = []
        for bundle, tables, opens in zip(self._bundles, self._tables, self._opens, strict=True):
            common = bundle.code(codes)
            where = np.multiply(group, np.int32(bundle.width), out=places(len(group)))
            where += common
            more = [table.take(where) for table in tables]
            words = [_both(word, other) for word, other in zip(words, more, strict=True)] if words else more
            if any(name in unknown for name, _ in bundle.facts):
                opened = opened or [np.zeros(len(group), self._dtype) for _ in range(self.columns)]
                for column, table in opens.items():
                    opened[column] += table.take(common)
        return words, opened

    def opened(self, numbers: Sequence[int]) -> dict[str, int]:
        """The cells of the facts that are not known, from the numbers that say which."""
        found: dict[str, int] = {}
        for name, (column, radix) in self._radix.items():
            masks = self._coders[name].open_masks
            code = numbers[column] // radix % (1 + len(masks))
            if code:
                found[name] = masks[code - 1]
        return found


def _both(one: Array, other: Array) -> Array:
    found: Array = np.bitwise_and(one, other, out=fresh(len(one), one.dtype))
    return found
