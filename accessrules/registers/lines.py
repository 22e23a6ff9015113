"""The lines of a stream, with their numbers; a line can be given back, and a monstrous one is never held whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from accessrules.errors import Problem, RegisterError

__all__ = ["MOST_ROW_BYTES", "MOST_ROW_LINES", "Lines", "Readable", "RunsOn", "TooLong"]

MOST_ROW_BYTES, MOST_ROW_LINES = 1_000_000, 50
"""A longer row is rejected: what is longer has a quote that is never closed, or is no row of a register."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TOLD_EVERY = 1 << 18


class TooLong(Exception):  # noqa: N818 - it is caught, and the row rejected
    """A line has more than `MOST_ROW_BYTES` bytes; it was skipped."""


class RunsOn(Exception):  # noqa: N818 - it is caught, and the row's first line rejected
    """A row goes on for too many lines or bytes."""


class Readable(Protocol):
    """What lines are read from, such as an open file."""

    def readline(self, most: int, /) -> bytes:
        """The next line, or its first `most` bytes."""


class Lines:
    """An iterator over lines as text. Bytes that are no UTF-8 stay in it as lone surrogates.

    `number` counts the lines given so far. `watch` is told the bytes read, now and then.
    """

    def __init__(self, stream: Readable, watch: Callable[[int], None] | None = None) -> None:
        self._stream, self._watch = stream, watch
        self._back: deque[str | None] = deque()
        self._taken: list[str] = []
        self._size = self._bytes = self.number = 0
        self._told = _TOLD_EVERY
        self.is_broken = False
        """Whether a line of the present row is no UTF-8."""

    @property
    def is_idle(self) -> bool:
        """Whether no line that was given back waits to be read again."""
        return not self._back

    @property
    def has_bare_return(self) -> bool:
        """Whether a line of the present row has a carriage return within it: lines end otherwise here."""
        return any("\r" in line.removesuffix("\n").removesuffix("\r") for line in self._taken)

    def skip(self, lines: int, size: int) -> None:
        """So many lines, of so many bytes, were taken from the stream by somebody else."""
        self.number += lines
        self._count(size)

    def begin_row(self) -> None:
        """What is taken from here on belongs to another row."""
        self._taken, self._size, self.is_broken = [], 0, False

    def give_back(self) -> None:
        """Give back all lines of the present row but its first."""
        rest = self._taken[1:]
        self._back.extendleft(reversed(rest))
        self.number -= len(rest)

    def peek(self) -> str:
        """The next line, which stays; empty at the end, and where it is too long."""
        self.begin_row()
        try:
            line = next(self)
        except StopIteration:
            return ""
        except TooLong:
            self._back.appendleft(None)
            line = ""
        else:
            self._back.appendleft(line)
        self.number -= 1
        return line

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if len(self._taken) >= MOST_ROW_LINES or self._size > MOST_ROW_BYTES:
            raise RunsOn
        line = self._back.popleft() if self._back else self._read()
        if line is None and self._taken:
            self._back.appendleft(None)  # it is a row of its own, told when its turn comes
            raise RunsOn
        self.number += 1
        if line is None:
            raise TooLong
        self._taken.append(line)
        self._size += len(line)
        if not line.isascii() and any("\ud800" <= c <= "\udfff" for c in line):
            self.is_broken = True
        return line

    def _read(self) -> str | None:
        """The next line of the stream; None for one that is too long."""
        raw = self._next(MOST_ROW_BYTES + 1)
        if not raw:
            raise StopIteration
        if not self._bytes:
            raw = raw.removeprefix(_BYTE_ORDER_MARK)
        size = len(raw)
        is_long = size > MOST_ROW_BYTES
        while is_long and raw and not raw.endswith(b"\n"):
            raw = self._next(MOST_ROW_BYTES)
            size += len(raw)
        self._count(size)
        return None if is_long else raw.decode("utf-8", "surrogateescape")

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._watch is not None and self._bytes >= self._told:
            self._told = self._bytes + _TOLD_EVERY
            self._watch(self._bytes)

    def _next(self, most: int) -> bytes:
        try:
            return self._stream.readline(most)
        except OSError as wrong:
            reason = (wrong.strerror or str(wrong)).lower()
            where = f"cannot be read beyond line {self.number}: {reason}"
            raise RegisterError([Problem("$", where, "check the disk or the connection")]) from None
