"""A map of the answers along two facts: its cells, and how it is drawn on a terminal or as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click

from accessrules.commands.output import Look
from accessrules.commands.telling import Teller
from accessrules.explaining.document import Block, Item, Items, Line, Span, Table, line
from accessrules.exploring.whatif import Map
from accessrules.valuesets import Named, ValueSet
from accessrules.vocabulary import Fact

__all__ = ["PAPER", "Sheet", "map_table", "map_text"]

PAPER = ((214, 16), (74, 16), (36, 16), (227, 16), (25, 231), (166, 16), (175, 16), (250, 16))
"""Okabe and Ito's colours, which the colour-blind can tell apart, as (paper, ink) of a terminal's 256."""

_SIGNS = {"undetermined": "?", "conflict": "!", "no_rule": "-"}
_LETTERS = "ABDEFGHIJKLMNOPQRSTUVWXYZ"  # without C: a run of it reads as CCC
_WIDEST_CELL, _TALLEST, _LEAST_TEXT = 12, 6, 12

Ending = tuple[str, str | None, bool]
"""Status, outcome, and whether a rule leaves the answer open."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers over two facts, with neighbours that are alike joined."""

    across: Fact
    down: Fact
    columns: tuple[ValueSet, ...]
    rows: tuple[ValueSet, ...]
    answers: Mapping[tuple[int, int], Ending]

    @classmethod
    def of(cls, grid: Map) -> Sheet:
        """The sheet of a grid: dates run across, else what has an order; what runs down grows upwards."""
        x = max((0, 1), key=lambda n: (grid.facts[n].type == "date", grid.facts[n].is_ordered, -n))
        full = {
            (i, j): _ending(grid, x, i, j)
            for i in range(len(grid.segments[x]))
            for j in range(len(grid.segments[1 - x]))
        }
        across = _alike(grid.segments[x], lambda i: [full[i, j] for j in range(len(grid.segments[1 - x]))])
        down = _alike(grid.segments[1 - x], lambda j: [full[i, j] for i in range(len(grid.segments[x]))])
        if grid.facts[1 - x].is_ordered:
            down.reverse()
        answers = {(r, c): full[i, j] for r, (j, _) in enumerate(down) for c, (i, _) in enumerate(across)}
        return cls(grid.facts[x], grid.facts[1 - x], tuple(s for _, s in across), tuple(s for _, s in down), answers)

    @property
    def signs(self) -> dict[Ending, str]:
        """A letter for each outcome, in the order in which they are met; a sign for what is no outcome."""
        found: dict[Ending, str] = {}
        letters = iter(_LETTERS)
        for spot in sorted(self.answers):
            ending = self.answers[spot]
            if ending not in found:
                status, _, is_open = ending
                found[ending] = next(letters, "*") if status == "decided" else "~" if is_open else _SIGNS[status]
        return found


def _ending(grid: Map, x: int, i: int, j: int) -> Ending:
    status, outcome, rule = grid.answers[(i, j) if x == 0 else (j, i)]
    return status, outcome, status == "undetermined" and rule is not None


def _alike(segments: Sequence[ValueSet], answers_at: object) -> list[tuple[int, ValueSet]]:
    """The segments with those of equal answers joined: neighbours of ordered values, any of named ones."""
    found: list[tuple[int, ValueSet]] = []
    for i, values in enumerate(segments):
        candidates = range(len(found)) if isinstance(values, Named) else range(len(found))[-1:]
        same = [n for n in candidates if answers_at(found[n][0]) == answers_at(i)]  # type: ignore[operator]
        if same:
            first, joined = found[same[0]]
            found[same[0]] = (first, joined | values)  # type: ignore[operator]
        else:
            found.append((i, values))
    return found


# ---------------------------------------------------------------------------------------------------- on a terminal


def map_text(sheet: Sheet, decision: str, teller: Teller, look: Look) -> str:
    """The map in lines of at most the look's width: letters that fill regions, coloured where that may be."""
    from rich.cells import cell_len, set_cell_size

    labels = [teller.labels.allowed(sheet.down, one) for one in sheet.rows]
    keyed = max(map(cell_len, labels)) > look.width * 2 // 5
    shown = [str(n) for n in range(1, len(labels) + 1)] if keyed else labels
    margin = max(map(cell_len, shown)) + 2
    room = max(look.width - margin, 8)
    least = len(str(len(sheet.columns))) + 1
    cell = max(least, min(_WIDEST_CELL, room // len(sheet.columns)))
    at_once = max(1, room // cell)
    tall = 2 if sheet.down.is_ordered and len(labels) <= _TALLEST else 1
    lines: list[str] = [*_hung("", _axes(sheet, teller), look.width), ""]
    for first in range(0, len(sheet.columns), at_once):
        columns = range(first, min(first + at_once, len(sheet.columns)))
        lines.append(" " * margin + "".join(str(c + 1).center(cell) for c in columns).rstrip())
        for row, label in enumerate(shown):
            for n in range(tall):
                lead = set_cell_size("" if n else label, margin - 1) + " "
                lines.append(lead + _cells(sheet, row, columns, cell, look))
        lines.append("")
    lines += _key(
        teller.text("map_columns"), [teller.labels.allowed(sheet.across, one) for one in sheet.columns], look.width
    )
    if keyed:
        lines += ["", *_key(teller.text("map_rows"), labels, look.width)]
    return "\n".join([*lines, "", *_legend(sheet, decision, teller, look)])


def _cells(sheet: Sheet, row: int, columns: Sequence[int], width: int, look: Look) -> str:
    signs = sheet.signs
    parts: list[str] = []
    for c in columns:
        ending = sheet.answers[row, c]
        parts.append(_painted(signs[ending] * width, ending, signs, look))
    return "".join(parts)


def _painted(text: str, ending: Ending, signs: Mapping[Ending, str], look: Look) -> str:
    if not look.color or ending[0] != "decided":
        return text
    paper, ink = PAPER[[e for e in signs if e[0] == "decided"].index(ending) % len(PAPER)]
    return click.style(text, fg=ink, bg=paper)


def _axes(sheet: Sheet, teller: Teller) -> str:
    return teller.text(
        "map_axes", across=teller.labels.fact(sheet.across.name), down=teller.labels.fact(sheet.down.name)
    )


def _key(title: str, entries: Sequence[str], width: int) -> list[str]:
    """What each number stands for."""
    size = len(str(len(entries)))
    lines = [title]
    for n, entry in enumerate(entries, 1):
        lines += _hung(f"  {n:>{size}}  ", entry, width)
    return lines


def _hung(lead: str, text: str, width: int) -> list[str]:
    """The text in lines of at most the width, the first after the lead and the others under its text."""
    from rich.text import Text

    from accessrules.explaining.writers.wrapping import wrapped

    indent = len(click.unstyle(lead))
    pieces = [one.plain.rstrip() for one in wrapped(Text(text), max(width - indent, _LEAST_TEXT))]
    return [(" " * indent if n else lead) + piece for n, piece in enumerate(pieces)]


def _legend(sheet: Sheet, decision: str, teller: Teller, look: Look) -> list[str]:
    signs = sheet.signs
    order = sorted(signs, key=lambda e: (e[0] != "decided", signs[e]))
    lines = [teller.text("map_legend")]
    for e in order:
        lines += _hung(f"  {_painted(signs[e] * 3, e, signs, look)}  ", _said(e, decision, teller).text, look.width)
    return lines


def _said(ending: Ending, decision: str, teller: Teller) -> Span:
    status, outcome, is_open = ending
    return teller.answer(decision, status, outcome, "open" if is_open else None)


# ---------------------------------------------------------------------------------------------------- as a table


def map_table(sheet: Sheet, decision: str, teller: Teller) -> list[Block]:
    """The map for Markdown and HTML: a table of letters with its legend."""
    signs = sheet.signs
    columns = ("", *(teller.labels.allowed(sheet.across, one) for one in sheet.columns))
    rows: list[tuple[Line, ...]] = []
    for r, values in enumerate(sheet.rows):
        cells = (line(Span(signs[sheet.answers[r, c]], "code")) for c in range(len(sheet.columns)))
        rows.append((line(teller.labels.allowed(sheet.down, values)), *cells))
    legend = sorted(signs, key=lambda e: (e[0] != "decided", signs[e]))
    return [
        teller.paragraph("sentence_part", text=_axes(sheet, teller)),
        Table(columns, tuple(rows)),
        teller.heading("map_legend"),
        Items(tuple(Item(line(Span(signs[e], "code"), " ", _said(e, decision, teller))) for e in legend)),
    ]
