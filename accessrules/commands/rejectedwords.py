"""Rejected rows in words: which, and everything that is wrong with each."""

from __future__ import annotations

from collections.abc import Iterable

from accessrules.commands.regionwords import quoted
from accessrules.commands.telling import Teller
from accessrules.explaining.document import Item, Items, Span
from accessrules.registers import Rejected

__all__ = ["rejections"]


def rejections(rows: Iterable[Rejected], teller: Teller, format: str) -> Items:
    """The rows, with what is wrong and what would be right."""
    return Items(tuple(_rejection(one, teller, format) for one in rows))


def _rejection(one: Rejected, teller: Teller, format: str) -> Item:
    word = "rejected_row" if one.line is None else "rejected_line"
    title = teller.say(word, row=str(one.row), **({} if one.line is None else {"line": str(one.line)}))
    below = []
    for problem in one.problems:
        told = quoted(problem.message, format)
        if problem.column is not None:
            told = teller.say("rejected_cell", column=Span(problem.column, "code"), message=told)
        below.append(Item(told, (Item(quoted(problem.help, format)),) if problem.help else ()))
    return Item(title, tuple(below), mark="✗")
