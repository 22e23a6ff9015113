"""The explanation in words: from its data to a document, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accessrules.explaining.answering import answer
from accessrules.explaining.document import Block, Document, Heading, Paragraph, Span, line
from accessrules.explaining.guiding import changes, details, questions
from accessrules.explaining.labels import Labels
from accessrules.explaining.reasoning import at_odds, left_open, other_readings, why, yielded
from accessrules.explaining.wording.phrases import fill
from accessrules.fingerprint import SHOWN_OF_FINGERPRINT
from accessrules.rules import SourceForm

__all__ = ["about", "story"]


def story(report: dict[str, Any], form: SourceForm, lang: str = "en") -> Document:
    """What a person is told of a decision: the answer first, then what to ask, why, and what would change it.

    `report` is the decision as JSON data (`Decision.model_dump()`), `form` the rule set that decided it, for the
    labels and titles. A section with nothing to say is left out. Raises QueryError for an unknown language.

    >>> from accessrules import load_rules
    >>> rules = load_rules()
    >>> decision = rules.decide({"category": "other_product"}, as_of="2024-01-01")
    >>> story(decision.model_dump(), rules.form, "zh").lang
    'zh'
    """
    labels = Labels(form, lang)
    phrases = labels.phrases
    blocks: list[Block] = [Heading(line(labels.question(report["decision"])), 1), *answer(report, labels)]
    sections = [
        (phrases.head_needs, questions(report, labels)),
        (phrases.head_details, details(report, labels)),
        (phrases.head_why, why(report, labels)),
        (phrases.head_open, left_open(report, labels)),
        (phrases.head_conflict, at_odds(report, labels)),
    ]
    if not report["needs"]:
        # While facts are missing these would be about rules that may never come into play: the questions come first.
        sections += [
            (phrases.head_contested, other_readings(report, labels)),
            (phrases.head_yielded, yielded(report, labels)),
            (phrases.head_changes, changes(report, labels)),
        ]
    for heading, section in (*sections, (phrases.head_about, [about(report["ruleset"], labels)])):
        if section:
            blocks.extend([Heading(line(heading)), *section])
    return Document(tuple(blocks), lang)


def about(ruleset: Mapping[str, Any], labels: Labels) -> Block:
    """Which rules said so (`RuleSet.identity()`), and what this is not."""
    shown = fill(
        labels.phrases.ruleset,
        name=ruleset["name"],
        version=ruleset["version"],
        fingerprint=Span(ruleset["fingerprint"][:SHOWN_OF_FINGERPRINT], "code"),
    )
    return Paragraph(line(shown, labels.phrases.space, labels.phrases.advice))
