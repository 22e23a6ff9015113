"""A file of facts: JSON or YAML, the facts alone or a case (`facts`, `as_of`, `known_on`)."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from accessrules.commands.output import standard_input
from accessrules.errors import Place, Problem
from accessrules.reading.yamlfiles import Path_, YamlFile, read_text
from accessrules.ruleset import MOST_BYTES
from accessrules.suggesting import did_you_mean

__all__ = ["FactsFile", "read_data_file", "read_facts_file"]

_CASE_KEYS = ("facts", "as_of", "known_on")


@dataclass(frozen=True)
class FactsFile:
    """The facts and days of a file, with where each stands and what was wrong with it."""

    facts: Mapping[str, Any]
    days: Mapping[str, Any]
    inside: Path_
    file: YamlFile
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def empty(cls) -> FactsFile:
        """No file at all."""
        return cls({}, {}, (), YamlFile(""))

    def problem(self, path: Path_, message: str, help: str) -> Problem:
        """A problem at a place in the file."""
        return self.file.problem(path, message, help)

    def problem_of_fact(self, name: str, message: str, help: str) -> Problem:
        """A problem of one of its facts."""
        return self.file.problem((*self.inside, name), message, help)


def read_facts_file(name: str) -> FactsFile:
    """Read a file of facts; `-` is standard input. Whatever is wrong stands in its `problems`."""
    file = read_data_file(name, "--facts -")
    if file.problems:
        return FactsFile({}, {}, (), file, list(file.problems))
    data = file.data
    if not isinstance(data, dict):
        wrong = file.problem((), "the facts are not a mapping", "write fact names with their values")
        return FactsFile({}, {}, (), file, [wrong])
    if not isinstance(data.get("facts"), dict):
        return FactsFile(data, {}, (), file)
    known = dict.fromkeys(_CASE_KEYS, ())
    problems = [
        file.problem((key,), f"unknown key `{key}`", did_you_mean(key, known, "keys"), of_key=True)
        for key in data
        if key not in known
    ]
    days = {key: data[key] for key in _CASE_KEYS[1:] if key in data}
    return FactsFile(data["facts"], days, ("facts",), file, problems)


def read_data_file(name: str, asked_by: str) -> YamlFile:
    """A file as YAML, with places; as JSON where it is JSON that YAML does not read. Problems stand in it.

    `-` is standard input; `asked_by` is what of the call asks for it.
    """
    file = YamlFile("standard input" if name == "-" else name)
    try:
        raw = _standard_input(asked_by) if name == "-" else _bytes(Path(name))
    except OSError as wrong:
        reason = (wrong.strerror or str(wrong)).lower()
        return _refused(file, f"cannot be read: {reason}", "check the file's name and permissions")
    if raw is None:
        return _refused(file, "is no ordinary file", "name a text file, or `-` for standard input")
    if len(raw) > MOST_BYTES:
        return _refused(file, f"is longer than {MOST_BYTES / 1_000_000:g} MB", "give less")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        place = Place(file.name, raw.count(b"\n", 0, wrong.start) + 1, wrong.start - raw.rfind(b"\n", 0, wrong.start))
        file.problems.append(Problem("$", "is not UTF-8 text", "save it in the encoding UTF-8", place))
        return file
    return _or_json(read_text(text, file), text)


def _refused(file: YamlFile, message: str, help: str) -> YamlFile:
    file.problems.append(file.problem((), message, help))
    return file


def _standard_input(asked_by: str) -> bytes:
    stream = standard_input(asked_by)
    return stream.buffer.read(MOST_BYTES + 1)


def _bytes(path: Path) -> bytes | None:
    """What a file or a pipe holds, read no further than one byte beyond the limit; None for anything else."""
    mode = path.stat().st_mode  # what is behind a link; asked before opening, which may wait or have an effect
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
        return None
    with path.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def _or_json(file: YamlFile, text: str) -> YamlFile:
    if not file.problems or not text.lstrip().startswith("{"):
        return file
    try:
        data = json.loads(text, parse_float=Decimal, object_pairs_hook=_without_twins)
    except _Twins:
        return file  # YAML has found them too, and says where
    except json.JSONDecodeError as wrong:
        if file.name.endswith(".json"):
            place = Place(file.name, wrong.lineno, wrong.colno)
            problem = Problem("$", f"broken JSON: {_lower(wrong.msg)}", "check quotes, commas and braces", place)
            return YamlFile(file.name, problems=[problem])
        return file
    except (ValueError, RecursionError):
        return file
    return YamlFile(file.name, data=data)


class _Twins(ValueError):  # noqa: N818 - it is caught here and never shown
    """One key stands twice."""


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twins
    return found


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
