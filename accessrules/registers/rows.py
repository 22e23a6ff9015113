"""The rows of a register: those of CSV, of JSON Lines, or of Python mappings. None is lost: what is no row is told."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeAlias

from accessrules.axes import Axis
from accessrules.errors import Place, Problem, RegisterError
from accessrules.registers.lines import MOST_ROW_BYTES, Lines, RunsOn, TooLong
from accessrules.registers.specs import Spec
from accessrules.suggesting import did_you_mean

__all__ = ["Cell", "CellProblem", "Given", "Register", "Rejected", "Row", "nearest_column", "open_register"]

SUFFIXES = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
STANDARD_INPUT = "-"
MOST_COLUMNS = 1_000
"""A row of a format without a header that brings more columns than this is rejected."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing that is wrong with a row: in which column (None: in the whole row), what, and what would be right."""

    column: str | None
    message: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be used, with everything that is wrong with it.

    `row` counts the rows from 1, `line` is that of the file on which it begins (None: there is no file).
    """

    row: int
    line: int | None
    problems: tuple[CellProblem, ...]

    def dump(self) -> dict[str, Any]:
        """As JSON carries it."""
        problems = [{"column": p.column, "message": p.message, "help": p.help} for p in self.problems]
        return {"row": self.row, "line": self.line, "problems": problems}


class Given(NamedTuple):
    """A cell of JSON or Python that is no text. The type tells `true` from 1, which Python takes for equal."""

    type: type
    value: Any


Cell: TypeAlias = "str | Given | None"
"""Text; another value; None for an explicit null. Empty text is an empty cell."""


class Row(NamedTuple):
    """A row with a cell for each column that the register has so far.

    Where it stands for several that are alike, `times` is how many, and `twins` gives each of them.
    """

    number: int
    line: int | None
    cells: list[Any]
    times: int = 1
    twins: Callable[[], Iterable[Row]] | None = None


class Register:
    """Rows, read once, from the first to the last.

    `columns` are those so far: a format without a header may bring new ones at any row. `is_spoken` says that cells
    are text as a person writes it (`520 L`, `yes`), not typed values. Iterating gives each row, or why it is none.
    """

    def __init__(
        self, name: str, columns: list[str], rows: Iterator[Row | Rejected], *, is_spoken: bool, has_header: bool
    ) -> None:
        self.name, self.columns, self._rows = name, columns, rows
        self.is_spoken, self.has_header = is_spoken, has_header

    def __iter__(self) -> Iterator[Row | Rejected]:
        return self._rows

    def condensed(
        self, axes: Mapping[int, Axis], apart: Sequence[int], specs: Mapping[int, Spec]
    ) -> Iterator[Row | Rejected]:
        """The rows, where those may come as one whose values lie in the same cells, and are the same in some columns.

        By place: `axes` has the axis of each column that is a fact, `apart` the columns that must be told apart
        exactly, `specs` what a mapping says of columns.
        """
        return iter(self)

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], name: str = "the rows") -> Register:
        """Rows of a program: mappings from column to typed value.

        >>> [row.cells for row in Register.of([{"category": "pesticide"}, {"effective_volume": 520}])]
        [['pesticide'], ['', Given(type=<class 'int'>, value=520)]]
        """
        columns: list[str] = []
        return cls(name, columns, _mappings(rows, columns), is_spoken=False, has_header=False)


@contextmanager
def open_register(name: str, watch: Callable[[int], None] | None = None) -> Iterator[Register]:
    """The register of a file: CSV or JSON Lines by its extension; `-` is standard input, by its first character.

    `watch` is told now and then how many bytes were read. Raises RegisterError for a file that cannot be read, and
    for a header that leaves it unclear which column is which.
    """
    if name != STANDARD_INPUT:
        kind_of(name)
    with open_stream(name) as stream:
        yield register_of(name, Lines(stream, watch))


@contextmanager
def open_stream(name: str) -> Iterator[BinaryIO]:
    """The bytes of a file, or of standard input, which stays open; raises RegisterError where it cannot be read."""
    try:
        stream = _standard_input() if name == STANDARD_INPUT else Path(name).open("rb")  # noqa: SIM115 - closed below
    except (OSError, ValueError) as wrong:  # a name with a null byte is a ValueError
        told = f"cannot be read: {reason_of(wrong)}"
        problem = Problem("$", told, "check the file's name and permissions", Place(name))
        raise RegisterError([problem]) from None
    try:
        yield stream
    finally:
        if name != STANDARD_INPUT:
            stream.close()


def reason_of(wrong: Exception) -> str:
    """Why a file cannot be opened, in the words of the system."""
    return (getattr(wrong, "strerror", None) or str(wrong)).lower()


def register_of(name: str, lines: Lines) -> Register:
    """The register that stands in the lines of a file, or of standard input."""
    if name != STANDARD_INPUT:
        return rows_of(name, lines, kind_of(name))
    kind = "jsonl" if lines.peek().lstrip().startswith("{") else "csv"
    return rows_of("standard input", lines, kind)


def rows_of(name: str, lines: Lines, kind: str) -> Register:
    """The register that stands in some lines, of the kind `csv` or `jsonl`; RegisterError as `open_register` says."""
    return (_csv_register if kind == "csv" else _json_register)(name, lines)


def kind_of(name: str) -> str:
    """The kind of a register by the extension of its file, `csv` or `jsonl`; RegisterError for any other."""
    kind = SUFFIXES.get(Path(name).suffix.lower())
    if kind is None and Path(name).is_dir():
        raise RegisterError([Problem("$", "is a directory, not a register", "name a file in it", Place(name))])
    if kind is None:
        help = "name it `.csv` (with a header) or `.jsonl` (JSON Lines)"
        raise RegisterError([Problem("$", "the kind of register is not known", help, Place(name))])
    return kind


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise RegisterError([Problem("-", "there is no standard input", "it is closed: pipe something into it")])
    return sys.stdin.buffer


# ---------------------------------------------------------------------------------------------------------- CSV


def _csv_register(name: str, lines: Lines) -> Register:
    reader = csv.reader(lines, strict=True)
    columns = _header(name, lines, reader)
    return Register(name, columns, _csv_rows(lines, reader, columns), is_spoken=True, has_header=True)


def _header(name: str, lines: Lines, reader: Iterator[list[str]]) -> list[str]:
    """The names of the columns, from the first line that is not empty; raises with all that is wrong with them."""

    def refused(message: str, help: str) -> RegisterError:
        return RegisterError([Problem("$", message, help, Place(name, max(lines.number, 1)))])

    named: list[str] = []
    try:
        while not named:
            lines.begin_row()
            named = next(reader)
    except StopIteration:
        raise refused(
            "the register is empty", "write the names of the columns, and a row below for each case"
        ) from None
    except (csv.Error, TooLong, RunsOn) as wrong:
        why = _no_header(wrong, lines)
        raise refused(f"the header cannot be read: {why.message}", why.help) from None
    if lines.is_broken or "\0" in "".join(named):
        raise refused("is not UTF-8 text", "save it in the encoding UTF-8")
    columns = [one.strip() for one in named]
    for separator, called in ((";", "semicolons"), ("\t", "tabs")):
        if len(columns) == 1 and separator in columns[0]:
            raise refused(f"the header has one column, with {called} in it", "separate the columns by commas")
    twice = sorted({one for one in columns if one and columns.count(one) > 1})
    if twice:
        place = Place(name, lines.number)
        raise RegisterError(
            Problem("$", f"the column `{one}` stands twice in the header", "give each column a name of its own", place)
            for one in twice
        )
    return columns


def _no_header(wrong: Exception, lines: Lines) -> CellProblem:
    """Why the first row could not be read."""
    if isinstance(wrong, TooLong):
        help = "write the names of the columns in a line of their own, which ends with a line feed (LF or CR LF)"
        return CellProblem(None, f"the line is longer than {MOST_ROW_BYTES / 1_000_000:g} MB", help)
    if lines.has_bare_return:
        return CellProblem(None, "its lines end with CR alone", "save it with lines that end with LF or CR LF")
    return _broken_quotes(wrong)


def _csv_rows(lines: Lines, reader: Iterator[list[str]], columns: list[str]) -> Iterator[Row | Rejected]:
    width, number = len(columns), 0
    while True:
        lines.begin_row()
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except TooLong:
            number += 1
            yield Rejected(number, line, (_too_long(),))
            continue
        except (csv.Error, RunsOn) as wrong:
            lines.give_back()  # what a stray quote has swallowed may be good rows
            number += 1
            yield Rejected(number, line, (_broken_quotes(wrong),))
            continue
        if not cells:
            continue
        number += 1
        if len(cells) == width and not lines.is_broken:
            yield Row(number, line, cells)
            continue
        if len(cells) != width:
            lines.give_back()
            shown = _counted(len(cells), "cell")
            problems = [CellProblem(None, f"the row has {shown}, the header {width}", "give each column a cell")]
        else:
            problems = [_no_text(column) for column, cell in zip(columns, cells, strict=True) if not _is_text(cell)]
        yield Rejected(number, line, tuple(problems))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _too_long() -> CellProblem:
    return CellProblem(None, f"the row is longer than {MOST_ROW_BYTES / 1_000_000:g} MB", "give less in a row")


def _no_text(column: str | None) -> CellProblem:
    return CellProblem(column, "is not UTF-8 text", "save the register in the encoding UTF-8")


def _is_text(cell: str) -> bool:
    return cell.isascii() or not any("\ud800" <= c <= "\udfff" for c in cell)


def _broken_quotes(wrong: Exception) -> CellProblem:
    if isinstance(wrong, csv.Error) and "field larger" in str(wrong):
        return CellProblem(None, f"a cell has more than {csv.field_size_limit()} characters", "give less in a cell")
    unclosed = isinstance(wrong, RunsOn) or "unexpected end" in str(wrong)
    message = "a quote is not closed" if unclosed else "the quotes of the row are broken"
    return CellProblem(None, message, 'close each `"`, and write one that is part of a text twice')


# --------------------------------------------------------------------------------------------------- JSON Lines


def _json_register(name: str, lines: Lines) -> Register:
    columns: list[str] = []
    return Register(name, columns, _json_rows(lines, columns), is_spoken=False, has_header=False)


class _Wrong(ValueError):  # noqa: N818 - it is caught here, and the row rejected
    def __init__(self, problem: CellProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _wrong(message: str, help: str) -> _Wrong:
    return _Wrong(CellProblem(None, message, help))


def _json_rows(lines: Lines, columns: list[str]) -> Iterator[Row | Rejected]:
    places: dict[str, int] = {}
    number = 0
    while True:
        lines.begin_row()
        try:
            text = next(lines)
        except StopIteration:
            return
        except TooLong:
            number += 1
            yield Rejected(number, lines.number, (_too_long(),))
            continue
        if text.isspace():
            continue
        number += 1
        try:
            if lines.is_broken:
                raise _Wrong(_no_text(None))
            yield Row(number, lines.number, _cells(_json_object(text), columns, places))
        except _Wrong as wrong:
            yield Rejected(number, lines.number, (wrong.problem,))


def _json_object(text: str) -> dict[str, Any]:
    try:
        row = json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_without_twins)
    except _Wrong:
        raise
    except (ValueError, RecursionError):
        raise _wrong("the line is broken JSON", "write one JSON object a line, `{…}`") from None
    if not isinstance(row, dict):
        raise _wrong("the line is not a JSON object", "write one JSON object a line, `{…}`")
    return row


def _no_number(text: str) -> Any:
    raise _wrong(f"`{text}` is not a number", "leave the fact out if it is unknown")


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _wrong(f"the key `{twice}` stands twice", "keep one of the two")
    return found


# ------------------------------------------------------------------------------------------------ Python mappings


def _mappings(rows: Iterable[Mapping[str, Any]], columns: list[str]) -> Iterator[Row | Rejected]:
    places: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        try:
            if not isinstance(row, Mapping) or not all(isinstance(name, str) for name in row):
                raise _wrong("the row is not a mapping", "give names of columns with their values")
            yield Row(number, None, _cells(row, columns, places))
        except _Wrong as wrong:
            yield Rejected(number, None, (wrong.problem,))


def _cells(row: Mapping[str, Any], columns: list[str], places: dict[str, int]) -> list[Cell]:
    """The cells in the order of the columns; a new key makes a new column."""
    new = [name for name in row if name not in places]
    if len(columns) + len(new) > MOST_COLUMNS:
        raise _wrong(f"the row has keys beyond the {MOST_COLUMNS} columns that a register may have", "give fewer keys")
    for name in new:
        places[name] = len(columns)
        columns.append(name)
    cells: list[Cell] = [""] * len(columns)
    for name, value in row.items():
        plain = value is None or type(value) is str
        cells[places[name]] = value if plain else Given(type(value), value)
    return cells


def nearest_column(name: str, columns: Iterable[str]) -> str:
    """A help text: the column that was meant, else those that there are."""
    return did_you_mean(name, {one: () for one in columns if one}, "columns")
