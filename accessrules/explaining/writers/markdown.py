"""A document as Markdown (CommonMark, with GitHub's tables)."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
)
from accessrules.explaining.writers.bars import bars_in_words
from accessrules.explaining.writers.cleaning import clean, cleaned_line
from accessrules.explaining.writers.links import is_web_address

__all__ = ["write_markdown"]

_MARKUP = re.compile(r"[\\`*_{}\[\]<>&|~$#]")
_ADDRESS = re.compile(r"(?i)(https?|ftp)(:)(?=//)|(\bwww)(\.)")
_FIRST = re.compile(r"^([+=-]|\d+(?=[.)]))(?=[\s.)+=-]|$)|^(--+)")


def write_markdown(document: Document) -> str:
    r"""The document as Markdown; nothing in its texts can become markup.

    >>> from accessrules.explaining.document import Document, Heading, line
    >>> print(write_markdown(Document((Heading(line("a <b> *c*"), 1),))), end="")
    # a \<b\> \*c\*
    """
    return "\n\n".join("\n".join(_block(block)) for block in document.blocks) + "\n"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield "#" * block.level + " " + _inline(block.line)
    elif isinstance(block, Paragraph):
        yield _at_line_start(_inline(block.line))
    elif isinstance(block, Items):
        yield from _items(block.entries, "")
    elif isinstance(block, Bars):
        yield from _items(bars_in_words(block), "")
    elif isinstance(block, Code):
        yield from ("```yaml", *map(cleaned_line, block.lines), "```")
    else:
        yield from _table(block)


def _items(entries: tuple[Item, ...], indent: str) -> Iterator[str]:
    for entry in entries:
        mark = _escaped(clean(entry.mark)) + " " if entry.mark else ""
        text = _inline(entry.line)
        yield f"{indent}- {mark}{text if mark else _at_line_start(text)}".rstrip()
        yield from _items(entry.below, indent + "  ")


def _table(table: Table) -> Iterator[str]:
    yield "| " + " | ".join(_escaped(clean(name)) for name in table.columns) + " |"
    yield "|" + " --- |" * len(table.columns)
    for row in table.rows:
        yield "| " + " | ".join(_inline(cell, in_table=True) for cell in row) + " |"


def _inline(spans: Line, *, in_table: bool = False) -> str:
    return "".join(_span(span, in_table) for span in spans).strip()


def _span(span: Span, in_table: bool) -> str:
    text = clean(span.text)
    core = text.strip(" ")
    if not core:
        return text
    before, after = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    if span.style in ("code", "command"):
        set_ = _code(core, in_table)
    elif span.style == "strong":
        set_ = _strong(core)
    else:
        set_ = _escaped(core)
    if is_web_address(span.url):
        set_ = f"[{set_}](<{_in_angles(span.url)}>)"
    return before + set_ + after


def _code(text: str, in_table: bool) -> str:
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    room = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{room}{text.replace('|', chr(92) + '|') if in_table else text}{room}{ticks}"


def _strong(text: str) -> str:
    # Asterisks beside punctuation are no emphasis in CommonMark where a Chinese character follows; tags always are.
    if text[0].isalnum() and text[-1].isalnum():
        return f"**{_escaped(text)}**"
    return f"<strong>{_escaped(text)}</strong>"


def _escaped(text: str) -> str:
    text = _MARKUP.sub(lambda found: "\\" + found[0], text)
    return _ADDRESS.sub(lambda found: f"{found[1] or found[3]}\\{found[2] or found[4]}", text)


def _at_line_start(text: str) -> str:
    """The line with what would begin a list, a heading or a rule escaped."""
    found = _FIRST.match(text)
    if not found:
        return text
    if text[0].isdigit():
        digits = len(found[0])
        return f"{text[:digits]}\\{text[digits:]}"
    return "\\" + text


def _in_angles(url: str) -> str:
    return "".join(f"%{ord(c):02X}" if c in "\\<> |" else c for c in clean(url))
