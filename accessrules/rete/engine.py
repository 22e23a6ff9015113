"""One decision's rules in durable-rules, and the cases that can be asked there."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from types import TracebackType
from typing import Any

from accessrules.cases import Case, ReadCase
from accessrules.errors import Problem, ReteError
from accessrules.index import timed_clauses
from accessrules.rete.coding import Coding, Pattern
from accessrules.rete.network import MOST_PATTERNS, Network, durable_rules, made_up_names
from accessrules.ruleset import RuleSet
from accessrules.values import Unreadable, read_value
from accessrules.valuesets import ValueSet
from accessrules.vocabulary import AS_OF, KNOWN_ON, Fact, FactValue

__all__ = ["MOST_FACTS", "MOST_NETWORKS", "ReteEngine", "compile_rules"]

MOST_NETWORKS = 64
"""In one engine; each takes about 2 MB."""

MOST_FACTS = 120
"""Tested by one decision. With two tests each, a pattern stays under 250; a fact of durable-rules has 255 fields."""


class ReteEngine:
    """The rules of one decision, compiled into durable-rules; close it after use, or use it in a `with` statement.

    `facts` are those that rules test, `as_of` and earlier decisions among them. Threads may share an engine: they are
    served one after the other.
    """

    def __init__(self, rules: RuleSet, decision: str | None = None) -> None:
        """Compile; raises QueryError and ReteError as `compile_rules` does."""
        self._decider = rules.decider(decision)
        self.decision = self._decider.chain.decision
        clauses = [
            (rule.id, clause)
            for rule in rules.form.rules.values()
            if rule.decision == self.decision
            for clause in timed_clauses(rule, rules.form)
        ]
        known = {**rules.form.vocabulary.facts, AS_OF.name: AS_OF, KNOWN_ON.name: KNOWN_ON}
        self._codings = _codings(known, [clause for _, clause in clauses])
        self.facts = tuple(name for name in self._codings if name != KNOWN_ON.name)
        if len(self.facts) > MOST_FACTS:
            message = f"the rules of `{self.decision}` test {len(self.facts)} facts"
            raise ReteError([Problem("$.rules", message, f"durable-rules is given at most {MOST_FACTS}")])
        self._fields = dict(zip(self._codings, made_up_names("f", len(self._codings)), strict=True))
        most_values = max(self._codings, key=lambda name: len(self._codings[name].places), default="")
        self._shard_by = self._fields.get(most_values, "")
        self._sessions = itertools.count()
        self._closed = False
        self._networks = self._sharded(self._patterns(clauses))
        with durable_rules() as engine:
            for network in self._networks:
                network.open(engine)

    def _patterns(self, clauses: Iterable[tuple[str, Mapping[str, ValueSet]]]) -> list[Pattern]:
        """Each clause as the patterns of its runs; raises ReteError where there are too many."""
        patterns: list[Pattern] = []
        for rule, clause in clauses:
            try:
                runs = {self._fields[name]: self._codings[name].runs(allowed) for name, allowed in clause.items()}
            except Unreadable as wrong:
                raise ReteError([Problem(f"$.rules.{rule}", wrong.message, wrong.help)]) from None
            if len(patterns) + prod(map(len, runs.values())) > MOST_NETWORKS * MOST_PATTERNS:
                message = f"the rules of `{self.decision}` are too many for durable-rules"
                help = f"it is given at most {MOST_NETWORKS * MOST_PATTERNS} conjunctions of intervals"
                raise ReteError([Problem("$.rules", message, help)])
            patterns += [Pattern(rule, dict(zip(runs, one, strict=True))) for one in itertools.product(*runs.values())]
        return patterns

    def _sharded(self, patterns: Iterable[Pattern]) -> list[Network]:
        """Networks that are small enough, with patterns of like categories together."""
        ordered = sorted(patterns, key=lambda pattern: pattern.run(self._shard_by))
        networks = []
        for start in range(0, len(ordered), MOST_PATTERNS):
            some = ordered[start : start + MOST_PATTERNS]
            lows, highs = zip(*(pattern.run(self._shard_by) for pattern in some), strict=True)
            networks.append(Network(some, (min(lows), max(highs))))
        return networks

    def fires(
        self,
        case: Mapping[str, Any] | Case,
        *,
        as_of: dt.date | str | None = None,
        known_on: dt.date | str | None = None,
        given: Mapping[str, str] | None = None,
    ) -> tuple[str, ...]:
        """The ids of the rules that apply to a complete case, sorted; which of them prevail is not asked.

        A case is complete when what is given and presumed leaves no rule open. `given` has the outcomes of earlier
        decisions; without `known_on`, everything is known. Raises CaseError as `decide` does, and ReteError, with
        every reason, for whatever lies outside the shared subset.
        """
        numbers = self._numbers(self._decider.read(case, as_of, known_on), given or {})
        fired: set[str] = set()
        with durable_rules() as engine:
            if self._closed:
                raise ReteError([Problem("$", "the engine is closed", "compile the rules anew")])
            for network in self._concerned(numbers):
                fired |= network.fires(engine, f"s{next(self._sessions)}", numbers)
        return tuple(sorted(fired))

    def _numbers(self, case: ReadCase, given: Mapping[str, str]) -> dict[str, int]:
        """The case as durable-rules gets it, by field; raises ReteError."""
        earlier = {name for name in self.facts if self._codings[name].fact.derived}
        problems = [
            Problem(f"$.given.{name}", f"`{self.decision}` does not test a decision `{name}`", "leave it out")
            for name in given
            if name not in earlier
        ]
        values: dict[str, Any] = {**case.presumed, **case.facts, AS_OF.name: case.as_of}
        values[KNOWN_ON.name] = case.known_on or dt.date.max
        numbers: dict[str, int] = {}
        unfit: set[str] = set()
        for name, coding in self._codings.items():
            try:
                value = read_value(given[name], coding.fact) if name in given else values.get(name)
                if value is not None and value not in coding.fact.under:
                    numbers[self._fields[name]] = coding.number(value)
            except Unreadable as wrong:
                unfit.add(name)
                problems.append(Problem(_path(coding.fact), wrong.message, wrong.help))
        left_open = {
            key for net in self._concerned(numbers) for one in net.patterns for key in one.open_fields(numbers)
        }
        for name, key in self._fields.items():
            if key in left_open and name not in unfit:
                problems.append(_missing(self._codings[name].fact, values.get(name)))
        if problems:
            raise ReteError(problems)
        return numbers

    def _concerned(self, numbers: Mapping[str, int]) -> list[Network]:
        """The networks in which something may fit a case."""
        place = numbers.get(self._shard_by)
        return [net for net in self._networks if place is None or net.run[0] <= place < net.run[1]]

    def close(self) -> None:
        """Give the memory back; afterwards the engine refuses to be asked."""
        with durable_rules() as engine:
            self._closed = True
            while self._networks:
                self._networks.pop().close(engine)

    def __enter__(self) -> ReteEngine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _codings(known: Mapping[str, Fact], clauses: Sequence[Mapping[str, ValueSet]]) -> dict[str, Coding]:
    """The coding of each fact that some clause tests, in the order of their names."""
    tested = sorted({name for clause in clauses for name in clause})
    return {name: Coding.of(known[name], [clause[name] for clause in clauses if name in clause]) for name in tested}


def _path(fact: Fact) -> str:
    """Where in a question a fact stands."""
    if fact is AS_OF:
        return f"$.{fact.name}"
    return f"$.given.{fact.name}" if fact.derived else f"$.facts.{fact.name}"


def _missing(fact: Fact, value: FactValue | None) -> Problem:
    """What is said of a fact that leaves a rule open."""
    if fact.derived:
        message = f"rules test the outcome of the decision `{fact.name}`"
        help = f'give it, as `given={{"{fact.name}": "{fact.leaves[0]}"}}`'
    elif value is None:
        message, help = f"`{fact.name}` is not known, and it matters", "give it: only complete cases are shared"
    else:
        message = f"`{value}` may be several values of `{fact.name}`"
        help = f"give one of {', '.join(f'`{leaf}`' for leaf in sorted(fact.under[str(value)]))}"
    return Problem(_path(fact), message, help)


def compile_rules(rules: RuleSet, decision: str | None = None) -> ReteEngine:
    """Compile the rules of one decision (else the only, else the main one) into durable-rules.

    Raises QueryError for an unknown decision; ReteError where durable-rules is not installed, or where the rules are
    more than it can be trusted with.

    >>> from accessrules import load_rules
    >>> facts = {"category": "household_refrigerator", "effective_volume": 520}
    >>> with compile_rules(load_rules()) as engine:
    ...     engine.fires(facts, as_of="2018-03-14")
    ('refrigerator.large.licensed',)
    """
    return ReteEngine(rules, decision)
