"""Tables in files: CSV, JSON Lines and Parquet, read block by block in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from accessrules.errors import Place, Problem, RegisterError
from accessrules.registers.lines import Lines
from accessrules.registers.rows import STANDARD_INPUT, SUFFIXES, open_stream, reason_of, register_of
from accessrules.tables.blocks import ROWS_AT_ONCE, Block, blocks_of
from accessrules.tables.csvfiles import Ahead, csv_blocks

__all__ = ["KINDS", "TableFile", "kind_of", "matching", "open_file"]

KINDS = {**SUFFIXES, ".parquet": "parquet"}
Watch = Callable[[int], None]


@dataclass(frozen=True)
class TableFile:
    """A file of rows, read once. `columns` are those so far: JSON Lines may bring new ones at any row.

    `is_spoken`: cells are text as a person writes it. `total`: its size, in what `watch` is told: rows, or bytes.
    """

    name: str
    kind: str
    columns: list[str]
    is_spoken: bool
    total: int | None
    blocks: Iterator[Block]
    types: pa.Schema | None = None

    @property
    def schema(self) -> pa.Schema:
        """The columns with the types that the file gives them; text where it has none."""
        return self.types or pa.schema([(name, pa.string()) for name in self.columns])


def kind_of(name: str) -> str:
    """`csv`, `jsonl` or `parquet`, by the extension; RegisterError for any other."""
    kind = KINDS.get(Path(name).suffix.lower())
    if kind is None and Path(name).is_dir():
        raise RegisterError([Problem("$", "is a directory, not a table", "name a file in it", Place(name))])
    if kind is None:
        help = "name it `.csv`, `.jsonl` (JSON Lines) or `.parquet`"
        raise RegisterError([Problem("$", "the kind of table is not known", help, Place(name))])
    return kind


def matching(path: str | Path) -> list[str]:
    """The files of a path or glob, sorted; RegisterError where there is none."""
    name = str(path)
    if Path(name).exists() or not has_magic(name):
        return [name]
    found = sorted(glob(name, recursive=True))
    if not found:
        raise RegisterError([Problem("$", "no file matches", "check the pattern", Place(name))])
    return found


@contextmanager
def open_file(name: str, watch: Watch | None = None, *, coded: bool = False) -> Iterator[TableFile]:
    """The rows of a file; `-` is standard input, which is CSV or JSON Lines.

    `watch` is told now and then how far it is. With `coded`, text of Parquet stays the dictionary that it is in the
    file. Raises RegisterError for a file that cannot be read, here or at the block at which that shows.
    """
    if name != STANDARD_INPUT and kind_of(name) == "parquet":
        with _open(name) as stream:
            yield _parquet(name, stream, watch, coded)
        return
    with open_stream(name) as stream:
        ahead = Ahead(stream)
        lines = Lines(ahead, watch)
        register = register_of(name, lines)
        kind = "csv" if register.has_header else "jsonl"
        blocks = csv_blocks(register, lines, ahead) if kind == "csv" else blocks_of(register)
        total = None if name == STANDARD_INPUT else Path(name).stat().st_size
        yield TableFile(name, kind, register.columns, register.is_spoken, total, blocks)


def _open(name: str) -> BinaryIO:
    try:
        return Path(name).open("rb")
    except (OSError, ValueError) as wrong:  # a name with a null byte is a ValueError
        raise _unreadable(name, reason_of(wrong), "check the file's name and permissions") from None


def _parquet(name: str, stream: BinaryIO, watch: Watch | None, coded: bool) -> TableFile:
    try:
        # What is read ahead (`pre_buffer`) Arrow keeps until the file is closed: memory would grow with the file.
        file = pq.ParquetFile(stream, pre_buffer=False)
        schema = file.schema_arrow
        if coded:
            text = [one.name for one in schema if pa.types.is_string(one.type) or pa.types.is_large_string(one.type)]
            file = pq.ParquetFile(stream, read_dictionary=text, pre_buffer=False)
    except (OSError, pa.ArrowException) as wrong:
        help = "it may be cut short, or be none: write it again"
        raise _wrong_parquet(name, wrong, "it is no whole Parquet file", help) from None
    return TableFile(name, "parquet", schema.names, False, file.metadata.num_rows, _batches(name, file, watch), schema)


def _batches(name: str, file: pq.ParquetFile, watch: Watch | None) -> Iterator[Block]:
    batches, done = file.iter_batches(batch_size=ROWS_AT_ONCE), 0
    while True:
        try:
            batch = next(batches)
        except StopIteration:
            return
        except (OSError, pa.ArrowException) as wrong:
            raise _wrong_parquet(name, wrong, f"it is broken after row {done}", "copy or write it again") from None
        yield Block(batch, done + 1)
        done += batch.num_rows
        if watch is not None:
            watch(done)


def _wrong_parquet(name: str, wrong: Exception, reason: str, help: str) -> RegisterError:
    """That a file is not as it should be, but where it has what Arrow does not know how to read."""
    if isinstance(wrong, pa.ArrowNotImplementedError):
        reason, help = f"it has what Arrow does not read ({wrong})", "give the column another type, or leave it out"
    return _unreadable(name, reason, help)


def _unreadable(name: str, reason: str, help: str) -> RegisterError:
    return RegisterError([Problem("$", f"cannot be read: {reason}", help, Place(name))])
