"""Flips: the smallest changes to a case that give another outcome (counterfactuals)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations, product
from typing import Any

from accessrules.cases import ReadCase
from accessrules.deciding import Answer, Decider
from accessrules.exploring.neighbours import value_near
from accessrules.values import json_value
from accessrules.vocabulary import AS_OF, KNOWN_ON, FactValue

__all__ = ["flips"]


def flips(decider: Decider, case: ReadCase, over: Collection[str] | None, at_most: int) -> list[dict[str, Any]]:
    """The changes to the fewest facts, then by the fewest cells, that lead to a decided other outcome; all ties.

    A cell is a range of an ordered fact between two constants of the rules; any two named values are one apart.
    """
    index = decider.index
    values = _movable(decider, case, over)
    now = decider.answer(case.cells)
    for size in range(1, at_most + 1):
        found: list[tuple[int, dict[str, int]]] = []
        for facts in combinations(sorted(values), size):
            found.extend(_flipping(decider, case, facts, now))
        if found:
            least = min(distance for distance, _ in found)
            moves = [cells for distance, cells in found if distance == least]
            changed = [
                {name: value_near(index.axes[name], cell, values[name]) for name, cell in cells.items()}
                for cells in moves
            ]
            return [_flip(decider, case, values, to) for to in changed]
    return []


def _movable(decider: Decider, case: ReadCase, over: Collection[str] | None) -> dict[str, FactValue]:
    """The facts that may change, with their values: known ones that the decision can test."""
    index = decider.index
    days = {AS_OF.name: case.as_of, KNOWN_ON.name: case.known_on}
    values: dict[str, FactValue | None] = {**case.presumed, **case.facts, **days}
    return {
        name: value
        for name, value in values.items()
        if value is not None
        and name in decider.chain.facts
        and value not in index.facts[name].under
        and (name in over if over is not None else index.facts[name].type not in ("category", "date"))
    }


def _flipping(
    decider: Decider, case: ReadCase, facts: tuple[str, ...], now: Answer
) -> Iterator[tuple[int, dict[str, int]]]:
    """Each move of all these facts to other cells that gives another outcome, with the cells that it moves."""
    axes = [decider.index.axes[name] for name in facts]
    homes = [case.cells[name].bit_length() - 1 for name in facts]
    others = [[cell for cell in range(axis.size) if cell != home] for axis, home in zip(axes, homes, strict=True)]
    for cells in product(*others):
        moved = dict(zip(facts, cells, strict=True))
        then = decider.answer({**case.cells, **{name: 1 << cell for name, cell in moved.items()}})
        if then.status == "decided" and then.outcome != now.outcome:
            steps = zip(axes, homes, cells, strict=True)
            yield sum(abs(cell - home) if axis.cuts else 1 for axis, home, cell in steps), moved


def _flip(decider: Decider, case: ReadCase, values: dict[str, FactValue], to: dict[str, FactValue]) -> dict[str, Any]:
    decision = decider.decide_read(case.with_value(decider.index, to))
    changes = {name: {"from": json_value(values[name]), "to": json_value(value)} for name, value in to.items()}
    return {"changes": changes, "outcome": decision.outcome, "decision": decision}
