"""Near misses: rules of another outcome that fail on one test only and would change the answer, the nearest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accessrules.axes import Axis, bits_of
from accessrules.explaining.view import View

__all__ = ["MOST", "near_misses"]

MOST = 5
"""So many near misses are shown."""


def near_misses(view: View) -> list[dict[str, Any]]:
    """The nearest rules of another outcome that fail on one test, which is not on a category, a date or a decision.

    Each is decided: only what changes the answer is told.
    """
    rules, found = view.index.rules, dict[int, dict[str, Any]]()
    for _, _, fact, mask, rule in sorted(_candidates(view), key=lambda one: one[:4]):
        if rule not in found and _changes(view, fact, mask):
            found[rule] = {
                "rule": rules[rule].id,
                "outcome": rules[rule].outcome,
                "failing": _failing(view, fact, mask),
            }
            if len(found) == MOST:
                break
    return list(found.values())


def _candidates(view: View) -> Iterator[tuple[int, str, str, int, int]]:
    """(distance, rule's id, fact, cells that the test allows, rule) of each clause that fails on one such test."""
    index, decider = view.index, view.decider
    clauses = index.of_decision[decider.decision]
    failing: dict[str, int] = {}
    once = twice = 0
    for fact in (*decider.chain.facts, *decider.chain.decisions[:-1]):
        fails = clauses & ~_accepting(view, fact)
        failing[fact] = fails
        twice |= once & fails
        once |= fails
    for fact, fails in failing.items():
        axis = index.axes[fact]
        if axis.fact.derived or axis.fact.type in ("category", "date"):
            continue
        for n in bits_of(fails & once & ~twice):
            rule = index.clause_rule[n]
            if not index.rules[rule].outcomes <= set(view.answer.possible):
                mask = index.clause_boxes[n][fact]
                yield _distance(axis, view.cells[fact], mask), index.rules[rule].id, fact, mask, rule


def _changes(view: View, fact: str, mask: int) -> bool:
    """Whether some value among these gives another answer."""
    now, cells = view.answer.end, view.case.cells
    return any(view.decider.answer({**cells, fact: 1 << cell}).end != now for cell in bits_of(mask))


def _failing(view: View, fact: str, mask: int) -> dict[str, Any]:
    return {key: value for key, value in view.test(fact, mask).items() if key != "holds"}


def _accepting(view: View, fact: str) -> int:
    """The clauses that may accept the fact."""
    mine = view.cells.get(fact)
    if mine is None:
        return -1
    accepted = 0
    for cell in bits_of(mine):
        accepted |= view.index.accepting[fact][cell]
    return accepted


def _distance(axis: Axis, mine: int, mask: int) -> int:
    """How many cells lie between; any two named values are one apart."""
    if not axis.cuts:
        return 1
    return min(abs(a - b) for a in bits_of(mine) for b in bits_of(mask))
