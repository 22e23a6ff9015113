"""Decisions as they are explained on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from accessrules.commands.inputs import Asked
from accessrules.commands.output import print_document
from accessrules.commands.telling import Teller
from accessrules.decision import Decision
from accessrules.explaining.document import Document, Heading, Paragraph
from accessrules.explaining.story import story

__all__ = ["print_explained"]


def print_explained(asked: Asked, decisions: Sequence[Decision]) -> None:
    """Print each decision with its reasons; where today was taken for the day asked about, that is said once."""
    teller = Teller(asked.rules, asked.lang)
    note = teller.today(asked) if asked.took_today else None
    for number, decision in enumerate(decisions):
        told = story(decision.model_dump(), asked.rules.form, asked.lang)
        if number and asked.format == "text":
            print()
        print_document(told if number or note is None else _with_note(told, note), asked.format)


def _with_note(told: Document, note: Paragraph) -> Document:
    """The document with a note below its opening paragraphs."""
    sections = (n for n, one in enumerate(told.blocks) if isinstance(one, Heading) and one.level > 1)
    at = next(sections, len(told.blocks))
    return Document((*told.blocks[:at], note, *told.blocks[at:]), told.lang)
