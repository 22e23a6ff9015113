"""A document: what is said, apart from how it is set. Text, Markdown and HTML are written from it.

    Document(blocks)
      Heading(line, level)        a title; level 1 is the document's own
      Paragraph(line)             a sentence or two
      Items(entries)              bullets; each Item is a line with more items below it
      Table(columns, rows)        cells are lines
      Bars(bars)                  for each measure a bar with its ranges filled; in text, the ranges in words
      Code(lines)                 what is to be copied: each line as it is

A line is a sequence of spans: a span is text with a style that says what it is, not how it looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "Bar",
    "Bars",
    "Block",
    "Code",
    "Document",
    "End",
    "Heading",
    "Item",
    "Items",
    "Line",
    "Paragraph",
    "Range",
    "Span",
    "Style",
    "Table",
    "line",
]

Style: TypeAlias = Literal["plain", "strong", "code", "command", "muted", "good", "bad", "unsure"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text; `url` makes it a link where the format has links.

    A `command` is to be pasted into a shell: a line that has one is not broken.
    """

    text: str
    style: Style = "plain"
    url: str = ""


Line: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title."""

    line: Line
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    line: Line


@dataclass(frozen=True, slots=True)
class Item:
    """A bullet, with more below it. `mark` is shown in the bullet's place where there is one (`✓`, `✗`, `?`)."""

    line: Line
    below: tuple[Item, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    entries: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class End:
    """An end of a range: what it says, and whether the range has it."""

    text: str
    included: bool


@dataclass(frozen=True, slots=True)
class Range:
    """A range along a bar, from `start` to `end` of its length (0 to 1); without an end it goes on."""

    start: float
    end: float
    low: End | None
    high: End | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A measure with some of its ranges: its label, what is said of it in words, and the ranges as parts of a bar."""

    label: str
    said: str
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars, one below the other."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Lines of a file, to be copied as they are: none is broken."""

    lines: tuple[str, ...]


Block: TypeAlias = Heading | Paragraph | Items | Table | Bars | Code


@dataclass(frozen=True, slots=True)
class Document:
    """What is said, in order. `lang` is the language that it is said in."""

    blocks: tuple[Block, ...]
    lang: str = "en"


def line(*parts: str | Span | Iterable[Span]) -> Line:
    """A line from text, spans and lines.

    >>> line("a ", Span("b", "strong"))
    (Span(text='a ', style='plain', url=''), Span(text='b', style='strong', url=''))
    """
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            spans.append(Span(part))
        elif isinstance(part, Span):
            spans.append(part)
        else:
            spans.extend(part)
    return tuple(span for span in spans if span.text)
