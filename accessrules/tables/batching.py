"""Deciding a file into another, in bounded memory; the result is there only once it is whole."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import pyarrow as pa
import pyarrow.compute as pc

from accessrules.errors import Place, Problem, QueryError, RegisterError
from accessrules.registers import ABSENT, CellProblem, Rejected
from accessrules.replacing import write_files
from accessrules.tables.blocks import ROWS_AT_ONCE, Block
from accessrules.tables.carried import as_values, json_line
from accessrules.tables.files import TableFile, kind_of, open_file
from accessrules.tables.plans import Plan
from accessrules.tables.questions import Question
from accessrules.tables.table import TableDecider, Tables
from accessrules.tables.working import in_order
from accessrules.tables.writing import writer_of
from accessrules.values import json_value
from accessrules.vocabulary import AS_OF, KNOWN_ON

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["Batched", "decide_file"]

SHOWN_REJECTED = 20
"""How many rejected rows are kept to be shown."""

_DAYS = (AS_OF.name, KNOWN_ON.name)


@dataclass
class Batched:
    """What became of a file: its rows by status, those rejected among them; and which column is which fact.

    `rejected` is the file of the rejected rows (None: there are none), `first_rejected` has some. `presumed`: what is
    presumed of facts without a column; `missing`: the facts that can matter, have none, and are not presumed.
    `as_of` and `known_on` are the days of the rows without their own.
    """

    decision: str
    columns: Mapping[str, str | None] = field(default_factory=dict)
    rows: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    rejected: Path | None = None
    first_rejected: list[Rejected] = field(default_factory=list)
    presumed: Mapping[str, Any] = field(default_factory=dict)
    missing: Sequence[str] = ()
    as_of: dt.date | None = None
    known_on: dt.date | None = None

    def model_dump(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "decision": self.decision,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "rows": self.rows,
            "statuses": dict(sorted(self.statuses.items())),
            "outcomes": dict(sorted(self.outcomes.items())),
            "columns": dict(self.columns),
            "presumed": dict(self.presumed),
            "missing": list(self.missing),
            "rejected": None if self.rejected is None else str(self.rejected),
        }


def decide_file(
    rules: RuleSet,
    source: str,
    target: Path,
    question: Question,
    *,
    threads: int | None = None,
    watch: Callable[[int, float | None], None] | None = None,
) -> Batched:
    """Decide the rows of a file into another; both CSV, JSON Lines or Parquet by their extension, in any pair.

    The rows keep their order. A rejected row goes to `TARGET.rejected`, a line of JSON each: `row`, `line`,
    `problems`, `values`. Neither file is there before both are whole; what stood in their place stays until then.
    `watch` is told now and then how many rows are written, and what share of the source is read. Raises
    RegisterError for a source that cannot be read, QueryError for a target that cannot be written.
    """
    _check_apart(source, target)
    kind = kind_of(str(target))
    run = _Run(rules, question, threads, watch)
    refused = target.with_name(target.name + ".rejected")

    def write(temporaries: Sequence[Path]) -> None:
        with open_file(source, run.at, coded=kind == "parquet") as file:
            run.run(file, kind, *temporaries)

    write_files([target, refused], write, asked_by="OUT")
    if run.found.statuses["rejected"]:
        run.found.rejected = refused
    else:
        refused.unlink(missing_ok=True)
    return run.found


def _check_apart(source: str, target: Path) -> None:
    if target.is_dir():
        raise QueryError([Problem("OUT", f"`{target}` cannot be written: is a directory", "name a file")])
    if target.exists() and Path(source).exists() and target.samefile(source):
        raise QueryError([Problem("OUT", f"`{target}` is the register itself", "name another file")])


class _Run:
    """One file decided into another."""

    def __init__(
        self, rules: RuleSet, question: Question, threads: int | None, watch: Callable[[int, float | None], None] | None
    ) -> None:
        self.rules, self.question, self.threads, self.watch = rules, question, threads, watch
        self.read = 0
        self.tables = Tables(rules)
        self.is_spoken = self.is_whole = False
        self._deciders: dict[tuple[str, ...], TableDecider] = {}
        self.found = Batched(rules.decider(question.decision).decision)

    def at(self, read: int) -> None:
        """The source is read so far."""
        self.read = read

    def run(self, file: TableFile, kind: str, target: Path, refused: Path) -> None:
        """Write the decided rows to one file and the rejected ones to another."""
        self.is_spoken, self.is_whole = file.is_spoken, file.kind != "jsonl"
        with (
            writer_of(kind, target) as writer,
            refused.open("w", encoding="utf-8", errors="backslashreplace") as rejected,
        ):
            last, is_written = None, False
            for block, rows in in_order(self._decide, self._pieces(file), self.threads):
                kept = self._count(rows)
                if kept is not None:
                    for one in _write_rejected(block, rows, rejected):
                        if len(self.found.first_rejected) < SHOWN_REJECTED:
                            self.found.first_rejected.append(one)
                places = [n for n, name in enumerate(rows.schema.names) if name != "problems"]
                last = (block, rows.select(places), kept)
                if block.batch.num_columns or len(block.broken) < block.count:
                    # Else all its rows are broken, and what the columns are may still come.
                    writer.write(*last)
                    is_written = True
                if self.watch is not None:
                    self.watch(self.found.rows, self.read / file.total if file.total else None)
            if not is_written and last is not None:
                writer.write(*last)
        self._name_columns(file.columns)

    def _pieces(self, file: TableFile) -> Iterator[Block]:
        return (piece for block in self._blocks(file) for piece in block.slices(ROWS_AT_ONCE))

    def _blocks(self, file: TableFile) -> Iterator[Block]:
        """The blocks of the file; where it has a header and no row, a block without one."""
        is_empty = True
        for block in file.blocks:
            is_empty = False
            yield block
        if is_empty and not file.columns:
            raise RegisterError([Problem("$", "the register is empty", "write a row for each case", Place(file.name))])
        if is_empty:
            yield Block(pa.RecordBatch.from_pylist([], file.schema))

    def _decide(self, block: Block) -> pa.RecordBatch:
        return self._decider(tuple(block.batch.schema.names)).decide(block)

    def _decider(self, columns: tuple[str, ...]) -> TableDecider:
        """What decides blocks of these columns: JSON Lines may bring new ones with any row."""
        found = self._deciders.get(columns)
        if found is None:
            plan = Plan(self.rules, columns, self.question, is_spoken=self.is_spoken, is_whole=self.is_whole)
            found = self._deciders.setdefault(columns, TableDecider(self.tables, plan))
        return found

    def _name_columns(self, columns: Sequence[str]) -> None:
        """Say what the columns are; raises where, now that all are there, something is wrong with them."""
        plan = Plan(self.rules, columns, self.question, is_spoken=self.is_spoken, is_whole=bool(columns))
        placed = {place: name for name, place in plan.places.items()}
        self.found.columns = {column: placed.get(n) for n, column in enumerate(columns)}
        without = [name for name in plan.decider.chain.facts if name not in plan.places and name not in _DAYS]
        presumed = {name: plan.facts[name].presume for name in without}
        self.found.presumed = {name: json_value(value) for name, value in presumed.items() if value is not None}
        self.found.as_of, self.found.known_on = plan.as_of, plan.known_on
        self.found.missing = [name for name in without if name not in self.found.presumed]

    def _count(self, rows: pa.RecordBatch) -> pa.Array | None:
        """Count the rows by answer; which are kept, None where all are."""
        self.found.rows += rows.num_rows
        for key, counter in (("status", self.found.statuses), ("outcome", self.found.outcomes)):
            for one in pc.value_counts(rows.column(key)).to_pylist():
                if one["values"] is not None:
                    counter[one["values"]] += one["counts"]
        kept = rows.column("problems").is_null()
        return kept if pc.any(rows.column("problems").is_valid()).as_py() else None


def _write_rejected(block: Block, rows: pa.RecordBatch, stream: TextIO) -> Iterator[Rejected]:
    """Write the rejected rows of a block with what is wrong, and what stood in them where that could be read."""
    for n in pc.indices_nonzero(rows.column("problems").is_valid()).to_pylist():
        problems = tuple(CellProblem(**problem) for problem in rows.column("problems")[n].as_py())
        one = Rejected(block.first + n, block.lines[n] if block.lines else None, problems)
        given = {} if n in block.broken else {name: _given(block, name, n) for name in block.batch.schema.names}
        values = {name: value for name, value in given.items() if value is not ABSENT}
        stream.write(json_line({**one.dump(), "values": values}))
        yield one


def _given(block: Block, name: str, row: int) -> Any:
    if block.values is not None:
        return block.values[name][row]
    return as_values(name, block.batch.column(name).slice(row, 1))[0]
