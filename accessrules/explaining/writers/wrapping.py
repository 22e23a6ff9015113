"""Where a line of text may be broken: between words, and between Chinese characters.

Chinese has no spaces: a line may end after any character, but must not begin with closing punctuation or end with
opening punctuation (GB/T 15834, 5.1.8).
"""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells
from rich.text import Text

__all__ = ["longest_piece", "wrapped"]

_NOT_FIRST = frozenset("，。、；：？！）】》」』〉〕”’…—·％%,.;:?!)]}")
_NOT_LAST = frozenset("（【《「『〈〔“‘([{")
_UNIT = re.compile(r"\d [A-Za-zµ°%][A-Za-z0-9µ°²³/]{0,3}(?![A-Za-z])")


def wrapped(text: Text, width: int) -> list[Text]:
    """The text as lines of at most `width` cells, with its styles; a word that is wider is cut."""
    breaks: list[int] = []
    used = 0
    for start, end in _pieces(text.plain):
        piece = text.plain[start:end]
        if used and used + cell_len(piece.rstrip()) > width:
            breaks.append(start)
            used = 0
        if cell_len(piece.rstrip()) > width:
            for part in chop_cells(piece.rstrip(), width)[:-1]:
                start += len(part)
                breaks.append(start)
            piece = text.plain[start:end]
        used += cell_len(piece)
    lines = list(text.divide(breaks))
    for one in lines:
        one.rstrip()
    return lines


def longest_piece(text: str) -> int:
    """The cells of the widest piece that is not to be broken."""
    return max((cell_len(text[a:b].rstrip()) for a, b in _pieces(text)), default=0)


def _pieces(text: str) -> list[tuple[int, int]]:
    """The stretches between places where a line may end, each with the spaces behind it."""
    kept_together = {found.start() + 1 for found in _UNIT.finditer(text)}
    ends = [n + 1 for n in range(len(text) - 1) if _may_end(text, n, kept_together)] + [len(text)]
    return [(a, b) for a, b in zip([0, *ends], ends, strict=False) if a < b]


def _may_end(text: str, n: int, kept_together: set[int]) -> bool:
    """Whether a line may end after the character n."""
    here, after = text[n], text[n + 1]
    if after == " ":
        return False
    if here == " ":
        return n not in kept_together
    if after in _NOT_FIRST or here in _NOT_LAST:
        return False
    return cell_len(here) == 2 or cell_len(after) == 2
