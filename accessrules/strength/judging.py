"""Judging a mutant: whether a case of the casebook notices it, and where none does, a case that would.

Only cases in which the changed rule may apply, before or after, can notice it. A mutant that none notices is compared
with the original, completely, but only where it can differ; one that answers everything alike is no loss.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from accessrules.casebook import BookCase, mismatches
from accessrules.changes import Change
from accessrules.conditions import Clause, meet
from accessrules.diagrams import TooLong
from accessrules.index import everything_known, timed_clauses
from accessrules.precedence import Precedence
from accessrules.rules import Rule
from accessrules.ruleset import RuleSet
from accessrules.strength.bookcases import case_name, ready_case, simplified
from accessrules.strength.mutants import Mutant
from accessrules.strength.searching import MOST_STEPS, search
from accessrules.valuesets import ValueSet
from accessrules.vocabulary import Fact

__all__ = ["Judge", "Judged", "Verdict"]

Verdict: TypeAlias = Literal["noticed", "unnoticed", "alike", "not_analysed"]


_MOST_UNSETTLED = 10
"""After so many cases without a decided answer no better one is looked for."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a mutant: the id of a case that notices it, or a `ready` case that would.

    `alike`: it answers every case as the original does, with everything known.
    """

    mutant: Mutant
    verdict: Verdict
    by: str | None = None
    ready: BookCase | None = None


class Judge:
    """Judges mutants of a rule set by the cases of a casebook; a case that fails on the rule set itself is left out."""

    def __init__(self, rules: RuleSet, cases: Sequence[BookCase], most_steps: int = MOST_STEPS) -> None:
        self.rules, self.most_steps = rules, most_steps
        self.cases: list[tuple[BookCase, Mapping[str, ValueSet]]] = []
        for case in cases:
            if not any(mismatches(case, rules.decide(case.case, decision=case.decision))):
                self.cases.append((case, self._values(case)))

    def _values(self, case: BookCase) -> Mapping[str, ValueSet]:
        """The values that each fact of a case may have; a fact that is not there may have any."""
        cells = self.rules.decider(case.decision).read(case.case, None, None).cells
        return {fact: self.rules.index.axes[fact].set_of(mask) for fact, mask in cells.items()}

    def judge(self, mutant: Mutant) -> Judged:
        """What the casebook makes of a mutant."""
        mutated = RuleSet(mutant.form(self.rules.form), most_steps=self.rules.most_steps)
        by: str | None = None
        for case in self._touched(mutant):
            parts = {one.part for one in mismatches(case, mutated.decide(case.case, decision=case.decision))}
            if parts - {"by"}:
                return Judged(mutant, "noticed", case.id)
            if parts and by is None:
                by = case.id  # another rule says the same: no answer need differ
        try:
            ready = self._ready(mutant, mutated)
        except TooLong:
            return Judged(mutant, "not_analysed")
        if ready is None:
            return Judged(mutant, "alike")
        return Judged(mutant, "noticed", by) if by is not None else Judged(mutant, "unnoticed", ready=ready)

    # -------------------------------------------------------------------------------------- which cases can notice

    def _touched(self, mutant: Mutant) -> Iterator[BookCase]:
        changed = self._changed(mutant)
        decisions = {rule.decision for rule in changed}
        clauses = [clause for rule in changed for clause in timed_clauses(rule, self.rules.form)]
        for case, values in self.cases:
            if decisions.intersection(self.rules.index.chain(case.decision)) and any(
                _may_hold(clause, values) for clause in clauses
            ):
                yield case

    def _changed(self, mutant: Mutant) -> list[Rule]:
        """The rules that the mutant changes, as they were and as they are; or those that rest on its instrument."""
        if mutant.rule is not None:
            return [self.rules.form.rules[mutant.rule.id], mutant.rule]
        return [
            rule
            for rule in self.rules.form.rules.values()
            if any(source.instrument == mutant.about and not source.context for source in rule.sources)
        ]

    # --------------------------------------------------------------------------------------- where answers differ

    def _ready(self, mutant: Mutant, mutated: RuleSet) -> BookCase | None:
        """A case that the mutant answers otherwise, as the rule set answers it; None where there is none.

        One that is decided says more than one that is not: the first of these is only taken where none follows soon.
        """
        unsettled: list[BookCase] = []

        def wanted(change: Change) -> BookCase | None:
            case = self._noticing(mutant, mutated, change)
            if case is not None and case.status is not None:
                unsettled.append(case)
                case = unsettled[0] if len(unsettled) == _MOST_UNSETTLED else None
            return case

        for decision in sorted({rule.decision for rule in self._changed(mutant)}):
            marks = list(self._marks(mutant, mutated, decision))
            found = search(self.rules, mutated, decision, marks, wanted, most_steps=self.most_steps)
            if found is not None:
                return self._simplified(found, mutant, mutated)
        return self._simplified(unsettled[0], mutant, mutated) if unsettled else None

    def _simplified(self, case: BookCase, mutant: Mutant, mutated: RuleSet) -> BookCase:
        """The case with fewer facts; it keeps what it is about: the choices and categories that the rule tests."""
        kinds = {fact.name for fact in self.rules.form.vocabulary if fact.type in ("choice", "category")}
        keep = {fact for clause in (mutant.rule.clauses if mutant.rule else ()) for fact in clause} & kinds
        keep -= {fact for fact in keep if case.case.facts.get(fact) == self.rules.form.vocabulary[fact].presume}
        return simplified(self.rules, case, lambda fewer: _notices(fewer, mutated), keep)

    def _noticing(self, mutant: Mutant, mutated: RuleSet, change: Change) -> BookCase | None:
        """The witness as a case, with one of the details that differ where nothing else does."""
        name = case_name("mutant", mutant.id)
        before, after = change.before.model_dump()["details"], change.after.model_dump()["details"]
        differ = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        for witness in (self._with_late_days(change.witness), change.witness):
            for keys in ([], *([key] for key in differ)):
                case = ready_case(self.rules, name, change.decision, witness, keys)
                if _notices(case, mutated):
                    return case
        return None

    def _with_late_days(self, witness: Mapping[str, Any]) -> Mapping[str, Any]:
        """The witness with the last day before a change in the place of the first day of the calendar."""
        facts = dict(witness["facts"])
        for name, value in facts.items():
            axis = self.rules.index.axes[name]
            if value == dt.date.min.isoformat() and axis.size > 1:
                facts[name] = dt.date.fromordinal(int(axis.cuts[1][0]) - 1).isoformat()
        return {**witness, "facts": facts}

    def _marks(self, mutant: Mutant, mutated: RuleSet, decision: str) -> Iterator[Clause]:
        """Where answers can differ: clauses with tests of given facts only.

        A rule that gives what it gave can change an answer only where it did not apply and does, or the other way
        round, and where it meets a rule that it defeats, or that defeats it, otherwise than before.
        """
        changed = [rule for rule in self._changed(mutant) if rule.decision == decision]
        found: list[Clause] = []
        if mutant.rule is not None:
            one, other = (everything_known(rule, self.rules.form) for rule in changed)
            if mutant.kind == "outcome":
                found = one
            else:
                facts = self.rules.index.facts
                found = [*_outside(one, other, facts), *_outside(other, one, facts)]
        for rule in changed:
            mine = everything_known(rule, self.rules.form)
            for against in self._otherwise_settled(rule, mutated):
                theirs = everything_known(against, self.rules.form)
                found += [both for a in mine for b in theirs if (both := meet(a, b)) is not None]
        for clause in found:
            yield {fact: allowed for fact, allowed in clause.items() if fact not in self.rules.form.decisions}

    def _otherwise_settled(self, rule: Rule, mutated: RuleSet) -> Iterator[Rule]:
        """The rules with which a changed rule comes to something else than before, where both apply."""
        number = self.rules.index.number[rule.id]
        for n, other in enumerate(self.rules.index.rules):
            if other.decision == rule.decision and n != number:
                before, after = (_relation(rules.precedence, number, n) for rules in (self.rules, mutated))
                if before != after:
                    yield other


def _relation(precedence: Precedence, a: int, b: int) -> object:
    """What two rules make of each other; where they agree but not word for word, whose details are told."""
    if precedence.disagree(a, b):
        return precedence.defeats(a, b), precedence.defeats(b, a)
    one, other = (precedence.index.rules[n].details for n in (a, b))
    if any(one[key] != other[key] for key in one.keys() & other.keys()):
        return precedence.order[a] < precedence.order[b]
    return None


def _may_hold(clause: Clause, values: Mapping[str, ValueSet]) -> bool:
    return all(fact not in values or values[fact] & allowed for fact, allowed in clause.items())  # type: ignore[operator]


def _notices(case: BookCase, mutated: RuleSet) -> bool:
    return any(mismatches(case, mutated.decide(case.case, decision=case.decision)))


def _outside(some: Sequence[Clause], others: Sequence[Clause], facts: Mapping[str, Fact]) -> list[Clause]:
    """The part of some clauses outside others."""
    left = list(some)
    for other in others:
        left = [piece for one in left for piece in _less(one, other, facts)]
    return left


def _less(clause: Clause, other: Clause, facts: Mapping[str, Fact]) -> list[Clause]:
    """The part of a clause outside another, as clauses that do not overlap."""
    found: list[Clause] = []
    shared = dict(clause)
    for fact, allowed in other.items():
        mine = shared.get(fact, facts[fact].domain)
        if outside := mine - allowed:  # type: ignore[operator]
            found.append({**shared, fact: outside})
        shared[fact] = mine & allowed  # type: ignore[operator]
        if not shared[fact]:
            return [clause]
    return found
