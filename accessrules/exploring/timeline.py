"""The periods of an answer over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, TypeAlias

from accessrules.cases import ReadCase
from accessrules.deciding import Decider
from accessrules.exploring.neighbours import Short, short
from accessrules.exploring.readings import least_sure, readings
from accessrules.rules import CONFIDENCES
from accessrules.vocabulary import AS_OF, LAST_DAY

__all__ = ["timeline", "what_comes"]


def timeline(decider: Decider, case: ReadCase) -> list[dict[str, Any]]:
    """The periods in which the answer is the same: `from` included (None: ever before), `until` excluded (None: on)."""
    periods = list(_periods(decider, case, 0))
    days = [_day(start) for start, _, _ in periods]
    return [
        {"from": start, "until": until, "status": status, "outcome": outcome, "rule": rule, "contested": contested}
        for start, until, (_, (status, outcome, rule), contested) in zip(
            [None, *days[1:]], [*days[1:], None], periods, strict=True
        )
    ]


def what_comes(decider: Decider, case: ReadCase) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The next day on which status or outcome changes, and to what; the first before it with the same answer less sure.

    Less sure: it is newly contested, or its rule rests on less. None where there is no such day, or no day is given;
    only a decided answer has the second.
    """
    doubt, first = None, None
    for period in _from_day(decider, case):
        start, later, _ = period
        first = first or period
        if later[:2] != first[1][:2]:
            change = {"on": _day(start), "status": later[0], "outcome": later[1], "rule": later[2]}
            return change, doubt
        doubt = doubt or _doubt(decider, first, period)
    return None, doubt


def _doubt(decider: Decider, first: _Period, period: _Period) -> dict[str, Any] | None:
    """In what the same decided answer is less sure than in the first period; None where it is not."""
    start, later, contested = period
    if later[0] != "decided" or later[2] is None or first[1][2] is None:
        return None
    now, then = (least_sure(decider.index.form.rules[rule]) for rule in (first[1][2], later[2]))
    newly = bool(contested) and not first[2]
    if newly or CONFIDENCES.index(then) > CONFIDENCES.index(now):
        return {"on": _day(start), "rule": later[2], "contested": bool(contested), "confidence": then}
    return None


def _day(ordinal: int) -> str:
    return dt.date.fromordinal(ordinal).isoformat()


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
