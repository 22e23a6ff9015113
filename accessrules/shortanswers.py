"""Answers in short, as a portfolio has one for each product and decision: rules and facts by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accessrules.axes import bits_of
from accessrules.deciding import Answer, Decider
from accessrules.exploring.asking import needs
from accessrules.exploring.neighbours import prevailing, short
from accessrules.exploring.readings import readings
from accessrules.index import Index
from accessrules.resolving import End, Status
from accessrules.rules import ONE_CERTIFICATE_PER

__all__ = ["ShortAnswer", "facts_of_readings", "short_answer"]


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The answer of one decision to one product, in short: rules and facts by name.

    `needs` are the facts that can change it, best question first, or else those that can change what one certificate
    is for; `open` the rules whose sources leave it open,
    `conflict` those that disagree, `via` earlier decisions that failed. `scopes` has, for each way in which it can
    end, what one certificate is for by its details; None stands for details that do not say. `contested` are other
    readings of the rules that it rests on, `certificate_rules` those of them that say what one certificate is for.
    """

    status: Status
    outcome: str | None
    rule: str | None
    possible: tuple[str, ...]
    possible_status: tuple[Status, ...]
    needs: tuple[str, ...]
    open: tuple[str, ...]
    conflict: tuple[str, ...]
    via: tuple[str, ...]
    scopes: frozenset[tuple[End, str | None]]
    contested: tuple[Mapping[str, Any], ...]
    certificate_rules: tuple[str, ...]

    def scopes_of(self, outcome: str | None = None) -> frozenset[str | None]:
        """What one certificate may be for; where an outcome is named, with that outcome."""
        return frozenset(scope for end, scope in self.scopes if outcome in (None, end))

    def dump(self) -> dict[str, Any]:
        """As JSON carries it."""
        return {
            "status": self.status,
            "outcome": self.outcome,
            "rule": self.rule,
            "possible": list(self.possible),
            "needs": list(self.needs),
            "open": list(self.open),
            "conflict": list(self.conflict),
            "via": list(self.via),
            "contested": [dict(one) for one in self.contested],
            "certificate_rules": list(self.certificate_rules),
        }


def short_answer(cells: Mapping[str, int], decider: Decider) -> ShortAnswer:
    """The answer where each fact lies in the given cells."""
    answer, index = decider.answer(cells), decider.index
    status, outcome, rule = short(answer, index, decider.chain.resolver.precedence)
    at_odds = {n for one in (*answer.resolutions, *answer.failed) for n in one.conflict}
    scopes, rules = _scopes(answer), prevailing(answer, decider.chain.resolver.precedence)
    return ShortAnswer(
        status=status,
        outcome=outcome,
        rule=rule,
        possible=answer.possible,
        possible_status=answer.possible_status,
        needs=tuple(one["fact"] for one in needs(answer, index)) or tuple(_turning(scopes, cells, decider)),
        open=tuple(sorted(index.rules[n].id for n in answer.open_rules)),
        conflict=tuple(sorted(index.rules[n].id for n in at_odds)),
        via=answer.via,
        scopes=scopes,
        contested=tuple(readings(decider, answer, cells)),
        certificate_rules=tuple(index.rules[n].id for n in rules if ONE_CERTIFICATE_PER in index.rules[n].details),
    )


def _scopes(answer: Answer) -> frozenset[tuple[End, str | None]]:
    """Each way in which the answer can end, with what one certificate is then for."""
    found: set[tuple[End, str | None]] = set()
    for resolution in answer.resolutions:
        # INVARIANT: what is there is one of SCOPES: the reading of rule files sees to it.
        scope = (resolution.details or {}).get(ONE_CERTIFICATE_PER)
        found.update((end, None if scope is None else str(scope)) for end in resolution.ends)
    return frozenset(found or {("", None)})


def _turning(scopes: frozenset[tuple[End, str | None]], cells: Mapping[str, int], decider: Decider) -> Iterator[str]:
    """The unknown facts of which some value settles more of what one certificate is for."""
    if len({scope for _, scope in scopes}) < 2:
        return
    for fact in decider.chain.facts:
        mask = cells.get(fact, decider.index.everything[fact])
        each = (_scopes(decider.answer({**cells, fact: 1 << cell})) for cell in bits_of(mask))
        if mask & (mask - 1) and any(one != scopes for one in each):
            yield fact


def facts_of_readings(index: Index, decision: str) -> tuple[str, ...]:
    """The facts on which it depends whether a case meets another reading of a rule of the decision."""
    contested = (one for rule in index.rules if rule.decision == decision for one in rule.contested)
    return tuple(sorted({fact for one in contested for clause in one.clauses for fact in clause}))
