"""YAML as rule files use it: plain data with the place of every value, and nothing that surprises.

No tags, anchors, aliases or duplicate keys; dates are dates; only `true` and `false` are booleans, so that
`on`, `off`, `yes` and `no` stay words (YAML 1.2 core schema); fractions are exact decimals.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from accessrules.errors import Place, Problem

__all__ = ["Path_", "YamlFile", "read_yaml", "shown_path"]

Path_: TypeAlias = tuple[str | int, ...]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 60
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,300})")
_FRACTION = re.compile(r"[-+]?[0-9]+\.[0-9]+([eE][-+]?[0-9]{1,3})?|[-+]?[0-9]+[eE][-+]?[0-9]{1,3}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


@dataclass(slots=True)
class YamlFile:
    """A file's data, where each part of it stands, and what was wrong with it as YAML."""

    name: str
    data: Any = None
    places: dict[Path_, Place] = field(default_factory=dict)
    keys: dict[Path_, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path_) -> Place:
        """The place of a value, or of the nearest thing around it that stands in the file."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.name))

    def problem(self, path: Path_, message: str, help: str = "", *, of_key: bool = False) -> Problem:
        """A problem of the value at that path, or of its key."""
        place = self.keys.get(path) if of_key else None
        return Problem(shown_path(path), message, help, place or self.place(path))


def shown_path(path: Path_) -> str:
    """A path as people read it.

    >>> shown_path(("rules", 0, "when", "effective_volume"))
    '$.rules[0].when.effective_volume'
    """
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


class _Broken(Exception):  # noqa: N818 - it becomes a Problem with its place
    def __init__(self, mark: Any, message: str, help: str) -> None:
        super().__init__(message)
        self.mark, self.message, self.help = mark, message, help


def read_yaml(path: Path, name: str, most_bytes: int) -> YamlFile:
    """Read one file; whatever is wrong stands in its `problems`, and its `data` is then None.

    `name` is how problems call the file; a file of more than `most_bytes` is refused unread.
    """
    file = YamlFile(name)
    try:
        if path.exists() and not path.is_file():
            file.problems.append(file.problem((), "is no ordinary file", "replace it by a text file"))
            return file
        size = path.stat().st_size
        if size > most_bytes:
            limit = f"{most_bytes / 1_000_000:g} MB"
            file.problems.append(file.problem((), f"the file has {size} bytes, more than {limit}", "split it"))
            return file
        raw = path.read_bytes()
    except OSError as wrong:
        reason = (wrong.strerror or str(wrong)).lower()
        file.problems.append(file.problem((), f"cannot be read: {reason}", "check the file's name and permissions"))
        return file
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        column = wrong.start - raw.rfind(b"\n", 0, wrong.start)
        file.problems.append(
            Problem("$", "is not UTF-8 text", "save the file in the encoding UTF-8", Place(name, line, column))
        )
        return file
    return read_text(text, file)


def read_text(text: str, file: YamlFile) -> YamlFile:
    """Read YAML text into the file's data and places."""
    reader = None
    try:
        reader = _Reader(_Loader(text), file)
        data = reader.document()
        file.data = None if file.problems else data
    except _Broken as wrong:
        file.problems.append(Problem("$", wrong.message, wrong.help, _place(file.name, wrong.mark)))
    except yaml.YAMLError as wrong:
        file.problems.append(_syntax_problem(wrong, file.name))
    finally:
        if reader:
            reader.loader.dispose()
    return file


class _Reader:
    """Walks the parser's events and builds data and places."""

    def __init__(self, loader: Any, file: YamlFile) -> None:
        self.loader, self.file = loader, file

    def document(self) -> Any:
        self.loader.get_event()  # the stream's start
        event = self.loader.get_event()
        if isinstance(event, yaml.StreamEndEvent):
            raise _Broken(event.start_mark, "the file is empty", "write at least its first key")
        value = self.value(self.loader.get_event(), ())
        self.loader.get_event()  # the document's end
        event = self.loader.get_event()
        if not isinstance(event, yaml.StreamEndEvent):
            raise _Broken(event.start_mark, "a second document begins", "one file holds one document: remove `---`")
        return value

    def value(self, event: Any, path: Path_) -> Any:
        self.file.places[path] = _place(self.file.name, event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise _Broken(event.start_mark, f"the alias `*{event.anchor}` is not allowed", "write the value out")
        if event.anchor is not None:
            raise _Broken(event.start_mark, f"the anchor `&{event.anchor}` is not allowed", "write the value out")
        if event.tag is not None:
            raise _Broken(event.start_mark, f"the tag `{_short(event.tag)}` is not allowed", "write the plain value")
        if len(path) > _DEEPEST:
            raise _Broken(event.start_mark, f"values nest deeper than {_DEEPEST} levels", "nest less")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event.value) if event.implicit[0] else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        return self.mapping(path)

    def sequence(self, path: Path_) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self.loader.get_event(), yaml.SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return items

    def mapping(self, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _Broken(event.start_mark, "a key is not plain text", "put text with `{` or `[` in quotes")
            key, place = event.value, _place(self.file.name, event.start_mark)
            inner = (*path, key)
            if key in found:
                self.file.problems.append(
                    Problem(
                        shown_path(inner),
                        f"the key `{key}` stands twice, first in line {self.file.keys[inner].line}",
                        "keep one of the two",
                        place,
                    )
                )
            self.file.keys[inner] = place
            found[key] = self.value(self.loader.get_event(), inner)
            if self.file.places[inner].line != place.line:
                self.file.places[inner] = place  # a nested value begins below its key: the key is what people look for
        return found


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if text[0].isdigit() or text[0] in "+-":
        if _DATE.fullmatch(text):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                return text  # no such day: whoever reads the value says so
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FRACTION.fullmatch(text):
            return Decimal(text)
    return text


def _short(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _place(name: str, mark: Any) -> Place:
    return Place(name, mark.line + 1, mark.column + 1)


def _syntax_problem(wrong: yaml.YAMLError, name: str) -> Problem:
    mark = getattr(wrong, "problem_mark", None) or getattr(wrong, "context_mark", None)
    if mark is None:
        return Problem(
            "$", f"is no YAML text: {getattr(wrong, 'reason', wrong)}", "remove the unusual character", Place(name)
        )
    what = getattr(wrong, "problem", None) or str(wrong)
    return Problem(
        "$",
        f"broken YAML: {what}",
        "check indentation, colons and brackets; put text with `: `, `[` or `#` in quotes",
        _place(name, mark),
    )
