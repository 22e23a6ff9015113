"""What verbs about registers share: the days of rows, and the file that says what the columns are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from accessrules.commands.factsfile import read_data_file
from accessrules.commands.inputs import DAY_OPTIONS, option_day
from accessrules.errors import AccessRulesError, Problem, QueryError
from accessrules.reading.yamlfiles import YamlFile
from accessrules.registers import Register, open_register
from accessrules.registers.rows import STANDARD_INPUT
from accessrules.values import Unreadable
from accessrules.vocabulary import AS_OF, KNOWN_ON

__all__ = ["as_called", "open_rows", "read_map", "register_days", "size_of"]


def register_days(on: str | None, known_on: str | None) -> tuple[dict[str, dt.date | None], bool]:
    """The days of the options, and whether today was taken."""
    problems: list[Problem] = []
    days: dict[str, dt.date | None] = {AS_OF.name: dt.date.today() if on is None else None, KNOWN_ON.name: None}
    for name, text in ((AS_OF.name, on), (KNOWN_ON.name, known_on)):
        try:
            if text is not None:
                days[name] = option_day(text)
        except Unreadable as wrong:
            problems.append(Problem(DAY_OPTIONS[name], wrong.message, wrong.help))
    if problems:
        raise QueryError(problems)
    return days, on is None


def read_map(name: str | None, *, units: bool) -> YamlFile:
    """A file of columns with their facts, and with `units` in which unit each is; raises with every problem."""
    if name is None:
        return YamlFile("", {})
    file = read_data_file(name, "--map -")
    if not file.problems and not isinstance(file.data, dict):
        file.problems.append(file.problem((), "the map is not a mapping", "write `column: fact`, or `column: null`"))
    if not file.problems:
        for column, fact in file.data.items():
            if not (fact is None or isinstance(fact, str) or (units and isinstance(fact, dict))):
                message = f"`{column}` is not mapped to a fact"
                file.problems.append(file.problem((column,), message, "write the name of a fact, or `null`"))
    if file.problems:
        raise AccessRulesError(file.problems)
    return file


def as_called(problem: Problem, map_: YamlFile, options: Mapping[str, str]) -> Problem:
    """The problem where the caller finds it: at the option, or in the map."""
    root, _, name = problem.path.partition(".")[2].partition(".")
    if root in ("map", "mapping"):
        place = (name,) if name in map_.data else tuple(name.rsplit(".", 1))  # a column, or what is said of it
        return map_.problem(place, problem.message, problem.help)
    return replace(problem, path=options[root]) if root in options else problem


def open_rows(name: str, told: Callable[[int], None]) -> AbstractContextManager[Register]:
    """The rows of a register: CSV, JSON Lines, or with the extra `tables` Parquet; with that, many at once."""
    from accessrules.tables import check_installed, is_installed

    if not is_installed():
        if _is_parquet(name):
            check_installed("REGISTER")
        return open_register(name, told)
    from accessrules.tables.condensing import open_condensed

    return open_condensed(name, None if _is_parquet(name) else told)


def size_of(name: str) -> int | None:
    """The bytes of a register of text, which its progress is told in; None for any other."""
    path = Path(name)
    return path.stat().st_size if name != STANDARD_INPUT and path.is_file() and not _is_parquet(name) else None


def _is_parquet(name: str) -> bool:
    return Path(name).suffix.lower() == ".parquet"
