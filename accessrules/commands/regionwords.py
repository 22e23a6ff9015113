"""Regions, and messages with names in backticks, in the words of a language."""

from __future__ import annotations

from collections.abc import Mapping

from accessrules.commands.telling import Teller
from accessrules.explaining.document import Line, Span, line
from accessrules.vocabulary import AS_OF

__all__ = ["by_rank", "quoted", "region_text"]


def by_rank(region: Mapping[str, str], teller: Teller) -> list[str]:
    """The facts of a region in the order in which they are said: the category first, the day last."""
    vocabulary = teller.rules.form.vocabulary

    def place(name: str) -> tuple[bool, bool, str]:
        fact = vocabulary.get(name)
        return name == AS_OF.name, fact is None or fact.type != "category", name

    return sorted(region, key=place)


def region_text(region: Mapping[str, str], teller: Teller) -> str:
    """A region, given as tests in the words of rule files: `refrigerators; effective volume: at least 500 L`.

    Of a category and of the day the test says enough. A region without tests is everywhere.
    """
    vocabulary = teller.rules.form.vocabulary
    parts = []
    for name in by_rank(region, teller):
        fact, test = vocabulary.get(name), teller.labels.test(name, region[name])
        if name == AS_OF.name or (fact is not None and fact.type == "category"):
            parts.append(test)
        else:
            parts.append(teller.text("test", fact=teller.labels.fact(name), test=test))
    return teller.text("between").join(parts) or teller.text("everywhere")


def quoted(message: str, format: str) -> Line:
    """A message with what stands in backticks as code; in text it stays in backticks, as in every error message.

    >>> [span.text for span in quoted("no rule cites `n2019-34`", "md")]
    ['no rule cites ', 'n2019-34']
    """
    if format == "text":
        return line(message)
    return line(*(Span(part, "code") if n % 2 else part for n, part in enumerate(message.split("`"))))
