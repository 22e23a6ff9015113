"""What a verb prints: one document as text, Markdown, HTML or JSON, on a terminal or through a pipe."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from accessrules.errors import Problem, QueryError

if TYPE_CHECKING:
    from accessrules.commands.inputs import Setting
    from accessrules.explaining.document import Block

__all__ = [
    "Format",
    "Look",
    "is_colored",
    "plain",
    "print_document",
    "print_json",
    "show",
    "standard_input",
    "stdout_look",
    "write_out",
]

Format = str
PIPE_WIDTH, WIDEST = 80, 120
"""Columns where there is no terminal, and the most that are used: longer lines are hard to read."""


@dataclass(frozen=True, slots=True)
class Look:
    """How text may be set where it goes."""

    width: int
    color: bool
    boxes: bool

    @classmethod
    def of(cls, stream: TextIO, environ: Mapping[str, str] | None = None) -> Look:
        """The look for a stream: colour and boxes only on a terminal; NO_COLOR and TERM=dumb are obeyed."""
        environ = os.environ if environ is None else environ
        if not stream.isatty():
            return cls(PIPE_WIDTH, False, False)
        clever = environ.get("TERM") != "dumb"
        width = min(shutil.get_terminal_size((PIPE_WIDTH, 24)).columns, WIDEST)
        unicode = (stream.encoding or "").lower().replace("-", "").startswith("utf")
        return cls(width, clever and not environ.get("NO_COLOR"), clever and unicode)


def stdout_look() -> Look:
    """The look for standard output."""
    return Look.of(sys.stdout)


def is_colored(stream: TextIO) -> bool:
    """Whether colours may be written to the stream."""
    return Look.of(stream).color


def standard_input(asked_by: str) -> TextIO:
    """Standard input; QueryError where the caller has closed it, which Python shows as None."""
    stream: TextIO | None = sys.stdin
    if stream is None:
        raise QueryError([Problem(asked_by, "there is no standard input", "it is closed: pipe something into it")])
    return stream


def plain(text: str) -> str:
    """Text that a user or a file gave, without what a terminal would act on."""
    from accessrules.explaining.writers.cleaning import clean

    return clean(text)


def write_out(text: str) -> None:
    """Print text as it is; characters that the stream has not are replaced."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def print_json(data: Any) -> None:
    """Print one JSON document, in UTF-8 wherever it goes."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def print_document(document: Any, format: Format, look: Look | None = None) -> None:
    """Print a document as text (for where standard output goes), Markdown or HTML."""
    from accessrules.explaining import writers

    if format == "md":
        write_out(writers.write_markdown(document))
    elif format == "html":
        write_out(writers.write_html(document))
    else:
        look = look or stdout_look()
        write_out(writers.write_text(document, width=look.width, color=look.color, boxes=look.boxes))


def show(setting: Setting, data: Callable[[], Any], blocks: Callable[[], Iterable[Block]]) -> None:
    """Print what was asked for: its data as JSON, or its blocks as a document."""
    if setting.format == "json":
        print_json(data())
    else:
        from accessrules.explaining.document import Document

        print_document(Document(tuple(blocks()), setting.lang), setting.format)
