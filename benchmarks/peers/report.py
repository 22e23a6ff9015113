"""What was measured, in words: tables in Markdown, and what is wanted beside it."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from accessrules.cores import cores
from benchmarks.measuring import markdown
from benchmarks.peers.files import Files
from benchmarks.peers.one import Result


@dataclass(frozen=True)
class Wanted:
    """A ratio within this run, and its bound."""

    what: str
    measured: float | None
    bound: float
    at_least: bool = True

    @property
    def met(self) -> bool | None:
        """Whether it is; None where it was not measured."""
        if self.measured is None:
            return None
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound


class Report:
    """The results of one run."""

    def __init__(self, results: Iterable[Result], files: Files | None = None) -> None:
        self.results, self.files = list(results), files
        self.sizes = sorted({one.job.rules for one in self.results if one.job.rows})
        self.middle = 300 if 300 in self.sizes else self.sizes[0]

    def one(self, peer: str, rules: int, threads: int = 1, unknown: bool = False) -> Result | None:
        """A result of this run."""
        for found in self.results:
            job = found.job
            if (job.peer, job.rules, job.threads, bool(job.unknown)) == (peer, rules, threads, unknown):
                return found
        return None

    def rate(self, peer: str, rules: int = 300, threads: int = 1, unknown: bool = False) -> float | None:
        """Decisions a second of a table."""
        found = self.one(peer, rules, threads, unknown)
        return found.rate if found else None

    def single(self, peer: str, rules: int = 300) -> float | None:
        """Median µs of one decision."""
        found = self.one(peer, rules)
        return found.decide_us if found else None

    def wanted(self) -> list[Wanted]:
        """What the project set itself, at 300 rules unless something else is said."""
        own, table = "accessrules", "decide_table"
        one, two, some = self.rate(own), self.rate(own, threads=2), self.rate(own, unknown=True)
        cases = [("one thread each", one, 1), ("two threads each", two, 2)]
        return [
            Wanted("decide / zen-engine", _ratio(self.single(own), self.single("zen-engine")), 0.5, False),
            Wanted("decide, 30,000 rules / 30", _ratio(self.single(own, 30_000), self.single(own, 30)), 4, False),
            *(
                Wanted(f"{table} / {peer}, {how}", _ratio(rate, self.rate(peer, threads=threads)), 3)
                for peer in ("DuckDB, one CASE", "DuckDB, a CASE a category")
                for how, rate, threads in cases
            ),
            Wanted(f"{table} / OpenFisca-Core, one thread each", _ratio(one, self.rate("OpenFisca-Core")), 5),
            Wanted(f"{table} / C loop, one thread each", _ratio(one, self.rate("C loop")), 1 / 3),
            Wanted(f"{table}, 3,000 rules / 300", _ratio(self.rate(own, 3_000), one), 1 / 2),
            Wanted(f"{table}, a tenth of the rows unknown / none", _ratio(some, one), 1 / 4),
            Wanted(f"{table}, two cores / one", _ratio(two, one), 1.6),
            Wanted("Parquet to Parquet / Polars", self.files.ratio if self.files else None, 3, False),
            Wanted("Parquet to Parquet, GiB of memory", self.files.memory if self.files else None, 1, False),
        ]

    def data(self) -> dict[str, Any]:
        """All of it for programs."""
        results = [{**asdict(one), "decisions_a_second": one.rate} for one in self.results]
        wanted = [{**asdict(one), "met": one.met} for one in self.wanted()]
        return {"results": results, "files": self.files and asdict(self.files), "wanted": wanted}

    def markdown(self) -> str:
        """All tables."""
        parts = [
            self._run(),
            self._speeds(),
            f"First calls at {self.middle:,} rules, of a table, in seconds:\n",
            self._first_calls(),
            *self._files(),
            "What is wanted:\n",
            self._wanted(),
            "How each peer is told, and what it cannot express:\n",
            self._expressed(),
            *(f"Not measured: {reason}.\n" for reason in self._skipped()),
        ]
        return "\n".join(parts)

    def _run(self) -> str:
        rows = max(one.job.rows for one in self.results)
        return (
            f"One run with Python {platform.python_version()} on {platform.system()}, {platform.machine()},"
            f" {cores()} cores; tables of up to {rows:,} rows. Each that is listed gave the outcomes of the rules.\n"
        )

    def _speeds(self) -> str:
        sizes = [f"{size:,}" for size in self.sizes]
        heads = [
            "",
            "threads",
            *(f"one, µs: {size} rules" for size in sizes),
            *(f"M a second: {size}" for size in sizes),
        ]
        lines = []
        for name, peer, threads, unknown in self.kinds():
            found = [self.one(peer, size, threads, unknown) for size in self.sizes]
            rates = [one.rate / 1e6 if one and one.rate else None for one in found]
            lines.append([name, threads, *(one.decide_us if one else None for one in found), *rates])
        largest = self.single("accessrules", 30_000)
        told = f"\naccessrules decides one case of 30,000 rules in {largest:.3g} µs.\n" if largest else ""
        return markdown(heads, [line for line in lines if any(cell is not None for cell in line[2:])]) + told

    def _first_calls(self) -> str:
        lines = []
        for name, peer, threads, unknown in self.kinds():
            one = self.one(peer, self.middle, threads, unknown)
            if one and one.rows:
                lines.append([name, threads, one.rows, one.build_s, one.first_s, one.steady_s])
        return markdown(["", "threads", "rows", "building", "first call", "further calls"], lines)

    def _files(self) -> list[str]:
        if self.files is None:
            return []
        head = f"Parquet in, Parquet out, {self.files.rows:,} rows at {self.files.rules:,} rules, all cores:\n"
        rows: list[list[Any]] = [[who, *taken] for who, taken in self.files.taken.items()]
        return [head, markdown(["", "seconds", "MiB of memory"], rows)]

    def _wanted(self) -> str:
        def line(one: Wanted) -> list[Any]:
            met = {True: "yes", False: "no", None: "not measured"}[one.met]
            return [one.what, one.measured, f"at {'least' if one.at_least else 'most'} {one.bound:.3g}", met]

        return markdown(["ratio", "measured", "bound", "met"], [line(one) for one in self.wanted()])

    def _expressed(self) -> str:
        heads = ["", "version", "gets a table as", "the later rule goes first by", "cannot express"]
        shown = {one.job.peer: one for one in self.results if one.gets}
        rows: Sequence[Result] = list(shown.values())
        return markdown(heads, [[one.job.peer, one.version, one.gets, one.priorities, one.lacks] for one in rows])

    def kinds(self) -> list[tuple[str, str, int, bool]]:
        """(what it is called, peer, threads, with unknown facts) in the order of the run, each once."""
        kinds = dict.fromkeys((one.job.peer, one.job.threads, bool(one.job.unknown)) for one in self.results)
        unknown = ", a tenth of the rows unknown"
        return [(peer + unknown * some, peer, threads, some) for peer, threads, some in kinds]

    def _skipped(self) -> list[str]:
        return list(dict.fromkeys(f"{one.job.peer}: {one.skipped}" for one in self.results if one.skipped))


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one and other else None
