"""Deciding: from a case to a Decision.

`Decider.decide` has two ways to one answer. The quick way takes plain, complete cases: one table look-up and one
AND a fact. Whatever is out of the ordinary (unknown facts, units, inner categories, mistakes) makes it give up,
and the careful way reads the case again with every check. `tests/properties/test_quick_and_careful.py` holds
them together.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accessrules.axes import Axis, bits_of
from accessrules.cases import Case, ReadCase, read_case
from accessrules.chains import Chain, Settled
from accessrules.diagrams import Diagram, explore
from accessrules.floats import float_cuts, float_range
from accessrules.resolving import (
    CONFLICT,
    NO_RULE,
    End,
    Resolution,
    Resolver,
    Status,
    possible_statuses,
    shared_details,
    status_of,
)
from accessrules.vocabulary import AS_OF, KNOWN_ON

if TYPE_CHECKING:
    from accessrules.decision import Decision
    from accessrules.ruleset import RuleSet

__all__ = ["Answer", "Decider", "status_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The answer to a case, before it is explained.

    `possible_status` are the statuses of its completions; of one that sources leave open, also the failures that are
    possible. `resolutions` are what the decision's rules come to in the completions of the case; `is_open`: sources
    leave each of them open. `diagram` is there where facts are unknown.
    """

    status: Status
    outcome: str | None
    possible: tuple[str, ...]
    possible_status: tuple[Status, ...]
    resolutions: tuple[Resolution, ...]
    open_rules: frozenset[int] = frozenset()
    via: tuple[str, ...] = ()
    failed: tuple[Resolution, ...] = ()
    exact: bool = True
    is_open: bool = False
    diagram: Diagram | None = None

    @property
    def end(self) -> tuple[Status, str | None, tuple[str, ...]]:
        """What makes two answers the same answer."""
        return self.status, self.outcome, self.possible

    @property
    def details(self) -> dict[str, Any]:
        """The details that go with the outcome: what every completion's have in common."""
        return shared_details(self.status, self.resolutions)


def _answer(settled: tuple[Settled, ...], ways: set[frozenset[End]], diagram: Diagram | None) -> Answer:
    """One answer from the ways in which the completions of a case end."""
    possible = tuple(sorted({end for ends in ways for end in ends if end not in (CONFLICT, NO_RULE)}))
    status = status_of(next(iter(ways))) if len(ways) == 1 else "undetermined"
    return Answer(
        status=status,
        outcome=possible[0] if status == "decided" else None,
        possible=possible,
        possible_status=possible_statuses(ways),
        is_open=all(len(ends) > 1 for ends in ways),
        resolutions=tuple(dict.fromkeys(r for one in settled for r in one.resolutions)),
        open_rules=frozenset().union(*(one.open_rules for one in settled)),
        via=tuple(sorted({name for one in settled for name in one.via})),
        failed=tuple(dict.fromkeys(one.failed for one in settled if one.failed)),
        exact=diagram is None or diagram.exact,
        diagram=diagram,
    )


Reader = Callable[[Any], int | None]


class Decider:
    """Decides cases of one decision of a rule set; with `given`, as if earlier decisions had those outcomes."""

    def __init__(
        self, rules: RuleSet, resolver: Resolver, decision: str, given: Mapping[str, str] | None = None
    ) -> None:
        self.rules, self.decision, self.index = rules, decision, resolver.index
        self.chain = chain = Chain(resolver.index, resolver, decision, given)
        self._remembered: dict[int, Answer] = {}
        # A remembered answer costs a bit set: at most 2**28 bits of them are kept, 32 MB.
        self._most_remembered = min(50_000, 2**28 // (chain.clauses.bit_length() + 1))
        self._prepare_quick()

    # ------------------------------------------------------------------------------------------- the careful way

    def answer(self, cells: Mapping[str, int]) -> Answer:
        """The answer where each fact lies in the given cells; a fact that is not named may be anywhere."""
        index, live = self.index, self.chain.clauses
        unknown: dict[str, int] = {}
        for name in self.chain.facts:
            mask = cells.get(name, index.everything[name])
            if mask & (mask - 1):
                unknown[name] = mask
            else:
                live &= index.accepting[name][mask.bit_length() - 1]
        return self.answer_where(live, unknown)

    def answer_where(self, live: int, unknown: Mapping[str, int]) -> Answer:
        """The answer where these clauses hold as far as is known, and the unknown facts lie in the given cells."""
        open_cells = {name: mask for name, mask in unknown.items() if live & self.index.testing[name]}
        if not open_cells:
            return self._answer_of(live)
        diagram = explore(self.chain, live, open_cells, self.rules.most_steps)
        ways = {diagram.ends[node] for node in diagram.reachable(diagram.root)}
        return _answer(diagram.settled, ways, diagram)

    def _answer_of(self, live: int) -> Answer:
        found = self._remembered.get(live)
        if found is None:
            settled = self.chain.settle(live)
            found = _answer((settled,), {settled.ends}, None)
            if len(self._remembered) >= self._most_remembered:
                self._remembered.clear()
            self._remembered[live] = found
        return found

    def turning_cells(self, cells: Mapping[str, int], fact: str) -> list[int]:
        """The cells of a fact at which the answer can change, where the other facts lie in the given cells.

        The answer is the same from each of them up to the next; the first is 0.
        """
        index, live = self.index, self.chain.clauses
        for name in self.chain.facts:
            if name != fact and name in cells:
                accepted = 0
                for cell in bits_of(cells[name]):
                    accepted |= index.accepting[name][cell]
                live &= accepted
        turning = 1
        for n in bits_of(live & index.testing[fact]):
            mask = index.clause_boxes[n][fact]
            turning |= mask ^ mask << 1
        return list(bits_of(turning & index.everything[fact]))

    def read(
        self, case: Mapping[str, Any] | Case, as_of: dt.date | str | None, known_on: dt.date | str | None
    ) -> ReadCase:
        """The case, checked."""
        return read_case(self.index, case, as_of, known_on)

    def decide_read(self, case: ReadCase) -> Decision:
        """The decision of a checked case."""
        return self._make(self, self.answer(case.cells), case)

    # --------------------------------------------------------------------------------------------- the quick way

    def _prepare_quick(self) -> None:
        from accessrules.decision import Decision  # here, because a Decision in turn asks its Decider

        self._make = Decision
        index, used = self.index, set(self.chain.facts)
        vocabulary = [f for f in index.form.vocabulary if not f.derived]
        self._readers: dict[str, Reader] = {
            f.name: _reader(index.axes[f.name], [bits & self.chain.clauses for bits in index.accepting[f.name]])
            for f in vocabulary
            if f.type != "boolean"
        }
        flags = [f.name for f in vocabulary if f.type == "boolean"]
        self._no = {name: index.accepting[name][0] & self.chain.clauses for name in flags}
        self._yes = {name: index.accepting[name][1] & self.chain.clauses for name in flags}
        self._fact_count = len(vocabulary)
        self._presumed = [
            (f.name, index.accepting[f.name][index.axes[f.name].cell_of(f.presume)])
            for f in vocabulary
            if f.name in used and f.presume is not None
        ]
        self._needed = [(f.name, index.testing[f.name]) for f in vocabulary if f.name in used and f.presume is None]
        self._read_day = _reader(index.axes[AS_OF.name], index.accepting[AS_OF.name])
        self._testing_day = index.testing[AS_OF.name]
        self._knowing_all = self.chain.clauses & index.accepting[KNOWN_ON.name][-1]

    def decide(
        self, case: Mapping[str, Any] | Case, as_of: dt.date | str | None, known_on: dt.date | str | None
    ) -> Decision:
        """Decide a case as a program gives it; raises CaseError."""
        if known_on is None and type(case) is dict:
            live = self._knowing_all
            readers, yes, no = self._readers, self._yes, self._no
            try:
                # A reader gives None, or there is none, for whatever is not plain; AND then raises.
                for name, value in case.items():
                    if value is True:
                        live &= yes[name]
                    elif value is False:
                        live &= no[name]
                    else:
                        live &= readers[name](value)  # type: ignore[operator]
                if as_of is not None:
                    live &= self._read_day(as_of)  # type: ignore[operator]
            except (KeyError, TypeError):
                return self.decide_read(self.read(case, as_of, known_on))
            if len(case) < self._fact_count:
                for name, bits in self._presumed:
                    if name not in case:
                        live &= bits
                for name, testing in self._needed:
                    if name not in case and live & testing:
                        return self.decide_read(self.read(case, as_of, known_on))
            if as_of is not None or not live & self._testing_day:
                answer = self._remembered.get(live) or self._answer_of(live)
                return self._make(self, answer, None, (dict(case), as_of))
        return self.decide_read(self.read(case, as_of, known_on))


def _reader(axis: Axis, accepting: list[int]) -> Reader:
    """From a plain value to the clauses that accept it; None for anything that is not plain."""
    fact = axis.fact
    if not fact.is_ordered:
        return dict(zip(axis.named, accepting, strict=True)).get
    if fact.type == "date":
        return _day_reader(axis, accepting)
    return _number_reader(axis, accepting)


def _day_reader(axis: Axis, accepting: list[int]) -> Reader:
    cuts = [int(key) for key, _ in axis.cuts[1:-1]]
    (low, _), (high, _) = axis.cuts[0], axis.cuts[-1]
    from_text = dt.date.fromisoformat

    def read(value: Any) -> int | None:
        if type(value) is str and len(value) == 10 and value[4] == value[7] == "-" and value.isascii():
            try:
                value = from_text(value)
            except ValueError:
                return None
        if type(value) is not dt.date:
            return None
        key = value.toordinal()
        return accepting[bisect_right(cuts, key)] if low <= key < high else None

    return read


def _number_reader(axis: Axis, accepting: list[int]) -> Reader:
    cuts = float_cuts(axis.cuts[1:-1])
    if cuts is None:
        return lambda value: None
    low, high = float_range(axis.fact.minimum, axis.fact.maximum)
    kinds = (int,) if axis.fact.type == "integer" else (int, float)

    def read(value: Any) -> int | None:
        if type(value) in kinds and low <= value <= high:
            return accepting[bisect_right(cuts, value)]
        return None

    return read
