"""The casebook: cases with the answer that they must get, and the rule that must decide them.

A rule set keeps it beside its rules, in `casebook/*.yaml`. A casebook is read like rule files are: every problem
of every file at its place, and nothing in part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from accessrules.cases import Case
from accessrules.decision import Decision
from accessrules.errors import CaseError, Place, Problem, QueryError, RuleFileError
from accessrules.explaining.view import View
from accessrules.exploring.neighbours import prevailing
from accessrules.reading.formcheck import check_form
from accessrules.reading.forms import CasebookFile, CaseForm
from accessrules.reading.yamlfiles import Path_, YamlFile, read_yaml
from accessrules.ruleset import MOST_BYTES, RuleSet
from accessrules.suggesting import did_you_mean
from accessrules.texts import Text
from accessrules.values import Unreadable, json_value, read_spoken

__all__ = [
    "DEFAULT",
    "BookCase",
    "BookResult",
    "CaseResult",
    "Coverage",
    "Mismatch",
    "case_results",
    "decided_by",
    "mismatches",
    "read_casebook",
    "run_casebook",
    "shown_day",
]

DEFAULT = "default"
"""What `by` says where no rule applies and the decision's default holds."""


@dataclass(frozen=True, slots=True)
class BookCase:
    """A case of the casebook. What is not expected is None; a detail that is None must not be there."""

    id: str
    case: Case
    decision: str
    outcome: str | None
    status: str | None
    by: str | None
    details: Mapping[str, Any]
    confidence: str
    note: Text | None
    place: Place


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that differs: `part` is `outcome`, `status`, `by` or `details.KEY`."""

    part: str
    expected: Any
    got: Any


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case with the decision that it got, and where that is not what was expected."""

    case: BookCase
    decision: Decision
    mismatches: tuple[Mismatch, ...]

    @property
    def passed(self) -> bool:
        """Whether the answer is as expected."""
        return not self.mismatches


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which rules and clauses the cases reach. Rules by id; a clause as the rule's id and its tests, fact by fact.

    A rule is covered when it prevails in some case, a clause when it can hold in such a case of its rule.
    """

    rules: int
    clauses: int
    uncovered_rules: tuple[str, ...]
    uncovered_clauses: tuple[tuple[str, Mapping[str, Any]], ...]
    """Those of covered rules; values are the sets of values that the clause allows."""

    covered_clauses: int


@dataclass(frozen=True, slots=True)
class BookResult:
    """What became of every case."""

    results: tuple[CaseResult, ...]
    coverage: Coverage

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases whose answer is not as expected."""
        return tuple(one for one in self.results if not one.passed)


# ---------------------------------------------------------------------------------------------------- reading


def read_casebook(rules: RuleSet, folder: Path | None = None, *, most_bytes: int = MOST_BYTES) -> tuple[BookCase, ...]:
    """The cases of a folder's `casebook/`; without `folder`, of the one that the rules come from.

    The cases of proposals that are applied come after them, or take the place of those with the same id.
    Raises RuleFileError with every problem of every file.
    """
    book = (Path(rules.form.folder) if folder is None else folder) / "casebook"
    problems: list[Problem] = []
    cases: dict[str, BookCase] = {}
    for path in sorted(book.rglob("*.yaml")) if book.is_dir() else ():
        file = read_yaml(path, str(path), most_bytes)
        problems.extend(file.problems)
        if file.data is None and not file.problems:
            problems.append(file.problem((), "the file is empty", "write at least its first key"))
        elif file.data is not None:
            _read_file(file, rules, cases, problems)
    for file in rules.drafts.files:
        own: dict[str, BookCase] = {}
        _read_cases(file, file.data.get("cases", ()), rules, own, problems)
        cases.update(own)
    if problems:
        raise RuleFileError(problems)
    return tuple(cases.values())


def _read_file(file: YamlFile, rules: RuleSet, cases: dict[str, BookCase], problems: list[Problem]) -> None:
    listed = file.data.get("cases") if isinstance(file.data, dict) else None
    shell = {**file.data, "cases": []} if isinstance(listed, list) else file.data
    if check_form(CasebookFile, shell, file, (), problems) is not None:
        _read_cases(file, listed or (), rules, cases, problems)


def _read_cases(
    file: YamlFile, listed: Sequence[Any], rules: RuleSet, cases: dict[str, BookCase], problems: list[Problem]
) -> None:
    for n, raw in enumerate(listed):
        where: Path_ = ("cases", n)
        form = check_form(CaseForm, raw, file, where, problems)
        if form is None:
            continue
        if form.id in cases:
            message = f"the case id `{form.id}` is taken, see {cases[form.id].place}"
            problems.append(file.problem((*where, "id"), message, "give the case another id"))
            continue
        reader = _CaseReader(file, where, rules)
        found = reader.read(form)
        problems.extend(reader.problems)
        if not reader.problems:
            cases[form.id] = found


class _CaseReader:
    """Checks one case against the rule set."""

    def __init__(self, file: YamlFile, where: Path_, rules: RuleSet) -> None:
        self.file, self.where, self.rules = file, where, rules
        self.problems: list[Problem] = []

    def read(self, form: CaseForm) -> BookCase:
        decision = self._decision(form)
        case = Case(self._facts(form), form.as_of, form.known_on)
        try:
            self.rules.decider(next(iter(self.rules.form.decisions))).read(case, None, None)
        except CaseError as wrong:
            for one in wrong.problems:
                self._blame(("facts", one.path.removeprefix("$.facts.")), one.message, one.help)
        expect = form.expect
        if decision is not None:
            self._expected(form, decision)
        return BookCase(
            form.id,
            case,
            decision or "",
            expect.outcome,
            expect.status,
            expect.by,
            _json(expect.details),
            form.confidence,
            form.note.text() if form.note else None,
            self.file.place(self.where),
        )

    def _decision(self, form: CaseForm) -> str | None:
        try:
            return self.rules.decider(form.decision).decision
        except QueryError as wrong:
            self._blame(("decision",), wrong.problems[0].message, wrong.problems[0].help)
            return None

    def _facts(self, form: CaseForm) -> dict[str, Any]:
        """The facts; text is read as a person says it, so that `yes` is true."""
        facts: dict[str, Any] = {}
        for name, raw in form.facts.items():
            fact = self.rules.form.vocabulary.get(name)
            try:
                facts[name] = read_spoken(raw, fact) if isinstance(raw, str) and fact and not fact.derived else raw
            except Unreadable as wrong:
                self._blame(("facts", name), wrong.message, wrong.help)
        return facts

    def _expected(self, form: CaseForm, decision: str) -> None:
        expect = form.expect
        if expect.outcome is None and expect.status is None and expect.by is None and not expect.details:
            self._blame(("expect",), "nothing is expected", "give `outcome` or `status`, and the deciding rule as `by`")
        outcomes = self.rules.form.decisions[decision].outcomes
        if expect.outcome is not None and expect.outcome not in outcomes:
            known = {o: tuple(t for t in (w.en, w.zh) if t) for o, w in outcomes.items()}
            self._blame(
                ("expect", "outcome"),
                f"unknown outcome `{expect.outcome}`",
                did_you_mean(expect.outcome, known, "outcomes"),
            )
        if expect.outcome is not None and expect.status not in (None, "decided"):
            self._blame(("expect", "status"), f"a case that is `{expect.status}` has no outcome", "drop one of the two")
        own = {r.id: () for r in self.rules.form.rules.values() if r.decision == decision}
        # A case may expect a rule that a proposal has struck out: it is no mistake in the case, and fails.
        if expect.by is not None and expect.by not in (DEFAULT, *own, *self.rules.drafts.struck):
            known_rules: dict[str, tuple[str, ...]] = {**own, DEFAULT: ()}
            self._blame(
                ("expect", "by"),
                f"`{decision}` has no rule `{expect.by}`",
                did_you_mean(expect.by, known_rules, "rules"),
            )

    def _blame(self, path: Path_, message: str, help: str) -> None:
        self.problems.append(self.file.problem((*self.where, *path), message, help))


def _json(data: Any) -> Any:
    """Data as JSON carries it, as the details of a decision are."""
    if isinstance(data, Mapping):
        return {key: _json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_json(one) for one in data]
    return data if isinstance(data, (str, bool, type(None), int, float)) else json_value(data)


# ---------------------------------------------------------------------------------------------------- running


def run_casebook(rules: RuleSet, cases: Iterable[BookCase]) -> BookResult:
    """Decide every case, compare, and count which rules and clauses the cases reach."""
    results = tuple(case_results(rules, cases))
    covered: dict[int, int] = {}
    for one in results:
        _cover(one.decision, covered)
    return BookResult(results, _coverage(rules, covered))


def case_results(rules: RuleSet, cases: Iterable[BookCase]) -> Iterator[CaseResult]:
    """Decide every case, and compare."""
    for one in cases:
        decision = rules.decide(one.case, decision=one.decision)
        yield CaseResult(one, decision, tuple(mismatches(one, decision)))


def mismatches(case: BookCase, decision: Decision) -> Iterator[Mismatch]:
    """Where a decision is not what the case expects."""
    if case.status is not None and decision.status != case.status:
        yield Mismatch("status", case.status, decision.status)
    if case.outcome is not None and decision.outcome != case.outcome:
        yield Mismatch("outcome", case.outcome, decision.outcome)
    if case.by is not None and (by := decided_by(decision)) != case.by:
        yield Mismatch("by", case.by, by)
    if case.details:
        got = _json(decision.answer.details)
        for key, value in case.details.items():
            if got.get(key) != value:
                yield Mismatch(f"details.{key}", value, got.get(key))


def decided_by(decision: Decision) -> str | None:
    """The id of the deciding rule, `default`, or None where neither decides."""
    if (
        decision.rule is None
        and decision.status == "decided"
        and any(r.is_default for r in decision.answer.resolutions)
    ):
        return DEFAULT
    return decision.rule


def _cover(decision: Decision, covered: dict[int, int]) -> None:
    """Note the rules that prevail in every way in which the case can go, with the clauses that can hold.

    Where the law alone is open, whatever the facts, the ways that it leaves all count: a rule that rests on an
    earlier decision with open outcomes prevails in no other case.
    """
    answer = decision.answer
    if answer.status == "undetermined" and decision.rule is None and not answer.is_open:
        return
    view = View.of(decision)
    index = decision.rules.index
    for rule in prevailing(answer, decision.rules.decider(decision.decision).chain.resolver.precedence):
        holding = (n for n in index.numbers_of[rule] if view.may_hold(index.clause_boxes[n]))
        covered[rule] = reduce(lambda bits, n: bits | 1 << n, holding, covered.get(rule, 0))


def _coverage(rules: RuleSet, covered: Mapping[int, int]) -> Coverage:
    """INVARIANT: a rule's clauses have the same bits as in the index, in the order of the rule's own clauses."""
    index = rules.index
    total = reached = 0
    missed: list[tuple[str, Mapping[str, Any]]] = []
    for n, rule in enumerate(index.rules):
        numbers = index.numbers_of[n]
        for i, clause in enumerate(rule.clauses):
            # An ended rule has each clause twice, before and after its end became known: either counts.
            held = any(covered.get(n, 0) >> bit & 1 for bit in numbers[i :: len(rule.clauses)])
            total += 1
            reached += held
            if not held and n in covered:
                missed.append((rule.id, clause))
    return Coverage(
        rules=len(index.rules),
        clauses=total,
        covered_clauses=reached,
        uncovered_rules=tuple(rule.id for n, rule in enumerate(index.rules) if n not in covered),
        uncovered_clauses=tuple(missed),
    )


def shown_day(day: dt.date | str | None) -> str | None:
    """A day of a case as text."""
    return day.isoformat() if isinstance(day, dt.date) else day
