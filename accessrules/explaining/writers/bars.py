"""Bars: in HTML an inline SVG without script or style, in text the ranges in words."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from accessrules.explaining.document import Bar, Bars, End, Item, Range, line
from accessrules.explaining.writers.cleaning import clean

__all__ = ["bar_svg", "bars_in_words"]

_WIDTH, _LEFT, _LENGTH = 640, 20, 600
_TOP, _THICK, _LINE = 24, 12, 15
_DOT, _LEAST = 4, 2
_LETTER, _GAP = 7, 8
"""About the width of a letter, and the room between two labels."""


def bars_in_words(block: Bars) -> tuple[Item, ...]:
    """Each bar as an item: what is measured, and its ranges."""
    return tuple(Item(line(bar.said)) for bar in block.bars)


def bar_svg(bar: Bar) -> Iterator[str]:
    """The lines of an SVG: a rail, its ranges filled, each end with its label and a dot (hollow where it is not in)."""
    labels = list(_placed(bar))
    rows = 1 + max((row for _, _, row in labels), default=0)
    height = _TOP + _THICK + _LINE * rows + 6
    said = escape(clean(bar.said))
    yield (
        f'<svg class="bar" role="img" aria-label="{said}" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="13" fill="currentColor">'
    )
    yield f'  <text x="{_LEFT}" y="16">{escape(clean(bar.label))}</text>'
    yield f'  <rect class="rail" x="{_LEFT}" y="{_TOP}" width="{_LENGTH}" height="{_THICK}" fill-opacity="0.15"/>'
    for one in bar.ranges:
        yield from _filled(one)
    for x, end, row in labels:
        y = _TOP + _THICK + _LINE * (row + 1)
        yield f'  <text x="{x:.0f}" y="{y}" text-anchor="middle">{escape(clean(end.text))}</text>'
    yield "</svg>"


def _x(part: float) -> float:
    return _LEFT + _LENGTH * part


def _filled(one: Range) -> Iterator[str]:
    x, width = _x(one.start), max(_LENGTH * (one.end - one.start), _LEAST)
    yield f'  <rect class="range" x="{x:.0f}" y="{_TOP}" width="{width:.0f}" height="{_THICK}" fill-opacity="0.6"/>'
    middle = _TOP + _THICK // 2
    ends = {one.start: one.low, one.end: one.high}  # of a single value there is one dot
    for at, end in ends.items():
        if end is not None:
            inside = "currentColor" if end.included else "white"
            yield (
                f'  <circle cx="{_x(at):.0f}" cy="{middle}" r="{_DOT}" fill="{inside}" '
                'stroke="currentColor" stroke-width="2"/>'
            )


def _placed(bar: Bar) -> Iterator[tuple[float, End, int]]:
    """Each label with its middle and its row: the first row in which it covers no other; equal neighbours are one."""
    taken: list[float] = []
    before: End | None = None
    ends = [(at, end) for one in bar.ranges for at, end in ((one.start, one.low), (one.end, one.high)) if end]
    for at, end in ends:
        if before is not None and before.text == end.text:
            continue
        before = end
        half = sum(1 if ord(c) < 0x2E80 else 2 for c in end.text) * _LETTER / 2
        middle = min(max(_x(at), half), _WIDTH - half)
        row = next((n for n, edge in enumerate(taken) if edge + _GAP <= middle - half), len(taken))
        taken[row : row + 1] = [middle + half]
        yield middle, end, row
