"""A rule set as formulas for Z3, written down from docs/semantics.md and the source form.

Nothing of the index, the atlas, precedence or resolving is used. A fact that is fixed is a plain value, any other a
variable over its whole domain: named values are bit vectors, integers and days integers, numbers exact reals. A
formula is a Z3 term, or True or False where the fixed facts settle it; with every fact fixed, no Z3 is left, and
`test_encoding.py` holds the formulas against the reference interpreter. What defeats what is the reference's, too.

What is proved with it: there is *no* case, of infinitely many, in which something holds outside the regions that the
engine gives for it (`missed_by`), and none inside in which it does not (`false_in`). With `differ` as that something,
this is that a diff is complete, and that it is true.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any, TypeAlias

import pytest

pytest.importorskip("z3", reason="z3-solver is not installed: `pip install 'accessrules[proof]'`")

import z3

from accessrules.conditions import AllOf, AnyOf, Condition, Not, Test
from accessrules.rules import Rule, Source, SourceForm
from accessrules.valuesets import HIGH, LOW, Cut, Named, ValueSet
from accessrules.vocabulary import AS_OF, Fact, FactValue
from tests.reference.interpreter import CONFLICT, NO_RULE, Interpreter, disagree
from tests.reference.worlds import allows, each_test

Formula: TypeAlias = z3.BoolRef | bool
World: TypeAlias = Mapping[str, FactValue]
Region: TypeAlias = Mapping[str, ValueSet]
"""A box: the cases whose facts lie in these sets."""


def all_of(parts: Iterable[Formula]) -> Formula:
    """True where all parts are."""
    kept = [part for part in parts if part is not True]
    return False if any(part is False for part in kept) else (z3.And(kept) if kept else True)


def any_of(parts: Iterable[Formula]) -> Formula:
    """True where some part is."""
    kept = [part for part in parts if part is not False]
    return True if any(part is True for part in kept) else (z3.Or(kept) if kept else False)


def no(part: Formula) -> Formula:
    """True where the part is not."""
    return not part if isinstance(part, bool) else z3.Not(part)


def same(a: Formula, b: Formula) -> Formula:
    """True where both are, or neither is."""
    if a is b or (isinstance(a, z3.ExprRef) and isinstance(b, z3.ExprRef) and a.eq(b)):
        return True  # one and the same term: no need to ask
    return any_of([all_of([a, b]), all_of([no(a), no(b)])])


def variable(fact: Fact) -> Any:
    """The variable of a fact."""
    if not fact.is_ordered:
        return z3.BitVec(fact.name, len(fact.leaves).bit_length())
    return z3.Real(fact.name) if fact.type == "number" else z3.Int(fact.name)


def within(fact: Fact, allowed: ValueSet) -> Formula:
    """That a fact's value lies in a set."""
    here = variable(fact)
    if isinstance(allowed, Named):
        return any_of(here == fact.leaves.index(value) for value in sorted(allowed.members))

    def before(cut: Cut) -> Formula:
        if cut in (LOW, HIGH):
            return cut == HIGH
        exact = Fraction(cut[0])
        end = z3.Q(exact.numerator, exact.denominator) if fact.type == "number" else int(exact)
        return here <= end if cut[1] else here < end

    return any_of(all_of([no(before(low)), before(high)]) for low, high in allowed.intervals)


def counterexample(*formulas: Formula) -> str | None:
    """A case in which all formulas hold, or None: then it is proved that there is none."""
    whole = all_of(formulas)
    if whole is False:
        return None
    solver = z3.Solver()
    solver.add(whole)
    answer = solver.check()
    assert answer != z3.unknown, solver.reason_unknown()
    return str(solver.model()) if answer == z3.sat else None


@dataclass(frozen=True)
class Resolved:
    """Where what happens to one decision; `prevails` by rule, `decides` by set of outcomes."""

    prevails: Mapping[str, Formula]
    decides: Mapping[frozenset[str], Formula]
    conflict: Formula
    no_rule: Formula

    def gives(self, outcome: str) -> Formula:
        """Where the outcome is this one, or may be where the sources leave it open."""
        return any_of(where for outcomes, where in self.decides.items() if outcome in outcomes)


class Encoding:
    """The formulas of a rule set, as known on a day (None: everything known)."""

    def __init__(self, reference: Interpreter, known_on: dt.date | None = None) -> None:
        self.reference, self.form, self.known_on = reference, reference.form, known_on
        self.facts = {**{fact.name: fact for fact in self.form.vocabulary}, AS_OF.name: AS_OF}
        self.beats, self.within, self.applies = cache(self._beats), cache(self._within), cache(self._applies)
        self.domain = all_of(self.within(name, fact.domain) for name, fact in self.facts.items())
        """That every fact has a value that it can have."""

    def _beats(self, a: str, b: str) -> bool:
        mine, other = self.form.rules[a], self.form.rules[b]
        return disagree(mine, other) and self.reference.principle(mine, other) is not None

    def _within(self, name: str, allowed: ValueSet) -> Formula:
        return within(self.facts[name], allowed)

    def inside(self, regions: Iterable[Region], fixed: World) -> Formula:
        """That a case lies in one of some boxes."""
        return any_of(self.holds(AllOf(tuple(Test(f, s) for f, s in box.items())), fixed) for box in regions)

    def holds(self, condition: Condition, fixed: World) -> Formula:
        """Point 1: where a condition holds."""
        match condition:
            case Test(name, allowed) if name in fixed:
                return allows(allowed, fixed[name])
            case Test(name, allowed):
                return self.within(name, allowed)
            case AllOf(parts):
                return all_of(self.holds(part, fixed) for part in parts)
            case AnyOf(parts):
                return any_of(self.holds(part, fixed) for part in parts)
            case Not(part):
                return no(self.holds(part, fixed))

    def _applies(self, rule: str, fixed: frozenset[tuple[str, FactValue]]) -> Formula:
        """Points 1 and 2: where a rule is known, in force on the day asked about, and its condition holds."""
        one = self.form.rules[rule]

        def known(sources: Iterable[Source]) -> bool:
            return self.known_on is None or self.reference.published(sources) <= self.known_on

        ended = one.ended and known(one.ended.sources) and one.ended.on
        force: list[Condition] = [Not(Test(AS_OF.name, before(one.start)))] if one.start else []
        force += [Test(AS_OF.name, before(end)) for end in (one.until, ended) if end]
        return known(one.sources) and self.holds(AllOf((*force, one.condition)), dict(fixed))

    def resolve(self, decision: str, fixed: World) -> Resolved:
        """Points 3 and 5: who prevails, and what comes of it."""
        applies: dict[str, Formula] = {}
        for rule in (one for one in self.form.rules.values() if one.decision == decision):
            tested = {AS_OF.name, *self.reference.tested[rule.id]}
            where = self.applies(rule.id, frozenset((f, value) for f, value in fixed.items() if f in tested))
            if where is not False:
                applies[rule.id] = where
        prevails = {
            b: all_of([applies[b], *(no(applies[a]) for a in applies if a != b and self.beats(a, b))]) for b in applies
        }
        rules = self.form.rules
        at_odds = [(a, b) for a, b in combinations(applies, 2) if disagree(rules[a], rules[b])]
        some, stands = any_of(applies.values()), any_of(prevails.values())
        two = any_of(all_of([prevails[a], prevails[b]]) for a, b in at_odds)
        conflict = any_of([all_of([some, no(stands)]), two])
        decides = {
            outcomes: all_of([no(conflict), any_of(prevails[r] for r in prevails if rules[r].outcomes == outcomes)])
            for outcomes in {rules[r].outcomes for r in prevails}
        }
        default = self.form.decisions[decision].default
        if default:
            alone = frozenset([default.outcome])
            decides[alone] = any_of([decides.get(alone, False), no(some)])
        return Resolved(prevails, decides, conflict, False if default else no(some))

    def occurs(self, decision: str, what: Callable[[Resolved], Formula], fixed: World) -> Formula:
        """Where something happens to a decision, and no earlier one fails there so that it matters."""
        return self._settle(self.reference.chain(decision), fixed, what)[1]

    def ends(self, decision: str, fixed: World) -> Mapping[str, Formula]:
        """For each way to end, where a complete case can end so."""
        return self._settle(self.reference.chain(decision), fixed, lambda resolved: False)[0]

    def _settle(
        self, chain: list[str], fixed: World, what: Callable[[Resolved], Formula]
    ) -> tuple[dict[str, Formula], Formula]:
        """Points 6 and 7: where what can be the end, and where something happens to the last decision."""
        name, later = chain[0], chain[1:]
        resolved, outcomes = self.resolve(name, fixed), sorted(self.form.decisions[name].outcomes)
        failed = {CONFLICT: resolved.conflict, NO_RULE: resolved.no_rule}
        gives = {outcome: resolved.gives(outcome) for outcome in outcomes}
        if not later:
            return {**gives, **failed}, what(resolved)
        fails = any_of(failed.values())
        if counterexample(self.domain, fails) is None:
            fails, failed = False, {}  # a lemma: with these facts fixed, it never fails
        # A failed decision stands for any of its outcomes; where they all lead to one end, it does not matter.
        followed = [outcome for outcome in outcomes if fails is not False or gives[outcome] is not False]
        branches = {outcome: self._settle(later, {**fixed, name: outcome}, what) for outcome in followed}
        first = branches[followed[0]][0]
        alike = all_of(same(first[end], ends[end]) for ends, _ in branches.values() for end in first)
        either = {o: any_of([gives[o], all_of([fails, alike])]) for o in followed}
        ends = {
            end: any_of(
                [
                    *(all_of([either[o], branches[o][0][end]]) for o in followed),
                    all_of([failed.get(end, False), no(alike)]),
                ]
            )
            for end in first
        }
        return ends, any_of(all_of([either[o], branches[o][1]]) for o in followed)


def before(day: dt.date) -> ValueSet:
    """All days before one."""
    return AS_OF.domain - AS_OF.domain.of([((day.toordinal(), 0), HIGH)])  # type: ignore[union-attr, operator]


def differ(a: Encoding, b: Encoding, decision: str, fixed: World) -> Formula:
    """Where a complete case does not end in two rule sets in the same ways. INVARIANT: they have one vocabulary."""
    mine, other = a.ends(decision, fixed), b.ends(decision, fixed)
    return any_of(no(same(mine.get(end, False), other.get(end, False))) for end in {*mine, *other})


Something: TypeAlias = Callable[[World], Formula]
"""Where something holds, with some facts fixed."""


def missed_by(regions: Sequence[Region], what: Something, one: Encoding, parts: Iterable[World] = ({},)) -> str | None:
    """A case outside all regions in which something holds; None where it is proved, part by part, that none is."""
    found = (counterexample(one.domain, what(part), no(one.inside(regions, part))) for part in parts)
    return next((case for case in found if case is not None), None)


def false_in(regions: Sequence[Region], what: Something, one: Encoding, parts: Iterable[World] = ({},)) -> str | None:
    """A case inside the regions in which something does not hold; None where it is proved that none is."""
    found = (counterexample(one.domain, no(what(part)), one.inside(regions, part)) for part in parts if regions)
    return next((case for case in found if case is not None), None)


def by_value(name: str, decision: str, regions: Sequence[Region], *encodings: Encoding) -> list[World]:
    """Parts that stand for all cases: each value of a named fact that rules or regions tell from the others."""
    sets = [box[name] for box in regions if name in box]
    for one in encodings:
        chain = one.reference.chain(decision)
        tests = (
            test for rule in one.form.rules.values() if rule.decision in chain for test in each_test(rule.condition)
        )
        sets += [test.allowed for test in tests if test.fact == name]
    leaves = encodings[0].facts[name].leaves
    return [{name: leaf} for leaf in {tuple(allows(s, leaf) for s in sets): leaf for leaf in leaves}.values()]


class Solved(Interpreter):
    """The reference for large rule sets, where to try all worlds, as it does to compare regions, would take days."""

    def __init__(self, form: SourceForm) -> None:
        self.form, self.rules = form, list(form.rules.values())
        self.tested = {rule.id: {test.fact for test in each_test(rule.condition)} for rule in self.rules}
        self._remembered: dict[str, set[str]] = {}
        self._encoding, self._solver = Encoding(self), z3.Solver()
        self._solver.add(self._encoding.domain)

    def generals(self, rule: Rule) -> set[str]:
        """As the reference has it, but found once."""
        if rule.id not in self._remembered:
            self._remembered[rule.id] = super().generals(rule)
        return self._remembered[rule.id]

    def is_inside(self, a: Rule, b: Rule) -> bool:
        """Whether there is no world in which a's condition holds and b's does not."""
        with self._solver as solver:  # what is added inside is forgotten
            solver.add(self._encoding.holds(AllOf((a.condition, Not(b.condition))), {}))
            return bool(solver.check() == z3.unsat)
