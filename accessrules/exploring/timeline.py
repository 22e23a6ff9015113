"""The periods of an answer over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from accessrules.cases import ReadCase
from accessrules.deciding import Decider
from accessrules.exploring.neighbours import Short, short
from accessrules.vocabulary import AS_OF, LAST_DAY

__all__ = ["next_change", "timeline"]


def timeline(decider: Decider, case: ReadCase) -> list[dict[str, Any]]:
    """The periods in which the answer is the same: `from` included (None: ever before), `until` excluded (None: on)."""
    periods = list(_periods(decider, case, 0))
    days = [dt.date.fromordinal(start).isoformat() for start, _ in periods]
    starts = [None, *days[1:]]
    return [
        {"from": start, "until": until, "status": status, "outcome": outcome, "rule": rule}
        for start, until, (_, (status, outcome, rule)) in zip(starts, [*days[1:], None], periods, strict=True)
    ]


def next_change(decider: Decider, case: ReadCase) -> dict[str, Any] | None:
    """The next day on which status or outcome changes, and to what; None where it never does or no day is given."""
    if case.as_of is None:
        return None
    periods = _periods(decider, case, decider.index.axes[AS_OF.name].cell_of(case.as_of))
    _, (status, outcome, _) = next(periods)
    for start, later in periods:
        if later[:2] != (status, outcome):
            day = dt.date.fromordinal(start).isoformat()
            return {"on": day, "status": later[0], "outcome": later[1], "rule": later[2]}
    return None


def _periods(decider: Decider, case: ReadCase, first_cell: int) -> Iterator[tuple[int, Short]]:
    """(first day as ordinal, answer) of each period from the one of that cell on."""
    axis, precedence = decider.index.axes[AS_OF.name], decider.chain.resolver.precedence
    before: Short | None = None
    later = [cell for cell in decider.turning_cells(case.cells, AS_OF.name) if cell > first_cell]
    for cell in (first_cell, *later):
        here = short(decider.answer({**case.cells, AS_OF.name: 1 << cell}), decider.index, precedence)
        if here != before:
            yield min(int(axis.cuts[cell][0]), LAST_DAY), here
        before = here
