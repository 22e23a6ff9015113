"""A document as an HTML fragment, for a portal to put into its page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

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
from accessrules.explaining.writers.bars import bar_svg
from accessrules.explaining.writers.cleaning import clean, cleaned_line
from accessrules.explaining.writers.links import is_web_address

__all__ = ["write_html"]

_LANGUAGES = {"zh": "zh-Hans"}
_TAGS = {"strong": "strong", "code": "code", "command": "code"}
_MARKS = {"✓": "good", "✗": "bad", "?": "unsure"}
_MOST_LEVEL = 6


def write_html(document: Document) -> str:
    r"""The document as `<section class="accessrules">`, with every text escaped and no script, style or id.

    Its headings begin at `<h2>`: the page has its own title. Spans have their style as class (`good`, `bad`,
    `unsure`, `muted`), items with a mark the class `marked`; bars are inline SVG.

    >>> from accessrules.explaining.document import Document, Paragraph, line
    >>> print(write_html(Document((Paragraph(line("1 < 2")),))), end="")
    <section class="accessrules" lang="en">
    <p>1 &lt; 2</p>
    </section>
    """
    lang = escape(_LANGUAGES.get(document.lang, document.lang))
    lines = [f'<section class="accessrules" lang="{lang}">']
    for block in document.blocks:
        lines.extend(_block(block))
    return "\n".join([*lines, "</section>", ""])


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        tag = f"h{min(block.level + 1, _MOST_LEVEL)}"
        yield f"<{tag}>{_inline(block.line)}</{tag}>"
    elif isinstance(block, Paragraph):
        yield f"<p>{_inline(block.line)}</p>"
    elif isinstance(block, Items):
        yield from _items(block.entries, "")
    elif isinstance(block, Bars):
        for bar in block.bars:
            yield from bar_svg(bar)
    elif isinstance(block, Code):
        yield "<pre><code>" + "\n".join(escape(cleaned_line(one)) for one in block.lines) + "</code></pre>"
    else:
        yield from _table(block)


def _items(entries: tuple[Item, ...], indent: str) -> Iterator[str]:
    yield f"{indent}<ul>"
    for entry in entries:
        opening = '<li class="marked">' + _mark(entry.mark) if entry.mark else "<li>"
        if not entry.below:
            yield f"{indent}  {opening}{_inline(entry.line)}</li>"
            continue
        yield f"{indent}  {opening}{_inline(entry.line)}"
        yield from _items(entry.below, indent + "    ")
        yield f"{indent}  </li>"
    yield f"{indent}</ul>"


def _mark(mark: str) -> str:
    return f'<span class="mark {_MARKS.get(mark, "plain")}">{escape(clean(mark))}</span> '


def _table(table: Table) -> Iterator[str]:
    yield "<table>"
    names = "".join(f'<th scope="col">{escape(clean(name))}</th>' for name in table.columns)
    yield f"  <thead><tr>{names}</tr></thead>"
    yield "  <tbody>"
    for row in table.rows:
        yield "    <tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row) + "</tr>"
    yield "  </tbody>"
    yield "</table>"


def _inline(spans: Line) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    text = escape(clean(span.text))
    if span.style in _TAGS:
        text = f"<{_TAGS[span.style]}>{text}</{_TAGS[span.style]}>"
    elif span.style != "plain":
        text = f'<span class="{span.style}">{text}</span>'
    return f'<a href="{escape(span.url)}">{text}</a>' if is_web_address(span.url) else text
