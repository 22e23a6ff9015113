"""What can be said of a row: kinds of answers, as numbers that minima, maxima and bitwise AND put together.

A row with unknown facts reaches several kinds. Its status, outcome and rule follow from all of them, as `deciding` and
`exploring/neighbours.py` say, and each of the three only needs the least and the greatest of some number, or what all
have in common.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from accessrules.chains import Settled
from accessrules.deciding import status_of
from accessrules.precedence import Precedence
from accessrules.resolving import End, Resolution

__all__ = ["WORD", "Kind", "Kinds"]

WORD = 62
"""So many bits of a whole number are used: a BIGINT has 63 without its sign."""

Ends = frozenset[End]
Row = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What the completions of a row come to.

    `ways` are the ways to end; `firsts` the rule that each resolution has first (None: a default, or none prevails);
    `always` the rules that prevail in every resolution (None: there is no resolution); `failed`: an earlier decision
    fails. `resolutions` are kept only where it matters whether there are several.
    """

    ways: frozenset[Ends]
    firsts: frozenset[int | None]
    always: frozenset[int] | None
    failed: bool
    resolutions: frozenset[Resolution]

    @classmethod
    def of(cls, settled: Settled, *, telling: bool) -> Kind:
        """The kind of one complete case; `telling` keeps its resolutions."""
        some = settled.resolutions
        prevailing = [frozenset(one.prevailing) for one in some]
        return cls(
            frozenset([settled.ends]),
            frozenset(one.prevailing[0] if one.prevailing else None for one in some),
            reduce(frozenset.__and__, prevailing) if prevailing else None,
            settled.failed is not None,
            frozenset(some) if telling else frozenset(),
        )

    @classmethod
    def together(cls, kinds: Collection[Kind]) -> Kind:
        """The kind of a case that may be of any of these."""
        always = [kind.always for kind in kinds if kind.always is not None]
        return cls(
            frozenset().union(*(kind.ways for kind in kinds)),
            frozenset().union(*(kind.firsts for kind in kinds)),
            reduce(frozenset.__and__, always) if always else None,
            any(kind.failed for kind in kinds),
            frozenset().union(*(kind.resolutions for kind in kinds)),
        )

    @property
    def is_open(self) -> bool:
        """Whether the sources leave it open somewhere: only then does a way have several ends."""
        return any(len(ends) > 1 for ends in self.ways)

    @property
    def decided(self) -> Ends | None:
        """The one way to end, where that is an outcome."""
        (way,) = self.ways if len(self.ways) == 1 else (None,)
        return way if way is not None and status_of(way) == "decided" else None


class Kinds:
    """Some kinds as rows of numbers, with the lists that these numbers count in.

    - `columns`: the names of a row's numbers; those that would be the same in every row are left out.
    - `ways`: the ways to end, from 1; `rules`: the rules that decide somewhere, from 1, those before others first.
    - `shared`: for the number of a way, a word and a bit of it, the number of a rule.
    """

    def __init__(self, kinds: Iterable[Kind], precedence: Precedence) -> None:
        self._kinds = list(dict.fromkeys(kinds))
        self.ways: tuple[Ends, ...] = tuple(sorted({way for kind in self._kinds for way in kind.ways}, key=sorted))
        self._way = {way: n for n, way in enumerate(self.ways, 1)}
        self._bits = self._shared_by_way(precedence)
        named = {rule for kind in self._kinds for rule in kind.firsts if rule is not None}
        named.update(rule for bits in self._bits.values() for rule in bits)
        self.rules: tuple[int, ...] = tuple(sorted(named, key=precedence.order.__getitem__))
        self._rule: dict[int | None, int] = {None: 0, **{rule: n for n, rule in enumerate(self.rules, 1)}}
        self.words = max((bit // WORD + 1 for bits in self._bits.values() for bit in bits.values()), default=0)
        told = sorted({one for kind in self._kinds for one in kind.resolutions}, key=lambda one: one.prevailing)
        self._resolution = {one: n for n, one in enumerate(told)}
        self.columns = self._columns()

    def _shared_by_way(self, precedence: Precedence) -> dict[Ends, dict[int, int]]:
        """For each way, a bit for each rule that may decide though it is not first wherever it prevails.

        A rule that is first wherever it prevails needs none: where it prevails in every completion, the first rule is
        the same everywhere.
        """
        found: dict[Ends, set[int]] = {}
        for kind in self._kinds:
            if kind.decided is not None and kind.always:
                found.setdefault(kind.decided, set()).update(rule for rule in kind.always if kind.firsts != {rule})
        return {
            way: {rule: bit for bit, rule in enumerate(sorted(rules, key=precedence.order.__getitem__))}
            for way, rules in found.items()
        }

    def _columns(self) -> tuple[str, ...]:
        names = ["way_low", "way_high", "first_low", "first_high"]
        if any(kind.is_open for kind in self._kinds):
            names.append("is_open")
            if any(kind.failed for kind in self._kinds):
                names += ["failed", "meeting_low", "meeting_high"]
        return (*names, *(f"always_{n}" for n in range(self.words)))

    @property
    def shared(self) -> list[tuple[int, int, int, int]]:
        """Each bit of `always`: the way, the word, the bit's value, the rule."""
        return [
            (self._way[way], bit // WORD, 1 << bit % WORD, self._rule[rule])
            for way, bits in self._bits.items()
            for rule, bit in bits.items()
        ]

    def row(self, kind: Kind) -> Row:
        """The numbers of a kind."""
        ways = [self._way[way] for way in kind.ways]
        always = self._always(kind)
        numbers: dict[str, int | None] = {
            "way_low": min(ways),
            "way_high": max(ways),
            **_ends("first", [self._rule[rule] for rule in kind.firsts]),
            "is_open": int(kind.is_open),
            "failed": int(kind.failed),
            **_ends("meeting", [self._resolution[one] for one in kind.resolutions]),
            **{f"always_{n}": always >> WORD * n & (1 << WORD) - 1 for n in range(self.words)},
        }
        return tuple(numbers[name] for name in self.columns)

    def _always(self, kind: Kind) -> int:
        """The bits of the rules that prevail in every completion; they only count where one outcome is decided."""
        if kind.decided is None or not kind.always:
            return 0
        bits = self._bits.get(kind.decided, {})
        return sum(1 << bits[rule] for rule in kind.always if rule in bits)


def _ends(name: str, numbers: Sequence[int]) -> dict[str, int | None]:
    return {f"{name}_low": min(numbers, default=None), f"{name}_high": max(numbers, default=None)}
