"""What if: where along one or two facts the answer changes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from accessrules.axes import Axis
from accessrules.cases import ReadCase
from accessrules.deciding import Decider
from accessrules.errors import Problem, QueryError
from accessrules.exploring.neighbours import Short, short
from accessrules.suggesting import did_you_mean
from accessrules.unarytests import test_words
from accessrules.values import Unreadable, read_spoken, read_value
from accessrules.valuesets import Ordered, ValueSet
from accessrules.vocabulary import Fact, key_of

__all__ = ["MOST_CELLS", "Map", "what_if_map"]

MOST_CELLS = 20_000
"""More combinations than this are refused: name a narrower range."""


@dataclass(frozen=True, slots=True)
class Map:
    """The answers over a grid: `segments` are the value sets along each varied fact, `answers` one a combination."""

    facts: tuple[Fact, ...]
    segments: tuple[tuple[ValueSet, ...], ...]
    answers: Mapping[tuple[int, ...], Short]

    def regions(self) -> list[tuple[tuple[ValueSet, ...], Short]]:
        """Rectangles of equal answers that tile the grid, joined greedily in the order of the values."""
        shape = [range(len(along)) for along in self.segments]
        covered: set[tuple[int, ...]] = set()
        found: list[tuple[tuple[ValueSet, ...], Short]] = []
        for corner in product(*shape):
            if corner not in covered:
                spans = self._grow(corner, covered)
                covered.update(product(*spans))
                found.append((tuple(self._joined(i, span) for i, span in enumerate(spans)), self.answers[corner]))
        return found

    def dump(self) -> list[dict[str, Any]]:
        """The regions as JSON data: `region` in the words of tests, with status, outcome and deciding rule."""
        return [
            {
                "region": {f.name: test_words(s, f) for f, s in zip(self.facts, sets, strict=True)},
                "status": status,
                "outcome": outcome,
                "rule": rule,
            }
            for sets, (status, outcome, rule) in self.regions()
        ]

    def _grow(self, corner: tuple[int, ...], covered: set[tuple[int, ...]]) -> list[list[int]]:
        """The largest rectangle from a corner, grown along the last fact first."""
        spans = [[i] for i in corner]
        for axis in reversed(range(len(corner))):
            for step in range(corner[axis] + 1, len(self.segments[axis])):
                further = [*spans[:axis], [step], *spans[axis + 1 :]]
                if any(p in covered or self.answers[p] != self.answers[corner] for p in product(*further)):
                    # Ordered values must stay one range; named ones may skip what differs.
                    if isinstance(self.segments[axis][step], Ordered):
                        break
                    continue
                spans[axis].append(step)
        return spans

    def _joined(self, axis: int, span: Sequence[int]) -> ValueSet:
        joined = self.segments[axis][span[0]]
        for i in span[1:]:
            joined = joined | self.segments[axis][i]  # type: ignore[operator]
        return joined


def what_if_map(decider: Decider, case: ReadCase, vary: Mapping[str, Any]) -> Map:
    """The grid of answers over the varied facts; raises QueryError with every problem of `vary`."""
    index = decider.index
    problems: list[Problem] = []
    if not isinstance(vary, Mapping):
        raise QueryError([Problem("$.vary", f"`{vary}` is no mapping", "give a fact with its range")])
    if not 1 <= len(vary) <= 2:
        problems.append(Problem("$.vary", f"{len(vary)} facts are varied", "vary one fact, or two for a map"))
    wanted: dict[str, ValueSet] = {}
    for name, spec in vary.items():
        fact = index.facts.get(name)
        known = {f.name: (f.label.en,) for f in index.facts.values() if not f.derived}
        try:
            if fact is None or fact.derived:
                raise Unreadable(f"unknown fact `{name}`", did_you_mean(name, known, "facts"))
            wanted[name] = _range(spec, fact)
        except Unreadable as wrong:
            problems.append(Problem(f"$.vary.{name}", wrong.message, wrong.help))
    if problems:
        raise QueryError(problems)
    free = {name: index.axes[name].everything for name in wanted}
    pieces = [
        list(_pieces(index.axes[name], allowed, decider.turning_cells({**case.cells, **free}, name)))
        for name, allowed in wanted.items()
    ]
    count = math.prod(len(along) for along in pieces)
    if count > MOST_CELLS:
        raise QueryError([Problem("$.vary", f"{count} combinations are too many", "vary a narrower range")])
    answers: dict[tuple[int, ...], Short] = {}
    for spot in product(*(range(len(along)) for along in pieces)):
        moved = {name: 1 << along[i][1] for name, along, i in zip(wanted, pieces, spot, strict=True)}
        answer = decider.answer({**case.cells, **moved})
        answers[spot] = short(answer, index, decider.chain.resolver.precedence)
    segments = tuple(tuple(allowed for allowed, _ in along) for along in pieces)
    return Map(tuple(index.facts[name] for name in wanted), segments, answers)


def _pieces(axis: Axis, allowed: ValueSet, turning: list[int]) -> Iterable[tuple[ValueSet, int]]:
    """The parts of a set within which the answer cannot change, each with one of its cells."""
    for first, after in pairwise([*turning, axis.size]):
        run = (
            [axis.set_of((1 << after) - (1 << first))]
            if axis.cuts
            else [axis.set_of(1 << c) for c in range(first, after)]
        )
        for cell, values in enumerate(run, first):
            if part := values & allowed:  # type: ignore[operator]
                yield part, cell


def _range(spec: Any, fact: Fact) -> ValueSet:
    """What `vary` names: `400..600` (both included), a list of values, `*` or None for everything there is."""
    if spec is None or spec == "*":
        return fact.domain
    if isinstance(spec, str):
        ends = [part.strip() for part in spec.split("..")]
        if fact.is_ordered and len(ends) == 2:
            first, last = (read_spoken(end, fact) if end else None for end in ends)
            ((low, high),) = fact.domain.intervals  # type: ignore[union-attr]
            if first is not None:
                low = (key_of(first), 0)
            if last is not None:
                high = fact.set_of(last).intervals[-1][1]  # type: ignore[union-attr]
            found = Ordered.of([(low, high)])
            if not found:
                raise Unreadable(f"the range `{spec}` is empty", "write its lower end first, such as `400..600`")
            return found
        spec = [part.strip() for part in spec.split(",")]
    if not isinstance(spec, (list, tuple)) or not spec:
        raise Unreadable(f"`{spec}` is no range of `{fact.name}`", "write `400..600`, a list of values, or `*`")
    sets = [fact.set_of(read_spoken(one, fact) if isinstance(one, str) else read_value(one, fact)) for one in spec]
    found_set = sets[0]
    for one in sets[1:]:
        found_set = found_set | one  # type: ignore[operator]
    return found_set
