"""A progress bar for long work: on standard error, and only where that is a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["progress", "progress_of_rows"]


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar while the block runs; gives what is to be told how much of the total is done (None: not known)."""
    with _bar(label, total, with_rate=False) as update:
        yield lambda done: update(done, "")


@contextmanager
def progress_of_rows(label: str) -> Iterator[Callable[[int, float | None], None]]:
    """Show a bar with rows a second; gives what is to be told the rows and the share of the work that are done."""
    begun = time.monotonic()
    with _bar(label, None, with_rate=True) as update:

        def told(rows: int, share: float | None) -> None:
            update(share, f"{rows / max(time.monotonic() - begun, 1e-9):,.0f} rows/s")

        yield told


@contextmanager
def _bar(label: str, total: int | None, *, with_rate: bool) -> Iterator[Callable[[float | None, str], None]]:
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda done, rate: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr, no_color=bool(os.environ.get("NO_COLOR")) or None)
    rates = (TextColumn("{task.fields[rate]}"),) if with_rate else ()
    columns = (TextColumn("{task.description}"), BarColumn(None), TaskProgressColumn(), *rates, TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        task = bar.add_task(label, total=total, rate="")

        def update(done: float | None, rate: str) -> None:
            if with_rate and done is not None:
                bar.update(task, total=1.0)
            bar.update(task, completed=done, rate=rate)

        yield update
