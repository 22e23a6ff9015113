"""Many mutants at once: judged on all processors, and what they come to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from random import Random

from accessrules.casebook import BookCase
from accessrules.ruleset import RuleSet
from accessrules.strength.judging import Judge, Judged, Verdict
from accessrules.strength.mutants import Mutant

__all__ = ["Strength", "measure", "sampled"]

_CHUNK = 20
"""So many mutants are judged at a time: enough that to send them costs little, few enough to see them go on."""


@dataclass(frozen=True, slots=True)
class Strength:
    """What the casebook makes of each mutant, in their order."""

    judged: tuple[Judged, ...]

    def of(self, verdict: Verdict) -> tuple[Judged, ...]:
        """Those of one verdict."""
        return tuple(one for one in self.judged if one.verdict == verdict)

    @property
    def share(self) -> float:
        """The part of the mutants that change some answer which a case notices; 1 where none changes any."""
        noticed, missed = len(self.of("noticed")), len(self.of("unnoticed"))
        return noticed / (noticed + missed) if noticed + missed else 1.0


def sampled(mutants: Sequence[Mutant], size: int, seed: int) -> tuple[Mutant, ...]:
    """So many of the mutants, all where there are no more; the same seed gives the same ones, in their order."""
    chosen = Random(seed).sample(range(len(mutants)), min(size, len(mutants)))
    return tuple(mutants[n] for n in sorted(chosen))


def measure(
    rules: RuleSet,
    cases: Sequence[BookCase],
    mutants: Sequence[Mutant],
    *,
    jobs: int | None = None,
    advanced: Callable[[int], object] = lambda _: None,
) -> Strength:
    """Judge mutants in `jobs` processes (None: one a processor); `advanced` is told how many are done."""
    chunks = [mutants[n : n + _CHUNK] for n in range(0, len(mutants), _CHUNK)]
    jobs = min(jobs or os.cpu_count() or 1, len(chunks))
    found = _alone(rules, cases, chunks) if jobs <= 1 else _together(rules, cases, chunks, jobs)
    done: dict[int, list[Judged]] = {}
    for n, judged in found:
        done[n] = judged
        advanced(sum(map(len, done.values())))
    return Strength(tuple(one for n in sorted(done) for one in done[n]))


def _alone(
    rules: RuleSet, cases: Sequence[BookCase], chunks: Sequence[Sequence[Mutant]]
) -> Iterator[tuple[int, list[Judged]]]:
    judge = Judge(rules, cases)
    return ((n, [judge.judge(mutant) for mutant in chunk]) for n, chunk in enumerate(chunks))


def _together(
    rules: RuleSet, cases: Sequence[BookCase], chunks: Sequence[Sequence[Mutant]], jobs: int
) -> Iterator[tuple[int, list[Judged]]]:
    work = partial(_judged, Judge(rules, cases))
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(work, chunk): n for n, chunk in enumerate(chunks)}
        for one in as_completed(waiting):
            yield waiting[one], one.result()


def _judged(judge: Judge, chunk: Sequence[Mutant]) -> list[Judged]:
    return [judge.judge(mutant) for mutant in chunk]
