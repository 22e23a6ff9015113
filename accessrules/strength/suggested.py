"""Cases for rules and clauses that no case covers: one in which the rule prevails, and both sides of each end there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from accessrules.casebook import BookCase, case_results, run_casebook
from accessrules.changes import Change
from accessrules.conditions import Clause
from accessrules.diagrams import TooLong
from accessrules.exploring.neighbours import value_near
from accessrules.index import everything_known
from accessrules.ruleset import RuleSet
from accessrules.strength.bookcases import answered, case_name, ready_case, simplified
from accessrules.strength.searching import search
from accessrules.values import json_value
from accessrules.valuesets import Ordered
from accessrules.vocabulary import AS_OF, FactValue

__all__ = ["Suggestion", "changed_cases", "suggested"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule (or a clause of it) that no case covers, and cases that do; the first covers it.

    `cases` is empty where the rule prevails in no case: `accessrules check` says why. It is `found` unless the search
    for one took too long.
    """

    rule: str
    clause: Clause
    cases: tuple[BookCase, ...]
    found: bool = True


def suggested(rules: RuleSet, cases: Sequence[BookCase], names: Collection[str] | None = None) -> list[Suggestion]:
    """What to add to a casebook, for these rules (None: for all), in the order of their ids."""
    coverage = run_casebook(rules, cases).coverage
    missed = [(name, clause) for name in coverage.uncovered_rules for clause in rules.form.rules[name].clauses]
    missed += coverage.uncovered_clauses
    taken = {case.id for case in cases}
    return [
        _Search(rules, name, clause, taken).suggestion()
        for name, clause in sorted(missed, key=lambda one: one[0])
        if names is None or name in names
    ]


def changed_cases(rules: RuleSet, cases: Sequence[BookCase]) -> list[BookCase]:
    """The cases that the applied proposals answer otherwise, with the answer that they have now; else none."""
    if not rules.proposals:
        return []  # then it may as well be the rules that are wrong
    failed = [one.case for one in case_results(rules, cases) if not one.passed]
    return [answered(rules, case, case.details.keys()) for case in failed]


class _Search:
    """Looks for cases in which a rule prevails by one of its clauses."""

    def __init__(self, rules: RuleSet, rule: str, clause: Clause, taken: set[str]) -> None:
        self.rules, self.rule, self.clause, self.taken = rules, rules.form.rules[rule], clause, taken

    def suggestion(self) -> Suggestion:
        """The first case that covers the clause, and its neighbours; without the rule every such case differs."""
        form = self.rules.form
        left = {name: rule for name, rule in form.rules.items() if name != self.rule.id}
        without = RuleSet(replace(form, rules=left), most_steps=self.rules.most_steps)
        timed = everything_known(replace(self.rule, clauses=(self.clause,)), form)
        marks = [{f: allowed for f, allowed in one.items() if f not in form.decisions} for one in timed]
        try:
            for wanted in (self._settling, self._covering):
                first = search(self.rules, without, self.rule.decision, marks, wanted, reasons=True)
                if first is not None:
                    return Suggestion(self.rule.id, self.clause, (first, *self._around(first, timed)))
        except TooLong:
            return Suggestion(self.rule.id, self.clause, (), found=False)
        return Suggestion(self.rule.id, self.clause, ())

    def _settling(self, change: Change) -> BookCase | None:
        """As `_covering`, where one rule also decides: such a case says more."""
        return self._covering(change) if len(change.before.possible) == 1 else None

    def _covering(self, change: Change) -> BookCase | None:
        """The witness as a case, where it covers the clause; with no more facts than that takes."""
        if self.rule.id not in change.before.rules:
            return None
        case = ready_case(self.rules, self.rule.id, self.rule.decision, change.witness)
        if not self._covers(case):
            return None
        case = simplified(self.rules, case, self._covers, keep=(*self.clause, AS_OF.name))
        return replace(case, id=self._free(self.rule.id))

    def _covers(self, case: BookCase) -> bool:
        coverage = run_casebook(self.rules, [case]).coverage
        missed = (self.rule.id, self.clause) in coverage.uncovered_clauses
        return self.rule.id not in coverage.uncovered_rules and not missed

    def _around(self, first: BookCase, timed: Sequence[Clause]) -> Iterator[BookCase]:
        """The case with the values nearest to each end of each range of the clause, on both sides."""
        given = {(str(first.case.as_of), tuple(sorted(first.case.facts.items(), key=str)))}
        for clause in timed:
            for fact, allowed in sorted(clause.items()):
                if not isinstance(allowed, Ordered):
                    continue
                for value in self._nearest(fact, allowed):
                    case = self._with(first, fact, value)
                    key = (str(case.case.as_of), tuple(sorted(case.case.facts.items(), key=str)))
                    settled = case.status != "undetermined" or case.by is not None
                    if key not in given and settled:
                        given.add(key)
                        yield replace(case, id=self._free(case.id))

    def _nearest(self, fact: str, allowed: Ordered) -> Iterator[FactValue]:
        axis = self.rules.index.axes[fact]
        for interval in allowed.intervals:
            for cut in interval:
                if axis.cuts[0] < cut < axis.cuts[-1]:
                    after = axis.cuts.index(cut)
                    yield value_near(axis, after - 1, axis.sample(after))
                    yield value_near(axis, after, axis.sample(after - 1))

    def _with(self, case: BookCase, fact: str, value: FactValue) -> BookCase:
        shown = json_value(value)
        witness: dict[str, Any] = {"facts": dict(case.case.facts), "as_of": case.case.as_of, "known_on": None}
        if fact == AS_OF.name:
            witness["as_of"] = shown
        else:
            witness["facts"][fact] = shown
        return ready_case(self.rules, case_name(case.id, fact, str(shown)), case.decision, witness)

    def _free(self, name: str) -> str:
        """The name, or the first of it with a number that no case has; it is taken then."""
        found, number = name, 1
        while found in self.taken:
            number += 1
            found = f"{name}-{number}"
        self.taken.add(found)
        return found
