"""A table as lines of text, where it fits."""

from __future__ import annotations

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement, measure_renderables
from rich.table import Table
from rich.text import Text

from accessrules.explaining.writers.wrapping import longest_piece, wrapped

__all__ = ["table_lines"]

_LEAST_COLUMN = 10
"""A column is not squeezed below so many cells, nor below its longest word."""

_PLAIN = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
"""Nothing but a line under the names of the columns."""


class _Cell:
    """A cell that breaks its lines where Chinese allows it."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        full = self.text.cell_len
        return Measurement(min(full, max(_LEAST_COLUMN, longest_piece(self.text.plain))), full)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from wrapped(self.text, options.max_width)


def table_lines(columns: list[str], rows: list[list[Text]], width: int, boxes: bool) -> list[Text] | None:
    """The table's lines, or None where it does not fit into `width` without breaking words."""
    console = Console(width=width, force_terminal=False, color_system=None, legacy_windows=False, _environ={})
    # Colours are put on later: here only the styles' places in the text matter.
    table = Table(
        box=box.ROUNDED if boxes else _PLAIN,
        show_edge=boxes,
        safe_box=False,
        pad_edge=boxes,
        padding=(0, 1) if boxes else (0, 1, 0, 0),
        border_style="dim",
        header_style="bold",
    )
    for name in columns:
        table.add_column(_Cell(Text(name, style="bold")))
    for row in rows:
        table.add_row(*(_Cell(cell) for cell in row))
    sizes = [
        measure_renderables(console, console.options.update(width=10_000), [column.header, *column.cells])
        for column in table.columns
    ]
    least = table.__rich_measure__(console, console.options.update(width=10_000)).minimum
    widths = _widths(sizes, width - (least - sum(size.minimum for size in sizes)))
    if widths is None:
        return None
    for column, cells in zip(table.columns, widths, strict=True):
        column.width = cells
    lines = console.render_lines(table, console.options.update(width=width), pad=False)
    return [Text.assemble(*((s.text, s.style or "") for s in one if not s.control)) for one in lines]


def _widths(sizes: list[Measurement], room: int) -> list[int] | None:
    """Each column's width: the widest give way first, and none below its least; None where there is no room."""
    if sum(size.minimum for size in sizes) > room:
        return None
    widths = [min(size.maximum, max(room, size.minimum)) for size in sizes]
    while sum(widths) > room:
        widest = max((n for n, size in enumerate(sizes) if widths[n] > size.minimum), key=lambda n: widths[n])
        widths[widest] -= 1
    return widths
