"""A witness: a plain case that lies in a box."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accessrules.regions import Box
from accessrules.spaces import Space
from accessrules.values import json_value
from accessrules.vocabulary import AS_OF

__all__ = ["witness"]


def witness(space: Space, box: Box, known_on: dt.date | None) -> dict[str, Any]:
    """A case in a box of given facts: `facts`, `as_of`, `known_on`, with a plain value of each fact that it tests.

    A value that the vocabulary presumes is taken where the box has it.
    """
    facts: dict[str, Any] = {}
    day: str | None = None
    for fact, mask in box.items():
        axis = space.axes[fact]
        presumed = space.facts[fact].presume
        usual = 0 if presumed is None else mask & 1 << axis.cell_of(presumed)
        value = json_value(axis.sample((usual or mask & -mask).bit_length() - 1))
        if fact == AS_OF.name:
            day = str(value)
        else:
            facts[fact] = value
    return {"facts": facts, "as_of": day, "known_on": known_on.isoformat() if known_on else None}
