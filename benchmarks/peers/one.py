"""One peer, measured in a process of its own: checked, then timed; `python -m benchmarks.peers.one JOB` prints JSON.

A process a peer makes first calls truly first, bounds the cores, and keeps a crash from the others.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from benchmarks.problem import Facts, Problem, problem

CHECKED = 1_000
FEWEST, FEWEST_BY_ROWS = (100_000, 2.0), (1_000, 0.3)
"""Rows that a table has at least, and seconds below which it gets ten times as many, up to those asked for."""

ENOUGH = 3.0
"""Seconds after which a table is not decided once more."""


class Disagreement(Exception):  # noqa: N818 (its name says what it is)
    """A peer that gives another outcome than the rules: an error in how it says them."""


@dataclass(frozen=True)
class Job:
    """What to measure; `rows` is the most of them, fewer where a peer is slow; without any, single decisions alone."""

    peer: str
    rules: int
    rows: int
    threads: int = 1
    unknown: float = 0.0


@dataclass(frozen=True)
class Result:
    """Times in µs and s, None where there is none; `skipped` says why nothing was measured."""

    job: Job
    version: str = ""
    gets: str = ""
    priorities: str = ""
    lacks: str = ""
    skipped: str | None = None
    decide_us: float | None = None
    rows: int | None = None
    build_s: float | None = None
    first_s: float | None = None
    steady_s: float | None = None

    @property
    def rate(self) -> float | None:
        """Decisions a second, once warm."""
        return self.rows / self.steady_s if self.rows and self.steady_s else None


def checked_cases(made: Problem) -> list[tuple[Facts, Any]]:
    """The cases on which everybody must agree: one half random, one half at the edges of rules."""
    return made.cases(CHECKED // 2) + made.edge_cases(CHECKED // 2)


def check_decisions(peer: Any, made: Problem) -> None:
    """Raise Disagreement where one decision differs from the generated Python, which the reference was held against."""
    from benchmarks.peers.peer import ColumnPeer

    some = checked_cases(made)[:: 50 if isinstance(peer, ColumnPeer) else 1]  # there it is a table of one row
    for facts, day in some:
        _agree(peer, facts, day, peer.outcome(peer.decide(peer.case(facts, day))), made.python(facts, day))


def check_table(peer: Any, made: Problem, unknown: float = 0.0) -> None:
    """The same for a table of decisions; with unknown facts, against single decisions."""
    from benchmarks.columns import cases_of, table_of

    table = made.table(CHECKED, unknown) if unknown else table_of(checked_cases(made))
    given = peer.outcomes(peer.decide_rows(peer.rows(table)))
    assert len(given) == CHECKED
    for (facts, day), outcome in zip(cases_of(table), given, strict=True):
        expected = peer.outcome(peer.decide(peer.case(facts, day))) if unknown else made.python(facts, day)
        _agree(peer, facts, day, outcome, expected)


def _agree(peer: object, facts: Facts, day: object, given: str, expected: str) -> None:
    if given != expected:
        raise Disagreement(f"{type(peer).__name__} says {given}, not {expected}: {facts} on {day}")


def measure(job: Job) -> Result:
    """Check a peer, and time it where it agrees; raises Disagreement."""
    from benchmarks.peers.peer import Skipped, peer_class

    try:
        kind = peer_class(job.peer)
        made = problem(job.rules)
        peer = kind(made, job.threads)
    except Skipped as reason:
        return Result(job, skipped=str(reason))
    said: dict[str, Any] = {"gets": kind.gets, "priorities": kind.priorities, "lacks": kind.lacks}
    said["version"] = version(kind.package) if kind.package else ""
    if kind.alone and job.threads == 1 and not job.unknown:
        check_decisions(peer, made)
        said["decide_us"] = _one_by_one(peer, made)
    if job.rows:
        check_table(peer, made, job.unknown)
        said |= _table(peer, lambda: kind(made, job.threads), made, job)
    return Result(job, **said)


def _one_by_one(peer: Any, made: Problem) -> float:
    """Median µs of one decision, over many cases and for about a second."""
    cases = [peer.case(facts, day) for facts, day in made.cases(1_000)]
    taken: list[float] = []
    until = time.perf_counter() + 1
    while len(taken) < 5 or time.perf_counter() < until:
        taken.append(_seconds(peer.decide, cases[len(taken) % len(cases)]))
    return statistics.median(taken[len(taken) // 10 :]) * 1e6


def _table(peer: Any, build: Callable[[], Any], made: Problem, job: Job) -> dict[str, Any]:
    """Building anew, the first call, and the best of further ones, on as many rows as some seconds allow."""
    fewest, short = FEWEST_BY_ROWS if peer.row_by_row else FEWEST
    rows = min(fewest, job.rows)
    given = peer.rows(made.table(rows, job.unknown))
    while _seconds(peer.decide_rows, given) < short and rows < job.rows:
        rows = min(rows * 10, job.rows)
        given = peer.rows(made.table(rows, job.unknown))
    gc.collect()
    gc.freeze()  # the cases are not the peer's garbage
    start = time.perf_counter()
    peer = build()
    built_s = time.perf_counter() - start
    first_s = _seconds(peer.decide_rows, given)
    steady: list[float] = []
    while len(steady) < 2 or sum(steady) < ENOUGH:
        steady.append(_seconds(peer.decide_rows, given))
    return {"rows": rows, "build_s": built_s, "first_s": first_s, "steady_s": min(steady)}


def _seconds(call: Callable[[Any], Any], given: Any) -> float:
    start = time.perf_counter()
    call(given)
    return time.perf_counter() - start


def _restrict(threads: int) -> None:
    """Bound this process to so many cores, where the system can; every engine starts as many threads as it sees."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "NUMEXPR_MAX_THREADS"):
        os.environ[name] = str(threads)


def main() -> None:
    """Measure the job that is given as JSON; the last line that is printed is its result."""
    job = Job(**json.loads(sys.argv[1]))
    _restrict(job.threads)
    print(json.dumps(asdict(measure(job))))


if __name__ == "__main__":
    main()
