"""What every measurement uses: timers, and tables in Markdown."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any


def microseconds(call: Callable[[int], object], times: int) -> tuple[float, float]:
    """Median and 99th percentile of one call, in µs; the call gets its number."""
    taken = []
    for i in range(times):
        start = time.perf_counter_ns()
        call(i)
        taken.append((time.perf_counter_ns() - start) / 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


def seconds(call: Callable[[], Any], times: int = 3) -> float:
    """The best of some runs, in seconds."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def markdown(columns: list[str], rows: list[list[Any]]) -> str:
    """A table; numbers with three digits, None as a dash."""

    def shown(value: object) -> str:
        if isinstance(value, float):
            return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"
        return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)

    lines = [columns, ["---"] * len(columns), *([shown(v) for v in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
