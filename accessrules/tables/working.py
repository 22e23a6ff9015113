"""Working on many pieces at once, and getting what is made of them in their order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import lru_cache
from itertools import chain, islice
from typing import Generic, TypeVar

from accessrules.cores import cores
from accessrules.errors import Problem, QueryError

__all__ = ["in_order", "threads_of"]

_MOST_POOLS = 4
"""So many pools are kept: to start threads anew for a table would take as long as to decide twenty thousand rows."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def threads_of(threads: int | None) -> int:
    """How many threads work at once: one a core, where it is not said. Raises QueryError for what is no number."""
    if threads is not None and (not isinstance(threads, int) or threads < 1):
        raise QueryError([Problem("$.threads", f"`{threads}` is no number of threads", "give 1 or more")])
    return threads or cores()


def in_order(work: Callable[[_In], _Out], pieces: Iterable[_In], threads: int | None) -> Iterator[tuple[_In, _Out]]:
    """Each piece with what work makes of it, in their order; `threads` at once (None: one a core), few in memory.

    Who asks for them is one of the threads: while the next in order is still being made, it makes another.
    """
    count, source = threads_of(threads), iter(pieces)
    ahead = list(islice(source, 2))
    if count == 1 or len(ahead) < 2:
        yield from ((piece, work(piece)) for piece in chain(ahead, source))
        return
    pool = _pool(count - 1)
    waiting: deque[_Piece[_In, _Out]] = deque()
    try:
        for piece in chain(ahead, source):
            waiting.append(_Piece(piece, pool.submit(work, piece)))
            if len(waiting) > 2 * count:
                yield _next(waiting, work)
        while waiting:
            yield _next(waiting, work)
    finally:
        wait([one.future for one in waiting if not one.future.cancel()])  # none is worked on for nobody


@lru_cache(_MOST_POOLS)
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, "accessrules")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # a fork has none of the threads


class _Piece(Generic[_In, _Out]):
    """A piece, and what is made of it: by the pool, or by who asks."""

    def __init__(self, piece: _In, future: Future[_Out]) -> None:
        self.piece, self.future = piece, future

    def make(self, work: Callable[[_In], _Out]) -> bool:
        """Make it here, if nobody has begun it; whether it was made. What goes wrong is told when its turn comes."""
        if not self.future.cancel():
            return False
        self.future = Future()
        try:
            self.future.set_result(work(self.piece))
        except Exception as wrong:
            self.future.set_exception(wrong)
        return True


def _next(waiting: deque[_Piece[_In, _Out]], work: Callable[[_In], _Out]) -> tuple[_In, _Out]:
    """The first of those that wait, once it is made."""
    while not waiting[0].future.done() and any(one.make(work) for one in waiting):
        pass
    first = waiting.popleft()
    return first.piece, first.future.result()
