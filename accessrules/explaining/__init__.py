"""Explanations: from a decision to data, and from data to words.

    report.py       the decision as JSON data, which everything else is made from
    story.py        the data in words, as a Document: answering, reasoning and guiding are its parts
    labels.py       what facts, values, tests, outcomes, rules and sources are called
    wording/        the phrases, one module a language
    writers/        a Document as text, Markdown or HTML

Each step reads only the one before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accessrules.errors import Problem, QueryError
from accessrules.suggesting import did_you_mean

if TYPE_CHECKING:
    from accessrules.decision import Decision

__all__ = ["FORMATS", "WIDTH", "explain"]

FORMATS = ("text", "md", "html", "json")
WIDTH = 80
"""Columns of text where no number is given."""


def explain(decision: Decision, lang: str = "en", format: str = "text", width: int | None = None) -> str:
    """The explanation of a decision in words.

    `lang` is `en` or `zh`, `format` one of `FORMATS`; `width` is the number of columns of text. JSON is the same
    in every language. Raises QueryError for another language or format.

    >>> from accessrules import load_rules
    >>> decision = load_rules().decide({"category": "other_product"}, as_of="2024-01-01")
    >>> decision.explain(format="html").splitlines()[0]
    '<section class="accessrules" lang="en">'
    """
    from accessrules.explaining.wording import language

    language(lang)
    if format not in FORMATS:
        names = {"text": ("txt", "plain"), "md": ("markdown",), "html": (), "json": ()}
        raise QueryError(
            [Problem("$.format", f"unknown format `{format}`", did_you_mean(str(format), names, "formats"))]
        )
    if width is not None and (not isinstance(width, int) or isinstance(width, bool) or width < 1):
        raise QueryError([Problem("$.width", f"`{width}` is no number of columns", "give a whole number, such as 80")])
    if format == "json":
        return decision.model_dump_json(indent=2)
    from accessrules.explaining import writers
    from accessrules.explaining.story import story

    document = story(decision.model_dump(), decision.rules.form, lang)
    if format == "md":
        return writers.write_markdown(document)
    if format == "html":
        return writers.write_html(document)
    return writers.write_text(document, width=WIDTH if width is None else width)
