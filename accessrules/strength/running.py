"""Many mutants at once: judged on all processors, and what they come to."""

from __future__ import annotations

import pickle
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeAlias

from accessrules.casebook import BookCase
from accessrules.cores import cores
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
    """Judge mutants in `jobs` processes (None: one a processor); `advanced` is told how many are done.

    Interrupted, or where `advanced` raises, it ends at once, and all processes with it.
    """
    chunks = [mutants[n : n + _CHUNK] for n in range(0, len(mutants), _CHUNK)]
    jobs = min(jobs or cores(), len(chunks))
    judge = Judge(rules, cases)
    done: dict[int, list[Judged]] = {}
    with closing(_alone(judge, chunks) if jobs <= 1 else _together(judge, chunks, jobs)) as found:
        for n, judged in found:
            done[n] = judged
            advanced(sum(map(len, done.values())))
    return Strength(tuple(one for n in sorted(done) for one in done[n]))


_Found: TypeAlias = Generator[tuple[int, list[Judged]], None, None]


def _alone(judge: Judge, chunks: Sequence[Sequence[Mutant]]) -> _Found:
    for n, chunk in enumerate(chunks):
        yield n, [judge.judge(mutant) for mutant in chunk]


def _together(judge: Judge, chunks: Sequence[Sequence[Mutant]], jobs: int) -> _Found:
    # The judge goes by way of a file: it is large, and pipes that are full would hold up whoever wants to stop.
    with TemporaryDirectory(prefix="accessrules-") as folder:
        file = Path(folder) / "judge"
        file.write_bytes(pickle.dumps(judge))
        before = active_children()
        with ProcessPoolExecutor(jobs, get_context("spawn"), _begin_work, (file,)) as pool:
            workers: list[BaseProcess] = []
            try:
                with _held_interrupts():
                    waiting = {pool.submit(_judged, chunk): n for n, chunk in enumerate(chunks)}
                    workers += (one for one in active_children() if one not in before)
                for one in as_completed(waiting):
                    yield waiting[one], one.result()
            except BaseException:
                for worker in workers:
                    worker.terminate()
                # No worker is left to wait for, only the pool's own thread: Python could not exit cleanly beside it.
                pool.shutdown(wait=True, cancel_futures=True)
                raise


@contextmanager
def _held_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back for a moment, and for good in the processes that are started in it: it is the program's to end.

    A terminal sends it to all of them, and a process that only just starts would tell it in a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


_judges: list[Judge] = []
"""In a worker, its own judge: to make one costs as much as to judge a chunk. Elsewhere it is empty."""


def _begin_work(file: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _judges.append(pickle.loads(file.read_bytes()))


def _judged(chunk: Sequence[Mutant]) -> list[Judged]:
    return [_judges[0].judge(mutant) for mutant in chunk]
