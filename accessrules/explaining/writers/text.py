"""A document as text for a terminal, a file or a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING

from accessrules.explaining.document import (
    Bars,
    Block,
    Code,
    Document,
    Heading,
    Item,
    Items,
    Line,
    Paragraph,
    Span,
    Table,
    line,
)
from accessrules.explaining.writers.bars import bars_in_words
from accessrules.explaining.writers.cleaning import clean, cleaned_line

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["write_text"]

LEAST_WIDTH = 20
"""Narrower than this no text is set."""

_LOOKS = {
    "plain": "",
    "strong": "bold",
    "code": "cyan",
    "command": "cyan",
    "muted": "dim",
    "good": "green",
    "bad": "red",
    "unsure": "yellow",
}
_MARKS = {"✓": "good", "✗": "bad", "?": "unsure"}


def write_text(document: Document, *, width: int = 80, color: bool = False, boxes: bool = False) -> str:
    r"""The document in lines of at most `width` columns, wide characters counted as two; only commands are not broken.

    `color` adds the codes of a terminal's styles; `boxes` draws tables and bullets with more than ASCII. No line
    has trailing spaces. What stands under a heading of level 2 or more is indented.

    >>> from accessrules.explaining.document import Document, Paragraph, line
    >>> write_text(Document((Paragraph(line("a ", "b")),)))
    'a b\n'
    """
    setter = _Setter(max(width, LEAST_WIDTH), boxes)
    lines = list(setter.set(document))
    while lines and not lines[-1].plain:
        lines.pop()
    return _with_codes(lines) if color else "".join(f"{one.plain.rstrip()}\n" for one in lines)


def _with_codes(lines: list[Text]) -> str:
    from rich.console import Console

    out = StringIO()
    # The environment is the caller's to read: an empty one keeps NO_COLOR, COLUMNS and TERM out of the core.
    console = Console(
        file=out, force_terminal=True, color_system="standard", legacy_windows=False, highlight=False, _environ={}
    )
    for one in lines:
        one.rstrip()
        console.print(one, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)
    return out.getvalue()


def _styled(spans: Line, base: str = "") -> Text:
    from rich.text import Text

    text = Text(style=base)
    for span in spans:
        text.append(clean(span.text), style=_LOOKS[span.style])
    return text


class _Setter:
    """Sets blocks as lines of styled text."""

    def __init__(self, width: int, boxes: bool) -> None:
        self.width, self.boxes = width, boxes

    def set(self, document: Document) -> Iterator[Text]:
        """The document's lines: a blank line before each block but those right under their heading."""
        from rich.text import Text

        indent, before = "", None
        for block in document.blocks:
            indent = "" if isinstance(block, Heading) else indent
            if before is not None and not (isinstance(before, Heading) and before.level > 1):
                yield Text()
            yield from self._block(block, indent)
            if isinstance(block, Heading):
                indent = "  " if block.level > 1 else ""
            before = block

    def _block(self, block: Block, indent: str) -> Iterator[Text]:
        from rich.text import Text

        if isinstance(block, Heading):
            yield from self._heading(block)
        elif isinstance(block, Paragraph):
            yield from self._hanging(_styled(block.line), indent, indent)
        elif isinstance(block, Items):
            yield from self._items(block.entries, indent)
        elif isinstance(block, Bars):
            yield from self._items(bars_in_words(block), indent)
        elif isinstance(block, Code):
            yield from map(Text, map(cleaned_line, block.lines))
        else:
            yield from self._table(block, indent)

    def _heading(self, heading: Heading) -> Iterator[Text]:
        from rich.text import Text

        lines = list(self._hanging(_styled(heading.line, "bold"), "", ""))
        yield from lines
        if heading.level == 1:
            yield Text(("─" if self.boxes else "=") * max(one.cell_len for one in lines), style="dim")

    def _hanging(self, text: Text, first: str | Text, rest: str) -> Iterator[Text]:
        """The text wrapped, with one lead before its first line and another before the others."""
        from rich.cells import cell_len
        from rich.text import Text

        from accessrules.explaining.writers.wrapping import wrapped

        lead = Text(first) if isinstance(first, str) else first
        for n, one in enumerate(wrapped(text, self.width - cell_len(rest)) or [Text()]):
            yield Text.assemble(Text(rest) if n else lead, one)

    def _items(self, entries: tuple[Item, ...], indent: str) -> Iterator[Text]:
        from rich.cells import cell_len
        from rich.text import Text

        for entry in entries:
            mark = clean(entry.mark) or ("•" if self.boxes else "-")
            lead = Text.assemble(indent, (mark, _LOOKS[_MARKS.get(entry.mark, "plain")]), " ")
            inner = indent + " " * (cell_len(mark) + 1)
            if any(span.style == "command" for span in entry.line):
                yield Text.assemble(lead, _styled(entry.line))
            else:
                yield from self._hanging(_styled(entry.line), lead, inner)
            yield from self._items(entry.below, inner)

    def _table(self, table: Table, indent: str) -> Iterator[Text]:
        from accessrules.explaining.writers.tables import table_lines

        room = self.width - len(indent)
        cells = [[_styled(cell) for cell in row] for row in table.rows]
        lines = table_lines([clean(name) for name in table.columns], cells, room, self.boxes)
        if lines is None:
            yield from self._items(_stacked(table), indent)
            return
        from rich.text import Text

        for one in lines:
            yield Text.assemble(indent, one)


def _stacked(table: Table) -> tuple[Item, ...]:
    """A table too wide for its page: one item a row, the other columns below the first."""
    return tuple(
        Item(
            row[0],
            tuple(
                Item(line(Span(f"{name}: ", "muted"), cell))
                for name, cell in zip(table.columns[1:], row[1:], strict=True)
                if cell
            ),
        )
        for row in table.rows
    )
