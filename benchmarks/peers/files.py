"""Parquet in, Parquet out: accessrules decides every row of a file; Polars reads and writes the same columns.

`python -m benchmarks.peers.files WHO RULES SOURCE TARGET` does it once, and prints seconds and MiB as JSON: each time
in a process of its own, so that its memory can be told.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.problem import problem

OWN, POLARS = "accessrules", "Polars"
TIMES = 3
_PIECE = 1_000_000


@dataclass(frozen=True)
class Files:
    """For each, the best time in seconds and the most memory in MiB."""

    rows: int
    rules: int
    taken: dict[str, tuple[float, float]]

    @property
    def ratio(self) -> float:
        """The time of accessrules beside that of Polars."""
        return self.taken[OWN][0] / self.taken[POLARS][0]

    @property
    def memory(self) -> float:
        """What accessrules takes, in GiB."""
        return self.taken[OWN][1] / 1024


def measure_files(rules: int, rows: int) -> Files:
    """Both on a file of so many rows, some times in turn; both use all cores."""
    taken: dict[str, tuple[float, float]] = {}
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "source.parquet", Path(folder) / "target.parquet"
        _write(rules, rows, source)
        for who in (OWN, POLARS) * TIMES:
            command = [sys.executable, "-m", "benchmarks.peers.files", who, str(rules), str(source), str(target)]
            seconds, memory = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
            best, most = taken.get(who, (seconds, memory))
            taken[who] = min(best, seconds), max(most, memory)
    return Files(rows, rules, taken)


def _write(rules: int, rows: int, source: Path) -> None:
    """A file of random rows, which is never in memory as a whole."""
    import pyarrow.parquet as pq

    from benchmarks.columns import random_table

    categories = problem(rules).categories
    pieces = (random_table(categories, min(_PIECE, rows - at), 0.0, seed=at) for at in range(0, rows, _PIECE))
    first = next(pieces)
    with pq.ParquetWriter(source, first.schema) as writer:
        writer.write_table(first)
        for piece in pieces:
            writer.write_table(piece)


def _own(rules: int, source: Path, target: Path) -> Callable[[], object]:
    from accessrules import RuleSet
    from accessrules.tables.batching import decide_file
    from accessrules.tables.questions import Question

    ready = RuleSet(problem(rules).form())
    return lambda: decide_file(ready, str(source), target, Question(as_of_column="day"))


def _polars(rules: int, source: Path, target: Path) -> Callable[[], object]:
    import polars

    return lambda: polars.read_parquet(source).write_parquet(target)


def main(who: str, rules: str, source: str, target: str) -> None:
    """Do it once."""
    work = {OWN: _own, POLARS: _polars}[who](int(rules), Path(source), Path(target))
    start = time.perf_counter()
    work()
    taken = time.perf_counter() - start
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    print(json.dumps([taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit]))


if __name__ == "__main__":
    main(*sys.argv[1:])
