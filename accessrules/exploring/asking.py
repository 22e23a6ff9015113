"""The next best question: the fact whose answer leaves the fewest ways open at worst."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from accessrules.axes import Axis, bits_of
from accessrules.deciding import Answer
from accessrules.diagrams import Question
from accessrules.index import Index
from accessrules.resolving import CONFLICT, NO_RULE, End
from accessrules.vocabulary import Fact

__all__ = ["ask", "needs", "question_text"]


def needs(answer: Answer, index: Index) -> list[dict[str, Any]]:
    """The facts that can change an undetermined answer, best question first."""
    return [
        {"fact": q.fact, "question": question_text(index.facts[q.fact]), "values": [v for v, _ in _values(q, index)]}
        for q in _questions(answer)
    ]


def ask(answer: Answer, index: Index, skip: Collection[str]) -> dict[str, Any] | None:
    """The best question that is not skipped, with what each answer leaves; None where none is left."""
    asked = [q for q in _questions(answer) if q.fact not in skip]
    if not asked:
        return None
    best = asked[0]
    fact = index.facts[best.fact]
    values = []
    for value, ends in _values(best, index):
        statuses = {"conflict" for e in ends if e == CONFLICT} | {"no_rule" for e in ends if e == NO_RULE}
        outcomes = sorted(e for e in ends if e not in (CONFLICT, NO_RULE))
        values.append({"value": value, "outcomes": outcomes, "failures": sorted(statuses)})
    return {
        "fact": best.fact,
        "type": fact.type,
        "unit": fact.unit,
        "question": question_text(fact),
        "values": values,
        "may_remain": len(asked) - 1,
    }


def question_text(fact: Fact) -> dict[str, str]:
    """The fact's question in each language."""
    return fact.question.dump()


def _questions(answer: Answer) -> list[Question]:
    if answer.diagram is None or answer.status != "undetermined":
        return []
    return answer.diagram.questions()


def _values(question: Question, index: Index) -> list[tuple[Any, frozenset[End]]]:
    """Each value, or for ordered facts each range that matters, with the ends that it leaves."""
    axis: Axis = index.axes[question.fact]
    if axis.cuts:
        return [(index.words(question.fact, cells), ends) for cells, ends in question.groups]
    each = [(axis.named[cell], ends) for cells, ends in question.groups for cell in bits_of(cells)]
    return sorted(each, key=lambda pair: str(pair[0]))
