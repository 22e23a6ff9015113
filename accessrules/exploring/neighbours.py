"""What the walks through a case's neighbourhood share: answers in short, and values to move to."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TypeAlias

from accessrules.axes import Axis
from accessrules.deciding import Answer
from accessrules.index import Index
from accessrules.precedence import Precedence
from accessrules.resolving import Status
from accessrules.vocabulary import FactValue

__all__ = ["Short", "always_prevailing", "deciding_rule", "prevailing", "short", "value_near"]

Short: TypeAlias = tuple[Status, str | None, str | None]
"""Status, outcome, id of the deciding rule."""


def prevailing(answer: Answer, precedence: Precedence) -> tuple[int, ...]:
    """The rules that prevail in some completion: first those that do in every one, the deciding one before all."""
    found, always = {n for resolution in answer.resolutions for n in resolution.prevailing}, always_prevailing(answer)
    return tuple(sorted(found, key=lambda n: (n not in always, precedence.order[n])))


def always_prevailing(answer: Answer) -> frozenset[int]:
    """The rules that prevail in every completion; none where the search was cut short, for then that is not known."""
    if not answer.exact or answer.failed or not answer.resolutions:
        return frozenset()
    return frozenset(answer.resolutions[0].prevailing).intersection(*(r.prevailing for r in answer.resolutions[1:]))


def deciding_rule(answer: Answer, index: Index, precedence: Precedence) -> str | None:
    """The id of the rule that decides, or leaves open; None for a default, and where several may or none does."""
    if answer.status == "decided":
        if any(r.is_default for r in answer.resolutions):
            return None
        rules = prevailing(answer, precedence)
    elif answer.open_rules and (len(answer.resolutions) == 1 or not answer.failed):
        # What is unknown may change which rules yield, and yet leave one open rule to decide in every completion.
        leading = {r.prevailing[:1] for r in answer.resolutions}
        rules = leading.pop() if len(leading) == 1 else ()
    else:
        return None
    return index.rules[rules[0]].id if rules else None


def short(answer: Answer, index: Index, precedence: Precedence) -> Short:
    """An answer in short."""
    return answer.status, answer.outcome, deciding_rule(answer, index, precedence)


def value_near(axis: Axis, cell: int, value: FactValue) -> FactValue:
    """The plainest value of another cell, as near to a value as may be."""
    if not axis.cuts:
        return axis.named[cell]
    (low, low_side), (high, high_side) = axis.cuts[cell], axis.cuts[cell + 1]
    above = axis.cell_of(value) < cell
    if axis.fact.type == "number":
        end, belongs, step = (low, not low_side, 1) if above else (high, high_side, -1)
        near = Decimal(end) if belongs else Decimal(end) + step
        # One beyond an end that does not belong to the cell, or the middle where the cell is narrower than that.
        return near if (low, low_side) <= (near, 0) < (high, high_side) else (Decimal(low) + Decimal(high)) / 2
    key = int(low) if above else int(high) - 1
    return dt.date.fromordinal(key) if axis.fact.type == "date" else key
