"""Decisions as they are explained on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from accessrules.commands.inputs import Asked
from accessrules.commands.output import print_document
from accessrules.commands.telling import Teller
from accessrules.decision import Decision
from accessrules.explaining.document import Document, Heading, Paragraph, Span, line
from accessrules.explaining.story import story
from accessrules.explaining.wording.phrases import fill
from accessrules.exploring.asking import needs

__all__ = ["print_explained"]


_FEW = 3
"""So many outcomes of a decision that was not asked about are named."""


def print_explained(asked: Asked, decisions: Sequence[Decision]) -> None:
    """Print each decision with its reasons; where today was taken for the day asked about, that is said once.

    Of several decisions, those that the case says nothing about are told in a line.
    """
    teller = Teller(asked.rules, asked.lang)
    note = teller.today(asked) if asked.took_today else None
    for number, decision in enumerate(decisions):
        told = _not_asked(decision, teller) if len(decisions) > 1 else None
        told = told or story(decision.model_dump(), asked.rules.form, asked.lang)
        if number and asked.format == "text":
            print()
        print_document(told if number or note is None else _with_note(told, note), asked.format)


def _not_asked(decision: Decision, teller: Teller) -> Document | None:
    """What to say to ask about a decision, where the case gives none of the facts that it alone tests."""
    rules, index = decision.rules, decision.rules.index
    if decision.status != "undetermined" or rules.form.main is None:
        return None
    tested = (f for f in index.facts if index.testing[f] & index.of_decision[decision.decision])
    own = set(tested) - set(rules.decider(rules.form.main).chain.facts) - rules.form.decisions.keys()
    missing = needs(decision.answer, index)
    if not missing or missing[0]["fact"] not in own or own & decision.case.json_facts().keys():
        return None
    first, labels = missing[0], teller.labels
    said = teller.say("not_asked", fact=Span(first["fact"], "code"), question=labels.text(first["question"]))
    if len(decision.possible) <= _FEW:
        names = [labels.outcome(decision.decision, one) for one in decision.possible]
        outcomes = Span(labels.phrases.separator.join(names), "strong")
        said = line(said, labels.phrases.space, fill(labels.phrases.possible, outcomes=outcomes))
    return teller.document(Heading(line(labels.question(decision.decision)), 1), Paragraph(said))


def _with_note(told: Document, note: Paragraph) -> Document:
    """The document with a note below its opening paragraphs."""
    sections = (n for n, one in enumerate(told.blocks) if isinstance(one, Heading) and one.level > 1)
    at = next(sections, len(told.blocks))
    return Document((*told.blocks[:at], note, *told.blocks[at:]), told.lang)
