"""How sure an answer is: other readings of the rules that it rests on, and the least sure of their sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accessrules.deciding import Answer, Decider
from accessrules.exploring.neighbours import prevailing
from accessrules.rules import CONFIDENCES, Confidence, Rule

__all__ = ["earlier_answers", "earlier_cells", "least_sure", "readings", "rule_readings"]


def earlier_answers(decider: Decider, cells: Mapping[str, int]) -> dict[str, Answer]:
    """The answers of the earlier decisions that a decision rests on."""
    return {name: decider.rules.decider(name).answer(cells) for name in decider.chain.decisions[:-1]}


def earlier_cells(decider: Decider, answers: Mapping[str, Answer]) -> dict[str, int]:
    """The outcomes of earlier decisions as cells, where each completion has one or leaves it open."""
    axes = decider.index.axes
    return {
        name: sum(1 << axes[name].cell_of(outcome) for outcome in answer.possible)
        for name, answer in answers.items()
        if answer.possible_status in (("decided",), ("undetermined",))
    }


def readings(decider: Decider, answer: Answer, cells: Mapping[str, int]) -> list[dict[str, Any]]:
    """Other readings of the rules that prevail, as JSON carries them, where the case can still meet them."""
    if answer.status != "decided" and not answer.open_rules:
        return []
    numbers = prevailing(answer, decider.chain.resolver.precedence)
    return [one for n in numbers for one in rule_readings(decider, decider.index.rules[n], cells)]


def rule_readings(decider: Decider, rule: Rule, cells: Mapping[str, int]) -> list[dict[str, Any]]:
    """Other readings of one rule that the case can still meet."""
    if not rule.contested:
        return []
    axes = decider.index.axes
    known = {**cells, **earlier_cells(decider, earlier_answers(decider, cells))}
    return [
        {
            "rule": rule.id,
            "reading": one.reading,
            "by": one.by.dump(),
            "note": one.note.dump() if one.note else None,
        }
        for one in rule.contested
        if any(
            all(known.get(fact, -1) & axes[fact].mask_of(allowed) for fact, allowed in clause.items())
            for clause in one.clauses
        )
    ]


def least_sure(rule: Rule) -> Confidence:
    """How sure a rule is: as sure as the least sure of the sources that it rests on."""
    return max((one.confidence for one in rule.sources if not one.context), key=CONFIDENCES.index)
