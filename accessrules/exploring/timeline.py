"""The periods of an answer over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, TypeAlias

from accessrules.cases import ReadCase
from accessrules.deciding import Decider
from accessrules.exploring.neighbours import Short, short
from accessrules.exploring.readings import least_sure, readings
from accessrules.rules import CONFIDENCES
from accessrules.vocabulary import AS_OF, LAST_DAY

__all__ = ["next_change", "next_doubt", "timeline"]


def timeline(decider: Decider, case: ReadCase) -> list[dict[str, Any]]:
    """The periods in which the answer is the same: `from` included (None: ever before), `until` excluded (None: on)."""
    periods = list(_periods(decider, case, 0))
    days = [dt.date.fromordinal(start).isoformat() for start, _, _ in periods]
    return [
        {"from": start, "until": until, "status": status, "outcome": outcome, "rule": rule, "contested": contested}
        for start, until, (_, (status, outcome, rule), contested) in zip(
            [None, *days[1:]], [*days[1:], None], periods, strict=True
        )
    ]


def next_change(decider: Decider, case: ReadCase) -> dict[str, Any] | None:
    """The next day on which status or outcome changes, and to what; None where it never does or no day is given."""
    for before, (start, later, _) in pairwise(_from_day(decider, case)):
        if later[:2] != before[1][:2]:
            day = dt.date.fromordinal(start).isoformat()
            return {"on": day, "status": later[0], "outcome": later[1], "rule": later[2]}
    return None


def next_doubt(decider: Decider, case: ReadCase) -> dict[str, Any] | None:
    """The first later day on which the same decided answer rests on less: it is contested, or its rule is less sure.

    None where it never does, where the answer changes before, and where no day is given.
    """
    first: _Period | None = None
    for start, later, contested in _from_day(decider, case):
        first = first or (start, later, contested)
        if later[0] != "decided" or later[:2] != first[1][:2]:
            return None
        if later[2] is None or first[1][2] is None:
            continue
        now, then = (least_sure(decider.index.form.rules[rule]) for rule in (first[1][2], later[2]))
        newly = bool(contested) and not first[2]
        if newly or CONFIDENCES.index(then) > CONFIDENCES.index(now):
            day = dt.date.fromordinal(start).isoformat()
            return {"on": day, "rule": later[2], "contested": bool(contested), "confidence": then}
    return None


_Period: TypeAlias = tuple[int, Short, list[dict[str, Any]]]
"""First day as ordinal, answer, other readings."""


def _from_day(decider: Decider, case: ReadCase) -> Iterator[_Period]:
    """The periods from that of the case's own day on; none where it has no day."""
    if case.as_of is not None:
        yield from _periods(decider, case, decider.index.axes[AS_OF.name].cell_of(case.as_of))


def _periods(decider: Decider, case: ReadCase, first_cell: int) -> Iterator[_Period]:
    """Each period from the one of that cell on: in it the answer, its rule and other readings are the same."""
    axis, precedence = decider.index.axes[AS_OF.name], decider.chain.resolver.precedence
    before: tuple[Short, list[dict[str, Any]]] | None = None
    later = [cell for cell in decider.turning_cells(case.cells, AS_OF.name) if cell > first_cell]
    for cell in (first_cell, *later):
        cells = {**case.cells, AS_OF.name: 1 << cell}
        answer = decider.answer(cells)
        here = short(answer, decider.index, precedence), readings(decider, answer, cells)
        if here != before:
            yield min(int(axis.cuts[cell][0]), LAST_DAY), *here
        before = here
