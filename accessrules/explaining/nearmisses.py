"""Near misses: rules of another outcome that fail on one test only, the nearest first."""

from __future__ import annotations

from typing import Any

from accessrules.axes import Axis, bits_of
from accessrules.explaining.view import View

__all__ = ["MOST", "near_misses"]

MOST = 5
"""So many near misses are shown."""


def near_misses(view: View) -> list[dict[str, Any]]:
    """The nearest rules of another outcome that fail on one test, which is not on a category, a date or a decision."""
    index, decider = view.index, view.decider
    clauses = index.of_decision[decider.decision]
    failing: dict[str, int] = {}
    once = twice = 0
    for fact in (*decider.chain.facts, *decider.chain.decisions[:-1]):
        fails = clauses & ~_accepting(view, fact)
        failing[fact] = fails
        twice |= once & fails
        once |= fails
    single = once & ~twice
    found: dict[int, tuple[int, str, int]] = {}
    for fact, fails in failing.items():
        axis = index.axes[fact]
        if axis.fact.derived or axis.fact.type in ("category", "date"):
            continue
        for n in bits_of(fails & single):
            rule = index.clause_rule[n]
            if index.rules[rule].outcomes <= set(view.answer.possible):
                continue
            mask = index.clause_boxes[n][fact]
            miss = (_distance(axis, view.cells[fact], mask), fact, mask)
            found[rule] = min(found.get(rule, miss), miss)
    nearest = sorted(found.items(), key=lambda item: (item[1][0], index.rules[item[0]].id))[:MOST]
    return [
        {"rule": index.rules[n].id, "outcome": index.rules[n].outcome, "failing": _failing(view, fact, mask)}
        for n, (_, fact, mask) in nearest
    ]


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
