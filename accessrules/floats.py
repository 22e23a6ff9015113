"""Numbers in binary floating point, where that is exact: a float stands for its shortest decimal.

For a cut c of at most 2**52 whose own float prints as c again, a float f lies on the same side of float(c) as f's
shortest decimal does of c, because both conversions keep order. `above c` begins at the next float.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal

from accessrules.valuesets import Cut, Key

__all__ = ["float_cuts", "float_range"]


def float_cuts(cuts: Iterable[Cut]) -> list[float] | None:
    """Cuts as floats: a float lies above as many of these as its decimal does of those. None where one has no float.

    >>> float_cuts([(Decimal("0.1"), 0), (500, 1)])
    [0.1, 500.00000000000006]
    """
    found: list[float] = []
    for key, side in cuts:
        near = float(key)
        if abs(near) > 2**52 or Decimal(repr(near)) != key:
            return None
        found.append(math.nextafter(near, math.inf) if side else near)
    return found


def float_range(minimum: Key | None, maximum: Key | None) -> tuple[float, float]:
    """A range of floats, both ends included, that lies inside that of two bounds (None: there is none)."""
    low = max(-1e15, math.nextafter(float(minimum), math.inf) if minimum is not None else -1e15)
    high = min(1e15, math.nextafter(float(maximum), -math.inf) if maximum is not None else 1e15)
    if minimum == 0:
        low = 0.0
    return low, high
