"""What the columns of a table are: which is which fact, in which unit, and what holds for all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from accessrules.cases import asked_day, case_of
from accessrules.errors import Problem, RegisterError
from accessrules.registers import PLAIN, Spec, check_mapping, plan_columns, read_specs
from accessrules.suggesting import did_you_mean
from accessrules.tables.coding import Coder
from accessrules.tables.questions import ANSWER_COLUMNS, Question
from accessrules.vocabulary import AS_OF, KNOWN_ON, Fact

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["Plan"]


class Plan:
    """The columns of tables of one form. `coders[fact]`: how its column is read; `places[fact]`: where it stands.

    `fixed` has the cells of the facts without a column that are not wholly unknown.
    """

    def __init__(
        self,
        rules: RuleSet,
        columns: Sequence[str],
        question: Question,
        *,
        is_spoken: bool = False,
        is_whole: bool = True,
    ) -> None:
        """`is_whole`: no more columns can come. Raises RegisterError, or QueryError, with every problem."""
        self.is_whole = is_whole
        self.rules, self.columns, self.question = rules, tuple(columns), question
        self.decider = rules.decider(question.decision)
        self.facts: dict[str, Fact] = {f.name: f for f in rules.form.vocabulary if not f.derived}
        self.facts |= {AS_OF.name: AS_OF, KNOWN_ON.name: KNOWN_ON}
        self.as_of, self.known_on = asked_day(AS_OF.name, question.as_of), asked_day(KNOWN_ON.name, question.known_on)
        specs = read_specs(question.mapping, self.facts, "$.mapping")
        if question.as_of_column is not None:
            specs[question.as_of_column] = Spec(AS_OF.name)
        named = {column: spec.fact for column, spec in specs.items()}
        self._check_columns(named)
        found = plan_columns(self.columns, self.facts, named)
        self.places = found.facts
        self._check_found(found.near)
        self.coders = {
            name: self._coder(name, specs.get(self.columns[place], PLAIN), is_spoken)
            for name, place in self.places.items()
        }
        self.fixed = self._fixed()

    def _check_columns(self, named: Mapping[str, str | None]) -> None:
        problems = [
            Problem(f"$.columns.{column}", f"there are {self.columns.count(column)} columns `{column}`", "rename them")
            for column in dict.fromkeys(self.columns)
            if self.columns.count(column) > 1
        ]
        wanted = (*ANSWER_COLUMNS, *self.question.also)
        problems += [
            Problem(f"$.columns.{name}", f"`{name}` is a decision, not a fact to give", "rename it, or map it to null")
            for name in self.columns
            if name in self.rules.form.decisions and name not in named
        ]
        problems += [
            Problem(f"$.columns.{name}", f"the table has a column `{name}` already, as the answer has", "rename it")
            for name in dict.fromkeys(self.columns)
            if name in wanted
        ]
        if problems:
            raise RegisterError(problems)
        coming = () if self.is_whole else named.keys() - self.columns
        check_mapping(named, (*self.columns, *coming), self.facts, "$.mapping")

    def _check_found(self, near: Sequence[Any]) -> None:
        """A column that is called nearly like a fact is an error: carried unread, it would change the answers."""
        help = "name it so, or map it: to the fact, or to nothing (null) if it is none"
        problems = [
            Problem(
                f"$.columns.{one.column}", f"the column `{one.column}` is no fact; did you mean `{one.fact}`?", help
            )
            for one in near
        ]
        if self.is_whole and not problems and not self.places.keys() - {AS_OF.name, KNOWN_ON.name}:
            known = {f.name: (f.label.en,) for f in self.facts.values()}
            problems.append(Problem("$.columns", "no column of the table is a fact", did_you_mean("", known, "facts")))
        if problems:
            raise RegisterError(problems)

    def _coder(self, name: str, spec: Spec, is_spoken: bool) -> Coder:
        axis = self.rules.index.axes[name]
        is_day = name in (AS_OF.name, KNOWN_ON.name)
        not_given: Any = {AS_OF.name: self.as_of, KNOWN_ON.name: self.known_on}.get(name)
        if name == KNOWN_ON.name and not_given is None:
            not_given = axis.sample(axis.size - 1)  # everything published is known
        return Coder(
            axis,
            is_spoken=is_spoken,
            spec=replace(spec, null_is_absent=True) if is_day else spec,
            not_given=not_given,
        )

    def _fixed(self) -> dict[str, int]:
        """The cells of the facts that have no column: the days, and what is presumed."""
        cells = case_of(self.rules.index, {}, self.as_of, self.known_on).cells
        return {name: mask for name, mask in cells.items() if name not in self.places}
