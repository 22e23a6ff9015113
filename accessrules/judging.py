"""Judging a row of a register: what two rule sets say of one case, and in which change region it lies.

A row's cells come down to *spots*: where the value lies on the axes of both indexes. Rows with the same spots are the
same to every rule and every region, so each combination of spots is judged once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from accessrules.axes import Axis
from accessrules.changes import Change
from accessrules.deciding import Answer, Decider
from accessrules.errors import Problem, QueryError
from accessrules.exploring.asking import needs
from accessrules.impact import ReasonKind
from accessrules.registers import Absent
from accessrules.unarytests import read_test
from accessrules.values import Unreadable, check_bounds
from accessrules.valuesets import ValueSet
from accessrules.vocabulary import AS_OF, KNOWN_ON, Fact, FactValue

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["Judge", "Region", "Spot", "Verdict", "Why"]

Need: TypeAlias = Literal["needed", "none", "unsure"]
"""Whether an approval is needed."""

SIDES = ("before", "after")


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """Where a value lies: its set (None: it may be anything), and its cells on each side (None: on any or no axis)."""

    values: ValueSet | None
    cells: tuple[int | None, int | None]
    day: dt.date | None = None
    """The day as known on; of other facts None."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a row cannot be decided (see `impact.Reason`)."""

    kind: ReasonKind
    sides: tuple[str, ...]
    facts: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    kind: Literal["changed", "unchanged", "undecided"]
    region: int | None
    partly: tuple[int, ...]
    why: Why | None
    needs: tuple[Need, Need]


class Verdict:
    """What is said of a row; there is one object for each thing that can be said, so that rows are counted by it."""

    __slots__ = ("kind", "needs", "partly", "region", "why")

    def __init__(self, said: _Said) -> None:
        self.kind, self.region, self.partly, self.why, self.needs = (
            said.kind,
            said.region,
            said.partly,
            said.why,
            said.needs,
        )


@dataclass(frozen=True, slots=True)
class Region:
    """A change with its region as sets of values."""

    change: Change
    sets: Mapping[str, ValueSet]

    def holds(self, spots: Mapping[str, Spot]) -> bool | None:
        """Whether a case lies in it; None where that rests on what is not known."""
        sure = True
        for fact, allowed in self.sets.items():
            values = spots[fact].values
            if values is None:
                sure = False
            elif not values & allowed:  # type: ignore[operator]
                return False
            elif values - allowed:  # type: ignore[operator]
                sure = False
        return True if sure else None


class Judge:
    """Two rule sets on one decision. `facts` are those of either vocabulary, and the days; `used` those that matter."""

    def __init__(self, before: RuleSet, after: RuleSet, decision: str | None) -> None:
        self.sides = (before, after)
        self.decision = before.decider(decision).decision
        if self.decision not in after.form.decisions:
            problem = Problem(
                "$.decision", f"only one of the rule sets has the decision `{self.decision}`", "name another"
            )
            raise QueryError([problem])
        self._deciders: tuple[Decider, Decider] = (before.decider(self.decision), after.decider(self.decision))
        facts = {f.name: f for rules in (after, before) for f in rules.form.vocabulary if not f.derived}
        self.facts: dict[str, Fact] = {**facts, AS_OF.name: AS_OF, KNOWN_ON.name: KNOWN_ON}
        self.is_about_approvals = any(_is_about_approvals(rules, self.decision) for rules in self.sides)
        given = {name for decider in self._deciders for name in decider.chain.facts}
        self.used = tuple(sorted(name for name in self.facts if name in given or name == KNOWN_ON.name))
        self.regions: list[Region] = []
        self._region_numbers: dict[tuple[object, ...], int] = {}
        self._regions_on: dict[Spot, list[int]] = {}
        self._spots: dict[str, dict[tuple[int | None, int | None], Spot]] = {name: {} for name in self.facts}
        self._verdicts: dict[_Said, Verdict] = {}
        self._nowhere = Spot(None, (None, None))

    # ------------------------------------------------------------------------------------------------------- spots

    def spot(self, name: str, value: FactValue | Absent | None, *, is_asked: bool = False) -> Spot:
        """Where a value of a fact lies; Unreadable where the other vocabulary has it not.

        A day as known on stands for all from which nothing is known differently: `is_asked` keeps it as it is, else the
        first of them is told, whichever row comes first.
        """
        fact = self.facts[name]
        if isinstance(value, Absent):
            value = self.presumed(name)
        for rules in self.sides:
            other = rules.form.vocabulary.get(name)
            if value is not None and other is not None and other is not fact:
                _check_known(value, other)
        if name not in self.used:
            return self._nowhere
        cells = (self._cells(0, name, value), self._cells(1, name, value))
        found = self._spots[name].get(cells)
        if found is None:
            day = value if name == KNOWN_ON.name and isinstance(value, dt.date) else None
            if day is not None and not is_asked:
                axis = self.joint_axis(name)
                first = axis.sample(axis.cell_of(day))
                assert isinstance(first, dt.date)
                day = first
            values = None if value is None else fact.set_of(value)
            found = self._spots[name][cells] = Spot(values, cells, day)
        return found

    def presumed(self, name: str) -> FactValue | None:
        """What is presumed of a fact that is not given: the same on both sides, for it is one case."""
        presumed = (rules.form.vocabulary[name].presume for rules in self.sides if name in rules.form.vocabulary)
        return next((value for value in presumed if value is not None), None)

    def _cells(self, side: int, name: str, value: FactValue | None) -> int | None:
        axis: Axis | None = self.sides[side].index.axes.get(name)
        if axis is None:
            return None
        if value is None:
            # Nothing asked about knowledge: everything published is known, which is the last cell.
            return 1 << axis.size - 1 if name == KNOWN_ON.name else None
        return axis.mask_of(axis.fact.set_of(value)) if value in axis.fact.under else 1 << axis.cell_of(value)

    def joint_axis(self, name: str) -> Axis:
        """A fact's cells where both sides' cuts and bounds are: values of one cell have one spot."""
        known = (rules.index.axes[name] for rules in self.sides if name in rules.index.axes)
        return Axis(self.facts[name], (cut for axis in known for cut in axis.cuts))

    # ----------------------------------------------------------------------------------------------------- verdicts

    def judge(self, spots: Mapping[str, Spot]) -> Verdict:
        """What is said of a case; `spots` has each fact that is used."""
        answers = (self._answer(0, spots), self._answer(1, spots))
        needed = (self._need(0, answers[0]), self._need(1, answers[1]))
        region, partly = self._located(spots)
        why = self._why(answers)
        kind: Literal["changed", "unchanged", "undecided"] = "undecided" if why else "unchanged"
        if why is None and _said(answers[0]) != _said(answers[1]):
            kind = "changed"
        said = _Said(kind, region, partly, why, needed)
        return self._verdicts.setdefault(said, Verdict(said))

    def _answer(self, side: int, spots: Mapping[str, Spot]) -> Answer:
        cells = {name: mask for name, spot in spots.items() if (mask := spot.cells[side]) is not None}
        return self._deciders[side].answer(cells)

    def _need(self, side: int, answer: Answer) -> Need:
        free = self.sides[side].form.decisions[self.decision].no_approval
        if not {"conflict", "no_rule"}.isdisjoint(answer.possible_status):
            return "unsure"
        each = {outcome in free for outcome in answer.possible}
        return "unsure" if len(each) != 1 else "none" if each.pop() else "needed"

    def _why(self, answers: tuple[Answer, Answer]) -> Why | None:
        """Why it cannot be decided: facts are missing on some side, or both sides give the same that is no outcome."""
        missing = [[one["fact"] for one in needs(a, d.index)] for a, d in zip(answers, self._deciders, strict=True)]
        if any(missing):
            sides = tuple(name for name, facts in zip(SIDES, missing, strict=True) if facts)
            return Why("missing", sides, tuple(sorted({fact for facts in missing for fact in facts})), ())
        one, other = answers
        if _said(one) != _said(other) or one.status == "decided":
            return None
        kind: ReasonKind = "open" if one.status == "undetermined" else one.status
        rules = {name for a, d in zip(answers, self._deciders, strict=True) for name in _at_work(a, d)}
        return Why(kind, SIDES, (), tuple(sorted(rules)))

    # ------------------------------------------------------------------------------------------------------ regions

    def _located(self, spots: Mapping[str, Spot]) -> tuple[int | None, tuple[int, ...]]:
        """The region in which a case lies for sure, and those in which it may lie."""
        inside: int | None = None
        partly: list[int] = []
        for n in self.regions_as_known(spots[KNOWN_ON.name]):
            held = self.regions[n].holds(spots)
            if held:
                inside = n
            elif held is None:
                partly.append(n)
        return inside, tuple(partly)

    def regions_as_known(self, known: Spot) -> list[int]:
        """The numbers of the regions as known on a day; the regions of a further day join `regions`."""
        found = self._regions_on.get(known)
        if found is None:
            changes = self.sides[0].diff(self.sides[1], known_on=known.day)
            mine = [change for change in changes if change.decision == self.decision]
            found = self._regions_on[known] = [self._number(change) for change in mine]
        return found

    def _number(self, change: Change) -> int:
        key = (change.kind, tuple(sorted(change.region.items())), change.before, change.after)
        number = self._region_numbers.setdefault(key, len(self.regions))
        if number == len(self.regions):
            sets = {name: read_test(words, self.facts[name]) for name, words in change.region.items()}
            self.regions.append(Region(change, sets))
        elif _known_first(change) < _known_first(self.regions[number].change):
            self.regions[number] = replace(self.regions[number], change=change)
        return number


def _is_about_approvals(rules: RuleSet, decision: str) -> bool:
    """Whether the outcomes of a decision are approvals: those of the main one are, or where it says which is none."""
    form = rules.form
    return decision == form.main or len(form.decisions) == 1 or bool(form.decisions[decision].no_approval)


def _known_first(change: Change) -> tuple[bool, str]:
    """Of changes that differ in their witness's day as known on, the first is with everything known, then by day."""
    day = change.witness["known_on"]
    return day is not None, str(day)


def _check_known(value: FactValue, fact: Fact) -> None:
    if fact.is_ordered:
        check_bounds(value, fact)
    elif fact.values and value not in fact.values:
        raise Unreadable(f"only one of the rule sets has the value `{value}`", "give one that both have")


def _said(answer: Answer) -> tuple[object, ...]:
    """What makes two answers the same here, as in a diff: also whether there may be none."""
    return answer.end, answer.possible_status


def _at_work(answer: Answer, decider: Decider) -> Collection[str]:
    """The rules that leave it open, or contradict each other."""
    at_odds = {n for one in (*answer.resolutions, *answer.failed) for n in one.conflict}
    return {decider.index.rules[n].id for n in answer.open_rules | at_odds}
